//! Names and kinds: whether a formula means something for a table's columns.

mod calls;
mod term;
mod unify;

use std::ops::Range;

use super::functions::Function;
use super::hint::nearest;
use super::syntax::{Expr, Infix, Node, column_name};
use super::types::{Known, Type};
use super::{Error, parse};
use crate::msg;
use crate::report::Msg;
pub(super) use term::{Constant, Kernel, Op, Term};

/// What a formula is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Values of any kind: a new column.
    Any,
    /// True or false: which rows stay.
    Truth,
}

/// A formula that fits its columns.
#[derive(Clone, Debug)]
pub struct Formula {
    pub(super) term: Term,
    /// The columns that it reads, each once.
    columns: Vec<String>,
}

impl Formula {
    /// Reads a formula over these columns.
    ///
    /// # Errors
    /// The place where the text is no formula; else all names that are not known and all values
    /// that do not go together.
    pub fn read(text: &str, columns: &[Known<'_>], wanted: Wanted) -> Result<Self, Vec<Error>> {
        let expr = parse(text).map_err(|e| vec![e])?;
        let mut checker = Checker {
            text,
            known: columns,
            used: Vec::new(),
            errors: Vec::new(),
        };
        let term = checker.term(&expr);
        match term {
            Some(term) if checker.errors.is_empty() => {
                if wanted == Wanted::Truth && !matches!(term.ty, Type::Truth | Type::Missing) {
                    return Err(vec![checker.no_truth(&term)]);
                }
                Ok(Self {
                    term,
                    columns: checker
                        .used
                        .iter()
                        .map(|&k| columns[k].name.to_string())
                        .collect(),
                })
            }
            _ => Err(checker.errors),
        }
    }

    /// The kind of its values.
    pub fn ty(&self) -> Type {
        self.term.ty
    }

    /// The names of the columns that it reads.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }
}

struct Checker<'a> {
    text: &'a str,
    known: &'a [Known<'a>],
    /// Positions in `known`; a term's column is a position in here.
    used: Vec<usize>,
    errors: Vec<Error>,
}

impl Checker<'_> {
    /// `None` after an error.
    fn term(&mut self, expr: &Expr) -> Option<Term> {
        let range = expr.range.clone();
        let constant = |c, ty| Some(Term::constant(c, ty, range.clone()));
        match &expr.node {
            Node::Number(x) => {
                let is_whole = x.fract() == 0.0 && x.abs() <= MAX_WHOLE;
                let ty = if is_whole { Type::Whole } else { Type::Number };
                constant(Constant::Number(*x), ty)
            }
            Node::Text(text) => constant(Constant::Text(text.clone()), Type::Text),
            Node::Truth(truth) => constant(Constant::Truth(*truth), Type::Truth),
            Node::Missing => constant(Constant::Missing, Type::Missing),
            Node::Column(name) => self.column(name, range),
            Node::Minus(a) => {
                let a = self.term(a)?;
                let a = self.number(a)?;
                // A number's sign is a part of it.
                if let Op::Constant(Constant::Number(x)) = a.op {
                    return Some(Term::constant(Constant::Number(-x), a.ty, range));
                }
                let ty = a.ty;
                Some(Term::apply(Kernel::Minus, vec![a], ty, range))
            }
            Node::Not(a) => {
                let a = self.term(a)?;
                let a = self.truth(a)?;
                Some(Term::apply(Kernel::Not, vec![a], Type::Truth, range))
            }
            Node::Infix(infix, parts) => {
                let (a, b) = (self.term(&parts.0), self.term(&parts.1));
                self.infix(*infix, a?, b?, range)
            }
            Node::In {
                value,
                list,
                negated,
            } => {
                let mut terms = vec![self.term(value)];
                terms.extend(list.iter().map(|e| self.term(e)));
                let terms: Vec<Term> = terms.into_iter().collect::<Option<_>>()?;
                let (terms, _) = self.unify(terms)?;
                self.no_missing(&terms)?;
                let found = Term::apply(Kernel::In, terms, Type::Truth, range);
                Some(negate(found, *negated))
            }
            Node::Between { parts, negated } => {
                let (value, low, high) = &**parts;
                let terms = [self.term(value), self.term(low), self.term(high)];
                let [value, low, high] = terms;
                let (value, low, high) = (value?, low?, high?);
                let from = self.infix(Infix::AtLeast, value.clone(), low, range.clone());
                let to = self.infix(Infix::AtMost, value, high, range.clone());
                let both = vec![from?, to?];
                let found = Term::apply(Kernel::Infix(Infix::And), both, Type::Truth, range);
                Some(negate(found, *negated))
            }
            Node::IsMissing { value, negated } => {
                let value = self.term(value)?;
                let found = Term::apply(Kernel::IsMissing, vec![value], Type::Truth, range);
                Some(negate(found, *negated))
            }
            Node::Case {
                subject,
                arms,
                other,
            } => self.case(subject.as_deref(), arms, other.as_deref(), range),
            Node::Call {
                name,
                arguments,
                by,
            } => self.call(name, arguments, by, range),
        }
    }

    fn column(&mut self, name: &str, range: Range<usize>) -> Option<Term> {
        let Some(k) = self.known.iter().position(|c| c.name == name) else {
            let message = self.unknown_column(name);
            return self.error(range, message);
        };
        let place = self.used.iter().position(|&u| u == k);
        let place = place.unwrap_or_else(|| {
            self.used.push(k);
            self.used.len() - 1
        });
        Some(Term {
            op: Op::Column(place),
            ty: Type::of(self.known[k].kind),
            range,
        })
    }

    fn unknown_column(&self, name: &str) -> Msg {
        if let Some(meant) = nearest(name, self.known.iter().map(|c| c.name)) {
            return msg!(
                "formula.error.column_meant",
                "There is no column {name}; did you mean {meant}?",
                name = name,
                meant = column_name(meant)
            );
        }
        if let Some(function) = Function::named(name) {
            return msg!(
                "formula.error.function_without_brackets",
                "There is no column {name}; the function is written {signature}.",
                name = name,
                signature = function.signature()
            );
        }
        msg!(
            "formula.error.no_column",
            "There is no column {name}; text stands in quotes.",
            name = name
        )
    }

    fn infix(&mut self, infix: Infix, a: Term, b: Term, range: Range<usize>) -> Option<Term> {
        let kernel = Kernel::Infix(infix);
        match infix {
            Infix::Or | Infix::And => {
                let (a, b) = (self.truth(a), self.truth(b));
                Some(Term::apply(kernel, vec![a?, b?], Type::Truth, range))
            }
            Infix::Join => Some(Term::apply(kernel, vec![a, b], Type::Text, range)),
            Infix::Add | Infix::Subtract => self.sum(infix, a, b, range),
            Infix::Multiply
            | Infix::Divide
            | Infix::DivideWhole
            | Infix::Remainder
            | Infix::Power => {
                let (a, b) = (self.number(a), self.number(b));
                let (a, b) = (a?, b?);
                let both_whole = a.ty == Type::Whole && b.ty == Type::Whole;
                let is_whole = match infix {
                    Infix::Multiply | Infix::Remainder => both_whole,
                    Infix::DivideWhole => true,
                    // Below 0 a power of a whole number is a fraction.
                    Infix::Power => {
                        let at_least_zero =
                            matches!(b.op, Op::Constant(Constant::Number(x)) if x >= 0.0);
                        both_whole && at_least_zero
                    }
                    _ => false,
                };
                let ty = if is_whole { Type::Whole } else { Type::Number };
                Some(Term::apply(kernel, vec![a, b], ty, range))
            }
            _ => self.comparison(infix, a, b, range),
        }
    }

    /// Sums of numbers; a date and a number of days; the days between two dates.
    fn sum(&mut self, infix: Infix, a: Term, b: Term, range: Range<usize>) -> Option<Term> {
        let kernel = Kernel::Infix(infix);
        let (a, b) = self.texts_as_moments(a, b)?;
        match (infix, a.ty, b.ty) {
            (Infix::Subtract, Type::Date, Type::Date) => {
                return Some(Term::apply(kernel, vec![a, b], Type::Whole, range));
            }
            (_, Type::Date, Type::Whole) => {
                return Some(Term::apply(kernel, vec![a, b], Type::Date, range));
            }
            (Infix::Add, Type::Whole, Type::Date) => {
                return Some(Term::apply(kernel, vec![b, a], Type::Date, range));
            }
            _ => {}
        }
        if a.ty.is_stamp() || b.ty.is_stamp() {
            return self.error(
                range,
                msg!(
                    "formula.error.date_sum",
                    "Whole days are added to a date, and a date is taken from a date; other spans of time go by date_add(unit, moment, n) and date_diff(unit, from, to)."
                ),
            );
        }
        if infix == Infix::Add
            && let Some(text) = [&a, &b].into_iter().find(|t| t.ty == Type::Text)
        {
            let message = msg!(
                "formula.error.text_sum",
                "{what} is text: texts are joined by &, and number({what}) reads a number from one.",
                what = self.snippet(&text.range)
            );
            return self.error(text.range.clone(), message);
        }
        let (a, b) = (self.number(a), self.number(b));
        let (a, b) = (a?, b?);
        let ty = a.ty.with(b.ty).unwrap_or(Type::Number);
        Some(Term::apply(kernel, vec![a, b], ty, range))
    }

    fn case(
        &mut self,
        subject: Option<&Expr>,
        arms: &[(Expr, Expr)],
        other: Option<&Expr>,
        range: Range<usize>,
    ) -> Option<Term> {
        let subject = match subject {
            Some(expr) => Some(self.term(expr)?),
            None => None,
        };
        let mut conditions = Vec::new();
        let mut values = Vec::new();
        for (when, then) in arms {
            let (at, when) = (when.range.clone(), self.term(when));
            conditions.push(match (&subject, when) {
                (_, None) => None,
                (Some(subject), Some(when)) => {
                    self.comparison(Infix::Equal, subject.clone(), when, at)
                }
                (None, Some(when)) => self.truth(when),
            });
            values.push(self.term(then));
        }
        values.push(match other {
            Some(expr) => self.term(expr),
            None => Some(Term::constant(
                Constant::Missing,
                Type::Missing,
                range.clone(),
            )),
        });
        let conditions: Vec<Term> = conditions.into_iter().collect::<Option<_>>()?;
        let values: Vec<Term> = values.into_iter().collect::<Option<_>>()?;
        self.chosen(conditions, values, range)
    }

    /// `values` are one more than `conditions`.
    fn chosen(
        &mut self,
        conditions: Vec<Term>,
        values: Vec<Term>,
        range: Range<usize>,
    ) -> Option<Term> {
        let (mut values, ty) = self.unify(values)?;
        let other = values.pop()?;
        let mut terms: Vec<Term> = conditions
            .into_iter()
            .zip(values)
            .flat_map(|(when, then)| [when, then])
            .collect();
        terms.push(other);
        Some(Term::apply(Kernel::Case, terms, ty, range))
    }

    /// A condition.
    fn truth(&mut self, term: Term) -> Option<Term> {
        match term.ty {
            Type::Truth | Type::Missing => Some(term),
            _ => {
                let message = msg!(
                    "formula.error.no_truth",
                    "True or false is needed here, and {what} is {kind}; compare it with something.",
                    what = self.snippet(&term.range),
                    kind = term.ty.noun()
                );
                self.error(term.range, message)
            }
        }
    }

    /// A number; of true and false 1 and 0.
    fn number(&mut self, term: Term) -> Option<Term> {
        match term.ty {
            Type::Whole | Type::Number | Type::Missing => Some(term),
            Type::Truth => {
                let range = term.range.clone();
                let kernel = Kernel::TruthToNumber;
                Some(Term::apply(kernel, vec![term], Type::Whole, range))
            }
            _ => {
                let message = match (term.ty, term.text().and_then(|t| self.column_called(t))) {
                    (_, Some(column)) => self.column_in_quotes(column),
                    (Type::Text, None) => msg!(
                        "formula.error.text_for_number",
                        "A number is needed here, and {what} is text; number({what}) reads a number from it.",
                        what = self.snippet(&term.range)
                    ),
                    (ty, None) => msg!(
                        "formula.error.no_number",
                        "A number is needed here, and {what} is {kind}.",
                        what = self.snippet(&term.range),
                        kind = ty.noun()
                    ),
                };
                self.error(term.range, message)
            }
        }
    }

    fn no_truth(&self, term: &Term) -> Error {
        let message = msg!(
            "formula.error.no_filter",
            "A filter asks what is true of a row, and this gives {kind}; compare it with something.",
            kind = term.ty.noun()
        );
        Error::at(term.range.clone(), message)
    }

    /// A text that is the name of a column was most likely meant as the column.
    fn column_called(&self, text: &str) -> Option<&str> {
        self.known.iter().map(|c| c.name).find(|name| *name == text)
    }

    fn column_in_quotes(&self, column: &str) -> Msg {
        msg!(
            "formula.error.column_in_quotes",
            "In quotes this is text; the column is written {column}.",
            column = column_name(column)
        )
    }

    /// A part of the formula as it was written, cut when it is long.
    fn snippet(&self, range: &Range<usize>) -> String {
        let text = self.text.get(range.clone()).unwrap_or_default();
        if text.chars().count() <= MAX_SNIPPET {
            return text.to_string();
        }
        text.chars().take(MAX_SNIPPET - 1).chain(['…']).collect()
    }

    fn known_of(&self, term: &Term) -> Option<(usize, &Known<'_>)> {
        match term.op {
            Op::Column(place) => Some((place, &self.known[self.used[place]])),
            _ => None,
        }
    }

    fn error<T>(&mut self, range: Range<usize>, message: Msg) -> Option<T> {
        self.errors.push(Error::at(range, message));
        None
    }
}

/// Whole numbers past this are not exact.
const MAX_WHOLE: f64 = 9_007_199_254_740_992.0;
const MAX_SNIPPET: usize = 40;

fn negate(term: Term, negated: bool) -> Term {
    if !negated {
        return term;
    }
    let range = term.range.clone();
    Term::apply(Kernel::Not, vec![term], Type::Truth, range)
}

#[cfg(test)]
mod tests;
