//! Which means differ.

use super::data::Data;
use super::{Combinations, Options, PostHoc};
use crate::models::repeated::{Contrast, Mean, Repeated, subsets};
use crate::msg;
use crate::report::Msg;
use crate::stats::compact_letters::compact_letters;
use crate::stats::p_adjust::{
    benjamini_hochberg, benjamini_yekutieli, bonferroni, hochberg, holm, hommel,
};
use crate::stats::post_hoc::{Pairwise, t_reach, tukey_p, tukey_reach};

/// The marginal means of one term, and their comparisons.
pub(super) struct Compared {
    /// Places of the factors, those within first.
    pub term: Vec<usize>,
    pub means: Vec<Mean>,
    /// Names of the levels of each mean.
    pub names: Vec<String>,
    pub pairs: Vec<Pairwise>,
    /// One entry a mean when all pairs were compared.
    pub letters: Vec<String>,
}

/// More means than this are not compared pair by pair.
const MAX_MEANS: usize = 60;

pub(super) fn compare(options: &Options, data: &Data, model: &Repeated) -> Vec<Compared> {
    let n = data.factors.len();
    let terms = subsets(n).into_iter().skip(1);
    terms
        .map(|term| {
            let (within, between): (Vec<usize>, Vec<usize>) =
                term.iter().partition(|f| **f < data.n_within);
            let between: Vec<usize> = between.iter().map(|f| f - data.n_within).collect();
            let means = model.means(&within, &between);
            let families = families(options, &term, &means);
            let pairs: Vec<Pairwise> = families
                .iter()
                .flat_map(|family| corrected(options, model, &means, family))
                .collect();
            let is_complete = term.len() == 1 || options.combinations == Combinations::All;
            let letters = if pairs.is_empty() || !is_complete {
                Vec::new()
            } else {
                letters(options, &means, &pairs)
            };
            Compared {
                names: means
                    .iter()
                    .map(|m| data.levels_name(&term, &m.levels))
                    .collect(),
                term,
                means,
                pairs,
                letters,
            }
        })
        .collect()
}

/// Means that are compared with one another, each family corrected by itself.
fn families(options: &Options, term: &[usize], means: &[Mean]) -> Vec<Vec<usize>> {
    if options.post_hoc == PostHoc::None || means.len() > MAX_MEANS {
        return Vec::new();
    }
    match options.combinations {
        _ if term.len() == 1 => vec![(0..means.len()).collect()],
        Combinations::All => vec![(0..means.len()).collect()],
        Combinations::None => Vec::new(),
        Combinations::Simple => {
            let mut families: Vec<Vec<usize>> = Vec::new();
            for varied in 0..term.len() {
                let mut known: Vec<(Vec<usize>, Vec<usize>)> = Vec::new();
                for (m, mean) in means.iter().enumerate() {
                    let mut others = mean.levels.clone();
                    others.remove(varied);
                    match known.iter_mut().find(|(o, _)| *o == others) {
                        Some((_, family)) => family.push(m),
                        None => known.push((others, vec![m])),
                    }
                }
                families.extend(known.into_iter().map(|(_, family)| family));
            }
            families
        }
    }
}

fn corrected(
    options: &Options,
    model: &Repeated,
    means: &[Mean],
    family: &[usize],
) -> Vec<Pairwise> {
    let contrasts: Vec<Contrast> = (0..family.len())
        .flat_map(|a| (a + 1..family.len()).map(move |b| (a, b)))
        .map(|(a, b)| model.contrast(means, family[a], family[b]))
        .collect();
    let p: Vec<f64> = contrasts.iter().map(|c| c.p).collect();
    let (df, level, k) = (model.df, options.level, family.len());
    let p = match options.post_hoc {
        PostHoc::Tukey => contrasts.iter().map(|c| tukey_p(c.t, k, df)).collect(),
        PostHoc::Holm => holm(&p),
        PostHoc::Bonferroni => bonferroni(&p),
        PostHoc::Hochberg => hochberg(&p),
        PostHoc::Hommel => hommel(&p),
        PostHoc::BenjaminiHochberg => benjamini_hochberg(&p),
        PostHoc::BenjaminiYekutieli => benjamini_yekutieli(&p),
        PostHoc::Uncorrected | PostHoc::None => p,
    };
    let reach = match options.post_hoc {
        PostHoc::Tukey => tukey_reach(k, df, level),
        PostHoc::Bonferroni => t_reach(df, 1.0 - (1.0 - level) / contrasts.len() as f64),
        _ => t_reach(df, level),
    };
    contrasts
        .iter()
        .zip(p)
        .map(|(c, p)| Pairwise {
            first: c.first,
            second: c.second,
            difference: c.difference,
            standard_error: c.standard_error,
            df,
            t: c.t,
            p,
            low: c.difference - reach * c.standard_error,
            high: c.difference + reach * c.standard_error,
        })
        .collect()
}

/// Means share a letter unless they differ; the highest mean has the first one.
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

/// How the comparisons were made.
pub(super) fn method(post_hoc: PostHoc) -> Msg {
    let corrected = |name: &str| {
        msg!(
            "compare.repeated_measures.by_name",
            "p values corrected by {name}’s method; intervals are for each comparison by itself.",
            name = name
        )
    };
    match post_hoc {
        PostHoc::Tukey => msg!(
            "compare.repeated_measures.by_tukey",
            "Tukey’s method, each comparison with its own variance; simultaneous intervals."
        ),
        PostHoc::Bonferroni => msg!(
            "compare.repeated_measures.by_bonferroni",
            "p values and intervals corrected by Bonferroni’s method."
        ),
        PostHoc::Holm => corrected("Holm"),
        PostHoc::Hochberg => corrected("Hochberg"),
        PostHoc::Hommel => corrected("Hommel"),
        PostHoc::BenjaminiHochberg => corrected("Benjamini–Hochberg"),
        PostHoc::BenjaminiYekutieli => corrected("Benjamini–Yekutieli"),
        PostHoc::Uncorrected | PostHoc::None => msg!(
            "compare.repeated_measures.by_none",
            "Neither p values nor intervals are corrected."
        ),
    }
}
