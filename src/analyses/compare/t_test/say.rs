//! The answer in words.

use super::{Effect, Options, Outcome, Question};
use crate::frame::contrasts::{Contrast, Design};
use crate::msg;
use crate::report::{Format, Msg};

/// One sentence for one comparison.
pub(super) fn summary(options: &Options, contrast: &Contrast, result: &Outcome) -> Msg {
    let details = details(options, result);
    let name = contrast.name.as_str();
    let (first, second) = sides(options, contrast);
    let size = (
        (result.difference.estimate - options.null).abs(),
        Format::General,
    );
    let sure = result.p_adjusted < 1.0 - options.level;
    let up = result.difference.estimate > options.null;
    match (options.question, sure) {
        (Question::Equivalent, true) => msg!(
            "compare.t_test.is_equivalent",
            "{name}: {first} and {second} are equivalent within the margin ({details}).",
            name = name,
            first = first,
            second = second,
            details = details
        ),
        (Question::Equivalent, false) => msg!(
            "compare.t_test.not_equivalent",
            "{name}: it is not shown that {first} and {second} are equivalent within the margin ({details}).",
            name = name,
            first = first,
            second = second,
            details = details
        ),
        (Question::NotInferior, true) => msg!(
            "compare.t_test.is_not_inferior",
            "{name}: {first} is not worse than {second} by more than the margin ({details}).",
            name = name,
            first = first,
            second = second,
            details = details
        ),
        (Question::NotInferior, false) => msg!(
            "compare.t_test.may_be_inferior",
            "{name}: {first} may be worse than {second} by more than the margin ({details}).",
            name = name,
            first = first,
            second = second,
            details = details
        ),
        (_, false) => msg!(
            "compare.t_test.not_shown",
            "{name}: the difference of {size} between {first} and {second} can be chance ({details}).",
            name = name,
            size = size,
            first = first,
            second = second,
            details = details
        ),
        (_, true) if up => msg!(
            "compare.t_test.higher",
            "{name}: {first} is {size} above {second} ({details}).",
            name = name,
            size = size,
            first = first,
            second = second,
            details = details
        ),
        (_, true) => msg!(
            "compare.t_test.lower",
            "{name}: {first} is {size} below {second} ({details}).",
            name = name,
            size = size,
            first = first,
            second = second,
            details = details
        ),
    }
}

/// What stands on both sides of the difference.
fn sides(options: &Options, contrast: &Contrast) -> (Msg, Msg) {
    let quoted = |name: &str| msg!("compare.t_test.side", "“{side}”", side = name);
    let first = &contrast.sides[0].name;
    match (contrast.design, contrast.sides.get(1)) {
        (Design::One, _) | (_, None) => (
            msg!("compare.t_test.the_mean", "the mean"),
            msg!(
                "compare.t_test.value",
                "{value}",
                value = (options.null, Format::General)
            ),
        ),
        (_, Some(second)) => (quoted(first), quoted(&second.name)),
    }
}

fn details(options: &Options, result: &Outcome) -> Msg {
    let symbol = match options.effect {
        Effect::Hedges => "g",
        Effect::Cohen => "d",
    };
    msg!(
        "compare.t_test.details",
        "t = {t}, df = {df}, p {p}; {symbol} = {effect}, {size}",
        t = (result.test.t, Format::Fixed(2)),
        df = (result.test.df, Format::Significant(4)),
        p = (result.p_adjusted, Format::PEquals),
        symbol = symbol,
        effect = (result.effect.value, Format::Fixed(2)),
        size = size(result.effect.value)
    )
}

/// Cohen's (1988) steps of 0.2, 0.5 and 0.8.
fn size(effect: f64) -> Msg {
    match effect.abs() {
        0.8.. => msg!("compare.t_test.large", "a large effect"),
        0.5.. => msg!("compare.t_test.medium", "a medium effect"),
        0.2.. => msg!("compare.t_test.small", "a small effect"),
        _ => msg!("compare.t_test.negligible", "a negligible effect"),
    }
}
