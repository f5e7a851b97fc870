//! Which means differ.

use super::{Data, Fitted, Options, PostHoc};
use crate::frame::comparisons::{compared, letters, simple_families};
use crate::models::anova::Mean;
use crate::msg;
use crate::spec::RunError;
use crate::stats::distributions::f;
use crate::stats::linalg::{Cholesky, Square};
use crate::stats::post_hoc::{Contrast, Pairwise, dunnett, games_howell, pairs as all_pairs};

/// The marginal means of one term, and their comparisons.
pub(super) struct Compared {
    pub term: Vec<usize>,
    pub means: Vec<Mean>,
    /// Names of the levels of each mean.
    pub names: Vec<String>,
    /// Rows behind each mean.
    pub n: Vec<f64>,
    pub pairs: Vec<Pairwise>,
    /// One entry a mean when all pairs were compared.
    pub letters: Vec<String>,
    /// The effects of each factor of an interaction within each level of the others.
    pub simple: Vec<Simple>,
}

/// The effect of one factor where the levels of the others are held.
pub(super) struct Simple {
    /// The factor that varies.
    pub factor: usize,
    pub held: Held,
    pub f: f64,
    pub df1: f64,
    pub p: f64,
    pub pairs: Vec<Pairwise>,
}

/// Factors held and their levels.
type Held = Vec<(usize, usize)>;

/// More means than this are not compared pair by pair.
const MAX_MEANS: usize = 60;

pub(super) fn compare(
    options: &Options,
    data: &Data,
    fitted: &Fitted,
) -> Result<Vec<Compared>, RunError> {
    if options.post_hoc == PostHoc::Dunnett && !data.is_one_way() {
        return Err(RunError::option(
            "post_hoc",
            msg!(
                "compare.anova.dunnett_alone",
                "Dunnett's comparisons are for one factor without covariates. Choose another method."
            ),
        ));
    }
    let mut out = Vec::new();
    for term in &fitted.terms {
        let means = fitted.anova.means(term);
        let is_compared = (term.len() == 1 || options.compare_interactions)
            && options.post_hoc != PostHoc::None
            && means.len() <= MAX_MEANS;
        let all: Vec<usize> = (0..means.len()).collect();
        let pairs = if is_compared {
            pairs(options, data, fitted, term, &means, &all)?
        } else {
            Vec::new()
        };
        let simple = if options.simple_effects && term.len() > 1 && means.len() <= MAX_MEANS {
            simple(options, data, fitted, term, &means)?
        } else {
            Vec::new()
        };
        let letters = if pairs.is_empty() || options.post_hoc == PostHoc::Dunnett {
            Vec::new()
        } else {
            let values: Vec<f64> = means.iter().map(|m| m.value).collect();
            letters(&values, &pairs, options.level)
        };
        out.push(Compared {
            names: means
                .iter()
                .map(|m| data.levels_name(term, &m.levels))
                .collect(),
            n: counts(data, fitted, term, means.len()),
            term: term.clone(),
            means,
            pairs,
            letters,
            simple,
        });
    }
    Ok(out)
}

fn pairs(
    options: &Options,
    data: &Data,
    fitted: &Fitted,
    term: &[usize],
    means: &[Mean],
    family: &[usize],
) -> Result<Vec<Pairwise>, RunError> {
    let anova = &fitted.anova;
    let (df, level) = (anova.df_residual, options.level);
    match options.post_hoc {
        PostHoc::GamesHowell => {
            let groups = data.raw_groups(fitted, term);
            let own: Vec<_> = family.iter().map(|&m| groups[m]).collect();
            let placed = |pair: Pairwise| Pairwise {
                first: family[pair.first],
                second: family[pair.second],
                ..pair
            };
            return Ok(games_howell(&own, level).into_iter().map(placed).collect());
        }
        PostHoc::Dunnett => {
            let control = control(options, data)?;
            let groups = data.raw_groups(fitted, term);
            return Ok(dunnett(&groups, control, anova.ms_residual(), df, level));
        }
        _ => {}
    }
    let Some(method) = options.post_hoc.method() else {
        return Ok(Vec::new());
    };
    let contrasts: Vec<Contrast> = all_pairs(family.len())
        .map(|(a, b)| anova.contrast(means, family[a], family[b]))
        .collect();
    Ok(compared(&contrasts, family.len(), df, level, method))
}

/// Each factor of an interaction by itself, at each combination of the others' levels.
fn simple(
    options: &Options,
    data: &Data,
    fitted: &Fitted,
    term: &[usize],
    means: &[Mean],
) -> Result<Vec<Simple>, RunError> {
    let levels: Vec<&[usize]> = means.iter().map(|m| &m.levels[..]).collect();
    let mut all: Vec<Simple> = Vec::new();
    for (varied, family) in simple_families(&levels) {
        let mut held: Held = term
            .iter()
            .copied()
            .zip(levels[family[0]].iter().copied())
            .collect();
        held.remove(varied);
        let (f, df1, p) = joint_test(fitted, means, &family);
        let pairs = match options.post_hoc {
            PostHoc::None => Vec::new(),
            _ => pairs(options, data, fitted, term, means, &family)?,
        };
        all.push(Simple {
            factor: term[varied],
            held,
            f,
            df1,
            p,
            pairs,
        });
    }
    Ok(all)
}

/// Whether the means of a family are all the same: F with its degrees of freedom and p. NaN where
/// empty cells leave a mean undefined.
fn joint_test(fitted: &Fitted, means: &[Mean], family: &[usize]) -> (f64, f64, f64) {
    let anova = &fitted.anova;
    let (last, others) = family.split_last().expect("levels of a factor");
    let from_last: Vec<Contrast> = others
        .iter()
        .map(|&m| anova.contrast(means, m, *last))
        .collect();
    let k = others.len();
    let df1 = k as f64;
    let square = |c: &Contrast| c.standard_error * c.standard_error;
    let mut covariance: Square<f64> = Square::zeros(k);
    for i in 0..k {
        for j in 0..=i {
            // Var(a − b) = Var(a) + Var(b) − 2 Cov(a, b), of differences from the last mean.
            let between = match i == j {
                true => 0.0,
                false => square(&anova.contrast(means, others[i], others[j])),
            };
            let shared = 0.5 * (square(&from_last[i]) + square(&from_last[j]) - between);
            *covariance.at_mut(i, j) = shared;
            *covariance.at_mut(j, i) = shared;
        }
    }
    let differences: Vec<f64> = from_last.iter().map(|c| c.difference).collect();
    let is_known = covariance.data.iter().all(|v| v.is_finite());
    if !is_known || !differences.iter().all(|d| d.is_finite()) {
        return (f64::NAN, df1, f64::NAN);
    }
    let floor: Vec<f64> = (0..k).map(|i| 1e-12 * covariance.at(i, i)).collect();
    let factor = Cholesky::with_rank(&covariance, &floor);
    if !factor.aliased.is_empty() {
        return (f64::NAN, df1, f64::NAN);
    }
    let solved = factor.solve(&differences);
    let quadratic: f64 = differences.iter().zip(solved).map(|(d, s)| d * s).sum();
    let statistic = quadratic / df1;
    (statistic, df1, f::sf(statistic, df1, anova.df_residual))
}

fn control(options: &Options, data: &Data) -> Result<usize, RunError> {
    let names = &data.frame.groups[0].names;
    match options.control.trim() {
        "" => Ok(0),
        wanted => names.iter().position(|n| n == wanted).ok_or_else(|| {
            RunError::option(
                "control",
                msg!(
                    "frame.no_such_row",
                    "No row that is used has the level “{level}”.",
                    level = wanted
                ),
            )
        }),
    }
}

fn counts(data: &Data, fitted: &Fitted, term: &[usize], n_means: usize) -> Vec<f64> {
    let mut counts = vec![0.0; n_means];
    for cell in &fitted.anova.cells.list {
        let place = term.iter().fold(0, |p, &f| {
            p * data.factors[f].n_levels + cell.levels[f] as usize
        });
        counts[place] += match data.weighting() {
            Some(crate::models::WeightKind::Frequency) => cell.weight.value(),
            _ => cell.n_rows as f64,
        };
    }
    counts
}
