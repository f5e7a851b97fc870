//! The same seed, data and options give the same bits natively and in a browser's engine.
//!
//! `cargo xtask test web` runs every test here twice: natively, where it leaves a fingerprint of the
//! bits in the folder that `JARI_BITS_TO` names, and then in a worker of headless Chromium, where it
//! is compiled with all fingerprints in `JARI_BITS`. Whether the numbers are right is for the unit and
//! reference tests to say.

use jari::models::{k_means, pca};
use jari::stats::distributions::{beta, chi_squared, f, normal, student_t};
use jari::stats::progress::unwatched;
use rand_core::Rng;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
fn distributions_have_the_same_bits() {
    let mut values = Vec::new();
    for i in 1..400 {
        let (x, p, df) = (
            f64::from(i) / 40.0,
            f64::from(i) / 400.0,
            f64::from(i) / 7.0,
        );
        values.extend([normal::sf(x), normal::quantile(p)]);
        values.extend([student_t::two_sided_p(x, df), student_t::quantile(p, df)]);
        values.extend([chi_squared::sf(x, df), chi_squared::quantile(p, df)]);
        values.extend([f::sf(x, 3.0, df), f::quantile(p, 3.0, df)]);
        values.extend([beta::cdf(p, 2.5, df), beta::quantile(p, 2.5, df)]);
    }
    check("distributions", values);
}

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
fn k_means_has_the_same_bits() {
    let columns = blobs(5000, 7);
    let rows = k_means::PackedRows::new(&slices(&columns));
    let options = k_means::KMeansOptions {
        k: 6,
        n_restarts: 3,
        ..Default::default()
    };
    let found = k_means::fit(&rows.unwrap(), &options, &mut unwatched).unwrap();
    let mut values = found.centres.concat();
    values.extend(found.labels.iter().map(|&label| f64::from(label)));
    values.extend(&found.within_ss);
    values.extend([found.inertia, found.total_ss, found.n_iterations as f64]);
    check("k_means", values);
}

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
fn principal_components_have_the_same_bits() {
    let columns = blobs(1000, 9);
    let columns = slices(&columns);
    let found = pca::fit(&columns, pca::Basis::Correlation, &mut unwatched).unwrap();
    let mut values = found.loadings.concat();
    values.extend(&found.variances);
    values.extend(found.scores(&columns, 2).concat());
    check("principal_components", values);
}

/// Holds the values of this run against those of the native one.
fn check(name: &str, values: Vec<f64>) {
    let bits = fingerprint(&values);
    if cfg!(target_arch = "wasm32") {
        let Some(all) = option_env!("JARI_BITS") else {
            panic!("run by `cargo xtask test web`")
        };
        let native = all
            .split(' ')
            .find_map(|item| item.strip_prefix(&format!("{name}=")));
        assert_eq!(native, Some(bits.as_str()), "{name}: native and browser");
    } else if let Some(folder) = std::env::var_os("JARI_BITS_TO") {
        std::fs::write(std::path::Path::new(&folder).join(name), bits).unwrap();
    }
}

/// FNV-1a over the values' bits.
fn fingerprint(values: &[f64]) -> String {
    assert!(values.iter().all(|value| value.is_finite()));
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in values
        .iter()
        .flat_map(|value| value.to_bits().to_le_bytes())
    {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    format!("{hash:016x}")
}

/// Columns of rows that lie around six places.
fn blobs(n_rows: usize, n_columns: usize) -> Vec<Vec<f64>> {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(20_260_301);
    let mut uniform = || (rng.next_u64() >> 11) as f64 / (1u64 << 53) as f64;
    let mut columns = vec![Vec::with_capacity(n_rows); n_columns];
    for row in 0..n_rows {
        for (i, column) in columns.iter_mut().enumerate() {
            let centre = ((row % 6) * (i + 1) % 5) as f64;
            column.push(centre + normal::quantile(uniform().max(1e-12)) * 0.4);
        }
    }
    columns
}

fn slices(columns: &[Vec<f64>]) -> Vec<&[f64]> {
    columns.iter().map(Vec::as_slice).collect()
}
