//! The tables in R and Python.

use super::tables::QUANTILES;
use super::{Bandwidth, Options};
use crate::spec::code::{column_info, filled};
use crate::spec::{CodeTables, Language};

pub(super) fn code(options: &Options, tables: &CodeTables, language: Language) -> Option<String> {
    let groups = match &options.by {
        None => None,
        Some(by) => Some((
            language.column("data", by),
            language.levels(column_info(tables, by)?)?,
        )),
    };
    let shares = language.list(QUANTILES.iter().map(|(_, p)| p.to_string()));
    let names = language.texts(QUANTILES.iter().map(|(key, _)| *key));
    let width = language.number(options.width);
    let bandwidth = match (options.bandwidth, language) {
        (Bandwidth::Silverman, Language::R) => "bw.nrd0(x)",
        (Bandwidth::Silverman, Language::Python) => {
            "0.9 * min(s for s in (x.std(), (x.quantile(0.75) - x.quantile(0.25)) / 1.34) if s > 0) * len(x) ** -0.2"
        }
        (Bandwidth::SheatherJones, Language::R) => "bw.SJ(x, tol = 1e-13 * sd(x))",
        // None of Python's common libraries has it.
        (Bandwidth::SheatherJones, Language::Python) => "np.nan",
        (Bandwidth::Given, _) => &width,
    };
    let columns = language.texts(&options.columns);
    let values = [
        ("COLUMNS", columns.as_str()),
        ("SHARES", &shares),
        ("NAMES", &names),
        ("BANDWIDTH", bandwidth),
    ];
    let template = match language {
        Language::R => IN_R,
        Language::Python => IN_PYTHON,
    };
    let mut out = filled(template, &values);
    if (options.bandwidth, language) == (Bandwidth::SheatherJones, Language::Python) {
        out = out.replace(", \"bandwidth\": np.nan if x.nunique() < 2 else np.nan", "");
    }
    out += &match (language, groups) {
        (Language::R, None) => "each <- function(f) do.call(rbind, lapply(columns, function(column) f(data[[column]])))\n".to_string(),
        (Language::R, Some((column, levels))) => format!(
            "groups <- {levels}
each <- function(f) do.call(rbind, lapply(columns, function(column) {{
  do.call(rbind, lapply(groups, function(group) f(data[[column]][which({column} == group)])))
}}))
"
        ),
        (Language::Python, None) => "def each(f):\n    return pd.DataFrame([f(data[c]) for c in columns])\n\n\n".to_string(),
        (Language::Python, Some((column, levels))) => format!(
            "def each(f):\n    groups = {levels}\n    return pd.DataFrame([f(data.loc[{column} == g, c]) for c in columns for g in groups])\n\n\n"
        ),
    };
    out += match language {
        Language::R => {
            "results <- list(numbers = each(numbers), quantiles = each(quantiles), outliers = each(outliers))\n"
        }
        Language::Python => {
            "results = {f.__name__: each(f) for f in (numbers, quantiles, outliers)}\n"
        }
    };
    Some(out)
}

const IN_R: &str = r#"columns <- __COLUMNS__
numbers <- function(x) {
  missing <- sum(is.na(x))
  x <- x[!is.na(x)]
  n <- length(x)
  z <- x - mean(x)
  g1 <- mean(z^3) / mean(z^2)^1.5
  g2 <- mean(z^4) / mean(z^2)^2 - 3
  data.frame(
    n = n, missing = missing, mean = mean(x), sd = sd(x),
    skewness = g1 * sqrt(n * (n - 1)) / (n - 2),
    kurtosis = if (n > 3) ((n + 1) * g2 + 6) * (n - 1) / ((n - 2) * (n - 3)) else NA_real_,
    bandwidth = if (length(unique(x)) > 1) __BANDWIDTH__ else NA_real_
  )
}
quantiles <- function(x) {
  x <- x[!is.na(x)]
  q <- quantile(x, __SHARES__, names = FALSE)
  cbind(data.frame(min = min(x)), setNames(data.frame(t(q)), __NAMES__), data.frame(max = max(x)))
}
outliers <- function(x) {
  x <- x[!is.na(x)]
  q <- quantile(x, c(0.25, 0.75), names = FALSE)
  low <- q[1] - 1.5 * diff(q)
  high <- q[2] + 1.5 * diff(q)
  inside <- x[x >= low & x <= high]
  data.frame(
    low_fence = low, high_fence = high, low_whisker = min(inside), high_whisker = max(inside),
    below = sum(x < low), above = sum(x > high),
    far = sum(x < q[1] - 3 * diff(q) | x > q[2] + 3 * diff(q)), share = mean(x < low | x > high)
  )
}
"#;

const IN_PYTHON: &str = r#"columns = __COLUMNS__


def numbers(x):
    missing, x = x.isna().sum(), x.dropna()
    n, z = len(x), x - x.mean()
    variance = (z ** 2).mean() or np.nan
    g1, g2 = (z ** 3).mean() / variance ** 1.5, (z ** 4).mean() / variance ** 2 - 3
    return {
        "n": n, "missing": missing, "mean": x.mean(), "sd": x.std(),
        "skewness": g1 * np.sqrt(n * (n - 1)) / (n - 2),
        "kurtosis": ((n + 1) * g2 + 6) * (n - 1) / ((n - 2) * (n - 3)) if n > 3 else np.nan, "bandwidth": np.nan if x.nunique() < 2 else __BANDWIDTH__,
    }


def quantiles(x):
    x = x.dropna()
    q = dict(zip(__NAMES__, np.quantile(x, __SHARES__)))
    return {"min": x.min(), **q, "max": x.max()}


def outliers(x):
    x = x.dropna()
    q1, q3 = np.quantile(x, [0.25, 0.75])
    low, high = q1 - 1.5 * (q3 - q1), q3 + 1.5 * (q3 - q1)
    inside = x[(x >= low) & (x <= high)]
    far = (x < q1 - 3 * (q3 - q1)) | (x > q3 + 3 * (q3 - q1))
    return {
        "low_fence": low, "high_fence": high, "low_whisker": inside.min(), "high_whisker": inside.max(),
        "below": (x < low).sum(), "above": (x > high).sum(), "far": far.sum(),
        "share": ((x < low) | (x > high)).mean(),
    }


"#;
