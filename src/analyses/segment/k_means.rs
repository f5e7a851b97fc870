//! k-means: rows that are alike, by numbers.

mod charts;
mod code;
mod tables;

use crate::models::k_means::{
    self, KMeans as Clustering, KMeansError, KMeansOptions, PackedRows, Start,
};
use crate::msg;
use crate::report::{Msg, Report};
use crate::spec::{
    Analysis, CodeTables, Complete, Ctx, Example, Fits, Group, Input, Language, ONE_TABLE, Output,
    OutputSpec, Picture, RunError, Spec, choice, columns, integer, number, reads, text,
};
use crate::stats::cluster_scores::{Silhouettes, silhouettes};
use crate::stats::progress::Cancelled;
use crate::stats::scaling::{Scale, Scaling as ScalingMethod};
use crate::table::Column;

use charts::{comparison, profile_chart, scatter};
use tables::{profile, sizes, summary};

pub struct KMeans;

crate::choices! {
    /// Where the number of clusters comes from.
    pub enum Choose {
        Fixed = "fixed" "This many",
        Compare = "compare" "This many, beside a range",
        Best = "best" "The best silhouette of a range",
    }
}

crate::choices! {
    /// How columns of different units are made comparable.
    pub enum Scaling {
        Standard = "standard" "Standard deviations from the mean",
        MinMax = "min_max" "0 to 1",
        Robust = "robust" "Quartile ranges from the median",
        None = "none" "As they are",
    }
}

crate::choices! {
    /// Where the centres start.
    pub enum StartAt {
        PlusPlus = "plus_plus" "Random rows far apart (k-means++)",
        Rows = "rows" "Given rows",
    }
}

crate::options! {
    /// What k-means is asked.
    pub struct Options {
        /// Columns that say how alike two rows are.
        columns "Columns": Vec<String> = columns(Fits::Numbers),
        /// How many clusters are made.
        k "Clusters": usize = integer(3, 2, 100),
        /// Whether other numbers of clusters are tried too.
        choose "Number of clusters": Choose = choice(Choose::CHOICES, "fixed"),
        /// The fewest clusters of the range.
        k_min "From": usize = integer(2, 2, 100).when("choose", &["compare", "best"]),
        /// The most clusters of the range.
        k_max "To": usize = integer(8, 2, 100).when("choose", &["compare", "best"]),
        /// Columns in large units would decide alone if they were not scaled.
        scaling "Scaling": Scaling = choice(Scaling::CHOICES, "standard"),
        /// Random starts differ by the seed; given rows always lead to the same clusters.
        start "Start": StartAt = choice(StartAt::CHOICES, "plus_plus").advanced(),
        /// Row numbers, one for each cluster, such as 1, 20, 300; the first rows when this is empty.
        start_rows "Rows to start from": String = text("").advanced().when("start", &["rows"]),
        /// The best of so many random starts is kept.
        restarts "Restarts": usize = integer(10, 1, 1000).advanced().when("start", &["plus_plus"]),
        /// A start ends after so many steps.
        max_iterations "Steps at most": usize = integer(300, 1, 100_000).advanced(),
        /// A start ends when the centres move less than this share of the columns' variance; 0 goes on until no row changes.
        tolerance "Tolerance": f64 = number(1e-4, 0.0, 1.0).advanced(),
        /// What the new column is called.
        label "Name of the new column": String = text("cluster").advanced(),
    }
}

/// Rows that are compared pairwise for silhouettes; more are sampled.
const SILHOUETTE_ROWS: usize = 3000;
/// How much of the work is done when the clusters are found.
const SEARCH_SHARE: f32 = 0.95;

impl Analysis for KMeans {
    type Options = Options;

    const USES_SEED: bool = true;

    const SPEC: Spec = Spec {
        id: "segment.k_means",
        version: 1,
        title: "K-means",
        group: Group::Segment,
        about: "Groups rows that are alike in several numbers, such as customers by recency, frequency and spend.",
        headline: "K-means of {columns} into {k} clusters",
        method: "Lloyd's algorithm with squared Euclidean distances, started by greedy k-means++ or from given rows; the start with the smallest within sum of squares is kept. The tolerance is scikit-learn's: squared movement of the centres over the mean variance. An emptied cluster takes the row farthest from its centre. Standard scaling divides by the standard deviation with divisor n, robust scaling by the quartile range (type 7). Silhouettes are Rousseeuw's, exact up to 3,000 rows and of a seeded sample beyond. Clusters are numbered from the largest.",
        references: &[
            "Lloyd, S. P. (1982). Least squares quantization in PCM. IEEE Transactions on Information Theory, 28, 129–137.",
            "Arthur, D., & Vassilvitskii, S. (2007). k-means++: The advantages of careful seeding. SODA, 1027–1035.",
            "Rousseeuw, P. J. (1987). Silhouettes: A graphical aid to the interpretation and validation of cluster analysis. Journal of Computational and Applied Mathematics, 20, 53–65.",
        ],
        keywords: &[
            "cluster",
            "clustering",
            "segment",
            "segmentation",
            "kmeans",
            "군집",
            "군집분석",
            "세분화",
            "클러스터",
            "k평균",
        ],
        picture: Picture::Clusters,
        inputs: ONE_TABLE,
        options: <Options as crate::spec::Options>::SPECS,
        outputs: &[OutputSpec {
            name: "clusters",
            title: "Table with cluster labels",
        }],
        examples: &[
            Example {
                name: "penguins",
                tables: &[("table", "penguins.csv")],
                values: r#"{"columns": ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"], "k": 3}"#,
            },
            Example {
                name: "best_of_a_range",
                tables: &[("table", "penguins.csv")],
                values: r#"{"columns": ["bill_length_mm", "body_mass_g"], "choose": "best", "k_max": 5, "scaling": "robust"}"#,
            },
        ],
        korean: include_str!("k_means.ko.json"),
        read: reads::<Options>,
    };

    fn code(options: &Options, tables: &CodeTables, language: Language) -> Option<String> {
        code::code(options, tables, language)
    }

    fn run(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Output, RunError> {
        let data = input.complete("columns", &options.columns)?;
        let scales: Vec<Scale> = data
            .columns
            .iter()
            .map(|c| options.scaling.method().of(c))
            .collect();
        let scaled: Vec<Vec<f64>> = scales
            .iter()
            .zip(&data.columns)
            .map(|(s, c)| s.apply(c))
            .collect();
        let scaled: Vec<&[f64]> = scaled.iter().map(Vec::as_slice).collect();
        note_constant_columns(options, &data, ctx);

        let found = search(options, &data, &scaled, ctx)?;
        ctx.note_dropped(data.rows.len(), data.n_dropped);
        if !found.best.converged {
            ctx.warn(msg!(
                "segment.k_means.not_converged",
                "The centres were still moving after {n} steps. Allow more steps.",
                n = options.max_iterations
            ));
        }
        let clusters: Vec<Msg> = (0..found.best.sizes.len()).map(cluster_name).collect();
        let report = Report {
            summary: summary(&found.best, &found.silhouettes),
            blocks: vec![
                scatter(&scaled, &found.best, &clusters, options, ctx)?,
                sizes(&found.best, &found.silhouettes, &clusters).into(),
                profile(options, &data, &found.best, &clusters).into(),
                profile_chart(options, &data, &found.best, clusters).into(),
            ]
            .into_iter()
            .chain(comparison(&found.tried))
            .collect(),
            notices: Vec::new(),
        };
        let table = input.table("table")?;
        let labels = label_column(
            &table.free_column_name(&options.label),
            table.n_rows(),
            &data.rows,
            &found.best,
        );
        let table = table
            .with_column(labels)
            .expect("the labels are as long as the table");
        Ok(Output {
            report,
            tables: vec![("clusters", table)],
        })
    }
}

/// The clustering that is reported, and how others compare.
struct Found {
    best: Clustering,
    silhouettes: Silhouettes,
    tried: Vec<Tried>,
}

/// One number of clusters of a range.
struct Tried {
    k: usize,
    within_share: f64,
    silhouette: Option<f64>,
}

impl Scaling {
    fn method(self) -> ScalingMethod {
        match self {
            Scaling::Standard => ScalingMethod::Standard,
            Scaling::MinMax => ScalingMethod::MinMax,
            Scaling::Robust => ScalingMethod::Robust,
            Scaling::None => ScalingMethod::None,
        }
    }
}

fn search(
    options: &Options,
    data: &Complete,
    scaled: &[&[f64]],
    ctx: &mut Ctx,
) -> Result<Found, RunError> {
    if options.choose != Choose::Fixed && options.k_min > options.k_max {
        return Err(RunError::option(
            "k_max",
            msg!(
                "segment.k_means.empty_range",
                "The range must not end before it begins."
            ),
        ));
    }
    let ks: Vec<usize> = match options.choose {
        Choose::Fixed => vec![options.k],
        Choose::Best => (options.k_min..=options.k_max).collect(),
        Choose::Compare => {
            let mut ks: Vec<usize> = (options.k_min..=options.k_max).collect();
            if !ks.contains(&options.k) {
                ks.push(options.k);
                ks.sort_unstable();
            }
            ks
        }
    };
    if data.rows.len() < *ks.last().expect("at least one number of clusters") {
        return Err(RunError::Data(msg!(
            "segment.k_means.few_rows",
            "{n} {n|row has|rows have} all values, too few for {k} clusters. Choose fewer clusters or columns with fewer missing values.",
            n = data.rows.len(),
            k = *ks.last().expect("at least one number of clusters")
        )));
    }
    let rows = PackedRows::new(scaled).map_err(|e| explain(&e, options))?;
    let mut found: Option<Found> = None;
    let mut tried = Vec::new();
    let total: usize = ks.iter().sum();
    let mut done = 0;
    for &k in &ks {
        let step = msg!("segment.k_means.step", "Looking for {k} clusters", k = k);
        let share = |part: f32| SEARCH_SHARE * (done as f32 + part * k as f32) / total as f32;
        let model = KMeansOptions {
            k,
            start: start(options, k, data)?,
            n_restarts: options.restarts,
            max_iterations: options.max_iterations,
            tolerance: options.tolerance,
            seed: ctx.seed(),
        };
        let seed = ctx.seed();
        let mut tick = |part: f32| ctx.tick(share(part * 0.9), &step).map_err(|_| Cancelled);
        let clustering = k_means::fit(&rows, &model, &mut tick)
            .map_err(|e| explain(&e, options))?
            .by_descending_size();
        let mut tick = |part: f32| {
            ctx.tick(share(0.9 + part * 0.1), &step)
                .map_err(|_| Cancelled)
        };
        let scores = silhouettes(
            scaled,
            &clustering.labels,
            k,
            SILHOUETTE_ROWS,
            seed,
            &mut tick,
        )
        .map_err(|_| RunError::Cancelled)?;
        done += k;
        tried.push(Tried {
            k,
            within_share: clustering.inertia / clustering.total_ss,
            silhouette: scores.overall,
        });
        let is_better = match (&found, options.choose) {
            (None, Choose::Fixed | Choose::Best) => true,
            (Some(best), Choose::Best) => scores.overall > best.silhouettes.overall,
            (_, Choose::Compare) => k == options.k,
            (Some(_), Choose::Fixed) => false,
        };
        if is_better {
            found = Some(Found {
                best: clustering,
                silhouettes: scores,
                tried: Vec::new(),
            });
        }
    }
    let mut found = found.expect("one of the clusterings is the one asked for");
    found.tried = tried;
    Ok(found)
}

/// The rows to start from, as positions among the complete rows.
fn start(options: &Options, k: usize, data: &Complete) -> Result<Start, RunError> {
    if options.start == StartAt::PlusPlus {
        return Ok(Start::PlusPlus);
    }
    let wrong = |message| RunError::option("start_rows", message);
    let words: Vec<&str> = options
        .start_rows
        .split([',', ' ', ';'])
        .filter(|w| !w.is_empty())
        .collect();
    if words.is_empty() {
        return Ok(Start::Rows((0..k).collect()));
    }
    if words.len() != k {
        return Err(wrong(msg!(
            "segment.k_means.start_count",
            "Give {k} row numbers, one for each cluster.",
            k = k
        )));
    }
    let row = |word: &&str| {
        let number = word.parse::<u32>().ok().filter(|&n| n > 0);
        number
            .and_then(|n| data.rows.binary_search(&(n - 1)).ok())
            .ok_or_else(|| {
                wrong(msg!(
                    "segment.k_means.start_row",
                    "“{row}” is not the number of a row that has all values.",
                    row = *word
                ))
            })
    };
    Ok(Start::Rows(
        words.iter().map(row).collect::<Result<_, _>>()?,
    ))
}

fn explain(error: &KMeansError, options: &Options) -> RunError {
    match error {
        KMeansError::Cancelled => RunError::Cancelled,
        KMeansError::NotFinite { feature } => RunError::Data(msg!(
            "segment.k_means.too_large",
            "“{column}” holds values too large to be squared. Choose another scaling.",
            column = &options.columns[*feature]
        )),
        other => RunError::Data(msg!(
            "segment.k_means.impossible",
            "No clusters can be made: {reason}.",
            reason = other.to_string()
        )),
    }
}

fn note_constant_columns(options: &Options, data: &Complete, ctx: &mut Ctx) {
    for (name, column) in options.columns.iter().zip(&data.columns) {
        if column.len() > 1 && column.iter().all(|v| *v == column[0]) {
            ctx.note(msg!(
                "segment.k_means.constant",
                "“{column}” has one value only and does not tell rows apart.",
                column = name
            ));
        }
    }
}

fn cluster_name(i: usize) -> Msg {
    msg!("segment.k_means.cluster", "Cluster {i}", i = i + 1)
}

/// The labels from "1" on, missing in rows that were left out.
fn label_column(name: &str, n_rows: usize, rows: &[u32], found: &Clustering) -> Column {
    let mut codes = vec![-1; n_rows];
    for (&row, &label) in rows.iter().zip(&found.labels) {
        codes[row as usize] = label as i32;
    }
    let levels = (1..=found.sizes.len()).map(|i| i.to_string()).collect();
    Column::category(name, codes, levels)
}
