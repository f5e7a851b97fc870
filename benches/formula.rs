//! Formulas over a million rows: `cargo bench --bench formula`, with words to pick lines by.
//!
//! Prints the best of five runs in milliseconds, checked and evaluated from the text on.

use std::time::Instant;

use jari::formula::{Formula, Known, Wanted};
use jari::table::{Bitmap, Column, Table};

const N_ROWS: usize = 1_000_000;
const N_RUNS: usize = 5;

const FORMULAS: [&str; 27] = [
    "price * quantity * (1 - discount)",
    "price / quantity",
    "round(price * 1.1, 2)",
    "sqrt(price) + log(price)",
    "price ^ 1.5",
    "if(price > 50, price * 0.9, price)",
    "case when price > 80 then \"high\" when price > 40 then \"middle\" else \"low\" end",
    "price > 50 and discount < 0.1 or quantity = 3",
    "city = \"city 7\"",
    "city in (\"city 1\", \"city 2\") and price > 50",
    "upper(city) & \"!\"",
    "coalesce(score, 0)",
    "note = \"order 777\"",
    "length(note)",
    "split_part(note, \" \", 2)",
    "contains(note, \"99\")",
    "extract(note, \"[0-9]+\")",
    "month(day)",
    "week_start(day)",
    "date_add(\"month\", day, quantity)",
    "price - mean(price)",
    "mean(price by city)",
    "median(price)",
    "rank(price)",
    "lag(price by city)",
    "cumsum(quantity)",
    "count_distinct(note by city)",
];

fn main() {
    let words: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| !a.starts_with('-'))
        .collect();
    let table = table();
    let known = Known::of_table(&table);
    for text in FORMULAS {
        if !words.is_empty() && !words.iter().any(|w| text.contains(w.as_str())) {
            continue;
        }
        let column = best(|| {
            let formula = Formula::read(text, &known, Wanted::Any).expect("a formula of the table");
            formula
                .compute("new", &table, &mut |_| true)
                .expect("a column")
        });
        println!("{column:8.1} ms  {text}");
        let Ok(filter) = Formula::read(text, &known, Wanted::Truth) else {
            continue;
        };
        let fits = best(|| filter.fits(&table, &mut |_| true).expect("rows"));
        let rows = filter.fits(&table, &mut |_| true).expect("rows").rows;
        let kept = best(|| table.filter(&rows));
        println!(
            "{fits:8.1} ms    as a filter, and {kept:.1} ms to take {} rows",
            rows.count_ones()
        );
    }
}

fn best<T>(mut run: impl FnMut() -> T) -> f64 {
    let times = (0..N_RUNS).map(|_| {
        let start = Instant::now();
        std::hint::black_box(run());
        start.elapsed().as_secs_f64() * 1e3
    });
    times.fold(f64::INFINITY, f64::min)
}

/// Rows that follow no pattern a branch could learn.
fn table() -> Table {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = |n: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % n
    };
    let mut numbers = |n: u64| -> Vec<u64> { (0..N_ROWS).map(|_| next(n)).collect() };
    let floats =
        |v: Vec<u64>, unit: f64| v.into_iter().map(|x| x as f64 * unit).collect::<Vec<_>>();
    let price = floats(numbers(10_000), 0.01);
    let discount = floats(numbers(30), 0.01);
    let mut score = floats(numbers(100), 1.0);
    score.iter_mut().step_by(10).for_each(|x| *x = f64::NAN);
    let quantity = numbers(12).into_iter().map(|x| x as i64).collect();
    let city = numbers(50).into_iter().map(|x| x as i32).collect();
    let levels = (0..50).map(|k| format!("city {k}")).collect();
    let day = numbers(4000)
        .into_iter()
        .map(|x| x as i32 + 15_000)
        .collect();
    let valid: Bitmap = numbers(100).into_iter().map(|x| x > 0).collect();
    let note = numbers(1_000_000).into_iter().map(|x| format!("order {x}"));
    Table::new(vec![
        Column::float("price", price),
        Column::int("quantity", quantity),
        Column::float("discount", discount),
        Column::float("score", score),
        Column::category("city", city, levels),
        Column::date("day", day).with_validity(valid),
        Column::text("note", note),
    ])
    .expect("columns of one length")
}
