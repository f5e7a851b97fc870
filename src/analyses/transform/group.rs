//! Group and summarise: one row for each combination of keys.

mod picture;
mod summaries;

use std::borrow::Cow;

use crate::msg;
use crate::report::{Msg, Receipt, Report};
use crate::spec::{
    Analysis, Ctx, Example, FieldError, Fits, Group, Input, ONE_TABLE, Output, OutputSpec, Picture,
    RunError, Spec, choice, column, columns, flag, number, preview, reads, rows, text,
};
use crate::table::verbs::{DatePart, Groups, SortKey, sorted_rows};
use crate::table::{Column, Table, free_name};

pub struct GroupBy;

crate::choices! {
    /// What of a date makes a group.
    pub enum Part {
        Year = "year" "Year",
        Quarter = "quarter" "Quarter (its first day)",
        Month = "month" "Month (its first day)",
        Week = "week" "Week (its Monday)",
        Day = "day" "Day",
        Hour = "hour" "Date and hour",
        QuarterOfYear = "quarter_of_year" "Quarter of the year, 1 to 4",
        MonthOfYear = "month_of_year" "Month of the year, 1 to 12",
        WeekOfYear = "week_of_year" "ISO week of the year, 1 to 53",
        DayOfMonth = "day_of_month" "Day of the month, 1 to 31",
        Weekday = "weekday" "Weekday, 1 (Monday) to 7",
        HourOfDay = "hour_of_day" "Hour of the day, 0 to 23",
    }
}

crate::choices! {
    /// What is said of a group.
    pub enum What {
        Rows = "rows" "Number of rows",
        ShareOfRows = "share_of_rows" "Share of all rows",
        Count = "count" "Number of values",
        Missing = "missing" "Number of missing values",
        Distinct = "distinct" "Number of different values",
        Sum = "sum" "Sum",
        ShareOfSum = "share_of_sum" "Share of the total",
        Mean = "mean" "Mean",
        WeightedMean = "weighted_mean" "Weighted mean",
        Sd = "sd" "Standard deviation",
        Variance = "variance" "Variance",
        Min = "min" "Smallest value",
        Max = "max" "Largest value",
        Median = "median" "Median",
        Quantile = "quantile" "Quantile",
        First = "first" "First value",
        Last = "last" "Last value",
    }
}

/// The summaries that are about a column rather than about rows.
const ABOUT_A_COLUMN: &[&str] = &[
    "count",
    "missing",
    "distinct",
    "sum",
    "share_of_sum",
    "mean",
    "weighted_mean",
    "sd",
    "variance",
    "min",
    "max",
    "median",
    "quantile",
    "first",
    "last",
];

crate::choices! {
    /// How the groups are ordered.
    pub enum Arrange {
        Keys = "keys" "By their keys",
        Size = "size" "Most rows first",
        Appearance = "appearance" "As they first appear",
    }
}

crate::options! {
    /// One part of a date as a key.
    pub struct DateKey {
        /// A column of dates or times.
        column "Column": String = column(Fits::Times),
        /// The part of it that makes a group.
        part "Part": Part = choice(Part::CHOICES, "month"),
    }
}

crate::options! {
    /// One column of the answer.
    pub struct Wanted {
        /// What is said of each group.
        what "Summary": What = choice(What::CHOICES, "mean"),
        /// The column that is summed up.
        column "Column": Option<String> = column(Fits::Any).optional().when("what", ABOUT_A_COLUMN),
        /// The column of weights.
        weight "Weight": Option<String> = column(Fits::Numbers).optional().when("what", &["weighted_mean"]),
        /// 0.9 is the value that nine tenths of the values do not exceed.
        quantile "Quantile": f64 = number(0.9, 0.0, 1.0).when("what", &["quantile"]),
        /// The name of the new column; one is made up when this is empty.
        name "Name": String = text(""),
    }
}

crate::options! {
    /// What is grouped, and what is said of the groups.
    pub struct Options {
        /// Rows with the same values in these columns are one group; without keys all rows are.
        by "Keys": Vec<String> = columns(Fits::Any).optional(),
        /// Parts of dates as further keys: the month of an order, the hour of a visit.
        dates "Dates as keys": Vec<DateKey> = rows(<DateKey as crate::spec::Options>::SPECS).between(0, 10),
        /// The columns of the answer; without any, rows are counted.
        summaries "Summaries": Vec<Wanted> = rows(<Wanted as crate::spec::Options>::SPECS).between(0, 100),
        /// How the groups are ordered.
        arrange "Order of the groups": Arrange = choice(Arrange::CHOICES, "keys"),
        /// Rows without a value in a key are a group of their own; left out otherwise.
        keep_missing "Keep rows without a key": bool = flag(true).advanced(),
        /// First and last values follow the order of these columns, rather than that of the table.
        first_by "Order for first and last": Vec<String> = columns(Fits::Any).optional().advanced(),
    }
}

/// Groups that the report shows.
const SHOWN_GROUPS: usize = 100;

impl Analysis for GroupBy {
    type Options = Options;

    const SPEC: Spec = Spec {
        id: "transform.group",
        version: 1,
        title: "Group and summarise",
        group: Group::Transform,
        about: "One row for each combination of keys, with counts, sums, means, quantiles and more of its rows.",
        headline: "Rows grouped by {by}",
        method: "A missing key is a group of its own unless it is left out. Summaries leave missing values out, and a group without values has none, its sum included, as in SQL; a weighted mean needs value and weight. Standard deviation and variance divide by n − 1. Median and quantiles are of type 7 (the default of R, NumPy and Excel). Smallest and largest follow the order of the column: level by level for categories. First and last take the first and the last value that is not missing. Weeks begin on Monday, as in ISO 8601. Sums of whole numbers are exact; others carry their rounding along.",
        references: &[
            "Hyndman, R. J., & Fan, Y. (1996). Sample quantiles in statistical packages. The American Statistician, 50, 361–365.",
        ],
        keywords: &[
            "group by",
            "aggregate",
            "summarise",
            "pivot table",
            "total",
            "average",
            "count",
            "집계",
            "그룹",
            "묶기",
            "피벗",
            "합계",
            "평균",
        ],
        picture: Picture::Table,
        inputs: ONE_TABLE,
        options: <Options as crate::spec::Options>::SPECS,
        outputs: &[OutputSpec {
            name: "groups",
            title: "Groups",
        }],
        examples: &[
            Example {
                name: "species_and_sex",
                tables: &[("table", "penguins.csv")],
                values: r#"{"by": ["species", "sex"], "summaries": [{"what": "rows"}, {"what": "mean", "column": "body_mass_g"}, {"what": "quantile", "column": "body_mass_g", "quantile": 0.9}, {"what": "share_of_sum", "column": "body_mass_g"}]}"#,
            },
            Example {
                name: "islands_by_size",
                tables: &[("table", "penguins.csv")],
                values: r#"{"by": ["island"], "arrange": "size"}"#,
            },
        ],
        korean: include_str!("group.ko.json"),
        read: reads::<Options>,
    };

    fn run(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Output, RunError> {
        let step = msg!("transform.group.step", "Finding the groups");
        ctx.tick(0.0, &step)?;
        let n_in = input.table("table")?.n_rows();
        let table = with_keys_only(options, input)?;
        let keys = keys(options, &table)?;
        let key_columns: Vec<&Column> = keys.iter().map(|k| &**k).collect();
        let groups = Groups::of(&key_columns, table.n_rows());
        ctx.tick(0.2, &step)?;
        let groups = arranged(groups, &key_columns, options.arrange);
        let mut made = Table::new(
            keys.iter()
                .map(|k| k.select_rows(&groups.first_rows))
                .collect(),
        )
        .map_err(|e| RunError::Data(Msg::verbatim(e.to_string())))?;
        let n_keys = made.n_columns();
        summaries::add(options, &table, &groups, &mut made, ctx)?;

        let mut receipt = Receipt::new(n_in);
        if table.n_rows() < n_in {
            receipt.dropped(
                n_in - table.n_rows(),
                msg!("transform.group.no_key", "A key is missing"),
            );
        }
        receipt.merged(
            table.n_rows() - groups.len(),
            msg!("transform.group.merged", "Rows of a group became one"),
        );
        let mut report = Report {
            summary: vec![summary(&made, &groups, n_keys)],
            ..Report::default()
        };
        let title = msg!("transform.group.groups", "Groups");
        if let Some(block) = preview(&made, "groups", title, SHOWN_GROUPS) {
            report.push(block);
        }
        if let Some(chart) = picture::draw(&made, n_keys) {
            report.push(chart);
        }
        report.push(receipt.table());
        note_missing(options, &key_columns, ctx);
        Ok(Output {
            report,
            tables: vec![("groups", made)],
        })
    }
}

/// The table, without the rows that miss a key when those are not wanted, in the order that first and
/// last follow.
fn with_keys_only(options: &Options, input: &Input) -> Result<Table, RunError> {
    let mut table = input.table("table")?.clone();
    if !options.keep_missing {
        let mut keys = Vec::new();
        for name in &options.by {
            keys.push(input.column("by", name)?);
        }
        for (i, key) in options.dates.iter().enumerate() {
            keys.push(input.column(&format!("dates.{i}.column"), &key.column)?);
        }
        let has_keys = |i: usize| keys.iter().all(|k| k.is_valid(i));
        table = table.filter(&(0..table.n_rows()).map(has_keys).collect());
    }
    let has_ends = |w: &Wanted| matches!(w.what, What::First | What::Last);
    if !options.first_by.is_empty() && options.summaries.iter().any(has_ends) {
        let mut order = Vec::new();
        for name in &options.first_by {
            input.column("first_by", name)?;
            order.push(SortKey::ascending(
                table.column(name).expect("a column of the input"),
            ));
        }
        table = table.take(&sorted_rows(&order, table.n_rows()));
    }
    Ok(table)
}

/// The keys as columns of the answer, with names of their own.
fn keys<'a>(options: &Options, table: &'a Table) -> Result<Vec<Cow<'a, Column>>, RunError> {
    let mut keys: Vec<Cow<Column>> = Vec::new();
    for name in &options.by {
        let column = table.column(name);
        keys.push(Cow::Borrowed(
            column.ok_or_else(|| RunError::no_column("by", name))?,
        ));
    }
    let mut errors = Vec::new();
    for (i, key) in options.dates.iter().enumerate() {
        let found = table.column(&key.column);
        let Some(mut part) = found.and_then(|c| key.part.of_dates().of(c)) else {
            errors.push(FieldError::new(
                format!("dates.{i}.part"),
                msg!(
                    "transform.group.no_part",
                    "“{column}” does not hold this part. Choose another part or a column of dates.",
                    column = &key.column
                ),
            ));
            continue;
        };
        let wanted = format!("{}_{}", key.column, key.part.key());
        part.name = free_name(&wanted, |name| keys.iter().all(|k| k.name != name));
        keys.push(Cow::Owned(part));
    }
    if errors.is_empty() {
        Ok(keys)
    } else {
        Err(RunError::Options(errors))
    }
}

fn arranged(groups: Groups, keys: &[&Column], arrange: Arrange) -> Groups {
    match arrange {
        Arrange::Appearance => groups,
        Arrange::Keys => groups.sorted(keys),
        Arrange::Size => {
            let groups = groups.sorted(keys);
            let counts = groups.counts().into_iter().map(i64::from).collect();
            let sizes = Column::int("size", counts);
            let order = sorted_rows(&[SortKey::descending(&sizes)], groups.len());
            groups.renumbered(&order)
        }
    }
}

fn summary(made: &Table, groups: &Groups, n_keys: usize) -> Msg {
    let n_rows = groups.ids.len();
    let largest = groups.counts().into_iter().enumerate();
    let Some((at, size)) = largest.max_by_key(|&(g, n)| (n, std::cmp::Reverse(g))) else {
        return msg!("transform.group.empty", "There are no rows to group.");
    };
    if n_keys == 0 {
        return msg!(
            "transform.group.all",
            "{n} {n|row|rows} summed up in one.",
            n = n_rows
        );
    }
    let names = made.columns()[..n_keys].iter().map(|key| {
        if key.is_valid(at) {
            Msg::verbatim(key.name_of(&key.display(at)))
        } else {
            msg!("transform.group.missing", "missing")
        }
    });
    msg!(
        "transform.group.summary",
        "{n} {n|row|rows} in {groups} {groups|group|groups}; the largest ({keys}) has {size} {size|row|rows}.",
        n = n_rows,
        groups = groups.len(),
        keys = names.collect::<Vec<_>>(),
        size = size as usize
    )
}

fn note_missing(options: &Options, keys: &[&Column], ctx: &mut Ctx) {
    if !options.keep_missing {
        return;
    }
    for key in keys.iter().filter(|k| k.n_missing() > 0) {
        ctx.note(msg!(
            "transform.group.missing_key",
            "{n} {n|row has|rows have} no value in “{key}”; they are a group of their own.",
            n = key.n_missing(),
            key = &key.name
        ));
    }
}

impl Part {
    fn of_dates(self) -> DatePart {
        match self {
            Self::Year => DatePart::Year,
            Self::Quarter => DatePart::Quarter,
            Self::Month => DatePart::Month,
            Self::Week => DatePart::Week,
            Self::Day => DatePart::Day,
            Self::Hour => DatePart::Hour,
            Self::QuarterOfYear => DatePart::QuarterOfYear,
            Self::MonthOfYear => DatePart::MonthOfYear,
            Self::WeekOfYear => DatePart::WeekOfYear,
            Self::DayOfMonth => DatePart::DayOfMonth,
            Self::Weekday => DatePart::Weekday,
            Self::HourOfDay => DatePart::HourOfDay,
        }
    }

    fn key(self) -> &'static str {
        Self::CHOICES[self as usize].key
    }
}
