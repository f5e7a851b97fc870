//! What is said of all groups of a run together.

use super::{Answer, Split, reason};
use crate::msg;
use crate::report::{Arg, Cell, Format, Head, Msg, Notice, NoticeKind, Report, TableBlock};

/// How many groups there are, and the first sentence of each.
pub fn report(split: &Split, answers: &[Answer]) -> Report {
    let n = answers.len();
    let columns: Vec<Arg> = split.keys.iter().map(|k| Arg::from(&k.name)).collect();
    let (least, most) = range(split);
    let mut summary = vec![if least == most {
        msg!(
            "run.by_summary_each",
            "Run for {n} {n|group|groups} by {columns}, of {rows} {rows|row|rows} each.",
            n = n,
            columns = columns,
            rows = least
        )
    } else {
        msg!(
            "run.by_summary",
            "Run for {n} {n|group|groups} by {columns}, of {least} to {most} rows.",
            n = n,
            columns = columns,
            least = least,
            most = most
        )
    }];
    let n_failed = answers.iter().filter(|a| a.outcome.is_err()).count();
    if n_failed > 0 {
        summary.push(msg!(
            "run.by_failed",
            "{failed} of {n} groups {failed|has|have} no answer; the table says why.",
            failed = n_failed,
            n = n
        ));
    }
    Report {
        summary,
        blocks: vec![table(split, answers).into()],
        notices: Vec::new(),
    }
}

/// What holds for all groups.
pub fn notices(split: &Split, used_seed: bool) -> Vec<Notice> {
    let n_missing = split.n_missing();
    let missing = (n_missing > 0).then(|| {
        let columns: Vec<Arg> = split.keys.iter().map(|k| Arg::from(&k.name)).collect();
        msg!(
            "run.by_missing_rows",
            "{n} {n|row has|rows have} no value in {columns}; such rows are groups of their own, behind the others.",
            n = n_missing,
            columns = columns
        )
    });
    let seed = used_seed.then(|| {
        msg!(
            "run.by_seed",
            "Each group starts from the same seed, so it gives what its rows would give alone."
        )
    });
    let note = |text| Notice {
        kind: NoticeKind::Note,
        text,
    };
    missing.into_iter().chain(seed).map(note).collect()
}

fn range(split: &Split) -> (usize, usize) {
    let n_rows = split.n_rows.iter().map(|&n| n as usize);
    let least = n_rows.clone().min().unwrap_or(0);
    (least, n_rows.max().unwrap_or(0))
}

fn table(split: &Split, answers: &[Answer]) -> TableBlock {
    let keys = split.keys.iter().enumerate().map(|(i, key)| {
        let title = Msg::verbatim(&key.name);
        Head::name(&format!("by_{}", i + 1), title)
    });
    let others = [
        Head::new("rows", msg!("run.by_rows", "Rows"), Format::Integer),
        Head::new("share", msg!("run.by_share", "Share"), Format::Percent(1)),
        Head::name("answer", msg!("run.by_answer", "Answer")),
    ];
    let heads = keys.chain(others).collect();
    let mut table = TableBlock::new("groups", msg!("run.by_groups", "Groups"), heads);
    for answer in answers {
        let value = |(_, value): &(String, Option<String>)| match value {
            Some(value) => Cell::from(value.clone()),
            None => Cell::from(msg!("run.by_none", "missing")),
        };
        let said = match &answer.outcome {
            Ok(report) => report
                .summary
                .first()
                .cloned()
                .map_or(Cell::Empty, Cell::from),
            Err(error) => Cell::from(reason(error)),
        };
        let share = answer.n_rows as f64 / split.table.n_rows() as f64;
        let mut cells: Vec<Cell> = answer.by.iter().map(value).collect();
        cells.extend([answer.n_rows.into(), share.into(), said]);
        table.row(cells);
    }
    table
}
