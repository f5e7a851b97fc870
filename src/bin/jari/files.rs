//! Tables in files of all kinds.

use std::path::Path;

use jari::engine::protocol::TableFormat;
use jari::engine::{characters_lost, files, import_error, import_warning};
use jari::report::{Lang, Msg};
use jari::table::csv::{self, FileSource, ImportOptions};
use jari::table::{FileFormat, Table, csv_write, json, json_lines};

use crate::Error;

/// How to read files, from a JSON file.
pub fn import_options(path: Option<&Path>) -> Result<ImportOptions, Error> {
    let Some(path) = path else {
        return Ok(ImportOptions::default());
    };
    let text = std::fs::read_to_string(path)
        .map_err(|e| Error::Usage(format!("{}: {e}", path.display())))?;
    serde_json::from_str(&text).map_err(|e| Error::Usage(format!("{}: {e}", path.display())))
}

/// Reads a file; what its reader has to say goes to standard error.
pub fn read(path: &str, options: &ImportOptions, lang: Lang) -> Result<Table, Error> {
    let mut source = FileSource::open(path).map_err(|e| Error::Usage(format!("{path}: {e}")))?;
    let failed = |message: Msg| Error::Failed(format!("{path}: {}", message.text(lang)));
    let format = files::format_of(&mut source, options, path).map_err(|f| failed(f.message))?;
    let (table, warnings) = if format == FileFormat::Csv {
        let mut go_on = |_| std::ops::ControlFlow::Continue(());
        let imported = csv::read_csv(&mut source, options, &mut go_on)
            .map_err(|e| failed(import_error(&e)))?;
        let warnings = imported.warnings.iter().map(import_warning).collect();
        (imported.table, warnings)
    } else {
        let (table, _, warnings) = files::read(&mut source, format, options, &mut |_, _| true)
            .map_err(|f| failed(f.message))?;
        (table, warnings)
    };
    tell(path, &warnings, lang);
    Ok(table)
}

/// Writes a file in `format`, or as its ending says; what the format cannot hold goes to standard
/// error.
pub fn write_table(
    table: &Table,
    path: &str,
    format: Option<TableFormat>,
    lang: Lang,
) -> Result<(), Error> {
    let format = match format {
        Some(format) => format,
        None => by_ending(path)?,
    };
    let mut warnings: Vec<Msg> = Vec::new();
    let bytes = match format {
        TableFormat::Csv => csv_write::to_csv(table, false),
        TableFormat::CsvForExcel => csv_write::to_csv(table, true),
        TableFormat::CsvCp949 => {
            let encoded = csv_write::to_cp949(table);
            warnings.extend(characters_lost(&encoded));
            encoded.bytes
        }
        TableFormat::Json => json::write(table).to_string().into_bytes(),
        TableFormat::JsonLines => json_lines::write(table),
        TableFormat::Xlsx | TableFormat::Parquet | TableFormat::Arrow => {
            let (bytes, said) = files::write(table, format, &mut |_, _| true)
                .map_err(|f| Error::Failed(format!("{path}: {}", f.message.text(lang))))?;
            warnings = said;
            bytes
        }
    };
    std::fs::write(path, bytes).map_err(|e| Error::Failed(format!("{path}: {e}")))?;
    tell(path, &warnings, lang);
    Ok(())
}

fn tell(path: &str, warnings: &[Msg], lang: Lang) {
    for warning in warnings {
        eprintln!("jari: {path}: {}", warning.text(lang));
    }
}

fn by_ending(path: &str) -> Result<TableFormat, Error> {
    let ending = Path::new(path).extension().unwrap_or_default();
    let ending = ending.to_string_lossy().to_lowercase();
    let ending = match ending.as_str() {
        "ndjson" => "jsonl",
        "feather" | "ipc" => "arrow",
        "" | "txt" => "csv",
        other => other,
    };
    let found = TableFormat::ALL.iter().find(|(_, _, e)| *e == ending);
    found.map(|(format, _, _)| *format).ok_or_else(|| {
        Error::Usage(format!(
            "{path}: files end in csv, xlsx, parquet, arrow, json or jsonl"
        ))
    })
}
