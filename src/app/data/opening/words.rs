//! What was understood of a file, in words.

use crate::msg;
use crate::report::{Lang, Msg};
use crate::table::csv::{Delimiter, Encoding, Preview};

/// The encodings that can be chosen, the likelier ones first.
pub const ENCODINGS: [&str; 8] = [
    "UTF-8",
    "EUC-KR",
    "UTF-16LE",
    "UTF-16BE",
    "windows-1252",
    "Shift_JIS",
    "GBK",
    "Big5",
];

/// `8,000 rows · 7 columns · Korean (CP949) · comma`.
pub fn summary(preview: &Preview, lang: Lang) -> String {
    let understood = &preview.understood;
    let rows = preview.n_rows_estimate;
    // A file that was read to its end is counted, a longer one is estimated.
    let rows = if rows as usize <= preview.rows.len() || preview.is_whole {
        msg!("app.data.n_rows", "{n} {n|row|rows}", n = rows)
    } else {
        msg!("app.data.about_rows", "about {n} rows", n = rounded(rows))
    };
    let columns = understood.columns.iter().filter(|c| !c.skipped).count();
    let parts = [
        rows,
        msg!("app.data.n_columns", "{n} {n|column|columns}", n = columns),
        encoding(understood.encoding),
        delimiter(understood.delimiter),
    ];
    parts.map(|p| p.text(lang)).join(" · ")
}

pub fn encoding(encoding: Encoding) -> Msg {
    encoding_name(encoding.name())
}

pub fn encoding_name(name: &str) -> Msg {
    match name {
        "EUC-KR" => msg!("app.data.cp949", "Korean (CP949)"),
        "windows-1252" => msg!("app.data.latin", "Western (Latin-1)"),
        "Shift_JIS" => msg!("app.data.japanese", "Japanese (Shift JIS)"),
        "GBK" | "gb18030" => msg!("app.data.chinese", "Chinese (GBK)"),
        "Big5" => msg!("app.data.taiwanese", "Chinese (Big5)"),
        other => Msg::verbatim(other),
    }
}

pub fn delimiter(delimiter: Delimiter) -> Msg {
    match delimiter {
        Delimiter::Comma => msg!("app.data.comma", "comma"),
        Delimiter::Semicolon => msg!("app.data.semicolon", "semicolon"),
        Delimiter::Tab => msg!("app.data.tab", "tab"),
        Delimiter::Pipe => msg!("app.data.pipe", "vertical bar"),
        Delimiter::Spaces => msg!("app.data.spaces", "blanks"),
        Delimiter::Other(byte) => Msg::verbatim(format!("“{}”", char::from(byte))),
    }
}

/// An estimate does not pretend to be a count: three digits.
fn rounded(n: u64) -> u64 {
    let unit = 10_u64.pow(n.max(1).ilog10().saturating_sub(2));
    (n + unit / 2) / unit * unit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn estimates_have_three_digits() {
        let check = |n, expected| assert_eq!(rounded(n), expected);
        check(0, 0);
        check(999, 999);
        check(8_004, 8_000);
        check(336_776, 337_000);
    }

    #[test]
    fn encodings_can_be_chosen() {
        for name in ENCODINGS {
            assert_eq!(Encoding::from_label(name).map(Encoding::name), Some(name));
        }
    }
}
