//! From columns of a table to the design matrix of a regression: treatment coding and interactions.

use std::borrow::Cow;

/// One explaining variable, in the rows that are used.
#[derive(Clone, Debug)]
pub enum Variable<'a> {
    Number(Cow<'a, [f64]>),
    /// `codes[i]` is row i's level, from 0; every level but `reference` gets a column.
    Factor {
        codes: Vec<u32>,
        n_levels: usize,
        reference: usize,
    },
    /// A number as the functions of a basis; column k is level k of its parts.
    Curve(Vec<Vec<f64>>),
}

/// A variable's part in a column: itself, one of its levels, or one function of its basis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    pub variable: usize,
    pub level: Option<usize>,
}

/// A design matrix by columns; a number's column is the variable's own.
#[derive(Clone, Debug)]
pub struct Design<'a> {
    /// The intercept's ones first, when there is one; then the terms' columns in their order.
    pub columns: Vec<Cow<'a, [f64]>>,
    /// What each column is: no part for the intercept, one for a main effect, more for interactions.
    pub parts: Vec<Vec<Part>>,
    /// For each term the positions of its columns.
    pub terms: Vec<Vec<usize>>,
}

impl<'a> Design<'a> {
    /// A design with a main effect of each variable and the `interactions`, sets of variables.
    ///
    /// As in R, without an intercept the first factor keeps all its levels, and in an interaction
    /// a factor keeps them unless the interaction of the others is in the model too.
    pub fn new(
        variables: &'a [Variable<'a>],
        interactions: &[Vec<usize>],
        intercept: bool,
        n_rows: usize,
    ) -> Self {
        let mut design = Self {
            columns: Vec::new(),
            parts: Vec::new(),
            terms: Vec::new(),
        };
        if intercept {
            design.columns.push(vec![1.0; n_rows].into());
            design.parts.push(Vec::new());
        }
        let is_factor = |v: &Variable| matches!(v, Variable::Factor { .. });
        let full = (!intercept)
            .then(|| variables.iter().position(is_factor))
            .flatten();
        for v in 0..variables.len() {
            design.push_term(coded(variables, v, full == Some(v)));
        }
        for set in interactions {
            let mut columns: Vec<Coded> = vec![(Vec::new(), vec![1.0; n_rows].into())];
            for &v in set {
                let others: Vec<usize> = set.iter().copied().filter(|&o| o != v).collect();
                let is_term = others.len() < 2 || interactions.iter().any(|i| same(i, &others));
                columns = products(&columns, &coded(variables, v, !is_term));
            }
            design.push_term(columns);
        }
        design
    }

    pub fn slices(&self) -> Vec<&[f64]> {
        self.columns.iter().map(|c| &**c).collect()
    }

    /// Columns that a variable has a part in.
    pub fn columns_with(&self, variable: usize) -> Vec<usize> {
        let has = |c: &usize| self.parts[*c].iter().any(|p| p.variable == variable);
        (0..self.parts.len()).filter(has).collect()
    }

    /// The same columns in sets that differ in this variable's part alone, in the order of that.
    pub fn columns_by_rest(&self, variable: usize) -> Vec<Vec<usize>> {
        let rest = |c: usize| -> Vec<Part> {
            let parts = self.parts[c].iter().copied();
            parts.filter(|p| p.variable != variable).collect()
        };
        let mut sets: Vec<(Vec<Part>, Vec<usize>)> = Vec::new();
        for c in self.columns_with(variable) {
            let rest = rest(c);
            match sets.iter_mut().find(|(r, _)| *r == rest) {
                Some((_, set)) => set.push(c),
                None => sets.push((rest, vec![c])),
            }
        }
        sets.into_iter().map(|(_, set)| set).collect()
    }

    fn push_term(&mut self, columns: Vec<Coded<'a>>) {
        let first = self.columns.len();
        self.terms.push((first..first + columns.len()).collect());
        for (parts, column) in columns {
            self.parts.push(parts);
            self.columns.push(column);
        }
    }
}

fn same(a: &[usize], b: &[usize]) -> bool {
    a.len() == b.len() && a.iter().all(|v| b.contains(v))
}

/// A column with what it is.
type Coded<'a> = (Vec<Part>, Cow<'a, [f64]>);

/// A variable's columns; all levels of a factor when `full`.
fn coded<'a>(variables: &'a [Variable], v: usize, full: bool) -> Vec<Coded<'a>> {
    match &variables[v] {
        Variable::Number(values) => vec![(
            vec![Part {
                variable: v,
                level: None,
            }],
            Cow::Borrowed(&**values),
        )],
        Variable::Curve(columns) => columns
            .iter()
            .enumerate()
            .map(|(k, column)| {
                let part = Part {
                    variable: v,
                    level: Some(k),
                };
                (vec![part], column.into())
            })
            .collect(),
        Variable::Factor {
            codes,
            n_levels,
            reference,
        } => (0..*n_levels)
            .filter(|level| full || level != reference)
            .map(|level| {
                let column = codes
                    .iter()
                    .map(|&c| f64::from(u8::from(c as usize == level)))
                    .collect();
                (
                    vec![Part {
                        variable: v,
                        level: Some(level),
                    }],
                    column,
                )
            })
            .collect(),
    }
}

fn products<'a>(a: &[Coded], b: &[Coded]) -> Vec<Coded<'a>> {
    // The first variable's levels change fastest, as in R.
    b.iter()
        .flat_map(|(parts_b, column_b)| {
            a.iter().map(move |(parts_a, column_a)| {
                let parts = parts_a.iter().chain(parts_b).copied().collect();
                (
                    parts,
                    column_a
                        .iter()
                        .zip(&**column_b)
                        .map(|(x, y)| x * y)
                        .collect(),
                )
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(values: &[f64]) -> Variable<'_> {
        Variable::Number(values.into())
    }

    fn factor(codes: &[u32], n_levels: usize, reference: usize) -> Variable<'static> {
        Variable::Factor {
            codes: codes.to_vec(),
            n_levels,
            reference,
        }
    }

    #[test]
    fn the_reference_level_has_no_column() {
        let variables = [factor(&[0, 1, 2, 1], 3, 1)];
        let design = Design::new(&variables, &[], true, 4);
        assert_eq!(
            design.slices(),
            [[1.0; 4], [1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]]
        );
        assert_eq!(design.terms, [[1, 2]]);
        assert_eq!(
            design.parts[2],
            [Part {
                variable: 0,
                level: Some(2)
            }]
        );
    }

    #[test]
    fn without_an_intercept_the_first_factor_is_whole() {
        let variables = [
            number(&[5.0, 6.0]),
            factor(&[0, 1], 2, 0),
            factor(&[1, 0], 2, 0),
        ];
        let design = Design::new(&variables, &[], false, 2);
        assert_eq!(
            design.slices(),
            [[5.0, 6.0], [1.0, 0.0], [0.0, 1.0], [1.0, 0.0]]
        );
    }

    #[test]
    fn a_factor_is_whole_where_the_others_do_not_interact() {
        let variables = [
            number(&[2.0, 3.0]),
            number(&[5.0, 7.0]),
            factor(&[0, 1], 2, 0),
        ];
        let columns_of = |interactions: &[Vec<usize>]| {
            let design = Design::new(&variables, interactions, true, 2);
            design.terms.last().unwrap().len()
        };
        assert_eq!(columns_of(&[vec![0, 1, 2]]), 2);
        assert_eq!(columns_of(&[vec![1, 0], vec![0, 1, 2]]), 1);
        assert_eq!(columns_of(&[vec![0, 2], vec![1, 2], vec![0, 1, 2]]), 2);
    }

    #[test]
    fn interactions_are_products() {
        let variables = [number(&[2.0, 3.0, 4.0]), factor(&[0, 1, 2], 3, 0)];
        let design = Design::new(&variables, &[vec![0, 1]], true, 3);
        assert_eq!(design.slices()[4..], [[0.0, 3.0, 0.0], [0.0, 0.0, 4.0]]);
        assert_eq!(design.terms[2], [4, 5]);
        assert_eq!(
            design.parts[5],
            [
                Part {
                    variable: 0,
                    level: None
                },
                Part {
                    variable: 1,
                    level: Some(2)
                }
            ]
        );
    }
}
