//! Formulas as option values: the columns that they may name, and what is wrong with them.

use std::collections::BTreeMap;

use super::Spec;
use super::columns::ColumnInfo;
use super::context::{Ctx, RunError};
use super::option::{Kind, OptionSpec};
use super::values::{FieldError, Values};
use crate::formula::{Failure, Formula, Known, Type, Wanted};
use crate::msg;
use crate::report::Msg;
use crate::table::{ColumnKind, Measure, Table};

/// The columns as a formula knows them.
pub fn known<'a>(columns: &'a [ColumnInfo]) -> Vec<Known<'a>> {
    let levels = |c: &'a ColumnInfo| {
        // Levels that carry labels are not the values that a formula compares with.
        let is_plain = c.kind == ColumnKind::Category && c.value_labels.is_empty();
        c.levels.as_deref().filter(|_| is_plain)
    };
    let of = |c: &'a ColumnInfo| Known {
        name: &c.name,
        kind: c.kind,
        measure: c.measure,
        levels: levels(c),
        has_all_levels: false,
    };
    columns.iter().map(of).collect()
}

/// The columns that the formula at `path` (`option`, or `option.row.field`) may name: those of its
/// input, with the columns that the rows above it make. `None` when the input's are not known, or no
/// formula stands there.
pub fn formula_columns(
    spec: &Spec,
    values: &Values,
    path: &str,
    tables: &BTreeMap<String, Vec<ColumnInfo>>,
) -> Option<Vec<ColumnInfo>> {
    let mut parts = path.split('.');
    let option = spec.option(parts.next()?)?;
    if let Kind::Formula { input, .. } = option.kind {
        return tables.get(input).cloned();
    }
    let Kind::Rows { fields, .. } = option.kind else {
        return None;
    };
    let i: usize = parts.next()?.parse().ok()?;
    let field = parts.next()?;
    let field = fields.iter().find(|f| f.name == field)?;
    let Kind::Formula { input, .. } = field.kind else {
        return None;
    };
    let mut above = Above::new(tables);
    let rows = values.get(option.name).and_then(|v| v.as_array());
    for row in rows.into_iter().flatten().take(i) {
        above.add_row(fields, row.as_object()?);
    }
    above.tables.remove(input)
}

/// Reads the formula of `option` (`option`, or `option.row.field`) for a table, before it is run.
///
/// # Errors
/// All that is wrong with it, at its characters.
pub fn read_formula(
    option: &str,
    text: &str,
    table: &Table,
    gives: Wanted,
) -> Result<Formula, RunError> {
    Formula::read(text, &Known::of_table(table), gives).map_err(|errors| {
        let at_option = |e| FieldError::in_formula(option, e);
        RunError::Options(errors.into_iter().map(at_option).collect())
    })
}

impl Ctx<'_> {
    /// Runs a formula that reads `table`; `run` takes the tick. What it does lies from `from` to `to`
    /// of the whole work.
    ///
    /// # Errors
    /// When it is cancelled, and what is wrong with the formula of `option`.
    pub fn run_formula<T>(
        &mut self,
        option: &str,
        (from, to): (f32, f32),
        step: &Msg,
        run: impl FnOnce(&mut dyn FnMut(f32) -> bool) -> Result<T, Failure>,
    ) -> Result<T, RunError> {
        let done = run(&mut |share| self.tick(from + (to - from) * share, step).is_ok());
        done.map_err(|failure| match failure {
            Failure::Stopped => RunError::Cancelled,
            Failure::Formula(e) => RunError::Options(vec![FieldError::in_formula(option, e)]),
            Failure::TooMuchText => RunError::option(
                option,
                msg!(
                    "spec.too_much_text",
                    "The texts that this formula makes pass 2 GiB, more than a column holds."
                ),
            ),
        })
    }

    /// A warning for columns whose numbers a formula reckons with only roughly.
    pub fn warn_inexact(&mut self, formula: &Formula, table: &Table) {
        let columns = formula.inexact_columns(table);
        if !columns.is_empty() {
            self.warn(msg!(
                "spec.inexact",
                "{columns}: whole numbers past 9,007,199,254,740,992 are reckoned with to about 16 digits; as text they stay exact.",
                columns = columns
            ));
        }
    }
}

/// The columns of each input, and those that the rows so far have made.
pub(super) struct Above {
    pub tables: BTreeMap<String, Vec<ColumnInfo>>,
    /// Columns whose formulas are not in order.
    broken: Vec<String>,
}

impl Above {
    pub fn new(tables: &BTreeMap<String, Vec<ColumnInfo>>) -> Self {
        Self {
            tables: tables.clone(),
            broken: Vec::new(),
        }
    }

    /// Adds the columns that the formulas of a row make.
    pub fn add_row(&mut self, fields: &[OptionSpec], row: &Values) {
        for field in fields {
            let Kind::Formula {
                gives,
                input,
                names: Some(names),
                ..
            } = field.kind
            else {
                continue;
            };
            let text = |key| row.get(key).and_then(|v| v.as_str()).map(str::trim);
            let Some(name) = text(names).filter(|n| !n.is_empty()) else {
                continue;
            };
            let Some(columns) = self.tables.get_mut(input) else {
                continue;
            };
            let formula = text(field.name).unwrap_or_default();
            let Ok(formula) = Formula::read(formula, &known(columns), gives) else {
                self.broken.push(name.to_string());
                continue;
            };
            let made = ColumnInfo::made(name, formula.ty());
            match columns.iter_mut().find(|c| c.name == name) {
                Some(old) => *old = made,
                None => columns.push(made),
            }
        }
    }

    /// What is wrong with the formula of `option`, where there is one.
    pub fn check(
        &self,
        option: &OptionSpec,
        path: &str,
        values: &Values,
        errors: &mut Vec<FieldError>,
    ) {
        let Kind::Formula {
            gives,
            optional,
            input,
            ..
        } = option.kind
        else {
            return;
        };
        let text = values
            .get(option.name)
            .and_then(|v| v.as_str())
            .unwrap_or("");
        if text.trim().is_empty() {
            if !optional {
                let message = msg!("spec.needs_formula", "Write a formula.");
                errors.push(FieldError::new(path, message));
            }
            return;
        }
        let found = match self.tables.get(input) {
            // Nothing is known of the columns yet.
            None => crate::formula::parse(text).err().into_iter().collect(),
            Some(columns) => faults(text, columns, gives),
        };
        // What follows from an error above is said there.
        if self.broken.iter().any(|name| text.contains(name.as_str())) {
            return;
        }
        errors.extend(found.into_iter().map(|e| FieldError::in_formula(path, e)));
    }
}

fn faults(text: &str, columns: &[ColumnInfo], gives: Wanted) -> Vec<crate::formula::Error> {
    Formula::read(text, &known(columns), gives)
        .err()
        .unwrap_or_default()
}

impl ColumnInfo {
    /// A column that a formula makes, as far as that is known before it runs.
    fn made(name: &str, ty: Type) -> Self {
        let kind = ty.kind();
        let measure = match kind {
            ColumnKind::Float | ColumnKind::Int => Measure::Scale,
            ColumnKind::Date | ColumnKind::DateTime | ColumnKind::Time => Measure::Time,
            _ => Measure::Nominal,
        };
        Self {
            name: name.to_string(),
            kind,
            measure,
            n_missing: 0,
            levels: None,
            label: None,
            note: None,
            value_labels: Vec::new(),
            missing_codes: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::report::Lang;
    use crate::spec::{check, formula, rows, text};

    const FIELDS: &[OptionSpec] = &[
        OptionSpec {
            name: "name",
            ..text("")
        },
        OptionSpec {
            name: "formula",
            ..formula(Wanted::Any).named_by("name")
        },
    ];
    const OPTIONS: &[OptionSpec] = &[
        OptionSpec {
            name: "new",
            ..rows(FIELDS)
        },
        OptionSpec {
            name: "keep",
            ..formula(Wanted::Truth)
        },
    ];

    fn spec() -> Spec {
        Spec {
            id: "transform.test",
            version: 1,
            title: "",
            group: crate::spec::Group::Transform,
            about: "",
            headline: "",
            method: "",
            references: &[],
            keywords: &[],
            picture: crate::spec::Picture::Table,
            inputs: crate::spec::ONE_TABLE,
            options: OPTIONS,
            outputs: &[],
            examples: &[],
            korean: "{}",
            read: |_| Vec::new(),
        }
    }

    fn tables() -> BTreeMap<String, Vec<ColumnInfo>> {
        let columns = vec![
            ColumnInfo::made("price", Type::Number),
            ColumnInfo::made("크기", Type::Text),
        ];
        BTreeMap::from([("table".to_string(), columns)])
    }

    #[track_caller]
    fn check_values(values: serde_json::Value, expected: &[&str]) {
        let values = values.as_object().unwrap();
        let errors = check(&spec(), values, &tables());
        let said: Vec<String> = errors
            .iter()
            .map(|e| format!("{} {:?} {}", e.option, e.range, e.message.text(Lang::En)))
            .collect();
        assert_eq!(said, expected);
    }

    #[test]
    fn formulas_are_checked_where_they_stand() {
        let row = |name: &str, formula: &str| json!({"name": name, "formula": formula});
        check_values(json!({"keep": "price > 3"}), &[]);
        check_values(json!({"keep": " "}), &["keep None Write a formula."]);
        check_values(
            json!({"keep": "prise > 3"}),
            &["keep Some(0..5) There is no column prise; did you mean price?"],
        );
        check_values(
            json!({"keep": "price > 3", "new": [row("a", "price * 2"), row("b", "a & 크기")]}),
            &[],
        );
        check_values(
            json!({"keep": "price > 3", "new": [row("a", "b + 1"), row("b", "price")]}),
            &["new.0.formula Some(0..1) There is no column b; text stands in quotes."],
        );
        check_values(
            json!({"keep": "price > 3", "new": [row("a", "prize"), row("b", "a + 1"), row("c", "price +")]}),
            &[
                "new.0.formula Some(0..5) There is no column prize; did you mean price?",
                "new.2.formula Some(7..7) A value is missing here: a column, a number, text in quotes or a function.",
            ],
        );
        check_values(
            json!({"keep": "price > 3", "new": [row("price", "text(price)"), row("b", "price + 1")]}),
            &[
                "new.1.formula Some(0..5) price is text: texts are joined by &, and number(price) reads a number from one.",
            ],
        );
    }

    #[test]
    fn a_formula_knows_what_stands_above_it() {
        let values = json!({"new": [
            {"name": "a", "formula": "price * 2"},
            {"name": "크기", "formula": "a > 3"},
            {"formula": ""},
        ]});
        let names = |path: &str| {
            let values = values.as_object().unwrap();
            let columns = formula_columns(&spec(), values, path, &tables())?;
            let shown = columns
                .iter()
                .map(|c| format!("{} {}", c.name, c.kind.name()));
            Some(shown.collect::<Vec<_>>().join(", "))
        };
        let said = |path: &str| names(path).unwrap_or_default();
        assert_eq!(said("keep"), "price float, 크기 category");
        assert_eq!(said("new.0.formula"), "price float, 크기 category");
        assert_eq!(said("new.1.formula"), "price float, 크기 category, a float");
        assert_eq!(said("new.2.formula"), "price float, 크기 bool, a float");
        assert_eq!(names("new.0.name"), None);
        assert_eq!(names("nothing"), None);
    }
}
