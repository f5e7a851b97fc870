//! The correlations in R and Python.

use super::{LEVEL, Method, Options};
use crate::spec::code::{column_info, filled};
use crate::spec::{CodeTables, Language};

pub(super) fn code(options: &Options, tables: &CodeTables, language: Language) -> Option<String> {
    let columns = language.texts(&options.columns);
    let method = match options.method {
        Method::Pearson => "pearson",
        Method::Spearman => "spearman",
    };
    let error = match (options.method, language) {
        (Method::Pearson, _) => "1 / (n - 3)",
        (Method::Spearman, Language::R) => "(1 + r^2 / 2) / (n - 3)",
        (Method::Spearman, Language::Python) => "(1 + r**2 / 2) / (n - 3)",
    };
    let parts = match (&options.by, language) {
        (None, Language::R) => "parts <- list(data)\n".to_string(),
        (None, Language::Python) => "parts = [data]\n".to_string(),
        (Some(by), _) => {
            let column = language.column("data", by);
            let levels = language.levels(column_info(tables, by)?)?;
            match language {
                Language::R => format!(
                    "parts <- c(list(data), lapply({levels}, function(group) data[which({column} == group), ]))\n"
                ),
                Language::Python => {
                    format!("parts = [data] + [data[{column} == group] for group in {levels}]\n")
                }
            }
        }
    };
    let values = [
        ("COLUMNS", columns.as_str()),
        ("METHOD", method),
        ("ERROR", error),
        ("PARTS", &parts),
        ("LEVEL", &language.number(LEVEL)),
    ];
    Some(match language {
        Language::R => filled(IN_R, &values),
        Language::Python => filled(IN_PYTHON, &values),
    })
}

const IN_R: &str = r#"columns <- __COLUMNS__
__PARTS__one <- function(two, part) {
  part <- part[complete.cases(part[two]), ]
  n <- nrow(part)
  r <- cor(part[[two[1]]], part[[two[2]]], method = "__METHOD__")
  half <- qnorm((1 + __LEVEL__) / 2) * sqrt(__ERROR__)
  data.frame(
    first = two[1], second = two[2], r = r, ci_lower = tanh(atanh(r) - half), ci_upper = tanh(atanh(r) + half),
    p = 2 * pt(-abs(r) * sqrt((n - 2) / (1 - r^2)), n - 2), n = n
  )
}
pairs <- combn(columns, 2, simplify = FALSE)
correlations <- do.call(rbind, lapply(pairs, function(two) do.call(rbind, lapply(parts, function(part) one(two, part)))))
results <- list(correlations = correlations)
"#;

const IN_PYTHON: &str = r#"from itertools import combinations

from scipy import stats

columns = __COLUMNS__
__PARTS__rows = []
for first, second in combinations(columns, 2):
    for part in parts:
        both = part.dropna(subset=[first, second])
        n, r = len(both), both[first].corr(both[second], method="__METHOD__")
        half = stats.norm.ppf((1 + __LEVEL__) / 2) * np.sqrt(__ERROR__)
        rows.append({
            "first": first, "second": second, "r": r,
            "ci_lower": np.tanh(np.arctanh(r) - half), "ci_upper": np.tanh(np.arctanh(r) + half),
            "p": 2 * stats.t.sf(abs(r) * np.sqrt((n - 2) / (1 - r**2)), n - 2), "n": n,
        })
results = {"correlations": pd.DataFrame(rows)}
"#;
