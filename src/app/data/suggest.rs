//! What one could do with a table, by what its columns hold.

use serde_json::{Value, json};

use crate::msg;
use crate::report::Msg;
use crate::spec::{ColumnInfo, TableInfo, Values};
use crate::table::Measure;

/// A cell that could be added, with its columns chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    pub analysis: &'static str,
    pub title: Msg,
    /// The columns that it would use, for people.
    pub columns: Msg,
    pub values: Values,
}

/// At most three suggestions by the columns, and the description of all columns.
pub fn suggestions(info: &TableInfo) -> Vec<Suggestion> {
    let usable: Vec<&ColumnInfo> = info
        .columns
        .iter()
        .filter(|c| c.n_missing * 5 <= info.n_rows)
        .collect();
    let mut found: Vec<Suggestion> = [groups(&usable), comparison(&usable), explanation(&usable)]
        .into_iter()
        .flatten()
        .collect();
    found.push(Suggestion {
        analysis: "explore.describe",
        title: msg!("app.data.describe", "Describe all columns"),
        columns: msg!("app.data.describe_what", "counts, averages, spread"),
        values: Values::new(),
    });
    found
}

fn groups(columns: &[&ColumnInfo]) -> Option<Suggestion> {
    let numbers: Vec<&str> = measured(columns).map(|c| c.name.as_str()).take(6).collect();
    (numbers.len() >= 2).then(|| Suggestion {
        analysis: "segment.k_means",
        title: msg!("app.data.find_groups", "Find groups of rows"),
        columns: named(&numbers),
        values: values(&[("columns", json!(numbers))]),
    })
}

fn comparison(columns: &[&ColumnInfo]) -> Option<Suggestion> {
    const GROUPS: &[&str] = &[
        "group",
        "variant",
        "arm",
        "treat",
        "message",
        "campaign",
        "version",
        "집단",
        "그룹",
        "실험",
        "조건",
        "처치",
        "메시지",
    ];
    const OUTCOMES: &[&str] = &[
        "convert",
        "conversion",
        "purchase",
        "bought",
        "click",
        "success",
        "outcome",
        "churn",
        "default",
        "died",
        "구매",
        "전환",
        "클릭",
        "가입",
        "이탈",
        "성공",
    ];
    let n_levels = |c: &ColumnInfo| match c.measure {
        Measure::Nominal | Measure::Ordinal => c.levels.as_ref().map_or(0, Vec::len),
        _ => 0,
    };
    let group = best(columns, GROUPS, |c| (2..=6).contains(&n_levels(c)))?;
    let others: Vec<&ColumnInfo> = columns
        .iter()
        .copied()
        .filter(|c| c.name != group.name)
        .collect();
    let is_binary = |c: &ColumnInfo| n_levels(c) == 2;
    let outcome = named_like(&others, OUTCOMES, |c| is_binary(c) || is_measured(c))
        .or_else(|| measured(&others).next())
        .or_else(|| others.iter().copied().find(|c| is_binary(c)))?;
    Some(Suggestion {
        analysis: "experiment.ab_test",
        title: msg!("app.data.compare", "Compare groups"),
        columns: msg!(
            "app.data.compare_what",
            "{outcome} by {group}",
            outcome = &outcome.name,
            group = &group.name
        ),
        values: values(&[
            ("group", json!(group.name)),
            ("outcomes", json!([outcome.name])),
        ]),
    })
}

fn explanation(columns: &[&ColumnInfo]) -> Option<Suggestion> {
    const OUTCOMES: &[&str] = &[
        "price", "amount", "revenue", "sales", "spend", "income", "wage", "mass", "delay", "score",
        "금액", "매출", "가격", "소득", "점수", "총액",
    ];
    let outcome =
        named_like(columns, OUTCOMES, is_measured).or_else(|| measured(columns).last())?;
    let measures: Vec<&str> = measured(columns).map(|c| c.name.as_str()).collect();
    let is_predictor = |c: &ColumnInfo| {
        let n = c.levels.as_ref().map(Vec::len);
        match c.measure {
            Measure::Scale => measures.contains(&c.name.as_str()),
            Measure::Nominal | Measure::Ordinal => n.is_some_and(|n| (2..=8).contains(&n)),
            _ => false,
        }
    };
    let predictors: Vec<&str> = columns
        .iter()
        .filter(|c| c.name != outcome.name && is_predictor(c))
        .map(|c| c.name.as_str())
        .take(4)
        .collect();
    (!predictors.is_empty()).then(|| Suggestion {
        analysis: "regression.linear",
        title: msg!("app.data.explain", "Explain a number"),
        columns: msg!(
            "app.data.explain_what",
            "{outcome} by {predictors}",
            outcome = &outcome.name,
            predictors = named(&predictors)
        ),
        values: values(&[
            ("outcome", json!(outcome.name)),
            ("predictors", json!(predictors)),
        ]),
    })
}

/// A number with more than a few values: not a code, not a constant.
fn is_measured(column: &ColumnInfo) -> bool {
    let n_levels = column.levels.as_ref().map_or(usize::MAX, Vec::len);
    column.measure == Measure::Scale && column.is_numeric() && n_levels > 4
}

/// The columns of numbers: those of many values, or all when these are fewer than two (months, hours
/// and years are numbers too, but rarely what one wants to know).
fn measured<'a>(columns: &[&'a ColumnInfo]) -> impl Iterator<Item = &'a ColumnInfo> {
    let has_many = |c: &ColumnInfo| c.levels.as_ref().map_or(usize::MAX, Vec::len) > 31;
    let all: Vec<&ColumnInfo> = columns.iter().copied().filter(|c| is_measured(c)).collect();
    let are_enough = all.iter().filter(|c| has_many(c)).count() > 1;
    all.into_iter().filter(move |c| !are_enough || has_many(c))
}

/// The first column whose name holds one of the words, else the first that fits at all.
fn best<'a>(
    columns: &[&'a ColumnInfo],
    words: &[&str],
    fits: impl Fn(&ColumnInfo) -> bool + Copy,
) -> Option<&'a ColumnInfo> {
    named_like(columns, words, fits).or_else(|| columns.iter().copied().find(|c| fits(c)))
}

fn named_like<'a>(
    columns: &[&'a ColumnInfo],
    words: &[&str],
    fits: impl Fn(&ColumnInfo) -> bool,
) -> Option<&'a ColumnInfo> {
    columns.iter().copied().find(|c| {
        let name = c.name.to_lowercase();
        words.iter().any(|w| name.contains(w)) && fits(c)
    })
}

/// The first two names, and how many more there are.
fn named(names: &[&str]) -> Msg {
    match names {
        [] => Msg::verbatim(""),
        [one] => Msg::verbatim(*one),
        [a, b] => Msg::verbatim(format!("{a}, {b}")),
        [a, b, more @ ..] => msg!(
            "app.data.and_more",
            "{names} + {n} more",
            names = format!("{a}, {b}"),
            n = more.len()
        ),
    }
}

fn values(pairs: &[(&str, Value)]) -> Values {
    pairs
        .iter()
        .map(|(name, value)| (name.to_string(), value.clone()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::ColumnKind;

    fn column(
        name: &str,
        kind: ColumnKind,
        measure: Measure,
        n_levels: Option<usize>,
    ) -> ColumnInfo {
        ColumnInfo {
            name: name.into(),
            kind,
            measure,
            n_missing: 0,
            levels: n_levels.map(|n| (0..n).map(|i| i.to_string()).collect()),
            label: None,
            note: None,
            value_labels: Vec::new(),
            missing_codes: Vec::new(),
        }
    }

    fn check(columns: Vec<ColumnInfo>, expected: &[(&str, &str)]) {
        let info = TableInfo {
            n_rows: 100,
            columns,
        };
        let found: Vec<(&str, String)> = suggestions(&info)
            .iter()
            .map(|s| (s.analysis, serde_json::to_string(&s.values).unwrap()))
            .collect();
        let found: Vec<(&str, &str)> = found.iter().map(|(a, v)| (*a, v.as_str())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn suggestions_fit_the_columns() {
        use ColumnKind::{Category, Float, Text};
        let number = |name| column(name, Float, Measure::Scale, None);
        check(
            vec![column("note", Text, Measure::Text, None)],
            &[("explore.describe", "{}")],
        );
        check(
            vec![
                column("sex", Category, Measure::Nominal, Some(2)),
                column("variant", Category, Measure::Nominal, Some(3)),
                column("converted", Category, Measure::Nominal, Some(2)),
            ],
            &[
                (
                    "experiment.ab_test",
                    r#"{"group":"variant","outcomes":["converted"]}"#,
                ),
                ("explore.describe", "{}"),
            ],
        );
        check(
            vec![
                number("a"),
                number("price"),
                column("id", Text, Measure::Id, None),
            ],
            &[
                ("segment.k_means", r#"{"columns":["a","price"]}"#),
                (
                    "regression.linear",
                    r#"{"outcome":"price","predictors":["a"]}"#,
                ),
                ("explore.describe", "{}"),
            ],
        );
    }

    #[test]
    fn measurements_come_before_months_and_hours() {
        use ColumnKind::{Float, Int};
        let month = column("month", Int, Measure::Scale, Some(12));
        let number = |name| column(name, Float, Measure::Scale, None);
        check(
            vec![month.clone(), number("time"), number("distance")],
            &[
                ("segment.k_means", r#"{"columns":["time","distance"]}"#),
                (
                    "regression.linear",
                    r#"{"outcome":"distance","predictors":["time"]}"#,
                ),
                ("explore.describe", "{}"),
            ],
        );
        check(
            vec![month, number("distance")],
            &[
                ("segment.k_means", r#"{"columns":["month","distance"]}"#),
                (
                    "regression.linear",
                    r#"{"outcome":"distance","predictors":["month"]}"#,
                ),
                ("explore.describe", "{}"),
            ],
        );
    }

    #[test]
    fn columns_with_many_missing_values_are_not_suggested() {
        let mut empty = column("a", ColumnKind::Float, Measure::Scale, None);
        empty.n_missing = 60;
        check(
            vec![empty, column("b", ColumnKind::Float, Measure::Scale, None)],
            &[("explore.describe", "{}")],
        );
    }
}
