//! How the keys of the two tables match.

use super::{How, Key};
use crate::msg;
use crate::report::{Format, Head, Msg, Report, TableBlock};
use crate::spec::Ctx;
use crate::table::verbs::{KeyCount, Matching, SideOfMatch};

/// Keys of each sort that are shown.
const SHOWN_KEYS: usize = 10;

/// The match before the join: rows and keys of both sides, then keys without a match and keys that
/// repeat.
pub fn say(matching: &Matching, keys: &[Key], how: How, report: &mut Report, ctx: &mut Ctx) {
    let (left, right) = (matching.left_side(), matching.right_side());
    report.summary.push(sentence(&left, &right));
    report.push(sides(&left, &right));
    let only_left = matching.most_frequent(|l, r| l > 0 && r == 0, SHOWN_KEYS);
    let only_right = matching.most_frequent(|l, r| l == 0 && r > 0, SHOWN_KEYS);
    if !only_left.is_empty() || !only_right.is_empty() {
        report.push(unmatched(keys, &only_left, &only_right));
    }
    let n_many = matching.n_many_to_many_keys();
    let repeated = match n_many {
        0 => matching.most_frequent(|l, r| (l > 1 && r > 0) || (r > 1 && l > 0), SHOWN_KEYS),
        _ => matching.most_frequent(|l, r| l > 1 && r > 1, SHOWN_KEYS),
    };
    if !repeated.is_empty() {
        report.push(repeats(keys, &repeated));
    }
    if left.n_rows > 0 && right.n_rows > 0 && n_matched(&left) == 0 {
        ctx.warn(msg!(
            "transform.join.none",
            "No key of one table is found in the other. Look at the keys below: blanks, capitals or leading zeros may differ."
        ));
    }
    if n_many > 0 && !matches!(how, How::Semi | How::Anti) {
        ctx.warn(msg!(
            "transform.join.many",
            "{n} {n|key repeats|keys repeat} on both sides, so each left row is paired with each right row. Add a key that tells rows apart, or take repeated keys out of one table first.",
            n = n_many
        ));
    }
    let n_without = left.n_without_key + right.n_without_key;
    if n_without > 0 {
        ctx.note(msg!(
            "transform.join.without_key",
            "{n} {n|row misses|rows miss} a key and {n|matches|match} nothing: {left} of the left table, {right} of the right.",
            left = left.n_without_key,
            right = right.n_without_key,
            n = n_without
        ));
    }
}

/// The values of a key's columns in a row of the left table, or of the right.
pub fn key_text(keys: &[Key], row: usize, of_left: bool) -> Msg {
    let values = keys.iter().map(|k| match of_left {
        true => k.left.display(row),
        false => k.right.display(row),
    });
    Msg::verbatim(values.collect::<Vec<_>>().join(", "))
}

fn n_matched(side: &SideOfMatch) -> usize {
    side.n_rows - side.n_without_key - side.n_unmatched_rows
}

fn share(side: &SideOfMatch) -> f64 {
    n_matched(side) as f64 / side.n_rows as f64
}

fn sentence(left: &SideOfMatch, right: &SideOfMatch) -> Msg {
    if left.n_rows == 0 || right.n_rows == 0 {
        return msg!(
            "transform.join.empty",
            "The left table has {left} {left|row|rows} and the right table {right}, so nothing can match.",
            left = left.n_rows,
            right = right.n_rows
        );
    }
    msg!(
        "transform.join.summary",
        "{left} of {n_left} left rows have a match ({left_share}), and {right} of {n_right} right rows ({right_share}).",
        left = n_matched(left),
        n_left = left.n_rows,
        left_share = (share(left), Format::Percent(1)),
        right = n_matched(right),
        n_right = right.n_rows,
        right_share = (share(right), Format::Percent(1))
    )
}

fn sides(left: &SideOfMatch, right: &SideOfMatch) -> TableBlock {
    let count = |key: &str, title: Msg| Head::new(key, title, Format::Integer);
    let mut table = TableBlock::new(
        "match",
        msg!("transform.join.match", "How the keys match"),
        vec![
            Head::name("table", msg!("transform.join.table", "Table")),
            count("rows", msg!("transform.join.rows", "Rows")),
            count("matched", msg!("transform.join.matched", "With a match")),
            count(
                "unmatched",
                msg!("transform.join.unmatched", "Without a match"),
            ),
            count("no_key", msg!("transform.join.missing", "Key missing")),
            count("keys", msg!("transform.join.keys", "Different keys")),
            count(
                "unmatched_keys",
                msg!("transform.join.unmatched_keys", "Keys without a match"),
            ),
            count(
                "repeated_keys",
                msg!("transform.join.repeated_keys", "Keys that repeat"),
            ),
            count(
                "repeated_rows",
                msg!("transform.join.repeated_rows", "Rows with such a key"),
            ),
        ],
    );
    for (name, side) in [
        (msg!("transform.join.left", "Left"), left),
        (msg!("transform.join.right", "Right"), right),
    ] {
        table.row(vec![
            name.into(),
            side.n_rows.into(),
            n_matched(side).into(),
            side.n_unmatched_rows.into(),
            side.n_without_key.into(),
            side.n_keys.into(),
            side.n_unmatched_keys.into(),
            side.n_repeated_keys.into(),
            side.n_repeated_rows.into(),
        ]);
    }
    table
}

fn unmatched(keys: &[Key], left: &[KeyCount], right: &[KeyCount]) -> TableBlock {
    let mut table = TableBlock::new(
        "unmatched",
        msg!(
            "transform.join.unmatched_title",
            "Keys that only one table has, the most frequent first"
        ),
        vec![
            Head::name("table", msg!("transform.join.table", "Table")),
            Head::name("key", msg!("transform.join.key", "Key")),
            Head::new("rows", msg!("transform.join.rows", "Rows"), Format::Integer),
        ],
    );
    for key in left {
        table.row(vec![
            msg!("transform.join.left", "Left").into(),
            key_text(keys, key.row as usize, true).into(),
            (key.n_left as usize).into(),
        ]);
    }
    for key in right {
        table.row(vec![
            msg!("transform.join.right", "Right").into(),
            key_text(keys, key.row as usize, false).into(),
            (key.n_right as usize).into(),
        ]);
    }
    table
}

fn repeats(keys: &[Key], repeated: &[KeyCount]) -> TableBlock {
    let count = |key: &str, title: Msg| Head::new(key, title, Format::Integer);
    let mut table = TableBlock::new(
        "repeated",
        msg!(
            "transform.join.repeated_title",
            "Keys that repeat, those with most pairs first"
        ),
        vec![
            Head::name("key", msg!("transform.join.key", "Key")),
            count("left", msg!("transform.join.left_rows", "Left rows")),
            count("right", msg!("transform.join.rows_right", "Right rows")),
            count("pairs", msg!("transform.join.pairs", "Pairs")),
        ],
    );
    for key in repeated {
        table.row(vec![
            key_text(keys, key.row as usize, true).into(),
            (key.n_left as usize).into(),
            (key.n_right as usize).into(),
            (key.n_left as usize * key.n_right as usize).into(),
        ]);
    }
    table
}
