//! Missing values: where they are, in which patterns, and whether chance alone explains them.

mod code;

use crate::frame;
use crate::msg;
use crate::report::{
    Along, Arg, Axis, Block, Cell, Chart, Format, Head, Mark, Msg, Report, TableBlock, Tone,
};
use crate::spec::{
    Analysis, CodeTables, Ctx, Example, Fits, Group, Input, Language, ONE_TABLE, Output, Picture,
    RunError, Spec, columns, flag, integer, reads,
};
use crate::stats::missing::{McarTest, Pattern, little, patterns};
use crate::table::{Column, Data, Measure};

pub struct Missing;

crate::options! {
    /// What is looked at.
    pub struct Options {
        /// The columns to look at; all of them when none is chosen.
        columns "Columns": Vec<String> = columns(Fits::Any).optional(),
        /// Whether values are missing independently of all others, tested on the columns of numbers.
        test "Little's test": bool = flag(true),
        /// The most frequent patterns are shown.
        max_patterns "Patterns shown": usize = integer(20, 1, 500).advanced(),
    }
}

/// Bars of a picture.
const MAX_BARS: usize = 40;
/// Columns of numbers up to which Little's test is made.
const MAX_TESTED: usize = 60;

impl Analysis for Missing {
    type Options = Options;

    const SPEC: Spec = Spec {
        id: "explore.missing",
        version: 1,
        title: "Missing values",
        group: Group::Explore,
        about: "Which columns miss values, which go missing together, and whether that looks like chance.",
        headline: "Missing values[[ of {columns}]]",
        method: "A pattern is the set of columns that a row misses. Little's (1988) test of values missing completely at random compares each pattern's means with those of all, whose mean and covariance are the maximum-likelihood estimates under normality, found by EM (covariance with divisor n). It takes the columns of numbers, without rows that miss all of them. Infinite numbers count as missing there.",
        references: &[
            "Little, R. J. A. (1988). A test of missing completely at random for multivariate data with missing values. Journal of the American Statistical Association, 83, 1198–1202.",
            "Little, R. J. A., & Rubin, D. B. (2019). Statistical analysis with missing data (3rd ed.). Wiley.",
        ],
        keywords: &[
            "na",
            "null",
            "mcar",
            "little",
            "pattern",
            "missingness",
            "결측",
            "결측치",
            "결측값",
            "무응답",
            "빈칸",
        ],
        picture: Picture::Columns,
        inputs: ONE_TABLE,
        options: <Options as crate::spec::Options>::SPECS,
        outputs: &[],
        examples: &[Example {
            name: "penguins",
            tables: &[("table", "penguins.csv")],
            values: "{}",
        }],
        korean: include_str!("missing.ko.json"),
        read: reads::<Options>,
    };

    fn code(options: &Options, tables: &CodeTables, language: Language) -> Option<String> {
        code::code(options, tables, language)
    }

    fn run(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Output, RunError> {
        let step = msg!("explore.missing.step", "Looking for gaps");
        ctx.tick(0.0, &step)?;
        let table = input.table("table")?;
        let chosen: Vec<&Column> = if options.columns.is_empty() {
            table.columns().iter().map(|c| &**c).collect()
        } else {
            let named = options.columns.iter();
            named
                .map(|name| input.column("columns", name))
                .collect::<Result<_, _>>()?
        };
        let n_rows = table.n_rows();
        if n_rows == 0 || chosen.is_empty() {
            return Err(RunError::Data(msg!(
                "explore.missing.nothing",
                "The table has no rows to look at."
            )));
        }
        let mut is_missing = Vec::new();
        for (c, column) in chosen.iter().enumerate() {
            is_missing.push(
                (0..n_rows)
                    .map(|i| !column.is_valid(i))
                    .collect::<Vec<bool>>(),
            );
            ctx.tick(0.3 * (c + 1) as f32 / chosen.len() as f32, &step)?;
        }
        let found = patterns(&is_missing);
        ctx.tick(0.4, &step)?;
        let gaps = Gaps {
            options,
            n_missing: is_missing
                .iter()
                .map(|m| m.iter().filter(|m| **m).count())
                .collect(),
            chosen,
            found,
            n_rows,
        };
        let test = if options.test && gaps.n_missing.iter().any(|n| *n > 0) {
            gaps.test(ctx, &step)?
        } else {
            None
        };
        let mut report = Report {
            summary: gaps.summary(test.as_ref()),
            ..Report::default()
        };
        report.push(gaps.column_table());
        if gaps.found.iter().any(|p| !p.missing.is_empty()) {
            report.push(gaps.column_chart());
            report.push(gaps.pattern_table());
            if gaps.found.len() > 1 {
                report.push(gaps.pattern_chart());
            }
        }
        report
            .blocks
            .extend(test.map(|t| Block::from(test_table(&t))));
        Ok(Output {
            report,
            tables: Vec::new(),
        })
    }
}

struct Gaps<'a> {
    options: &'a Options,
    chosen: Vec<&'a Column>,
    n_missing: Vec<usize>,
    found: Vec<Pattern>,
    n_rows: usize,
}

impl Gaps<'_> {
    fn test(&self, ctx: &mut Ctx, step: &Msg) -> Result<Option<McarTest>, RunError> {
        let is_number = |c: &&&Column| {
            matches!(c.data, Data::Float(_) | Data::Int(_)) && c.measure == Measure::Scale
        };
        let numbers: Vec<&&Column> = self.chosen.iter().filter(is_number).collect();
        let values: Vec<_> = numbers.iter().filter_map(|c| c.numbers()).collect();
        // A constant column has nothing to say and would stop the test.
        let varies = |v: &[f64]| {
            let mut seen = v.iter().filter(|x| x.is_finite());
            seen.next().is_some_and(|first| seen.any(|x| x != first))
        };
        let slices: Vec<&[f64]> = values.iter().map(|v| &**v).filter(|v| varies(v)).collect();
        if slices.len() < 2 || slices.len() > MAX_TESTED {
            return Ok(None);
        }
        let found = little(&slices, &mut frame::progress(ctx, 0.4, 0.95, step))
            .map_err(|_| RunError::Cancelled)?;
        let has_gaps = slices.iter().any(|v| v.iter().any(|x| !x.is_finite()));
        if found.is_none() && has_gaps {
            ctx.note(msg!(
                "explore.missing.no_test",
                "Little's test could not be made: columns of numbers are combinations of one another, or too few rows hold values together."
            ));
        }
        Ok(found)
    }

    fn summary(&self, test: Option<&McarTest>) -> Vec<Msg> {
        let n_missing: usize = self.n_missing.iter().sum();
        if n_missing == 0 {
            return vec![msg!(
                "explore.missing.complete",
                "No value is missing in {rows} {rows|row|rows} of {columns} {columns|column|columns}.",
                rows = self.n_rows,
                columns = self.chosen.len()
            )];
        }
        let whole = self
            .found
            .iter()
            .find(|p| p.missing.is_empty())
            .map_or(0, |p| p.rows.len());
        let share = n_missing as f64 / (self.n_rows * self.chosen.len()) as f64;
        let mut lines = vec![msg!(
            "explore.missing.summary",
            "{share} of the values are missing; {whole} of {rows} rows ({part}) have all.",
            share = (share, Format::Percent(1)),
            whole = whole,
            rows = self.n_rows,
            part = (whole as f64 / self.n_rows as f64, Format::Percent(1))
        )];
        let worst = (0..self.chosen.len())
            .rev()
            .max_by_key(|&c| self.n_missing[c]);
        if let Some(worst) = worst {
            lines.push(msg!(
                "explore.missing.worst",
                "“{column}” misses most: {n} {n|value|values} ({share}).",
                column = &self.chosen[worst].name,
                n = self.n_missing[worst],
                share = (
                    self.n_missing[worst] as f64 / self.n_rows as f64,
                    Format::Percent(1)
                )
            ));
        }
        lines.extend(test.map(|t| {
            let p = (t.p, Format::PEquals);
            if t.p < 0.05 {
                msg!(
                    "explore.missing.not_random",
                    "Gaps go with other values (Little's test, p {p}): leaving out incomplete rows may bias results.",
                    p = p
                )
            } else {
                msg!(
                    "explore.missing.random",
                    "Nothing speaks against gaps by pure chance (Little's test, p {p}).",
                    p = p
                )
            }
        }));
        lines
    }

    fn column_table(&self) -> TableBlock {
        let mut table = TableBlock::new(
            "columns",
            msg!("explore.missing.by_column", "Missing values by column"),
            vec![
                Head::name("column", msg!("explore.missing.column", "Column")),
                Head::new(
                    "missing",
                    msg!("explore.missing.missing", "Missing"),
                    Format::Integer,
                ),
                Head::new(
                    "percent",
                    msg!("explore.missing.percent", "Percent"),
                    Format::Percent(1),
                ),
                Head::new(
                    "n",
                    msg!("explore.missing.values", "Values"),
                    Format::Integer,
                ),
            ],
        );
        for (c, n) in self.chosen.iter().zip(&self.n_missing) {
            table.row(vec![
                c.name.clone().into(),
                (*n).into(),
                (*n as f64 / self.n_rows as f64).into(),
                (self.n_rows - n).into(),
            ]);
        }
        table
    }

    fn column_chart(&self) -> Chart {
        let mut order: Vec<usize> = (0..self.chosen.len())
            .filter(|&c| self.n_missing[c] > 0)
            .collect();
        order.sort_by_key(|&c| (std::cmp::Reverse(self.n_missing[c]), c));
        order.truncate(MAX_BARS);
        let shares: Vec<f64> = order
            .iter()
            .map(|&c| self.n_missing[c] as f64 / self.n_rows as f64)
            .collect();
        Chart::new(
            "missing",
            msg!("explore.missing.where", "Where are values missing?"),
            Axis::linear(msg!("explore.missing.share", "Share of rows"))
                .from_zero()
                .format(Format::Percent(0)),
            Axis::category(
                Msg::verbatim(""),
                order
                    .iter()
                    .map(|&c| Msg::verbatim(&self.chosen[c].name))
                    .collect(),
            ),
        )
        .mark(Mark::category_bars(Along::Y, &shares, Tone::Accent))
    }

    fn pattern_table(&self) -> TableBlock {
        let mut table = TableBlock::new(
            "patterns",
            msg!("explore.missing.patterns", "Patterns"),
            vec![
                Head::new(
                    "pattern",
                    msg!("explore.missing.pattern", "Pattern"),
                    Format::Integer,
                ),
                Head::new("n", msg!("frame.n", "Rows"), Format::Integer),
                Head::new(
                    "percent",
                    msg!("explore.missing.percent", "Percent"),
                    Format::Percent(1),
                ),
                Head::new(
                    "n_missing",
                    msg!("explore.missing.n_missing", "Columns missing"),
                    Format::Integer,
                ),
                Head::name("missing", msg!("explore.missing.which", "Which")),
            ],
        );
        for (k, pattern) in self.shown().iter().enumerate() {
            let names: Vec<Arg> = pattern
                .missing
                .iter()
                .map(|&c| Arg::from(self.chosen[c].name.as_str()))
                .collect();
            table.row(vec![
                (k + 1).into(),
                pattern.rows.len().into(),
                (pattern.rows.len() as f64 / self.n_rows as f64).into(),
                pattern.missing.len().into(),
                if names.is_empty() {
                    msg!("explore.missing.none", "None: the row is complete").into()
                } else {
                    Cell::Msg(msg!("explore.missing.names", "{names}", names = names))
                },
            ]);
        }
        if self.found.len() > self.shown().len() {
            table.notes.push(msg!(
                "explore.missing.more",
                "{n} rarer {n|pattern is|patterns are} not shown.",
                n = self.found.len() - self.shown().len()
            ));
        }
        table
    }

    fn shown(&self) -> &[Pattern] {
        &self.found[..self.found.len().min(self.options.max_patterns)]
    }

    /// Patterns down the side, the columns with gaps across the top.
    fn pattern_chart(&self) -> Chart {
        let columns: Vec<usize> = (0..self.chosen.len())
            .filter(|&c| self.n_missing[c] > 0)
            .take(MAX_BARS)
            .collect();
        let shown = self.shown();
        let (mut x, mut y, mut value) = (Vec::new(), Vec::new(), Vec::new());
        for (k, pattern) in shown.iter().enumerate() {
            for (at, column) in columns.iter().enumerate() {
                x.push(at as f64);
                y.push(k as f64);
                value.push(f64::from(u8::from(pattern.missing.contains(column))));
            }
        }
        let rows = shown
            .iter()
            .map(|p| msg!("explore.missing.rows", "{n} {n|row|rows}", n = p.rows.len()));
        Chart::new(
            "patterns",
            msg!("explore.missing.together", "What is missing together?"),
            Axis::category(
                Msg::verbatim(""),
                columns
                    .iter()
                    .map(|&c| Msg::verbatim(&self.chosen[c].name))
                    .collect(),
            ),
            Axis::category(Msg::verbatim(""), rows.collect()),
        )
        .mark(Mark::Tiles {
            x,
            y,
            value,
            size: (1.0, 1.0),
            low: 0.0,
            high: 1.0,
            title: msg!("explore.missing.is_missing", "Missing (1) or there (0)"),
            format: Format::Integer,
        })
    }
}

fn test_table(test: &McarTest) -> TableBlock {
    let mut table = TableBlock::new(
        "little",
        msg!(
            "explore.missing.little",
            "Little's test: are values missing completely at random?"
        ),
        vec![
            frame::words::chi_squared(),
            frame::words::df(),
            frame::words::p(),
            Head::new(
                "n_patterns",
                msg!("explore.missing.patterns", "Patterns"),
                Format::Integer,
            ),
        ],
    );
    table.row(vec![
        test.statistic.into(),
        test.df.into(),
        test.p.into(),
        test.n_patterns.into(),
    ]);
    table
}
