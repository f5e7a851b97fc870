//! The matrix: distributions on the diagonal, scatters below it, correlations above.

use super::{Groups, Method, Options, Pair, all_rows};
use crate::frame::spread::curve;
use crate::msg;
use crate::report::{Axis, Chart, Format, Mark, Msg, Tone};
use crate::stats::density::silverman_bandwidth;
use crate::stats::histogram::{BinRule, histogram};

pub fn charts(
    options: &Options,
    values: &[&[f64]],
    pairs: &[Pair],
    groups: &Groups,
    shown: Option<&[u32]>,
) -> Vec<Chart> {
    let matrix = Matrix {
        options,
        values,
        groups,
    };
    let n = values.len();
    let mut charts = Vec::with_capacity(n * n);
    for row in 0..n {
        for column in 0..n {
            let chart = match row.cmp(&column) {
                std::cmp::Ordering::Equal => matrix.distribution(row),
                std::cmp::Ordering::Greater => matrix.scatter(row, column, shown),
                std::cmp::Ordering::Less => {
                    let pair = pairs.iter().find(|p| p.columns == (row, column));
                    matrix.correlations(pair.expect("each pair is there"))
                }
            };
            charts.push(chart.series(groups.names.clone()));
        }
    }
    charts
}

struct Matrix<'a> {
    options: &'a Options,
    values: &'a [&'a [f64]],
    groups: &'a Groups,
}

impl Matrix<'_> {
    fn name(&self, i: usize) -> Msg {
        Msg::verbatim(&self.options.columns[i])
    }

    fn key(&self, kind: &str, row: usize, column: usize) -> String {
        format!("{kind}_{}_{}", row + 1, column + 1)
    }

    fn has_groups(&self) -> bool {
        self.options.by.is_some()
    }

    /// A histogram, or the densities of the groups.
    fn distribution(&self, i: usize) -> Chart {
        let key = self.key("distribution", i, i);
        let x = Axis::linear(self.name(i));
        if !self.has_groups() {
            let values: Vec<f64> = self.values[i]
                .iter()
                .copied()
                .filter(|v| v.is_finite())
                .collect();
            let rows = Axis::linear(msg!("explore.pairs.n", "Rows"))
                .from_zero()
                .format(Format::Integer);
            let bars = histogram(&values, BinRule::FreedmanDiaconis).map(|bins| {
                let counts: Vec<f64> = bins.counts.iter().map(|&c| c as f64).collect();
                Mark::histogram(&bins.edges, &counts, Tone::Muted)
            });
            return Chart::new(&key, Msg::verbatim(""), x, rows).marks(bars);
        }
        let mut groups = vec![Vec::new(); self.groups.names.len()];
        for (row, &v) in self.values[i].iter().enumerate() {
            if let (true, Some(group)) = (
                v.is_finite(),
                groups.get_mut(self.groups.code(row) as usize),
            ) {
                group.push(v);
            }
        }
        let areas = groups.iter_mut().enumerate().filter_map(|(g, values)| {
            values.sort_unstable_by(f64::total_cmp);
            let (at, top) = curve(values, silverman_bandwidth(values)?);
            Some(Mark::Area {
                base: vec![0.0; at.len()],
                x: at,
                top,
                tone: Tone::Series(g as u16),
            })
        });
        let areas: Vec<Mark> = areas.collect();
        let density = Axis::linear(msg!("explore.pairs.density", "Density")).from_zero();
        Chart::new(&key, Msg::verbatim(""), x, density).marks(areas)
    }

    fn scatter(&self, row: usize, column: usize, shown: Option<&[u32]>) -> Chart {
        let n_groups = self.groups.names.len().max(1);
        let mut points = vec![(Vec::new(), Vec::new()); n_groups];
        let mut add = |i: usize| {
            let (x, y) = (self.values[column][i], self.values[row][i]);
            let group = match self.has_groups() {
                true => self.groups.code(i) as usize,
                false => 0,
            };
            if let (true, Some((xs, ys))) = (x.is_finite() && y.is_finite(), points.get_mut(group))
            {
                xs.push(x);
                ys.push(y);
            }
        };
        match shown {
            None => (0..self.values[row].len()).for_each(&mut add),
            Some(rows) => rows.iter().for_each(|&i| add(i as usize)),
        }
        let marks = points.into_iter().enumerate();
        let marks = marks.filter(|(_, (x, _))| !x.is_empty());
        Chart::new(
            &self.key("scatter", row, column),
            Msg::verbatim(""),
            Axis::linear(self.name(column)),
            Axis::linear(self.name(row)),
        )
        .marks(marks.map(|(g, (x, y))| Mark::Points {
            x,
            y,
            tone: match self.has_groups() {
                true => Tone::Series(g as u16),
                false => Tone::Accent,
            },
            names: Vec::new(),
        }))
    }

    /// One tile for all rows and one for each group.
    fn correlations(&self, pair: &Pair) -> Chart {
        let (row, column) = pair.columns;
        let mut names = vec![all_rows()];
        names.extend(self.groups.names.iter().cloned());
        let found: Vec<f64> = std::iter::once(&pair.all)
            .chain(&pair.groups)
            .map(|c| c.r)
            .collect();
        Chart::new(
            &self.key("correlation", row, column),
            Msg::verbatim(""),
            Axis::category(self.name(column), vec![Msg::verbatim("")]),
            Axis::category(self.name(row), names),
        )
        .mark(Mark::Tiles {
            x: vec![0.0; found.len()],
            y: (0..found.len()).map(|i| i as f64).collect(),
            value: found,
            size: (1.0, 1.0),
            low: -1.0,
            high: 1.0,
            title: match self.options.method {
                Method::Pearson => msg!("explore.pairs.r", "r"),
                Method::Spearman => msg!("explore.pairs.rho", "ρ"),
            },
            format: Format::Fixed(2),
        })
    }
}
