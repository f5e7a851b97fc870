//! SPSS system files (`.sav`, `.zsav`), read by the description of the format in PSPP's manual for
//! developers (“System File Format”).

mod data;
mod dictionary;
mod records;

use self::data::Cases;
use self::dictionary::{Dictionary, Kind, Variable};
use super::cells::{self, TooLarge};
use super::finish::{self, Raw, RawColumn, Seen};
use super::sink::too_large;
use super::strings::Strings;
use super::{FormatError, Imported, N_SAMPLE, Previewed, Watch, words};
use crate::msg;
use crate::report::Msg;
use crate::table::calendar::MS_PER_DAY;
use crate::table::csv::{Encoding, FileFacts, ImportOptions, Source};
use crate::table::{Bitmap, Column, ColumnFormat, Data, FileFormat, Measure};

/// Cases between two reports of progress.
const N_BETWEEN: usize = 5_000;
/// Days from 1582-10-14, with which SPSS begins to count seconds, to 1970-01-01.
const EPOCH_DAYS: i64 = 141_428;

pub(super) fn preview(
    source: &mut dyn Source,
    options: &ImportOptions,
) -> Result<Previewed, FormatError> {
    let n_bytes = source.len();
    let dictionary = dictionary::read(source, options)?;
    let stated = dictionary.n_cases;
    let raw = read_cases(source, dictionary, Some(N_SAMPLE), &mut |_, _| true)?;
    let n_read = raw.n_rows as u64;
    let seen = Seen {
        n_bytes,
        n_rows: stated.unwrap_or(n_read).max(n_read),
        is_whole: n_read < N_SAMPLE as u64 || stated.is_some(),
    };
    finish::preview(raw, options, seen)
}

pub(super) fn read(
    source: &mut dyn Source,
    options: &ImportOptions,
    watch: &mut Watch,
) -> Result<Imported, FormatError> {
    let dictionary = dictionary::read(source, options)?;
    let raw = read_cases(source, dictionary, None, watch)?;
    finish::import(raw, options)
}

/// Values of one variable while cases come in.
enum Values {
    /// NaN where missing.
    Numbers(Vec<f64>),
    Texts(Box<Strings>),
}

fn read_cases<'a>(
    source: &mut dyn Source,
    dictionary: Dictionary,
    limit: Option<usize>,
    watch: &mut Watch,
) -> Result<Raw<'a>, FormatError> {
    let n_stated = dictionary.n_cases;
    let n_bytes = source.len();
    let mut values: Vec<Values> = dictionary.variables.iter().map(Values::new).collect();
    let mut cases = Cases::new(source, &dictionary)?;
    let mut text: Vec<u8> = Vec::new();
    let mut n_rows = 0;
    let most = n_stated
        .unwrap_or(u64::from(u32::MAX))
        .min(u64::from(u32::MAX)) as usize;
    let most = limit.map_or(most, |limit| most.min(limit));
    let damaged = |n_rows: usize, name: &str| -> FormatError {
        msg!(
            "formats.damaged_case",
            "The file is damaged in row {row}, at “{column}”. Get it again, or save it anew in the program that made it.",
            row = n_rows + 1,
            column = name
        )
        .into()
    };
    'cases: while n_rows < most {
        for (k, (variable, values)) in dictionary.variables.iter().zip(&mut values).enumerate() {
            match values {
                Values::Numbers(numbers) => {
                    let Some(element) = cases.next()? else {
                        if k == 0 {
                            break 'cases;
                        }
                        return Err(damaged(n_rows, &variable.name));
                    };
                    let x = dictionary.order.f64(element);
                    let is_missing = x == dictionary.missing || x.is_nan();
                    numbers.push(if is_missing { f64::NAN } else { x });
                }
                Values::Texts(strings) => {
                    text.clear();
                    for (n, segment) in variable.segments.iter().enumerate() {
                        let end = text.len() + segment.n_used;
                        for part in 0..segment.n_bytes.div_ceil(8) {
                            let Some(element) = cases.next()? else {
                                if k == 0 && n == 0 && part == 0 {
                                    break 'cases;
                                }
                                return Err(damaged(n_rows, &variable.name));
                            };
                            text.extend(element);
                        }
                        text.truncate(end);
                    }
                    let trimmed = text.trim_ascii_end();
                    let decoded = dictionary.decode(trimmed);
                    let decoded = decoded.trim_end();
                    let value = (!decoded.is_empty()).then_some(decoded);
                    strings
                        .push(value)
                        .map_err(|TooLarge| too_large(&variable.name))?;
                }
            }
        }
        n_rows += 1;
        if n_rows.is_multiple_of(N_BETWEEN) {
            let done = match n_stated {
                Some(n) => n_rows as f32 / n.max(1) as f32,
                None => cases.position() as f32 / n_bytes.max(1) as f32,
            };
            if !watch(done.min(1.0), words::reading_rows(n_rows)) {
                return Err(FormatError::Cancelled);
            }
        }
    }
    let mut warnings = Vec::new();
    if let Some(stated) = n_stated
        && limit.is_none()
        && (n_rows as u64) < stated
    {
        warnings.push(msg!(
            "formats.fewer_cases",
            "The file says that it has {stated} rows, but ends after {found}.",
            stated = stated,
            found = n_rows
        ));
    }
    if let Some(weight) = &dictionary.weight {
        warnings.push(msg!(
            "formats.weight",
            "In SPSS the rows of this file are weighted by “{column}”; here each row counts once unless an analysis is told the weights.",
            column = weight
        ));
    }
    if n_rows == 0 && limit.is_none() {
        return Err(words::no_rows().into());
    }
    let mut columns = Vec::with_capacity(values.len());
    for (variable, values) in dictionary.variables.iter().zip(values) {
        let column = column(variable, values, n_rows, &mut warnings)?;
        columns.push(RawColumn {
            name: variable.name.clone(),
            cells: cells::Cells::Typed(column),
            is_measured: variable.measure.is_some(),
        });
    }
    Ok(Raw {
        columns,
        n_rows,
        row_of: &|i| i as u64 + 1,
        facts: FileFacts {
            format: FileFormat::Spss,
            written_by: dictionary.product,
            ..FileFacts::default()
        },
        encoding: dictionary.encoding,
        has_header: true,
        warnings,
    })
}

impl Values {
    fn new(variable: &Variable) -> Self {
        match variable.kind {
            Kind::Text => Self::Texts(Box::default()),
            _ => Self::Numbers(Vec::new()),
        }
    }
}

/// A variable as a column, with its labels and missing codes.
fn column(
    variable: &Variable,
    values: Values,
    n_rows: usize,
    warnings: &mut Vec<Msg>,
) -> Result<Column, FormatError> {
    let name = &variable.name;
    let mut column = match values {
        Values::Texts(strings) => strings.finish(name).map_err(|TooLarge| too_large(name))?,
        Values::Numbers(mut numbers) => {
            // The case that was cut short.
            numbers.truncate(n_rows);
            of_numbers(variable, numbers, warnings)
        }
    };
    column.label.clone_from(&variable.label);
    column.value_labels.clone_from(&variable.value_labels);
    column.measure = match (variable.measure, &column.data) {
        (_, Data::Date(_) | Data::DateTime(_) | Data::Time(_)) => Measure::Time,
        // Text whose distances count there is not.
        (Some(Measure::Scale), Data::Category { .. } | Data::Text(_)) | (None, _) => {
            crate::table::csv::measure(&column)
        }
        (Some(measure), _) => measure,
    };
    Ok(match variable.missing.is_empty() {
        true => column,
        false => column.with_missing_codes(variable.missing.clone()),
    })
}

fn of_numbers(variable: &Variable, numbers: Vec<f64>, warnings: &mut Vec<Msg>) -> Column {
    let name = &variable.name;
    let is_code = |x: &f64| {
        let codes = Column::float("", vec![*x]).with_missing_codes(variable.missing.clone());
        codes.n_missing() == 1
    };
    match variable.kind {
        Kind::Date | Kind::DateTime | Kind::Time => {
            // Codes of missing values are no dates.
            let ms: Vec<Option<i64>> = numbers
                .iter()
                .map(|x| {
                    // No calendar goes further, and neither does a whole number of milliseconds.
                    let is_moment = x.abs() < 9e12;
                    let is_there = is_moment && (variable.missing.is_empty() || !is_code(x));
                    is_there.then(|| (x * 1000.0).round() as i64)
                })
                .collect();
            of_times(variable, numbers, &ms, warnings)
        }
        _ => {
            let is_whole = |x: &f64| x.is_nan() || (x.fract() == 0.0 && x.abs() < 9e15);
            let format = ColumnFormat {
                decimals: u8::try_from(variable.decimals).ok(),
                currency: variable.is_dollar.then(|| "$".to_owned()),
                percent: false,
            };
            if numbers.iter().all(is_whole) {
                let valid: Bitmap = numbers.iter().map(|x| !x.is_nan()).collect();
                let ints = numbers
                    .iter()
                    .map(|x| if x.is_nan() { 0 } else { *x as i64 });
                Column::int(name, ints.collect())
                    .with_validity(valid)
                    .with_format(ColumnFormat {
                        decimals: Some(0),
                        ..format
                    })
            } else {
                Column::float(name, numbers).with_format(format)
            }
        }
    }
}

fn of_times(
    variable: &Variable,
    numbers: Vec<f64>,
    ms: &[Option<i64>],
    warnings: &mut Vec<Msg>,
) -> Column {
    let name = &variable.name;
    let valid: Bitmap = ms.iter().map(Option::is_some).collect();
    let is_day = |ms: &Option<i64>| ms.is_none_or(|ms| (0..MS_PER_DAY).contains(&ms));
    match variable.kind {
        Kind::Date => {
            let day = |ms: &Option<i64>| {
                let days = ms.unwrap_or(0).div_euclid(MS_PER_DAY) - EPOCH_DAYS;
                if ms.is_some() {
                    i32::try_from(days).unwrap_or(0)
                } else {
                    0
                }
            };
            Column::date(name, ms.iter().map(day).collect()).with_validity(valid)
        }
        Kind::DateTime => {
            let moment = |ms: &Option<i64>| ms.map_or(0, |ms| ms - EPOCH_DAYS * MS_PER_DAY);
            Column::date_time(name, ms.iter().map(moment).collect()).with_validity(valid)
        }
        _ if ms.iter().all(is_day) => {
            let times = ms.iter().map(|ms| ms.unwrap_or(0) as i32);
            Column::new(name, Data::Time(times.collect())).with_validity(valid)
        }
        _ => {
            warnings.push(msg!(
                "formats.durations",
                "“{column}” holds lengths of time past a day, so it is in seconds.",
                column = name
            ));
            Column::float(name, numbers)
        }
    }
}

/// The encoding of a name such as `EUC-KR` or `CP949`.
fn encoding_of(name: &str) -> Option<Encoding> {
    Encoding::from_label(name.trim()).or_else(|| {
        let digits = name
            .trim()
            .trim_start_matches(|c: char| !c.is_ascii_digit());
        digits.parse().ok().and_then(encoding_of_page)
    })
}

/// The encoding of a Windows code page.
fn encoding_of_page(page: i32) -> Option<Encoding> {
    let label = match page {
        65_001 => "utf-8".to_owned(),
        949 | 51_949 => "cp949".to_owned(),
        932 => "shift_jis".to_owned(),
        936 => "gbk".to_owned(),
        950 => "big5".to_owned(),
        874 => "windows-874".to_owned(),
        1250..=1258 => format!("windows-{page}"),
        28_591..=28_605 => format!("iso-8859-{}", page - 28_590),
        _ => return None,
    };
    Encoding::from_label(&label)
}
