//! The readers, what they are given, and what must hold of their answers.

use std::hash::{Hash, Hasher};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jari::engine::{import_error, import_warning};
use jari::formats;
use jari::formula::functions::Function;
use jari::formula::{Formula, Known, Wanted, call_at, complete, parse};
use jari::notebook::File;
use jari::report::{Lang, Msg};
use jari::table::csv::{
    ColumnOverride, Delimiter, Encoding, ImportOptions, Preview, SourceFile, Understood,
    preview_files, read_files,
};
use jari::table::{ColumnKind, FileFormat, Measure, Table, csv_write, json, profile, storage};
use xxhash_rust::xxh3::xxh3_64;

use super::PATIENCE;

/// An input and the name of its file.
#[derive(Clone, Debug)]
pub struct Input {
    pub name: String,
    pub bytes: Vec<u8>,
}

#[derive(Clone, Copy)]
pub struct Reader {
    pub name: &'static str,
    /// Endings of the files in `tests/data/formats` that it begins with.
    endings: &'static [&'static str],
    words: &'static [&'static str],
    /// How long it may take.
    pub patience: Duration,
    read: fn(&Input, &mut Behaviour),
}

/// What an answer was like: an input whose answer is like no other before is worth changing further.
#[derive(Default)]
pub struct Behaviour(rustc_hash::FxHasher);

const XML: &[&str] = &[
    " r=\"A1048577\"",
    " r=\"XFD1048576\"",
    " r=\"ZZZZZZ99999999\"",
    " r=\"A0\"",
    " r=\"1A\"",
    " t=\"s\"",
    " t=\"inlineStr\"",
    " t=\"d\"",
    " t=\"e\"",
    " t=\"b\"",
    " s=\"4294967295\"",
    "<c r=\"XFD1048576\"><v>1</v></c>",
    "<row r=\"1048576\">",
    "<mergeCell ref=\"A1:XFD1048576\"/>",
    "<mergeCell ref=\"B2:A1\"/>",
    "<mergeCells>",
    "<dimension ref=\"A1:XFD1048576\"/>",
    "<f t=\"shared\" ref=\"A1:A1048576\" si=\"0\">A1</f>",
    "<f t=\"shared\" si=\"0\"/>",
    "<is><t>x</t></is>",
    "<rPh>",
    "<v>99999</v>",
    "<v>-1e300</v>",
    "<v>2958466</v>",
    "&amp;",
    "&#0;",
    "&#x110000;",
    "&bad;",
    "_x0000_",
    "_xD800_",
    "<!--",
    "]]>",
    "<![CDATA[",
    "<?xml version=\"1.0\" encoding=\"UTF-16\"?>",
    " xml:space=\"preserve\"",
    " date1904=\"1\"",
    " formatCode=\"yyyy[h]:mm;;;@\"",
    " table:number-columns-repeated=\"16384\"",
    " table:number-rows-repeated=\"1048576\"",
    " table:number-columns-spanned=\"0\"",
    " office:value-type=\"date\" office:date-value=\"2024-02-30\"",
    " office:value-type=\"time\" office:time-value=\"PT99999999H\"",
    " office:value-type=\"float\" office:value=\"1e999\"",
    "<table:covered-table-cell/>",
    "<text:s text:c=\"4294967295\"/>",
];

const TEXT: &[&str] = &[
    ",",
    ";",
    "\t",
    "|",
    "\"",
    "\"\"",
    "\r",
    "\n",
    "\r\n",
    "\0",
    "'",
    "\u{feff}",
    "sep=;\n",
    "#",
    "NA",
    "-",
    "2024-02-29",
    "29.02.2024",
    "2024년 2월 29일",
    "오후 3:05",
    "3:05 PM",
    "99999-01-01",
    "2024-03-05T10:00:00+09:00",
    "12%",
    "₩1,200",
    "1.200,50 €",
    "(1,200)",
    "1e5",
    "+1",
    "1_000",
    "true",
    "예",
    "합계",
    "Total",
    "N = 12",
    "\u{200b}",
    "\u{a0}",
    "\u{3000}",
    "🦆",
    "가",
];

const JSON: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "null",
    "true",
    "\"\"",
    "{\"a\":",
    "[[",
    "]]",
    "[{",
    "}]",
    "1e999",
    "-0",
    "\"\\ud800\"",
    "\"\\u0000\"",
    "\"data\":",
    "\"columns\":",
    "\"index\":",
    "\"schema\":",
    "9007199254740993",
    "\"2024-02-30\"",
    "\n{",
];

const NOTEBOOK: &[&str] = &[
    "\"format\": \"jari\"",
    "\"version\": 1",
    "\"cells\": []",
    "\"data\": {}",
    "\"sources\": []",
    "null",
    "\"float\"",
    "\"int\"",
    "\"category\"",
    "\"date\"",
    "\"levels\": []",
    "\"codes\": [-1, 99]",
    "{",
    "}",
    "[",
    "]",
    "1e999",
];

const BINARY: &[&str] = &[
    "PAR1",
    "ARROW1\0\0",
    "ARROW:schema",
    "jari",
    "\u{ff}",
    "$FL2",
    "$FL3",
];

const FORMULA: &[&str] = &[
    " + ",
    " - ",
    " * ",
    " / ",
    " // ",
    " % ",
    " ^ ",
    " & ",
    " = ",
    " != ",
    " < ",
    " >= ",
    "(",
    ")",
    "[",
    "]",
    ", ",
    " and ",
    " or ",
    " not ",
    " in ",
    " is ",
    " between ",
    " missing ",
    " case ",
    " when ",
    " then ",
    " else ",
    " end ",
    " by ",
    "true",
    "#",
    "\"",
    "'",
    "`",
    "x",
    "n",
    "b",
    "c",
    "o",
    "t",
    "d",
    "m",
    "s",
    "`금액(원)`",
    "0",
    "2.5",
    "1e300",
    "1e18",
    "\"day\"",
    "\"month\"",
    "\"2024-03-05\"",
    "\"(a+)+$\"",
    "\"%Y-%m-%d\"",
    "\"(.)(.)\"",
    "-",
];

impl Reader {
    pub const ALL: [Self; 10] = [
        Self::file("arrow", &["arrow", "arrows", "feather"], BINARY),
        Self::file("csv", &[], TEXT),
        Self {
            name: "formula",
            endings: &[],
            words: FORMULA,
            patience: PATIENCE,
            read: read_formula,
        },
        Self::file("json", &["json", "jsonl"], JSON),
        Self {
            name: "notebook",
            endings: &[],
            words: NOTEBOOK,
            patience: PATIENCE,
            read: read_notebook,
        },
        Self::file("ods", &["ods"], XML),
        Self::file("parquet", &["parquet"], BINARY),
        Self::file("sav", &["sav", "zsav"], BINARY),
        Self::file("xls", &["xls"], &[]),
        Self::file("xlsx", &["xlsx"], XML),
    ];

    /// A reader that fails as it is told.
    pub const FAULTY: Self = Self {
        name: "faulty",
        endings: &[],
        words: &[],
        patience: Duration::from_secs(2),
        read: fail_as_told,
    };

    const fn file(
        name: &'static str,
        endings: &'static [&'static str],
        words: &'static [&'static str],
    ) -> Self {
        Self {
            name,
            endings,
            words,
            patience: PATIENCE,
            read: read_file,
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter().chain([Self::FAULTY]);
        all.find(|reader| reader.name == name)
    }

    /// Where its own inputs are kept.
    pub fn folder(&self) -> PathBuf {
        super::folder().join(self.name)
    }

    /// Every kept input, in the order of their names.
    pub fn inputs(&self) -> Vec<Input> {
        let tests = super::folder().join("..");
        let mut all = files_in(&self.folder(), |_| true);
        match self.name {
            "csv" => all.extend(files_in(&tests.join("nasty"), |ending| {
                !matches!(ending, "py" | "json")
            })),
            "notebook" => all.extend(files_in(&tests.join("notebooks"), |_| true)),
            "formula" => {
                all.extend(Function::all().map(|f| Input {
                    name: format!("{}.txt", f.name),
                    bytes: f.example.as_bytes().to_vec(),
                }));
            }
            _ => {}
        }
        let formats = files_in(&tests.join("data/formats"), |e| self.endings.contains(&e));
        all.extend(formats.into_iter().filter(|f| f.name != "expected.json"));
        all
    }

    /// What stands in its inputs and means something.
    pub fn words(&self) -> Vec<String> {
        let mut words: Vec<String> = self.words.iter().map(|&w| w.to_owned()).collect();
        if self.name == "formula" {
            words.extend(Function::all().map(|f| format!("{}(", f.name)));
        }
        words
    }

    /// Reads an input, and panics when what must hold of the answer does not. Tells what it was like.
    pub fn read(&self, input: &Input) -> u64 {
        let mut behaviour = Behaviour::default();
        (self.read)(input, &mut behaviour);
        behaviour.0.finish()
    }
}

fn files_in(folder: &Path, wants: impl Fn(&str) -> bool) -> Vec<Input> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| wants(path.extension().and_then(|e| e.to_str()).unwrap_or("")))
        .filter(|path| path.is_file())
        .collect();
    files.sort();
    let input = |path: PathBuf| Input {
        name: path
            .file_name()
            .map(|n| n.to_string_lossy().into_owned())
            .unwrap_or_default(),
        bytes: std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display())),
    };
    files.into_iter().map(input).collect()
}

impl Behaviour {
    fn note(&mut self, what: impl Hash) {
        what.hash(&mut self.0);
    }

    fn said(&mut self, message: &Msg) {
        let shown = message.text(Lang::En);
        assert!(!shown.is_empty(), "{} says nothing", message.id);
        self.note(&message.id);
        self.note(&message.en);
    }
}

/// As the engine opens a file: a look, then the whole, by itself and as told.
fn read_file(input: &Input, behaviour: &mut Behaviour) {
    let mut bytes = &input.bytes[..];
    let format = FileFormat::detect(&mut bytes, &input.name).expect("memory can be read");
    behaviour.note(format.name());
    let shown = read_as(input, format, &ImportOptions::default(), behaviour);
    let told = xxh3_64(&input.bytes);
    if told.is_multiple_of(3) {
        read_as(input, format, &options(told, shown.as_ref()), behaviour);
    }
}

/// What a person may tell, by chance.
fn options(chance: u64, shown: Option<&Understood>) -> ImportOptions {
    let mut options = ImportOptions::default();
    let has = |bit: u32| chance >> bit & 1 == 1;
    let number = |bit: u32, n: u64| (chance >> bit) % n;
    if has(8) {
        options.has_header = Some(has(9));
    }
    if has(10) {
        options.skip_rows = Some(number(11, 5) as usize);
        options.header_row = Some(number(14, 40) as u32);
        options.header_rows = Some(number(20, 5) as u32);
    }
    if has(24) {
        options.delimiter = Delimiter::from_byte(b",;\t| :"[number(25, 6) as usize]);
    }
    if has(28) {
        let all = [
            "utf-8",
            "utf-16le",
            "utf-16be",
            "cp949",
            "windows-1252",
            "shift_jis",
        ];
        options.encoding = Encoding::from_label(all[number(29, 6) as usize]);
    }
    if has(32) {
        options.decimal = Some([',', '.'][number(33, 2) as usize]);
        options.missing = Some(vec!["0".to_owned(), String::new()]);
    }
    options.keep_footer = has(36);
    options.append = has(37);
    if has(40) {
        const KINDS: [ColumnKind; 8] = [
            ColumnKind::Float,
            ColumnKind::Int,
            ColumnKind::Bool,
            ColumnKind::Date,
            ColumnKind::DateTime,
            ColumnKind::Time,
            ColumnKind::Category,
            ColumnKind::Text,
        ];
        let columns = shown.map(|u| &u.columns[..]).unwrap_or_default();
        for (i, column) in columns.iter().enumerate() {
            let told = ColumnOverride {
                kind: Some(KINDS[(number(41, 8) as usize + i) % 8]),
                measure: has(45).then_some(Measure::Ordinal),
                rename: (has(46) && i == 0).then(|| "renamed".to_owned()),
                skip: has(47) && i % 3 == 1,
            };
            options.columns.insert(column.source_name.clone(), told);
        }
    }
    options
}

fn read_as(
    input: &Input,
    format: FileFormat,
    options: &ImportOptions,
    behaviour: &mut Behaviour,
) -> Option<Understood> {
    if format == FileFormat::Csv {
        return read_text(input, options, behaviour);
    }
    let mut bytes = &input.bytes[..];
    let shown = formats::preview(&mut bytes, format, options);
    let read = formats::read(&mut bytes, format, options, &mut |_, _| true);
    match &shown {
        Ok(shown) => check_preview(&shown.preview),
        Err(error) => behaviour.said(&error.message()),
    }
    match &read {
        Ok(read) => {
            check_table(&read.table, behaviour);
            read.warnings.iter().for_each(|w| behaviour.said(w));
        }
        Err(error) => behaviour.said(&error.message()),
    }
    shown.ok().map(|shown| shown.preview.understood)
}

fn read_text(
    input: &Input,
    options: &ImportOptions,
    behaviour: &mut Behaviour,
) -> Option<Understood> {
    let mut bytes = &input.bytes[..];
    let mut files = [SourceFile {
        name: input.name.clone(),
        source: &mut bytes,
    }];
    let shown = preview_files(&mut files, options);
    let read = read_files(&mut files, options, &mut |_| ControlFlow::Continue(()));
    match &shown {
        Ok(shown) => check_preview(shown),
        Err(error) => behaviour.said(&import_error(error)),
    }
    match &read {
        Ok(read) => {
            check_table(&read.table, behaviour);
            let said = read.warnings.iter().map(import_warning);
            said.for_each(|w| behaviour.said(&w));
            let u = &read.understood;
            behaviour.note((
                u.encoding.name(),
                u.delimiter.byte(),
                u.decimal,
                u.has_header,
            ));
        }
        Err(error) => behaviour.said(&import_error(error)),
    }
    // A preview lists columns that are left out, which the table has not.
    if let (Ok(shown), Ok(read)) = (&shown, &read)
        && shown.is_whole
        && options.columns.is_empty()
    {
        let is_same = shown.understood == read.understood;
        assert!(is_same, "a preview says what is read");
        assert_eq!(shown.n_rows_estimate, read.table.n_rows() as u64);
    }
    shown.ok().map(|shown| shown.understood)
}

fn check_preview(preview: &Preview) {
    let n = preview.rows.first().map_or(0, Vec::len);
    assert!(
        preview.rows.iter().all(|r| r.len() == n),
        "rows of one length"
    );
}

/// All of a table can be shown, written and stored.
fn check_table(table: &Table, behaviour: &mut Behaviour) {
    behaviour.note(table.n_rows().min(4));
    behaviour.note(table.n_columns().min(8));
    for column in table.columns() {
        assert_eq!(column.len(), table.n_rows());
        for i in (0..column.len()).take(50) {
            column.display(i);
        }
    }
    for column in table.columns().iter().take(20) {
        behaviour.note(column.kind().name());
        profile::profile(column);
    }
    if table.n_rows() * table.n_columns() < 10_000 {
        csv_write::to_csv(table, true);
        let stored = storage::read(&storage::to_bytes(table)).expect("what was stored");
        assert_eq!(stored.n_rows(), table.n_rows());
        let back = json::read(&json::write(table)).expect("what was written");
        assert_eq!(back.n_columns(), table.n_columns());
    }
}

fn read_formula(input: &Input, behaviour: &mut Behaviour) {
    let text = String::from_utf8_lossy(&input.bytes);
    let table = crate::formula_properties::table();
    let known = Known::of_table(&table);
    if let Ok(expr) = parse(&text) {
        let spelt = expr.to_string();
        assert_eq!(parse(&spelt).ok(), Some(expr), "{spelt}");
    }
    // A place near the beginning, the end, and one between.
    for cursor in [1, text.len() / 2, text.len()] {
        let found = complete(&text, cursor, &known);
        assert!(text.get(found.range).is_some(), "completion at {cursor}");
        call_at(&text, cursor);
        behaviour.note(found.suggestions.len().min(3));
    }
    match Formula::read(&text, &known, Wanted::Any) {
        Ok(formula) => {
            behaviour.note(formula.ty().kind().name());
            behaviour.note(formula.columns());
            match formula.compute("new", &table, &mut |_| true) {
                Ok(column) => assert_eq!(column.len(), table.n_rows()),
                Err(_) => behaviour.note("failed"),
            }
        }
        Err(errors) => {
            assert!(!errors.is_empty(), "refused without a reason");
            for error in errors {
                assert!(text.get(error.range).is_some(), "an error within the text");
                behaviour.said(&error.message);
            }
        }
    }
}

fn read_notebook(input: &Input, behaviour: &mut Behaviour) {
    let migrate = |_: &str, version: u32, values| (version, values);
    match File::split_data(&input.bytes) {
        Err(error) => behaviour.said(&error.message()),
        Ok((text, data)) => {
            match File::from_json(&text, migrate) {
                Ok(file) => {
                    let again = File::from_json(&file.to_json(), migrate);
                    assert!(again.is_ok(), "what was written");
                    behaviour.note(file.notebook.cells.len().min(4));
                    jari::notebook::Graph::new(&file.notebook).table_ids();
                }
                Err(error) => behaviour.said(&error.message()),
            }
            for place in data.values() {
                let json = serde_json::from_slice(&input.bytes[place.clone()]).expect("JSON");
                match json::read(&json) {
                    Ok(table) => check_table(&table, behaviour),
                    Err(error) => behaviour.note(error.to_string().len()),
                }
            }
        }
    }
}

fn fail_as_told(input: &Input, _: &mut Behaviour) {
    fn deeper(depth: usize) -> usize {
        let here = [depth; 64];
        std::hint::black_box(&here);
        match depth {
            usize::MAX => 0,
            _ => deeper(depth + 1) + here[depth % 64],
        }
    }
    match &input.bytes[..] {
        b"panic" => panic!("told to"),
        b"memory" => drop(std::hint::black_box(vec![1_u8; super::MOST_BYTES + 1])),
        b"stack" => drop(std::hint::black_box(deeper(0))),
        b"loop" => loop {
            std::hint::spin_loop();
        },
        _ => {}
    }
}
