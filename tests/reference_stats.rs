//! Statistics against values from outside: R, mpmath, NIST and statsmodels. The scripts that made
//! the values lie beside them in `tests/reference`.

use std::path::Path;

use jari::models::WeightKind;
use jari::models::linear::{self, Problem};
use jari::stats::descriptive::Moments;
use jari::stats::distributions::{
    Tails, beta, chi_squared, dunnett, f, noncentral_chi_squared, noncentral_f, noncentral_t,
    normal, student_t, studentized_range,
};
use serde_json::Value;

fn reference(path: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/reference")
        .join(path);
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{} is part of the sources: {error}", path.display()));
    serde_json::from_str(&text).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    let number = |v: &Value| v.as_f64().unwrap_or(f64::NAN);
    value.as_array().unwrap().iter().map(number).collect()
}

#[track_caller]
fn check(got: f64, expected: f64, tolerance: f64, what: &dyn std::fmt::Debug) {
    let error = (got - expected).abs() / expected.abs().max(f64::MIN_POSITIVE);
    assert!(
        error <= tolerance,
        "{what:?}: {got:e} is not {expected:e}, off by {error:.1e}"
    );
}

fn tails_and_pdf(distribution: &str, a: &[f64]) -> (Tails, f64) {
    match distribution {
        "normal" => (normal::tails(a[0]), normal::pdf(a[0])),
        "student_t" => (student_t::tails(a[0], a[1]), student_t::pdf(a[0], a[1])),
        "chi_squared" => (chi_squared::tails(a[0], a[1]), chi_squared::pdf(a[0], a[1])),
        "f" => (f::tails(a[0], a[1], a[2]), f::pdf(a[0], a[1], a[2])),
        "beta" => (beta::tails(a[0], a[1], a[2]), beta::pdf(a[0], a[1], a[2])),
        other => panic!("no distribution {other}"),
    }
}

fn quantile(distribution: &str, p: f64, tail: &str, a: &[f64]) -> f64 {
    match (distribution, tail) {
        ("normal", "upper") => normal::upper_quantile(p),
        ("student_t", "upper") => student_t::upper_quantile(p, a[0]),
        ("chi_squared", "lower") => chi_squared::quantile(p, a[0]),
        ("chi_squared", "upper") => chi_squared::upper_quantile(p, a[0]),
        ("f", "lower") => f::quantile(p, a[0], a[1]),
        ("f", "upper") => f::upper_quantile(p, a[0], a[1]),
        ("beta", "lower") => beta::quantile(p, a[0], a[1]),
        ("beta", "upper") => beta::upper_quantile(p, a[0], a[1]),
        other => panic!("no quantile {other:?}"),
    }
}

#[test]
fn distributions_agree_with_mpmath_and_r() {
    let exact = reference("distributions/distributions.json");
    let r = reference("distributions/r.json");
    let (r_lower, r_upper) = (numbers(&r["lower"]), numbers(&r["upper"]));
    for (i, case) in exact["cases"].as_array().unwrap().iter().enumerate() {
        let arguments = numbers(&case["arguments"]);
        let (tails, pdf) = tails_and_pdf(case["distribution"].as_str().unwrap(), &arguments);
        check(tails.lower, case["lower"].as_f64().unwrap(), 1e-13, case);
        check(tails.upper, case["upper"].as_f64().unwrap(), 1e-13, case);
        check(pdf, case["pdf"].as_f64().unwrap(), 1e-13, case);
        check(tails.lower, r_lower[i], 2e-11, case);
        check(tails.upper, r_upper[i], 2e-11, case);
    }
}

#[test]
fn quantiles_agree_with_mpmath_and_r() {
    let exact = reference("distributions/distributions.json");
    let r = numbers(&reference("distributions/r.json")["quantiles"]);
    for (case, r) in exact["quantiles"].as_array().unwrap().iter().zip(r) {
        let parameters = numbers(&case["parameters"]);
        let (name, tail) = (
            case["distribution"].as_str().unwrap(),
            case["tail"].as_str().unwrap(),
        );
        let p = case["p"].as_f64().unwrap();
        let got = quantile(name, p, tail, &parameters);
        check(got, case["x"].as_f64().unwrap(), 1e-13, case);
        // R's qf takes a denominator above 400,000 for infinite and subtracts 1 from 1 / qbeta;
        // its qt loosens far out. The values of mpmath above are the sharp test.
        let r_tolerance = match parameters.get(1) {
            Some(&df2) if name == "f" && df2 > 4e5 => 1e-4,
            Some(_) if name == "f" => 1e-6,
            _ if p < 1e-200 => 1e-8,
            _ => 1e-10,
        };
        if name != "f" || got > 1e-3 {
            check(got, r, r_tolerance, case);
        }
    }
}

#[test]
fn distributions_behind_comparisons_agree_with_mpmath() {
    for case in reference("distributions/compare.json").as_array().unwrap() {
        let number = |v: &Value| v.as_f64().unwrap_or(f64::INFINITY);
        let a: Vec<f64> = case["arguments"]
            .as_array()
            .unwrap()
            .iter()
            .map(number)
            .collect();
        let tails = match case["distribution"].as_str().unwrap() {
            "noncentral_t" => noncentral_t::tails(a[0], a[1], a[2]),
            "noncentral_chi_squared" => noncentral_chi_squared::tails(a[0], a[1], a[2]),
            "noncentral_f" => noncentral_f::tails(a[0], a[1], a[2], a[3]),
            "studentized_range" => {
                let tails = studentized_range::tails(a[0], a[1], a[2]);
                if tails.upper > 1e-14 && tails.lower > 1e-14 {
                    let q = studentized_range::upper_quantile(tails.upper, a[1], a[2]);
                    check(q, a[0], 1e-11, case);
                }
                tails
            }
            "dunnett_two_sided" => dunnett::two_sided(a[0], &a[2..], a[1]),
            other => panic!("no distribution {other}"),
        };
        check(tails.lower, case["lower"].as_f64().unwrap(), 1e-11, case);
        check(tails.upper, case["upper"].as_f64().unwrap(), 1e-11, case);
    }
}

/// The data themselves are rounded to doubles: where the spread is small beside the mean, no more
/// digits of the standard deviation than this are left in them.
#[test]
fn nist_univariate() {
    let sets = reference("nist/strd.json");
    for (name, set) in sets["univariate"].as_object().unwrap() {
        let moments = Moments::of(&numbers(&set["data"]));
        let sd_tolerance = match name.as_str() {
            "Mavro" | "Michelso" => 1e-13,
            "NumAcc3" => 1e-9,
            "NumAcc4" => 1e-8,
            _ => 1e-14,
        };
        check(moments.mean, set["mean"].as_f64().unwrap(), 1e-15, name);
        check(
            moments.sd(),
            set["sd"].as_f64().unwrap(),
            sd_tolerance,
            name,
        );
    }
}

/// Twice: against NIST's certified 15 digits, and against the exact solution for the columns as
/// doubles hold them. The rounding of Filip's powers alone costs the first all but 7 digits.
#[test]
fn nist_linear() {
    let sets = reference("nist/strd.json");
    for (name, set) in sets["linear"].as_object().unwrap() {
        let columns: Vec<Vec<f64>> = set["columns"]
            .as_array()
            .unwrap()
            .iter()
            .map(numbers)
            .collect();
        let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let y = numbers(&set["y"]);
        let problem = Problem {
            columns: &columns,
            y: &y,
            weights: None,
            has_intercept: name != "NoInt1",
        };
        let fit = linear::fit(&problem, 0.95).unwrap();
        assert!(fit.aliased.is_empty(), "{name}");
        let exact_fit = matches!(name.as_str(), "Wampler1" | "Wampler2");
        let certified_tolerance = match name.as_str() {
            "Filip" => 3e-8,
            "Wampler2" => 1e-13,
            "Pontius" => 5e-14,
            _ => 2e-14,
        };
        for (values, tolerance) in [(set, certified_tolerance), (&set["of_doubles"], 1e-13)] {
            let estimates = numbers(&values["estimates"]);
            let standard_errors = numbers(&values["standard_errors"]);
            let rss = values["residual_sum_of_squares"].as_f64().unwrap();
            for (j, c) in fit.coefficients.iter().enumerate() {
                check(c.estimate, estimates[j], tolerance, &(name, j));
                if exact_fit {
                    assert!(c.standard_error < 1e-14, "{name} {j}");
                } else {
                    check(c.standard_error, standard_errors[j], tolerance, &(name, j));
                }
            }
            if exact_fit {
                assert!(fit.residual_sum_of_squares < 1e-28, "{name}");
            } else {
                check(fit.residual_sum_of_squares, rss, tolerance, name);
            }
        }
    }
}

/// R's `lm` and its kin on R's own data sets, weighted, without intercept and collinear ones
/// among them; robust covariances, Breusch–Pagan and VIF by statsmodels.
#[test]
fn linear_agrees_with_r_and_statsmodels() {
    let statsmodels = reference("linear/statsmodels.json");
    for case in reference("linear/linear.json").as_array().unwrap() {
        let name = case["name"].as_str().unwrap();
        let columns: Vec<Vec<f64>> = case["columns"]
            .as_array()
            .unwrap()
            .iter()
            .map(numbers)
            .collect();
        let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let y = numbers(&case["y"]);
        let weights = case["weights"]
            .as_array()
            .map(|_| numbers(&case["weights"]));
        let problem = Problem {
            columns: &columns,
            y: &y,
            weights: weights.as_deref().map(|w| (w, WeightKind::Analytic)),
            has_intercept: case["has_intercept"].as_bool().unwrap(),
        };
        let fit = linear::fit(&problem, 0.95).unwrap();
        // R itself has fewer digits where the columns are nearly collinear.
        let tolerance = match name {
            "longley" | "cubic" => 1e-8,
            _ => 1e-11,
        };
        let check_all = |what: &str, got: Vec<f64>, expected: &Value| {
            let expected = numbers(expected);
            assert_eq!(got.len(), expected.len(), "{name}: {what}");
            let scale = expected.iter().fold(0.0_f64, |m, x| m.max(x.abs()));
            for (i, (got, expected)) in got.iter().zip(&expected).enumerate() {
                if !expected.is_nan() {
                    let floor = 1e-3 * scale;
                    let error = (got - expected).abs() / expected.abs().max(floor);
                    assert!(
                        error <= tolerance,
                        "{name}, {what} {i}: {got:e} is not {expected:e}, off by {error:.1e}"
                    );
                }
            }
        };
        let kept: Vec<usize> = numbers(&case["kept"]).iter().map(|k| *k as usize).collect();
        assert_eq!(fit.kept, kept, "{name}");
        assert_eq!(fit.kept.len() + fit.aliased.len(), columns.len(), "{name}");
        assert!(
            fit.aliased
                .iter()
                .all(|&j| fit.coefficients[j].estimate.is_nan()),
            "{name}"
        );
        let table =
            |field: fn(&linear::Coefficient) -> f64| fit.coefficients.iter().map(field).collect();
        check_all("estimate", table(|c| c.estimate), &case["estimate"]);
        check_all(
            "standard error",
            table(|c| c.standard_error),
            &case["standard_error"],
        );
        check_all("t", table(|c| c.t), &case["t"]);
        check_all("p", table(|c| c.p), &case["p"]);
        check_all("lower", table(|c| c.ci_lower), &case["ci_lower"]);
        check_all("upper", table(|c| c.ci_upper), &case["ci_upper"]);
        check_all("fitted", fit.fitted.clone(), &case["fitted"]);
        check_all("residuals", fit.residuals.clone(), &case["residuals"]);
        check_all("leverage", fit.leverage.clone(), &case["leverage"]);
        check_all("studentised", fit.studentised.clone(), &case["studentised"]);
        check_all("Cook", fit.cooks_distance.clone(), &case["cooks_distance"]);
        check_all("covariance", fit.covariance().data, &case["covariance"]);
        let scalars = [
            fit.sigma,
            fit.r_squared,
            fit.adjusted_r_squared,
            fit.f,
            fit.f_p,
            fit.df_model as f64,
            fit.df_residual as f64,
            fit.log_likelihood,
            fit.aic,
            fit.bic,
            fit.residual_sum_of_squares,
            linear::durbin_watson(&fit.residuals),
        ];
        for (i, (got, expected)) in scalars.iter().zip(numbers(&case["scalars"])).enumerate() {
            let both_nan = got.is_nan() && expected.is_nan();
            let error = (got - expected).abs() / expected.abs().max(1e-300);
            assert!(
                both_nan || error <= tolerance || *got == expected,
                "{name}, scalar {i}: {got:e} is not {expected:e}"
            );
        }
        let new: Vec<&[f64]> = columns.iter().map(|c| &c[..2]).collect();
        let (predicted, predicted_se) = fit.predict(&new).into_iter().unzip();
        check_all("predicted", predicted, &case["predicted"]);
        check_all("predicted se", predicted_se, &case["predicted_se"]);
        if case["terms"].is_array() {
            let terms: Vec<Vec<usize>> = case["terms"]
                .as_array()
                .unwrap()
                .iter()
                .map(|t| numbers(t).iter().map(|j| *j as usize).collect())
                .collect();
            let gvif = linear::gvif(&fit, &terms).iter().map(|g| g.gvif).collect();
            check_all("gvif", gvif, &case["gvif"]);
        }
        let Some(second) = statsmodels.get(name) else {
            continue;
        };
        let kinds = [
            ("HC0", linear::HcKind::Hc0),
            ("HC1", linear::HcKind::Hc1),
            ("HC2", linear::HcKind::Hc2),
            ("HC3", linear::HcKind::Hc3),
        ];
        for (label, kind) in kinds {
            let got = linear::robust_covariance(&problem, &fit, kind).data;
            for (got, expected) in got.iter().zip(numbers(&second[label])) {
                check(*got, expected, 1e-10, &(name, label));
            }
        }
        if second["vif"].is_array() {
            let terms: Vec<Vec<usize>> = fit.kept[1..].iter().map(|&j| vec![j]).collect();
            let vif = linear::gvif(&fit, &terms).iter().map(|g| g.gvif).collect();
            check_all("vif", vif, &second["vif"]);
            let test = linear::breusch_pagan(&problem, &fit).unwrap();
            check_all(
                "Breusch–Pagan",
                vec![test.statistic, test.p],
                &second["breusch_pagan"],
            );
        }
    }
}
