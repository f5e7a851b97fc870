//! Numbers that act along a curve: polynomials and splines of predictors.

use super::Frame;
use crate::models::basis::{Basis, BasisError};
use crate::models::design::Variable;
use crate::models::linear::{Problem, fit};
use crate::msg;
use crate::report::Msg;
use crate::spec::{Fits, RunError, choice, column, integer, text};
use crate::stats::descriptive::{Moments, quantile, range, sorted};

crate::choices! {
    /// How a predictor bends.
    pub enum Shape {
        Natural = "natural" "Natural cubic spline",
        BSpline = "b_spline" "Cubic B-spline",
        Orthogonal = "orthogonal" "Orthogonal polynomial",
        Raw = "raw" "Polynomial of raw powers",
    }
}

const SPLINES: &[&str] = &["natural", "b_spline"];
const POLYNOMIALS: &[&str] = &["orthogonal", "raw"];

crate::options! {
    /// A predictor that acts along a curve.
    pub struct Curve {
        /// A predictor that is a number.
        column "Column": String = column(Fits::Numbers),
        /// Splines bend where the data ask for it; polynomials have one formula for the whole range.
        shape "Shape": Shape = choice(Shape::CHOICES, "natural"),
        /// 2 for a parabola; higher degrees bend more often.
        degree "Degree": usize = integer(2, 2, 10).when("shape", POLYNOMIALS),
        /// Inner knots, at quantiles that cut the rows into equal parts. More of them follow the data more closely.
        knots "Knots": usize = integer(3, 0, 20).when("shape", SPLINES),
        /// Inner knots of your own, separated by spaces, instead of quantiles.
        places "Knots at": String = text("").when("shape", SPLINES),
    }
}

/// A curve as it was made from the rows that are used.
#[derive(Clone, Debug)]
pub struct Bend {
    /// The place of the predictor.
    pub variable: usize,
    pub shape: Shape,
    pub basis: Basis,
    pub mean: f64,
    pub sd: f64,
    pub range: (f64, f64),
}

impl Curve {
    /// Knots stated by hand; a comma may separate them too. `None` when one is not a number.
    pub fn stated_knots(&self) -> Option<Vec<f64>> {
        let words = self.places.split([' ', ',', ';', '\t', '\n']);
        words
            .filter(|w| !w.is_empty())
            .map(|w| w.parse::<f64>().ok())
            .collect()
    }
}

impl Bend {
    /// The coefficients that make the basis, with a constant, a straight line of slope one.
    pub fn line(&self) -> Vec<f64> {
        const N: usize = 101;
        let (low, high) = self.range;
        let x: Vec<f64> = (0..N)
            .map(|i| low + (high - low) * i as f64 / (N - 1) as f64)
            .collect();
        let mut columns = vec![vec![1.0; N]];
        columns.extend(self.basis.columns(&x));
        let slices: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let problem = Problem {
            columns: &slices,
            y: &x,
            weights: None,
            has_intercept: true,
        };
        let fitted = fit(&problem, 0.95).expect("finite columns of a hundred rows");
        fitted.coefficients[1..]
            .iter()
            .map(|c| {
                if c.estimate.is_finite() {
                    c.estimate
                } else {
                    0.0
                }
            })
            .collect()
    }
}

impl Frame<'_> {
    /// Turns the numbers named by `curves` into the columns of their bases.
    ///
    /// # Errors
    /// When a column is no number among the predictors, is named twice, or has no such basis; the error
    /// stands at its row of `curves`.
    pub fn bend(&mut self, curves: &[Curve]) -> Result<Vec<Bend>, RunError> {
        let mut bends: Vec<Bend> = Vec::new();
        for (i, curve) in curves.iter().enumerate() {
            let wrong = |field: &str, message: Msg| {
                Err(RunError::option(&format!("curves.{i}.{field}"), message))
            };
            let place = self.names.iter().position(|n| *n == curve.column);
            let number = place.and_then(|v| match &self.variables[v] {
                Variable::Number(values) => Some((v, values)),
                _ => None,
            });
            let Some((variable, values)) = number else {
                return wrong(
                    "column",
                    msg!(
                        "frame.not_a_number",
                        "“{column}” is not a number among the predictors, or is bent already.",
                        column = &curve.column
                    ),
                );
            };
            if values.is_empty() {
                return Err(self.too_few_rows(2));
            }
            let Some(stated) = curve.stated_knots() else {
                return wrong(
                    "places",
                    msg!(
                        "frame.bad_knots",
                        "Give numbers separated by spaces, such as 10 20 35.5."
                    ),
                );
            };
            let is_stated = !stated.is_empty();
            let basis = match basis(curve, values, stated) {
                Ok(basis) => basis,
                Err(BasisError::FewValues { degree }) => {
                    return wrong(
                        "degree",
                        msg!(
                            "frame.few_values",
                            "“{column}” has too few different values for degree {degree}.",
                            column = &curve.column,
                            degree = degree
                        ),
                    );
                }
                Err(BasisError::Knots) if is_stated => {
                    return wrong(
                        "places",
                        msg!(
                            "frame.knots_outside",
                            "The knots must rise and lie between {low} and {high}, the ends of “{column}”.",
                            low = range(values).0,
                            high = range(values).1,
                            column = &curve.column
                        ),
                    );
                }
                Err(BasisError::Knots) => {
                    return wrong(
                        "knots",
                        msg!(
                            "frame.knots_coincide",
                            "Quantiles of “{column}” coincide, so the knots do. Use fewer knots or state them.",
                            column = &curve.column
                        ),
                    );
                }
            };
            let (moments, range) = (Moments::of(values), range(values));
            let columns = basis.columns(values);
            self.levels[variable] = names(&curve.column, curve.shape, columns.len());
            self.variables[variable] = Variable::Curve(columns);
            bends.push(Bend {
                variable,
                shape: curve.shape,
                basis,
                mean: moments.mean,
                sd: moments.sd(),
                range,
            });
        }
        Ok(bends)
    }
}

impl Shape {
    pub fn name(self) -> Msg {
        match self {
            Shape::Natural => msg!("frame.natural", "Natural cubic spline"),
            Shape::BSpline => msg!("frame.b_spline", "Cubic B-spline"),
            Shape::Orthogonal => msg!("frame.orthogonal", "Orthogonal polynomial"),
            Shape::Raw => msg!("frame.raw", "Polynomial of raw powers"),
        }
    }
}

fn basis(curve: &Curve, values: &[f64], stated: Vec<f64>) -> Result<Basis, BasisError> {
    let inner = |n: usize| {
        if !stated.is_empty() {
            return stated;
        }
        let sorted = sorted(values);
        (1..=n)
            .map(|k| quantile(&sorted, k as f64 / (n + 1) as f64))
            .collect()
    };
    match curve.shape {
        Shape::Natural => Basis::natural(&inner(curve.knots), range(values)),
        Shape::BSpline => Basis::b_spline(&inner(curve.knots), range(values)),
        Shape::Orthogonal => Basis::orthogonal(values, curve.degree),
        Shape::Raw => Basis::powers(values, curve.degree),
    }
}

/// What the columns are called, after the functions of R.
fn names(column: &str, shape: Shape, n: usize) -> Vec<String> {
    let function = match shape {
        Shape::Natural => "ns",
        Shape::BSpline => "bs",
        Shape::Orthogonal => "poly",
        Shape::Raw => {
            let power = |k: usize| match k {
                1 => column.to_string(),
                _ => format!("{column}^{k}"),
            };
            return (1..=n).map(power).collect();
        }
    };
    (1..=n)
        .map(|k| format!("{function}({column}) {k}"))
        .collect()
}
