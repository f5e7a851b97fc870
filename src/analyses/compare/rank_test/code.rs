//! The same tests in R and Python.

use super::{Method, Options, Question, Zeros};
use crate::frame::contrasts::Design;
use crate::frame::corrections::Correction;
use crate::spec::code::filled;
use crate::spec::{CodeTables, Language};

/// Neither base R nor SciPy counts ties in exact p values, or ranks zeros by Pratt with ties.
pub(super) fn code(options: &Options, tables: &CodeTables, language: Language) -> Option<String> {
    let two = options.design == Design::Two;
    if options.method == Method::Exact || (!two && options.zeros == Zeros::Pratt) {
        return None;
    }
    let l = language;
    let samples = options.comparison().code(tables, language)?;
    let alternative = match options.question {
        Question::Different => "two.sided",
        Question::Greater => "greater",
        Question::Less => "less",
    };
    let auto = options.method == Method::Auto;
    let correction = options.correction.code_name(language);
    let adjust = match (options.correction, language) {
        (Correction::None, _) => String::new(),
        (_, Language::R) => format!("\ntests$p_adjusted <- p.adjust(tests$p, \"{correction}\")"),
        (_, Language::Python) => format!(
            "\nfrom statsmodels.stats.multitest import multipletests\ntests[\"p_adjusted\"] = multipletests(tests[\"p\"], method=\"{correction}\")[1]"
        ),
    };
    let one = match (options.design, language) {
        (Design::Paired, _) => "x - y",
        _ => "x",
    };
    let (template, body) = match (language, two) {
        (Language::R, true) => (R, R_TWO),
        (Language::R, false) => (R, R_ONE),
        (Language::Python, true) => (PYTHON, PYTHON_TWO),
        (Language::Python, false) => (PYTHON, PYTHON_ONE),
    };
    Some(filled(
        &filled(
            template,
            &[
                ("SAMPLES", &samples),
                ("BODY", body.trim_matches('\n')),
                ("ADJUST", &adjust),
            ],
        ),
        &[
            ("LEVEL", &l.number(options.level)),
            ("NULL", &l.number(options.null)),
            ("ALTERNATIVE", alternative),
            ("PY_ALTERNATIVE", &alternative.replace('.', "-")),
            ("CORRECT", l.flag(options.continuity)),
            ("AUTO", l.flag(auto)),
            ("VALUES", one),
        ],
    ))
}

const R: &str = r#"
level <- __LEVEL__
null <- __NULL__
side <- "__ALTERNATIVE__"
tail <- if (side == "two.sided") (1 - level) / 2 else 1 - level
__SAMPLES__
row <- function(name, statistic, p, ordered, k, effect, error) {
  reach <- qnorm(1 - tail) * error
  data.frame(outcome = name, statistic = statistic, p = p, shift = median(ordered),
    ci_lower = if (side == "less") -Inf else ordered[k],
    ci_upper = if (side == "greater") Inf else ordered[length(ordered) + 1 - k],
    effect = effect,
    effect_ci_lower = if (side == "less") -1 else tanh(atanh(effect) - reach),
    effect_ci_upper = if (side == "greater") 1 else tanh(atanh(effect) + reach))
}
test <- function(s) with(s, {
__BODY__
})
all_samples <- lapply(every, samples)
tests <- do.call(rbind, lapply(all_samples, test))__ADJUST__
results <- list(tests = tests)
"#;

const R_TWO: &str = r#"
  n <- as.numeric(length(x)); m <- as.numeric(length(y))
  exact <- __AUTO__ && n < 50 && m < 50 && !anyDuplicated(c(x - null, y))
  r <- wilcox.test(x, y, mu = null, alternative = side, exact = exact, correct = __CORRECT__)
  u <- unname(r$statistic)
  # Hodges and Lehmann: the middle of all differences, and those that bound it.
  differences <- sort(outer(x, y, "-"))
  k <- if (exact) qwilcox(tail, n, m) else floor(n * m / 2 + qnorm(tail) * sqrt(n * m * (n + m + 1) / 12))
  row(name, u, r$p.value, differences, max(1, k), 2 * u / (n * m) - 1, sqrt((n + m + 1) / (3 * n * m)))
"#;

const R_ONE: &str = r#"
  d <- __VALUES__
  kept <- d[d != null]
  n <- length(kept)
  exact <- __AUTO__ && n < 50 && n == length(d) && !anyDuplicated(abs(kept - null))
  r <- wilcox.test(d, mu = null, alternative = side, exact = exact, correct = __CORRECT__)
  v <- unname(r$statistic)
  # Hodges and Lehmann: the middle of the means of all pairs, and those that bound it.
  walsh <- outer(kept, kept, "+")
  walsh <- sort(walsh[!lower.tri(walsh)] / 2)
  k <- if (exact) qsignrank(tail, n) else floor(n * (n + 1) / 4 + qnorm(tail) * sqrt(n * (n + 1) * (2 * n + 1) / 24))
  row(name, v, r$p.value, walsh, max(1, k), 4 * v / (n * (n + 1)) - 1, sqrt((2 * n^3 + 3 * n^2 + n) / 6) / (n * (n + 1) / 2))
"#;

const PYTHON: &str = r#"
from scipy import stats

level = __LEVEL__
null = __NULL__
side = "__PY_ALTERNATIVE__"
tail = (1 - level) / 2 if side == "two-sided" else 1 - level
__SAMPLES__

def row(name, statistic, p, ordered, k, effect, error):
    reach = stats.norm.ppf(1 - tail) * error
    return {
        "outcome": name, "statistic": statistic, "p": p, "shift": np.median(ordered),
        "ci_lower": -np.inf if side == "less" else ordered[k - 1],
        "ci_upper": np.inf if side == "greater" else ordered[len(ordered) - k],
        "effect": effect,
        "effect_ci_lower": -1 if side == "less" else np.tanh(np.arctanh(effect) - reach),
        "effect_ci_upper": 1 if side == "greater" else np.tanh(np.arctanh(effect) + reach),
    }


def test(name, x, y):
__BODY__


tests = pd.DataFrame([test(*samples(one)) for one in every])__ADJUST__
results = {"tests": tests}
"#;

const PYTHON_TWO: &str = r#"
    n, m = len(x), len(y)
    pooled = np.concatenate([x - null, y])
    exact = __AUTO__ and n < 50 and m < 50 and len(np.unique(pooled)) == n + m
    r = stats.mannwhitneyu(x - null, y, alternative=side, use_continuity=__CORRECT__, method="exact" if exact else "asymptotic")
    u = r.statistic
    # Hodges and Lehmann: the middle of all differences, and those that bound it.
    differences = np.sort(np.subtract.outer(x, y), axis=None)
    if exact:
        # The count of sums of ranks gives the exact quantile.
        ways = np.zeros((n + 1, n * m + 1))
        ways[0, 0] = 1
        for value in range(n + m):
            for size in range(min(n, value + 1), 0, -1):
                shift = value - (size - 1)
                if shift <= n * m:
                    ways[size, shift:] += ways[size - 1, : n * m + 1 - shift]
        k = int(np.searchsorted(np.cumsum(ways[n]) / ways[n].sum(), tail * (1 - 1e-14)))
    else:
        k = int(np.floor(n * m / 2 + stats.norm.ppf(tail) * np.sqrt(n * m * (n + m + 1) / 12)))
    return row(name, u, r.pvalue, differences, max(1, k), 2 * u / (n * m) - 1, np.sqrt((n + m + 1) / (3 * n * m)))
"#;

const PYTHON_ONE: &str = r#"
    d = __VALUES__
    kept = d[d != null]
    n = len(kept)
    exact = __AUTO__ and n < 50 and n == len(d) and len(np.unique(np.abs(kept - null))) == n
    ranks = stats.rankdata(np.abs(kept - null))
    v = ranks[kept > null].sum()
    r = stats.wilcoxon(kept - null, alternative=side, correction=__CORRECT__, method="exact" if exact else "asymptotic")
    # Hodges and Lehmann: the middle of the means of all pairs, and those that bound it.
    walsh = np.sort((np.add.outer(kept, kept) / 2)[np.triu_indices(n)])
    if exact:
        ways = np.zeros(n * (n + 1) // 2 + 1)
        ways[0] = 1
        for rank in range(1, n + 1):
            ways[rank:] = ways[rank:] + ways[:-rank].copy()
        k = int(np.searchsorted(np.cumsum(ways) / ways.sum(), tail * (1 - 1e-14)))
    else:
        k = int(np.floor(n * (n + 1) / 4 + stats.norm.ppf(tail) * np.sqrt(n * (n + 1) * (2 * n + 1) / 24)))
    return row(name, v, r.pvalue, walsh, max(1, k), 4 * v / (n * (n + 1)) - 1, np.sqrt((2 * n**3 + 3 * n**2 + n) / 6) / (n * (n + 1) / 2))
"#;
