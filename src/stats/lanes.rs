//! Four single-precision numbers at a time, or two of double precision.
//!
//! In WebAssembly one instruction each; elsewhere plain arrays, which the compiler turns into
//! vector instructions where it can. Both give the same bits.

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub use wasm::{F32x4, F64x2};

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
pub use portable::F32x4;

#[cfg(not(any(
    target_arch = "x86_64",
    all(target_arch = "wasm32", target_feature = "simd128")
)))]
pub use portable_pairs::F64x2;

#[cfg(target_arch = "x86_64")]
pub use sse2::F64x2;

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod wasm {
    use core::arch::wasm32::*;
    use core::ops::{Add, Mul, Sub};

    #[derive(Clone, Copy)]
    pub struct F32x4(v128);

    impl F32x4 {
        #[inline(always)]
        pub fn new(lanes: [f32; 4]) -> Self {
            // SAFETY: `lanes` is 16 readable bytes, and the load needs no alignment.
            F32x4(unsafe { v128_load(lanes.as_ptr().cast()) })
        }

        #[inline(always)]
        pub fn from_ref(lanes: &[f32; 4]) -> Self {
            // SAFETY: `lanes` is 16 readable bytes, and the load needs no alignment.
            F32x4(unsafe { v128_load(lanes.as_ptr().cast()) })
        }

        #[inline(always)]
        pub fn splat(value: f32) -> Self {
            F32x4(f32x4_splat(value))
        }

        #[inline(always)]
        pub fn splat_bits(bits: u32) -> Self {
            F32x4(u32x4_splat(bits))
        }

        #[inline(always)]
        pub fn to_bits(self) -> [u32; 4] {
            self.to_array().map(f32::to_bits)
        }

        #[inline(always)]
        pub fn to_array(self) -> [f32; 4] {
            let mut lanes = [0.0; 4];
            // SAFETY: `lanes` is 16 writable bytes, and the store needs no alignment.
            unsafe { v128_store(lanes.as_mut_ptr().cast(), self.0) };
            lanes
        }

        #[inline(always)]
        pub fn sqrt(self) -> Self {
            F32x4(f32x4_sqrt(self.0))
        }

        #[inline(always)]
        pub fn lesser(self, other: Self) -> Self {
            F32x4(f32x4_pmin(other.0, self.0))
        }

        #[inline(always)]
        pub fn greater(self, other: Self) -> Self {
            F32x4(f32x4_pmax(other.0, self.0))
        }

        #[inline(always)]
        pub fn where_less(a: Self, b: Self, then: Self, otherwise: Self) -> Self {
            F32x4(v128_bitselect(then.0, otherwise.0, f32x4_lt(a.0, b.0)))
        }

        #[inline(always)]
        pub fn all_less(self, other: Self) -> bool {
            i32x4_all_true(f32x4_lt(self.0, other.0))
        }

        #[inline(always)]
        pub fn transpose(rows: [Self; 4]) -> [Self; 4] {
            let [a, b, c, d] = rows.map(|row| row.0);
            let ab_low = i32x4_shuffle::<0, 4, 1, 5>(a, b);
            let ab_high = i32x4_shuffle::<2, 6, 3, 7>(a, b);
            let cd_low = i32x4_shuffle::<0, 4, 1, 5>(c, d);
            let cd_high = i32x4_shuffle::<2, 6, 3, 7>(c, d);
            [
                F32x4(i64x2_shuffle::<0, 2>(ab_low, cd_low)),
                F32x4(i64x2_shuffle::<1, 3>(ab_low, cd_low)),
                F32x4(i64x2_shuffle::<0, 2>(ab_high, cd_high)),
                F32x4(i64x2_shuffle::<1, 3>(ab_high, cd_high)),
            ]
        }
    }

    impl Add for F32x4 {
        type Output = Self;
        #[inline(always)]
        fn add(self, other: Self) -> Self {
            F32x4(f32x4_add(self.0, other.0))
        }
    }

    impl Sub for F32x4 {
        type Output = Self;
        #[inline(always)]
        fn sub(self, other: Self) -> Self {
            F32x4(f32x4_sub(self.0, other.0))
        }
    }

    impl Mul for F32x4 {
        type Output = Self;
        #[inline(always)]
        fn mul(self, other: Self) -> Self {
            F32x4(f32x4_mul(self.0, other.0))
        }
    }

    #[derive(Clone, Copy, Debug)]
    pub struct F64x2(v128);

    impl F64x2 {
        #[inline(always)]
        pub fn new(lanes: [f64; 2]) -> Self {
            F64x2(f64x2(lanes[0], lanes[1]))
        }

        #[inline(always)]
        pub fn splat(value: f64) -> Self {
            F64x2(f64x2_splat(value))
        }

        #[inline(always)]
        pub fn from_single(lanes: &[f32; 2]) -> Self {
            // SAFETY: `lanes` is 8 readable bytes, and the load needs no alignment.
            let lanes = unsafe { v128_load64_zero(lanes.as_ptr().cast()) };
            F64x2(f64x2_promote_low_f32x4(lanes))
        }

        #[inline(always)]
        pub fn from_ref(lanes: &[f64; 2]) -> Self {
            // SAFETY: `lanes` is 16 readable bytes, and the load needs no alignment.
            F64x2(unsafe { v128_load(lanes.as_ptr().cast()) })
        }

        #[inline(always)]
        pub fn to_array(self) -> [f64; 2] {
            [
                f64x2_extract_lane::<0>(self.0),
                f64x2_extract_lane::<1>(self.0),
            ]
        }
    }

    impl Add for F64x2 {
        type Output = Self;
        #[inline(always)]
        fn add(self, other: Self) -> Self {
            F64x2(f64x2_add(self.0, other.0))
        }
    }

    impl Sub for F64x2 {
        type Output = Self;
        #[inline(always)]
        fn sub(self, other: Self) -> Self {
            F64x2(f64x2_sub(self.0, other.0))
        }
    }

    impl Mul for F64x2 {
        type Output = Self;
        #[inline(always)]
        fn mul(self, other: Self) -> Self {
            F64x2(f64x2_mul(self.0, other.0))
        }
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod portable {
    use core::array::from_fn;
    use core::ops::{Add, Mul, Sub};

    /// Four numbers that go through every operation together.
    #[derive(Clone, Copy)]
    pub struct F32x4([f32; 4]);

    impl F32x4 {
        #[inline(always)]
        pub fn new(lanes: [f32; 4]) -> Self {
            F32x4(lanes)
        }

        #[inline(always)]
        pub fn from_ref(lanes: &[f32; 4]) -> Self {
            F32x4(*lanes)
        }

        /// The same number four times.
        #[inline(always)]
        pub fn splat(value: f32) -> Self {
            F32x4([value; 4])
        }

        /// The same bits four times: to be chosen from and read back, not to be computed with.
        #[inline(always)]
        pub fn splat_bits(bits: u32) -> Self {
            F32x4([f32::from_bits(bits); 4])
        }

        #[inline(always)]
        pub fn to_bits(self) -> [u32; 4] {
            self.0.map(f32::to_bits)
        }

        #[inline(always)]
        pub fn to_array(self) -> [f32; 4] {
            self.0
        }

        #[inline(always)]
        pub fn sqrt(self) -> Self {
            F32x4(self.0.map(f32::sqrt))
        }

        /// `self` where it is less, else `other`.
        #[inline(always)]
        pub fn lesser(self, other: Self) -> Self {
            Self::where_less(self, other, self, other)
        }

        /// `self` where it is greater, else `other`.
        #[inline(always)]
        pub fn greater(self, other: Self) -> Self {
            Self::where_less(other, self, self, other)
        }

        /// `then` in the lanes where `a < b`, else `otherwise`.
        #[inline(always)]
        pub fn where_less(a: Self, b: Self, then: Self, otherwise: Self) -> Self {
            F32x4(from_fn(|i| {
                if a.0[i] < b.0[i] {
                    then.0[i]
                } else {
                    otherwise.0[i]
                }
            }))
        }

        /// Whether every lane is less than that of `other`.
        #[inline(always)]
        pub fn all_less(self, other: Self) -> bool {
            (0..4).all(|i| self.0[i] < other.0[i])
        }

        /// Columns for rows.
        #[inline(always)]
        pub fn transpose(rows: [Self; 4]) -> [Self; 4] {
            from_fn(|i| F32x4(from_fn(|j| rows[j].0[i])))
        }
    }

    impl Add for F32x4 {
        type Output = Self;
        #[inline(always)]
        fn add(self, other: Self) -> Self {
            F32x4(from_fn(|i| self.0[i] + other.0[i]))
        }
    }

    impl Sub for F32x4 {
        type Output = Self;
        #[inline(always)]
        fn sub(self, other: Self) -> Self {
            F32x4(from_fn(|i| self.0[i] - other.0[i]))
        }
    }

    impl Mul for F32x4 {
        type Output = Self;
        #[inline(always)]
        fn mul(self, other: Self) -> Self {
            F32x4(from_fn(|i| self.0[i] * other.0[i]))
        }
    }
}

#[cfg(not(any(
    target_arch = "x86_64",
    all(target_arch = "wasm32", target_feature = "simd128")
)))]
mod portable_pairs {
    use core::array::from_fn;
    use core::ops::{Add, Mul, Sub};

    /// Two double-precision numbers that go through every operation together.
    #[derive(Clone, Copy, Debug)]
    pub struct F64x2([f64; 2]);

    impl F64x2 {
        #[inline(always)]
        pub fn new(lanes: [f64; 2]) -> Self {
            F64x2(lanes)
        }

        /// The same number twice.
        #[inline(always)]
        pub fn splat(value: f64) -> Self {
            F64x2([value; 2])
        }

        #[inline(always)]
        pub fn from_single(lanes: &[f32; 2]) -> Self {
            F64x2(lanes.map(f64::from))
        }

        #[inline(always)]
        pub fn from_ref(lanes: &[f64; 2]) -> Self {
            F64x2(*lanes)
        }

        #[inline(always)]
        pub fn to_array(self) -> [f64; 2] {
            self.0
        }
    }

    impl Add for F64x2 {
        type Output = Self;
        #[inline(always)]
        fn add(self, other: Self) -> Self {
            F64x2(from_fn(|i| self.0[i] + other.0[i]))
        }
    }

    impl Sub for F64x2 {
        type Output = Self;
        #[inline(always)]
        fn sub(self, other: Self) -> Self {
            F64x2(from_fn(|i| self.0[i] - other.0[i]))
        }
    }

    impl Mul for F64x2 {
        type Output = Self;
        #[inline(always)]
        fn mul(self, other: Self) -> Self {
            F64x2(from_fn(|i| self.0[i] * other.0[i]))
        }
    }
}

/// As `portable_pairs`, in the instructions that every such processor has: the compiler does not find
/// them in long loops over arrays of pairs.
#[cfg(target_arch = "x86_64")]
mod sse2 {
    use core::arch::x86_64::*;
    use core::ops::{Add, Mul, Sub};

    /// Two double-precision numbers that go through every operation together.
    #[derive(Clone, Copy, Debug)]
    pub struct F64x2(__m128d);

    impl F64x2 {
        #[inline(always)]
        pub fn new([a, b]: [f64; 2]) -> Self {
            F64x2(unsafe { _mm_set_pd(b, a) })
        }

        /// The same number twice.
        #[inline(always)]
        pub fn splat(value: f64) -> Self {
            F64x2(unsafe { _mm_set1_pd(value) })
        }

        #[inline(always)]
        pub fn from_single(lanes: &[f32; 2]) -> Self {
            Self::new(lanes.map(f64::from))
        }

        #[inline(always)]
        pub fn from_ref(lanes: &[f64; 2]) -> Self {
            // SAFETY: `lanes` is 16 readable bytes, and the load needs no alignment.
            F64x2(unsafe { _mm_loadu_pd(lanes.as_ptr()) })
        }

        #[inline(always)]
        pub fn to_array(self) -> [f64; 2] {
            let mut lanes = [0.0; 2];
            // SAFETY: `lanes` is 16 writable bytes, and the store needs no alignment.
            unsafe { _mm_storeu_pd(lanes.as_mut_ptr(), self.0) };
            lanes
        }
    }

    impl Add for F64x2 {
        type Output = Self;
        #[inline(always)]
        fn add(self, other: Self) -> Self {
            F64x2(unsafe { _mm_add_pd(self.0, other.0) })
        }
    }

    impl Sub for F64x2 {
        type Output = Self;
        #[inline(always)]
        fn sub(self, other: Self) -> Self {
            F64x2(unsafe { _mm_sub_pd(self.0, other.0) })
        }
    }

    impl Mul for F64x2 {
        type Output = Self;
        #[inline(always)]
        fn mul(self, other: Self) -> Self {
            F64x2(unsafe { _mm_mul_pd(self.0, other.0) })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lanes_do_what_numbers_do() {
        let a = F32x4::new([1.0, -2.0, 0.5, 9.0]);
        let b = F32x4::new([4.0, -3.0, 0.5, 1.0]);
        let check = |got: F32x4, expected: [f32; 4]| assert_eq!(got.to_array(), expected);
        check(a + b, [5.0, -5.0, 1.0, 10.0]);
        check(a - b, [-3.0, 1.0, 0.0, 8.0]);
        check(a * b, [4.0, 6.0, 0.25, 9.0]);
        check((a * a).sqrt(), [1.0, 2.0, 0.5, 9.0]);
        check(a.lesser(b), [1.0, -3.0, 0.5, 1.0]);
        check(a.greater(b), [4.0, -2.0, 0.5, 9.0]);
        check(
            F32x4::where_less(a, b, a, F32x4::splat(7.0)),
            [1.0, 7.0, 7.0, 7.0],
        );
        assert!(!a.all_less(b) && a.all_less(F32x4::splat(9.5)));
        assert_eq!(F32x4::splat_bits(3).to_bits(), [3; 4]);
        let pair = F64x2::from_single(&[0.1, 2.0]) + F64x2::splat(1.0) - F64x2::new([1.0, 3.0]);
        assert_eq!(pair.to_array(), [f64::from(0.1_f32) + 1.0 - 1.0, 0.0]);
        let squares = F64x2::from_ref(&[3.0, 0.5]) * F64x2::new([3.0, 0.5]);
        assert_eq!(squares.to_array(), [9.0, 0.25]);
    }

    #[test]
    fn transposing_turns_rows_into_columns() {
        let rows = [0.0, 10.0, 20.0, 30.0].map(|x| F32x4::new([x, x + 1.0, x + 2.0, x + 3.0]));
        let columns = F32x4::transpose(rows).map(F32x4::to_array);
        assert_eq!(columns[0], [0.0, 10.0, 20.0, 30.0]);
        assert_eq!(columns[3], [3.0, 13.0, 23.0, 33.0]);
    }
}
