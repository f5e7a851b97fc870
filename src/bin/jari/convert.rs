//! `jari convert`.

use std::path::PathBuf;

use jari::engine::protocol::TableFormat;
use jari::report::Lang;

use crate::Error;
use crate::files::{import_options, read, write_table};

#[derive(clap::Args)]
pub struct Args {
    /// CSV, XLSX, XLS, ODS, Parquet, Arrow, JSON, JSON Lines or SPSS.
    input: String,
    /// What it ends in says what is written: csv, xlsx, parquet, arrow, json, jsonl.
    output: String,
    /// How to read the input: JSON with encoding, delimiter, decimal, has_header, skip_rows, missing, columns, sheet,
    /// header_row.
    #[arg(long, value_name = "FILE")]
    import: Option<PathBuf>,
    /// The sheet to read of a workbook.
    #[arg(long)]
    sheet: Option<String>,
    /// What to write, where the ending leaves it open: csv, csv_for_excel (UTF-8 with a byte order mark) or csv_cp949.
    #[arg(long)]
    to: Option<String>,
}

pub fn convert(args: &Args, lang: Lang) -> Result<String, Error> {
    let mut options = import_options(args.import.as_deref())?;
    if args.sheet.is_some() {
        options.sheet.clone_from(&args.sheet);
    }
    let format = match &args.to {
        None => None,
        Some(name) => {
            let found = TableFormat::ALL.iter().find(|(_, n, _)| n == name);
            let names: Vec<_> = TableFormat::ALL.iter().map(|(_, n, _)| *n).collect();
            Some(found.map(|(format, _, _)| *format).ok_or_else(|| {
                Error::Usage(format!("--to {name}: it is one of {}", names.join(", ")))
            })?)
        }
    };
    let table = read(&args.input, &options, lang)?;
    write_table(&table, &args.output, format, lang)?;
    Ok(String::new())
}
