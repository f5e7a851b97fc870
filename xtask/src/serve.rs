//! `cargo xtask serve`: the built site on this machine's own address.

use crate::assemble::policy;
use crate::build::build;
use crate::shell::dist;
use anyhow::{Context, Result, anyhow, bail};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tiny_http::{Header, Method, Request, Response, Server, StatusCode};

pub fn serve(args: &[String]) -> Result<()> {
    let port = port(args)?;
    build()?;
    let site = Site::open(dist())?;
    let (server, port) = listen(port)?;
    println!("\n  Jari is at http://127.0.0.1:{port}/  (Ctrl-C ends it)\n");
    let (server, site) = (Arc::new(server), Arc::new(site));
    let workers: Vec<_> = (0..4)
        .map(|_| {
            let (server, site) = (server.clone(), site.clone());
            std::thread::spawn(move || {
                while let Ok(request) = server.recv() {
                    // A browser that went away in mid-answer is no error of the server's.
                    let _ = site.answer(request);
                }
            })
        })
        .collect();
    for worker in workers {
        worker.join().map_err(|_| anyhow!("the server stopped"))?;
    }
    Ok(())
}

struct Site {
    folder: PathBuf,
    policy: String,
}

impl Site {
    fn open(folder: PathBuf) -> Result<Self> {
        let html = fs::read_to_string(folder.join("index.html"))?;
        // Only a header can forbid that other sites put the page into a frame.
        let policy = format!("{}; frame-ancestors 'none'", policy(&html)?);
        Ok(Site { folder, policy })
    }

    fn answer(&self, request: Request) -> Result<()> {
        if !matches!(request.method(), Method::Get | Method::Head) {
            return Ok(request.respond(Response::empty(405))?);
        }
        let Some(path) = local_path(&self.folder, request.url()) else {
            let text = "There is no such file.\n";
            return Ok(request.respond(Response::from_string(text).with_status_code(404))?);
        };
        let mut response =
            Response::from_file(File::open(&path)?).with_status_code(StatusCode(200));
        for (name, value) in [
            ("Content-Type", media_type(&path)),
            ("Content-Security-Policy", &self.policy),
            ("Cache-Control", "no-cache"),
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "no-referrer"),
        ] {
            let header =
                Header::from_bytes(name, value).map_err(|()| anyhow!("bad header {name}"))?;
            response.add_header(header);
        }
        Ok(request.respond(response)?)
    }
}

/// The port asked for, or the first free one from 8000.
fn listen(port: Option<u16>) -> Result<(Server, u16)> {
    let bind = |port| Server::http(("127.0.0.1", port));
    if let Some(port) = port {
        let server = bind(port).map_err(|error| anyhow!("port {port} cannot be used: {error}"))?;
        return Ok((server, port));
    }
    for port in 8000..8100 {
        if let Ok(server) = bind(port) {
            return Ok((server, port));
        }
    }
    bail!("no port from 8000 to 8099 is free; name one with --port")
}

fn port(args: &[String]) -> Result<Option<u16>> {
    match args {
        [] => Ok(None),
        [flag, port] if flag == "--port" => Ok(Some(
            port.parse()
                .with_context(|| format!("`{port}` is no port"))?,
        )),
        _ => bail!("serve takes --port N and nothing else"),
    }
}

/// The file that a URL's path means, if it lies in the folder.
fn local_path(folder: &Path, url: &str) -> Option<PathBuf> {
    let path = url.split(['?', '#']).next()?;
    let mut file = folder.to_owned();
    for part in path.split('/').filter(|part| !part.is_empty()) {
        if part.starts_with('.') || part.contains(['\\', ':', '%']) {
            return None;
        }
        file.push(part);
    }
    if file.is_dir() {
        file.push("index.html");
    }
    file.is_file().then_some(file)
}

fn media_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("json") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("csv") => "text/csv; charset=utf-8",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_in_the_folder() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        let check = |url: &str, expected: Option<&str>| {
            let expected = expected.map(|name| folder.join(name));
            assert_eq!(local_path(folder, url), expected, "{url}");
        };
        check("/Cargo.toml", Some("Cargo.toml"));
        check("/src/main.rs?b=1#x", Some("src/main.rs"));
        check("//src//main.rs", Some("src/main.rs"));
        check("/", None);
        check("/src", None);
        check("/../Cargo.toml", None);
        check("/src/../../Cargo.toml", None);
        check("/%2e%2e/Cargo.toml", None);
        check("/nothing", None);
    }

    #[test]
    fn ports() {
        let args = |words: &[&str]| {
            words
                .iter()
                .map(|word| word.to_string())
                .collect::<Vec<_>>()
        };
        assert_eq!(port(&args(&[])).unwrap(), None);
        assert_eq!(port(&args(&["--port", "9000"])).unwrap(), Some(9000));
        assert!(port(&args(&["--port", "x"])).is_err());
        assert!(port(&args(&["9000"])).is_err());
    }
}
