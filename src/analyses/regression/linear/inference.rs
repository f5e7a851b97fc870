//! Standard errors of the kind that was chosen.

use super::{Errors, Options};
use crate::frame::{self, Frame, weights};
use crate::models::linear::{
    ClusterKind, Coefficient, Fit, HcKind, Problem, bootstrap, cluster_covariance,
    robust_covariance,
};
use crate::msg;
use crate::report::Msg;
use crate::spec::{Ctx, RunError};
use crate::stats::linalg::Square;

/// With fewer clusters than this their errors are known to come out too small.
const MANY_CLUSTERS: usize = 30;

/// The coefficients under the chosen standard errors.
pub(super) struct Inference {
    pub coefficients: Vec<Coefficient>,
    /// Of the kept columns.
    pub covariance: Square<f64>,
    /// Of the t tests.
    pub df: f64,
    /// What the errors are.
    pub note: Msg,
}

impl Inference {
    pub fn of(
        options: &Options,
        frame: &Frame,
        problem: &Problem,
        fitted: &Fit,
        ctx: &mut Ctx,
    ) -> Result<Self, RunError> {
        if options.errors == Errors::Bootstrap {
            return Self::by_bootstrap(options, frame, problem, fitted, ctx);
        }
        let (covariance, df, n_clusters) = covariance(options, frame, problem, fitted);
        let note = match (options.errors, &options.cluster) {
            (Errors::Classical, _) if options.is_sample() => weights::errors_note(df),
            (Errors::Classical, _) => msg!(
                "regression.linear.classical_note",
                "Classical standard errors; t with {df} degrees of freedom.",
                df = fitted.df_residual
            ),
            (Errors::Cluster, Some(cluster)) => {
                if n_clusters < 2 {
                    return Err(RunError::option(
                        "cluster",
                        msg!(
                            "regression.linear.one_cluster",
                            "All rows that are used have the same “{column}”. Choose a column that parts them.",
                            column = cluster
                        ),
                    ));
                }
                if n_clusters < MANY_CLUSTERS {
                    ctx.warn(msg!(
                        "regression.linear.few_clusters",
                        "There are only {n} clusters; with so few, clustered standard errors tend to be too small.",
                        n = n_clusters
                    ));
                }
                if !(df > 0.0) {
                    return Err(RunError::option(
                        "cluster",
                        msg!(
                            "regression.linear.clusters_run_out",
                            "{n} clusters are too few for {k} coefficients. Choose fewer predictors or smaller clusters.",
                            n = n_clusters,
                            k = fitted.kept.len()
                        ),
                    ));
                }
                match options.is_sample() {
                    true => msg!(
                        "regression.linear.sampled_clusters_note",
                        "Linearised standard errors of clusters by {column} ({n} of them); t with {df} degrees of freedom.",
                        column = cluster,
                        n = n_clusters,
                        df = df
                    ),
                    false => msg!(
                        "regression.linear.cluster_note",
                        "Standard errors clustered by {column} (CR1, {n} clusters); t with {df} degrees of freedom.",
                        column = cluster,
                        n = n_clusters,
                        df = df
                    ),
                }
            }
            _ => msg!(
                "regression.linear.robust_note",
                "{kind} standard errors; t with {df} degrees of freedom.",
                kind = format!("{:?}", options.errors).to_uppercase(),
                df = fitted.df_residual
            ),
        };
        Ok(Self {
            coefficients: fitted.coefficients_with_df(&covariance, df, options.level),
            covariance,
            df,
            note,
        })
    }

    fn by_bootstrap(
        options: &Options,
        frame: &Frame,
        problem: &Problem,
        fitted: &Fit,
        ctx: &mut Ctx,
    ) -> Result<Self, RunError> {
        let step = msg!("regression.linear.resampling", "Drawing rows again");
        let mut rng = ctx.rng().clone();
        let mut tick = frame::progress(ctx, 0.4, 0.7, &step);
        let drawn = bootstrap(problem, fitted, options.resamples, &mut rng, &mut tick);
        drop(tick);
        let drawn = drawn.map_err(|_| RunError::Cancelled)?;
        if drawn.n_used() * 2 < options.resamples {
            return Err(RunError::Data(msg!(
                "regression.linear.no_resamples",
                "In {n} of {all} resamples the predictors could not be told apart: {rows} rows are too few for a bootstrap of this model. Choose fewer predictors or HC3 standard errors.",
                n = drawn.n_failed,
                all = options.resamples,
                rows = frame.rows.len()
            )));
        }
        if drawn.n_failed > 0 {
            ctx.note(msg!(
                "regression.linear.failed_resamples",
                "{n} of {all} resamples are left out: the predictors could not be told apart in them.",
                n = drawn.n_failed,
                all = options.resamples
            ));
        }
        let covariance = drawn.covariance();
        let df = fitted.df_residual;
        let mut coefficients = fitted.coefficients_with_df(&covariance, df, options.level);
        let ends = drawn.percentile_intervals(options.level);
        for (&c, (low, high)) in fitted.kept.iter().zip(ends) {
            coefficients[c].ci_lower = low;
            coefficients[c].ci_upper = high;
        }
        Ok(Self {
            coefficients,
            covariance,
            df,
            note: msg!(
                "regression.linear.bootstrap_note",
                "Standard errors and percentile intervals from {n} resamples of the rows; t with {df} degrees of freedom.",
                n = drawn.n_used(),
                df = fitted.df_residual
            ),
        })
    }
}

/// The covariance of the kept columns of a fit, the degrees of freedom of its tests, and the number of
/// clusters: the covariance without clusters where the chosen errors come from resamples.
pub(super) fn covariance(
    options: &Options,
    frame: &Frame,
    problem: &Problem,
    fitted: &Fit,
) -> (Square<f64>, f64, usize) {
    let df = fitted.df_residual;
    let linearised = options.is_sample().then_some(HcKind::Linearised);
    if options.errors == Errors::Cluster {
        let (kind, lost) = match linearised {
            Some(_) => (ClusterKind::Linearised, fitted.kept.len()),
            None => (ClusterKind::Cr1, 1),
        };
        let clusters = &frame.groups[0].codes;
        let clustered = cluster_covariance(problem, fitted, clusters, kind);
        let n = clustered.n_clusters;
        return (clustered.covariance, n as f64 - lost as f64, n);
    }
    let covariance = match options.errors.kind().or(linearised) {
        Some(kind) => robust_covariance(problem, fitted, kind),
        None => fitted.covariance(),
    };
    (covariance, df, 0)
}
