//! A table of results as text for spreadsheets, documents and files; a PNG's resolution.

use crate::report::{Cell, Format, Lang, TableBlock, escape, format_number};

/// As people read it, cells between tabs: what a spreadsheet takes from the clipboard.
pub fn tsv(table: &TableBlock, lang: Lang) -> String {
    let clean = |s: String| s.replace(['\t', '\n', '\r'], " ");
    let mut lines = vec![heads(table, lang).map(clean).collect::<Vec<_>>()];
    lines.extend(table.rows.iter().map(|row| {
        let cells = row.iter().zip(&table.columns);
        cells
            .map(|(cell, head)| clean(plain_sign(cell.text(head, lang), cell)))
            .collect()
    }));
    lines.iter().map(|l| l.join("\t") + "\n").collect()
}

/// As people read it, for documents that take HTML from the clipboard.
pub fn html(table: &TableBlock, lang: Lang) -> String {
    let mut out = format!(
        "<table><caption>{}</caption><thead><tr>",
        escape(&table.title.text(lang))
    );
    for head in heads(table, lang) {
        out.push_str(&format!("<th>{}</th>", escape(&head)));
    }
    out.push_str("</tr></thead><tbody>");
    for row in &table.rows {
        out.push_str("<tr>");
        for (cell, head) in row.iter().zip(&table.columns) {
            let align = if cell.is_number() {
                " align=\"right\""
            } else {
                ""
            };
            out.push_str(&format!(
                "<td{align}>{}</td>",
                escape(&cell.text(head, lang))
            ));
        }
        out.push_str("</tr>");
    }
    out + "</tbody></table>"
}

/// As people read it, as a table of Markdown (GitHub's); its title stands above in bold.
pub fn markdown(table: &TableBlock, lang: Lang) -> String {
    let clean = |s: &str| {
        s.replace('\\', "\\\\")
            .replace('|', "\\|")
            .replace(['\n', '\r'], " ")
    };
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let rule = |numeric: bool| if numeric { "---:" } else { "---" }.to_string();
    let mut out = format!("**{}**\n\n", clean(&table.title.text(lang)));
    out += &line(heads(table, lang).map(|h| clean(&h)).collect());
    out += &line(numeric(table).map(rule).collect());
    for row in &table.rows {
        let cells = row.iter().zip(&table.columns);
        out += &line(cells.map(|(c, head)| clean(&c.text(head, lang))).collect());
    }
    out
}

/// As people read it, for LaTeX with the package booktabs.
pub fn latex(table: &TableBlock, lang: Lang) -> String {
    let line = |cells: Vec<String>| format!("    {} \\\\\n", cells.join(" & "));
    let columns: String = numeric(table).map(|n| if n { 'r' } else { 'l' }).collect();
    let mut out = format!(
        "\\begin{{table}}\n  \\centering\n  \\caption{{{}}}\n  \\begin{{tabular}}{{{columns}}}\n    \\toprule\n",
        in_latex(&table.title.text(lang))
    );
    out += &line(heads(table, lang).map(|h| in_latex(&h)).collect());
    out += "    \\midrule\n";
    for row in &table.rows {
        let cells = row.iter().zip(&table.columns);
        out += &line(
            cells
                .map(|(c, head)| in_latex(&c.text(head, lang)))
                .collect(),
        );
    }
    out + "    \\bottomrule\n  \\end{tabular}\n\\end{table}\n"
}

/// Every number at full precision, as a CSV file (RFC 4180) with a byte order mark, which Excel
/// needs to see Korean. Dates are ISO dates, missing values empty.
pub fn csv(table: &TableBlock, lang: Lang) -> String {
    let mut out = String::from("\u{feff}");
    let mut line = |cells: Vec<String>| {
        out.push_str(
            &cells
                .iter()
                .map(|c| quoted(c))
                .collect::<Vec<_>>()
                .join(","),
        );
        out.push_str("\r\n");
    };
    line(heads(table, lang).collect());
    for row in &table.rows {
        line(
            row.iter()
                .zip(&table.columns)
                .map(|(cell, head)| full(cell, head.format, lang))
                .collect(),
        );
    }
    out
}

/// A file name from words: no characters that a system refuses, no spaces at the ends.
pub fn file_name(words: &[&str], ending: &str) -> String {
    let clean = |word: &&str| -> String {
        let kept = word.chars().map(|c| {
            if c.is_control() || "/\\:*?\"<>|".contains(c) {
                ' '
            } else {
                c
            }
        });
        kept.collect::<String>()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join("_")
    };
    let stem = words
        .iter()
        .map(clean)
        .filter(|w| !w.is_empty())
        .collect::<Vec<_>>()
        .join("-");
    let stem: String = stem.chars().take(80).collect();
    format!("{}.{ending}", if stem.is_empty() { "jari" } else { &stem })
}

/// The PNG with its resolution written in a `pHYs` chunk before its data; anything else unchanged.
pub fn with_resolution(png: &[u8], dots_per_inch: f64) -> Vec<u8> {
    const AFTER_HEADER: usize = 8 + 25;
    if png.len() < AFTER_HEADER || !png.starts_with(b"\x89PNG\r\n\x1a\n") {
        return png.to_vec();
    }
    let per_metre = (dots_per_inch / 0.0254).round() as u32;
    let mut chunk = b"pHYs".to_vec();
    chunk.extend(per_metre.to_be_bytes());
    chunk.extend(per_metre.to_be_bytes());
    chunk.push(1);
    let sum = crc(&chunk);
    let mut out = png[..AFTER_HEADER].to_vec();
    out.extend(9_u32.to_be_bytes());
    out.extend(chunk);
    out.extend(sum.to_be_bytes());
    out.extend(&png[AFTER_HEADER..]);
    out
}

fn heads(table: &TableBlock, lang: Lang) -> impl Iterator<Item = String> + '_ {
    table.columns.iter().map(move |h| h.title.text(lang))
}

/// Whether each column holds numbers.
fn numeric(table: &TableBlock) -> impl Iterator<Item = bool> + '_ {
    (0..table.columns.len()).map(|j| table.rows.iter().any(|row| row[j].is_number()))
}

fn in_latex(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => out.extend(['\\', c]),
            '\\' => out += "\\textbackslash{}",
            '~' => out += "\\textasciitilde{}",
            '^' => out += "\\textasciicircum{}",
            '<' => out += "$<$",
            '>' => out += "$>$",
            '−' => out += "$-$",
            '\n' | '\r' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// Spreadsheets read numbers with a hyphen, not with a minus sign.
fn plain_sign(text: String, cell: &Cell) -> String {
    if cell.is_number() {
        text.replace('−', "-")
    } else {
        text
    }
}

fn full(cell: &Cell, format: Format, lang: Lang) -> String {
    let number = |v: f64, format: Format| match format {
        _ if v.is_nan() => String::new(),
        Format::Date | Format::DateTime if v.is_finite() => format_number(v, format, lang),
        _ if v == f64::INFINITY => "Inf".into(),
        _ if v == f64::NEG_INFINITY => "-Inf".into(),
        _ => format!("{v}"),
    };
    match cell {
        Cell::Empty => String::new(),
        Cell::Number(v) => number(*v, format),
        Cell::Formatted(v, own) => number(*v, *own),
        Cell::Text(s) => s.clone(),
        Cell::Msg(m) => m.text(lang),
    }
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_string()
    }
}

/// The CRC-32 of PNG and zlib (ISO 3309), bit by bit: it runs over 13 bytes.
fn crc(bytes: &[u8]) -> u32 {
    let mut sum = u32::MAX;
    for byte in bytes {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = if sum & 1 == 1 {
                (sum >> 1) ^ 0xEDB8_8320
            } else {
                sum >> 1
            };
        }
    }
    !sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Head, Msg};

    fn table() -> TableBlock {
        let title = |t: &str| Msg::verbatim(t);
        let mut table = TableBlock::new(
            "t",
            title("A & B"),
            vec![
                Head::name("name", title("name, all")),
                Head::new("p", title("p"), Format::PValue),
                Head::new("d", title("day"), Format::Date),
            ],
        );
        table.row(vec![
            "a\tb \"c\"".into(),
            Cell::Number(-0.123456789012345),
            Cell::Number(19_787.0),
        ]);
        table.row(vec![
            Cell::Empty,
            Cell::Formatted(0.25, Format::Percent(0)),
            Cell::Number(f64::NAN),
        ]);
        table
    }

    #[test]
    fn a_table_goes_to_spreadsheets_documents_and_files() {
        let check = |found: String, expected: &str| assert_eq!(found, expected);
        check(
            tsv(&table(), Lang::En),
            "name, all\tp\tday\na b \"c\"\t< 0.001\t2024-03-05\n\t25%\t–\n",
        );
        check(
            csv(&table(), Lang::En),
            "\u{feff}\"name, all\",p,day\r\n\"a\tb \"\"c\"\"\",-0.123456789012345,2024-03-05\r\n,0.25,\r\n",
        );
        check(
            markdown(&table(), Lang::En),
            "**A & B**\n\n| name, all | p | day |\n| --- | ---: | ---: |\n\
             | a\tb \"c\" | < 0.001 | 2024-03-05 |\n|  | 25% | – |\n",
        );
        check(
            latex(&table(), Lang::En),
            "\\begin{table}\n  \\centering\n  \\caption{A \\& B}\n  \\begin{tabular}{lrr}\n    \\toprule\n    \
             name, all & p & day \\\\\n    \\midrule\n    a\tb \"c\" & $<$ 0.001 & 2024-03-05 \\\\\n     & 25\\% & – \\\\\n    \
             \\bottomrule\n  \\end{tabular}\n\\end{table}\n",
        );
        let html = html(&table(), Lang::En);
        assert!(
            html.starts_with("<table><caption>A &amp; B</caption>"),
            "{html}"
        );
        assert!(html.contains("<td align=\"right\">25%</td>"), "{html}");
    }

    #[test]
    fn file_names_are_allowed_everywhere() {
        let check = |words: &[&str], expected: &str| assert_eq!(file_name(words, "csv"), expected);
        check(&["봄 캠페인", "sizes"], "봄_캠페인-sizes.csv");
        check(&["a/b: \"c\"?", ""], "a_b_c.csv");
        check(&["", " "], "jari.csv");
    }

    /// The check value of CRC-32 for "123456789", and the `IEND` chunk's of the PNG specification.
    #[test]
    fn check_sums() {
        assert_eq!(crc(b"123456789"), 0xCBF4_3926);
        assert_eq!(crc(b"IEND"), 0xAE42_6082);
    }

    #[test]
    fn a_png_is_told_its_resolution() {
        let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
        png.extend([0; 25]);
        png.extend(b"rest");
        let with = with_resolution(&png, 300.0);
        assert_eq!(with.len(), png.len() + 21);
        assert_eq!(
            &with[33..46],
            [0, 0, 0, 9, b'p', b'H', b'Y', b's', 0, 0, 0x2E, 0x23, 0]
        );
        assert!(with.ends_with(b"rest"));
        assert_eq!(with_resolution(b"no png", 300.0), b"no png");
    }
}
