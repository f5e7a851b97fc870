//! `cargo xtask bench`.
use anyhow::{Result, bail};
pub fn bench(_args: &[String]) -> Result<()> {
    bail!("not yet")
}
