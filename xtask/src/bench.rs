//! `cargo xtask bench`: sizes, the first screen, and the engine beside other libraries.
//!
//! The peers are run by the harness in `../shared/bench`; a copy of it takes our adapter,
//! `benches/browser/jari.mjs`, in the place of its stub.

use crate::build::{build, files_under};
use crate::shell::{self, command, dist, root, run, scratch};
use crate::{size, tools};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};

/// What runs when no task is named.
const TASKS: [&str; 4] = ["boot", "csv_1m", "csv_flights", "kmeans_1m"];

pub fn bench(args: &[String]) -> Result<()> {
    if args == ["kernels"] {
        return run(shell::cargo().args(["bench", "--locked"]));
    }
    let named: Vec<&str> = args.iter().map(String::as_str).collect();
    let tasks = if named.is_empty() { &TASKS[..] } else { &named };
    build()?;
    println!();
    size::report()?;
    first_screen()?;
    let harness = root().join("../shared/bench");
    if !harness.is_dir() {
        println!("The folder ../shared/bench is not there: the other libraries are not measured.");
        return Ok(());
    }
    beside_others(&harness, tasks)
}

/// The time from navigation until a file can be dropped, in fresh browsers.
fn first_screen() -> Result<()> {
    tools::playwright()?;
    run(command("node")
        .arg("benches/browser/first-screen.mjs")
        .env("CHROMIUM", tools::chromium()?)
        .env("JARI_DIST", dist()))
}

fn beside_others(harness: &Path, tasks: &[&str]) -> Result<()> {
    let cache = cache()?;
    let copy = cache.join("harness");
    copy_folder(harness, &copy)?;
    fs::copy(
        root().join("benches/browser/jari.mjs"),
        copy.join("jari.mjs"),
    )?;
    add_tasks(&copy)?;
    let with_environment = |mut command: std::process::Command| -> Result<()> {
        run(command
            .env("BENCH_CACHE", &cache)
            .env("CHROMIUM", tools::chromium()?)
            .env("JARI_DIST", dist())
            .env("RESULTS", scratch().join("bench")))
    };
    if !cache.join("data/done").is_file() || !cache.join("bundles").is_dir() {
        println!(
            "The other libraries and their data are missing: installing them (5 to 15 minutes) …"
        );
        let mut setup = command("bash");
        setup.arg(copy.join("setup.sh"));
        with_environment(setup)?;
    }
    let flights = root().join("../shared/data/flights.csv.gz");
    if tasks.contains(&"csv_flights") && !flights.is_file() {
        bail!("csv_flights needs ../shared/data/flights.csv.gz");
    }
    if tasks.contains(&"csv_flights") {
        run(command("node")
            .arg("benches/browser/flights.mjs")
            .arg(flights)
            .arg(cache.join("data/orders_flights.csv")))?;
    }
    fs::create_dir_all(scratch().join("bench"))?;
    let mut all = command("bash");
    all.arg(copy.join("run.sh")).args(tasks);
    with_environment(all)?;
    println!(
        "\n{}",
        fs::read_to_string(scratch().join("bench/results.md"))?
    );
    Ok(())
}

/// Lets the harness know two more tasks: `csv_flights`, its peers' CSV task on a third file, and
/// `anova_100k`, with two factors cut from its regression's first two columns.
fn add_tasks(harness: &Path) -> Result<()> {
    let before = [
        ("tasks.mjs", "'csv_1m', ", "'csv_flights', "),
        ("tasks.mjs", "'welch_1m'", "'anova_100k', "),
        ("peers/webr.mjs", "  welch: ", ANOVA_IN_WEBR),
        (
            "native.py",
            "@task(\"welch\", \"scipy\")",
            ANOVA_IN_STATSMODELS,
        ),
    ];
    for (file, place, added) in before {
        let path = harness.join(file);
        let text = fs::read_to_string(&path)?;
        if !text.contains(place) {
            bail!("the harness's {file} has no {place} any more");
        }
        fs::write(path, text.replacen(place, &format!("{added}{place}"), 1))?;
    }
    Ok(())
}

const ANOVA_IN_WEBR: &str = r"  anova: { sizes: ['100k'], ...fit(async (R, d) => {
    await readFrame(R, d, 'reg', ['x1', 'x2', 'y']);
    await R.evalRVoid(`d$a <- factor((d$x1 > -0.5) + (d$x1 > 0.5)); d$b <- factor((d$x2 > -0.7) + (d$x2 > 0) + (d$x2 > 0.7))`);
  }, 'm <- aov(y ~ a * b, d); s <- summary(m)[[1]]', 'sum(s[1:3, 4])') },
";

const ANOVA_IN_STATSMODELS: &str = r#"@task("anova", "statsmodels")
def _(size):
    import pandas as pd
    from statsmodels.formula.api import ols
    from statsmodels.stats.anova import anova_lm
    X, y, _ = design(size)
    d = pd.DataFrame({"y": y, "a": (X[:, 1] > -0.5) * 1 + (X[:, 1] > 0.5), "b": (X[:, 2] > -0.7) * 1 + (X[:, 2] > 0) + (X[:, 2] > 0.7)})
    return lambda: anova_lm(ols("y ~ C(a) * C(b)", d).fit(), typ=1), lambda r: r.F[:3].sum()


"#;

/// Copies what differs; the harness may be read-only, its copy must not be.
fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    for file in files_under(from)? {
        let target = to.join(file.strip_prefix(from)?);
        fs::create_dir_all(target.parent().context("a file lies in a folder")?)?;
        if target.is_file() {
            fs::remove_file(&target)?;
        }
        fs::write(&target, fs::read(&file)?)?;
    }
    Ok(())
}

fn cache() -> Result<PathBuf> {
    if let Some(folder) = std::env::var_os("BENCH_CACHE") {
        return Ok(folder.into());
    }
    let home = std::env::var_os("HOME").context("HOME is not set")?;
    Ok(PathBuf::from(home).join(".cache/jari-bench"))
}
