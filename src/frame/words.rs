//! Words and heads of columns that many reports share.

use crate::msg;
use crate::report::{Format, Head, Msg};

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
