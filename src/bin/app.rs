//! The page's wasm: mounts the page, nothing else.

fn main() {
    jari::app::mount();
}
