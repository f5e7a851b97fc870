//! The words and signs of a formula.

use std::ops::Range;

use winnow::combinator::{alt, opt, repeat};
use winnow::error::{ErrMode, ParserError};
use winnow::prelude::*;
use winnow::stream::{LocatingSlice, Location, Stream};
use winnow::token::{any, one_of, take_while};

use super::Error;
use crate::msg;
use crate::report::Msg;

/// A token and where it stands, in bytes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Spanned {
    pub token: Token,
    pub range: Range<usize>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Number(f64),
    Text(String),
    /// A column or a function. In backquotes it is a column.
    Name {
        name: String,
        quoted: bool,
    },
    Word(Word),
    Sign(Sign),
}

/// A reserved word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    And,
    Between,
    By,
    Case,
    Else,
    End,
    False,
    In,
    Is,
    Missing,
    Not,
    Or,
    Then,
    True,
    When,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    Ampersand,
    AtLeast,
    AtMost,
    Caret,
    Close,
    CloseSquare,
    Comma,
    Equal,
    Less,
    Minus,
    More,
    NotEqual,
    Open,
    OpenSquare,
    Percent,
    Plus,
    Slash,
    SlashSlash,
    Star,
}

const SIGNS: [(&str, Sign); 26] = [
    ("**", Sign::Caret),
    ("//", Sign::SlashSlash),
    ("<=", Sign::AtMost),
    ("<>", Sign::NotEqual),
    ("==", Sign::Equal),
    (">=", Sign::AtLeast),
    ("!=", Sign::NotEqual),
    ("%", Sign::Percent),
    ("&", Sign::Ampersand),
    ("(", Sign::Open),
    (")", Sign::Close),
    ("*", Sign::Star),
    ("+", Sign::Plus),
    (",", Sign::Comma),
    ("-", Sign::Minus),
    ("/", Sign::Slash),
    ("<", Sign::Less),
    ("=", Sign::Equal),
    (">", Sign::More),
    ("[", Sign::OpenSquare),
    ("]", Sign::CloseSquare),
    ("^", Sign::Caret),
    ("≠", Sign::NotEqual),
    ("≤", Sign::AtMost),
    ("≥", Sign::AtLeast),
    ("−", Sign::Minus),
];

impl Word {
    pub const ALL: [Word; 15] = [
        Word::And,
        Word::Between,
        Word::By,
        Word::Case,
        Word::Else,
        Word::End,
        Word::False,
        Word::In,
        Word::Is,
        Word::Missing,
        Word::Not,
        Word::Or,
        Word::Then,
        Word::True,
        Word::When,
    ];

    pub fn spelling(self) -> &'static str {
        match self {
            Word::And => "and",
            Word::Between => "between",
            Word::By => "by",
            Word::Case => "case",
            Word::Else => "else",
            Word::End => "end",
            Word::False => "false",
            Word::In => "in",
            Word::Is => "is",
            Word::Missing => "missing",
            Word::Not => "not",
            Word::Or => "or",
            Word::Then => "then",
            Word::True => "true",
            Word::When => "when",
        }
    }

    /// The reserved word spelt so, in capitals or not.
    fn of(text: &str) -> Option<Word> {
        if text.eq_ignore_ascii_case("null") || text == "NA" {
            return Some(Word::Missing);
        }
        let mut all = Word::ALL.into_iter();
        all.find(|w| w.spelling().eq_ignore_ascii_case(text))
    }
}

/// The tokens of a formula; blanks and `# notes` up to the end of a line are passed over.
///
/// # Errors
/// At the first character that begins no token, and at a quote that is never closed.
pub(super) fn tokens(text: &str) -> Result<Vec<Spanned>, Error> {
    let mut input = LocatingSlice::new(text);
    let mut found = Vec::new();
    loop {
        blanks(&mut input);
        if input.is_empty() {
            return Ok(found);
        }
        match alt((number, text_in_quotes, quoted_name, name, sign, nothing))
            .with_span()
            .parse_next(&mut input)
        {
            Ok((token, range)) => found.push(Spanned { token, range }),
            Err(ErrMode::Cut(Fault(error)) | ErrMode::Backtrack(Fault(error))) => {
                return Err(error);
            }
            Err(ErrMode::Incomplete(_)) => unreachable!("the whole text is there"),
        }
    }
}

/// Whether a name can stand without backquotes.
pub(super) fn is_plain_name(name: &str) -> bool {
    let mut input = LocatingSlice::new(name);
    let is_name = bare_name(&mut input).is_ok() && input.is_empty();
    is_name && Word::of(name).is_none()
}

/// Whether a character can stand within a name.
pub(super) fn is_name_character(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

type Input<'t> = LocatingSlice<&'t str>;
type Parsed<T> = Result<T, ErrMode<Fault>>;

/// An error on its way out of the parser.
pub(super) struct Fault(pub Error);

impl<'t> ParserError<Input<'t>> for Fault {
    type Inner = Self;

    fn from_input(input: &Input<'t>) -> Self {
        let at = input.current_token_start();
        Fault(Error::at(at..at, unknown_character("")))
    }

    fn into_inner(self) -> Result<Self, Self> {
        Ok(self)
    }
}

fn cut<T>(range: Range<usize>, message: Msg) -> Parsed<T> {
    Err(ErrMode::Cut(Fault(Error::at(range, message))))
}

fn blanks(input: &mut Input<'_>) {
    loop {
        let before = input.eof_offset();
        let _: Parsed<&str> = take_while(0.., char::is_whitespace).parse_next(input);
        if input.starts_with('#') {
            let _: Parsed<&str> = take_while(0.., |c| c != '\n').parse_next(input);
        }
        if input.eof_offset() == before {
            return;
        }
    }
}

fn number(input: &mut Input<'_>) -> Parsed<Token> {
    let start = input.checkpoint();
    let digits = |least: usize| take_while(least.., |c: char| c.is_ascii_digit());
    let exponent = (one_of(['e', 'E']), opt(one_of(['+', '-'])), digits(1));
    let mantissa = alt((
        (digits(1), opt(('.', digits(0)))).void(),
        ('.', digits(1)).void(),
    ));
    let (spelling, range) = (mantissa, opt(exponent))
        .take()
        .with_span()
        .parse_next(input)?;
    if input.chars().next().is_some_and(is_name_character) {
        input.reset(&start);
        let (name, range) = take_while(1.., |c| is_name_character(c) || c == '.')
            .with_span()
            .parse_next(input)?;
        return cut(
            range,
            msg!(
                "formula.error.number_name",
                "A name that begins with a digit stands in backquotes: {name}.",
                name = super::syntax::column_name(name)
            ),
        );
    }
    match spelling.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(Token::Number(value)),
        _ => cut(
            range,
            msg!(
                "formula.error.number_size",
                "This number is too large to be reckoned with."
            ),
        ),
    }
}

/// A text in double or single quotes; a quote within it is doubled.
fn text_in_quotes(input: &mut Input<'_>) -> Parsed<Token> {
    let quote = one_of(['"', '\'']).parse_next(input)?;
    let unclosed = msg!(
        "formula.error.open_text",
        "The text that begins here has no closing quote."
    );
    within(quote, unclosed, input).map(Token::Text)
}

/// A column's name in backquotes; a backquote within it is doubled.
fn quoted_name(input: &mut Input<'_>) -> Parsed<Token> {
    let quote = '`'.parse_next(input)?;
    let start = input.previous_token_end();
    let unclosed = msg!(
        "formula.error.open_name",
        "The column name that begins here has no closing backquote."
    );
    let name = within(quote, unclosed, input)?;
    if name.is_empty() {
        let range = start.saturating_sub(1)..start + 1;
        return cut(
            range,
            msg!(
                "formula.error.empty_name",
                "A column name stands between the backquotes."
            ),
        );
    }
    Ok(Token::Name { name, quoted: true })
}

/// What stands up to the closing `quote`, where doubled quotes are one.
fn within(quote: char, unclosed: Msg, input: &mut Input<'_>) -> Parsed<String> {
    let start = input.previous_token_end();
    let piece = alt((
        take_while(1.., move |c| c != quote),
        (quote, quote).take().map(|pair: &str| &pair[..1]),
    ));
    let text = repeat(0.., piece)
        .fold(String::new, |mut text, piece: &str| {
            text.push_str(piece);
            text
        })
        .parse_next(input)?;
    match opt(quote).parse_next(input)? {
        Some(_) => Ok(text),
        None => cut(start - 1..start, unclosed),
    }
}

fn name(input: &mut Input<'_>) -> Parsed<Token> {
    let text = bare_name(input)?;
    Ok(match Word::of(text) {
        Some(word) => Token::Word(word),
        None => Token::Name {
            name: text.to_string(),
            quoted: false,
        },
    })
}

/// Letters of any script, digits, underscores, and points between them.
fn bare_name<'t>(input: &mut Input<'t>) -> Parsed<&'t str> {
    let part = || take_while(1.., is_name_character);
    let first = one_of(|c: char| c.is_alphabetic() || c == '_');
    (first, take_while(0.., is_name_character), more_parts(part))
        .take()
        .parse_next(input)
}

fn more_parts<'t, P>(part: impl Fn() -> P) -> impl Parser<Input<'t>, (), ErrMode<Fault>>
where
    P: Parser<Input<'t>, &'t str, ErrMode<Fault>>,
{
    repeat(0.., ('.', part()))
}

fn sign(input: &mut Input<'_>) -> Parsed<Token> {
    for (spelling, sign) in SIGNS {
        if opt(spelling).parse_next(input)?.is_some() {
            return Ok(Token::Sign(sign));
        }
    }
    Err(ErrMode::from_input(input))
}

/// Says what is wrong with a character that begins no token.
fn nothing(input: &mut Input<'_>) -> Parsed<Token> {
    let (found, range) = any.with_span().parse_next(input)?;
    let message = match found {
        '“' | '”' | '‘' | '’' | '„' | '＂' => msg!(
            "formula.error.curly_quote",
            "Text stands in straight quotes: \"text\"."
        ),
        '|' => msg!(
            "formula.error.bar",
            "“|” has no meaning here; “or” is a choice, and “&” joins texts."
        ),
        ';' => msg!(
            "formula.error.semicolon",
            "Values are separated by commas here."
        ),
        '$' | '@' | '{' | '}' => msg!(
            "formula.error.sigil",
            "Columns stand here by their names alone, or in backquotes: `name`."
        ),
        other => unknown_character(&other.to_string()),
    };
    cut(range, message)
}

fn unknown_character(found: &str) -> Msg {
    msg!(
        "formula.error.character",
        "“{found}” has no meaning here.",
        found = found
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Lang;

    fn check(text: &str, expected: &str) {
        let spelt = match tokens(text) {
            Ok(tokens) => tokens
                .iter()
                .map(|t| match &t.token {
                    Token::Number(x) => format!("{x}"),
                    Token::Text(s) => format!("{s:?}"),
                    Token::Name { name, quoted: true } => format!("`{name}`"),
                    Token::Name { name, .. } => name.clone(),
                    Token::Word(w) => w.spelling().to_uppercase(),
                    Token::Sign(s) => format!("{s:?}"),
                })
                .collect::<Vec<_>>()
                .join(" "),
            Err(e) => format!("{:?} {}", e.range, e.message.text(Lang::En)),
        };
        assert_eq!(spelt, expected, "{text}");
    }

    #[test]
    fn a_formula_is_words_and_signs() {
        check("", "");
        check(" a\n+ b # a note\n- c", "a Plus b Minus c");
        check("price*1.5e-3", "price Star 0.0015");
        check(".5 5. 0.25", "0.5 5 0.25");
        check("a<=b<>c≥d", "a AtMost b NotEqual c AtLeast d");
        check("a==1 = 2", "a Equal 1 Equal 2");
        check("7//2 2**3", "7 SlashSlash 2 2 Caret 3");
        check("AND Or not NULL NA na", "AND OR NOT MISSING MISSING na");
    }

    #[test]
    fn names_are_of_any_script_or_quoted() {
        check("금액 매출_2024 _x", "금액 매출_2024 _x");
        check("Sepal.Length x.1.y", "Sepal.Length x.1.y");
        check("x. ", "1..2 “.” has no meaning here.");
        check("`금액(원)` `a``b`", "`금액(원)` `a`b`");
    }

    #[test]
    fn texts_double_their_quotes() {
        check(r#""a""b" 'it''s' "\d" """#, r#""a\"b" "it's" "\\d" """#);
        check("'\"'", r#""\"""#);
    }

    #[test]
    fn faults_stand_at_their_character() {
        check(
            "a + \"b",
            "4..5 The text that begins here has no closing quote.",
        );
        check(
            "a + `b",
            "4..5 The column name that begins here has no closing backquote.",
        );
        check("``", "0..2 A column name stands between the backquotes.");
        check("금액 ~ 3", "7..8 “~” has no meaning here.");
        check(
            "a || b",
            "2..3 “|” has no meaning here; “or” is a choice, and “&” joins texts.",
        );
        check("x = “a”", "4..7 Text stands in straight quotes: \"text\".");
        check(
            "2024매출",
            "0..10 A name that begins with a digit stands in backquotes: `2024매출`.",
        );
        check(
            "1e999",
            "0..5 This number is too large to be reckoned with.",
        );
        check("1.5.2", "1.5 0.2");
    }
}
