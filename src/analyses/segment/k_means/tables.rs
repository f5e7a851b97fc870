//! The sentences and tables of a clustering.

use super::{Clustering, Options};
use crate::msg;
use crate::report::{Cell, Format, Head, Msg, TableBlock};
use crate::spec::Complete;
use crate::stats::cluster_scores::Silhouettes;

/// What is said first: how much the clusters explain, and how far they are apart.
pub(super) fn summary(found: &Clustering, scores: &Silhouettes) -> Vec<Msg> {
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

/// A line for each cluster and one for all.
pub(super) fn sizes(found: &Clustering, scores: &Silhouettes, clusters: &[Msg]) -> TableBlock {
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
pub(super) fn profile(
    options: &Options,
    data: &Complete,
    found: &Clustering,
    clusters: &[Msg],
) -> TableBlock {
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

/// Means of a column.
pub(super) struct Means {
    pub clusters: Vec<f64>,
    pub all: f64,
}

pub(super) fn means(column: &[f64], labels: &[u32], k: usize) -> Means {
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
