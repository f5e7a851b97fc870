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

use super::packed::{BLOCK, PackedRows};
use super::sums::{Move, NONE};

/// Rows that go through the kernel together.
const LANES: usize = 8;
/// Centres that go through the kernel together.
const CENTRES: usize = 4;
/// Unit roundoff of single precision.
const ROUNDOFF: f32 = f32::EPSILON / 2.0;

type Lanes = [f32; LANES];

/// Labels of all rows and how long each is safe.
pub(super) struct Assignment<'r, 'a> {
    rows: &'r PackedRows<'a>,
    pub labels: Vec<u32>,
    /// The total drift of its label below which a row's label is safe.
    safe_below: Vec<f32>,
    /// For each label, the sum over the steps of how far its centre and the farthest-moving
    /// other centre went.
    drift: Vec<f64>,
    tile: Vec<Lanes>,
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
            labels: vec![NONE; rows.n_rows],
            safe_below: vec![f32::NEG_INFINITY; rows.n_rows],
            drift: vec![0.0; k],
            tile: vec![[0.0; LANES]; rows.stride],
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
        for (label, drift) in self.drift.iter_mut().enumerate() {
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
            for (j, (value, mean)) in centre.iter().zip(&self.rows.mean).enumerate() {
                let y = ((value - mean) * self.rows.scale) as f32;
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
    pub fn assign_block(
        &mut self,
        block: usize,
        screen: &Screen,
        centres: &[f64],
        moves: &mut Vec<Move>,
    ) {
        let from = block * BLOCK;
        let to = (from + BLOCK).min(self.rows.n_rows);
        let mut active = [0_u32; BLOCK + LANES];
        let n_active = self.unsafe_rows(from, to, screen, &mut active);
        if n_active == 0 {
            return;
        }
        let last = active[n_active - 1];
        active[n_active..n_active + LANES].fill(last);
        let mut at = 0;
        while at < n_active {
            let group: &[u32; LANES] = active[at..at + LANES].try_into().expect("eight rows");
            self.fill_tile(group);
            let nearest = screen.nearest(&self.tile, self.rows.n_features());
            for lane in 0..LANES.min(n_active - at) {
                let row = group[lane] as usize;
                let (mut label, mut safe_below) = (nearest.label[lane], nearest.safe_below[lane]);
                if !nearest.certain[lane] {
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
            at += LANES;
        }
    }

    /// Lists the rows from `from` to `to` whose label may change; returns how many.
    fn unsafe_rows(
        &self,
        from: usize,
        to: usize,
        screen: &Screen,
        active: &mut [u32; BLOCK + LANES],
    ) -> usize {
        let mut n_active = 0;
        let rows = self.safe_below[from..to].iter().zip(&self.labels[from..to]);
        for (i, (&safe_below, &label)) in rows.enumerate() {
            let drift = screen.drift.get(label as usize).copied().unwrap_or(0.0);
            active[n_active] = (from + i) as u32;
            n_active += usize::from(!(safe_below > drift));
        }
        n_active
    }

    /// Turns eight packed rows into features of eight lanes.
    #[inline(always)]
    fn fill_tile(&mut self, group: &[u32; LANES]) {
        let stride = self.rows.stride;
        for (lane, &row) in group.iter().enumerate() {
            let row = &self.rows.packed[row as usize * stride..][..stride];
            for (feature, &value) in self.tile.iter_mut().zip(row) {
                feature[lane] = value;
            }
        }
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
    label: [u32; LANES],
    certain: [bool; LANES],
    safe_below: Lanes,
}

impl Screen {
    #[inline(always)]
    fn nearest(&self, tile: &[Lanes], n_features: usize) -> Nearest {
        let mut best = [f32::INFINITY; LANES];
        let mut second = [f32::INFINITY; LANES];
        let mut label = [0_u32; LANES];
        let features = self.features.chunks_exact(n_features);
        for (group, (features, half_norms)) in features.zip(&self.half_norms).enumerate() {
            let mut scores = half_norms.map(|half_norm| [half_norm; LANES]);
            for (y, centres) in tile.iter().zip(features) {
                for (score, c) in scores.iter_mut().zip(centres) {
                    for lane in 0..LANES {
                        score[lane] -= y[lane] * c;
                    }
                }
            }
            for (m, score) in scores.iter().enumerate() {
                let c = (group * CENTRES + m) as u32;
                for lane in 0..LANES {
                    let s = score[lane];
                    let nearer = s < best[lane];
                    let farther = if nearer { best[lane] } else { s };
                    second[lane] = if farther < second[lane] {
                        farther
                    } else {
                        second[lane]
                    };
                    label[lane] = if nearer { c } else { label[lane] };
                    best[lane] = if nearer { s } else { best[lane] };
                }
            }
        }
        let half_norm = &tile[n_features];
        let mut nearest = Nearest {
            label,
            certain: [false; LANES],
            safe_below: [0.0; LANES],
        };
        for lane in 0..LANES {
            let h = half_norm[lane];
            let length = (2.0 * h).sqrt();
            let size = h + self.longest * (0.5 * self.longest + length);
            let error = size * self.error + 1e-20;
            nearest.certain[lane] = second[lane] - best[lane] > 2.0 * error;
            let near = (2.0 * (h + best[lane] + error)).max(0.0).sqrt();
            let far = (2.0 * (h + second[lane] - error)).max(0.0).sqrt();
            let gap = (far - near) - ((far + near) * (4.0 * ROUNDOFF) + self.margin);
            nearest.safe_below[lane] = gap;
        }
        for lane in 0..LANES {
            let total = nearest.safe_below[lane] + self.drift[label[lane] as usize];
            nearest.safe_below[lane] = total - total.abs() * (2.0 * ROUNDOFF);
        }
        nearest
    }
}
