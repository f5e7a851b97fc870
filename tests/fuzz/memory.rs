//! An allocator that ends a process which asks for more memory than its reader may have.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

#[global_allocator]
static MEMORY: Watched = Watched;

thread_local! {
    /// Bytes of this thread since its bound was set, and that bound; 0 is none.
    static LIVE: Cell<isize> = const { Cell::new(0) };
    static BOUND: Cell<isize> = const { Cell::new(0) };
}

/// Sets a bound on what this thread may hold from here on. Behind it the process says so and ends.
pub fn bound(n_bytes: usize) {
    LIVE.set(0);
    BOUND.set(n_bytes as isize);
}

struct Watched;

// SAFETY: everything is handed to the system's allocator as it comes.
unsafe impl GlobalAlloc for Watched {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size as isize - layout.size() as isize);
        unsafe { System.realloc(pointer, layout, size) }
    }
}

fn count(n: isize) {
    let bound = BOUND.get();
    let live = LIVE.get().saturating_add(n);
    LIVE.set(live);
    if bound > 0 && live > bound {
        BOUND.set(0);
        eprintln!("fuzz: {live} bytes at once, in {}", place());
        std::process::abort();
    }
}

/// The innermost functions of this program on the stack.
fn place() -> String {
    let trace = std::backtrace::Backtrace::force_capture().to_string();
    let is_ours = |line: &&str| {
        ["jari::", "calamine::", "zip::", "native::fuzz::readers"]
            .iter()
            .any(|from| line.contains(from))
    };
    let ours: Vec<&str> = trace
        .lines()
        .filter(is_ours)
        .map(|line| line.split_once(": ").map_or(line, |(_, name)| name).trim())
        .take(4)
        .collect();
    ours.join(" < ")
}
