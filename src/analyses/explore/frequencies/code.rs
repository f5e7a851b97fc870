//! Frequencies in R and Python.

use super::{Options, Order};
use crate::spec::code::{column_info, filled};
use crate::spec::{CodeTables, ColumnInfo, Language};
use crate::table::{ColumnKind, Measure};

pub(super) fn code(options: &Options, tables: &CodeTables, language: Language) -> Option<String> {
    if options.is_sample() && language == Language::Python {
        return None;
    }
    let columns: Option<Vec<&ColumnInfo>> = options
        .columns
        .iter()
        .map(|name| column_info(tables, name))
        .collect();
    let mut out = String::new();
    if options.is_sample() {
        out += "library(survey)\n\n";
    }
    out += &start(options, language);
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
            Language::R if options.is_sample() => format!(
                "  frequencies_{} = with_errors({call}, {values}, {levels}, {by_count})",
                i + 1
            ),
            Language::R => format!("  frequencies_{} = {call}", i + 1),
            Language::Python => format!("    \"frequencies_{}\": {call},", i + 1),
        });
    }
    if options.is_sample() {
        out += &filled(
            R_SAMPLE,
            &[
                ("MOST", &options.max_values.to_string()),
                ("LEVEL", &language.number(options.level)),
            ],
        );
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

/// Errors and intervals of the valid percentages, in the order of a table of frequencies.
const R_SAMPLE: &str = r#"with_errors <- function(table, values, levels, by_count, most = __MOST__) {
  used <- !is.na(values) & weights > 0
  rows <- data.frame(value = values[used], weight = weights[used])
  design <- svydesign(ids = ~1, weights = ~weight, data = rows)
  counts <- tapply(rows$weight, factor(rows$value, levels = levels), sum, default = 0)
  shown <- levels[counts > 0]
  if (by_count == "always" || by_count == "when cut" && length(shown) > most) shown <- levels[order(-counts)][seq_along(shown)]
  sets <- as.list(head(shown, most))
  if (length(shown) > most) sets <- c(sets, list(shown[-seq_len(most)]))
  errors <- do.call(rbind, lapply(sets, function(set) {
    rows$is <- rows$value %in% set
    if (all(rows$is)) return(c(0, NA, NA))
    share <- svyciprop(~is, update(design, is = rows$is), method = "xlogit", level = __LEVEL__)
    c(sqrt(attr(share, "var")), attr(share, "ci"))
  }))
  errors <- rbind(errors, matrix(NA, nrow(table) - nrow(errors), 3))
  cbind(table, std_error = errors[, 1], ci_lower = errors[, 2], ci_upper = errors[, 3])
}
"#;
