//! A report as JSON for machines: every number at full precision under stable names.

use serde_json::{Map, Value, json};

use super::block::{Block, ByGroup, Cell, Report, TableBlock};
use super::locale::Lang;
use super::message::{Arg, Msg};
use super::number::Number;

/// `{summary: [text], texts: [text], tables: {key: [{column key: value}]}, charts: [chart],
/// notices: [{kind, text}], sentences: [{id, text, values: {name: value}}]}`.
///
/// `sentences` are those of the summary, the texts, the tables' notes, the charts' captions and the
/// notices again, with the numbers that are rounded in them.
/// A report of a run by group has `groups` too, an entry for each in their order: `{by: {column: value or
/// null}, rows, error: null or text, …}` and all of the above as the analysis said it of the group's rows,
/// which then is not above.
/// Missing numbers are `null`; infinite ones `"inf"` and `"-inf"`. Sentences are in `lang`, numbers
/// and names do not depend on it.
pub fn json(report: &Report, lang: Lang) -> Value {
    let groups: Vec<&ByGroup> = report
        .blocks
        .iter()
        .filter_map(|block| match block {
            Block::ByGroup(group) => Some(&**group),
            _ => None,
        })
        .collect();
    if groups.is_empty() {
        return plain(report, lang);
    }
    let is_own = |block: &&Block| !matches!(block, Block::ByGroup(_));
    let own = Report {
        summary: report.summary.clone(),
        blocks: report.blocks.iter().filter(is_own).cloned().collect(),
        notices: report.notices.clone(),
    };
    let mut all = plain(&own, lang);
    all["groups"] = groups.into_iter().map(|g| of_group(g, lang)).collect();
    all
}

fn of_group(group: &ByGroup, lang: Lang) -> Value {
    let by: Map<_, _> = group
        .by
        .iter()
        .map(|(column, value)| (column.clone(), json!(value)))
        .collect();
    let mut entry = json!({
        "by": by,
        "rows": group.n_rows,
        "error": group.error.as_ref().map(|m| m.text(lang)),
    });
    let prefix = format!("{}_", group.key);
    let said = json(&group.report.clone().without_keys_after(&prefix), lang);
    if let (Value::Object(entry), Value::Object(said)) = (&mut entry, said) {
        entry.extend(said);
    }
    entry
}

fn plain(report: &Report, lang: Lang) -> Value {
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
            Block::Grid(grid) => all.extend(grid.charts.iter().filter_map(|c| c.caption.as_ref())),
            Block::Group(_, inner) => in_blocks(inner, all),
            Block::ByGroup(group) => all.extend(sentences(&group.report)),
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
