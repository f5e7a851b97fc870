//! Bayes factors of an effect against none, with default priors.

use super::distributions::{beta, discrete::ln_gamma_positive, student_t};
use super::integrate::adaptive;
use super::t_test::Alternative;

/// Jeffreys, Zellner and Siow's factor for a t statistic (Rouder et al. 2009): under the effect the
/// standardised difference has a Cauchy prior of scale `r`, cut at zero for a one-sided question.
/// `n_effective` is n, or n₁n₂ / (n₁ + n₂) for two samples. NaN for a t that is none.
pub fn jzs_t(t: f64, df: f64, n_effective: f64, r: f64, alternative: Alternative) -> f64 {
    if !t.is_finite() || !(df > 0.0) || !(n_effective > 0.0) {
        return f64::NAN;
    }
    // Given g the effect is normal with variance g, and all else has closed form; g is over a χ²
    // of one degree of freedom: g = r² / z². The integral runs over u = ln g.
    let ln_null = -0.5 * (df + 1.0) * libm::log1p(t * t / df);
    let integrand = |u: f64| {
        let g = libm::exp(u);
        let wide = 1.0 + n_effective * g;
        let ln_data = -0.5 * libm::log(wide) - 0.5 * (df + 1.0) * libm::log1p(t * t / (wide * df));
        // ln of r / √(2π) g^{−3/2} e^{−r²/2g} · g.
        let ln_prior =
            libm::log(r) - 0.5 * libm::log(2.0 * std::f64::consts::PI) - 0.5 * u - 0.5 * r * r / g;
        let side = match alternative {
            Alternative::TwoSided => 1.0,
            _ => {
                // The posterior of the effect given g is a t distribution with df + 1.
                let sum = df + t * t / wide;
                let z = t * (n_effective * g / wide).sqrt() / (sum / (df + 1.0)).sqrt();
                let above = student_t::cdf(z, df + 1.0);
                2.0 * if alternative == Alternative::Greater {
                    above
                } else {
                    1.0 - above
                }
            }
        };
        libm::exp(ln_data + ln_prior - ln_null) * side
    };
    let middle = libm::log(r * r);
    let breaks: Vec<f64> = [
        -7.0, -4.5, -3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 72.0,
    ]
    .iter()
    .map(|k| middle + k)
    .collect();
    adaptive(integrand, &breaks, 1e-12)
}

/// Ly, Verhagen and Wagenmakers's (2016) factor for Pearson's r of `n` pairs, the correlation under
/// the effect having a stretched beta prior of width `kappa` (1 is uniform). One-sided questions cut
/// the prior at zero.
pub fn correlation(r: f64, n: f64, kappa: f64, alternative: Alternative) -> f64 {
    if !(r.abs() <= 1.0) || n < 3.0 {
        return f64::NAN;
    }
    if r.abs() == 1.0 {
        return f64::INFINITY;
    }
    // Jeffreys's exact reduced likelihood of ρ, relative to that of zero, against the prior.
    let a = 1.0 / kappa;
    let ln_prior_scale = (1.0 - 2.0 * a) * std::f64::consts::LN_2 - ln_beta(a, a);
    let ln_even =
        |rho: f64| 0.5 * (n - 1.0) * libm::log1p(-rho * rho) + (1.5 - n) * libm::log1p(-rho * r);
    // Taken relative to its highest value, so that it stays finite in a million rows.
    let is_outside = match alternative {
        Alternative::TwoSided => false,
        Alternative::Greater => r < 0.0,
        Alternative::Less => r > 0.0,
    };
    let ln_peak = ln_even(if is_outside { 0.0 } else { r });
    let likelihood = |rho: f64| {
        // (1 − ρr)^{(2n−3)/2} F(½, ½; n − ½; (1 + ρr)/2), over its value at ρ = 0.
        libm::exp(ln_even(rho) - ln_peak) * half_half(n - 0.5, 0.5 * (1.0 + rho * r))
    };
    let at_zero = half_half(n - 0.5, 0.5);
    let prior = |rho: f64| libm::exp(ln_prior_scale + (a - 1.0) * libm::log1p(-rho * rho));
    // In ρ = tanh x the integrand is smooth up to both ends.
    let integrand = |x: f64| {
        let rho = libm::tanh(x);
        let slope = 1.0 - rho * rho;
        if slope == 0.0 {
            0.0
        } else {
            likelihood(rho) * prior(rho) * slope
        }
    };
    let centre = libm::atanh(r);
    let width = 1.0 / (n - 2.0).max(1.0).sqrt();
    let mut breaks: Vec<f64> = [-24.0, -12.0, -6.0, -3.0, -1.0, 1.0, 3.0, 6.0, 12.0, 24.0]
        .iter()
        .map(|k| centre + k * width)
        .filter(|x| x.abs() < 18.0)
        .collect();
    breaks.extend([-18.0, -8.0, -3.0, 0.0, 3.0, 8.0, 18.0]);
    breaks.sort_by(f64::total_cmp);
    let (keep, factor): (fn(&f64) -> bool, f64) = match alternative {
        Alternative::TwoSided => (|_| true, 1.0),
        Alternative::Greater => (|x| *x >= 0.0, 2.0),
        Alternative::Less => (|x| *x <= 0.0, 2.0),
    };
    breaks.retain(keep);
    factor * adaptive(integrand, &breaks, 1e-12) / at_zero * libm::exp(ln_peak)
}

/// The factor for `k` of `n` against the share `null`, with a beta(a, b) prior under the effect, cut
/// at `null` for a one-sided question.
pub fn proportion(k: f64, n: f64, null: f64, (a, b): (f64, f64), alternative: Alternative) -> f64 {
    let ln_all = ln_beta(k + a, n - k + b) - ln_beta(a, b);
    let ln_null = times_ln(k, null) + times_ln(n - k, 1.0 - null);
    let side = match alternative {
        Alternative::TwoSided => 1.0,
        Alternative::Greater => beta::sf(null, k + a, n - k + b) / beta::sf(null, a, b),
        Alternative::Less => beta::cdf(null, k + a, n - k + b) / beta::cdf(null, a, b),
    };
    libm::exp(ln_all - ln_null) * side
}

/// Gunel and Dickey's (1974) factor of dependence in a table of counts, for independent rows whose
/// totals are fixed, or for a fixed total; `prior` is the prior count of every cell.
pub fn contingency(counts: &[f64], n_columns: usize, prior: f64, rows_fixed: bool) -> f64 {
    let n_rows = counts.len() / n_columns;
    let ln_dirichlet = |counts: &[f64]| {
        counts.iter().map(|c| ln_gamma_positive(*c)).sum::<f64>()
            - ln_gamma_positive(counts.iter().sum())
    };
    let row = |i: usize| &counts[i * n_columns..(i + 1) * n_columns];
    let columns: Vec<f64> = (0..n_columns)
        .map(|j| (0..n_rows).map(|i| row(i)[j]).sum())
        .collect();
    let rows: Vec<f64> = (0..n_rows).map(|i| row(i).iter().sum()).collect();
    let ratio = |counts: &[f64], prior: f64| {
        let posterior: Vec<f64> = counts.iter().map(|c| c + prior).collect();
        ln_dirichlet(&posterior) - ln_dirichlet(&vec![prior; counts.len()])
    };
    // Under independence the margins' priors are those of sums of cells, less their freedoms.
    let column_prior = prior * n_rows as f64 - (n_rows as f64 - 1.0);
    let row_prior = prior * n_columns as f64 - (n_columns as f64 - 1.0);
    let ln_factor = if rows_fixed {
        (0..n_rows).map(|i| ratio(row(i), prior)).sum::<f64>() - ratio(&columns, column_prior)
    } else {
        ratio(counts, prior) - ratio(&columns, column_prior) - ratio(&rows, row_prior)
    };
    libm::exp(ln_factor)
}

fn times_ln(k: f64, x: f64) -> f64 {
    if k == 0.0 { 0.0 } else { k * libm::log(x) }
}

fn ln_beta(a: f64, b: f64) -> f64 {
    ln_gamma_positive(a) + ln_gamma_positive(b) - ln_gamma_positive(a + b)
}

/// The hypergeometric series F(½, ½; c; x) for c ≥ 1 and 0 ≤ x < 1; its terms are positive.
fn half_half(c: f64, x: f64) -> f64 {
    let (mut sum, mut term) = (1.0, 1.0);
    for n in 0..200_000 {
        let n = f64::from(n);
        term *= (n + 0.5) * (n + 0.5) / ((c + n) * (n + 1.0)) * x;
        sum += term;
        if term < 1e-17 * sum {
            break;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use Alternative::{Greater, Less, TwoSided};

    /// R 4.2 with BayesFactor 0.9.12: ttest.tstat, correlationBF (2e6 steps of its integral),
    /// contingencyTableBF; proportions by dbinom and dbeta.
    #[track_caller]
    fn check(got: f64, expected: f64, tolerance: f64) {
        let error = ((got - expected) / expected).abs();
        assert!(
            error <= tolerance,
            "{got} is not {expected}, off by {error:.1e}"
        );
    }

    #[test]
    fn agrees_with_bayes_factor() {
        check(
            jzs_t(2.2, 19.0, 20_f64, 0.5_f64.sqrt(), TwoSided),
            1.64385547248869,
            1e-6,
        );
        check(
            jzs_t(2.2, 19.0, 20_f64, 0.5_f64.sqrt(), Greater),
            3.20353840674536,
            2e-5,
        );
        check(
            jzs_t(-0.4, 73.0, 18.666666666666668_f64, 0.5_f64.sqrt(), TwoSided),
            0.256426805521932,
            1e-6,
        );
        check(
            jzs_t(-0.4, 73.0, 18.666666666666668_f64, 0.5_f64.sqrt(), Greater),
            0.182475500954217,
            2e-5,
        );
        check(
            jzs_t(6.5, 19.0, 5.1428571428571432_f64, 0.5_f64.sqrt(), TwoSided),
            3898.90731563922,
            1e-6,
        );
        check(
            jzs_t(6.5, 19.0, 5.1428571428571432_f64, 0.5_f64.sqrt(), Greater),
            7797.80232302701,
            2e-5,
        );
        check(
            jzs_t(12.0, 99.0, 100_f64, 0.5_f64.sqrt(), TwoSided),
            9.29288155200838e+17,
            1e-6,
        );
        check(
            jzs_t(12.0, 99.0, 100_f64, 0.5_f64.sqrt(), Greater),
            1.85857631040168e+18,
            2e-5,
        );
        check(
            correlation(0.30, 40.0, 1_f64, TwoSided),
            1.08590663571704,
            1e-10,
        );
        check(
            correlation(-0.60, 25.0, 0.33333333333333331_f64, TwoSided),
            26.2021832103274,
            1e-10,
        );
        check(
            correlation(0.05, 200.0, 1_f64, TwoSided),
            0.113125792862073,
            1e-10,
        );
        check(
            correlation(0.30, 40.0, 0.33333333333333331_f64, TwoSided),
            1.67232802179925,
            1e-6,
        );
        check(
            correlation(-0.60, 25.0, 0.33333333333333331_f64, TwoSided),
            26.2021832103274,
            1e-6,
        );
        check(
            proportion(60.0, 100.0, 0.5, (1.0, 1.0), TwoSided),
            0.913049778487669,
            1e-12,
        );
        check(
            proportion(3.0, 20.0, 0.3, (2.0, 5.0), Less),
            2.32096179965878,
            1e-11,
        );
        check(
            contingency(&[10.0, 12.0, 3.0, 20.0, 9.0, 15.0], 3, 1.0, true),
            3.93943916022307,
            1e-8,
        );
        check(
            contingency(&[10.0, 12.0, 3.0, 20.0, 9.0, 15.0], 3, 1.0, false),
            6.21895887682712,
            1e-8,
        );
        check(
            contingency(&[10.0, 12.0, 3.0, 20.0, 9.0, 15.0], 3, 2.0, true),
            3.59472834459615,
            1e-8,
        );
    }

    #[test]
    fn sides_add_up() {
        let sides = |f: &dyn Fn(Alternative) -> f64| {
            check(0.5 * (f(Greater) + f(Less)), f(TwoSided), 1e-11);
        };
        sides(&|a| jzs_t(1.7, 20.0, 8.0, 0.707, a));
        sides(&|a| correlation(0.3, 40.0, 1.0, a));
        sides(&|a| correlation(-0.9, 400.0, 0.5, a));
        sides(&|a| proportion(7.0, 9.0, 0.5, (1.0, 1.0), a));
        assert!(jzs_t(f64::NAN, 3.0, 3.0, 1.0, TwoSided).is_nan());
        assert_eq!(correlation(1.0, 5.0, 1.0, TwoSided), f64::INFINITY);
        assert_eq!(correlation(0.5, 1e6, 1.0, TwoSided), f64::INFINITY);
        assert_eq!(correlation(0.5, 1e6, 1.0, Greater), f64::INFINITY);
        assert!(correlation(0.5, 1e6, 1.0, Less) < 1e-5);
    }
}
