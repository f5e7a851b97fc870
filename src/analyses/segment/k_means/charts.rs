//! The charts of a clustering.

use super::tables::means;
use super::{Clustering, Options, SEARCH_SHARE, Scaling, Tried};
use crate::models::pca::{self, Basis};
use crate::msg;
use crate::report::{
    Axis, Block, Chart, Format, Head, Mark, Msg, TableBlock, Tone, points_or_density,
};
use crate::spec::{Complete, Ctx, RunError};
use crate::stats::progress::Cancelled;

/// Rows on their first two principal components, or on the one or two columns themselves.
pub(super) fn scatter(
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

/// How far the clusters' means are from the mean of all rows, in standard deviations.
pub(super) fn profile_chart(
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

/// Elbow and silhouettes of a range of numbers of clusters.
pub(super) fn comparison(tried: &[Tried]) -> Option<Block> {
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
