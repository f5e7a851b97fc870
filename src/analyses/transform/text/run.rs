//! An edit of a whole column.

use super::{Action, Options};
use crate::msg;
use crate::report::{Cell, Format, Head, Msg, TableBlock};
use crate::spec::{Ctx, RunError};
use crate::table::csv::understood;
use crate::table::edit::Edit;
use crate::table::{Column, ColumnKind, Measure, TextBuilder, Texts, category};

/// Texts between two ticks.
const CHUNK: usize = 1 << 14;
/// Examples of a column that are shown.
const MAX_EXAMPLES: usize = 5;

/// What came of a column.
pub struct Worked {
    pub columns: Vec<Column>,
    /// Rows whose text is another one.
    pub n_changed: usize,
    /// Rows with a result: by how many results.
    by_results: Vec<usize>,
    pub n_with_result: usize,
    examples: Vec<(String, Vec<String>)>,
}

impl Worked {
    /// `span` is the share of the run that is done, and the share that this is.
    pub fn new(
        edit: &mut Edit,
        column: &Column,
        options: &Options,
        ctx: &mut Ctx,
        (done, width): (f32, f32),
    ) -> Result<Self, RunError> {
        let step = msg!(
            "transform.text.step",
            "Working on “{column}”",
            column = &column.name
        );
        let texts = Texts::of(column);
        let counts = texts.counts();
        let n_outputs = edit.n_outputs();
        let keeps_levels = matches!(
            options.action,
            Action::Trim | Action::Case | Action::Replace
        ) && column.kind() == ColumnKind::Category;
        let is_category = column.kind() == ColumnKind::Category;
        let mut words = vec![TextBuilder::new(); n_outputs];
        let mut names: Vec<Vec<Option<String>>> = vec![Vec::new(); n_outputs];
        let mut worked = Self {
            columns: Vec::new(),
            n_changed: 0,
            by_results: vec![0; n_outputs + 1],
            n_with_result: 0,
            examples: Vec::new(),
        };
        let mut outputs = vec![String::new(); n_outputs];
        let mut buffer = String::new();
        ctx.tick(done, &step)?;
        for (i, &n_rows) in counts.iter().enumerate() {
            if i % CHUNK == CHUNK - 1 {
                ctx.tick(done + width * i as f32 / texts.len() as f32, &step)?;
            }
            outputs.iter_mut().for_each(String::clear);
            let n_rows = n_rows as usize;
            if let Some(text) = texts.get(i, &mut buffer) {
                edit.apply(text, &mut outputs);
                if n_rows > 0 {
                    worked.see(text, &outputs, n_rows, options);
                }
            }
            for (k, output) in outputs.iter().enumerate() {
                let there = !output.is_empty() && n_rows > 0;
                if is_category {
                    names[k].push(there.then(|| output.clone()));
                } else {
                    words[k]
                        .push(there.then_some(output.as_str()))
                        .map_err(|_| RunError::too_large(&column.name))?;
                }
            }
        }
        if keeps_levels {
            let mut edited = texts.relabelled(&names[0]);
            edited.label.clone_from(&column.label);
            worked.columns.push(edited);
            return Ok(worked);
        }
        let typed = match options.action {
            Action::Extract | Action::Split => options.typed,
            Action::Length => true,
            _ => false,
        };
        for (words, names) in words.into_iter().zip(names) {
            let mut edited = match is_category {
                true => levels_named(&texts, &column.name, names),
                false => words
                    .finish(&column.name)
                    .map_err(|_| RunError::too_large(&column.name))?,
            };
            if typed {
                edited = understood(edited);
            }
            if edited.kind() == ColumnKind::Text && column.measure == Measure::Id {
                edited.measure = Measure::Id;
            }
            worked.columns.push(edited);
        }
        Ok(worked)
    }

    fn see(&mut self, text: &str, outputs: &[String], n_rows: usize, options: &Options) {
        let n_results = match options.action {
            Action::Extract => outputs.iter().filter(|o| !o.is_empty()).count(),
            _ => outputs
                .iter()
                .rposition(|o| !o.is_empty())
                .map_or(0, |p| p + 1),
        };
        let differs = outputs[0] != text;
        self.by_results[n_results] += n_rows;
        self.n_with_result += if n_results > 0 { n_rows } else { 0 };
        self.n_changed += if differs { n_rows } else { 0 };
        let is_example = differs || outputs.len() > 1;
        if is_example && self.examples.len() < MAX_EXAMPLES {
            self.examples.push((text.to_owned(), outputs.to_vec()));
        }
    }

    /// In how many rows something was done or found.
    pub fn summary(&self, options: &Options, column: &Column) -> Option<Msg> {
        let n_there = column.len() - column.n_missing();
        match options.action {
            Action::Trim | Action::Case | Action::Replace => Some(msg!(
                "transform.text.edited",
                "{n} of {there} {there|text|texts} in “{column}” {n|is|are} another than before.",
                n = self.n_changed,
                there = n_there,
                column = &column.name
            )),
            Action::Extract => Some(msg!(
                "transform.text.matched",
                "The pattern is found in {n} of {there} {there|text|texts} in “{column}”.",
                n = self.n_with_result,
                there = n_there,
                column = &column.name
            )),
            Action::Split | Action::Length => None,
        }
    }

    /// How many rows gave how many results, where that is the question.
    pub fn found_table(&self, options: &Options, place: usize, name: &str) -> Option<TableBlock> {
        if !matches!(options.action, Action::Extract | Action::Split) {
            return None;
        }
        let n_results = match options.action {
            Action::Split => msg!("transform.text.parts", "Parts"),
            _ => msg!("transform.text.groups", "Groups found"),
        };
        let mut table = TableBlock::new(
            &format!("found_{}", place + 1),
            msg!(
                "transform.text.found",
                "What was found in {column}",
                column = name
            ),
            vec![
                Head::new("n", n_results, Format::Integer),
                Head::new("rows", msg!("transform.text.rows", "Rows"), Format::Integer),
            ],
        );
        for (n, &rows) in self.by_results.iter().enumerate() {
            if rows > 0 || n == 0 {
                table.row(vec![n.into(), rows.into()]);
            }
        }
        Some(table)
    }

    pub fn write_examples(&self, table: &mut TableBlock, name: &str) {
        let quoted = |text: &str| Cell::from(format!("“{text}”"));
        for (before, after) in &self.examples {
            let after: Vec<String> = after
                .iter()
                .map(|a| match a.is_empty() {
                    true => "–".to_owned(),
                    false => format!("“{a}”"),
                })
                .collect();
            table.row(vec![name.into(), quoted(before), after.join(" · ").into()]);
        }
    }
}

/// A category with a name for each level, or none to make it missing, in the names' natural order.
fn levels_named(texts: &Texts, name: &str, names: Vec<Option<String>>) -> Column {
    let code = |(i, name): (usize, &Option<String>)| match name {
        Some(_) => i as i32,
        None => -1,
    };
    let codes: Vec<i32> = names.iter().enumerate().map(code).collect();
    let names = names.into_iter().map(Option::unwrap_or_default).collect();
    category(name, texts.spread(&codes, -1), names)
}

pub fn examples_table() -> TableBlock {
    TableBlock::new(
        "examples",
        msg!("transform.text.examples", "Examples"),
        vec![
            Head::name("column", msg!("transform.text.column", "Column")),
            Head::name("before", msg!("transform.text.before", "Before")),
            Head::name("after", msg!("transform.text.after", "After")),
        ],
    )
}
