//! Sample: some rows by chance.

use crate::msg;
use crate::report::{Cell, Format, Head, Msg, Receipt, Report, TableBlock};
use crate::spec::{
    Analysis, Ctx, Example, Fits, Group, Input, ONE_TABLE, Output, OutputSpec, Picture, RunError,
    Spec, choice, columns, flag, integer, number, reads,
};
use crate::stats::sampling::{allocate, shuffle, with_replacement, without_replacement};
use crate::table::Column;
use crate::table::verbs::Groups;

pub struct Sample;

crate::choices! {
    /// How the size is given.
    pub enum Size {
        Number = "number" "A number of rows",
        Share = "share" "A share of the rows",
    }
}

crate::choices! {
    /// How strata share the size.
    pub enum Allocation {
        Proportional = "proportional" "In proportion to their rows",
        Equal = "equal" "The size for each of them",
    }
}

crate::options! {
    /// How many rows, and how they are drawn.
    pub struct Options {
        /// How the size of the sample is given.
        size "Size": Size = choice(Size::CHOICES, "number"),
        /// How many rows are drawn.
        n "Rows": usize = integer(1000, 0, 100_000_000).when("size", &["number"]),
        /// Which share of the rows is drawn, rounded to whole rows; above 1 only with replacement.
        share "Share": f64 = number(0.1, 0.0, 100.0).when("size", &["share"]),
        /// Whether a row can be drawn more than once, as for a bootstrap.
        replacement "With replacement": bool = flag(false),
        /// Rows with equal values here are a stratum, and rows are drawn within each stratum by itself.
        strata "Strata": Vec<String> = columns(Fits::Any).optional(),
        /// Whether strata share the size, or each of them has it.
        allocation "Strata have": Allocation = choice(Allocation::CHOICES, "proportional"),
        /// Whether drawn rows stand in random order rather than in that of the table.
        shuffled "In random order": bool = flag(false),
    }
}

impl Analysis for Sample {
    type Options = Options;

    const USES_SEED: bool = true;

    const SPEC: Spec = Spec {
        id: "transform.sample",
        version: 1,
        title: "Draw a sample",
        group: Group::Transform,
        about: "Draws rows by chance: so many or a share, with or without replacement, within strata where wanted. The same seed draws the same rows.",
        headline: "Sample of rows ({size})",
        method: "Without replacement every set of rows of that size is as likely (selection sampling). In proportion means that strata get the whole part of their share and those with the largest remainders one row more (Hamilton's method). A share is rounded to the nearest whole number of rows, halves up. Rows that miss a value of the strata are a stratum of their own.",
        references: &[
            "Knuth, D. E. (1997). The Art of Computer Programming, volume 2, section 3.4.2. Addison-Wesley.",
        ],
        keywords: &[
            "sample",
            "random",
            "bootstrap",
            "stratified",
            "subset",
            "표본",
            "표본추출",
            "무작위",
            "층화",
            "부트스트랩",
        ],
        picture: Picture::Filter,
        inputs: ONE_TABLE,
        options: <Options as crate::spec::Options>::SPECS,
        outputs: &[OutputSpec {
            name: "sample",
            title: "Rows drawn",
        }],
        examples: &[
            Example {
                name: "share_by_species",
                tables: &[("table", "penguins.csv")],
                values: r#"{"size": "share", "share": 0.1, "strata": ["species"]}"#,
            },
            Example {
                name: "bootstrap",
                tables: &[("table", "penguins.csv")],
                values: r#"{"size": "share", "share": 1, "replacement": true}"#,
            },
        ],
        korean: include_str!("sample.ko.json"),
        read: reads::<Options>,
    };

    fn run(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Output, RunError> {
        let step = msg!("transform.sample.step", "Drawing rows");
        ctx.tick(0.0, &step)?;
        let table = input.table("table")?;
        let n_rows = table.n_rows();
        let strata = options
            .strata
            .iter()
            .map(|name| input.column("strata", name))
            .collect::<Result<Vec<_>, _>>()?;
        let groups = Groups::of(&strata, n_rows).sorted(&strata);
        let sizes: Vec<usize> = groups.counts().iter().map(|&n| n as usize).collect();
        let wanted = options.wanted(&sizes, n_rows, ctx)?;
        ctx.tick(0.2, &step)?;
        let of_group = groups.rows();
        let mut rows = Vec::new();
        for (group, &k) in wanted.iter().enumerate() {
            let members = of_group.group(group);
            let chosen = match options.replacement {
                true => with_replacement(members.len(), k, ctx.rng()),
                false => without_replacement(members.len(), k, ctx.rng()),
            };
            rows.extend(chosen.iter().map(|&i| members[i as usize]));
        }
        rows.sort_unstable();
        let n_different = 1 + rows.windows(2).filter(|w| w[0] != w[1]).count();
        let n_different = n_different.min(rows.len());
        if options.shuffled {
            shuffle(&mut rows, ctx.rng());
        }
        ctx.tick(0.6, &step)?;
        let mut receipt = Receipt::new(n_rows);
        receipt.dropped(
            n_rows - n_different,
            msg!("transform.sample.not_drawn", "Not drawn"),
        );
        if options.replacement {
            receipt.added(
                rows.len() - n_different,
                msg!("transform.sample.again", "Drawn more than once"),
            );
        }
        let mut report = Report {
            summary: vec![summary(rows.len(), n_different, n_rows)],
            ..Report::default()
        };
        if !strata.is_empty() && !groups.is_empty() {
            report.push(strata_table(options, &strata, &groups, &sizes, &wanted));
        }
        report.push(receipt.table());
        Ok(Output {
            report,
            tables: vec![("sample", table.select_rows(&rows))],
        })
    }
}

impl Options {
    /// How many rows are drawn of each stratum.
    fn wanted(
        &self,
        sizes: &[usize],
        n_rows: usize,
        ctx: &mut Ctx,
    ) -> Result<Vec<usize>, RunError> {
        let of = |n: usize| match self.size {
            Size::Number => self.n,
            Size::Share => (self.share * n as f64 + 0.5).floor() as usize,
        };
        let option = match self.size {
            Size::Number => "n",
            Size::Share => "share",
        };
        let is_equal = self.allocation == Allocation::Equal && !self.strata.is_empty();
        if is_equal {
            let wanted: Vec<usize> = sizes.iter().map(|&size| of(size)).collect();
            let is_short = |(k, size): &(&usize, &usize)| k > size && !self.replacement;
            let n_short = wanted.iter().zip(sizes).filter(is_short).count();
            if n_short > 0 {
                ctx.warn(msg!(
                    "transform.sample.short",
                    "{n} {n|stratum has|strata have} fewer rows than wanted; all of their rows are taken.",
                    n = n_short
                ));
            }
            let cut = |(k, size): (&usize, &usize)| match self.replacement {
                true => *k,
                false => *k.min(size),
            };
            return Ok(wanted.iter().zip(sizes).map(cut).collect());
        }
        let total = of(n_rows);
        if total > n_rows && (!self.replacement || n_rows == 0) {
            return Err(RunError::option(
                option,
                msg!(
                    "transform.sample.too_many",
                    "The table has {n} {n|row|rows}, and {wanted} are to be drawn. Draw fewer, or with replacement.",
                    n = n_rows,
                    wanted = total
                ),
            ));
        }
        Ok(allocate(total, sizes))
    }
}

fn summary(n_drawn: usize, n_different: usize, n_rows: usize) -> Msg {
    if n_different == n_drawn {
        return msg!(
            "transform.sample.summary",
            "{drawn} of {n} {n|row|rows} {drawn|is|are} drawn.",
            drawn = n_drawn,
            n = n_rows
        );
    }
    msg!(
        "transform.sample.repeated",
        "{drawn} rows are drawn with replacement, {different} different ones of {n}.",
        drawn = n_drawn,
        different = n_different,
        n = n_rows
    )
}

/// Lines of the table of strata.
const MAX_STRATA: usize = 100;

fn strata_table(
    options: &Options,
    strata: &[&Column],
    groups: &Groups,
    sizes: &[usize],
    wanted: &[usize],
) -> TableBlock {
    let mut heads: Vec<Head> = options
        .strata
        .iter()
        .enumerate()
        .map(|(i, name)| Head::name(&format!("stratum_{}", i + 1), Msg::verbatim(name)))
        .collect();
    heads.push(Head::new(
        "rows",
        msg!("transform.sample.rows", "Rows"),
        Format::Integer,
    ));
    heads.push(Head::new(
        "drawn",
        msg!("transform.sample.drawn", "Drawn"),
        Format::Integer,
    ));
    heads.push(Head::new(
        "share",
        msg!("transform.sample.share", "Share drawn"),
        Format::Percent(1),
    ));
    let mut table = TableBlock::new("strata", msg!("transform.sample.strata", "Strata"), heads);
    for (group, &row) in groups.first_rows.iter().enumerate().take(MAX_STRATA) {
        let name = |column: &&Column| match column.is_valid(row as usize) {
            true => Cell::from(column.display(row as usize)),
            false => msg!("transform.sample.missing", "Missing").into(),
        };
        let mut cells: Vec<Cell> = strata.iter().map(name).collect();
        cells.push(sizes[group].into());
        cells.push(wanted[group].into());
        cells.push((wanted[group] as f64 / sizes[group] as f64).into());
        table.row(cells);
    }
    if groups.len() > MAX_STRATA {
        table.notes.push(msg!(
            "transform.sample.cut_off",
            "The first {shown} of {n} strata are shown.",
            shown = MAX_STRATA,
            n = groups.len()
        ));
    }
    table
}
