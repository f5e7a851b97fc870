//! What is different when a table's file is read anew: next month's export in the place of this one's.

use serde::{Deserialize, Serialize};

use super::columns::{ColumnInfo, TableInfo};
use crate::msg;
use crate::report::Msg;
use crate::table::{ColumnKind, Measure};

/// Most levels that a sentence names.
const MOST_NAMED: usize = 8;

/// What changed from one reading of a table to the next, columns taken for the same by their name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Changes {
    pub n_rows_before: usize,
    pub n_rows_after: usize,
    /// Columns that are no longer there, in the order they had.
    pub gone: Vec<String>,
    /// Columns that were not there, in their order.
    pub new: Vec<String>,
    /// Columns of another kind than before.
    pub kinds: Vec<KindChange>,
    /// Columns of the same kind that measure something else.
    pub measures: Vec<MeasureChange>,
    /// Columns whose groups are not the same.
    pub levels: Vec<LevelChange>,
    /// Whether the columns that stayed come in another order.
    pub is_reordered: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KindChange {
    pub column: String,
    pub from: ColumnKind,
    pub to: ColumnKind,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MeasureChange {
    pub column: String,
    pub from: Measure,
    pub to: Measure,
}

/// Levels that came and went; known of columns with at most [`ColumnInfo::MAX_LEVELS`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LevelChange {
    pub column: String,
    pub new: Vec<String>,
    pub gone: Vec<String>,
}

impl Changes {
    pub fn of(before: &TableInfo, after: &TableInfo) -> Self {
        let mut changes = Self {
            n_rows_before: before.n_rows,
            n_rows_after: after.n_rows,
            gone: missing_from(&before.columns, &after.columns),
            new: missing_from(&after.columns, &before.columns),
            ..Self::default()
        };
        let mut places = Vec::new();
        for old in &before.columns {
            let place = after.columns.iter().position(|c| c.name == old.name);
            if let Some(place) = place {
                places.push(place);
                changes.compare(old, &after.columns[place]);
            }
        }
        changes.is_reordered = !places.is_sorted();
        changes
    }

    /// Whether nothing but the values can be different.
    pub fn is_empty(&self) -> bool {
        let same = Self {
            n_rows_before: self.n_rows_before,
            n_rows_after: self.n_rows_before,
            ..Self::default()
        };
        *self == same
    }

    /// The changes as sentences, the rows first.
    pub fn sentences(&self) -> Vec<Msg> {
        let mut out = vec![self.rows()];
        if !self.gone.is_empty() {
            out.push(msg!(
                "changes.gone",
                "{columns} {columns|is|are} no longer there.",
                columns = self.gone.clone()
            ));
        }
        if !self.new.is_empty() {
            out.push(msg!(
                "changes.new",
                "{columns} {columns|is|are} new.",
                columns = self.new.clone()
            ));
        }
        out.extend(self.kinds.iter().map(|change| {
            msg!(
                "changes.kind",
                "“{column}” held {from} and now holds {to}.",
                column = &change.column,
                from = kind_words(change.from),
                to = kind_words(change.to)
            )
        }));
        out.extend(self.measures.iter().map(|change| {
            msg!(
                "changes.measure",
                "“{column}” is now taken for {to}, not {from}.",
                column = &change.column,
                from = measure_words(change.from),
                to = measure_words(change.to)
            )
        }));
        for change in &self.levels {
            if !change.new.is_empty() {
                out.push(msg!(
                    "changes.new_levels",
                    "“{column}” has {n} new {n|value|values}: {levels}.",
                    column = &change.column,
                    n = change.new.len(),
                    levels = named(&change.new)
                ));
            }
            if !change.gone.is_empty() {
                out.push(msg!(
                    "changes.gone_levels",
                    "“{column}” lacks {n} {n|value|values} that it had: {levels}.",
                    column = &change.column,
                    n = change.gone.len(),
                    levels = named(&change.gone)
                ));
            }
        }
        if self.is_reordered {
            out.push(msg!("changes.order", "The columns come in another order."));
        }
        out
    }

    fn compare(&mut self, old: &ColumnInfo, new: &ColumnInfo) {
        let column = || new.name.clone();
        if old.kind != new.kind {
            self.kinds.push(KindChange {
                column: column(),
                from: old.kind,
                to: new.kind,
            });
        } else if old.measure != new.measure {
            self.measures.push(MeasureChange {
                column: column(),
                from: old.measure,
                to: new.measure,
            });
        }
        // Groups of numbers come and go with every file.
        let is_named = |c: &ColumnInfo| c.kind == ColumnKind::Category;
        if let (Some(was), Some(is)) = (&old.levels, &new.levels)
            && is_named(old)
            && is_named(new)
        {
            let only = |these: &[String], those: &[String]| -> Vec<String> {
                these
                    .iter()
                    .filter(|l| !those.contains(l))
                    .cloned()
                    .collect()
            };
            let change = LevelChange {
                column: column(),
                new: only(is, was),
                gone: only(was, is),
            };
            if !change.new.is_empty() || !change.gone.is_empty() {
                self.levels.push(change);
            }
        }
    }

    fn rows(&self) -> Msg {
        let (before, after) = (self.n_rows_before, self.n_rows_after);
        match after.cmp(&before) {
            std::cmp::Ordering::Greater => msg!(
                "changes.more_rows",
                "{n} {n|row|rows}, {more} more than before.",
                n = after,
                more = after - before
            ),
            std::cmp::Ordering::Less => msg!(
                "changes.fewer_rows",
                "{n} {n|row|rows}, {fewer} fewer than before.",
                n = after,
                fewer = before - after
            ),
            std::cmp::Ordering::Equal => msg!(
                "changes.same_rows",
                "{n} {n|row|rows}, as many as before.",
                n = after
            ),
        }
    }
}

/// Names of columns of `these` that `those` do not have.
fn missing_from(these: &[ColumnInfo], those: &[ColumnInfo]) -> Vec<String> {
    let is_there = |name: &String| those.iter().any(|c| c.name == *name);
    let names = these.iter().map(|c| &c.name);
    names.filter(|name| !is_there(name)).cloned().collect()
}

/// The first few, and a sign for the others.
fn named(levels: &[String]) -> Vec<String> {
    let mut named: Vec<String> = levels.iter().take(MOST_NAMED).cloned().collect();
    if levels.len() > MOST_NAMED {
        named.push("…".to_owned());
    }
    named
}

/// What a kind of column holds, in words.
pub fn kind_words(kind: ColumnKind) -> Msg {
    match kind {
        ColumnKind::Float => msg!("kind.float", "decimal numbers"),
        ColumnKind::Int => msg!("kind.int", "whole numbers"),
        ColumnKind::Bool => msg!("kind.bool", "true or false"),
        ColumnKind::Date => msg!("kind.date", "dates"),
        ColumnKind::DateTime => msg!("kind.date_time", "dates with times"),
        ColumnKind::Time => msg!("kind.time", "times of day"),
        ColumnKind::Category => msg!("kind.category", "categories"),
        ColumnKind::Text => msg!("kind.text", "text"),
    }
}

fn measure_words(measure: Measure) -> Msg {
    match measure {
        Measure::Nominal => msg!("measure.nominal", "groups without order"),
        Measure::Ordinal => msg!("measure.ordinal", "groups in order"),
        Measure::Scale => msg!("measure.scale", "quantities"),
        Measure::Time => msg!("measure.time", "points in time"),
        Measure::Id => msg!("measure.id", "names of rows"),
        Measure::Text => msg!("measure.text", "free text"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Lang;
    use crate::table::{Column, Table};

    fn info(columns: Vec<Column>) -> TableInfo {
        TableInfo::of(&Table::new(columns).unwrap())
    }

    fn words(name: &str, cells: &[&str]) -> Column {
        let mut levels: Vec<String> = cells.iter().map(|c| (*c).to_owned()).collect();
        levels.sort();
        levels.dedup();
        let code = |c: &&str| levels.iter().position(|l| l == c).unwrap() as i32;
        Column::category(name, cells.iter().map(code).collect(), levels)
    }

    fn check(before: Vec<Column>, after: Vec<Column>, expected: &[&str]) {
        let changes = Changes::of(&info(before), &info(after));
        let said: Vec<String> = changes
            .sentences()
            .iter()
            .map(|m| m.text(Lang::En))
            .collect();
        assert_eq!(said, expected);
        let json = serde_json::to_string(&changes).unwrap();
        assert_eq!(serde_json::from_str::<Changes>(&json).unwrap(), changes);
    }

    #[test]
    fn the_same_table() {
        let columns = || vec![Column::int("n", vec![1, 2]), words("s", &["a", "b"])];
        let same = Changes::of(&info(columns()), &info(columns()));
        assert!(same.is_empty());
        check(columns(), columns(), &["2 rows, as many as before."]);
    }

    #[test]
    fn rows_come_and_go() {
        let rows = |n: i64| vec![Column::int("n", (0..n).collect())];
        check(rows(2), rows(5), &["5 rows, 3 more than before."]);
        check(rows(5), rows(1), &["1 row, 4 fewer than before."]);
        assert!(!Changes::of(&info(rows(2)), &info(rows(5))).is_empty());
    }

    #[test]
    fn columns_come_go_and_move() {
        check(
            vec![
                Column::int("a", vec![1]),
                Column::int("b", vec![1]),
                Column::int("c", vec![1]),
                Column::int("d", vec![1]),
            ],
            vec![
                Column::int("e", vec![1]),
                Column::int("d", vec![1]),
                Column::float("a", vec![1.5]),
                Column::int("f", vec![1]),
            ],
            &[
                "1 row, as many as before.",
                "b and c are no longer there.",
                "e and f are new.",
                "“a” held whole numbers and now holds decimal numbers.",
                "The columns come in another order.",
            ],
        );
    }

    #[test]
    fn measures_and_levels() {
        check(
            vec![
                Column::int("n", vec![1, 2]),
                words("s", &["a", "b"]),
                Column::text("t", ["x", "y"]),
            ],
            vec![
                Column::int("n", vec![1, 2]).with_measure(Measure::Id),
                words("s", &["b", "c"]),
                Column::text("t", ["z", "w"]),
            ],
            &[
                "2 rows, as many as before.",
                "“n” is now taken for names of rows, not quantities.",
                "“s” has 1 new value: c.",
                "“s” lacks 1 value that it had: a.",
            ],
        );
        let many: Vec<String> = (0..12).map(|i| format!("l{i:02}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        check(
            vec![words("s", &["l00"])],
            vec![words("s", &many)],
            &[
                "12 rows, 11 more than before.",
                "“s” has 11 new values: l01, l02, l03, l04, l05, l06, l07, l08, and ….",
            ],
        );
    }
}
