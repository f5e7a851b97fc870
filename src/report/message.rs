//! Sentences that switch language without a rerun: an id, an English pattern and the values in it.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::format::{Format, format_number};
use super::locale::{Lang, korean};
use super::number;

/// A sentence with values. The English pattern travels with it; the Korean one is found by `id`.
///
/// In a pattern `{name}` is a value, and `{name|a|b}` chooses a word by a value: in English `a`
/// when it is 1 and `b` otherwise; in Korean `a` after a final consonant and `b` after a vowel
/// (`{x}{x|은|는}`). What stands in `[[ by {name}]]` is left out when that value is an empty text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Msg {
    pub id: Cow<'static, str>,
    pub en: Cow<'static, str>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<(Cow<'static, str>, Arg)>,
}

/// A value in a sentence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Arg {
    Text(String),
    Number(#[serde(with = "number::one")] f64, Format),
    Msg(Box<Msg>),
    List(Vec<Arg>),
}

/// `msg!("group.analysis.name", "Pattern with {value}.", value = 3)`: a [`Msg`](crate::report::Msg).
#[macro_export]
macro_rules! msg {
    ($id:literal, $en:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::report::Msg::new($id, $en)$(.with(stringify!($name), $value))*
    };
}

impl Msg {
    pub const fn new(id: &'static str, en: &'static str) -> Self {
        Self {
            id: Cow::Borrowed(id),
            en: Cow::Borrowed(en),
            args: Vec::new(),
        }
    }

    /// A name that is the same in every language: a column, a level, a symbol.
    pub fn verbatim(text: impl Into<String>) -> Self {
        Self {
            id: Cow::Borrowed(""),
            en: Cow::Owned(escape_braces(&text.into())),
            args: Vec::new(),
        }
    }

    pub fn with(mut self, name: &'static str, value: impl Into<Arg>) -> Self {
        self.args.push((Cow::Borrowed(name), value.into()));
        self
    }

    pub fn text(&self, lang: Lang) -> String {
        let translated = match lang {
            Lang::Ko if !self.id.is_empty() => korean(&self.id),
            _ => None,
        };
        fill(translated.unwrap_or(&self.en), lang, &|name| {
            self.args
                .iter()
                .find(|(n, _)| n == name)
                .map(|(_, v)| v.clone())
        })
    }
}

impl Arg {
    pub fn text(&self, lang: Lang) -> String {
        match self {
            Arg::Text(s) => s.clone(),
            Arg::Number(v, f) => format_number(*v, *f, lang),
            Arg::Msg(m) => m.text(lang),
            Arg::List(items) => join(
                &items.iter().map(|a| a.text(lang)).collect::<Vec<_>>(),
                lang,
            ),
        }
    }

    fn is_one(&self) -> bool {
        match self {
            Arg::Number(v, _) => *v == 1.0,
            Arg::List(items) => items.len() == 1,
            _ => false,
        }
    }
}

/// Fills a pattern's placeholders with the values that `value` knows; unknown ones stay as they are.
pub fn fill(pattern: &str, lang: Lang, value: &dyn Fn(&str) -> Option<Arg>) -> String {
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut rest = pattern;
    while let Some(at) = rest.find(['{', '}', '[']) {
        out.push_str(&rest[..at]);
        let brace = &rest[at..];
        if let Some(inner) = brace.strip_prefix('[') {
            let section = brace.strip_prefix("[[").and_then(|b| b.split_once("]]"));
            if let Some((section, after)) = section {
                out.push_str(&fill_section(section, lang, value));
                rest = after;
            } else {
                out.push('[');
                rest = inner;
            }
            continue;
        }
        if brace.starts_with("{{") || brace.starts_with("}}") {
            out.push_str(&brace[..1]);
            rest = &brace[2..];
            continue;
        }
        let Some(end) = brace.find('}').filter(|_| brace.starts_with('{')) else {
            out.push_str(&brace[..1]);
            rest = &brace[1..];
            continue;
        };
        let mut parts = brace[1..end].split('|');
        match value(parts.next().unwrap_or("")) {
            None => out.push_str(&brace[..=end]),
            Some(arg) => match (parts.next(), parts.next()) {
                (Some(a), Some(b)) => {
                    out.push_str(if chooses_first(&arg, lang, a) { a } else { b })
                }
                _ => out.push_str(&arg.text(lang)),
            },
        }
        rest = &brace[end + 1..];
    }
    out.push_str(rest);
    out
}

/// A part of a pattern that is nothing when one of its values is an empty text.
fn fill_section(section: &str, lang: Lang, value: &dyn Fn(&str) -> Option<Arg>) -> String {
    let lacks_one = std::cell::Cell::new(false);
    let filled = fill(section, lang, &|name| {
        let arg = value(name);
        if matches!(&arg, Some(Arg::Text(text)) if text.is_empty()) {
            lacks_one.set(true);
        }
        arg
    });
    if lacks_one.get() {
        String::new()
    } else {
        filled
    }
}

/// The names of a pattern's placeholders, sorted, each once.
pub fn placeholders(pattern: &str) -> Vec<String> {
    let names = std::cell::RefCell::new(Vec::new());
    fill(pattern, Lang::En, &|name| {
        names.borrow_mut().push(name.to_string());
        None
    });
    let mut names = names.into_inner();
    names.sort();
    names.dedup();
    names
}

fn chooses_first(arg: &Arg, lang: Lang, first: &str) -> bool {
    match lang {
        Lang::En => arg.is_one(),
        Lang::Ko => match final_sound(&arg.text(lang)) {
            Sound::Vowel => false,
            // “으로” keeps its vowel off a final ㄹ: 서울로, 3월로.
            Sound::Liquid => !first.starts_with("으로"),
            Sound::Consonant => true,
        },
    }
}

/// How a word, read aloud in Korean, ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sound {
    Vowel,
    /// ㄹ.
    Liquid,
    Consonant,
}

/// The end of the last letter or digit. A Latin letter that stands alone is called by its name
/// (g is “지”); one at the end of a word is a part of the word's sound.
fn final_sound(text: &str) -> Sound {
    let mut backwards = text
        .chars()
        .rev()
        .skip_while(|c| !c.is_alphanumeric() && *c != '%');
    let Some(last) = backwards.next() else {
        return Sound::Vowel;
    };
    let stands_alone = !backwards.next().is_some_and(char::is_alphabetic);
    match last.to_ascii_lowercase() {
        c @ '가'..='힣' => match (c as u32 - '가' as u32) % 28 {
            0 => Sound::Vowel,
            8 => Sound::Liquid,
            _ => Sound::Consonant,
        },
        '1' | '7' | '8' | 'l' | 'r' => Sound::Liquid,
        '0' | '3' | '6' | 'm' | 'n' => Sound::Consonant,
        'b' | 'c' | 'g' | 'k' | 'p' | 't' if !stands_alone => Sound::Consonant,
        _ => Sound::Vowel,
    }
}

fn join(items: &[String], lang: Lang) -> String {
    match (items, lang) {
        ([], _) => String::new(),
        ([one], _) => one.clone(),
        ([a, b], Lang::En) => format!("{a} and {b}"),
        ([most @ .., last], Lang::En) => format!("{}, and {last}", most.join(", ")),
        (all, Lang::Ko) => all.join(", "),
    }
}

fn escape_braces(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}

impl From<&str> for Arg {
    fn from(v: &str) -> Self {
        Arg::Text(v.to_string())
    }
}
impl From<String> for Arg {
    fn from(v: String) -> Self {
        Arg::Text(v)
    }
}
impl From<&String> for Arg {
    fn from(v: &String) -> Self {
        Arg::Text(v.clone())
    }
}
impl From<Msg> for Arg {
    fn from(v: Msg) -> Self {
        Arg::Msg(Box::new(v))
    }
}
impl From<f64> for Arg {
    fn from(v: f64) -> Self {
        Arg::Number(v, Format::General)
    }
}
impl From<usize> for Arg {
    fn from(v: usize) -> Self {
        Arg::Number(v as f64, Format::Integer)
    }
}
impl From<u64> for Arg {
    fn from(v: u64) -> Self {
        Arg::Number(v as f64, Format::Integer)
    }
}
impl From<(f64, Format)> for Arg {
    fn from((v, f): (f64, Format)) -> Self {
        Arg::Number(v, f)
    }
}
impl<T: Into<Arg>> From<Vec<T>> for Arg {
    fn from(v: Vec<T>) -> Self {
        Arg::List(v.into_iter().map(Into::into).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &'static str, lang: Lang, arg: impl Into<Arg>, expected: &str) {
        assert_eq!(Msg::new("", pattern).with("x", arg).text(lang), expected);
    }

    #[test]
    fn a_pattern_takes_values_and_chooses_words() {
        check("{x} {x|row|rows}", Lang::En, 1_usize, "1 row");
        check("{x} {x|row|rows}", Lang::En, 1234_usize, "1,234 rows");
        check("{{{x}}}", Lang::En, "a", "{a}");
        check("{y} and {x}", Lang::En, "a", "{y} and a");
        check("a { b", Lang::En, "a", "a { b");
        check("{x}", Lang::En, vec!["a", "b", "c"], "a, b, and c");
        check("all[[ by {x}]]", Lang::En, "a", "all by a");
        check("all[[ by {x}]]", Lang::En, "", "all");
        check("[a] [[b] {x}", Lang::En, "c", "[a] [[b] c");
        check("{x}{x|은|는}", Lang::Ko, "군집", "군집은");
        check("{x}{x|은|는}", Lang::Ko, "회귀", "회귀는");
        check("{x}{x|이|가}", Lang::Ko, 3_usize, "3이");
        check("{x}{x|이|가}", Lang::Ko, 2_usize, "2가");
        check("{x}{x|은|는}", Lang::Ko, "body_mass_g", "body_mass_g는");
        check("{x}{x|은|는}", Lang::Ko, "rating", "rating은");
        check("{x}{x|은|는}", Lang::Ko, "열 n", "열 n은");
        check("{x}{x|으로|로}", Lang::Ko, 5_usize, "5로");
        check("{x}{x|으로|로}", Lang::Ko, 10_usize, "10으로");
        check("{x}{x|으로|로}", Lang::Ko, 8_usize, "8로");
        check("{x}{x|을|를}", Lang::Ko, 8_usize, "8을");
        check("{x}{x|으로|로}", Lang::Ko, "“서울”", "“서울”로");
    }

    #[test]
    fn a_name_may_hold_braces() {
        assert_eq!(Msg::verbatim("a{b}c").text(Lang::En), "a{b}c");
    }

    #[test]
    fn placeholders_are_listed_once() {
        assert_eq!(placeholders("{b} {a|x|y} {b}[[ {c}]]"), ["a", "b", "c"]);
    }
}
