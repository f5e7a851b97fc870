//! Which means differ.

use super::data::Data;
use super::{Combinations, Options, PostHoc};
use crate::frame::comparisons::{compared, letters, simple_families};
use crate::models::repeated::{Mean, Repeated, subsets};
use crate::msg;
use crate::report::Msg;
use crate::stats::post_hoc::{Contrast, Pairwise, pairs as all_pairs};

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
                .flat_map(|family| pairs(options, model, &means, family))
                .collect();
            let is_complete = term.len() == 1 || options.combinations == Combinations::All;
            let letters = if pairs.is_empty() || !is_complete {
                Vec::new()
            } else {
                let values: Vec<f64> = means.iter().map(|m| m.value).collect();
                letters(&values, &pairs, options.level)
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
            let levels: Vec<&[usize]> = means.iter().map(|m| &m.levels[..]).collect();
            let families = simple_families(&levels).into_iter();
            families.map(|(_, family)| family).collect()
        }
    }
}

fn pairs(options: &Options, model: &Repeated, means: &[Mean], family: &[usize]) -> Vec<Pairwise> {
    let Some(method) = options.post_hoc.method() else {
        return Vec::new();
    };
    let contrasts: Vec<Contrast> = all_pairs(family.len())
        .map(|(a, b)| model.contrast(means, family[a], family[b]))
        .collect();
    compared(&contrasts, family.len(), model.df, options.level, method)
}

/// How the comparisons were made.
pub(super) fn note(post_hoc: PostHoc) -> Msg {
    match post_hoc {
        PostHoc::Tukey => msg!(
            "compare.repeated_measures.by_tukey",
            "Tukey’s method, each comparison with its own variance; simultaneous intervals."
        ),
        other => other.note(),
    }
}
