//! The answer in words.

use super::data::Data;
use super::post_hoc::Compared;
use super::{Correction, Fitted, Options, term_name};
use crate::frame::comparisons::term_effect;
use crate::msg;
use crate::report::{Arg, Format, Msg};

/// Terms beyond this are left to the table.
const MAX_TERMS: usize = 5;

pub(super) fn summary(
    options: &Options,
    data: &Data,
    fitted: &Fitted,
    compared: &[Compared],
) -> Vec<Msg> {
    let alpha = 1.0 - options.level;
    let mut lines = Vec::new();
    for line in fitted.lines.iter().take(MAX_TERMS) {
        let term = term_name(data, &line.term);
        if !line.effect.f.is_finite() {
            lines.push(msg!(
                "compare.repeated_measures.no_error",
                "{term} cannot be tested: nothing varies but the means.",
                term = term
            ));
            continue;
        }
        let details = msg!(
            "compare.repeated_measures.details",
            "F({df1}, {df2}) = {f}, p {p}, generalised η² = {share}",
            df1 = (line.chosen.df1, df_format(line.chosen.df1)),
            df2 = (line.chosen.df2, df_format(line.chosen.df2)),
            f = (line.effect.f, Format::Fixed(2)),
            p = (line.chosen.p, Format::PEquals),
            share = (line.generalised, Format::Fixed(2))
        );
        let outcome = data.outcome.as_str();
        let is_sure = line.chosen.p < alpha;
        let has_several = line.term.len() > 1;
        lines.push(term_effect(is_sure, has_several, outcome, term, details));
    }
    lines.extend(sphericity(options, data, fitted));
    lines.extend(extremes(options, data, fitted, compared));
    lines
}

/// Whole numbers whole, shrunk ones with two digits.
fn df_format(df: f64) -> Format {
    if df == df.round() {
        Format::Integer
    } else {
        Format::Fixed(2)
    }
}

/// Where the differences have unequal variances.
fn sphericity(options: &Options, data: &Data, fitted: &Fitted) -> Option<Msg> {
    let uneven: Vec<Arg> = fitted
        .model
        .strata
        .iter()
        .filter(|s| s.sphericity.is_some_and(|t| t.p < 0.05))
        .map(|s| Arg::from(term_name(data, &s.within)))
        .collect();
    if uneven.is_empty() {
        return None;
    }
    Some(if options.correction == Correction::None {
        msg!(
            "compare.repeated_measures.uncorrected",
            "Sphericity does not hold for {terms}, so these p values are too small. Choose a correction.",
            terms = uneven
        )
    } else {
        msg!(
            "compare.repeated_measures.corrected",
            "Sphericity does not hold for {terms}; the degrees of freedom above allow for it.",
            terms = uneven
        )
    })
}

/// The highest and the lowest mean of the first factor.
fn extremes(options: &Options, data: &Data, fitted: &Fitted, compared: &[Compared]) -> Option<Msg> {
    let first = compared.iter().find(|c| c.term == [0])?;
    let line = fitted.lines.iter().find(|l| l.term == [0])?;
    let by_value = |a: &usize, b: &usize| first.means[*a].value.total_cmp(&first.means[*b].value);
    let places = || 0..first.means.len();
    let (low, high) = (places().min_by(by_value)?, places().max_by(by_value)?);
    (line.chosen.p < 1.0 - options.level && low != high).then(|| {
        msg!(
            "compare.repeated_measures.extremes",
            "By {factor}, “{high}” has the highest mean ({most}), “{low}” the lowest ({least}).",
            factor = &data.factors[0].name,
            high = &first.names[high],
            most = (first.means[high].value, Format::General),
            low = &first.names[low],
            least = (first.means[low].value, Format::General)
        )
    })
}
