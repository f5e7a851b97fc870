//! What was meant: the nearest known name to a misspelt one.

/// The candidate that `wanted` is most likely a slip of: the same but for capitals and blanks, else
/// the one with the fewest letters wrong, when they are few for its length.
pub(super) fn nearest<'a>(
    wanted: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let plain = |s: &str| -> Vec<char> {
        let kept = s.chars().filter(|c| c.is_alphanumeric());
        kept.flat_map(char::to_lowercase).collect()
    };
    let wanted_plain = plain(wanted);
    let allowed = match wanted_plain.len() {
        0 => return None,
        1..=2 => 0,
        3..=5 => 1,
        6..=9 => 2,
        _ => 3,
    };
    // A Korean syllable is two or three letters: one of them may be wrong in a short name.
    let is_short_korean = wanted_plain.len() == 2 && wanted.chars().all(is_hangul);
    let allowed = allowed.max(usize::from(is_short_korean));
    candidates
        .into_iter()
        .map(|candidate| (distance(&wanted_plain, &plain(candidate)), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

fn is_hangul(c: char) -> bool {
    ('가'..='힣').contains(&c)
}

/// The number of letters to put in, take out, exchange or swap with their neighbour
/// (optimal string alignment).
fn distance(a: &[char], b: &[char]) -> usize {
    let width = b.len() + 1;
    let mut rows = [vec![0; width], (0..width).collect(), vec![0; width]];
    for i in 1..=a.len() {
        let [before, last, row] = &mut rows;
        row[0] = i;
        for j in 1..width {
            let same = usize::from(a[i - 1] != b[j - 1]);
            let mut least = (last[j] + 1).min(row[j - 1] + 1).min(last[j - 1] + same);
            let swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if swapped {
                least = least.min(before[j - 2] + 1);
            }
            row[j] = least;
        }
        rows.rotate_left(1);
    }
    rows[1][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_understood() {
        let names = [
            "price",
            "quantity",
            "order_date",
            "금액(원)",
            "주문일",
            "크기",
            "x",
        ];
        let check = |wanted: &str, expected: Option<&str>| {
            assert_eq!(nearest(wanted, names), expected, "{wanted}");
        };
        check("Price", Some("price"));
        check("prcie", Some("price"));
        check("quantitty", Some("quantity"));
        check("orderDate", Some("order_date"));
        check("order date", Some("order_date"));
        check("금액", Some("금액(원)"));
        check("금액원", Some("금액(원)"));
        check("주문날", Some("주문일"));
        check("크가", Some("크기"));
        check("y", None);
        check("revenue", None);
        check("", None);
    }

    #[test]
    fn letters_are_counted() {
        let check = |a: &str, b: &str, expected: usize| {
            let letters = |s: &str| s.chars().collect::<Vec<_>>();
            assert_eq!(distance(&letters(a), &letters(b)), expected, "{a} {b}");
        };
        check("", "", 0);
        check("", "abc", 3);
        check("kitten", "sitting", 3);
        check("ca", "ac", 1);
        check("ca", "abc", 3);
    }
}
