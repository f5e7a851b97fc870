//! The engine's wasm: hands the analyses to the worker, nothing else.

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static MEMORY: jari::engine::memory::Watched = jari::engine::memory::Watched;

fn main() {
    jari::engine::worker::serve(jari::engine::Runner {
        knows: |id| jari::analyses::find(id).is_some(),
        run: jari::analyses::run_by,
        code: jari::analyses::code,
    });
}
