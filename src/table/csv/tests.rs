//! Short files and what becomes of them.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use proptest::prelude::*;

use super::super::csv_write::to_csv;
use super::super::{Bitmap, Column, ColumnKind, Data, Measure, Table};
use super::packed::tests::{gzip, zip};
use super::*;
use crate::engine::{import_error, import_warning};
use crate::report::Lang;

fn read_with(bytes: &[u8], options: &ImportOptions) -> Result<Imported, ImportError> {
    let mut source = bytes;
    read_csv(&mut source, options, &mut |_| ControlFlow::Continue(()))
}

fn options(json: &str) -> ImportOptions {
    serde_json::from_str(json).unwrap()
}

/// Each column as `name:kind:measure:values`, values parted by `|`, `∅` for missing.
fn show(imported: &Imported) -> Vec<String> {
    let column = |c: &Arc<Column>| {
        let cell = |i| match c.is_valid(i) {
            true => c.display(i),
            false => "∅".to_owned(),
        };
        let cells: Vec<String> = (0..c.len()).map(cell).collect();
        let measure = serde_json::to_string(&c.measure).unwrap();
        let measure = measure.trim_matches('"');
        format!(
            "{}:{}:{measure}:{}",
            c.name,
            c.kind().name(),
            cells.join("|")
        )
    };
    imported.table.columns().iter().map(column).collect()
}

fn check(text: &str, expected: &[&str]) {
    check_with(text.as_bytes(), "{}", expected);
}

fn check_with(bytes: &[u8], json: &str, expected: &[&str]) {
    let text = String::from_utf8_lossy(bytes);
    match read_with(bytes, &options(json)) {
        Ok(imported) => assert_eq!(show(&imported), expected, "{text:?}"),
        Err(e) => panic!("{text:?}: {e:?}"),
    }
}

fn check_warnings(text: &str, expected: &[&str]) {
    let imported = read_with(text.as_bytes(), &ImportOptions::default()).unwrap();
    let found: Vec<String> = imported.warnings.iter().map(said).collect();
    assert_eq!(found, expected, "{text:?}");
}

fn said(warning: &Warning) -> String {
    import_warning(warning).text(Lang::En)
}

fn check_error(bytes: &[u8], expected: &str) {
    let found = read_with(bytes, &ImportOptions::default()).unwrap_err();
    assert_eq!(import_error(&found).text(Lang::En), expected);
    let previewed = preview(&mut &*bytes, &ImportOptions::default()).unwrap_err();
    assert_eq!(previewed, found);
}

/// `n` lines of `line`, then `last`.
fn long(header: &str, line: &str, n: usize, last: &str) -> String {
    let mut text = format!("{header}\n");
    (0..n).for_each(|_| {
        text.push_str(line);
        text.push('\n');
    });
    text.push_str(last);
    text.push('\n');
    text
}

#[test]
fn kinds_and_measures() {
    check(
        "id,name,x,n,ok,day\n1,a,1.5,7,true,2024-03-05\n2,b,,8,false,2024-03-06\n3,a,2,9,,\n",
        &[
            "id:int:id:1|2|3",
            "name:category:nominal:a|b|a",
            "x:float:scale:1.5|∅|2",
            "n:int:scale:7|8|9",
            "ok:bool:nominal:true|false|∅",
            "day:date:time:2024-03-05|2024-03-06|∅",
        ],
    );
    check("zip\n01234\n56789\n", &["zip:category:id:01234|56789"]);
    check(
        "t,at\n11:38:36,2024-03-05T10:00:00Z\n오후 3:05,2024-03-05\n",
        &[
            "t:time:time:11:38:36|15:05:00",
            "at:date_time:time:2024-03-05T10:00:00|2024-03-05T00:00:00",
        ],
    );
    check(
        "a,b\n,x\nNA,y\n",
        &["a:category:nominal:∅|∅", "b:category:nominal:x|y"],
    );
}

#[test]
fn delimiters_and_decimal_marks() {
    check(
        "이름;금액\n가;1.234,5\n나;0,25\n",
        &[
            "이름:category:nominal:가|나",
            "금액:float:scale:1234.5|0.25",
        ],
    );
    check(
        "a\tb\n1\t\"x\ty\"\n",
        &["a:int:nominal:1", "b:category:nominal:x\ty"],
    );
    check(
        "a|b\n1|2\n3|4\n5|6\n",
        &["a:int:scale:1|3|5", "b:int:scale:2|4|6"],
    );
    check(
        " 01 19970101  2   29.33\r\n 01 19970118  2   29.73\r\n 02 19970802  1   14.96\r\n",
        &[
            "column_1:category:nominal:01|01|02",
            "column_2:int:scale:19970101|19970118|19970802",
            "column_3:int:nominal:2|2|1",
            "column_4:float:scale:29.33|29.73|14.96",
        ],
    );
    check(
        "a,b\r1,2\r3,4\r5,6\r",
        &["a:int:scale:1|3|5", "b:int:scale:2|4|6"],
    );
    check("sep=;\na;b\n1;2\n", &["a:int:nominal:1", "b:int:nominal:2"]);
    check_with(
        b"a;b\n1;2\n",
        r#"{"delimiter": ","}"#,
        &["a;b:category:nominal:1;2"],
    );
    check_with(
        b"t\n\na,b\n1,2\n",
        r#"{"skip_rows": 1}"#,
        &["a:int:nominal:1", "b:int:nominal:2"],
    );
}

#[test]
fn money_and_percent() {
    let text = "a,b,c\n\"₩17,200\",12.5%,($5.00)\n\"₩20,800\",0%,$7.25\n";
    check(
        text,
        &[
            "a:int:nominal:17200|20800",
            "b:float:scale:0.125|0",
            "c:float:scale:-5|7.25",
        ],
    );
    let table = read_with(text.as_bytes(), &ImportOptions::default())
        .unwrap()
        .table;
    let format = |name| serde_json::to_string(&table.column(name).unwrap().format).unwrap();
    assert_eq!(format("a"), r#"{"decimals":0,"currency":"₩"}"#);
    assert_eq!(format("b"), r#"{"decimals":1,"percent":true}"#);
    assert_eq!(format("c"), r#"{"decimals":2,"currency":"$"}"#);
    check("a\n$5\n€6\n", &["a:category:nominal:$5|€6"]);
    check(
        "x\n39.0\n\"NA\"\n40.0\n41.0\n",
        &["x:float:scale:39|∅|40|41"],
    );
}

#[test]
fn encodings() {
    let text = "이름,값\n서울특별시,1\n부산광역시,2\n대구광역시,3\n";
    let expected = [
        "이름:category:nominal:서울특별시|부산광역시|대구광역시",
        "값:int:scale:1|2|3",
    ];
    check(text, &expected);
    check(&format!("\u{feff}{text}"), &expected);
    check_with(&encoding_rs::EUC_KR.encode(text).0, "{}", &expected);
    let units = |to_bytes: fn(u16) -> [u8; 2], mark: &str| -> Vec<u8> {
        let text = format!("{mark}{text}");
        text.encode_utf16().flat_map(to_bytes).collect()
    };
    for mark in ["", "\u{feff}"] {
        check_with(&units(u16::to_le_bytes, mark), "{}", &expected);
        check_with(&units(u16::to_be_bytes, mark), "{}", &expected);
    }
    check_with(
        b"caf\xe9\n\x80\n",
        r#"{"encoding": "latin1"}"#,
        &["café:category:nominal:€"],
    );
}

#[test]
fn an_encoding_that_shows_late_is_still_found() {
    let head = long("name,n", "plain,1", 800_000, "");
    let mut bytes = head.into_bytes();
    bytes.extend_from_slice(&encoding_rs::EUC_KR.encode("서울특별시,2\n부산광역시,3\n").0);
    let imported = read_with(&bytes, &ImportOptions::default()).unwrap();
    assert_eq!(imported.understood.encoding, Encoding::CP949);
    let name = imported.table.column("name").unwrap();
    assert_eq!(name.display(800_001), "부산광역시");
}

#[test]
fn headers() {
    check(
        "1,2\n3,4\n5,6\n",
        &["column_1:int:scale:1|3|5", "column_2:int:scale:2|4|6"],
    );
    check(
        "a,a,\nx,y,z\n",
        &[
            "a:category:nominal:x",
            "a_2:category:nominal:y",
            "column_3:category:nominal:z",
        ],
    );
    check_with(
        b"a,b\nc,d\n",
        r#"{"has_header": false}"#,
        &[
            "column_1:category:nominal:a|c",
            "column_2:category:nominal:b|d",
        ],
    );
    check(
        "\"say \"\"hi\"\"\"\nx\n",
        &["say \"hi\":category:nominal:x"],
    );
    check(
        "x y\n\"r 1\" 1.5 2\n\"r 2\" 2.5 3\n",
        &[
            "column_1:category:nominal:r 1|r 2",
            "x:float:scale:1.5|2.5",
            "y:int:nominal:2|3",
        ],
    );
}

#[test]
fn overrides() {
    check_with(
        b"a,b,c\n1,007,x\n2,008,y\n",
        r#"{"columns": {"a": {"kind": "text", "rename": "A"}, "b": {"kind": "int"}, "c": {"skip": true}}}"#,
        &["A:text:id:1|2", "b:int:nominal:7|8"],
    );
    check_with(
        b"a\n1\nx\n2.5\n",
        r#"{"columns": {"a": {"kind": "float", "measure": "ordinal"}}}"#,
        &["a:float:ordinal:1|∅|2.5"],
    );
    check_with(
        b"a\n1\n-999\n3\n4\n",
        r#"{"missing": ["-999"]}"#,
        &["a:int:scale:1|∅|3|4"],
    );
    check_with(
        b"a,b\nNA,1\n,2\nx,3\n",
        r#"{"missing": ["x"]}"#,
        &["a:category:nominal:NA||∅", "b:int:scale:1|2|3"],
    );
    let clash = options(r#"{"columns": {"a": {"rename": "b"}}}"#);
    let error = read_with(b"a,b\n1,2\n", &clash).unwrap_err();
    let column = "b".to_owned();
    assert_eq!(error, ImportError::DuplicateName { column });
    let none = options(r#"{"columns": {"a": {"skip": true}}}"#);
    assert_eq!(
        read_with(b"a\n1\n", &none).unwrap_err(),
        ImportError::NoColumns
    );
}

#[test]
fn warnings() {
    check_warnings("a,b\n1,2\n", &[]);
    check_warnings(
        "a,b,c\n1,2,3\n1\n1,2,3,4\n1,2\n",
        &[
            "2 rows have fewer fields than the header, first on line 3; the rest is missing.",
            "1 row has more fields than the header, first on line 4; the extra ones are left out.",
        ],
    );
    check_warnings(
        "a,a\nx,y\n",
        &["The header “a” comes more than once; the later one is now “a_2”."],
    );
    check_warnings(
        "a,\nx,y\n",
        &["Column 2 has no header; it is now “column_2”."],
    );
    check_warnings(
        "1,2\n",
        &["The first line holds values, so the columns are numbered."],
    );
    check_warnings(
        "d\n1/2/2024\n3/4/2024\n",
        &["Dates of “d” could be read either way round; they are read as month, day."],
    );
    check_warnings("d\n1/2/2024\n13/4/2024\n", &[]);
    check_warnings(
        "d\n2024-01-01T00:00:00+09:00\n",
        &["Times of “d” carry time zones; they are shown in UTC."],
    );
    check_warnings(
        "# hand made\nname,n\na,1\nb,2\n# end\n",
        &["2 lines that begin with # are left out, first line 1."],
    );
    check_warnings(
        "a,b\n\"x \"y\" z\",1\n",
        &["1 quote stands inside a quoted field, first on line 2; kept as text."],
    );
    let mostly = long("x", "1\n2\n3\n4", 5, "?");
    check_warnings(
        &mostly,
        &["“x” holds numbers but for 1 value (?), so it stays text."],
    );
}

#[test]
fn a_later_cell_widens_its_column() {
    let n = 100_000;
    let check =
        |line: &str, last: &str, kind: ColumnKind, first: &str, shown: &str, warning: &str| {
            let text = long("x,y", &format!("{line},1"), n, &format!("{last},2"));
            let imported = read_with(text.as_bytes(), &ImportOptions::default()).unwrap();
            let column = imported.table.column("x").unwrap();
            assert_eq!(column.kind(), kind, "{line} then {last}");
            let n_missing = usize::from(shown.is_empty());
            assert_eq!((column.len(), column.n_missing()), (n + 1, n_missing));
            assert_eq!(column.display(0), first);
            assert_eq!(column.display(n), shown);
            let warnings: Vec<_> = imported.warnings.iter().map(said).collect();
            let expected = if warning.is_empty() {
                vec![]
            } else {
                vec![warning.to_owned()]
            };
            assert_eq!(warnings, expected);
        };
    use ColumnKind::*;
    check(
        "1",
        "2.5",
        Float,
        "1",
        "2.5",
        "“x” looked like whole numbers until line 100,002 (“2.5”); it is now decimal numbers.",
    );
    check("1.50", "-", Float, "1.5", "", "");
    check(
        "1.50",
        "a",
        Category,
        "1.50",
        "a",
        "“x” looked like decimal numbers until line 100,002 (“a”); it is now text.",
    );
    check(
        "12345",
        "01234",
        Category,
        "12345",
        "01234",
        "“x” looked like whole numbers until line 100,002 (“01234”); it is now text.",
    );
    check(
        "2024-01-01",
        "2024-01-02 03:04",
        DateTime,
        "2024-01-01T00:00:00",
        "2024-01-02T03:04:00",
        "“x” looked like dates until line 100,002 (“2024-01-02 03:04”); it is now dates with times.",
    );
    check(
        "3/5/2024",
        "25/5/2024",
        Date,
        "2024-05-03",
        "2024-05-25",
        "",
    );
    check(
        "20240305",
        "20241305",
        Int,
        "20240305",
        "20241305",
        "“x” looked like dates until line 100,002 (“20241305”); it is now whole numbers.",
    );
    check(
        "true",
        "maybe",
        Category,
        "true",
        "maybe",
        "“x” looked like true or false until line 100,002 (“maybe”); it is now text.",
    );
    check(
        "5%",
        "3",
        Category,
        "5%",
        "3",
        "“x” looked like decimal numbers until line 100,002 (“3”); it is now text.",
    );
}

#[test]
fn a_column_empty_at_first_finds_its_kind_later() {
    let text = long("x,y", ",1", 300_000, "2024-03-05,2\n2024-03-06,3");
    let imported = read_with(text.as_bytes(), &ImportOptions::default()).unwrap();
    let column = imported.table.column("x").unwrap();
    assert_eq!(column.kind(), ColumnKind::Date);
    assert_eq!(
        (column.n_missing(), column.measure),
        (300_000, Measure::Time)
    );
    assert_eq!(column.display(300_001), "2024-03-06");
}

#[test]
fn errors() {
    check_error(b"", "The file is empty.");
    check_error(b"\n \r\n", "The file is empty.");
    check_error(b"\xef\xbb\xbf", "The file is empty.");
    check_error(b"a,b\n", "The file has a header of 2 columns and no rows.");
    check_error(
        b"a,b\n1,2\n3,\"x\n4,5\n",
        "A quote that opens on line 3 is never closed. Close it, or double it if it belongs to the text.",
    );
    check_error(
        b"PK\x03\x04\x14\0\x06\0",
        "The archive is damaged or cut short after 0 bytes of text. Fetch or pack it again.",
    );
    check_error(
        b"\0\x01\x02\x03\xff\xfe",
        "The file is not text. Save the table as CSV and open that.",
    );
}

/// What comes of several files, as [`show`] and [`said`] put it.
fn check_files(files: &[(&str, &[u8])], json: &str, expected: &[&str], warnings: &[&str]) {
    let mut sources: Vec<&[u8]> = files.iter().map(|(_, bytes)| *bytes).collect();
    let mut files: Vec<SourceFile> = files
        .iter()
        .zip(&mut sources)
        .map(|((name, _), source)| SourceFile {
            name: (*name).to_owned(),
            source,
        })
        .collect();
    let options = options(json);
    let shown = preview_files(&mut files, &options).unwrap();
    let read = read_files(&mut files, &options, &mut |_| ControlFlow::Continue(())).unwrap();
    assert_eq!(show(&read), expected);
    let found: Vec<String> = read.warnings.iter().map(said).collect();
    assert_eq!(found, warnings);
    assert_eq!(shown.n_rows_estimate, read.table.n_rows() as u64);
    let kinds = |u: &Understood| u.columns.iter().map(|c| c.kind).collect::<Vec<_>>();
    assert_eq!(kinds(&shown.understood), kinds(&read.understood));
}

#[test]
fn packed_files() {
    let expected = ["a:int:scale:1|3|5", "b:int:scale:2|4|6"];
    let text: &[u8] = b"a,b\n1,2\n3,4\n5,6\n";
    check_files(&[("x.csv.gz", &gzip(text))], "{}", &expected, &[]);
    let one = zip(&[("x.csv", text, true)]);
    check_files(&[("x.zip", &one)], "{}", &expected, &[]);
    let two = zip(&[("x.csv", text, true), ("y.csv", b"a,c\n7,z\n", false)]);
    let only = "Of the archive only “x.csv” is read; it also holds y.csv.";
    check_files(&[("x.zip", &two)], "{}", &expected, &[only]);
    let second = r#"{"members": ["y.csv"]}"#;
    let expected = ["a:int:nominal:7", "c:category:nominal:z"];
    check_files(&[("x.zip", &two)], second, &expected, &[]);
    let both = [
        "file:category:nominal:x.csv|x.csv|x.csv|y.csv",
        "a:int:scale:1|3|5|7",
        "b:int:scale:2|4|6|∅",
        "c:category:nominal:∅|∅|∅|z",
    ];
    let differences = [
        "“b” is not in y.csv; it is missing in the rows from there.",
        "“c” is not in x.csv; it is missing in the rows from there.",
    ];
    check_files(
        &[("x.zip", &two)],
        r#"{"append": true}"#,
        &both,
        &differences,
    );
    let error = read_with(&two, &options(r#"{"members": ["z.csv"]}"#)).unwrap_err();
    let name = "z.csv".to_owned();
    assert_eq!(error, ImportError::NoMember { name });
    let shown = preview(&mut &two[..], &ImportOptions::default()).unwrap();
    let members: Vec<_> = shown
        .members
        .iter()
        .map(|m| (&*m.name, m.is_read))
        .collect();
    assert_eq!(members, [("x.csv", true), ("y.csv", false)]);
}

#[test]
fn files_one_below_the_other() {
    let append = r#"{"append": true}"#;
    check_files(
        &[
            ("1.csv", b"n,day\n1,2024-01-05\n2,2024-01-06\n"),
            ("2.csv", b"day;n\n2024-02-01;3,5\n"),
        ],
        append,
        &[
            "file:category:nominal:1.csv|1.csv|2.csv",
            "n:float:scale:1|2|3.5",
            "day:date:time:2024-01-05|2024-01-06|2024-02-01",
        ],
        &[],
    );
    check_files(
        &[
            ("1.csv", b"n,file\n1,x\n2,y\n3,z\n"),
            ("2.csv", b"n,file\nnone,w\n"),
            ("1.csv", b"n,file\n4,v\n"),
        ],
        append,
        &[
            "file_2:category:nominal:1.csv|1.csv|1.csv|2.csv|1.csv",
            "n:category:nominal:1|2|3|none|4",
            "file:category:nominal:x|y|z|w|v",
        ],
        &["“n” holds whole numbers in 1.csv and categories in 2.csv; it is now categories."],
    );
    check_files(
        &[("1.csv", b"a,b\n1,x\n2,y\n3,z\n"), ("2.csv", b"4,w\n5,v\n")],
        r#"{"append": true, "source_column": ""}"#,
        &["a:int:scale:1|2|3|4|5", "b:category:nominal:x|y|z|w|v"],
        &[],
    );
    let text = |n: usize, last: &str| long("x,y", "1,2", n, last).into_bytes();
    let (first, second) = (text(30_000, "4,5"), text(30_000, "abc,6"));
    let mut sources: [&[u8]; 2] = [&first, &second];
    let [a, b] = &mut sources;
    let mut files = [("1.csv", a), ("2.csv", b)].map(|(name, source)| SourceFile {
        name: name.to_owned(),
        source,
    });
    let read = read_files(&mut files, &options(append), &mut |_| {
        ControlFlow::Continue(())
    });
    let read = read.unwrap();
    let found: Vec<String> = read.warnings.iter().map(said).collect();
    assert_eq!(
        found,
        ["2.csv: “x” looked like whole numbers until line 30,002 (“abc”); it is now text."]
    );
    let x = read.table.column("x").unwrap();
    assert_eq!(
        (x.len(), x.display(0), x.display(60_001)),
        (60_002, "1".into(), "abc".into())
    );
    let refused = read_files(&mut files, &ImportOptions::default(), &mut |_| {
        ControlFlow::Continue(())
    });
    assert_eq!(refused, Err(ImportError::SeveralFiles { count: 2 }));
    let mut broken: [&[u8]; 2] = [b"a,b\n1,2\n", b"a,b\n1,\"x\n"];
    let [a, b] = &mut broken;
    let mut files = [("1.csv", a), ("2.csv", b)].map(|(name, source)| SourceFile {
        name: name.to_owned(),
        source,
    });
    let error = preview_files(&mut files, &options(append)).unwrap_err();
    assert_eq!(
        import_error(&error).text(Lang::En),
        "2.csv: A quote that opens on line 2 is never closed. Close it, or double it if it belongs to the text."
    );
}

#[test]
fn large_packed_files_are_streamed() {
    let text = long("x,y", "12345,some words", 600_000, "7,end");
    let packed = gzip(text.as_bytes());
    let mut seen = Vec::new();
    let mut source = &packed[..];
    let read = read_csv(&mut source, &ImportOptions::default(), &mut |p| {
        seen.push(p);
        ControlFlow::Continue(())
    });
    assert_eq!(read.unwrap().table.n_rows(), 600_001);
    assert!(seen.len() > 2 && seen.windows(2).all(|w| w[0].n_bytes <= w[1].n_bytes));
    let total = packed.len() as u64;
    assert!(
        seen.iter()
            .all(|p| p.n_bytes_total == total && p.n_bytes <= total)
    );
}

#[test]
fn reading_can_be_cancelled_and_tells_how_far_it_is() {
    let text = long("x,y", "some words,1", 800_000, "a,2");
    let mut seen = Vec::new();
    let mut source = text.as_bytes();
    let found = read_csv(&mut source, &ImportOptions::default(), &mut |p| {
        seen.push((p.n_bytes, p.n_bytes_total));
        if seen.len() == 2 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    assert_eq!(found, Err(ImportError::Cancelled));
    let total = text.len() as u64;
    assert_eq!(seen, [(4 << 20, total), (8 << 20, total)]);
}

#[test]
fn a_source_that_fails_is_named() {
    struct Broken;
    impl Source for Broken {
        fn len(&self) -> u64 {
            10
        }
        fn read_at(&mut self, _: u64, _: &mut [u8]) -> Result<usize, ReadError> {
            Err(ReadError("the disk is gone".to_owned()))
        }
    }
    let found = preview(&mut Broken, &ImportOptions::default()).unwrap_err();
    assert_eq!(
        import_error(&found).text(Lang::En),
        "The file cannot be read: the disk is gone"
    );
}

#[test]
fn a_preview_says_what_was_understood() {
    let text = "id;금액;날\n1;\"1.000,5\";5.3.2024\n2;-;25.3.2024\n";
    let shown = preview(
        &mut text.as_bytes(),
        &options(r#"{"columns": {"id": {"skip": true}}}"#),
    )
    .unwrap();
    assert_eq!(
        shown.rows,
        [["1", "1.000,5", "5.3.2024"], ["2", "-", "25.3.2024"]]
    );
    assert_eq!((shown.n_rows_estimate, shown.warnings.len()), (2, 0));
    let understood = &shown.understood;
    assert_eq!(
        (understood.delimiter, understood.decimal),
        (Delimiter::Semicolon, ',')
    );
    let columns: Vec<_> = understood
        .columns
        .iter()
        .map(|c| (c.name.as_str(), c.kind, c.skipped))
        .collect();
    let expected = [
        ("id", ColumnKind::Int, true),
        ("금액", ColumnKind::Float, false),
        ("날", ColumnKind::Date, false),
    ];
    assert_eq!(columns, expected);
    assert_eq!(understood.columns[1].missing_seen, ["-"]);
    assert_eq!(understood.columns[1].n_missing, 1);
    assert_eq!(understood.columns[2].date_order, Some(DateOrder::DayMonth));
    assert_eq!(understood.columns[2].examples, ["5.3.2024", "25.3.2024"]);
    let json = serde_json::to_string(&shown).unwrap();
    assert_eq!(serde_json::from_str::<Preview>(&json).unwrap(), shown);
}

/// What is written comes back when its kinds are told: numbers to the bit, text to the character.
fn check_round_trip(table: &Table, bom: bool) -> Result<(), TestCaseError> {
    let bytes = to_csv(table, bom);
    let kind = |c: &Arc<Column>| {
        let kind = Some(c.kind());
        (
            c.name.clone(),
            ColumnOverride {
                kind,
                ..ColumnOverride::default()
            },
        )
    };
    let told = ImportOptions {
        delimiter: Some(Delimiter::Comma),
        decimal: Some('.'),
        has_header: Some(true),
        missing: Some(vec![String::new()]),
        keep_footer: true,
        columns: table.columns().iter().map(kind).collect(),
        ..ImportOptions::default()
    };
    let read = read_with(&bytes, &told).expect("what was written can be read");
    prop_assert_eq!(read.warnings, []);
    prop_assert_eq!(read.table.n_rows(), table.n_rows());
    for (was, is) in table.columns().iter().zip(read.table.columns()) {
        prop_assert_eq!((&was.name, was.kind()), (&is.name, is.kind()));
        prop_assert_eq!(was.n_missing(), is.n_missing());
        for i in 0..was.len() {
            prop_assert_eq!(was.is_valid(i), is.is_valid(i));
            prop_assert_eq!(was.display(i), is.display(i));
        }
    }
    Ok(())
}

fn any_plain_table() -> impl Strategy<Value = Table> {
    use proptest::collection::vec;
    let word = "[a,;\"' \n#가é-]{0,5}[a-c가]";
    (1usize..12).prop_flat_map(move |n| {
        let ints = vec(-(1i64 << 53)..1 << 53, n);
        let floats = vec(proptest::option::of(any::<f64>()), n);
        let days = vec(-700_000i32..2_900_000, n);
        let instants = vec(-60_000_000_000_000i64..200_000_000_000_000, n);
        let times = vec(0i32..86_400_000, n);
        let valid = vec(any::<bool>(), n);
        let rest = (vec(any::<bool>(), n), vec(word, n), vec(word, n), valid);
        (ints, floats, days, instants, times, rest).prop_map(
            |(ints, floats, days, instants, times, (bools, words, texts, valid))| {
                let valid = || Bitmap::from_iter(valid.iter().copied());
                let levels: BTreeSet<String> = words.iter().cloned().collect();
                let levels: Vec<String> = levels.into_iter().collect();
                let code = |w: &String| levels.binary_search(w).map_or(-1, |k| k as i32);
                let codes = words.iter().map(code).collect();
                let floats = floats.iter().map(|x| x.unwrap_or(f64::NAN)).collect();
                let columns = vec![
                    Column::int("정수, \"n\"", ints).with_validity(valid()),
                    Column::float("x", floats),
                    Column::date("day", days).with_validity(valid()),
                    Column::date_time("at", instants).with_validity(valid()),
                    Column::new("t", Data::Time(times)).with_validity(valid()),
                    Column::bool("b", bools).with_validity(valid()),
                    Column::category("c", codes, levels).with_validity(valid()),
                    Column::text("s", texts).with_validity(valid()),
                ];
                Table::new(columns).expect("columns of one length")
            },
        )
    })
}

proptest! {
    #[test]
    fn what_is_written_comes_back(table in any_plain_table(), bom: bool) {
        check_round_trip(&table, bom)?;
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
        let _ = read_with(&bytes, &ImportOptions::default());
        let _ = preview(&mut &bytes[..], &ImportOptions::default());
    }

    #[test]
    fn any_text_of_marks_is_read_or_refused(text in "[a0-9,;|\t\" \n\r.%/:가-]{0,80}") {
        let read = read_with(text.as_bytes(), &ImportOptions::default());
        let shown = preview(&mut text.as_bytes(), &ImportOptions::default());
        prop_assert_eq!(read.is_ok(), shown.is_ok());
        if let (Ok(read), Ok(shown)) = (read, shown) {
            prop_assert_eq!(read.table.n_rows() as u64, shown.n_rows_estimate);
            prop_assert_eq!(read.understood, shown.understood);
        }
    }
}
