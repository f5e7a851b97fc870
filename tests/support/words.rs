//! The sentences in the sources, and the Korean catalogues beside them.

use std::collections::BTreeMap;
use std::fs;

use proc_macro2::{Literal, TokenTree};
use syn::LitStr;

use super::sources::{Source, files_under, ident, is_punct, relative, root};

/// A sentence as the code has it: `msg!("id", "Pattern with {value}.", value = 3)`, or `Msg::new`.
pub struct Sentence {
    pub id: String,
    pub en: String,
    /// The values given beside the pattern; `None` where they come by `.with(…)`.
    pub values: Option<Vec<String>>,
    /// File and line.
    pub place: String,
}

/// One `ko.json`: what stands before its keys, and its patterns by key.
pub struct Catalogue {
    pub path: String,
    pub prefix: String,
    pub patterns: BTreeMap<String, String>,
}

impl Catalogue {
    /// The id of the message that a key is for.
    pub fn id(&self, key: &str) -> String {
        if self.prefix.is_empty() {
            key.to_string()
        } else {
            format!("{}.{key}", self.prefix)
        }
    }
}

/// All sentences of a file, in their order.
pub fn sentences(source: &Source) -> Vec<Sentence> {
    let mut found = Vec::new();
    collect(&source.tokens, &source.path, &mut found);
    found
}

/// All `ko.json` of the sources: those of the analyses are named after them, others hold whole ids.
pub fn catalogues() -> Vec<Catalogue> {
    let is_catalogue = |path: &str| {
        path.ends_with(".json") && (path.ends_with("ko.json") || path.contains("/ko/"))
    };
    let files = files_under(&root().join("src"), &[]);
    let files = files.iter().filter(|f| is_catalogue(&relative(f)));
    files
        .map(|file| {
            let path = relative(file);
            let text = fs::read_to_string(file).unwrap();
            let prefix = match path.strip_prefix("src/analyses/") {
                Some(name) => name.trim_end_matches(".ko.json").replace('/', "."),
                None => String::new(),
            };
            // A map would hide a key that stands twice.
            let pairs: Pairs =
                serde_json::from_str(&text).unwrap_or_else(|e| panic!("{path}: {e}"));
            let n = pairs.0.len();
            let patterns: BTreeMap<String, String> = pairs.0.into_iter().collect();
            assert_eq!(patterns.len(), n, "{path} has a key twice");
            Catalogue {
                path,
                prefix,
                patterns,
            }
        })
        .collect()
}

struct Pairs(Vec<(String, String)>);

impl<'de> serde::Deserialize<'de> for Pairs {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Pairs;
            fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.write_str("an object of texts")
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(
                self,
                mut map: A,
            ) -> Result<Pairs, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        d.deserialize_map(Visitor)
    }
}

fn collect(tokens: &[TokenTree], path: &str, found: &mut Vec<Sentence>) {
    for (i, token) in tokens.iter().enumerate() {
        let TokenTree::Group(group) = token else {
            continue;
        };
        let inner: Vec<TokenTree> = group.stream().into_iter().collect();
        let is_macro = i >= 2
            && is_punct(tokens.get(i - 1), '!')
            && ident(tokens.get(i - 2)).is_some_and(|n| n == "msg");
        let is_new = i >= 4
            && ident(tokens.get(i - 1)).is_some_and(|n| n == "new")
            && is_punct(tokens.get(i - 2), ':')
            && is_punct(tokens.get(i - 3), ':')
            && ident(tokens.get(i - 4)).is_some_and(|n| n == "Msg");
        if (is_macro || is_new)
            && let (Some(TokenTree::Literal(id)), Some(TokenTree::Literal(en))) =
                (inner.first(), inner.get(2))
        {
            found.push(Sentence {
                id: unquoted(id),
                en: unquoted(en),
                values: is_macro.then(|| values(&inner)),
                place: format!("{path}:{}", id.span().start().line),
            });
        }
        collect(&inner, path, found);
    }
}

/// The names in `, name = value`.
fn values(tokens: &[TokenTree]) -> Vec<String> {
    let names = tokens.windows(4).filter_map(|w| match w {
        [comma, TokenTree::Ident(name), equals, after]
            if is_punct(Some(comma), ',')
                && is_punct(Some(equals), '=')
                && !is_punct(Some(after), '=')
                && !is_punct(Some(after), '>') =>
        {
            Some(name.to_string())
        }
        _ => None,
    });
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

fn unquoted(literal: &Literal) -> String {
    let text = literal.to_string();
    let text = syn::parse_str::<LitStr>(&text).unwrap_or_else(|e| panic!("{text}: {e}"));
    text.value()
}
