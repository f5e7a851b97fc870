//! Answers that name several choices in one text: “web; app”.

use rustc_hash::FxHashMap;

use super::{Bitmap, Texts};

/// The choices of each text, every choice once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choices {
    /// In the order in which they come up.
    pub names: Vec<String>,
    /// Where the choices of each text begin and end in `codes`.
    spans: Vec<(u32, u32)>,
    codes: Vec<u32>,
}

impl Choices {
    /// Of so many texts, none of which names anything yet.
    pub fn new(n_texts: usize) -> Self {
        Self {
            spans: vec![(0, 0); n_texts],
            ..Self::default()
        }
    }

    /// Takes in a text: its pieces between separators, trimmed, without empty ones. `known` is the
    /// same map from the first text on, empty then.
    pub fn add(
        &mut self,
        text: usize,
        words: &str,
        separator: &str,
        known: &mut FxHashMap<String, u32>,
    ) {
        let first = self.codes.len();
        let pieces = words.split(separator).map(str::trim);
        for piece in pieces.filter(|p| !p.is_empty()) {
            let code = match known.get(piece) {
                Some(&code) => code,
                None => {
                    let code = self.names.len() as u32;
                    self.names.push(piece.to_owned());
                    known.insert(piece.to_owned(), code);
                    code
                }
            };
            if !self.codes[first..].contains(&code) {
                self.codes.push(code);
            }
        }
        self.spans[text] = (first as u32, self.codes.len() as u32);
    }

    /// The choices of a text.
    #[inline]
    pub fn of_text(&self, text: usize) -> &[u32] {
        let (start, end) = self.spans[text];
        &self.codes[start as usize..end as usize]
    }

    /// How many rows name each choice, where `n_rows[i]` rows have text i.
    pub fn counts(&self, n_rows: &[u32]) -> Vec<usize> {
        let mut counts = vec![0; self.names.len()];
        for (text, &n) in n_rows.iter().enumerate() {
            for &code in self.of_text(text) {
                counts[code as usize] += n as usize;
            }
        }
        counts
    }

    /// Which rows name each group of choices: choice c is in the group `group_of[c]`, below
    /// `n_groups`, or in none where that is larger.
    pub fn indicators(
        &self,
        texts: &Texts,
        n_rows: usize,
        group_of: &[u32],
        n_groups: usize,
    ) -> Vec<Bitmap> {
        let mut bits = vec![Bitmap::with_len(n_rows, false); n_groups];
        for row in 0..n_rows {
            let Some(text) = texts.of_row(row) else {
                continue;
            };
            for &code in self.of_text(text) {
                if let Some(bits) = bits.get_mut(group_of[code as usize] as usize) {
                    bits.set(row, true);
                }
            }
        }
        bits
    }
}

#[cfg(test)]
mod tests {
    use super::super::Column;
    use super::*;

    #[test]
    fn texts_come_apart() {
        let levels = ["b; a", "a ;; a", "unused; z", ""]
            .map(String::from)
            .to_vec();
        let column = Column::category("x", vec![0, 1, -1, 3, 1], levels);
        let texts = Texts::of(&column);
        let mut choices = Choices::new(texts.len());
        let mut known = FxHashMap::default();
        let mut buffer = String::new();
        for i in texts.in_order_of_rows() {
            let words = texts.get(i as usize, &mut buffer).unwrap();
            choices.add(i as usize, words, ";", &mut known);
        }
        assert_eq!(choices.names, ["b", "a"]);
        assert_eq!(choices.of_text(0), [0, 1]);
        assert_eq!(choices.of_text(1), [1]);
        assert_eq!(choices.of_text(3), [0_u32; 0]);
        assert_eq!(choices.counts(&texts.counts()), [1, 3]);
        let found = choices.indicators(&texts, 5, &[1, 0], 2);
        assert_eq!(found[0].as_bytes(), [0b10011]);
        assert_eq!(found[1].as_bytes(), [0b00001]);
    }
}
