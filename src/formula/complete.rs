//! What can be written at the cursor: columns, functions, words, levels and units.

use std::ops::Range;

use super::functions::{Function, Takes, Unit};
use super::syntax::{column_name, quoted};
use super::token::{Sign, Spanned, Token, Word, is_name_character, tokens};
use super::types::{Known, Type};

/// What the editor offers at one place.
#[derive(Clone, Debug, PartialEq)]
pub struct Completion {
    /// The bytes that a suggestion takes the place of.
    pub range: Range<usize>,
    /// The likeliest first.
    pub suggestions: Vec<Suggestion>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    /// What it is called in the list.
    pub label: String,
    /// What is written; a function's ends with its opening bracket.
    pub insert: String,
    pub what: What,
}

#[derive(Clone, Copy, Debug)]
pub enum What {
    Column(Type),
    Function(&'static Function),
    /// A word such as `and`.
    Word,
    /// A level of the column that it is compared with.
    Level,
    /// A unit of time.
    Unit,
}

impl PartialEq for What {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (What::Function(a), What::Function(b)) => a.call == b.call,
            (What::Column(a), What::Column(b)) => a == b,
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }
}

/// What can be written where the cursor is, a byte of the text. Never panics, whatever the text.
pub fn complete(text: &str, cursor: usize, columns: &[Known<'_>]) -> Completion {
    let cursor = floor_boundary(text, cursor);
    let Some(place) = Place::of(text, cursor) else {
        return Completion {
            range: cursor..cursor,
            suggestions: Vec::new(),
        };
    };
    let mut offers = Offers {
        typed: place.typed.to_lowercase(),
        found: Vec::new(),
    };
    match place.within {
        Within::Name => offers.columns(columns),
        Within::Quotes => offers.texts(&place, columns),
        Within::Nothing if place.wants_value() => {
            offers.texts(&place, columns);
            offers.columns(columns);
            offers.functions();
            offers.words(&[
                Word::Case,
                Word::Not,
                Word::True,
                Word::False,
                Word::Missing,
            ]);
        }
        Within::Nothing => offers.words(&place.words_after_value()),
    }
    offers.found.sort_by_key(|(rank, _)| *rank);
    Completion {
        range: place.range,
        suggestions: offers.found.into_iter().map(|(_, s)| s).collect(),
    }
}

/// The innermost call that the cursor stands in, and which of its values, from 0.
pub fn call_at(text: &str, cursor: usize) -> Option<(&'static Function, usize)> {
    let before = &text[..floor_boundary(text, cursor)];
    let before = match tokens(before) {
        Ok(tokens) => tokens,
        Err(e) => tokens(&before[..e.range.start]).ok()?,
    };
    let open = open_calls(&before);
    let (name, i, _) = open.last()?;
    let function = Function::named(name.as_deref()?)?;
    Some((function, *i))
}

/// Where the cursor stands.
struct Place<'t> {
    /// The tokens before what is being typed.
    before: Vec<Spanned>,
    typed: &'t str,
    range: Range<usize>,
    within: Within,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Nothing,
    /// An open text.
    Quotes,
    /// An open column name.
    Name,
}

impl<'t> Place<'t> {
    /// `None` within a note, and within a number.
    fn of(text: &'t str, cursor: usize) -> Option<Self> {
        let head = &text[..cursor];
        let line = head.rfind('\n').map_or(0, |i| i + 1);
        match tokens(head) {
            Ok(before) => {
                let in_note = head[line..].contains('#') && tokens(&format!("{head}\"")).is_ok();
                (!in_note)
                    .then(|| Self::of_word(text, cursor, before))
                    .flatten()
            }
            Err(e) => {
                let start = e.range.start;
                let within = match head[start..].chars().next() {
                    Some('"' | '\'') => Within::Quotes,
                    Some('`') => Within::Name,
                    _ => return None,
                };
                Some(Self {
                    before: tokens(&head[..start]).ok()?,
                    typed: &head[start + 1..],
                    range: start..end_of_quoted(text, start, cursor),
                    within,
                })
            }
        }
    }

    /// A word that ends at the cursor, or none yet.
    fn of_word(text: &'t str, cursor: usize, mut before: Vec<Spanned>) -> Option<Self> {
        let mut start = cursor;
        if let Some(last) = before.last().filter(|t| t.range.end == cursor) {
            match &last.token {
                Token::Name { quoted: false, .. } | Token::Word(_) => {
                    start = last.range.start;
                    before.pop();
                }
                Token::Number(_) => return None,
                _ => {}
            }
        }
        let rest = &text[cursor..];
        let more = rest.find(|c| !is_name_character(c)).unwrap_or(rest.len());
        let end = if start < cursor {
            cursor + more
        } else {
            cursor
        };
        Some(Self {
            before,
            typed: &text[start..cursor],
            range: start..end,
            within: Within::Nothing,
        })
    }

    /// Whether a value comes next, not an operator.
    fn wants_value(&self) -> bool {
        match self.before.last().map(|t| &t.token) {
            None => true,
            Some(Token::Sign(sign)) => !matches!(sign, Sign::Close | Sign::CloseSquare),
            Some(Token::Word(word)) => !matches!(
                word,
                Word::True | Word::False | Word::Missing | Word::End | Word::Is
            ),
            Some(_) => false,
        }
    }

    fn words_after_value(&self) -> Vec<Word> {
        let last = self.before.last().map(|t| &t.token);
        if last == Some(&Token::Word(Word::Is)) {
            return vec![Word::Missing, Word::Not];
        }
        let open = open_calls(&self.before);
        let call = open
            .last()
            .and_then(|(name, ..)| Function::named(name.as_deref()?));
        let takes_groups = call.is_some_and(|f| f.call.is_statistic() || f.call.is_window());
        let mut words: Vec<Word> = takes_groups.then_some(Word::By).into_iter().collect();
        words.extend([
            Word::And,
            Word::Or,
            Word::In,
            Word::Between,
            Word::Is,
            Word::Not,
        ]);
        let is_word = |w: Word| move |t: &&Spanned| t.token == Token::Word(w);
        let n = |w: Word| self.before.iter().filter(is_word(w)).count();
        if n(Word::Case) > n(Word::End) {
            words.extend([Word::When, Word::Then, Word::Else, Word::End]);
        }
        words
    }

    /// The column that a text at the cursor is compared with.
    fn compared_column(&self) -> Option<&str> {
        let mut end = self.before.len();
        let is_sign =
            |t: &Spanned, signs: &[Sign]| matches!(t.token, Token::Sign(s) if signs.contains(&s));
        let is_word = |t: &Spanned, word: Word| t.token == Token::Word(word);
        let last = self.before.last()?;
        if is_sign(last, &[Sign::Open, Sign::OpenSquare, Sign::Comma]) {
            // The list of `in`: back to its bracket.
            let open = self
                .before
                .iter()
                .rposition(|t| is_sign(t, &[Sign::Open, Sign::OpenSquare]))?;
            end = open.checked_sub(1)?;
            if !is_word(&self.before[end], Word::In) {
                return None;
            }
            if end > 0 && is_word(&self.before[end - 1], Word::Not) {
                end -= 1;
            }
        } else if is_word(last, Word::When) {
            let case = self.before.iter().rposition(|t| is_word(t, Word::Case))?;
            return self.column_at(case + 1);
        } else {
            let comparisons = [
                Sign::Equal,
                Sign::NotEqual,
                Sign::Less,
                Sign::AtMost,
                Sign::More,
                Sign::AtLeast,
            ];
            if !is_sign(last, &comparisons) {
                return None;
            }
            end -= 1;
        }
        self.column_at(end.checked_sub(1)?)
    }

    fn column_at(&self, i: usize) -> Option<&str> {
        match &self.before.get(i)?.token {
            Token::Name { name, .. } => Some(name),
            _ => None,
        }
    }

    fn wants_unit(&self) -> bool {
        let open = open_calls(&self.before);
        let Some((Some(name), i, _)) = open.last() else {
            return false;
        };
        let takes = Function::named(name)
            .and_then(|f| f.parameter(*i))
            .map(|p| p.takes);
        let is_first = self.before.last().map(|t| &t.token) == Some(&Token::Sign(Sign::Open));
        takes == Some(Takes::Unit) && is_first
    }
}

/// The brackets that are open at the end, outermost first: the function before them if there is
/// one, the commas within, and whether `by` came.
fn open_calls(tokens: &[Spanned]) -> Vec<(Option<String>, usize, bool)> {
    let mut open: Vec<(Option<String>, usize, bool)> = Vec::new();
    for (i, spanned) in tokens.iter().enumerate() {
        match &spanned.token {
            Token::Sign(Sign::Open | Sign::OpenSquare) => {
                let name = i.checked_sub(1).and_then(|k| match &tokens[k].token {
                    Token::Name {
                        name,
                        quoted: false,
                    } => Some(name.clone()),
                    _ => None,
                });
                open.push((name, 0, false));
            }
            Token::Sign(Sign::Close | Sign::CloseSquare) => {
                open.pop();
            }
            Token::Sign(Sign::Comma) => {
                if let Some((_, n, false)) = open.last_mut() {
                    *n += 1;
                }
            }
            Token::Word(Word::By) => {
                if let Some((_, _, by)) = open.last_mut() {
                    *by = true;
                }
            }
            _ => {}
        }
    }
    open
}

/// Suggestions that go with what was typed.
struct Offers {
    typed: String,
    found: Vec<(u8, Suggestion)>,
}

impl Offers {
    /// How well a name goes with what was typed; the smaller the better.
    fn rank(&self, name: &str) -> Option<u8> {
        let name = name.to_lowercase();
        let at = name.find(&self.typed)?;
        let before = name[..at].chars().next_back();
        Some(match before {
            None if name == self.typed => 0,
            None => 1,
            Some(c) if !c.is_alphanumeric() => 2,
            Some(_) => 3,
        })
    }

    fn push(&mut self, rank: u8, label: &str, insert: String, what: What) {
        let label = label.to_string();
        self.found.push((
            rank,
            Suggestion {
                label,
                insert,
                what,
            },
        ));
    }

    fn columns(&mut self, columns: &[Known<'_>]) {
        for column in columns {
            if let Some(rank) = self.rank(column.name) {
                let what = What::Column(Type::of(column.kind));
                self.push(rank, column.name, column_name(column.name), what);
            }
        }
    }

    fn functions(&mut self) {
        for function in Function::all() {
            let names = [&function.name].into_iter().chain(function.also);
            if let Some(rank) = names.filter_map(|n| self.rank(n)).min() {
                let insert = match function.n_values() {
                    (_, 0) if !function.call.is_window() => format!("{}()", function.name),
                    _ => format!("{}(", function.name),
                };
                self.push(rank, function.name, insert, What::Function(function));
            }
        }
    }

    fn words(&mut self, words: &[Word]) {
        for word in words {
            if let Some(rank) = self.rank(word.spelling()) {
                self.push(
                    rank,
                    word.spelling(),
                    word.spelling().to_string(),
                    What::Word,
                );
            }
        }
    }

    /// Units of time, or the levels of the column that stands before.
    fn texts(&mut self, place: &Place<'_>, columns: &[Known<'_>]) {
        if place.wants_unit() {
            for unit in Unit::ALL {
                if let Some(rank) = self.rank(unit.name()) {
                    self.push(rank, unit.name(), quoted(unit.name()), What::Unit);
                }
            }
            return;
        }
        let column = place
            .compared_column()
            .and_then(|name| columns.iter().find(|c| c.name == name));
        for level in column.and_then(|c| c.levels).unwrap_or_default() {
            if let Some(rank) = self.rank(level) {
                self.push(rank, level, quoted(level), What::Level);
            }
        }
    }
}

/// The end of a quoted text or name that begins at `start`, when it is closed on the same line
/// behind the cursor; else the cursor.
fn end_of_quoted(text: &str, start: usize, cursor: usize) -> usize {
    let quote = &text[start..start + 1];
    let rest = text[cursor..].lines().next().unwrap_or_default();
    // A quote that opens another text has a blank or a sign before it.
    match rest.find(quote) {
        Some(at) if rest[..at].chars().all(is_name_character) => cursor + at + 1,
        _ => cursor,
    }
}

fn floor_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{ColumnKind, Measure};

    fn columns(levels: &[String]) -> Vec<Known<'_>> {
        let of = |name, kind| Known {
            name,
            kind,
            measure: Measure::Scale,
            levels: None,
            has_all_levels: true,
        };
        vec![
            of("price", ColumnKind::Float),
            of("unit_price", ColumnKind::Float),
            of("금액(원)", ColumnKind::Int),
            of("주문일", ColumnKind::Date),
            Known {
                levels: Some(levels),
                ..of("city", ColumnKind::Category)
            },
        ]
    }

    /// `|` is the cursor; what is replaced, and the first suggestions.
    #[track_caller]
    fn check(text: &str, replaced: &str, first: &[&str]) {
        let cursor = text.find('|').unwrap();
        let text = text.replace('|', "");
        let levels = ["Busan", "Seoul"].map(String::from);
        let found = complete(&text, cursor, &columns(&levels));
        assert_eq!(&text[found.range.clone()], replaced, "{text}");
        let inserts = found.suggestions.iter().map(|s| s.insert.as_str());
        let inserts: Vec<_> = inserts.take(first.len().max(1)).collect();
        assert_eq!(inserts, first, "{text}");
    }

    #[test]
    fn columns_come_first() {
        check("|", "", &["price", "unit_price", "`금액(원)`", "주문일"]);
        check("pri|", "pri", &["price", "unit_price"]);
        check("2 * pri|ce + 1", "price", &["price", "unit_price"]);
        check("금|", "금", &["`금액(원)`"]);
        check("`금액|", "`금액", &["`금액(원)`"]);
        check("`주|문` + 1", "`주문`", &["주문일"]);
        check("주|", "주", &["주문일"]);
    }

    #[test]
    fn functions_by_all_their_names() {
        check("rou|", "rou", &["round("]);
        check("AVG|", "AVG", &["mean("]);
        check("isnull|", "isnull", &["is_missing("]);
        check("pi|", "pi", &["pi()"]);
        check("row_n|", "row_n", &["row_number("]);
    }

    #[test]
    fn words_follow_values() {
        check("price |", "", &["and", "or", "in", "between", "is", "not"]);
        check("price > 3 a|", "a", &["and"]);
        check("price is |", "", &["missing", "not"]);
        check("case when price t|", "t", &["then", "between"]);
        check("mean(price b|", "b", &["by", "between"]);
        check("(price) o|", "o", &["or"]);
        check("ca|", "ca", &["case"]);
    }

    #[test]
    fn levels_and_units_are_texts() {
        check("city = |", "", &["\"Busan\"", "\"Seoul\"", "price"]);
        check("city = \"S|\"", "\"S\"", &["\"Seoul\"", "\"Busan\""]);
        check(
            "city in (\"Busan\", \"s|",
            "\"s",
            &["\"Seoul\"", "\"Busan\""],
        );
        check("city not in [\"|", "\"", &["\"Busan\"", "\"Seoul\""]);
        check("case city when |", "", &["\"Busan\""]);
        check("date_add(\"m|", "\"m", &["\"month\"", "\"minute\""]);
        check("date_add(|", "", &["\"year\"", "\"quarter\""]);
        check("contains(city, \"|", "\"", &[]);
    }

    #[test]
    fn nothing_within_numbers_and_notes() {
        check("12|", "", &[]);
        check("price # pri|", "", &[]);
        check("price # note\n+ pri|", "pri", &["price"]);
        check("price ~ pri|", "", &[]);
    }

    #[test]
    fn the_call_around_the_cursor() {
        let check = |text: &str, expected: Option<(&str, usize)>| {
            let cursor = text.find('|').unwrap();
            let found = call_at(&text.replace('|', ""), cursor);
            assert_eq!(found.map(|(f, i)| (f.name, i)), expected, "{text}");
        };
        check("round(|", Some(("round", 0)));
        check("round(price, |2)", Some(("round", 1)));
        check("round(max(1, 2), (|", None);
        check("if(a, \"b, |", Some(("if", 1)));
        check("round(2)|", None);
        check("sum(price by a, |", Some(("sum", 0)));
    }
}
