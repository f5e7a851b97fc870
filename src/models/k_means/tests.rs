use proptest::prelude::*;

use super::*;
use crate::stats::progress::unwatched;

/// Lloyd's algorithm as the textbooks write it. Returns labels, centres and inertia.
fn plain_lloyd(
    columns: &[Vec<f64>],
    start: &[usize],
    steps: usize,
) -> (Vec<u32>, Vec<Vec<f64>>, f64) {
    let rows: Vec<Vec<f64>> = (0..columns[0].len())
        .map(|i| columns.iter().map(|column| column[i]).collect())
        .collect();
    let square =
        |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum() };
    let nearest = |row: &Vec<f64>, centres: &[Vec<f64>]| {
        let mut best = (0, f64::INFINITY);
        for (c, centre) in centres.iter().enumerate() {
            let distance = square(row, centre);
            if distance < best.1 {
                best = (c, distance);
            }
        }
        best
    };
    let mut centres: Vec<Vec<f64>> = start.iter().map(|&i| rows[i].clone()).collect();
    for _ in 0..steps {
        let mut sums = vec![(0.0, vec![0.0; columns.len()]); centres.len()];
        for row in &rows {
            let (size, sum) = &mut sums[nearest(row, &centres).0];
            *size += 1.0;
            sum.iter_mut().zip(row).for_each(|(s, x)| *s += x);
        }
        for (centre, (size, sum)) in centres.iter_mut().zip(sums) {
            *centre = sum.iter().map(|s| s / size).collect();
        }
    }
    let found: Vec<(usize, f64)> = rows.iter().map(|row| nearest(row, &centres)).collect();
    let labels = found.iter().map(|&(c, _)| c as u32).collect();
    (labels, centres, found.iter().map(|&(_, d)| d).sum())
}

fn from_rows(start: &[usize], steps: usize) -> KMeansOptions {
    KMeansOptions {
        k: start.len(),
        start: Start::Rows(start.to_vec()),
        max_iterations: steps,
        tolerance: 0.0,
        ..KMeansOptions::default()
    }
}

fn run(columns: &[Vec<f64>], options: &KMeansOptions) -> Result<KMeans, KMeansError> {
    let slices: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    fit(&PackedRows::new(&slices)?, options, &mut unwatched)
}

/// Clusters from the first `k` rows and compares with the plain algorithm.
fn check_plain(columns: &[Vec<f64>], k: usize, steps: usize) {
    let start: Vec<usize> = (0..k).collect();
    let found = run(columns, &from_rows(&start, steps)).unwrap();
    let (labels, centres, inertia) = plain_lloyd(columns, &start, steps);
    assert_eq!(found.labels, labels);
    let size = columns
        .iter()
        .flatten()
        .fold(0.0_f64, |size, x| size.max(x.abs()));
    for (got, expected) in found.centres.iter().flatten().zip(centres.iter().flatten()) {
        assert!(
            (got - expected).abs() <= 1e-13 * size,
            "{got:e} is not {expected:e}"
        );
    }
    let rounding = 1e-12 * inertia + 1e-26 * size * size;
    assert!(
        (found.inertia - inertia).abs() <= rounding,
        "{} is not {inertia}",
        found.inertia
    );
}

/// Rows in clouds, enough for several blocks, from a small generator of our own.
fn clouds(n_rows: usize, n_features: usize, seed: u64) -> Vec<Vec<f64>> {
    let mut state = seed;
    let mut uniform = || {
        state = state
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    let middles: Vec<f64> = (0..5 * n_features).map(|_| 4.0 * uniform()).collect();
    let cloud: Vec<usize> = (0..n_rows).map(|_| (5.0 * uniform()) as usize).collect();
    (0..n_features)
        .map(|j| {
            let values = cloud.iter().map(|c| middles[c * n_features + j]);
            values
                .map(|middle| middle + uniform() + uniform() + uniform())
                .collect()
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn steps_are_those_of_the_plain_algorithm(
        n_rows in 12_usize..200, n_features in 1_usize..11, k in 1_usize..11, steps in 1_usize..12, seed: u64,
    ) {
        let columns = clouds(n_rows, n_features, seed);
        let sizes = plain_lloyd(&columns, &(0..k).collect::<Vec<_>>(), steps).1;
        prop_assume!(sizes.iter().flatten().all(|x| x.is_finite()));
        check_plain(&columns, k, steps);
    }

    #[test]
    fn inertia_never_rises(n_rows in 20_usize..400, k in 2_usize..9, seed: u64) {
        let columns = clouds(n_rows, 3, seed);
        let mut last = f64::INFINITY;
        for steps in 1..12 {
            let found = run(&columns, &from_rows(&(0..k).collect::<Vec<_>>(), steps)).unwrap();
            prop_assert!(found.inertia <= last * (1.0 + 1e-12));
            last = found.inertia;
        }
    }
}

#[test]
fn many_blocks_far_origins_and_uneven_scales_take_the_same_steps() {
    let columns = clouds(5000, 4, 3);
    let moved = |scale: [f64; 4], by: f64| -> Vec<Vec<f64>> {
        let features = columns.iter().zip(scale);
        features
            .map(|(c, s)| c.iter().map(|x| x * s + by).collect())
            .collect()
    };
    check_plain(&columns, 9, 15);
    check_plain(&moved([1.0; 4], 1e6), 9, 15);
    check_plain(&moved([1e-3, 1.0, 50.0, 2e4], -300.0), 7, 15);
    check_plain(&moved([1e60; 4], 0.0), 7, 15);
    check_plain(&moved([1e-60; 4], 0.0), 7, 15);
    let mut outlier = columns.clone();
    outlier[2][77] = 1e7;
    check_plain(&outlier, 6, 15);
}

/// Rows closer to the plane between two centres than single precision can tell.
#[test]
fn close_calls_are_settled_in_double_precision() {
    let mut columns = clouds(500, 3, 6);
    let middle = columns[0].clone();
    columns[0] = middle.iter().map(|x| 1e-9 * (x - 3.0)).collect();
    for (j, column) in columns.iter_mut().enumerate() {
        column[0] = if j == 0 { -1.0 } else { 3.0 };
        column[1] = if j == 0 { 1.0 } else { 3.0 };
    }
    check_plain(&columns, 2, 1);
    check_plain(&columns, 2, 2);
}

#[test]
fn whole_numbers_have_exact_centres_and_ties_go_to_the_first() {
    let column = vec![0.0, 4.0, 2.0, 2.0, 1.0, 3.0];
    let found = run(&[column], &from_rows(&[0, 1], 100)).unwrap();
    assert_eq!(found.labels, [0, 1, 0, 0, 0, 1]);
    assert_eq!(found.centres, [[1.25], [3.5]]);
    assert_eq!(found.sizes, [4, 2]);
    assert_eq!(found.within_ss, [2.75, 0.5]);
    assert!(found.converged);
}

#[test]
fn one_cluster_and_as_many_as_rows() {
    let columns = clouds(40, 2, 5);
    let one = run(&columns, &from_rows(&[7], 10)).unwrap();
    assert!((one.inertia - one.total_ss).abs() < 1e-12 * one.total_ss);
    assert_eq!(one.n_iterations, 2);
    let all = run(&columns, &from_rows(&(0..40).collect::<Vec<_>>(), 10)).unwrap();
    assert!(all.inertia < 1e-25);
    assert_eq!(all.sizes, [1; 40]);
}

#[test]
fn an_emptied_cluster_starts_again_from_the_farthest_row() {
    let column = vec![0.0, 1.0, 2.0, 50.0];
    let options = KMeansOptions {
        k: 2,
        start: Start::Centres(vec![vec![1.0], vec![-1000.0]]),
        ..KMeansOptions::default()
    };
    let found = run(&[column], &options).unwrap();
    assert_eq!(found.labels, [0, 0, 0, 1]);
    assert_eq!(found.centres, [[1.0], [50.0]]);
}

#[test]
fn equal_rows_make_one_cluster_and_empty_ones() {
    for start in [Start::PlusPlus, Start::Rows(vec![0, 1, 2])] {
        let options = KMeansOptions {
            start,
            ..KMeansOptions::default()
        };
        let found = run(&[vec![3.3; 9]], &options).unwrap();
        assert_eq!(found.sizes, [9, 0, 0]);
        assert_eq!(found.inertia, 0.0);
        assert!(found.centres.iter().all(|centre| centre == &[3.3]));
    }
}

#[test]
fn random_starts_are_the_same_for_the_same_seed_and_find_the_clouds() {
    let columns: Vec<Vec<f64>> = clouds(3000, 2, 11);
    let options = KMeansOptions {
        k: 5,
        ..KMeansOptions::default()
    };
    let found = run(&columns, &options).unwrap();
    assert_eq!(found, run(&columns, &options).unwrap());
    for seed in 2..6 {
        let other = run(
            &columns,
            &KMeansOptions {
                seed,
                ..options.clone()
            },
        )
        .unwrap();
        assert!((other.inertia / found.inertia - 1.0).abs() < 0.01);
    }
}

#[test]
fn numbering_by_size_keeps_the_clustering() {
    let columns = clouds(300, 2, 8);
    let found = run(&columns, &from_rows(&[0, 1, 2, 3], 50)).unwrap();
    let sorted = found.clone().by_descending_size();
    assert!(sorted.sizes.is_sorted_by(|a, b| a >= b));
    for (&old, &new) in found.labels.iter().zip(&sorted.labels) {
        assert_eq!(found.centres[old as usize], sorted.centres[new as usize]);
        assert_eq!(found.sizes[old as usize], sorted.sizes[new as usize]);
        assert_eq!(
            found.within_ss[old as usize],
            sorted.within_ss[new as usize]
        );
    }
}

#[test]
fn a_range_of_k_gives_what_each_alone_gives() {
    let columns = clouds(300, 2, 9);
    let slices: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let rows = PackedRows::new(&slices).unwrap();
    let options = KMeansOptions::default();
    let found = fit_range(&rows, &[2, 3, 6], &options, &mut unwatched).unwrap();
    for (found, k) in found.iter().zip([2, 3, 6]) {
        assert_eq!(
            found,
            &run(
                &columns,
                &KMeansOptions {
                    k,
                    ..options.clone()
                }
            )
            .unwrap()
        );
    }
}

#[test]
fn progress_rises_to_one_and_can_stop_the_work_at_any_call() {
    let columns = clouds(4000, 3, 4);
    let slices: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let rows = PackedRows::new(&slices).unwrap();
    let options = KMeansOptions {
        n_restarts: 2,
        ..KMeansOptions::default()
    };
    let mut calls = Vec::new();
    fit(&rows, &options, &mut |done| {
        calls.push(done);
        Ok(())
    })
    .unwrap();
    assert!(calls.is_sorted() && calls[0] >= 0.0 && calls[calls.len() - 1] <= 1.0);
    for stop in 0..calls.len() {
        let mut n_calls = 0;
        let stopped = fit(&rows, &options, &mut |_| {
            n_calls += 1;
            if n_calls > stop {
                Err(Cancelled)
            } else {
                Ok(())
            }
        });
        assert_eq!(stopped, Err(KMeansError::Cancelled));
    }
}

#[test]
fn what_cannot_be_clustered_is_refused() {
    let check = |columns: &[Vec<f64>], options: KMeansOptions, expected: KMeansError| {
        assert_eq!(run(columns, &options), Err(expected));
    };
    let usual = || from_rows(&[0, 1], 10);
    let column = vec![1.0, 2.0, 3.0];
    check(&[], usual(), KMeansError::NoRows);
    check(&[vec![]], usual(), KMeansError::NoRows);
    check(
        &[column.clone(), vec![1.0]],
        usual(),
        KMeansError::RaggedColumns,
    );
    for bad in [f64::NAN, f64::INFINITY, -1e200] {
        let columns = [column.clone(), vec![1.0, bad, 2.0]];
        check(&columns, usual(), KMeansError::NotFinite { feature: 1 });
    }
    let columns = [column];
    check(
        &columns,
        from_rows(&[], 10),
        KMeansError::BadK { k: 0, n_rows: 3 },
    );
    check(
        &columns,
        from_rows(&[0, 1, 2, 0], 10),
        KMeansError::BadK { k: 4, n_rows: 3 },
    );
    check(&columns, from_rows(&[0, 3], 10), KMeansError::BadStart);
    let centres = |centres: &[&[f64]]| KMeansOptions {
        start: Start::Centres(centres.iter().map(|c| c.to_vec()).collect()),
        ..usual()
    };
    check(&columns, centres(&[&[1.0]]), KMeansError::BadStart);
    check(
        &columns,
        centres(&[&[1.0], &[1.0, 2.0]]),
        KMeansError::BadStart,
    );
    check(
        &columns,
        centres(&[&[1.0], &[f64::NAN]]),
        KMeansError::BadStart,
    );
    check(&columns, from_rows(&[0, 1], 0), KMeansError::BadLimits);
    check(
        &columns,
        KMeansOptions {
            n_restarts: 0,
            ..usual()
        },
        KMeansError::BadLimits,
    );
    check(
        &columns,
        KMeansOptions {
            tolerance: f64::NAN,
            ..usual()
        },
        KMeansError::BadLimits,
    );
}
