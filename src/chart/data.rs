//! The numbers of a chart as a table, for those who read rather than look, and as CSV.

use super::describe::kind_name;
use super::scale::Kind;
use super::words;
use crate::report::{
    Along, Axis, Cell, Chart, Format, Head, Lang, Mark, Msg, Scale, TableBlock, Tone, format_number,
};

/// All values of `chart`, one row a mark's element, with the columns that its marks need.
pub fn table(chart: &Chart) -> TableBlock {
    words::load();
    let rows: Vec<Row> = chart.marks.iter().flat_map(|m| rows(chart, m)).collect();
    let several_kinds = rows.iter().any(|r| r.kind != rows[0].kind);
    let columns = COLUMNS.iter().filter(|&&c| match c {
        Column::Mark => several_kinds,
        _ => rows.iter().any(|r| !matches!(r.cell(c), Cell::Empty)),
    });
    let columns: Vec<Column> = columns.copied().collect();
    let mut out = TableBlock::new(
        &chart.key,
        chart.title.clone(),
        columns.iter().map(|c| c.head(chart)).collect(),
    );
    for row in &rows {
        out.row(columns.iter().map(|&c| row.cell(c)).collect());
    }
    out
}

/// The values of `chart` at full precision as CSV (RFC 4180), headed in `lang`; dates as ISO dates.
pub fn csv(chart: &Chart, lang: Lang) -> String {
    let table = table(chart);
    let mut out = String::new();
    push_line(&mut out, table.columns.iter().map(|h| h.title.text(lang)));
    for row in &table.rows {
        push_line(
            &mut out,
            row.iter()
                .zip(&table.columns)
                .map(|(c, h)| plain(c, h.format, lang)),
        );
    }
    out
}

#[derive(Clone, Copy, PartialEq)]
enum Column {
    Mark,
    Series,
    Name,
    X,
    XTo,
    XLow,
    XHigh,
    Y,
    YTo,
    YLow,
    YHigh,
    Q1,
    Median,
    Q3,
    Density,
    Size,
    N,
}

const COLUMNS: [Column; 17] = [
    Column::Mark,
    Column::Series,
    Column::Name,
    Column::X,
    Column::XTo,
    Column::XLow,
    Column::XHigh,
    Column::Y,
    Column::YTo,
    Column::YLow,
    Column::YHigh,
    Column::Q1,
    Column::Median,
    Column::Q3,
    Column::Density,
    Column::Size,
    Column::N,
];

impl Column {
    fn head(self, chart: &Chart) -> Head {
        let named = |title: &Msg, fallback: &'static str| {
            if title.en.is_empty() {
                Msg::verbatim(fallback)
            } else {
                title.clone()
            }
        };
        let (x, y) = (named(&chart.x.title, "x"), named(&chart.y.title, "y"));
        let (format_x, format_y) = (value_format(&chart.x), value_format(&chart.y));
        let boxed = match Kind::of(&chart.x) {
            Kind::Category => format_y,
            _ => format_x,
        };
        match self {
            Column::Mark => Head::name("mark", words::MARK),
            Column::Series => Head::name("series", words::SERIES),
            Column::Name => Head::name("name", words::NAME),
            Column::X => Head::new("x", x, format_x),
            Column::XTo => Head::new("x_to", words::to(x), format_x),
            Column::XLow => Head::new("x_low", words::low(x), format_x),
            Column::XHigh => Head::new("x_high", words::high(x), format_x),
            Column::Y => Head::new("y", y, format_y),
            Column::YTo => Head::new("y_to", words::to(y), format_y),
            Column::YLow => Head::new("y_low", words::low(y), format_y),
            Column::YHigh => Head::new("y_high", words::high(y), format_y),
            Column::Q1 => Head::new("q1", words::Q1, boxed),
            Column::Median => Head::new("median", words::MEDIAN, boxed),
            Column::Q3 => Head::new("q3", words::Q3, boxed),
            Column::Density => Head::new("density", words::HEIGHT, Format::General),
            Column::Size => Head::new("size", size_title(chart), Format::General),
            Column::N => Head::new("n", words::N, Format::Integer),
        }
    }
}

struct Row {
    kind: Msg,
    cells: Vec<(Column, Cell)>,
}

impl Row {
    fn cell(&self, column: Column) -> Cell {
        match column {
            Column::Mark => Cell::Msg(self.kind.clone()),
            _ => self
                .cells
                .iter()
                .find(|(c, _)| *c == column)
                .map_or(Cell::Empty, |(_, cell)| cell.clone()),
        }
    }
}

fn rows(chart: &Chart, mark: &Mark) -> Vec<Row> {
    let kind = kind_name(mark);
    let series = |tone: &Tone| match tone {
        Tone::Series(s) => chart
            .series
            .get(usize::from(*s))
            .map_or(Cell::Empty, |n| Cell::Msg(n.clone())),
        _ => Cell::Empty,
    };
    let x = |v: f64| place(&chart.x, v);
    let y = |v: f64| place(&chart.y, v);
    let build = |n: usize, cells: &dyn Fn(usize) -> Vec<(Column, Cell)>| {
        (0..n)
            .map(|i| Row {
                kind: kind.clone(),
                cells: cells(i),
            })
            .collect()
    };
    match mark {
        Mark::Points {
            x: px,
            y: py,
            tone,
            names,
        } => build(px.len(), &|i| {
            let name = names.get(i).map_or(Cell::Empty, |n| Cell::Text(n.clone()));
            vec![
                (Column::Series, series(tone)),
                (Column::Name, name),
                (Column::X, x(px[i])),
                (Column::Y, y(py[i])),
            ]
        }),
        Mark::Line {
            x: px, y: py, tone, ..
        } => build(px.len(), &|i| {
            vec![
                (Column::Series, series(tone)),
                (Column::X, x(px[i])),
                (Column::Y, y(py[i])),
            ]
        }),
        Mark::Band {
            x: px,
            low,
            high,
            tone,
        } => build(px.len(), &|i| {
            vec![
                (Column::Series, series(tone)),
                (Column::X, x(px[i])),
                (Column::YLow, y(low[i])),
                (Column::YHigh, y(high[i])),
            ]
        }),
        Mark::Bars {
            along,
            from,
            to,
            base,
            length,
            tone,
        } => {
            let axis = if *along == Along::X {
                &chart.x
            } else {
                &chart.y
            };
            let (at, at_to, value, value_to) = match along {
                Along::X => (Column::X, Column::XTo, Column::Y, Column::YTo),
                Along::Y => (Column::Y, Column::YTo, Column::X, Column::XTo),
            };
            let number = |v: f64| Cell::Number(v);
            build(from.len(), &|i| {
                let mut cells = vec![(Column::Series, series(tone))];
                if Kind::of(axis) == Kind::Category {
                    cells.push((at, place(axis, ((from[i] + to[i]) / 2.0).round())));
                } else {
                    cells.extend([(at, number(from[i])), (at_to, number(to[i]))]);
                }
                if base[i] == 0.0 {
                    cells.push((value, number(length[i])));
                } else {
                    cells.extend([(value, number(base[i])), (value_to, number(length[i]))]);
                }
                cells
            })
        }
        Mark::Intervals {
            along,
            at,
            centre,
            low,
            high,
            tone,
            n,
        } => {
            let (axis, columns) = match along {
                Along::X => (
                    &chart.x,
                    [Column::X, Column::Y, Column::YLow, Column::YHigh],
                ),
                Along::Y => (
                    &chart.y,
                    [Column::Y, Column::X, Column::XLow, Column::XHigh],
                ),
            };
            build(at.len(), &|i| {
                let values = [
                    place(axis, at[i].round_to_category(axis)),
                    Cell::Number(centre[i]),
                    Cell::Number(low[i]),
                    Cell::Number(high[i]),
                ];
                let mut cells = vec![(Column::Series, series(tone))];
                cells.extend(columns.into_iter().zip(values));
                cells.push((
                    Column::N,
                    n.get(i).map_or(Cell::Empty, |&n| Cell::Number(n as f64)),
                ));
                cells
            })
        }
        Mark::Area {
            x: px,
            base,
            top,
            tone,
        } => build(px.len(), &|i| {
            let mut cells = vec![(Column::Series, series(tone)), (Column::X, x(px[i]))];
            if base[i] == 0.0 {
                cells.push((Column::Y, y(top[i])));
            } else {
                cells.extend([(Column::Y, y(base[i])), (Column::YTo, y(top[i]))]);
            }
            cells
        }),
        Mark::Boxes {
            along,
            at,
            low,
            q1,
            median,
            q3,
            high,
            tone,
            n,
            ..
        } => {
            let (axis, columns) = match along {
                Along::X => (&chart.x, [Column::X, Column::YLow, Column::YHigh]),
                Along::Y => (&chart.y, [Column::Y, Column::XLow, Column::XHigh]),
            };
            build(at.len(), &|i| {
                let ends = [
                    place(axis, at[i].round_to_category(axis)),
                    Cell::Number(low[i]),
                    Cell::Number(high[i]),
                ];
                let mut cells = vec![
                    (Column::Series, series(tone)),
                    (Column::Q1, Cell::Number(q1[i])),
                    (Column::Median, Cell::Number(median[i])),
                    (Column::Q3, Cell::Number(q3[i])),
                ];
                cells.extend(columns.into_iter().zip(ends));
                cells.push((
                    Column::N,
                    n.get(i).map_or(Cell::Empty, |&n| Cell::Number(n as f64)),
                ));
                cells
            })
        }
        Mark::Violin {
            along,
            at,
            value,
            density,
            tone,
            ..
        } => {
            let (axis, position, across) = match along {
                Along::X => (&chart.x, Column::X, Column::Y),
                Along::Y => (&chart.y, Column::Y, Column::X),
            };
            build(value.len(), &|i| {
                vec![
                    (Column::Series, series(tone)),
                    (position, place(axis, at.round_to_category(axis))),
                    (across, Cell::Number(value[i])),
                    (Column::Density, Cell::Number(density[i])),
                ]
            })
        }
        Mark::Bubbles {
            x: px,
            y: py,
            size,
            tone,
            ..
        } => build(px.len(), &|i| {
            vec![
                (Column::Series, series(tone)),
                (Column::X, x(px[i])),
                (Column::Y, y(py[i])),
                (Column::Size, Cell::Number(size[i])),
            ]
        }),
        Mark::Rule {
            across,
            value,
            label,
        } => {
            let name = label.as_ref().map_or(Cell::Empty, |l| Cell::Msg(l.clone()));
            let (column, cell) = if *across == Along::X {
                (Column::X, x(*value))
            } else {
                (Column::Y, y(*value))
            };
            vec![Row {
                kind,
                cells: vec![(Column::Name, name), (column, cell)],
            }]
        }
        Mark::Tiles {
            x: px,
            y: py,
            value,
            ..
        } => (0..value.len())
            .map(|i| Row {
                kind: kind.clone(),
                cells: vec![
                    (Column::X, x(px[i])),
                    (Column::Y, y(py[i])),
                    (Column::N, Cell::Number(value[i])),
                ],
            })
            .collect(),
        Mark::Density {
            x: rx,
            y: ry,
            n_x,
            n_y,
            counts,
            series: of,
        } => {
            let edge = |r: &(f64, f64), i: usize, n: usize| r.0 + (r.1 - r.0) * i as f64 / n as f64;
            let cells = (0..counts.len()).filter(|&i| counts[i] > 0).map(|i| {
                let (column, row) = (i % n_x, i / n_x);
                Row {
                    kind: kind.clone(),
                    cells: vec![
                        (Column::Series, series(&Tone::Series(of[i]))),
                        (Column::X, Cell::Number(edge(rx, column, *n_x))),
                        (Column::XTo, Cell::Number(edge(rx, column + 1, *n_x))),
                        (Column::Y, Cell::Number(edge(ry, row, *n_y))),
                        (Column::YTo, Cell::Number(edge(ry, row + 1, *n_y))),
                        (Column::N, Cell::Number(f64::from(counts[i]))),
                    ],
                }
            });
            cells.collect()
        }
    }
}

/// What the sizes of bubbles are.
fn size_title(chart: &Chart) -> Msg {
    let title = |m: &Mark| match m {
        Mark::Bubbles { title, .. } => Some(title.clone()),
        _ => None,
    };
    chart.marks.iter().find_map(title).unwrap_or(words::N)
}

/// How values of an axis are written.
pub fn value_format(axis: &Axis) -> Format {
    match (Kind::of(axis), axis.format) {
        (Kind::Date, Format::General) => Format::Date,
        (Kind::DateTime, Format::General) => Format::DateTime,
        (_, format) => format,
    }
}

/// A value of an axis: the name of a category, or a number.
pub fn place(axis: &Axis, value: f64) -> Cell {
    match &axis.scale {
        Scale::Category(names) if value >= 0.0 && value.fract() == 0.0 => names
            .get(value as usize)
            .map_or(Cell::Number(value), |n| Cell::Msg(n.clone())),
        _ => Cell::Number(value),
    }
}

trait RoundToCategory {
    fn round_to_category(self, axis: &Axis) -> f64;
}

impl RoundToCategory for f64 {
    /// Groups side by side stand a little off their category.
    fn round_to_category(self, axis: &Axis) -> f64 {
        if Kind::of(axis) == Kind::Category {
            self.round()
        } else {
            self
        }
    }
}

fn plain(cell: &Cell, format: Format, lang: Lang) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Number(v) | Cell::Formatted(v, _) if v.is_nan() => String::new(),
        Cell::Number(v) if matches!(format, Format::Date | Format::DateTime) => {
            format_number(*v, format, lang)
        }
        Cell::Number(v) | Cell::Formatted(v, _) => v.to_string(),
        Cell::Text(t) => t.clone(),
        Cell::Msg(m) => m.text(lang),
    }
}

fn push_line(out: &mut String, fields: impl Iterator<Item = String>) {
    for (i, field) in fields.enumerate() {
        if i > 0 {
            out.push(',');
        }
        if field.contains([',', '"', '\n', '\r']) {
            out.push_str(&format!("\"{}\"", field.replace('"', "\"\"")));
        } else {
            out.push_str(&field);
        }
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn v(text: &str) -> Msg {
        Msg::verbatim(text)
    }

    fn check(chart: Chart, expected: &str) {
        assert_eq!(csv(&chart, Lang::En).replace("\r\n", "\n"), expected);
    }

    #[test]
    fn bars_have_their_category() {
        let axis = Axis::category(v("Day"), vec![v("Mon, early"), v("Tue")]);
        let chart = Chart::new("c", v(""), axis, Axis::linear(v("Orders")));
        check(
            chart.mark(Mark::category_bars(
                Along::X,
                &[3.5, f64::NAN],
                Tone::Series(0),
            )),
            "Day,Orders\n\"Mon, early\",3.5\nTue,\n",
        );
    }

    #[test]
    fn histograms_have_both_edges() {
        let chart = Chart::new(
            "c",
            v(""),
            Axis::linear(v("mm")),
            Axis::linear(v("Penguins")),
        );
        let mark = Mark::histogram(&[0.0, 0.1, 0.3], &[4.0, 2.0], Tone::Muted);
        check(
            chart.mark(mark),
            "mm,\"mm, to\",Penguins\n0,0.1,4\n0.1,0.3,2\n",
        );
    }

    #[test]
    fn marks_of_several_kinds_are_told_apart() {
        let chart = Chart::new(
            "c",
            v(""),
            Axis::linear(v("")).scale(Scale::Date),
            Axis::linear(v("y")),
        )
        .series(vec![v("a \"b\"")]);
        let interval = Mark::Intervals {
            along: Along::X,
            at: vec![19_787.0],
            centre: vec![2.0],
            low: vec![1.0],
            high: vec![3.0],
            tone: Tone::Series(0),
            n: vec![12],
        };
        let chart = chart.mark(interval).mark(Mark::Rule {
            across: Along::Y,
            value: 0.0,
            label: Some(v("zero")),
        });
        check(
            chart,
            "Mark,Series,Name,x,y,\"y, low\",\"y, high\",n\nintervals,\"a \"\"b\"\"\",,2024-03-05,2,1,3,12\nreference line,,zero,,0,,,\n",
        );
    }

    #[test]
    fn a_chart_without_marks_has_no_rows() {
        check(
            Chart::new("c", v(""), Axis::linear(v("x")), Axis::linear(v("y"))),
            "\n",
        );
    }
}
