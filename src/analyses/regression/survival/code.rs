//! Survival curves in R and Python.

use super::{Options, Scale, read_times};
use crate::frame::code::event;
use crate::spec::code::filled;
use crate::spec::{CodeTables, Language};

pub(super) fn code(options: &Options, tables: &CodeTables, language: Language) -> Option<String> {
    let l = language;
    let event = event(tables, &options.status, &options.event, l)?;
    let mut needed = vec![options.time.as_str(), options.status.as_str()];
    needed.extend(options.group.as_deref());
    needed.extend(options.weights.as_deref());
    let times = read_times(&options.times)?;
    let times = match (&times[..], l) {
        ([], Language::R) => "max(fit$time) * 1:5 / 5".to_string(),
        ([], Language::Python) => "time.max() * np.arange(1, 6) / 5".to_string(),
        (given, _) => l.list(given.iter().map(|t| l.number(*t))),
    };
    let level = l.number(options.level);
    let needed = l.texts(needed);
    let (r_mean, end) = match options.horizon {
        None => ("\"individual\"".to_string(), "t[-1]".to_string()),
        Some(end) => (l.number(end), l.number(end)),
    };
    let status = l.column("data", &options.status);
    let text = match l {
        Language::R => in_r(options, tables),
        Language::Python => in_python(options, tables),
    };
    Some(filled(
        &text,
        &[
            ("NEEDED", &needed),
            ("STATUS", &status),
            ("EVENT", &event),
            ("LEVEL", &level),
            ("TIMES", &times),
            ("RMEAN", &r_mean),
            ("END", &end),
        ],
    ))
}

const R: &str = r#"library(survival)

data <- data[complete.cases(data[__NEEDED__]), ]
data$is_event <- __STATUS__ == __EVENT__
__FACTOR__fit <- survfit(
  Surv(__TIME__, is_event) ~ __RIGHT__, data = data,__WEIGHTS__
  conf.type = "__TYPE__", conf.int = __LEVEL__
)
curves <- if (is.null(fit$strata)) list(fit) else lapply(seq_along(fit$strata), function(g) fit[g])
groups <- do.call(rbind, lapply(curves, function(curve) summary(curve, rmean = __RMEAN__)$table))
times <- __TIMES__
shares <- function(curve) {
  at <- summary(curve, times = times, extend = TRUE)
  data.frame(
    time = times, at_risk = at$n.risk, survival = at$surv, std_error = at$std.err,
    ci_lower = at$lower, ci_upper = at$upper, is_over = times > max(curve$time)
  )
}
shares <- do.call(rbind, lapply(curves, shares))
shares[shares$is_over, c("survival", "std_error", "ci_lower", "ci_upper")] <- NA
results <- list(
  groups = data.frame(
    n = groups[, "n.start"], events = groups[, "events"], median = groups[, "median"],
    ci_lower = groups[, 8], ci_upper = groups[, 9], mean = groups[, "rmean"], mean_se = groups[, "se(rmean)"]
  ),
  times = shares[names(shares) != "is_over"]
)
"#;

const R_TEST: &str = "test <- survdiff(Surv(__TIME__, is_event) ~ __RIGHT__, data = data)
df <- sum(test$exp > 0) - 1
results$groups$expected <- test$exp
results$log_rank <- data.frame(
  chi_squared = test$chisq, df = df, p = pchisq(test$chisq, df, lower.tail = FALSE)
)
";

fn in_r(options: &Options, tables: &CodeTables) -> String {
    let l = Language::R;
    let mut out = R.to_string();
    let (mut factor, mut right) = (String::new(), "1".to_string());
    if let Some(group) = &options.group {
        let column = l.column("data", group);
        factor = format!(
            "{column} <- droplevels({})\n",
            l.factor("data", group, tables)
        );
        right = l.term(group);
        out += match options.weights {
            Some(_) => "# survdiff takes no weights: its test is not among the results.\n",
            None => R_TEST,
        };
    }
    let weights = match &options.weights {
        // Whole weights or not, Greenwood's errors are meant.
        Some(w) => format!(" weights = {}, robust = FALSE,", l.term(w)),
        None => String::new(),
    };
    let kind = match options.interval {
        Scale::Log => "log",
        Scale::LogLog => "log-log",
        Scale::Plain => "plain",
    };
    filled(
        &out,
        &[
            ("FACTOR", &factor),
            ("TIME", &l.term(&options.time)),
            ("RIGHT", &right),
            ("WEIGHTS", &weights),
            ("TYPE", kind),
        ],
    )
}

const PYTHON: &str = r#"from scipy import stats
__IMPORT__
data = data.dropna(subset=__NEEDED__)
time = __TIME__.to_numpy(float)
is_event = (__STATUS__ == __EVENT__).to_numpy(float)
weight = __WEIGHT__
group = __GROUP__
z = stats.norm.ppf((1 + __LEVEL__) / 2)
times = __TIMES__


def curve(rows):  # Kaplan and Meier's, with Greenwood's errors
    t, at = np.unique(time[rows], return_inverse=True)
    events, leaving = np.bincount(at, (weight * is_event)[rows]), np.bincount(at, weight[rows])
    n = leaving[::-1].cumsum()[::-1]
    s = np.cumprod(1 - events / n)
    with np.errstate(all="ignore"):
        error = np.sqrt(np.cumsum(events / (n * (n - events))))
        low, high = __ENDS__
        low[error == 0] = high[error == 0] = 1
        low[s == 0] = high[s == 0] = np.nan
        return t, n, events, s, s * error, low, np.minimum(high, 1)


def crossing(t, of):
    below, rest = t[of < 0.5 - 1e-9], t[abs(of - 0.5) < 1e-9]
    if len(rest):
        return (rest[0] + below[0]) / 2 if len(below) else rest[0]
    return below[0] if len(below) else np.nan


groups, shares = [], []
for g in range(group.max() + 1):
    t, n, events, s, error, low, high = curve(group == g)
    end = __END__
    pieces = np.diff(np.r_[0, t[t <= end], end]) * np.r_[1, s[t <= end]]
    rest = pieces.sum() - pieces.cumsum()[:-1]
    more = (n > events)[t <= end]
    groups.append({
        "n": n[0], "events": events.sum(), "median": crossing(t, s), "ci_lower": crossing(t, low),
        "ci_upper": crossing(t, high), "mean": pieces.sum(),
        "mean_se": np.sqrt(rest[more] ** 2 @ (events / (n * np.maximum(n - events, 1e-300)))[t <= end][more]),
    })
    for at in times:
        k = np.searchsorted(t, at, side="right") - 1
        known = (s[k], error[k], low[k], high[k]) if k >= 0 else (1, 0, 1, 1)
        known = known if at <= t[-1] else (np.nan,) * 4
        at_risk = np.r_[n, 0][np.searchsorted(t, at)]
        shares.append((at, at_risk, *known))
results = {
    "groups": pd.DataFrame(groups),
    "times": pd.DataFrame(shares, columns=["time", "at_risk", "survival", "std_error", "ci_lower", "ci_upper"]),
}
"#;

const PYTHON_TEST: &str = r#"chi_squared, p = survdiff(time, is_event, group)
results["log_rank"] = pd.DataFrame({"chi_squared": [chi_squared], "df": [group.max()], "p": [p]})
"#;

fn in_python(options: &Options, tables: &CodeTables) -> String {
    let l = Language::Python;
    let mut out = PYTHON.to_string();
    let (mut import, mut group) = ("\n", "np.zeros(len(data), int)".to_string());
    if let Some(name) = &options.group {
        group = format!(
            "{}.remove_unused_categories().codes",
            l.factor("data", name, tables)
        );
        if options.weights.is_none() {
            import = "from statsmodels.duration.survfunc import survdiff\n\n";
            out += PYTHON_TEST;
        }
    }
    let weight = match &options.weights {
        Some(w) => format!("{}.to_numpy(float)", l.column("data", w)),
        None => "np.ones(len(data))".to_string(),
    };
    let ends = match options.interval {
        Scale::Log => "s / np.exp(z * error), s * np.exp(z * error)",
        Scale::LogLog => {
            "s ** np.exp(z * error / abs(np.log(s))), s ** np.exp(-z * error / abs(np.log(s)))"
        }
        Scale::Plain => "np.maximum(s - z * s * error, 0), s + z * s * error",
    };
    filled(
        &out,
        &[
            ("IMPORT", import),
            ("TIME", &l.column("data", &options.time)),
            ("WEIGHT", &weight),
            ("GROUP", &group),
            ("ENDS", ends),
        ],
    )
}
