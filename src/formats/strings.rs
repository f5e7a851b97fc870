//! Strings of a typed file into categories, or into plain text when most are different.

use std::hash::Hasher;

use hashbrown::HashTable;

use super::cells::TooLarge;
use crate::table::{Bitmap, Column, Data, Utf8, natural_order};

/// A column stays a dictionary up to so many levels, however few its rows.
const FEW_LEVELS: usize = 1_000;
/// From so many levels on, a dictionary that is not paying is given up while reading.
const MANY_LEVELS: usize = 1 << 16;

/// Collects strings as the reader of text does: text when more than 1,000 are different and more
/// than half of all, else categories in their natural order.
pub(super) struct Strings {
    places: HashTable<u32>,
    levels: Utf8,
    codes: Vec<i32>,
    n_missing: usize,
    plain: Option<(Utf8, Bitmap)>,
    keeps_order: bool,
}

impl Default for Strings {
    fn default() -> Self {
        Self {
            places: HashTable::new(),
            levels: Utf8::new(),
            codes: Vec::new(),
            n_missing: 0,
            plain: None,
            keeps_order: false,
        }
    }
}

impl Strings {
    pub fn push(&mut self, value: Option<&str>) -> Result<(), TooLarge> {
        self.n_missing += usize::from(value.is_none());
        if let Some((text, valid)) = &mut self.plain {
            let s = value.unwrap_or_default();
            if !text.has_room(s.len()) {
                return Err(TooLarge);
            }
            text.push(s);
            valid.push(value.is_some());
            return Ok(());
        }
        let code = match value {
            Some(s) => self.code(s)?,
            None => -1,
        };
        self.codes.push(code);
        let n_valid = self.codes.len() - self.n_missing;
        if self.levels.len() > MANY_LEVELS && self.levels.len() * 2 > n_valid {
            self.plain = Some(self.spell()?);
            self.codes = Vec::new();
        }
        Ok(())
    }

    /// Keeps the levels in the order in which they came first, and keeps them as levels.
    pub fn keep_order(&mut self) {
        self.keeps_order = true;
    }

    pub fn keeps_order(&self) -> bool {
        self.keeps_order
    }

    /// The place of a string among the levels, for [`Strings::push_known`].
    pub fn intern(&mut self, s: &str) -> Result<i32, TooLarge> {
        self.code(s)
    }

    /// A string whose place is known.
    pub fn push_known(&mut self, code: i32, s: &str) -> Result<(), TooLarge> {
        if self.plain.is_some() {
            return self.push(Some(s));
        }
        self.codes.push(code);
        Ok(())
    }

    pub fn finish(mut self, name: &str) -> Result<Column, TooLarge> {
        let n_levels = self.levels.len();
        let n_valid = self.codes.len().saturating_sub(self.n_missing);
        let is_mostly_different = n_levels > FEW_LEVELS && n_levels * 2 > n_valid;
        if self.plain.is_none() && is_mostly_different && !self.keeps_order {
            self.plain = Some(self.spell()?);
        }
        if let Some((text, valid)) = self.plain {
            return Ok(Column::new(name, Data::Text(text)).with_validity(valid));
        }
        let mut order: Vec<u32> = (0..n_levels as u32).collect();
        let level = |k: u32| self.levels.get(k as usize);
        if !self.keeps_order {
            order.sort_by(|&a, &b| natural_order(level(a), level(b)));
        }
        let mut place = vec![0; n_levels];
        for (new, &old) in order.iter().enumerate() {
            place[old as usize] = new as i32;
        }
        let codes = self.codes.iter();
        let codes = codes.map(|&c| if c < 0 { -1 } else { place[c as usize] });
        let levels = order.iter().map(|&k| level(k).to_owned());
        Ok(Column::category(name, codes.collect(), levels.collect()))
    }

    fn code(&mut self, s: &str) -> Result<i32, TooLarge> {
        let h = hash(s);
        let levels = &self.levels;
        if let Some(&k) = self.places.find(h, |&k| levels.get(k as usize) == s) {
            return Ok(k as i32);
        }
        if !self.levels.has_room(s.len()) {
            return Err(TooLarge);
        }
        let k = self.levels.len() as u32;
        self.levels.push(s);
        let levels = &self.levels;
        self.places
            .insert_unique(h, k, |&k| hash(levels.get(k as usize)));
        Ok(k as i32)
    }

    fn spell(&self) -> Result<(Utf8, Bitmap), TooLarge> {
        let mut text = Utf8::new();
        for &code in &self.codes {
            let s = match code {
                0.. => self.levels.get(code as usize),
                _ => "",
            };
            if !text.has_room(s.len()) {
                return Err(TooLarge);
            }
            text.push(s);
        }
        Ok((text, self.codes.iter().map(|&c| c >= 0).collect()))
    }
}

fn hash(s: &str) -> u64 {
    let mut hasher = rustc_hash::FxHasher::default();
    hasher.write(s.as_bytes());
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::ColumnKind;

    fn column<'a>(values: impl IntoIterator<Item = Option<&'a str>>) -> Column {
        let mut strings = Strings::default();
        values.into_iter().for_each(|v| strings.push(v).unwrap());
        strings.finish("x").unwrap()
    }

    #[test]
    fn few_become_categories() {
        let found = column([Some("b10"), None, Some("b2"), Some("b10"), Some("")]);
        let levels = ["", "b2", "b10"].map(String::from).to_vec();
        assert_eq!(found, Column::category("x", vec![2, -1, 1, 2, 0], levels));
        assert_eq!(column([None, None]).n_missing(), 2);
        assert_eq!(column([]).len(), 0);
    }

    #[test]
    fn many_become_text() {
        let check = |n: usize, repeat: usize, kind| {
            let all: Vec<String> = (0..n * repeat)
                .map(|i| format!("t{}", i / repeat))
                .collect();
            let found = column(all.iter().map(|s| Some(s.as_str())).chain([None]));
            assert_eq!(found.kind(), kind, "{n} × {repeat}");
            assert_eq!(found.n_missing(), 1);
            for (i, s) in all.iter().enumerate().step_by(97) {
                assert_eq!(&found.display(i), s);
            }
        };
        check(1_000, 1, ColumnKind::Category);
        check(1_001, 1, ColumnKind::Text);
        check(1_001, 2, ColumnKind::Category);
        check(100_000, 1, ColumnKind::Text);
    }
}
