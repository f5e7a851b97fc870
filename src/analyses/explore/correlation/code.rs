//! Correlations in R and Python.

use super::{Method, Missing, Options};
use crate::frame::corrections::Correction;
use crate::spec::{CodeTables, Language};

pub(super) fn code(options: &Options, _: &CodeTables, language: Language) -> Option<String> {
    let is_weighted = options.weights.is_some();
    if is_weighted || options.method == Method::Kendall && !options.controls.is_empty() {
        return None;
    }
    Some(match language {
        Language::R => in_r(options),
        Language::Python => in_python(options),
    })
}

/// Whether rows must have all columns.
fn is_listwise(options: &Options) -> bool {
    options.missing == Missing::Listwise || !options.controls.is_empty()
}

/// The square of the error of Fisher's z, and n less what else is estimated.
fn squared_error(options: &Options, power: &str) -> String {
    match options.method {
        Method::Pearson => "1 / (df - 1)".to_string(),
        Method::Spearman => format!("(1 + r{power}2 / 2) / (df - 1)"),
        Method::Kendall => "0.437 / (n - 4)".to_string(),
    }
}

fn in_r(options: &Options) -> String {
    let language = Language::R;
    let mut out = format!("columns <- {}\n", language.texts(&options.columns));
    if !options.controls.is_empty() {
        out += &format!("controls <- {}\n", language.texts(&options.controls));
    }
    let (used, ranks) = match options.controls.is_empty() {
        true => ("columns", "columns"),
        false => ("c(columns, controls)", "c(columns, controls)"),
    };
    if is_listwise(options) {
        out += &format!("data <- data[complete.cases(data[{used}]), ]\n");
    }
    let has_ranks = options.method == Method::Spearman;
    if has_ranks && !options.controls.is_empty() {
        out += &format!("data[{ranks}] <- lapply(data[{ranks}], rank)\n");
    }
    if options.has_bayes() {
        out += &format!(
            "prior_width <- {}
bayes_factor <- function(r, n) {{
  terms <- 0:2000
  series <- function(x) sapply(x, function(x) 1 + sum(cumprod((terms + 0.5)^2 / ((n - 0.5 + terms) * (terms + 1)) * x)))
  even <- function(rho) (n - 1) / 2 * log1p(-rho^2) + (1.5 - n) * log1p(-rho * r)
  weighted <- function(z) {{
    rho <- tanh(z)
    exp(even(rho) - even(r)) * series((1 + rho * r) / 2) * (1 - rho^2)^(1 / prior_width)
  }}
  half <- 12 / sqrt(n - 2)
  integral <- integrate(weighted, atanh(r) - half, atanh(r) + half, rel.tol = 1e-11, subdivisions = 1000)$value
  2^(1 - 2 / prior_width) / beta(1 / prior_width, 1 / prior_width) * integral / series(0.5) * exp(even(r))
}}
",
            language.number(options.prior_width)
        );
    }
    out += "pair <- function(first, second) {
  complete <- complete.cases(data[c(first, second)])
  x <- as.numeric(data[complete, first])
  y <- as.numeric(data[complete, second])
  n <- length(x)
";
    if !options.controls.is_empty() {
        out += "  held <- as.matrix(data[controls])
  x <- residuals(lm(x ~ held))
  y <- residuals(lm(y ~ held))
";
    }
    let method = match options.method {
        Method::Pearson => "pearson",
        Method::Spearman if !options.controls.is_empty() => "pearson",
        Method::Spearman => "spearman",
        Method::Kendall => "kendall",
    };
    out += &format!(
        "  r <- cor(x, y, method = \"{method}\")
  df <- n - 2{}
  p <- {}
  half <- qnorm((1 + {}) / 2) * sqrt({})
  data.frame(
    first = first, second = second, r = r, ci_lower = tanh(atanh(r) - half), ci_upper = tanh(atanh(r) + half),
    p = p, n = n{}
  )
}}
pairs <- do.call(rbind, combn(columns, 2, function(two) pair(two[1], two[2]), simplify = FALSE))
",
        match options.controls.is_empty() {
            true => "",
            false => " - length(controls)",
        },
        match options.method {
            Method::Kendall => "cor.test(x, y, method = \"kendall\", exact = FALSE)$p.value",
            _ => "2 * pt(-abs(r) * sqrt(df / (1 - r^2)), df)",
        },
        language.number(options.level),
        squared_error(options, "^"),
        match options.has_bayes() {
            true => ", bf10 = bayes_factor(r, n)",
            false => "",
        },
    );
    if options.adjust != Correction::None {
        let adjust = options.adjust.code_name(language);
        out += &format!("pairs$p_adjusted <- p.adjust(pairs$p, \"{adjust}\")\n");
    }
    out + "results <- list(pairs = pairs)\n"
}

fn in_python(options: &Options) -> String {
    let language = Language::Python;
    let has_controls = !options.controls.is_empty();
    let mut out = String::from("from itertools import combinations\n\nfrom scipy import stats\n");
    if options.has_bayes() {
        out += "from scipy import integrate, special\n";
    }
    if options.adjust != Correction::None {
        out += "from statsmodels.stats.multitest import multipletests\n";
    }
    out += &format!("\ncolumns = {}\n", language.texts(&options.columns));
    if has_controls {
        out += &format!("controls = {}\n", language.texts(&options.controls));
    }
    let used = if has_controls {
        "columns + controls"
    } else {
        "columns"
    };
    if is_listwise(options) {
        out += &format!("data = data.dropna(subset={used})\n");
    }
    let has_ranks = options.method == Method::Spearman;
    if has_ranks && has_controls {
        out += &format!("data = data[{used}].rank()\n");
    }
    if options.has_bayes() {
        out += &format!(
            "prior_width = {}


def bayes_factor(r, n):
    def series(x):
        return special.hyp2f1(0.5, 0.5, n - 0.5, x)

    def even(rho):
        return (n - 1) / 2 * np.log1p(-rho ** 2) + (1.5 - n) * np.log1p(-rho * r)

    def weighted(z):
        rho = np.tanh(z)
        return np.exp(even(rho) - even(r)) * series((1 + rho * r) / 2) * (1 - rho ** 2) ** (1 / prior_width)

    half = 12 / np.sqrt(n - 2)
    middle = np.arctanh(r)
    integral = integrate.quad(weighted, middle - half, middle + half, epsabs=0, epsrel=1e-11, limit=1000)[0]
    scale = 2 ** (1 - 2 / prior_width) / special.beta(1 / prior_width, 1 / prior_width)
    return scale * integral / series(0.5) * np.exp(even(r))


",
            language.number(options.prior_width)
        );
    }
    out += "rows = []
for first, second in combinations(columns, 2):
    both = data.dropna(subset=[first, second])
    x, y, n = both[first] * 1.0, both[second] * 1.0, len(both)
";
    if has_controls {
        out += "    held = np.column_stack([np.ones(n), both[controls]])
    x = x - held @ np.linalg.lstsq(held, x)[0]
    y = y - held @ np.linalg.lstsq(held, y)[0]
";
    }
    out += match options.method {
        Method::Kendall => {
            "    r, p = stats.kendalltau(x, y, method=\"asymptotic\")
"
        }
        _ => "",
    };
    if options.method != Method::Kendall {
        let ranked = if has_ranks && !has_controls {
            "    x, y = x.rank(), y.rank()\n"
        } else {
            ""
        };
        let held = if has_controls { " - len(controls)" } else { "" };
        out += &format!(
            "{ranked}    r = np.corrcoef(x, y)[0, 1]
    df = n - 2{held}
    p = 2 * stats.t.sf(abs(r) * np.sqrt(df / (1 - r ** 2)), df)
"
        );
    }
    out += &format!(
        "    half = stats.norm.ppf((1 + {}) / 2) * np.sqrt({})
    low, high = np.tanh(np.arctanh(r) - half), np.tanh(np.arctanh(r) + half)
    rows.append({{\"first\": first, \"second\": second, \"r\": r, \"ci_lower\": low, \"ci_upper\": high, \"p\": p, \"n\": n{}}})
pairs = pd.DataFrame(rows)
",
        language.number(options.level),
        squared_error(options, " ** "),
        match options.has_bayes() {
            true => ", \"bf10\": bayes_factor(r, n)",
            false => "",
        },
    );
    if options.adjust != Correction::None {
        let adjust = options.adjust.code_name(language);
        out += &format!(
            "known = pairs[\"p\"].notna()
pairs.loc[known, \"p_adjusted\"] = multipletests(pairs.loc[known, \"p\"], method=\"{adjust}\")[1]
"
        );
    }
    out + "results = {\"pairs\": pairs}\n"
}
