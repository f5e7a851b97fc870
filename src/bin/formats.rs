//! The wasm beside the engine's, with the readers and writers of other files; nothing else.

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static MEMORY: jari::engine::memory::Watched = jari::engine::memory::Watched;

fn main() {
    jari::engine::formats_worker::serve();
}
