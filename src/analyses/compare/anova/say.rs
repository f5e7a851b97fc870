//! The answer in words.

use super::post_hoc::Compared;
use super::{Data, Fitted, Options};
use crate::frame::comparisons::term_effect;
use crate::models::anova::Source;
use crate::msg;
use crate::report::{Format, Msg};

/// Terms beyond this are left to the table.
const MAX_TERMS: usize = 4;

pub(super) fn summary(
    options: &Options,
    data: &Data,
    fitted: &Fitted,
    compared: &[Compared],
) -> Vec<Msg> {
    let alpha = 1.0 - options.level;
    let mut lines = Vec::new();
    for (line, share) in fitted.lines.iter().zip(&fitted.shares) {
        let Source::Term(t) = line.source else {
            continue;
        };
        if lines.len() == MAX_TERMS {
            break;
        }
        let details = msg!(
            "compare.anova.details",
            "F({df1}, {df2}) = {f}, p {p}, partial η² = {share}",
            df1 = (line.df, Format::General),
            df2 = (fitted.anova.df_residual, Format::General),
            f = (line.f, Format::Fixed(2)),
            p = (line.p, Format::PEquals),
            share = (share.eta_partial, Format::Fixed(2))
        );
        let term = data.term_name(&fitted.terms[t]);
        let outcome = options.outcome.as_str();
        let is_sure = line.p < alpha;
        let has_several = fitted.terms[t].len() > 1;
        lines.push(term_effect(is_sure, has_several, outcome, term, details));
    }
    lines.extend(extremes(options, fitted, compared));
    lines
}

/// The highest and the lowest mean of the first term.
fn extremes(options: &Options, fitted: &Fitted, compared: &[Compared]) -> Option<Msg> {
    let first = compared.first()?;
    let sure = fitted
        .lines
        .iter()
        .find(|l| l.source == Source::Term(0))
        .is_some_and(|l| l.p < 1.0 - options.level);
    let by_value = |a: &usize, b: &usize| first.means[*a].value.total_cmp(&first.means[*b].value);
    let known = || (0..first.means.len()).filter(|&m| first.means[m].value.is_finite());
    let (low, high) = (known().min_by(by_value)?, known().max_by(by_value)?);
    (sure && low != high).then(|| {
        msg!(
            "compare.anova.extremes",
            "“{high}” has the highest mean ({most}), “{low}” the lowest ({least}).",
            high = &first.names[high],
            most = (first.means[high].value, Format::General),
            low = &first.names[low],
            least = (first.means[low].value, Format::General)
        )
    })
}
