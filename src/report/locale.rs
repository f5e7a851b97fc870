//! The languages, and the Korean patterns by message id.

use std::collections::HashMap;
use std::sync::{OnceLock, RwLock};

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lang {
    #[default]
    En,
    Ko,
}

impl Lang {
    /// From a language tag such as `ko-KR`; English for all that are not Korean.
    pub fn from_tag(tag: &str) -> Self {
        if tag.get(..2).is_some_and(|t| t.eq_ignore_ascii_case("ko")) {
            Lang::Ko
        } else {
            Lang::En
        }
    }

    pub fn tag(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Ko => "ko",
        }
    }
}

type Catalog = RwLock<HashMap<String, &'static str>>;

fn catalog() -> &'static Catalog {
    static CATALOG: OnceLock<Catalog> = OnceLock::new();
    CATALOG.get_or_init(Catalog::default)
}

/// Adds Korean patterns from a flat JSON object, each key behind `prefix.` when `prefix` is not empty.
///
/// # Panics
/// When `json` is not an object of strings: catalogues are part of the program.
pub fn add_korean(prefix: &str, json: &'static str) {
    let entries: HashMap<String, String> =
        serde_json::from_str(json).unwrap_or_else(|e| panic!("Korean messages of {prefix}: {e}"));
    let mut all = catalog()
        .write()
        .expect("no one panics with the catalogue in hand");
    for (id, pattern) in entries {
        let id = if prefix.is_empty() {
            id
        } else {
            format!("{prefix}.{id}")
        };
        all.entry(id)
            .or_insert_with(|| Box::leak(pattern.into_boxed_str()));
    }
}

/// The Korean pattern of a message, if one was added.
pub fn korean(id: &str) -> Option<&'static str> {
    catalog()
        .read()
        .expect("no one panics with the catalogue in hand")
        .get(id)
        .copied()
}
