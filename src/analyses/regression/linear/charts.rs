//! Effects side by side.

use super::Options;
use crate::models::design::Design;
use crate::models::linear::{Coefficient, Fit};
use crate::msg;
use crate::report::{Along, Axis, Chart, Format, Mark, Msg, Tone};

/// Effects in standard deviations of the outcome, so that they can be compared.
pub(super) fn coefficient_chart(
    options: &Options,
    design: &Design,
    fitted: &Fit,
    coefficients: &[Coefficient],
    names: &[Msg],
) -> Chart {
    let shown: Vec<usize> = fitted
        .kept
        .iter()
        .copied()
        .filter(|&c| !design.parts[c].is_empty() && fitted.standardised[c].is_finite())
        .collect();
    let factor = |c: usize| fitted.standardised[c] / coefficients[c].estimate;
    let values = |of: fn(&Coefficient) -> f64| {
        shown
            .iter()
            .map(|&c| of(&coefficients[c]) * factor(c))
            .collect::<Vec<_>>()
    };
    Chart::new(
        "effects",
        msg!("regression.linear.effects", "Which predictors matter most?"),
        Axis::linear(msg!(
            "regression.linear.standardised_axis",
            "Standardised coefficient, with its {level} interval",
            level = (options.level, Format::Percent(0))
        ))
        .from_zero()
        .format(Format::Fixed(2)),
        Axis::category(
            Msg::verbatim(""),
            shown.iter().map(|&c| names[c].clone()).collect(),
        ),
    )
    .mark(Mark::Rule {
        across: Along::X,
        value: 0.0,
        label: None,
    })
    .mark(Mark::Intervals {
        along: Along::Y,
        at: (0..shown.len()).map(|i| i as f64).collect(),
        centre: values(|b| b.estimate),
        low: values(|b| b.ci_lower),
        high: values(|b| b.ci_upper),
        tone: Tone::Accent,
        n: Vec::new(),
    })
}
