//! `cargo xtask new-analysis GROUP ID`: the files and lines that a new analysis takes, with a small
//! method in place of the real one, so that it compiles and runs from the start.

use crate::shell::{command, root, run};
use anyhow::{Context, Result, bail, ensure};
use std::fs;
use std::path::Path;

const CODE: &str = include_str!("../templates/analysis.rs.txt");
const KOREAN: &str = include_str!("../templates/analysis.ko.json");

/// The groups, in the order of the palette.
const GROUPS: [&str; 13] = [
    "explore",
    "transform",
    "compare",
    "regression",
    "experiment",
    "segment",
    "growth",
    "predict",
    "recommend",
    "survey",
    "text",
    "image",
    "optimise",
];

pub fn new_analysis(args: &[String]) -> Result<()> {
    let [group, id] = args else {
        bail!(
            "cargo xtask new-analysis GROUP ID; the groups are {}",
            GROUPS.join(", ")
        );
    };
    ensure!(
        GROUPS.contains(&group.as_str()),
        "there is no group `{group}`; the groups are {}",
        GROUPS.join(", ")
    );
    ensure!(
        is_id(id),
        "`{id}` is no id: small letters, digits and underscores, a letter first"
    );
    write(root(), group, id)?;
    println!(
        "Wrote src/analyses/{group}/{id}.rs and its Korean, and a line in the registry. It runs already:
  cargo run -- run {group}.{id} --data tests/data/penguins.csv --set columns=body_mass_g

Then
  1. put the mathematics into src/stats or src/models, its unit tests beside it
  2. declare options and examples in {id}.rs, and write their Korean in {id}.ko.json
  3. add a reference case under tests/reference with values from R, NIST or a paper
  4. `cargo xtask test unit` names what is missing; regenerate the goldens and read the diff"
    );
    Ok(())
}

fn write(root: &Path, group: &str, id: &str) -> Result<()> {
    let analyses = root.join("src/analyses");
    let folder = analyses.join(group);
    let code = folder.join(format!("{id}.rs"));
    ensure!(
        !code.exists(),
        "src/analyses/{group}/{id}.rs is there already"
    );
    let registry = analyses.join("mod.rs");
    let text = fs::read_to_string(&registry).context("src/analyses/mod.rs")?;
    let text =
        with_entry(&text, group, id).context("src/analyses/mod.rs has no `registry! { … }`")?;

    fs::create_dir_all(&folder)?;
    let module = folder.join("mod.rs");
    if module.is_file() {
        let list = fs::read_to_string(&module)?;
        fs::write(module, with_module(&list, id))?;
        fs::write(registry, text)?;
    } else {
        fs::write(module, format!("//! {}.\n\npub mod {id};\n", title(group)))?;
        fs::write(registry, with_module(&text, group))?;
    }
    fs::write(&code, filled(CODE, group, id))?;
    run(command("rustfmt").args(["--edition", "2024"]).arg(&code))?;
    fs::write(
        folder.join(format!("{id}.ko.json")),
        filled(KOREAN, group, id),
    )?;
    Ok(())
}

fn filled(template: &str, group: &str, id: &str) -> String {
    template
        .replace("__TYPE__", &camel(id))
        .replace("__TITLE__", &title(id))
        .replace("__VARIANT__", &camel(group))
        .replace("__GROUP__", group)
        .replace("__ID__", id)
}

/// The registry with one line more, in the order of the ids.
fn with_entry(text: &str, group: &str, id: &str) -> Option<String> {
    let head = "\nregistry! {\n";
    let start = text.find(head)? + head.len();
    let end = start + text[start..].find('}')?;
    let mut lines: Vec<String> = text[start..end].lines().map(str::to_owned).collect();
    lines.push(format!("    {group}::{id}::{},", camel(id)));
    lines.sort();
    Some(format!(
        "{}{}\n{}",
        &text[..start],
        lines.join("\n"),
        &text[end..]
    ))
}

/// A file with `pub mod name;` among its others, in order.
fn with_module(text: &str, name: &str) -> String {
    let line = format!("pub mod {name};");
    let is_module = |line: &&str| line.starts_with("pub mod ");
    let mut lines: Vec<&str> = text.lines().collect();
    let before = lines
        .iter()
        .position(|other| is_module(other) && **other > *line);
    let after = lines.iter().rposition(is_module).map(|at| at + 1);
    lines.insert(before.or(after).unwrap_or(lines.len()), &line);
    lines.join("\n") + "\n"
}

fn is_id(id: &str) -> bool {
    id.starts_with(|c: char| c.is_ascii_lowercase())
        && id
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// `k_means` becomes `KMeans`.
fn camel(id: &str) -> String {
    id.split('_').map(capitalised).collect()
}

/// `k_means` becomes `K means`.
fn title(id: &str) -> String {
    capitalised(&id.replace('_', " "))
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        assert_eq!(camel("k_means"), "KMeans");
        assert_eq!(camel("ab_test2"), "AbTest2");
        assert_eq!(title("first_purchase"), "First purchase");
        for (id, expected) in [
            ("k_means", true),
            ("t2", true),
            ("2t", false),
            ("K", false),
            ("a-b", false),
            ("", false),
        ] {
            assert_eq!(is_id(id), expected, "{id}");
        }
    }

    #[test]
    fn registry_lines_keep_their_order() {
        let text =
            "x\nregistry! {\n    explore::chart::Chart,\n    segment::k_means::KMeans,\n}\ny\n";
        assert_eq!(
            with_entry(text, "regression", "logistic").unwrap(),
            "x\nregistry! {\n    explore::chart::Chart,\n    regression::logistic::Logistic,\n    segment::k_means::KMeans,\n}\ny\n"
        );
        assert!(with_entry("nothing", "a", "b").is_none());
    }

    #[test]
    fn modules_keep_their_order() {
        let check =
            |text: &str, name: &str, expected: &str| assert_eq!(with_module(text, name), expected);
        check(
            "//! A.\n\npub mod b;\npub mod d;\n\nfn x() {}\n",
            "c",
            "//! A.\n\npub mod b;\npub mod c;\npub mod d;\n\nfn x() {}\n",
        );
        check(
            "//! A.\n\npub mod b;\n\nfn x() {}\n",
            "c",
            "//! A.\n\npub mod b;\npub mod c;\n\nfn x() {}\n",
        );
        check(
            "//! A.\n\npub mod b;\n",
            "a",
            "//! A.\n\npub mod a;\npub mod b;\n",
        );
        check("//! A.\n", "b", "//! A.\npub mod b;\n");
    }

    #[test]
    fn nothing_of_the_template_is_left_over() {
        for template in [CODE, KOREAN] {
            let text = filled(template, "segment", "k_modes");
            assert!(!text.contains("__"), "{text}");
        }
        let korean: serde_json::Value =
            serde_json::from_str(&filled(KOREAN, "segment", "k_modes")).unwrap();
        assert_eq!(korean["title"], "K modes");
    }

    #[test]
    fn the_groups_are_those_of_the_library() {
        let source = fs::read_to_string(root().join("src/spec/mod.rs")).unwrap();
        let list = source
            .split("pub enum Group {")
            .nth(1)
            .and_then(|rest| rest.split('}').next())
            .unwrap();
        let groups: Vec<String> = list
            .split(',')
            .map(|name| name.trim().to_lowercase())
            .filter(|name| !name.is_empty())
            .collect();
        assert_eq!(groups, GROUPS);
    }
}
