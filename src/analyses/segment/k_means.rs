//! k-means: rows that are alike, by numbers.

mod code;

use crate::models::k_means::{
    self, KMeans as Clustering, KMeansError, KMeansOptions, PackedRows, Start,
};
use crate::models::pca::{self, Basis};
use crate::msg;
use crate::report::{
    Axis, Block, Cell, Chart, Format, Head, Mark, Msg, Report, TableBlock, Tone, points_or_density,
};
use crate::spec::{
    Analysis, CodeTables, Complete, Ctx, Example, Fits, Group, Input, Language, ONE_TABLE, Output,
    OutputSpec, Picture, RunError, Spec, choice, columns, integer, number, reads, text,
};
use crate::stats::cluster_scores::{Silhouettes, silhouettes};
use crate::stats::progress::Cancelled;
use crate::stats::scaling::{Scale, Scaling as ScalingMethod};
use crate::table::Column;

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

fn summary(found: &Clustering, scores: &Silhouettes) -> Vec<Msg> {
    let n: usize = found.sizes.iter().sum();
    let mut lines = vec![msg!(
        "segment.k_means.summary",
        "{k} clusters explain {share} of the spread; the largest holds {largest} of the rows, the smallest {smallest}.",
        k = found.sizes.len(),
        share = (between_share(found), Format::Percent(0)),
        largest = (found.sizes[0] as f64 / n as f64, Format::Percent(0)),
        smallest = (
            *found.sizes.last().expect("two clusters at least") as f64 / n as f64,
            Format::Percent(0)
        )
    )];
    lines.extend(scores.overall.map(|s| {
        let value = (s, Format::Fixed(2));
        match s {
            0.7.. => msg!(
                "segment.k_means.strong",
                "They are clearly apart (silhouette {s} of 1).",
                s = value
            ),
            0.5.. => msg!(
                "segment.k_means.fair",
                "They are reasonably apart (silhouette {s} of 1).",
                s = value
            ),
            0.25.. => msg!(
                "segment.k_means.weak",
                "They overlap (silhouette {s} of 1): the borders are partly a matter of choice.",
                s = value
            ),
            _ => msg!(
                "segment.k_means.none",
                "They are hardly apart (silhouette {s} of 1): the rows may not fall into groups.",
                s = value
            ),
        }
    }));
    lines
}

fn between_share(found: &Clustering) -> f64 {
    if found.total_ss > 0.0 {
        found.between_ss / found.total_ss
    } else {
        0.0
    }
}

/// Rows on their first two principal components, or on the one or two columns themselves.
fn scatter(
    scaled: &[&[f64]],
    found: &Clustering,
    clusters: &[Msg],
    options: &Options,
    ctx: &mut Ctx,
) -> Result<Block, RunError> {
    let step = msg!("segment.k_means.drawing", "Drawing");
    let title = msg!("segment.k_means.map", "Where the clusters lie");
    let (x, y, x_title, y_title);
    if scaled.len() == 2 {
        (x, y) = (scaled[0].to_vec(), scaled[1].to_vec());
        (x_title, y_title) = (scaled_title(options, 0), scaled_title(options, 1));
    } else if scaled.len() == 1 {
        x = scaled[0].to_vec();
        y = found.labels.iter().map(|&c| f64::from(c) + 1.0).collect();
        (x_title, y_title) = (
            scaled_title(options, 0),
            msg!("segment.k_means.cluster_axis", "Cluster"),
        );
    } else {
        let mut tick = |done: f32| {
            let done = SEARCH_SHARE + (1.0 - SEARCH_SHARE) * done;
            ctx.tick(done, &step).map_err(|_| Cancelled)
        };
        let Ok(model) = pca::fit(scaled, Basis::Covariance, &mut tick) else {
            return Err(RunError::Cancelled);
        };
        let mut scores = model.scores(scaled, 2);
        y = scores.pop().expect("two components");
        x = scores.pop().expect("two components");
        let title = |i: usize| {
            msg!(
                "segment.k_means.component",
                "Principal component {i} ({share})",
                i = i + 1,
                share = (model.shares[i], Format::Percent(0))
            )
        };
        (x_title, y_title) = (title(0), title(1));
    }
    let (marks, caption) = points_or_density(&x, &y, Some(&found.labels));
    let mut chart = Chart::new(
        "map",
        title,
        Axis::linear(x_title).format(Format::Fixed(2)),
        Axis::linear(y_title).format(Format::Fixed(2)),
    )
    .series(clusters.to_vec())
    .marks(marks);
    chart.caption = caption;
    Ok(chart.into())
}

fn scaled_title(options: &Options, j: usize) -> Msg {
    match options.scaling {
        Scaling::None => Msg::verbatim(&options.columns[j]),
        _ => msg!(
            "segment.k_means.scaled",
            "{column}, scaled",
            column = &options.columns[j]
        ),
    }
}

fn sizes(found: &Clustering, scores: &Silhouettes, clusters: &[Msg]) -> TableBlock {
    let mut table = TableBlock::new(
        "clusters",
        msg!("segment.k_means.sizes", "Clusters"),
        vec![
            Head::name("cluster", msg!("segment.k_means.cluster_axis", "Cluster")),
            Head::new("n", msg!("segment.k_means.rows", "Rows"), Format::Integer),
            Head::new(
                "share",
                msg!("segment.k_means.share", "Share"),
                Format::Percent(1),
            ),
            Head::new(
                "within_ss",
                msg!("segment.k_means.within", "Within sum of squares"),
                Format::General,
            ),
            Head::new(
                "silhouette",
                msg!("segment.k_means.silhouette", "Silhouette"),
                Format::Fixed(3),
            ),
        ],
    );
    let n: usize = found.sizes.iter().sum();
    for (c, name) in clusters.iter().enumerate() {
        table.row(vec![
            name.clone().into(),
            found.sizes[c].into(),
            (found.sizes[c] as f64 / n as f64).into(),
            found.within_ss[c].into(),
            scores.per_cluster[c].into(),
        ]);
    }
    table.row(vec![
        msg!("segment.k_means.all", "All rows").into(),
        n.into(),
        1.0.into(),
        found.inertia.into(),
        scores.overall.into(),
    ]);
    table.notes.push(msg!(
        "segment.k_means.sums",
        "Sums of squares: total {total}, between clusters {between} ({share}), within {within}.",
        total = found.total_ss,
        between = found.between_ss,
        share = (between_share(found), Format::Percent(1)),
        within = found.inertia
    ));
    if scores.sampled {
        table.notes.push(msg!(
            "segment.k_means.sampled",
            "Silhouettes are of a random sample of {n} rows.",
            n = scores.rows.len()
        ));
    }
    table
}

/// Means of each column in each cluster, in the column's own units.
fn profile(options: &Options, data: &Complete, found: &Clustering, clusters: &[Msg]) -> TableBlock {
    let mut heads = vec![Head::name(
        "column",
        msg!("segment.k_means.column", "Column"),
    )];
    heads.extend(
        clusters.iter().enumerate().map(|(c, name)| {
            Head::new(&format!("cluster_{}", c + 1), name.clone(), Format::General)
        }),
    );
    heads.push(Head::new(
        "all",
        msg!("segment.k_means.all", "All rows"),
        Format::General,
    ));
    let mut table = TableBlock::new(
        "profile",
        msg!("segment.k_means.profile", "Mean of each column"),
        heads,
    );
    for (name, column) in options.columns.iter().zip(&data.columns) {
        let means = means(column, &found.labels, found.sizes.len());
        let mut row: Vec<Cell> = vec![name.clone().into()];
        row.extend(means.clusters.iter().map(|m| Cell::from(*m)));
        row.push(means.all.into());
        table.row(row);
    }
    table
}

/// How far the clusters' means are from the mean of all rows, in standard deviations.
fn profile_chart(
    options: &Options,
    data: &Complete,
    found: &Clustering,
    clusters: Vec<Msg>,
) -> Chart {
    let k = found.sizes.len();
    let mut lines = vec![Vec::new(); k];
    for column in &data.columns {
        let means = means(column, &found.labels, k);
        let variance = column
            .iter()
            .map(|v| (v - means.all) * (v - means.all))
            .sum::<f64>()
            / column.len() as f64;
        for (line, mean) in lines.iter_mut().zip(means.clusters) {
            line.push(if variance > 0.0 {
                (mean - means.all) / variance.sqrt()
            } else {
                0.0
            });
        }
    }
    let names = options.columns.iter().map(Msg::verbatim).collect();
    let at: Vec<f64> = (0..options.columns.len()).map(|j| j as f64).collect();
    let marks = lines.into_iter().enumerate().map(|(c, y)| Mark::Line {
        x: at.clone(),
        y,
        tone: Tone::Series(c as u16),
        dashed: false,
        dots: true,
    });
    Chart::new(
        "profile",
        msg!(
            "segment.k_means.profile_chart",
            "What sets the clusters apart"
        ),
        Axis::category(Msg::verbatim(""), names),
        Axis::linear(msg!(
            "segment.k_means.deviations",
            "Standard deviations from the mean of all rows"
        ))
        .from_zero()
        .format(Format::Fixed(2)),
    )
    .series(clusters)
    .marks(marks)
}

struct Means {
    clusters: Vec<f64>,
    all: f64,
}

fn means(column: &[f64], labels: &[u32], k: usize) -> Means {
    let (mut sums, mut counts) = (vec![0.0; k], vec![0.0; k]);
    for (v, &c) in column.iter().zip(labels) {
        sums[c as usize] += v;
        counts[c as usize] += 1.0;
    }
    Means {
        all: sums.iter().sum::<f64>() / column.len() as f64,
        clusters: sums.iter().zip(&counts).map(|(s, n)| s / n).collect(),
    }
}

/// Elbow and silhouettes of a range of numbers of clusters.
fn comparison(tried: &[Tried]) -> Option<Block> {
    if tried.len() < 2 {
        return None;
    }
    let ks: Vec<f64> = tried.iter().map(|t| t.k as f64).collect();
    let line = |y: Vec<f64>| Mark::Line {
        x: ks.clone(),
        y,
        tone: Tone::Accent,
        dashed: false,
        dots: true,
    };
    let x = || {
        Axis::linear(msg!("segment.k_means.k_axis", "Number of clusters")).format(Format::Integer)
    };
    let elbow = Chart::new(
        "elbow",
        msg!(
            "segment.k_means.elbow",
            "Where do more clusters stop helping?"
        ),
        x(),
        Axis::linear(msg!(
            "segment.k_means.unexplained",
            "Spread left within clusters"
        ))
        .from_zero()
        .format(Format::Percent(1)),
    )
    .mark(line(tried.iter().map(|t| t.within_share).collect()));
    let silhouette = Chart::new(
        "silhouette_by_k",
        msg!("segment.k_means.by_k", "How far apart are the clusters?"),
        x(),
        Axis::linear(msg!("segment.k_means.silhouette", "Silhouette")).format(Format::Fixed(3)),
    )
    .mark(line(
        tried
            .iter()
            .map(|t| t.silhouette.unwrap_or(f64::NAN))
            .collect(),
    ));
    let mut table = TableBlock::new(
        "range",
        msg!("segment.k_means.range", "Numbers of clusters tried"),
        vec![
            Head::new(
                "k",
                msg!("segment.k_means.k_axis", "Number of clusters"),
                Format::Integer,
            ),
            Head::new(
                "explained",
                msg!("segment.k_means.explained", "Spread explained"),
                Format::Percent(1),
            ),
            Head::new(
                "silhouette",
                msg!("segment.k_means.silhouette", "Silhouette"),
                Format::Fixed(3),
            ),
        ],
    );
    for t in tried {
        table.row(vec![
            t.k.into(),
            (1.0 - t.within_share).into(),
            t.silhouette.into(),
        ]);
    }
    Some(Block::Group(
        msg!("segment.k_means.how_many", "How many clusters?"),
        vec![elbow.into(), silhouette.into(), table.into()],
    ))
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
