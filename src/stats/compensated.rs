//! Sums whose error does not grow with the number of terms.

/// A running sum that keeps, beside the rounded sum, what the roundings lost.
///
/// Knuth's two-sum with Ogita, Rump and Oishi's accumulation of the errors (SIAM J. Sci. Comput.
/// 26, 2005): about as right as working in twice the precision, whatever is added or taken away.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sum {
    sum: f64,
    lost: f64,
}

impl Sum {
    /// Adds a finite term.
    #[inline(always)]
    pub fn add(&mut self, term: f64) {
        let sum = self.sum + term;
        let added = sum - self.sum;
        self.lost += (self.sum - (sum - added)) + (term - added);
        self.sum = sum;
    }

    /// The sum so far.
    #[inline(always)]
    pub fn value(&self) -> f64 {
        self.sum + self.lost
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(terms: &[f64], expected: f64) {
        let mut sum = Sum::default();
        terms.iter().for_each(|&term| sum.add(term));
        assert_eq!(sum.value(), expected, "{terms:?}");
    }

    #[test]
    fn keeps_what_rounding_loses() {
        check(&[], 0.0);
        check(&[1e16, 1.0, -1e16], 1.0);
        check(&[1.0, 1e100, 1.0, -1e100], 2.0);
        check(&[0.1; 10], 1.0);
    }
}
