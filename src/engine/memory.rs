//! Memory that remembers what it could not give.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

/// The bytes that could not be had, when memory ran out; 0 when it did not.
pub fn missed() -> usize {
    MISSED.load(Ordering::Relaxed)
}

static MISSED: AtomicUsize = AtomicUsize::new(0);

/// The system's allocator, which remembers the size of what it could not give.
pub struct Watched;

// SAFETY: all is passed on to the system's allocator.
unsafe impl GlobalAlloc for Watched {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise.
        watch(unsafe { System.alloc(layout) }, layout.size())
    }

    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(ptr, layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise.
        watch(unsafe { System.alloc_zeroed(layout) }, layout.size())
    }

    unsafe fn realloc(&self, ptr: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        // SAFETY: the caller's promise.
        watch(unsafe { System.realloc(ptr, layout, new_size) }, new_size)
    }
}

fn watch(ptr: *mut u8, size: usize) -> *mut u8 {
    if ptr.is_null() {
        MISSED.store(size, Ordering::Relaxed);
    }
    ptr
}
