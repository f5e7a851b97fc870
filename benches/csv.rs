//! How fast delimited text becomes typed columns, and how much memory that takes.
//!
//! `cargo bench --bench csv -- [FILE …]` reads files; without one, a million made-up orders.

use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Instant;

use jari::table::csv::{FileSource, ImportOptions, Source, read_csv};

const N: usize = 5;

fn main() {
    let files: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| a != "--bench")
        .collect();
    if files.is_empty() {
        let text = orders(1_000_000);
        measure("a million orders", &mut || &text[..]);
    }
    for file in &files {
        measure(file, &mut || {
            FileSource::open(file).expect("a file that can be opened")
        });
    }
}

fn measure<S: Source>(name: &str, open: &mut dyn FnMut() -> S) {
    let mut times = Vec::new();
    let mut peak = 0;
    let mut shape = (0, 0);
    let n_bytes = open().len() as f64;
    for _ in 0..N {
        let before = NOW.load(Relaxed);
        PEAK.store(before, Relaxed);
        let mut source = open();
        let start = Instant::now();
        let read = read_csv(&mut source, &ImportOptions::default(), &mut |_| {
            ControlFlow::Continue(())
        });
        times.push(start.elapsed().as_secs_f64());
        peak = PEAK.load(Relaxed) - before;
        let table = read.expect("a file that can be read").table;
        shape = (table.n_rows(), table.n_columns());
        black_box(&table);
    }
    times.sort_by(f64::total_cmp);
    let (n_rows, n_columns) = shape;
    println!(
        "{name}: {n_rows} × {n_columns}, {:.0} ms at best, {:.0} ms in the middle, {:.0} MB/s, peak {:.2} × the file",
        times[0] * 1e3,
        times[N / 2] * 1e3,
        n_bytes / times[0] / 1e6,
        peak as f64 / n_bytes
    );
}

/// Orders with ids, dates, few and many different words, whole and decimal numbers, gaps and quotes.
fn orders(n_rows: usize) -> Vec<u8> {
    use std::io::Write;
    const WORDS: [&str; 8] = [
        "식품",
        "음료",
        "의류",
        "신발",
        "가전",
        "도서",
        "완구",
        "화장품",
    ];
    const NOTES: [&str; 4] = [
        "재구매",
        "\"빠른 배송, 감사\"",
        "",
        "\"그는 \"\"좋다\"\" 함\"",
    ];
    let mut out = b"order_id,customer_id,order_date,category,quantity,amount,note\n".to_vec();
    let mut state = 1u64;
    for i in 0..n_rows {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let r = (state >> 33) as usize;
        let done = writeln!(
            out,
            "{},C{:06},202{}-{:02}-{:02},{},{},{}.{:02},{}",
            10_000_001 + i,
            r % 50_000,
            r % 5,
            1 + r % 12,
            1 + r % 28,
            WORDS[r % 8],
            1 + r % 9,
            r % 100_000,
            r % 100,
            NOTES[r / 8 % 4],
        );
        done.expect("memory can be written");
    }
    out
}

static NOW: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

struct Counting;

#[global_allocator]
static COUNTING: Counting = Counting;

// SAFETY: all is passed on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        grow(layout.size());
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(ptr, layout) }
    }

    unsafe fn realloc(&self, ptr: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        // Both are there while the values move.
        grow(new_size);
        NOW.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the caller's promise.
        unsafe { System.realloc(ptr, layout, new_size) }
    }
}

fn grow(size: usize) {
    let now = NOW.fetch_add(size, Relaxed) + size;
    PEAK.fetch_max(now, Relaxed);
}
