//! A/B tests in R and Python.

use super::data::{named, success_place};
use super::{From, Options, judge};
use crate::frame::corrections::Correction;
use crate::spec::code::{column_info, filled};
use crate::spec::{CodeTables, Language};
use crate::table::{ColumnKind, Measure};

/// The calls that compare each outcome, and what must stand before them.
struct Arms {
    setup: String,
    n_arms: usize,
    /// People in each group, as code.
    sizes: String,
    outcomes: Vec<Outcome>,
}

struct Outcome {
    /// What follows a table's name in the report's keys.
    suffix: String,
    call: String,
}

pub(super) fn code(options: &Options, tables: &CodeTables, language: Language) -> Option<String> {
    let l = language;
    let arms = match options.source {
        From::Table => of_table(options, tables, l)?,
        From::Counts | From::Means => typed(options, l),
    };
    let shares = match options.shares.trim() {
        "" => l.list(vec!["1"; arms.n_arms]),
        planned => l.list(
            planned
                .split([':', '/', ',', ' '])
                .filter(|s| !s.is_empty())
                .map(|s| s.trim_end_matches('%')),
        ),
    };
    let template = match l {
        Language::R => R,
        Language::Python => PYTHON,
    };
    let outcomes: Vec<String> = arms
        .outcomes
        .iter()
        .map(|o| match l {
            Language::R => format!("  {} = {}", r_name(&o.suffix), o.call),
            Language::Python => format!("    {}: {},", l.text(&o.suffix), o.call),
        })
        .collect();
    let outcomes = match l {
        Language::R => format!("list(\n{}\n)", outcomes.join(",\n")),
        Language::Python => format!("{{\n{}\n}}", outcomes.join("\n")),
    };
    let adjusted = match (options.correction, l) {
        (Correction::None, _) => "p".to_string(),
        (correction, Language::R) => format!("p.adjust(p, \"{}\")", correction.code_name(l)),
        (correction, Language::Python) => {
            format!(
                "multipletests(p, method=\"{}\")[1]",
                correction.code_name(l)
            )
        }
    };
    let import = match (options.correction, l) {
        (Correction::None, _) | (_, Language::R) => "",
        (_, Language::Python) => "from statsmodels.stats.multitest import multipletests\n",
    };
    let (chances, chance) = match (options.bayes, l) {
        (false, _) => ("", ""),
        (true, Language::R) => (
            R_CHANCES,
            "  results[[paste0(\"chances\", end)]] <- chances(outcomes[[i]])\n",
        ),
        (true, Language::Python) => (
            PYTHON_CHANCES,
            "    results[f\"chances{end}\"] = chances(posteriors)\n",
        ),
    };
    let text = filled(template, &[("CHANCES", chances), ("CHANCE", chance)]);
    Some(filled(
        &text,
        &[
            ("IMPORT", import),
            ("SETUP", &arms.setup),
            ("OUTCOMES", &outcomes),
            ("SIZES", &arms.sizes),
            ("SHARES", &shares),
            ("ADJUSTED", &adjusted),
            ("LEVEL", &l.number(options.level)),
            ("ALPHA", &l.number(judge::alpha(options))),
            ("POWER", &l.number(judge::POWER)),
        ],
    ))
}

/// A name of an element; the empty one is the only outcome's.
fn r_name(suffix: &str) -> String {
    match suffix {
        "" => "only".to_string(),
        suffix => format!("`{}`", suffix.replace('\\', "\\\\").replace('`', "\\`")),
    }
}

fn typed(options: &Options, l: Language) -> Arms {
    let whole = |v: u64| v.to_string();
    let (n, call) = match options.source {
        From::Counts => {
            let n = l.list(options.counts.iter().map(|a| whole(a.n)));
            let x = l.list(options.counts.iter().map(|a| whole(a.successes)));
            (n.clone(), format!("proportions({x}, {n})"))
        }
        _ => {
            let n = l.list(options.means.iter().map(|a| whole(a.n)));
            let mean = l.list(options.means.iter().map(|a| l.number(a.mean)));
            let sd = l.list(options.means.iter().map(|a| l.number(a.sd)));
            (n.clone(), format!("means({n}, {mean}, {sd})"))
        }
    };
    let names = match options.source {
        From::Counts => named(options.counts.iter().map(|a| a.name.as_str())),
        _ => named(options.means.iter().map(|a| a.name.as_str())),
    };
    Arms {
        setup: format!(
            "# Groups: {}\n",
            names.join(", ").replace(['\n', '\r'], " ")
        ),
        n_arms: names.len(),
        sizes: n,
        outcomes: vec![Outcome {
            suffix: String::new(),
            call,
        }],
    }
}

fn of_table(options: &Options, tables: &CodeTables, l: Language) -> Option<Arms> {
    let group = options.group.as_deref()?;
    let mut info = column_info(tables, group)?.clone();
    let levels = info.levels.as_mut()?;
    if let Some(at) = levels.iter().position(|v| *v == options.control) {
        let control = levels.remove(at);
        levels.insert(0, control);
    }
    let n_arms = levels.len();
    let levels = l.levels(&info)?;
    let column = l.column("data", group);
    let (setup, sizes) = match l {
        Language::R => (
            format!("group <- factor({column}, levels = {levels})\n"),
            "as.vector(table(group))",
        ),
        Language::Python => (
            format!("group = pd.Categorical({column}, categories={levels})\n"),
            "np.bincount(group.codes[group.codes >= 0])",
        ),
    };
    let mut outcomes = Vec::new();
    for name in &options.outcomes {
        let info = column_info(tables, name)?;
        let is_number = matches!(info.kind, ColumnKind::Float | ColumnKind::Int);
        let values = l.column("data", name);
        let is_mean = is_number
            && (info.measure == Measure::Scale
                || info.levels.as_ref().is_none_or(|levels| levels.len() > 2));
        let call = if is_mean {
            match l {
                Language::R => format!(
                    "means(as.vector(table(group[is.finite({values})])), each({values}, mean), each({values}, sd))"
                ),
                Language::Python => {
                    format!(
                        "means(*({values}.groupby(group, observed=False).agg(f) for f in (\"count\", \"mean\", \"std\")))"
                    )
                }
            }
        } else {
            let levels = info.levels.as_ref()?;
            let success = &levels[success_place(levels, &options.success)?];
            let success = l.level(Some(info), success);
            match l {
                Language::R => format!(
                    "proportions(each({values} == {success}, sum), as.vector(table(group[!is.na({values})])))"
                ),
                Language::Python => format!(
                    "proportions(({values} == {success}).groupby(group, observed=False).sum(), {values}.groupby(group, observed=False).count())"
                ),
            }
        };
        let suffix = match options.outcomes.len() {
            1 => String::new(),
            _ => name.clone(),
        };
        outcomes.push(Outcome { suffix, call });
    }
    let each = match l {
        Language::R => {
            "each <- function(x, f) as.vector(tapply(x, group, function(v) f(v[!is.na(v) & is.finite(v)])))\n"
        }
        Language::Python => "",
    };
    Some(Arms {
        setup: setup + each,
        n_arms,
        sizes: sizes.to_string(),
        outcomes,
    })
}

const R: &str = r#"level <- __LEVEL__
alpha <- __ALPHA__
power <- __POWER__

# The relative lift by the delta method; there is none beside a control of zero or less.
with_lift <- function(table, value, variance, reach) {
  lift <- if (value[1] > 0) value[-1] / value[1] - 1 else NA
  error <- sqrt(variance[-1] / value[1]^2 + value[-1]^2 * variance[1] / value[1]^4)
  data.frame(table, lift = lift, lift_lower = lift - reach * error, lift_upper = lift + reach * error)
}

# The least share above the control's that is found with this power.
detectable <- function(p1, n1, n2) {
  found <- function(p2) {
    p <- (p1 * n1 + p2 * n2) / (n1 + n2)
    reach <- qnorm(1 - alpha / 2) * sqrt(p * (1 - p) * (1 / n1 + 1 / n2))
    error <- sqrt(p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2)
    pnorm((p2 - p1 - reach) / error) + pnorm((p1 - p2 - reach) / error) - power
  }
  if (found(1 - 1e-12) < 0) NA else uniroot(found, c(p1 + 1e-15, 1 - 1e-12), tol = 1e-15)$root - p1
}

proportions <- function(x, n) {
  p <- x / n
  tests <- do.call(rbind, lapply(seq_along(x)[-1], function(i) {
    test <- prop.test(x[c(i, 1)], n[c(i, 1)], correct = FALSE, conf.level = level)
    data.frame(
      difference = p[i] - p[1], difference_lower = test$conf.int[1], difference_upper = test$conf.int[2],
      z = sign(p[i] - p[1]) * sqrt(test$statistic[[1]]), p = test$p.value
    )
  }))
  least <- sapply(seq_along(x)[-1], function(i) detectable(p[1], n[1], n[i]))
  list(
    groups = data.frame(n = n, successes = x, rate = p, detectable = c(NA, least)),
    comparisons = with_lift(tests, p, p * (1 - p) / n, qnorm((1 + level) / 2)),
    density = function(i, t) dbeta(t, 1 + x[i], 1 + n[i] - x[i]),
    below = function(i, t) pbeta(t, 1 + x[i], 1 + n[i] - x[i]),
    quantile = function(q) qbeta(q, 1 + x, 1 + n - x)
  )
}

means <- function(n, mean, sd) {
  v <- sd^2 / n
  error <- sqrt(v[-1] + v[1])
  df <- (v[-1] + v[1])^2 / (v[-1]^2 / (n[-1] - 1) + v[1]^2 / (n[1] - 1))
  difference <- mean[-1] - mean[1]
  reach <- qt((1 + level) / 2, df)
  tests <- data.frame(
    difference = difference, difference_lower = difference - reach * error,
    difference_upper = difference + reach * error, t = difference / error, df = df,
    p = 2 * pt(-abs(difference / error), df)
  )
  least <- (qnorm(1 - alpha / 2) + qnorm(power)) * error
  list(
    groups = data.frame(n = n, mean = mean, sd = sd, detectable = c(NA, least)),
    comparisons = with_lift(tests, mean, v, reach),
    density = function(i, t) dnorm(t, mean[i], sqrt(v[i])),
    below = function(i, t) pnorm(t, mean[i], sqrt(v[i])),
    quantile = function(q) qnorm(q, mean, sqrt(v))
  )
}
__CHANCES__
__SETUP__outcomes <- __OUTCOMES__
p <- unlist(lapply(outcomes, function(of) of$comparisons$p))
adjusted <- split(__ADJUSTED__, rep(seq_along(outcomes), sapply(outcomes, function(of) nrow(of$comparisons))))
results <- list()
for (i in seq_along(outcomes)) {
  end <- if (length(outcomes) > 1) paste0("_", names(outcomes)[i]) else ""
  results[[paste0("groups", end)]] <- outcomes[[i]]$groups
  results[[paste0("comparisons", end)]] <- data.frame(outcomes[[i]]$comparisons, p_adjusted = adjusted[[i]])
__CHANCE__}
sizes <- __SIZES__
shares <- __SHARES__ / sum(__SHARES__)
results$split <- data.frame(planned = shares, found = sizes / sum(sizes), n = sizes)
split_p <- chisq.test(sizes, p = shares)$p.value
"#;

const R_CHANCES: &str = r#"
# The chance that each group is best, and what choosing it costs on average if another is.
chances <- function(of) {
  low <- of$quantile(1e-15)
  high <- of$quantile(1 - 1e-15)
  # In steps of the posteriors' own widths, so that no peak is missed.
  ends <- sort(unique(unlist(Map(function(a, b) seq(a, b, length.out = 17), low, high))))
  whole <- function(f) {
    sum(mapply(function(a, b) integrate(f, a, b, rel.tol = 1e-12, stop.on.error = FALSE)$value, head(ends, -1), ends[-1]))
  }
  arms <- seq_along(low)
  others <- function(i, t) Reduce(`*`, lapply(arms[-i], function(j) of$below(j, t)))
  data.frame(
    chance = sapply(arms, function(i) whole(function(t) of$density(i, t) * others(i, t))),
    expected_loss = sapply(arms, function(i) whole(function(t) of$below(i, t) * (1 - others(i, t)))),
    lower = of$quantile(0.025), upper = of$quantile(0.975)
  )
}
"#;

const PYTHON: &str = r#"from scipy import integrate, optimize, stats
__IMPORT__
level, alpha, power = __LEVEL__, __ALPHA__, __POWER__


def with_lift(table, value, variance, reach):  # by the delta method; none beside a control of zero or less
    lift = value[1:] / value[0] - 1 if value[0] > 0 else np.full(len(value) - 1, np.nan)
    error = np.sqrt(variance[1:] / value[0] ** 2 + value[1:] ** 2 * variance[0] / value[0] ** 4)
    ends = {"lift": lift, "lift_lower": lift - reach * error, "lift_upper": lift + reach * error}
    return pd.DataFrame({**table, **ends})


def detectable(p1, n1, n2):  # the least share above the control's that is found with this power
    def found(p2):
        p = (p1 * n1 + p2 * n2) / (n1 + n2)
        reach = stats.norm.isf(alpha / 2) * np.sqrt(p * (1 - p) * (1 / n1 + 1 / n2))
        error = np.sqrt(p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2)
        return stats.norm.cdf((p2 - p1 - reach) / error) + stats.norm.cdf((p1 - p2 - reach) / error) - power

    end = 1 - 1e-12
    return optimize.brentq(found, p1 + 1e-15, end, xtol=1e-16) - p1 if found(end) > 0 else np.nan


def proportions(x, n):
    x, n = np.array(x, float), np.array(n, float)
    p = x / n
    pooled = (x[1:] + x[0]) / (n[1:] + n[0])
    z = (p[1:] - p[0]) / np.sqrt(pooled * (1 - pooled) * (1 / n[1:] + 1 / n[0]))
    v = p * (1 - p) / n
    reach = stats.norm.isf((1 - level) / 2)
    difference, half = p[1:] - p[0], reach * np.sqrt(v[1:] + v[0])
    tests = {
        "difference": difference, "difference_lower": np.maximum(difference - half, -1),
        "difference_upper": np.minimum(difference + half, 1), "z": z, "p": 2 * stats.norm.sf(abs(z)),
    }
    least = [np.nan, *(detectable(p[0], n[0], m) for m in n[1:])]
    groups = pd.DataFrame({"n": n, "successes": x, "rate": p, "detectable": least})
    return groups, with_lift(tests, p, v, reach), [stats.beta(1 + a, 1 + b) for a, b in zip(x, n - x)]


def means(n, mean, sd):
    n, mean, sd = (np.array(v, float) for v in (n, mean, sd))
    v = sd ** 2 / n
    error = np.sqrt(v[1:] + v[0])
    df = (v[1:] + v[0]) ** 2 / (v[1:] ** 2 / (n[1:] - 1) + v[0] ** 2 / (n[0] - 1))
    difference, reach = mean[1:] - mean[0], stats.t.isf((1 - level) / 2, df)
    tests = {
        "difference": difference, "difference_lower": difference - reach * error,
        "difference_upper": difference + reach * error, "t": difference / error, "df": df,
        "p": 2 * stats.t.sf(abs(difference / error), df),
    }
    least = np.r_[np.nan, (stats.norm.isf(alpha / 2) + stats.norm.ppf(power)) * error]
    groups = pd.DataFrame({"n": n, "mean": mean, "sd": sd, "detectable": least})
    return groups, with_lift(tests, mean, v, reach), [stats.norm(m, s) for m, s in zip(mean, np.sqrt(v))]

__CHANCES__
__SETUP__outcomes = __OUTCOMES__
p = np.concatenate([comparisons["p"] for _, comparisons, _ in outcomes.values()])
adjusted = iter(__ADJUSTED__)
results = {}
for name, (groups, comparisons, posteriors) in outcomes.items():
    end = f"_{name}" if name else ""
    results[f"groups{end}"] = groups
    comparisons["p_adjusted"] = [next(adjusted) for _ in range(len(comparisons))]
    results[f"comparisons{end}"] = comparisons
__CHANCE__sizes, shares = np.array(__SIZES__), np.array(__SHARES__) / sum(__SHARES__)
results["split"] = pd.DataFrame({"planned": shares, "found": sizes / sizes.sum(), "n": sizes})
split_p = stats.chisquare(sizes, shares * sizes.sum()).pvalue
"#;

const PYTHON_CHANCES: &str = r#"
def chances(arms):  # that each group is best, and what choosing it costs on average if another is
    # In steps of the posteriors' own widths, so that no peak is missed.
    ends = np.unique(np.concatenate([np.linspace(a.ppf(1e-15), a.isf(1e-15), 17) for a in arms]))

    def whole(f):
        return sum(integrate.fixed_quad(f, a, b, n=12)[0] for a, b in zip(ends, ends[1:]))

    def others(i, t):
        return np.prod([a.cdf(t) for j, a in enumerate(arms) if j != i], axis=0)

    return pd.DataFrame({
        "chance": [whole(lambda t: a.pdf(t) * others(i, t)) for i, a in enumerate(arms)],
        "expected_loss": [whole(lambda t: a.cdf(t) * (1 - others(i, t))) for i, a in enumerate(arms)],
        "lower": [a.ppf(0.025) for a in arms], "upper": [a.isf(0.025) for a in arms],
    })

"#;
