//! The examples of the declarations, run natively.

use std::ops::ControlFlow;
use std::path::Path;

use jari::analyses;
use jari::report::Msg;
use jari::spec::{Ctx, Example, Input, Output, RunError, Spec, Values};
use jari::table::Table;
use jari::table::csv::{self, FileSource, ImportOptions};

/// A file of `tests/data` as the reader understands it by itself.
pub fn table(file: &str) -> Table {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data")
        .join(file);
    let mut source = FileSource::open(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    csv::read_csv(&mut source, &ImportOptions::default(), &mut |_| {
        ControlFlow::Continue(())
    })
    .unwrap_or_else(|e| panic!("{file}: {e:?}"))
    .table
}

pub fn values(example: &Example) -> Values {
    serde_json::from_str(example.values)
        .unwrap_or_else(|e| panic!("values of the example {}: {e}", example.name))
}

/// The example's tables, each as `change` makes it.
pub fn input(example: &Example, change: impl Fn(Table) -> Table) -> Input {
    let tables = example.tables.iter();
    Input::new(tables.map(|(name, file)| (name.to_string(), change(table(file)))))
}

/// Runs with the seed that all tests share; `progress` says whether to go on.
pub fn run(
    spec: &Spec,
    values: &Values,
    input: &Input,
    progress: &mut dyn FnMut(f32, &Msg) -> bool,
) -> Result<Output, RunError> {
    analyses::run(spec.id, values, input, &mut Ctx::new(1, progress))
}
