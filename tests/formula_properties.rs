//! What holds of every formula: its spelling reads as itself, and no text makes the reader, the
//! checker, the completion or the evaluator panic.

use jari::formula::functions::Function;
use jari::formula::{Expr, Formula, Infix, Known, Node, Wanted, call_at, complete, parse};
use jari::table::{Bitmap, Column, Data, Measure, Table};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn a_formula_reads_as_it_is_spelt(expr in expressions()) {
        let spelt = expr.to_string();
        let read = parse(&spelt).map_err(|e| TestCaseError::fail(format!("{spelt}: {e:?}")))?;
        prop_assert_eq!(&read, &expr, "{}", spelt);
        prop_assert_eq!(read.to_string(), spelt);
    }

    #[test]
    fn ranges_lie_within_the_text(expr in expressions()) {
        let spelt = expr.to_string();
        let read = parse(&spelt).map_err(|e| TestCaseError::fail(format!("{spelt}: {e:?}")))?;
        prop_assert_eq!(parse(&spelt[read.range.clone()]).ok(), Some(read));
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,40}") {
        try_all(&text)?;
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
        try_all(&String::from_utf8_lossy(&bytes))?;
    }

    #[test]
    fn no_words_in_any_order_make_it_panic(words in proptest::collection::vec(words(), 0..24)) {
        try_all(&words.join(" "))?;
        try_all(&words.concat())?;
    }

    #[test]
    fn calls_of_any_values_run(call in calls()) {
        try_all(&call)?;
    }
}

/// Parses, checks, completes at every place, and runs what can be run.
fn try_all(text: &str) -> Result<(), TestCaseError> {
    let table = table();
    let known = Known::of_table(&table);
    if let Ok(expr) = parse(text) {
        let spelt = expr.to_string();
        prop_assert_eq!(parse(&spelt).ok(), Some(expr), "{}", spelt);
    }
    for cursor in 0..=text.len() {
        let found = complete(text, cursor, &known);
        prop_assert!(
            text.get(found.range.clone()).is_some(),
            "{} at {}",
            text,
            cursor
        );
        call_at(text, cursor);
    }
    match Formula::read(text, &known, Wanted::Any) {
        Ok(formula) => {
            if let Ok(column) = formula.compute("new", &table, &mut |_| true) {
                prop_assert_eq!(column.len(), table.n_rows());
            }
        }
        Err(errors) => {
            prop_assert!(!errors.is_empty(), "{}", text);
            for error in errors {
                prop_assert!(
                    text.get(error.range.clone()).is_some(),
                    "{} {:?}",
                    text,
                    error
                );
            }
        }
    }
    Ok(())
}

/// Rows of every kind, with the ends of what columns can hold.
pub fn table() -> Table {
    let levels = || ["a", "나", ""].map(String::from).to_vec();
    let valid = || Bitmap::from_iter([true, true, false, true]);
    Table::new(vec![
        Column::float("x", vec![1e300, -0.5, f64::NAN, f64::NEG_INFINITY]),
        Column::int("n", vec![i64::MAX, i64::MIN, 0, 3]).with_validity(valid()),
        Column::bool("b", [true, false, false, true]).with_validity(valid()),
        Column::category("c", vec![0, 1, -1, 2], levels()),
        Column::category("o", vec![2, 1, -1, 0], levels()).with_measure(Measure::Ordinal),
        Column::text("t", ["", "가나다 1,234", "x", "2024-02-29"]).with_validity(valid()),
        Column::date("d", vec![i32::MAX, i32::MIN, 0, 19_782]).with_validity(valid()),
        Column::date_time("m", vec![i64::MAX, i64::MIN + 1, 0, 1_709_632_800_000])
            .with_validity(valid()),
        Column::new("s", Data::Time(vec![86_399_999, 0, 0, i32::MIN])).with_validity(valid()),
        Column::int("금액(원)", vec![17_200, 0, -5, 1]),
    ])
    .unwrap()
}

const NAMES: [&str; 11] = [
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
    "q",
];

/// Parts of formulas, put together by no rule.
fn words() -> impl Strategy<Value = String> {
    let signs = [
        "+", "-", "*", "/", "//", "%", "^", "&", "=", "!=", "<", "<=", ">", ">=", "(", ")", "[",
        "]", ",", "and", "or", "not", "in", "is", "between", "missing", "case", "when", "then",
        "else", "end", "by", "true", "false", "#", "\"", "'", "`",
    ];
    let values = [
        "0",
        "1",
        "2.5",
        "-3",
        "1e300",
        "\"\"",
        "\"day\"",
        "\"2024-03-05\"",
        "\"(a)\"",
        "\"%Y\"",
    ];
    let functions: Vec<String> = Function::all().map(|f| format!("{}(", f.name)).collect();
    prop_oneof![
        proptest::sample::select(signs.to_vec()).prop_map(String::from),
        proptest::sample::select(NAMES.to_vec()).prop_map(String::from),
        proptest::sample::select(values.to_vec()).prop_map(String::from),
        proptest::sample::select(functions),
    ]
}

/// A function of values of any kind.
fn calls() -> impl Strategy<Value = String> {
    let values = [
        "0",
        "1",
        "-1",
        "2.5",
        "1e300",
        "-1e18",
        "missing",
        "true",
        "\"\"",
        "\"a\"",
        "\"day\"",
        "\"month\"",
        "\"hour\"",
        "\"week\"",
        "\"2024-03-05\"",
        "\"09:30\"",
        "\"(.)(.)\"",
        "\"%Y\"",
        "x * 0",
        "upper(c)",
        "lag(d)",
        "d + 1",
        "mean(x)",
    ];
    let value = prop_oneof![
        proptest::sample::select(NAMES.to_vec()).prop_map(String::from),
        proptest::sample::select(values.to_vec()).prop_map(String::from),
    ];
    let functions: Vec<&str> = Function::all().map(|f| f.name).collect();
    let by = proptest::option::of(proptest::sample::select(
        ["b", "c", "x > 0", "d"].as_slice(),
    ));
    let call = (
        proptest::sample::select(functions),
        proptest::collection::vec(value, 0..4),
        by,
    );
    call.prop_map(|(name, values, by)| match by {
        Some(by) => format!("{name}({} by {by})", values.join(", ")),
        None => format!("{name}({})", values.join(", ")),
    })
}

fn expressions() -> impl Strategy<Value = Expr> {
    let number = prop_oneof![
        Just(0.0),
        Just(1.0),
        Just(5e-324),
        Just(f64::MAX),
        any::<u32>().prop_map(f64::from),
        (0.0..1e6f64),
    ];
    let name = prop_oneof![
        Just("price".to_string()),
        Just("금액(원)".to_string()),
        Just("end".to_string()),
        Just("NA".to_string()),
        Just("a`b".to_string()),
        Just("1st".to_string()),
        "\\PC{1,6}",
    ];
    let leaf = prop_oneof![
        number.prop_map(Node::Number),
        "\\PC{0,8}".prop_map(Node::Text),
        any::<bool>().prop_map(Node::Truth),
        Just(Node::Missing),
        name.prop_map(Node::Column),
    ]
    .prop_map(|node| Expr::new(node, 0..0));
    leaf.prop_recursive(6, 64, 4, |part| {
        let of = |node| Expr::new(node, 0..0);
        let list = || proptest::collection::vec(part.clone(), 1..4);
        let boxed = |e: Expr| Box::new(e);
        prop_oneof![
            part.clone().prop_map(move |a| of(Node::Minus(Box::new(a)))),
            part.clone().prop_map(move |a| of(Node::Not(Box::new(a)))),
            (infixes(), part.clone(), part.clone())
                .prop_map(move |(infix, a, b)| of(Node::Infix(infix, Box::new((a, b))))),
            (part.clone(), list(), any::<bool>()).prop_map(move |(value, list, negated)| {
                of(Node::In {
                    value: boxed(value),
                    list,
                    negated,
                })
            }),
            ((part.clone(), part.clone(), part.clone()), any::<bool>()).prop_map(
                move |(parts, negated)| of(Node::Between {
                    parts: Box::new(parts),
                    negated
                })
            ),
            (part.clone(), any::<bool>()).prop_map(move |(value, negated)| {
                of(Node::IsMissing {
                    value: boxed(value),
                    negated,
                })
            }),
            (
                proptest::option::of(part.clone()),
                proptest::collection::vec((part.clone(), part.clone()), 1..3),
                proptest::option::of(part.clone()),
            )
                .prop_map(move |(subject, arms, other)| {
                    of(Node::Case {
                        subject: subject.map(Box::new),
                        arms,
                        other: other.map(Box::new),
                    })
                }),
            (
                proptest::sample::select(["round", "f", "is.na", "합"].as_slice()),
                proptest::collection::vec(part.clone(), 0..4),
                proptest::collection::vec(part.clone(), 0..3),
            )
                .prop_map(move |(name, arguments, by)| {
                    of(Node::Call {
                        name: name.to_string(),
                        arguments,
                        by,
                    })
                }),
        ]
    })
}

fn infixes() -> impl Strategy<Value = Infix> {
    use Infix::*;
    proptest::sample::select(
        [
            Or,
            And,
            Equal,
            NotEqual,
            Less,
            AtMost,
            More,
            AtLeast,
            Join,
            Add,
            Subtract,
            Multiply,
            Divide,
            DivideWhole,
            Remainder,
            Power,
        ]
        .as_slice(),
    )
}
