//! Every sentence of the program in both languages: what the code says, the catalogues must have.

use crate::support::sources;
use crate::support::words;

use std::collections::{BTreeMap, BTreeSet};

use jari::analyses;
use jari::report::placeholders;
use proc_macro2::TokenTree;
use sources::{Source, relative, root, sources};
use words::{Catalogue, Sentence, catalogues, sentences};

/// An English pattern by id, with the first place where it stands.
type Patterns = BTreeMap<String, (String, String)>;

#[test]
fn one_id_is_one_sentence() {
    let mut first: Patterns = BTreeMap::new();
    let mut wrong = Vec::new();
    for sentence in said() {
        let Sentence { id, en, place, .. } = sentence;
        let (known, at) = first
            .entry(id.clone())
            .or_insert((en.clone(), place.clone()));
        if *known != en {
            wrong.push(format!("{id}\n  {at}: {known}\n  {place}: {en}"));
        }
    }
    nothing(&wrong, "ids with two sentences");
}

#[test]
fn every_sentence_gets_the_values_that_it_names() {
    let mut wrong = Vec::new();
    for sentence in said() {
        if let Some(values) = sentence.values
            && values != placeholders(&sentence.en)
        {
            wrong.push(format!(
                "{} “{}” gets {values:?}",
                sentence.place, sentence.en
            ));
        }
    }
    nothing(
        &wrong,
        "sentences whose values are not those of their placeholders",
    );
}

#[test]
fn every_id_is_made_of_words_and_dots() {
    let fits = |id: &str| {
        id.split('.').count() >= 2
            && id.split('.').all(|part| {
                part.starts_with(|c: char| c.is_ascii_lowercase())
                    && part
                        .chars()
                        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
            })
    };
    let wrong: Vec<String> = said()
        .into_iter()
        .filter(|s| !fits(&s.id))
        .map(|s| format!("{} {}", s.place, s.id))
        .collect();
    nothing(&wrong, "ids that are not words with dots");
}

#[test]
fn every_sentence_has_its_korean() {
    let korean = korean();
    let mut missing = Vec::new();
    let mut other = Vec::new();
    for (id, (en, place)) in english() {
        match korean.get(&id) {
            None => missing.push(format!("{place} {id}: {en}")),
            Some((ko, at)) if placeholders(ko) != placeholders(&en) => {
                other.push(format!("{id}\n  {place}: {en}\n  {at}: {ko}"));
            }
            Some(_) => {}
        }
    }
    nothing(&missing, "sentences without Korean");
    nothing(&other, "sentences whose placeholders differ");
}

#[test]
fn every_korean_entry_is_said_once() {
    let english = english();
    let mut seen = BTreeSet::new();
    let mut wrong = Vec::new();
    for catalogue in catalogues() {
        for key in catalogue.patterns.keys() {
            let id = catalogue.id(key);
            if !english.contains_key(&id) {
                wrong.push(format!("{} {key}: no code says it", catalogue.path));
            }
            if !seen.insert(id) {
                wrong.push(format!(
                    "{} {key}: another catalogue has it",
                    catalogue.path
                ));
            }
        }
    }
    nothing(&wrong, "Korean that nobody reads");
}

#[test]
fn korean_is_korean() {
    let english = english();
    let mut wrong = Vec::new();
    for catalogue in catalogues() {
        for (key, ko) in &catalogue.patterns {
            let Some((en, _)) = english.get(&catalogue.id(key)) else {
                continue;
            };
            if has_words(en) && !ko.contains(|c: char| ('가'..='힣').contains(&c)) {
                wrong.push(format!("{} {key}: {ko}", catalogue.path));
            }
        }
    }
    nothing(&wrong, "Korean without Hangul");
}

/// A particle right behind a value must choose its form by it: `{column}{column|은|는}`.
#[test]
fn particles_follow_their_words() {
    let mut wrong = Vec::new();
    for Catalogue { path, patterns, .. } in catalogues() {
        for (key, ko) in patterns {
            let bare = [
                "}을 ", "}를 ", "}은 ", "}는 ", "}이 ", "}가 ", "}과 ", "}와 ",
            ];
            // A percentage is always read “퍼센트”, a number of things ends in its counting word.
            let fixed = ["{share}", "{done}", "{smallest}", "{largest}"];
            let found = bare.iter().filter_map(|b| ko.find(b));
            let is_fixed = |at: usize| fixed.iter().any(|f| ko[..=at].ends_with(f));
            if found.into_iter().any(|at| !is_fixed(at)) {
                wrong.push(format!("{path} {key}: {ko}"));
            }
        }
    }
    nothing(&wrong, "particles that do not follow the word before them");
}

#[test]
fn nothing_is_shouted() {
    let english = english().into_iter().map(|(id, (en, _))| (id, en));
    let korean = korean().into_iter().map(|(id, (ko, _))| (id, ko));
    let loud =
        |(id, text): (String, String)| text.contains(['!', '！']).then(|| format!("{id}: {text}"));
    let wrong: Vec<String> = english.chain(korean).filter_map(loud).collect();
    nothing(&wrong, "sentences with an exclamation mark");
}

/// Each catalogue is a part of the program: some file includes it.
#[test]
fn every_catalogue_is_included() {
    let mut included = BTreeSet::new();
    for source in sources() {
        includes(&source.tokens, &source, &mut included);
    }
    let wrong: Vec<String> = catalogues()
        .into_iter()
        .filter(|c| !included.contains(&c.path))
        .map(|c| c.path)
        .collect();
    nothing(&wrong, "catalogues that no file includes");
}

#[track_caller]
fn nothing(wrong: &[String], what: &str) {
    assert!(
        wrong.is_empty(),
        "{} {what}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// All sentences of the code.
fn said() -> Vec<Sentence> {
    let said: Vec<Sentence> = sources().iter().flat_map(sentences).collect();
    assert!(said.len() > 300, "the sentences were not found");
    said
}

/// Sentences of the code and of the declarations.
fn english() -> Patterns {
    let said = said().into_iter().map(|s| (s.id, (s.en, s.place)));
    let declared = analyses::specs().iter().flat_map(|spec| {
        let place = format!("the declaration of {}", spec.id);
        spec.messages()
            .into_iter()
            .map(move |m| (m.id.into_owned(), (m.en.into_owned(), place.clone())))
    });
    said.chain(declared).collect()
}

/// Korean patterns by id, with the file that has them.
fn korean() -> Patterns {
    let mut all = Patterns::new();
    for catalogue in catalogues() {
        for (key, ko) in &catalogue.patterns {
            all.insert(catalogue.id(key), (ko.clone(), catalogue.path.clone()));
        }
    }
    all
}

/// Methods are called by their authors in both languages.
const AUTHORS: [&str; 25] = [
    "Anderson",
    "Benjamini",
    "Bonferroni",
    "Breusch",
    "Brier",
    "Cox",
    "Darling",
    "Durbin",
    "Firth",
    "Hochberg",
    "Holm",
    "Hosmer",
    "Lemeshow",
    "McFadden",
    "Nagelkerke",
    "Pagan",
    "Pearson",
    "Shapiro",
    "Snell",
    "Tjur",
    "Wald",
    "Watson",
    "White",
    "Wilk",
    "Youden",
];

/// Whether a pattern holds a word of English, apart from its values: not only symbols and authors.
fn has_words(en: &str) -> bool {
    let mut outside = String::new();
    let mut rest = en;
    while let Some((before, after)) = rest.split_once('{') {
        outside.push_str(before);
        rest = after.split_once('}').map_or("", |(_, r)| r);
    }
    outside.push_str(rest);
    outside
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| !AUTHORS.contains(word))
        .any(|word| word.chars().count() >= 3 && word.contains(|c: char| c.is_lowercase()))
}

/// The files that `include_str!` names, from the project's root.
fn includes(tokens: &[TokenTree], source: &Source, found: &mut BTreeSet<String>) {
    for (i, token) in tokens.iter().enumerate() {
        if let TokenTree::Group(group) = token {
            let inner: Vec<TokenTree> = group.stream().into_iter().collect();
            let is_include = i >= 2
                && sources::is_punct(tokens.get(i - 1), '!')
                && sources::ident(tokens.get(i - 2)).is_some_and(|n| n == "include_str");
            if let (true, Some(TokenTree::Literal(name))) = (is_include, inner.first()) {
                let folder = root().join(&source.path);
                let name = name.to_string();
                let file = folder.parent().unwrap().join(name.trim_matches('"'));
                found.insert(relative(&file));
            }
            includes(&inner, source, found);
        }
    }
}

#[test]
fn words_are_told_from_symbols() {
    let check = |en: &str, expected: bool| assert_eq!(has_words(en), expected, "{en}");
    check("R²", false);
    check("AIC", false);
    check("df 2", false);
    check("HC0 (White)", false);
    check("{column} = {value}", false);
    check("{rows} {rows|row|rows}", false);
    check("Rows", true);
    check("“{column}” has no values.", true);
}
