//! Calls: the function, the number of its values, and what each of them must be.

use std::ops::Range;

use super::super::functions::{Call, Function, Gives, Parameter, Takes, Unit};
use super::super::hint::nearest;
use super::super::syntax::Expr;
use super::super::types::Type;
use super::{Checker, Constant, Kernel, Op, Term};
use crate::msg;
use crate::report::Msg;

impl Checker<'_> {
    pub(super) fn call(
        &mut self,
        name: &str,
        arguments: &[Expr],
        by: &[Expr],
        range: Range<usize>,
    ) -> Option<Term> {
        let at = range.start..range.start + name.len();
        let Some(function) = Function::named(name) else {
            let message = self.unknown_function(name);
            return self.error(at, message);
        };
        let terms: Vec<Option<Term>> = arguments.iter().map(|e| self.term(e)).collect();
        let groups: Vec<Option<Term>> = by.iter().map(|e| self.term(e)).collect();
        let (least, most) = function.n_values();
        if !(least..=most).contains(&arguments.len()) {
            let message = self.wrong_count(function, arguments.len());
            let range = match arguments.get(most) {
                Some(extra) => extra.range.clone(),
                None => at,
            };
            return self.error(range, message);
        }
        let is_whole = function.call.is_statistic() || function.call.is_window();
        if let (false, Some(first)) = (is_whole, by.first()) {
            let message = msg!(
                "formula.error.by",
                "{name} looks at one row; “by” makes groups for statistics such as mean(x by group).",
                name = function.name
            );
            return self.error(first.range.clone(), message);
        }
        let terms: Vec<Term> = terms.into_iter().collect::<Option<_>>()?;
        let by: Vec<Term> = groups.into_iter().collect::<Option<_>>()?;
        if function.call == Call::If {
            return self.if_call(terms, range);
        }
        let (unit, terms) = self.with_unit(function, terms)?;
        let terms = self.fitted(function, terms)?;
        let (terms, same) = self.of_one_kind(function, terms)?;
        let ty = self.result(function, &terms, same, unit)?;
        if is_whole {
            let call = function.call;
            let op = Op::Whole {
                call,
                arguments: terms,
                by,
            };
            return Some(Term { op, ty, range });
        }
        let kernel = match unit {
            Some(unit) => Kernel::Timed(function.call, unit),
            None if function.call == Call::IsMissing => Kernel::IsMissing,
            None => Kernel::Call(function.call),
        };
        Some(Term::apply(kernel, terms, ty, range))
    }

    fn if_call(&mut self, terms: Vec<Term>, range: Range<usize>) -> Option<Term> {
        let mut terms = terms.into_iter();
        let condition = self.truth(terms.next()?)?;
        let then = terms.next()?;
        let missing = || Term::constant(Constant::Missing, Type::Missing, range.clone());
        let Some(otherwise) = terms.next() else {
            return self.chosen(vec![condition], vec![then, missing()], range);
        };
        // What is asked of a missing condition is not known, unlike in `case`.
        let (values, ty) = self.unify(vec![then, otherwise])?;
        let terms = [vec![condition], values].concat();
        Some(Term::apply(Kernel::Call(Call::If), terms, ty, range))
    }

    fn unknown_function(&self, name: &str) -> Msg {
        let lower = name.to_ascii_lowercase();
        match lower.as_str() {
            "today" | "now" | "current_date" | "sys.date" | "getdate" => {
                return msg!(
                    "formula.error.today",
                    "{name} is not offered, so that a notebook gives the same answer every day; write the date: date(\"2024-03-05\").",
                    name = name
                );
            }
            "rand" | "random" | "runif" | "rnorm" | "randbetween" => {
                return msg!(
                    "formula.error.random",
                    "{name} is not offered in formulas; rows are drawn at random by a cell of their own, with a seed.",
                    name = name
                );
            }
            _ => {}
        }
        let own = Function::all().map(|f| f.name);
        let others = Function::all().flat_map(|f| f.also.iter().copied());
        if let Some(meant) = nearest(name, own.chain(others)) {
            return msg!(
                "formula.error.function_meant",
                "There is no function {name}; did you mean {meant}?",
                name = name,
                meant = meant
            );
        }
        if self.known.iter().any(|c| c.name == name) {
            return msg!(
                "formula.error.column_called",
                "{name} is a column and takes no brackets.",
                name = name
            );
        }
        msg!(
            "formula.error.no_function",
            "There is no function {name}.",
            name = name
        )
    }

    fn wrong_count(&self, function: &Function, n: usize) -> Msg {
        let column_statistic = match (function.call, n) {
            (Call::Min, 1) => Some("min_of"),
            (Call::Max, 1) => Some("max_of"),
            _ => None,
        };
        if let Some(other) = column_statistic {
            return msg!(
                "formula.error.row_or_column",
                "{name} compares values of one row; for a column there is {other}(x).",
                name = function.name,
                other = other
            );
        }
        msg!(
            "formula.error.count",
            "{n} {n|value is|values are} given; it is written {signature}.",
            n = n,
            signature = function.signature()
        )
    }

    /// Takes the unit of time off the first place.
    fn with_unit(
        &mut self,
        function: &Function,
        mut terms: Vec<Term>,
    ) -> Option<(Option<Unit>, Vec<Term>)> {
        if function.parameters.first().map(|p| p.takes) != Some(Takes::Unit) {
            return Some((None, terms));
        }
        let term = terms.remove(0);
        let units: Vec<&str> = Unit::ALL.iter().map(|u| u.name()).collect();
        match term.text().map(|text| (text, Unit::named(text))) {
            Some((_, Some(unit))) => Some((Some(unit), terms)),
            Some((text, None)) => {
                let message = match nearest(text, units.iter().copied()) {
                    Some(meant) => msg!(
                        "formula.error.unit_meant",
                        "“{unit}” is no unit of time; did you mean \"{meant}\"?",
                        unit = text,
                        meant = meant
                    ),
                    None => no_unit(units),
                };
                self.error(term.range, message)
            }
            None => self.error(term.range, no_unit(units)),
        }
    }

    /// Each value as its parameter takes it.
    fn fitted(&mut self, function: &'static Function, terms: Vec<Term>) -> Option<Vec<Term>> {
        let skipped =
            usize::from(function.parameters.first().map(|p| p.takes) == Some(Takes::Unit));
        let fit = |(i, term)| {
            let parameter = function.parameter(i + skipped)?;
            self.fit(function, parameter, term)
        };
        // All values are looked at, so that all errors are found.
        let fitted: Vec<Option<Term>> = terms.into_iter().enumerate().map(fit).collect();
        fitted.into_iter().collect()
    }

    fn fit(&mut self, function: &Function, parameter: &Parameter, term: Term) -> Option<Term> {
        match parameter.takes {
            Takes::Any | Takes::Same => Some(term),
            Takes::Column => {
                if matches!(term.op, Op::Column(_)) {
                    return Some(term);
                }
                let message = msg!(
                    "formula.error.not_a_column",
                    "{function} takes the name of a column.",
                    function = function.name
                );
                self.error(term.range, message)
            }
            Takes::Truth => self.truth(term),
            Takes::Number => self.number(term),
            Takes::FixedNumber => {
                let term = self.number(term)?;
                if term.is_fixed() {
                    return Some(term);
                }
                let message = msg!(
                    "formula.error.not_fixed",
                    "{parameter} of {function} is one number for all rows.",
                    parameter = parameter.name,
                    function = function.name
                );
                self.error(term.range, message)
            }
            Takes::Text => self.text_term(term),
            Takes::Pattern | Takes::DateFormat => {
                if term.text().is_some() {
                    return Some(term);
                }
                let message = msg!(
                    "formula.error.not_written",
                    "{parameter} of {function} is text in quotes.",
                    parameter = parameter.name,
                    function = function.name
                );
                self.error(term.range, message)
            }
            Takes::Unit => Some(term),
            Takes::Moment => self.stamp(term, &[Type::Date, Type::DateTime]),
            Takes::Clock => self.stamp(term, &[Type::Time, Type::DateTime]),
            Takes::Stamp => self.stamp(term, &[Type::Date, Type::DateTime, Type::Time]),
        }
    }

    fn stamp(&mut self, term: Term, accepted: &[Type]) -> Option<Term> {
        let term = self.as_stamp(term)?;
        if term.ty == Type::Missing || accepted.contains(&term.ty) {
            return Some(term);
        }
        let what = self.snippet(&term.range);
        let message = match (term.ty, accepted) {
            (Type::Text, _) => msg!(
                "formula.error.text_for_date",
                "A date or time is needed here, and {what} is text; date({what}) reads a date from it.",
                what = what
            ),
            (Type::Date, _) => msg!(
                "formula.error.no_clock",
                "A time of day is needed here, and {what} is a date without one.",
                what = what
            ),
            (Type::Time, _) => msg!(
                "formula.error.no_day",
                "A date is needed here, and {what} is a time of day.",
                what = what
            ),
            (ty, _) => msg!(
                "formula.error.no_stamp",
                "A date or time is needed here, and {what} is {kind}.",
                what = what,
                kind = ty.noun()
            ),
        };
        self.error(term.range, message)
    }

    /// Brings the values of all parameters that take the same to one kind, and gives that kind.
    fn of_one_kind(
        &mut self,
        function: &'static Function,
        terms: Vec<Term>,
    ) -> Option<(Vec<Term>, Type)> {
        let skipped =
            usize::from(function.parameters.first().map(|p| p.takes) == Some(Takes::Unit));
        let is_same = |i: usize| {
            let takes = function.parameter(i + skipped).map(|p| p.takes);
            matches!(takes, Some(Takes::Same | Takes::Stamp))
        };
        let (mut same, mut others) = (Vec::new(), Vec::new());
        for (i, term) in terms.into_iter().enumerate() {
            if is_same(i) { &mut same } else { &mut others }.push((i, term));
        }
        let (places, same): (Vec<usize>, Vec<Term>) = same.into_iter().unzip();
        let (same, ty) = self.unify(same)?;
        others.extend(places.into_iter().zip(same));
        others.sort_by_key(|(i, _)| *i);
        Some((others.into_iter().map(|(_, term)| term).collect(), ty))
    }

    fn result(
        &mut self,
        function: &Function,
        terms: &[Term],
        same: Type,
        unit: Option<Unit>,
    ) -> Option<Type> {
        let all_whole = || {
            terms
                .iter()
                .all(|t| matches!(t.ty, Type::Whole | Type::Missing))
        };
        let whole_if = |is_whole: bool| if is_whole { Type::Whole } else { Type::Number };
        if let Some(unit) = unit {
            self.unit_fits(unit, same, terms)?;
        }
        Some(match function.gives {
            Gives::Truth => Type::Truth,
            Gives::Number => {
                self.readable(function, terms)?;
                Type::Number
            }
            Gives::Whole => Type::Whole,
            Gives::Like => whole_if(all_whole()),
            Gives::Text => Type::Text,
            Gives::Date | Gives::DateTime | Gives::Time => self.made_moment(function, terms)?,
            Gives::Same => same,
            Gives::Rounded => whole_if(terms.len() == 1 || all_whole()),
            Gives::Moved => match unit {
                Some(unit) if unit.is_of_clock() && same == Type::Date => Type::DateTime,
                _ => same,
            },
        })
    }

    /// `number` of a date says nothing.
    fn readable(&mut self, function: &Function, terms: &[Term]) -> Option<()> {
        match terms {
            [term] if function.call == Call::NumberOf && term.ty.is_stamp() => {
                let message = msg!(
                    "formula.error.date_as_number",
                    "{what} is {kind}; its parts are numbers: year, month, day, hour, minute.",
                    what = self.snippet(&term.range),
                    kind = term.ty.noun()
                );
                self.error(term.range.clone(), message)
            }
            _ => Some(()),
        }
    }

    /// Times of day have no days, and days no hours.
    fn unit_fits(&mut self, unit: Unit, ty: Type, terms: &[Term]) -> Option<()> {
        if ty != Type::Time || unit.is_of_clock() {
            return Some(());
        }
        let message = msg!(
            "formula.error.unit_of_time",
            "A time of day has hours, minutes and seconds only."
        );
        self.error(terms.first()?.range.clone(), message)
    }

    /// `date`, `date_time` and `time`, which take several kinds.
    fn made_moment(&mut self, function: &Function, terms: &[Term]) -> Option<Type> {
        let of = |ty: Type| matches!(ty, Type::Missing | Type::Text | Type::DateTime);
        let wrong = match (function.call, terms) {
            (Call::DateOf, [x]) => (!of(x.ty) && x.ty != Type::Date).then_some(x),
            (Call::DateOf, [a, _]) => {
                let message = self.wrong_count(function, 2);
                return self.error(a.range.clone(), message);
            }
            (Call::DateOf, all) => {
                let year = all.first()?;
                let fits = year.ty.is_number() || year.ty == Type::Missing;
                (!fits).then_some(year)
            }
            (Call::DateTimeOf, [x]) => (!of(x.ty) && x.ty != Type::Date).then_some(x),
            (Call::DateTimeOf, [x, ..]) => {
                let fits = matches!(x.ty, Type::Date | Type::Missing);
                (!fits).then_some(x)
            }
            (Call::TimeOf, [x]) => (!of(x.ty) && x.ty != Type::Time).then_some(x),
            _ => None,
        };
        if let Some(term) = wrong {
            let message = msg!(
                "formula.error.no_moment",
                "{function} makes nothing of {what}, which is {kind}.",
                function = function.name,
                what = self.snippet(&term.range),
                kind = term.ty.noun()
            );
            return self.error(term.range.clone(), message);
        }
        Some(match function.gives {
            Gives::Date => Type::Date,
            Gives::Time => Type::Time,
            _ => Type::DateTime,
        })
    }
}

fn no_unit(units: Vec<&str>) -> Msg {
    msg!(
        "formula.error.no_unit",
        "A unit of time in quotes stands here: {units}.",
        units = units
    )
}
