//! Average marginal effects: how much the mean changes with a variable, averaged over the rows.

use super::{Family, Fit};
use crate::models::design::{Design, Variable};

/// One effect, with the standard error of the delta method.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MarginalEffect {
    pub variable: usize,
    /// For a factor the level that is compared with the reference.
    pub level: Option<usize>,
    pub effect: f64,
    pub standard_error: f64,
}

/// Of a number the average derivative of the mean by it; of a factor's level the average
/// difference between the means with every row at that level and with every row at the reference.
/// Interactions are followed; curves have no effect of one number. `weights` are case weights.
pub fn average_marginal_effects(
    family: Family,
    fit: &Fit,
    design: &Design,
    variables: &[Variable],
    weights: Option<&[f64]>,
) -> Vec<MarginalEffect> {
    let average = Average {
        family,
        fit,
        design,
        variables,
        weights,
        total: weights.map_or(fit.linear_predictor.len() as f64, |w| w.iter().sum()),
    };
    let plain = average.plain();
    let mut effects = Vec::new();
    for (v, variable) in variables.iter().enumerate() {
        match variable {
            Variable::Number(_) => effects.push(average.slope(v, &plain)),
            Variable::Curve(_) => {}
            Variable::Factor {
                n_levels,
                reference,
                ..
            } => {
                let others = (0..*n_levels).filter(|l| l != reference);
                effects.extend(others.map(|l| average.difference(v, l, *reference)));
            }
        }
    }
    effects
}

struct Average<'a> {
    family: Family,
    fit: &'a Fit,
    design: &'a Design<'a>,
    variables: &'a [Variable<'a>],
    weights: Option<&'a [f64]>,
    total: f64,
}

impl Average<'_> {
    fn weight(&self, i: usize) -> f64 {
        self.weights.map_or(1.0, |w| w[i]) / self.total
    }

    /// The design's columns with this variable, with the level that each is for.
    fn columns_of(&self, v: usize) -> Vec<(usize, Option<usize>)> {
        let parts = self.design.parts.iter().enumerate();
        let own = parts.filter(|(c, _)| self.fit.kept.contains(c));
        own.filter_map(|(c, parts)| {
            let part = parts.iter().find(|p| p.variable == v)?;
            Some((c, part.level))
        })
        .collect()
    }

    /// What a column is without the variable's own part.
    fn rest(&self, column: usize, v: usize) -> Vec<f64> {
        let n = self.fit.linear_predictor.len();
        let mut rest = vec![1.0; n];
        let parts = self.design.parts[column].iter().filter(|p| p.variable != v);
        for part in parts {
            match (&self.variables[part.variable], part.level) {
                (Variable::Factor { codes, .. }, Some(level)) => {
                    for (r, code) in rest.iter_mut().zip(codes) {
                        *r *= f64::from(u8::from(*code as usize == level));
                    }
                }
                (Variable::Number(values), _) => {
                    rest.iter_mut().zip(&**values).for_each(|(r, x)| *r *= x);
                }
                (Variable::Curve(columns), Some(k)) => {
                    rest.iter_mut().zip(&columns[k]).for_each(|(r, x)| *r *= x);
                }
                (Variable::Factor { .. } | Variable::Curve(_), None) => {}
            }
        }
        rest
    }

    /// The mean of μ′, and Σ w μ″ x for each kept column.
    fn plain(&self) -> (f64, Vec<f64>) {
        let eta = &self.fit.linear_predictor;
        let mut mean = 0.0;
        let mut second = vec![0.0; eta.len()];
        for (i, second) in second.iter_mut().enumerate() {
            let (d1, d2) = self.family.mean_derivatives(eta[i]);
            mean += self.weight(i) * d1;
            *second = self.weight(i) * d2;
        }
        let kept = self.fit.kept.iter();
        (
            mean,
            kept.map(|c| dot(&second, &self.design.columns[*c]))
                .collect(),
        )
    }

    fn slope(&self, v: usize, plain: &(f64, Vec<f64>)) -> MarginalEffect {
        let own = self.columns_of(v);
        if let [(column, _)] = own[..]
            && self.design.parts[column].len() == 1
        {
            let b = self.fit.beta[column];
            let kept = self.fit.kept.iter().zip(&plain.1);
            let gradient: Vec<f64> = kept
                .map(|(c, through)| b * through + if *c == column { plain.0 } else { 0.0 })
                .collect();
            return self.with_error(v, None, b * plain.0, &gradient);
        }
        let n = self.fit.linear_predictor.len();
        let rests: Vec<Vec<f64>> = own.iter().map(|(c, _)| self.rest(*c, v)).collect();
        let (mut first, mut second) = (vec![0.0; n], vec![0.0; n]);
        let mut effect = 0.0;
        for i in 0..n {
            let (d1, d2) = self.family.mean_derivatives(self.fit.linear_predictor[i]);
            let w = self.weight(i);
            let slope: f64 = own
                .iter()
                .zip(&rests)
                .map(|((c, _), r)| self.fit.beta[*c] * r[i])
                .sum();
            effect += w * d1 * slope;
            first[i] = w * d1;
            second[i] = w * d2 * slope;
        }
        let gradient: Vec<f64> = self
            .fit
            .kept
            .iter()
            .map(|c| {
                let through = dot(&second, &self.design.columns[*c]);
                let place = own.iter().position(|(o, _)| o == c);
                through + place.map_or(0.0, |p| dot(&first, &rests[p]))
            })
            .collect();
        self.with_error(v, None, effect, &gradient)
    }

    fn difference(&self, v: usize, level: usize, reference: usize) -> MarginalEffect {
        let own = self.columns_of(v);
        let n = self.fit.linear_predictor.len();
        let rests: Vec<Vec<f64>> = own.iter().map(|(c, _)| self.rest(*c, v)).collect();
        let mut base = self.fit.linear_predictor.clone();
        for (c, _) in &own {
            let b = self.fit.beta[*c];
            base.iter_mut()
                .zip(&*self.design.columns[*c])
                .for_each(|(e, x)| *e -= b * x);
        }
        let with = |wanted: usize| -> Vec<f64> {
            let mut eta = base.clone();
            for ((c, l), rest) in own.iter().zip(&rests) {
                if *l == Some(wanted) {
                    let b = self.fit.beta[*c];
                    eta.iter_mut().zip(rest).for_each(|(e, r)| *e += b * r);
                }
            }
            eta
        };
        let (high, low) = (with(level), with(reference));
        let mut effect = 0.0;
        let (mut slope_high, mut slope_low, mut change) =
            (vec![0.0; n], vec![0.0; n], vec![0.0; n]);
        for i in 0..n {
            let w = self.weight(i);
            effect += w * (self.family.mean(high[i]) - self.family.mean(low[i]));
            slope_high[i] = w * self.family.mean_derivatives(high[i]).0;
            slope_low[i] = w * self.family.mean_derivatives(low[i]).0;
            change[i] = slope_high[i] - slope_low[i];
        }
        let gradient: Vec<f64> = self
            .fit
            .kept
            .iter()
            .map(|c| match own.iter().position(|(o, _)| o == c) {
                None => dot(&change, &self.design.columns[*c]),
                Some(p) if own[p].1 == Some(level) => dot(&slope_high, &rests[p]),
                Some(p) if own[p].1 == Some(reference) => -dot(&slope_low, &rests[p]),
                Some(_) => 0.0,
            })
            .collect();
        self.with_error(v, Some(level), effect, &gradient)
    }

    fn with_error(
        &self,
        variable: usize,
        level: Option<usize>,
        effect: f64,
        gradient: &[f64],
    ) -> MarginalEffect {
        let covariance = &self.fit.covariance;
        let mut variance = 0.0;
        for (j, a) in gradient.iter().enumerate() {
            for (k, b) in gradient.iter().enumerate() {
                variance += a * b * covariance.at(j, k);
            }
        }
        MarginalEffect {
            variable,
            level,
            effect,
            standard_error: variance.sqrt(),
        }
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    crate::stats::blocks::dot(a, &b[..a.len()])
}
