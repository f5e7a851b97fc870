//! Covariance of the coefficients that stays right when the rows' variances differ, or rows are alike.

use super::rows::Rows;
use super::{Fit, Problem};
use crate::stats::double_double::DoubleDouble;
use crate::stats::linalg::Square;
use crate::stats::progress::unwatched;

/// How squared residuals stand for variances (MacKinnon and White 1985; Long and Ervin 2000).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HcKind {
    /// e² (White 1980).
    Hc0,
    /// e² n / (n − p).
    Hc1,
    /// e² n / (n − 1) with n rows of positive weight: the linearised variance of a sample drawn
    /// with unequal chances, as `survey::svyglm`.
    Linearised,
    /// e² / (1 − h).
    Hc2,
    /// e² / (1 − h)², the one advised for small samples.
    #[default]
    Hc3,
}

/// The heteroscedasticity-consistent covariance of the kept columns' coefficients, as
/// `sandwich::vcovHC` gives it: (XᵀWX)⁻¹ Xᵀ diag(w² e² …) X (XᵀWX)⁻¹, w e² where weights count rows.
/// `problem` must be the one that `fit` came from.
pub fn robust_covariance(problem: &Problem, fit: &Fit, kind: HcKind) -> Square<f64> {
    let n_rows = problem.n_weighted() as f64;
    let is_counted = problem.is_counted();
    let variances: Vec<f64> = (0..problem.y.len())
        .map(|i| {
            let (w, e) = (problem.weight(i), fit.residuals[i]);
            let square = if is_counted { w * e * e } else { w * w * e * e };
            let rest = 1.0 - fit.leverage[i];
            let factor = match kind {
                HcKind::Hc0 => 1.0,
                HcKind::Hc1 => fit.n_used / fit.df_residual,
                HcKind::Linearised => n_rows / (n_rows - 1.0),
                HcKind::Hc2 => 1.0 / rest,
                HcKind::Hc3 => 1.0 / (rest * rest),
            };
            square * factor
        })
        .collect();
    let rows = Rows {
        weights: Some(&variances),
        ..Rows::new(problem, &fit.solution.shifts)
    };
    let products = if fit.solution.is_double_double {
        rows.gram::<DoubleDouble>(&mut unwatched)
            .expect("nobody cancels")
    } else {
        let products = rows.gram::<f64>(&mut unwatched).expect("nobody cancels");
        Square {
            size: products.size,
            data: products.data.into_iter().map(DoubleDouble::from).collect(),
        }
    };
    sandwich(fit, &symmetric(products.select(&fit.kept)))
}

/// A covariance that stays right when rows of one cluster are alike.
#[derive(Clone, Debug)]
pub struct Clustered {
    /// Of the kept columns' coefficients.
    pub covariance: Square<f64>,
    /// Clusters that have a row of positive weight.
    pub n_clusters: usize,
}

/// What a covariance of clusters is multiplied by for their number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClusterKind {
    /// G / (G − 1) · (n − 1) / (n − p): Stata's `vce(cluster)`, `sandwich::vcovCL` of type HC1.
    Cr1,
    /// G / (G − 1): clusters drawn as a whole, as `survey::svyglm` of a design with `ids`.
    Linearised,
}

/// The cluster-robust covariance of the kept columns' coefficients (Liang and Zeger 1986).
/// `clusters` holds a number from 0 for each row. `problem` must be the one that `fit` came from.
pub fn cluster_covariance(
    problem: &Problem,
    fit: &Fit,
    clusters: &[u32],
    kind: ClusterKind,
) -> Clustered {
    let n_codes = clusters.iter().max().map_or(0, |c| *c as usize + 1);
    let mut is_used = vec![false; n_codes];
    for (i, c) in clusters.iter().enumerate() {
        is_used[*c as usize] |= problem.weight(i) > 0.0;
    }
    let n_clusters = is_used.iter().filter(|u| **u).count();
    let scores: Vec<f64> = (0..problem.y.len())
        .map(|i| problem.weight(i) * fit.residuals[i])
        .collect();
    let sums: Vec<Vec<f64>> = fit
        .kept
        .iter()
        .map(|&c| {
            let mut sums = vec![0.0; n_codes];
            let shift = fit.solution.shifts[c];
            add_scores(problem.columns[c], shift, &scores, clusters, &mut sums);
            sums
        })
        .collect();
    let (n, g) = (fit.n_used, n_clusters as f64);
    let correction = DoubleDouble::from(match kind {
        ClusterKind::Cr1 => g / (g - 1.0) * (n - 1.0) / fit.df_residual,
        ClusterKind::Linearised => g / (g - 1.0),
    });
    let mut meat = Square::zeros(sums.len());
    for (j, a) in sums.iter().enumerate() {
        for (k, b) in sums.iter().enumerate().take(j + 1) {
            let entry = a
                .iter()
                .zip(b)
                .fold(DoubleDouble::from(0.0), |sum, (a, b)| {
                    sum + DoubleDouble::from(*a) * DoubleDouble::from(*b)
                });
            *meat.at_mut(k, j) = entry * correction;
        }
    }
    Clustered {
        covariance: sandwich(fit, &symmetric(meat)),
        n_clusters,
    }
}

#[inline(never)]
fn add_scores(column: &[f64], shift: f64, scores: &[f64], clusters: &[u32], sums: &mut [f64]) {
    for ((x, score), cluster) in column.iter().zip(scores).zip(clusters) {
        sums[*cluster as usize] += (x - shift) * score;
    }
}

/// (XᵀWX)⁻¹ meat (XᵀWX)⁻¹, for the columns as given.
fn sandwich(fit: &Fit, meat: &Square<DoubleDouble>) -> Square<f64> {
    let bread = &fit.solution.inverse;
    let sandwich = product(&product(bread, meat), bread);
    fit.solution.unshift(&sandwich).to_f64()
}

/// Copies the upper triangle below the diagonal.
fn symmetric(mut matrix: Square<DoubleDouble>) -> Square<DoubleDouble> {
    for j in 0..matrix.size {
        for i in j + 1..matrix.size {
            *matrix.at_mut(i, j) = matrix.at(j, i);
        }
    }
    matrix
}

fn product(a: &Square<DoubleDouble>, b: &Square<DoubleDouble>) -> Square<DoubleDouble> {
    let size = a.size;
    let mut result = Square::zeros(size);
    for j in 0..size {
        for k in 0..size {
            for i in 0..size {
                *result.at_mut(i, j) = result.at(i, j) + a.at(i, k) * b.at(k, j);
            }
        }
    }
    result
}
