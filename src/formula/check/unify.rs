//! Values that stand beside one another: of one kind, or an error that says which two are not.

use std::ops::Range;

use super::super::hint::nearest;
use super::super::syntax::{Infix, quoted};
use super::super::types::Type;
use super::{Checker, Constant, Kernel, Op, Term};
use crate::msg;
use crate::report::Msg;
use crate::table::csv::parse;

impl Checker<'_> {
    /// The terms, each turned into the kind that holds them all. Texts that are written in the
    /// formula are read as dates and times where the others are such.
    pub(super) fn unify(&mut self, terms: Vec<Term>) -> Option<(Vec<Term>, Type)> {
        let is_written = |t: &Term| t.text().is_some();
        let leads = |t: &&Term| t.ty != Type::Missing && !is_written(t);
        // The first that is no written text says what is expected of those.
        let mut common = Type::Missing;
        let mut first: Option<&Term> = None;
        for term in terms
            .iter()
            .filter(leads)
            .chain(terms.iter().filter(|t| is_written(t)))
        {
            if is_written(term) && common.is_stamp() {
                continue;
            }
            match common.with(term.ty) {
                Some(ty) => common = ty,
                None => {
                    let message = self.apart(first?, term);
                    return self.error(term.range.clone(), message);
                }
            }
            first = first.or(Some(term));
        }
        let as_common = |term| self.become_type(term, common);
        let terms: Option<Vec<Term>> = terms.into_iter().map(as_common).collect();
        Some((terms?, common))
    }

    fn become_type(&mut self, term: Term, ty: Type) -> Option<Term> {
        if ty.is_stamp()
            && let Some(text) = term.text()
        {
            let Some(stamp) = read_stamp(text, ty) else {
                let message = unreadable(text, ty);
                return self.error(term.range, message);
            };
            return Some(Term::constant(Constant::Stamp(stamp), ty, term.range));
        }
        let range = term.range.clone();
        Some(match (term.ty, ty) {
            (Type::Date, Type::DateTime) => Term::apply(Kernel::Midnight, vec![term], ty, range),
            (Type::Missing, _) => Term { ty, ..term },
            _ => term,
        })
    }

    /// Why two values do not go together.
    fn apart(&self, a: &Term, b: &Term) -> Msg {
        let column = [a, b]
            .into_iter()
            .find_map(|t| self.column_called(t.text()?));
        if let Some(column) = column {
            return self.column_in_quotes(column);
        }
        let (text, number) = match (a.ty, b.ty) {
            (Type::Text, ty) if ty.is_number() && a.text().is_none() => (a, b),
            (ty, Type::Text) if ty.is_number() && b.text().is_none() => (b, a),
            _ => {
                return msg!(
                    "formula.error.apart",
                    "{a} is {kind_a}, and {b} is {kind_b}: they do not go together.",
                    a = self.snippet(&a.range),
                    kind_a = a.ty.noun(),
                    b = self.snippet(&b.range),
                    kind_b = b.ty.noun()
                );
            }
        };
        if matches!(number.op, Op::Constant(_)) {
            let number = self.snippet(&number.range);
            return msg!(
                "formula.error.number_beside_text",
                "{text} is text: write {quoted} for text, or number({text}) for a number.",
                text = self.snippet(&text.range),
                quoted = quoted(&number)
            );
        }
        msg!(
            "formula.error.text_beside_number",
            "{text} is text and {number} a number: number({text}) reads a number, text({number}) writes text.",
            text = self.snippet(&text.range),
            number = self.snippet(&number.range)
        )
    }

    pub(super) fn comparison(
        &mut self,
        infix: Infix,
        a: Term,
        b: Term,
        range: Range<usize>,
    ) -> Option<Term> {
        let (a, b) = match self.as_places(infix, a, b)? {
            Ok(places) => places,
            Err((a, b)) => {
                let (terms, _) = self.unify(vec![a, b])?;
                self.no_missing(&terms)?;
                let [a, b]: [Term; 2] = terms.try_into().ok()?;
                (a, b)
            }
        };
        Some(Term::apply(
            Kernel::Infix(infix),
            vec![a, b],
            Type::Truth,
            range,
        ))
    }

    /// Nothing is equal to a missing value, itself included.
    pub(super) fn no_missing(&mut self, terms: &[Term]) -> Option<()> {
        let is_missing = |t: &&Term| matches!(t.op, Op::Constant(Constant::Missing));
        match terms.iter().find(is_missing) {
            Some(term) => self.error(
                term.range.clone(),
                msg!(
                    "formula.error.missing_compared",
                    "Nothing compares with a missing value; write: is missing."
                ),
            ),
            None => Some(()),
        }
    }

    /// Levels of an ordered category go by their order, not by their letters: the inner `Ok` has
    /// their places, `Err` gives the terms back.
    #[allow(clippy::type_complexity)]
    fn as_places(
        &mut self,
        infix: Infix,
        a: Term,
        b: Term,
    ) -> Option<Result<(Term, Term), (Term, Term)>> {
        if matches!(infix, Infix::Equal | Infix::NotEqual) {
            return Some(Err((a, b)));
        }
        let ordered = |t: &Term| {
            let (place, known) = self.known_of(t)?;
            let levels = known.levels.filter(|_| known.has_all_levels);
            known
                .is_ordered()
                .then(|| (place, levels.map(<[String]>::to_vec)))
        };
        let place_of = |place, term: &Term| Term {
            op: Op::Place(place),
            ty: Type::Whole,
            range: term.range.clone(),
        };
        let (place, levels, level, is_first) = match (ordered(&a), ordered(&b)) {
            (Some((p, Some(levels))), Some((q, Some(others)))) if levels == others => {
                return Some(Ok((place_of(p, &a), place_of(q, &b))));
            }
            (Some((place, levels)), None) if b.text().is_some() => (place, levels, &b, true),
            (None, Some((place, levels))) if a.text().is_some() => (place, levels, &a, false),
            _ => return Some(Err((a, b))),
        };
        let text = level.text()?.to_string();
        if let Some(levels) = levels
            && !levels.contains(&text)
        {
            let names: Vec<&str> = levels.iter().map(String::as_str).take(MAX_NAMED).collect();
            let meant = nearest(&text, levels.iter().map(String::as_str));
            let message = match meant {
                Some(meant) => msg!(
                    "formula.error.level_meant",
                    "There is no level “{level}”; did you mean “{meant}”?",
                    level = &text,
                    meant = meant
                ),
                None => msg!(
                    "formula.error.no_level",
                    "There is no level “{level}”; there are {levels}.",
                    level = &text,
                    levels = names
                ),
            };
            return self.error(level.range.clone(), message);
        }
        let level = Term {
            op: Op::PlaceOf(place, text),
            ty: Type::Whole,
            range: level.range.clone(),
        };
        Some(Ok(match is_first {
            true => (place_of(place, &a), level),
            false => (level, place_of(place, &b)),
        }))
    }

    /// For sums: a written text beside a date is a date.
    pub(super) fn texts_as_moments(&mut self, a: Term, b: Term) -> Option<(Term, Term)> {
        match (a.text().is_some(), b.text().is_some()) {
            (true, false) if b.ty == Type::Date => Some((self.become_type(a, Type::Date)?, b)),
            (false, true) if a.ty == Type::Date => {
                let b = self.become_type(b, Type::Date)?;
                Some((a, b))
            }
            _ => Some((a, b)),
        }
    }

    /// A written text as a date or time; any other term as it is.
    pub(super) fn as_stamp(&mut self, term: Term) -> Option<Term> {
        let Some(text) = term.text() else {
            return Some(term);
        };
        let ty = [Type::Date, Type::DateTime, Type::Time]
            .into_iter()
            .find(|ty| read_stamp(text, *ty).is_some());
        let Some(ty) = ty else {
            let column = self.column_called(text).map(str::to_string);
            let message = match column {
                Some(column) => self.column_in_quotes(&column),
                None => unreadable(text, Type::Date),
            };
            return self.error(term.range, message);
        };
        self.become_type(term, ty)
    }

    /// For functions of text: numbers and dates must be written as texts first.
    pub(super) fn text_term(&mut self, term: Term) -> Option<Term> {
        if matches!(term.ty, Type::Text | Type::Missing) {
            return Some(term);
        }
        let message = msg!(
            "formula.error.no_text",
            "Text is needed here, and {what} is {kind}; text({what}) writes it as text.",
            what = self.snippet(&term.range),
            kind = term.ty.noun()
        );
        self.error(term.range, message)
    }
}

const MAX_NAMED: usize = 8;

/// A text as days or milliseconds.
pub(super) fn read_stamp(text: &str, ty: Type) -> Option<i64> {
    match ty {
        Type::Date => parse::date(text).map(i64::from),
        Type::DateTime => parse::date_time(text),
        Type::Time => parse::time(text).map(i64::from),
        _ => None,
    }
}

fn unreadable(text: &str, ty: Type) -> Msg {
    match ty {
        Type::Time => msg!(
            "formula.error.no_time",
            "“{text}” cannot be read as a time of day, such as \"09:30\".",
            text = text
        ),
        Type::DateTime => msg!(
            "formula.error.no_date_time",
            "“{text}” cannot be read as a date with a time, such as \"2024-03-05 09:30\".",
            text = text
        ),
        _ => msg!(
            "formula.error.no_date",
            "“{text}” cannot be read as a date, such as \"2024-03-05\".",
            text = text
        ),
    }
}
