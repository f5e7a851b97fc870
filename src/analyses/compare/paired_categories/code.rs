//! The same tests in R and Python.

use super::{Options, PValue};
use crate::frame::corrections::Correction;
use crate::spec::code::{column_info, filled};
use crate::spec::{CodeTables, Language};

/// `None` for what cannot be told from the columns alone: weights, and which level counts.
pub(super) fn code(options: &Options, tables: &CodeTables, language: Language) -> Option<String> {
    if options.weights.is_some() {
        return None;
    }
    let l = language;
    let mut levels: Vec<&String> = Vec::new();
    for name in &options.columns {
        let known = column_info(tables, name)?.levels.as_ref()?;
        levels.extend(
            known
                .iter()
                .filter(|n| !levels.contains(n))
                .collect::<Vec<_>>(),
        );
    }
    let event = match (options.event.as_str(), &levels[..]) {
        ("", [_, last]) if options.columns.iter().all(|c| has_both(tables, c)) => last,
        ("", _) if options.columns.len() == 2 && levels.len() > 2 => "",
        ("", _) => return None,
        (event, _) => event,
    };
    let is_two = options.columns.len() == 2;
    let mut body = String::new();
    if is_two && levels.len() > 2 {
        body.push_str(match language {
            Language::R => R_BOWKER,
            Language::Python => PYTHON_BOWKER,
        });
    }
    if !event.is_empty() {
        body.push_str(match language {
            Language::R => R_PAIRS,
            Language::Python => PYTHON_PAIRS,
        });
        body.push_str(match (language, is_two) {
            (Language::R, true) => R_TWO,
            (Language::R, false) => R_SEVERAL,
            (Language::Python, true) => PYTHON_TWO,
            (Language::Python, false) => PYTHON_SEVERAL,
        });
        if !is_two && options.correction != Correction::None {
            body.push_str(match language {
                Language::R => "pairs$p_adjusted <- p.adjust(pairs$p, \"__CORRECTION__\")\n",
                Language::Python => PYTHON_ADJUST,
            });
        }
    }
    body.push_str(match (language, event.is_empty()) {
        (Language::R, true) => "results <- list(tests = tests)\n",
        (Language::R, false) => "results <- list(tests = tests, pairs = pairs)\n",
        (Language::Python, true) => "results = {\"tests\": pd.DataFrame(tests)}\n",
        (Language::Python, false) => {
            "results = {\"tests\": pd.DataFrame(tests), \"pairs\": pd.DataFrame(pairs)}\n"
        }
    });
    let start = match language {
        Language::R => R_START,
        Language::Python => PYTHON_START,
    };
    let info = column_info(tables, &options.columns[0]);
    let p = match (options.p_value, language) {
        (PValue::Exact, _) => "exact",
        (PValue::MidP, _) => "mid",
        (PValue::Asymptotic, _) => "chi",
    };
    Some(filled(
        &format!("{start}{body}"),
        &[
            ("COLUMNS", &l.texts(&options.columns)),
            (
                "LEVELS",
                &l.list(levels.iter().map(|level| l.level(info, level))),
            ),
            ("EVENT", &l.level(info, event)),
            ("CORRECT", l.flag(options.continuity)),
            ("CORRECTION", options.correction.code_name(language)),
            ("P", p),
        ],
    ))
}

fn has_both(tables: &CodeTables, column: &str) -> bool {
    let levels = column_info(tables, column).and_then(|c| c.levels.as_ref());
    levels.is_some_and(|l| l.len() == 2)
}

const R_START: &str = r#"
m <- data[complete.cases(data[__COLUMNS__]), __COLUMNS__]
tests <- NULL
"#;

const R_BOWKER: &str = r#"# Pairs of levels that nobody changed between count as no change; mcnemar.test would divide by zero.
t <- table(factor(m[[1]], levels = __LEVELS__), factor(m[[2]], levels = __LEVELS__))
off <- ((t - t(t))^2 / (t + t(t)))[upper.tri(t)]
bowker <- sum(off, na.rm = TRUE)
tests <- rbind(tests, data.frame(statistic = bowker, df = length(off), p = pchisq(bowker, length(off), lower.tail = FALSE)))
"#;

const R_PAIRS: &str = r#"yes <- sapply(m, function(x) x == __EVENT__)
change <- function(a, b) {
  left <- sum(yes[, a] & !yes[, b]); joined <- sum(!yes[, a] & yes[, b])
  n <- left + joined; few <- min(left, joined)
  t <- mcnemar.test(factor(yes[, a], c(TRUE, FALSE)), factor(yes[, b], c(TRUE, FALSE)), correct = __CORRECT__)
  exact <- if (n > 0) binom.test(joined, n)$p.value else 1
  mid <- if (left == joined) 1 - dbinom(few, n, 0.5) / 2 else exact - dbinom(few, n, 0.5)
  data.frame(joined = joined, left = left, difference = mean(yes[, b]) - mean(yes[, a]), chi_squared = t$statistic[[1]], chi = t$p.value, exact = exact, mid = mid)
}
"#;

const R_TWO: &str = r#"one <- change(1, 2)
tests <- rbind(tests, data.frame(statistic = c(one$chi_squared, NA, NA), df = c(1, NA, NA), p = c(one$chi, one$exact, one$mid)))
pairs <- cbind(one[c("joined", "left", "difference")], p = one$__P__)
"#;

const R_SEVERAL: &str = r#"# Cochran's Q.
k <- ncol(yes)
q <- (k - 1) * (k * sum(colSums(yes)^2) - sum(yes)^2) / (k * sum(yes) - sum(rowSums(yes)^2))
tests <- data.frame(statistic = q, df = k - 1, p = pchisq(q, k - 1, lower.tail = FALSE))
pairs <- do.call(rbind, combn(k, 2, function(two) change(two[1], two[2]), simplify = FALSE))
pairs <- cbind(pairs[c("joined", "left", "difference")], p = pairs$__P__)
"#;

const PYTHON_START: &str = r#"
from itertools import combinations
from scipy import stats
from statsmodels.stats.contingency_tables import cochrans_q, mcnemar

m = data[__COLUMNS__].dropna()
tests = []
"#;

const PYTHON_BOWKER: &str = r#"levels = __LEVELS__
first, second = (pd.Categorical(m.iloc[:, i], categories=levels) for i in range(2))
table = pd.crosstab(first, second, dropna=False).to_numpy(float)
# Pairs of levels that nobody changed between count as no change.
upper = np.triu_indices(len(levels), 1)
both = (table + table.T)[upper]
bowker = ((table - table.T)[upper][both > 0] ** 2 / both[both > 0]).sum()
tests.append({"statistic": bowker, "df": len(both), "p": stats.chi2.sf(bowker, len(both))})
"#;

const PYTHON_PAIRS: &str = r#"yes = (m == __EVENT__).to_numpy()

def change(a, b):
    left, joined = (yes[:, a] & ~yes[:, b]).sum(), (~yes[:, a] & yes[:, b]).sum()
    table = [[(yes[:, a] & yes[:, b]).sum(), left], [joined, (~yes[:, a] & ~yes[:, b]).sum()]]
    chi = mcnemar(table, exact=False, correction=__CORRECT__)
    exact = mcnemar(table, exact=True).pvalue
    mass = stats.binom.pmf(min(left, joined), left + joined, 0.5)
    mid = 1 - mass / 2 if left == joined else exact - mass
    return {"joined": joined, "left": left, "difference": yes[:, b].mean() - yes[:, a].mean(), "chi_squared": chi.statistic, "chi": chi.pvalue, "exact": exact, "mid": mid}

"#;

const PYTHON_TWO: &str = r#"one = change(0, 1)
tests += [{"statistic": one["chi_squared"], "df": 1, "p": one["chi"]}, {"p": one["exact"]}, {"p": one["mid"]}]
pairs = pd.DataFrame([one]).assign(p=one["__P__"])[["joined", "left", "difference", "p"]]
"#;

const PYTHON_SEVERAL: &str = r#"q = cochrans_q(yes.astype(int))
tests.append({"statistic": q.statistic, "df": yes.shape[1] - 1, "p": q.pvalue})
pairs = pd.DataFrame([change(a, b) for a, b in combinations(range(yes.shape[1]), 2)])
pairs = pairs.assign(p=pairs["__P__"])[["joined", "left", "difference", "p"]]
"#;

const PYTHON_ADJUST: &str = r#"from statsmodels.stats.multitest import multipletests
pairs["p_adjusted"] = multipletests(pairs["p"], method="__CORRECTION__")[1]
"#;
