//! Several files at once: opened one after the other, or as one table.

use std::collections::VecDeque;

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::Blob;

use super::{Opening, Workspace};
use crate::engine::protocol::Failure;
use crate::report::Msg;
use crate::table::csv::{ImportOptions, Preview};
use crate::table::{FileFormat, natural_order};

/// Endings of files that may be put one below the other; workbooks and notebooks may not.
const TEXTS: [&str; 9] = [
    ".csv", ".tsv", ".tab", ".txt", ".dat", ".csv.gz", ".tsv.gz", ".txt.gz", ".gz",
];

impl Workspace {
    /// Opens files one after the other, or several of one shape as one table.
    pub fn open_files(self, files: Vec<web_sys::File>) {
        let names: Vec<String> = files.iter().map(web_sys::File::name).collect();
        if may_be_one(&names) && self.opening.with_untracked(Option::is_none) {
            return self.open_several(files);
        }
        self.waiting.update_value(|waiting| waiting.extend(files));
        if self.opening.with_untracked(Option::is_none) {
            self.open_waiting();
        }
    }

    /// Opens the next file that waits.
    pub fn open_waiting(self) {
        let next = self.waiting.try_update_value(VecDeque::pop_front).flatten();
        if let Some(file) = next {
            self.open_file(&file);
        }
    }

    /// Looks at each file, and offers one table where they have the same columns.
    fn open_several(self, mut files: Vec<web_sys::File>) {
        if !self.may_change() {
            return;
        }
        let first = files.remove(0);
        let blob: Blob = first.clone().unchecked_into();
        self.opening.set(Some(Opening {
            is_looking: true,
            ..Opening::of(blob.clone(), first.name())
        }));
        spawn_local(async move {
            let Some(client) = self.ready().await else {
                return self.no_engine();
            };
            let mut found = Vec::new();
            for file in std::iter::once(&first).chain(&files) {
                let file: &Blob = file.unchecked_ref();
                found.push(client.preview(file, ImportOptions::default()).await);
            }
            let is_open = self
                .opening
                .with_untracked(|o| o.as_ref().is_some_and(|o| o.blob == blob));
            if !is_open {
                return;
            }
            if are_alike(&found) {
                files.push(first);
                files.sort_by(|a, b| natural_order(&a.name(), &b.name()));
                let first = files.remove(0);
                let mut opening = Opening::of(first.clone().unchecked_into(), first.name());
                opening.is_looking = true;
                opening.more = files;
                opening.options.append = true;
                self.opening.set(Some(opening));
                return self.preview();
            }
            self.waiting.update_value(|waiting| {
                files.drain(..).rev().for_each(|f| waiting.push_front(f));
            });
            self.opening.update(|o| {
                if let Some(o) = o {
                    o.preview = Some(found.swap_remove(0));
                    o.is_looking = false;
                }
            });
        });
    }

    /// Files that were chosen together and are not one table wait to be opened.
    pub(super) fn let_others_wait(self) {
        let others = self.opening.with_untracked(|o| match o {
            Some(o) if !o.is_one_of_several() => o.more.clone(),
            _ => Vec::new(),
        });
        self.waiting.update_value(|waiting| {
            others.into_iter().rev().for_each(|f| waiting.push_front(f));
        });
    }
}

/// Whether files of these names may be one table: more than one, all of them text.
pub(super) fn may_be_one(names: &[String]) -> bool {
    let is_text = |name: &String| {
        let name = name.to_lowercase();
        TEXTS.iter().any(|ending| name.ends_with(ending))
    };
    names.len() > 1 && names.iter().all(is_text)
}

/// Whether all files were understood and have the same columns, in whatever order.
pub(super) fn are_alike(found: &[Result<(Preview, Vec<Msg>), Failure>]) -> bool {
    let columns = |preview: &Preview| {
        let is_text = preview.understood.file.format == FileFormat::Csv;
        let all = &preview.understood.columns;
        let mut names: Vec<String> = all.iter().map(|c| c.source_name.clone()).collect();
        names.sort();
        is_text.then_some(names)
    };
    let mut all = found
        .iter()
        .map(|one| one.as_ref().ok().and_then(|(preview, _)| columns(preview)));
    let Some(Some(first)) = all.next() else {
        return false;
    };
    all.all(|names| names.as_ref() == Some(&first))
}

/// What the names of several files have in common at their beginning, or the first one's name:
/// `sales_2024-01.csv` and `sales_2024-02.csv` are `sales`.
pub(super) fn common_name(names: &[String]) -> String {
    let stem = |name: &String| -> Vec<char> {
        let stem = name.split('.').next().unwrap_or_default();
        stem.chars().collect()
    };
    let first = names.first().cloned().unwrap_or_default();
    let stems: Vec<Vec<char>> = names.iter().map(stem).collect();
    let mut n = stems.iter().map(Vec::len).min().unwrap_or(0);
    while stems
        .iter()
        .any(|s| s[..n] != stems[0][..n] || cuts_through(s, n))
    {
        n -= 1;
    }
    let common: String = stems.iter().take(1).flat_map(|s| &s[..n]).collect();
    let common = match stems.iter().all(|s| s.len() == n) {
        true => common.as_str(),
        false => common.trim_end_matches(|c: char| c.is_ascii_digit() || !c.is_alphanumeric()),
    };
    match common.chars().filter(|c| c.is_alphanumeric()).count() {
        0 | 1 => first,
        _ => common.to_owned(),
    }
}

/// Whether a word or a number is on both sides of the place `n`.
fn cuts_through(text: &[char], n: usize) -> bool {
    let (Some(before), Some(after)) = (text[..n].last(), text.get(n)) else {
        return false;
    };
    let is_number = |c: &char| c.is_ascii_digit();
    before.is_alphanumeric() && after.is_alphanumeric() && is_number(before) == is_number(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn texts_may_be_one() {
        let check = |text: &str, expected| assert_eq!(may_be_one(&names(text)), expected, "{text}");
        check("a.csv", false);
        check("a.csv b.CSV", true);
        check("a.csv b.tsv c.csv.gz", true);
        check("a.csv b.xlsx", false);
        check("a.csv b.jari.json", false);
    }

    #[test]
    fn what_names_have_in_common() {
        let check = |text: &str, expected: &str| {
            assert_eq!(common_name(&names(text)), expected, "{text}");
        };
        check("sales_jan.csv sales_feb.csv", "sales");
        check("sales_2024-01.csv sales_2024-02.csv", "sales");
        check("매출_1월.csv 매출_2월.csv", "매출");
        check("orders1.csv orders2.csv orders10.csv", "orders");
        check("orders_mar.csv orders_may.csv", "orders");
        check("jan.csv janet.csv", "jan.csv");
        check("a.csv b.csv", "a.csv");
        check("2024-01.csv 2024-02.csv", "2024-01.csv");
        check("same.csv same.csv", "same");
    }
}
