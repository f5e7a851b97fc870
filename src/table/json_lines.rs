//! A table as JSON Lines: one object a row.

use std::fmt::Write;

use super::{Table, Value, write_number};

/// The table's rows as objects, a line each. A missing value is `null`; infinities, dates and times
/// are strings in their canonical spelling.
pub fn write(table: &Table) -> Vec<u8> {
    let names: Vec<String> = table.columns().iter().map(|c| quoted(&c.name)).collect();
    let mut out = String::new();
    let mut spelt = String::new();
    for i in 0..table.n_rows() {
        out.push('{');
        for (k, (column, name)) in table.columns().iter().zip(&names).enumerate() {
            if k > 0 {
                out.push(',');
            }
            out.push_str(name);
            out.push(':');
            match column.value(i) {
                Value::Missing => out.push_str("null"),
                Value::Float(x) if x.is_finite() => write_number(&mut out, x),
                Value::Int(x) => {
                    let _ = write!(out, "{x}");
                }
                Value::Bool(x) => out.push_str(if x { "true" } else { "false" }),
                Value::Text(s) => quote(&mut out, s),
                value => {
                    spelt.clear();
                    value.write(&mut spelt);
                    quote(&mut out, &spelt);
                }
            }
        }
        out.push_str("}\n");
    }
    out.into_bytes()
}

fn quoted(s: &str) -> String {
    let mut out = String::new();
    quote(&mut out, s);
    out
}

fn quote(out: &mut String, s: &str) {
    out.push('"');
    for c in s.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\0'..='\x1f' => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value as Json;

    use super::super::samples::any_table;
    use super::super::{Bitmap, Column};
    use super::*;

    #[test]
    fn rows_as_objects() {
        let columns = vec![
            Column::float("x", vec![0.5, f64::INFINITY]),
            Column::int("a\"b", vec![1, 0]).with_validity(Bitmap::from_iter([true, false])),
            Column::date("d", vec![19_787, 0]),
            Column::text("s", ["가\n\u{1}", ""]),
        ];
        let text = String::from_utf8(write(&Table::new(columns).unwrap())).unwrap();
        let expected = [
            r#"{"x":0.5,"a\"b":1,"d":"2024-03-05","s":"가\n\u0001"}"#,
            r#"{"x":"inf","a\"b":null,"d":"1970-01-01","s":""}"#,
        ];
        assert_eq!(text, expected.map(|l| format!("{l}\n")).concat());
    }

    proptest! {
        /// Read by `serde_json`, every value is there.
        #[test]
        fn any_table_is_read_back(table in any_table()) {
            let bytes = write(&table);
            let lines: Vec<Json> = serde_json::Deserializer::from_slice(&bytes)
                .into_iter()
                .map(Result::unwrap)
                .collect();
            prop_assert_eq!(lines.len(), table.n_rows());
            for (i, line) in lines.iter().enumerate() {
                for column in table.columns() {
                    let found = &line[&column.name];
                    prop_assert_eq!(found.is_null(), !column.is_valid(i));
                    if let (Json::String(s), true) = (found, column.is_valid(i)) {
                        prop_assert_eq!(s, &column.display(i));
                    }
                }
            }
        }
    }
}
