use super::*;
use crate::formula::{Known, Wanted};
use crate::table::Measure;

/// Six rows of every kind; row 3 is missing in all of them but the last two.
fn table() -> Table {
    let levels = |names: &[&str]| names.iter().map(|n| n.to_string()).collect::<Vec<_>>();
    let but_third = || Bitmap::from_iter([true, true, false, true, true, true]);
    Table::new(vec![
        Column::float("x", vec![1.5, -2.0, f64::NAN, 0.0, 40.0, 1.5]),
        Column::int("n", vec![3, 7, 0, -2, 10, 3]).with_validity(but_third()),
        Column::bool("b", [true, false, false, true, false, true]).with_validity(but_third()),
        Column::category(
            "city",
            vec![1, 0, -1, 1, 2, 0],
            levels(&["Busan", "Seoul", "대구"]),
        ),
        Column::category("size", vec![2, 0, -1, 1, 0, 2], levels(&["S", "M", "L"]))
            .with_measure(Measure::Ordinal),
        Column::text(
            "note",
            ["A-17 red", "b-2", "", "C-003  blue", "가-1", "A-17 red"],
        )
        .with_validity(but_third()),
        // 2024-01-31, 2024-02-29, 2024-03-05, 2023-12-31, 2025-01-01
        Column::date("day", vec![19_753, 19_782, 0, 19_787, 19_722, 20_089])
            .with_validity(but_third()),
        Column::date_time(
            "at",
            vec![1_709_632_800_000, 0, 0, -1, 86_399_999, 1_709_632_800_000],
        )
        .with_validity(but_third()),
        Column::new(
            "time",
            Data::Time(vec![34_200_000, 0, 0, 86_399_000, 43_200_000, 61_000]),
        )
        .with_validity(but_third()),
        Column::int("금액(원)", vec![17_200, 20_800, 9_900, 0, 5, 17_200]),
        Column::int("row", vec![1, 2, 3, 4, 5, 6]),
    ])
    .unwrap()
}

fn values(text: &str, table: &Table) -> Result<Column, String> {
    let formula = Formula::read(text, &Known::of_table(table), Wanted::Any)
        .map_err(|e| e[0].message.text(crate::report::Lang::En))?;
    formula
        .compute("new", table, &mut |_| true)
        .map_err(|e| match e {
            Failure::Formula(e) => {
                format!("{:?} {}", e.range, e.message.text(crate::report::Lang::En))
            }
            other => format!("{other:?}"),
        })
}

/// The values of all rows, `·` where missing.
#[track_caller]
fn check(text: &str, expected: &str) {
    let found = values(text, &table()).map(|column| {
        let shown = (0..column.len()).map(|i| match column.is_valid(i) {
            true => column.display(i),
            false => "·".to_string(),
        });
        shown.collect::<Vec<_>>().join(" | ")
    });
    assert_eq!(found.unwrap_or_else(|e| e), expected, "{text}");
}

#[test]
fn arithmetic() {
    check("x * 2", "3 | -4 | · | 0 | 80 | 3");
    check("n + `금액(원)`", "17203 | 20807 | · | -2 | 15 | 17203");
    check("x / n", "0.5 | -0.2857142857142857 | · | -0 | 4 | 0.5");
    check(
        "1 / x",
        "0.6666666666666666 | -0.5 | · | · | 0.025 | 0.6666666666666666",
    );
    check("n // 4", "0 | 1 | · | -1 | 2 | 0");
    check("n % 4", "3 | 3 | · | 2 | 2 | 3");
    check("n ^ 2 - 2 ^ 3", "1 | 41 | · | -4 | 92 | 1");
    check("-x", "-1.5 | 2 | · | -0 | -40 | -1.5");
    check("b + b", "2 | 0 | · | 2 | 0 | 2");
    check("1 + 1", "2 | 2 | 2 | 2 | 2 | 2");
    check("missing + 1", "· | · | · | · | · | ·");
    check("missing", "· | · | · | · | · | ·");
}

#[test]
fn truth_has_three_values() {
    check("x > 1", "true | false | · | false | true | true");
    check("x > 1 and b", "true | false | · | false | false | true");
    check("x > 1 or true", "true | true | true | true | true | true");
    check(
        "x > 1 and false",
        "false | false | false | false | false | false",
    );
    check("not b", "false | true | · | false | true | false");
    check(
        "x is missing or b",
        "true | false | true | true | false | true",
    );
    check(
        "x = 1.5 and n != 3",
        "false | false | · | false | false | false",
    );
    check(
        "city is not missing",
        "true | true | false | true | true | true",
    );
    check(
        "n between 3 and 7",
        "true | true | · | false | false | true",
    );
    check(
        "n not between 3 and 7",
        "false | false | · | true | true | false",
    );
    check("b = true", "true | false | · | true | false | true");
    check("b < true", "false | true | · | false | true | false");
}

#[test]
fn lists() {
    check(
        "city in (\"Seoul\", \"대구\")",
        "true | false | · | true | true | false",
    );
    check(
        "n not in (3, 10)",
        "false | true | · | true | false | false",
    );
    check("n in [x * 2, 7]", "true | true | · | false | false | true");
    check(
        "day in (\"2024-01-31\", date(2025, 1, 1))",
        "true | false | · | false | false | true",
    );
    check("3 in (1, 2, 3)", "true | true | true | true | true | true");
    check("b in (true)", "true | false | · | true | false | true");
    check(
        "note in (\"b-2\")",
        "false | true | · | false | false | false",
    );
    check("-0.0 in (0)", "true | true | true | true | true | true");
    check(
        "note in (city, \"b-2\")",
        "false | true | · | false | false | false",
    );
}

#[test]
fn choices() {
    check(
        "if(x > 1, \"high\", \"low\")",
        "high | low | · | low | high | high",
    );
    check("if(b, n, -n)", "3 | -7 | · | -2 | -10 | 3");
    check("if(x > 1, n)", "3 | · | · | · | 10 | 3");
    check(
        "if(b, day, \"2020-01-01\")",
        "2024-01-31 | 2020-01-01 | · | 2024-03-05 | 2020-01-01 | 2025-01-01",
    );
    check("if(b, b, false)", "true | false | · | true | false | true");
    check(
        "case when x > 1 then 1 when b then 2 else 3 end",
        "1 | 3 | 3 | 2 | 1 | 1",
    );
    check(
        "case city when \"Seoul\" then \"수도\" when \"Busan\" then \"항구\" end",
        "수도 | 항구 | · | 수도 | · | 항구",
    );
    check(
        "case when b then day else at end",
        "2024-01-31T00:00:00 | 1970-01-01T00:00:00 | · | 2024-03-05T00:00:00 | 1970-01-01T23:59:59.999 | 2025-01-01T00:00:00",
    );
    check("coalesce(x, n, 0)", "1.5 | -2 | 0 | 0 | 40 | 1.5");
    check(
        "coalesce(city, \"none\")",
        "Seoul | Busan | none | Seoul | 대구 | Busan",
    );
    check(
        "coalesce(note, city, \"?\")",
        "A-17 red | b-2 | ? | C-003  blue | 가-1 | A-17 red",
    );
    check(
        "coalesce(day, date(2000, 1, 1))",
        "2024-01-31 | 2024-02-29 | 2000-01-01 | 2024-03-05 | 2023-12-31 | 2025-01-01",
    );
    check(
        "coalesce(b, true)",
        "true | false | true | true | false | true",
    );
    check("null_if(n, 3)", "· | 7 | · | -2 | 10 | ·");
    check(
        "null_if(city, \"Seoul\")",
        "· | Busan | · | · | 대구 | Busan",
    );
    check("null_if(b, false)", "true | · | · | true | · | true");
}

#[test]
fn numbers() {
    check("abs(n)", "3 | 7 | · | 2 | 10 | 3");
    check("sign(x)", "1 | -1 | · | 0 | 1 | 1");
    check("round(x / 7, 2)", "0.21 | -0.29 | · | 0 | 5.71 | 0.21");
    check(
        "round(`금액(원)`, -3)",
        "17000 | 21000 | 10000 | 0 | 0 | 17000",
    );
    check("round(x)", "2 | -2 | · | 0 | 40 | 2");
    check("floor(x) + ceil(x) + trunc(x)", "4 | -6 | · | 0 | 120 | 4");
    check(
        "sqrt(x)",
        "1.224744871391589 | · | · | 0 | 6.324555320336759 | 1.224744871391589",
    );
    check(
        "log10(`금액(원)` / 172)",
        "2 | 2.082534888055213 | 1.760106747690001 | · | -1.5365584425715302 | 2",
    );
    check(
        "log(8, 2) + log2(8) + log1p(0) + exp(0)",
        "7 | 7 | 7 | 7 | 7 | 7",
    );
    check("log(-1)", "· | · | · | · | · | ·");
    check("min(x, n, 2)", "1.5 | -2 | 2 | -2 | 2 | 1.5");
    check("max(city, \"C\")", "Seoul | C | C | Seoul | 대구 | C");
    check(
        "max(day, \"2024-02-29\")",
        "2024-02-29 | 2024-02-29 | 2024-02-29 | 2024-03-05 | 2024-02-29 | 2025-01-01",
    );
    check("min(b, true)", "true | false | true | true | false | true");
    check("clip(n, 0, 5)", "3 | 5 | · | 0 | 5 | 3");
    check("clip(n, missing, 5)", "3 | 5 | · | -2 | 5 | 3");
    check(
        "number(split_part(note, \"-\", 2))",
        "· | 2 | · | · | 1 | ·",
    );
    check("number(b)", "1 | 0 | · | 1 | 0 | 1");
    check(
        "round(sin(pi() / 6) + cos(0) + tan(0) + atan2(0, 1), 6)",
        "1.5 | 1.5 | 1.5 | 1.5 | 1.5 | 1.5",
    );
}

#[test]
fn texts() {
    check(
        "city & \" \" & n",
        "Seoul 3 | Busan 7 | · | Seoul -2 | 대구 10 | Busan 3",
    );
    check(
        "concat(city, \"/\", n)",
        "Seoul/3 | Busan/7 | / | Seoul/-2 | 대구/10 | Busan/3",
    );
    check("lower(city)", "seoul | busan | · | seoul | 대구 | busan");
    check(
        "upper(note)",
        "A-17 RED | B-2 | · | C-003  BLUE | 가-1 | A-17 RED",
    );
    check("length(city)", "5 | 5 | · | 5 | 2 | 5");
    check("trim(\"  a \")", "a | a | a | a | a | a");
    check(
        "left(city, 2) & right(city, n - 6)",
        "Seul | Bun | · | Se | 대구대구 | Buan",
    );
    check("substring(note, 3, 2)", "17 | 2 | · | 00 | 1 | 17");
    check(
        "contains(note, \"red\")",
        "true | false | · | false | false | true",
    );
    check(
        "starts_with(note, \"A\") or ends_with(note, \"1\")",
        "true | false | · | false | true | true",
    );
    check("position(note, \"-\")", "2 | 2 | · | 2 | 2 | 2");
    check(
        "replace(city, \"e\", \"_\")",
        "S_oul | Busan | · | S_oul | 대구 | Busan",
    );
    check("split_part(note, \"-\", 1)", "A | b | · | C | 가 | A");
    check("split_part(note, \"-\", 3)", "· | · | · | · | · | ·");
    check("extract(note, \"[0-9]+\")", "17 | 2 | · | 003 | 1 | 17");
    check(
        "extract(note, \"([A-Z])-([0-9]+)\", 2)",
        "17 | · | · | 003 | · | 17",
    );
    check(
        "extract(note, \"([A-Z])-([0-9]+)\", 0)",
        "A-17 | · | · | C-003 | · | A-17",
    );
    check("extract(note, \"[가-힣]\")", "· | · | · | · | 가 | ·");
    check(
        "matches(note, \"^[A-Z]-\")",
        "true | false | · | true | false | true",
    );
    check(
        "replace_pattern(note, \" +(\\w+)\", \"<$1>\")",
        "A-17<red> | b-2 | · | C-003<blue> | 가-1 | A-17<red>",
    );
    check(
        "pad_left(text(n), 3, \"0\")",
        "003 | 007 | · | 0-2 | 010 | 003",
    );
    check(
        "text(day)",
        "2024-01-31 | 2024-02-29 | · | 2024-03-05 | 2023-12-31 | 2025-01-01",
    );
    check(
        "text(time) & b",
        "09:30:00true | 00:00:00false | · | 23:59:59true | 12:00:00false | 00:01:01true",
    );
    check(
        "extract(note, \"(\")",
        "14..17 This regular expression cannot be read: found open group without closing ')'.",
    );
    check(
        "extract(note, \"a\", 1)",
        "14..17 This regular expression has 0 groups in brackets.",
    );
}

#[test]
fn dates() {
    check(
        "day + 1",
        "2024-02-01 | 2024-03-01 | · | 2024-03-06 | 2024-01-01 | 2025-01-02",
    );
    check(
        "day - n",
        "2024-01-28 | 2024-02-22 | · | 2024-03-07 | 2023-12-21 | 2024-12-29",
    );
    check("day - \"2024-01-01\"", "30 | 59 | · | 64 | -1 | 366");
    check(
        "year(day) * 100 + month(day)",
        "202401 | 202402 | · | 202403 | 202312 | 202501",
    );
    check("quarter(day)", "1 | 1 | · | 1 | 4 | 1");
    check("week(day)", "5 | 9 | · | 10 | 52 | 1");
    check("iso_year(day)", "2024 | 2024 | · | 2024 | 2023 | 2025");
    check("weekday(day)", "3 | 4 | · | 2 | 7 | 3");
    check(
        "day(day) + day_of_year(day) * 1000",
        "31031 | 60029 | · | 65005 | 365031 | 1001",
    );
    check("days_in_month(day)", "31 | 29 | · | 31 | 31 | 31");
    check(
        "hour(at) * 10000 + minute(at) * 100 + second(at)",
        "100000 | 0 | · | 235959 | 235959 | 100000",
    );
    check(
        "date(at)",
        "2024-03-05 | 1970-01-01 | · | 1969-12-31 | 1970-01-01 | 2024-03-05",
    );
    check(
        "time(at)",
        "10:00:00 | 00:00:00 | · | 23:59:59.999 | 23:59:59.999 | 10:00:00",
    );
    check(
        "date_time(day, time)",
        "2024-01-31T09:30:00 | 2024-02-29T00:00:00 | · | 2024-03-05T23:59:59 | 2023-12-31T12:00:00 | 2025-01-01T00:01:01",
    );
    check(
        "month_start(at)",
        "2024-03-01 | 1970-01-01 | · | 1969-12-01 | 1970-01-01 | 2024-03-01",
    );
    check(
        "month_end(day)",
        "2024-01-31 | 2024-02-29 | · | 2024-03-31 | 2023-12-31 | 2025-01-31",
    );
    check(
        "week_start(day)",
        "2024-01-29 | 2024-02-26 | · | 2024-03-04 | 2023-12-25 | 2024-12-30",
    );
    check(
        "date_trunc(\"hour\", at)",
        "2024-03-05T10:00:00 | 1970-01-01T00:00:00 | · | 1969-12-31T23:00:00 | 1970-01-01T23:00:00 | 2024-03-05T10:00:00",
    );
    check(
        "date_add(\"month\", day, 1)",
        "2024-02-29 | 2024-03-29 | · | 2024-04-05 | 2024-01-31 | 2025-02-01",
    );
    check(
        "date_add(\"hour\", time, 15)",
        "00:30:00 | 15:00:00 | · | 14:59:59 | 03:00:00 | 15:01:01",
    );
    check(
        "date_diff(\"month\", day, \"2024-12-01\")",
        "11 | 10 | · | 9 | 12 | -1",
    );
    check(
        "elapsed(\"month\", day, \"2024-12-01\")",
        "10 | 9 | · | 8 | 11 | -1",
    );
    check(
        "format_date(day, \"%Y년 %m월\")",
        "2024년 01월 | 2024년 02월 | · | 2024년 03월 | 2023년 12월 | 2025년 01월",
    );
    check(
        "date(2024, n, 31)",
        "2024-03-31 | 2024-07-31 | · | · | 2024-10-31 | 2024-03-31",
    );
    check(
        "date(\"2024년 3월 5일\")",
        "2024-03-05 | 2024-03-05 | 2024-03-05 | 2024-03-05 | 2024-03-05 | 2024-03-05",
    );
    check(
        "day > \"2024-02-01\" and time < \"12:00\"",
        "false | true | · | false | false | true",
    );
    check("day = at", "false | false | · | false | false | false");
    check(
        "format_date(day, \"%x\")",
        "17..21 “%x” is no part of a date; there are %Y, %y, %m, %d, %H, %M, %S, %j, %u, %G, %V, %q, and %%.",
    );
}

#[test]
fn ordered_categories_go_by_their_order() {
    check("size > \"S\"", "true | false | · | true | false | true");
    check("\"M\" >= size", "false | true | · | true | true | false");
    check(
        "size between \"S\" and \"M\"",
        "false | true | · | true | true | false",
    );
    check("size < size", "false | false | · | false | false | false");
}

#[test]
fn statistics_of_columns_and_groups() {
    check("sum(x)", "41 | 41 | 41 | 41 | 41 | 41");
    check(
        "x - mean(x)",
        "-6.699999999999999 | -10.2 | · | -8.2 | 31.8 | -6.699999999999999",
    );
    check("mean(b)", "0.6 | 0.6 | 0.6 | 0.6 | 0.6 | 0.6");
    check("sum(n by city)", "1 | 10 | 0 | 1 | 10 | 10");
    check("rows(by city)", "2 | 2 | 1 | 2 | 1 | 2");
    check("count(x by city)", "2 | 2 | 0 | 2 | 1 | 2");
    check(
        "max_of(day)",
        "2025-01-01 | 2025-01-01 | 2025-01-01 | 2025-01-01 | 2025-01-01 | 2025-01-01",
    );
    check(
        "min_of(note by city)",
        "A-17 red | A-17 red | · | A-17 red | 가-1 | A-17 red",
    );
    check("first(n by b)", "3 | 7 | · | 3 | 7 | 3");
    check(
        "mode(city)",
        "Seoul | Seoul | Seoul | Seoul | Seoul | Seoul",
    );
    check("count_distinct(city)", "3 | 3 | 3 | 3 | 3 | 3");
    check(
        "any(x > 30 by city)",
        "false | false | false | false | true | false",
    );
    check(
        "all(x > 1 by city)",
        "false | false | true | false | true | false",
    );
    check("median(n)", "3 | 3 | 3 | 3 | 3 | 3");
    check("quantile(n, 0.5 + 0.25)", "7 | 7 | 7 | 7 | 7 | 7");
    check("count_if(b) / rows()", "0.5 | 0.5 | 0.5 | 0.5 | 0.5 | 0.5");
    check(
        "row > mean(row)",
        "false | false | false | true | true | true",
    );
    check("sum(row by year(day), b)", "5 | 2 | 3 | 5 | 5 | 6");
    check("sum(row by city = \"Seoul\")", "5 | 13 | 3 | 5 | 13 | 13");
    check("round(mean(x - mean(x)), 12)", "0 | 0 | 0 | 0 | 0 | 0");
    check("sum(1)", "6 | 6 | 6 | 6 | 6 | 6");
}

#[test]
fn windows() {
    check("lag(n)", "· | 3 | 7 | · | -2 | 10");
    check("lead(city, 2)", "· | Seoul | 대구 | Busan | · | ·");
    check("lag(row by city)", "· | · | · | 1 | · | 2");
    check("row_number(by city)", "1 | 1 | 1 | 2 | 1 | 2");
    check("cumsum(n)", "3 | 10 | · | 8 | 18 | 21");
    check("rank(n)", "2 | 4 | · | 1 | 5 | 2");
    check("rank(-n)", "3 | 2 | · | 5 | 1 | 3");
    check("dense_rank(city)", "2 | 1 | · | 2 | 3 | 1");
    check(
        "fill_forward(city)",
        "Seoul | Busan | Busan | Seoul | 대구 | Busan",
    );
    check("ntile(row, 4)", "1 | 1 | 2 | 2 | 3 | 4");
    check("diff(day - \"2024-01-01\")", "· | 29 | · | · | -65 | 367");
    check(
        "share(`금액(원)` by city)",
        "1 | 0.5473684210526316 | 1 | 0 | 1 | 0.45263157894736844",
    );
    check(
        "lag(day)",
        "· | 2024-01-31 | 2024-02-29 | · | 2024-03-05 | 2023-12-31",
    );
}

#[test]
fn columns_keep_what_they_are() {
    let table = table();
    let kind = |text: &str| {
        let column = values(text, &table).unwrap();
        (column.kind().name(), column.measure)
    };
    assert_eq!(kind("n * 2"), ("int", Measure::Scale));
    assert_eq!(kind("n * 1.5"), ("float", Measure::Scale));
    assert_eq!(kind("n * 1e300 * 1e300"), ("float", Measure::Scale));
    assert_eq!(kind("size"), ("category", Measure::Ordinal));
    assert_eq!(kind("upper(size)"), ("category", Measure::Nominal));
    assert_eq!(kind("b and true"), ("bool", Measure::Nominal));
    assert_eq!(kind("day + 1"), ("date", Measure::Time));
    assert_eq!(
        kind("date_add(\"hour\", day, 1)"),
        ("date_time", Measure::Time)
    );
    assert_eq!(kind("time(at)"), ("time", Measure::Time));
    let renamed = values("city", &table).unwrap();
    assert_eq!(
        (renamed.name.as_str(), &renamed.data),
        ("new", &table.column("city").unwrap().data)
    );
}

/// Blocks, levels worked out once and whole vectors give what rows one by one give.
#[test]
fn many_rows_go_as_one_goes() {
    let small = table();
    let n = 10_007;
    let rows: Vec<u32> = (0..n).map(|i| (i * 7 % 6) as u32).collect();
    let large = small.select_rows(&rows);
    for text in [
        "x * n + `금액(원)`",
        "if(x > 1, city, note)",
        "upper(city) & size",
        "case when contains(city, \"o\") then length(city) else n end",
        "city in (\"Seoul\", \"x\") and size >= \"M\"",
        "city = \"Seoul\" or x > 3",
        "coalesce(city, \"-\") = \"-\"",
        "date_add(\"day\", day, n)",
        "if(size > \"S\", day, date(at))",
        "extract(note, \"[0-9]+\")",
        "is_missing(city)",
        "n - max_of(n) + length(mode(city))",
        "min_of(n by city)",
        "min_of(upper(city) by b)",
    ] {
        let expected = values(text, &small).unwrap();
        let found = values(text, &large).unwrap();
        for (i, &row) in rows.iter().enumerate() {
            let row = row as usize;
            let is_valid = (found.is_valid(i), expected.is_valid(row));
            assert!(is_valid.0 == is_valid.1, "{text} in row {i}");
            assert_eq!(found.display(i), expected.display(row), "{text} in row {i}");
        }
    }
}

#[test]
fn rows_that_fit_are_those_where_it_is_true() {
    let table = table();
    let fits = |text: &str| {
        let formula = Formula::read(text, &Known::of_table(&table), Wanted::Truth).unwrap();
        let fits = formula.fits(&table, &mut |_| true).unwrap();
        assert_eq!(
            fits.n_unknown,
            if text.starts_with("n = ") {
                1
            } else {
                fits.n_unknown
            }
        );
        fits.rows.ones().collect::<Vec<_>>()
    };
    assert_eq!(fits("x > 1"), [0, 4, 5]);
    assert_eq!(fits("not x > 1"), [1, 3]);
    assert_eq!(fits("b"), [0, 3, 5]);
    assert_eq!(fits("x is missing"), [2]);
    assert_eq!(fits("true"), [0, 1, 2, 3, 4, 5]);
    assert_eq!(fits("missing"), [0usize; 0]);
    assert_eq!(fits("city = \"Seoul\""), [0, 3]);
    assert_eq!(fits("n = max_of(n by city)"), [0, 1, 4]);
}

#[test]
fn it_stops_when_it_is_told_to() {
    let rows: Vec<u32> = (0..200_000).map(|i| i % 6).collect();
    let large = table().select_rows(&rows);
    let formula = Formula::read("x - mean(x by city)", &Known::of_table(&large), Wanted::Any);
    let formula = formula.unwrap();
    let mut shares = Vec::new();
    formula
        .compute("y", &large, &mut |share| {
            shares.push(share);
            true
        })
        .unwrap();
    assert!(shares.len() > 4 && shares.is_sorted(), "{shares:?}");
    for stop in 0..shares.len() {
        let mut n = 0;
        let stopped = formula.compute("y", &large, &mut |_| {
            n += 1;
            n <= stop
        });
        assert_eq!(stopped.err(), Some(Failure::Stopped));
        assert_eq!(n, stop + 1);
    }
}

#[test]
fn labels_stand_for_values() {
    let labels = [("3", "셋"), ("7", "일곱")].map(|(value, label)| crate::table::ValueLabel {
        value: value.to_string(),
        label: label.to_string(),
    });
    let table = table();
    let labelled = table
        .column("n")
        .unwrap()
        .clone()
        .with_value_labels(labels.to_vec());
    let table = table.with_column(labelled).unwrap();
    let column = values("label(n) & \"!\"", &table).unwrap();
    let shown: Vec<String> = (0..6).map(|i| column.display(i)).collect();
    assert_eq!(shown, ["셋!", "일곱!", "", "-2!", "10!", "셋!"]);
}

#[test]
fn an_empty_table_has_empty_columns() {
    let empty = table().slice(0..0);
    for text in [
        "x * 2",
        "mean(x)",
        "rank(city)",
        "upper(note)",
        "sum(n by city)",
        "1",
        "lag(day)",
    ] {
        assert_eq!(values(text, &empty).map(|c| c.len()), Ok(0), "{text}");
    }
}

#[test]
fn numbers_past_2_53_are_told_of() {
    let large = Table::new(vec![Column::int("id", vec![1, (1 << 53) + 1])]).unwrap();
    let formula = Formula::read("id + 1", &Known::of_table(&large), Wanted::Any).unwrap();
    assert_eq!(formula.inexact_columns(&large), ["id"]);
    assert_eq!(
        Formula::read("x", &Known::of_table(&table()), Wanted::Any)
            .unwrap()
            .inexact_columns(&table()),
        [""; 0]
    );
}
