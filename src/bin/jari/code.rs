//! `jari code`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::ValueEnum;
use jari::analyses;
use jari::report::Lang;
use jari::spec::{CodeTables, ColumnInfo, Language};

use crate::Error;
use crate::describe::known;
use crate::files::{import_options, read};
use crate::options::values;
use crate::run::{explain, input};

#[derive(clap::Args)]
pub struct Args {
    /// The analysis; `jari list` shows all.
    id: String,
    #[arg(long, value_enum)]
    language: LanguageArg,
    /// The file that the script reads, for the input `table` or the one that is named.
    #[arg(long, value_name = "[NAME=]FILE")]
    data: Vec<String>,
    /// How to read the files, as for `jari run`.
    #[arg(long, value_name = "FILE")]
    import: Option<PathBuf>,
    /// An option's value, as for `jari run`.
    #[arg(long, value_name = "OPTION=VALUE")]
    set: Vec<String>,
    /// A JSON file with option values; --set goes before it.
    #[arg(long, value_name = "FILE")]
    options: Option<PathBuf>,
    /// For each value of this column, as for `jari run`.
    #[arg(long, value_name = "COLUMN")]
    by: Vec<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum LanguageArg {
    R,
    Python,
}

pub fn code(args: &Args, lang: Lang) -> Result<String, Error> {
    let spec = known(&args.id)?;
    let values = values(spec, args.options.as_deref(), &args.set)?;
    let import = import_options(args.import.as_deref())?;
    let (mut tables, mut files) = (CodeTables::new(), BTreeMap::new());
    for data in &args.data {
        let (name, path) = input(spec, data)?;
        let table = read(path, &import, lang)?;
        tables.insert(name.to_string(), ColumnInfo::of_table(&table));
        files.insert(name.to_string(), path.to_string());
    }
    let (language, name) = match args.language {
        LanguageArg::R => (Language::R, "R"),
        LanguageArg::Python => (Language::Python, "Python"),
    };
    analyses::code(spec.id, &args.by, &values, &tables, &files, language)
        .map_err(|e| explain(&e, lang))?
        .ok_or_else(|| Error::Failed(format!("{} has no {name} code for these options", spec.id)))
}
