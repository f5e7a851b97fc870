//! Recode: other values in place of a column's.

use rustc_hash::FxHashMap;

use crate::msg;
use crate::report::{Cell, Format, Head, Msg, Receipt, Report, TableBlock};
use crate::spec::{
    Analysis, Ctx, Example, Fits, Group, Input, ONE_TABLE, Output, OutputSpec, Picture, RunError,
    Spec, choice, column, reads, rows, text,
};
use crate::table::csv::parse;
use crate::table::rules::{Rules, number};
use crate::table::{Bitmap, Column, ColumnKind, Data, Measure, TextBuilder, Texts, category};

pub struct Recode;

crate::choices! {
    /// What becomes of values that no rule names.
    pub enum Otherwise {
        Keep = "keep" "Stays as it is",
        Missing = "missing" "Becomes missing",
        Value = "value" "Becomes another value",
    }
}

crate::choices! {
    /// What the new values are.
    pub enum Holds {
        Auto = "auto" "What the new values look like",
        Numbers = "numbers" "Numbers",
        Names = "names" "Names",
        Ordered = "ordered" "Names in the order of the rules",
    }
}

crate::choices! {
    /// Where the new values stand.
    pub enum Place {
        New = "new" "A new column",
        Replace = "replace" "In place of the old values",
    }
}

crate::options! {
    /// One rule.
    pub struct Rule {
        /// A value, several separated by semicolons, a range of numbers or dates such as 10..20, ..9 or 21.., or nothing for missing values.
        from "From": String = text(""),
        /// The new value; nothing makes it missing.
        to "To": String = text(""),
    }
}

crate::options! {
    /// Which values become which.
    pub struct Options {
        /// The column whose values are replaced.
        column "Column": String = column(Fits::Any),
        /// A value follows the first rule that names it.
        rules "Rules": Vec<Rule> = rows(<Rule as crate::spec::Options>::SPECS).between(1, 1000),
        /// What becomes of values that no rule names. Missing values stay missing unless a rule names them.
        otherwise "Everything else": Otherwise = choice(Otherwise::CHOICES, "keep"),
        /// The value that everything else becomes.
        value "Other value": String = text("").when("otherwise", &["value"]),
        /// Whether the new values are numbers or names.
        holds "The new values are": Holds = choice(Holds::CHOICES, "auto"),
        /// Whether the old values stay beside the new ones.
        place "Written to": Place = choice(Place::CHOICES, "new"),
        /// What the new column is called; empty for the old name with “_recoded”.
        name "Name of the new column": String = text("").when("place", &["new"]),
    }
}

impl Analysis for Recode {
    type Options = Options;

    const SPEC: Spec = Spec {
        id: "transform.recode",
        version: 1,
        title: "Recode values",
        group: Group::Transform,
        about: "Gives values new names or numbers, such as cities to regions or 9 to missing, and counts what each rule changed.",
        headline: "New values for {column}",
        method: "A value follows the first rule that names it; ranges hold both of their ends. Text is compared letter by letter, capitals included; numbers, dates and times by value. Missing values stay missing unless a rule with an empty “from” names them, whatever becomes of everything else.",
        references: &[],
        keywords: &[
            "recode",
            "map",
            "replace values",
            "relabel",
            "case when",
            "merge categories",
            "리코딩",
            "값 변환",
            "값 바꾸기",
            "범주 합치기",
        ],
        picture: Picture::Columns,
        inputs: ONE_TABLE,
        options: <Options as crate::spec::Options>::SPECS,
        outputs: &[OutputSpec {
            name: "recoded",
            title: "Table with new values",
        }],
        examples: &[
            Example {
                name: "islands",
                tables: &[("table", "penguins.csv")],
                values: r#"{"column": "island", "rules": [{"from": "Biscoe; Dream", "to": "large"}, {"from": "Torgersen", "to": "small"}], "holds": "ordered"}"#,
            },
            Example {
                name: "sizes",
                tables: &[("table", "penguins.csv")],
                values: r#"{"column": "body_mass_g", "rules": [{"from": "..3999", "to": "1"}, {"from": "4000..4999", "to": "2"}, {"from": "", "to": "0"}], "otherwise": "value", "value": "3", "name": "size"}"#,
            },
        ],
        korean: include_str!("recode.ko.json"),
        read: reads::<Options>,
    };

    fn run(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Output, RunError> {
        let table = input.table("table")?;
        let column = input.column("column", &options.column)?;
        let step = msg!(
            "transform.recode.step",
            "Looking at “{column}”",
            column = &options.column
        );
        ctx.tick(0.0, &step)?;
        let from: Vec<&str> = options.rules.iter().map(|r| r.from.as_str()).collect();
        let rules = Rules::read(&from, column.kind()).map_err(|e| {
            RunError::option(
                &format!("rules.{}.from", e.rule),
                unreadable(column, &e.part),
            )
        })?;
        let places = rules.places(column);
        ctx.tick(0.4, &step)?;
        let name = match options.place {
            Place::Replace => options.column.clone(),
            Place::New if options.name.trim().is_empty() => {
                table.free_column_name(&format!("{}_recoded", options.column))
            }
            Place::New => table.free_column_name(&options.name),
        };
        let mut made = Plan::new(options, column)?.column(&name, column, &places)?;
        if options.place == Place::Replace {
            made.label = column.label.clone();
        }
        ctx.tick(0.8, &step)?;
        let counts = Counts::of(options.rules.len(), column, &places, &made);
        for (i, rule) in options.rules.iter().enumerate() {
            if counts.rules[i] == 0 {
                ctx.note(msg!(
                    "transform.recode.unused",
                    "No row has the value of rule {i}, {from}.",
                    i = i + 1,
                    from = rule.text_of_from()
                ));
            }
        }
        let mut receipt = Receipt::new(table.n_rows());
        receipt.changed(
            counts.changed,
            msg!(
                "transform.recode.changed",
                "{column}: another value than before",
                column = &options.column
            ),
        );
        match options.place {
            Place::New => receipt.columns_added([name]),
            Place::Replace => receipt.columns_changed([name]),
        };
        let mut report = Report {
            summary: vec![counts.summary(options)],
            ..Report::default()
        };
        report.summary.extend(receipt.summary().into_iter().skip(1));
        report.push(counts.table(options));
        report.push(receipt.table());
        let table = table.with_column(made).expect("a value for each row");
        Ok(Output {
            report,
            tables: vec![("recoded", table)],
        })
    }
}

/// What the new column is, and the new value of each rule.
enum Plan {
    Numbers(Numbers),
    /// Days or milliseconds, as the old column holds them.
    Times(Numbers),
    Names(Names),
}

struct Numbers {
    /// NaN is missing.
    rules: Vec<f64>,
    /// `None` keeps the old number.
    other: Option<f64>,
}

struct Names {
    /// `None` is missing.
    rules: Vec<Option<String>>,
    /// `None` keeps the old name.
    other: Option<Option<String>>,
    is_ordered: bool,
}

impl Plan {
    fn new(options: &Options, column: &Column) -> Result<Self, RunError> {
        let keeps = options.otherwise == Otherwise::Keep;
        let holds_numbers = matches!(column.kind(), ColumnKind::Float | ColumnKind::Int);
        let holds_times = matches!(
            column.kind(),
            ColumnKind::Date | ColumnKind::DateTime | ColumnKind::Time
        );
        let values = || options.new_values().map(|(_, value)| value);
        let all_numbers = || values().all(|v| parse::number(v).is_some());
        let any = || values().next().is_some();
        match options.holds {
            Holds::Numbers if keeps && !holds_numbers => Err(RunError::option(
                "otherwise",
                msg!(
                    "transform.recode.keeps_words",
                    "“{column}” does not hold numbers, so what stays is none either. Choose what becomes of everything else.",
                    column = &options.column
                ),
            )),
            Holds::Numbers => Numbers::new(options, parse::number).map(Plan::Numbers),
            Holds::Auto
                if holds_times && keeps && values().all(|v| number(v, column.kind()).is_some()) =>
            {
                Numbers::new(options, |s| number(s, column.kind())).map(Plan::Times)
            }
            Holds::Auto if all_numbers() && (if keeps { holds_numbers } else { any() }) => {
                Numbers::new(options, parse::number).map(Plan::Numbers)
            }
            _ => Ok(Plan::Names(Names::new(options))),
        }
    }

    fn column(&self, name: &str, old: &Column, places: &[i32]) -> Result<Column, RunError> {
        Ok(match self {
            Plan::Numbers(numbers) => numbers.column(name, old, places),
            Plan::Times(numbers) => {
                let values = numbers.values(old, places);
                let valid: Bitmap = values.iter().map(|v| !v.is_nan()).collect();
                let data = match &old.data {
                    Data::Date(_) => Data::Date(values.iter().map(|&v| v as i32).collect()),
                    Data::Time(_) => Data::Time(values.iter().map(|&v| v as i32).collect()),
                    _ => Data::DateTime(values.iter().map(|&v| v as i64).collect()),
                };
                Column::new(name, data).with_validity(valid)
            }
            Plan::Names(names) => names.column(name, old, places)?,
        })
    }
}

impl Numbers {
    fn new(options: &Options, read: impl Fn(&str) -> Option<f64>) -> Result<Self, RunError> {
        let one = |option: &str, text: &str| match text.trim() {
            "" => Ok(f64::NAN),
            text => read(text).ok_or_else(|| {
                RunError::option(
                    option,
                    msg!(
                        "transform.recode.no_number",
                        "“{value}” is not a number.",
                        value = text
                    ),
                )
            }),
        };
        let rules = options.rules.iter().enumerate();
        Ok(Self {
            rules: rules
                .map(|(i, rule)| one(&format!("rules.{i}.to"), &rule.to))
                .collect::<Result<_, _>>()?,
            other: match options.otherwise {
                Otherwise::Keep => None,
                Otherwise::Missing => Some(f64::NAN),
                Otherwise::Value => Some(one("value", &options.value)?),
            },
        })
    }

    fn values(&self, old: &Column, places: &[i32]) -> Vec<f64> {
        let kept = if self.other.is_none() {
            old.numbers()
        } else {
            None
        };
        let value = |(row, &place): (usize, &i32)| match usize::try_from(place) {
            Ok(rule) => self.rules[rule],
            Err(_) if !old.is_valid(row) => f64::NAN,
            Err(_) => match (self.other, &kept) {
                (Some(other), _) => other,
                (None, Some(kept)) => kept[row],
                (None, None) => f64::NAN,
            },
        };
        places.iter().enumerate().map(value).collect()
    }

    /// Whole numbers where all are.
    fn column(&self, name: &str, old: &Column, places: &[i32]) -> Column {
        const LARGEST: f64 = 9_007_199_254_740_992.0;
        let is_whole = |v: f64| v.is_nan() || (v.fract() == 0.0 && v.abs() <= LARGEST);
        let whole = self.rules.iter().chain(&self.other).all(|&v| is_whole(v));
        let mut made = match &old.data {
            Data::Int(kept) if whole && self.other.is_none() => {
                let value = |(&old, &place): (&i64, &i32)| {
                    usize::try_from(place).map_or(old, |rule| self.rules[rule] as i64)
                };
                let values = kept.iter().zip(places).map(value).collect();
                let valid = |(row, &place): (usize, &i32)| {
                    usize::try_from(place)
                        .map_or_else(|_| old.is_valid(row), |rule| !self.rules[rule].is_nan())
                };
                Column::int(name, values)
                    .with_validity(places.iter().enumerate().map(valid).collect())
            }
            _ => {
                let values = self.values(old, places);
                if whole && self.other.is_some() {
                    let valid = values.iter().map(|v| !v.is_nan()).collect();
                    Column::int(name, values.iter().map(|&v| v as i64).collect())
                        .with_validity(valid)
                } else {
                    Column::float(name, values)
                }
            }
        };
        if self.other.is_none() {
            made.measure = old.measure;
            made.format = old.format.clone();
        }
        made
    }
}

impl Names {
    fn new(options: &Options) -> Self {
        let name = |text: &str| Some(text.trim().to_owned()).filter(|t| !t.is_empty());
        Self {
            rules: options.rules.iter().map(|r| name(&r.to)).collect(),
            other: match options.otherwise {
                Otherwise::Keep => None,
                Otherwise::Missing => Some(None),
                Otherwise::Value => Some(name(&options.value)),
            },
            is_ordered: options.holds == Holds::Ordered,
        }
    }

    /// Levels in the order of the rules, what is kept behind them.
    fn column(&self, name: &str, old: &Column, places: &[i32]) -> Result<Column, RunError> {
        let mut made = match &self.other {
            Some(other) => self.told(name, old, places, other),
            None => self.told_or_kept(name, old, places)?,
        };
        if self.is_ordered {
            made.measure = Measure::Ordinal;
        } else if made.kind() == ColumnKind::Category {
            made.measure = Measure::Nominal;
        }
        Ok(made)
    }

    /// The names of the rules, each once, and the place of each rule's name; −1 for missing.
    fn levels<'a>(&'a self, other: &'a Option<String>) -> (Vec<String>, Vec<i32>) {
        let mut levels: Vec<String> = Vec::new();
        let mut codes = Vec::new();
        for name in self.rules.iter().chain([other]) {
            codes.push(name.as_ref().map_or(-1, |name| {
                let known = levels.iter().position(|l| l == name);
                known.unwrap_or_else(|| {
                    levels.push(name.clone());
                    levels.len() - 1
                }) as i32
            }));
        }
        (levels, codes)
    }

    fn told(&self, name: &str, old: &Column, places: &[i32], other: &Option<String>) -> Column {
        let (levels, codes) = self.levels(other);
        let n_rules = self.rules.len();
        let code = |(row, &place): (usize, &i32)| match usize::try_from(place) {
            Ok(rule) => codes[rule],
            Err(_) if old.is_valid(row) => codes[n_rules],
            Err(_) => -1,
        };
        let codes = places.iter().enumerate().map(code).collect();
        Column::category(name, codes, levels)
    }

    fn told_or_kept(&self, name: &str, old: &Column, places: &[i32]) -> Result<Column, RunError> {
        let told = |place: i32| usize::try_from(place).map(|rule| self.rules[rule].as_deref());
        let Data::Category { levels, .. } = &old.data else {
            let mut words = TextBuilder::new();
            let mut buffer = String::new();
            for (row, &place) in places.iter().enumerate() {
                let kept = Texts::of(old).get(row, &mut buffer);
                words
                    .push(told(place).unwrap_or(kept))
                    .map_err(|_| RunError::too_large(name))?;
            }
            let made = words.finish(name).map_err(|_| RunError::too_large(name))?;
            return Ok(self.in_order(made, &[]));
        };
        // A level becomes one name in all of its rows; behind the levels stand missing values.
        let texts = Texts::of(old);
        let mut of_level = vec![-1_i32; levels.len() + 1];
        for (row, &place) in places.iter().enumerate() {
            of_level[texts.of_row(row).unwrap_or(levels.len())] = place;
        }
        let kept = levels.iter().map(|l| Some(l.as_str())).chain([None]);
        let names: Vec<Option<&str>> = kept
            .zip(&of_level)
            .map(|(kept, &place)| told(place).unwrap_or(kept))
            .collect();
        let code = |(i, name): (usize, &Option<&str>)| name.map_or(-1, |_| i as i32);
        let codes: Vec<i32> = names.iter().enumerate().map(code).collect();
        let names = names.iter().map(|n| n.unwrap_or_default().to_owned());
        let made = category(
            name,
            texts.spread(&codes, codes[levels.len()]),
            names.collect(),
        );
        Ok(self.in_order(made, levels))
    }

    /// Levels in the order of the rules, then in that of the levels kept, then as they are; unused
    /// ones go.
    fn in_order(&self, column: Column, kept: &[String]) -> Column {
        let Data::Category { codes, levels } = &column.data else {
            return column;
        };
        let counts = Texts::of(&column).counts();
        let (first, _) = self.levels(&None);
        let mut order: Vec<usize> = (0..levels.len()).filter(|&l| counts[l] > 0).collect();
        let place = |level: &String| {
            let among = |all: &[String]| all.iter().position(|l| l == level);
            among(&first)
                .or_else(|| among(kept).map(|p| first.len() + p))
                .unwrap_or(usize::MAX)
        };
        if levels.len() <= 10_000 {
            order.sort_by_cached_key(|&l| place(&levels[l]));
        }
        let mut new_codes = vec![-1; levels.len()];
        for (new, &old) in order.iter().enumerate() {
            new_codes[old] = new as i32;
        }
        let new_code = |&c: &i32| usize::try_from(c).map_or(-1, |c| new_codes[c]);
        Column::category(
            column.name.clone(),
            codes.iter().map(new_code).collect(),
            order.iter().map(|&l| levels[l].clone()).collect(),
        )
    }
}

/// The rows of each rule and of what no rule names.
struct Counts {
    rules: Vec<usize>,
    other: usize,
    /// Missing values that no rule names.
    missing: usize,
    changed: usize,
}

impl Counts {
    fn of(n_rules: usize, old: &Column, places: &[i32], new: &Column) -> Self {
        let mut counts = Self {
            rules: vec![0; n_rules],
            other: 0,
            missing: 0,
            changed: 0,
        };
        for (row, &place) in places.iter().enumerate() {
            match usize::try_from(place) {
                Ok(rule) => counts.rules[rule] += 1,
                Err(_) if old.is_valid(row) => counts.other += 1,
                Err(_) => counts.missing += 1,
            }
        }
        counts.changed = n_different(old, new);
        counts
    }

    fn summary(&self, options: &Options) -> Msg {
        msg!(
            "transform.recode.summary",
            "{n} of {all} {all|row|rows} of “{column}” {n|has|have} another value than before.",
            n = self.changed,
            all = self.rules.iter().sum::<usize>() + self.other + self.missing,
            column = &options.column
        )
    }

    fn table(&self, options: &Options) -> TableBlock {
        let mut table = TableBlock::new(
            "rules",
            msg!("transform.recode.rules", "What became of the values"),
            vec![
                Head::name("from", msg!("transform.recode.from", "From")),
                Head::name("to", msg!("transform.recode.to", "To")),
                Head::new(
                    "rows",
                    msg!("transform.recode.rows", "Rows"),
                    Format::Integer,
                ),
            ],
        );
        let missing = || msg!("transform.recode.missing", "Missing");
        let value = |text: &str| match text.trim() {
            "" => missing().into(),
            text => Cell::from(text),
        };
        for (rule, &n) in options.rules.iter().zip(&self.rules) {
            table.row(vec![rule.text_of_from().into(), value(&rule.to), n.into()]);
        }
        let other = match options.otherwise {
            Otherwise::Keep => msg!("transform.recode.kept", "As before").into(),
            Otherwise::Missing => missing().into(),
            Otherwise::Value => value(&options.value),
        };
        table.row(vec![
            msg!("transform.recode.other", "Everything else").into(),
            other,
            self.other.into(),
        ]);
        if self.missing > 0 {
            table.row(vec![
                missing().into(),
                missing().into(),
                self.missing.into(),
            ]);
        }
        table
    }
}

impl Options {
    /// The new values that are not missing, with the option that says each.
    fn new_values(&self) -> impl Iterator<Item = (usize, &str)> {
        let rules = self.rules.iter().map(|r| r.to.trim()).enumerate();
        let other = (self.otherwise == Otherwise::Value).then(|| self.value.trim());
        rules
            .chain(other.map(|o| (self.rules.len(), o)))
            .filter(|(_, value)| !value.is_empty())
    }
}

impl Rule {
    fn text_of_from(&self) -> Msg {
        match self.from.trim() {
            "" => msg!("transform.recode.missing", "Missing"),
            from => Msg::verbatim(from),
        }
    }
}

/// Rows whose value reads otherwise than before.
fn n_different(old: &Column, new: &Column) -> usize {
    if let (Some(old), Some(new)) = (old.numbers(), new.numbers()) {
        let differ = |(a, b): &(&f64, &f64)| a != b && !(a.is_nan() && b.is_nan());
        return old.iter().zip(new.iter()).filter(differ).count();
    }
    let (a, b) = (Texts::of(old), Texts::of(new));
    let (mut buffer_a, mut buffer_b) = (String::new(), String::new());
    let mut differ = |row: usize| {
        let x = a.of_row(row).and_then(|x| a.get(x, &mut buffer_a));
        let y = b.of_row(row).and_then(|y| b.get(y, &mut buffer_b));
        x != y
    };
    let rows = 0..old.len();
    match (keys(old), keys(new)) {
        // The same pair of values is spelt out once.
        (Some(x), Some(y)) => {
            let mut known = FxHashMap::default();
            rows.filter(|&row| {
                let pair = (x[row], y[row]);
                *known.entry(pair).or_insert_with(|| differ(row))
            })
            .count()
        }
        _ => rows.filter(|&row| differ(row)).count(),
    }
}

/// One number a row, equal where values are; `None` for text.
fn keys(column: &Column) -> Option<Vec<u64>> {
    match &column.data {
        Data::Category { codes, .. } => Some(codes.iter().map(|&c| c as u64).collect()),
        _ => Some(column.numbers()?.iter().map(|x| x.to_bits()).collect()),
    }
}

fn unreadable(column: &Column, part: &str) -> Msg {
    let example = (0..column.len()).find(|&i| column.is_valid(i));
    msg!(
        "transform.recode.unreadable",
        "“{value}” is not among the kind of values that “{column}” holds, such as {example}.",
        value = part,
        column = &column.name,
        example = example.map_or_else(String::new, |i| column.display(i))
    )
}
