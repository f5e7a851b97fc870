//! Strings made row by row, into a column as a file's strings would be: a category, or text when
//! most are different.

use std::hash::BuildHasher;

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

use super::{Bitmap, Column, Data, Utf8, natural_order};

/// At most so many levels are ordered with digit runs by value; more go by their bytes.
const NATURAL_LEVELS: usize = 10_000;
/// A column stays a dictionary up to so many levels, however few its rows.
const FEW_LEVELS: usize = 1_000;
/// From so many levels on, a dictionary that is not paying is given up while it grows.
const MANY_LEVELS: usize = 1 << 16;

/// Different strings by number, in the order in which they came.
#[derive(Clone, Debug, Default)]
pub struct Dictionary {
    places: HashTable<i32>,
    words: Utf8,
}

impl Dictionary {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn len(&self) -> usize {
        self.words.len()
    }

    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The number of a string, new or known.
    #[inline]
    pub fn code(&mut self, word: &str) -> i32 {
        let words = &self.words;
        let hash = FxBuildHasher.hash_one(word.as_bytes());
        let is_same = |&k: &i32| words.get(k as usize) == word;
        if let Some(&k) = self.places.find(hash, is_same) {
            return k;
        }
        let code = self.words.len() as i32;
        self.words.push(word);
        let words = &self.words;
        let rehash = |&k: &i32| FxBuildHasher.hash_one(words.get(k as usize).as_bytes());
        self.places.insert_unique(hash, code, rehash);
        code
    }

    /// String `code`. Panics when there is none.
    pub fn word(&self, code: usize) -> &str {
        self.words.get(code)
    }

    pub fn has_room(&self, n_bytes: usize) -> bool {
        self.words.has_room(n_bytes)
    }

    pub fn into_words(self) -> Vec<String> {
        self.words.iter().map(str::to_string).collect()
    }
}

/// Collects strings. Text when more than 1,000 are different and more than half of all; else a
/// category with its levels in their natural order.
#[derive(Clone, Debug, Default)]
pub struct TextBuilder {
    dictionary: Dictionary,
    codes: Vec<i32>,
    n_missing: usize,
    plain: Option<(Utf8, Bitmap)>,
}

/// The strings of a column passed 2 GiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooMuchText;

impl TextBuilder {
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends a row.
    ///
    /// # Errors
    /// When there is no more room.
    #[inline]
    pub fn push(&mut self, word: Option<&str>) -> Result<(), TooMuchText> {
        self.n_missing += usize::from(word.is_none());
        if let Some((text, valid)) = &mut self.plain {
            let word_or_none = word.unwrap_or_default();
            if !text.has_room(word_or_none.len()) {
                return Err(TooMuchText);
            }
            text.push(word_or_none);
            valid.push(word.is_some());
            return Ok(());
        }
        let Some(word) = word else {
            self.codes.push(-1);
            return Ok(());
        };
        if !self.dictionary.has_room(word.len()) {
            return Err(TooMuchText);
        }
        let n_levels = self.dictionary.len();
        let code = self.dictionary.code(word);
        self.codes.push(code);
        let is_new = self.dictionary.len() > n_levels;
        if is_new && n_levels >= MANY_LEVELS && n_levels * 2 > self.codes.len() - self.n_missing {
            self.spell_out()?;
        }
        Ok(())
    }

    /// # Errors
    /// When there is not room for all as text.
    pub fn finish(mut self, name: impl Into<String>) -> Result<Column, TooMuchText> {
        let n_levels = self.dictionary.len();
        let is_text = n_levels > FEW_LEVELS && n_levels * 2 > self.codes.len() - self.n_missing;
        if self.plain.is_none() && is_text {
            self.spell_out()?;
        }
        Ok(match self.plain {
            Some((text, valid)) => Column::new(name, Data::Text(text)).with_validity(valid),
            None => category(name, self.codes, self.dictionary.into_words()),
        })
    }

    fn spell_out(&mut self) -> Result<(), TooMuchText> {
        let mut text = Utf8::new();
        for &code in &self.codes {
            let word = match code {
                0.. => self.dictionary.word(code as usize),
                _ => "",
            };
            if !text.has_room(word.len()) {
                return Err(TooMuchText);
            }
            text.push(word);
        }
        let valid = self.codes.iter().map(|&c| c >= 0).collect();
        self.plain = Some((text, valid));
        self.codes = Vec::new();
        self.dictionary = Dictionary::default();
        Ok(())
    }
}

/// A category of codes into levels that are in no order, may stand twice and need not all have rows:
/// its levels are those with rows, once each and in their natural order. A negative code is missing.
/// Panics when a code is past the levels.
pub fn category(name: impl Into<String>, mut codes: Vec<i32>, levels: Vec<String>) -> Column {
    let mut is_used = vec![false; levels.len()];
    for &code in codes.iter().filter(|&&c| c >= 0) {
        is_used[code as usize] = true;
    }
    let mut order: Vec<usize> = (0..levels.len()).filter(|&k| is_used[k]).collect();
    if order.len() <= NATURAL_LEVELS {
        order.sort_by(|&a, &b| natural_order(&levels[a], &levels[b]));
    } else {
        order.sort_unstable_by(|&a, &b| levels[a].cmp(&levels[b]));
    }
    let mut new_codes = vec![-1i32; levels.len()];
    let mut sorted: Vec<String> = Vec::with_capacity(order.len());
    for old in order {
        if sorted.last() != Some(&levels[old]) {
            sorted.push(levels[old].clone());
        }
        new_codes[old] = sorted.len() as i32 - 1;
    }
    for code in codes.iter_mut().filter(|c| **c >= 0) {
        *code = new_codes[*code as usize];
    }
    Column::category(name, codes, sorted)
}

#[cfg(test)]
mod tests {
    use super::super::ColumnKind;
    use super::*;

    fn built<'a>(words: impl IntoIterator<Item = Option<&'a str>>) -> Column {
        let mut builder = TextBuilder::new();
        words.into_iter().for_each(|w| builder.push(w).unwrap());
        builder.finish("x").unwrap()
    }

    #[test]
    fn few_strings_become_sorted_levels() {
        let column = built([
            Some("b10"),
            None,
            Some("b2"),
            Some("가"),
            Some("b10"),
            Some(""),
        ]);
        let levels = ["", "b2", "b10", "가"].map(String::from).to_vec();
        assert_eq!(
            column,
            Column::category("x", vec![2, -1, 1, 3, 2, 0], levels)
        );
        assert_eq!(built([]).len(), 0);
    }

    #[test]
    fn levels_stand_once_and_have_rows() {
        let levels = ["b", "a", "b", "z"].map(String::from).to_vec();
        let column = category("x", vec![2, 0, -1, 1], levels);
        let sorted = ["a", "b"].map(String::from).to_vec();
        assert_eq!(column, Column::category("x", vec![1, 1, -1, 0], sorted));
    }

    #[test]
    fn many_different_strings_become_text() {
        let check = |n: usize, repeat: usize, kind: ColumnKind| {
            let words: Vec<String> = (0..n * repeat)
                .map(|i| format!("t{}", i / repeat))
                .collect();
            let mut cells: Vec<Option<&str>> = words.iter().map(|w| Some(w.as_str())).collect();
            cells.push(None);
            let column = built(cells.iter().copied());
            assert_eq!(
                (column.kind(), column.n_missing()),
                (kind, 1),
                "{n} × {repeat}"
            );
            for (i, cell) in cells.iter().enumerate().step_by(97) {
                assert_eq!(column.display(i), cell.unwrap_or_default());
            }
        };
        check(1_000, 1, ColumnKind::Category);
        check(1_001, 1, ColumnKind::Text);
        check(1_001, 2, ColumnKind::Category);
        check(20_000, 3, ColumnKind::Category);
        check(200_000, 1, ColumnKind::Text);
    }
}
