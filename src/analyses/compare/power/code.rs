//! The same plan in R and Python.

use super::{Find, Options, Test};
use crate::spec::Language;
use crate::spec::code::filled;

pub(super) fn code(options: &Options, language: Language) -> Option<String> {
    let l = language;
    let effect = if options.is_proportions() {
        "second"
    } else {
        "effect"
    };
    let power = match language {
        Language::R => r_power(options),
        Language::Python => python_power(options),
    };
    let (low, high) = match options.test {
        Test::TwoProportions => (l.number(options.first), "1 - 1e-12"),
        Test::Correlation => ("1e-12".to_string(), "1 - 1e-12"),
        // Sought upwards from a small effect.
        _ => ("1e-9".to_string(), "2"),
    };
    let template = match (options.find, language) {
        (Find::Size, Language::R) => R_SIZE,
        (Find::Power, Language::R) => R_POWER,
        (Find::Effect, Language::R) => R_EFFECT,
        (Find::Size, Language::Python) => PYTHON_SIZE,
        (Find::Power, Language::Python) => PYTHON_POWER,
        (Find::Effect, Language::Python) => PYTHON_EFFECT,
    };
    let start = match language {
        Language::R => "\n",
        Language::Python => PYTHON_START,
    };
    let value = if options.is_proportions() {
        options.second
    } else {
        options.effect
    };
    Some(filled(
        &format!("{start}{power}{template}"),
        &[
            ("EFFECT", &l.number(value)),
            ("NAME", effect),
            ("N", &l.number(options.n as f64)),
            ("TARGET", &l.number(options.power)),
            ("ALPHA", &l.number(options.alpha)),
            ("FIRST", &l.number(options.first)),
            ("RATIO", &l.number(options.ratio)),
            ("GROUPS", &l.number(options.groups as f64)),
            ("DF", &l.number(options.df as f64)),
            ("LEAST", &l.number(options.plan().least_size())),
            ("LOW", &low),
            ("HIGH", high),
            ("SIDES", if options.one_sided { "1" } else { "2" }),
        ],
    ))
}

fn r_power(options: &Options) -> &'static str {
    match options.test {
        Test::TwoMeans => R_TWO_MEANS,
        Test::OneMean | Test::PairedMeans => R_ONE_MEAN,
        Test::TwoProportions => R_PROPORTIONS,
        Test::OneWay => R_ONE_WAY,
        Test::Correlation => R_CORRELATION,
        Test::ChiSquared => R_CHI_SQUARED,
    }
}

fn python_power(options: &Options) -> &'static str {
    match options.test {
        Test::TwoMeans => PYTHON_TWO_MEANS,
        Test::OneMean | Test::PairedMeans => PYTHON_ONE_MEAN,
        Test::TwoProportions => PYTHON_PROPORTIONS,
        Test::OneWay => PYTHON_ONE_WAY,
        Test::Correlation => PYTHON_CORRELATION,
        Test::ChiSquared => PYTHON_CHI_SQUARED,
    }
}

const R_TWO_MEANS: &str = r#"power <- function(effect, n, ratio = __RATIO__) {
  df <- n + n * ratio - 2; ncp <- effect / sqrt(1 / n + 1 / (n * ratio))
  reach <- qt(__ALPHA__ / __SIDES__, df, lower.tail = FALSE)
  pt(reach, df, ncp, lower.tail = FALSE) + (__SIDES__ - 1) * pt(-reach, df, ncp)
}
"#;

const R_ONE_MEAN: &str = r#"power <- function(effect, n, ratio = 1) {
  reach <- qt(__ALPHA__ / __SIDES__, n - 1, lower.tail = FALSE)
  pt(reach, n - 1, effect * sqrt(n), lower.tail = FALSE) + (__SIDES__ - 1) * pt(-reach, n - 1, effect * sqrt(n))
}
"#;

const R_PROPORTIONS: &str = r#"power <- function(second, n, ratio = __RATIO__) {
  first <- __FIRST__
  pooled <- (first + second * ratio) / (1 + ratio)
  reach <- qnorm(__ALPHA__ / __SIDES__, lower.tail = FALSE) * sqrt(pooled * (1 - pooled) * (1 / n + 1 / (n * ratio)))
  error <- sqrt(first * (1 - first) / n + second * (1 - second) / (n * ratio))
  difference <- abs(second - first)
  pnorm((difference - reach) / error) + (__SIDES__ - 1) * pnorm((-difference - reach) / error)
}
"#;

const R_ONE_WAY: &str = r#"power <- function(effect, n, ratio = 1) {
  k <- __GROUPS__
  pf(qf(__ALPHA__, k - 1, (n - 1) * k, lower.tail = FALSE), k - 1, (n - 1) * k, k * n * effect^2, lower.tail = FALSE)
}
"#;

const R_CORRELATION: &str = r#"power <- function(effect, n, ratio = 1) {
  t <- qt(__ALPHA__ / __SIDES__, n - 2, lower.tail = FALSE)
  reach <- atanh(sqrt(t^2 / (t^2 + n - 2)))
  z <- atanh(effect) + effect / (2 * (n - 1))
  pnorm((z - reach) * sqrt(n - 3)) + (__SIDES__ - 1) * pnorm((-z - reach) * sqrt(n - 3))
}
"#;

const R_CHI_SQUARED: &str = r#"power <- function(effect, n, ratio = 1) {
  pchisq(qchisq(__ALPHA__, __DF__, lower.tail = FALSE), __DF__, n * effect^2, lower.tail = FALSE)
}
"#;

const R_SIZE: &str = r#"high <- 2 * __LEAST__
while (power(__EFFECT__, high) < __TARGET__) high <- 2 * high
exact <- if (power(__EFFECT__, __LEAST__) >= __TARGET__) __LEAST__ else uniroot(function(n) power(__EFFECT__, n) - __TARGET__, c(__LEAST__, high), tol = 1e-10)$root
n <- ceiling(exact)
results <- list(plan = data.frame(n = n, n_exact = exact, power = power(__EFFECT__, n, ceiling(n * __RATIO__) / n)))
"#;

const R_POWER: &str = r#"n <- __N__
results <- list(plan = data.frame(n = n, power = power(__EFFECT__, n, ceiling(n * __RATIO__) / n)))
"#;

const R_EFFECT: &str = r#"n <- __N__
high <- __HIGH__
if (high > 1) { high <- 0.01; while (power(high, n) < __TARGET__) high <- 2 * high }
least <- uniroot(function(effect) power(effect, n, ceiling(n * __RATIO__) / n) - __TARGET__, c(__LOW__, high), tol = 1e-13)$root
results <- list(plan = data.frame(n = n, __NAME__ = least, power = __TARGET__))
"#;

const PYTHON_START: &str = r#"
from scipy import stats
from scipy.optimize import brentq

"#;

const PYTHON_TWO_MEANS: &str = r#"def power(effect, n, ratio=__RATIO__):
    df, ncp = n + n * ratio - 2, effect / np.sqrt(1 / n + 1 / (n * ratio))
    reach = stats.t.isf(__ALPHA__ / __SIDES__, df)
    return stats.nct.sf(reach, df, ncp) + (__SIDES__ - 1) * stats.nct.cdf(-reach, df, ncp)

"#;

const PYTHON_ONE_MEAN: &str = r#"def power(effect, n, ratio=1):
    reach, ncp = stats.t.isf(__ALPHA__ / __SIDES__, n - 1), effect * np.sqrt(n)
    return stats.nct.sf(reach, n - 1, ncp) + (__SIDES__ - 1) * stats.nct.cdf(-reach, n - 1, ncp)

"#;

const PYTHON_PROPORTIONS: &str = r#"def power(second, n, ratio=__RATIO__):
    first = __FIRST__
    pooled = (first + second * ratio) / (1 + ratio)
    reach = stats.norm.isf(__ALPHA__ / __SIDES__) * np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / (n * ratio)))
    error = np.sqrt(first * (1 - first) / n + second * (1 - second) / (n * ratio))
    difference = abs(second - first)
    return stats.norm.cdf((difference - reach) / error) + (__SIDES__ - 1) * stats.norm.cdf((-difference - reach) / error)

"#;

const PYTHON_ONE_WAY: &str = r#"def power(effect, n, ratio=1):
    df1, df2 = __GROUPS__ - 1, (n - 1) * __GROUPS__
    return stats.ncf.sf(stats.f.isf(__ALPHA__, df1, df2), df1, df2, __GROUPS__ * n * effect**2)

"#;

const PYTHON_CORRELATION: &str = r#"def power(effect, n, ratio=1):
    t = stats.t.isf(__ALPHA__ / __SIDES__, n - 2)
    reach = np.arctanh(np.sqrt(t**2 / (t**2 + n - 2)))
    z = np.arctanh(effect) + effect / (2 * (n - 1))
    return stats.norm.cdf((z - reach) * np.sqrt(n - 3)) + (__SIDES__ - 1) * stats.norm.cdf((-z - reach) * np.sqrt(n - 3))

"#;

const PYTHON_CHI_SQUARED: &str = r#"def power(effect, n, ratio=1):
    return stats.ncx2.sf(stats.chi2.isf(__ALPHA__, __DF__), __DF__, n * effect**2)

"#;

const PYTHON_SIZE: &str = r#"high = 2 * __LEAST__
while power(__EFFECT__, high) < __TARGET__:
    high *= 2
exact = __LEAST__ if power(__EFFECT__, __LEAST__) >= __TARGET__ else brentq(lambda n: power(__EFFECT__, n) - __TARGET__, __LEAST__, high, xtol=1e-10)
n = int(np.ceil(exact))
results = {"plan": pd.DataFrame([{"n": n, "n_exact": exact, "power": power(__EFFECT__, n, np.ceil(n * __RATIO__) / n)}])}
"#;

const PYTHON_POWER: &str = r#"n = __N__
results = {"plan": pd.DataFrame([{"n": n, "power": power(__EFFECT__, n, np.ceil(n * __RATIO__) / n)}])}
"#;

const PYTHON_EFFECT: &str = r#"n = __N__
high = __HIGH__
low = __LOW__
if high > 1:
    high = 0.01
    while power(high, n) < __TARGET__:
        high *= 2
least = brentq(lambda effect: power(effect, n, np.ceil(n * __RATIO__) / n) - __TARGET__, low, high, xtol=1e-13)
results = {"plan": pd.DataFrame([{"n": n, "__NAME__": least, "power": __TARGET__}])}
"#;
