//! A formula as a tree, and how a tree is spelt.

use std::fmt::{self, Display, Formatter};
use std::ops::Range;

use super::token::{Word, is_plain_name};
use crate::table::write_number;

/// A part of a formula. Two are equal when they say the same, wherever they stand.
#[derive(Clone, Debug)]
pub struct Expr {
    pub node: Node,
    /// Where it stands in the text, in bytes.
    pub range: Range<usize>,
    /// Levels of parts within parts, itself included.
    pub(super) depth: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    Number(f64),
    Text(String),
    Truth(bool),
    Missing,
    Column(String),
    Minus(Box<Expr>),
    Not(Box<Expr>),
    Infix(Infix, Box<(Expr, Expr)>),
    /// `value in (a, b)`.
    In {
        value: Box<Expr>,
        list: Vec<Expr>,
        negated: bool,
    },
    /// `value between low and high`, both ends included.
    Between {
        /// Value, low and high.
        parts: Box<(Expr, Expr, Expr)>,
        negated: bool,
    },
    /// `value is missing`.
    IsMissing {
        value: Box<Expr>,
        negated: bool,
    },
    /// `case when a then b else c end`, or `case subject when a then b end`.
    Case {
        subject: Option<Box<Expr>>,
        arms: Vec<(Expr, Expr)>,
        other: Option<Box<Expr>>,
    },
    /// `name(a, b by c)`.
    Call {
        name: String,
        arguments: Vec<Expr>,
        /// The columns of the groups within which a statistic is taken.
        by: Vec<Expr>,
    },
}

/// An operator between two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Infix {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    AtMost,
    More,
    AtLeast,
    Join,
    Add,
    Subtract,
    Multiply,
    Divide,
    DivideWhole,
    Remainder,
    Power,
}

/// How tightly parts hold together: the operators' powers, and those of `not` and of the sign.
pub(super) mod power {
    pub const OR: i64 = 2;
    pub const AND: i64 = 4;
    pub const NOT: i64 = 6;
    pub const COMPARE: i64 = 8;
    pub const JOIN: i64 = 10;
    pub const ADD: i64 = 12;
    pub const MULTIPLY: i64 = 14;
    pub const MINUS: i64 = 16;
    pub const POWER: i64 = 18;
    /// What needs no brackets anywhere.
    pub const WHOLE: i64 = 20;
}

impl Infix {
    pub fn power(self) -> i64 {
        use Infix::*;
        match self {
            Or => power::OR,
            And => power::AND,
            Equal | NotEqual | Less | AtMost | More | AtLeast => power::COMPARE,
            Join => power::JOIN,
            Add | Subtract => power::ADD,
            Multiply | Divide | DivideWhole | Remainder => power::MULTIPLY,
            Power => power::POWER,
        }
    }

    pub fn sign(self) -> &'static str {
        use Infix::*;
        match self {
            Or => "or",
            And => "and",
            Equal => "=",
            NotEqual => "!=",
            Less => "<",
            AtMost => "<=",
            More => ">",
            AtLeast => ">=",
            Join => "&",
            Add => "+",
            Subtract => "-",
            Multiply => "*",
            Divide => "/",
            DivideWhole => "//",
            Remainder => "%",
            Power => "^",
        }
    }
}

impl Expr {
    pub fn new(node: Node, range: Range<usize>) -> Self {
        let mut depth = 0;
        node.each_part(&mut |part| depth = depth.max(part.depth));
        Self {
            node,
            range,
            depth: depth + 1,
        }
    }

    fn power(&self) -> i64 {
        match &self.node {
            Node::Minus(_) => power::MINUS,
            Node::Not(_) => power::NOT,
            Node::Infix(infix, _) => infix.power(),
            Node::In { .. } | Node::Between { .. } | Node::IsMissing { .. } => power::COMPARE,
            _ => power::WHOLE,
        }
    }

    /// Writes itself, in brackets when it holds together less tightly than `least`.
    fn write(&self, f: &mut Formatter<'_>, least: i64) -> fmt::Result {
        if self.power() < least {
            write!(f, "({self})")
        } else {
            write!(f, "{self}")
        }
    }
}

impl Node {
    pub(super) fn each_part<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        match self {
            Node::Minus(a) | Node::Not(a) | Node::IsMissing { value: a, .. } => visit(a),
            Node::Infix(_, parts) => {
                visit(&parts.0);
                visit(&parts.1);
            }
            Node::In { value, list, .. } => {
                visit(value);
                list.iter().for_each(visit);
            }
            Node::Between { parts, .. } => {
                visit(&parts.0);
                visit(&parts.1);
                visit(&parts.2);
            }
            Node::Case {
                subject,
                arms,
                other,
            } => {
                subject.iter().for_each(|e| visit(e));
                for (when, then) in arms {
                    visit(when);
                    visit(then);
                }
                other.iter().for_each(|e| visit(e));
            }
            Node::Call { arguments, by, .. } => arguments.iter().chain(by).for_each(visit),
            Node::Number(_) | Node::Text(_) | Node::Truth(_) | Node::Missing | Node::Column(_) => {}
        }
    }
}

impl PartialEq for Expr {
    fn eq(&self, other: &Self) -> bool {
        self.node == other.node
    }
}

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let not = |negated: &bool| if *negated { "not " } else { "" };
        match &self.node {
            Node::Number(x) => {
                let mut spelling = String::new();
                write_number(&mut spelling, *x);
                f.write_str(&spelling)
            }
            Node::Text(text) => f.write_str(&quoted(text)),
            Node::Truth(true) => f.write_str(Word::True.spelling()),
            Node::Truth(false) => f.write_str(Word::False.spelling()),
            Node::Missing => f.write_str(Word::Missing.spelling()),
            Node::Column(name) => f.write_str(&column_name(name)),
            Node::Minus(a) => {
                f.write_str("-")?;
                a.write(f, power::MINUS)
            }
            Node::Not(a) => {
                f.write_str("not ")?;
                a.write(f, power::NOT)
            }
            Node::Infix(infix, parts) => {
                let own = infix.power();
                // A power groups from the right, and comparisons do not chain.
                let (left, right) = match own {
                    power::POWER => (own + 1, own),
                    power::COMPARE => (own + 1, own + 1),
                    _ => (own, own + 1),
                };
                parts.0.write(f, left)?;
                write!(f, " {} ", infix.sign())?;
                parts.1.write(f, right)
            }
            Node::In {
                value,
                list,
                negated,
            } => {
                value.write(f, power::COMPARE + 1)?;
                write!(f, " {}in (", not(negated))?;
                separated(f, list)?;
                f.write_str(")")
            }
            Node::Between { parts, negated } => {
                let (value, low, high) = &**parts;
                value.write(f, power::COMPARE + 1)?;
                write!(f, " {}between ", not(negated))?;
                low.write(f, power::COMPARE + 1)?;
                f.write_str(" and ")?;
                high.write(f, power::COMPARE + 1)
            }
            Node::IsMissing { value, negated } => {
                value.write(f, power::COMPARE + 1)?;
                write!(f, " is {}missing", not(negated))
            }
            Node::Case {
                subject,
                arms,
                other,
            } => {
                f.write_str("case")?;
                if let Some(subject) = subject {
                    write!(f, " {subject}")?;
                }
                for (when, then) in arms {
                    write!(f, " when {when} then {then}")?;
                }
                if let Some(other) = other {
                    write!(f, " else {other}")?;
                }
                f.write_str(" end")
            }
            Node::Call {
                name,
                arguments,
                by,
            } => {
                write!(f, "{name}(")?;
                separated(f, arguments)?;
                if !by.is_empty() {
                    f.write_str(if arguments.is_empty() { "by " } else { " by " })?;
                    separated(f, by)?;
                }
                f.write_str(")")
            }
        }
    }
}

/// A column's name as a formula has it: in backquotes unless it is a plain word.
pub fn column_name(name: &str) -> String {
    if is_plain_name(name) {
        name.to_string()
    } else {
        format!("`{}`", name.replace('`', "``"))
    }
}

/// A text as a formula has it: in double quotes, those within it doubled.
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

fn separated(f: &mut Formatter<'_>, parts: &[Expr]) -> fmt::Result {
    for (i, part) in parts.iter().enumerate() {
        if i > 0 {
            f.write_str(", ")?;
        }
        write!(f, "{part}")?;
    }
    Ok(())
}
