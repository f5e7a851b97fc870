//! Jari on the command line: the same engine as in the browser.
//!
//! Exit codes: 0 when all went well, 1 when the data or the method did not allow an answer, 2 when
//! the command was not understood. Results go to standard output, everything else to standard error.

mod code;
mod convert;
mod describe;
mod files;
mod notebook;
mod options;
mod run;
mod write;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use jari::report::Lang;

/// Data analysis on this machine.
#[derive(Parser)]
#[command(name = "jari", version, about, arg_required_else_help = true)]
struct Command {
    /// Language of the results.
    #[arg(long, global = true, value_enum, default_value = "en")]
    lang: LangArg,
    #[command(subcommand)]
    action: Action,
}

#[derive(Clone, Copy, ValueEnum)]
enum LangArg {
    En,
    Ko,
}

impl From<LangArg> for Lang {
    fn from(lang: LangArg) -> Self {
        match lang {
            LangArg::En => Lang::En,
            LangArg::Ko => Lang::Ko,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Text,
    Json,
    Html,
}

#[derive(Subcommand)]
enum Action {
    /// List the analyses.
    List {
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Say what an analysis does and which options it takes; with json, as a JSON Schema.
    Describe {
        id: String,
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Run an analysis on files.
    Run(run::Args),
    /// Write an analysis as a script of R or Python.
    Code(code::Args),
    /// Write a table as a file of another kind: csv, xlsx, parquet, arrow, json or jsonl.
    Convert(convert::Args),
    /// Work with notebook files.
    Notebook {
        #[command(subcommand)]
        action: NotebookAction,
    },
}

#[derive(Subcommand)]
enum NotebookAction {
    /// Run all cells of a .jari.json file.
    Run {
        file: PathBuf,
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
        /// A file for a table that the notebook was saved without: NAME=FILE.
        #[arg(long, value_name = "NAME=FILE")]
        data: Vec<String>,
    },
}

/// Why the command ends without a result.
pub enum Error {
    /// The command asks for something that is not there.
    Usage(String),
    /// The data or the method did not allow an answer.
    Failed(String),
}

fn main() -> ExitCode {
    let command = Command::parse();
    jari::analyses::add_korean();
    jari::engine::add_korean();
    let lang = command.lang.into();
    let done = match command.action {
        Action::List { format } => describe::list(format, lang),
        Action::Describe { id, format } => describe::describe(&id, format, lang),
        Action::Run(args) => run::run(&args, lang),
        Action::Code(args) => code::code(&args, lang),
        Action::Convert(args) => convert::convert(&args, lang),
        Action::Notebook {
            action: NotebookAction::Run { file, format, data },
        } => notebook::run(&file, format, &data, lang),
    };
    let (message, code) = match done {
        Ok(text) => {
            // A reader that has seen enough, such as `head`, is no fault.
            return match std::io::stdout().lock().write_all(text.as_bytes()) {
                Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => ExitCode::FAILURE,
                _ => ExitCode::SUCCESS,
            };
        }
        Err(Error::Failed(message)) => (message, 1),
        Err(Error::Usage(message)) => (message, 2),
    };
    eprintln!("jari: {message}");
    ExitCode::from(code)
}
