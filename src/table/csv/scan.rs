//! Finds delimiters, line ends and quotes, 64 bytes at a time.

/// The quote that fields may stand in.
const QUOTE: u8 = b'"';

/// A cursor over the marks of a text.
pub(super) struct Scan {
    delimiter: u8,
    line_end: u8,
    /// Where the current 64 bytes begin.
    base: usize,
    /// A bit for each delimiter and line end in them that is not yet passed.
    stops: u64,
    /// All of them, passed or not.
    marks: Marks,
    is_fresh: bool,
}

/// A bit for each byte of 64 that is one of the marks.
#[derive(Clone, Copy, Default)]
struct Marks {
    delimiters: u64,
    line_ends: u64,
    quotes: u64,
}

/// What closes a quoted field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Close {
    /// A quote at this place that is not doubled.
    At { quote: usize, any_doubled: bool },
    /// A line end stands before the next quote, or the text ends.
    Unclear,
}

impl Scan {
    pub fn new(delimiter: u8, line_end: u8) -> Self {
        Self {
            delimiter,
            line_end,
            base: 0,
            stops: 0,
            marks: Marks::default(),
            is_fresh: false,
        }
    }

    /// The next delimiter or line end, without passing it.
    #[inline(always)]
    pub fn next_stop(&mut self, text: &[u8]) -> Option<usize> {
        if !self.is_fresh {
            self.load(text);
        }
        while self.stops == 0 {
            self.next_block(text)?;
        }
        Some(self.base + self.stops.trailing_zeros() as usize)
    }

    /// Passes the stop that [`Scan::next_stop`] found, if it found one.
    #[inline(always)]
    pub fn pass(&mut self) {
        self.stops &= self.stops.wrapping_sub(1);
    }

    /// The quote that closes a field whose content begins at `from`.
    #[inline]
    pub fn close(&mut self, text: &[u8], from: usize) -> Close {
        if !self.is_fresh {
            self.load(text);
        }
        let mut at = from;
        let mut any_doubled = false;
        loop {
            while at >= self.base + 64 {
                if self.next_block(text).is_none() {
                    return Close::Unclear;
                }
            }
            let rest = u64::MAX << (at - self.base);
            let quotes = self.marks.quotes & rest;
            let before = quotes.wrapping_sub(1) & !quotes;
            if self.marks.line_ends & rest & before != 0 {
                return Close::Unclear;
            }
            if quotes == 0 {
                at = self.base + 64;
                continue;
            }
            let quote = self.base + quotes.trailing_zeros() as usize;
            if text.get(quote + 1) != Some(&QUOTE) {
                self.stops = self.marks.stops() & (rest & !before);
                return Close::At { quote, any_doubled };
            }
            any_doubled = true;
            at = quote + 2;
        }
    }

    /// Goes on from `at`.
    pub fn restart(&mut self, at: usize) {
        self.base = at;
        self.is_fresh = false;
    }

    #[inline]
    fn next_block(&mut self, text: &[u8]) -> Option<()> {
        if self.base + 64 >= text.len() {
            return None;
        }
        self.base += 64;
        self.load(text);
        Some(())
    }

    #[inline]
    fn load(&mut self, text: &[u8]) {
        self.is_fresh = true;
        let rest = text.get(self.base..).unwrap_or_default();
        self.marks = match rest.first_chunk::<64>() {
            Some(block) => find(block, self.delimiter, self.line_end),
            None => {
                let mut block = [0; 64];
                block[..rest.len()].copy_from_slice(rest);
                find(&block, self.delimiter, self.line_end).up_to(rest.len())
            }
        };
        self.stops = self.marks.stops();
    }
}

impl Marks {
    #[inline(always)]
    fn stops(self) -> u64 {
        self.delimiters | self.line_ends
    }

    /// Without what stands past the end of the text; a mark may be the byte that fills up.
    fn up_to(self, n: usize) -> Self {
        let keep = !(u64::MAX << n);
        Self {
            delimiters: self.delimiters & keep,
            line_ends: self.line_ends & keep,
            quotes: self.quotes & keep,
        }
    }
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
#[inline(always)]
fn find(block: &[u8; 64], delimiter: u8, line_end: u8) -> Marks {
    use core::arch::wasm32::{u8x16_bitmask, u8x16_eq, u8x16_splat, v128_load};
    let [d, e, q] = [delimiter, line_end, QUOTE].map(|b| u8x16_splat(b));
    let mut marks = Marks::default();
    for (k, part) in block.chunks_exact(16).enumerate() {
        // SAFETY: `part` is 16 readable bytes, and the load needs no alignment.
        let part = unsafe { v128_load(part.as_ptr().cast()) };
        let bits = |mark| u64::from(u8x16_bitmask(u8x16_eq(part, mark))) << (k * 16);
        marks.delimiters |= bits(d);
        marks.line_ends |= bits(e);
        marks.quotes |= bits(q);
    }
    marks
}

#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn find(block: &[u8; 64], delimiter: u8, line_end: u8) -> Marks {
    use core::arch::x86_64::{_mm_cmpeq_epi8, _mm_loadu_si128, _mm_movemask_epi8, _mm_set1_epi8};
    let mut marks = Marks::default();
    for (k, part) in block.chunks_exact(16).enumerate() {
        // SAFETY: `part` is 16 readable bytes, the load needs no alignment, and every processor of
        // this architecture has SSE2.
        let bits = |mark: u8| unsafe {
            let part = _mm_loadu_si128(part.as_ptr().cast());
            let found = _mm_cmpeq_epi8(part, _mm_set1_epi8(mark as i8));
            (_mm_movemask_epi8(found) as u64) << (k * 16)
        };
        marks.delimiters |= bits(delimiter);
        marks.line_ends |= bits(line_end);
        marks.quotes |= bits(QUOTE);
    }
    marks
}

#[cfg(not(any(
    target_arch = "x86_64",
    all(target_arch = "wasm32", target_feature = "simd128")
)))]
fn find(block: &[u8; 64], delimiter: u8, line_end: u8) -> Marks {
    portable(block, delimiter, line_end)
}

/// Eight bytes at a time, without vector instructions.
#[cfg(any(
    test,
    not(any(
        target_arch = "x86_64",
        all(target_arch = "wasm32", target_feature = "simd128")
    ))
))]
fn portable(block: &[u8; 64], delimiter: u8, line_end: u8) -> Marks {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let bits = |mark: u8| {
        let mut bits = 0;
        for (k, word) in block.as_chunks::<8>().0.iter().enumerate() {
            let found = zero_bytes(u64::from_le_bytes(*word) ^ (EACH * u64::from(mark)));
            // The multiplication gathers the lowest bit of each byte in the highest byte.
            bits |= ((found >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56) << (k * 8);
        }
        bits
    };
    Marks {
        delimiters: bits(delimiter),
        line_ends: bits(line_end),
        quotes: bits(QUOTE),
    }
}

/// The high bit of each byte that is zero.
#[cfg(any(
    test,
    not(any(
        target_arch = "x86_64",
        all(target_arch = "wasm32", target_feature = "simd128")
    ))
))]
fn zero_bytes(word: u64) -> u64 {
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    !(((word & LOW) + LOW) | word | LOW)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stops(text: &[u8]) -> Vec<usize> {
        let mut scan = Scan::new(b',', b'\n');
        let mut found = Vec::new();
        while let Some(stop) = scan.next_stop(text) {
            found.push(stop);
            scan.pass();
        }
        found
    }

    proptest::proptest! {
        #[test]
        fn all_stops_are_found(text in proptest::collection::vec(proptest::sample::select(b"a,\n\"\0".to_vec()), 0..300)) {
            let expected: Vec<usize> = (0..text.len())
                .filter(|&i| matches!(text[i], b',' | b'\n'))
                .collect();
            proptest::prop_assert_eq!(stops(&text), expected);
        }

        #[test]
        fn with_and_without_vector_instructions(bytes in proptest::array::uniform32(proptest::num::u8::ANY), mark: u8) {
            let mut block = [QUOTE; 64];
            block[..32].copy_from_slice(&bytes);
            block[40] = mark;
            let (a, b) = (find(&block, mark, b'\n'), portable(&block, mark, b'\n'));
            let bits = |m: Marks| (m.delimiters, m.line_ends, m.quotes);
            proptest::prop_assert_eq!(bits(a), bits(b));
        }

        /// As a walk byte by byte finds it; what follows is found too.
        #[test]
        fn closing_quotes(content in "[a,\"é]{0,150}", before in 0usize..130) {
            let text = format!("{}\"{}\",\"\n", "x".repeat(before), content.replace('"', "\"\""));
            let text = text.as_bytes();
            let mut scan = Scan::new(b',', b'\n');
            let quote = text.len() - 4;
            let any_doubled = content.contains('"');
            let found = scan.close(text, before + 1);
            proptest::prop_assert_eq!(found, Close::At { quote, any_doubled });
            proptest::prop_assert_eq!(scan.next_stop(text), Some(quote + 1));
        }
    }

    #[test]
    fn what_does_not_close_on_its_line() {
        let check = |text: &str, from, expected| {
            let mut scan = Scan::new(b',', b'\n');
            assert_eq!(scan.close(text.as_bytes(), from), expected, "{text:?}");
        };
        check("\"a", 1, Close::Unclear);
        check("\"a\nb\"", 1, Close::Unclear);
        check("\"a\"\"", 1, Close::Unclear);
        let at = |quote| Close::At {
            quote,
            any_doubled: false,
        };
        check("\"a\"", 1, at(2));
        check("\"a\"\nb\"", 1, at(2));
    }
}
