//! Tables in files of all kinds.

use std::path::Path;

use jari::engine::protocol::TableFormat;
use jari::engine::{characters_lost, files, import_error, import_warning};
use jari::report::{Lang, Msg};
use jari::table::csv::{self, FileSource, ImportOptions, SourceFile};
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

/// Reads a file, or those that a pattern stands for; what their reader has to say goes to standard
/// error.
pub fn read(path: &str, options: &ImportOptions, lang: Lang) -> Result<Table, Error> {
    read_all(&matching(path)?, options, lang)
}

/// Reads a file, or several as one table.
pub fn read_all(paths: &[String], options: &ImportOptions, lang: Lang) -> Result<Table, Error> {
    let mut sources = Vec::new();
    for path in paths {
        let source = FileSource::open(path).map_err(|e| Error::Usage(format!("{path}: {e}")))?;
        sources.push((path, source));
    }
    let failed = |path: &str, message: Msg| match path {
        "" => Error::Failed(message.text(lang)),
        path => Error::Failed(format!("{path}: {}", message.text(lang))),
    };
    if let [(path, source)] = &mut sources[..] {
        let format =
            files::format_of(source, options, path).map_err(|f| failed(path, f.message))?;
        if format != FileFormat::Csv {
            let (table, _, warnings) = files::read(source, format, options, &mut |_, _| true)
                .map_err(|f| failed(path, f.message))?;
            tell(path, &warnings, lang);
            return Ok(table);
        }
    }
    // The names are said once: with the file, or within each sentence.
    let path = match paths {
        [path] => path.as_str(),
        _ => "",
    };
    let mut parts: Vec<SourceFile> = sources
        .iter_mut()
        .map(|(path, source)| SourceFile {
            name: file_name(path),
            source,
        })
        .collect();
    let options = ImportOptions {
        append: options.append || paths.len() > 1,
        ..options.clone()
    };
    let mut go_on = |_| std::ops::ControlFlow::Continue(());
    let imported = csv::read_files(&mut parts, &options, &mut go_on)
        .map_err(|e| failed(path, import_error(&e)))?;
    let warnings: Vec<Msg> = imported.warnings.iter().map(import_warning).collect();
    tell(path, &warnings, lang);
    Ok(imported.table)
}

/// The files that a pattern such as `2024-*.csv` stands for, in the order of their names; a path that
/// is there, or holds no pattern, stands for itself.
pub fn matching(pattern: &str) -> Result<Vec<String>, Error> {
    if !pattern.contains(['*', '?']) || Path::new(pattern).exists() {
        return Ok(vec![pattern.to_owned()]);
    }
    let path = Path::new(pattern);
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty());
    let wanted = file_name(pattern);
    let shown = folder.unwrap_or(Path::new("."));
    let entries =
        std::fs::read_dir(shown).map_err(|e| Error::Usage(format!("{}: {e}", shown.display())))?;
    let mut found = Vec::new();
    for entry in entries {
        let name = entry.map_err(|e| Error::Usage(format!("{pattern}: {e}")))?;
        let name = name.file_name().to_string_lossy().into_owned();
        if fits(&wanted, &name) {
            let path = folder.map_or(name.clone().into(), |f| f.join(&name));
            found.push(path.to_string_lossy().into_owned());
        }
    }
    found.sort();
    match found.is_empty() {
        true => Err(Error::Usage(format!("{pattern}: no file has such a name"))),
        false => Ok(found),
    }
}

fn file_name(path: &str) -> String {
    let name = Path::new(path).file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// Whether a name fits a pattern in which `*` stands for any letters and `?` for one.
fn fits(pattern: &str, name: &str) -> bool {
    let Some(first) = pattern.chars().next() else {
        return name.is_empty();
    };
    let rest = &pattern[first.len_utf8()..];
    if first == '*' {
        let starts = name.char_indices().map(|(at, _)| at);
        return starts.chain([name.len()]).any(|at| fits(rest, &name[at..]));
    }
    let mut letters = name.chars();
    letters
        .next()
        .is_some_and(|letter| first == '?' || first == letter)
        && fits(rest, letters.as_str())
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
        match path {
            "" => eprintln!("jari: {}", warning.text(lang)),
            path => eprintln!("jari: {path}: {}", warning.text(lang)),
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        let check = |pattern, name, expected| assert_eq!(fits(pattern, name), expected, "{name}");
        check("*.csv", "a.csv", true);
        check("*.csv", "a.csv.gz", false);
        check("2024-??.csv", "2024-01.csv", true);
        check("2024-??.csv", "2024-1.csv", false);
        check("*월*", "매출 3월 확정.csv", true);
        check("a*b*c", "abbc", true);
        check("a*b*c", "acb", false);
        check("", "", true);
    }
}
