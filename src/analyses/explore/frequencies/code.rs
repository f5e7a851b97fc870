//! Frequencies in R and Python.

use super::{Options, Order};
use crate::spec::code::column_info;
use crate::spec::{CodeTables, ColumnInfo, Language};
use crate::table::{ColumnKind, Measure};

pub(super) fn code(options: &Options, tables: &CodeTables, language: Language) -> Option<String> {
    let columns: Option<Vec<&ColumnInfo>> = options
        .columns
        .iter()
        .map(|name| column_info(tables, name))
        .collect();
    let mut out = start(options, language);
    let mut parts = Vec::new();
    for (i, column) in columns?.into_iter().enumerate() {
        let values = language.column("data", &column.name);
        let levels = levels(language, column, &values)?;
        let is_plain = !matches!(
            column.measure,
            Measure::Ordinal | Measure::Scale | Measure::Time
        );
        let by_count = match (options.order, is_plain) {
            (Order::Count, _) => "\"always\"",
            (Order::Value, true) => "\"when cut\"",
            (Order::Value, false) => "\"never\"",
        };
        let call = format!("frequencies({values}, {levels}, {by_count})");
        parts.push(match language {
            Language::R => format!("  frequencies_{} = {call}", i + 1),
            Language::Python => format!("    \"frequencies_{}\": {call},", i + 1),
        });
    }
    out += &match language {
        Language::R => format!("results <- list(\n{}\n)\n", parts.join(",\n")),
        Language::Python => format!("results = {{\n{}\n}}\n", parts.join("\n")),
    };
    Some(out)
}

/// The values of a column in their order; numbers have theirs of themselves.
fn levels(language: Language, column: &ColumnInfo, values: &str) -> Option<String> {
    if let Some(levels) = language.levels(column) {
        return Some(levels);
    }
    let is_number = matches!(column.kind, ColumnKind::Float | ColumnKind::Int);
    is_number.then(|| match language {
        Language::R => format!("sort(unique({values}))"),
        Language::Python => format!("np.sort({values}.dropna().unique())"),
    })
}

fn start(options: &Options, language: Language) -> String {
    let most = options.max_values;
    match language {
        Language::R => {
            let weights = match &options.weights {
                Some(name) => {
                    let w = language.column("data", name);
                    format!("ifelse(is.na({w}) | {w} < 0, 0, {w})")
                }
                None => "rep(1, nrow(data))".to_string(),
            };
            format!(
                "weights <- {weights}
frequencies <- function(values, levels, by_count, most = {most}) {{
  counts <- tapply(weights, factor(values, levels = levels), sum, default = 0)
  counts <- counts[counts > 0]
  if (by_count == \"always\" || by_count == \"when cut\" && length(counts) > most) counts <- counts[order(-counts)]
  missing <- sum(weights[is.na(values)])
  valid <- sum(counts)
  shown <- head(counts, most)
  if (length(counts) > most) shown <- c(shown, sum(counts) - sum(shown))
  lines <- c(shown, if (missing > 0) missing, valid + missing)
  n_other <- length(lines) - length(shown)
  data.frame(
    count = as.numeric(lines),
    percent = as.numeric(lines) / (valid + missing),
    valid_percent = c(as.numeric(shown) / valid, rep(NA, n_other)),
    cumulative_percent = c(cumsum(as.numeric(shown)) / valid, rep(NA, n_other))
  )
}}
"
            )
        }
        Language::Python => {
            let weights = match &options.weights {
                Some(name) => {
                    let w = language.column("data", name);
                    format!("{w}.where({w} >= 0, 0.0)")
                }
                None => "pd.Series(1.0, index=data.index)".to_string(),
            };
            format!(
                "weights = {weights}


def frequencies(values, levels, by_count, most={most}):
    counts = weights.groupby(values).sum().reindex(levels).fillna(0.0)
    counts = counts[counts > 0]
    if by_count == \"always\" or by_count == \"when cut\" and len(counts) > most:
        counts = counts.sort_values(ascending=False, kind=\"stable\")
    missing, valid = weights[values.isna()].sum(), counts.sum()
    shown = counts.to_list()[:most]
    if len(counts) > most:
        shown.append(valid - sum(shown))
    others = ([missing] if missing > 0 else []) + [valid + missing]
    gaps = [np.nan] * len(others)
    return pd.DataFrame({{
        \"count\": shown + others,
        \"percent\": np.array(shown + others) / (valid + missing),
        \"valid_percent\": list(np.array(shown) / valid) + gaps,
        \"cumulative_percent\": list(np.cumsum(shown) / valid) + gaps,
    }})


"
            )
        }
    }
}
