//! Text: trim, case, replace, extract, split.

mod run;

use regex_lite::{Regex, RegexBuilder};

use crate::msg;
use crate::report::{Receipt, Report};
use crate::spec::{
    Analysis, Ctx, Example, Fits, Group, Input, ONE_TABLE, Output, OutputSpec, Picture, RunError,
    Spec, choice, columns, flag, integer, reads, text,
};
use crate::table::edit::{Edit, Pattern};
use crate::table::{Column, Texts};

pub struct TextCell;

crate::choices! {
    /// What is done.
    pub enum Action {
        Trim = "trim" "Trim spaces",
        Case = "case" "Change case",
        Replace = "replace" "Replace",
        Extract = "extract" "Extract by a pattern",
        Split = "split" "Split into columns",
        Length = "length" "Count characters",
    }
}

crate::choices! {
    /// Small and large letters.
    pub enum Case {
        Lower = "lower" "small letters",
        Upper = "upper" "LARGE LETTERS",
        Title = "words" "Words With a Large Letter",
    }
}

crate::choices! {
    /// Where the new text stands.
    pub enum Place {
        New = "new" "New columns",
        Replace = "replace" "In place of the old text",
    }
}

crate::options! {
    /// Which text, and what is done to it.
    pub struct Options {
        /// Columns of text; other values are taken as they are spelt.
        columns "Columns": Vec<String> = columns(Fits::Any),
        /// What is done to each text.
        action "Do": Action = choice(Action::CHOICES, "trim"),
        /// Whether runs of spaces inside become one space.
        inner "Spaces inside too": bool = flag(true).when("action", &["trim"]),
        /// Small or large letters.
        case "Letters": Case = choice(Case::CHOICES, "lower").when("action", &["case"]),
        /// What is looked for: text to replace, a separator, or a regular expression such as (\d+)-(\d+).
        pattern "Look for": String = text("").when("action", &["replace", "extract", "split"]),
        /// Extracting always takes a regular expression: each group in brackets becomes a column.
        regex "Regular expression": bool = flag(false).when("action", &["replace", "split"]),
        /// Whether small and large letters are the same.
        ignore_case "Ignore case": bool = flag(false).when("action", &["replace", "extract", "split"]),
        /// What stands there instead; behind a regular expression $1 is its first group.
        replacement "Replace by": String = text("").when("action", &["replace"]),
        /// Whether all places are replaced or the first one.
        all "All places": bool = flag(true).when("action", &["replace"]),
        /// Of more parts the last column holds the rest.
        n_parts "Most parts": usize = integer(8, 2, 100).when("action", &["split"]),
        /// Whether numbers and dates among the results are read as such.
        typed "Read numbers and dates": bool = flag(true).when("action", &["extract", "split"]),
        /// Names separated by semicolons; empty for the old name with a number or the group's name.
        names "Names of the new columns": String = text("").when("action", &["extract", "split"]),
        /// Whether the old text stays beside the new one.
        place "Written to": Place = choice(Place::CHOICES, "new").when("action", &["trim", "case", "replace"]),
    }
}

impl Analysis for TextCell {
    type Options = Options;

    const SPEC: Spec = Spec {
        id: "transform.text",
        version: 1,
        title: "Work on text",
        group: Group::Transform,
        about: "Trims and replaces text, changes its case, extracts parts by a pattern and splits it into columns.",
        headline: "{action}: {columns}",
        method: "White space, letters and case are those of Unicode. Regular expressions know groups, alternatives, repetition and classes, but no look-around and no back-references; \\d, \\s and \\w stand for ASCII characters. Extracting takes the first match. A text that becomes empty, a group that is not there and a part that is empty are missing. Categories keep their order; those that become equal are brought together.",
        references: &[],
        keywords: &[
            "text",
            "string",
            "trim",
            "uppercase",
            "lowercase",
            "replace",
            "regex",
            "regular expression",
            "extract",
            "split",
            "substring",
            "텍스트",
            "문자열",
            "공백 제거",
            "정규식",
            "바꾸기",
            "나누기",
        ],
        picture: Picture::Text,
        inputs: ONE_TABLE,
        options: <Options as crate::spec::Options>::SPECS,
        outputs: &[OutputSpec {
            name: "edited",
            title: "Table with the new text",
        }],
        examples: &[
            Example {
                name: "postcode",
                tables: &[("table", "orders.csv")],
                values: r#"{"columns": ["address"], "action": "extract", "pattern": "^\\s*(?<city>\\S+).*?(?<postcode>\\d{5})", "names": "city; postcode"}"#,
            },
            Example {
                name: "upper",
                tables: &[("table", "orders.csv")],
                values: r#"{"columns": ["product"], "action": "case", "case": "upper", "place": "replace"}"#,
            },
            Example {
                name: "split_order",
                tables: &[("table", "orders.csv")],
                values: r#"{"columns": ["order"], "action": "split", "pattern": "-"}"#,
            },
        ],
        korean: include_str!("text.ko.json"),
        read: reads::<Options>,
    };

    fn run(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Output, RunError> {
        let table = input.table("table")?;
        let mut out = table.clone();
        let mut receipt = Receipt::new(table.n_rows());
        let mut report = Report::default();
        let mut examples = run::examples_table();
        let mut n_results = 0;
        for (i, name) in options.columns.iter().enumerate() {
            let column = input.column("columns", name)?;
            let mut edit = options.edit(column)?;
            let share = i as f32 / options.columns.len() as f32;
            let width = 1.0 / options.columns.len() as f32;
            let worked = run::Worked::new(&mut edit, column, options, ctx, (share, width))?;
            worked.write_examples(&mut examples, name);
            n_results += worked.n_with_result;
            report.summary.extend(worked.summary(options, column));
            if let Some(block) = worked.found_table(options, i, name) {
                report.push(block);
            }
            if options.in_place() {
                receipt.changed(
                    worked.n_changed,
                    msg!(
                        "transform.text.changed",
                        "{column}: another text than before",
                        column = name
                    ),
                );
                receipt.columns_changed([name.clone()]);
            }
            let names = options.new_names(&edit, i)?;
            for (k, mut column) in worked.columns.into_iter().enumerate() {
                if !options.in_place() {
                    column.name = out.free_column_name(&names[k]);
                    receipt.columns_added([column.name.clone()]);
                }
                out = out.with_column(column).expect("a text for each row");
            }
        }
        if options.action == Action::Extract && n_results == 0 {
            ctx.warn(msg!(
                "transform.text.no_match",
                "The pattern was found in no row. Try it on one of the values below."
            ));
        }
        report.summary.extend(receipt.summary());
        if !examples.rows.is_empty() {
            report.push(examples);
        }
        report.push(receipt.table());
        Ok(Output {
            report,
            tables: vec![("edited", out)],
        })
    }
}

impl Options {
    fn in_place(&self) -> bool {
        let can = matches!(self.action, Action::Trim | Action::Case | Action::Replace);
        can && self.place == Place::Replace
    }

    fn edit(&self, column: &Column) -> Result<Edit, RunError> {
        Ok(match self.action {
            Action::Trim => Edit::Trim { inner: self.inner },
            Action::Case => match self.case {
                Case::Lower => Edit::Lower,
                Case::Upper => Edit::Upper,
                Case::Title => Edit::Title,
            },
            Action::Length => Edit::Length,
            Action::Replace => Edit::Replace {
                what: self.pattern()?,
                with: match self.regex || !self.ignore_case {
                    true => self.replacement.clone(),
                    // A literal that ignores case is looked for as a regular expression.
                    false => self.replacement.replace('$', "$$"),
                },
                all: self.all,
            },
            Action::Extract => Edit::extract(self.regular_expression(&self.pattern)?),
            Action::Split => {
                let at = self.pattern()?;
                let texts = Texts::of(column);
                let mut buffer = String::new();
                let mut most = 1;
                for i in 0..texts.len() {
                    if let Some(text) = texts.get(i, &mut buffer) {
                        most = most.max(at.n_pieces(text));
                    }
                }
                Edit::Split {
                    at,
                    n_parts: most.min(self.n_parts),
                }
            }
        })
    }

    fn pattern(&self) -> Result<Pattern, RunError> {
        Ok(match (self.regex, self.ignore_case) {
            (true, _) => Pattern::Regex(self.regular_expression(&self.pattern)?),
            (false, true) => {
                Pattern::Regex(self.regular_expression(&regex_lite::escape(&self.pattern))?)
            }
            (false, false) if self.pattern.is_empty() => return Err(no_pattern()),
            (false, false) => Pattern::Literal(self.pattern.clone()),
        })
    }

    fn regular_expression(&self, pattern: &str) -> Result<Regex, RunError> {
        if pattern.is_empty() {
            return Err(no_pattern());
        }
        let built = RegexBuilder::new(pattern)
            .case_insensitive(self.ignore_case)
            .build();
        built.map_err(|e| {
            RunError::option(
                "pattern",
                msg!(
                    "transform.text.bad_pattern",
                    "The pattern cannot be read ({reason}). A dot, a bracket or another sign that is meant as such needs a \\ before it.",
                    reason = e.to_string()
                ),
            )
        })
    }

    /// The names of the new columns of the column in this place.
    fn new_names(&self, edit: &Edit, place: usize) -> Result<Vec<String>, RunError> {
        let old = &self.columns[place];
        let n = edit.n_outputs();
        let own: Vec<&str> = self
            .names
            .split(';')
            .map(str::trim)
            .filter(|n| !n.is_empty())
            .collect();
        let many = matches!(self.action, Action::Extract | Action::Split);
        if many && own.len() > n && self.action == Action::Extract {
            return Err(RunError::option(
                "names",
                msg!(
                    "transform.text.many_names",
                    "There are {names} names and {n} {n|group|groups} in the pattern. Put a group in brackets for each name.",
                    names = own.len(),
                    n = n
                ),
            ));
        }
        let groups: Vec<Option<String>> = match edit {
            Edit::Extract { regex, .. } if n > 1 || regex.captures_len() > 1 => regex
                .capture_names()
                .skip(1)
                .map(|name| name.map(str::to_owned))
                .collect(),
            _ => vec![None; n],
        };
        let named = |k: usize| match (&groups[k], own.get(k)) {
            (_, Some(own)) if many && self.columns.len() == 1 => (*own).to_owned(),
            (_, Some(own)) if many => format!("{old}_{own}"),
            (Some(group), _) => format!("{old}_{group}"),
            _ if n > 1 => format!("{old}_{}", k + 1),
            _ => format!("{old}_{}", self.ending()),
        };
        Ok((0..n).map(named).collect())
    }

    fn ending(&self) -> &'static str {
        match (self.action, self.case) {
            (Action::Trim, _) => "trimmed",
            (Action::Case, Case::Lower) => "lower",
            (Action::Case, Case::Upper) => "upper",
            (Action::Case, Case::Title) => "title",
            (Action::Replace, _) => "replaced",
            (Action::Extract, _) => "extracted",
            (Action::Split, _) => "1",
            (Action::Length, _) => "length",
        }
    }
}

fn no_pattern() -> RunError {
    RunError::option(
        "pattern",
        msg!("transform.text.no_pattern", "Give what to look for."),
    )
}
