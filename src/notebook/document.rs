//! The document itself: what is saved, undone and exported.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::report::{Msg, Report};
use crate::spec::{FieldError, Spec, TableInfo, Values};
use crate::table::Declaration;
use crate::table::csv::ImportOptions;

/// A notebook without its results and without its data.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Notebook {
    pub id: String,
    pub title: String,
    /// Tables that came from files, pasted text or examples.
    pub sources: Vec<Source>,
    pub cells: Vec<Cell>,
}

/// A table from outside.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// What cells call it; unique within the notebook.
    pub name: String,
    /// Where the engine keeps it; new data have a new id.
    pub table: String,
    /// The file that it came from, for people.
    pub file: String,
    pub options: ImportOptions,
    pub info: TableInfo,
    /// What a person said of the columns, by their names as they were read; it holds for the next
    /// file too.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub declared: BTreeMap<String, Declaration>,
    /// What the reader had to say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Msg>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    pub id: String,
    #[serde(flatten)]
    pub body: Body,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// Markdown.
    Text(String),
    Analysis(Call),
}

/// One analysis with its options.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Call {
    pub analysis: String,
    pub version: u32,
    #[serde(default)]
    pub values: Values,
    /// Columns of the first table: the analysis is run for each combination of their values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by: Vec<String>,
    /// Input name to table name.
    #[serde(default)]
    pub inputs: BTreeMap<String, String>,
    /// Output name to the name that other cells call it by.
    #[serde(default)]
    pub outputs: BTreeMap<String, String>,
    #[serde(default)]
    pub seed: u64,
}

/// What a run of a cell gave.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CellResult {
    /// The cell's fingerprint when it ran.
    pub fingerprint: String,
    pub outcome: Outcome,
    /// How long it took, in milliseconds.
    pub ms: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Done {
        report: Report,
        /// What it made, by output name.
        tables: BTreeMap<String, TableInfo>,
    },
    Failed {
        message: Msg,
        /// Errors that belong to an option of the form.
        #[serde(default)]
        fields: Vec<FieldError>,
        /// The last good report stays visible.
        #[serde(default)]
        last: Option<Report>,
    },
}

impl Notebook {
    pub fn cell(&self, id: &str) -> Option<&Cell> {
        self.cells.iter().find(|c| c.id == id)
    }

    pub fn cell_mut(&mut self, id: &str) -> Option<&mut Cell> {
        self.cells.iter_mut().find(|c| c.id == id)
    }

    pub fn source(&self, name: &str) -> Option<&Source> {
        self.sources.iter().find(|s| s.name == name)
    }

    /// All names that tables have: sources first, then outputs in the cells' order.
    pub fn table_names(&self) -> Vec<&str> {
        let outputs = self.calls().flat_map(|(_, call)| call.outputs.values());
        self.sources
            .iter()
            .map(|s| &s.name)
            .chain(outputs)
            .map(String::as_str)
            .collect()
    }

    /// `wanted`, or `wanted_2`, `wanted_3` … when tables have those names.
    pub fn free_table_name(&self, wanted: &str) -> String {
        let names = self.table_names();
        let wanted = valid_name(wanted);
        (1..)
            .map(|i| {
                if i == 1 {
                    wanted.clone()
                } else {
                    format!("{wanted}_{i}")
                }
            })
            .find(|name| !names.contains(&name.as_str()))
            .expect("one of endlessly many names is free")
    }

    /// A cell for an analysis, not yet in the notebook: its first input connected to `table`, outputs
    /// named. Which table comes second is for the person to say.
    pub fn new_call(&self, spec: &Spec, table: Option<&str>) -> Call {
        // An optional table is connected too: what is not wanted is taken off more easily than found.
        let first = spec.inputs.first();
        Call {
            analysis: spec.id.to_string(),
            version: spec.version,
            values: Values::new(),
            by: Vec::new(),
            inputs: first
                .and_then(|i| Some((i.name.to_string(), table?.to_string())))
                .into_iter()
                .collect(),
            outputs: spec
                .outputs
                .iter()
                .map(|o| (o.name.to_string(), self.free_table_name(o.name)))
                .collect(),
            seed: 1,
        }
    }

    /// The analysis cells in the order of the notebook.
    pub fn calls(&self) -> impl Iterator<Item = (&Cell, &Call)> {
        self.cells.iter().filter_map(|c| Some((c, c.call()?)))
    }

    /// Gives a table another name, wherever it stands. `to` is made valid and unique; the name that
    /// it got comes back.
    pub fn rename_table(&mut self, from: &str, to: &str) -> String {
        if valid_name(to) == from {
            return from.to_string();
        }
        let to = self.free_table_name(to);
        for source in self.sources.iter_mut().filter(|s| s.name == from) {
            source.name.clone_from(&to);
        }
        for call in self.cells.iter_mut().filter_map(Cell::call_mut) {
            for name in call
                .inputs
                .values_mut()
                .chain(call.outputs.values_mut())
                .filter(|n| *n == from)
            {
                name.clone_from(&to);
            }
        }
        to
    }
}

impl Source {
    /// Keeps what is said of the column that is called `name` now.
    pub fn declare(&mut self, name: &str, said: Declaration) {
        let is_now = |declared: &Declaration| declared.rename.as_deref() == Some(name);
        let found = self.declared.iter().find(|(_, declared)| is_now(declared));
        let as_read = found.map_or(name, |(as_read, _)| as_read).to_string();
        let before = self.declared.remove(&as_read).unwrap_or_default();
        self.declared.insert(as_read, before.then(said));
    }

    /// What was said of columns that these data have too.
    pub fn declared_for(&self, info: &TableInfo) -> BTreeMap<String, Declaration> {
        let is_there = |name: &String| info.columns.iter().any(|c| c.name == *name);
        let declared = self.declared.iter().filter(|(name, _)| is_there(name));
        declared.map(|(n, d)| (n.clone(), d.clone())).collect()
    }
}

impl Cell {
    pub fn call(&self) -> Option<&Call> {
        match &self.body {
            Body::Analysis(call) => Some(call),
            Body::Text(_) => None,
        }
    }

    pub fn call_mut(&mut self) -> Option<&mut Call> {
        match &mut self.body {
            Body::Analysis(call) => Some(call),
            Body::Text(_) => None,
        }
    }
}

/// A table's name without line breaks, path and ending: `data/orders 2024.csv` → `orders 2024`.
pub fn valid_name(wanted: &str) -> String {
    let file = wanted.rsplit(['/', '\\']).next().unwrap_or(wanted);
    let stem = match file.rsplit_once('.') {
        Some((stem, end))
            if !stem.is_empty()
                && end.len() <= 4
                && end.bytes().all(|b| b.is_ascii_alphanumeric()) =>
        {
            stem
        }
        _ => file,
    };
    let clean: String = stem
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let clean = clean.split_whitespace().collect::<Vec<_>>().join(" ");
    if clean.is_empty() {
        "table".into()
    } else {
        clean
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_of_file_names() {
        let check = |wanted: &str, expected: &str| assert_eq!(valid_name(wanted), expected);
        check("data/orders 2024.csv", "orders 2024");
        check("C:\\내 문서\\주문.csv", "주문");
        check("v1.2 final", "v1.2 final");
        check(".csv", ".csv");
        check(" \n", "table");
    }

    #[test]
    fn a_name_is_taken_once_and_renamed_everywhere() {
        let source = |name: &str| Source {
            name: name.into(),
            table: "t".into(),
            file: "f.csv".into(),
            options: ImportOptions::default(),
            info: TableInfo::default(),
            declared: BTreeMap::new(),
            warnings: vec![],
        };
        let call = Call {
            analysis: "a.b".into(),
            version: 1,
            values: Values::new(),
            by: Vec::new(),
            inputs: [("table".to_string(), "orders".to_string())].into(),
            outputs: [("out".to_string(), "labels".to_string())].into(),
            seed: 1,
        };
        let mut notebook = Notebook {
            sources: vec![source("orders"), source("orders_2")],
            cells: vec![Cell {
                id: "c".into(),
                body: Body::Analysis(call),
            }],
            ..Notebook::default()
        };
        assert_eq!(notebook.free_table_name("orders.csv"), "orders_3");
        assert_eq!(notebook.rename_table("orders", "labels"), "labels_2");
        assert_eq!(
            notebook.cells[0].call().unwrap().inputs["table"],
            "labels_2"
        );
        assert_eq!(notebook.rename_table("labels_2", "labels_2"), "labels_2");
    }

    #[test]
    fn what_is_said_of_a_column_is_kept_by_the_name_it_was_read_by() {
        let said = |rename: Option<&str>, note: Option<&str>| Declaration {
            rename: rename.map(String::from),
            note: note.map(String::from),
            ..Declaration::default()
        };
        let mut source = Source {
            name: "t".into(),
            table: "1".into(),
            file: "f.csv".into(),
            options: ImportOptions::default(),
            info: TableInfo::default(),
            declared: BTreeMap::new(),
            warnings: vec![],
        };
        source.declare("q1", said(Some("age"), None));
        source.declare("age", said(None, Some("in years")));
        source.declare("q2", said(None, Some("n")));
        let kept: Vec<&String> = source.declared.keys().collect();
        assert_eq!(kept, ["q1", "q2"]);
        assert_eq!(source.declared["q1"], said(Some("age"), Some("in years")));
        assert!(source.declared_for(&TableInfo::default()).is_empty());
    }
}
