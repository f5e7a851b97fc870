//! The reference page of the formula language, written from the function table.
//!
//! `JARI_BLESS=1 cargo test formula_page` writes it anew; read the difference.

use std::fs;
use std::path::Path;

use jari::formula::{add_korean, reference_page};
use jari::report::Lang;

#[test]
fn the_reference_page_is_that_of_the_function_table() {
    add_korean();
    let bless = std::env::var_os("JARI_BLESS").is_some();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    for (lang, file) in [(Lang::En, "formula.md"), (Lang::Ko, "formula.ko.md")] {
        let page = reference_page(lang);
        let path = folder.join(file);
        if bless {
            fs::write(&path, &page).unwrap();
            continue;
        }
        let committed = fs::read_to_string(&path)
            .unwrap_or_default()
            .replace("\r\n", "\n");
        let differs = page
            .lines()
            .zip(committed.lines())
            .find(|(new, old)| new != old);
        assert!(
            committed == page,
            "docs/{file} is out of date: {differs:?}\n\nJARI_BLESS=1 cargo test formula_page writes it anew."
        );
    }
}
