//! Cross table: counts of two columns' values together, and whether they have to do with another.

mod code;
mod ratios;
mod sample;

use crate::frame::weights::{self, Weighting};
use crate::frame::{FrameBuilder, progress, words};
use crate::msg;
use crate::report::{
    Along, Axis, Block, Cell, Chart, Format, Head, Mark, Msg, Report, TableBlock, Tone,
};
use crate::spec::{
    Analysis, CodeTables, Ctx, Example, Fits, Group, Input, Language, ONE_TABLE, Output, Picture,
    RunError, Spec, choice, column, flag, integer, number, reads,
};
use crate::stats::bayes_factor;
use crate::stats::contingency::{Association, Contingency, IndependenceTest};
use crate::stats::distributions::normal;
use crate::stats::fisher_exact::{ExactTable, fisher_r_by_c};
use crate::stats::survey::{Cells, RaoScott};

pub struct Crosstab;

crate::choices! {
    /// What was settled before the rows were counted.
    pub enum Sampling {
        Total = "total" "The number of all rows",
        Rows = "rows" "How many rows each level down the side has",
    }
}

crate::options! {
    /// What is crossed, and what is shown of each cell.
    pub struct Options {
        /// Its levels stand down the side.
        row "Rows": String = column(Fits::Levels),
        /// Its levels stand across the top.
        column "Columns": String = column(Fits::Levels),
        /// How much each row counts; not only whole numbers.
        weights "Weights": Option<String> = column(Fits::Numbers).optional(),
        /// The percentages are the same whatever the weights mean; tests and errors are not.
        weighting "Weights are": Weighting = choice(Weighting::COUNTS, "frequency").when_chosen("weights"),
        /// The share of the row's total.
        row_percent "Row percentages": bool = flag(true).section("Cells"),
        /// The share of the column's total.
        column_percent "Column percentages": bool = flag(false).section("Cells"),
        /// The share of all.
        total_percent "Total percentages": bool = flag(false).section("Cells"),
        /// What the cell would hold if the two had nothing to do with one another.
        expected "Expected counts": bool = flag(false).section("Cells"),
        /// How far the count is from the expected one, in standard errors: beyond 2 is more than chance.
        residuals "Adjusted residuals": bool = flag(true).section("Cells"),
        /// For more than two by two levels; right however small the expected counts are.
        exact "Fisher’s exact test": bool = flag(false).section("Association"),
        /// Drawn where the tables of these margins are too many to count all.
        n_draws "Tables drawn": usize = integer(100_000, 1000, 10_000_000).section("Association").advanced().when("exact", &["true"]),
        /// Measures for levels that have an order.
        ordinal "Gamma and tau-b": bool = flag(false).section("Association"),
        /// How many times likelier the data are if the two are related than if they are not.
        bayes "Bayes factor": bool = flag(false).section("Association").advanced(),
        /// What was settled before the rows were counted.
        sampling "Fixed": Sampling = choice(Sampling::CHOICES, "total").section("Association").advanced().when("bayes", &["true"]),
        /// Rows that the prior is worth in each cell: 1 makes all shares alike likely.
        prior_count "Prior count": f64 = number(1.0, 0.01, 100.0).section("Association").advanced().when("bayes", &["true"]),
        /// How surely the intervals hold the true value.
        level "Confidence level": f64 = number(0.95, 0.5, 0.9999).section("Association").advanced(),
    }
}

impl Analysis for Crosstab {
    type Options = Options;

    const USES_SEED: bool = true;

    const SPEC: Spec = Spec {
        id: "explore.crosstab",
        version: 1,
        title: "Cross table",
        group: Group::Explore,
        about: "How the values of two columns come together: percentages, what is more frequent than chance, and how strongly they are related.",
        headline: "{row} by {column}",
        method: "Pearson's χ² without correction, beside it the likelihood ratio G² and, for a 2 × 2 table, Yates's correction (as chisq.test in R) and Fisher's exact test (two-sided, of whole counts); of larger tables Fisher's test counts all tables with these margins that are no likelier (fisher.test), or draws some where they are too many. A 2 × 2 table has the odds ratio with Woolf's interval and the conditional one with Fisher's, risk ratios with Katz's intervals and the difference of shares with Newcombe's. Adjusted residuals are Haberman's. Cramér's V is √(χ² / n(k − 1)), its interval from those of the noncentrality of χ². γ and τ-b with errors that do not assume independence (ASE₁). The Bayes factor is Gunel and Dickey's, with one prior count in each cell, for a fixed number of rows or fixed totals of the levels down the side (contingencyTableBF of R's BayesFactor with sampleType = 'jointMulti' or 'indepMulti'). Levels that do not occur are left out. Frequency weights are added up; tests then take their sum as the number of rows. Sampling weights: F of Pearson's χ² with Rao and Scott's correction of the second order (R's survey::svychisq without strata or clusters), in place of all other tests; residuals of shares, odds and risk ratios, the difference of shares, γ and τ-b have linearised errors (svycontrast, svyglm) and Student's intervals with n − 1 degrees of freedom; neither Fisher's test, conditional odds ratio nor Bayes factor, and V without interval.",
        references: &[
            "Haberman, S. J. (1973). The analysis of residuals in cross-classified tables. Biometrics, 29, 205–220.",
            "Mehta, C. R., & Patel, N. R. (1983). A network algorithm for performing Fisher's exact test in r × c contingency tables. Journal of the American Statistical Association, 78, 427–434.",
            "Brown, M. B., & Benedetti, J. K. (1977). Sampling behavior of tests for correlation in two-way contingency tables. Journal of the American Statistical Association, 72, 309–315.",
            "Smithson, M. (2003). Confidence intervals. Sage.",
            "Gunel, E., & Dickey, J. (1974). Bayes factors for independence in contingency tables. Biometrika, 61, 545–557.",
            "Rao, J. N. K., & Scott, A. J. (1984). On chi-squared tests for multiway contingency tables with cell proportions estimated from survey data. Annals of Statistics, 12, 46–60.",
        ],
        keywords: &[
            "contingency",
            "crosstabs",
            "pivot",
            "chi-squared",
            "chi square",
            "cramer",
            "fisher",
            "odds ratio",
            "risk ratio",
            "relative risk",
            "bayes factor",
            "rao-scott",
            "베이즈 인자",
            "오즈비",
            "승산비",
            "위험비",
            "상대위험도",
            "교차표",
            "교차분석",
            "카이제곱",
            "분할표",
            "독립성",
        ],
        picture: Picture::Table,
        inputs: ONE_TABLE,
        options: <Options as crate::spec::Options>::SPECS,
        outputs: &[],
        examples: &[
            Example {
                name: "penguins",
                tables: &[("table", "penguins.csv")],
                values: r#"{"row": "species", "column": "island"}"#,
            },
            Example {
                name: "two_by_two",
                tables: &[("table", "penguins.csv")],
                values: r#"{"row": "sex", "column": "year", "column_percent": true, "total_percent": true, "expected": true, "ordinal": true, "level": 0.9}"#,
            },
            Example {
                name: "sample",
                tables: &[("table", "penguins_weights.csv")],
                values: r#"{"row": "island", "column": "sex", "weights": "sample", "weighting": "sampling"}"#,
            },
        ],
        korean: include_str!("crosstab.ko.json"),
        read: reads::<Options>,
    };

    fn code(options: &Options, tables: &CodeTables, language: Language) -> Option<String> {
        code::code(options, tables, language)
    }

    fn run(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Output, RunError> {
        let step = msg!("explore.crosstab.step", "Counting");
        ctx.tick(0.0, &step)?;
        if options.row == options.column {
            let message = msg!(
                "explore.crosstab.same",
                "Choose two different columns to cross."
            );
            return Err(RunError::option("column", message));
        }
        let mut builder = FrameBuilder::new(input);
        builder.group("row", &options.row)?;
        builder.group("column", &options.column)?;
        if let Some(weights) = &options.weights {
            builder.number("weights", weights)?;
        }
        let frame = builder.finish(&[])?;
        ctx.note_dropped(frame.rows.len(), frame.n_dropped);
        ctx.tick(0.5, &step)?;
        let weights = frame.numbers.first();
        weights.map_or(Ok(()), |w| weights::check(w))?;
        let [rows, columns] = &frame.groups[..] else {
            unreachable!("two groupings were asked for")
        };
        let (n_rows, n_columns) = (rows.names.len(), columns.names.len());
        let mut counts = vec![0.0; n_rows * n_columns];
        for (i, (r, c)) in rows.codes.iter().zip(&columns.codes).enumerate() {
            counts[*r as usize * n_columns + *c as usize] += weights.map_or(1.0, |w| w[i]);
        }
        let mut crossed = Crossed::new(options, &rows.names, &columns.names, &counts)?;
        if let Some(weights) = weights.filter(|_| options.is_sample()) {
            let cells = rows.codes.iter().zip(&columns.codes);
            let cells = cells.map(|(r, c)| *r as usize * n_columns + *c as usize);
            let cells = Cells::of(cells, weights, counts.len());
            crossed.take_sample(&cells, n_columns);
            weights::note_sample(ctx, weights);
        }
        ctx.tick(0.8, &step)?;
        crossed.warn(ctx);
        let mut report = Report {
            summary: crossed.summary(),
            ..Report::default()
        };
        report.push(crossed.cell_table());
        report.push(crossed.chart());
        if let Some(cells) = crossed.sample.as_ref().filter(|_| crossed.table.df() > 0) {
            report.push(sample::test_table(&crossed));
            report.push(crossed.association_table());
            let ratios = sample::ratio_tables(&crossed, cells);
            report.blocks.extend(ratios.into_iter().map(Block::Table));
        } else if crossed.table.df() > 0 {
            let exact = crossed.exact(ctx, &step)?;
            report.push(crossed.test_table(exact));
            report.push(crossed.association_table());
            report
                .blocks
                .extend(crossed.bayes_table().map(Block::Table));
            report
                .blocks
                .extend(ratios::tables(&crossed).into_iter().map(Block::Table));
        }
        Ok(Output {
            report,
            tables: Vec::new(),
        })
    }
}

struct Crossed<'a> {
    options: &'a Options,
    rows: Vec<&'a str>,
    columns: Vec<&'a str>,
    table: Contingency,
    /// The places of the levels that are kept, among those of the columns.
    kept: (Vec<usize>, Vec<usize>),
    /// The weights of the cells, where rows are a sample.
    sample: Option<Cells>,
    rao_scott: Option<RaoScott>,
    residuals: Vec<f64>,
}

impl Options {
    /// Whether rows are a sample of a population, drawn with unequal chances.
    fn is_sample(&self) -> bool {
        self.weights.is_some() && self.weighting == Weighting::Sampling
    }
}

impl<'a> Crossed<'a> {
    /// Without the lines that hold no weight.
    fn new(
        options: &'a Options,
        rows: &'a [String],
        columns: &'a [String],
        counts: &[f64],
    ) -> Result<Self, RunError> {
        let at = |i: usize, j: usize| counts[i * columns.len() + j];
        let kept_rows: Vec<usize> = (0..rows.len())
            .filter(|&i| (0..columns.len()).any(|j| at(i, j) > 0.0))
            .collect();
        let kept_columns: Vec<usize> = (0..columns.len())
            .filter(|&j| (0..rows.len()).any(|i| at(i, j) > 0.0))
            .collect();
        let inner = kept_rows
            .iter()
            .flat_map(|&i| kept_columns.iter().map(move |&j| at(i, j)))
            .collect();
        let table = Contingency::new(inner, kept_rows.len(), kept_columns.len());
        let table = table.ok_or_else(|| {
            RunError::Data(msg!(
                "explore.crosstab.nothing",
                "No row has a value in both columns."
            ))
        })?;
        Ok(Self {
            options,
            rows: kept_rows.iter().map(|&i| rows[i].as_str()).collect(),
            columns: kept_columns.iter().map(|&j| columns[j].as_str()).collect(),
            residuals: (0..table.counts.len())
                .map(|k| table.adjusted_residual(k / table.n_columns, k % table.n_columns))
                .collect(),
            table,
            kept: (kept_rows, kept_columns),
            sample: None,
            rao_scott: None,
        })
    }

    /// Takes the rows as a sample, by the weights of all cells.
    fn take_sample(&mut self, cells: &Cells, n_columns: usize) {
        let (rows, columns) = &self.kept;
        let kept = rows
            .iter()
            .flat_map(|i| columns.iter().map(move |j| i * n_columns + j));
        let cells = Cells {
            weights: kept.map(|k| cells.weights[k]).collect(),
            n: cells.n,
        };
        if self.table.df() > 0 {
            self.rao_scott = cells.rao_scott(self.table.n_columns);
            self.residuals = sample::residuals(self, &cells);
        }
        self.sample = Some(cells);
    }

    /// Rows that tests go by.
    fn n(&self) -> f64 {
        self.sample.as_ref().map_or(self.table.n, |s| s.n as f64)
    }

    fn n_small(&self) -> usize {
        let (n, m) = (self.table.n_rows, self.table.n_columns);
        let scale = self.n() / self.table.n;
        (0..n * m)
            .filter(|k| self.table.expected(k / m, k % m) * scale < 5.0)
            .count()
    }

    fn warn(&self, ctx: &mut Ctx) {
        let n_cells = self.table.counts.len();
        if self.table.df() == 0 || self.n_small() * 5 <= n_cells {
            return;
        }
        if self.sample.is_some() {
            ctx.warn(msg!(
                "explore.crosstab.small_sample",
                "{n} of {all} cells expect fewer than 5 sampled rows: the p value is rough. Merge levels.",
                n = self.n_small(),
                all = n_cells
            ));
        } else {
            ctx.warn(msg!(
                "explore.crosstab.small",
                "{n} of {all} cells expect fewer than 5 rows: the p value of χ² is rough. Merge levels, or take Fisher's exact test.",
                n = self.n_small(),
                all = n_cells
            ));
        }
    }

    fn summary(&self) -> Vec<Msg> {
        let (row, column) = (&self.options.row, &self.options.column);
        if self.table.df() == 0 {
            return vec![msg!(
                "explore.crosstab.one_level",
                "{n} rows have both values, but {row} or {column} has one level only: nothing can be related.",
                n = self.table.n,
                row = row,
                column = column
            )];
        }
        let test = self.table.pearson();
        let v = (self.table.cramers_v(test.statistic), Format::Fixed(2));
        let p = match &self.sample {
            None => test.p,
            Some(_) => self.rao_scott.map_or(f64::NAN, |t| t.p),
        };
        if p.is_nan() {
            return vec![msg!(
                "explore.crosstab.untested",
                "Whether {row} and {column} are related cannot be tested; Cramér's V is {v}, where 0 is none and 1 is a perfect relation ({n} rows).",
                row = row,
                column = column,
                v = v,
                n = self.n()
            )];
        }
        let is_unrelated = p >= 1.0 - self.options.level;
        let p = (p, Format::PEquals);
        if is_unrelated {
            return vec![msg!(
                "explore.crosstab.unrelated",
                "{row} and {column} look unrelated: the differences can be chance (p {p}, Cramér's V {v}, {n} rows).",
                row = row,
                column = column,
                p = p,
                v = v,
                n = self.n()
            )];
        }
        let mut lines = vec![msg!(
            "explore.crosstab.related",
            "{row} and {column} are related (p {p}); Cramér's V is {v}, where 0 is none and 1 is a perfect relation ({n} rows).",
            row = row,
            column = column,
            p = p,
            v = v,
            n = self.n()
        )];
        let cells =
            (0..self.table.counts.len()).map(|k| (k / self.columns.len(), k % self.columns.len()));
        let most = cells
            .filter(|&(i, j)| self.residual(i, j).is_finite())
            .max_by(|a, b| {
                let r = |c: &(usize, usize)| self.residual(c.0, c.1);
                r(a).total_cmp(&r(b))
            });
        if let Some((i, j)) = most {
            lines.push(msg!(
                "explore.crosstab.most",
                "Most above chance: {row} “{this}” with {column} “{that}”, {share} of its rows against {overall} of all.",
                row = row,
                this = self.rows[i],
                column = column,
                that = self.columns[j],
                share = (self.table.at(i, j) / self.table.row_totals[i], Format::Percent(0)),
                overall = (self.table.column_totals[j] / self.table.n, Format::Percent(0))
            ));
        }
        lines
    }

    fn residual(&self, row: usize, column: usize) -> f64 {
        self.residuals[row * self.table.n_columns + column]
    }

    fn cell_table(&self) -> TableBlock {
        let number = |key: &str, title: Msg| Head::new(key, title, Format::General);
        let mut heads = vec![
            Head::name("row", Msg::verbatim(&self.options.row)),
            Head::name("what", msg!("explore.crosstab.what", "In the cell")),
        ];
        for (j, name) in self.columns.iter().enumerate() {
            heads.push(number(&format!("c{}", j + 1), Msg::verbatim(*name)));
        }
        heads.push(number("total", msg!("explore.crosstab.total", "Total")));
        let title = msg!(
            "explore.crosstab.cells",
            "{row} by {column}",
            row = &self.options.row,
            column = &self.options.column
        );
        let mut block = TableBlock::new("cells", title, heads);
        let t = &self.table;
        for i in 0..t.n_rows + 1 {
            let is_total = i == t.n_rows;
            let count = |j: usize| match (is_total, j == t.n_columns) {
                (false, false) => t.at(i, j),
                (false, true) => t.row_totals[i],
                (true, false) => t.column_totals[j],
                (true, true) => t.n,
            };
            let row_total = if is_total { t.n } else { t.row_totals[i] };
            let name: Cell = if is_total {
                msg!("explore.crosstab.total", "Total").into()
            } else {
                self.rows[i].into()
            };
            let percent = |v: f64| Cell::Formatted(v, Format::Percent(1));
            let mut line = |first: Cell, what: Msg, of: &dyn Fn(usize) -> Cell| {
                let mut cells = vec![first, what.into()];
                cells.extend((0..=t.n_columns).map(of));
                block.row(cells);
            };
            line(name, msg!("explore.crosstab.count", "Count"), &|j| {
                count(j).into()
            });
            let inner = |j: usize, of: &dyn Fn() -> Cell| {
                if is_total || j == t.n_columns {
                    Cell::Empty
                } else {
                    of()
                }
            };
            if self.options.expected && !is_total {
                line(
                    Cell::Empty,
                    msg!("explore.crosstab.expected", "Expected"),
                    &|j| inner(j, &|| Cell::Formatted(t.expected(i, j), Format::Fixed(1))),
                );
            }
            if self.options.row_percent {
                line(
                    Cell::Empty,
                    msg!("explore.crosstab.row_percent", "% of row"),
                    &|j| percent(count(j) / row_total),
                );
            }
            if self.options.column_percent {
                line(
                    Cell::Empty,
                    msg!("explore.crosstab.column_percent", "% of column"),
                    &|j| {
                        let total = if j == t.n_columns {
                            t.n
                        } else {
                            t.column_totals[j]
                        };
                        percent(count(j) / total)
                    },
                );
            }
            if self.options.total_percent {
                line(
                    Cell::Empty,
                    msg!("explore.crosstab.total_percent", "% of all"),
                    &|j| percent(count(j) / t.n),
                );
            }
            if self.options.residuals && !is_total && t.df() > 0 {
                line(
                    Cell::Empty,
                    msg!("explore.crosstab.residual", "Adjusted residual"),
                    &|j| {
                        inner(j, &|| {
                            Cell::Formatted(self.residual(i, j), Format::Fixed(1))
                        })
                    },
                );
            }
        }
        block
    }

    /// Each row's shares, stacked.
    fn chart(&self) -> Chart {
        let t = &self.table;
        let mut below = vec![0.0; t.n_rows];
        let mut marks = Vec::new();
        for j in 0..t.n_columns {
            let top: Vec<f64> = (0..t.n_rows)
                .map(|i| below[i] + t.at(i, j) / t.row_totals[i])
                .collect();
            marks.push(Mark::Bars {
                along: Along::Y,
                from: (0..t.n_rows).map(|i| i as f64 - 0.36).collect(),
                to: (0..t.n_rows).map(|i| i as f64 + 0.36).collect(),
                base: std::mem::replace(&mut below, top.clone()),
                length: top,
                tone: Tone::Series(j as u16),
            });
        }
        Chart::new(
            "shares",
            msg!(
                "explore.crosstab.shares",
                "Shares of {column} by {row}",
                column = &self.options.column,
                row = &self.options.row
            ),
            Axis::linear(msg!("explore.crosstab.share_axis", "Share of the row"))
                .from_zero()
                .format(Format::Percent(0)),
            Axis::category(
                Msg::verbatim(&self.options.row),
                self.rows.iter().map(|r| Msg::verbatim(*r)).collect(),
            ),
        )
        .series(self.columns.iter().map(|c| Msg::verbatim(*c)).collect())
        .marks(marks)
    }

    /// Fisher's test of more than two by two levels, when it is asked for and the counts are whole.
    fn exact(&self, ctx: &mut Ctx, step: &Msg) -> Result<Option<ExactTable>, RunError> {
        let table = &self.table;
        if !self.options.exact || (table.n_rows == 2 && table.n_columns == 2) {
            return Ok(None);
        }
        let is_whole = table.counts.iter().all(|c| c.fract() == 0.0);
        if !is_whole || table.n > 1e9 {
            ctx.note(msg!(
                "explore.crosstab.not_whole",
                "Fisher’s exact test is left out: it takes whole counts."
            ));
            return Ok(None);
        }
        let counts: Vec<u64> = table.counts.iter().map(|c| *c as u64).collect();
        let mut rng = ctx.rng().clone();
        let done = fisher_r_by_c(
            &counts,
            table.n_columns,
            self.options.n_draws,
            &mut rng,
            &mut progress(ctx, 0.8, 1.0, step),
        );
        *ctx.rng() = rng;
        done.map(Some).map_err(|_| RunError::Cancelled)
    }

    fn test_table(&self, exact: Option<ExactTable>) -> TableBlock {
        let mut block = TableBlock::new(
            "tests",
            msg!("explore.crosstab.tests", "Are they related?"),
            vec![
                Head::name("test", msg!("explore.crosstab.test", "Test")),
                words::statistic(),
                words::df(),
                words::p(),
            ],
        );
        let mut line = |name: Msg, test: IndependenceTest| {
            block.row(vec![
                name.into(),
                test.statistic.into(),
                test.df.into(),
                test.p.into(),
            ]);
        };
        line(
            msg!("explore.crosstab.pearson", "Pearson's χ²"),
            self.table.pearson(),
        );
        if let Some(yates) = self.table.yates() {
            line(
                msg!("explore.crosstab.yates", "χ² with Yates's correction"),
                yates,
            );
        }
        line(
            msg!("explore.crosstab.likelihood_ratio", "Likelihood ratio G²"),
            self.table.likelihood_ratio(),
        );
        if let Some(p) = self.table.fisher().or(exact.map(|e| e.p)) {
            block.row(vec![
                msg!("explore.crosstab.fisher", "Fisher's exact test").into(),
                Cell::Empty,
                Cell::Empty,
                p.into(),
            ]);
        }
        if let Some(drawn) = exact.filter(|e| e.n_drawn > 0) {
            block.notes.push(msg!(
                "explore.crosstab.drawn",
                "Fisher’s p value comes from {n} drawn tables.",
                n = drawn.n_drawn
            ));
        }
        block
    }

    /// Evidence that the two are related, where it is asked for.
    fn bayes_table(&self) -> Option<TableBlock> {
        let (options, table) = (self.options, &self.table);
        if !options.bayes {
            return None;
        }
        let prior = options.prior_count;
        let are_rows_fixed = options.sampling == Sampling::Rows;
        let factor =
            bayes_factor::contingency(&table.counts, table.n_columns, prior, are_rows_fixed);
        let head = Head::name("of", msg!("explore.crosstab.bayes_of", "Of"));
        let pair = Msg::verbatim(format!("{} × {}", options.row, options.column));
        let note = msg!(
            "explore.crosstab.bayes_note",
            "Gunel and Dickey’s factor with a prior count of {prior} in each cell.",
            prior = (prior, Format::General)
        );
        Some(words::bayes_table(
            head,
            std::iter::once((pair, factor)),
            note,
        ))
    }

    fn association_table(&self) -> TableBlock {
        let mut heads = vec![
            Head::name("measure", msg!("explore.crosstab.measure", "Measure")),
            Head::new(
                "value",
                msg!("explore.crosstab.value", "Value"),
                Format::Fixed(3),
            ),
            Head::new("std_error", msg!("frame.se", "SE"), Format::Fixed(3)),
        ];
        heads.extend(words::ends("", self.options.level, Format::Fixed(3)));
        let title = msg!("explore.crosstab.association", "How strongly?");
        let mut block = TableBlock::new("association", title, heads);
        let test = self.table.pearson();
        let (low, high) = match &self.sample {
            None => (self.table).cramers_v_interval(test.statistic, self.options.level),
            Some(_) => (f64::NAN, f64::NAN),
        };
        block.row(vec![
            msg!("explore.crosstab.cramers_v", "Cramér's V").into(),
            self.table.cramers_v(test.statistic).into(),
            Cell::Empty,
            known(low),
            known(high),
        ]);
        if let Some(phi) = self.table.phi() {
            block.row(vec![
                msg!("explore.crosstab.phi", "φ").into(),
                phi.into(),
                Cell::Empty,
                Cell::Empty,
                Cell::Empty,
            ]);
        }
        if self.options.ordinal {
            let reach = match &self.sample {
                None => normal::upper_quantile(0.5 * (1.0 - self.options.level)),
                Some(cells) => cells.quantile(self.options.level),
            };
            let with_error = |of: Association, gradient: &dyn Fn() -> Vec<f64>| match &self.sample {
                None => of,
                Some(cells) => Association {
                    standard_error: cells.standard_error(&gradient()),
                    ..of
                },
            };
            let mut line = |name: Msg, a: Association| {
                let half = reach * a.standard_error;
                block.row(vec![
                    name.into(),
                    a.value.into(),
                    a.standard_error.into(),
                    (a.value - half).max(-1.0).into(),
                    (a.value + half).min(1.0).into(),
                ]);
            };
            line(
                msg!("explore.crosstab.gamma", "Goodman and Kruskal's γ"),
                with_error(self.table.gamma(), &|| self.table.gamma_gradient()),
            );
            line(
                msg!("explore.crosstab.tau_b", "Kendall's τ-b"),
                with_error(self.table.tau_b(), &|| self.table.tau_b_gradient()),
            );
        }
        block
    }
}

fn known(v: f64) -> Cell {
    Some(v).filter(|v| !v.is_nan()).into()
}
