//! Which part each row goes to.

use super::{Method, Options, title};
use crate::msg;
use crate::report::{Cell, Format, Head, Msg, TableBlock};
use crate::spec::{Ctx, Input, RunError};
use crate::stats::sampling::{allocate, shuffle};
use crate::table::rules::number;
use crate::table::verbs::{Groups, SortKey, sorted_rows};
use crate::table::{Column, ColumnKind};

/// Lines of the table of strata.
const MAX_STRATA: usize = 100;

/// Where rows go: 0 to train on, 1 to validate on, 2 to test on, −1 for none.
pub struct Assignment {
    pub parts: Vec<i32>,
    /// The strata, or the groups that stay together; one for all otherwise.
    groups: Groups,
    pub n_without_time: usize,
}

/// How many rows go to validation and to testing.
#[derive(Clone, Copy)]
struct Wanted {
    validation: usize,
    test: usize,
}

impl Wanted {
    fn new(options: &Options, n_rows: usize) -> Self {
        let of = |share: f64| (share * n_rows as f64 + 0.5).floor() as usize;
        let test = of(options.test).min(n_rows);
        Self {
            validation: of(options.validation).min(n_rows - test),
            test,
        }
    }
}

impl Assignment {
    pub fn new(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Self, RunError> {
        let n_rows = input.table("table")?.n_rows();
        match options.method {
            Method::Random => Ok(by_strata(options, Groups::of(&[], n_rows), ctx)),
            Method::Stratified => {
                let keys = keys("strata", &options.strata, input)?;
                let strata = Groups::of(&keys, n_rows).sorted(&keys);
                Ok(by_strata(options, strata, ctx))
            }
            Method::Groups => {
                let keys = keys("groups", &options.groups, input)?;
                let groups = Groups::of(&keys, n_rows).sorted(&keys);
                Ok(by_groups(options, groups, ctx))
            }
            Method::Time => {
                let Some(name) = &options.time else {
                    return Err(choose("time"));
                };
                by_time(options, input.column("time", name)?)
            }
        }
    }

    /// The rows of a part, ascending.
    pub fn rows_of(&self, part: i32) -> Vec<u32> {
        let rows = self.parts.iter().enumerate();
        rows.filter(|(_, p)| **p == part)
            .map(|(row, _)| row as u32)
            .collect()
    }

    /// How many groups a part has.
    pub fn n_groups(&self, part: usize) -> usize {
        let firsts = self.groups.first_rows.iter();
        firsts
            .filter(|row| self.parts[**row as usize] == part as i32)
            .count()
    }

    /// The rows of each part in each stratum.
    pub fn strata_table(
        &self,
        options: &Options,
        input: &Input,
    ) -> Result<Option<TableBlock>, RunError> {
        if options.method != Method::Stratified || self.groups.is_empty() {
            return Ok(None);
        }
        let strata = keys("strata", &options.strata, input)?;
        let mut counts = vec![[0_usize; 3]; self.groups.len()];
        for (&group, &part) in self.groups.ids.iter().zip(&self.parts) {
            counts[group as usize][part as usize] += 1;
        }
        let has_validation = counts.iter().any(|c| c[1] > 0);
        let shown: Vec<usize> = [0, 1, 2]
            .into_iter()
            .filter(|&part| part != 1 || has_validation)
            .collect();
        let mut heads: Vec<Head> = options
            .strata
            .iter()
            .enumerate()
            .map(|(i, name)| Head::name(&format!("stratum_{}", i + 1), Msg::verbatim(name)))
            .collect();
        heads.extend(
            shown
                .iter()
                .map(|&part| Head::new(super::PARTS[part], title(part), Format::Integer)),
        );
        let mut table = TableBlock::new(
            "strata",
            msg!("transform.split.strata", "Rows of the strata"),
            heads,
        );
        for (counts, &row) in counts.iter().zip(&self.groups.first_rows).take(MAX_STRATA) {
            let name = |column: &&Column| match column.is_valid(row as usize) {
                true => Cell::from(column.display(row as usize)),
                false => msg!("transform.split.missing", "Missing").into(),
            };
            let mut cells: Vec<Cell> = strata.iter().map(name).collect();
            cells.extend(shown.iter().map(|&part| Cell::from(counts[part])));
            table.row(cells);
        }
        if self.groups.len() > MAX_STRATA {
            table.notes.push(msg!(
                "transform.split.cut_off",
                "The first {shown} of {n} strata are shown.",
                shown = MAX_STRATA,
                n = self.groups.len()
            ));
        }
        Ok(Some(table))
    }
}

/// The rows with the earliest and the latest time.
pub fn ends(time: &Column, rows: &[u32]) -> [Option<u32>; 2] {
    let numbers = time.numbers().unwrap_or_default();
    let at = |row: &&u32| numbers[**row as usize];
    let by_time = |a: &&u32, b: &&u32| at(a).total_cmp(&at(b));
    [
        rows.iter().min_by(by_time).copied(),
        rows.iter().max_by(by_time).copied(),
    ]
}

fn by_strata(options: &Options, strata: Groups, ctx: &mut Ctx) -> Assignment {
    let n_rows = strata.ids.len();
    let wanted = Wanted::new(options, n_rows);
    let sizes: Vec<usize> = strata.counts().iter().map(|&n| n as usize).collect();
    let test = allocate(wanted.test, &sizes);
    let left: Vec<usize> = sizes.iter().zip(&test).map(|(n, t)| n - t).collect();
    let validation = allocate(wanted.validation, &left);
    let mut parts = vec![0; n_rows];
    let of_stratum = strata.rows();
    for (stratum, (&n_test, &n_validation)) in test.iter().zip(&validation).enumerate() {
        let mut rows = of_stratum.group(stratum).to_vec();
        shuffle(&mut rows, ctx.rng());
        for (i, row) in rows.into_iter().enumerate() {
            parts[row as usize] = match i {
                i if i < n_test => 2,
                i if i < n_test + n_validation => 1,
                _ => 0,
            };
        }
    }
    Assignment {
        parts,
        groups: strata,
        n_without_time: 0,
    }
}

fn by_groups(options: &Options, groups: Groups, ctx: &mut Ctx) -> Assignment {
    let n_rows = groups.ids.len();
    let wanted = Wanted::new(options, n_rows);
    let sizes: Vec<usize> = groups.counts().iter().map(|&n| n as usize).collect();
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    shuffle(&mut order, ctx.rng());
    let mut of_group = vec![0; sizes.len()];
    let (mut n_test, mut n_validation) = (0, 0);
    for group in order {
        let size = sizes[group];
        // With half of the group still within its share, the part comes nearer to it.
        let fits = |so_far: usize, wanted: usize| 2 * so_far + size <= 2 * wanted;
        if fits(n_test, wanted.test) {
            of_group[group] = 2;
            n_test += size;
        } else if fits(n_validation, wanted.validation) {
            of_group[group] = 1;
            n_validation += size;
        }
    }
    let parts = groups.ids.iter().map(|&g| of_group[g as usize]).collect();
    Assignment {
        parts,
        groups,
        n_without_time: 0,
    }
}

fn by_time(options: &Options, time: &Column) -> Result<Assignment, RunError> {
    let n_rows = time.len();
    let numbers = time.numbers().ok_or_else(|| choose("time"))?;
    let order = sorted_rows(&[SortKey::ascending(time)], n_rows);
    // Rows without a time come last.
    let n_timed = n_rows - time.n_missing();
    let order = &order[..n_timed];
    let moment = |place: usize| numbers[order[place] as usize];
    let wanted = Wanted::new(options, n_timed);
    let test = match options.begins(time.kind())? {
        Some(begins) => order.partition_point(|&row| numbers[row as usize] < begins),
        None => first_of_moment(n_timed - wanted.test, n_timed, moment),
    };
    let validation = test - wanted.validation.min(test);
    let validation = first_of_moment(validation, test, moment);
    let mut parts = vec![-1; n_rows];
    for (place, &row) in order.iter().enumerate() {
        parts[row as usize] = match place {
            p if p >= test => 2,
            p if p >= validation => 1,
            _ => 0,
        };
    }
    Ok(Assignment {
        parts,
        groups: Groups::default(),
        n_without_time: n_rows - n_timed,
    })
}

/// The first place of the moment at `place`; `end` where that is the end.
fn first_of_moment(place: usize, end: usize, moment: impl Fn(usize) -> f64) -> usize {
    if place >= end {
        return end;
    }
    let mut first = place;
    while first > 0 && moment(first - 1) == moment(place) {
        first -= 1;
    }
    first
}

impl Options {
    /// When testing begins, as a column of this kind counts time.
    fn begins(&self, kind: ColumnKind) -> Result<Option<f64>, RunError> {
        match self.from.trim() {
            "" => Ok(None),
            text => number(text, kind).map(Some).ok_or_else(|| {
                RunError::option(
                    "from",
                    msg!(
                        "transform.split.no_moment",
                        "“{text}” cannot be read as a date or time like those of the column. Write it as 2024-12-31.",
                        text = text
                    ),
                )
            }),
        }
    }
}

fn keys<'a>(option: &str, names: &[String], input: &'a Input) -> Result<Vec<&'a Column>, RunError> {
    if names.is_empty() {
        return Err(choose(option));
    }
    names
        .iter()
        .map(|name| input.column(option, name))
        .collect()
}

fn choose(option: &str) -> RunError {
    RunError::option(option, msg!("spec.choose_column", "Choose a column."))
}
