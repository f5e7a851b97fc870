//! Several p values together: what remains significant when the number of tests is allowed for.

mod code;

use crate::frame::corrections::Correction;
use crate::frame::words;
use crate::msg;
use crate::report::{
    Along, Axis, Block, Cell, Chart, Format, Head, Mark, Msg, Report, TableBlock, Tone,
};
use crate::spec::{
    Analysis, CodeTables, Ctx, Example, Fits, Group, Input, InputSpec, Kind, Language, OptionSpec,
    Output, OutputSpec, Picture, RunError, Spec, choice, column, integer, number, reads, text,
};
use crate::table::{Column, Table};

pub struct AdjustP;

crate::choices! {
    /// Where the p values are.
    pub enum Source {
        Typed = "typed" "Typed here",
        Column = "column" "In a column",
    }
}

/// Text of several lines.
const fn lines() -> OptionSpec {
    OptionSpec {
        kind: Kind::Text {
            default: "",
            lines: true,
        },
        ..text("")
    }
}

crate::options! {
    /// Which p values, and how they are adjusted.
    pub struct Options {
        /// Type the p values, or take those of a column.
        source "P values": Source = choice(Source::CHOICES, "typed"),
        /// P values with blanks or line breaks between them; a line may begin with a name and a colon.
        typed "Values": String = lines().when("source", &["typed"]),
        /// The column that holds the p values.
        p "Column of p values": Option<String> = column(Fits::Numbers).optional().when("source", &["column"]),
        /// What each test is called.
        names "Names of the tests": Option<String> = column(Fits::Any).optional().when("source", &["column"]),
        /// What the answer in words goes by.
        method "Correction": Correction = choice(Correction::CHOICES, "holm"),
        /// How many tests were made in all, when not all of their p values are here.
        n_tests "Tests in all": Option<usize> = integer(1, 1, 1_000_000_000).optional().advanced(),
        /// Adjusted p values below this count as significant.
        alpha "Significance level": f64 = number(0.05, 0.0001, 0.5).advanced(),
    }
}

impl Analysis for AdjustP {
    type Options = Options;

    const SPEC: Spec = Spec {
        id: "compare.adjust_p",
        version: 1,
        title: "Adjust p values",
        group: Group::Compare,
        about: "Several tests at once: which remain significant when their number is allowed for?",
        headline: "P values adjusted",
        method: "As p.adjust in R. Bonferroni, Holm, Hochberg and Hommel hold the chance of any false finding (family-wise error rate): Bonferroni and Holm always, Hochberg and Hommel when the tests are independent or depend positively. Benjamini and Hochberg hold the share of false findings among the findings (false discovery rate) under independence or positive dependence, Benjamini and Yekutieli always. An adjusted p value is the lowest level at which its test is significant. Missing values are left out and do not count as tests; tests whose p values are not here count as p = 1.",
        references: &[
            "Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal of Statistics, 6, 65–70.",
            "Hochberg, Y. (1988). A sharper Bonferroni procedure for multiple tests of significance. Biometrika, 75, 800–803.",
            "Hommel, G. (1988). A stagewise rejective multiple test procedure based on a modified Bonferroni test. Biometrika, 75, 383–386.",
            "Benjamini, Y., & Hochberg, Y. (1995). Controlling the false discovery rate: A practical and powerful approach to multiple testing. Journal of the Royal Statistical Society B, 57, 289–300.",
            "Benjamini, Y., & Yekutieli, D. (2001). The control of the false discovery rate in multiple testing under dependency. Annals of Statistics, 29, 1165–1188.",
        ],
        keywords: &[
            "p.adjust",
            "multiple testing",
            "multiple comparisons",
            "bonferroni",
            "holm",
            "hochberg",
            "hommel",
            "benjamini-hochberg",
            "fdr",
            "false discovery rate",
            "다중비교",
            "다중검정",
            "유의확률 보정",
            "본페로니",
            "위발견율",
        ],
        picture: Picture::Scatter,
        inputs: &[InputSpec {
            name: "table",
            title: "Table",
            optional: true,
        }],
        options: <Options as crate::spec::Options>::SPECS,
        outputs: &[OutputSpec {
            name: "adjusted",
            title: "Adjusted p values",
        }],
        examples: &[
            Example {
                name: "typed",
                tables: &[],
                values: r#"{"typed": "price: 0.004\ncolour: 0.031\nsize: 0.012\nname: 0.44\nplace: 0.02", "method": "hochberg"}"#,
            },
            Example {
                name: "column",
                tables: &[("table", "p_values.csv")],
                values: r#"{"source": "column", "p": "p", "names": "test", "method": "bh"}"#,
            },
        ],
        korean: include_str!("adjust_p.ko.json"),
        read: reads::<Options>,
    };

    fn run(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Output, RunError> {
        let step = msg!("compare.adjust_p.step", "Adjusting");
        ctx.tick(0.0, &step)?;
        let tests = Tests::new(options, input, ctx)?;
        ctx.tick(0.3, &step)?;
        let adjusted = Adjusted::new(options, &tests)?;
        ctx.tick(0.8, &step)?;
        let report = Report {
            summary: adjusted.summary(options, &tests),
            blocks: vec![
                adjusted.table(&tests).into(),
                Block::Chart(Box::new(adjusted.chart(options, &tests))),
            ],
            ..Report::default()
        };
        let table = adjusted.output(options, input, &tests)?;
        Ok(Output {
            report,
            tables: vec![("adjusted", table)],
        })
    }

    fn code(options: &Options, _: &CodeTables, language: Language) -> Option<String> {
        code::code(options, language)
    }
}

/// The p values that were given; NaN where one is missing.
struct Tests {
    names: Vec<String>,
    p: Vec<f64>,
    /// Tests whose p values are not here.
    n_more: usize,
}

/// More tests than this are not adjusted by Hommel's method, whose time grows with their square.
const MAX_HOMMEL: usize = 10_000;
/// More tests than this are shown by their smallest p values alone.
const MAX_SHOWN: usize = 200;

impl Tests {
    fn new(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Self, RunError> {
        let (option, names, p) = match options.source {
            Source::Typed => {
                let (names, p) = typed(&options.typed)?;
                ("typed", names, p)
            }
            Source::Column => {
                let (names, p) = of_column(options, input)?;
                ("p", names, p)
            }
        };
        if let Some(wrong) = p.iter().position(|p| *p < 0.0 || *p > 1.0) {
            return Err(RunError::option(
                option,
                msg!(
                    "compare.adjust_p.out_of_range",
                    "“{value}” is no p value: these lie between 0 and 1.",
                    value = (p[wrong], Format::Plain)
                ),
            ));
        }
        let n = p.iter().filter(|p| !p.is_nan()).count();
        if n == 0 {
            return Err(RunError::option(
                option,
                msg!("compare.adjust_p.none", "Give at least one p value."),
            ));
        }
        ctx.note_dropped(n, p.len() - n);
        let n_tests = options.n_tests.unwrap_or(n);
        if n_tests < n {
            return Err(RunError::option(
                "n_tests",
                msg!(
                    "compare.adjust_p.fewer",
                    "{n} p values are here, more than {tests} tests.",
                    n = n,
                    tests = n_tests
                ),
            ));
        }
        Ok(Self {
            names,
            p,
            n_more: n_tests - n,
        })
    }

    fn n(&self) -> usize {
        self.p.iter().filter(|p| !p.is_nan()).count()
    }
}

fn of_column(options: &Options, input: &Input) -> Result<(Vec<String>, Vec<f64>), RunError> {
    let name = options
        .p
        .as_ref()
        .ok_or_else(|| RunError::option("p", msg!("spec.choose_column", "Choose a column.")))?;
    let values = input.numbers("p", name)?;
    let finite = |v: &f64| if v.is_finite() { *v } else { f64::NAN };
    let p = values.iter().map(finite).collect();
    let names = match &options.names {
        Some(name) => {
            let column = input.column("names", name)?;
            (0..column.len())
                .map(|i| column.display(i).to_string())
                .collect()
        }
        None => (1..=values.len()).map(|i| i.to_string()).collect(),
    };
    Ok((names, p))
}

/// P values as a person types them: `name: 0.03` line by line, or numbers between blanks.
fn typed(text: &str) -> Result<(Vec<String>, Vec<f64>), RunError> {
    let (mut names, mut p) = (Vec::new(), Vec::new());
    for line in text.lines() {
        let (name, values) = match line.rsplit_once(':') {
            Some((name, values)) => (name.trim(), values),
            None => ("", line),
        };
        let words = values.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';'));
        for word in words.filter(|w| !w.is_empty()) {
            let value: f64 = word.parse().ok().filter(|v: &f64| v.is_finite()).ok_or_else(|| {
                RunError::option(
                    "typed",
                    msg!(
                        "compare.adjust_p.not_number",
                        "“{word}” is no number. Write p values as 0.03, with blanks between them.",
                        word = word
                    ),
                )
            })?;
            p.push(value);
            names.push(match name {
                "" => p.len().to_string(),
                name => name.to_string(),
            });
        }
    }
    Ok((names, p))
}

/// The corrections that stand side by side.
const WAYS: [Correction; 6] = [
    Correction::Bonferroni,
    Correction::Holm,
    Correction::Hochberg,
    Correction::Hommel,
    Correction::BenjaminiHochberg,
    Correction::BenjaminiYekutieli,
];

struct Adjusted {
    /// By the way that was chosen.
    chosen: Vec<f64>,
    ways: Vec<(Correction, Vec<f64>)>,
    /// Whether Hommel's method was left out.
    without_hommel: bool,
}

impl Adjusted {
    fn new(options: &Options, tests: &Tests) -> Result<Self, RunError> {
        let n_tests = tests.n() + tests.n_more;
        if n_tests > MAX_TESTS {
            return Err(RunError::option(
                "n_tests",
                msg!(
                    "compare.adjust_p.too_many",
                    "At most {most} tests can be adjusted together.",
                    most = MAX_TESTS
                ),
            ));
        }
        let without_hommel = n_tests > MAX_HOMMEL;
        if without_hommel && options.method == Correction::Hommel {
            return Err(RunError::option(
                "method",
                msg!(
                    "compare.adjust_p.slow",
                    "Hommel’s method takes at most {most} tests. Choose Hochberg's, which is nearly the same.",
                    most = MAX_HOMMEL
                ),
            ));
        }
        // A test whose p value is not here is one with p = 1, as n of p.adjust has it.
        let mut padded = tests.p.clone();
        padded.resize(tests.p.len() + tests.n_more, 1.0);
        let adjust = |way: Correction| {
            let mut all = way.adjust(&padded);
            all.truncate(tests.p.len());
            all
        };
        Ok(Self {
            chosen: adjust(options.method),
            ways: WAYS
                .into_iter()
                .filter(|way| !(without_hommel && *way == Correction::Hommel))
                .map(|way| (way, adjust(way)))
                .collect(),
            without_hommel,
        })
    }

    fn summary(&self, options: &Options, tests: &Tests) -> Vec<Msg> {
        let below = |p: &[f64]| p.iter().filter(|p| **p < options.alpha).count();
        let (before, after) = (below(&tests.p), below(&self.chosen));
        let mut lines = vec![msg!(
            "compare.adjust_p.kept",
            "{after} of {n} tests {after|is|are} significant at {alpha} after the correction, {before} before it.",
            after = after,
            n = tests.n() + tests.n_more,
            alpha = (options.alpha, Format::Plain),
            before = before
        )];
        let named: Vec<String> = (0..tests.p.len())
            .filter(|&i| self.chosen[i] < options.alpha)
            .map(|i| format!("“{}”", tests.names[i]))
            .take(9)
            .collect();
        if after > 0 && after < 9 {
            lines.push(msg!(
                "compare.adjust_p.which",
                "Significant: {names}.",
                names = named
            ));
        }
        lines
    }

    /// The tests in their order, or the smallest p values of many.
    fn shown(&self, tests: &Tests) -> Vec<usize> {
        let mut places: Vec<usize> = (0..tests.p.len())
            .filter(|&i| !tests.p[i].is_nan())
            .collect();
        if places.len() > MAX_SHOWN {
            places.sort_by(|&a, &b| tests.p[a].total_cmp(&tests.p[b]));
            places.truncate(MAX_SHOWN);
        }
        places
    }

    fn table(&self, tests: &Tests) -> TableBlock {
        let mut heads = vec![
            Head::name("test", msg!("compare.adjust_p.test", "Test")),
            words::p(),
        ];
        heads.extend(
            self.ways
                .iter()
                .map(|(way, _)| Head::new(way.key(), way.title(), Format::PValue)),
        );
        let mut table = TableBlock::new(
            "adjusted",
            msg!("compare.adjust_p.table", "Adjusted p values"),
            heads,
        );
        let shown = self.shown(tests);
        for &i in &shown {
            let mut cells: Vec<Cell> = vec![tests.names[i].as_str().into(), tests.p[i].into()];
            cells.extend(self.ways.iter().map(|(_, adjusted)| adjusted[i].into()));
            table.row(cells);
        }
        if shown.len() < tests.n() {
            table.notes.push(msg!(
                "compare.adjust_p.smallest",
                "The {shown} smallest of {n} p values; the table made holds all.",
                shown = shown.len(),
                n = tests.n()
            ));
        }
        if tests.n_more > 0 {
            table.notes.push(msg!(
                "compare.adjust_p.more",
                "{n} more {n|test counts|tests count} as p = 1.",
                n = tests.n_more
            ));
        }
        if self.without_hommel {
            table.notes.push(msg!(
                "compare.adjust_p.no_hommel",
                "Hommel's method is left out: it takes at most {most} tests.",
                most = MAX_HOMMEL
            ));
        }
        table
    }

    /// P values in their order, before and after.
    fn chart(&self, options: &Options, tests: &Tests) -> Chart {
        let mut order: Vec<usize> = (0..tests.p.len())
            .filter(|&i| !tests.p[i].is_nan())
            .collect();
        order.sort_by(|&a, &b| tests.p[a].total_cmp(&tests.p[b]));
        let n = order.len();
        let stride = n.div_ceil(1000);
        let picked: Vec<usize> = (0..n).step_by(stride).collect();
        let x: Vec<f64> = picked.iter().map(|&r| (r + 1) as f64).collect();
        let line = |p: &[f64], tone: Tone| Mark::Line {
            x: x.clone(),
            y: picked.iter().map(|&r| p[order[r]]).collect(),
            tone,
            dashed: false,
            dots: n <= 60,
        };
        Chart::new(
            "ordered",
            msg!(
                "compare.adjust_p.chart",
                "P values from the smallest up, before and after the correction"
            ),
            Axis::linear(msg!("compare.adjust_p.rank", "Rank")).format(Format::Integer),
            Axis::linear(msg!("frame.p", "p")).from_zero(),
        )
        .series(vec![
            msg!("compare.adjust_p.before", "As given"),
            msg!("compare.adjust_p.after", "Adjusted"),
        ])
        .mark(line(&tests.p, Tone::Series(0)))
        .mark(line(&self.chosen, Tone::Series(1)))
        .mark(Mark::Rule {
            across: Along::Y,
            value: options.alpha,
            label: Some(msg!("compare.adjust_p.alpha_line", "Significance level")),
        })
    }

    /// The table with columns for the adjusted p value and whether it is significant.
    fn output(&self, options: &Options, input: &Input, tests: &Tests) -> Result<Table, RunError> {
        let significant: Vec<bool> = self.chosen.iter().map(|p| *p < options.alpha).collect();
        let base = match options.source {
            Source::Column => input.table("table")?.clone(),
            Source::Typed => Table::new(vec![
                Column::text("test", &tests.names),
                Column::float("p", tests.p.clone()),
            ])
            .expect("columns of one length"),
        };
        let adjusted = Column::float(base.free_column_name("p_adjusted"), self.chosen.clone());
        let table = base.with_column(adjusted).expect("as many rows");
        let flags = Column::bool(table.free_column_name("significant"), significant);
        Ok(table.with_column(flags).expect("as many rows"))
    }
}

/// More tests than this are refused.
const MAX_TESTS: usize = 20_000_000;
