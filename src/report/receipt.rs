//! The receipt of a transform: what happened to the rows and columns between its input and output.

use super::block::{Cell, Head, TableBlock};
use super::format::Format;
use super::message::{Arg, Msg};
use crate::msg;

/// Names of columns in a sentence; more are counted.
const MAX_NAMES: usize = 12;

/// Rows in, steps in their order, rows out, and the columns that are other than before.
///
/// ```
/// use jari::msg;
/// use jari::report::{Lang, Receipt};
///
/// let mut receipt = Receipt::new(344);
/// receipt.dropped(11, msg!("transform.filter.text_missing", "{column} is missing", column = "sex"));
/// assert_eq!(receipt.n_out(), 333);
/// assert_eq!(
///     receipt.summary()[0].text(Lang::En),
///     "333 of 344 rows are kept (96.8%); 11 are left out."
/// );
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Receipt {
    n_in: usize,
    n_out: usize,
    steps: Vec<Step>,
    columns_added: Vec<String>,
    columns_changed: Vec<String>,
    columns_removed: Vec<String>,
}

#[derive(Clone, Debug, PartialEq)]
struct Step {
    what: Msg,
    effect: Effect,
    /// Rows after the step.
    rows: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Effect {
    Dropped(usize),
    Added(usize),
    Changed(usize),
    Merged(usize),
    /// Rows that came from elsewhere or went elsewhere, apart from the running count.
    Beside(usize),
}

impl Receipt {
    /// The receipt of a table with `n_rows` rows.
    pub fn new(n_rows: usize) -> Self {
        Self {
            n_in: n_rows,
            n_out: n_rows,
            ..Self::default()
        }
    }

    /// `n_rows` rows leave; `why` is a phrase without a full stop: “sex is missing”.
    ///
    /// # Panics
    /// When more leave than there are.
    pub fn dropped(&mut self, n_rows: usize, why: Msg) -> &mut Self {
        self.n_out -= n_rows;
        self.step(Effect::Dropped(n_rows), why)
    }

    /// `n_rows` rows come in; `why` is a phrase: “rows of the second table”.
    pub fn added(&mut self, n_rows: usize, why: Msg) -> &mut Self {
        self.n_out += n_rows;
        self.step(Effect::Added(n_rows), why)
    }

    /// `n_rows` rows get another value and stay; `what` is a phrase: “age: missing values filled”.
    pub fn changed(&mut self, n_rows: usize, what: Msg) -> &mut Self {
        self.step(Effect::Changed(n_rows), what)
    }

    /// `n_rows` rows go into others, so that there are as many fewer; `what` is a phrase: “rows of a
    /// group become one”.
    ///
    /// # Panics
    /// When more go than there are.
    pub fn merged(&mut self, n_rows: usize, what: Msg) -> &mut Self {
        self.n_out -= n_rows;
        self.step(Effect::Merged(n_rows), what)
    }

    /// A line that says how many rows something else has, such as the right table of a join, and
    /// leaves the running count alone.
    pub fn beside(&mut self, n_rows: usize, what: Msg) -> &mut Self {
        self.step(Effect::Beside(n_rows), what)
    }

    pub fn columns_added<S: Into<String>>(
        &mut self,
        names: impl IntoIterator<Item = S>,
    ) -> &mut Self {
        self.columns_added.extend(names.into_iter().map(Into::into));
        self
    }

    pub fn columns_changed<S: Into<String>>(
        &mut self,
        names: impl IntoIterator<Item = S>,
    ) -> &mut Self {
        self.columns_changed
            .extend(names.into_iter().map(Into::into));
        self
    }

    pub fn columns_removed<S: Into<String>>(
        &mut self,
        names: impl IntoIterator<Item = S>,
    ) -> &mut Self {
        self.columns_removed
            .extend(names.into_iter().map(Into::into));
        self
    }

    pub fn n_in(&self) -> usize {
        self.n_in
    }

    /// Rows after the steps so far.
    pub fn n_out(&self) -> usize {
        self.n_out
    }

    /// What became of the rows, and of the columns where any are other than before: sentences for a
    /// report's summary.
    pub fn summary(&self) -> Vec<Msg> {
        let mut said = vec![self.rows_sentence()];
        said.extend(self.columns_sentences());
        said
    }

    /// The table keyed `receipt`: a line for the rows in, for each step and for the rows out. A
    /// line has `step`, `rows` (after the step) and `share` (of the rows in), and where any step
    /// has such rows, `dropped`, `added`, `changed` and `merged`.
    pub fn table(&self) -> TableBlock {
        type Count = fn(Effect) -> Option<usize>;
        let effects: [(&str, Msg, Count); 4] = [
            (
                "dropped",
                msg!("receipt.dropped", "Left out"),
                |e| match e {
                    Effect::Dropped(n) => Some(n),
                    _ => None,
                },
            ),
            ("added", msg!("receipt.added", "Added"), |e| match e {
                Effect::Added(n) => Some(n),
                _ => None,
            }),
            ("changed", msg!("receipt.changed", "Changed"), |e| match e {
                Effect::Changed(n) => Some(n),
                _ => None,
            }),
            ("merged", msg!("receipt.merged", "Merged"), |e| match e {
                Effect::Merged(n) => Some(n),
                _ => None,
            }),
        ];
        let shown: Vec<_> = effects
            .into_iter()
            .filter(|(_, _, of)| self.steps.iter().any(|s| of(s.effect).is_some()))
            .collect();
        let mut heads = vec![Head::name("step", msg!("receipt.step", "Step"))];
        heads.extend(
            shown
                .iter()
                .map(|(key, title, _)| Head::new(key, title.clone(), Format::Integer)),
        );
        heads.push(Head::new(
            "rows",
            msg!("receipt.rows", "Rows"),
            Format::Integer,
        ));
        heads.push(Head::new(
            "share",
            msg!("receipt.share", "Share of rows in"),
            Format::Percent(1),
        ));
        let mut table = TableBlock::new(
            "receipt",
            msg!("receipt.title", "What happened to the rows"),
            heads,
        );
        let mut line = |what: Msg, effect: Option<Effect>, rows: usize| {
            let mut cells = vec![what.into()];
            let counts = shown.iter().map(|(_, _, of)| effect.and_then(of));
            cells.extend(counts.map(|n| n.map_or(Cell::Empty, Cell::from)));
            cells.push(rows.into());
            cells.push(Cell::from(
                (self.n_in > 0).then(|| rows as f64 / self.n_in as f64),
            ));
            table.row(cells);
        };
        line(msg!("receipt.in", "Rows in"), None, self.n_in);
        for step in &self.steps {
            let rows = match step.effect {
                Effect::Beside(n) => n,
                _ => step.rows,
            };
            line(step.what.clone(), Some(step.effect), rows);
        }
        line(msg!("receipt.out", "Rows out"), None, self.n_out);
        table
    }

    fn step(&mut self, effect: Effect, what: Msg) -> &mut Self {
        self.steps.push(Step {
            what,
            effect,
            rows: self.n_out,
        });
        self
    }

    fn total(&self, of: fn(Effect) -> usize) -> usize {
        self.steps.iter().map(|s| of(s.effect)).sum()
    }

    fn rows_sentence(&self) -> Msg {
        let dropped = self.total(|e| match e {
            Effect::Dropped(n) => n,
            _ => 0,
        });
        let added = self.total(|e| match e {
            Effect::Added(n) => n,
            _ => 0,
        });
        let merged = self.total(|e| match e {
            Effect::Merged(n) => n,
            _ => 0,
        });
        match (self.n_in, dropped, added) {
            (n, _, _) if merged > 0 => msg!(
                "receipt.fewer",
                "{n} rows became {out}: {merged} {merged|was|were} merged with others.",
                n = n,
                out = self.n_out,
                merged = merged
            ),
            (0, _, 0) => msg!("receipt.empty", "The table has no rows."),
            (n, 0, 0) => msg!("receipt.all", "All {n} {n|row is|rows are} kept.", n = n),
            (n, _, 0) if self.n_out == 0 => {
                msg!("receipt.none", "None of {n} {n|row|rows} is kept.", n = n)
            }
            (n, dropped, 0) => msg!(
                "receipt.kept",
                "{kept} of {n} {n|row|rows} {kept|is|are} kept ({share}); {dropped} {dropped|is|are} left out.",
                kept = self.n_out,
                n = n,
                share = (self.n_out as f64 / n as f64, Format::Percent(1)),
                dropped = dropped
            ),
            (n, 0, added) => msg!(
                "receipt.grown",
                "{n} {n|row|rows} became {out}: {added} {added|was|were} added.",
                n = n,
                out = self.n_out,
                added = added
            ),
            (n, dropped, added) => msg!(
                "receipt.both",
                "{n} {n|row|rows} became {out}: {dropped} {dropped|was|were} left out, {added} {added|was|were} added.",
                n = n,
                out = self.n_out,
                dropped = dropped,
                added = added
            ),
        }
    }

    fn columns_sentences(&self) -> Vec<Msg> {
        let mut said = Vec::new();
        if !self.columns_added.is_empty() {
            said.push(msg!(
                "receipt.columns_added",
                "New {n|column|columns}: {names}.",
                n = self.columns_added.len(),
                names = names(&self.columns_added)
            ));
        }
        if !self.columns_changed.is_empty() {
            said.push(msg!(
                "receipt.columns_changed",
                "Changed {n|column|columns}: {names}.",
                n = self.columns_changed.len(),
                names = names(&self.columns_changed)
            ));
        }
        if !self.columns_removed.is_empty() {
            said.push(msg!(
                "receipt.columns_removed",
                "{n|Column|Columns} taken out: {names}.",
                n = self.columns_removed.len(),
                names = names(&self.columns_removed)
            ));
        }
        said
    }
}

/// The names as one value of a sentence: the first of them, and how many more there are.
fn names(all: &[String]) -> Arg {
    if all.len() <= MAX_NAMES + 1 {
        return all.to_vec().into();
    }
    msg!(
        "receipt.many_names",
        "{names} and {more} more",
        names = Msg::verbatim(all[..MAX_NAMES].join(", ")),
        more = all.len() - MAX_NAMES
    )
    .into()
}

#[cfg(test)]
mod tests {
    use super::super::Lang;
    use super::*;

    fn why(text: &str) -> Msg {
        Msg::verbatim(text)
    }

    fn check(receipt: &Receipt, sentence: &str, lines: &[&str]) {
        let said: Vec<String> = receipt.summary().iter().map(|m| m.text(Lang::En)).collect();
        assert_eq!(said.join(" "), sentence);
        let table = receipt.table();
        let cell = |c: &Cell| match c {
            Cell::Number(v) => v.to_string(),
            Cell::Msg(m) => m.text(Lang::En),
            _ => "–".into(),
        };
        let shown: Vec<String> = table
            .rows
            .iter()
            .map(|r| r.iter().map(cell).collect::<Vec<_>>().join(" | "))
            .collect();
        assert_eq!(shown, lines);
    }

    #[test]
    fn rows_are_accounted_for() {
        check(
            &Receipt::new(0),
            "The table has no rows.",
            &["Rows in | 0 | –", "Rows out | 0 | –"],
        );
        check(
            Receipt::new(4).columns_added(["z"]),
            "All 4 rows are kept. New column: z.",
            &["Rows in | 4 | 1", "Rows out | 4 | 1"],
        );
        check(
            Receipt::new(4).dropped(1, why("a")).dropped(2, why("b")),
            "1 of 4 rows is kept (25.0%); 3 are left out.",
            &[
                "Rows in | – | 4 | 1",
                "a | 1 | 3 | 0.75",
                "b | 2 | 1 | 0.25",
                "Rows out | – | 1 | 0.25",
            ],
        );
        check(
            Receipt::new(2).dropped(2, why("a")),
            "None of 2 rows is kept.",
            &[
                "Rows in | – | 2 | 1",
                "a | 2 | 0 | 0",
                "Rows out | – | 0 | 0",
            ],
        );
        check(
            Receipt::new(2).beside(5, why("right")).added(1, why("a")),
            "2 rows became 3: 1 was added.",
            &[
                "Rows in | – | 2 | 1",
                "right | – | 5 | 2.5",
                "a | 1 | 3 | 1.5",
                "Rows out | – | 3 | 1.5",
            ],
        );
        check(
            Receipt::new(5).dropped(1, why("a")).merged(3, why("b")),
            "5 rows became 1: 3 were merged with others.",
            &[
                "Rows in | – | – | 5 | 1",
                "a | 1 | – | 4 | 0.8",
                "b | – | 3 | 1 | 0.2",
                "Rows out | – | – | 1 | 0.2",
            ],
        );
        check(
            Receipt::new(4)
                .dropped(1, why("a"))
                .added(2, why("b"))
                .changed(3, why("c"))
                .columns_changed(["x", "y"]),
            "4 rows became 5: 1 was left out, 2 were added. Changed columns: x and y.",
            &[
                "Rows in | – | – | – | 4 | 1",
                "a | 1 | – | – | 3 | 0.75",
                "b | – | 2 | – | 5 | 1.25",
                "c | – | – | 3 | 5 | 1.25",
                "Rows out | – | – | – | 5 | 1.25",
            ],
        );
    }

    #[test]
    fn many_columns_are_counted() {
        let names = |n: usize| (0..n).map(|i| format!("c{i}")).collect::<Vec<_>>();
        let said = |n: usize| {
            let mut receipt = Receipt::new(1);
            receipt.columns_removed(names(n));
            receipt.summary()[1].text(Lang::En)
        };
        assert_eq!(said(1), "Column taken out: c0.");
        assert!(said(13).ends_with("c11, and c12."));
        assert!(said(14).ends_with("c10, c11 and 2 more."));
    }
}
