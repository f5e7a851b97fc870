//! What an analysis is: its declaration, its options and the context it runs in.
//!
//! From an analysis's [`Spec`] alone come the form, the help, the JSON keys and their schema, the
//! command line's flags and the search.

pub mod by;
mod changes;
mod check;
pub mod code;
mod columns;
mod complete;
mod context;
mod formulas;
mod option;
mod preview;
mod schema;
mod values;

use crate::report::{Msg, Report};
use crate::table::Table;

pub use changes::{Changes, KindChange, LevelChange, MeasureChange, kind_words};
pub use check::{check, is_enabled, problems};
pub use code::{CodeTables, Language};
pub use columns::{ColumnInfo, TableInfo, fitting};
pub use complete::Complete;
pub use context::{Ctx, Input, RunError, silent};
pub use formulas::{formula_columns, known, read_formula};
pub use option::{
    Choice, Condition, Fits, Kind, OptionSpec, choice, column, columns, flag, formula, integer,
    level, number, rows, terms, text,
};
pub use preview::{cell_of, format_of, format_of_cells, preview};
pub use schema::json_schema;
pub use values::{FieldError, FromValue, Options, Values, read_field};

/// One analysis: a declaration and a function from options and tables to a report and tables.
pub trait Analysis: 'static {
    type Options: Options;
    const SPEC: Spec;
    /// Whether its answer may depend on the seed: then the form asks for one.
    const USES_SEED: bool = false;

    /// # Errors
    /// When the options do not fit the data, when the data do not allow the method, or when the
    /// run is cancelled.
    fn run(options: &Self::Options, input: &Input, ctx: &mut Ctx) -> Result<Output, RunError>;

    /// The same analysis in another language, from the same options; `None` where there is none.
    ///
    /// The code finds each input as a data frame called [`code::frame`], with missing values as the
    /// language has them, and leaves its numbers in `results`: a list (R) or dict (Python) of data
    /// frames under the keys of the report's tables, their columns under the keys of the tables'
    /// heads, row by row as in the report. What is left out is not compared.
    fn code(_options: &Self::Options, _tables: &CodeTables, _language: Language) -> Option<String> {
        None
    }

    /// Values written by version `from` of this analysis as this version reads them.
    fn migrate(values: Values, _from: u32) -> Values {
        values
    }
}

/// What an analysis gives back.
#[derive(Debug, Default)]
pub struct Output {
    pub report: Report,
    /// One for each of [`Spec::outputs`] that this run made, by its name.
    pub tables: Vec<(&'static str, Table)>,
}

/// The declaration of an analysis. English stands here; Korean stands in `korean` under keys that
/// follow from the fields: `title`, `about`, `headline`, `method`, `<option>.title`,
/// `<option>.help`, `<option>.<choice>`, `input.<name>`, `output.<name>`.
#[derive(Clone, Copy, Debug)]
pub struct Spec {
    /// `group.name`, stable for ever.
    pub id: &'static str,
    /// Raised when the meaning of an option changes; see [`Analysis::migrate`].
    pub version: u32,
    pub title: &'static str,
    pub group: Group,
    /// One line: what question it answers.
    pub about: &'static str,
    /// What a cell says when its form is folded, with `{option}` for the options' values.
    pub headline: &'static str,
    /// Which definitions it uses, where tools differ.
    pub method: &'static str,
    pub references: &'static [&'static str],
    /// Other names that people search for, in both languages.
    pub keywords: &'static [&'static str],
    pub picture: Picture,
    pub inputs: &'static [InputSpec],
    pub options: &'static [OptionSpec],
    pub outputs: &'static [OutputSpec],
    pub examples: &'static [Example],
    /// A flat JSON object: the Korean of everything above, and of the messages of the report.
    pub korean: &'static str,
    /// What [`Options::read`] says of values, without the typed options.
    pub read: fn(&Values) -> Vec<FieldError>,
}

/// For [`Spec::read`]: the errors of reading `O`.
pub fn reads<O: Options>(values: &Values) -> Vec<FieldError> {
    O::read(values).err().unwrap_or_default()
}

/// A table that an analysis reads.
#[derive(Clone, Copy, Debug)]
pub struct InputSpec {
    pub name: &'static str,
    pub title: &'static str,
    /// Whether it runs without this table.
    pub optional: bool,
}

/// A table that an analysis makes.
#[derive(Clone, Copy, Debug)]
pub struct OutputSpec {
    pub name: &'static str,
    pub title: &'static str,
}

/// A run that the golden tests hold: a file of `tests/data` for each input, and option values.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    pub name: &'static str,
    /// Input name and file name.
    pub tables: &'static [(&'static str, &'static str)],
    /// A JSON object.
    pub values: &'static str,
}

/// The question that a person asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    Explore,
    Transform,
    Compare,
    Regression,
    Experiment,
    Segment,
    Growth,
    Predict,
    Recommend,
    Survey,
    Text,
    Image,
    Optimise,
}

/// The small picture beside an analysis in the palette.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Picture {
    Bars,
    Clusters,
    Columns,
    Filter,
    Histogram,
    Intervals,
    Lines,
    Network,
    Scatter,
    Table,
    Text,
    Tree,
}

/// One input table called `table`: what most analyses read.
pub const ONE_TABLE: &[InputSpec] = &[InputSpec {
    name: "table",
    title: "Table",
    optional: false,
}];

impl Spec {
    pub fn title(&self) -> Msg {
        self.message("title", self.title)
    }

    pub fn about(&self) -> Msg {
        self.message("about", self.about)
    }

    pub fn method(&self) -> Msg {
        self.message("method", self.method)
    }

    pub fn headline(&self) -> Msg {
        self.message("headline", self.headline)
    }

    pub fn input_title(&self, input: &InputSpec) -> Msg {
        self.message(&format!("input.{}", input.name), input.title)
    }

    pub fn output_title(&self, output: &OutputSpec) -> Msg {
        self.message(&format!("output.{}", output.name), output.title)
    }

    /// `option` may be a field of a [`Kind::Rows`] option: its name is then `rows.field`.
    pub fn option_title(&self, option: &str, spec: &OptionSpec) -> Msg {
        self.message(&format!("{option}.title"), spec.title)
    }

    pub fn option_help(&self, option: &str, spec: &OptionSpec) -> Msg {
        self.message(&format!("{option}.help"), spec.help.trim())
    }

    pub fn choice_title(&self, option: &str, choice: &Choice) -> Msg {
        self.message(&format!("{option}.{}", choice.key), choice.title)
    }

    pub fn section_title(&self, section: &'static str) -> Msg {
        self.message(&format!("section.{section}"), section)
    }

    pub fn option(&self, name: &str) -> Option<&'static OptionSpec> {
        self.options.iter().find(|o| o.name == name)
    }

    /// All sentences of the declaration: what must have Korean.
    pub fn messages(&self) -> Vec<Msg> {
        let mut all = vec![self.title(), self.about(), self.headline(), self.method()];
        all.extend(self.inputs.iter().map(|i| self.input_title(i)));
        all.extend(self.outputs.iter().map(|o| self.output_title(o)));
        self.option_messages("", self.options, &mut all);
        all
    }

    fn option_messages(&self, prefix: &str, options: &'static [OptionSpec], all: &mut Vec<Msg>) {
        for option in options {
            let name = format!("{prefix}{}", option.name);
            all.push(self.option_title(&name, option));
            all.push(self.option_help(&name, option));
            all.extend(option.section.map(|s| self.section_title(s)));
            match option.kind {
                Kind::Choice { choices, .. } => {
                    all.extend(choices.iter().map(|c| self.choice_title(&name, c)));
                }
                Kind::Rows { fields, .. } => self.option_messages(&format!("{name}."), fields, all),
                _ => {}
            }
        }
    }

    fn message(&self, key: &str, en: &'static str) -> Msg {
        Msg {
            id: format!("{}.{key}", self.id).into(),
            en: en.into(),
            args: Vec::new(),
        }
    }
}

impl Group {
    pub const ALL: [Group; 13] = [
        Group::Explore,
        Group::Transform,
        Group::Compare,
        Group::Regression,
        Group::Experiment,
        Group::Segment,
        Group::Growth,
        Group::Predict,
        Group::Recommend,
        Group::Survey,
        Group::Text,
        Group::Image,
        Group::Optimise,
    ];

    /// The question that the group answers.
    pub fn title(self) -> Msg {
        use crate::msg;
        match self {
            Group::Explore => msg!("group.explore", "Look at the data"),
            Group::Transform => msg!("group.transform", "Shape the data"),
            Group::Compare => msg!("group.compare", "Compare groups"),
            Group::Regression => msg!("group.regression", "Explain a number"),
            Group::Experiment => msg!("group.experiment", "Test a change"),
            Group::Segment => msg!("group.segment", "Find segments"),
            Group::Growth => msg!("group.growth", "Follow customers over time"),
            Group::Predict => msg!("group.predict", "Predict"),
            Group::Recommend => msg!("group.recommend", "Recommend"),
            Group::Survey => msg!("group.survey", "Read a survey"),
            Group::Text => msg!("group.text", "Read texts"),
            Group::Image => msg!("group.image", "Read images"),
            Group::Optimise => msg!("group.optimise", "Choose the best"),
        }
    }
}
