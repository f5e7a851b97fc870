//! Multiple response: several choices in one text, taken apart.

use rustc_hash::FxHashMap;

use crate::msg;
use crate::report::{
    Along, Axis, Chart, Format, Head, Mark, Msg, Receipt, Report, TableBlock, Tone,
};
use crate::spec::{
    Analysis, Ctx, Example, Fits, Group, Input, ONE_TABLE, Output, OutputSpec, Picture, RunError,
    Spec, choice, column, flag, integer, reads, text,
};
use crate::table::multi_response::Choices;
use crate::table::{Bitmap, Column, Data, Table, Texts, natural_order};

pub struct MultiResponse;

crate::choices! {
    /// What indicators hold.
    pub enum Values {
        Flags = "flags" "True and false",
        Numbers = "numbers" "1 and 0",
    }
}

crate::choices! {
    /// In which order the choices stand.
    pub enum Order {
        Frequency = "frequency" "Most frequent first",
        Name = "name" "By name",
        Appearance = "appearance" "First seen first",
    }
}

crate::choices! {
    /// What rows without an answer get.
    pub enum Unanswered {
        Missing = "missing" "Missing indicators",
        NoChoice = "none" "No choice at all",
    }
}

crate::options! {
    /// Which column, and what stands between the choices.
    pub struct Options {
        /// A column that names several choices in one text, such as “web; app”.
        column "Column": String = column(Fits::Any),
        /// What stands between two choices. Spaces around choices do not count.
        separator "Separator": String = text(";"),
        /// In which order the new columns stand.
        order "Order": Order = choice(Order::CHOICES, "frequency"),
        /// Choices that fewer rows name share a column called “other”.
        min_rows "Least rows of a choice": usize = integer(1, 1, 1_000_000_000),
        /// Of more choices the most frequent keep a column; the others share one called “other”.
        max_choices "Most choices": usize = integer(50, 1, 1000),
        /// What indicators hold.
        values "Indicators hold": Values = choice(Values::CHOICES, "flags"),
        /// What the indicators of a row without an answer are.
        unanswered "Rows without an answer": Unanswered = choice(Unanswered::CHOICES, "missing"),
        /// Whether a column says how many choices each row names.
        count "Number of choices": bool = flag(true),
    }
}

impl Analysis for MultiResponse {
    type Options = Options;

    const SPEC: Spec = Spec {
        id: "transform.multi_response",
        version: 1,
        title: "Take multiple responses apart",
        group: Group::Transform,
        about: "Turns answers such as “web; app” into a column for each choice, and counts who chose what.",
        headline: "Choices in {column}",
        method: "Choices are told apart letter by letter after spaces around them are taken off; a choice that stands twice in an answer counts once. Shares of rows are of the rows with an answer, so they add up to more than 100%; shares of answers are of all choices named.",
        references: &[],
        keywords: &[
            "multiple response",
            "multi-select",
            "checkbox",
            "delimited",
            "tags",
            "dummy",
            "indicator",
            "복수응답",
            "다중응답",
            "다중선택",
            "태그",
        ],
        picture: Picture::Bars,
        inputs: ONE_TABLE,
        options: <Options as crate::spec::Options>::SPECS,
        outputs: &[OutputSpec {
            name: "choices",
            title: "Table with a column for each choice",
        }],
        examples: &[
            Example {
                name: "channels",
                tables: &[("table", "orders.csv")],
                values: r#"{"column": "channels"}"#,
            },
            Example {
                name: "two_and_others",
                tables: &[("table", "orders.csv")],
                values: r#"{"column": "channels", "max_choices": 2, "values": "numbers", "unanswered": "none", "count": false}"#,
            },
        ],
        korean: include_str!("multi_response.ko.json"),
        read: reads::<Options>,
    };

    fn run(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Output, RunError> {
        if options.separator.is_empty() {
            return Err(RunError::option(
                "separator",
                msg!(
                    "transform.multi_response.no_separator",
                    "Give what stands between two choices."
                ),
            ));
        }
        let table = input.table("table")?;
        let column = input.column("column", &options.column)?;
        let texts = Texts::of(column);
        let choices = take_apart(options, &texts, ctx)?;
        if choices.names.is_empty() {
            return Err(RunError::Data(msg!(
                "transform.multi_response.no_choices",
                "“{column}” names no choice.",
                column = &options.column
            )));
        }
        let counts = choices.counts(&texts.counts());
        let groups = Groups::new(options, &choices.names, &counts);
        if choices.names.len() == 1 {
            ctx.note(msg!(
                "transform.multi_response.one",
                "There is one choice only. If answers name several, another separator stands between them."
            ));
        }
        let bits = choices.indicators(&texts, table.n_rows(), &groups.of_choice, groups.len());
        let named: Vec<i64> = (0..table.n_rows())
            .map(|row| texts.of_row(row).map_or(0, |t| choices.of_text(t).len()) as i64)
            .collect();
        let answered: Bitmap = named.iter().map(|&n| n > 0).collect();
        let rows: Vec<usize> = bits.iter().map(Bitmap::count_ones).collect();
        let mut made = Made {
            receipt: Receipt::new(table.n_rows()),
            table: table.clone(),
            answered: answered.clone(),
            is_missing: options.unanswered == Unanswered::Missing,
        };
        for (bits, name) in bits.into_iter().zip(&groups.names) {
            let wanted = format!("{}_{name}", options.column);
            made.push(&wanted, options.values.data(bits));
        }
        if options.count {
            made.push(
                &format!("{}_count", options.column),
                Data::Int(named.clone()),
            );
        }
        let all = Counts {
            n_answered: answered.count_ones(),
            n_named: counts.iter().sum(),
            rows,
        };
        let mut report = Report {
            summary: vec![all.summary(options, table.n_rows())],
            ..Report::default()
        };
        report
            .summary
            .extend(made.receipt.summary().into_iter().skip(1));
        report.push(all.chart(options, &groups));
        report.push(all.table(&groups));
        report.push(by_number(&named));
        report.push(made.receipt.table());
        Ok(Output {
            report,
            tables: vec![("choices", made.table)],
        })
    }
}

/// Texts between two ticks.
const CHUNK: usize = 1 << 15;

fn take_apart(options: &Options, texts: &Texts, ctx: &mut Ctx) -> Result<Choices, RunError> {
    let step = msg!(
        "transform.multi_response.step",
        "Taking “{column}” apart",
        column = &options.column
    );
    let mut choices = Choices::new(texts.len());
    let mut known = FxHashMap::default();
    let mut buffer = String::new();
    ctx.tick(0.0, &step)?;
    let order = texts.in_order_of_rows();
    for (i, &text) in order.iter().enumerate() {
        if i % CHUNK == CHUNK - 1 {
            ctx.tick(i as f32 / order.len() as f32, &step)?;
        }
        if let Some(words) = texts.get(text as usize, &mut buffer) {
            choices.add(text as usize, words, &options.separator, &mut known);
        }
    }
    Ok(choices)
}

/// Choices that have a column each, and perhaps one that the others share.
struct Groups {
    names: Vec<String>,
    of_choice: Vec<u32>,
    /// How many choices share the last column.
    n_shared: usize,
}

impl Groups {
    fn new(options: &Options, names: &[String], counts: &[usize]) -> Self {
        let mut by_count: Vec<usize> = (0..names.len()).collect();
        by_count.sort_by_key(|&c| std::cmp::Reverse(counts[c]));
        let n_frequent = counts.iter().filter(|n| **n >= options.min_rows).count();
        let mut kept = by_count[..n_frequent.min(options.max_choices)].to_vec();
        match options.order {
            Order::Frequency => {}
            Order::Name => kept.sort_by(|&a, &b| natural_order(&names[a], &names[b])),
            Order::Appearance => kept.sort_unstable(),
        }
        let mut of_choice = vec![kept.len() as u32; names.len()];
        for (place, &choice) in kept.iter().enumerate() {
            of_choice[choice] = place as u32;
        }
        let n_shared = names.len() - kept.len();
        let mut names: Vec<String> = kept.iter().map(|&c| names[c].clone()).collect();
        if n_shared > 0 {
            names.push("other".to_owned());
        }
        Self {
            names,
            of_choice,
            n_shared,
        }
    }

    fn len(&self) -> usize {
        self.names.len()
    }

    /// What the columns are called for people.
    fn titles(&self) -> Vec<Msg> {
        let is_other = |i: usize| self.n_shared > 0 && i + 1 == self.names.len();
        let title = |(i, name): (usize, &String)| match is_other(i) {
            true => msg!(
                "transform.multi_response.other",
                "{n} other {n|choice|choices}",
                n = self.n_shared
            ),
            false => Msg::verbatim(name),
        };
        self.names.iter().enumerate().map(title).collect()
    }
}

/// The table as it grows by columns.
struct Made {
    table: Table,
    receipt: Receipt,
    answered: Bitmap,
    /// Whether rows without an answer are missing.
    is_missing: bool,
}

impl Made {
    fn push(&mut self, wanted: &str, data: Data) {
        let mut column = Column::new(self.table.free_column_name(wanted), data);
        if self.is_missing {
            column = column.with_validity(self.answered.clone());
        }
        self.receipt.columns_added([column.name.clone()]);
        self.table = self
            .table
            .with_column(column)
            .expect("a value for each row");
    }
}

impl Values {
    fn data(self, bits: Bitmap) -> Data {
        match self {
            Values::Flags => Data::Bool(bits),
            Values::Numbers => Data::Int(bits.iter().map(i64::from).collect()),
        }
    }
}

/// How often choices are named.
struct Counts {
    /// Rows with an answer.
    n_answered: usize,
    /// Choices named in all rows.
    n_named: usize,
    /// Rows of each group.
    rows: Vec<usize>,
}

impl Counts {
    fn summary(&self, options: &Options, n_rows: usize) -> Msg {
        msg!(
            "transform.multi_response.summary",
            "{answered} of {n} {n|row|rows} answer “{column}” and name {mean} choices each on average.",
            answered = self.n_answered,
            n = n_rows,
            column = &options.column,
            mean = (
                self.n_named as f64 / self.n_answered as f64,
                Format::Fixed(2)
            )
        )
    }

    fn table(&self, groups: &Groups) -> TableBlock {
        let mut table = TableBlock::new(
            "choices",
            msg!("transform.multi_response.choices", "Choices"),
            vec![
                Head::name("choice", msg!("transform.multi_response.choice", "Choice")),
                Head::new(
                    "rows",
                    msg!("transform.multi_response.rows", "Rows"),
                    Format::Integer,
                ),
                Head::new(
                    "share_of_rows",
                    msg!("transform.multi_response.share_of_rows", "Share of rows"),
                    Format::Percent(1),
                ),
                Head::new(
                    "share_of_answers",
                    msg!(
                        "transform.multi_response.share_of_answers",
                        "Share of answers"
                    ),
                    Format::Percent(1),
                ),
            ],
        );
        for (title, &rows) in groups.titles().into_iter().zip(&self.rows) {
            table.row(vec![
                title.into(),
                rows.into(),
                (rows as f64 / self.n_answered as f64).into(),
                (rows as f64 / self.n_named as f64).into(),
            ]);
        }
        if groups.n_shared > 1 {
            table.notes.push(msg!(
                "transform.multi_response.shared",
                "A row that names several of the other choices counts once among them."
            ));
        }
        table
    }

    fn chart(&self, options: &Options, groups: &Groups) -> Chart {
        let shares: Vec<f64> = self
            .rows
            .iter()
            .map(|&rows| rows as f64 / self.n_answered as f64)
            .collect();
        Chart::new(
            "choices",
            msg!(
                "transform.multi_response.chart",
                "Who chose what in {column}",
                column = &options.column
            ),
            Axis::linear(msg!(
                "transform.multi_response.share_of_rows",
                "Share of rows"
            ))
            .from_zero()
            .format(Format::Percent(0)),
            Axis::category(
                msg!("transform.multi_response.choice", "Choice"),
                groups.titles(),
            ),
        )
        .mark(Mark::category_bars(Along::Y, &shares, Tone::Series(0)))
    }
}

/// How many rows name so many choices.
fn by_number(named: &[i64]) -> TableBlock {
    let mut table = TableBlock::new(
        "numbers",
        msg!("transform.multi_response.numbers", "Choices of a row"),
        vec![
            Head::new(
                "n",
                msg!("transform.multi_response.choices", "Choices"),
                Format::Integer,
            ),
            Head::new(
                "rows",
                msg!("transform.multi_response.rows", "Rows"),
                Format::Integer,
            ),
        ],
    );
    let most = named.iter().max().copied().unwrap_or(0) as usize;
    let mut rows = vec![0_usize; most + 1];
    named.iter().for_each(|&n| rows[n as usize] += 1);
    for (n, &rows) in rows.iter().enumerate() {
        if rows > 0 {
            table.row(vec![n.into(), rows.into()]);
        }
    }
    table
}
