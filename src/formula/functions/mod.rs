//! The function table: everything that a formula can call, once.
//!
//! The checker, the evaluator's dispatch, the completion and the reference page all read it. The
//! table names no code that computes, so that the page can offer functions without linking them.

mod choice;
mod dates;
mod numbers;
mod statistics;
mod texts;

use crate::msg;
use crate::report::Msg;

/// What a formula can call.
#[derive(Clone, Debug)]
pub struct Function {
    pub call: Call,
    pub name: &'static str,
    /// What other programs call it.
    pub also: &'static [&'static str],
    pub parameters: &'static [Parameter],
    pub gives: Gives,
    pub help: Msg,
    /// A formula over the columns of the reference page's small table.
    pub example: &'static str,
}

/// The functions by what they do, for the evaluator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Call {
    Abs,
    All,
    Any,
    Atan2,
    Ceil,
    Clip,
    Coalesce,
    Concat,
    Contains,
    Cos,
    Count,
    CountDistinct,
    CountIf,
    CumulativeMax,
    CumulativeMin,
    CumulativeSum,
    DateAdd,
    DateDiff,
    DateFormat,
    DateOf,
    DateTimeOf,
    DateTrunc,
    Day,
    DayOfYear,
    DaysInMonth,
    DenseRank,
    Diff,
    Elapsed,
    EndsWith,
    Exp,
    Extract,
    FillForward,
    First,
    Floor,
    Hour,
    If,
    IsMissing,
    IsoYear,
    LabelOf,
    Lag,
    Last,
    Lead,
    Left,
    Length,
    Log,
    Log10,
    Log1p,
    Log2,
    Lower,
    Matches,
    Max,
    MaxOf,
    Mean,
    Median,
    Min,
    MinOf,
    Minute,
    Mode,
    Month,
    MonthEnd,
    MonthStart,
    Ntile,
    NullIf,
    NumberOf,
    PadLeft,
    PercentRank,
    Pi,
    Position,
    Quantile,
    Quarter,
    QuarterStart,
    Rank,
    RankAverage,
    Replace,
    ReplacePattern,
    Right,
    Round,
    RowNumber,
    Rows,
    Sd,
    Second,
    Share,
    Sign,
    Sin,
    SplitPart,
    Sqrt,
    StartsWith,
    Substring,
    Sum,
    Tan,
    TextOf,
    TimeOf,
    Trim,
    Trunc,
    Upper,
    Variance,
    Week,
    WeekStart,
    Weekday,
    Year,
    YearStart,
    Zscore,
}

/// What a function is about: a chapter of the reference page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Chapter {
    Choice,
    Numbers,
    Texts,
    Dates,
    /// One value from the values of a column, or of each group.
    Statistics,
    /// A value for each row that depends on other rows.
    Windows,
}

/// One value that a function takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    pub name: &'static str,
    pub takes: Takes,
    pub optional: bool,
    /// Any number of values; the last parameter only.
    pub many: bool,
}

/// What a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    Any,
    /// A column, by its name alone.
    Column,
    /// A value of the kind of all other such parameters.
    Same,
    Truth,
    /// A truth value counts as 0 or 1.
    Number,
    /// A number that is the same in all rows.
    FixedNumber,
    Text,
    /// A text that is written in the formula: a regular expression.
    Pattern,
    /// A text that is written in the formula: `%Y-%m-%d`.
    DateFormat,
    /// A text that is written in the formula: `"day"`.
    Unit,
    /// A date or a date with a time.
    Moment,
    /// A time of day, or a date with a time.
    Clock,
    /// Any of the three; several of one call become of one kind.
    Stamp,
}

/// What a function gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gives {
    Truth,
    Number,
    Whole,
    /// A number, whole when all numbers that it takes are.
    Like,
    Text,
    Date,
    DateTime,
    Time,
    /// What its parameters that take the same have in common.
    Same,
    /// `round`: whole unless digits are kept.
    Rounded,
    /// `date_add`, `date_trunc`: the kind of the moment, or a date with a time for hours and less.
    Moved,
}

/// A span of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Year,
    Quarter,
    Month,
    Week,
    Day,
    Hour,
    Minute,
    Second,
}

impl Function {
    /// All functions, chapter by chapter.
    pub fn all() -> impl Iterator<Item = &'static Function> {
        Chapter::ALL.into_iter().flat_map(Chapter::functions)
    }

    /// The function of that name, or of a name that other programs have for it; in capitals or not.
    pub fn named(name: &str) -> Option<&'static Function> {
        let is_it = |n: &&str| n.eq_ignore_ascii_case(name);
        Function::all().find(|f| is_it(&f.name) || f.also.iter().any(&is_it))
    }

    pub fn chapter(&self) -> Chapter {
        let is_it = |c: &Chapter| c.functions().iter().any(|f| f.call == self.call);
        let mut chapters = Chapter::ALL.into_iter();
        chapters.find(is_it).expect("each function has its chapter")
    }

    /// `round(x, [digits])`, `concat(x, y, …)`.
    pub fn signature(&self) -> String {
        let shown = |p: &Parameter| match (p.many, p.optional) {
            (true, _) => format!("{}, …", p.name),
            (_, true) => format!("[{}]", p.name),
            _ => p.name.to_string(),
        };
        let parameters: Vec<_> = self.parameters.iter().map(shown).collect();
        format!("{}({})", self.name, parameters.join(", "))
    }

    /// The fewest and the most values that it takes.
    pub fn n_values(&self) -> (usize, usize) {
        let least = self.parameters.iter().filter(|p| !p.optional).count();
        let most = match self.parameters.last() {
            Some(last) if last.many => usize::MAX,
            _ => self.parameters.len(),
        };
        (least, most)
    }

    /// The parameter that value `i` is for.
    pub fn parameter(&self, i: usize) -> Option<&'static Parameter> {
        let last = self.parameters.last().filter(|p| p.many);
        self.parameters.get(i).or(last)
    }
}

impl Chapter {
    pub const ALL: [Chapter; 6] = [
        Chapter::Choice,
        Chapter::Numbers,
        Chapter::Texts,
        Chapter::Dates,
        Chapter::Statistics,
        Chapter::Windows,
    ];

    pub fn functions(self) -> &'static [Function] {
        match self {
            Chapter::Choice => choice::FUNCTIONS,
            Chapter::Numbers => numbers::FUNCTIONS,
            Chapter::Texts => texts::FUNCTIONS,
            Chapter::Dates => dates::FUNCTIONS,
            Chapter::Statistics => statistics::STATISTICS,
            Chapter::Windows => statistics::WINDOWS,
        }
    }

    pub fn title(self) -> Msg {
        match self {
            Chapter::Choice => msg!("formula.chapter.choice", "Choices and missing values"),
            Chapter::Numbers => msg!("formula.chapter.numbers", "Numbers"),
            Chapter::Texts => msg!("formula.chapter.texts", "Texts"),
            Chapter::Dates => msg!("formula.chapter.dates", "Dates and times"),
            Chapter::Statistics => msg!("formula.chapter.statistics", "Statistics of a column"),
            Chapter::Windows => msg!("formula.chapter.windows", "Values among other rows"),
        }
    }
}

impl Unit {
    pub const ALL: [Unit; 8] = [
        Unit::Year,
        Unit::Quarter,
        Unit::Month,
        Unit::Week,
        Unit::Day,
        Unit::Hour,
        Unit::Minute,
        Unit::Second,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Unit::Year => "year",
            Unit::Quarter => "quarter",
            Unit::Month => "month",
            Unit::Week => "week",
            Unit::Day => "day",
            Unit::Hour => "hour",
            Unit::Minute => "minute",
            Unit::Second => "second",
        }
    }

    /// The unit of that name, in the plural or not.
    pub fn named(name: &str) -> Option<Unit> {
        let name = name.to_ascii_lowercase();
        let one = name.strip_suffix('s').unwrap_or(&name);
        Unit::ALL.into_iter().find(|u| u.name() == one)
    }

    /// Milliseconds; `None` for months and more, which differ in length.
    pub fn ms(self) -> Option<i64> {
        match self {
            Unit::Year | Unit::Quarter | Unit::Month => None,
            Unit::Week => Some(604_800_000),
            Unit::Day => Some(86_400_000),
            Unit::Hour => Some(3_600_000),
            Unit::Minute => Some(60_000),
            Unit::Second => Some(1000),
        }
    }

    /// Whether it is shorter than a day.
    pub fn is_of_clock(self) -> bool {
        matches!(self, Unit::Hour | Unit::Minute | Unit::Second)
    }
}

/// A function that no other program has another name for.
const fn function(
    call: Call,
    name: &'static str,
    parameters: &'static [Parameter],
    gives: Gives,
    help: Msg,
    example: &'static str,
) -> Function {
    Function {
        call,
        name,
        also: &[],
        parameters,
        gives,
        help,
        example,
    }
}

impl Function {
    const fn also(mut self, also: &'static [&'static str]) -> Self {
        self.also = also;
        self
    }
}

const fn takes(name: &'static str, takes: Takes) -> Parameter {
    Parameter {
        name,
        takes,
        optional: false,
        many: false,
    }
}

impl Parameter {
    const fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// None or more values.
    const fn many(mut self) -> Self {
        self.optional = true;
        self.many = true;
        self
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::token::is_plain_name;
    use super::*;

    #[test]
    fn every_name_is_one_function() {
        let mut seen = BTreeSet::new();
        for function in Function::all() {
            for name in [&function.name].into_iter().chain(function.also) {
                assert!(seen.insert(name.to_lowercase()), "{name} twice");
                assert!(is_plain_name(name), "{name} is no plain name");
            }
            assert!(
                seen.insert(format!("{:?}", function.call)),
                "{:?} twice",
                function.call
            );
        }
        let calls = seen.iter().filter(|n| n.starts_with(char::is_uppercase));
        assert_eq!(
            calls.count(),
            Call::Zscore as usize + 1,
            "a call without its function"
        );
    }

    #[test]
    fn each_chapter_stands_in_the_order_of_its_names() {
        for chapter in Chapter::ALL {
            let names: Vec<_> = chapter.functions().iter().map(|f| f.name).collect();
            assert!(names.is_sorted(), "{chapter:?}: {names:?}");
        }
    }

    #[test]
    fn only_the_last_parameter_takes_many() {
        for function in Function::all() {
            let n = function.parameters.len();
            let many = function.parameters.iter().position(|p| p.many);
            assert!(many.is_none_or(|i| i + 1 == n), "{}", function.name);
            let is_optional = |p: &Parameter| p.optional;
            assert!(
                function.parameters.is_sorted_by_key(is_optional),
                "{}",
                function.name
            );
        }
    }

    #[test]
    fn signatures_and_units() {
        let check = |name: &str, expected: &str, values: (usize, usize)| {
            let function = Function::named(name).unwrap();
            assert_eq!(function.signature(), expected);
            assert_eq!(function.n_values(), values);
        };
        check("ROUND", "round(x, [digits])", (1, 2));
        check("nvl", "coalesce(x, otherwise, …)", (1, usize::MAX));
        check("stdev", "sd(x)", (1, 1));
        assert_eq!(Unit::named("Days"), Some(Unit::Day));
        assert_eq!(Unit::named("fortnight"), None);
    }
}
