//! Real files, read as they are. Counts and sums are pandas' (3.0; `read_csv`, with `thousands=","`
//! and `encoding="cp949"` for the Korean orders, `sep=r"\s+"` for CDNOW).

use std::io::Read;
use std::ops::ControlFlow;
use std::path::Path;

use jari::table::csv::{Delimiter, Encoding, ImportOptions, Imported, read_csv};
use jari::table::{Column, ColumnKind, Measure, Table};

/// The file's bytes, unpacked; says so and gives `None` when the data folder is not there.
fn bytes(name: &str) -> Option<Vec<u8>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/data")
        .join(name);
    let packed = match std::fs::read(&path) {
        Ok(packed) => packed,
        Err(e) => {
            eprintln!("NOT TESTED: {} is missing ({e})", path.display());
            return None;
        }
    };
    if !name.ends_with(".gz") {
        return Some(packed);
    }
    let mut text = Vec::new();
    let mut unpack = flate2::read::GzDecoder::new(&packed[..]);
    unpack.read_to_end(&mut text).expect("a sound gzip file");
    Some(text)
}

fn import(bytes: &[u8]) -> Imported {
    let mut source = bytes;
    let imported = read_csv(&mut source, &ImportOptions::default(), &mut |_| {
        ControlFlow::Continue(())
    });
    imported.expect("a file that can be read")
}

/// What a column should be: name, kind, measure, values present, and their sum to 12 digits.
type Expected<'a> = (&'a str, ColumnKind, Measure, usize, Option<f64>);

fn check(name: &str, shape: (usize, usize), columns: &[Expected<'_>]) -> Option<Imported> {
    let imported = import(&bytes(name)?);
    let table = &imported.table;
    assert_eq!((table.n_rows(), table.n_columns()), shape, "{name}");
    for &(column_name, kind, measure, n_valid, sum) in columns {
        let column = column(table, column_name);
        let found = (
            column.kind(),
            column.measure,
            column.len() - column.n_missing(),
        );
        assert_eq!(found, (kind, measure, n_valid), "{name}: {column_name}");
        if let Some(sum) = sum {
            let numbers = column.numbers().expect("a column of numbers");
            let found: f64 = numbers.iter().filter(|x| !x.is_nan()).sum();
            let close = (found - sum).abs() <= 1e-12 * sum.abs().max(1e3);
            assert!(close, "{name}: sum of {column_name} is {found}, not {sum}");
        }
    }
    Some(imported)
}

fn column<'t>(table: &'t Table, name: &str) -> &'t Column {
    table
        .column(name)
        .unwrap_or_else(|| panic!("no column {name}"))
}

fn check_levels(imported: &Imported, name: &str, expected: &[(&str, usize)]) {
    let levels = column(&imported.table, name).levels_and_codes();
    let counts = levels.counts();
    let found: Vec<_> = levels
        .names
        .iter()
        .map(String::as_str)
        .zip(counts)
        .collect();
    assert_eq!(found, expected, "{name}");
}

fn n_levels(imported: &Imported, name: &str) -> usize {
    column(&imported.table, name).levels_and_codes().names.len()
}

use ColumnKind::{Category, Date, DateTime, Float, Int, Time};
use Measure::{Id, Nominal, Scale};

#[test]
fn penguins() {
    let columns = [
        ("species", Category, Nominal, 344, None),
        ("island", Category, Nominal, 344, None),
        ("bill_length_mm", Float, Scale, 342, Some(15_021.3)),
        ("flipper_length_mm", Float, Scale, 342, Some(68_713.0)),
        ("body_mass_g", Float, Scale, 342, Some(1_437_000.0)),
        ("sex", Category, Nominal, 333, None),
        ("year", Int, Scale, 344, Some(690_762.0)),
    ];
    let Some(imported) = check("penguins.csv", (344, 8), &columns) else {
        return;
    };
    assert_eq!(imported.warnings, []);
    check_levels(
        &imported,
        "species",
        &[("Adelie", 152), ("Chinstrap", 68), ("Gentoo", 124)],
    );
}

#[test]
fn pizzaplace() {
    let columns = [
        ("id", Category, Id, 49_574, None),
        ("date", Date, Measure::Time, 49_574, Some(823_697_617.0)),
        (
            "time",
            Time,
            Measure::Time,
            49_574,
            Some(2_924_893_556_000.0),
        ),
        ("name", Category, Nominal, 49_574, None),
        ("price", Float, Scale, 49_574, Some(817_860.05)),
    ];
    let Some(imported) = check("pizzaplace.csv", (49_574, 7), &columns) else {
        return;
    };
    assert_eq!(imported.warnings, []);
    assert_eq!(n_levels(&imported, "id"), 21_350);
    assert_eq!(n_levels(&imported, "date"), 358);
    let sizes = [
        ("L", 18_956),
        ("M", 15_635),
        ("S", 14_403),
        ("XL", 552),
        ("XXL", 28),
    ];
    check_levels(&imported, "size", &sizes);
}

#[test]
fn korean_orders_in_cp949() {
    let columns = [
        ("주문번호", Category, Id, 8_000, None),
        ("주문일", Date, Measure::Time, 8_000, Some(131_714_770.0)),
        ("시각", Time, Measure::Time, 8_000, Some(470_525_668_000.0)),
        ("메뉴", Category, Nominal, 8_000, None),
        ("금액(원)", Int, Scale, 8_000, Some(171_185_800.0)),
    ];
    let Some(imported) = check("orders_ko_cp949.csv", (8_000, 7), &columns) else {
        return;
    };
    assert_eq!(imported.understood.encoding, Encoding::CP949);
    assert_eq!(imported.warnings, []);
    let sizes = [
        ("대", 3_082),
        ("소", 2_367),
        ("중", 2_462),
        ("초특대", 5),
        ("특대", 84),
    ];
    check_levels(&imported, "크기", &sizes);
    let days = column(&imported.table, "주문일");
    assert_eq!(
        (days.display(0), days.display(7_999)),
        ("2015-01-01".into(), "2015-02-27".into())
    );
}

#[test]
fn flights() {
    let columns = [
        ("year", Int, Nominal, 336_776, Some(336_776.0 * 2013.0)),
        ("dep_delay", Float, Scale, 328_521, Some(4_152_200.0)),
        ("arr_time", Float, Scale, 328_063, Some(492_768_669.0)),
        ("air_time", Float, Scale, 327_346, Some(49_326_610.0)),
        ("distance", Int, Scale, 336_776, Some(350_217_607.0)),
        ("flight", Int, Scale, 336_776, Some(664_096_549.0)),
        ("tailnum", Category, Nominal, 334_264, None),
        (
            "time_hour",
            DateTime,
            Measure::Time,
            336_776,
            Some(462_340_700_337_600_000.0),
        ),
    ];
    let Some(imported) = check("flights.csv.gz", (336_776, 19), &columns) else {
        return;
    };
    assert_eq!(imported.warnings, []);
    assert_eq!(n_levels(&imported, "tailnum"), 4_043);
    let last = column(&imported.table, "time_hour").display(336_775);
    assert_eq!(last, "2013-09-30T12:00:00");
}

#[test]
fn loans() {
    let columns = [
        ("annual_income", Float, Scale, 10_000, Some(792_221_484.12)),
        ("debt_to_income", Float, Scale, 9_976, Some(192_618.52)),
        (
            "annual_income_joint",
            Float,
            Scale,
            1_495,
            Some(191_232_284.01),
        ),
        ("loan_amount", Int, Scale, 10_000, Some(163_619_225.0)),
        ("interest_rate", Float, Scale, 10_000, Some(124_275.24)),
        (
            "paid_total",
            Float,
            Scale,
            10_000,
            Some(24_942_347.733_001_955),
        ),
    ];
    let Some(imported) = check("loans.csv", (10_000, 55), &columns) else {
        return;
    };
    let missing: usize = imported.table.columns().iter().map(|c| c.n_missing()).sum();
    assert_eq!(missing, 42_191);
    // After `str.strip`: blanks around an unquoted field are not part of it.
    assert_eq!(n_levels(&imported, "emp_title"), 4_411);
    let grades = [
        ("A", 2_459),
        ("B", 3_037),
        ("C", 2_653),
        ("D", 1_446),
        ("E", 335),
        ("F", 58),
        ("G", 12),
    ];
    check_levels(&imported, "grade", &grades);
}

#[test]
fn cdnow() {
    let columns = [
        ("column_1", Category, Id, 6_919, None),
        ("column_3", Date, Measure::Time, 6_919, Some(69_465_221.0)),
        ("column_4", Int, Scale, 6_919, Some(16_479.0)),
        ("column_5", Float, Scale, 6_919, Some(244_091.94)),
    ];
    if let Some(imported) = check("cdnow_sample.txt", (6_919, 5), &columns) {
        assert!(!imported.understood.has_header);
        assert_eq!(imported.understood.delimiter, Delimiter::Spaces);
        assert_eq!(n_levels(&imported, "column_1"), 2_357);
    }
    let columns = [
        ("customer_id", Category, Id, 69_659, None),
        ("number_of_cds", Int, Scale, 69_659, Some(167_881.0)),
        ("dollar_value", Float, Scale, 69_659, Some(2_500_315.63)),
    ];
    if let Some(imported) = check("cdnow_master.txt.gz", (69_659, 4), &columns) {
        assert_eq!(column(&imported.table, "date").kind(), Date);
        assert_eq!(n_levels(&imported, "customer_id"), 23_570);
    }
}

#[test]
fn ratings_and_surveys() {
    let columns = [
        ("movieId", Int, Id, 100_004, Some(1_254_916_631.0)),
        ("title", Category, Nominal, 99_997, None),
        ("year", Float, Scale, 99_997, Some(199_176_755.0)),
        ("rating", Float, Scale, 100_004, Some(354_375.0)),
        (
            "timestamp",
            Int,
            Scale,
            100_004,
            Some(112_968_427_250_272.0),
        ),
    ];
    if let Some(imported) = check("movielens_small.csv", (100_004, 7), &columns) {
        assert_eq!(n_levels(&imported, "title"), 8_831);
        assert_eq!(n_levels(&imported, "genres"), 901);
    }
    let columns = [
        ("realrinc", Float, Scale, 37_887, Some(845_878_772.312_247)),
        ("age", Float, Scale, 61_478, Some(2_838_819.0)),
        ("childs", Float, Scale, 61_508, Some(118_308.0)),
        ("occrecode", Category, Nominal, 61_697 - 3_561, None),
        ("wrkstat", Category, Nominal, 61_697 - 21, None),
    ];
    check("gss_wages.csv.gz", (61_697, 11), &columns);
    let columns = [
        (
            "statusquo",
            Float,
            Scale,
            2_683,
            Some(-3.000_000_000_952_241e-5),
        ),
        ("age", Float, Scale, 2_699, Some(104_043.0)),
        ("income", Float, Scale, 2_602, Some(88_145_000.0)),
    ];
    check("chile_poll.csv", (2_700, 8), &columns);
}

#[test]
fn trials_and_customers() {
    if let Some(imported) = check("mammogram_trial.csv", (89_835, 2), &[]) {
        check_levels(
            &imported,
            "treatment",
            &[("control", 44_910), ("mammogram", 44_925)],
        );
        check_levels(
            &imported,
            "breast_cancer_death",
            &[("no", 88_830), ("yes", 1_005)],
        );
    }
    let columns = [
        ("default", Category, Nominal, 10_000, None),
        ("balance", Float, Scale, 10_000, Some(8_353_748.856_125_571)),
        ("income", Float, Scale, 10_000, Some(335_169_818.759_605_05)),
    ];
    check("credit_default.csv", (10_000, 4), &columns);
    let columns = [("total_day_minutes", Float, Scale, 5_000, Some(901_444.5))];
    check("telecom_churn.csv", (5_000, 20), &columns);
}
