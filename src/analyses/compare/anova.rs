//! Analysis of variance: does the mean of a number differ between groups, by one or several factors?

mod charts;
mod code;
mod post_hoc;
mod say;
mod tables;

use std::borrow::Cow;

use crate::frame::checks::Checks;
use crate::frame::comparisons::PostHoc;
use crate::frame::weights::{self, Weighting};
use crate::frame::{Frame, FrameBuilder, progress};
use crate::models::WeightKind;
use crate::models::anova::{self, Anova, AnovaError, Factor, Line, Problem, Share, SumsOfSquares};
use crate::msg;
use crate::report::{Block, Msg, Report};
use crate::spec::{
    Analysis, CodeTables, Ctx, Example, Fits, Group, Input, Language, ONE_TABLE, Output, Picture,
    RunError, Spec, choice, column, columns, flag, integer, number, reads, terms, text,
};
use crate::stats::post_hoc::GroupSummary;
use crate::stats::resample::{Permutation, permute_labels};
use crate::stats::spread_tests::Centre;

pub struct AnovaCell;

crate::choices! {
    /// Which interactions are in the model.
    pub enum Interactions {
        All = "all" "All",
        TwoWay = "two_way" "Of two factors",
        None = "none" "None",
        Chosen = "chosen" "Those chosen below",
    }
}

crate::choices! {
    /// What each term's sum of squares is adjusted for.
    pub enum Sums {
        Three = "iii" "III: each after all others",
        Two = "ii" "II: each after all that do not contain it",
        One = "i" "I: in order",
    }
}

crate::options! {
    /// What is compared by what.
    pub struct Options {
        /// The number whose means are compared.
        outcome "Outcome": String = column(Fits::Numbers),
        /// Columns whose levels are the groups; with several, all combinations.
        factors "Factors": Vec<String> = columns(Fits::Levels).between(1, 5),
        /// Numbers that the means are adjusted for.
        covariates "Covariates": Vec<String> = columns(Fits::Numbers).optional(),
        /// Whether the effect of a factor may depend on another.
        interactions "Interactions": Interactions = choice(Interactions::CHOICES, "all").section("Model"),
        /// Sets of factors that act together.
        chosen "Chosen interactions": Vec<Vec<String>> = terms(&["factors"]).section("Model").when("interactions", &["chosen"]),
        /// The types differ only when groups are not of one size.
        sums "Sums of squares": Sums = choice(Sums::CHOICES, "iii").section("Model").advanced(),
        /// Which means differ, allowing for the number of comparisons.
        post_hoc "Comparisons": PostHoc = choice(PostHoc::CHOICES, "tukey").section("Comparisons"),
        /// The level that the others are compared with; the first when this is empty.
        control "Control": String = text("").section("Comparisons").when("post_hoc", &["dunnett"]),
        /// Compare the combinations of levels of interactions too.
        compare_interactions "Compare within interactions": bool = flag(false).section("Comparisons"),
        /// The effect of each factor of an interaction within each level of the others, and its comparisons there.
        simple_effects "Simple effects": bool = flag(false).section("Comparisons"),
        /// How surely the intervals hold the true value.
        level "Confidence level": f64 = number(0.95, 0.5, 0.9999).section("Results").advanced(),
        /// A p value from rearranged rows, which needs no normal distribution; for one factor.
        permute "Permutation test": bool = flag(false).section("Results"),
        /// More rearrangements give a steadier p value.
        n_resamples "Rearrangements": usize = integer(5000, 100, 1_000_000).section("Results").advanced().when("permute", &["true"]),
        /// How much each row counts.
        weights "Weights": Option<String> = column(Fits::Numbers).optional().section("Rows").advanced(),
        /// Frequencies count towards the number of rows, inverse variances do not.
        weighting "Weights are": Weighting = choice(Weighting::SPREADS, "frequency").section("Rows").advanced().when_chosen("weights"),
    }
}

impl Analysis for AnovaCell {
    type Options = Options;

    const USES_SEED: bool = true;

    const SPEC: Spec = Spec {
        id: "compare.anova",
        version: 1,
        title: "Analysis of variance",
        group: Group::Compare,
        about: "Do the means of several groups differ? One factor or several with their interactions, covariates, and which groups differ from which.",
        headline: "{outcome} by {factors}",
        method: "Least squares with factors coded to sum to zero; F tests as Anova of R's car (types II and III) or anova (type I, covariates first, then factors and interactions as they stand). Marginal means give the levels of other factors equal weight, covariates at their means (emmeans). Tukey's p values for unequal groups are Tukey and Kramer's; Games–Howell uses raw means and variances of the cells; Dunnett's uses the exact distribution for unequal groups. Intervals are simultaneous for Tukey, Games–Howell, Dunnett and Bonferroni, else for each comparison by itself. Letters: means that share one do not differ. Simple effects are joint F tests of marginal means with the residuals of the whole model (joint_tests of emmeans); their comparisons are corrected within each level of the other factors. η² and ω² are shares of the sum of all lines; the interval of partial η² comes from the noncentral F distribution (Smithson). With one factor Welch's test stands beside, which needs no equal variances. Levene's and Brown and Forsythe's tests are of the residuals by cell.",
        references: &[
            "Fisher, R. A. (1925). Statistical methods for research workers. Oliver & Boyd.",
            "Welch, B. L. (1951). On the comparison of several mean values: An alternative approach. Biometrika, 38, 330–336.",
            "Kramer, C. Y. (1956). Extension of multiple range tests to group means with unequal numbers of replications. Biometrics, 12, 307–310.",
            "Games, P. A., & Howell, J. F. (1976). Pairwise multiple comparison procedures with unequal n's and/or variances. Journal of Educational Statistics, 1, 113–125.",
            "Dunnett, C. W. (1955). A multiple comparison procedure for comparing several treatments with a control. Journal of the American Statistical Association, 50, 1096–1121.",
            "Piepho, H.-P. (2004). An algorithm for a letter-based representation of all-pairwise comparisons. Journal of Computational and Graphical Statistics, 13, 456–466.",
            "Smithson, M. (2003). Confidence intervals. Sage.",
        ],
        keywords: &[
            "anova",
            "ancova",
            "factorial",
            "one-way",
            "welch",
            "tukey",
            "games-howell",
            "dunnett",
            "post hoc",
            "marginal means",
            "simple effects",
            "단순효과",
            "eta squared",
            "분산분석",
            "공분산분석",
            "일원",
            "이원",
            "사후검정",
            "교호작용",
            "평균 비교",
        ],
        picture: Picture::Intervals,
        inputs: ONE_TABLE,
        options: <Options as crate::spec::Options>::SPECS,
        outputs: &[],
        examples: &[
            Example {
                name: "one_way",
                tables: &[("table", "penguins.csv")],
                values: r#"{"outcome": "body_mass_g", "factors": ["species"], "post_hoc": "games_howell"}"#,
            },
            Example {
                name: "two_factors",
                tables: &[("table", "penguins.csv")],
                values: r#"{"outcome": "bill_length_mm", "factors": ["species", "sex"], "covariates": ["flipper_length_mm"], "compare_interactions": true, "simple_effects": true}"#,
            },
        ],
        korean: include_str!("anova.ko.json"),
        read: reads::<Options>,
    };

    fn run(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Output, RunError> {
        let step = msg!("compare.anova.step", "Fitting");
        ctx.tick(0.0, &step)?;
        let data = Data::new(options, input, ctx)?;
        let fitted = data.fit(options, ctx, &step)?;
        ctx.tick(0.5, &step)?;
        if !fitted.anova.incomplete.is_empty() {
            ctx.warn(msg!(
                "compare.anova.incomplete",
                "Some combinations of levels have no rows, so these terms are tested only in part: {terms}.",
                terms = fitted
                    .anova
                    .incomplete
                    .iter()
                    .map(|&t| crate::report::Arg::from(data.term_name(&fitted.terms[t])))
                    .collect::<Vec<_>>()
            ));
        }
        let compared = post_hoc::compare(options, &data, &fitted)?;
        ctx.tick(0.7, &step)?;
        let permutation = data.permutation(options, &fitted, ctx, &step)?;
        let mut report = Report {
            summary: say::summary(options, &data, &fitted, &compared),
            ..Report::default()
        };
        report.blocks.extend(data.checks(&fitted).map(Block::Table));
        report.push(tables::anova(options, &data, &fitted, permutation));
        report
            .blocks
            .extend(tables::welch(&data, &fitted).map(Block::Table));
        report.blocks.extend(
            tables::post_hoc(options, &data, &compared)
                .into_iter()
                .map(Block::Table),
        );
        report.blocks.extend(
            tables::simple(options, &data, &fitted, &compared)
                .into_iter()
                .map(Block::Table),
        );
        report.blocks.extend(
            tables::means(options, &data, fitted.anova.df_residual, &compared)
                .into_iter()
                .map(Block::Table),
        );
        report.push(tables::cells(&data, &fitted));
        report
            .blocks
            .extend(charts::charts(options, &data, &fitted, &compared));
        Ok(Output {
            report,
            tables: Vec::new(),
        })
    }

    fn code(options: &Options, tables: &CodeTables, language: Language) -> Option<String> {
        code::code(options, tables, language)
    }
}

/// The rows that are used.
struct Data<'a> {
    options: &'a Options,
    frame: Frame<'a>,
    factors: Vec<Factor>,
    /// Of rows; `None` when each counts once.
    weights: Option<Cow<'a, [f64]>>,
}

/// The model and its lines.
struct Fitted {
    anova: Anova,
    terms: Vec<Vec<usize>>,
    lines: Vec<Line>,
    shares: Vec<Share>,
    residuals: Vec<f64>,
}

impl Options {
    fn sums(&self) -> SumsOfSquares {
        match self.sums {
            Sums::One => SumsOfSquares::I,
            Sums::Two => SumsOfSquares::II,
            Sums::Three => SumsOfSquares::III,
        }
    }

    /// Sets of factors, main effects first, then interactions by their size.
    fn terms(&self) -> Result<Vec<Vec<usize>>, RunError> {
        let n = self.factors.len();
        let mut terms: Vec<Vec<usize>> = (0..n).map(|f| vec![f]).collect();
        let largest = match self.interactions {
            Interactions::All => n,
            Interactions::TwoWay => n.min(2),
            Interactions::None | Interactions::Chosen => 1,
        };
        for size in 2..=largest {
            terms.extend(
                (0_u32..1 << n)
                    .filter(|s| s.count_ones() as usize == size)
                    .map(|set| (0..n).filter(|f| set >> f & 1 == 1).collect::<Vec<_>>()),
            );
        }
        if self.interactions == Interactions::Chosen {
            let mut chosen = Vec::new();
            for set in &self.chosen {
                let place = |name: &String| {
                    self.factors.iter().position(|f| f == name).ok_or_else(|| {
                        RunError::option(
                            "chosen",
                            msg!(
                                "compare.anova.not_factor",
                                "“{column}” is not among the factors.",
                                column = name
                            ),
                        )
                    })
                };
                let mut term = set.iter().map(place).collect::<Result<Vec<_>, _>>()?;
                term.sort_unstable();
                term.dedup();
                chosen.push(term);
            }
            chosen.sort_by_key(|t: &Vec<usize>| t.len());
            terms.extend(chosen);
        }
        let mut kept: Vec<Vec<usize>> = Vec::new();
        for term in terms {
            if !kept.contains(&term) {
                kept.push(term);
            }
        }
        // In R's order within one size: by the first factors.
        kept.sort_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
        Ok(kept)
    }
}

impl<'a> Data<'a> {
    fn new(options: &'a Options, input: &'a Input, ctx: &mut Ctx) -> Result<Self, RunError> {
        for (option, names) in [
            ("factors", &options.factors),
            ("covariates", &options.covariates),
        ] {
            let twice = |name: &&String| {
                **name == options.outcome
                    || (option == "covariates" && options.factors.contains(name))
            };
            if let Some(name) = names.iter().find(twice) {
                return Err(RunError::option(
                    option,
                    msg!(
                        "compare.anova.twice",
                        "“{column}” is in the model already.",
                        column = name
                    ),
                ));
            }
        }
        let mut builder = FrameBuilder::new(input);
        builder.number("outcome", &options.outcome)?;
        for name in &options.covariates {
            builder.number("covariates", name)?;
        }
        if let Some(name) = &options.weights {
            builder.number("weights", name)?;
        }
        for name in &options.factors {
            builder.group("factors", name)?;
        }
        let mut frame = builder.finish(&[])?;
        ctx.note_dropped(frame.rows.len(), frame.n_dropped);
        let weights = options
            .weights
            .as_ref()
            .map(|_| frame.numbers.remove(1 + options.covariates.len()));
        weights.as_deref().map_or(Ok(()), weights::check)?;
        if weights.iter().flat_map(|w| w.iter()).any(|w| *w == 0.0) {
            return Err(RunError::option(
                "weights",
                msg!(
                    "compare.anova.zero_weight",
                    "A weight is zero. Filter such rows out first."
                ),
            ));
        }
        for (name, groups) in options.factors.iter().zip(&frame.groups) {
            if groups.names.len() < 2 {
                return Err(RunError::option(
                    "factors",
                    msg!(
                        "frame.one_group",
                        "“{group}” has only one level in the rows that are used.",
                        group = name
                    ),
                ));
            }
        }
        let factors = frame
            .groups
            .iter_mut()
            .map(|g| Factor {
                codes: std::mem::take(&mut g.codes),
                n_levels: g.names.len(),
            })
            .collect();
        Ok(Self {
            options,
            frame,
            factors,
            weights,
        })
    }

    fn y(&self) -> &[f64] {
        &self.frame.numbers[0]
    }

    fn covariates(&self) -> Vec<&[f64]> {
        self.frame.numbers[1..].iter().map(|c| &**c).collect()
    }

    fn weighting(&self) -> Option<WeightKind> {
        self.weights.as_ref().map(|_| self.options.weighting.kind())
    }

    fn level(&self, factor: usize, level: usize) -> &str {
        &self.frame.groups[factor].names[level]
    }

    /// `species × sex`.
    fn term_name(&self, term: &[usize]) -> Msg {
        let names: Vec<&str> = term
            .iter()
            .map(|&f| self.options.factors[f].as_str())
            .collect();
        Msg::verbatim(names.join(" × "))
    }

    /// `Gentoo × female`.
    fn levels_name(&self, term: &[usize], levels: &[usize]) -> String {
        let names: Vec<&str> = term
            .iter()
            .zip(levels)
            .map(|(&f, &l)| self.level(f, l))
            .collect();
        names.join(" × ")
    }

    fn fit(&self, options: &Options, ctx: &mut Ctx, step: &Msg) -> Result<Fitted, RunError> {
        let terms = options.terms()?;
        let covariates = self.covariates();
        let problem = Problem {
            y: self.y(),
            factors: &self.factors,
            covariates: &covariates,
            weights: self.weights.as_deref().zip(self.weighting()),
            terms: &terms,
        };
        let fitted = anova::fit(&problem, &mut progress(ctx, 0.0, 0.5, step));
        let anova = fitted.map_err(|e| match e {
            AnovaError::Cancelled => RunError::Cancelled,
            AnovaError::Constant => RunError::Data(msg!(
                "compare.anova.constant",
                "“{column}” does not vary in the rows that are used.",
                column = &options.outcome
            )),
            AnovaError::TooFewRows => RunError::Data(msg!(
                "compare.anova.few",
                "{n} {n|row is|rows are} too few for so many groups. Choose fewer factors or interactions.",
                n = self.frame.rows.len()
            )),
            AnovaError::TooManyColumns => RunError::option(
                "factors",
                msg!(
                    "compare.anova.many",
                    "The factors have too many levels together. Merge levels, or leave interactions out."
                ),
            ),
        })?;
        let lines = anova.lines(options.sums());
        let shares = lines
            .iter()
            .map(|l| anova.share(l, &lines, options.level))
            .collect();
        let residuals = self.residuals(&anova);
        Ok(Fitted {
            anova,
            terms,
            lines,
            shares,
            residuals,
        })
    }

    fn residuals(&self, anova: &Anova) -> Vec<f64> {
        let covariates = self.covariates();
        let centre = &anova.cells.covariate_means;
        let at_means: Vec<f64> = (0..anova.cells.list.len())
            .map(|c| anova.expected(c, centre))
            .collect();
        let slopes = anova.slopes();
        let y = self.y();
        (0..y.len())
            .map(|i| {
                let adjusted: f64 = covariates
                    .iter()
                    .zip(centre)
                    .zip(&slopes)
                    .map(|((z, c), b)| b * (z[i] - c))
                    .sum();
                y[i] - at_means[anova.cells.of_row[i] as usize] - adjusted
            })
            .collect()
    }

    /// The residuals of each cell.
    fn by_cell(&self, fitted: &Fitted) -> Vec<Vec<f64>> {
        let mut cells: Vec<Vec<f64>> = fitted
            .anova
            .cells
            .list
            .iter()
            .map(|c| Vec::with_capacity(c.n_rows))
            .collect();
        for (cell, r) in fitted.anova.cells.of_row.iter().zip(&fitted.residuals) {
            cells[*cell as usize].push(*r);
        }
        cells
    }

    fn checks(&self, fitted: &Fitted) -> Option<crate::report::TableBlock> {
        if self.weights.is_some() {
            return None;
        }
        let mut checks = Checks::new();
        let what = || msg!("compare.anova.residuals", "Residuals");
        checks.normality(what(), &fitted.residuals);
        let cells = self.by_cell(fitted);
        let groups: Vec<&[f64]> = cells.iter().map(Vec::as_slice).collect();
        checks.spread(what(), &groups, Centre::Mean);
        checks.spread(what(), &groups, Centre::Median);
        checks.into_table()
    }

    /// The groups of a term, other factors disregarded, as their values are.
    fn raw_groups(&self, fitted: &Fitted, term: &[usize]) -> Vec<GroupSummary> {
        let sizes: Vec<usize> = term.iter().map(|&f| self.factors[f].n_levels).collect();
        let n: usize = sizes.iter().product();
        let mut out: Vec<(f64, f64, f64)> = vec![(0.0, 0.0, 0.0); n];
        let cells = &fitted.anova.cells;
        let place = |levels: &[u32]| {
            term.iter()
                .zip(&sizes)
                .fold(0, |p, (&f, size)| p * size + levels[f] as usize)
        };
        // Sums of cells are put together; cell means are near one another beside the shift.
        for cell in &cells.list {
            let at = &mut out[place(&cell.levels)];
            let (n, mean) = (cell.weight.value(), cell.mean.value());
            let total = at.0 + n;
            let off = mean - at.1;
            at.2 += cell.sum_squares + off * off * at.0 * n / total;
            at.1 += off * n / total;
            at.0 = total;
        }
        out.into_iter()
            .map(|(n, mean, squares)| GroupSummary {
                n,
                mean: cells.shift + mean,
                variance: squares / (n - 1.0),
            })
            .collect()
    }

    fn is_one_way(&self) -> bool {
        self.factors.len() == 1 && self.options.covariates.is_empty()
    }

    fn permutation(
        &self,
        options: &Options,
        fitted: &Fitted,
        ctx: &mut Ctx,
        step: &Msg,
    ) -> Result<Option<Permutation>, RunError> {
        if !options.permute || !self.is_one_way() || self.weights.is_some() {
            return Ok(None);
        }
        let mut rng = ctx.rng().clone();
        let shift = fitted.anova.cells.shift;
        let values: Vec<f64> = self.y().iter().map(|y| y - shift).collect();
        let done = permute_labels(
            &values,
            &self.factors[0].codes,
            self.factors[0].n_levels,
            options.n_resamples,
            &mut rng,
            &mut progress(ctx, 0.7, 1.0, step),
        );
        *ctx.rng() = rng;
        done.map(Some).map_err(|_| RunError::Cancelled)
    }
}
