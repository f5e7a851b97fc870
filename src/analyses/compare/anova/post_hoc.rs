//! Which means differ.

use super::{Data, Fitted, Options, PostHoc};
use crate::models::anova::{Contrast, Mean};
use crate::msg;
use crate::report::Msg;
use crate::spec::RunError;
use crate::stats::compact_letters::compact_letters;
use crate::stats::distributions::f;
use crate::stats::linalg::{Cholesky, Square};
use crate::stats::p_adjust::{
    benjamini_hochberg, benjamini_yekutieli, bonferroni, hochberg, holm, hommel,
};
use crate::stats::post_hoc::{Pairwise, dunnett, games_howell, t_reach, tukey_p, tukey_reach};

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
            letters(options, &means, &pairs)
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
    let contrasts: Vec<Contrast> = (0..family.len())
        .flat_map(|a| (a + 1..family.len()).map(move |b| (a, b)))
        .map(|(a, b)| anova.contrast(means, family[a], family[b]))
        .collect();
    let p: Vec<f64> = contrasts.iter().map(|c| c.p).collect();
    let n = contrasts.len() as f64;
    let (p, reach) = match options.post_hoc {
        PostHoc::Tukey => (
            contrasts
                .iter()
                .map(|c| tukey_p(c.t, family.len(), df))
                .collect(),
            tukey_reach(family.len(), df, level),
        ),
        PostHoc::Holm => (holm(&p), t_reach(df, level)),
        PostHoc::Hochberg => (hochberg(&p), t_reach(df, level)),
        PostHoc::Hommel => (hommel(&p), t_reach(df, level)),
        PostHoc::BenjaminiHochberg => (benjamini_hochberg(&p), t_reach(df, level)),
        PostHoc::BenjaminiYekutieli => (benjamini_yekutieli(&p), t_reach(df, level)),
        PostHoc::Bonferroni => (bonferroni(&p), t_reach(df, 1.0 - (1.0 - level) / n)),
        _ => (p, t_reach(df, level)),
    };
    let pairwise = |(c, p): (&Contrast, f64)| Pairwise {
        first: c.first,
        second: c.second,
        difference: c.difference,
        standard_error: c.standard_error,
        df,
        t: c.t,
        p,
        low: c.difference - reach * c.standard_error,
        high: c.difference + reach * c.standard_error,
    };
    Ok(contrasts.iter().zip(p).map(pairwise).collect())
}

/// Each factor of an interaction by itself, at each combination of the others' levels.
fn simple(
    options: &Options,
    data: &Data,
    fitted: &Fitted,
    term: &[usize],
    means: &[Mean],
) -> Result<Vec<Simple>, RunError> {
    let mut all: Vec<Simple> = Vec::new();
    for (varied, &factor) in term.iter().enumerate() {
        let mut families: Vec<(Held, Vec<usize>)> = Vec::new();
        for (m, mean) in means.iter().enumerate() {
            let levels = term.iter().copied().zip(mean.levels.iter().copied());
            let mut held: Held = levels.collect();
            held.remove(varied);
            match families.iter_mut().find(|(known, _)| *known == held) {
                Some((_, family)) => family.push(m),
                None => families.push((held, vec![m])),
            }
        }
        for (held, family) in families {
            let (f, df1, p) = joint_test(fitted, means, &family);
            let pairs = match options.post_hoc {
                PostHoc::None => Vec::new(),
                _ => pairs(options, data, fitted, term, means, &family)?,
            };
            all.push(Simple {
                factor,
                held,
                f,
                df1,
                p,
                pairs,
            });
        }
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

/// Groups share a letter unless they differ; the highest mean has the first one.
fn letters(options: &Options, means: &[Mean], pairs: &[Pairwise]) -> Vec<String> {
    let mut order: Vec<usize> = (0..means.len()).collect();
    order.sort_by(|&a, &b| means[b].value.total_cmp(&means[a].value));
    let alpha = 1.0 - options.level;
    compact_letters(means.len(), &order, &|a, b| {
        pairs
            .iter()
            .any(|p| (p.first, p.second) == (a, b) && p.p < alpha)
    })
}

fn counts(data: &Data, fitted: &Fitted, term: &[usize], n_means: usize) -> Vec<f64> {
    let mut counts = vec![0.0; n_means];
    for cell in &fitted.anova.cells.list {
        let place = term.iter().fold(0, |p, &f| {
            p * data.factors[f].n_levels + cell.levels[f] as usize
        });
        counts[place] += match data.weighting() {
            Some(crate::models::anova::WeightKind::Frequency) => cell.weight.value(),
            _ => cell.n_rows as f64,
        };
    }
    counts
}

/// How the comparisons were made.
pub(super) fn method(post_hoc: PostHoc) -> Msg {
    match post_hoc {
        PostHoc::Tukey => msg!(
            "compare.anova.by_tukey",
            "Tukey’s method; simultaneous intervals."
        ),
        PostHoc::GamesHowell => msg!(
            "compare.anova.by_games_howell",
            "Games and Howell’s method of raw means, each with its own variance; simultaneous intervals."
        ),
        PostHoc::Dunnett => msg!(
            "compare.anova.by_dunnett",
            "Dunnett’s method; simultaneous intervals."
        ),
        PostHoc::Holm => msg!(
            "compare.anova.by_holm",
            "p values corrected by Holm’s method; intervals are for each comparison by itself."
        ),
        PostHoc::Bonferroni => msg!(
            "compare.anova.by_bonferroni",
            "p values and intervals corrected by Bonferroni’s method."
        ),
        PostHoc::BenjaminiHochberg => msg!(
            "compare.anova.by_bh",
            "p values corrected by Benjamini and Hochberg’s method; intervals are for each comparison by itself."
        ),
        PostHoc::BenjaminiYekutieli => msg!(
            "compare.anova.by_by",
            "p values corrected by Benjamini and Yekutieli’s method; intervals are for each comparison by itself."
        ),
        PostHoc::Hochberg => msg!(
            "compare.anova.by_hochberg",
            "p values corrected by Hochberg’s method; intervals are for each comparison by itself."
        ),
        PostHoc::Hommel => msg!(
            "compare.anova.by_hommel",
            "p values corrected by Hommel’s method; intervals are for each comparison by itself."
        ),
        PostHoc::Uncorrected | PostHoc::None => msg!(
            "compare.anova.by_none",
            "Neither p values nor intervals are corrected."
        ),
    }
}
