//! The verbs of tables on 1,000,000 rows: `cargo bench --bench verbs`. The best of seven runs each.
//!
//! `verbs.py` beside it asks the same of Polars and DuckDB on one thread.

use std::hint::black_box;
use std::time::Instant;

use jari::table::verbs::{
    DatePart, Groups, JoinKind, Matching, Order, Reach, SortKey, Summary, Total, Wider, longer,
    sorted_rows,
};
use jari::table::{Column, Table};
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

const N: usize = 1_000_000;
/// Keys of the right table of a join.
const N_KEYS: u64 = 10_000;
const N_RUNS: usize = 7;

fn main() {
    let data = data();
    groups(&data);
    join(&data);
    sort(&data);
    windows(&data);
    pivots(&data);
}

fn time<T>(what: &str, run: impl Fn() -> T) -> T {
    let mut best = f64::INFINITY;
    let mut answer = None;
    for _ in 0..N_RUNS {
        let start = Instant::now();
        answer = Some(black_box(run()));
        best = best.min(start.elapsed().as_secs_f64());
    }
    println!("{what:44} {:8.1} ms", best * 1e3);
    answer.expect("at least one run")
}

/// A category of 12 levels, a day of three years, whole numbers of 300 values, an id and a code of
/// 10,000, numbers with and without missing ones.
fn data() -> Table {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(7);
    let mut below = |n: u64| rng.next_u64() % n;
    let levels = (0..12).map(|i| format!("level {i}")).collect();
    let category = (0..N).map(|_| below(12) as i32).collect();
    let shop = (0..N).map(|_| below(300) as i64).collect();
    let day = (0..N).map(|_| 19_358 + below(1095) as i32).collect();
    let id: Vec<i64> = (0..N).map(|_| id_of(below(N_KEYS))).collect();
    let code: Vec<String> = (0..N).map(|_| format!("C{:06}", below(N_KEYS))).collect();
    let x: Vec<f64> = (0..N).map(|_| below(1 << 53) as f64 / 9e12).collect();
    let gaps = x.iter().map(|&x| if below(50) == 0 { f64::NAN } else { x });
    let gaps = gaps.collect();
    Table::new(vec![
        Column::category("category", category, levels),
        Column::int("shop", shop),
        Column::date("day", day),
        Column::int("id", id),
        Column::text("code", code),
        Column::float("x", x),
        Column::float("gaps", gaps),
    ])
    .expect("columns of one length")
}

/// Far apart, so that they are not counted off.
fn id_of(key: u64) -> i64 {
    key as i64 * 7_919_003 + 13
}

fn column<'a>(table: &'a Table, name: &str) -> &'a Column {
    table.column(name).expect("a column of the data")
}

fn groups(data: &Table) {
    let of = |name| column(data, name);
    let summed = |keys: &[&Column]| {
        let groups = Groups::of(keys, N).sorted(keys);
        let sum = Summary::Sum.of(of("x"), &groups);
        let mean = Summary::Mean.of(of("gaps"), &groups);
        (groups.counts(), sum, mean)
    };
    time("12 × 300 groups: rows, sum, mean", || {
        summed(&[of("category"), of("shop")])
    });
    time("12 levels × 36 months: rows, sum, mean", || {
        let month = DatePart::Month.of(of("day")).expect("days");
        summed(&[of("category"), &month])
    });
    time("10,000 ids: rows, sum, mean", || summed(&[of("id")]));
    time("10,000 texts: rows, sum, mean", || summed(&[of("code")]));
    let groups = Groups::of(&[of("category"), of("shop")], N);
    time("standard deviation of 3,600 groups", || {
        Summary::Sd.of(of("x"), &groups)
    });
    time("median of 3,600 groups", || {
        Summary::Quantile(0.5).of(of("x"), &groups)
    });
    time("different ids in 3,600 groups", || {
        Summary::Distinct.of(of("id"), &groups)
    });
}

fn join(data: &Table) {
    let right = |key: Column| {
        let weight = (0..N_KEYS).map(|k| k as f64).collect();
        let name = (0..N_KEYS).map(|k| format!("name {k}"));
        Table::new(vec![
            key,
            Column::float("weight", weight),
            Column::text("name", name),
        ])
        .expect("columns of one length")
    };
    let by_id = right(Column::int("id", (0..N_KEYS).map(id_of).collect()));
    let codes = (0..N_KEYS).map(|k| format!("C{k:06}"));
    let by_code = right(Column::text("code", codes));
    let joined = |right: &Table, key: &str, kind| {
        let matching = Matching::of(&[(column(data, key), column(right, key))]);
        let sides = (matching.left_side(), matching.right_side());
        let pairs = matching.pairs(kind);
        (sides, data.take(&pairs.left), right.take(&pairs.right))
    };
    time("left join with 10,000 ids", || {
        joined(&by_id, "id", JoinKind::Left)
    });
    time("left join with 10,000 texts", || {
        joined(&by_code, "code", JoinKind::Left)
    });
    let half = by_id.slice(0..N_KEYS as usize / 2);
    time("inner join with 5,000 of the ids", || {
        joined(&half, "id", JoinKind::Inner)
    });
}

fn sort(data: &Table) {
    let up = |name| SortKey::ascending(column(data, name));
    time("order by a number", || sorted_rows(&[up("x")], N));
    time("order by category, day and number", || {
        sorted_rows(&[up("category"), up("day"), up("gaps")], N)
    });
    time("order by text", || sorted_rows(&[up("code")], N));
    let numbers = ["x", "gaps", "id", "day"];
    let numbers = data.select_columns(&numbers).expect("columns of the data");
    time("4 columns sorted by a number", || {
        numbers.take(&sorted_rows(&[up("x")], N))
    });
}

fn windows(data: &Table) {
    let (id, day) = (column(data, "id"), column(data, "day"));
    let keys = [SortKey::ascending(day)];
    let order = time("10,000 groups in the order of days", || {
        let groups = Groups::of(&[id], N);
        Order::of(&groups.ids, groups.len(), &keys)
    });
    let x = column(data, "gaps");
    let values = x.numbers().expect("numbers");
    time("previous value", || x.take(&order.neighbours(1)));
    time("running sum", || order.cumulative(&values, Total::Sum));
    time("moving mean of 7", || {
        order.moving(&values, 7, Total::Mean, Reach::Partial)
    });
}

fn pivots(data: &Table) {
    let gathered = ["x", "gaps"].map(String::from);
    let table = data.select_columns(&["id", "x", "gaps"]);
    let table = table.expect("columns of the data");
    time("2 columns to 2,000,000 rows", || {
        longer(&table, &gathered, "name", "value")
    });
    time("10,000 × 12 sums in columns", || {
        let wider = Wider::of(&[column(data, "id")], &[column(data, "category")], N);
        let sums = Summary::Sum.of(column(data, "x"), &wider.places);
        let columns = 0..wider.columns.len();
        columns
            .map(|k| sums.take(&wider.places_of(k)))
            .collect::<Vec<_>>()
    });
}
