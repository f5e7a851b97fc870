//! `cargo xtask fuzz`: changed inputs to the readers, as `tests/fuzz` makes them.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};

use crate::shell::{cargo, run};

/// `[reader] [--seconds N] [--seed S]`; all readers when none is named, N seconds each.
pub fn fuzz(args: &[String]) -> Result<()> {
    let told = Told::of(args)?;
    let seed = match told.seed {
        Some(seed) => seed,
        None => SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs(),
    };
    run(cargo()
        .args(["test", "--locked", "--quiet", "--test=native", "--"])
        .args(["fuzz::door", "--exact", "--nocapture"])
        .env("JARI_FUZZ", told.reader.as_deref().unwrap_or("all"))
        .env("JARI_FUZZ_SECONDS", told.seconds.to_string())
        .env("JARI_FUZZ_SEED", seed.to_string()))
}

#[derive(Debug, PartialEq)]
struct Told {
    reader: Option<String>,
    seconds: u64,
    seed: Option<u64>,
}

impl Told {
    fn of(args: &[String]) -> Result<Self> {
        let mut told = Self {
            reader: None,
            seconds: 60,
            seed: None,
        };
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            let mut number = || -> Result<u64> {
                let next = args
                    .next()
                    .with_context(|| format!("{arg} lacks its number"))?;
                next.parse().with_context(|| format!("{next} is no number"))
            };
            match arg.as_str() {
                "--seconds" => told.seconds = number()?,
                "--seed" => told.seed = Some(number()?),
                name if name.starts_with('-') => bail!("there is no option {name}"),
                name => told.reader = Some(name.to_owned()),
            }
        }
        Ok(told)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments() {
        let check = |text: &str, expected: Option<(Option<&str>, u64, Option<u64>)>| {
            let args: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
            let expected = expected.map(|(reader, seconds, seed)| Told {
                reader: reader.map(str::to_owned),
                seconds,
                seed,
            });
            assert_eq!(Told::of(&args).ok(), expected, "{text}");
        };
        check("", Some((None, 60, None)));
        check("csv", Some((Some("csv"), 60, None)));
        check("--seconds 180 xlsx", Some((Some("xlsx"), 180, None)));
        check("csv --seed 7", Some((Some("csv"), 60, Some(7))));
        check("csv --seconds", None);
        check("csv --seconds many", None);
        check("--fast", None);
    }
}
