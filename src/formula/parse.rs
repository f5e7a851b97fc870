//! From text to tree: a Pratt parser over the tokens.

use std::ops::Range;

use winnow::combinator::{Infix as InfixRule, Postfix, Prefix, expression};
use winnow::error::{ErrMode, ParserError};
use winnow::prelude::*;
use winnow::stream::{Stateful, Stream, TokenSlice};

use super::Error;
use super::syntax::{Expr, Infix, Node, power};
use super::token::{Sign, Spanned, Token, Word, tokens};
use crate::msg;
use crate::report::Msg;

/// Brackets within brackets, and signs before signs.
const MAX_NESTED: usize = 64;
/// Parts within parts: a chain of operators counts one for each.
const MAX_DEPTH: usize = 256;

/// Reads a formula. Never panics, whatever the text.
///
/// # Errors
/// The first place where the text is no formula, and why.
pub fn parse(text: &str) -> Result<Expr, Error> {
    let tokens = tokens(text)?;
    if tokens.is_empty() {
        return Err(Error::at(
            0..text.len(),
            msg!("formula.error.empty", "The formula is empty."),
        ));
    }
    let mut input = Input {
        input: TokenSlice::new(&tokens),
        state: State {
            text_len: text.len(),
            ..State::default()
        },
    };
    match whole(&mut input) {
        Ok(expr) => Ok(expr),
        Err(ErrMode::Cut(Fault(error)) | ErrMode::Backtrack(Fault(error))) => Err(error),
        Err(ErrMode::Incomplete(_)) => unreachable!("the whole text is there"),
    }
}

type Input<'t> = Stateful<TokenSlice<'t, Spanned>, State>;
type Parsed<T> = Result<T, ErrMode<Fault>>;

#[derive(Clone, Debug, Default)]
struct State {
    nested: usize,
    /// Where the signs and `not`s begin whose values are being read.
    prefixes: Vec<usize>,
    text_len: usize,
}

struct Fault(Error);

impl<'t> ParserError<Input<'t>> for Fault {
    type Inner = Self;

    fn from_input(input: &Input<'t>) -> Self {
        Fault(Error::at(here(input), missing_value()))
    }

    fn into_inner(self) -> Result<Self, Self> {
        Ok(self)
    }
}

fn cut<T>(range: Range<usize>, message: Msg) -> Parsed<T> {
    Err(ErrMode::Cut(Fault(Error::at(range, message))))
}

fn missing_value() -> Msg {
    msg!(
        "formula.error.missing_value",
        "A value is missing here: a column, a number, text in quotes or a function."
    )
}

/// The next token, or the end of the text.
fn here(input: &Input<'_>) -> Range<usize> {
    match input.first() {
        Some(next) => next.range.clone(),
        None => input.state.text_len..input.state.text_len,
    }
}

fn end_of_last(input: &Input<'_>) -> usize {
    let mut before = input.input.previous_tokens();
    before.next().map_or(0, |t| t.range.end)
}

fn next_is(input: &Input<'_>, token: &Token) -> bool {
    input.first().is_some_and(|t| t.token == *token)
}

fn take(input: &mut Input<'_>, token: &Token) -> bool {
    let found = next_is(input, token);
    if found {
        input.next_token();
    }
    found
}

fn take_word(input: &mut Input<'_>, word: Word) -> bool {
    take(input, &Token::Word(word))
}

fn take_sign(input: &mut Input<'_>, sign: Sign) -> bool {
    take(input, &Token::Sign(sign))
}

fn whole(input: &mut Input<'_>) -> Parsed<Expr> {
    let expr = any_power(input)?;
    let Some(next) = input.first() else {
        return Ok(expr);
    };
    let range = next.range.clone();
    match &next.token {
        Token::Sign(Sign::Close | Sign::CloseSquare) => cut(
            range,
            msg!(
                "formula.error.close_without_open",
                "This bracket closes nothing."
            ),
        ),
        Token::Sign(Sign::Comma) => cut(
            range,
            msg!(
                "formula.error.stray_comma",
                "A comma has no place here; numbers are written without separators: 1000."
            ),
        ),
        Token::Sign(
            Sign::Equal | Sign::NotEqual | Sign::Less | Sign::AtMost | Sign::More | Sign::AtLeast,
        ) => cut(
            range,
            msg!(
                "formula.error.chain",
                "Comparisons do not chain; write a < b and b < c."
            ),
        ),
        _ => missing_operator(range),
    }
}

fn missing_operator<T>(range: Range<usize>) -> Parsed<T> {
    cut(
        range,
        msg!(
            "formula.error.missing_operator",
            "An operator such as +, = or “and” is missing before this."
        ),
    )
}

fn any_power(input: &mut Input<'_>) -> Parsed<Expr> {
    at_least(power::OR, input)
}

/// An expression whose operators hold together at least so tightly.
fn at_least(least: i64, input: &mut Input<'_>) -> Parsed<Expr> {
    enter(input)?;
    let expr = expression(operand)
        .prefix(prefix)
        .postfix(postfix)
        .infix(infix)
        .current_precedence_level(least)
        .parse_next(input)?;
    input.state.nested -= 1;
    Ok(expr)
}

fn enter(input: &mut Input<'_>) -> Parsed<()> {
    input.state.nested += 1;
    if input.state.nested > MAX_NESTED {
        return too_deep(here(input));
    }
    Ok(())
}

fn too_deep<T>(range: Range<usize>) -> Parsed<T> {
    cut(
        range,
        msg!(
            "formula.error.too_deep",
            "The formula goes too deep here; a part of it can be a column of its own."
        ),
    )
}

fn made(node: Node, range: Range<usize>) -> Parsed<Expr> {
    let expr = Expr::new(node, range);
    if expr.depth > MAX_DEPTH {
        return too_deep(expr.range);
    }
    Ok(expr)
}

fn prefix<'t>(input: &mut Input<'t>) -> Parsed<Prefix<Input<'t>, Expr, ErrMode<Fault>>> {
    let range = here(input);
    let rule = match input.first().map(|t| &t.token) {
        Some(Token::Sign(Sign::Minus)) => Prefix(power::MINUS, fold_minus as Fold1<'t>),
        Some(Token::Sign(Sign::Plus)) => Prefix(power::MINUS, fold_plus),
        Some(Token::Word(Word::Not)) => Prefix(power::NOT, fold_not),
        Some(Token::Word(word)) => {
            return cut(
                range,
                msg!(
                    "formula.error.reserved",
                    "“{word}” is a word of formulas; as a column it stands in backquotes: {quoted}.",
                    word = word.spelling(),
                    quoted = super::syntax::column_name(word.spelling())
                ),
            );
        }
        _ => return cut(range, missing_value()),
    };
    input.next_token();
    enter(input)?;
    input.state.prefixes.push(range.start);
    Ok(rule)
}

type Fold1<'t> = fn(&mut Input<'t>, Expr) -> Parsed<Expr>;
type Fold2<'t> = fn(&mut Input<'t>, Expr, Expr) -> Parsed<Expr>;

fn fold_minus(input: &mut Input<'_>, value: Expr) -> Parsed<Expr> {
    let range = prefix_range(input, &value);
    made(Node::Minus(Box::new(value)), range)
}

fn fold_plus(input: &mut Input<'_>, value: Expr) -> Parsed<Expr> {
    prefix_range(input, &value);
    Ok(value)
}

fn fold_not(input: &mut Input<'_>, value: Expr) -> Parsed<Expr> {
    let range = prefix_range(input, &value);
    made(Node::Not(Box::new(value)), range)
}

fn prefix_range(input: &mut Input<'_>, value: &Expr) -> Range<usize> {
    input.state.nested -= 1;
    let start = input.state.prefixes.pop().unwrap_or(value.range.start);
    start..value.range.end
}

fn infix<'t>(input: &mut Input<'t>) -> Parsed<InfixRule<Input<'t>, Expr, ErrMode<Fault>>> {
    /// One function a sign: a rule holds no data of its own.
    macro_rules! rule {
        ($rule:ident $sign:ident) => {
            InfixRule::$rule(Infix::$sign.power(), {
                let fold: Fold2<'t> = |_, a, b| {
                    let range = a.range.start..b.range.end;
                    made(Node::Infix(Infix::$sign, Box::new((a, b))), range)
                };
                fold
            })
        };
    }
    let found = input.first().map(|t| t.token.clone());
    let rule = match found {
        Some(Token::Sign(sign)) => match sign {
            Sign::Plus => rule!(Left Add),
            Sign::Minus => rule!(Left Subtract),
            Sign::Star => rule!(Left Multiply),
            Sign::Slash => rule!(Left Divide),
            Sign::SlashSlash => rule!(Left DivideWhole),
            Sign::Percent => rule!(Left Remainder),
            Sign::Ampersand => rule!(Left Join),
            Sign::Equal => rule!(Neither Equal),
            Sign::NotEqual => rule!(Neither NotEqual),
            Sign::Less => rule!(Neither Less),
            Sign::AtMost => rule!(Neither AtMost),
            Sign::More => rule!(Neither More),
            Sign::AtLeast => rule!(Neither AtLeast),
            Sign::Caret => {
                input.next_token();
                enter(input)?;
                return Ok(InfixRule::Right(Infix::Power.power(), fold_power));
            }
            _ => return Err(ErrMode::from_input(input)),
        },
        Some(Token::Word(Word::And)) => rule!(Left And),
        Some(Token::Word(Word::Or)) => rule!(Left Or),
        _ => return Err(ErrMode::from_input(input)),
    };
    input.next_token();
    Ok(rule)
}

/// A power holds the tightest, so that reading its right side always comes to its end here.
fn fold_power(input: &mut Input<'_>, base: Expr, exponent: Expr) -> Parsed<Expr> {
    input.state.nested -= 1;
    let range = base.range.start..exponent.range.end;
    made(Node::Infix(Infix::Power, Box::new((base, exponent))), range)
}

fn postfix<'t>(input: &mut Input<'t>) -> Parsed<Postfix<Input<'t>, Expr, ErrMode<Fault>>> {
    let fold: Fold1<'t> = match input.first().map(|t| &t.token) {
        Some(Token::Word(Word::In)) => |i: &mut Input<'t>, value| fold_in(i, value, false),
        Some(Token::Word(Word::Between)) => |i, value| fold_between(i, value, false),
        Some(Token::Word(Word::Is)) => |i, value| fold_is(i, value),
        Some(Token::Word(Word::Not)) => |i, value| fold_negated(i, value),
        _ => return Err(ErrMode::from_input(input)),
    };
    input.next_token();
    Ok(Postfix(power::COMPARE, fold))
}

fn fold_negated(input: &mut Input<'_>, value: Expr) -> Parsed<Expr> {
    let not = end_of_last(input).saturating_sub(Word::Not.spelling().len())..end_of_last(input);
    if take_word(input, Word::In) {
        fold_in(input, value, true)
    } else if take_word(input, Word::Between) {
        fold_between(input, value, true)
    } else {
        missing_operator(not)
    }
}

fn fold_in(input: &mut Input<'_>, value: Expr, negated: bool) -> Parsed<Expr> {
    let open = here(input);
    let close = if take_sign(input, Sign::Open) {
        Sign::Close
    } else if take_sign(input, Sign::OpenSquare) {
        Sign::CloseSquare
    } else {
        return cut(
            open,
            msg!(
                "formula.error.list",
                "A list in brackets follows “in”: in (\"a\", \"b\")."
            ),
        );
    };
    let list = separated(input)?;
    closed(input, close, open)?;
    let range = value.range.start..end_of_last(input);
    let value = Box::new(value);
    made(
        Node::In {
            value,
            list,
            negated,
        },
        range,
    )
}

fn fold_between(input: &mut Input<'_>, value: Expr, negated: bool) -> Parsed<Expr> {
    let low = at_least(power::COMPARE + 1, input)?;
    if !take_word(input, Word::And) {
        return cut(
            here(input),
            msg!(
                "formula.error.between",
                "“between” takes two ends: between 1 and 10."
            ),
        );
    }
    let high = at_least(power::COMPARE + 1, input)?;
    let range = value.range.start..high.range.end;
    let parts = Box::new((value, low, high));
    made(Node::Between { parts, negated }, range)
}

fn fold_is(input: &mut Input<'_>, value: Expr) -> Parsed<Expr> {
    let negated = take_word(input, Word::Not);
    if !take_word(input, Word::Missing) {
        return cut(
            here(input),
            msg!(
                "formula.error.is",
                "“is” asks for missing values alone: is missing, is not missing; “=” compares."
            ),
        );
    }
    let range = value.range.start..end_of_last(input);
    let value = Box::new(value);
    made(Node::IsMissing { value, negated }, range)
}

fn operand(input: &mut Input<'_>) -> Parsed<Expr> {
    let Some(next) = input.first() else {
        return cut(here(input), missing_value());
    };
    let Spanned { token, range } = next.clone();
    let node = match token {
        Token::Number(x) => Node::Number(x),
        Token::Text(text) => Node::Text(text),
        Token::Word(Word::True) => Node::Truth(true),
        Token::Word(Word::False) => Node::Truth(false),
        Token::Word(Word::Missing) => Node::Missing,
        Token::Word(Word::Case) => return case(input),
        Token::Sign(Sign::Open) => return bracketed(input),
        Token::Name { name, quoted } => {
            input.next_token();
            if !quoted && next_is(input, &Token::Sign(Sign::Open)) {
                return call(input, name, range);
            }
            return made(Node::Column(name), range);
        }
        _ => return Err(ErrMode::from_input(input)),
    };
    input.next_token();
    made(node, range)
}

/// An expression in brackets; its range takes the brackets in.
fn bracketed(input: &mut Input<'_>) -> Parsed<Expr> {
    let open = here(input);
    input.next_token();
    let mut expr = any_power(input)?;
    closed(input, Sign::Close, open.clone())?;
    expr.range = open.start..end_of_last(input);
    Ok(expr)
}

/// The bracket that closes `open`.
fn closed(input: &mut Input<'_>, close: Sign, open: Range<usize>) -> Parsed<()> {
    if take_sign(input, close) {
        return Ok(());
    }
    if input.is_empty() {
        return cut(
            open,
            msg!("formula.error.open_bracket", "This bracket is not closed."),
        );
    }
    missing_operator(here(input))
}

fn separated(input: &mut Input<'_>) -> Parsed<Vec<Expr>> {
    let mut list = vec![any_power(input)?];
    while take_sign(input, Sign::Comma) {
        list.push(any_power(input)?);
    }
    Ok(list)
}

fn call(input: &mut Input<'_>, name: String, at: Range<usize>) -> Parsed<Expr> {
    let open = here(input);
    input.next_token();
    let is_bare =
        next_is(input, &Token::Sign(Sign::Close)) || next_is(input, &Token::Word(Word::By));
    let arguments = if is_bare {
        Vec::new()
    } else {
        separated(input)?
    };
    let by = if take_word(input, Word::By) {
        separated(input)?
    } else {
        Vec::new()
    };
    closed(input, Sign::Close, open)?;
    let range = at.start..end_of_last(input);
    made(
        Node::Call {
            name,
            arguments,
            by,
        },
        range,
    )
}

fn case(input: &mut Input<'_>) -> Parsed<Expr> {
    let at = here(input);
    input.next_token();
    let subject = if next_is(input, &Token::Word(Word::When)) {
        None
    } else {
        Some(Box::new(any_power(input)?))
    };
    let mut arms = Vec::new();
    while take_word(input, Word::When) {
        let when = any_power(input)?;
        if !take_word(input, Word::Then) {
            return cut(
                here(input),
                msg!(
                    "formula.error.then",
                    "“then” and a value follow the condition of “when”."
                ),
            );
        }
        arms.push((when, any_power(input)?));
    }
    if arms.is_empty() {
        return cut(
            here(input),
            msg!(
                "formula.error.when",
                "“case” goes on with: when condition then value."
            ),
        );
    }
    let other = if take_word(input, Word::Else) {
        Some(Box::new(any_power(input)?))
    } else {
        None
    };
    if !take_word(input, Word::End) {
        let range = if input.is_empty() { at } else { here(input) };
        return cut(
            range,
            msg!("formula.error.end", "“case” is closed by “end”."),
        );
    }
    let range = at.start..end_of_last(input);
    made(
        Node::Case {
            subject,
            arms,
            other,
        },
        range,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Lang;

    /// Brackets around everything show how the text was understood.
    fn bracketed(expr: &Expr) -> String {
        match &expr.node {
            Node::Minus(a) => format!("(-{})", bracketed(a)),
            Node::Not(a) => format!("(not {})", bracketed(a)),
            Node::Infix(infix, parts) => format!(
                "({} {} {})",
                bracketed(&parts.0),
                infix.sign(),
                bracketed(&parts.1)
            ),
            Node::In { value, list, .. } => {
                let list: Vec<_> = list.iter().map(bracketed).collect();
                format!("({} in [{}])", bracketed(value), list.join(" "))
            }
            Node::Between { parts, .. } => format!(
                "({} between {} {})",
                bracketed(&parts.0),
                bracketed(&parts.1),
                bracketed(&parts.2)
            ),
            Node::IsMissing { value, .. } => format!("({} is missing)", bracketed(value)),
            _ => expr.to_string(),
        }
    }

    fn check(text: &str, expected: &str) {
        let found = match parse(text) {
            Ok(expr) => bracketed(&expr),
            Err(e) => format!("{:?} {}", e.range, e.message.text(Lang::En)),
        };
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn operators_hold_together_as_in_books() {
        check("a + b * c", "(a + (b * c))");
        check("a - b - c", "((a - b) - c)");
        check("-2 ^ 2", "(-(2 ^ 2))");
        check("2 ^ -3 ^ 2 * 4", "((2 ^ (-(3 ^ 2))) * 4)");
        check("a * -b + c", "((a * (-b)) + c)");
        check("a or b and not c = d", "(a or (b and (not (c = d))))");
        check("a & b = c + 1", "((a & b) = (c + 1))");
        check("not a in (1, 2)", "(not (a in [1 2]))");
        check("a not in [1, b + 2] and c", "((a in [1 (b + 2)]) and c)");
        check(
            "a between 1 + 1 and 5 and b",
            "((a between (1 + 1) 5) and b)",
        );
        check(
            "a is not null or b is missing",
            "((a is missing) or (b is missing))",
        );
        check("-a is missing", "((-a) is missing)");
        check("7 // 2 % 3 / 4", "(((7 // 2) % 3) / 4)");
        check("+a - +b", "(a - b)");
        check("((a))", "a");
    }

    #[test]
    fn calls_and_cases() {
        check("round(x, 2)", "round(x, 2)");
        check("rows()", "rows()");
        check("mean(x by a, b)", "mean(x by a, b)");
        check("row_number(by a)", "row_number(by a)");
        check(
            "case when a then 1 else 2 end",
            "case when a then 1 else 2 end",
        );
        check("CASE x WHEN 1 THEN 'a' END", "case x when 1 then \"a\" end");
        check("`round` + 1", "(round + 1)");
    }

    #[test]
    fn faults_stand_where_they_are() {
        let missing = "A value is missing here: a column, a number, text in quotes or a function.";
        let operator = "An operator such as +, = or “and” is missing before this.";
        check("", "0..0 The formula is empty.");
        check("  # note", "0..8 The formula is empty.");
        check("a +", &format!("3..3 {missing}"));
        check("금액 + * 2", &format!("9..10 {missing}"));
        check("()", &format!("1..2 {missing}"));
        check("f(a,)", &format!("4..5 {missing}"));
        check("a b", &format!("2..3 {operator}"));
        check("(a b)", &format!("3..4 {operator}"));
        check("a 5", &format!("2..3 {operator}"));
        check("a not b", &format!("2..5 {operator}"));
        check("(a + 1", "0..1 This bracket is not closed.");
        check("f(a", "1..2 This bracket is not closed.");
        check("a)", "1..2 This bracket closes nothing.");
        check(
            "x > 1,000",
            "5..6 A comma has no place here; numbers are written without separators: 1000.",
        );
        check(
            "1 < a < 3",
            "6..7 Comparisons do not chain; write a < b and b < c.",
        );
        check(
            "a in 3",
            "5..6 A list in brackets follows “in”: in (\"a\", \"b\").",
        );
        check(
            "a is 3",
            "5..6 “is” asks for missing values alone: is missing, is not missing; “=” compares.",
        );
        check(
            "a between 3",
            "11..11 “between” takes two ends: between 1 and 10.",
        );
        check(
            "case a end",
            "7..10 “case” goes on with: when condition then value.",
        );
        check(
            "case when a 1",
            "12..13 “then” and a value follow the condition of “when”.",
        );
        check("case when a then 1", "0..4 “case” is closed by “end”.");
        check(
            "end + 1",
            "0..3 “end” is a word of formulas; as a column it stands in backquotes: `end`.",
        );
    }

    #[test]
    fn depth_has_a_bound() {
        let deep = |text: String| {
            let said = parse(&text).map_err(|e| e.message.text(Lang::En));
            assert_eq!(
                said.unwrap_err(),
                "The formula goes too deep here; a part of it can be a column of its own."
            );
        };
        for n in [300, 20_000] {
            deep("(".repeat(n));
            deep("-".repeat(n));
            deep("not ".repeat(n));
            deep("f(".repeat(n));
            deep("2^".repeat(n) + "2");
            deep("case ".repeat(n));
            deep("1 in (".repeat(n));
            deep("1+".repeat(n) + "1");
        }
        assert!(parse(&("1+".repeat(200) + "1")).is_ok());
        let list = format!("a in ({}0)", "1, ".repeat(5000));
        assert!(parse(&list).is_ok());
    }
}
