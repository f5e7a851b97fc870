//! Means that a model expects, and slopes: weights of the columns of its design.

use std::cell::OnceCell;

use super::Frame;
use super::curves::Bend;
use crate::models::design::{Design, Part, Variable};
use crate::stats::descriptive::mean;

/// Where a variable stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum At {
    Level(usize),
    Value(f64),
}

/// A model's grid of reference: factors at all their levels alike, numbers at their means (Searle,
/// Speed and Milliken 1980), as emmeans has it.
pub struct Grid<'a> {
    design: &'a Design<'a>,
    variables: &'a [Variable<'a>],
    bends: &'a [Bend],
    /// Of each number and curve, NaN for a factor; found when first asked for.
    means: OnceCell<Vec<f64>>,
}

impl<'a> Grid<'a> {
    pub fn new(frame: &'a Frame<'a>, design: &'a Design<'a>, bends: &'a [Bend]) -> Self {
        Self {
            design,
            variables: &frame.variables,
            bends,
            means: OnceCell::new(),
        }
    }

    fn means(&self) -> &[f64] {
        let mean_of = |v: usize| match &self.variables[v] {
            Variable::Number(values) => mean(values),
            Variable::Factor { .. } => f64::NAN,
            Variable::Curve(_) => bend_of(self.bends, v).mean,
        };
        self.means
            .get_or_init(|| (0..self.variables.len()).map(mean_of).collect())
    }

    /// The curve that a variable acts along.
    pub fn bend(&self, variable: usize) -> Option<&'a Bend> {
        self.bends.iter().find(|b| b.variable == variable)
    }

    /// Whether one of these variables acts together with another one.
    pub fn interacts(&self, variables: &[usize]) -> bool {
        self.design.parts.iter().any(|parts| {
            let is_inside = |p: &Part| variables.contains(&p.variable);
            parts.iter().any(is_inside) && !parts.iter().all(is_inside)
        })
    }

    /// Weights of the design's columns for the mean expected where `fixed` variables stand.
    pub fn mean(&self, fixed: &[(usize, At)]) -> Vec<f64> {
        self.weights(fixed, None)
    }

    /// Weights for the change of that mean with one more of the number `variable`; of a curve, the
    /// slope at the place where it stands.
    pub fn slope(&self, variable: usize, fixed: &[(usize, At)]) -> Vec<f64> {
        self.weights(fixed, Some(variable))
    }

    // The grid is crossed, so that the average of a product is the product of the averages.
    fn weights(&self, fixed: &[(usize, At)], slope: Option<usize>) -> Vec<f64> {
        let places: Vec<Vec<f64>> = (0..self.variables.len())
            .map(|v| self.place(v, fixed, slope == Some(v)))
            .collect();
        let one = |part: &Part| places[part.variable][part.level.unwrap_or(0)];
        self.design
            .parts
            .iter()
            .map(|parts| match slope {
                Some(v) if !parts.iter().any(|p| p.variable == v) => 0.0,
                _ => parts.iter().map(one).product(),
            })
            .collect()
    }

    /// What the variable gives to a column: by level, by function of its basis, or itself.
    fn place(&self, v: usize, fixed: &[(usize, At)], is_slope: bool) -> Vec<f64> {
        let at = fixed.iter().find(|(f, _)| *f == v).map(|(_, at)| *at);
        let value = match at {
            Some(At::Value(x)) => x,
            _ => self.means()[v],
        };
        match (&self.variables[v], at) {
            (Variable::Factor { n_levels, .. }, Some(At::Level(level))) => (0..*n_levels)
                .map(|l| f64::from(u8::from(l == level)))
                .collect(),
            (Variable::Factor { n_levels, .. }, _) => vec![1.0 / *n_levels as f64; *n_levels],
            (Variable::Number(_), _) if is_slope => vec![1.0],
            (Variable::Number(_), _) => vec![value],
            (Variable::Curve(_), _) if is_slope => bend_of(self.bends, v).basis.slopes_at(value),
            (Variable::Curve(_), _) => bend_of(self.bends, v).basis.at(value),
        }
    }
}

fn bend_of(bends: &[Bend], variable: usize) -> &Bend {
    let mut found = bends.iter();
    found
        .find(|b| b.variable == variable)
        .expect("a curve has its basis")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_averages_over_the_grid() {
        let frame = Frame {
            variables: vec![
                Variable::Number(vec![1.0, 2.0, 6.0].into()),
                Variable::Factor {
                    codes: vec![0, 1, 2],
                    n_levels: 3,
                    reference: 0,
                },
            ],
            ..Frame::default()
        };
        let design = Design::new(&frame.variables, &[vec![0, 1]], true, 3);
        let grid = Grid::new(&frame, &design, &[]);
        let third = 1.0 / 3.0;
        let check = |got: Vec<f64>, expected: [f64; 6]| assert_eq!(got, expected);
        check(grid.mean(&[]), [1.0, 3.0, third, third, 1.0, 1.0]);
        check(
            grid.mean(&[(0, At::Value(5.0)), (1, At::Level(2))]),
            [1.0, 5.0, 0.0, 1.0, 0.0, 5.0],
        );
        check(
            grid.slope(0, &[(1, At::Level(1))]),
            [0.0, 1.0, 0.0, 0.0, 1.0, 0.0],
        );
        check(grid.slope(0, &[]), [0.0, 1.0, 0.0, 0.0, third, third]);
    }
}
