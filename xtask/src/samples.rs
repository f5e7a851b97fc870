//! `cargo xtask samples`: writes the made-up sample data of `public/samples`.
//!
//! `campaign.csv` is an experiment of an imaginary shop, so that it is free of rights and holds no
//! person. Each customer gets one of three messages by lot. Message B sells to 6 in a hundred more
//! than A does; C sells exactly as A does. What a customer bought before and the age group matter too.

use crate::shell::root;
use anyhow::{Context, Result};
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

const N_CUSTOMERS: usize = 12_000;
const SEED: u64 = 20_250_301;

const MESSAGES: [&str; 3] = ["A: reminder", "B: 10% coupon", "C: new arrivals"];
/// Share of customers in per cent, and what the age adds to the chance to buy.
const AGES: [(&str, u64, f64); 5] = [
    ("20s", 24, 0.015),
    ("30s", 29, 0.025),
    ("40s", 24, 0.01),
    ("50s", 15, 0.0),
    ("60+", 8, -0.01),
];
/// Won, and how many in a hundred items cost that.
const PRICES: [(u64, u64); 7] = [
    (8_900, 22),
    (12_900, 22),
    (15_900, 18),
    (19_900, 15),
    (24_900, 11),
    (32_900, 8),
    (45_000, 4),
];

/// Writes the samples into the project.
pub fn samples() -> Result<()> {
    let path = path();
    fs::write(&path, campaign()).with_context(|| format!("cannot write {}", path.display()))?;
    println!("wrote {}", path.display());
    Ok(())
}

fn path() -> PathBuf {
    root().join("public/samples/campaign.csv")
}

fn campaign() -> String {
    let mut lots = Lots(SEED);
    let mut out = String::from("customer_id,message,age_group,past_orders,purchased,spend\n");
    for i in 1..=N_CUSTOMERS {
        let message = lots.below(3) as usize;
        let (age, _, by_age) = AGES[lots.weighted(&AGES.map(|a| a.1))];
        let past_orders = lots.runs(0.62);
        let chance = 0.08
            + by_age
            + 0.012 * past_orders.min(6) as f64
            + if message == 1 { 0.06 } else { 0.0 };
        let purchased = lots.share() < chance;
        let spend = if purchased {
            basket(&mut lots, message == 1)
        } else {
            0
        };
        let answer = if purchased { "yes" } else { "no" };
        let message = MESSAGES[message];
        writeln!(
            out,
            "C{i:05},{message},{age},{past_orders},{answer},{spend}"
        )
        .expect("a string takes any text");
    }
    out
}

/// What one purchase costs, in won.
fn basket(lots: &mut Lots, has_coupon: bool) -> u64 {
    let n_items = 1 + lots.runs(0.35);
    let prices = PRICES.map(|p| p.1);
    let full: u64 = (0..n_items).map(|_| PRICES[lots.weighted(&prices)].0).sum();
    if has_coupon { full / 10 * 9 } else { full }
}

/// SplitMix64 (Steele, Lea and Flood, 2014): enough for a sample, and the same everywhere.
struct Lots(u64);

impl Lots {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From 0 up to, not including, 1.
    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    /// A place, chosen in proportion to the weights.
    fn weighted(&mut self, weights: &[u64]) -> usize {
        let mut left = self.below(weights.iter().sum());
        for (i, &weight) in weights.iter().enumerate() {
            if left < weight {
                return i;
            }
            left -= weight;
        }
        weights.len() - 1
    }

    /// How often in a row a chance comes true; at most 30.
    fn runs(&mut self, chance: f64) -> u64 {
        (0..30).take_while(|_| self.share() < chance).count() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first outputs for the seed 1234567, as in Rosetta Code's "Pseudo-random numbers/Splitmix64".
    #[test]
    fn lots_are_splitmix64() {
        let mut lots = Lots(1_234_567);
        let expected = [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
            4_593_380_528_125_082_431,
            16_408_922_859_458_223_821,
        ];
        assert_eq!([(); 5].map(|()| lots.next()), expected);
    }

    #[test]
    fn the_sample_is_what_the_program_makes() {
        assert_eq!(fs::read_to_string(path()).unwrap(), campaign());
    }

    /// The file is read anew here, and counted without the program above.
    #[test]
    fn b_sells_more_and_c_does_not() {
        let text = fs::read_to_string(path()).unwrap();
        let share = |letter: &str| {
            let rows: Vec<&str> = text
                .lines()
                .filter(|l| l.contains(&format!(",{letter}: ")))
                .collect();
            let bought = rows.iter().filter(|l| l.contains(",yes,")).count();
            (rows.len(), bought as f64 / rows.len() as f64)
        };
        let [(n_a, a), (n_b, b), (n_c, c)] = ["A", "B", "C"].map(share);
        assert_eq!(n_a + n_b + n_c, 12_000);
        assert!(
            (3_850..4_150).contains(&n_a) && (3_850..4_150).contains(&n_b),
            "{n_a} {n_b}"
        );
        // Standard errors of the differences are about 0.008.
        assert!(b - a > 0.04, "{a} {b}");
        assert!((c - a).abs() < 0.01, "{a} {c}");
    }
}
