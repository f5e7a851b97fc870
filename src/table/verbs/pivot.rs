//! Columns to rows and back.

use super::super::{Column, Table};
use super::codes::Codes;
use super::groups::{Groups, RowsOfGroups};
use super::stack::{Part, stack};
use super::take::NO_ROW;

/// The columns `gathered` as two: their names and their values. Each row becomes one for each of them,
/// in the order of `gathered`; all other columns repeat beside.
///
/// The names are levels in the order of `gathered`. `None` when one of the columns is not there, or when
/// the values, spelt out as text, would pass 2 GiB.
///
/// # Panics
/// When there would be 2³² − 1 rows or more.
pub fn longer(
    table: &Table,
    gathered: &[String],
    names_to: &str,
    values_to: &str,
) -> Option<Table> {
    let columns: Vec<&Column> = gathered
        .iter()
        .map(|name| table.column(name))
        .collect::<Option<_>>()?;
    let (n, k) = (table.n_rows(), columns.len());
    assert!(n * k < NO_ROW as usize, "{n} × {k} rows");
    let parts: Vec<Part> = columns.iter().map(|c| Part::Column(c)).collect();
    let stacked = stack(&parts)?;
    let turned: Vec<u32> = (0..n)
        .flat_map(|row| (0..k).map(move |c| (c * n + row) as u32))
        .collect();
    let mut values = stacked.take(&turned);
    values.name = values_to.to_string();
    if k > 1 {
        values.label = None;
    }
    let codes = (0..n * k).map(|i| (i % k) as i32).collect();
    let names = Column::category(names_to, codes, gathered.to_vec());
    let repeated: Vec<u32> = (0..n * k).map(|i| (i / k) as u32).collect();
    let mut all: Vec<Column> = table
        .columns()
        .iter()
        .filter(|c| !gathered.contains(&c.name))
        .map(|c| c.select_rows(&repeated))
        .collect();
    all.push(names);
    all.push(values);
    Table::new(all).ok()
}

/// Where the rows of a table go when it is made wider: one row for each combination of ids, one column
/// for each combination of names.
#[derive(Clone, Debug)]
pub struct Wider {
    /// The groups of rows that make one row, in the order of their first rows.
    pub rows: Groups,
    /// The groups of rows that make one column, in the order of their names, missing last.
    pub columns: Groups,
    /// The groups of rows that meet in one place.
    pub places: Groups,
    places_of_columns: RowsOfGroups,
}

impl Wider {
    pub fn of(ids: &[&Column], names: &[&Column], n_rows: usize) -> Self {
        let rows = Groups::of(ids, n_rows);
        let columns = Groups::of(names, n_rows).sorted(names);
        let code = |groups: &Groups| Codes {
            codes: groups.ids.clone(),
            n_codes: groups.len(),
        };
        let (ids, first_rows) = code(&rows).times(&code(&columns)).dense();
        let column_of = |&row: &u32| columns.ids[row as usize];
        let of_places: Vec<u32> = first_rows.iter().map(column_of).collect();
        Self {
            places_of_columns: RowsOfGroups::of(&of_places, columns.len()),
            rows,
            columns,
            places: Groups { ids, first_rows },
        }
    }

    /// Places that more than one row goes to, and the rows that go there.
    pub fn n_repeated(&self) -> (usize, usize) {
        let repeated = self.places.counts().into_iter().filter(|&n| n > 1);
        repeated.fold((0, 0), |(places, rows), n| (places + 1, rows + n as usize))
    }

    /// For each row of the wide table its place in column `k`; [`NO_ROW`] where no row went.
    pub fn places_of(&self, k: usize) -> Vec<u32> {
        let mut places = vec![NO_ROW; self.rows.len()];
        for &place in self.places_of_columns.group(k) {
            let row = self.places.first_rows[place as usize];
            places[self.rows.ids[row as usize] as usize] = place;
        }
        places
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(table: &Table) -> Vec<String> {
        let line = |i| {
            let cells = table.columns().iter().map(|c| c.display(i));
            cells.collect::<Vec<_>>().join(" ")
        };
        let names = table.columns().iter().map(|c| c.name.clone());
        let head = names.collect::<Vec<_>>().join(" ");
        std::iter::once(head)
            .chain((0..table.n_rows()).map(line))
            .collect()
    }

    fn sales() -> Table {
        Table::new(vec![
            Column::text("shop", ["a", "b"]),
            Column::int("q10", vec![1, 2]),
            Column::float("q2", vec![0.5, f64::NAN]),
        ])
        .unwrap()
    }

    #[test]
    fn columns_become_rows() {
        let names = ["q10", "q2"].map(String::from);
        let long = longer(&sales(), &names, "quarter", "sales").unwrap();
        let expected = [
            "shop quarter sales",
            "a q10 1",
            "a q2 0.5",
            "b q10 2",
            "b q2 ",
        ];
        assert_eq!(shown(&long), expected);
        assert!(longer(&sales(), &["no".to_string()], "n", "v").is_none());
    }

    #[test]
    fn rows_become_columns() {
        let shop = Column::text("shop", ["b", "a", "b", "a", "b"]);
        let quarter = Column::int("quarter", vec![10, 2, 2, 2, 10]);
        let wider = Wider::of(&[&shop], &[&quarter], 5);
        assert_eq!(wider.rows.first_rows, [0, 1]);
        assert_eq!(wider.columns.first_rows, [1, 0]);
        assert_eq!(wider.n_repeated(), (2, 4));
        let counts = wider.places.counts();
        let shown: Vec<Vec<u32>> = (0..2)
            .map(|k| {
                let places = wider.places_of(k).into_iter();
                let count = |p: u32| counts.get(p as usize).copied().unwrap_or(0);
                places.map(count).collect()
            })
            .collect();
        assert_eq!(shown, [[1, 2], [2, 0]]);
    }
}
