//! Who may import whom: the table at the head of `src/lib.rs` is the rule, and the code is held to it.

use crate::support::sources;

use std::collections::BTreeMap;
use std::fs;

use jari::analyses;
use proc_macro2::{Delimiter, TokenTree};
use sources::{Source, files_under, ident, is_punct, relative, root, sources};

/// What the page may use of `analyses`: declarations, and nothing that links an algorithm.
const DECLARATIONS: [&str; 5] = ["add_korean", "find", "migrate", "specs", "uses_seed"];

/// Crates that belong to one part of the program: names of crates, and where they may stand.
const KEPT: &[(&[&str], &[&str])] = &[
    (
        &["leptos", "leptos_dom", "rexie", "pulldown_cmark"],
        &["src/app/"],
    ),
    (
        &[
            "web_sys",
            "js_sys",
            "wasm_bindgen",
            "wasm_bindgen_futures",
            "serde_wasm_bindgen",
        ],
        &["src/app/", "src/engine/", "src/chart/canvas"],
    ),
    (
        &["plotters", "plotters_backend", "plotters_canvas"],
        &["src/chart/"],
    ),
    (&["clap"], &["src/bin/jari/"]),
    (&["winnow"], &["src/formula/"]),
    (&["calamine", "lz4_flex", "ruzstd"], &["src/formats/"]),
];

/// A path that a file names, from the crate's root: `["report", "Msg"]`.
struct Import {
    path: Vec<String>,
    line: usize,
}

#[test]
fn every_room_imports_only_what_the_table_allows() {
    let allowed = rooms();
    let mut wrong = Vec::new();
    for source in sources() {
        let module = module(&source.path);
        let Some(room) = module
            .first()
            .filter(|_| !source.path.starts_with("src/bin/"))
        else {
            continue;
        };
        let may = allowed
            .get(room)
            .unwrap_or_else(|| panic!("{} is in no room of the table in src/lib.rs", source.path));
        for import in imports(&source, "crate") {
            let to = owner(&import.path[0]);
            let fits = if to == room {
                room != "analyses" || module.len() < 3 || import.path.starts_with(&module[..3])
            } else if room == "app" && to == "analyses" {
                declares(import.path.get(1)) || (import.path.len() == 1 && only_declares(&source))
            } else {
                may.iter().any(|m| m == to)
            };
            if !fits {
                wrong.push(format!(
                    "{}:{} {}",
                    source.path,
                    import.line,
                    import.path.join("::")
                ));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "imports that the table forbids:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn the_binaries_start_rooms_and_do_nothing_else() {
    let check = |file: &str, expected: &[&str]| {
        let source = sources().into_iter().find(|s| s.path == file).unwrap();
        let mut used: Vec<String> = imports(&source, "jari")
            .iter()
            .map(|i| i.path[0].clone())
            .collect();
        used.sort();
        used.dedup();
        assert_eq!(used, expected, "{file}");
    };
    check("src/bin/app.rs", &["app"]);
    check("src/bin/formats.rs", &["engine"]);
    check("src/bin/worker.rs", &["analyses", "engine"]);
    for source in sources()
        .iter()
        .filter(|s| s.path.starts_with("src/bin/jari/"))
    {
        for import in imports(source, "jari") {
            assert_ne!(import.path[0], "app", "{}:{}", source.path, import.line);
        }
    }
}

#[test]
fn crates_stay_where_they_belong() {
    let mut wrong = Vec::new();
    for source in sources() {
        idents(&source.tokens, &mut |name, line| {
            for (crates, places) in KEPT {
                if crates.contains(&name) && !places.iter().any(|p| source.path.starts_with(p)) {
                    wrong.push(format!("{}:{line} {name}", source.path));
                }
            }
        });
    }
    assert!(
        wrong.is_empty(),
        "crates out of their place:\n{}",
        wrong.join("\n")
    );
}

/// One analysis is one file, `src/analyses/<group>/<name>.rs`, with its Korean beside it.
#[test]
fn every_analysis_is_where_its_id_says() {
    for spec in analyses::specs() {
        let (group, name) = spec.id.split_once('.').expect("group.name");
        for ending in ["rs", "ko.json"] {
            let path = root().join(format!("src/analyses/{group}/{name}.{ending}"));
            assert!(path.is_file(), "{} has no {}", spec.id, path.display());
        }
    }
}

/// Values from outside stand in `tests/reference/analyses/<id>`, three cases or more for each analysis.
#[test]
fn every_analysis_has_reference_cases() {
    for spec in analyses::specs() {
        let folder = root().join("tests/reference/analyses").join(spec.id);
        assert!(folder.is_dir(), "{} has no reference cases", spec.id);
        let cases = files_under(&folder, &[]);
        let n = cases
            .iter()
            .filter(|c| c.extension().is_some_and(|e| e == "json"))
            .count();
        assert!(n >= 3, "{} has {n} reference cases", spec.id);
    }
}

/// The project names no path of a machine that it was written on, and no host to fetch from.
#[test]
fn no_file_names_a_machine() {
    let words = [
        concat!("/ro", "ot/"),
        concat!("/wo", "rk/"),
        concat!("/ho", "me/"),
        concat!("crates", ".io/"),
        concat!("registry.", "npmjs"),
        concat!("pypi.", "org"),
    ];
    let mut wrong = Vec::new();
    let left_out = [
        ".git",
        "target",
        "dist",
        "node_modules",
        "test-results",
        "playwright-report",
    ];
    for file in files_under(root(), &left_out) {
        // Cargo writes the registry into its lock file.
        if file.file_name().is_some_and(|n| n == "Cargo.lock") {
            continue;
        }
        let Ok(text) = fs::read_to_string(&file) else {
            continue;
        };
        for (i, line) in text.lines().enumerate() {
            for word in words.iter().filter(|w| line.contains(*w)) {
                wrong.push(format!("{}:{}: {word}", relative(&file), i + 1));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "paths and hosts of one machine:\n{}",
        wrong.join("\n")
    );
}

/// Each room and the rooms that it may use, as the table in `src/lib.rs` gives them.
fn rooms() -> BTreeMap<String, Vec<String>> {
    let text = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let mut rooms = BTreeMap::new();
    let mut above: Vec<String> = Vec::new();
    let is_row = |line: &&str| line.starts_with("//! | [`") || line.starts_with("//! | `");
    for row in text.lines().filter(is_row) {
        let cells: Vec<&str> = row
            .trim_start_matches("//! |")
            .split('|')
            .map(str::trim)
            .collect();
        let room = cells[0].trim_matches(['[', ']', '`']).to_string();
        let may = match cells[2] {
            "nothing of ours" => Vec::new(),
            all if all.starts_with("all of the above but ") => {
                let but = &all["all of the above but ".len()..];
                assert!(above.iter().any(|r| r == but), "{but} stands above {room}");
                above.iter().filter(|r| *r != but).cloned().collect()
            }
            list => {
                let names = list
                    .split([',', '{'])
                    .map(|n| n.trim().trim_start_matches('`'));
                let names = names.map(|n| n.split("::").next().unwrap_or(n));
                names
                    .map(|n| n.trim_matches(['`', '}']).to_string())
                    .filter(|n| !DECLARATIONS.contains(&n.as_str()))
                    .collect()
            }
        };
        above.push(room.clone());
        rooms.insert(room, may);
    }
    let names: Vec<&str> = above.iter().map(String::as_str).collect();
    for (room, may) in &rooms {
        for name in may {
            assert!(
                names.contains(&name.as_str()),
                "{room} may use {name}, which is no room"
            );
        }
    }
    assert!(rooms.len() >= 10, "the table in src/lib.rs was not read");
    rooms
}

/// `src/spec/mod.rs` is `spec`, `src/spec/check.rs` is `spec::check`.
fn module(path: &str) -> Vec<String> {
    let inner = path.trim_start_matches("src/").trim_end_matches(".rs");
    let mut parts: Vec<String> = inner.split('/').map(str::to_string).collect();
    if parts.last().is_some_and(|p| p == "mod" || p == "lib") {
        parts.pop();
    }
    parts
}

fn declares(name: Option<&String>) -> bool {
    name.is_some_and(|n| DECLARATIONS.contains(&n.as_str()))
}

/// Whether a file that has imported `analyses` itself takes only declarations from there.
fn only_declares(source: &Source) -> bool {
    let taken = imports(source, "analyses");
    taken.iter().all(|i| declares(i.path.first()))
}

/// Macros stand at the crate's root, but belong to a room.
fn owner(name: &str) -> &str {
    match name {
        "msg" => "report",
        "choices" | "options" => "spec",
        _ => name,
    }
}

/// All paths behind `start` that a file names, in `use` and elsewhere; behind `crate`, those behind
/// `super` and `self` too.
fn imports(source: &Source, start: &str) -> Vec<Import> {
    let mut found = Vec::new();
    collect(&source.tokens, &module(&source.path), start, &mut found);
    found.retain(|i| !i.path.is_empty());
    found
}

fn collect(tokens: &[TokenTree], module: &[String], start: &str, found: &mut Vec<Import>) {
    let mut i = 0;
    while i < tokens.len() {
        if ident(tokens.get(i)).is_some_and(|n| n == "mod")
            && let (Some(name), Some(TokenTree::Group(g))) =
                (ident(tokens.get(i + 1)), tokens.get(i + 2))
        {
            let mut inner = module.to_vec();
            inner.push(name);
            collect(
                &g.stream().into_iter().collect::<Vec<_>>(),
                &inner,
                start,
                found,
            );
            i += 3;
            continue;
        }
        if let TokenTree::Group(g) = &tokens[i] {
            collect(
                &g.stream().into_iter().collect::<Vec<_>>(),
                module,
                start,
                found,
            );
        }
        let is_first = i == 0 || !is_punct(tokens.get(i - 1), ':');
        if is_first && is_separator(tokens, i + 1) {
            let base = match ident(tokens.get(i)).as_deref() {
                Some("super") if start == "crate" => {
                    Some(module[..module.len().saturating_sub(1)].to_vec())
                }
                Some("self") if start == "crate" => Some(module.to_vec()),
                Some(name) if name == start => Some(Vec::new()),
                _ => None,
            };
            if let Some(base) = base {
                i = tree(tokens, i + 3, base, found);
                continue;
            }
        }
        i += 1;
    }
}

/// Reads a path or a `use` tree from `tokens[i]` on, behind `::`; gives back where it ends.
fn tree(
    tokens: &[TokenTree],
    mut i: usize,
    mut path: Vec<String>,
    found: &mut Vec<Import>,
) -> usize {
    let line = tokens.get(i).map_or(0, |t| t.span().start().line);
    loop {
        match tokens.get(i) {
            Some(TokenTree::Ident(name)) => match name.to_string().as_str() {
                "super" => {
                    path.pop();
                }
                "self" => {}
                name => path.push(name.to_string()),
            },
            Some(TokenTree::Group(g)) if g.delimiter() == Delimiter::Brace => {
                let inner: Vec<TokenTree> = g.stream().into_iter().collect();
                for part in inner
                    .split(|t| is_punct(Some(t), ','))
                    .filter(|p| !p.is_empty())
                {
                    tree(part, 0, path.clone(), found);
                }
                return i + 1;
            }
            _ => break,
        }
        i += 1;
        if !is_separator(tokens, i) {
            break;
        }
        i += 2;
    }
    found.push(Import { path, line });
    i
}

fn is_separator(tokens: &[TokenTree], i: usize) -> bool {
    is_punct(tokens.get(i), ':') && is_punct(tokens.get(i + 1), ':')
}

fn idents(tokens: &[TokenTree], visit: &mut impl FnMut(&str, usize)) {
    for token in tokens {
        match token {
            TokenTree::Ident(name) => visit(&name.to_string(), name.span().start().line),
            TokenTree::Group(g) => idents(&g.stream().into_iter().collect::<Vec<_>>(), visit),
            _ => {}
        }
    }
}

#[test]
fn imports_are_found_in_all_their_forms() {
    let check = |path: &str, code: &str, expected: &[&str]| {
        let source = Source {
            path: path.to_string(),
            tokens: code
                .parse::<proc_macro2::TokenStream>()
                .unwrap()
                .into_iter()
                .collect(),
        };
        let found: Vec<String> = imports(&source, "crate")
            .iter()
            .map(|i| i.path.join("::"))
            .collect();
        assert_eq!(found, expected, "{code}");
    };
    check(
        "src/spec/check.rs",
        "use crate::report::Msg;",
        &["report::Msg"],
    );
    check(
        "src/spec/check.rs",
        "use crate::{msg, report::{self, Msg as M}};",
        &["msg", "report", "report::Msg"],
    );
    check("src/spec/check.rs", "use super::Spec;", &["spec::Spec"]);
    check(
        "src/spec/mod.rs",
        "use super::report::Msg;",
        &["report::Msg"],
    );
    check(
        "src/a/b.rs",
        "mod c { use super::super::super::d::E; }",
        &["d::E"],
    );
    check(
        "src/a/b.rs",
        "fn f() -> crate::table::Table { self.x; g(crate::stats::h(1)) }",
        &["table::Table", "stats::h"],
    );
    check(
        "src/a/b.rs",
        "pub(crate) fn f() { $crate::report::Msg::new(1) }",
        &["report::Msg::new"],
    );
    check(
        "src/a/b.rs",
        "use crate::stats::*; // use crate::no::x;",
        &["stats"],
    );
}
