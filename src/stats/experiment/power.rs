//! Power of a planned comparison, and the least difference that it would find. The tests are
//! two-sided at `alpha`; both directions count towards power.

use crate::stats::distributions::normal;

/// Power of the pooled two-proportion z test against true shares, as R's
/// `power.prop.test(strict = TRUE)`, which it extends to arms of unequal size.
pub fn proportion_power(
    (share_control, n_control): (f64, f64),
    (share_variant, n_variant): (f64, f64),
    alpha: f64,
) -> f64 {
    let pooled = (share_control * n_control + share_variant * n_variant) / (n_control + n_variant);
    let null_error = (pooled * (1.0 - pooled) * (1.0 / n_control + 1.0 / n_variant)).sqrt();
    let variance = |share: f64, n: f64| share * (1.0 - share) / n;
    let error = (variance(share_control, n_control) + variance(share_variant, n_variant)).sqrt();
    let reach = normal::upper_quantile(0.5 * alpha) * null_error;
    let difference = share_variant - share_control;
    normal::sf((reach - difference) / error) + normal::sf((reach + difference) / error)
}

/// The least share above the control's that the test finds with probability `power`. None where
/// even a share of one would not be found so often.
pub fn minimum_detectable_proportion(
    (share_control, n_control): (f64, f64),
    n_variant: f64,
    alpha: f64,
    power: f64,
) -> Option<f64> {
    let found = |share: f64| {
        proportion_power((share_control, n_control), (share, n_variant), alpha) >= power
    };
    let (mut low, mut high) = (share_control, 1.0 - 1e-12);
    if found(low) || !found(high) {
        return None;
    }
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if found(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    Some(high)
}

/// Power of the z test of a difference in means with standard error `standard_error`.
pub fn mean_power(difference: f64, standard_error: f64, alpha: f64) -> f64 {
    let reach = normal::upper_quantile(0.5 * alpha);
    let shift = difference / standard_error;
    normal::sf(reach - shift) + normal::sf(reach + shift)
}

/// The least difference in means found with probability `power`: (z₁₋α⸝₂ + z_power) standard
/// errors, leaving out the chance of a finding in the wrong direction.
pub fn minimum_detectable_mean(standard_error: f64, alpha: f64, power: f64) -> f64 {
    (normal::upper_quantile(0.5 * alpha) + normal::quantile(power)) * standard_error
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(got: f64, expected: f64, tolerance: f64) {
        assert!(
            (got - expected).abs() <= tolerance * expected,
            "{got} is not {expected}"
        );
    }

    /// R 4.6: power.prop.test(n, p1, p2, sig.level, strict = TRUE)$power
    #[test]
    fn power_agrees_with_r() {
        check(
            proportion_power((0.1, 1000.0), (0.12, 1000.0), 0.05),
            0.29808032538146,
            1e-12,
        );
        check(
            proportion_power((0.5, 50.0), (0.75, 50.0), 0.05),
            0.7401671934536111,
            1e-12,
        );
        check(
            proportion_power((0.03, 200000.0), (0.0312, 200000.0), 0.01),
            0.3547407344440897,
            1e-12,
        );
        check(
            proportion_power((0.2, 300.0), (0.2, 300.0), 0.05),
            0.05000000000000006,
            1e-12,
        );
    }

    /// R 4.6: power.prop.test(n, p1, power = .8, strict = TRUE, tol = 1e-14)$p2
    #[test]
    fn detectable_shares_agree_with_r() {
        check(
            minimum_detectable_proportion((0.1, 1000.0), 1000.0, 0.05, 0.8).unwrap(),
            0.14074510262991682,
            1e-9,
        );
        check(
            minimum_detectable_proportion((0.5, 80.0), 80.0, 0.05, 0.8).unwrap(),
            0.7147281981790367,
            1e-9,
        );
        check(
            minimum_detectable_proportion((0.03, 200000.0), 200000.0, 0.05, 0.8).unwrap(),
            0.03152983454736957,
            1e-9,
        );
        assert_eq!(
            minimum_detectable_proportion((0.5, 4.0), 4.0, 0.05, 0.9999),
            None
        );
    }

    #[test]
    fn mean_power_at_its_least_difference() {
        // The wrong direction adds less than 1e-6 here.
        let least = minimum_detectable_mean(0.7, 0.05, 0.8);
        check(mean_power(least, 0.7, 0.05), 0.8, 2e-6);
    }
}
