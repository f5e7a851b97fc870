//! How a long computation tells how far it is and learns that nobody waits for it any more.

/// The caller asked a computation to stop; nothing that it had worked out is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled;

impl std::fmt::Display for Cancelled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("cancelled")
    }
}

impl std::error::Error for Cancelled {}

/// Called with the share done, 0 to 1, every few milliseconds of work; an error stops the work.
pub type Progress<'a> = dyn FnMut(f32) -> Result<(), Cancelled> + 'a;

/// A [`Progress`] for work that nobody watches.
pub fn unwatched(_done: f32) -> Result<(), Cancelled> {
    Ok(())
}
