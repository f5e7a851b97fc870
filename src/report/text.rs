//! A report as plain text, for the terminal and the golden tests.

use super::block::{Block, Cell, Head, NoticeKind, Report, TableBlock};
use super::chart::{Chart, Mark};
use super::format::format_number;
use super::locale::Lang;
use super::message::Msg;
use crate::msg;

/// The report in `lang`, tables aligned, charts described by their title and marks.
pub fn text(report: &Report, lang: Lang) -> String {
    let mut out = String::new();
    whole(report, lang, 0, &mut out);
    out
}

fn whole(report: &Report, lang: Lang, depth: usize, out: &mut String) {
    for line in &report.summary {
        out.push_str(&line.text(lang));
        out.push('\n');
    }
    blocks(&report.blocks, lang, depth, out);
    for notice in &report.notices {
        let mark = if notice.kind == NoticeKind::Warning {
            "!"
        } else {
            "*"
        };
        out.push_str(&format!("\n{mark} {}\n", notice.text.text(lang)));
    }
}

impl Cell {
    /// The cell as people read it under `head`.
    pub fn text(&self, head: &Head, lang: Lang) -> String {
        match self {
            Cell::Empty => String::new(),
            Cell::Number(v) => format_number(*v, head.format, lang),
            Cell::Formatted(v, f) => format_number(*v, *f, lang),
            Cell::Text(s) => s.clone(),
            Cell::Msg(m) => m.text(lang),
        }
    }

    pub fn is_number(&self) -> bool {
        matches!(self, Cell::Number(_) | Cell::Formatted(..))
    }
}

fn blocks(blocks: &[Block], lang: Lang, depth: usize, out: &mut String) {
    for block in blocks {
        out.push('\n');
        match block {
            Block::Text(m) => out.push_str(&format!("{}\n", m.text(lang))),
            Block::Table(t) => table(t, lang, out),
            Block::Chart(c) => chart(c, lang, out),
            Block::Grid(grid) => grid.charts.iter().for_each(|c| chart(c, lang, out)),
            Block::Group(title, inner) => {
                out.push_str(&format!("{} {}\n", "#".repeat(depth + 2), title.text(lang)));
                self::blocks(inner, lang, depth + 1, out);
            }
            Block::ByGroup(group) => {
                let title = group.title.text(lang);
                out.push_str(&format!("{} {title}\n", "#".repeat(depth + 2)));
                if let Some(error) = &group.error {
                    out.push_str(&format!("! {}\n", error.text(lang)));
                }
                whole(&group.report, lang, depth + 1, out);
            }
        }
    }
}

fn table(t: &TableBlock, lang: Lang, out: &mut String) {
    let heads: Vec<String> = t.columns.iter().map(|h| h.title.text(lang)).collect();
    let rows: Vec<Vec<String>> = t
        .rows
        .iter()
        .map(|r| {
            r.iter()
                .zip(&t.columns)
                .map(|(c, h)| c.text(h, lang))
                .collect()
        })
        .collect();
    let right: Vec<bool> = (0..heads.len())
        .map(|j| t.rows.iter().any(|r| r[j].is_number()))
        .collect();
    let widths: Vec<usize> = (0..heads.len())
        .map(|j| {
            rows.iter()
                .map(|r| width(&r[j]))
                .chain([width(&heads[j])])
                .max()
                .unwrap_or(0)
        })
        .collect();
    out.push_str(&format!("{}\n", t.title.text(lang)));
    let mut line = |cells: &[String]| {
        let padded: Vec<String> = cells
            .iter()
            .enumerate()
            .map(|(j, c)| {
                let gap = " ".repeat(widths[j] - width(c));
                if right[j] {
                    format!("{gap}{c}")
                } else {
                    format!("{c}{gap}")
                }
            })
            .collect();
        out.push_str(padded.join("  ").trim_end());
        out.push('\n');
    };
    let rule: Vec<String> = widths.iter().map(|&w| "─".repeat(w)).collect();
    line(&heads);
    line(&rule);
    rows.iter().for_each(|r| line(r));
    for note in &t.notes {
        out.push_str(&format!("  {}\n", note.text(lang)));
    }
}

fn chart(c: &Chart, lang: Lang, out: &mut String) {
    let axes = [c.x.title.text(lang), c.y.title.text(lang)];
    let axes: Vec<&str> = axes
        .iter()
        .map(String::as_str)
        .filter(|t| !t.is_empty())
        .collect();
    out.push_str(format!("[{}] {}", c.title.text(lang), axes.join(" / ")).trim_end());
    out.push('\n');
    for mark in &c.marks {
        out.push_str(&format!("  {}\n", drawn(mark).text(lang)));
    }
    if let Some(caption) = &c.caption {
        out.push_str(&format!("  {}\n", caption.text(lang)));
    }
}

/// What a mark draws, and how much of it.
fn drawn(mark: &Mark) -> Msg {
    match mark {
        Mark::Points { x, .. } => msg!("report.points", "{n} {n|point|points}", n = x.len()),
        Mark::Line { x, .. } => msg!("report.line", "a line of {n} {n|point|points}", n = x.len()),
        Mark::Bars { from, .. } => msg!("report.bars", "{n} {n|bar|bars}", n = from.len()),
        Mark::Intervals { at, .. } => {
            msg!(
                "report.intervals",
                "{n} {n|interval|intervals}",
                n = at.len()
            )
        }
        Mark::Band { x, .. } => msg!("report.band", "a band of {n} {n|point|points}", n = x.len()),
        Mark::Area { x, .. } => msg!(
            "report.area",
            "an area of {n} {n|point|points}",
            n = x.len()
        ),
        Mark::Boxes { at, .. } => msg!("report.boxes", "{n} {n|box|boxes}", n = at.len()),
        Mark::Violin { value, .. } => msg!(
            "report.violin",
            "a violin of {n} {n|point|points}",
            n = value.len()
        ),
        Mark::Bubbles { x, .. } => {
            msg!("report.bubbles", "{n} {n|bubble|bubbles}", n = x.len())
        }
        Mark::Rule { value, .. } => msg!("report.rule", "a rule at {value}", value = *value),
        Mark::Density { counts, .. } => {
            msg!(
                "report.counts",
                "counts on {n} {n|field|fields}",
                n = counts.len()
            )
        }
        Mark::Tiles { value, .. } => {
            msg!("report.tiles", "{n} {n|tile|tiles}", n = value.len())
        }
    }
}

/// Columns of a terminal that `text` takes: Hangul and other wide letters take two.
fn width(text: &str) -> usize {
    text.chars().map(|c| if matches!(c, '\u{1100}'..='\u{115F}' | '\u{2E80}'..='\u{A4CF}' | '\u{AC00}'..='\u{D7A3}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FF60}') { 2 } else { 1 }).sum()
}
