//! How a cell stands, in names and in words.

use crate::app::workspace::CellState;
use crate::msg;
use crate::report::{Format, Msg};

/// The state as style sheets and tests know it.
pub fn name(state: &CellState) -> &'static str {
    match state {
        CellState::Incomplete => "incomplete",
        CellState::Waiting => "waiting",
        CellState::Running(_) => "running",
        CellState::Stale => "stale",
        CellState::Done => "done",
        CellState::Failed => "failed",
        CellState::Held => "held",
    }
}

/// A time as people say it.
pub fn duration(ms: f64) -> Msg {
    match ms / 1000.0 {
        s if s < 0.01 => msg!(
            "app.cell.ms",
            "{ms} ms",
            ms = (ms.max(0.1), Format::Significant(1))
        ),
        s if s < 1.0 => msg!("app.cell.s", "{s} s", s = (s, Format::Fixed(2))),
        s if s < 60.0 => msg!("app.cell.s", "{s} s", s = (s, Format::Fixed(1))),
        s => {
            let whole = s.round() as usize;
            msg!(
                "app.cell.min",
                "{min} min {s} s",
                min = whole / 60,
                s = whole % 60
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Lang;

    #[test]
    fn times_are_said_shortly() {
        let check = |ms: f64, expected: &str| assert_eq!(duration(ms).text(Lang::En), expected);
        check(0.0, "0.1 ms");
        check(4.4, "4 ms");
        check(123.0, "0.12 s");
        check(4321.0, "4.3 s");
        check(59_960.0, "60.0 s");
        check(125_000.0, "2 min 5 s");
    }
}
