//! Option values as JSON, and how typed options are read from them.

use serde_json::{Map, Value};

use super::option::{Kind, OptionSpec};
use crate::msg;
use crate::report::Msg;

/// What a person or a program set: option name to JSON value. What is absent has its default.
pub type Values = Map<String, Value>;

/// A struct of options made by [`options!`](crate::options).
pub trait Options: Sized {
    const SPECS: &'static [OptionSpec];

    /// # Errors
    /// All fields whose value does not fit, and names that no option has.
    fn read(values: &Values) -> Result<Self, Vec<FieldError>>;
}

/// A value that does not fit its option.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct FieldError {
    /// `option`, or `option.row.field` within rows.
    pub option: String,
    pub message: Msg,
    /// Which bytes of a formula are meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<std::ops::Range<usize>>,
}

/// A type that an option can have.
pub trait FromValue: Sized {
    /// `value` is `None` when nothing was set.
    ///
    /// # Errors
    /// When the value does not fit.
    fn from_value(value: Option<&Value>, spec: &OptionSpec) -> Result<Self, Vec<FieldError>>;
}

/// Declares a struct of options: field, title, type and kind, the help from its doc comment.
///
/// ```
/// use jari::spec::{Fits, columns, integer};
///
/// jari::options! {
///     /// What the method is asked.
///     pub struct MyOptions {
///         /// Columns that measure how alike two rows are.
///         columns "Columns": Vec<String> = columns(Fits::Numbers),
///         /// How many groups are made.
///         k "Groups": usize = integer(3, 2, 100),
///     }
/// }
/// let values = serde_json::json!({"columns": ["x"]});
/// let options = <MyOptions as jari::spec::Options>::read(values.as_object().unwrap()).unwrap();
/// assert_eq!(options.k, 3);
/// ```
#[macro_export]
macro_rules! options {
    (
        $(#[doc = $about:literal])*
        pub struct $name:ident {
            $( $(#[doc = $help:literal])+ $field:ident $title:literal : $ty:ty = $spec:expr ),+ $(,)?
        }
    ) => {
        $(#[doc = $about])*
        #[derive(Clone, Debug)]
        pub struct $name { $( $(#[doc = $help])+ pub $field: $ty ),+ }

        impl $crate::spec::Options for $name {
            const SPECS: &'static [$crate::spec::OptionSpec] = &[$(
                $crate::spec::OptionSpec {
                    name: stringify!($field),
                    title: $title,
                    help: concat!($($help),+),
                    ..$spec
                }
            ),+];

            fn read(values: &$crate::spec::Values) -> Result<Self, Vec<$crate::spec::FieldError>> {
                let mut errors = Vec::new();
                $( let $field = $crate::spec::read_field::<$ty>(values, Self::SPECS, stringify!($field), &mut errors); )+
                errors.extend($crate::spec::FieldError::unknown(values, Self::SPECS));
                if !errors.is_empty() {
                    return Err(errors);
                }
                Ok(Self { $( $field: $field.expect("a field without an error has a value") ),+ })
            }
        }

        impl $crate::spec::FromValue for $name {
            fn from_value(
                value: Option<&serde_json::Value>,
                _: &$crate::spec::OptionSpec,
            ) -> Result<Self, Vec<$crate::spec::FieldError>> {
                static EMPTY: std::sync::LazyLock<$crate::spec::Values> = std::sync::LazyLock::new(Default::default);
                let object = value.and_then(serde_json::Value::as_object).unwrap_or(&EMPTY);
                <Self as $crate::spec::Options>::read(object)
            }
        }
    };
}

/// Declares an enum for a [`Kind::Choice`] option: variant, key in JSON, title.
#[macro_export]
macro_rules! choices {
    (
        $(#[doc = $about:literal])*
        pub enum $name:ident { $( $(#[doc = $help:literal])* $variant:ident = $key:literal $title:literal ),+ $(,)? }
    ) => {
        $(#[doc = $about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $( $(#[doc = $help])* $variant ),+ }

        impl $name {
            pub const CHOICES: &'static [$crate::spec::Choice] =
                &[$( $crate::spec::Choice { key: $key, title: $title } ),+];
        }

        impl $crate::spec::FromValue for $name {
            fn from_value(
                value: Option<&serde_json::Value>,
                spec: &$crate::spec::OptionSpec,
            ) -> Result<Self, Vec<$crate::spec::FieldError>> {
                match $crate::spec::FieldError::choice(value, spec)? {
                    $( $key => Ok(Self::$variant), )+
                    _ => unreachable!("the choice was checked"),
                }
            }
        }
    };
}

/// Reads the option called `name`; errors go to `errors`.
pub fn read_field<T: FromValue>(
    values: &Values,
    specs: &'static [OptionSpec],
    name: &str,
    errors: &mut Vec<FieldError>,
) -> Option<T> {
    let spec = specs
        .iter()
        .find(|s| s.name == name)
        .expect("a field has a spec");
    let value = values.get(name).filter(|v| !v.is_null());
    match T::from_value(value, spec) {
        Ok(v) => Some(v),
        Err(found) => {
            errors.extend(found);
            None
        }
    }
}

impl FieldError {
    pub fn new(option: impl Into<String>, message: Msg) -> Self {
        Self {
            option: option.into(),
            message,
            range: None,
        }
    }

    /// An error at a place of a formula.
    pub fn in_formula(option: impl Into<String>, error: crate::formula::Error) -> Self {
        Self {
            option: option.into(),
            message: error.message,
            range: Some(error.range),
        }
    }

    /// Names in `values` that no option has.
    pub fn unknown(values: &Values, specs: &[OptionSpec]) -> Vec<Self> {
        let names = || specs.iter().map(|s| s.name).collect::<Vec<_>>();
        values
            .keys()
            .filter(|key| !specs.iter().any(|s| s.name == key.as_str()))
            .map(|key| {
                Self::new(
                    key,
                    msg!(
                        "spec.unknown",
                        "There is no option {name}; there are {names}.",
                        name = key,
                        names = names()
                    ),
                )
            })
            .collect()
    }

    /// The key that a choice option has.
    ///
    /// # Errors
    /// When the value is none of the choices.
    pub fn choice<'a>(
        value: Option<&'a Value>,
        spec: &'a OptionSpec,
    ) -> Result<&'a str, Vec<Self>> {
        let Kind::Choice { choices, default } = spec.kind else {
            unreachable!("{} is declared as a choice", spec.name)
        };
        let key = match value {
            None => default,
            Some(v) => v.as_str().unwrap_or(""),
        };
        if choices.iter().any(|c| c.key == key) {
            return Ok(key);
        }
        let keys: Vec<_> = choices.iter().map(|c| c.key).collect();
        Err(vec![Self::new(
            spec.name,
            msg!("spec.choice", "Choose one of {choices}.", choices = keys),
        )])
    }
}

fn wrong<T>(spec: &OptionSpec, message: Msg) -> Result<T, Vec<FieldError>> {
    Err(vec![FieldError::new(spec.name, message)])
}

fn needed<T>(spec: &OptionSpec) -> Result<T, Vec<FieldError>> {
    match spec.kind {
        Kind::Column { .. } | Kind::Columns { .. } => {
            wrong(spec, msg!("spec.choose_column", "Choose a column."))
        }
        _ => wrong(spec, msg!("spec.needed", "This needs a value.")),
    }
}

/// A whole number within the bounds of its option; `None` when there is no value and no default.
fn whole(value: Option<&Value>, spec: &OptionSpec) -> Result<Option<i64>, Vec<FieldError>> {
    let Kind::Integer { default, min, max } = spec.kind else {
        unreachable!("{} is declared as a whole number", spec.name)
    };
    let Some(value) = value else {
        return Ok(default);
    };
    let found = value.as_i64().or_else(|| {
        value
            .as_f64()
            .filter(|v| v.fract() == 0.0)
            .map(|v| v as i64)
    });
    match found {
        Some(v) if (min..=max).contains(&v) => Ok(Some(v)),
        _ if max == i64::MAX => wrong(
            spec,
            msg!(
                "spec.integer_from",
                "Give a whole number from {min}.",
                min = min as f64
            ),
        ),
        _ => wrong(
            spec,
            msg!(
                "spec.integer",
                "Give a whole number from {min} to {max}.",
                min = min as f64,
                max = max as f64
            ),
        ),
    }
}

fn real(value: Option<&Value>, spec: &OptionSpec) -> Result<Option<f64>, Vec<FieldError>> {
    let Kind::Number { default, min, max } = spec.kind else {
        unreachable!("{} is declared as a number", spec.name)
    };
    let Some(value) = value else {
        return Ok(default);
    };
    match value.as_f64() {
        Some(v) if (min..=max).contains(&v) => Ok(Some(v)),
        Some(_) if max == f64::MAX && min == f64::MIN => {
            wrong(spec, msg!("spec.number_any", "Give a number."))
        }
        _ if max == f64::MAX => wrong(
            spec,
            msg!("spec.number_from", "Give a number from {min}.", min = min),
        ),
        _ => wrong(
            spec,
            msg!(
                "spec.number",
                "Give a number from {min} to {max}.",
                min = min,
                max = max
            ),
        ),
    }
}

macro_rules! from_whole {
    ($($ty:ty),+) => {$(
        impl FromValue for $ty {
            fn from_value(value: Option<&Value>, spec: &OptionSpec) -> Result<Self, Vec<FieldError>> {
                match whole(value, spec)? {
                    Some(v) => Ok(v as $ty),
                    None => needed(spec),
                }
            }
        }
        impl FromValue for Option<$ty> {
            fn from_value(value: Option<&Value>, spec: &OptionSpec) -> Result<Self, Vec<FieldError>> {
                Ok(whole(value, spec)?.map(|v| v as $ty))
            }
        }
    )+};
}
from_whole!(usize, u64, i64);

impl FromValue for f64 {
    fn from_value(value: Option<&Value>, spec: &OptionSpec) -> Result<Self, Vec<FieldError>> {
        match real(value, spec)? {
            Some(v) => Ok(v),
            None => needed(spec),
        }
    }
}

impl FromValue for Option<f64> {
    fn from_value(value: Option<&Value>, spec: &OptionSpec) -> Result<Self, Vec<FieldError>> {
        real(value, spec)
    }
}

impl FromValue for bool {
    fn from_value(value: Option<&Value>, spec: &OptionSpec) -> Result<Self, Vec<FieldError>> {
        let Kind::Flag { default } = spec.kind else {
            unreachable!("{} is declared as a flag", spec.name)
        };
        match value {
            None => Ok(default),
            Some(Value::Bool(v)) => Ok(*v),
            Some(_) => wrong(spec, msg!("spec.flag", "Give true or false.")),
        }
    }
}

impl FromValue for String {
    fn from_value(value: Option<&Value>, spec: &OptionSpec) -> Result<Self, Vec<FieldError>> {
        match (value, spec.kind) {
            (Some(Value::String(s)), Kind::Column { .. }) if s.is_empty() => needed(spec),
            (Some(Value::String(s)), _) => Ok(s.clone()),
            (None, Kind::Text { default, .. }) => Ok(default.to_string()),
            // That a formula is needed is said by `check`, which knows whether it has a say.
            (None, Kind::Level { .. } | Kind::Formula { .. }) => Ok(String::new()),
            (None, _) => needed(spec),
            (Some(_), _) => wrong(spec, msg!("spec.text", "Give a text.")),
        }
    }
}

impl FromValue for Option<String> {
    fn from_value(value: Option<&Value>, spec: &OptionSpec) -> Result<Self, Vec<FieldError>> {
        match value {
            None => Ok(None),
            Some(Value::String(s)) => Ok(Some(s.clone()).filter(|s| !s.is_empty())),
            Some(_) => wrong(spec, msg!("spec.text", "Give a text.")),
        }
    }
}

impl FromValue for Vec<String> {
    fn from_value(value: Option<&Value>, spec: &OptionSpec) -> Result<Self, Vec<FieldError>> {
        let Kind::Columns { min, max, .. } = spec.kind else {
            unreachable!("{} is declared as columns", spec.name)
        };
        let names = match value {
            None => Vec::new(),
            Some(v) => match strings(v) {
                Some(names) => names,
                None => {
                    return wrong(
                        spec,
                        msg!("spec.column_list", "Give a list of column names."),
                    );
                }
            },
        };
        if names.len() < min {
            return match min {
                1 => wrong(
                    spec,
                    msg!("spec.choose_columns", "Choose at least one column."),
                ),
                _ => wrong(
                    spec,
                    msg!(
                        "spec.more_columns",
                        "Choose at least {min} columns.",
                        min = min
                    ),
                ),
            };
        }
        if names.len() > max {
            return wrong(
                spec,
                msg!(
                    "spec.fewer_columns",
                    "Choose at most {max} {max|column|columns}.",
                    max = max
                ),
            );
        }
        if let Some(twice) = (1..names.len()).find(|&i| names[..i].contains(&names[i])) {
            return wrong(
                spec,
                msg!(
                    "spec.twice",
                    "“{name}” is chosen twice.",
                    name = &names[twice]
                ),
            );
        }
        Ok(names)
    }
}

impl FromValue for Vec<Vec<String>> {
    fn from_value(value: Option<&Value>, spec: &OptionSpec) -> Result<Self, Vec<FieldError>> {
        let Some(value) = value else {
            return Ok(Vec::new());
        };
        match value
            .as_array()
            .and_then(|sets| sets.iter().map(strings).collect::<Option<Vec<_>>>())
        {
            Some(sets) if sets.iter().all(|s| s.len() >= 2) => Ok(sets),
            _ => wrong(
                spec,
                msg!("spec.terms", "Give sets of two or more columns."),
            ),
        }
    }
}

/// Rows filled in by hand.
impl<T: Options> FromValue for Vec<T> {
    fn from_value(value: Option<&Value>, spec: &OptionSpec) -> Result<Self, Vec<FieldError>> {
        let Kind::Rows { min, max, .. } = spec.kind else {
            unreachable!("{} is declared as rows", spec.name)
        };
        let rows = match value {
            None => &[][..],
            Some(Value::Array(rows)) => rows,
            Some(_) => return wrong(spec, msg!("spec.rows", "Give a list of rows.")),
        };
        // Rows that may have no say are counted by `check`.
        let min = if spec.enabled_when.is_none() { min } else { 0 };
        if rows.len() < min && max > min {
            return wrong(
                spec,
                msg!(
                    "spec.fill_rows",
                    "Fill in at least {min} {min|row|rows}.",
                    min = min
                ),
            );
        }
        if rows.len() < min || rows.len() > max {
            return wrong(
                spec,
                msg!(
                    "spec.row_count",
                    "Fill in from {min} to {max} rows.",
                    min = min,
                    max = max
                ),
            );
        }
        let mut read = Vec::new();
        let mut errors = Vec::new();
        for (i, row) in rows.iter().enumerate() {
            let Some(object) = row.as_object() else {
                return wrong(spec, msg!("spec.rows", "Give a list of rows."));
            };
            match T::read(object) {
                Ok(v) => read.push(v),
                Err(found) => errors.extend(found.into_iter().map(|e| FieldError {
                    option: format!("{}.{i}.{}", spec.name, e.option),
                    ..e
                })),
            }
        }
        if errors.is_empty() {
            Ok(read)
        } else {
            Err(errors)
        }
    }
}

fn strings(value: &Value) -> Option<Vec<String>> {
    value
        .as_array()?
        .iter()
        .map(|v| v.as_str().map(str::to_string))
        .collect()
}
