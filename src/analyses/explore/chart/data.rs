//! The columns of a chart, and the rows of each small chart and colour.

use std::borrow::Cow;

use super::{Draw, Options, Spread, Stack, Value, is_number, is_time};
use crate::msg;
use crate::report::{Along, Axis, Format, Lang, Msg, Scale, Tone};
use crate::spec::{Input, RunError};
use crate::table::{Column, Data as Values, Levels};

/// Levels that get a colour, a bar or a chart of their own.
const MAX_COLOURS: usize = 8;
pub const MAX_LEVELS: usize = 30;
const MAX_FACETS: usize = 16;

pub struct Data<'a> {
    pub options: &'a Options,
    pub x: &'a Column,
    pub y: Option<&'a Column>,
    pub colours: Colours,
    /// The names of small charts; none when there is one chart.
    pub facets: Vec<Msg>,
    facet_codes: Option<Vec<i32>>,
}

/// Rows by the levels that get a colour each.
pub struct Colours {
    pub names: Vec<Msg>,
    /// Without a column to colour by, all rows are of one colour.
    pub codes: Option<Vec<i32>>,
}

impl Colours {
    fn of(column: &Column) -> Result<Self, RunError> {
        let Levels { names, codes } = column.levels_and_codes();
        if names.len() > MAX_COLOURS {
            return Err(RunError::option(
                "color",
                msg!(
                    "explore.chart.colours",
                    "“{column}” has {n} levels; colours can be told apart up to {max}.",
                    column = &column.name,
                    n = names.len(),
                    max = MAX_COLOURS
                ),
            ));
        }
        Ok(Self {
            names: names.iter().map(Msg::verbatim).collect(),
            codes: Some(codes),
        })
    }

    pub fn count(&self) -> usize {
        self.names.len().max(1)
    }

    pub fn tone(&self, colour: usize) -> Tone {
        if self.codes.is_some() {
            Tone::Series(colour as u16)
        } else {
            Tone::Accent
        }
    }
}

impl<'a> Data<'a> {
    pub fn of(options: &'a Options, input: &'a Input) -> Result<Self, RunError> {
        let x = input.column("x", &options.x)?;
        let optional = |option: &str, name: &Option<String>| {
            name.as_ref()
                .map(|name| input.column(option, name))
                .transpose()
        };
        let y = optional("y", &options.y)?;
        let colours = match optional("color", &options.color)? {
            Some(column) => Colours::of(column)?,
            None => Colours {
                names: Vec::new(),
                codes: None,
            },
        };
        if x.n_missing() == x.len() {
            return Err(empty(x));
        }
        let mut data = Self {
            options,
            x,
            y,
            colours,
            facets: Vec::new(),
            facet_codes: None,
        };
        if let Some(column) = optional("facet", &options.facet)? {
            let Levels { names, codes } = column.levels_and_codes();
            if names.is_empty() {
                return Err(empty(column));
            }
            if names.len() > MAX_FACETS {
                return Err(RunError::option(
                    "facet",
                    msg!(
                        "explore.chart.facets",
                        "“{column}” has {n} levels; there is room for {max} small charts.",
                        column = &column.name,
                        n = names.len(),
                        max = MAX_FACETS
                    ),
                ));
            }
            data.facets = names.iter().map(Msg::verbatim).collect();
            data.facet_codes = Some(codes);
        }
        Ok(data)
    }

    /// The kind of chart, that which fits the columns where none is chosen.
    pub fn kind(&self) -> Draw {
        match (self.options.kind, self.y) {
            (Draw::Auto, None) if is_number(self.x) || is_time(self.x) => Draw::Histogram,
            (Draw::Auto, None) => Draw::Bars,
            (Draw::Auto, Some(_)) if is_number(self.x) => Draw::Scatter,
            (Draw::Auto, Some(_)) if is_time(self.x) => Draw::Line,
            (Draw::Auto, Some(_)) => Draw::Means,
            (kind, _) => kind,
        }
    }

    pub fn n_facets(&self) -> usize {
        self.facets.len().max(1)
    }

    /// Groups of rows: the colours of one small chart after those of the one before. `None` for a row
    /// that has no colour or no chart.
    pub fn group_of(&self) -> impl Fn(usize) -> Option<usize> {
        let (colours, facets) = (self.colours.codes.as_deref(), self.facet_codes.as_deref());
        let n_colours = self.colours.count();
        move |row| {
            let colour = colours.map_or(0, |c| c[row]);
            let facet = facets.map_or(0, |f| f[row]);
            (colour >= 0 && facet >= 0).then(|| facet as usize * n_colours + colour as usize)
        }
    }

    pub fn n_groups(&self) -> usize {
        self.n_facets() * self.colours.count()
    }

    /// The group of a colour in a small chart.
    pub fn group(&self, facet: usize, colour: usize) -> usize {
        facet * self.colours.count() + colour
    }

    /// A level of a group, as sentences call it: `Gentoo, male`.
    pub fn name_of(&self, level: &str, group: usize) -> String {
        let n_colours = self.colours.count();
        let parts = [
            self.colours.names.get(group % n_colours),
            self.facets.get(group / n_colours),
        ];
        let mut name = level.to_owned();
        for part in parts.into_iter().flatten() {
            name = format!("{name}, {}", part.text(Lang::En));
        }
        name
    }

    /// The finite numbers of each group.
    pub fn by_group(&self, numbers: &[f64]) -> Vec<Vec<f64>> {
        let of = self.group_of();
        let mut groups = vec![Vec::new(); self.n_groups()];
        for (row, v) in numbers.iter().enumerate().filter(|(_, v)| v.is_finite()) {
            if let Some(group) = of(row) {
                groups[group].push(*v);
            }
        }
        groups
    }

    /// The finite numbers of each group and level: those of the levels of a group together.
    pub fn by_level(&self, levels: &Levels, numbers: &[f64]) -> Vec<Vec<Vec<f64>>> {
        let of = self.group_of();
        let mut groups = vec![vec![Vec::new(); levels.names.len()]; self.n_groups()];
        for (row, v) in numbers.iter().enumerate().filter(|(_, v)| v.is_finite()) {
            if let (Some(group), 0..) = (of(row), levels.codes[row]) {
                groups[group][levels.codes[row] as usize].push(*v);
            }
        }
        groups
    }

    /// The levels across, when they are few enough to stand side by side.
    pub fn levels(&self) -> Result<Levels, RunError> {
        levels_of("x", self.x, MAX_LEVELS)
    }

    pub fn x_numbers(&self) -> Result<Cow<'a, [f64]>, RunError> {
        numbers("x", self.x)
    }

    /// What bars and areas show, and lines and tiles.
    pub fn value(&self, by_itself: Value) -> Value {
        match (self.y, self.options.value) {
            (None, _) => Value::Count,
            (Some(_), Value::Auto) => by_itself,
            (Some(_), value) => value,
        }
    }

    /// The intervals around means.
    pub fn spread(&self, by_itself: Spread) -> Spread {
        match self.options.intervals {
            Spread::Auto => by_itself,
            spread => spread,
        }
    }

    pub fn is_stacked(&self) -> bool {
        self.options.stack != Stack::Beside
    }

    pub fn stacked_means(&self) -> RunError {
        RunError::option(
            "stack",
            msg!(
                "explore.chart.stacked_means",
                "Means do not add up to a whole. Let the colours stand side by side, or show sums."
            ),
        )
    }

    /// Which axis bars, boxes and violins stand along.
    pub fn along(&self) -> Along {
        match self.options.upright {
            true => Along::X,
            false => Along::Y,
        }
    }

    /// The axis of categories and that of values, as the horizontal and the vertical one.
    pub fn turned(&self, levels: &Levels, values: Axis) -> (Axis, Axis) {
        let names = levels.names.iter().map(Msg::verbatim).collect();
        let places = Axis::category(Msg::verbatim(&self.x.name), names);
        match self.along() {
            Along::X => (places, values),
            Along::Y => (values, places),
        }
    }

    /// Where the group of a colour stands beside its level's middle, and how wide it is.
    pub fn beside(&self, colour: usize, share: f64) -> (f64, f64) {
        let width = share / self.colours.count() as f64;
        (width * (colour as f64 + 0.5) - share / 2.0, width)
    }
}

/// # Errors
/// When a column has more than `most` levels, or none.
pub fn levels_of(option: &str, column: &Column, most: usize) -> Result<Levels, RunError> {
    let levels = column.levels_and_codes();
    if levels.names.is_empty() {
        return Err(empty(column));
    }
    if levels.names.len() <= most {
        return Ok(levels);
    }
    Err(RunError::option(
        option,
        msg!(
            "explore.chart.many_levels",
            "“{x}” has {n} different values; up to {max} can stand side by side.",
            x = &column.name,
            n = levels.names.len(),
            max = most
        ),
    ))
}

pub fn numbers<'a>(option: &str, column: &'a Column) -> Result<Cow<'a, [f64]>, RunError> {
    column.numbers().ok_or_else(|| {
        RunError::option(
            option,
            msg!(
                "explore.chart.not_numbers",
                "“{column}” holds no numbers or dates. Choose another kind of chart.",
                column = &column.name
            ),
        )
    })
}

pub fn empty(column: &Column) -> RunError {
    RunError::Data(msg!(
        "explore.chart.empty",
        "“{column}” has no values.",
        column = &column.name
    ))
}

pub fn axis(column: &Column) -> Axis {
    let axis = Axis::linear(Msg::verbatim(&column.name));
    match column.data {
        Values::Date(_) => axis.scale(Scale::Date).format(Format::Date),
        Values::DateTime(_) => axis.scale(Scale::DateTime).format(Format::DateTime),
        _ => axis,
    }
}

pub fn rows_axis() -> Axis {
    Axis::linear(msg!("explore.chart.rows", "Rows"))
        .from_zero()
        .format(Format::Integer)
}
