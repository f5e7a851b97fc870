//! The nearest centre of every row: screened in single precision, settled in double, and left
//! alone where it cannot have changed.
//!
//! # Screening
//! With `y` a packed row and `c` a packed centre, `|y − c|² / 2 = |y|² / 2 + s` where
//! `s = |c|² / 2 − y·c`, so the nearest centre is that of the least `s`. In single precision
//! (unit roundoff `u`) `s` over `d` features is off by at most `(d + 6) u (|c|² / 2 + |y||c|)`:
//! two roundings from packing, one from `|c|² / 2`, `d + 1` from the sum of products, and their
//! higher orders. Where the least and the second least differ by more than twice that, the least
//! is that of double precision too; elsewhere the row is worked out again in double precision.
//!
//! # Leaving rows alone
//! After Hamerly (SDM 2010): while the centres have moved by less than the gap between a row's
//! distances to its nearest and second nearest centre, the row keeps its label. Rather than
//! lowering that gap for every row at every step, the drift of every centre is added up, and a
//! row keeps the total drift up to which its label is safe.

use super::packed::{BLOCK, Eight, PackedRows, ROWS};
use super::sums::Move;
use crate::stats::lanes::F32x4;

/// Centres that go through the kernel together.
const CENTRES: usize = 4;
/// Unit roundoff of single precision.
const ROUNDOFF: f32 = f32::EPSILON / 2.0;

/// Labels of all rows and how long each is safe.
pub(super) struct Assignment<'r, 'a> {
    rows: &'r PackedRows<'a>,
    /// `k` as long as a row has no label.
    pub labels: Vec<u32>,
    /// The total drift of its label below which a row's label is safe.
    safe_below: Vec<f32>,
    /// For each label, the sum over the steps of how far its centre and the farthest-moving
    /// other centre went; zero for the label `k`.
    drift: Vec<f64>,
    tile: Vec<Eight>,
}

/// Centres as the kernel wants them.
pub(super) struct Screen {
    /// Groups of [`CENTRES`] centres; in a group, feature after feature.
    features: Vec<[f32; CENTRES]>,
    half_norms: Vec<[f32; CENTRES]>,
    longest: f32,
    /// The total drift of each label, rounded up.
    drift: Vec<f32>,
    /// Relative error of scores.
    error: f32,
    /// Distance that covers the rounding of double precision.
    margin: f32,
}

impl<'r, 'a> Assignment<'r, 'a> {
    /// No row has a label yet.
    pub fn new(rows: &'r PackedRows<'a>, k: usize) -> Self {
        Assignment {
            rows,
            labels: vec![k as u32; rows.n_rows],
            safe_below: vec![f32::NEG_INFINITY; rows.n_rows],
            drift: vec![0.0; k + 1],
            tile: vec![[F32x4::splat(0.0); 2]; rows.stride],
        }
    }

    /// Notes that the centres went from `old` to `new`.
    pub fn centres_moved(&mut self, old: &[f64], new: &[f64]) {
        let n_features = self.rows.n_features();
        let moved: Vec<f64> = old
            .chunks_exact(n_features)
            .zip(new.chunks_exact(n_features))
            .map(|(a, b)| {
                let square: f64 = a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum();
                square.sqrt() * self.rows.scale * (1.0 + 1e-9)
            })
            .collect();
        for (label, drift) in self.drift.iter_mut().take(moved.len()).enumerate() {
            let others = moved.iter().enumerate().filter(|&(c, _)| c != label);
            *drift += moved[label] + others.fold(0.0, |most, (_, &gone)| gone.max(most));
        }
    }

    /// Prepares `centres`, `k` rows of `n_features`.
    pub fn screen(&self, centres: &[f64]) -> Screen {
        let n_features = self.rows.n_features();
        let k = centres.len() / n_features;
        let n_groups = k.div_ceil(CENTRES);
        let mut features = vec![[0.0; CENTRES]; n_groups * n_features];
        let mut half_norms = vec![[f32::INFINITY; CENTRES]; n_groups];
        let mut longest = 0.0_f64;
        for (c, centre) in centres.chunks_exact(n_features).enumerate() {
            let (group, lane) = (c / CENTRES, c % CENTRES);
            let mut norm = 0.0;
            for (j, (value, origin)) in centre.iter().zip(&self.rows.origin).enumerate() {
                let y = ((value - origin) * self.rows.scale) as f32;
                features[group * n_features + j][lane] = y;
                norm += f64::from(y) * f64::from(y);
            }
            half_norms[group][lane] = (norm / 2.0) as f32;
            longest = longest.max(norm.sqrt());
        }
        let radius = self.rows.radius;
        let margin = (radius + radius.max(longest)) * (n_features + 16) as f64 * 1e-13;
        let round_up = |value: f64| (value * (1.0 + 1e-6)) as f32;
        Screen {
            features,
            half_norms,
            longest: round_up(longest),
            drift: self.drift.iter().map(|&drift| round_up(drift)).collect(),
            error: (n_features + 20) as f32 * ROUNDOFF,
            margin: round_up(margin),
        }
    }

    /// Gives the rows of block `block` their nearest centre and lists in `moves` those whose
    /// label changed.
    #[inline(never)] // see ARCHITECTURE.md, "Hot loops"
    pub fn assign_block(
        &mut self,
        block: usize,
        screen: &Screen,
        centres: &[f64],
        moves: &mut Vec<Move>,
    ) {
        let mut active = [0_u32; BLOCK + ROWS];
        let n_active = self.unsafe_rows(block, screen, &mut active);
        let last = active[n_active.saturating_sub(1)];
        active[n_active..n_active + ROWS].fill(last);
        for (group, _) in active
            .as_chunks::<ROWS>()
            .0
            .iter()
            .zip((0..n_active).step_by(ROWS))
        {
            self.rows.fill_tile(group, &mut self.tile);
            let nearest = screen.nearest(&self.tile, self.rows.n_features());
            for (lane, &row) in group.iter().enumerate() {
                let row = row as usize;
                let mut label = nearest.label[lane];
                let mut safe_below = nearest.gap[lane] + screen.drift[label as usize];
                safe_below -= safe_below.abs() * (2.0 * ROUNDOFF);
                let clear = nearest.clearance[lane] > 0.0;
                if !nearest.certain && !clear {
                    label = self.nearest_exactly(row, centres);
                    safe_below = f32::NEG_INFINITY;
                }
                self.safe_below[row] = safe_below;
                let from = self.labels[row];
                if from != label {
                    self.labels[row] = label;
                    moves.push(Move {
                        row: row as u32,
                        from,
                        to: label,
                    });
                }
            }
        }
    }

    /// Lists the rows of `block` whose label may change; returns how many.
    fn unsafe_rows(
        &self,
        block: usize,
        screen: &Screen,
        active: &mut [u32; BLOCK + ROWS],
    ) -> usize {
        let from = block * BLOCK;
        let to = (from + BLOCK).min(self.rows.n_rows);
        let mut n_active = 0;
        let rows = self.safe_below[from..to].iter().zip(&self.labels[from..to]);
        for ((&safe_below, &label), row) in rows.zip(from as u32..) {
            let safe = screen.drift[label as usize] < safe_below;
            active[n_active] = row;
            n_active += usize::from(!safe);
        }
        n_active
    }

    /// The first of the centres nearest to `row` in double precision.
    #[cold]
    fn nearest_exactly(&self, row: usize, centres: &[f64]) -> u32 {
        let mut best = (0, f64::INFINITY);
        for (c, centre) in centres.chunks_exact(self.rows.n_features()).enumerate() {
            let distance = self.rows.squared_distance(row, centre);
            if distance < best.1 {
                best = (c as u32, distance);
            }
        }
        best.0
    }
}

struct Nearest {
    label: [u32; ROWS],
    /// Lower bound of how much farther the second nearest centre is than the nearest.
    gap: [f32; ROWS],
    /// Whether every label is that of double precision too.
    certain: bool,
    /// Above zero where the label is that of double precision too.
    clearance: [f32; ROWS],
}

impl Screen {
    #[inline(always)]
    fn nearest(&self, tile: &[Eight], n_features: usize) -> Nearest {
        let infinity = F32x4::splat(f32::INFINITY);
        let mut best = [infinity; 2];
        let mut second = [infinity; 2];
        let mut label = [F32x4::splat(0.0); 2];
        let features = self.features.chunks_exact(n_features);
        for (group, (features, half_norms)) in features.zip(&self.half_norms).enumerate() {
            let mut scores = half_norms.map(|half_norm| [F32x4::splat(half_norm); 2]);
            for (y, centres) in tile.iter().zip(features) {
                for (score, &c) in scores.iter_mut().zip(centres) {
                    let c = F32x4::splat(c);
                    score[0] = score[0] - y[0] * c;
                    score[1] = score[1] - y[1] * c;
                }
            }
            for (m, score) in scores.iter().enumerate() {
                let c = F32x4::splat_bits((group * CENTRES + m) as u32);
                for half in 0..2 {
                    let s = score[half];
                    second[half] = second[half].lesser(s.greater(best[half]));
                    label[half] = F32x4::where_less(s, best[half], c, label[half]);
                    best[half] = s.lesser(best[half]);
                }
            }
        }
        let mut nearest = Nearest {
            label: [0; ROWS],
            gap: [0.0; ROWS],
            certain: true,
            clearance: [0.0; ROWS],
        };
        let [zero, half, two] = [0.0, 0.5, 2.0].map(F32x4::splat);
        let longest = F32x4::splat(self.longest);
        for i in 0..2 {
            let h = tile[n_features][i];
            let length = (h + h).sqrt();
            let size = h + longest * (longest * half + length);
            let error = size * F32x4::splat(self.error) + F32x4::splat(1e-20);
            let clearance = (second[i] - best[i]) - two * error;
            nearest.certain &= zero.all_less(clearance);
            let near = (two * (h + best[i] + error)).greater(zero).sqrt();
            let far = (two * (h + second[i] - error)).greater(zero).sqrt();
            let margin = (far + near) * F32x4::splat(4.0 * ROUNDOFF) + F32x4::splat(self.margin);
            nearest.gap[i * 4..][..4].copy_from_slice(&((far - near) - margin).to_array());
            nearest.label[i * 4..][..4].copy_from_slice(&label[i].to_bits());
            nearest.clearance[i * 4..][..4].copy_from_slice(&clearance.to_array());
        }
        nearest
    }
}
