//! Runs of small integers: Parquet's hybrid of repeated and bit-packed values, and packed deltas.

/// The bits that a number up to `most` takes.
pub(super) fn width_of(most: u32) -> u8 {
    (32 - most.leading_zeros()) as u8
}

/// `n` values of `width` bits each in the hybrid of repeated and bit-packed runs; `None` when the
/// bytes end before.
pub(super) fn hybrid(bytes: &[u8], width: u8, n: usize) -> Option<Vec<u32>> {
    if width > 32 {
        return None;
    }
    let mut out = Vec::with_capacity(n.min(1 << 20));
    let mut at = 0;
    while out.len() < n {
        if width == 0 && at >= bytes.len() {
            out.resize(n, 0);
            break;
        }
        let head = varint(bytes, &mut at)?;
        if head & 1 == 0 {
            let count = usize::try_from(head >> 1).ok()?.min(n - out.len());
            let n_bytes = usize::from(width).div_ceil(8);
            let mut value = [0; 4];
            value[..n_bytes].copy_from_slice(bytes.get(at..at + n_bytes)?);
            at += n_bytes;
            out.resize(out.len() + count, u32::from_le_bytes(value));
        } else {
            let groups = usize::try_from(head >> 1).ok()?;
            let n_bytes = groups.checked_mul(usize::from(width))?;
            let end = at.checked_add(n_bytes)?.min(bytes.len());
            let packed = bytes.get(at..end)?;
            at = end;
            let wanted = groups.checked_mul(8)?.min(n - out.len());
            // The last group may be cut where its values are not needed.
            (packed.len() * 8 >= wanted * usize::from(width)).then_some(())?;
            unpack(packed, width, wanted, |x| out.push(x as u32));
        }
    }
    Some(out)
}

/// Calls `take` with `n` values of `width` bits, least significant bit first. The bytes must hold
/// them; missing ones read as zeros.
pub(super) fn unpack(bytes: &[u8], width: u8, n: usize, mut take: impl FnMut(u64)) {
    let width = u32::from(width);
    let mask = if width >= 64 {
        u64::MAX
    } else {
        (1 << width) - 1
    };
    let (mut held, mut n_held, mut at) = (0u128, 0u32, 0);
    for _ in 0..n {
        while n_held < width {
            let mut next = [0; 8];
            let rest = bytes.get(at..).unwrap_or_default();
            let m = rest.len().min(8);
            next[..m].copy_from_slice(&rest[..m]);
            at += 8;
            held |= u128::from(u64::from_le_bytes(next)) << n_held;
            n_held += 64;
        }
        take(held as u64 & mask);
        held >>= width;
        n_held -= width;
    }
}

pub(super) fn varint(bytes: &[u8], at: &mut usize) -> Option<u64> {
    let mut x = 0;
    for shift in (0..64).step_by(7) {
        let byte = *bytes.get(*at)?;
        *at += 1;
        x |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(x);
        }
    }
    None
}

fn zigzag(bytes: &[u8], at: &mut usize) -> Option<i64> {
    let x = varint(bytes, at)?;
    Some((x >> 1) as i64 ^ -((x & 1) as i64))
}

/// Values as differences, packed in blocks (DELTA_BINARY_PACKED): at most `n`, and how many bytes
/// they took.
pub(super) fn deltas(bytes: &[u8], n: usize) -> Option<(Vec<i64>, usize)> {
    let mut at = 0;
    let block = usize::try_from(varint(bytes, &mut at)?).ok()?;
    let n_mini = usize::try_from(varint(bytes, &mut at)?).ok()?;
    let total = usize::try_from(varint(bytes, &mut at)?).ok()?;
    let mut value = zigzag(bytes, &mut at)?;
    if total > n || n_mini == 0 || !block.is_multiple_of(n_mini) || block > 1 << 24 {
        return None;
    }
    let per_mini = block / n_mini;
    if per_mini == 0 || !per_mini.is_multiple_of(8) {
        return None;
    }
    let mut out = Vec::with_capacity(total.min(1 << 20));
    if total > 0 {
        out.push(value);
    }
    while out.len() < total {
        let least = zigzag(bytes, &mut at)?;
        let widths = bytes.get(at..at.checked_add(n_mini)?)?;
        at += n_mini;
        for &width in widths {
            if out.len() >= total {
                break;
            }
            (width <= 64).then_some(())?;
            let n_bytes = per_mini * usize::from(width) / 8;
            let packed = bytes.get(at..at.checked_add(n_bytes)?)?;
            at += n_bytes;
            let wanted = per_mini.min(total - out.len());
            unpack(packed, width, wanted, |x| {
                value = value.wrapping_add(least).wrapping_add(x as i64);
                out.push(value);
            });
        }
    }
    Some((out, at))
}

/// Values of `width` bits as one bit-packed run behind its head.
pub(super) fn pack(values: &[u32], width: u8) -> Vec<u8> {
    let mut out = Vec::new();
    let groups = values.len().div_ceil(8);
    let mut head = (groups as u64) << 1 | 1;
    while head >= 0x80 {
        out.push(head as u8 | 0x80);
        head >>= 7;
    }
    out.push(head as u8);
    let (mut held, mut n_held) = (0u64, 0);
    let padded = values.iter().copied().chain(std::iter::repeat(0));
    for value in padded.take(groups * 8) {
        held |= u64::from(value) << n_held;
        n_held += u32::from(width);
        while n_held >= 8 {
            out.push(held as u8);
            held >>= 8;
            n_held -= 8;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs() {
        // The example of the format's description: 0 to 7 in three bits each.
        let packed = [0b11, 0b1000_1000, 0b1100_0110, 0b1111_1010];
        assert_eq!(hybrid(&packed, 3, 8), Some((0..8).collect()));
        assert_eq!(hybrid(&[10, 7], 3, 5), Some(vec![7; 5]));
        assert_eq!(hybrid(&[10, 7], 3, 6), None);
        assert_eq!(hybrid(&[0b11, 0x88], 3, 8), None);
        assert_eq!(hybrid(&[], 0, 3), Some(vec![0; 3]));
        assert_eq!(hybrid(&[0xff; 12], 3, 8), None);
    }

    #[test]
    fn packed_values_come_back() {
        for width in 1..=20u8 {
            let values: Vec<u32> = (0..37u32)
                .map(|i| (i * 2_654_435) & ((1 << width) - 1))
                .collect();
            let packed = pack(&values, width);
            assert_eq!(hybrid(&packed, width, 37), Some(values), "{width}");
        }
    }

    #[test]
    fn deltas_of_the_description() {
        // 7, 5, 3, 1, 2, 3, 4, 5 in a block of 128 of 4: first 7, least −2, widths 2 and no more.
        let mut bytes = vec![0x80, 1, 4, 8, 14, 3, 2, 0, 0, 0];
        bytes.extend([0xc0, 0x3f]);
        bytes.extend([0; 6]);
        let (values, n) = deltas(&bytes, 8).unwrap();
        assert_eq!(values, [7, 5, 3, 1, 2, 3, 4, 5]);
        assert_eq!(n, bytes.len());
        assert_eq!(deltas(&bytes, 7), None);
        assert_eq!(deltas(&bytes[..15], 8), None);
    }
}
