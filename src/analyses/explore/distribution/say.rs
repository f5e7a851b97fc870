//! The shape in plain words.

use super::{Options, Sample};
use crate::msg;
use crate::report::{Arg, Format, Msg};

/// How the groups compare, and the shape of each: of groups only while there is one column.
pub fn lines(options: &Options, column: &str, samples: &[Sample]) -> Vec<Msg> {
    let mut lines = Vec::new();
    if options.by.is_none() {
        lines.extend(samples.iter().filter_map(|s| shape(column, s)));
        return lines;
    }
    lines.extend(medians(column, samples));
    if options.columns.len() == 1 {
        lines.extend(samples.iter().filter_map(|s| shape(s.name.clone(), s)));
    }
    lines
}

/// Where the medians are highest and lowest.
fn medians(column: &str, samples: &[Sample]) -> Option<Msg> {
    let with_values = || samples.iter().filter(|s| s.n() > 0);
    // Of equal ones the first.
    let high = with_values().reduce(|a, b| if b.median() > a.median() { b } else { a })?;
    let low = with_values().reduce(|a, b| if b.median() < a.median() { b } else { a })?;
    if high.median() == low.median() {
        return Some(msg!(
            "explore.distribution.same_medians",
            "The median of “{column}” is {median} in each group.",
            column = column,
            median = high.median()
        ));
    }
    Some(msg!(
        "explore.distribution.medians",
        "The median of “{column}” is highest in “{high}” ({highest}) and lowest in “{low}” ({lowest}).",
        column = column,
        high = high.name.clone(),
        highest = high.median(),
        low = low.name.clone(),
        lowest = low.median()
    ))
}

fn shape(name: impl Into<Arg>, sample: &Sample) -> Option<Msg> {
    if sample.n() == 0 {
        return None;
    }
    if !sample.has_spread() {
        return Some(msg!(
            "explore.distribution.constant",
            "“{name}” is {value} in all {n} {n|row|rows}.",
            name = name,
            value = sample.sorted[0],
            n = sample.n()
        ));
    }
    let skewness = sample.moments.skewness();
    if skewness.is_nan() {
        return Some(msg!(
            "explore.distribution.too_few",
            "“{name}” has {n} values, too few to tell the shape.",
            name = name,
            n = sample.n()
        ));
    }
    let peaks = match &sample.peaks()[..] {
        [] | [_] => Arg::Text(String::new()),
        several => msg!(
            "explore.distribution.peaks",
            "The density has {n} peaks, near {places}",
            n = several.len(),
            places = several
                .iter()
                .map(|p| (rounded(*p, sample), Format::General))
                .collect::<Vec<_>>()
        )
        .into(),
    };
    Some(msg!(
        "explore.distribution.shape",
        "“{name}” {shape}.[[ {peaks}.]] {outliers}.",
        name = name,
        shape = skew(skewness),
        peaks = peaks,
        outliers = outliers(sample)
    ))
}

/// Bulmer's (1979) steps of 0.5 and 1.
fn skew(skewness: f64) -> Msg {
    let s = (skewness, Format::Fixed(2));
    match skewness {
        1.0.. => msg!(
            "explore.distribution.strong_right",
            "is strongly skewed, with a long tail to the right (skewness {s})",
            s = s
        ),
        0.5.. => msg!(
            "explore.distribution.right",
            "is skewed, with a longer tail to the right (skewness {s})",
            s = s
        ),
        -0.5.. => msg!(
            "explore.distribution.symmetric",
            "is roughly symmetric (skewness {s})",
            s = s
        ),
        -1.0.. => msg!(
            "explore.distribution.left",
            "is skewed, with a longer tail to the left (skewness {s})",
            s = s
        ),
        _ => msg!(
            "explore.distribution.strong_left",
            "is strongly skewed, with a long tail to the left (skewness {s})",
            s = s
        ),
    }
}

fn outliers(sample: &Sample) -> Msg {
    let n = sample.fences.n_beyond();
    if n == 0 {
        return msg!(
            "explore.distribution.no_outliers",
            "No value lies beyond Tukey’s fences"
        );
    }
    msg!(
        "explore.distribution.some_outliers",
        "{n} {n|value lies|values lie} beyond Tukey’s fences ({share})",
        n = n,
        share = (n as f64 / sample.n() as f64, Format::Percent(1))
    )
}

/// A place of a smooth curve, to a tenth of the power of ten below its bandwidth.
fn rounded(place: f64, sample: &Sample) -> f64 {
    let Some(h) = sample.bandwidth else {
        return place;
    };
    let digits = (1.0 - libm::log10(h).floor()).clamp(-15.0, 15.0) as i32;
    let power = libm::exp10(f64::from(digits.abs()));
    match digits >= 0 {
        true => (place * power).round() / power,
        false => (place / power).round() * power,
    }
}
