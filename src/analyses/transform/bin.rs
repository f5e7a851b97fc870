//! Bin: numbers into classes.

use crate::msg;
use crate::report::{
    Along, Axis, Cell, Chart, Format, Head, Mark, Msg, Receipt, Report, TableBlock, Tone,
};
use crate::spec::{
    Analysis, Ctx, Example, Fits, Group, Input, ONE_TABLE, Output, OutputSpec, Picture, RunError,
    Spec, choice, columns, flag, integer, reads, text,
};
use crate::stats::binning::{Bins, Closed};
use crate::stats::descriptive::{range, sorted};
use crate::table::csv::parse;
use crate::table::{Column, Measure, write_number};

pub struct Bin;

crate::choices! {
    /// How the edges are found.
    pub enum Method {
        EqualWidth = "equal_width" "Of one width",
        EqualCount = "equal_count" "With about as many rows in each (quantiles)",
        Cuts = "cuts" "Between cuts of my own",
    }
}

crate::choices! {
    /// Which bin an edge belongs to.
    pub enum EdgesTo {
        Above = "above" "The bin above: 10 ≤ x < 20",
        Below = "below" "The bin below: 10 < x ≤ 20",
    }
}

crate::choices! {
    /// What the new column holds.
    pub enum Written {
        Labels = "labels" "Labels, in their order",
        Numbers = "numbers" "Numbers from 1",
    }
}

crate::options! {
    /// Which numbers, and where they are cut.
    pub struct Options {
        /// Numbers that are put into bins; each gets a column of bins.
        columns "Columns": Vec<String> = columns(Fits::Numbers),
        /// How the edges of the bins are found.
        method "Bins": Method = choice(Method::CHOICES, "equal_width"),
        /// How many bins are made; with many equal values quantiles can make fewer.
        n_bins "Number of bins": usize = integer(4, 1, 1000).when("method", &["equal_width", "equal_count"]),
        /// The edges between bins, separated by semicolons: 18; 30; 50.
        cuts "Cuts": String = text("").when("method", &["cuts"]),
        /// Whether numbers below the first and above the last cut have bins too; they are missing otherwise.
        open "Bins beyond the cuts": bool = flag(true).when("method", &["cuts"]),
        /// The outermost edges always belong to their bins.
        edges_to "An edge belongs to": EdgesTo = choice(EdgesTo::CHOICES, "above"),
        /// Whether bins are written by their labels or by their numbers.
        written "Written as": Written = choice(Written::CHOICES, "labels"),
        /// One for each bin, from the lowest on, separated by semicolons; empty for the edges.
        labels "Labels of my own": String = text("").when("written", &["labels"]),
    }
}

/// Columns whose bins are drawn.
const MAX_CHARTS: usize = 3;
/// More bins than this are not drawn.
const MAX_BARS: usize = 60;

impl Analysis for Bin {
    type Options = Options;

    const SPEC: Spec = Spec {
        id: "transform.bin",
        version: 1,
        title: "Put numbers into bins",
        group: Group::Transform,
        about: "Turns numbers into classes: of one width, with as many rows in each, or between cuts such as ages 18, 30 and 50.",
        headline: "Bins of {columns}",
        method: "Bins of one width reach from the smallest to the largest value. Quantiles are of type 7 (linear between the order statistics, as R, NumPy and Excel); equal quantiles make one edge, as pandas.qcut with duplicates dropped. An edge belongs to the bin that is chosen, and the outermost edges to their bins always. Labels show edges rounded to a tenth of the narrowest bin (own cuts as they are); values are compared with the exact edges, which the table lists.",
        references: &[
            "Hyndman, R. J., & Fan, Y. (1996). Sample quantiles in statistical packages. The American Statistician, 50, 361–365.",
        ],
        keywords: &[
            "bin",
            "cut",
            "discretise",
            "classes",
            "intervals",
            "quantile",
            "tertile",
            "quartile",
            "decile",
            "age groups",
            "구간",
            "구간화",
            "범주화",
            "등급",
            "분위",
        ],
        picture: Picture::Histogram,
        inputs: ONE_TABLE,
        options: <Options as crate::spec::Options>::SPECS,
        outputs: &[OutputSpec {
            name: "binned",
            title: "Table with bins",
        }],
        examples: &[
            Example {
                name: "quartiles",
                tables: &[("table", "penguins.csv")],
                values: r#"{"columns": ["body_mass_g", "bill_length_mm"], "method": "equal_count"}"#,
            },
            Example {
                name: "own_cuts",
                tables: &[("table", "penguins.csv")],
                values: r#"{"columns": ["body_mass_g"], "method": "cuts", "cuts": "3500; 4500", "labels": "light; middling; heavy"}"#,
            },
        ],
        korean: include_str!("bin.ko.json"),
        read: reads::<Options>,
    };

    fn run(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Output, RunError> {
        let table = input.table("table")?;
        let mut out = table.clone();
        let mut receipt = Receipt::new(table.n_rows());
        let mut counted = counts_table();
        let mut charts = Vec::new();
        let mut said = Vec::new();
        for (i, name) in options.columns.iter().enumerate() {
            ctx.tick(
                i as f32 / options.columns.len() as f32,
                &msg!("transform.bin.step", "Looking at “{column}”", column = name),
            )?;
            let column = input.column("columns", name)?;
            let numbers = column
                .numbers()
                .ok_or_else(|| RunError::not_numbers("columns", name))?;
            let bins = options.bins(name, &numbers)?;
            if options.method == Method::EqualCount && bins.len() < options.n_bins {
                ctx.note(msg!(
                    "transform.bin.fewer",
                    "“{column}” has so many equal values that {n} {n|bin is|bins are} made rather than {wanted}.",
                    column = name,
                    n = bins.len(),
                    wanted = options.n_bins
                ));
            }
            let labels = options.labels(&bins)?;
            let places = bins.places(&numbers);
            let counts = Counts::of(&places, bins.len(), column.n_missing());
            counts.write(&mut counted, name, &bins, &labels);
            said.push(counts.summary(name));
            if charts.len() < MAX_CHARTS && bins.len() <= MAX_BARS {
                charts.push(counts.chart(i, name, &labels));
            }
            let made = out.free_column_name(&format!("{name}_bin"));
            out = out
                .with_column(options.written.column(&made, places, labels))
                .expect("a bin for each row");
            receipt.columns_added([made]);
        }
        said.extend(receipt.summary());
        let mut report = Report {
            summary: said,
            ..Report::default()
        };
        charts.into_iter().for_each(|chart| report.push(chart));
        report.push(counted);
        report.push(receipt.table());
        Ok(Output {
            report,
            tables: vec![("binned", out)],
        })
    }
}

impl Options {
    fn bins(&self, name: &str, numbers: &[f64]) -> Result<Bins, RunError> {
        let closed = match self.edges_to {
            EdgesTo::Above => Closed::Left,
            EdgesTo::Below => Closed::Right,
        };
        if self.method == Method::Cuts {
            return Ok(Bins::between(&self.cuts()?, self.open, closed));
        }
        let finite: Vec<f64> = numbers.iter().copied().filter(|x| x.is_finite()).collect();
        if finite.is_empty() {
            return Err(RunError::Data(msg!(
                "transform.bin.no_values",
                "“{column}” has no values to put into bins.",
                column = name
            )));
        }
        Ok(match self.method {
            Method::EqualCount => Bins::equal_count(&sorted(&finite), self.n_bins, closed),
            _ => {
                let (low, high) = range(&finite);
                Bins::equal_width(low, high, self.n_bins, closed)
            }
        })
    }

    fn cuts(&self) -> Result<Vec<f64>, RunError> {
        let wrong = |message| Err(RunError::option("cuts", message));
        let mut cuts = Vec::new();
        for part in parts(&self.cuts) {
            match parse::number(part) {
                Some(cut) if cut.is_finite() => cuts.push(cut),
                _ => {
                    return wrong(msg!(
                        "transform.bin.no_number",
                        "“{part}” is not a number. Separate cuts by semicolons: 18; 30; 50.",
                        part = part
                    ));
                }
            }
        }
        let needed = if self.open { 1 } else { 2 };
        cuts.sort_unstable_by(f64::total_cmp);
        cuts.dedup();
        if cuts.len() < needed {
            return wrong(msg!(
                "transform.bin.few_cuts",
                "Give at least {n} {n|cut|different cuts}, separated by semicolons: 18; 30; 50.",
                n = needed
            ));
        }
        Ok(cuts)
    }

    /// The name of each bin.
    fn labels(&self, bins: &Bins) -> Result<Vec<String>, RunError> {
        let own: Vec<String> = parts(&self.labels).map(str::to_owned).collect();
        if self.written == Written::Numbers {
            return Ok((1..=bins.len()).map(|i| i.to_string()).collect());
        }
        if own.is_empty() {
            return Ok(edge_labels(bins, self.method == Method::Cuts));
        }
        if own.len() != bins.len() {
            return Err(RunError::option(
                "labels",
                msg!(
                    "transform.bin.labels",
                    "There are {bins} bins and {labels} {labels|label|labels}. Give one for each bin.",
                    bins = bins.len(),
                    labels = own.len()
                ),
            ));
        }
        if let Some(i) = (1..own.len()).find(|&i| own[..i].contains(&own[i])) {
            return Err(RunError::option(
                "labels",
                msg!(
                    "transform.bin.label_twice",
                    "Two bins are labelled “{label}”.",
                    label = &own[i]
                ),
            ));
        }
        Ok(own)
    }
}

impl Written {
    fn column(self, name: &str, places: Vec<i32>, labels: Vec<String>) -> Column {
        match self {
            Written::Labels => {
                Column::category(name, places, labels).with_measure(Measure::Ordinal)
            }
            Written::Numbers => {
                let validity = places.iter().map(|&p| p >= 0).collect();
                let numbers = places.iter().map(|&p| i64::from(p.max(-1)) + 1).collect();
                Column::int(name, numbers)
                    .with_measure(Measure::Ordinal)
                    .with_validity(validity)
            }
        }
    }
}

/// The rows of each bin.
struct Counts {
    bins: Vec<usize>,
    outside: usize,
    missing: usize,
}

impl Counts {
    fn of(places: &[i32], n_bins: usize, missing: usize) -> Self {
        let mut bins = vec![0; n_bins];
        for &place in places.iter().filter(|p| **p >= 0) {
            bins[place as usize] += 1;
        }
        let outside = places.len() - bins.iter().sum::<usize>() - missing;
        Self {
            bins,
            outside,
            missing,
        }
    }

    fn summary(&self, name: &str) -> Msg {
        msg!(
            "transform.bin.summary",
            "“{column}” is in {n} {n|bin|bins}, the smallest with {least} and the largest with {most} {most|row|rows}.",
            column = name,
            n = self.bins.len(),
            least = self.bins.iter().copied().min().unwrap_or(0),
            most = self.bins.iter().copied().max().unwrap_or(0)
        )
    }

    fn write(&self, table: &mut TableBlock, name: &str, bins: &Bins, labels: &[String]) {
        let n_rows = self.bins.iter().sum::<usize>() + self.outside + self.missing;
        let mut line = |bin: Cell, ends: [Option<f64>; 2], n: usize| {
            let [from, to] = ends.map(|e| Cell::from(e.filter(|e| e.is_finite())));
            table.row(vec![
                name.into(),
                bin,
                from,
                to,
                n.into(),
                (n as f64 / n_rows as f64).into(),
            ]);
        };
        for (i, label) in labels.iter().enumerate() {
            let ends = [Some(bins.edges()[i]), Some(bins.edges()[i + 1])];
            line(label.as_str().into(), ends, self.bins[i]);
        }
        if self.outside > 0 {
            let bin = msg!("transform.bin.outside", "Outside the bins");
            line(bin.into(), [None; 2], self.outside);
        }
        if self.missing > 0 {
            let bin = msg!("transform.bin.missing", "Missing");
            line(bin.into(), [None; 2], self.missing);
        }
    }

    fn chart(&self, i: usize, name: &str, labels: &[String]) -> Chart {
        let counts: Vec<f64> = self.bins.iter().map(|&n| n as f64).collect();
        Chart::new(
            &format!("bins_{}", i + 1),
            msg!(
                "transform.bin.chart",
                "Rows in the bins of {column}",
                column = name
            ),
            Axis::category(
                Msg::verbatim(name),
                labels.iter().map(Msg::verbatim).collect(),
            ),
            Axis::linear(msg!("transform.bin.rows", "Rows"))
                .from_zero()
                .format(Format::Integer),
        )
        .mark(Mark::category_bars(Along::X, &counts, Tone::Series(0)))
    }
}

fn counts_table() -> TableBlock {
    TableBlock::new(
        "bins",
        msg!("transform.bin.bins", "Bins"),
        vec![
            Head::name("column", msg!("transform.bin.column", "Column")),
            Head::name("bin", msg!("transform.bin.bin", "Bin")),
            Head::new("from", msg!("transform.bin.from", "From"), Format::General),
            Head::new("to", msg!("transform.bin.to", "To"), Format::General),
            Head::new("rows", msg!("transform.bin.rows", "Rows"), Format::Integer),
            Head::new(
                "share",
                msg!("transform.bin.share", "Share"),
                Format::Percent(1),
            ),
        ],
    )
}

/// `[10, 20)`, `< 10`, `≥ 20`: bins by their edges.
fn edge_labels(bins: &Bins, exact: bool) -> Vec<String> {
    let edges = match exact {
        true => bins.edges().to_vec(),
        false => rounded(bins.edges()),
    };
    let last = bins.len().saturating_sub(1);
    let name = |x: f64| {
        let mut text = String::new();
        write_number(&mut text, x);
        text.replace('-', "−")
    };
    let label = |i: usize| {
        let (low, high) = (edges[i], edges[i + 1]);
        let is_left = bins.closed() == Closed::Left;
        match (low.is_finite(), high.is_finite()) {
            (false, false) => "−∞ … ∞".to_owned(),
            (false, true) => format!("{} {}", if is_left { "<" } else { "≤" }, name(high)),
            (true, false) => format!("{} {}", if is_left { "≥" } else { ">" }, name(low)),
            (true, true) => {
                let opens = if is_left || i == 0 { '[' } else { '(' };
                let closes = if !is_left || i == last { ']' } else { ')' };
                format!("{opens}{}, {}{closes}", name(low), name(high))
            }
        }
    };
    (0..bins.len()).map(label).collect()
}

/// Edges to a tenth of the narrowest bin, where that leaves them apart.
fn rounded(edges: &[f64]) -> Vec<f64> {
    let finite: Vec<f64> = edges.iter().copied().filter(|e| e.is_finite()).collect();
    let widths = finite.windows(2).map(|w| w[1] - w[0]);
    let narrowest = widths.fold(f64::INFINITY, f64::min);
    let digits = 1.0 - libm::log10(narrowest).floor();
    if !(-15.0..=17.0).contains(&digits) {
        return edges.to_vec();
    }
    let digits = digits.max(0.0) as usize;
    let round = |&e: &f64| format!("{e:.digits$}").parse().unwrap_or(e);
    let rounded: Vec<f64> = edges.iter().map(round).map(|e: f64| e + 0.0).collect();
    let apart = rounded.windows(2).all(|w| w[0] < w[1]);
    if apart { rounded } else { edges.to_vec() }
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(';').map(str::trim).filter(|p| !p.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_show_edges_and_who_owns_them() {
        let check = |bins: Bins, expected: &[&str]| {
            let exact = !bins.edges()[0].is_finite();
            assert_eq!(edge_labels(&bins, exact), expected);
        };
        check(
            Bins::equal_width(0.0, 30.0, 3, Closed::Left),
            &["[0, 10)", "[10, 20)", "[20, 30]"],
        );
        check(
            Bins::equal_width(0.0, 1.0, 3, Closed::Right),
            &["[0, 0.33]", "(0.33, 0.67]", "(0.67, 1]"],
        );
        check(
            Bins::between(&[-1.5, 18.0], true, Closed::Left),
            &["< −1.5", "[−1.5, 18)", "≥ 18"],
        );
        check(
            Bins::between(&[18.25], true, Closed::Right),
            &["≤ 18.25", "> 18.25"],
        );
        check(Bins::equal_width(7.0, 7.0, 5, Closed::Left), &["[7, 7]"]);
        check(
            Bins::equal_width(1e6, 1e6 + 1e-3, 1, Closed::Left),
            &["[1000000, 1000000.001]"],
        );
    }
}
