//! What can be done to one text: trim, case, replace, extract, split.

use regex_lite::{CaptureLocations, Regex};

/// A change of a text into one or several.
#[derive(Debug)]
pub enum Edit {
    /// White space at both ends goes; with `inner`, runs of it inside become one space.
    Trim {
        inner: bool,
    },
    Lower,
    Upper,
    /// The first letter of each word large, the others small.
    Title,
    /// The number of characters.
    Length,
    Replace {
        what: Pattern,
        with: String,
        all: bool,
    },
    /// The groups of the first match, or the whole match where the pattern has none.
    Extract {
        regex: Regex,
        locations: CaptureLocations,
    },
    /// Pieces between separators, trimmed; the last of them holds the rest.
    Split {
        at: Pattern,
        n_parts: usize,
    },
}

/// What is looked for.
#[derive(Debug)]
pub enum Pattern {
    Literal(String),
    Regex(Regex),
}

impl Edit {
    pub fn extract(regex: Regex) -> Self {
        let locations = regex.capture_locations();
        Edit::Extract { regex, locations }
    }

    /// How many texts come of one.
    pub fn n_outputs(&self) -> usize {
        match self {
            Edit::Extract { regex, .. } => (regex.captures_len() - 1).max(1),
            Edit::Split { n_parts, .. } => *n_parts,
            _ => 1,
        }
    }

    /// Writes what comes of `text` to `outputs`, which are empty and as many as
    /// [`Edit::n_outputs`]; they stay empty where there is nothing.
    pub fn apply(&mut self, text: &str, outputs: &mut [String]) {
        let out = &mut outputs[0];
        match self {
            Edit::Trim { inner: false } => out.push_str(text.trim()),
            Edit::Trim { inner: true } => {
                for (i, word) in text.split_whitespace().enumerate() {
                    if i > 0 {
                        out.push(' ');
                    }
                    out.push_str(word);
                }
            }
            Edit::Lower => lower(text, out),
            Edit::Upper => text.chars().for_each(|c| out.extend(c.to_uppercase())),
            Edit::Title => title(text, out),
            Edit::Length => {
                use std::fmt::Write;
                let _ = write!(out, "{}", text.chars().count());
            }
            Edit::Replace { what, with, all } => what.replace(text, with, *all, out),
            Edit::Extract { regex, locations } => {
                if regex.captures_read(locations, text).is_none() {
                    return;
                }
                let first = usize::from(locations.len() > 1);
                for (i, out) in outputs.iter_mut().enumerate() {
                    if let Some((start, end)) = locations.get(i + first) {
                        out.push_str(&text[start..end]);
                    }
                }
            }
            Edit::Split { at, n_parts } => {
                let mut rest = text;
                for out in &mut outputs[..*n_parts - 1] {
                    let Some((start, end)) = at.find(rest) else {
                        out.push_str(rest.trim());
                        return;
                    };
                    out.push_str(rest[..start].trim());
                    rest = &rest[end..];
                }
                outputs[*n_parts - 1].push_str(rest.trim());
            }
        }
    }
}

impl Pattern {
    /// The bytes of the first place where it is found, if that is not empty.
    fn find(&self, text: &str) -> Option<(usize, usize)> {
        match self {
            Pattern::Literal(what) => text.find(what).map(|at| (at, at + what.len())),
            Pattern::Regex(regex) => regex
                .find_iter(text)
                .find(|m| !m.is_empty())
                .map(|m| (m.start(), m.end())),
        }
    }

    /// How many pieces lie between the places where it is found.
    pub fn n_pieces(&self, text: &str) -> usize {
        match self {
            Pattern::Literal(what) => text.matches(what).count() + 1,
            Pattern::Regex(regex) => regex.find_iter(text).filter(|m| !m.is_empty()).count() + 1,
        }
    }

    fn replace(&self, text: &str, with: &str, all: bool, out: &mut String) {
        match self {
            Pattern::Literal(what) => {
                let mut rest = text;
                while let Some(at) = rest.find(what) {
                    out.push_str(&rest[..at]);
                    out.push_str(with);
                    rest = &rest[at + what.len()..];
                    if !all {
                        break;
                    }
                }
                out.push_str(rest);
            }
            Pattern::Regex(regex) => {
                let limit = if all { 0 } else { 1 };
                out.push_str(&regex.replacen(text, limit, with));
            }
        }
    }
}

fn lower(text: &str, out: &mut String) {
    // Greek ends words with another small sigma, which single letters do not know.
    match text.contains('Σ') {
        true => out.push_str(&text.to_lowercase()),
        false => text.chars().for_each(|c| out.extend(c.to_lowercase())),
    }
}

fn title(text: &str, out: &mut String) {
    let mut inside = false;
    for c in text.chars() {
        if inside {
            out.extend(c.to_lowercase());
        } else {
            out.extend(c.to_uppercase());
        }
        inside = c.is_alphanumeric() || (inside && matches!(c, '\'' | '’'));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(mut edit: Edit, text: &str, expected: &[&str]) {
        let mut outputs = vec![String::new(); edit.n_outputs()];
        edit.apply(text, &mut outputs);
        assert_eq!(outputs, expected, "{edit:?} of {text}");
    }

    fn regex(pattern: &str) -> Regex {
        Regex::new(pattern).unwrap()
    }

    #[test]
    fn spaces_and_letters() {
        check(Edit::Trim { inner: false }, " a  b\t", &["a  b"]);
        check(Edit::Trim { inner: true }, "\u{3000}a \n b ", &["a b"]);
        check(Edit::Trim { inner: true }, "  ", &[""]);
        check(Edit::Lower, "ÄBC ΟΔΟΣ 가", &["äbc οδος 가"]);
        check(Edit::Upper, "straße", &["STRASSE"]);
        check(
            Edit::Title,
            "o'neil MC-donald 3rd",
            &["O'neil Mc-Donald 3rd"],
        );
        check(Edit::Length, "가나 é", &["4"]);
    }

    #[test]
    fn replacing() {
        let with = |what: Pattern, with: &str, all| Edit::Replace {
            what,
            with: with.to_owned(),
            all,
        };
        let literal = |s: &str| Pattern::Literal(s.to_owned());
        check(with(literal("."), "-", true), "a.b.c", &["a-b-c"]);
        check(with(literal("."), "-", false), "a.b.c", &["a-b.c"]);
        check(with(literal("a"), "$1", true), "aa", &["$1$1"]);
        check(
            with(Pattern::Regex(regex(r"(\d+)-(\d+)")), "$2/$1", true),
            "1-2 3-4",
            &["2/1 4/3"],
        );
        check(
            with(Pattern::Regex(regex("b+")), "", false),
            "abbabb",
            &["aabb"],
        );
    }

    #[test]
    fn extracting() {
        check(Edit::extract(regex(r"\d+")), "ab12cd34", &["12"]);
        check(
            Edit::extract(regex(r"([a-z]+)-(\d+)?")),
            "x ab- 7",
            &["ab", ""],
        );
        check(
            Edit::extract(regex(r"(?<city>서울|부산)")),
            "부산 해운대구",
            &["부산"],
        );
        check(Edit::extract(regex(r"(\d)(\d)")), "abc", &["", ""]);
    }

    #[test]
    fn splitting() {
        let split = |at: Pattern, n_parts| Edit::Split { at, n_parts };
        let literal = |s: &str| Pattern::Literal(s.to_owned());
        check(split(literal(","), 3), "a, b", &["a", "b", ""]);
        check(split(literal(","), 2), "a, b, c", &["a", "b, c"]);
        check(split(literal("--"), 3), "a----c", &["a", "", "c"]);
        check(
            split(Pattern::Regex(regex(r"\s*[;/]\s*")), 3),
            "a ; b/c",
            &["a", "b", "c"],
        );
        check(split(Pattern::Regex(regex("x*")), 2), "ab", &["ab", ""]);
        assert_eq!(literal(",").n_pieces("a,b,"), 3);
        assert_eq!(Pattern::Regex(regex("[0-9]+")).n_pieces("a1b22c"), 3);
    }
}
