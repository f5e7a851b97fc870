//! `cargo xtask new-analysis`.
use anyhow::{Result, bail};
pub fn new_analysis(_args: &[String]) -> Result<()> {
    bail!("not yet")
}
