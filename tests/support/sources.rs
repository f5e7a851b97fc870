//! The sources as tokens, without their unit tests: what the tests of messages and of rooms read.

use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// One file of `src`.
pub struct Source {
    /// From the project's root, with slashes: `src/spec/mod.rs`.
    pub path: String,
    pub tokens: Vec<TokenTree>,
}

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All Rust files of `src`; what only tests see is left out.
pub fn sources() -> Vec<Source> {
    let is_code = |path: &PathBuf| {
        path.extension().is_some_and(|e| e == "rs")
            && path.file_name().is_some_and(|n| n != "tests.rs")
    };
    let sources: Vec<Source> = files_under(&root().join("src"), &[])
        .into_iter()
        .filter(is_code)
        .map(|file| {
            let text = fs::read_to_string(&file).unwrap();
            let path = relative(&file);
            let stream =
                TokenStream::from_str(&text).unwrap_or_else(|e| panic!("{path} is not Rust: {e}"));
            Source {
                path,
                tokens: without_tests(stream).into_iter().collect(),
            }
        })
        .collect();
    assert!(sources.len() > 50, "the sources were not found");
    sources
}

/// The path from the project's root, with slashes.
pub fn relative(file: &Path) -> String {
    let path = file.strip_prefix(root()).expect("a file of the project");
    let parts: Vec<_> = path.iter().map(|p| p.to_string_lossy()).collect();
    parts.join("/")
}

/// All files below `folder` in the order of their paths, without the folders called `left_out`.
pub fn files_under(folder: &Path, left_out: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap_or_else(|e| panic!("{}: {e}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for entry in entries {
        let name = entry.file_name().unwrap_or_default().to_string_lossy();
        if !entry.is_dir() {
            found.push(entry);
        } else if !left_out.contains(&name.as_ref()) {
            found.extend(files_under(&entry, left_out));
        }
    }
    found
}

pub fn is_punct(token: Option<&TokenTree>, c: char) -> bool {
    matches!(token, Some(TokenTree::Punct(p)) if p.as_char() == c)
}

pub fn ident(token: Option<&TokenTree>) -> Option<String> {
    match token {
        Some(TokenTree::Ident(i)) => Some(i.to_string()),
        _ => None,
    }
}

/// Drops every item behind `#[cfg(test)]`: up to its braces, or to its semicolon.
fn without_tests(stream: TokenStream) -> TokenStream {
    let tokens: Vec<TokenTree> = stream.into_iter().collect();
    let mut kept = Vec::new();
    let mut i = 0;
    while i < tokens.len() {
        if is_punct(tokens.get(i), '#') && is_cfg_test(tokens.get(i + 1)) {
            let ends = |t: &TokenTree| {
                matches!(t, TokenTree::Group(g) if g.delimiter() == Delimiter::Brace)
                    || is_punct(Some(t), ';')
            };
            let rest = &tokens[i + 2..];
            i += 3 + rest.iter().position(ends).expect("an item has an end");
            continue;
        }
        kept.push(match &tokens[i] {
            TokenTree::Group(g) => {
                let mut inner = Group::new(g.delimiter(), without_tests(g.stream()));
                inner.set_span(g.span());
                inner.into()
            }
            other => other.clone(),
        });
        i += 1;
    }
    kept.into_iter().collect()
}

fn is_cfg_test(token: Option<&TokenTree>) -> bool {
    matches!(token, Some(TokenTree::Group(g)) if g.stream().to_string().replace(' ', "") == "cfg(test)")
}

#[test]
fn tests_are_left_out() {
    let stream = TokenStream::from_str(
        "fn a() {} #[cfg(test)] mod tests { use super::*; } #[cfg(test)] mod more; #[cfg(feature = \"x\")] mod b { #[cfg(test)] const C: u8 = 1; fn d() {} }",
    );
    let kept = without_tests(stream.unwrap()).to_string().replace(' ', "");
    assert_eq!(kept, "fna(){}#[cfg(feature=\"x\")]modb{fnd(){}}");
}
