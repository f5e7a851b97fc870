//! Which cell needs which table, in what order they run, and what is stale.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{Hash, Hasher};

use super::document::{Call, CellResult, Notebook, Outcome};
use crate::spec::TableInfo;

/// The dependencies of a notebook as it stands.
pub struct Graph<'a> {
    notebook: &'a Notebook,
    /// Table name to cell position and output name.
    makers: HashMap<&'a str, (usize, &'a str)>,
    /// Fingerprint of each cell; `None` for text and for cells in a circle or without their inputs.
    fingerprints: Vec<Option<String>>,
    order: Vec<usize>,
}

/// One cell to run, with the ids of the tables it reads and makes.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub cell: String,
    pub fingerprint: String,
    /// Input name to table id.
    pub inputs: BTreeMap<String, String>,
    /// Output name to table id.
    pub outputs: BTreeMap<String, String>,
}

/// Where a table comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TableRef<'a> {
    Source(usize),
    /// Cell position and output name.
    Output(usize, &'a str),
}

impl<'a> Graph<'a> {
    pub fn new(notebook: &'a Notebook) -> Self {
        let mut makers = HashMap::new();
        for (i, call) in notebook
            .cells
            .iter()
            .enumerate()
            .filter_map(|(i, c)| Some((i, c.call()?)))
        {
            for (output, name) in &call.outputs {
                makers.entry(name.as_str()).or_insert((i, output.as_str()));
            }
        }
        let mut graph = Self {
            notebook,
            makers,
            fingerprints: vec![None; notebook.cells.len()],
            order: Vec::new(),
        };
        let mut entered = HashSet::new();
        for i in 0..notebook.cells.len() {
            graph.visit(i, &mut entered);
        }
        graph
    }

    /// Where the table called `name` comes from.
    pub fn table(&self, name: &str) -> Option<TableRef<'a>> {
        if let Some(i) = self.notebook.sources.iter().position(|s| s.name == name) {
            return Some(TableRef::Source(i));
        }
        self.makers
            .get(name)
            .map(|&(i, output)| TableRef::Output(i, output))
    }

    /// The id that the engine keeps the table called `name` under.
    pub fn table_id(&self, name: &str) -> Option<String> {
        match self.table(name)? {
            TableRef::Source(i) => Some(self.notebook.sources[i].table.clone()),
            TableRef::Output(i, output) => {
                Some(format!("{}-{output}", self.fingerprints[i].as_ref()?))
            }
        }
    }

    /// The shape of the table called `name`, when it is there: outputs are known after a run.
    pub fn info<'r>(
        &self,
        name: &str,
        results: &'r BTreeMap<String, CellResult>,
    ) -> Option<&'r TableInfo>
    where
        'a: 'r,
    {
        match self.table(name)? {
            TableRef::Source(i) => Some(&self.notebook.sources[i].info),
            TableRef::Output(i, output) => {
                match &results.get(&self.notebook.cells[i].id)?.outcome {
                    Outcome::Done { tables, .. } => tables.get(output),
                    Outcome::Failed { .. } => None,
                }
            }
        }
    }

    /// What a cell would run as; `None` for text, in a circle, or when a table is not there.
    pub fn step(&self, cell: &str) -> Option<Step> {
        let i = self.notebook.cells.iter().position(|c| c.id == cell)?;
        let fingerprint = self.fingerprints[i].clone()?;
        let call = self.notebook.cells[i].call()?;
        let inputs = call
            .inputs
            .iter()
            .map(|(input, name)| Some((input.clone(), self.table_id(name)?)));
        Some(Step {
            cell: cell.to_string(),
            inputs: inputs.collect::<Option<_>>()?,
            outputs: call
                .outputs
                .keys()
                .map(|o| (o.clone(), format!("{fingerprint}-{o}")))
                .collect(),
            fingerprint,
        })
    }

    /// Whether the cell's result was made from other options or other data than it has now.
    pub fn is_stale(&self, cell: &str, results: &BTreeMap<String, CellResult>) -> bool {
        let current = self.step(cell).map(|s| s.fingerprint);
        results
            .get(cell)
            .is_some_and(|r| Some(&r.fingerprint) != current.as_ref())
    }

    /// The cells that have no result or a stale one, in the order in which they can run.
    pub fn stale(&self, results: &BTreeMap<String, CellResult>) -> Vec<Step> {
        self.steps()
            .filter(|s| {
                results
                    .get(&s.cell)
                    .is_none_or(|r| r.fingerprint != s.fingerprint)
            })
            .collect()
    }

    /// All cells that can run, in order.
    pub fn steps(&self) -> impl Iterator<Item = Step> + '_ {
        self.order
            .iter()
            .filter_map(|&i| self.step(&self.notebook.cells[i].id))
    }

    /// The cells that read, directly or through others, what `cell` makes.
    pub fn dependents(&self, cell: &str) -> Vec<&'a str> {
        let mut reached = HashSet::from([cell]);
        let mut found = Vec::new();
        for &i in &self.order {
            let candidate = &self.notebook.cells[i];
            let reads = |call: &'a Call| {
                call.inputs.values().any(|name| {
                    matches!(self.table(name), Some(TableRef::Output(j, _)) if reached.contains(self.notebook.cells[j].id.as_str()))
                })
            };
            if candidate.call().is_some_and(reads) && reached.insert(&candidate.id) {
                found.push(candidate.id.as_str());
            }
        }
        found
    }

    /// The ids of all tables that the notebook can name now: what the engine should keep.
    pub fn table_ids(&self) -> Vec<String> {
        self.notebook
            .table_names()
            .into_iter()
            .filter_map(|name| self.table_id(name))
            .collect()
    }

    fn visit(&mut self, i: usize, entered: &mut HashSet<usize>) {
        let Some(call) = self.notebook.cells[i].call() else {
            return;
        };
        if !entered.insert(i) {
            return;
        }
        let mut inputs = Vec::new();
        for (input, name) in &call.inputs {
            if let Some(TableRef::Output(j, _)) = self.table(name) {
                self.visit(j, entered);
            }
            match self.table_id(name) {
                Some(id) => inputs.push((input, id)),
                None => return,
            }
        }
        self.fingerprints[i] = Some(fingerprint(call, &inputs));
        self.order.push(i);
    }
}

/// 64 bits of FNV-1a over what decides the answer: analysis, version, values, seed, input tables and
/// the columns that it is run by.
fn fingerprint(call: &Call, inputs: &[(&String, String)]) -> String {
    let mut values: Vec<_> = call
        .values
        .iter()
        .filter(|(_, v)| !v.is_null())
        .map(|(k, v)| (k, v.to_string()))
        .collect();
    values.sort();
    let mut hash = Fnv(0xcbf2_9ce4_8422_2325);
    (&call.analysis, call.version, values, call.seed, inputs).hash(&mut hash);
    // Only where there are some, so that cells of older notebooks keep their fingerprints.
    if !call.by.is_empty() {
        call.by.hash(&mut hash);
    }
    format!("{:016x}", hash.finish())
}

/// The same on every machine, as ids are kept in files; `std`'s hasher does not promise that.
struct Fnv(u64);

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for &b in bytes {
            self.0 = (self.0 ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn write_usize(&mut self, v: usize) {
        self.write(&(v as u64).to_le_bytes());
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notebook::{Body, Cell};
    use crate::report::Report;
    use serde_json::json;

    /// Cells as `(id, inputs, outputs)`; a source is called `raw`.
    fn notebook(cells: &[(&str, &[&str], &[&str])]) -> Notebook {
        let source = json!({"name": "raw", "table": "t0", "file": "raw.csv", "options": {}, "info": {"n_rows": 1, "columns": []}});
        let cell = |&(id, inputs, outputs): &(&str, &[&str], &[&str])| Cell {
            id: id.into(),
            body: Body::Analysis(Call {
                analysis: "a.b".into(),
                version: 1,
                values: json!({"of": id}).as_object().unwrap().clone(),
                by: Vec::new(),
                inputs: inputs
                    .iter()
                    .enumerate()
                    .map(|(i, n)| (format!("in{i}"), n.to_string()))
                    .collect(),
                outputs: outputs
                    .iter()
                    .map(|n| (format!("{n}_out"), n.to_string()))
                    .collect(),
                seed: 1,
            }),
        };
        Notebook {
            sources: vec![serde_json::from_value(source).unwrap()],
            cells: cells.iter().map(cell).collect(),
            ..Notebook::default()
        }
    }

    fn order(notebook: &Notebook) -> Vec<String> {
        Graph::new(notebook).steps().map(|s| s.cell).collect()
    }

    #[test]
    fn cells_run_after_what_they_read() {
        let n = notebook(&[
            ("c", &["b"], &[]),
            ("b", &["a", "raw"], &["b"]),
            ("a", &["raw"], &["a"]),
        ]);
        assert_eq!(order(&n), ["a", "b", "c"]);
        assert_eq!(Graph::new(&n).dependents("a"), ["b", "c"]);
    }

    #[test]
    fn a_circle_and_a_missing_table_do_not_run() {
        let n = notebook(&[
            ("a", &["b"], &["a"]),
            ("b", &["a"], &["b"]),
            ("c", &["gone"], &[]),
            ("d", &["raw"], &[]),
        ]);
        assert_eq!(order(&n), ["d"]);
    }

    #[test]
    fn a_change_makes_stale_what_depends_on_it() {
        let mut n = notebook(&[
            ("a", &["raw"], &["a"]),
            ("b", &["a"], &["b"]),
            ("c", &["raw"], &[]),
        ]);
        let results: BTreeMap<_, _> = Graph::new(&n)
            .steps()
            .map(|s| {
                let outcome = Outcome::Done {
                    report: Report::default(),
                    tables: BTreeMap::new(),
                };
                (
                    s.cell,
                    CellResult {
                        fingerprint: s.fingerprint,
                        outcome,
                        ms: 1.0,
                    },
                )
            })
            .collect();
        assert!(Graph::new(&n).stale(&results).is_empty());
        n.cells[0].call_mut().unwrap().seed = 2;
        let stale: Vec<_> = Graph::new(&n)
            .stale(&results)
            .into_iter()
            .map(|s| s.cell)
            .collect();
        assert_eq!(stale, ["a", "b"]);
        n.cells[0].call_mut().unwrap().seed = 1;
        assert!(!Graph::new(&n).is_stale("b", &results));
        n.cells[0].call_mut().unwrap().by = vec!["city".into()];
        assert!(Graph::new(&n).is_stale("b", &results));
        assert!(!Graph::new(&n).is_stale("c", &results));
        n.cells[0].call_mut().unwrap().by.clear();
        assert!(!Graph::new(&n).is_stale("b", &results));
    }

    #[test]
    fn an_output_is_known_by_what_made_it() {
        let n = notebook(&[("a", &["raw"], &["a"])]);
        let graph = Graph::new(&n);
        let step = graph.step("a").unwrap();
        assert_eq!(
            graph.table_id("a"),
            Some(format!("{}-a_out", step.fingerprint))
        );
        assert_eq!(step.outputs["a_out"], graph.table_id("a").unwrap());
    }
}
