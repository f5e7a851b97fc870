//! The reference page: what a person reads, written from the function table.

use super::functions::{Chapter, Function};
use super::{Formula, Known, Wanted};
use crate::msg;
use crate::report::{Lang, Msg};
use crate::table::{Column, Table, ValueLabel};

/// The page in Markdown. Its examples are run as it is written.
///
/// # Panics
/// When an example does not run: the table is part of the program.
pub fn reference_page(lang: Lang) -> String {
    let head = match lang {
        Lang::En => include_str!("head.md"),
        Lang::Ko => include_str!("head.ko.md"),
    };
    let table = sample();
    let mut page = format!("{head}\n{}", rows(&table));
    for chapter in Chapter::ALL {
        page += &format!("\n## {}\n", chapter.title().text(lang));
        for function in chapter.functions() {
            page += &entry(function, &table, lang);
        }
    }
    page
}

fn entry(function: &Function, table: &Table, lang: Lang) -> String {
    let mut text = format!(
        "\n**`{}`** {}\n",
        function.signature(),
        function.help.text(lang)
    );
    if !function.also.is_empty() {
        let others: Vec<String> = function.also.iter().map(|n| format!("`{n}`")).collect();
        text += &format!("{}\n", also(others.join(", ")).text(lang));
    }
    let (example, result) = (function.example, result(function.example, table));
    text + &format!("\n> `{example}` → {result}\n")
}

fn also(names: String) -> Msg {
    msg!("formula.page.also", "Also {names}.", names = names)
}

/// The values of an example: one when all rows agree.
fn result(example: &str, table: &Table) -> String {
    let formula = Formula::read(example, &Known::of_table(table), Wanted::Any);
    let formula = formula.unwrap_or_else(|e| panic!("the example {example}: {e:?}"));
    let column = formula.compute("x", table, &mut |_| true);
    let column = column.unwrap_or_else(|e| panic!("the example {example}: {e:?}"));
    let mut shown: Vec<String> = (0..column.len()).map(|i| cell(&column, i)).collect();
    if shown.iter().all(|s| *s == shown[0]) {
        shown.truncate(1);
    }
    shown.join(" · ")
}

fn cell(column: &Column, i: usize) -> String {
    match column.is_valid(i) {
        true => column.display(i),
        false => "–".to_string(),
    }
}

/// A small table with a missing value, equals, and the ends of months.
fn sample() -> Table {
    let levels = ["Busan", "Daegu", "Seoul"].map(String::from).to_vec();
    // 2024-01-31, 2024-02-29, 2024-03-05, 2024-03-05, 2024-12-30
    let days = vec![19_753, 19_782, 19_787, 19_787, 20_087];
    Table::new(vec![
        Column::category("city", vec![2, 0, 2, 1, 0], levels),
        Column::float("price", vec![12.5, 8.0, f64::NAN, 20.0, 8.0]),
        Column::int("quantity", vec![2, 5, 1, 3, 4]).with_value_labels(vec![ValueLabel {
            value: "1".to_string(),
            label: "one".to_string(),
        }]),
        Column::date("ordered", days),
        Column::text(
            "note",
            ["A-17 red", "B-2 blue", "A-3 red", "C-40", "B-2 red"],
        ),
    ])
    .expect("columns of one length")
}

fn rows(table: &Table) -> String {
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let columns = table.columns();
    let mut text = line(columns.iter().map(|c| c.name.clone()).collect());
    text += &line(columns.iter().map(|_| "---".to_string()).collect());
    for i in 0..table.n_rows() {
        text += &line(columns.iter().map(|c| cell(c, i)).collect());
    }
    text
}
