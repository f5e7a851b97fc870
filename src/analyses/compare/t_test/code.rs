//! The same tests in R and Python.

use super::{Better, Effect, Options, Question, Unit, Variances};
use crate::frame::contrasts::Design;
use crate::frame::corrections::Correction;
use crate::spec::code::filled;
use crate::spec::{CodeTables, Language};

pub(super) fn code(options: &Options, tables: &CodeTables, language: Language) -> Option<String> {
    let l = language;
    let samples = options.comparison().code(tables, language)?;
    let (alternative, level) = match options.question {
        Question::Greater => ("greater", options.level),
        Question::Less => ("less", options.level),
        Question::Different => ("two.sided", options.level),
        _ => ("two.sided", 2.0 * options.level - 1.0),
    };
    let sides = match (options.question, options.better) {
        (Question::Equivalent, _) => l.texts(["greater", "less"]),
        (Question::NotInferior, Better::Higher) => l.texts(["greater"]),
        (Question::NotInferior, Better::Lower) => l.texts(["less"]),
        _ => String::new(),
    };
    let margin = match options.margin_unit {
        Unit::Raw => l.number(options.margin),
        Unit::Sd => format!("{} * sd", l.number(options.margin)),
    };
    let welch = options.variances == Variances::Welch;
    let correction = options.correction.code_name(language);
    let (r, python) = match options.design {
        Design::Two => (R_TWO, PYTHON_TWO),
        Design::Paired => (R_PAIRED, PYTHON_PAIRED),
        Design::One => (R_ONE, PYTHON_ONE),
    };
    let (template, parts) = match language {
        Language::R => (R, r),
        Language::Python => (PYTHON, python),
    };
    let part = |name: &str| {
        let start = parts
            .find(&format!("[{name}]\n"))
            .expect("every part is there");
        let rest = &parts[start + name.len() + 3..];
        rest[..rest.find("\n[").unwrap_or(rest.len())]
            .trim_end()
            .to_string()
    };
    let variance = match (language, welch) {
        (Language::R, true) => R_WELCH,
        (Language::R, false) => R_STUDENT,
        (Language::Python, true) => PYTHON_WELCH,
        (Language::Python, false) => PYTHON_STUDENT,
    };
    let bounds = match (options.question, language) {
        (Question::Equivalent | Question::NotInferior, Language::R) => R_BOUNDS,
        (Question::Equivalent | Question::NotInferior, Language::Python) => PYTHON_BOUNDS,
        _ => "",
    };
    let with_bounds = |text: &str| {
        if bounds.is_empty() {
            String::new()
        } else {
            text.to_string()
        }
    };
    let adjusted = match (options.correction, language) {
        (Correction::None, _) => String::new(),
        (_, Language::R) => format!("\ntests$p_adjusted <- p.adjust(tests$p, \"{correction}\")"),
        (_, Language::Python) => format!(
            "\nfrom statsmodels.stats.multitest import multipletests\ntests[\"p_adjusted\"] = multipletests(tests[\"p\"], method=\"{correction}\")[1]"
        ),
    };
    let correct_bias = match (options.effect, language) {
        (Effect::Cohen, _) => "1".to_string(),
        (_, Language::R) => "exp(lgamma(df / 2) - lgamma((df - 1) / 2)) / sqrt(df / 2)".into(),
        (_, Language::Python) => {
            "np.exp(gammaln(df / 2) - gammaln((df - 1) / 2)) / np.sqrt(df / 2)".into()
        }
    };
    let template = filled(
        template,
        &[
            ("SAMPLES", &samples),
            (
                "ESTIMATE",
                &part("estimate").replace("__VARIANCE__", variance),
            ),
            ("CHECKS", &part("checks")),
            ("GROUPS", &part("groups")),
            ("BOUNDS", bounds),
            (
                "ADD_BOUNDS",
                &with_bounds(match language {
                    Language::R => ", bounds = bounds",
                    Language::Python => ", \"bounds\": bounds",
                }),
            ),
            (
                "USE_BOUNDS",
                &with_bounds(match language {
                    Language::R => {
                        "\nweakest <- sapply(split(bounds, factor(bounds$outcome, unique(bounds$outcome))), function(b) which.max(b$p))\nworst <- do.call(rbind, Map(function(b, i) b[i, ], split(bounds, factor(bounds$outcome, unique(bounds$outcome))), weakest))\ntests$t <- worst$t\ntests$p <- worst$p"
                    }
                    Language::Python => {
                        "\nworst = bounds.loc[bounds.groupby(\"outcome\", sort=False)[\"p\"].idxmax()].reset_index(drop=True)\ntests[\"t\"], tests[\"p\"] = worst[\"t\"], worst[\"p\"]"
                    }
                }),
            ),
            ("ADJUST", &adjusted),
        ],
    );
    Some(filled(
        &template,
        &[
            ("NULL", &l.number(options.null)),
            ("LEVEL", &l.number(level)),
            ("ALTERNATIVE", alternative),
            ("PY_ALTERNATIVE", &alternative.replace('.', "-")),
            ("BIAS", &correct_bias),
            ("MARGIN", &margin),
            ("SIDES", &sides),
        ],
    ))
}

const R: &str = r#"
level <- __LEVEL__
null <- __NULL__
__SAMPLES__
# The noncentrality that puts the tail p below t.
ncp <- function(t, df, p) uniroot(function(d) pt(t, df, d) - p, t + c(-1, 1), extendInt = "downX", tol = 1e-12)$root

estimate <- function(s) with(s, {
__ESTIMATE__
  list(name = name, difference = difference, se = se, df = df, sd = sd, scale = scale)
})
test <- function(s) with(estimate(s), {
  t <- (difference - null) / se
  p <- switch("__ALTERNATIVE__", two.sided = 2 * pt(-abs(t), df), greater = pt(-t, df), less = pt(t, df))
  tail <- if ("__ALTERNATIVE__" == "two.sided") (1 - level) / 2 else 1 - level
  bias <- __BIAS__
  low <- "__ALTERNATIVE__" != "less"
  high <- "__ALTERNATIVE__" != "greater"
  data.frame(outcome = name, t = t, df = df, p = p, difference = difference, std_error = se,
    ci_lower = if (low) difference - qt(1 - tail, df) * se else -Inf,
    ci_upper = if (high) difference + qt(1 - tail, df) * se else Inf,
    effect = bias * (difference - null) / sd,
    effect_ci_lower = if (low) bias * scale * ncp(t, df, 1 - tail) else -Inf,
    effect_ci_upper = if (high) bias * scale * ncp(t, df, tail) else Inf)
})
all_samples <- lapply(every, samples)
tests <- do.call(rbind, lapply(all_samples, test))
__BOUNDS____USE_BOUNDS____ADJUST__

shapiro <- function(x) {
  s <- if (length(x) %in% 3:5000 && diff(range(x)) > 0) shapiro.test(x) else list(statistic = NA, p.value = NA)
  data.frame(statistic = unname(s$statistic), df1 = NA, df2 = NA, p = s$p.value)
}
checks <- do.call(rbind, lapply(all_samples, function(s) with(s, {
__CHECKS__
})))
summary_of <- function(outcome, x) data.frame(outcome = outcome, n = length(x), mean = mean(x), sd = sd(x), std_error = sd(x) / sqrt(length(x)), median = median(x))
groups <- do.call(rbind, lapply(all_samples, function(s) with(s, {
__GROUPS__
})))
results <- list(tests = tests, checks = checks, groups = groups__ADD_BOUNDS__)
"#;

const R_BOUNDS: &str = r#"
bounds <- do.call(rbind, lapply(all_samples, function(s) with(estimate(s), {
  margin <- __MARGIN__
  do.call(rbind, lapply(__SIDES__, function(side) {
    bound <- if (side == "greater") null - margin else null + margin
    t <- (difference - bound) / se
    data.frame(outcome = name, bound = bound, t = t, df = df, p = if (side == "greater") pt(-t, df) else pt(t, df))
  }))
})))"#;

const R_TWO: &str = r#"
[estimate]
__VARIANCE__
[checks]
  deviations <- c(abs(x - median(x)), abs(y - median(y)))
  a <- anova(lm(deviations ~ rep(1:2, c(length(x), length(y)))))
  rbind(shapiro(x), shapiro(y), data.frame(statistic = a[1, 4], df1 = a[1, 1], df2 = a[2, 1], p = a[1, 5]))
[groups]
  rbind(summary_of(name, x), summary_of(name, y))
"#;

const R_WELCH: &str = r#"  n <- length(x); m <- length(y)
  r <- t.test(x, y)
  difference <- mean(x) - mean(y); se <- r$stderr; df <- unname(r$parameter)
  sd <- sqrt((var(x) + var(y)) / 2)
  scale <- sqrt(2 * (m * var(x) + n * var(y)) / (n * m * (var(x) + var(y))))"#;

const R_STUDENT: &str = r#"  n <- length(x); m <- length(y)
  r <- t.test(x, y, var.equal = TRUE)
  difference <- mean(x) - mean(y); se <- r$stderr; df <- unname(r$parameter)
  scale <- sqrt(1 / n + 1 / m)
  sd <- se / scale"#;

const R_PAIRED: &str = r#"
[estimate]
  r <- t.test(x, y, paired = TRUE)
  difference <- mean(x - y); se <- r$stderr; df <- unname(r$parameter)
  sd <- stats::sd(x - y)
  scale <- 1 / sqrt(length(x))
[checks]
  shapiro(x - y)
[groups]
  rbind(summary_of(name, x), summary_of(name, y))
"#;

const R_ONE: &str = r#"
[estimate]
  r <- t.test(x)
  difference <- mean(x); se <- r$stderr; df <- unname(r$parameter)
  sd <- stats::sd(x)
  scale <- 1 / sqrt(length(x))
[checks]
  shapiro(x)
[groups]
  summary_of(name, x)
"#;

const PYTHON: &str = r#"
from scipy import stats
from scipy.optimize import brentq
from scipy.special import gammaln

level = __LEVEL__
null = __NULL__
__SAMPLES__


def ncp(t, df, p):
    """The noncentrality that puts the tail p below t."""
    reach = 6 * np.sqrt(1 + t * t / (2 * df))
    return brentq(lambda d: stats.nct.cdf(t, df, d) - p, t - reach, t + reach, xtol=1e-12)


def estimate(name, x, y):
__ESTIMATE__
    return difference, se, df, sd, scale


def test(name, x, y):
    difference, se, df, sd, scale = estimate(name, x, y)
    alternative = "__PY_ALTERNATIVE__"
    t = (difference - null) / se
    p = {"two-sided": 2 * stats.t.sf(abs(t), df), "greater": stats.t.sf(t, df), "less": stats.t.cdf(t, df)}[alternative]
    tail = (1 - level) / 2 if alternative == "two-sided" else 1 - level
    bias = __BIAS__
    low, high = alternative != "less", alternative != "greater"
    reach = stats.t.ppf(1 - tail, df) * se
    return {
        "outcome": name, "t": t, "df": df, "p": p, "difference": difference, "std_error": se,
        "ci_lower": difference - reach if low else -np.inf,
        "ci_upper": difference + reach if high else np.inf,
        "effect": bias * (difference - null) / sd,
        "effect_ci_lower": bias * scale * ncp(t, df, 1 - tail) if low else -np.inf,
        "effect_ci_upper": bias * scale * ncp(t, df, tail) if high else np.inf,
    }


all_samples = [samples(one) for one in every]
tests = pd.DataFrame([test(*s) for s in all_samples])
__BOUNDS____USE_BOUNDS____ADJUST__


def shapiro(x):
    s = stats.shapiro(x) if 3 <= len(x) <= 5000 and np.ptp(x) > 0 else (np.nan, np.nan)
    return {"statistic": s[0], "df1": np.nan, "df2": np.nan, "p": s[1]}


def summary_of(outcome, x):
    return {"outcome": outcome, "n": len(x), "mean": x.mean(), "sd": x.std(ddof=1), "std_error": stats.sem(x), "median": np.median(x)}


checks, groups = [], []
for name, x, y in all_samples:
__CHECKS__
__GROUPS__
results = {"tests": tests, "checks": pd.DataFrame(checks), "groups": pd.DataFrame(groups)__ADD_BOUNDS__}
"#;

const PYTHON_BOUNDS: &str = r#"
bounds = []
for s in all_samples:
    difference, se, df, sd, scale = estimate(*s)
    margin = __MARGIN__
    for side in __SIDES__:
        bound = null - margin if side == "greater" else null + margin
        t = (difference - bound) / se
        bounds.append({"outcome": s[0], "bound": bound, "t": t, "df": df, "p": stats.t.sf(t, df) if side == "greater" else stats.t.cdf(t, df)})
bounds = pd.DataFrame(bounds)"#;

const PYTHON_TWO: &str = r#"
[estimate]
__VARIANCE__
[checks]
    checks += [shapiro(x), shapiro(y)]
    spread = stats.levene(x, y, center="median")
    checks.append({"statistic": spread.statistic, "df1": 1, "df2": len(x) + len(y) - 2, "p": spread.pvalue})
[groups]
    groups += [summary_of(name, x), summary_of(name, y)]
"#;

const PYTHON_WELCH: &str = r#"    n, m, v, w = len(x), len(y), x.var(ddof=1), y.var(ddof=1)
    r = stats.ttest_ind(x, y, equal_var=False)
    difference, df = x.mean() - y.mean(), r.df
    se = difference / r.statistic if r.statistic else np.sqrt(v / n + w / m)
    sd = np.sqrt((v + w) / 2)
    scale = np.sqrt(2 * (m * v + n * w) / (n * m * (v + w)))"#;

const PYTHON_STUDENT: &str = r#"    n, m = len(x), len(y)
    df = stats.ttest_ind(x, y).df
    difference = x.mean() - y.mean()
    sd = np.sqrt(((n - 1) * x.var(ddof=1) + (m - 1) * y.var(ddof=1)) / df)
    scale = np.sqrt(1 / n + 1 / m)
    se = sd * scale"#;

const PYTHON_PAIRED: &str = r#"
[estimate]
    difference, df = (x - y).mean(), stats.ttest_rel(x, y).df
    sd = (x - y).std(ddof=1)
    scale = 1 / np.sqrt(len(x))
    se = sd * scale
[checks]
    checks.append(shapiro(x - y))
[groups]
    groups += [summary_of(name, x), summary_of(name, y)]
"#;

const PYTHON_ONE: &str = r#"
[estimate]
    difference, df = x.mean(), stats.ttest_1samp(x, null).df
    sd = x.std(ddof=1)
    scale = 1 / np.sqrt(len(x))
    se = sd * scale
[checks]
    checks.append(shapiro(x))
[groups]
    groups.append(summary_of(name, x))
"#;
