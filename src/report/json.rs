//! A report as JSON for machines: every number at full precision under stable names.

use serde_json::{Map, Value, json};

use super::block::{Block, Cell, Report, TableBlock};
use super::locale::Lang;
use super::number::Number;

/// `{summary: [text], tables: {key: [{column key: value}]}, charts: [chart], notices: [{kind, text}]}`.
///
/// Missing numbers are `null`; infinite ones `"inf"` and `"-inf"`. Sentences are in `lang`, numbers
/// and names do not depend on it.
pub fn json(report: &Report, lang: Lang) -> Value {
    let mut tables = Map::new();
    for table in report.tables() {
        tables.insert(table.key.clone(), rows(table, lang));
    }
    json!({
        "summary": report.summary.iter().map(|m| m.text(lang)).collect::<Vec<_>>(),
        "texts": texts(&report.blocks, lang),
        "tables": tables,
        "charts": report.charts(),
        "notices": report.notices.iter().map(|n| json!({"kind": n.kind, "text": n.text.text(lang)})).collect::<Vec<_>>(),
    })
}

fn rows(table: &TableBlock, lang: Lang) -> Value {
    table
        .rows
        .iter()
        .map(|row| {
            row.iter()
                .zip(&table.columns)
                .map(|(cell, head)| (head.key.clone(), value(cell, lang)))
                .collect::<Map<_, _>>()
        })
        .collect()
}

fn value(cell: &Cell, lang: Lang) -> Value {
    match cell {
        Cell::Empty => Value::Null,
        Cell::Number(v) | Cell::Formatted(v, _) => {
            serde_json::to_value(Number(*v)).unwrap_or(Value::Null)
        }
        Cell::Text(s) => Value::String(s.clone()),
        Cell::Msg(m) => Value::String(m.text(lang)),
    }
}

fn texts(blocks: &[Block], lang: Lang) -> Vec<String> {
    blocks
        .iter()
        .flat_map(|b| match b {
            Block::Text(m) => vec![m.text(lang)],
            Block::Group(_, inner) => texts(inner, lang),
            _ => Vec::new(),
        })
        .collect()
}
