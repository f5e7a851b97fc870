//! An analysis written in R or Python: what “show the R” and “show the Python” are made with.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::{Deserialize, Serialize};

use super::columns::ColumnInfo;
use crate::table::ColumnKind;

/// A language that an analysis can be written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    R,
    Python,
}

/// The columns of the tables that are connected, by input name.
pub type CodeTables = BTreeMap<String, Vec<ColumnInfo>>;

/// The name of the data frame that holds the table of an input.
pub fn frame(input: &str) -> &str {
    if input == "table" { "data" } else { input }
}

/// The column called `name` of the input `table`, when that is connected.
pub fn column_info<'a>(tables: &'a CodeTables, name: &str) -> Option<&'a ColumnInfo> {
    tables.get("table")?.iter().find(|c| c.name == name)
}

/// `template` with each `__NAME__` of `values` replaced.
pub fn filled(template: &str, values: &[(&str, &str)]) -> String {
    values
        .iter()
        .fold(template.to_string(), |text, (name, value)| {
            text.replace(&format!("__{name}__"), value)
        })
}

impl Language {
    pub const ALL: [Self; 2] = [Self::R, Self::Python];

    pub fn name(self) -> &'static str {
        match self {
            Self::R => "R",
            Self::Python => "Python",
        }
    }

    /// The name in files and addresses.
    pub fn key(self) -> &'static str {
        match self {
            Self::R => "r",
            Self::Python => "python",
        }
    }

    /// How the name of a script ends, without the dot.
    pub fn file_ending(self) -> &'static str {
        match self {
            Self::R => "R",
            Self::Python => "py",
        }
    }

    /// Lines that read the file of each input into its data frame.
    pub fn reads(self, inputs: &[(&str, &str)]) -> String {
        let mut out = match self {
            Language::R => String::new(),
            Language::Python => "import numpy as np\nimport pandas as pd\n\n".to_string(),
        };
        for (input, file) in inputs {
            let (frame, file) = (frame(input), self.text(file));
            let _ = match self {
                Language::R => writeln!(
                    out,
                    "{frame} <- read.csv({file}, na.strings = c(\"\", \"NA\"), strip.white = TRUE, check.names = FALSE)"
                ),
                Language::Python => writeln!(out, "{frame} = pd.read_csv({file})"),
            };
        }
        out
    }

    /// A text in quotation marks.
    pub fn text(self, text: &str) -> String {
        let mut out = String::with_capacity(text.len() + 2);
        out.push('"');
        for c in text.chars() {
            match c {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                c if c.is_control() => {
                    let _ = write!(out, "\\u{:04x}", u32::from(c));
                }
                c => out.push(c),
            }
        }
        out.push('"');
        out
    }

    /// A number, to its last bit.
    pub fn number(self, value: f64) -> String {
        match self {
            Language::R if value.is_nan() => "NA".into(),
            Language::R if value.is_infinite() => if value > 0.0 { "Inf" } else { "-Inf" }.into(),
            Language::Python if value.is_nan() => "np.nan".into(),
            Language::Python if value.is_infinite() => {
                if value > 0.0 { "np.inf" } else { "-np.inf" }.into()
            }
            _ => format!("{value:?}").trim_end_matches(".0").to_string(),
        }
    }

    pub fn flag(self, value: bool) -> &'static str {
        match (self, value) {
            (Language::R, true) => "TRUE",
            (Language::R, false) => "FALSE",
            (Language::Python, true) => "True",
            (Language::Python, false) => "False",
        }
    }

    /// `c(…)` or `[…]` of what is already code.
    pub fn list<T: AsRef<str>>(self, items: impl IntoIterator<Item = T>) -> String {
        let mut inner = String::new();
        for (i, item) in items.into_iter().enumerate() {
            if i > 0 {
                inner.push_str(", ");
            }
            inner.push_str(item.as_ref());
        }
        match self {
            Language::R => format!("c({inner})"),
            Language::Python => format!("[{inner}]"),
        }
    }

    /// A list of texts.
    pub fn texts<T: AsRef<str>>(self, items: impl IntoIterator<Item = T>) -> String {
        self.list(items.into_iter().map(|t| self.text(t.as_ref())))
    }

    /// The column `name` of a data frame.
    pub fn column(self, frame: &str, name: &str) -> String {
        match self {
            Language::R if is_r_name(name) => format!("{frame}${name}"),
            Language::R => format!("{frame}[[{}]]", self.text(name)),
            Language::Python => format!("{frame}[{}]", self.text(name)),
        }
    }

    /// A column's name as a formula takes it: of R, and of patsy in Python.
    pub fn term(self, name: &str) -> String {
        match self {
            Language::R if is_r_name(name) => name.to_string(),
            Language::R => format!("`{}`", name.replace('\\', "\\\\").replace('`', "\\`")),
            Language::Python if is_python_name(name) => name.to_string(),
            Language::Python => format!("Q({})", self.text(name)),
        }
    }

    /// One level of a column, as a value of its kind.
    pub fn level(self, column: Option<&ColumnInfo>, level: &str) -> String {
        match column.map(|c| c.kind) {
            Some(ColumnKind::Float | ColumnKind::Int) => level.to_string(),
            Some(ColumnKind::Bool) => self.flag(level == "true").to_string(),
            _ => self.text(level),
        }
    }

    /// The levels of a column in their order, as values of its kind; `None` when they are not known.
    pub fn levels(self, column: &ColumnInfo) -> Option<String> {
        let levels = column.levels.as_ref()?;
        Some(self.list(levels.iter().map(|l| self.level(Some(column), l))))
    }

    /// The column `name` of `frame` as a factor, its levels in the order that this program gives them.
    pub fn factor(self, frame: &str, name: &str, tables: &CodeTables) -> String {
        let column = self.column(frame, name);
        let info = column_info(tables, name);
        let levels = info.and_then(|c| self.levels(c));
        match (self, levels) {
            (Language::R, Some(levels)) => format!("factor({column}, levels = {levels})"),
            (Language::R, None) => format!("factor({column})"),
            (Language::Python, Some(levels)) => {
                format!("pd.Categorical({column}, categories={levels})")
            }
            (Language::Python, None) => format!("pd.Categorical({column})"),
        }
    }
}

fn is_r_name(name: &str) -> bool {
    const WORDS: [&str; 19] = [
        "if",
        "else",
        "repeat",
        "while",
        "function",
        "for",
        "next",
        "break",
        "TRUE",
        "FALSE",
        "NULL",
        "Inf",
        "NaN",
        "NA",
        "in",
        "NA_integer_",
        "NA_real_",
        "NA_character_",
        "NA_complex_",
    ];
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_alphabetic())
        && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'.')
        && !WORDS.contains(&name)
}

fn is_python_name(name: &str) -> bool {
    // `C`, `Q` and `I` are functions of patsy.
    const WORDS: [&str; 38] = [
        "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class",
        "continue", "def", "del", "elif", "else", "except", "finally", "for", "from", "global",
        "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return",
        "try", "while", "with", "yield", "C", "Q", "I",
    ];
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_alphabetic())
        && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && !WORDS.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Column;

    #[test]
    fn names_and_texts_are_quoted() {
        let check = |language: Language, name: &str, column: &str, term: &str| {
            assert_eq!(language.column("data", name), column);
            assert_eq!(language.term(name), term);
        };
        check(Language::R, "x.1", "data$x.1", "x.1");
        check(
            Language::R,
            "금액(원)",
            "data[[\"금액(원)\"]]",
            "`금액(원)`",
        );
        check(Language::R, "a\"b`", "data[[\"a\\\"b`\"]]", "`a\"b\\``");
        check(Language::R, "in", "data[[\"in\"]]", "`in`");
        check(Language::Python, "x_1", "data[\"x_1\"]", "x_1");
        check(Language::Python, "x.1", "data[\"x.1\"]", "Q(\"x.1\")");
        check(Language::Python, "class", "data[\"class\"]", "Q(\"class\")");
        assert_eq!(Language::R.text("a\\b\n\"c\""), r#""a\\b\n\"c\"""#);
    }

    #[test]
    fn numbers_keep_their_bits() {
        let check = |value: f64, r: &str, python: &str| {
            assert_eq!(Language::R.number(value), r);
            assert_eq!(Language::Python.number(value), python);
        };
        check(3.0, "3", "3");
        check(0.95, "0.95", "0.95");
        check(-1.5e-9, "-1.5e-9", "-1.5e-9");
        check(f64::NEG_INFINITY, "-Inf", "-np.inf");
        check(f64::NAN, "NA", "np.nan");
    }

    #[test]
    fn factors_have_the_levels_of_the_column() {
        let columns = [
            Column::text("size", ["S", "L", "S"]),
            Column::int("year", vec![2008, 2007, 2008]),
            Column::bool("paid", [true, false, true]),
        ];
        let infos = columns.iter().map(ColumnInfo::of).collect();
        let tables = CodeTables::from([("table".to_string(), infos)]);
        let check = |name: &str, r: &str, python: &str| {
            assert_eq!(Language::R.factor("data", name, &tables), r);
            assert_eq!(Language::Python.factor("data", name, &tables), python);
        };
        check(
            "size",
            "factor(data$size, levels = c(\"L\", \"S\"))",
            "pd.Categorical(data[\"size\"], categories=[\"L\", \"S\"])",
        );
        check(
            "year",
            "factor(data$year, levels = c(2007, 2008))",
            "pd.Categorical(data[\"year\"], categories=[2007, 2008])",
        );
        check(
            "paid",
            "factor(data$paid, levels = c(FALSE, TRUE))",
            "pd.Categorical(data[\"paid\"], categories=[False, True])",
        );
        check(
            "gone",
            "factor(data$gone)",
            "pd.Categorical(data[\"gone\"])",
        );
    }

    #[test]
    fn files_are_read_into_frames() {
        assert_eq!(
            Language::R.reads(&[("table", "a.csv")]),
            "data <- read.csv(\"a.csv\", na.strings = c(\"\", \"NA\"), strip.white = TRUE, check.names = FALSE)\n"
        );
        assert_eq!(
            Language::Python.reads(&[("right", "b.csv")]),
            "import numpy as np\nimport pandas as pd\n\nright = pd.read_csv(\"b.csv\")\n"
        );
    }
}
