//! A report as JSON for machines: every number at full precision under stable names.

use serde_json::{Map, Value, json};

use super::block::{Block, Cell, Report, TableBlock};
use super::locale::Lang;
use super::message::{Arg, Msg};
use super::number::Number;

/// `{summary: [text], texts: [text], tables: {key: [{column key: value}]}, charts: [chart],
/// notices: [{kind, text}], sentences: [{id, text, values: {name: value}}]}`.
///
/// `sentences` are those of the summary, the texts, the tables' notes, the charts' captions and the
/// notices again, with the numbers that are rounded in them.
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
        "sentences": sentences(report).into_iter().map(|m| sentence(m, lang)).collect::<Vec<_>>(),
    })
}

fn sentences(report: &Report) -> Vec<&Msg> {
    let mut all: Vec<&Msg> = report.summary.iter().collect();
    in_blocks(&report.blocks, &mut all);
    all.extend(report.notices.iter().map(|n| &n.text));
    all.retain(|m| !m.id.is_empty());
    all
}

fn in_blocks<'a>(blocks: &'a [Block], all: &mut Vec<&'a Msg>) {
    for block in blocks {
        match block {
            Block::Text(m) => all.push(m),
            Block::Table(t) => all.extend(&t.notes),
            Block::Chart(c) => all.extend(&c.caption),
            Block::Group(_, inner) => in_blocks(inner, all),
        }
    }
}

fn sentence(msg: &Msg, lang: Lang) -> Value {
    let values: Map<_, _> = msg
        .args
        .iter()
        .map(|(name, arg)| (name.to_string(), argument(arg, lang)))
        .collect();
    json!({"id": msg.id, "text": msg.text(lang), "values": values})
}

fn argument(arg: &Arg, lang: Lang) -> Value {
    match arg {
        Arg::Text(s) => Value::String(s.clone()),
        Arg::Number(v, _) => serde_json::to_value(Number(*v)).unwrap_or(Value::Null),
        Arg::Msg(m) if m.args.is_empty() => Value::String(m.text(lang)),
        Arg::Msg(m) => sentence(m, lang),
        Arg::List(items) => items.iter().map(|a| argument(a, lang)).collect(),
    }
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
