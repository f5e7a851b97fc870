//! Values put in where they are missing.

use super::{Action, Options};
use crate::msg;
use crate::report::{Cell, Format, Head, Msg, TableBlock};
use crate::spec::{Ctx, Input, RunError, cell_of, format_of_cells};
use crate::table::fill::{carried, most_frequent};
use crate::table::rules::number;
use crate::table::verbs::{Groups, NO_ROW, SortKey, Summary, sorted_within};
use crate::table::{Bitmap, Column, ColumnKind, Data};

/// Lines of the table of groups.
const MAX_GROUPS: usize = 100;

/// What all columns are filled by: groups and an order.
pub struct Filler {
    groups: Groups,
    /// The rows in the order in which values are carried.
    order: Vec<u32>,
}

/// A column and what was done to it.
pub struct Filled {
    pub column: Column,
    pub n_filled: usize,
    /// What each group gets; empty where values are carried.
    pub values: Vec<Cell>,
}

impl Filler {
    pub fn new(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Self, RunError> {
        let n_rows = input.table("table")?.n_rows();
        ctx.tick(
            0.0,
            &msg!("transform.missing.grouping", "Putting rows into groups"),
        )?;
        let has_groups = options.action != Action::Constant;
        let by = options.by.iter().filter(|_| has_groups);
        let keys = by
            .map(|name| input.column("by", name))
            .collect::<Result<Vec<_>, _>>()?;
        let groups = Groups::of(&keys, n_rows).sorted(&keys);
        let order = match options.action {
            Action::Forward | Action::Backward => {
                let key = match &options.order {
                    Some(name) => Some(SortKey::ascending(input.column("order", name)?)),
                    None => None,
                };
                let keys: Vec<SortKey> = key.into_iter().collect();
                let mut order = sorted_within(&groups.ids, groups.len(), &keys);
                if options.action == Action::Backward {
                    order.reverse();
                }
                order
            }
            _ => Vec::new(),
        };
        Ok(Self { groups, order })
    }

    pub fn fill(&self, options: &Options, column: &Column) -> Result<Filled, RunError> {
        let (filled, values) = match options.action {
            Action::Forward | Action::Backward => {
                let limit = options.limit.unwrap_or(usize::MAX);
                let sources = carried(column, &self.order, &self.groups.ids, limit);
                (column.take(&sources), Vec::new())
            }
            Action::Mode => self.with_mode(options, column),
            Action::Mean | Action::Median => self.with_middle(options, column)?,
            Action::Constant | Action::Drop => constant(options, column)?,
        };
        Ok(Filled {
            n_filled: column.n_missing() - filled.n_missing(),
            column: without_codes(filled),
            values,
        })
    }

    fn with_mode(&self, options: &Options, column: &Column) -> (Column, Vec<Cell>) {
        let mut of_group = most_frequent(column, &self.groups);
        if options.fallback && of_group.contains(&NO_ROW) {
            let all = most_frequent(column, &Groups::of(&[], column.len()));
            let of_all = all.first().copied().unwrap_or(NO_ROW);
            of_group
                .iter_mut()
                .filter(|row| **row == NO_ROW)
                .for_each(|row| *row = of_all);
        }
        let source = |(row, &group): (usize, &u32)| match column.is_valid(row) {
            true => row as u32,
            false => of_group[group as usize],
        };
        let sources: Vec<u32> = self.groups.ids.iter().enumerate().map(source).collect();
        let shown = |&row: &u32| match row {
            NO_ROW => Cell::Empty,
            row => cell_of(column, row as usize),
        };
        (column.take(&sources), of_group.iter().map(shown).collect())
    }

    fn with_middle(
        &self,
        options: &Options,
        column: &Column,
    ) -> Result<(Column, Vec<Cell>), RunError> {
        if !matches!(column.kind(), ColumnKind::Float | ColumnKind::Int) {
            return Err(RunError::option(
                "columns",
                msg!(
                    "transform.missing.no_numbers",
                    "“{column}” does not hold numbers, so it has no mean or median. Put in the most frequent value.",
                    column = &column.name
                ),
            ));
        }
        let summary = match options.action {
            Action::Mean => Summary::Mean,
            _ => Summary::Quantile(0.5),
        };
        let of = |groups: &Groups| -> Vec<f64> {
            let found = summary.of(column, groups);
            found.numbers().map_or_else(Vec::new, |n| n.into_owned())
        };
        let mut of_group = of(&self.groups);
        if options.fallback && of_group.iter().any(|v| v.is_nan()) {
            let all = of(&Groups::of(&[], column.len()));
            let of_all = all.first().copied().unwrap_or(f64::NAN);
            of_group
                .iter_mut()
                .filter(|v| v.is_nan())
                .for_each(|v| *v = of_all);
        }
        let missing = |row: usize| !column.is_valid(row);
        let used = (0..column.len()).filter(|&row| missing(row));
        let stays_whole = used
            .map(|row| of_group[self.groups.ids[row] as usize])
            .all(|v| v.is_nan() || (v.fract() == 0.0 && v.abs() < 9e15));
        let shown = |&v: &f64| Cell::from((!v.is_nan()).then_some(v));
        let shown = of_group.iter().map(shown).collect();
        let value = |row: usize| of_group[self.groups.ids[row] as usize];
        Ok((with_numbers(column, value, stays_whole), shown))
    }

    /// What each group got, where there are groups and one value for each.
    pub fn groups_table(
        &self,
        options: &Options,
        input: &Input,
        columns: &[&Column],
        all: &[Filled],
    ) -> Result<Option<TableBlock>, RunError> {
        let by_value = matches!(options.action, Action::Mean | Action::Median | Action::Mode);
        if options.by.is_empty() || !by_value {
            return Ok(None);
        }
        let mut heads = Vec::new();
        let mut keys = Vec::new();
        for (i, name) in options.by.iter().enumerate() {
            heads.push(Head::name(&format!("group_{}", i + 1), Msg::verbatim(name)));
            keys.push(input.column("by", name)?);
        }
        for (i, (column, filled)) in columns.iter().zip(all).enumerate() {
            heads.push(Head::new(
                &format!("value_{}", i + 1),
                Msg::verbatim(&column.name),
                format_of_values(options, column, filled),
            ));
        }
        let mut table = TableBlock::new(
            "values",
            msg!("transform.missing.values", "What each group gets"),
            heads,
        );
        for (group, &row) in self.groups.first_rows.iter().enumerate().take(MAX_GROUPS) {
            let key = |c: &&Column| match c.is_valid(row as usize) {
                true => Cell::from(c.display(row as usize)),
                false => msg!("transform.missing.no_value", "Missing").into(),
            };
            let value = |f: &Filled| f.values[group].clone();
            let cells = keys.iter().map(key).chain(all.iter().map(value));
            table.row(cells.collect());
        }
        if self.groups.len() > MAX_GROUPS {
            table.notes.push(msg!(
                "transform.missing.cut_off",
                "The first {shown} of {n} groups are shown.",
                shown = MAX_GROUPS,
                n = self.groups.len()
            ));
        }
        Ok(Some(table).filter(|t| !t.rows.is_empty()))
    }
}

/// How the values put in are written: the middle of whole numbers may lie between them.
fn format_of_values(options: &Options, column: &Column, filled: &Filled) -> Format {
    if options.action == Action::Mode || column.format.percent {
        return format_of_cells(column);
    }
    let number = |cell: &Cell| match cell {
        Cell::Number(v) => Some(*v),
        _ => None,
    };
    let numbers = filled.values.iter().filter_map(number).collect();
    format_of_cells(&Column::float("", numbers))
}

/// How many values were filled, and how many are missing still.
pub fn summary(all: &[Filled]) -> Msg {
    let filled: usize = all.iter().map(|f| f.n_filled).sum();
    let left: usize = all.iter().map(|f| f.column.n_missing()).sum();
    if left == 0 {
        return msg!(
            "transform.missing.all_filled",
            "{n} missing {n|value is|values are} filled, and none is left.",
            n = filled
        );
    }
    msg!(
        "transform.missing.some_filled",
        "{n} missing {n|value is|values are} filled, and {left} {left|is|are} missing still.",
        n = filled,
        left = left
    )
}

/// How many values each column missed, got and still misses.
pub fn table(options: &Options, columns: &[&Column], all: &[Filled]) -> TableBlock {
    let has_one_value = options.by.is_empty() || options.action == Action::Constant;
    let integer = |key: &str, title| Head::new(key, title, Format::Integer);
    let mut heads = vec![
        Head::name("column", msg!("transform.missing.column", "Column")),
        integer("missing", msg!("transform.missing.n_missing", "Missing")),
        integer("filled", msg!("transform.missing.n_filled", "Filled")),
        integer("left", msg!("transform.missing.left", "Still missing")),
    ];
    if has_one_value {
        heads.push(Head::name(
            "value",
            msg!("transform.missing.value", "Value put in"),
        ));
    }
    let mut table = TableBlock::new(
        "filled",
        msg!("transform.missing.filled", "Missing values filled"),
        heads,
    );
    for (column, filled) in columns.iter().zip(all) {
        let mut cells = vec![
            column.name.as_str().into(),
            column.n_missing().into(),
            filled.n_filled.into(),
            filled.column.n_missing().into(),
        ];
        if has_one_value {
            let value = filled.values.first().cloned().unwrap_or(Cell::Empty);
            cells.push(match value {
                Cell::Number(v) => Cell::Formatted(v, format_of_values(options, column, filled)),
                other => other,
            });
        }
        table.row(cells);
    }
    table
}

/// The column without the codes that stood for missing values in rows that have one now.
fn without_codes(mut column: Column) -> Column {
    if let Some(mut coded) = column.coded.take() {
        for (row, code) in coded.codes.iter_mut().enumerate() {
            if column.is_valid(row) {
                *code = -1;
            }
        }
        column.coded = Some(coded).filter(|c| c.codes.iter().any(|code| *code >= 0));
    }
    column
}

/// One value for all.
fn constant(options: &Options, column: &Column) -> Result<(Column, Vec<Cell>), RunError> {
    let text = options.value.trim();
    let wrong = |message| Err(RunError::option("value", message));
    if text.is_empty() {
        return wrong(msg!(
            "transform.missing.no_constant",
            "Give the value to put in."
        ));
    }
    let shown = vec![Cell::from(text)];
    let filled = match &column.data {
        Data::Category { codes, levels } => {
            let mut levels = levels.clone();
            let code = levels.iter().position(|l| l == text).unwrap_or_else(|| {
                levels.push(text.to_owned());
                levels.len() - 1
            });
            let fill = |(row, &c): (usize, &i32)| match column.is_valid(row) {
                true => c,
                false => code as i32,
            };
            let codes = codes.iter().enumerate().map(fill).collect();
            column.with_values(Data::Category { codes, levels }, None)
        }
        Data::Text(values) => {
            let text_of = |row: usize| match column.is_valid(row) {
                true => values.get(row),
                false => text,
            };
            let n_bytes = values.as_bytes().len() + text.len() * column.n_missing();
            if n_bytes > i32::MAX as usize {
                return Err(RunError::too_large(&column.name));
            }
            let filled = (0..values.len()).map(text_of).collect();
            column.with_values(Data::Text(filled), None)
        }
        _ => {
            let Some(value) = number(text, column.kind()) else {
                return wrong(msg!(
                    "transform.missing.unreadable",
                    "“{value}” is not among the kind of values that “{column}” holds, such as {example}.",
                    value = text,
                    column = &column.name,
                    example = example(column)
                ));
            };
            with_numbers(
                column,
                |_| value,
                value.fract() == 0.0 && value.abs() < 9e15,
            )
        }
    };
    Ok((filled, shown))
}

/// The column with `value` where it misses one and `value` is a number. Whole numbers become
/// numbers with a point unless all put in are whole.
fn with_numbers(column: &Column, value: impl Fn(usize) -> f64, stays_whole: bool) -> Column {
    let new = |row: usize| match column.is_valid(row) {
        true => None,
        false => Some(value(row)).filter(|v| !v.is_nan()),
    };
    let valid: Bitmap = (0..column.len())
        .map(|row| column.is_valid(row) || new(row).is_some())
        .collect();
    let whole = |values: &[i64]| {
        let rows = values.iter().enumerate();
        rows.map(|(row, &old)| new(row).map_or(old, |v| v as i64))
            .collect()
    };
    let days = |values: &[i32]| {
        let rows = values.iter().enumerate();
        rows.map(|(row, &old)| new(row).map_or(old, |v| v as i32))
            .collect()
    };
    let data = match &column.data {
        Data::Int(v) if stays_whole => Data::Int(whole(v)),
        Data::DateTime(v) => Data::DateTime(whole(v)),
        Data::Date(v) => Data::Date(days(v)),
        Data::Time(v) => Data::Time(days(v)),
        Data::Bool(v) => {
            let rows = v.iter().enumerate();
            Data::Bool(
                rows.map(|(row, old)| new(row).map_or(old, |v| v != 0.0))
                    .collect(),
            )
        }
        _ => {
            let old = column.numbers().unwrap_or_default();
            let rows = old.iter().enumerate();
            Data::Float(rows.map(|(row, &old)| new(row).unwrap_or(old)).collect())
        }
    };
    column.with_values(data, Some(valid))
}

fn example(column: &Column) -> String {
    (0..column.len())
        .find(|&i| column.is_valid(i))
        .map_or_else(String::new, |i| column.display(i))
}
