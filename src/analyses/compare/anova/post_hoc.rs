//! Which means differ.

use super::{Data, Fitted, Options, PostHoc};
use crate::models::anova::Mean;
use crate::msg;
use crate::report::Msg;
use crate::spec::RunError;
use crate::stats::compact_letters::compact_letters;
use crate::stats::p_adjust::{benjamini_hochberg, bonferroni, holm};
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
}

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
        let pairs = if is_compared {
            pairs(options, data, fitted, term, &means)?
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
) -> Result<Vec<Pairwise>, RunError> {
    let anova = &fitted.anova;
    let (df, level) = (anova.df_residual, options.level);
    match options.post_hoc {
        PostHoc::GamesHowell => return Ok(games_howell(&data.raw_groups(fitted, term), level)),
        PostHoc::Dunnett => {
            let control = control(options, data)?;
            let groups = data.raw_groups(fitted, term);
            return Ok(dunnett(&groups, control, anova.ms_residual(), df, level));
        }
        _ => {}
    }
    let contrasts = anova.contrasts(means);
    let p: Vec<f64> = contrasts.iter().map(|c| c.p).collect();
    let n = contrasts.len() as f64;
    let (p, reach) = match options.post_hoc {
        PostHoc::Tukey => (
            contrasts
                .iter()
                .map(|c| tukey_p(c.t, means.len(), df))
                .collect(),
            tukey_reach(means.len(), df, level),
        ),
        PostHoc::Holm => (holm(&p), t_reach(df, level)),
        PostHoc::BenjaminiHochberg => (benjamini_hochberg(&p), t_reach(df, level)),
        PostHoc::Bonferroni => (bonferroni(&p), t_reach(df, 1.0 - (1.0 - level) / n)),
        _ => (p, t_reach(df, level)),
    };
    let pairwise = |(c, p): (&crate::models::anova::Contrast, f64)| Pairwise {
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
        PostHoc::Uncorrected | PostHoc::None => msg!(
            "compare.anova.by_none",
            "Neither p values nor intervals are corrected."
        ),
    }
}
