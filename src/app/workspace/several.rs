//! Several files that may be one table.

use crate::engine::protocol::Failure;
use crate::report::Msg;
use crate::table::FileFormat;
use crate::table::csv::Preview;

/// Endings of files that may be put one below the other; workbooks and notebooks may not.
const TEXTS: [&str; 9] = [
    ".csv", ".tsv", ".tab", ".txt", ".dat", ".csv.gz", ".tsv.gz", ".txt.gz", ".gz",
];

/// Whether files of these names may be one table: more than one, all of them text.
pub(super) fn may_be_one(names: &[String]) -> bool {
    let is_text = |name: &String| {
        let name = name.to_lowercase();
        TEXTS.iter().any(|ending| name.ends_with(ending))
    };
    names.len() > 1 && names.iter().all(is_text)
}

/// Whether all files were understood and have the same columns, in whatever order.
pub(super) fn are_alike(found: &[Result<(Preview, Vec<Msg>), Failure>]) -> bool {
    let columns = |preview: &Preview| {
        let is_text = preview.understood.file.format == FileFormat::Csv;
        let all = &preview.understood.columns;
        let mut names: Vec<String> = all.iter().map(|c| c.source_name.clone()).collect();
        names.sort();
        is_text.then_some(names)
    };
    let mut all = found
        .iter()
        .map(|one| one.as_ref().ok().and_then(|(preview, _)| columns(preview)));
    let Some(Some(first)) = all.next() else {
        return false;
    };
    all.all(|names| names.as_ref() == Some(&first))
}

/// What the names of several files have in common at their beginning, or the first one's name:
/// `sales_2024-01.csv` and `sales_2024-02.csv` are `sales`.
pub(super) fn common_name(names: &[String]) -> String {
    let first = names.first().cloned().unwrap_or_default();
    let stem = |name: &str| name.split('.').next().unwrap_or_default().to_owned();
    let mut common = stem(&first);
    for name in names {
        let name = stem(name);
        let pairs = common.chars().zip(name.chars());
        let n = pairs.take_while(|(a, b)| a == b).count();
        common = common.chars().take(n).collect();
    }
    // A number that is cut through says nothing.
    let all_end = names.iter().all(|name| stem(name) == common);
    let is_part = |c: char| !c.is_alphanumeric();
    let common = match all_end {
        true => common.as_str(),
        false => common.trim_end_matches(|c: char| c.is_ascii_digit() || is_part(c)),
    };
    let whole: &str = common;
    match whole.chars().filter(|c| c.is_alphanumeric()).count() {
        0 | 1 => first,
        _ => whole.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn texts_may_be_one() {
        let check = |text: &str, expected| assert_eq!(may_be_one(&names(text)), expected, "{text}");
        check("a.csv", false);
        check("a.csv b.CSV", true);
        check("a.csv b.tsv c.csv.gz", true);
        check("a.csv b.xlsx", false);
        check("a.csv b.jari.json", false);
    }

    #[test]
    fn what_names_have_in_common() {
        let check = |text: &str, expected: &str| {
            assert_eq!(common_name(&names(text)), expected, "{text}");
        };
        check("sales_jan.csv sales_feb.csv", "sales");
        check("sales_2024-01.csv sales_2024-02.csv", "sales");
        check("매출_1월.csv 매출_2월.csv", "매출");
        check("orders1.csv orders2.csv orders10.csv", "orders");
        check("a.csv b.csv", "a.csv");
        check("2024-01.csv 2024-02.csv", "2024-01.csv");
        check("same.csv same.csv", "same");
    }
}
