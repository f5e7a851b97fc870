//! Letters that say which of several groups differ: two groups share a letter unless they do.

/// The letters of groups 0 … n − 1, given which pairs differ; groups early in `order` get the first
/// letters. Piepho's (2004) algorithm of insertion and absorption.
pub fn compact_letters(
    n: usize,
    order: &[usize],
    differ: &dyn Fn(usize, usize) -> bool,
) -> Vec<String> {
    let mut sets: Vec<Vec<bool>> = vec![vec![true; n]];
    for a in 0..n {
        for b in a + 1..n {
            if !differ(a, b) {
                continue;
            }
            let mut next: Vec<Vec<bool>> = Vec::new();
            for set in sets {
                if !(set[a] && set[b]) {
                    next.push(set);
                    continue;
                }
                let without = |gone: usize| {
                    let mut left = set.clone();
                    left[gone] = false;
                    left
                };
                next.push(without(a));
                next.push(without(b));
            }
            sets = absorbed(next);
        }
    }
    let first = |set: &Vec<bool>| order.iter().position(|&g| set[g]).unwrap_or(n);
    sets.sort_by_key(|set| {
        let members: Vec<bool> = order.iter().map(|&g| !set[g]).collect();
        (first(set), members)
    });
    (0..n)
        .map(|group| {
            let held = sets.iter().enumerate().filter(|(_, set)| set[group]);
            held.map(|(i, _)| letter(i)).collect()
        })
        .collect()
}

/// Without the sets that lie within others.
fn absorbed(sets: Vec<Vec<bool>>) -> Vec<Vec<bool>> {
    let within = |a: &[bool], b: &[bool]| a.iter().zip(b).all(|(a, b)| !a || *b);
    let mut kept: Vec<Vec<bool>> = Vec::new();
    for set in sets {
        if kept.iter().any(|k| within(&set, k)) {
            continue;
        }
        kept.retain(|k| !within(k, &set));
        kept.push(set);
    }
    kept
}

/// a … z, A … Z, then with a number behind.
fn letter(i: usize) -> String {
    let round = i / 52;
    let c = match (i % 52) as u8 {
        i @ 0..26 => (b'a' + i) as char,
        i => (b'A' + i - 26) as char,
    };
    if round == 0 {
        c.to_string()
    } else {
        format!("{c}{round}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(n: usize, order: &[usize], pairs: &[(usize, usize)], expected: &[&str]) {
        let differ = |a: usize, b: usize| pairs.contains(&(a, b)) || pairs.contains(&(b, a));
        assert_eq!(compact_letters(n, order, &differ), expected);
    }

    /// R 4.2: multcompLetters of multcompView 0.1.
    #[test]
    fn groups_share_a_letter_unless_they_differ() {
        check(3, &[0, 1, 2], &[], &["a", "a", "a"]);
        check(3, &[0, 1, 2], &[(0, 2)], &["a", "ab", "b"]);
        check(3, &[0, 1, 2], &[(0, 1), (0, 2), (1, 2)], &["a", "b", "c"]);
        check(3, &[2, 1, 0], &[(0, 2)], &["b", "ab", "a"]);
        check(
            4,
            &[0, 1, 2, 3],
            &[(0, 2), (0, 3), (1, 3)],
            &["a", "ab", "bc", "c"],
        );
        check(
            4,
            &[0, 1, 2, 3],
            &[(0, 1), (2, 3)],
            &["ab", "cd", "ac", "bd"],
        );
        check(1, &[0], &[], &["a"]);
    }
}
