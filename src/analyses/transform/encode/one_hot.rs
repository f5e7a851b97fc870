//! An indicator for each level.

use super::{Encoded, Missing, Options, Values, missing_name, missing_rows};
use crate::msg;
use crate::report::{Cell, Format, Head, Msg, TableBlock};
use crate::spec::{Ctx, RunError};
use crate::table::{Bitmap, Column, Levels};

pub fn encode(
    options: &Options,
    column: &Column,
    levels: &Levels,
    place: usize,
    out: &mut Encoded,
    ctx: &mut Ctx,
) -> Result<TableBlock, RunError> {
    let n_missing = missing_rows(levels);
    let groups = Groups::new(levels, options.max_levels);
    if let Some(n) = groups.n_shared {
        ctx.note(msg!(
            "transform.encode.many",
            "“{column}” has {n} levels; all but the {kept} most frequent share the indicator “other”.",
            column = &column.name,
            n = levels.names.len(),
            kept = levels.names.len() - n
        ));
    }
    if groups.names.is_empty() {
        return Err(RunError::Data(msg!(
            "transform.encode.no_values",
            "“{column}” has no values to encode.",
            column = &column.name
        )));
    }
    let rows: Vec<i32> = levels
        .codes
        .iter()
        .map(|&c| usize::try_from(c).map_or(-1, |c| groups.of_level[c]))
        .collect();
    let validity = (options.missing == Missing::Missing && n_missing > 0)
        .then(|| rows.iter().map(|&r| r >= 0).collect::<Bitmap>());
    let mut table = TableBlock::new(
        &format!("indicators_{}", place + 1),
        msg!(
            "transform.encode.indicators",
            "Indicators of {column}",
            column = &column.name
        ),
        vec![
            Head::name("level", msg!("transform.encode.level", "Level")),
            Head::name("column", msg!("transform.encode.new_column", "New column")),
            Head::new(
                "rows",
                msg!("transform.encode.rows", "Rows"),
                Format::Integer,
            ),
        ],
    );
    let mut counts = vec![0; groups.names.len()];
    for &row in rows.iter().filter(|r| **r >= 0) {
        counts[row as usize] += 1;
    }
    let mut indicate = |code: i32, level: Msg, wanted: &str, n: usize, is_left_out: bool| {
        let made = if is_left_out {
            msg!(
                "transform.encode.left_out",
                "None: the level to compare with"
            )
            .into()
        } else {
            let name = out.name(&format!("{}{}{wanted}", column.name, options.separator));
            let indicator = options.values.column(&name, &rows, code);
            out.push(match &validity {
                Some(valid) => indicator.with_validity(valid.clone()),
                None => indicator,
            });
            Cell::from(name)
        };
        table.row(vec![level.into(), made, n.into()]);
    };
    for (code, name) in groups.names.iter().enumerate() {
        let is_other = groups.n_shared.is_some() && code + 1 == groups.names.len();
        let level = if is_other {
            msg!("transform.encode.other", "Other levels")
        } else {
            Msg::verbatim(name)
        };
        let is_left_out = code == 0 && options.drop_first;
        indicate(code as i32, level, name, counts[code], is_left_out);
    }
    if n_missing > 0 {
        match options.missing {
            Missing::Own => indicate(-1, missing_name(), "missing", n_missing, false),
            Missing::Zeros => {
                let made = msg!("transform.encode.zeros", "None");
                table.row(vec![missing_name().into(), made.into(), n_missing.into()]);
            }
            Missing::Missing => {
                let made = msg!("transform.encode.missing", "Missing in all of them");
                table.row(vec![missing_name().into(), made.into(), n_missing.into()]);
            }
        }
    }
    Ok(table)
}

/// Levels that have an indicator each, and perhaps one that the others share.
struct Groups {
    names: Vec<String>,
    of_level: Vec<i32>,
    /// How many levels share the last name.
    n_shared: Option<usize>,
}

impl Groups {
    fn new(levels: &Levels, max: usize) -> Self {
        let n = levels.names.len();
        if n <= max {
            return Self {
                names: levels.names.clone(),
                of_level: (0..n as i32).collect(),
                n_shared: None,
            };
        }
        let counts = levels.counts();
        let mut by_count: Vec<usize> = (0..n).collect();
        by_count.sort_by_key(|&l| std::cmp::Reverse(counts[l]));
        let mut kept = by_count[..max - 1].to_vec();
        kept.sort_unstable();
        let mut of_level = vec![kept.len() as i32; n];
        for (code, &level) in kept.iter().enumerate() {
            of_level[level] = code as i32;
        }
        let mut names: Vec<String> = kept.iter().map(|&l| levels.names[l].clone()).collect();
        names.push("other".to_owned());
        Self {
            names,
            of_level,
            n_shared: Some(n - kept.len()),
        }
    }
}

impl Values {
    /// 1 where a row's code is `code`.
    fn column(self, name: &str, codes: &[i32], code: i32) -> Column {
        match self {
            Values::Flags => Column::bool(name, codes.iter().map(|&c| c == code)),
            Values::Numbers => {
                Column::int(name, codes.iter().map(|&c| i64::from(c == code)).collect())
            }
        }
    }
}
