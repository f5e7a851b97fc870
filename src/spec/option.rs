//! The declaration of one option, and the functions that write it.

use crate::formula::Wanted;
use crate::table::Measure;

/// One option of an analysis.
#[derive(Clone, Copy, Debug)]
pub struct OptionSpec {
    /// Key in JSON, flag of the command line.
    pub name: &'static str,
    pub title: &'static str,
    pub help: &'static str,
    pub kind: Kind,
    /// Options of one section stand together under its name.
    pub section: Option<&'static str>,
    /// Folded away at first.
    pub advanced: bool,
    pub enabled_when: Option<Condition>,
}

/// What an option takes, and what it is when nothing is said.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// Names of columns. A maximum of `usize::MAX` is none.
    Columns {
        accepts: Fits,
        min: usize,
        max: usize,
        input: &'static str,
    },
    /// The name of one column.
    Column {
        accepts: Fits,
        optional: bool,
        input: &'static str,
    },
    /// A level of the column that another option names.
    Level {
        of: &'static str,
    },
    /// Sets of columns, chosen among the columns that other options name: interactions.
    Terms {
        of: &'static [&'static str],
    },
    Integer {
        default: Option<i64>,
        min: i64,
        max: i64,
    },
    Number {
        default: Option<f64>,
        min: f64,
        max: f64,
    },
    Choice {
        choices: &'static [Choice],
        default: &'static str,
    },
    Flag {
        default: bool,
    },
    Text {
        default: &'static str,
        lines: bool,
    },
    /// A formula over the columns of an input.
    Formula {
        gives: Wanted,
        optional: bool,
        input: &'static str,
        /// The field beside it that names the column it makes; formulas of later rows may use that.
        names: Option<&'static str>,
    },
    /// A small table that is filled in by hand, one object a row.
    Rows {
        fields: &'static [OptionSpec],
        min: usize,
        max: usize,
    },
}

/// One of several ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    pub key: &'static str,
    pub title: &'static str,
}

/// Another option has one of these values (as JSON text without quotes), or any where none is listed.
#[derive(Clone, Copy, Debug)]
pub struct Condition {
    pub option: &'static str,
    pub is: &'static [&'static str],
}

/// Which columns an option takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fits {
    /// Any column.
    Any,
    /// Numbers: measured on a scale.
    Numbers,
    /// Few levels: nominal, ordinal, or numbers with few values.
    Levels,
    /// Numbers or levels: what a regression takes.
    NumbersOrLevels,
    /// Dates and times.
    Times,
}

impl Fits {
    /// Whether a column of this measure level fits; `numeric` says whether it holds numbers.
    pub fn takes(self, measure: Measure, numeric: bool, n_levels: Option<usize>) -> bool {
        let numbers = numeric && !matches!(measure, Measure::Id | Measure::Time);
        let levels =
            !matches!(measure, Measure::Id | Measure::Text | Measure::Time) && n_levels.is_some();
        match self {
            Fits::Any => true,
            Fits::Numbers => numbers,
            Fits::Levels => levels,
            Fits::NumbersOrLevels => numbers || levels,
            Fits::Times => measure == Measure::Time,
        }
    }
}

const fn option(kind: Kind) -> OptionSpec {
    OptionSpec {
        name: "",
        title: "",
        help: "",
        kind,
        section: None,
        advanced: false,
        enabled_when: None,
    }
}

/// Columns of the input `table`, at least one.
pub const fn columns(accepts: Fits) -> OptionSpec {
    option(Kind::Columns {
        accepts,
        min: 1,
        max: usize::MAX,
        input: "table",
    })
}

/// One column of the input `table`.
pub const fn column(accepts: Fits) -> OptionSpec {
    option(Kind::Column {
        accepts,
        optional: false,
        input: "table",
    })
}

/// A level of the column named by the option `of`; none means the first.
pub const fn level(of: &'static str) -> OptionSpec {
    option(Kind::Level { of })
}

/// Sets of columns that the options `of` name.
pub const fn terms(of: &'static [&'static str]) -> OptionSpec {
    option(Kind::Terms { of })
}

pub const fn integer(default: i64, min: i64, max: i64) -> OptionSpec {
    option(Kind::Integer {
        default: Some(default),
        min,
        max,
    })
}

pub const fn number(default: f64, min: f64, max: f64) -> OptionSpec {
    option(Kind::Number {
        default: Some(default),
        min,
        max,
    })
}

pub const fn choice(choices: &'static [Choice], default: &'static str) -> OptionSpec {
    option(Kind::Choice { choices, default })
}

pub const fn flag(default: bool) -> OptionSpec {
    option(Kind::Flag { default })
}

pub const fn text(default: &'static str) -> OptionSpec {
    option(Kind::Text {
        default,
        lines: false,
    })
}

/// A formula over the columns of the input `table`.
pub const fn formula(gives: Wanted) -> OptionSpec {
    option(Kind::Formula {
        gives,
        optional: false,
        input: "table",
        names: None,
    })
}

/// A small table with these fields, any number of rows.
pub const fn rows(fields: &'static [OptionSpec]) -> OptionSpec {
    option(Kind::Rows {
        fields,
        min: 0,
        max: 1000,
    })
}

impl OptionSpec {
    /// The least and the most columns, or rows.
    pub const fn between(mut self, min: usize, max: usize) -> Self {
        self.kind = match self.kind {
            Kind::Columns { accepts, input, .. } => Kind::Columns {
                accepts,
                min,
                max,
                input,
            },
            Kind::Rows { fields, .. } => Kind::Rows { fields, min, max },
            other => other,
        };
        self
    }

    pub const fn at_least(self, min: usize) -> Self {
        self.between(min, usize::MAX)
    }

    /// The option may stay empty.
    pub const fn optional(mut self) -> Self {
        self.kind = match self.kind {
            Kind::Column { accepts, input, .. } => Kind::Column {
                accepts,
                optional: true,
                input,
            },
            Kind::Columns {
                accepts,
                max,
                input,
                ..
            } => Kind::Columns {
                accepts,
                min: 0,
                max,
                input,
            },
            Kind::Formula {
                gives,
                input,
                names,
                ..
            } => Kind::Formula {
                gives,
                optional: true,
                input,
                names,
            },
            Kind::Integer { min, max, .. } => Kind::Integer {
                default: None,
                min,
                max,
            },
            Kind::Number { min, max, .. } => Kind::Number {
                default: None,
                min,
                max,
            },
            other => other,
        };
        self
    }

    /// Columns of another input than `table`.
    pub const fn of_input(mut self, input: &'static str) -> Self {
        self.kind = match self.kind {
            Kind::Column {
                accepts, optional, ..
            } => Kind::Column {
                accepts,
                optional,
                input,
            },
            Kind::Columns {
                accepts, min, max, ..
            } => Kind::Columns {
                accepts,
                min,
                max,
                input,
            },
            Kind::Formula {
                gives,
                optional,
                names,
                ..
            } => Kind::Formula {
                gives,
                optional,
                input,
                names,
            },
            other => other,
        };
        self
    }

    /// The field beside a formula that names the column which it makes.
    pub const fn named_by(mut self, field: &'static str) -> Self {
        if let Kind::Formula { names, .. } = &mut self.kind {
            *names = Some(field);
        }
        self
    }

    pub const fn section(mut self, section: &'static str) -> Self {
        self.section = Some(section);
        self
    }

    pub const fn advanced(mut self) -> Self {
        self.advanced = true;
        self
    }

    /// Shown only when something is chosen for another option.
    pub const fn when_chosen(self, option: &'static str) -> Self {
        self.when(option, &[])
    }

    /// Shown only when another option has one of these values.
    pub const fn when(mut self, option: &'static str, is: &'static [&'static str]) -> Self {
        self.enabled_when = Some(Condition { option, is });
        self
    }
}
