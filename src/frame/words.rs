//! Words and heads of columns that many reports share.

use crate::msg;
use crate::report::{Format, Head, Msg, TableBlock};

pub fn intercept() -> Msg {
    msg!("frame.intercept", "Intercept")
}

/// The first column of a table of coefficients or tests.
pub fn term() -> Head {
    Head::name("term", msg!("frame.term", "Term"))
}

pub fn level() -> Head {
    Head::name("level", msg!("frame.level", "Level"))
}

pub fn variable() -> Head {
    Head::name("variable", msg!("frame.variable", "Variable"))
}

pub fn estimate() -> Head {
    Head::new("estimate", msg!("frame.estimate", "B"), Format::General)
}

pub fn std_error() -> Head {
    Head::new("std_error", msg!("frame.se", "SE"), Format::General)
}

pub fn f() -> Head {
    Head::new("f", msg!("frame.f", "F"), Format::Fixed(3))
}

pub fn z() -> Head {
    Head::new("z", msg!("frame.z", "z"), Format::Fixed(2))
}

pub fn t() -> Head {
    Head::new("t", msg!("frame.t", "t"), Format::Fixed(2))
}

pub fn p() -> Head {
    Head::new("p", msg!("frame.p", "p"), Format::PValue)
}

pub fn df() -> Head {
    Head::new("df", msg!("frame.df", "df"), Format::General)
}

pub fn chi_squared() -> Head {
    Head::new(
        "chi_squared",
        msg!("frame.chi_squared", "χ²"),
        Format::Fixed(3),
    )
}

pub fn n() -> Head {
    Head::new("n", msg!("frame.n", "Rows"), Format::General)
}

pub fn statistic() -> Head {
    Head::new(
        "statistic",
        msg!("frame.statistic", "Statistic"),
        Format::Fixed(3),
    )
}

/// “95% interval”.
pub fn interval(level: f64) -> Msg {
    msg!(
        "frame.interval",
        "{level} interval",
        level = (level, Format::Percent(0))
    )
}

/// The two ends of an interval, `<prefix>ci_lower` and `<prefix>ci_upper`.
pub fn ends(prefix: &str, level: f64, format: Format) -> [Head; 2] {
    [
        Head::new(
            &format!("{prefix}ci_lower"),
            msg!(
                "frame.ci_lower",
                "{interval} from",
                interval = interval(level)
            ),
            format,
        ),
        Head::new(
            &format!("{prefix}ci_upper"),
            msg!("frame.ci_upper", "to"),
            format,
        ),
    ]
}

/// Names of columns left out because earlier ones say the same.
pub fn aliased(names: Vec<Msg>) -> Msg {
    msg!(
        "frame.aliased",
        "Left out, because other columns already say the same: {names}.",
        names = names
    )
}

pub fn log_likelihood() -> Head {
    Head::new(
        "log_likelihood",
        msg!("frame.log_likelihood", "Log likelihood"),
        Format::Fixed(1),
    )
}

pub fn aic() -> Head {
    Head::new("aic", msg!("frame.aic", "AIC"), Format::Fixed(1))
}

pub fn bic() -> Head {
    Head::new("bic", msg!("frame.bic", "BIC"), Format::Fixed(1))
}

/// That weights must not be negative.
pub fn bad_weights() -> Msg {
    msg!(
        "frame.weights",
        "Weights must not be negative, and one of them must be above zero."
    )
}

/// That no model can be fitted, with the reason.
pub fn impossible(reason: String) -> Msg {
    msg!(
        "frame.impossible",
        "No model can be fitted: {reason}.",
        reason = reason
    )
}

pub fn p_adjusted() -> Head {
    Head::new(
        "p_adjusted",
        msg!("frame.p_adjusted", "p (corrected)"),
        Format::PValue,
    )
}

pub fn bayes_factor() -> Head {
    Head::new("bf10", msg!("frame.bf10", "BF₁₀"), Format::Significant(4))
}

pub fn bayes_against() -> Head {
    Head::new("bf01", msg!("frame.bf01", "BF₀₁"), Format::Significant(4))
}

/// Factors with what they say, a line for each, under a head for what they are of.
pub fn bayes_table(head: Head, lines: impl Iterator<Item = (Msg, f64)>, note: Msg) -> TableBlock {
    let mut table = TableBlock::new(
        "bayes",
        msg!("frame.bayes", "Bayes factors"),
        vec![
            head,
            bayes_factor(),
            bayes_against(),
            Head::name("reading", msg!("frame.reading", "What it says")),
        ],
    );
    for (name, factor) in lines {
        table.row(vec![
            name.into(),
            factor.into(),
            (1.0 / factor).into(),
            bayes_reading(factor).into(),
        ]);
    }
    table.notes.push(note);
    table
}

/// Jeffreys's (1961) steps of 3, 10, 30 and 100.
pub fn bayes_reading(factor: f64) -> Msg {
    let strength = if factor < 1.0 { 1.0 / factor } else { factor };
    match (factor >= 1.0, strength) {
        (_, s) if s.is_nan() => msg!("frame.bayes_none", "Cannot be computed"),
        (true, 100.0..) => msg!("frame.bayes_extreme", "Extreme evidence for an effect"),
        (true, 30.0..) => msg!(
            "frame.bayes_very_strong",
            "Very strong evidence for an effect"
        ),
        (true, 10.0..) => msg!("frame.bayes_strong", "Strong evidence for an effect"),
        (true, 3.0..) => msg!("frame.bayes_moderate", "Moderate evidence for an effect"),
        (true, _) => msg!("frame.bayes_weak", "Hardly any evidence for an effect"),
        (false, 100.0..) => msg!("frame.bayes_null_extreme", "Extreme evidence for none"),
        (false, 30.0..) => msg!(
            "frame.bayes_null_very_strong",
            "Very strong evidence for none"
        ),
        (false, 10.0..) => msg!("frame.bayes_null_strong", "Strong evidence for none"),
        (false, 3.0..) => msg!("frame.bayes_null_moderate", "Moderate evidence for none"),
        (false, _) => msg!("frame.bayes_null_weak", "Hardly any evidence for none"),
    }
}

/// How bootstrap intervals and permutation tests came to be.
pub fn bootstrap_note(n_resamples: usize) -> Msg {
    msg!(
        "frame.bootstrap_note",
        "Bias-corrected and accelerated interval from {n} resamples. The p value is the share of rearrangements at least as extreme; all ways are taken when they are few.",
        n = n_resamples
    )
}
