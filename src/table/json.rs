//! A table as JSON, for notebook files: exact, and plain to whoever opens the file.
//!
//! ```json
//! {"columns": [
//!   {"name": "mass", "kind": "float", "measure": "scale", "label": "Body mass (g)",
//!    "format": {"decimals": 1}, "values": [3750.5, null, "inf"]},
//!   {"name": "day", "kind": "date", "measure": "time", "values": ["2024-03-05", null, null]},
//!   {"name": "sex", "kind": "category", "measure": "nominal",
//!    "levels": ["female", "male"], "codes": [0, 1, null]},
//!   {"name": "q1", "kind": "int", "measure": "ordinal", "note": "asked in May",
//!    "value_labels": [{"value": "1", "label": "never"}, {"value": "9", "label": "refused"}],
//!    "missing_codes": ["9", {"from": 97, "to": 99}],
//!    "coded": {"values": ["9"], "codes": [null, 0, null]}, "values": [1, null, null]}
//! ]}
//! ```
//!
//! `null` is a missing value. `label`, `note`, `format`, `value_labels`, `missing_codes` and `coded`
//! (which code stood in a row that is missing for it) may be left out. Infinities are `"inf"` and
//! `"-inf"`; integers past 2⁵³, which JSON readers with 64-bit floats would round, are strings of
//! digits. Dates, date-times and times of day are ISO 8601 strings; a day outside the years −9999
//! to 9999 is its number of days or milliseconds since 1970-01-01, and a time outside a day its
//! number of milliseconds.

use std::fmt;
use std::ops::RangeInclusive;

use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use super::calendar::{MS_PER_DAY, days_from_civil};
use super::{
    Bitmap, Coded, Column, ColumnFormat, ColumnKind, Data, Measure, MissingCode, Table, Utf8,
    Value, ValueLabel,
};

/// Why JSON is no table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JsonError {
    /// The JSON has not the shape of a table.
    Shape { reason: String },
    /// A value that the column cannot hold. Rows count from 1.
    Value {
        column: String,
        row: usize,
        found: String,
    },
    /// The text of one column passes 2 GiB.
    TooLong { column: String },
}

/// The table as JSON; [`read`] takes it back.
pub fn write(table: &Table) -> Json {
    let columns = table.columns().iter().map(|c| write_column(c));
    json!({ "columns": columns.collect::<Vec<_>>() })
}

/// The table that [`write`] wrote. Missing values hold what [`Data`] says they hold.
///
/// # Errors
/// When the JSON has another shape, or a value does not fit its column.
pub fn read(json: &Json) -> Result<Table, JsonError> {
    let columns = json
        .get("columns")
        .and_then(Json::as_array)
        .ok_or_else(|| shape("a table has a list of “columns”"))?;
    let columns = columns.iter().map(read_column).collect::<Result<_, _>>()?;
    Table::new(columns).map_err(shape)
}

/// What a column says of itself beside its values.
#[derive(Deserialize)]
struct Schema {
    name: String,
    kind: ColumnKind,
    measure: Measure,
    #[serde(default)]
    label: Option<String>,
    #[serde(default)]
    note: Option<String>,
    #[serde(default)]
    value_labels: Vec<ValueLabel>,
    #[serde(default)]
    missing_codes: Vec<MissingCode>,
    #[serde(default)]
    coded: Option<CodedJson>,
    #[serde(default)]
    format: ColumnFormat,
    #[serde(default)]
    levels: Vec<String>,
}

/// Which code stood in each row that is missing for one; `null` for others.
#[derive(Deserialize)]
struct CodedJson {
    values: Vec<String>,
    codes: Vec<Option<u32>>,
}

fn write_column(column: &Column) -> Json {
    let mut object = Map::new();
    object.insert("name".into(), json!(column.name));
    object.insert("kind".into(), json!(column.kind()));
    object.insert("measure".into(), json!(column.measure));
    if let Some(label) = &column.label {
        object.insert("label".into(), json!(label));
    }
    if let Some(note) = &column.note {
        object.insert("note".into(), json!(note));
    }
    if !column.value_labels.is_empty() {
        object.insert("value_labels".into(), json!(column.value_labels));
    }
    if !column.missing_codes.is_empty() {
        object.insert("missing_codes".into(), json!(column.missing_codes));
    }
    if let Some(coded) = &column.coded {
        let codes = coded.codes.iter().map(|&c| (c >= 0).then_some(c));
        let codes: Json = codes.collect();
        let coded = json!({"values": coded.values, "codes": codes});
        object.insert("coded".into(), coded);
    }
    if column.format != ColumnFormat::default() {
        object.insert("format".into(), json!(column.format));
    }
    let rows = 0..column.len();
    if let Data::Category { codes, levels } = &column.data {
        let code = |i| column.is_valid(i).then(|| codes[i]);
        object.insert("levels".into(), json!(levels));
        object.insert("codes".into(), rows.map(code).collect());
    } else {
        let values = rows.map(|i| write_value(column.value(i)));
        object.insert("values".into(), values.collect());
    }
    Json::Object(object)
}

fn write_value(value: Value) -> Json {
    let spelt = || {
        let mut out = String::new();
        value.write(&mut out);
        Json::String(out)
    };
    match value {
        Value::Missing => Json::Null,
        Value::Float(x) if x.is_nan() => Json::Null,
        Value::Float(x) if x.is_finite() => x.into(),
        Value::Float(_) => spelt(),
        Value::Int(x) => write_int(x),
        Value::Bool(x) => x.into(),
        Value::Date(days) if civil_days().contains(&days) => spelt(),
        Value::Date(days) => days.into(),
        Value::DateTime(ms) if has_civil_day(ms) => spelt(),
        Value::DateTime(ms) => write_int(ms),
        Value::Time(ms) if (0..MS_PER_DAY).contains(&i64::from(ms)) => spelt(),
        Value::Time(ms) => ms.into(),
        Value::Text(s) => s.into(),
    }
}

fn write_int(x: i64) -> Json {
    const EXACT: u64 = 1 << 53;
    if x.unsigned_abs() <= EXACT {
        x.into()
    } else {
        x.to_string().into()
    }
}

fn read_column(json: &Json) -> Result<Column, JsonError> {
    let schema = Schema::deserialize(json).map_err(shape)?;
    let key = match schema.kind {
        ColumnKind::Category => "codes",
        _ => "values",
    };
    let cells = Cells {
        column: &schema.name,
        values: json.get(key).and_then(Json::as_array).ok_or_else(|| {
            shape(format_args!(
                "column “{}” has a list of “{key}”",
                schema.name
            ))
        })?,
    };
    let data = match schema.kind {
        ColumnKind::Float => Data::Float(cells.read(f64::NAN, read_float)?),
        ColumnKind::Int => Data::Int(cells.read(0, read_int)?),
        ColumnKind::Bool => Data::Bool(Bitmap::from_iter(cells.read(false, Json::as_bool)?)),
        ColumnKind::Date => Data::Date(cells.read(0, read_date)?),
        ColumnKind::DateTime => Data::DateTime(cells.read(0, read_date_time)?),
        ColumnKind::Time => Data::Time(cells.read(0, read_time)?),
        ColumnKind::Category => {
            let n_levels = i32::try_from(schema.levels.len()).unwrap_or(i32::MAX);
            let code = |v: &Json| read_i32(v).filter(|c| (0..n_levels).contains(c));
            Data::Category {
                codes: cells.read(-1, code)?,
                levels: schema.levels,
            }
        }
        ColumnKind::Text => Data::Text(cells.read_text()?),
    };
    let validity = Bitmap::from_iter(cells.values.iter().map(|v| !v.is_null()));
    let coded = match schema.coded {
        Some(coded) => Some(coded.read(&schema.name, &validity)?),
        None => None,
    };
    let mut column = Column::new(schema.name, data)
        .with_measure(schema.measure)
        .with_format(schema.format)
        .with_validity(validity);
    column.label = schema.label;
    column.note = schema.note;
    column.value_labels = schema.value_labels;
    column.missing_codes = schema.missing_codes;
    column.coded = coded;
    Ok(column)
}

impl CodedJson {
    fn read(self, column: &str, validity: &Bitmap) -> Result<Coded, JsonError> {
        let Self { values, codes } = self;
        let is_sound = |(i, code): (usize, &Option<u32>)| {
            code.is_none_or(|c| (c as usize) < values.len() && !validity.get(i))
        };
        let sound = codes.len() == validity.len() && codes.iter().enumerate().all(is_sound);
        if !sound {
            return Err(shape(format_args!(
                "“coded” of column “{column}” does not fit its values"
            )));
        }
        let codes = codes.iter().map(|c| c.map_or(-1, |c| c as i32)).collect();
        Ok(Coded { codes, values })
    }
}

/// The values of a column that is being read.
struct Cells<'a> {
    column: &'a str,
    values: &'a [Json],
}

impl<'a> Cells<'a> {
    fn read<T: Copy>(
        &self,
        missing: T,
        read: impl Fn(&'a Json) -> Option<T>,
    ) -> Result<Vec<T>, JsonError> {
        let cell = |(i, value): (usize, &'a Json)| match value {
            Json::Null => Ok(missing),
            value => read(value).ok_or_else(|| self.error(i)),
        };
        self.values.iter().enumerate().map(cell).collect()
    }

    fn read_text(&self) -> Result<Utf8, JsonError> {
        let mut text = Utf8::new();
        for s in self.read("", Json::as_str)? {
            if !text.has_room(s.len()) {
                let column = self.column.to_owned();
                return Err(JsonError::TooLong { column });
            }
            text.push(s);
        }
        Ok(text)
    }

    fn error(&self, i: usize) -> JsonError {
        const SHOWN: usize = 60;
        let mut found: String = self.values[i].to_string();
        if let Some((end, _)) = found.char_indices().nth(SHOWN) {
            found.truncate(end);
            found.push('…');
        }
        JsonError::Value {
            column: self.column.to_owned(),
            row: i + 1,
            found,
        }
    }
}

fn read_float(json: &Json) -> Option<f64> {
    match json.as_str() {
        Some("inf") => Some(f64::INFINITY),
        Some("-inf") => Some(f64::NEG_INFINITY),
        Some(_) => None,
        None => json.as_f64(),
    }
}

fn read_int(json: &Json) -> Option<i64> {
    match json.as_str() {
        Some(digits) => digits.parse().ok(),
        None => json.as_i64(),
    }
}

fn read_i32(json: &Json) -> Option<i32> {
    json.as_i64().and_then(|x| x.try_into().ok())
}

fn read_date(json: &Json) -> Option<i32> {
    match json.as_str() {
        Some(iso) => parse_date(iso),
        None => read_i32(json),
    }
}

fn read_date_time(json: &Json) -> Option<i64> {
    match json.as_str().and_then(|s| s.split_once('T')) {
        Some((date, time)) => {
            let days = i64::from(parse_date(date)?);
            Some(days * MS_PER_DAY + i64::from(parse_time(time)?))
        }
        None => read_int(json),
    }
}

fn read_time(json: &Json) -> Option<i32> {
    match json.as_str() {
        Some(iso) => parse_time(iso),
        None => read_i32(json),
    }
}

/// `2024-03-05`, `-0044-03-15`.
fn parse_date(iso: &str) -> Option<i32> {
    let (sign, digits) = match iso.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, iso),
    };
    let mut parts = digits.split('-');
    let year = parse_digits(parts.next()?, 4)? as i32;
    let month = parse_digits(parts.next()?, 2)?;
    let day = parse_digits(parts.next()?, 2)?;
    let is_all = parts.next().is_none();
    is_all.then(|| days_from_civil(sign * year, month, day))?
}

/// Milliseconds of `11:38:36` or `11:38:36.123`.
fn parse_time(iso: &str) -> Option<i32> {
    let (clock, ms) = match iso.split_once('.') {
        Some((clock, ms)) => (clock, parse_digits(ms, 3)?),
        None => (iso, 0),
    };
    let mut parts = clock.split(':');
    let mut next = |limit: u32| {
        let n = parse_digits(parts.next()?, 2)?;
        (n < limit).then_some(n)
    };
    let seconds = (next(24)? * 60 + next(60)?) * 60 + next(60)?;
    let is_all = parts.next().is_none();
    is_all.then_some((seconds * 1000 + ms) as i32)
}

fn parse_digits(s: &str, width: usize) -> Option<u32> {
    let is_number = s.len() == width && s.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| s.parse().ok())?
}

/// The days that [`days_from_civil`] knows.
fn civil_days() -> RangeInclusive<i32> {
    const FIRST: i32 = -4_371_587;
    const LAST: i32 = 2_932_896;
    FIRST..=LAST
}

fn has_civil_day(ms: i64) -> bool {
    i32::try_from(ms.div_euclid(MS_PER_DAY)).is_ok_and(|days| civil_days().contains(&days))
}

fn shape(reason: impl fmt::Display) -> JsonError {
    JsonError::Shape {
        reason: reason.to_string(),
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shape { reason } => write!(f, "This is no table: {reason}"),
            Self::Value { column, row, found } => {
                write!(f, "Column “{column}” cannot hold {found} in row {row}.")
            }
            Self::TooLong { column } => write!(f, "The text of column “{column}” passes 2 GiB."),
        }
    }
}

impl std::error::Error for JsonError {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::samples::{any_table, one_of_each_kind};
    use super::*;

    /// Through text and back; NaN equal to NaN, −0 not to 0.
    fn check_round_trip(table: &Table) {
        let text = write(table).to_string();
        let back = read(&serde_json::from_str(&text).unwrap()).unwrap();
        assert_eq!(format!("{back:?}"), format!("{table:?}"));
    }

    fn values(column: Column) -> String {
        write_column(&column)["values"].to_string()
    }

    #[test]
    fn tables_come_back() {
        check_round_trip(&Table::default());
        check_round_trip(&one_of_each_kind());
        check_round_trip(&one_of_each_kind().slice(0..0));
    }

    #[test]
    fn values_of_each_kind() {
        let check = |column: Column, expected: &str| assert_eq!(values(column), expected);
        let floats = [-0.0, 0.1, 1e300, f64::INFINITY, f64::NEG_INFINITY, f64::NAN];
        check(
            Column::float("x", floats.to_vec()),
            r#"[-0.0,0.1,1e+300,"inf","-inf",null]"#,
        );
        check(
            Column::int("x", vec![1 << 53, (1 << 53) + 1, -(1 << 53) - 1, i64::MIN]),
            r#"[9007199254740992,"9007199254740993","-9007199254740993","-9223372036854775808"]"#,
        );
        check(Column::bool("x", [true, false]), "[true,false]");
        check(
            Column::date("x", vec![19_787, -719_529, 2_932_897]),
            r#"["2024-03-05","-0001-12-31",2932897]"#,
        );
        check(
            Column::date_time("x", vec![1, -1, i64::MAX]),
            r#"["1970-01-01T00:00:00.001","1969-12-31T23:59:59.999","9223372036854775807"]"#,
        );
        check(
            Column::new("x", Data::Time(vec![41_916_000, 86_400_000, -1])),
            r#"["11:38:36",86400000,-1]"#,
        );
        check(Column::text("x", ["a\"", ""]), r#"["a\"",""]"#);
    }

    #[test]
    fn a_whole_column() {
        let levels = vec!["female".to_owned(), "male".to_owned()];
        let mut column = Column::category("sex", vec![0, 1, -1], levels);
        column.label = Some("Sex".to_owned());
        column.format.decimals = Some(2);
        let expected = r#"{"columns":[{"name":"sex","kind":"category","measure":"nominal","label":"Sex","format":{"decimals":2},"levels":["female","male"],"codes":[0,1,null]}]}"#;
        assert_eq!(
            write(&Table::new(vec![column]).unwrap()).to_string(),
            expected
        );
    }

    #[test]
    fn the_first_and_last_civil_day() {
        let days = [(-9999, 1, 1), (9999, 12, 31)].map(|(y, m, d)| days_from_civil(y, m, d));
        assert_eq!(
            days,
            [Some(*civil_days().start()), Some(*civil_days().end())]
        );
    }

    #[test]
    fn values_that_do_not_fit_are_named() {
        let check = |kind: &str, value: &str, expected: Option<&str>| {
            let key = if kind == "category" {
                "codes"
            } else {
                "values"
            };
            let text = format!(
                r#"{{"columns":[{{"name":"x","kind":"{kind}","measure":"scale","levels":["a"],"{key}":[null,{value}]}}]}}"#
            );
            match (read(&serde_json::from_str(&text).unwrap()), expected) {
                (Ok(table), Some(shown)) => assert_eq!(table.columns()[0].display(1), shown),
                (Err(error), None) => assert_eq!(
                    error.to_string(),
                    format!("Column “x” cannot hold {value} in row 2.")
                ),
                (found, _) => panic!("{kind} {value}: {found:?}"),
            }
        };
        check("float", "3", Some("3"));
        check("float", r#""3""#, None);
        check("float", r#""NaN""#, None);
        check("int", "3", Some("3"));
        check("int", "3.5", None);
        check("int", "9223372036854775808", None);
        check("int", r#""9223372036854775808""#, None);
        check("bool", "true", Some("true"));
        check("bool", "1", None);
        check("category", "0", Some("a"));
        check("category", "1", None);
        check("category", "-1", None);
        check("text", "1", None);
        check("date", r#""2024-02-29""#, Some("2024-02-29"));
        check("date", r#""2023-02-29""#, None);
        check("date", r#""2024-2-29""#, None);
        check("date", r#""+024-02-29""#, None);
        check("date", r#""2024-02-29-01""#, None);
        check("date", "2147483648", None);
        check("time", r#""23:59:59.999""#, Some("23:59:59.999"));
        check("time", r#""24:00:00""#, None);
        check("time", r#""10:60:00""#, None);
        check("time", r#""10:00:00.5""#, None);
        check("time", r#""10:00""#, None);
        check(
            "date_time",
            r#""2024-02-29T10:00:00""#,
            Some("2024-02-29T10:00:00"),
        );
        check("date_time", r#""2024-02-29 10:00:00""#, None);
        check("date_time", r#""2024-02-29""#, None);
    }

    #[test]
    fn other_shapes_are_refused() {
        let check = |text: &str, expected: &str| {
            let error = read(&serde_json::from_str(text).unwrap()).unwrap_err();
            assert!(error.to_string().contains(expected), "{error}");
        };
        check("[]", "“columns”");
        check(r#"{"columns":[7]}"#, "invalid type");
        check(r#"{"columns":[{"name":"x","kind":"float"}]}"#, "measure");
        check(
            r#"{"columns":[{"name":"x","kind":"float","measure":"scale"}]}"#,
            "column “x” has a list of “values”",
        );
        let column = |name, values| {
            format!(r#"{{"name":"{name}","kind":"float","measure":"scale","values":{values}}}"#)
        };
        let table = |a, b| format!(r#"{{"columns":[{a},{b}]}}"#);
        check(
            &table(column("x", "[1]"), column("y", "[]")),
            "Column “y” has 0 rows",
        );
        check(&table(column("x", "[1]"), column("x", "[1]")), "named “x”");
    }

    #[test]
    fn long_values_are_cut_in_messages() {
        let found = json!({"columns": [{
            "name": "x", "kind": "float", "measure": "scale", "values": ["가".repeat(100)],
        }]});
        let error = read(&found).unwrap_err().to_string();
        let shown = "가".repeat(59);
        assert_eq!(
            error,
            format!("Column “x” cannot hold \"{shown}… in row 1.")
        );
    }

    proptest! {
        #[test]
        fn any_table_comes_back(table in any_table()) {
            check_round_trip(&table);
        }
    }
}
