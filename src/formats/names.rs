//! Unique names for columns.

use std::collections::{HashMap, HashSet};

use super::words;
use crate::report::Msg;

/// The name that each column goes by: the given one with line breaks as blanks, `name_2` for a
/// second of the same name, `column_3` for the third column without one.
pub(super) fn unique(given: &[String], warnings: &mut Vec<Msg>) -> Vec<String> {
    let given: Vec<String> = given.iter().map(|name| one_line(name)).collect();
    let mut taken: HashSet<String> = given.iter().filter(|n| !n.is_empty()).cloned().collect();
    let mut used: HashSet<String> = HashSet::new();
    let mut numbers = HashMap::new();
    let mut names = Vec::with_capacity(given.len());
    for (k, name) in given.iter().enumerate() {
        let name = if name.is_empty() {
            let name = free(&format!("column_{}", k + 1), &mut numbers, &taken);
            warnings.push(words::missing_header(k + 1, &name));
            name
        } else if used.contains(name) {
            let renamed = free(name, &mut numbers, &taken);
            warnings.push(words::duplicate_header(name, &renamed));
            renamed
        } else {
            name.clone()
        };
        taken.insert(name.clone());
        used.insert(name.clone());
        names.push(name);
    }
    names
}

/// `column_1` and so on.
pub(super) fn numbered(n: usize) -> Vec<String> {
    (1..=n).map(|k| format!("column_{k}")).collect()
}

fn one_line(name: &str) -> String {
    let words: Vec<&str> = name.split(['\n', '\r', '\t']).map(str::trim).collect();
    words.join(" ").trim().to_owned()
}

/// The name, or it with the next number; `numbers` remembers how far each name has come.
fn free(wanted: &str, numbers: &mut HashMap<String, usize>, taken: &HashSet<String>) -> String {
    if !taken.contains(wanted) {
        return wanted.to_owned();
    }
    let number = numbers.entry(wanted.to_owned()).or_insert(2);
    loop {
        let numbered = format!("{wanted}_{number}");
        *number += 1;
        if !taken.contains(&numbered) {
            return numbered;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let check = |given: &[&str], expected: &[&str], n_warnings| {
            let mut warnings = Vec::new();
            let given: Vec<String> = given.iter().map(|s| (*s).to_owned()).collect();
            assert_eq!(unique(&given, &mut warnings), expected);
            assert_eq!(warnings.len(), n_warnings);
        };
        check(&["a", "b"], &["a", "b"], 0);
        check(&["a", "a", "a_2", "a"], &["a", "a_3", "a_2", "a_4"], 2);
        check(&["a", " ", "b"], &["a", "column_2", "b"], 1);
        check(&["column_2", ""], &["column_2", "column_2_2"], 1);
        check(&[" two\nlines "], &["two lines"], 0);
    }
}
