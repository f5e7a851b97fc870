//! Pair plot: each column of numbers against each other.

mod charts;
mod code;

use crate::msg;
use crate::report::{Arg, Cell, Format, Grid, Head, Msg, Report, TableBlock};
use crate::spec::{
    Analysis, CodeTables, Ctx, Example, Fits, Group, Input, Language, ONE_TABLE, Output, Picture,
    RunError, Spec, choice, column, columns, reads,
};
use crate::stats::correlation::{Correlation, pearson, spearman};
use crate::stats::sampling::without_replacement;
use crate::table::Levels;

pub struct Pairs;

crate::choices! {
    /// Which correlation is shown.
    pub enum Method {
        Pearson = "pearson" "Pearson’s r",
        Spearman = "spearman" "Spearman’s ρ, of ranks",
    }
}

crate::options! {
    /// Which columns are set against each other.
    pub struct Options {
        /// From two to eight columns of numbers.
        columns "Columns": Vec<String> = columns(Fits::Numbers).between(2, 8),
        /// One colour and one correlation for each level of this column, up to eight.
        by "Colour": Option<String> = column(Fits::Levels).optional(),
        /// Ranks tell of any relation that rises or falls throughout, values of a straight line.
        method "Correlation": Method = choice(Method::CHOICES, "pearson"),
    }
}

const MAX_GROUPS: usize = 8;
/// Rows that the scatters show.
const MAX_SHOWN: usize = 2000;
const LEVEL: f64 = 0.95;
/// A relation this weak has no direction to speak of.
const WEAK: f64 = 0.1;

impl Analysis for Pairs {
    type Options = Options;
    const USES_SEED: bool = true;

    const SPEC: Spec = Spec {
        id: "explore.pairs",
        version: 1,
        title: "Pair plot",
        group: Group::Explore,
        about: "A matrix of scatters of several columns, with their distributions on the diagonal and their correlations.",
        headline: "Pairs of {columns}[[ by {by}]]",
        method: "A correlation uses the rows that have both of its columns. Intervals are 95%, by Fisher’s z, for Spearman’s ρ with Bonett and Wright’s (2000) error; p values by t. Groups have a correlation each, and that of all rows stands above them, those without a group too. Densities have a normal kernel of Silverman’s width (R’s bw.nrd0). With more than 2,000 rows the scatters show 2,000 of them, drawn at random with the seed; all else is of all rows.",
        references: &[
            "Bonett, D. G., & Wright, T. A. (2000). Sample size requirements for estimating Pearson, Kendall and Spearman correlations. Psychometrika, 65, 23–28.",
            "Emerson, J. W., Green, W. A., Schloerke, B., Crowley, J., Cook, D., Hofmann, H., & Wickham, H. (2013). The generalized pairs plot. Journal of Computational and Graphical Statistics, 22, 79–91.",
        ],
        keywords: &[
            "scatter plot matrix",
            "splom",
            "pairs",
            "ggpairs",
            "correlation",
            "산점도 행렬",
            "쌍 그림",
            "상관",
            "산점도",
        ],
        picture: Picture::Scatter,
        inputs: ONE_TABLE,
        options: <Options as crate::spec::Options>::SPECS,
        outputs: &[],
        examples: &[
            Example {
                name: "by_species",
                tables: &[("table", "penguins.csv")],
                values: r#"{"columns": ["bill_length_mm", "bill_depth_mm", "body_mass_g"], "by": "species"}"#,
            },
            Example {
                name: "ranks",
                tables: &[("table", "penguins.csv")],
                values: r#"{"columns": ["flipper_length_mm", "body_mass_g"], "method": "spearman"}"#,
            },
        ],
        korean: include_str!("pairs.ko.json"),
        read: reads::<Options>,
    };

    fn code(options: &Options, tables: &CodeTables, language: Language) -> Option<String> {
        code::code(options, tables, language)
    }

    fn run(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Output, RunError> {
        let step = msg!("explore.pairs.step", "Setting columns against each other");
        ctx.tick(0.0, &step)?;
        let values = options
            .columns
            .iter()
            .map(|name| input.numbers("columns", name))
            .collect::<Result<Vec<_>, _>>()?;
        let values: Vec<&[f64]> = values.iter().map(|v| &**v).collect();
        let groups = groups(options, input)?;
        let n_pairs = values.len() * (values.len() - 1) / 2;
        let mut pairs = Vec::new();
        for i in 0..values.len() {
            for j in i + 1..values.len() {
                ctx.tick(0.8 * pairs.len() as f32 / n_pairs as f32, &step)?;
                pairs.push(Pair::of(options.method, &values, (i, j), &groups));
            }
        }
        ctx.tick(0.8, &step)?;
        if pairs.iter().all(|p| p.all.n == 0.0) {
            return Err(RunError::Data(msg!(
                "explore.pairs.empty",
                "No row has values in two of these columns."
            )));
        }
        let shown = shown(&values, ctx);
        let charts = charts::charts(options, &values, &pairs, &groups, shown.as_deref());
        ctx.tick(0.95, &step)?;
        let mut report = Report {
            summary: say(options, &pairs, &groups),
            ..Report::default()
        };
        report.push(Grid::new(values.len(), charts));
        report.push(table(options, &pairs, &groups));
        Ok(Output {
            report,
            tables: Vec::new(),
        })
    }
}

/// The levels that have a colour; without a column to colour by, none.
struct Groups {
    names: Vec<Msg>,
    codes: Vec<i32>,
}

impl Groups {
    fn code(&self, row: usize) -> i32 {
        self.codes.get(row).copied().unwrap_or(-1)
    }
}

fn groups(options: &Options, input: &Input) -> Result<Groups, RunError> {
    let Some(by) = &options.by else {
        return Ok(Groups {
            names: Vec::new(),
            codes: Vec::new(),
        });
    };
    let Levels { names, codes } = input.column("by", by)?.levels_and_codes();
    if names.len() > MAX_GROUPS {
        return Err(RunError::option(
            "by",
            msg!(
                "explore.pairs.groups",
                "“{column}” has {n} levels; up to {max} can be told apart.",
                column = by,
                n = names.len(),
                max = MAX_GROUPS
            ),
        ));
    }
    Ok(Groups {
        names: names.iter().map(Msg::verbatim).collect(),
        codes,
    })
}

/// The correlations of two columns.
struct Pair {
    /// Positions among the columns, the first one lower.
    columns: (usize, usize),
    all: Correlation,
    groups: Vec<Correlation>,
}

impl Pair {
    fn of(method: Method, values: &[&[f64]], (i, j): (usize, usize), groups: &Groups) -> Self {
        let correlate = |x: &[f64], y: &[f64]| match method {
            Method::Pearson => pearson(x, y, LEVEL),
            Method::Spearman => spearman(x, y, LEVEL),
        };
        let (mut x, mut y) = (Vec::new(), Vec::new());
        let mut parts = vec![(Vec::new(), Vec::new()); groups.names.len()];
        for (row, (&a, &b)) in values[i].iter().zip(values[j]).enumerate() {
            if !(a.is_finite() && b.is_finite()) {
                continue;
            }
            x.push(a);
            y.push(b);
            if let Some((x, y)) = parts.get_mut(groups.code(row) as usize) {
                x.push(a);
                y.push(b);
            }
        }
        Self {
            columns: (i, j),
            all: correlate(&x, &y),
            groups: parts.iter().map(|(x, y)| correlate(x, y)).collect(),
        }
    }

    /// Whether the relation turns round within every group.
    fn turns(&self) -> bool {
        let against =
            |c: &Correlation| c.n >= 10.0 && c.r.abs() > WEAK && (c.r > 0.0) != (self.all.r > 0.0);
        self.groups.len() > 1 && self.all.r.abs() > WEAK && self.groups.iter().all(against)
    }
}

/// The rows of the scatters, ascending, when these are not all of them.
fn shown(values: &[&[f64]], ctx: &mut Ctx) -> Option<Vec<u32>> {
    let n_rows = values[0].len();
    if n_rows <= MAX_SHOWN {
        return None;
    }
    let rows = without_replacement(n_rows, MAX_SHOWN, ctx.rng());
    ctx.note(msg!(
        "explore.pairs.thinned",
        "The scatters show {shown} of {all} rows, drawn at random. Correlations and distributions are of all rows.",
        shown = MAX_SHOWN,
        all = n_rows
    ));
    Some(rows)
}

fn say(options: &Options, pairs: &[Pair], groups: &Groups) -> Vec<Msg> {
    let name = |i: usize| &options.columns[i];
    let mut lines = Vec::new();
    let known = pairs.iter().filter(|p| p.all.r.is_finite());
    // Of equal ones the first.
    let strongest = known.reduce(|a, b| if b.all.r.abs() > a.all.r.abs() { b } else { a });
    lines.extend(strongest.map(|p| {
        let (first, second) = (name(p.columns.0), name(p.columns.1));
        let r = (p.all.r, Format::Fixed(2));
        match p.all.r >= 0.0 {
            true => msg!(
                "explore.pairs.strongest_up",
                "“{first}” and “{second}” are related most: they rise together (r = {r}, {n} rows).",
                first = first,
                second = second,
                r = r,
                n = p.all.n
            ),
            false => msg!(
                "explore.pairs.strongest_down",
                "“{first}” and “{second}” are related most: one falls as the other rises (r = {r}, {n} rows).",
                first = first,
                second = second,
                r = r,
                n = p.all.n
            ),
        }
    }));
    if lines.is_empty() {
        lines.push(msg!(
            "explore.pairs.none",
            "No correlation can be computed: a column has the same value throughout, or too few rows have both."
        ));
    }
    let turned: Vec<Arg> = pairs
        .iter()
        .filter(|p| p.turns())
        .map(|p| {
            let (first, second) = (name(p.columns.0), name(p.columns.1));
            msg!(
                "explore.pairs.two",
                "{first} and {second}",
                first = first,
                second = second
            )
            .into()
        })
        .collect();
    if !turned.is_empty() {
        lines.push(msg!(
            "explore.pairs.turned",
            "Within each of the {n} groups the relation runs the other way than in all rows: {pairs}.",
            n = groups.names.len(),
            pairs = turned
        ));
    }
    lines
}

fn table(options: &Options, pairs: &[Pair], groups: &Groups) -> TableBlock {
    let mut heads = vec![
        Head::name("first", msg!("explore.pairs.first", "First")),
        Head::name("second", msg!("explore.pairs.second", "Second")),
    ];
    if options.by.is_some() {
        heads.push(Head::name("group", msg!("explore.pairs.group", "Group")));
    }
    let r = match options.method {
        Method::Pearson => msg!("explore.pairs.r", "r"),
        Method::Spearman => msg!("explore.pairs.rho", "ρ"),
    };
    heads.push(Head::new("r", r, Format::Fixed(3)));
    heads.extend(crate::frame::words::ends("", LEVEL, Format::Fixed(3)));
    heads.push(crate::frame::words::p());
    heads.push(Head::new(
        "n",
        msg!("explore.pairs.n", "Rows"),
        Format::Integer,
    ));
    let mut table = TableBlock::new(
        "correlations",
        msg!("explore.pairs.correlations", "Correlations"),
        heads,
    );
    let known = |v: f64| Cell::from((!v.is_nan()).then_some(v));
    for pair in pairs {
        let names = [pair.columns.0, pair.columns.1].map(|i| options.columns[i].as_str());
        let all = std::iter::once((all_rows(), &pair.all));
        let each = all.chain(groups.names.iter().cloned().zip(&pair.groups));
        for (group, c) in each {
            let mut cells: Vec<Cell> = names.map(Cell::from).into();
            if options.by.is_some() {
                cells.push(group.into());
            }
            cells.extend([
                known(c.r),
                known(c.low),
                known(c.high),
                known(c.p),
                c.n.into(),
            ]);
            table.row(cells);
        }
    }
    table
}

fn all_rows() -> Msg {
    msg!("explore.pairs.all", "All")
}
