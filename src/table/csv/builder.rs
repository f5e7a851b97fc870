//! Cells into a typed column that widens when a cell does not fit.

use super::super::calendar::{MS_PER_DAY, civil_from_days, days_from_civil};
use super::super::{Bitmap, Column, ColumnFormat, ColumnKind, Data};
use super::dates::{Moment, Spelling, parse_moment, parse_time};
use super::gaps::Gaps;
use super::infer::{Evidence, Rules, parse_bool};
use super::number::{Number, parse_decimal, parse_number, parse_plain};
use super::split::{Field, Tally};
use super::words::{TooLarge, Words};
use super::{DateOrder, Warning};

/// One column of a chunk of records.
#[derive(Clone, Copy)]
pub(super) struct Cells<'a> {
    pub text: &'a [u8],
    pub fields: &'a [Field],
    /// The line of each record.
    pub lines: &'a [u64],
}

impl<'a> Cells<'a> {
    pub fn len(&self) -> usize {
        self.fields.len()
    }

    #[inline]
    pub fn get(&self, row: usize) -> &'a [u8] {
        self.fields[row].of(self.text)
    }

    #[inline]
    fn from(self, row: usize) -> impl Iterator<Item = (usize, &'a [u8])> {
        let fields = self.fields[row..].iter().enumerate();
        fields.map(move |(k, field)| (row + k, field.of(self.text)))
    }
}

pub(super) struct ColumnBuilder {
    pub name: String,
    rules: Rules,
    values: Values,
    /// The kind was asked for: what does not fit becomes missing.
    is_forced: bool,
    unreadable: Tally,
    /// The text and the value where the first was met.
    first_unreadable: (usize, String),
    /// Each with the text that it is about.
    warnings: Vec<(usize, Warning)>,
    /// The text whose cells are being pushed.
    part: usize,
    /// What the first reading found out about the order of day and month.
    assumed_order: DateOrder,
}

#[allow(
    clippy::large_enum_variant,
    reason = "one a column; on wasm it is not large"
)]
enum Values {
    /// Every cell so far was missing.
    Undecided(usize),
    Int(Vec<i64>, Gaps, Look),
    Float(Vec<f64>, Look),
    Bool(Bitmap, Gaps),
    Date(Vec<i32>, Gaps, Dates),
    DateTime(Vec<i64>, Gaps, Dates),
    Time(Vec<i32>, Gaps),
    Words(Words),
    /// A cell did not fit and the cells before it are gone: to be read again as this kind.
    Again(ColumnKind),
}

/// How the numbers of a column are written.
#[derive(Clone, Copy, Default)]
struct Look {
    decimals: u8,
    /// `None` while only zeros were seen.
    percent: Option<bool>,
    currency: Option<&'static str>,
    n_currency: u64,
    n_bare: u64,
}

/// How the dates of a column are written.
#[derive(Clone, Copy)]
struct Dates {
    order: DateOrder,
    is_certain: bool,
    /// Whether the spelling is `5.3.2024`, clear or compact; `None` before the first date.
    class: Option<Class>,
    any_offset: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Clear,
    Compact,
    Numeric,
}

impl ColumnBuilder {
    /// `kind` is `None` when no cell of the sample had a value.
    pub fn new(
        name: &str,
        rules: &Rules,
        kind: Option<ColumnKind>,
        is_forced: bool,
        order: Option<DateOrder>,
    ) -> Self {
        let assumed_order = order.unwrap_or(DateOrder::MonthDay);
        let mut builder = Self {
            name: name.to_owned(),
            rules: rules.clone(),
            values: Values::Undecided(0),
            is_forced,
            unreadable: Tally::default(),
            first_unreadable: (0, String::new()),
            warnings: Vec::new(),
            part: 0,
            assumed_order,
        };
        if let Some(kind) = kind {
            builder.start(kind, 0);
        }
        builder
    }

    /// Whether the column must be read once more, from the first row.
    pub fn start_again(&mut self) -> bool {
        let Values::Again(kind) = self.values else {
            return false;
        };
        self.start(kind, 0);
        true
    }

    pub fn is_waiting(&self) -> bool {
        matches!(self.values, Values::Again(_))
    }

    /// From now on cells come from this text, whose numbers have this decimal mark.
    pub fn begin_part(&mut self, part: usize, decimal: u8) {
        self.part = part;
        self.rules.decimal = decimal;
    }

    /// Makes room for `n_rows` with so many bytes of text each.
    pub fn reserve(&mut self, n_rows: usize, cell_bytes: f64) {
        match &mut self.values {
            Values::Int(v, ..) | Values::DateTime(v, ..) => v.reserve(n_rows),
            Values::Float(v, ..) => v.reserve(n_rows),
            Values::Date(v, ..) | Values::Time(v, ..) => v.reserve(n_rows),
            Values::Words(words) => words.reserve(n_rows, cell_bytes),
            _ => {}
        }
    }

    /// Adds rows of a text that has no such column.
    pub fn push_gap(&mut self, n_rows: usize) {
        (0..n_rows).for_each(|_| self.push_missing());
    }

    pub fn push(&mut self, cells: Cells<'_>) -> Result<(), TooLarge> {
        let mut row = 0;
        while let Some(bad) = self.push_from(cells, row)? {
            if self.is_forced {
                let cell = cells.get(bad);
                if self.unreadable.count == 0 {
                    let value = String::from_utf8_lossy(cell).into_owned();
                    self.first_unreadable = (self.part, value);
                }
                self.unreadable.note(cells.lines[bad]);
                self.push_missing();
                row = bad + 1;
            } else {
                self.widen(cells, bad);
                row = bad;
            }
        }
        Ok(())
    }

    /// Takes cells from `row` on; returns the first that does not fit.
    fn push_from(&mut self, cells: Cells<'_>, row: usize) -> Result<Option<usize>, TooLarge> {
        let rules = &self.rules;
        let decimal = rules.decimal;
        let is_missing = |cell: &[u8]| cell.is_empty() || rules.missing.contains(cell);
        match &mut self.values {
            Values::Again(_) => {}
            Values::Words(words) => words.push_all(cells.from(row).map(|(_, cell)| cell))?,
            Values::Undecided(n) => {
                for (i, cell) in cells.from(row) {
                    if !is_missing(cell) {
                        return Ok(Some(i));
                    }
                    *n += 1;
                }
            }
            Values::Int(values, gaps, look) => {
                let any_number = rules.missing.any_number;
                for (i, cell) in cells.from(row) {
                    if let Some(plain) = parse_plain(cell, decimal)
                        && !plain.has_mark
                        && !(any_number && is_missing(cell))
                    {
                        values.push(plain.whole());
                        look.n_bare += 1;
                    } else if is_missing(cell) {
                        gaps.mark(values.len());
                        values.push(0);
                    } else if let Some(number) = parse_number(cell, decimal)
                        && let Some(whole) = number.whole
                        && (number.is_quantity() || self.is_forced)
                        && look.accept(&number)
                    {
                        values.push(whole);
                    } else {
                        return Ok(Some(i));
                    }
                }
            }
            Values::Float(values, look) => {
                let any_number = rules.missing.any_number;
                for (i, cell) in cells.from(row) {
                    if look.percent != Some(true)
                        && let Some(plain) = parse_plain(cell, decimal)
                        && !(any_number && is_missing(cell))
                    {
                        look.decimals = look.decimals.max(plain.decimals);
                        look.n_bare += 1;
                        if plain.mantissa != 0 {
                            look.percent = Some(false);
                        }
                        values.push(plain.value());
                    } else if is_missing(cell) {
                        values.push(f64::NAN);
                    } else if look.percent != Some(true)
                        && let Some((value, decimals)) = parse_decimal(cell, decimal)
                    {
                        look.decimals = look.decimals.max(decimals);
                        look.n_bare += 1;
                        look.percent = look.percent.or((value != 0.0).then_some(false));
                        values.push(value);
                    } else if let Some(number) = parse_number(cell, decimal)
                        && (number.is_quantity() || self.is_forced)
                        && look.accept(&number)
                    {
                        values.push(number.value);
                    } else {
                        return Ok(Some(i));
                    }
                }
            }
            Values::Bool(values, gaps) => {
                for (i, cell) in cells.from(row) {
                    if let Some(value) = parse_bool(cell) {
                        values.push(value);
                    } else if is_missing(cell) {
                        gaps.mark(values.len());
                        values.push(false);
                    } else {
                        return Ok(Some(i));
                    }
                }
            }
            Values::Date(values, gaps, dates) => {
                for (i, cell) in cells.from(row) {
                    match parse_moment(cell, dates.order) {
                        Some(moment) if moment.ms.is_none() && dates.accept(&moment) => {
                            values.push(moment.days);
                        }
                        _ if is_missing(cell) => {
                            gaps.mark(values.len());
                            values.push(0);
                        }
                        _ => return Ok(Some(i)),
                    }
                }
            }
            Values::DateTime(values, gaps, dates) => {
                for (i, cell) in cells.from(row) {
                    match parse_moment(cell, dates.order) {
                        Some(moment) if dates.accept(&moment) => {
                            values.push(moment.ms_since_epoch());
                        }
                        _ if is_missing(cell) => {
                            gaps.mark(values.len());
                            values.push(0);
                        }
                        _ => return Ok(Some(i)),
                    }
                }
            }
            Values::Time(values, gaps) => {
                for (i, cell) in cells.from(row) {
                    if let Some(ms) = parse_time(cell) {
                        values.push(ms);
                    } else if is_missing(cell) {
                        gaps.mark(values.len());
                        values.push(0);
                    } else {
                        return Ok(Some(i));
                    }
                }
            }
        }
        Ok(None)
    }

    /// Makes room for a cell that did not fit.
    fn widen(&mut self, cells: Cells<'_>, row: usize) {
        let cell = cells.get(row);
        let decimal = self.rules.decimal;
        let from = self.values.kind();
        let to = match &mut self.values {
            Values::Undecided(n) => {
                let n = *n;
                let mut evidence = Evidence::default();
                for (_, cell) in cells.from(row) {
                    evidence.see(cell, &self.rules);
                }
                if let Some(order) = evidence.date_order() {
                    self.assumed_order = order;
                }
                let kind = evidence.kind(&self.name).unwrap_or(ColumnKind::Category);
                self.start(kind, n);
                return;
            }
            Values::Int(values, gaps, look) => {
                let fits = parse_number(cell, decimal)
                    .is_some_and(|n| n.is_quantity() && { *look }.accept(&n));
                if fits {
                    let mut floats: Vec<f64> = values.iter().map(|&v| v as f64).collect();
                    gaps.each_missing(|i| floats[i] = f64::NAN);
                    if values.iter().any(|&v| v != 0) {
                        look.percent = Some(false);
                    }
                    self.values = Values::Float(floats, *look);
                    ColumnKind::Float
                } else {
                    self.read_again(ColumnKind::Text)
                }
            }
            Values::Date(values, gaps, dates) => match parse_moment(cell, dates.order) {
                Some(moment) if dates.turns(&moment) => {
                    values
                        .iter_mut()
                        .for_each(|days| *days = swap_day_month(*days));
                    gaps.each_missing(|i| values[i] = 0);
                    dates.turn();
                    return;
                }
                Some(moment) if moment.ms.is_some() && { *dates }.accept(&moment) => {
                    let mut times: Vec<i64> =
                        values.iter().map(|&d| i64::from(d) * MS_PER_DAY).collect();
                    gaps.each_missing(|i| times[i] = 0);
                    self.values = Values::DateTime(times, std::mem::take(gaps), *dates);
                    ColumnKind::DateTime
                }
                _ if dates.class == Some(Class::Compact) => self.read_again(ColumnKind::Int),
                _ => self.read_again(ColumnKind::Text),
            },
            Values::DateTime(values, gaps, dates) => match parse_moment(cell, dates.order) {
                Some(moment) if dates.turns(&moment) && !dates.any_offset => {
                    for ms in values.iter_mut() {
                        let days = ms.div_euclid(MS_PER_DAY);
                        let swapped = i64::from(swap_day_month(days as i32));
                        *ms += (swapped - days) * MS_PER_DAY;
                    }
                    gaps.each_missing(|i| values[i] = 0);
                    dates.turn();
                    return;
                }
                _ => self.read_again(ColumnKind::Text),
            },
            _ => self.read_again(ColumnKind::Text),
        };
        let warning = Warning::Widened {
            column: self.name.clone(),
            from,
            to,
            line: cells.lines[row],
            value: String::from_utf8_lossy(cell).into_owned(),
        };
        self.warnings.push((self.part, warning));
    }

    fn read_again(&mut self, kind: ColumnKind) -> ColumnKind {
        // Text by way of a dictionary, which decides in the end.
        self.values = Values::Again(match kind {
            ColumnKind::Text => ColumnKind::Category,
            kind => kind,
        });
        kind
    }

    /// Starts a kind whose first `n` rows are missing.
    fn start(&mut self, kind: ColumnKind, n: usize) {
        let gaps = Gaps::first(n);
        let dates = Dates {
            order: self.assumed_order,
            is_certain: false,
            class: None,
            any_offset: false,
        };
        self.values = match kind {
            ColumnKind::Int => Values::Int(vec![0; n], gaps, Look::default()),
            ColumnKind::Float => Values::Float(vec![f64::NAN; n], Look::default()),
            ColumnKind::Bool => Values::Bool(Bitmap::with_len(n, false), gaps),
            ColumnKind::Date => Values::Date(vec![0; n], gaps, dates),
            ColumnKind::DateTime => Values::DateTime(vec![0; n], gaps, dates),
            ColumnKind::Time => Values::Time(vec![0; n], gaps),
            ColumnKind::Category | ColumnKind::Text => {
                let want = self.is_forced.then_some(kind);
                Values::Words(Words::new(&self.rules.missing, want, n))
            }
        };
    }

    fn push_missing(&mut self) {
        match &mut self.values {
            Values::Undecided(n) => *n += 1,
            Values::Int(v, gaps, _) | Values::DateTime(v, gaps, _) => {
                gaps.mark(v.len());
                v.push(0);
            }
            Values::Float(v, _) => v.push(f64::NAN),
            Values::Bool(v, gaps) => {
                gaps.mark(v.len());
                v.push(false);
            }
            Values::Date(v, gaps, _) | Values::Time(v, gaps) => {
                gaps.mark(v.len());
                v.push(0);
            }
            Values::Words(words) => words.push_missing(),
            Values::Again(_) => {}
        }
    }

    /// The column, the order of its dates, and what is worth a note.
    pub fn finish(mut self) -> Result<Finished, TooLarge> {
        let mut date_order = None;
        let mut format = ColumnFormat::default();
        let kind = self.values.kind();
        let (data, validity) = match self.values {
            Values::Undecided(n) => Words::new(&self.rules.missing, None, n).finish()?,
            Values::Again(_) => Words::new(&self.rules.missing, None, 0).finish()?,
            Values::Words(words) => words.finish()?,
            Values::Int(values, gaps, look) => {
                format = look.format();
                let validity = gaps.finish(values.len());
                (Data::Int(values), validity)
            }
            Values::Float(values, look) => {
                format = look.format();
                // Whole numbers that a program wrote as `39.0` because some were missing.
                let as_whole = |v: &f64| v.is_nan() || v.fract() == 0.0;
                if look.decimals == 1 && values.iter().all(as_whole) {
                    format.decimals = Some(0);
                }
                let column = Column::float("", values);
                (column.data, column.validity)
            }
            Values::Bool(values, gaps) => {
                let validity = gaps.finish(values.len());
                (Data::Bool(values), validity)
            }
            Values::Date(values, gaps, dates) => {
                date_order = dates.report(&self.name, &mut self.warnings);
                let validity = gaps.finish(values.len());
                (Data::Date(values), validity)
            }
            Values::DateTime(values, gaps, dates) => {
                date_order = dates.report(&self.name, &mut self.warnings);
                let validity = gaps.finish(values.len());
                (Data::DateTime(values), validity)
            }
            Values::Time(values, gaps) => {
                let validity = gaps.finish(values.len());
                (Data::Time(values), validity)
            }
        };
        if self.unreadable.count > 0 {
            let (part, value) = self.first_unreadable;
            let warning = Warning::Unreadable {
                column: self.name.clone(),
                kind,
                line: self.unreadable.line,
                value,
                count: self.unreadable.count,
            };
            self.warnings.push((part, warning));
        }
        let mut column = Column::new(self.name, data).with_format(format);
        column.validity = validity;
        Ok(Finished {
            column,
            date_order,
            warnings: self.warnings,
        })
    }
}

pub(super) struct Finished {
    pub column: Column,
    pub date_order: Option<DateOrder>,
    /// Each with the text that it is about.
    pub warnings: Vec<(usize, Warning)>,
}

impl Values {
    fn kind(&self) -> ColumnKind {
        match self {
            Self::Int(..) => ColumnKind::Int,
            Self::Float(..) => ColumnKind::Float,
            Self::Bool(..) => ColumnKind::Bool,
            Self::Date(..) => ColumnKind::Date,
            Self::DateTime(..) => ColumnKind::DateTime,
            Self::Time(..) => ColumnKind::Time,
            Self::Undecided(_) | Self::Words(_) | Self::Again(_) => ColumnKind::Category,
        }
    }
}

impl Look {
    /// Takes note of how a number is written; false when it cannot stand with those before it.
    fn accept(&mut self, number: &Number) -> bool {
        let bare_zero = number.value == 0.0 && !number.percent;
        let percent_fits = self.percent.is_none_or(|p| p == number.percent) || bare_zero;
        let currency_fits = match (self.currency, number.currency) {
            (Some(a), Some(b)) => a == b,
            _ => true,
        };
        if !percent_fits || !currency_fits {
            return false;
        }
        if !bare_zero {
            self.percent = Some(number.percent);
        }
        self.decimals = self.decimals.max(number.decimals);
        match number.currency {
            Some(currency) => {
                self.currency = Some(currency);
                self.n_currency += 1;
            }
            None => self.n_bare += 1,
        }
        true
    }

    fn format(&self) -> ColumnFormat {
        let all_currency = self.n_currency > 0 && self.n_bare == 0;
        ColumnFormat {
            decimals: Some(self.decimals),
            currency: self.currency.filter(|_| all_currency).map(|c| c.to_owned()),
            percent: self.percent == Some(true),
        }
    }
}

impl Dates {
    /// Takes note of how a date is written; false when it cannot stand with those before it.
    #[inline]
    fn accept(&mut self, moment: &Moment) -> bool {
        let class = Class::of(moment.spelling);
        if self.class.is_some_and(|c| c != class) {
            return false;
        }
        if let Spelling::Numeric(Some(only)) = moment.spelling {
            if only != self.order {
                return false;
            }
            self.is_certain = true;
        }
        self.class = Some(class);
        self.any_offset |= moment.offset.is_some_and(|o| o != 0);
        true
    }

    /// Whether this date says that all those before it were read the wrong way round.
    fn turns(&self, moment: &Moment) -> bool {
        let other = match moment.spelling {
            Spelling::Numeric(Some(only)) => only != self.order,
            _ => false,
        };
        other && !self.is_certain && self.class.is_none_or(|c| c == Class::Numeric)
    }

    fn turn(&mut self) {
        self.order = match self.order {
            DateOrder::DayMonth => DateOrder::MonthDay,
            DateOrder::MonthDay => DateOrder::DayMonth,
        };
    }

    fn report(&self, name: &str, warnings: &mut Vec<(usize, Warning)>) -> Option<DateOrder> {
        let column = name.to_owned();
        if self.any_offset {
            let column = column.clone();
            warnings.push((0, Warning::OffsetsToUtc { column }));
        }
        if self.class != Some(Class::Numeric) {
            return None;
        }
        if !self.is_certain {
            let read_as = self.order;
            warnings.push((0, Warning::AmbiguousDates { column, read_as }));
        }
        Some(self.order)
    }
}

impl Class {
    fn of(spelling: Spelling) -> Self {
        match spelling {
            Spelling::Clear => Self::Clear,
            Spelling::Compact => Self::Compact,
            Spelling::Numeric(_) => Self::Numeric,
        }
    }
}

fn swap_day_month(days: i32) -> i32 {
    let (year, month, day) = civil_from_days(days);
    days_from_civil(year, day, month).unwrap_or(days)
}
