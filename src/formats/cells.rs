//! Cells that carry types of their own, as workbooks and JSON have them, into one column.

use std::borrow::Cow;

use crate::table::calendar::{MS_PER_DAY, write_date, write_date_time, write_time};
use crate::table::{Bitmap, Column, ColumnFormat, Data, Utf8, write_number};

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell<'a> {
    Empty,
    Number(f64),
    Int(i64),
    Bool(bool),
    /// Milliseconds since 1970-01-01T00:00.
    Moment(i64),
    /// Milliseconds since midnight.
    Time(i32),
    Text(Cow<'a, str>),
    /// A formula's error, such as `#DIV/0!`: missing.
    Error(&'static str),
}

impl Cell<'_> {
    pub fn into_owned(self) -> Cell<'static> {
        match self {
            Cell::Empty => Cell::Empty,
            Cell::Number(x) => Cell::Number(x),
            Cell::Int(x) => Cell::Int(x),
            Cell::Bool(x) => Cell::Bool(x),
            Cell::Moment(ms) => Cell::Moment(ms),
            Cell::Time(ms) => Cell::Time(ms),
            Cell::Text(s) => Cell::Text(Cow::Owned(s.into_owned())),
            Cell::Error(e) => Cell::Error(e),
        }
    }

    /// Whether nothing is to be seen in it.
    pub fn is_blank(&self) -> bool {
        match self {
            Cell::Empty => true,
            Cell::Text(s) => s.trim().is_empty(),
            _ => false,
        }
    }

    /// Appends the canonical spelling.
    pub fn write(&self, out: &mut String) {
        use std::fmt::Write;
        match self {
            Cell::Empty | Cell::Error(_) => {}
            Cell::Number(x) => write_number(out, *x),
            Cell::Int(x) => {
                let _ = write!(out, "{x}");
            }
            Cell::Bool(x) => out.push_str(if *x { "true" } else { "false" }),
            Cell::Moment(ms) => write_moment(out, *ms),
            Cell::Time(ms) => write_time(out, *ms),
            Cell::Text(s) => out.push_str(s),
        }
    }

    pub fn text(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }
}

/// A column while its cells come in. It keeps the narrowest type that all of them fit; what does not
/// fit makes it text, with every cell before in its canonical spelling.
#[derive(Debug, Default)]
pub(super) struct CellColumn {
    state: State,
    n_rows: usize,
    /// Whether a cell held a number, so that `.` is the decimal mark of the spelt ones.
    pub has_numbers: bool,
    pub n_errors: usize,
    /// What the first error was, and in which row of the table.
    pub first_error: Option<(&'static str, usize)>,
    /// Number formats seen: digits after the decimal mark, and whether all are percentages.
    decimals: Option<u8>,
    n_percent: usize,
    n_numbers: usize,
}

#[derive(Debug, Default)]
enum State {
    #[default]
    Empty,
    Ints(Vec<i64>, Bitmap),
    /// NaN where missing.
    Numbers(Vec<f64>),
    Bools(Bitmap, Bitmap),
    Moments(Vec<i64>, Bitmap),
    Times(Vec<i32>, Bitmap),
    /// Empty where missing.
    Texts(Utf8),
}

/// A column whose cells are all in.
#[allow(
    clippy::large_enum_variant,
    reason = "one a column, and moved once; on wasm it is not large"
)]
pub(super) enum Cells {
    Typed(Column),
    /// To be read as text is; whether numbers are among it.
    Texts {
        texts: Utf8,
        has_numbers: bool,
    },
}

/// The text of a column passed 2 GiB.
#[derive(Debug)]
pub(super) struct TooLarge;

/// The largest whole number up to which doubles hold every one.
const EXACT: u64 = 1 << 53;
/// Digits after the decimal mark that are worth showing.
const MOST_DECIMALS: u8 = 10;
/// Numbers whose digits are looked at.
const LOOKED_AT: usize = 2_000;

impl CellColumn {
    pub fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// Fills up with empty cells to `n_rows` rows.
    pub fn pad(&mut self, n_rows: usize) -> Result<(), TooLarge> {
        let more = n_rows.saturating_sub(self.n_rows);
        self.n_rows += more;
        let n = self.n_rows;
        match &mut self.state {
            State::Empty => {}
            State::Ints(v, valid) | State::Moments(v, valid) => {
                v.resize(n, 0);
                valid.resize(n, false);
            }
            State::Numbers(v) => v.resize(n, f64::NAN),
            State::Bools(v, valid) => {
                v.resize(n, false);
                valid.resize(n, false);
            }
            State::Times(v, valid) => {
                v.resize(n, 0);
                valid.resize(n, false);
            }
            State::Texts(v) => (0..more).for_each(|_| v.push("")),
        }
        Ok(())
    }

    /// Takes note of how the next number is written in its source.
    pub fn see_format(&mut self, decimals: Option<u8>, percent: bool) {
        self.decimals = self.decimals.max(decimals);
        self.n_percent += usize::from(percent);
    }

    pub fn push(&mut self, cell: &Cell) -> Result<(), TooLarge> {
        match cell {
            Cell::Empty => return self.pad(self.n_rows + 1),
            Cell::Error(what) => {
                self.n_errors += 1;
                self.first_error.get_or_insert((what, self.n_rows));
                return self.pad(self.n_rows + 1);
            }
            Cell::Number(_) | Cell::Int(_) => {
                self.has_numbers = true;
                self.n_numbers += 1;
            }
            _ => {}
        }
        self.make_room(cell)?;
        let n = self.n_rows;
        match (&mut self.state, cell) {
            (State::Ints(v, valid), Cell::Int(x)) => {
                v.push(*x);
                valid.push(true);
            }
            (State::Numbers(v), Cell::Int(x)) => v.push(*x as f64),
            (State::Numbers(v), Cell::Number(x)) => v.push(*x),
            (State::Bools(v, valid), Cell::Bool(x)) => {
                v.push(*x);
                valid.push(true);
            }
            (State::Moments(v, valid), Cell::Moment(ms)) => {
                v.push(*ms);
                valid.push(true);
            }
            (State::Times(v, valid), Cell::Time(ms)) => {
                v.push(*ms);
                valid.push(true);
            }
            (State::Texts(v), cell) => {
                let mut spelt = String::new();
                let text: &str = match cell {
                    Cell::Text(s) => s,
                    other => {
                        other.write(&mut spelt);
                        &spelt
                    }
                };
                if !v.has_room(text.len()) {
                    return Err(TooLarge);
                }
                v.push(text);
            }
            _ => debug_assert!(false, "make_room leaves a state that takes the cell"),
        }
        self.n_rows = n + 1;
        Ok(())
    }

    /// The column, named. `kind` of whole numbers: a column of doubles without fractions is one of
    /// whole numbers.
    pub fn finish(self, name: &str) -> Cells {
        let n = self.n_rows;
        let format = self.format();
        let typed = match self.state {
            State::Empty => Column::category(name, vec![-1; n], Vec::new()),
            State::Ints(v, valid) => Column::int(name, v)
                .with_validity(valid)
                .with_format(format),
            State::Numbers(v) => numbers(name, v).with_format(format),
            State::Bools(v, valid) => Column::new(name, Data::Bool(v)).with_validity(valid),
            State::Moments(v, valid) => moments(name, v).with_validity(valid),
            State::Times(v, valid) => Column::new(name, Data::Time(v)).with_validity(valid),
            State::Texts(texts) => {
                return Cells::Texts {
                    texts,
                    has_numbers: self.has_numbers,
                };
            }
        };
        Cells::Typed(typed)
    }

    /// How the numbers are shown: as the source says, else with the digits that they have.
    fn format(&self) -> ColumnFormat {
        let percent = self.n_percent > 0 && self.n_percent == self.n_numbers;
        let seen = || {
            let State::Numbers(v) = &self.state else {
                return Some(0);
            };
            let valid = v.iter().filter(|x| x.is_finite());
            valid.take(LOOKED_AT).map(|&x| digits(x)).max()
        };
        ColumnFormat {
            decimals: self.decimals.or_else(seen).filter(|d| *d <= MOST_DECIMALS),
            currency: None,
            percent,
        }
    }

    fn make_room(&mut self, cell: &Cell) -> Result<(), TooLarge> {
        let n = self.n_rows;
        let none = || Bitmap::with_len(n, false);
        let state = std::mem::take(&mut self.state);
        self.state = match (state, cell) {
            (State::Empty, Cell::Int(_)) => State::Ints(vec![0; n], none()),
            (State::Empty, Cell::Number(_)) => State::Numbers(vec![f64::NAN; n]),
            (State::Empty, Cell::Bool(_)) => State::Bools(none(), none()),
            (State::Empty, Cell::Moment(_)) => State::Moments(vec![0; n], none()),
            (State::Empty, Cell::Time(_)) => State::Times(vec![0; n], none()),
            (State::Ints(v, valid), Cell::Number(_))
                if v.iter().all(|x| x.unsigned_abs() <= EXACT) =>
            {
                let values = v.iter().zip(valid.iter());
                State::Numbers(
                    values
                        .map(|(&x, valid)| if valid { x as f64 } else { f64::NAN })
                        .collect(),
                )
            }
            (state @ State::Numbers(_), Cell::Int(x)) if x.unsigned_abs() <= EXACT => state,
            (state @ State::Ints(..), Cell::Int(_))
            | (state @ State::Numbers(_), Cell::Number(_))
            | (state @ State::Bools(..), Cell::Bool(_))
            | (state @ State::Moments(..), Cell::Moment(_))
            | (state @ State::Times(..), Cell::Time(_))
            | (state @ State::Texts(_), _) => state,
            (state, _) => State::Texts(state.spell(n)?),
        };
        Ok(())
    }
}

impl State {
    fn spell(&self, n: usize) -> Result<Utf8, TooLarge> {
        let mut out = Utf8::new();
        let mut spelt = String::new();
        for i in 0..n {
            spelt.clear();
            match self {
                State::Ints(v, valid) if valid.get(i) => Cell::Int(v[i]).write(&mut spelt),
                State::Numbers(v) if !v[i].is_nan() => Cell::Number(v[i]).write(&mut spelt),
                State::Bools(v, valid) if valid.get(i) => Cell::Bool(v.get(i)).write(&mut spelt),
                State::Moments(v, valid) if valid.get(i) => Cell::Moment(v[i]).write(&mut spelt),
                State::Times(v, valid) if valid.get(i) => Cell::Time(v[i]).write(&mut spelt),
                State::Texts(v) => spelt.push_str(v.get(i)),
                _ => {}
            }
            if !out.has_room(spelt.len()) {
                return Err(TooLarge);
            }
            out.push(&spelt);
        }
        Ok(out)
    }
}

fn numbers(name: &str, values: Vec<f64>) -> Column {
    let is_whole =
        |x: &f64| x.is_nan() || (x.fract() == 0.0 && x.abs() <= EXACT as f64 && !is_minus_zero(*x));
    if !values.iter().all(is_whole) {
        return Column::float(name, values);
    }
    let valid: Bitmap = values.iter().map(|x| !x.is_nan()).collect();
    let ints = values
        .iter()
        .map(|&x| if x.is_nan() { 0 } else { x as i64 });
    Column::int(name, ints.collect()).with_validity(valid)
}

fn is_minus_zero(x: f64) -> bool {
    x == 0.0 && x.is_sign_negative()
}

/// Dates where every moment is a midnight.
fn moments(name: &str, values: Vec<i64>) -> Column {
    let is_midnight = |ms: &i64| ms.rem_euclid(MS_PER_DAY) == 0;
    let day = |ms: &i64| i32::try_from(ms.div_euclid(MS_PER_DAY)).ok();
    let days: Option<Vec<i32>> = match values.iter().all(is_midnight) {
        true => values.iter().map(day).collect(),
        false => None,
    };
    match days {
        Some(days) => Column::date(name, days),
        None => Column::date_time(name, values),
    }
}

fn write_moment(out: &mut String, ms: i64) {
    let days = i32::try_from(ms.div_euclid(MS_PER_DAY)).ok();
    match days.filter(|_| ms.rem_euclid(MS_PER_DAY) == 0) {
        Some(days) => write_date(out, days),
        None => write_date_time(out, ms),
    }
}

/// Digits after the decimal mark of the shortest decimal that reads back as `x`.
fn digits(x: f64) -> u8 {
    let mut spelt = String::new();
    write_number(&mut spelt, x);
    if spelt.contains("e-") {
        return u8::MAX;
    }
    let fraction = spelt.split_once('.').map_or("", |(_, fraction)| fraction);
    match fraction.contains('e') {
        true => u8::MAX,
        false => fraction.len().min(255) as u8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::ColumnKind;

    fn text(s: &str) -> Cell<'_> {
        Cell::Text(Cow::Borrowed(s))
    }

    fn check(cells: &[Cell], kind: Option<ColumnKind>, expected: &[&str]) {
        let mut column = CellColumn::default();
        cells.iter().for_each(|c| column.push(c).unwrap());
        let shown: Vec<String> = match column.finish("x") {
            Cells::Typed(column) => {
                assert_eq!(Some(column.kind()), kind, "{cells:?}");
                (0..column.len()).map(|i| column.display(i)).collect()
            }
            Cells::Texts { texts, .. } => {
                assert_eq!(kind, None, "{cells:?}");
                texts.iter().map(str::to_owned).collect()
            }
        };
        assert_eq!(shown, expected);
    }

    #[test]
    fn the_narrowest_type_that_fits() {
        use Cell::*;
        use ColumnKind as Kind;
        check(&[Empty, Empty], Some(Kind::Category), &["", ""]);
        check(
            &[Number(1.0), Empty, Number(2.0)],
            Some(Kind::Int),
            &["1", "", "2"],
        );
        check(&[Empty, Number(1.5)], Some(Kind::Float), &["", "1.5"]);
        check(
            &[Int(1), Empty, Number(0.5)],
            Some(Kind::Float),
            &["1", "", "0.5"],
        );
        check(
            &[Int((1 << 53) + 1), Empty],
            Some(Kind::Int),
            &["9007199254740993", ""],
        );
        check(
            &[Int((1 << 53) + 1), Number(0.5)],
            None,
            &["9007199254740993", "0.5"],
        );
        check(&[Bool(true), Empty], Some(Kind::Bool), &["true", ""]);
        check(
            &[Moment(0), Moment(MS_PER_DAY)],
            Some(Kind::Date),
            &["1970-01-01", "1970-01-02"],
        );
        check(
            &[Moment(1), Empty],
            Some(Kind::DateTime),
            &["1970-01-01T00:00:00.001", ""],
        );
        check(&[Time(1000)], Some(Kind::Time), &["00:00:01"]);
        check(&[text("a"), Empty, Number(1.5)], None, &["a", "", "1.5"]);
        check(
            &[Number(0.1), Bool(false), Moment(0)],
            None,
            &["0.1", "false", "1970-01-01"],
        );
        check(&[Error("#N/A"), Number(3.0)], Some(Kind::Int), &["", "3"]);
    }

    #[test]
    fn formats() {
        let check = |values: &[f64], seen: &[(Option<u8>, bool)], decimals, percent| {
            let mut column = CellColumn::default();
            for (&x, &(d, p)) in values.iter().zip(seen) {
                column.see_format(d, p);
                column.push(&Cell::Number(x)).unwrap();
            }
            let found = column.format();
            assert_eq!((found.decimals, found.percent), (decimals, percent));
        };
        check(&[0.25, 1.5], &[(None, false); 2], Some(2), false);
        check(&[0.1 + 0.2], &[(None, false)], None, false);
        check(&[1e-7], &[(None, false)], None, false);
        check(&[0.125, 0.5], &[(Some(1), true); 2], Some(1), true);
        check(
            &[0.125, 0.5],
            &[(Some(1), true), (None, false)],
            Some(1),
            false,
        );
    }

    #[test]
    fn errors_are_counted() {
        let mut column = CellColumn::default();
        for cell in [Cell::Empty, Cell::Error("#REF!"), Cell::Error("#N/A")] {
            column.push(&cell).unwrap();
        }
        assert_eq!(column.n_errors, 2);
        assert_eq!(column.first_error, Some(("#REF!", 1)));
    }
}
