//! A vector of strings as Arrow lays it out: offsets into one run of bytes.

/// `len` strings: string `i` is `bytes[offsets[i]..offsets[i + 1]]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Utf8 {
    offsets: Vec<i32>,
    text: String,
}

impl Default for Utf8 {
    fn default() -> Self {
        Self {
            offsets: vec![0],
            text: String::new(),
        }
    }
}

impl Utf8 {
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes parts that are already laid out. `None` when the offsets do not start at 0, fall, end
    /// elsewhere than at the end of the text, or cut a character.
    pub fn from_parts(offsets: Vec<i32>, text: String) -> Option<Self> {
        let sound = offsets.first() == Some(&0)
            && offsets.last().copied() == i32::try_from(text.len()).ok()
            && offsets.windows(2).all(|w| w[0] <= w[1])
            && offsets.iter().all(|&o| text.is_char_boundary(o as usize));
        sound.then_some(Self { offsets, text })
    }

    pub fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// String `i`. Panics when `i` is past the end.
    #[inline]
    pub fn get(&self, i: usize) -> &str {
        &self.text[self.offsets[i] as usize..self.offsets[i + 1] as usize]
    }

    /// Appends a string. Panics when the whole passes 2 GiB, the reach of 32-bit offsets;
    /// [`Utf8::has_room`] asks beforehand.
    #[inline]
    pub fn push(&mut self, s: &str) {
        assert!(self.has_room(s.len()), "a text column reaches 2 GiB");
        self.text.push_str(s);
        self.offsets.push(self.text.len() as i32);
    }

    pub fn has_room(&self, n_bytes: usize) -> bool {
        self.text.len() + n_bytes <= i32::MAX as usize
    }

    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> + '_ {
        (0..self.len()).map(|i| self.get(i))
    }

    /// `len + 1` offsets, the first of them 0.
    pub fn offsets(&self) -> &[i32] {
        &self.offsets
    }

    pub fn as_bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }
}

impl<S: AsRef<str>> FromIterator<S> for Utf8 {
    fn from_iter<I: IntoIterator<Item = S>>(strings: I) -> Self {
        let mut utf8 = Self::new();
        strings.into_iter().for_each(|s| utf8.push(s.as_ref()));
        utf8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_strings_end_to_end() {
        let utf8: Utf8 = ["가", "", "bc"].into_iter().collect();
        assert_eq!(utf8.offsets(), &[0, 3, 3, 5]);
        assert_eq!(utf8.as_bytes(), "가bc".as_bytes());
        assert_eq!(utf8.iter().collect::<Vec<_>>(), ["가", "", "bc"]);
    }

    #[test]
    fn refuses_unsound_parts() {
        let check = |offsets: &[i32], sound| {
            let made = Utf8::from_parts(offsets.to_vec(), "가b".to_owned());
            assert_eq!(made.is_some(), sound, "{offsets:?}");
        };
        check(&[0, 3, 4], true);
        check(&[0, 4], true);
        check(&[0, 1, 4], false);
        check(&[0, 3], false);
        check(&[1, 4], false);
        check(&[0, 4, 3, 4], false);
        check(&[0, 5], false);
        check(&[-1, 4], false);
        check(&[], false);
    }
}
