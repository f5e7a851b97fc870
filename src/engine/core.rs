//! The engine without a browser: tables by id, and the answers to requests.

use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;

use super::cells::{find, summarise};
use super::files;
use super::import_words::{characters_lost, import_error, import_warning};
use super::protocol::{
    CodeRequest, Failure, FailureKind, Progress, Ran, Request, Response, RunRequest, TableFormat,
};
use super::rows::rows;
use crate::msg;
use crate::notebook::File;
use crate::report::{self, Msg};
use crate::spec::{
    CodeTables, ColumnInfo, Ctx, Input, Language, Output, RunError, TableInfo, Values,
};
use crate::table::csv::{self, Source, SourceFile};
use crate::table::{
    Column, Declaration, DeclareError, FileFormat, Table, csv_write, declare, json, json_lines,
    profile, storage,
};

/// Writes an analysis as a script: its id, the columns that it is run by, values, columns by input, files by input.
type Writer = fn(
    &str,
    &[String],
    &Values,
    &CodeTables,
    &BTreeMap<String, String>,
    Language,
) -> Result<Option<String>, RunError>;

/// Runs an analysis: its id, the columns that it is run by, values, tables.
type Run = fn(&str, &[String], &Values, &Input, &mut Ctx) -> Result<Output, RunError>;

/// Runs an analysis by its id: the registry, handed in so that the engine does not know it.
#[derive(Clone, Copy)]
pub struct Runner {
    pub knows: fn(&str) -> bool,
    pub run: Run,
    pub code: Writer,
}

/// Tables and a runner.
pub struct Core {
    runner: Runner,
    tables: HashMap<String, Table>,
    /// Milliseconds on some clock.
    now: fn() -> f64,
}

/// What came beside a request.
#[derive(Default)]
pub struct Attached<'a> {
    /// The files that a request reads: one, or several to be put one below the other.
    pub sources: Vec<SourceFile<'a>>,
    /// Columns of numbers.
    pub columns: Vec<Vec<f64>>,
    /// A table as [`storage`] writes it.
    pub bytes: Vec<u8>,
}

/// An answer, with bytes that travel beside it.
pub struct Answer {
    pub response: Response,
    pub buffer: Option<Vec<u8>>,
}

impl From<Response> for Answer {
    fn from(response: Response) -> Self {
        Self {
            response,
            buffer: None,
        }
    }
}

impl Core {
    pub fn new(runner: Runner, now: fn() -> f64) -> Self {
        Self {
            runner,
            tables: HashMap::new(),
            now,
        }
    }

    /// The ids of the tables that must be there before `request` can be answered.
    pub fn needs(request: &Request) -> Vec<&str> {
        match request {
            Request::Run(run) => run.inputs.values().map(String::as_str).collect(),
            Request::Code(code) => code.inputs.values().map(String::as_str).collect(),
            Request::Rows { table, .. }
            | Request::Summarise { table, .. }
            | Request::Find { table, .. }
            | Request::Declare { table, .. }
            | Request::Profile { table }
            | Request::Export { table, .. }
            | Request::Info { table } => vec![table],
            _ => Vec::new(),
        }
    }

    pub fn has(&self, id: &str) -> bool {
        self.tables.contains_key(id)
    }

    pub fn table(&self, id: &str) -> Option<&Table> {
        self.tables.get(id)
    }

    pub fn insert(&mut self, id: impl Into<String>, table: Table) {
        self.tables.insert(id.into(), table);
    }

    /// Answers one request. `progress` says whether to go on. New tables are in the core under the ids that the request gave.
    ///
    /// # Errors
    /// A sentence that says what, where and what to try.
    pub fn answer(
        &mut self,
        request: &Request,
        attached: Attached,
        progress: &mut dyn FnMut(Progress) -> bool,
    ) -> Result<Answer, Failure> {
        match request {
            Request::Start { .. } => Ok(Response::Started {
                build: super::BUILD.to_string(),
            }
            .into()),
            Request::Preview { options, name } => {
                let mut sources = named(attached.sources, name);
                let (preview, warnings) = match common_format(&mut sources, options)? {
                    FileFormat::Csv => {
                        let preview = csv::preview_files(&mut sources, options)
                            .map_err(|e| import_failure(&e))?;
                        let warnings = preview.warnings.iter().map(import_warning).collect();
                        (preview, warnings)
                    }
                    format => files::preview(sources[0].source, format, options)?,
                };
                let preview = Box::new(preview);
                Ok(Response::Previewed { preview, warnings }.into())
            }
            Request::Import {
                table,
                options,
                name,
                before,
            } => {
                let mut sources = named(attached.sources, name);
                let response = match common_format(&mut sources, options)? {
                    FileFormat::Csv => self.import(table, &mut sources, options, progress),
                    format => {
                        let source = &mut *sources[0].source;
                        self.import_file(table, (source, format), options, progress)
                    }
                };
                Ok(response?.compared_with(before.as_ref()).into())
            }
            Request::ImportColumns { table, names } => {
                self.import_columns(table, names, attached.columns)
            }
            Request::Restore { table } => {
                let restored =
                    storage::read(&attached.bytes).map_err(|e| damaged(&e.to_string()))?;
                Ok(self.imported(table, restored))
            }
            Request::SplitNotebook => {
                let bytes = all_bytes(attached.sources)?;
                let (text, data) = File::split_data(&bytes)
                    .map_err(|e| Failure::new(FailureKind::Import, e.message()))?;
                let places = data
                    .into_iter()
                    .map(|(id, r)| (id, (r.start as u64, r.end as u64)));
                Ok(Response::Notebook {
                    text,
                    data: places.collect(),
                }
                .into())
            }
            Request::ImportJson { table } => {
                let bytes = all_bytes(attached.sources)?;
                let json = serde_json::from_slice(&bytes).map_err(|e| damaged(&e.to_string()))?;
                drop(bytes);
                let read = json::read(&json).map_err(|e| damaged(&e.to_string()))?;
                Ok(self.imported(table, read))
            }
            Request::Declare {
                table,
                into,
                columns,
            } => self.declare(table, into, columns),
            Request::Run(run) => self.run(run, progress),
            Request::Code(code) => self.code(code),
            Request::Rows {
                table,
                start,
                n,
                labels,
            } => Ok(Response::Rows(rows(self.known(table)?, *start, *n, *labels)).into()),
            Request::Summarise { table, cells } => {
                Ok(Response::Summarised(summarise(self.known(table)?, *cells)).into())
            }
            Request::Find {
                table,
                text,
                from,
                back,
            } => {
                let step = msg!("engine.finding", "Looking for “{text}”", text = text);
                let mut go_on = |done| {
                    let step = step.clone();
                    progress(Progress { done, step })
                };
                let cell = find(self.known(table)?, text, *from, *back, &mut go_on);
                Ok(Response::Found { cell }.into())
            }
            Request::Profile { table } => {
                let columns = self
                    .known(table)?
                    .columns()
                    .iter()
                    .map(|c| profile::profile(c))
                    .collect();
                Ok(Response::Profiled { columns }.into())
            }
            Request::Export { table, format } => self.export(table, *format, progress),
            Request::Info { table } => Ok(Response::Info {
                info: TableInfo::of(self.known(table)?),
            }
            .into()),
            Request::Keep { tables } => {
                self.tables.retain(|id, _| tables.contains(id));
                Ok(Response::Done.into())
            }
        }
    }

    fn import(
        &mut self,
        id: &str,
        sources: &mut [SourceFile],
        options: &csv::ImportOptions,
        progress: &mut dyn FnMut(Progress) -> bool,
    ) -> Result<Response, Failure> {
        let mut watch = |p: csv::Progress| {
            let step = msg!(
                "engine.reading",
                "{done} of {total} MB, {rows} {rows|row|rows}",
                done = (p.n_bytes as f64 / 1e6, report::Format::Fixed(1)),
                total = (p.n_bytes_total as f64 / 1e6, report::Format::Fixed(1)),
                rows = p.n_rows
            );
            let done = p.n_bytes as f32 / p.n_bytes_total.max(1) as f32;
            if progress(Progress { done, step }) {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        };
        let imported =
            csv::read_files(sources, options, &mut watch).map_err(|e| import_failure(&e))?;
        let response = Response::Imported {
            info: TableInfo::of(&imported.table),
            understood: Some(imported.understood),
            warnings: imported.warnings.iter().map(import_warning).collect(),
            changes: None,
        };
        self.insert(id, imported.table);
        Ok(response)
    }

    fn import_file(
        &mut self,
        id: &str,
        (source, format): (&mut dyn Source, FileFormat),
        options: &csv::ImportOptions,
        progress: &mut dyn FnMut(Progress) -> bool,
    ) -> Result<Response, Failure> {
        let mut watch = |done, step| progress(Progress { done, step });
        let (table, understood, warnings) = files::read(source, format, options, &mut watch)?;
        let response = Response::Imported {
            info: TableInfo::of(&table),
            understood: Some(understood),
            warnings,
            changes: None,
        };
        self.insert(id, table);
        Ok(response)
    }

    fn import_columns(
        &mut self,
        id: &str,
        names: &[String],
        columns: Vec<Vec<f64>>,
    ) -> Result<Answer, Failure> {
        if names.len() != columns.len() {
            return Err(damaged("as many names as columns are needed"));
        }
        let columns = names
            .iter()
            .zip(columns)
            .map(|(name, values)| Column::float(name, values));
        let table = Table::new(columns.collect()).map_err(|e| damaged(&e.to_string()))?;
        Ok(self.imported(id, table))
    }

    fn imported(&mut self, id: &str, table: Table) -> Answer {
        let info = TableInfo::of(&table);
        self.insert(id, table);
        Response::Imported {
            info,
            understood: None,
            warnings: Vec::new(),
            changes: None,
        }
        .into()
    }

    fn run(
        &mut self,
        run: &RunRequest,
        progress: &mut dyn FnMut(Progress) -> bool,
    ) -> Result<Answer, Failure> {
        self.has_analysis(&run.analysis)?;
        let mut tables = Vec::new();
        for (input, id) in &run.inputs {
            tables.push((input.clone(), self.known(id)?.clone()));
        }
        let started = (self.now)();
        let mut watch = |done: f32, step: &Msg| {
            progress(Progress {
                done,
                step: step.clone(),
            })
        };
        let mut ctx = Ctx::new(run.seed, &mut watch);
        let input = Input::new(tables);
        let output = (self.runner.run)(&run.analysis, &run.by, &run.values, &input, &mut ctx)?;
        let ms = (self.now)() - started;
        let mut infos = BTreeMap::new();
        for (name, table) in output.tables {
            if let Some(id) = run.outputs.get(name) {
                infos.insert(name.to_string(), TableInfo::of(&table));
                self.insert(id, table);
            }
        }
        let json = run.json.map(|lang| report::json(&output.report, lang));
        let report = json
            .is_none()
            .then(|| serde_json::to_string(&output.report).expect("a report has string keys only"));
        Ok(Response::Ran(Box::new(Ran {
            report,
            json,
            tables: infos,
            ms,
        }))
        .into())
    }

    fn code(&self, request: &CodeRequest) -> Result<Answer, Failure> {
        self.has_analysis(&request.analysis)?;
        let mut tables = CodeTables::new();
        for (input, id) in &request.inputs {
            tables.insert(input.clone(), ColumnInfo::of_table(self.known(id)?));
        }
        let CodeRequest {
            analysis,
            by,
            values,
            files,
            language,
            ..
        } = request;
        let code = (self.runner.code)(analysis, by, values, &tables, files, *language)?;
        Ok(Response::Code { code }.into())
    }

    fn has_analysis(&self, id: &str) -> Result<(), Failure> {
        if (self.runner.knows)(id) {
            return Ok(());
        }
        let message = msg!(
            "engine.no_analysis",
            "This Jari has no analysis “{id}”.",
            id = id
        );
        Err(Failure::new(FailureKind::NoAnalysis, message))
    }

    fn export(
        &self,
        id: &str,
        format: TableFormat,
        progress: &mut dyn FnMut(Progress) -> bool,
    ) -> Result<Answer, Failure> {
        let table = self.known(id)?;
        let mut warnings = Vec::new();
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
                let mut watch = |done, step| progress(Progress { done, step });
                let (bytes, said) = files::write(table, format, &mut watch)?;
                warnings = said;
                bytes
            }
        };
        Ok(Answer {
            response: Response::Exported { warnings },
            buffer: Some(bytes),
        })
    }

    fn declare(
        &mut self,
        table: &str,
        into: &str,
        columns: &BTreeMap<String, Declaration>,
    ) -> Result<Answer, Failure> {
        let said = columns.iter().map(|(name, said)| (name.as_str(), said));
        let (declared, lost) = declare(self.known(table)?, said).map_err(|error| {
            let message = match error {
                DeclareError::NoColumn { name } => msg!(
                    "spec.no_column",
                    "The table has no column “{name}”.",
                    name = name
                ),
                DeclareError::BadName { name } if name.is_empty() => {
                    msg!("engine.no_name", "A column needs a name.")
                }
                DeclareError::BadName { name } => msg!(
                    "engine.name_taken",
                    "The table has a column “{name}” already.",
                    name = name
                ),
            };
            Failure::new(FailureKind::Data, message)
        })?;
        let warnings = lost.into_iter().map(|(column, n)| {
            msg!(
                "engine.values_lost",
                "“{column}”: {n} {n|value|values} cannot be read so and {n|is|are} missing now.",
                column = column,
                n = n
            )
        });
        let response = Response::Imported {
            info: TableInfo::of(&declared),
            understood: None,
            warnings: warnings.collect(),
            changes: None,
        };
        self.insert(into, declared);
        Ok(response.into())
    }

    fn known(&self, id: &str) -> Result<&Table, Failure> {
        self.table(id).ok_or_else(|| {
            let message = msg!("engine.no_table", "The table is no longer in this browser. Open its file again, or run the cell that makes it.");
            Failure::new(FailureKind::NoTable, message)
        })
    }
}

/// A file without a name of its own goes by the request's.
fn named<'a>(mut sources: Vec<SourceFile<'a>>, name: &str) -> Vec<SourceFile<'a>> {
    for source in sources.iter_mut().filter(|s| s.name.is_empty()) {
        source.name = name.to_owned();
    }
    sources
}

/// What kind of file a request reads. Several must be delimited text.
fn common_format(
    sources: &mut [SourceFile],
    options: &csv::ImportOptions,
) -> Result<FileFormat, Failure> {
    let is_one = sources.len() == 1;
    let mut found = None;
    for file in sources {
        let format = files::format_of(file.source, options, &file.name)?;
        if !is_one && format != FileFormat::Csv {
            let message = msg!(
                "engine.append_text_only",
                "Only delimited text can be put one below the other, and “{file}” is none. Open it by itself.",
                file = &file.name
            );
            return Err(Failure::new(FailureKind::Import, message));
        }
        found = Some(format);
    }
    found.ok_or_else(no_file)
}

/// What is in the one file of a request.
fn all_bytes(mut sources: Vec<SourceFile>) -> Result<Vec<u8>, Failure> {
    let source = &mut *sources.first_mut().ok_or_else(no_file)?.source;
    let mut bytes = vec![0; source.len() as usize];
    let n = source
        .read_at(0, &mut bytes)
        .map_err(|e| damaged(&e.to_string()))?;
    bytes.truncate(n);
    Ok(bytes)
}

fn no_file() -> Failure {
    damaged("the request came without a file")
}

pub(super) fn import_failure(error: &csv::ImportError) -> Failure {
    let kind = if matches!(error, csv::ImportError::Cancelled) {
        FailureKind::Cancelled
    } else {
        FailureKind::Import
    };
    Failure::new(kind, import_error(error))
}

fn damaged(what: &str) -> Failure {
    Failure::new(
        FailureKind::Import,
        msg!(
            "engine.damaged",
            "The table cannot be read: {what}.",
            what = what
        ),
    )
}
