//! Descriptions in R and Python: the table of numbers, and that of all measures.

use super::Options;
use crate::spec::code::column_info;
use crate::spec::{CodeTables, ColumnInfo, Language};
use crate::table::{ColumnKind, Measure};

pub(super) fn code(options: &Options, tables: &CodeTables, language: Language) -> Option<String> {
    if options.weights.is_some() {
        return None;
    }
    let all = tables.get("table")?;
    let by = options.by.as_deref();
    let chosen: Vec<&ColumnInfo> = match options.columns.is_empty() {
        true => all.iter().filter(|c| Some(c.name.as_str()) != by).collect(),
        false => options
            .columns
            .iter()
            .filter_map(|name| column_info(tables, name))
            .collect(),
    };
    let is_number = |c: &&ColumnInfo| {
        matches!(c.kind, ColumnKind::Float | ColumnKind::Int)
            && matches!(c.measure, Measure::Scale | Measure::Ordinal)
    };
    let names: Vec<&str> = chosen
        .into_iter()
        .filter(is_number)
        .map(|c| c.name.as_str())
        .collect();
    if names.is_empty() {
        return None;
    }
    let groups = match by {
        None => None,
        Some(by) => Some((language.column("data", by), column_info(tables, by)?)),
    };
    let groups = match groups {
        None => None,
        Some((column, info)) => Some((column, language.levels(info)?)),
    };
    match language {
        Language::R => Some(in_r(options, &names, groups)),
        Language::Python => in_python(options, &names, groups),
    }
}

fn in_r(options: &Options, names: &[&str], groups: Option<(String, String)>) -> String {
    let language = Language::R;
    let kind = options.quantile_type;
    let mut out = format!(
        "columns <- {}
numbers <- function(x) {{
  missing <- sum(is.na(x))
  x <- x[!is.na(x)]
  n <- length(x)
  z <- x - mean(x)
  g1 <- mean(z^3) / mean(z^2)^1.5
  g2 <- mean(z^4) / mean(z^2)^2 - 3
  q <- quantile(x, c(0.25, 0.5, 0.75), type = {kind}, names = FALSE)
  data.frame(
    n = n, missing = missing, mean = mean(x), sd = sd(x), min = min(x), q1 = q[1], median = q[2], q3 = q[3], max = max(x),
    skewness = g1 * sqrt(n * (n - 1)) / (n - 2),
    kurtosis = if (n > 3) ((n + 1) * g2 + 6) * (n - 1) / ((n - 2) * (n - 3)) else NA_real_
  )
}}
",
        language.texts(names)
    );
    out += &match &groups {
        None => "each <- function(f) do.call(rbind, lapply(columns, function(column) f(data[[column]])))\n"
            .to_string(),
        Some((column, levels)) => format!(
            "groups <- {levels}
each <- function(f) do.call(rbind, lapply(columns, function(column) {{
  do.call(rbind, lapply(groups, function(group) f(data[[column]][which({column} == group)])))
}}))
"
        ),
    };
    out += "results <- list(numbers = each(numbers))\n";
    if options.moments {
        out += &format!(
            "moments <- function(x) {{
  x <- x[!is.na(x)]
  n <- length(x)
  se <- sd(x) / sqrt(n)
  half <- qt(0.975, n - 1) * se
  data.frame(
    se_mean = se, ci_lower = mean(x) - half, ci_upper = mean(x) + half, sum = sum(x), variance = var(x),
    cv = sd(x) / abs(mean(x)), range = max(x) - min(x),
    iqr = IQR(x, type = {kind}), mad = mad(x, constant = 1), trimmed = mean(x, trim = 0.1),
    geometric = if (min(x) > 0) exp(mean(log(x))) else NA
  )
}}
results$moments <- each(moments)
"
        );
    }
    out
}

fn in_python(
    options: &Options,
    names: &[&str],
    groups: Option<(String, String)>,
) -> Option<String> {
    let language = Language::Python;
    // NumPy's names of Hyndman and Fan's types.
    let method = match options.quantile_type {
        1 => "inverted_cdf",
        2 => "averaged_inverted_cdf",
        3 => "closest_observation",
        4 => "interpolated_inverted_cdf",
        5 => "hazen",
        6 => "weibull",
        7 => "linear",
        8 => "median_unbiased",
        9 => "normal_unbiased",
        _ => return None,
    };
    let mut out = String::new();
    if options.moments {
        out += "from scipy import stats\n\n";
    }
    out += &format!(
        "columns = {}


def numbers(x):
    n, z = x.count(), x - x.mean()
    variance = (z ** 2).mean() or np.nan
    g1, g2 = (z ** 3).mean() / variance ** 1.5, (z ** 4).mean() / variance ** 2 - 3
    q1, median, q3 = np.quantile(x.dropna(), [0.25, 0.5, 0.75], method=\"{method}\")
    return {{
        \"n\": n, \"missing\": x.isna().sum(), \"mean\": x.mean(), \"sd\": x.std(),
        \"min\": x.min(), \"q1\": q1, \"median\": median, \"q3\": q3, \"max\": x.max(),
        \"skewness\": g1 * np.sqrt(n * (n - 1)) / (n - 2),
        \"kurtosis\": ((n + 1) * g2 + 6) * (n - 1) / ((n - 2) * (n - 3)) if n > 3 else np.nan,
    }}


",
        language.texts(names)
    );
    if options.moments {
        out += &format!(
            "def moments(x):
    x = x.dropna()
    se = x.sem()
    half = stats.t.ppf(0.975, len(x) - 1) * se
    q1, q3 = np.quantile(x, [0.25, 0.75], method=\"{method}\")
    return {{
        \"se_mean\": se, \"ci_lower\": x.mean() - half, \"ci_upper\": x.mean() + half, \"sum\": x.sum(),
        \"variance\": x.var(), \"cv\": x.std() / abs(x.mean()), \"range\": x.max() - x.min(), \"iqr\": q3 - q1,
        \"mad\": (x - x.median()).abs().median(), \"trimmed\": stats.trim_mean(x, 0.1),
        \"geometric\": np.exp(np.log(x).mean()) if x.min() > 0 else np.nan,
    }}


"
        );
    }
    let (parts, each) = match groups {
        None => (String::new(), "[f(data[c]) for c in columns]".to_string()),
        Some((column, levels)) => (
            format!("groups = {levels}\n"),
            format!("[f(data.loc[{column} == g, c]) for c in columns for g in groups]"),
        ),
    };
    out += &parts;
    let moments = if options.moments { ", moments" } else { "" };
    out += &format!(
        "results = {{f.__name__: pd.DataFrame({each}) for f in (numbers{})}}\n",
        if moments.is_empty() { "," } else { moments },
    );
    Some(out)
}
