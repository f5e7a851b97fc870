//! Fisher's exact test of tables of whole counts: 2 × 2 with its odds ratio, and r × c.

use std::collections::BTreeMap;

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::Rng;
use rustc_hash::FxHashMap;

use super::distributions::discrete::{hypergeometric_mass, ln_factorial};
use super::distributions::root;
use super::progress::{Cancelled, Progress};
use super::t_test::{Alternative, Estimate};

/// Tables no likelier than this times the one found count as no likelier: R's tolerance.
const FUZZ: f64 = 1.0 + 1e-7;
/// Steps of the exact distribution of an r × c table before it is given up.
pub const MAX_STEPS: usize = 3_000_000;

/// A p value of an r × c table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ExactTable {
    pub p: f64,
    /// How many tables were drawn; 0 when all were counted.
    pub n_drawn: usize,
}

/// The p value of a 2 × 2 table [a, b, c, d], row by row, of whole counts.
pub fn fisher_two_by_two(counts: [f64; 4], alternative: Alternative) -> f64 {
    let margins = Margins::new(counts);
    let mass = |a: f64| hypergeometric_mass(a, margins.row, margins.other, margins.column);
    let found = mass(counts[0]);
    let values = || (0..=(margins.high - margins.low) as u64).map(|i| margins.low + i as f64);
    let total: f64 = values()
        .map(|a| {
            let counts_in = match alternative {
                Alternative::TwoSided => mass(a) <= found * FUZZ,
                Alternative::Greater => a >= counts[0],
                Alternative::Less => a <= counts[0],
            };
            if counts_in { mass(a) } else { 0.0 }
        })
        .sum();
    total.min(1.0)
}

/// The conditional maximum-likelihood odds ratio of a 2 × 2 table with Fisher's interval, from the
/// noncentral hypergeometric distribution.
pub fn conditional_odds_ratio(counts: [f64; 4], level: f64, alternative: Alternative) -> Estimate {
    let margins = Margins::new(counts);
    let a = counts[0];
    let distribution = Noncentral::new(&margins);
    let solve = |goal: &dyn Fn(f64) -> f64| libm::exp(root(goal, -1.0, 1.0));
    let value = match a {
        _ if margins.low == margins.high => f64::NAN,
        a if a == margins.low => 0.0,
        a if a == margins.high => f64::INFINITY,
        a => solve(&|ln_odds| distribution.mean(ln_odds) - a),
    };
    let low = |alpha: f64| {
        if a == margins.low {
            0.0
        } else {
            solve(&|l| ln_ratio(distribution.at_least(l, a), alpha))
        }
    };
    let high = |alpha: f64| {
        if a == margins.high {
            f64::INFINITY
        } else {
            solve(&|l| ln_ratio(distribution.at_most(l, a), alpha))
        }
    };
    let (low, high) = match alternative {
        Alternative::TwoSided => (low(0.5 * (1.0 - level)), high(0.5 * (1.0 - level))),
        Alternative::Greater => (low(1.0 - level), f64::INFINITY),
        Alternative::Less => (0.0, high(1.0 - level)),
    };
    Estimate { value, low, high }
}

fn ln_ratio(p: f64, alpha: f64) -> f64 {
    (libm::log(p) - libm::log(alpha)).clamp(-700.0, 700.0)
}

struct Margins {
    row: f64,
    other: f64,
    column: f64,
    /// The least and the most of the first cell.
    low: f64,
    high: f64,
}

impl Margins {
    fn new([a, b, c, d]: [f64; 4]) -> Self {
        let (row, other, column) = (a + b, c + d, a + c);
        Self {
            row,
            other,
            column,
            low: (column - other).max(0.0),
            high: row.min(column),
        }
    }
}

/// The first cell's distribution at any odds ratio.
struct Noncentral {
    /// ln of the central masses, from the least value up.
    ln_mass: Vec<f64>,
    low: f64,
}

impl Noncentral {
    fn new(margins: &Margins) -> Self {
        let n = (margins.high - margins.low) as u64;
        let ln_choose = |n: f64, k: f64| ln_factorial(n) - ln_factorial(k) - ln_factorial(n - k);
        let ln_mass = (0..=n)
            .map(|i| {
                let a = margins.low + i as f64;
                ln_choose(margins.row, a) + ln_choose(margins.other, margins.column - a)
            })
            .collect();
        Self {
            ln_mass,
            low: margins.low,
        }
    }

    /// Masses at this logarithm of the odds ratio.
    fn masses(&self, ln_odds: f64) -> Vec<f64> {
        let tilted: Vec<f64> = self
            .ln_mass
            .iter()
            .enumerate()
            .map(|(i, m)| m + ln_odds * i as f64)
            .collect();
        let top = tilted.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let mass: Vec<f64> = tilted.iter().map(|m| libm::exp(m - top)).collect();
        let total: f64 = mass.iter().sum();
        mass.iter().map(|m| m / total).collect()
    }

    fn mean(&self, ln_odds: f64) -> f64 {
        let masses = self.masses(ln_odds);
        let steps = masses.iter().enumerate();
        self.low + steps.map(|(i, m)| i as f64 * m).sum::<f64>()
    }

    fn at_least(&self, ln_odds: f64, a: f64) -> f64 {
        self.masses(ln_odds)[(a - self.low) as usize..].iter().sum()
    }

    fn at_most(&self, ln_odds: f64, a: f64) -> f64 {
        self.masses(ln_odds)[..=(a - self.low) as usize]
            .iter()
            .sum()
    }
}

/// The p value of an r × c table, row by row: all tables with these margins that are no likelier.
/// Exact while that takes no more than [`MAX_STEPS`], else from `n_draws` tables.
pub fn fisher_r_by_c(
    counts: &[u64],
    n_columns: usize,
    n_draws: usize,
    rng: &mut Xoshiro256PlusPlus,
    tick: &mut Progress,
) -> Result<ExactTable, Cancelled> {
    let n_rows = counts.len() / n_columns;
    let rows: Vec<u64> = (0..n_rows)
        .map(|i| counts[i * n_columns..(i + 1) * n_columns].iter().sum())
        .collect();
    let columns: Vec<u64> = (0..n_columns)
        .map(|j| (0..n_rows).map(|i| counts[i * n_columns + j]).sum())
        .collect();
    // ln of the product of factorials of the cells: a table is likelier the smaller it is.
    let found: f64 = counts.iter().map(|c| ln_factorial(*c as f64)).sum();
    let (long, short) = if rows.len() >= columns.len() {
        (&columns, &rows)
    } else {
        (&rows, &columns)
    };
    let total: u64 = rows.iter().sum();
    let ln_constant: f64 = rows
        .iter()
        .chain(&columns)
        .map(|m| ln_factorial(*m as f64))
        .sum::<f64>()
        - ln_factorial(total as f64);
    if let Some(p) = Network::new(long, short, total).p(found, ln_constant, tick)? {
        return Ok(ExactTable { p, n_drawn: 0 });
    }
    let mut extreme = 0_usize;
    let every = (20_000 / counts.len().max(1)).max(1);
    for i in 0..n_draws {
        if i % every == 0 {
            tick(i as f32 / n_draws as f32)?;
        }
        let mut sum = 0.0;
        draw_table(&rows, &columns, rng, &mut |count| {
            sum += ln_factorial(count as f64)
        });
        extreme += usize::from(sum >= found - 1e-7);
    }
    Ok(ExactTable {
        p: (extreme as f64 + 1.0) / (n_draws as f64 + 1.0),
        n_drawn: n_draws,
    })
}

/// The counting of tables column by column (Mehta and Patel 1983). A node is what is left of the
/// short margin; orders do not matter, so it is kept sorted.
struct Network<'a> {
    /// Totals that are dealt out one after another.
    stages: &'a [u64],
    start: Vec<u64>,
    ln_factorials: Vec<f64>,
    steps: usize,
    /// The least and the most that the rest of the way can add, by stage and node.
    bounds: FxHashMap<(usize, Vec<u64>), (f64, f64)>,
}

impl<'a> Network<'a> {
    fn new(stages: &'a [u64], short: &[u64], total: u64) -> Self {
        let mut start = short.to_vec();
        start.sort_unstable();
        Self {
            stages,
            start,
            ln_factorials: if total <= 100_000 {
                (0..=total).map(|k| ln_factorial(k as f64)).collect()
            } else {
                Vec::new()
            },
            steps: 0,
            bounds: FxHashMap::default(),
        }
    }

    /// `None` when it takes too many steps.
    fn p(
        &mut self,
        found: f64,
        ln_constant: f64,
        tick: &mut Progress,
    ) -> Result<Option<f64>, Cancelled> {
        if self.ln_factorials.is_empty() {
            return Ok(None);
        }
        let goal = found - 1e-7;
        // From each node the sums so far with their numbers of ways: keys are rounded sums, which
        // are apart by far more than rounding.
        let mut nodes: BTreeMap<Vec<u64>, BTreeMap<u64, (f64, f64)>> = BTreeMap::new();
        nodes.insert(self.start.clone(), BTreeMap::from([(key(0.0), (0.0, 1.0))]));
        let mut p = 0.0;
        for stage in 0..self.stages.len() {
            tick(stage as f32 / self.stages.len() as f32)?;
            let mut next: BTreeMap<Vec<u64>, BTreeMap<u64, (f64, f64)>> = BTreeMap::new();
            for (node, pasts) in nodes {
                let mut ways = Vec::new();
                self.deal(stage, &node, &mut ways);
                for (rest, sum) in ways {
                    let Some((least, most)) = self.bound(stage + 1, &rest) else {
                        return Ok(None);
                    };
                    // The ways from here to the end, all tables together.
                    let all = self.ln_ways(&rest);
                    for (past, weight) in pasts.values() {
                        self.steps += 1;
                        let so_far = past + sum;
                        let mass = weight * libm::exp(-sum);
                        if so_far + least >= goal {
                            p += mass * libm::exp(all + ln_constant);
                        } else if so_far + most >= goal {
                            let slot = next.entry(rest.clone()).or_default();
                            let slot = slot.entry(key(so_far)).or_insert((so_far, 0.0));
                            slot.1 += mass;
                        }
                    }
                    if self.steps > MAX_STEPS {
                        return Ok(None);
                    }
                }
            }
            nodes = next;
        }
        Ok(Some(p.min(1.0)))
    }

    /// All ways to deal one total over what is left: the node behind, and the sum of ln factorials.
    fn deal(&mut self, stage: usize, node: &[u64], ways: &mut Vec<(Vec<u64>, f64)>) {
        let mut chosen = vec![0; node.len()];
        let room: Vec<u64> = suffix_sums(node);
        self.deal_on(node, &room, 0, self.stages[stage], 0.0, &mut chosen, ways);
    }

    #[allow(clippy::too_many_arguments)]
    fn deal_on(
        &mut self,
        node: &[u64],
        room: &[u64],
        at: usize,
        left: u64,
        sum: f64,
        chosen: &mut Vec<u64>,
        ways: &mut Vec<(Vec<u64>, f64)>,
    ) {
        if self.steps > MAX_STEPS {
            return;
        }
        if at == node.len() {
            self.steps += 1;
            let mut rest: Vec<u64> = node.iter().zip(chosen.iter()).map(|(n, c)| n - c).collect();
            rest.sort_unstable();
            ways.push((rest, sum));
            return;
        }
        let least = left.saturating_sub(room[at + 1]);
        for take in least..=left.min(node[at]) {
            chosen[at] = take;
            let more = sum + self.ln_factorials[take as usize];
            self.deal_on(node, room, at + 1, left - take, more, chosen, ways);
        }
    }

    /// The least and the most sum that can follow; `None` when it takes too many steps.
    fn bound(&mut self, stage: usize, node: &[u64]) -> Option<(f64, f64)> {
        if stage + 1 >= self.stages.len() {
            let sum = if stage < self.stages.len() {
                node.iter().map(|n| self.ln_factorials[*n as usize]).sum()
            } else {
                0.0
            };
            return Some((sum, sum));
        }
        if let Some(known) = self.bounds.get(&(stage, node.to_vec())) {
            return Some(*known);
        }
        let mut ways = Vec::new();
        self.deal(stage, node, &mut ways);
        let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
        for (rest, sum) in ways {
            let (low, high) = self.bound(stage + 1, &rest)?;
            least = least.min(sum + low);
            most = most.max(sum + high);
        }
        if self.steps > MAX_STEPS {
            return None;
        }
        self.bounds.insert((stage, node.to_vec()), (least, most));
        Some((least, most))
    }

    /// ln Σ over all ways from `node` to the end of exp(−sum): (Σn)! / Π n! Π stage! in logarithms.
    fn ln_ways(&self, node: &[u64]) -> f64 {
        let left: u64 = node.iter().sum();
        let of_node: f64 = node.iter().map(|n| self.ln_factorials[*n as usize]).sum();
        // The stages to come have as many in all as the node; their factorials are those of a
        // suffix.
        let mut rest = left;
        let mut of_stages = 0.0;
        for stage in self.stages.iter().rev() {
            if rest == 0 {
                break;
            }
            of_stages += self.ln_factorials[*stage as usize];
            rest -= stage;
        }
        self.ln_factorials[left as usize] - of_node - of_stages
    }
}

/// Sums within 1e-9 of one another are one.
fn key(sum: f64) -> u64 {
    (sum * 1e8).round() as u64
}

fn suffix_sums(values: &[u64]) -> Vec<u64> {
    let mut sums = vec![0; values.len() + 1];
    for i in (0..values.len()).rev() {
        sums[i] = sums[i + 1] + values[i];
    }
    sums
}

/// A table with these margins as chance deals it, cell by cell (Patefield 1981).
pub fn draw_table(
    rows: &[u64],
    columns: &[u64],
    rng: &mut Xoshiro256PlusPlus,
    put: &mut dyn FnMut(u64),
) {
    let mut left = columns.to_vec();
    for (i, &row) in rows.iter().enumerate() {
        if i + 1 == rows.len() {
            left.iter().for_each(|&c| put(c));
            break;
        }
        let mut to_place = row;
        let mut pool: u64 = left.iter().sum();
        for column in left.iter_mut() {
            let count = hypergeometric_draw(*column, pool - *column, to_place, rng);
            pool -= *column;
            *column -= count;
            to_place -= count;
            put(count);
        }
    }
}

/// Inverts the distribution outwards from its mode.
fn hypergeometric_draw(marked: u64, others: u64, drawn: u64, rng: &mut Xoshiro256PlusPlus) -> u64 {
    let (m, o, d) = (marked as f64, others as f64, drawn as f64);
    let (low, high) = (drawn.saturating_sub(others), drawn.min(marked));
    if low == high {
        return low;
    }
    let mode = (((d + 1.0) * (m + 1.0) / (m + o + 2.0)).floor() as u64).clamp(low, high);
    let mut u = (rng.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
    let at_mode = hypergeometric_mass(mode as f64, m, o, d);
    u -= at_mode;
    if u < 0.0 {
        return mode;
    }
    let (mut down, mut up) = (mode, mode);
    let (mut mass_down, mut mass_up) = (at_mode, at_mode);
    while down > low || up < high {
        if up < high {
            let k = up as f64;
            mass_up *= (m - k) * (d - k) / ((k + 1.0) * (o - d + k + 1.0));
            up += 1;
            u -= mass_up;
            if u < 0.0 {
                return up;
            }
        }
        if down > low {
            let k = down as f64;
            mass_down *= k * (o - d + k) / ((m - k + 1.0) * (d - k + 1.0));
            down -= 1;
            u -= mass_down;
            if u < 0.0 {
                return down;
            }
        }
    }
    mode
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::progress::unwatched;
    use Alternative::{Greater, Less, TwoSided};
    use rand_xoshiro::rand_core::SeedableRng;

    #[track_caller]
    fn check(got: f64, expected: f64, tolerance: f64) {
        let same = (got - expected).abs() <= tolerance * expected.abs() || got == expected;
        assert!(same, "{got} is not {expected}");
    }

    /// R 4.2: fisher.test; odds ratios and their ends from noncentral hypergeometric sums by uniroot
    /// to 1e-14, because fisher.test's own stop at four digits.
    #[test]
    fn agrees_with_r() {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
        let mut exact = |counts: &[u64], n_columns| {
            let got = fisher_r_by_c(counts, n_columns, 100, &mut rng, &mut unwatched).unwrap();
            assert_eq!(got.n_drawn, 0);
            got.p
        };
        check(
            fisher_two_by_two([3.0, 1.0, 1.0, 3.0], TwoSided),
            0.4857142857142858,
            1e-9,
        );
        check(
            fisher_two_by_two([3.0, 1.0, 1.0, 3.0], Greater),
            0.2428571428571429,
            1e-9,
        );
        check(
            fisher_two_by_two([3.0, 1.0, 1.0, 3.0], Less),
            0.9857142857142858,
            1e-9,
        );
        let e = conditional_odds_ratio([3.0, 1.0, 1.0, 3.0], 0.95, TwoSided);
        check(e.value, 6.408319658199679, 1e-9);
        check(e.low, 0.2117355954465786, 1e-9);
        check(e.high, 626.2435305888139, 1e-9);
        check(
            conditional_odds_ratio([3.0, 1.0, 1.0, 3.0], 0.9, Greater).low,
            0.4904107385845788,
            1e-9,
        );
        check(
            conditional_odds_ratio([3.0, 1.0, 1.0, 3.0], 0.9, Less).high,
            146.2225384989987,
            1e-9,
        );
        check(
            fisher_two_by_two([12.0, 5.0, 7.0, 19.0], TwoSided),
            0.01090525626201179,
            1e-9,
        );
        check(
            fisher_two_by_two([12.0, 5.0, 7.0, 19.0], Greater),
            0.005828085689619637,
            1e-9,
        );
        check(
            fisher_two_by_two([12.0, 5.0, 7.0, 19.0], Less),
            0.9992569943681565,
            1e-9,
        );
        let e = conditional_odds_ratio([12.0, 5.0, 7.0, 19.0], 0.95, TwoSided);
        check(e.value, 6.193439530827803, 1e-9);
        check(e.low, 1.413970912455256, 1e-9);
        check(e.high, 31.86496309281183, 1e-9);
        check(
            conditional_odds_ratio([12.0, 5.0, 7.0, 19.0], 0.9, Greater).low,
            2.154886378268428,
            1e-9,
        );
        check(
            conditional_odds_ratio([12.0, 5.0, 7.0, 19.0], 0.9, Less).high,
            19.06424673305398,
            1e-9,
        );
        check(
            fisher_two_by_two([0.0, 4.0, 6.0, 2.0], TwoSided),
            0.06060606060606054,
            1e-9,
        );
        check(fisher_two_by_two([0.0, 4.0, 6.0, 2.0], Greater), 1.0, 1e-9);
        check(
            fisher_two_by_two([0.0, 4.0, 6.0, 2.0], Less),
            0.03030303030303028,
            1e-9,
        );
        let e = conditional_odds_ratio([0.0, 4.0, 6.0, 2.0], 0.95, TwoSided);
        check(e.value, 0.0, 1e-9);
        check(e.low, 0.0, 1e-9);
        check(e.high, 1.099175560383113, 1e-9);
        check(
            conditional_odds_ratio([0.0, 4.0, 6.0, 2.0], 0.9, Greater).low,
            0.0,
            1e-9,
        );
        check(
            conditional_odds_ratio([0.0, 4.0, 6.0, 2.0], 0.9, Less).high,
            0.5063172913373394,
            1e-9,
        );
        check(
            fisher_two_by_two([200.0, 150.0, 90.0, 310.0], TwoSided),
            1.890098125146906e-22,
            1e-9,
        );
        check(
            fisher_two_by_two([200.0, 150.0, 90.0, 310.0], Greater),
            1.081808054723568e-22,
            1e-9,
        );
        check(
            fisher_two_by_two([200.0, 150.0, 90.0, 310.0], Less),
            1.0,
            1e-9,
        );
        let e = conditional_odds_ratio([200.0, 150.0, 90.0, 310.0], 0.95, TwoSided);
        check(e.value, 4.582370367674296, 1e-9);
        check(e.low, 3.308298426181426, 1e-9);
        check(e.high, 6.3828716335249, 1e-9);
        check(
            conditional_odds_ratio([200.0, 150.0, 90.0, 310.0], 0.9, Greater).low,
            3.683160890904317,
            1e-9,
        );
        check(
            conditional_odds_ratio([200.0, 150.0, 90.0, 310.0], 0.9, Less).high,
            5.710404950970601,
            1e-9,
        );
        check(exact(&[3, 1, 2, 0, 4, 1], 3), 0.188311688311688, 1e-8);
        check(
            exact(&[12, 5, 9, 3, 14, 8, 7, 4, 11], 3),
            0.01245588729462998,
            1e-8,
        );
        check(
            exact(&[1, 2, 1, 0, 3, 3, 6, 1, 10, 10, 14, 9, 6, 7, 12, 11], 4),
            0.7826849389665465,
            1e-8,
        );
        check(
            exact(&[2, 0, 1, 3, 4, 1, 0, 5], 2),
            0.02272727272727277,
            1e-8,
        );
    }

    #[test]
    fn drawn_tables_come_near_the_exact_p() {
        let counts = [12, 5, 9, 3, 14, 8, 7, 4, 11];
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(7);
        let exact = fisher_r_by_c(&counts, 3, 10, &mut rng, &mut unwatched).unwrap();
        let found: f64 = counts.iter().map(|c| ln_factorial(*c as f64)).sum();
        let (rows, columns) = ([26, 25, 22], [22, 23, 28]);
        let mut extreme = 0;
        for _ in 0..20_000 {
            let mut sum = 0.0;
            draw_table(&rows, &columns, &mut rng, &mut |c| {
                sum += ln_factorial(c as f64)
            });
            extreme += usize::from(sum >= found - 1e-7);
        }
        let drawn = f64::from(extreme as u32) / 20_000.0;
        assert!((drawn - exact.p).abs() < 0.012, "{drawn} {}", exact.p);
    }

    #[test]
    fn drawn_tables_keep_their_margins() {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(3);
        let (rows, columns) = ([5, 0, 9], [4, 4, 6]);
        for _ in 0..200 {
            let mut cells = Vec::new();
            draw_table(&rows, &columns, &mut rng, &mut |c| cells.push(c));
            for (i, row) in rows.iter().enumerate() {
                assert_eq!(cells[i * 3..i * 3 + 3].iter().sum::<u64>(), *row);
            }
            for (j, column) in columns.iter().enumerate() {
                assert_eq!((0..3).map(|i| cells[i * 3 + j]).sum::<u64>(), *column);
            }
        }
    }
}
