//! The same adjustments in R and Python.

use super::{Options, Source, typed};
use crate::spec::Language;
use crate::spec::code::filled;

pub(super) fn code(options: &Options, language: Language) -> Option<String> {
    let l = language;
    let p = match options.source {
        Source::Typed => {
            let (_, values) = typed(&options.typed).ok()?;
            let values = l.list(values.into_iter().map(|v| l.number(v)));
            match l {
                Language::R => values,
                Language::Python => format!("pd.Series({values})"),
            }
        }
        Source::Column => l.column("data", options.p.as_ref()?),
    };
    let n = options.n_tests.map_or_else(
        || {
            match l {
                Language::R => "length(p)",
                Language::Python => "len(p)",
            }
            .to_string()
        },
        |n| n.to_string(),
    );
    let template = match l {
        Language::R => R,
        Language::Python => PYTHON,
    };
    Some(filled(template, &[("P", &p), ("N", &n)]))
}

const R: &str = r#"
p <- __P__
p <- p[!is.na(p)]
n <- __N__
ways <- c(bonferroni = "bonferroni", holm = "holm", hochberg = "hochberg", hommel = "hommel", bh = "BH", by = "BY")
# Hommel's method takes time with the square of the tests.
if (n > 10000) ways <- ways[names(ways) != "hommel"]
adjusted <- data.frame(p = p, lapply(ways, function(way) p.adjust(p, way, n = n)))
# Of many the smallest are shown.
if (length(p) > 200) adjusted <- adjusted[order(p)[1:200], ]
results <- list(adjusted = adjusted)
"#;

const PYTHON: &str = r#"
from statsmodels.stats.multitest import multipletests

p = __P__.dropna().to_numpy(float)
n = __N__
# Tests whose p values are not here count as p = 1.
padded = np.concatenate([p, np.ones(n - len(p))])
ways = {"bonferroni": "bonferroni", "holm": "holm", "hochberg": "simes-hochberg", "hommel": "hommel", "bh": "fdr_bh", "by": "fdr_by"}
# Hommel's method takes time with the square of the tests.
if n > 10000:
    del ways["hommel"]
adjusted = pd.DataFrame({"p": p} | {key: multipletests(padded, method=way)[1][: len(p)] for key, way in ways.items()})
# Of many the smallest are shown.
if len(p) > 200:
    adjusted = adjusted.iloc[np.argsort(p, kind="stable")[:200]]
results = {"adjusted": adjusted}
"#;
