//! `cargo xtask`: builds, serves, tests and measures Jari, and installs what that takes.

mod assemble;
mod bench;
mod build;
mod engine_id;
mod fuzz;
mod new_analysis;
mod samples;
mod serve;
mod shell;
mod size;
mod split;
mod test;
mod tools;

use anyhow::{Result, bail};

const HELP: &str = "\
cargo xtask serve [--port N]           build the site and serve it on this machine
cargo xtask build                      build the site into dist/
cargo xtask test [PART...]             run all tests, or the parts named
cargo xtask bench [TASK...]            measure the built site beside other libraries
cargo xtask fuzz [READER]              change kept inputs of the readers at random (--seconds N, --seed S)
cargo xtask new-analysis GROUP ID      write the skeleton of an analysis
cargo xtask samples                    write the made-up sample data anew
";

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let Err(error) = run(&args) {
        eprintln!("xtask: {error:#}");
        std::process::exit(1);
    }
}

fn run(args: &[String]) -> Result<()> {
    let rest = args.get(1..).unwrap_or_default();
    match args.first().map(String::as_str) {
        Some("serve") => serve::serve(rest),
        Some("build") => build::build().map(|_| ()),
        Some("test") => test::test(rest),
        Some("bench") => bench::bench(rest),
        Some("fuzz") => fuzz::fuzz(rest),
        Some("new-analysis") => new_analysis::new_analysis(rest),
        Some("samples") => samples::samples(),
        // The two below are Trunk's hooks.
        Some("engine") => build::engine(),
        Some("assemble") => assemble::assemble(),
        None | Some("help" | "--help" | "-h") => {
            println!("{HELP}\nparts of the tests: {}", test::names().join(", "));
            Ok(())
        }
        Some(other) => bail!("there is no `{other}`\n\n{HELP}"),
    }
}
