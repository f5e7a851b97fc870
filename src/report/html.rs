//! A report as HTML: a fragment for one report, and a whole document that stands alone.

use super::block::{Block, NoticeKind, Report, TableBlock};
use super::chart::Chart;
use super::locale::Lang;

/// The report as an HTML fragment. `draw` makes SVGs of charts that stand
/// in rows of so many.
pub fn html(report: &Report, lang: Lang, draw: &dyn Fn(&[Chart], usize) -> Drawn) -> String {
    let mut out = String::new();
    whole(report, lang, draw, 3, &mut out);
    out
}

fn whole(
    report: &Report,
    lang: Lang,
    draw: &dyn Fn(&[Chart], usize) -> Drawn,
    level: usize,
    out: &mut String,
) {
    for (i, line) in report.summary.iter().enumerate() {
        let class = if i == 0 { "answer" } else { "also" };
        out.push_str(&format!(
            "<p class=\"{class}\">{}</p>\n",
            escape(&line.text(lang))
        ));
    }
    blocks(&report.blocks, lang, draw, level, out);
    for notice in &report.notices {
        let class = if notice.kind == NoticeKind::Warning {
            "warning"
        } else {
            "note"
        };
        out.push_str(&format!(
            "<p class=\"{class}\">{}</p>\n",
            escape(&notice.text.text(lang))
        ));
    }
}

/// Charts as SVG.
#[derive(Clone, Debug, Default)]
pub struct Drawn {
    /// The names of series that charts share; empty when each names its own.
    pub legend: String,
    pub charts: Vec<String>,
}

/// A document that stands alone: no script, no request.
pub struct Document<'a> {
    pub title: &'a str,
    pub lang: Lang,
    /// HTML fragments in order.
    pub parts: Vec<String>,
}

impl Document<'_> {
    pub fn html(&self) -> String {
        format!(
            "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n{}</main>\n</body>\n</html>\n",
            self.lang.tag(),
            escape(self.title),
            self.parts.join("\n"),
        )
    }
}

/// Text that may stand in HTML, in attributes too.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

const STYLE: &str = "body{margin:0;color:#1d2327;background:#fff;font:16px/1.55 system-ui,Pretendard,'Apple SD Gothic Neo','Malgun Gothic','Noto Sans KR',sans-serif;word-break:keep-all}main{max-width:860px;margin:40px auto;padding:0 20px}.answer{font-size:1.2em}.note,.warning{color:#555;font-size:14px;border-left:3px solid #ccc;padding-left:10px}.warning{border-color:#d55e00}table{border-collapse:collapse;font-size:14px;font-variant-numeric:tabular-nums;margin:16px 0}caption{text-align:left;font-weight:600;padding-bottom:4px}th,td{padding:4px 12px 4px 0;border-bottom:1px solid #e4e4e4;text-align:left}.num{text-align:right}figure{margin:16px 0}.keys{display:flex;flex-wrap:wrap;gap:4px 16px;font-size:13px;margin:12px 0 4px}.keys i{display:inline-block;width:9px;height:9px;margin-right:6px}.grid{display:grid;gap:12px;margin:16px -8px}.grid figure{margin:0;min-width:0}.grid svg{width:100%}figcaption{font-size:13px;color:#555}svg{max-width:100%;height:auto}";

fn blocks(
    blocks: &[Block],
    lang: Lang,
    draw: &dyn Fn(&[Chart], usize) -> Drawn,
    level: usize,
    out: &mut String,
) {
    for block in blocks {
        match block {
            Block::Text(m) => out.push_str(&format!("<p>{}</p>\n", escape(&m.text(lang)))),
            Block::Table(t) => table(t, lang, out),
            Block::Chart(c) => {
                let caption = c.caption.as_ref().map_or(String::new(), |m| {
                    format!("<figcaption>{}</figcaption>", escape(&m.text(lang)))
                });
                out.push_str(&format!(
                    "<figure>{}{caption}</figure>\n",
                    draw(std::slice::from_ref(c), 1).charts.concat()
                ));
            }
            Block::Grid(grid) => {
                let drawn = draw(&grid.charts, grid.n_columns);
                out.push_str(&drawn.legend);
                out.push_str(&format!(
                    "<div class=\"grid\" style=\"grid-template-columns:repeat({},1fr)\">\n",
                    grid.n_columns.max(1)
                ));
                drawn.charts.iter().for_each(|chart| {
                    out.push_str(&format!("<figure>{chart}</figure>\n"));
                });
                out.push_str("</div>\n");
            }
            Block::Group(title, inner) => {
                let h = level.min(6);
                out.push_str(&format!("<h{h}>{}</h{h}>\n", escape(&title.text(lang))));
                self::blocks(inner, lang, draw, level + 1, out);
            }
            Block::ByGroup(group) => {
                let h = level.min(6);
                out.push_str(&format!(
                    "<h{h}>{}</h{h}>\n",
                    escape(&group.title.text(lang))
                ));
                if let Some(error) = &group.error {
                    let error = escape(&error.text(lang));
                    out.push_str(&format!("<p class=\"warning\">{error}</p>\n"));
                }
                whole(&group.report, lang, draw, level + 1, out);
            }
        }
    }
}

fn table(t: &TableBlock, lang: Lang, out: &mut String) {
    let class = |j: usize| {
        if t.rows.iter().any(|r| r[j].is_number()) {
            " class=\"num\""
        } else {
            ""
        }
    };
    out.push_str(&format!(
        "<table><caption>{}</caption><thead><tr>",
        escape(&t.title.text(lang))
    ));
    for (j, head) in t.columns.iter().enumerate() {
        out.push_str(&format!(
            "<th scope=\"col\"{}>{}</th>",
            class(j),
            escape(&head.title.text(lang))
        ));
    }
    out.push_str("</tr></thead><tbody>");
    for row in &t.rows {
        out.push_str("<tr>");
        for (j, cell) in row.iter().enumerate() {
            out.push_str(&format!(
                "<td{}>{}</td>",
                class(j),
                escape(&cell.text(&t.columns[j], lang))
            ));
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table>\n");
    for note in &t.notes {
        out.push_str(&format!(
            "<p class=\"note\">{}</p>\n",
            escape(&note.text(lang))
        ));
    }
}
