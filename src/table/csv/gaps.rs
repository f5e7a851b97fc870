//! Which rows are missing, kept only once there is one.

use super::super::Bitmap;

#[derive(Default)]
pub(super) struct Gaps(Bitmap);

impl Gaps {
    /// The first `n` rows are missing.
    pub fn first(n: usize) -> Self {
        Self(Bitmap::with_len(n, false))
    }

    /// Row `row` is missing; those since the last missing one are not.
    #[inline]
    pub fn mark(&mut self, row: usize) {
        self.0.resize(row, true);
        self.0.push(false);
    }

    pub fn each_missing(&self, mut act: impl FnMut(usize)) {
        for (i, valid) in self.0.iter().enumerate() {
            if !valid {
                act(i);
            }
        }
    }

    /// A bit for each row that has a value; `None` when all have one.
    pub fn finish(mut self, n_rows: usize) -> Option<Bitmap> {
        if self.0.is_empty() {
            return None;
        }
        self.0.resize(n_rows, true);
        Some(self.0)
    }
}
