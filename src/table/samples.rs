//! Tables for the tests of readers and writers.

use proptest::prelude::*;

use super::{Bitmap, Column, ColumnFormat, Data, Measure, MissingCode, Table, Utf8, ValueLabel};

/// Every kind of column, with values at the ends of their range and missing ones; 5 rows.
pub fn one_of_each_kind() -> Table {
    let validity = || Bitmap::from_iter([true, false, true, true, true]);
    let strings = |s: [&str; 3]| s.map(String::from).to_vec();
    let floats = vec![-0.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.1 + 0.2];
    let mut labelled = Column::float("float", floats);
    labelled.label = Some("A longer “name”\nfor people".to_owned());
    labelled.note = Some("asked twice".to_owned());
    let percent = ColumnFormat {
        decimals: Some(1),
        currency: Some("₩".to_owned()),
        percent: true,
    };
    let long = vec![i64::MIN, 0, i64::MAX, (1 << 53) + 1, -7];
    let days = vec![i32::MIN, 0, i32::MAX, 19_787, -719_163];
    let instants = vec![i64::MIN, 0, i64::MAX, 1, 1_709_632_800_000];
    let times = vec![i32::MIN, 0, i32::MAX, 86_399_999, 41_916_000];
    let levels = strings(["low", "high, “quoted” \"x\"", ""]);
    Table::new(vec![
        labelled,
        Column::int("int", long)
            .with_validity(validity())
            .with_format(percent)
            .with_value_labels(vec![
                ValueLabel::new("-7", "아니오"),
                ValueLabel::new("9", "모름"),
            ])
            .with_missing_codes(vec![MissingCode::number(-7.0)]),
        Column::bool("bool", [true, false, false, true, true]).with_validity(validity()),
        Column::date("date", days).with_validity(validity()),
        Column::date_time("date_time", instants).with_validity(validity()),
        Column::new("time", Data::Time(times)).with_validity(validity()),
        Column::category("category", vec![1, -1, 0, 2, 1], levels).with_measure(Measure::Ordinal),
        Column::text("텍스트", ["가나다", "", "", "a\r\nb", " \"x\",y "])
            .with_validity(validity())
            .with_measure(Measure::Id),
    ])
    .expect("columns of 5 rows with unique names")
}

/// Up to 6 columns of any kind and up to 20 rows; missing values leave what [`Data`] says.
pub fn any_table() -> impl Strategy<Value = Table> {
    (0usize..20, 0usize..6).prop_flat_map(|(n_rows, n_columns)| {
        prop::collection::vec(any_column(n_rows), n_columns).prop_map(|mut columns| {
            for (i, column) in columns.iter_mut().enumerate() {
                column.name.push_str(&format!("#{i}"));
            }
            Table::new(columns).expect("columns of one length with unique names")
        })
    })
}

fn any_column(n: usize) -> impl Strategy<Value = Column> {
    use prop::collection::vec;
    let data = prop_oneof![
        vec(any::<f64>(), n).prop_map(Data::Float),
        vec(any::<i64>(), n).prop_map(Data::Int),
        vec(any::<bool>(), n).prop_map(|v| Data::Bool(Bitmap::from_iter(v))),
        vec(any::<i32>(), n).prop_map(Data::Date),
        vec(-3_000_000i32..3_000_000, n).prop_map(Data::Date),
        vec(any::<i64>(), n).prop_map(Data::DateTime),
        vec(-300_000_000_000_000i64..300_000_000_000_000, n).prop_map(Data::DateTime),
        vec(any::<i32>(), n).prop_map(Data::Time),
        vec(0i32..86_400_000, n).prop_map(Data::Time),
        (vec(0i32..3, n), vec(any::<String>(), 3))
            .prop_map(|(codes, levels)| Data::Category { codes, levels }),
        vec(any::<String>(), n).prop_map(|v| Data::Text(Utf8::from_iter(v))),
    ];
    let measure = prop::sample::select(vec![
        Measure::Nominal,
        Measure::Ordinal,
        Measure::Scale,
        Measure::Time,
        Measure::Id,
        Measure::Text,
    ]);
    let validity = prop::option::of(vec(any::<bool>(), n));
    let format = (any::<Option<u8>>(), any::<Option<String>>(), any::<bool>());
    let names = (any::<String>(), any::<Option<String>>());
    (data, measure, validity, format, names).prop_map(
        |(data, measure, validity, (decimals, currency, percent), (name, label))| {
            let mut column = Column::new(name, data).with_measure(measure);
            column.label = label;
            column.format = ColumnFormat {
                decimals,
                currency,
                percent,
            };
            let mut validity =
                validity.map_or(Bitmap::with_len(column.len(), true), Bitmap::from_iter);
            if let Data::Float(v) = &column.data {
                (0..v.len())
                    .filter(|&i| v[i].is_nan())
                    .for_each(|i| validity.set(i, false));
            }
            clear_missing(&mut column.data, &validity);
            let labels = column.label.iter().map(|l| ValueLabel::new("0", l));
            column.value_labels = labels.collect();
            let codes = match column.format.percent {
                true => vec![MissingCode::Range {
                    from: None,
                    to: Some(0.0),
                }],
                false => Vec::new(),
            };
            column.with_validity(validity).with_missing_codes(codes)
        },
    )
}

fn clear_missing(data: &mut Data, validity: &Bitmap) {
    fn clear<T: Copy>(values: &mut [T], validity: &Bitmap, empty: T) {
        let slots = values.iter_mut().zip(validity.iter());
        slots
            .filter(|(_, valid)| !valid)
            .for_each(|(slot, _)| *slot = empty);
    }
    match data {
        Data::Float(v) => clear(v, validity, f64::NAN),
        Data::Int(v) | Data::DateTime(v) => clear(v, validity, 0),
        Data::Bool(v) => *v = v.and(validity),
        Data::Date(v) | Data::Time(v) => clear(v, validity, 0),
        Data::Category { codes, .. } => clear(codes, validity, -1),
        Data::Text(v) => {
            let strings = v.iter().zip(validity.iter());
            *v = strings
                .map(|(s, valid)| if valid { s } else { "" })
                .collect();
        }
    }
}
