//! How wide a text is, and texts that fit: wrapped by word, shortened with an ellipsis.

/// Widths of texts in CSS pixels, in the theme's font.
pub trait MeasureText {
    fn width(&self, text: &str, size: f64, bold: bool) -> f64;
}

/// Widths from the class of each letter, for drawings whose font is not at hand (SVG).
///
/// Latin letters take the advance widths of Helvetica's published metrics, enlarged to those of the
/// widest common system fonts, so that no text is cut off; Hangul, Han and Kana take a full square.
#[derive(Clone, Copy, Debug, Default)]
pub struct EstimatedWidth;

impl MeasureText for EstimatedWidth {
    fn width(&self, text: &str, size: f64, bold: bool) -> f64 {
        let em: f64 = text.chars().map(advance).sum();
        em * size * if bold { 1.3 } else { 1.13 }
    }
}

/// `text` in at most `max_lines` lines of at most `width`; the last line ends in `…` when text was cut.
///
/// Lines break at spaces; a word wider than a line breaks between letters.
pub fn wrap(
    measure: &dyn MeasureText,
    text: &str,
    size: f64,
    bold: bool,
    width: f64,
    max_lines: usize,
) -> Vec<String> {
    let fits = |s: &str| measure.width(s, size, bold) <= width;
    let mut lines: Vec<String> = Vec::new();
    let mut words = text
        .split_whitespace()
        .map(str::to_string)
        .collect::<std::collections::VecDeque<_>>();
    let mut line = String::new();
    while let Some(word) = words.pop_front() {
        let longer = if line.is_empty() {
            word.clone()
        } else {
            format!("{line} {word}")
        };
        if fits(&longer) {
            line = longer;
            continue;
        }
        if line.is_empty() {
            let (head, tail) = split_to_fit(&word, &fits);
            lines.push(head);
            if !tail.is_empty() {
                words.push_front(tail);
            }
        } else {
            lines.push(std::mem::take(&mut line));
            words.push_front(word);
        }
        if lines.len() >= max_lines && !words.is_empty() {
            let last = lines.pop().expect("a line was pushed");
            let rest: Vec<String> = std::iter::once(last).chain(words).collect();
            lines.push(elide(measure, &rest.join(" "), size, bold, width));
            return lines;
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// `text`, or as much of its start as fits `width` with `…` behind it.
pub fn elide(measure: &dyn MeasureText, text: &str, size: f64, bold: bool, width: f64) -> String {
    if measure.width(text, size, bold) <= width {
        return text.to_string();
    }
    let chars: Vec<char> = text.chars().collect();
    let shortened = |n: usize| format!("{}…", chars[..n].iter().collect::<String>().trim_end());
    let (mut fits, mut too_long) = (0, chars.len());
    while too_long - fits > 1 {
        let middle = (fits + too_long) / 2;
        if measure.width(&shortened(middle), size, bold) <= width {
            fits = middle
        } else {
            too_long = middle
        }
    }
    shortened(fits)
}

fn split_to_fit(word: &str, fits: &dyn Fn(&str) -> bool) -> (String, String) {
    let ends = word.char_indices().map(|(i, c)| i + c.len_utf8());
    let at = ends
        .take_while(|&end| fits(&word[..end]))
        .last()
        .unwrap_or_else(|| word.chars().next().map_or(0, char::len_utf8));
    (word[..at].to_string(), word[at..].to_string())
}

/// Advance width in ems.
fn advance(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | '\'' => 0.26,
        'I' | ' ' | '!' | ',' | '.' | '\u{a0}' | '·' => 0.29,
        'f' | 't' | '/' | ':' | ';' | '[' | ']' | '\\' | '|' => 0.35,
        'r' | '(' | ')' | '-' | '`' | '⁻' | '⁰'..='⁹' | '¹' | '²' | '³' => 0.39,
        '{' | '}' => 0.56,
        '"' | '*' | '^' => 0.40,
        'c' | 'k' | 's' | 'v' | 'x' | 'y' | 'z' | 'J' => 0.5,
        'a'..='z' if c != 'm' && c != 'w' => 0.556,
        '0'..='9' | '#' | '$' | '_' | '?' | 'L' | '–' => 0.556,
        '+' | '<' | '=' | '>' | '~' | '−' | '×' => 0.74,
        'F' | 'T' | 'Z' => 0.611,
        '¥' | '₩' | '€' | '£' => 0.7,
        'A' | 'B' | 'E' | 'K' | 'P' | 'S' | 'V' | 'X' | 'Y' | '&' => 0.667,
        'w' | 'C' | 'D' | 'H' | 'N' | 'R' | 'U' => 0.722,
        'G' | 'O' | 'Q' => 0.778,
        'm' | 'M' => 0.833,
        '%' => 0.889,
        'W' | '@' | '…' | '—' => 1.0,
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' => 0.0,
        '\u{1100}'..='\u{11ff}'
        | '\u{2e80}'..='\u{d7ff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{1f000}'..='\u{3ffff}' => 1.0,
        _ => 0.65,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every letter is as wide as the size, so that widths count letters.
    struct Square;
    impl MeasureText for Square {
        fn width(&self, text: &str, size: f64, _: bool) -> f64 {
            text.chars().count() as f64 * size
        }
    }

    fn check(text: &str, width: f64, max_lines: usize, expected: &[&str]) {
        assert_eq!(
            wrap(&Square, text, 1.0, false, width, max_lines),
            expected,
            "{text} in {width}"
        );
    }

    #[test]
    fn text_wraps_by_word() {
        check("one two three", 7.0, 2, &["one two", "three"]);
        check("one two three four", 7.0, 2, &["one two", "three…"]);
        check(
            "군집별 평균 구매 금액",
            6.0,
            2,
            &["군집별 평균", "구매 금액"],
        );
        check("abcdefgh", 3.0, 2, &["abc", "de…"]);
        check("", 3.0, 2, &[]);
        check("ab", 0.0, 2, &["a", "b"]);
    }

    #[test]
    fn long_text_is_shortened() {
        assert_eq!(elide(&Square, "abcdef", 1.0, false, 4.0), "abc…");
        assert_eq!(elide(&Square, "abc def", 1.0, false, 5.0), "abc…");
        assert_eq!(elide(&Square, "abc", 1.0, false, 0.0), "…");
        assert_eq!(elide(&Square, "abc", 1.0, false, 3.0), "abc");
    }

    #[test]
    fn hangul_is_wider_than_latin() {
        let w = |t| EstimatedWidth.width(t, 10.0, false);
        assert!(w("가나") > w("ab") * 1.6);
        assert!(EstimatedWidth.width("ab", 10.0, true) > w("ab"));
    }
}
