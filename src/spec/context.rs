//! What an analysis is handed: its tables, a seeded generator, and a way to tell how far it is.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::BTreeMap;

use rand_core::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;
use serde::{Deserialize, Serialize};

use super::values::FieldError;
use crate::msg;
use crate::report::{Msg, Notice, NoticeKind};
use crate::table::{Column, Table};

/// The tables that an analysis reads, by the names of its inputs.
#[derive(Clone, Debug, Default)]
pub struct Input {
    tables: BTreeMap<String, Table>,
}

/// What an analysis may use of the world.
pub struct Ctx<'a> {
    seed: u64,
    rng: Xoshiro256PlusPlus,
    used_seed: Cell<bool>,
    progress: &'a mut dyn FnMut(f32, &Msg) -> bool,
    notices: Vec<Notice>,
}

/// Why a run gave no answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunError {
    Cancelled,
    /// Options that do not fit; all of them.
    Options(Vec<FieldError>),
    /// The data do not allow the method: what is wrong, where, and what to try.
    Data(Msg),
    /// An input table is not connected.
    NoTable {
        input: String,
    },
}

impl Input {
    pub fn new(tables: impl IntoIterator<Item = (String, Table)>) -> Self {
        Self {
            tables: tables.into_iter().collect(),
        }
    }

    /// # Errors
    /// When no table is connected to that input.
    pub fn table(&self, name: &str) -> Result<&Table, RunError> {
        self.tables.get(name).ok_or_else(|| RunError::NoTable {
            input: name.to_string(),
        })
    }

    /// A column of the input `table`.
    ///
    /// # Errors
    /// When the table or the column is not there; the error stands at `option`.
    pub fn column(&self, option: &str, name: &str) -> Result<&Column, RunError> {
        self.column_of("table", option, name)
    }

    /// A column of the input called `input`.
    ///
    /// # Errors
    /// When the table or the column is not there; the error stands at `option`.
    pub fn column_of(&self, input: &str, option: &str, name: &str) -> Result<&Column, RunError> {
        self.table(input)?
            .column(name)
            .ok_or_else(|| RunError::no_column(option, name))
    }

    /// The numbers of a column of the input called `table`, NaN where missing.
    ///
    /// # Errors
    /// When the column is not there or holds none; the error stands at `option`.
    pub fn numbers(&self, option: &str, name: &str) -> Result<Cow<'_, [f64]>, RunError> {
        let numbers = self.column(option, name)?.numbers();
        numbers.ok_or_else(|| RunError::not_numbers(option, name))
    }

    pub fn tables(&self) -> &BTreeMap<String, Table> {
        &self.tables
    }
}

impl<'a> Ctx<'a> {
    /// `progress` takes the share done and the step, and says whether to go on.
    pub fn new(seed: u64, progress: &'a mut dyn FnMut(f32, &Msg) -> bool) -> Self {
        Self {
            seed,
            rng: Xoshiro256PlusPlus::seed_from_u64(seed),
            used_seed: Cell::new(false),
            progress,
            notices: Vec::new(),
        }
    }

    /// Tells that `done` (0 to 1) of the work is done. Call it at least every 50 ms of work.
    ///
    /// # Errors
    /// [`RunError::Cancelled`] when the person no longer wants the answer: pass it on at once.
    pub fn tick(&mut self, done: f32, step: &Msg) -> Result<(), RunError> {
        if (self.progress)(done.clamp(0.0, 1.0), step) {
            Ok(())
        } else {
            Err(RunError::Cancelled)
        }
    }

    /// Does a part of the work as a run of its own, with the same seed: its progress goes from the
    /// share `from` to the share `to` of this one, and `name` stands before its steps.
    pub fn part<R>(
        &mut self,
        (from, to): (f32, f32),
        name: &Msg,
        work: impl FnOnce(&mut Ctx) -> R,
    ) -> R {
        let progress = &mut *self.progress;
        let mut watch = |done: f32, step: &Msg| {
            let step = msg!(
                "run.by_step",
                "{group}: {step}",
                group = name.clone(),
                step = step.clone()
            );
            progress((from + (to - from) * done).min(to), &step)
        };
        let mut ctx = Ctx::new(self.seed, &mut watch);
        let result = work(&mut ctx);
        let used_seed = ctx.used_seed();
        self.used_seed.set(self.used_seed.get() || used_seed);
        result
    }

    /// The run's generator: the same seed gives the same numbers natively and in wasm. For an analysis
    /// that says so in [`Analysis::USES_SEED`](super::Analysis::USES_SEED).
    pub fn rng(&mut self) -> &mut Xoshiro256PlusPlus {
        self.used_seed.set(true);
        &mut self.rng
    }

    pub fn seed(&self) -> u64 {
        self.used_seed.set(true);
        self.seed
    }

    /// Whether the run has asked for the seed or for random numbers so far.
    pub fn used_seed(&self) -> bool {
        self.used_seed.get()
    }

    /// A footnote of the report.
    pub fn note(&mut self, text: Msg) {
        self.notices.push(Notice {
            kind: NoticeKind::Note,
            text,
        });
    }

    /// Something that may make the answer wrong.
    pub fn warn(&mut self, text: Msg) {
        self.notices.push(Notice {
            kind: NoticeKind::Warning,
            text,
        });
    }

    pub fn take_notices(&mut self) -> Vec<Notice> {
        std::mem::take(&mut self.notices)
    }
}

/// Progress that nobody watches.
pub fn silent(_: f32, _: &Msg) -> bool {
    true
}

impl RunError {
    pub fn option(option: &str, message: Msg) -> Self {
        RunError::Options(vec![FieldError::new(option, message)])
    }

    /// A column that is not in its table; the error stands at `option`.
    pub fn no_column(option: &str, name: &str) -> Self {
        Self::option(
            option,
            msg!(
                "spec.no_column",
                "The table has no column “{name}”.",
                name = name
            ),
        )
    }

    /// A column whose values cannot be measured with; the error stands at `option`.
    pub fn not_numbers(option: &str, name: &str) -> Self {
        Self::option(
            option,
            msg!(
                "spec.not_numbers",
                "“{name}” does not hold numbers to measure with.",
                name = name
            ),
        )
    }

    /// The text of a new column would pass 2 GiB, the reach of 32-bit offsets.
    pub fn too_large(column: &str) -> Self {
        RunError::Data(msg!(
            "spec.too_large",
            "The text of “{column}” would pass 2 GB. Use fewer rows.",
            column = column
        ))
    }

    /// The error as a sentence.
    pub fn message(&self) -> Msg {
        match self {
            RunError::Cancelled => msg!("run.cancelled", "Cancelled."),
            RunError::Options(errors) => match &errors[..] {
                [one] => one.message.clone(),
                many => msg!("run.options", "{n} options need attention.", n = many.len()),
            },
            RunError::Data(m) => m.clone(),
            RunError::NoTable { .. } => msg!("run.no_table", "Choose a table for this cell."),
        }
    }
}
