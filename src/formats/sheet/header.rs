//! Where a sheet's table begins, and what its columns are called.

use std::collections::BTreeMap;

use super::super::cells::Cell;
use super::Merge;
use super::book::Shown;
use crate::table::csv::ImportOptions;

/// A row near the top, with values in some cells.
#[derive(Clone, Debug)]
pub(super) struct HeadRow {
    /// Counted from 0.
    pub number: u32,
    pub cells: Vec<(u32, Cell<'static>, Shown)>,
}

/// The header of a sheet's table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Header {
    /// Its first and last row, counted from 0; `None` when the sheet begins with values.
    rows: Option<(u32, u32)>,
    /// The first row that may hold values.
    after: u32,
    names: BTreeMap<u32, String>,
}

impl Header {
    pub fn is_there(&self) -> bool {
        self.rows.is_some()
    }

    /// The last row, counted from 1.
    pub fn last_row(&self) -> Option<u32> {
        self.rows.map(|(_, last)| last + 1)
    }

    pub fn n_rows(&self) -> Option<u32> {
        self.rows.map(|(first, last)| last - first + 1)
    }

    /// The first row, counted from 0, that may hold values.
    pub fn after_row(&self) -> u32 {
        self.after
    }

    pub fn name(&self, column: u32) -> Option<String> {
        self.names.get(&column).cloned()
    }

    pub fn first_column(&self) -> u32 {
        self.names.keys().next().copied().unwrap_or(0)
    }

    /// One past the last column that has a name.
    pub fn end_column(&self) -> u32 {
        self.names.keys().next_back().map_or(0, |k| k + 1)
    }
}

/// At most so many rows make a header.
const MOST_ROWS: usize = 6;

/// Finds the header among the first rows, or takes the one that `options` name.
///
/// The first row that is filled at least half as far as the fullest is the header or the first row
/// of values; titles above a table are narrower. It is a header unless it looks like the rows below
/// it. A header goes on over the next row where one of its cells is merged over several columns.
pub(super) fn find_header(rows: &[HeadRow], merges: &[Merge], options: &ImportOptions) -> Header {
    let told_rows = options.header_rows.map(|n| n.clamp(1, 100));
    if options.has_header == Some(false) {
        let after = options.header_row.unwrap_or(0);
        return Header {
            after,
            ..Header::default()
        };
    }
    if let Some(last) = options.header_row {
        let last = last.max(1) - 1;
        let first = last.saturating_sub(told_rows.unwrap_or(1) - 1);
        return named(rows, merges, first, last);
    }
    let width = |row: &HeadRow| filled(row, merges).len();
    let widest = rows.iter().map(width).max().unwrap_or(0);
    let Some(start) = rows.iter().position(|row| width(row) * 2 >= widest.max(1)) else {
        return Header::default();
    };
    let is_asked_for = options.has_header == Some(true) || told_rows.is_some();
    let mut end = start;
    match told_rows {
        Some(n) => end = (start + n as usize - 1).min(rows.len() - 1),
        None => {
            while end + 2 < rows.len() && end - start + 1 < MOST_ROWS && goes_on(rows, end, merges)
            {
                end += 1;
            }
        }
    }
    if !is_asked_for && end == start && !looks_like_header(&rows[end], &rows[end + 1..]) {
        let after = rows[start].number;
        return Header {
            after,
            ..Header::default()
        };
    }
    named(rows, merges, rows[start].number, rows[end].number)
}

/// Whether the header that has row `k` goes on in the next row: a cell spans columns which the next
/// row names apart, all in text.
fn goes_on(rows: &[HeadRow], k: usize, merges: &[Merge]) -> bool {
    let (row, next) = (&rows[k], &rows[k + 1]);
    let spans = |m: &&Merge| {
        let is_here = m.rows.0 <= row.number && row.number <= m.rows.1;
        is_here && m.rows.1 < next.number && m.columns.0 < m.columns.1
    };
    let named_apart = |m: &Merge| {
        let below = next.cells.iter().filter(|(_, cell, _)| !cell.is_blank());
        below
            .filter(|(c, _, _)| (m.columns.0..=m.columns.1).contains(c))
            .count()
            > 1
    };
    let is_text = |cell: &Cell| matches!(cell, Cell::Text(_)) || is_year(cell) || cell.is_blank();
    next.cells.iter().all(|(_, cell, _)| is_text(cell))
        && merges.iter().filter(spans).any(named_apart)
}

/// The names that the rows from `first` to `last` give: what stands above one another, from the top,
/// merged cells at each of their columns, the same word once.
fn named(rows: &[HeadRow], merges: &[Merge], first: u32, last: u32) -> Header {
    let mut names: BTreeMap<u32, String> = BTreeMap::new();
    let within = rows.iter().filter(|r| (first..=last).contains(&r.number));
    for row in within {
        let is_lowest = row.number == last;
        let mut parts: BTreeMap<u32, String> = BTreeMap::new();
        for (column, cell, _) in row.cells.iter().filter(|(_, cell, _)| !cell.is_blank()) {
            let merge = merges
                .iter()
                .find(|m| m.rows.0 == row.number && m.columns.0 == *column);
            let span = merge.map_or((*column, *column), |m| m.columns);
            for c in span.0..=span.1.min(span.0 + 16_384) {
                parts.insert(c, cell.text().trim().to_owned());
            }
        }
        // Where nothing is merged, a word of an upper row stands for the columns right of it.
        let any_merge = merges.iter().any(|m| m.rows.0 == row.number);
        if !is_lowest && !any_merge {
            let end = rows
                .iter()
                .flat_map(|r| r.cells.last())
                .map(|(c, _, _)| *c)
                .max();
            let mut word = None;
            for c in 0..=end.unwrap_or(0) {
                match parts.get(&c) {
                    Some(part) => word = Some(part.clone()),
                    None => {
                        word.clone().map(|w| parts.insert(c, w));
                    }
                }
            }
        }
        for (column, part) in parts {
            let name = names.entry(column).or_default();
            let is_known = name.split(' ').next_back() == Some(&part) || *name == part;
            if !name.is_empty() && !is_known {
                name.push(' ');
            }
            if !is_known {
                name.push_str(&part);
            }
        }
    }
    Header {
        rows: Some((first, last)),
        after: last + 1,
        names,
    }
}

/// The columns with a value, merged cells counted at each of theirs.
fn filled(row: &HeadRow, merges: &[Merge]) -> Vec<u32> {
    let mut columns: Vec<u32> = Vec::new();
    for (column, _, _) in row.cells.iter().filter(|(_, cell, _)| !cell.is_blank()) {
        columns.push(*column);
    }
    // A title merged over the whole table is one value.
    if columns.len() > 1 {
        let here = merges
            .iter()
            .filter(|m| m.rows.0 <= row.number && row.number <= m.rows.1);
        for merge in here.filter(|m| m.columns.1 - m.columns.0 < 16_384) {
            columns.extend(merge.columns.0..=merge.columns.1);
        }
        columns.sort_unstable();
        columns.dedup();
    }
    columns
}

/// A row of nothing but numbers and dates is no header. Nor is one with such a cell above a column
/// that holds them too, unless another column shows the contrast of a word above numbers, or of a
/// year above numbers that are none.
fn looks_like_header(row: &HeadRow, below: &[HeadRow]) -> bool {
    let filled: Vec<&(u32, Cell, Shown)> =
        row.cells.iter().filter(|(_, c, _)| !c.is_blank()).collect();
    if filled.is_empty() || filled.iter().all(|(_, cell, _)| is_typed(cell)) {
        return false;
    }
    let (mut contrast, mut same) = (0, 0);
    for (column, cell, _) in filled {
        let under = below
            .iter()
            .flat_map(|r| r.cells.iter().find(|(c, _, _)| c == column));
        let values: Vec<&Cell> = under.map(|(_, c, _)| c).filter(|c| !c.is_blank()).collect();
        let typed = !values.is_empty() && values.iter().all(|c| is_typed(c));
        let any_other = values.iter().any(|c| !is_year(c));
        match (is_typed(cell), typed) {
            (true, true) if is_year(cell) && any_other => contrast += 1,
            (false, true) => contrast += 1,
            (true, true) => same += 1,
            _ => {}
        }
    }
    contrast > 0 || same == 0
}

/// Numbers, dates and truth values, and text that is a number.
fn is_typed(cell: &Cell) -> bool {
    match cell {
        Cell::Text(s) => s.trim().parse::<f64>().is_ok(),
        Cell::Empty | Cell::Error(_) => false,
        _ => true,
    }
}

fn is_year(cell: &Cell) -> bool {
    let year = match cell {
        Cell::Number(x) => *x,
        Cell::Int(x) => *x as f64,
        Cell::Text(s) => s.trim().parse().unwrap_or(0.0),
        _ => return false,
    };
    year.fract() == 0.0 && (1800.0..2100.0).contains(&year)
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    /// Cells of a row: text, or a number when it is one; `_` is empty.
    fn row(number: u32, cells: &str) -> HeadRow {
        let cell = |s: &str| match s {
            "_" => Cell::Empty,
            s => match s.parse() {
                Ok(x) => Cell::Number(x),
                Err(_) => Cell::Text(Cow::Owned(s.to_owned())),
            },
        };
        let cells = (0..).zip(cells.split(' ')).map(|(c, s)| (c, cell(s), None));
        HeadRow {
            number,
            cells: cells.filter(|(_, c, _)| *c != Cell::Empty).collect(),
        }
    }

    fn merge(rows: (u32, u32), columns: (u32, u32)) -> Merge {
        Merge { rows, columns }
    }

    fn check(
        rows: &[&str],
        merges: &[Merge],
        options: &ImportOptions,
        at: Option<(u32, u32)>,
        names: &[&str],
    ) {
        let rows: Vec<HeadRow> = (0..).zip(rows).map(|(i, r)| row(i, r)).collect();
        let rows: Vec<HeadRow> = rows.into_iter().filter(|r| !r.cells.is_empty()).collect();
        let header = find_header(&rows, merges, options);
        assert_eq!(header.rows, at);
        assert_eq!(header.names.values().collect::<Vec<_>>(), names);
    }

    #[test]
    fn headers() {
        let auto = ImportOptions::default();
        let none: &[&str] = &[];
        check(&["a b", "1 2"], &[], &auto, Some((0, 0)), &["a", "b"]);
        check(&["1 2", "3 4"], &[], &auto, None, none);
        check(
            &["Report", "_", "a b c", "1 2 3"],
            &[],
            &auto,
            Some((2, 2)),
            &["a", "b", "c"],
        );
        check(&["a b", "x y"], &[], &auto, Some((0, 0)), &["a", "b"]);
        check(&["Seoul 5", "Busan 6"], &[], &auto, None, none);
        check(
            &["city 2019 2020", "Seoul 1 2"],
            &[],
            &auto,
            Some((0, 0)),
            &["city", "2019", "2020"],
        );
        check(&["a"], &[], &auto, Some((0, 0)), &["a"]);
        let title = [merge((0, 0), (0, 2))];
        check(
            &["Report", "a b c", "1 2 3"],
            &title,
            &auto,
            Some((1, 1)),
            &["a", "b", "c"],
        );
    }

    #[test]
    fn merged_headers() {
        let auto = ImportOptions::default();
        let merges = [
            merge((0, 1), (0, 0)),
            merge((0, 0), (1, 2)),
            merge((0, 0), (3, 4)),
        ];
        let rows = [
            "City Sales _ Cost _",
            "_ 2023 2024 2023 2024",
            "Seoul 1 2 3 4",
            "Busan 5 6 7 8",
        ];
        let names = ["City", "Sales 2023", "Sales 2024", "Cost 2023", "Cost 2024"];
        check(&rows, &merges, &auto, Some((0, 1)), &names);
        let two = ImportOptions {
            header_rows: Some(2),
            ..ImportOptions::default()
        };
        let named = ["City", "Sales 2023", "Sales 2024", "Cost 2023", "Cost 2024"];
        check(
            &[
                "City Sales _ Cost _",
                "City 2023 2024 2023 2024",
                "Seoul 1 2 3 4",
            ],
            &[],
            &two,
            Some((0, 1)),
            &named,
        );
    }

    #[test]
    fn headers_that_were_told() {
        let told = ImportOptions {
            header_row: Some(3),
            ..ImportOptions::default()
        };
        check(
            &["a b", "c d", "e f", "1 2"],
            &[],
            &told,
            Some((2, 2)),
            &["e", "f"],
        );
        let no = ImportOptions {
            has_header: Some(false),
            ..ImportOptions::default()
        };
        check(&["a b", "1 2"], &[], &no, None, &[]);
        let yes = ImportOptions {
            has_header: Some(true),
            ..ImportOptions::default()
        };
        check(&["1 2", "3 4"], &[], &yes, Some((0, 0)), &["1", "2"]);
    }
}
