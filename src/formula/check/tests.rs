use super::*;
use crate::report::Lang;
use crate::table::{ColumnKind, Measure};

/// Checks a formula over columns of every kind: the kind that it gives, or its first error's place
/// and sentence.
#[track_caller]
fn check(text: &str, expected: &str) {
    let found = match Formula::read(text, &columns(), Wanted::Any) {
        Ok(formula) => format!("{:?}", formula.ty()),
        Err(errors) => said(&errors[0]),
    };
    assert_eq!(found, expected, "{text}");
}

fn said(error: &Error) -> String {
    format!("{:?} {}", error.range, error.message.text(Lang::En))
}

fn columns() -> Vec<Known<'static>> {
    static LEVELS: std::sync::LazyLock<Vec<String>> =
        std::sync::LazyLock::new(|| ["S", "M", "L"].map(String::from).to_vec());
    let of = |name, kind, measure| Known {
        name,
        kind,
        measure,
        levels: None,
        has_all_levels: true,
    };
    vec![
        of("price", ColumnKind::Float, Measure::Scale),
        of("n", ColumnKind::Int, Measure::Scale),
        of("is_new", ColumnKind::Bool, Measure::Nominal),
        of("city", ColumnKind::Category, Measure::Nominal),
        of("note", ColumnKind::Text, Measure::Text),
        of("day", ColumnKind::Date, Measure::Time),
        of("moment", ColumnKind::DateTime, Measure::Time),
        of("at", ColumnKind::Time, Measure::Time),
        of("금액(원)", ColumnKind::Int, Measure::Scale),
        Known {
            levels: Some(&LEVELS),
            ..of("size", ColumnKind::Category, Measure::Ordinal)
        },
    ]
}

#[test]
fn numbers_are_whole_while_they_can_be() {
    check("n + 1", "Whole");
    check("n * `금액(원)` - 3", "Whole");
    check("n / 2", "Number");
    check("n // 2", "Whole");
    check("price // 2", "Whole");
    check("n ^ 2", "Whole");
    check("n ^ -1", "Number");
    check("2 ^ n", "Number");
    check("-n", "Whole");
    check("n + 0.5", "Number");
    check("is_new + 1", "Whole");
    check("mean(is_new)", "Number");
    check("sum(n)", "Whole");
    check("sum(price by city)", "Number");
    check("round(price)", "Whole");
    check("round(price, 2)", "Number");
    check("max(n, 2, price)", "Number");
    check("coalesce(n, 0)", "Whole");
    check("lag(n, 2)", "Whole");
}

#[test]
fn choices_have_one_kind() {
    check("if(price > 3, \"a\", \"b\")", "Text");
    check("if(is_new, 1, missing)", "Whole");
    check("case when is_new then day else moment end", "DateTime");
    check(
        "case city when \"a\" then 1 when \"b\" then 2.5 end",
        "Number",
    );
    check("if(is_new, day, \"2024-01-01\")", "Date");
    check("null", "Missing");
    check(
        "if(is_new, 1, \"b\")",
        "14..17 1 is a whole number, and \"b\" is text: they do not go together.",
    );
}

#[test]
fn comparisons_want_one_kind() {
    check("price > 3", "Truth");
    check("city = \"a\" and not is_new", "Truth");
    check("day >= \"2024-03-05\"", "Truth");
    check("moment < day", "Truth");
    check("at between \"09:00\" and \"12:30\"", "Truth");
    check("day in (\"2024-03-05\", \"2024-03-06\")", "Truth");
    check(
        "city = n",
        "7..8 city is text and n a number: number(city) reads a number, text(n) writes text.",
    );
    check(
        "city = 3",
        "7..8 city is text: write \"3\" for text, or number(city) for a number.",
    );
    check(
        "day > \"soon\"",
        "6..12 “soon” cannot be read as a date, such as \"2024-03-05\".",
    );
    check(
        "\"price\" > 3",
        "0..7 In quotes this is text; the column is written price.",
    );
    check(
        "price + \"n\"",
        "8..11 \"n\" is text: texts are joined by &, and number(\"n\") reads a number from one.",
    );
    check(
        "price = missing",
        "8..15 Nothing compares with a missing value; write: is missing.",
    );
    check(
        "price and is_new",
        "0..5 True or false is needed here, and price is a number; compare it with something.",
    );
}

#[test]
fn ordered_levels_are_known() {
    check("size > \"S\"", "Truth");
    check("\"M\" <= size", "Truth");
    check("size = \"XL\"", "Truth");
    check(
        "size > \"XL\"",
        "7..11 There is no level “XL”; there are S, M, and L.",
    );
}

#[test]
fn dates_are_reckoned_in_days() {
    check("day + 7", "Date");
    check("day - day", "Whole");
    check("day - \"2024-01-01\"", "Whole");
    check("date_add(\"hour\", day, 3)", "DateTime");
    check("date_add(\"month\", day, 3)", "Date");
    check("date_diff(\"minutes\", at, \"10:00\")", "Whole");
    check("year(day) * 100 + month(day)", "Whole");
    check("date_time(day, at)", "DateTime");
    check("date(2024, n, 1)", "Date");
    check("hour(moment)", "Whole");
    let days = "Whole days are added to a date, and a date is taken from a date; other spans of time go by date_add(unit, moment, n) and date_diff(unit, from, to).";
    check("moment + 1", &format!("0..10 {days}"));
    check("day + price", &format!("0..11 {days}"));
    check(
        "hour(day)",
        "5..8 A time of day is needed here, and day is a date without one.",
    );
    check(
        "year(at)",
        "5..7 A date is needed here, and at is a time of day.",
    );
    check(
        "year(city)",
        "5..9 A date or time is needed here, and city is text; date(city) reads a date from it.",
    );
    check(
        "date_add(\"monht\", day, 1)",
        "9..16 “monht” is no unit of time; did you mean \"month\"?",
    );
    check(
        "date_trunc(city, day)",
        "11..15 A unit of time in quotes stands here: year, quarter, month, week, day, hour, minute, and second.",
    );
    check(
        "date_diff(\"day\", at, at)",
        "17..19 A time of day has hours, minutes and seconds only.",
    );
    check(
        "date(2024, 1)",
        "5..9 2 values are given; it is written date(x, [month], [day]).",
    );
    check(
        "date(n)",
        "5..6 date makes nothing of n, which is a whole number.",
    );
    check(
        "number(day)",
        "7..10 day is a date; its parts are numbers: year, month, day, hour, minute.",
    );
}

#[test]
fn misspelt_names_are_understood() {
    check(
        "pirce * 2",
        "0..5 There is no column pirce; did you mean price?",
    );
    check(
        "금액원 * 2",
        "0..9 There is no column 금액원; did you mean `금액(원)`?",
    );
    check(
        "upper",
        "0..5 There is no column upper; the function is written upper(text).",
    );
    check(
        "Seoul",
        "0..5 There is no column Seoul; text stands in quotes.",
    );
    check(
        "rond(price)",
        "0..4 There is no function rond; did you mean round?",
    );
    check("price(2)", "0..5 price is a column and takes no brackets.");
    check(
        "today() - day",
        "0..5 today is not offered, so that a notebook gives the same answer every day; write the date: date(\"2024-03-05\").",
    );
    check("IFELSE(is_new, 1, 0)", "Whole");
    check("AVG(price)", "Number");
}

#[test]
fn calls_take_what_they_are_written_with() {
    check(
        "min(price)",
        "0..3 min compares values of one row; for a column there is min_of(x).",
    );
    check(
        "round()",
        "0..5 0 values are given; it is written round(x, [digits]).",
    );
    check(
        "round(price, 1, 2)",
        "16..17 3 values are given; it is written round(x, [digits]).",
    );
    check(
        "upper(n)",
        "6..7 Text is needed here, and n is a whole number; text(n) writes it as text.",
    );
    check(
        "sqrt(city)",
        "5..9 A number is needed here, and city is text; number(city) reads a number from it.",
    );
    check(
        "sqrt(day)",
        "5..8 A number is needed here, and day is a date.",
    );
    check(
        "quantile(price, n)",
        "16..17 p of quantile is one number for all rows.",
    );
    check("quantile(price, mean(is_new))", "Number");
    check(
        "matches(city, note)",
        "14..18 pattern of matches is text in quotes.",
    );
    check(
        "round(price by city)",
        "15..19 round looks at one row; “by” makes groups for statistics such as mean(x by group).",
    );
    check("n & \" / \" & day", "Text");
    check("label(n)", "Text");
    check("label(n + 1)", "6..11 label takes the name of a column.");
}

#[test]
fn all_errors_are_found() {
    let errors = Formula::read("prcie + upper(n) + qantity", &columns(), Wanted::Any).unwrap_err();
    let ranges: Vec<_> = errors.iter().map(|e| e.range.clone()).collect();
    assert_eq!(ranges, [0..5, 14..15, 19..26]);
}

#[test]
fn a_filter_wants_truth() {
    let read = |text: &str| Formula::read(text, &columns(), Wanted::Truth);
    assert!(read("price > 3").is_ok());
    assert!(read("is_new").is_ok());
    let errors = read("price * 2").unwrap_err();
    assert_eq!(
        said(&errors[0]),
        "0..9 A filter asks what is true of a row, and this gives a number; compare it with something."
    );
}

#[test]
fn columns_are_named_once() {
    let formula = Formula::read("n + price * n", &columns(), Wanted::Any).unwrap();
    assert_eq!(formula.columns(), ["n", "price"]);
}
