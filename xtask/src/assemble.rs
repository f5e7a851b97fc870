//! Trunk's last hook: engine, boot script and service worker join the page in the staging folder.

use crate::build::{engine_folder, files_under, hash_of, integrity_of};
use crate::engine_id::engine_id;
use crate::shell::root;
use crate::split::split;
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};

/// Works on the folder that Trunk names in `TRUNK_STAGING_DIR`.
pub fn assemble() -> Result<()> {
    let site = PathBuf::from(
        std::env::var_os("TRUNK_STAGING_DIR").context("this is run by Trunk, as its hook")?,
    );
    engine_files(&site)?;
    boot_script(&site)?;
    service_worker(&site)
}

/// The content-security policy that a page states about itself.
pub fn policy(html: &str) -> Result<&str> {
    let start = html
        .find("http-equiv=\"Content-Security-Policy\"")
        .context("index.html states no Content-Security-Policy")?;
    attribute(&html[start..], "content")
}

/// The engine, the readers and writers beside it, and the hand-written modules around them.
fn engine_files(site: &Path) -> Result<()> {
    let from = engine_folder();
    for file in files_under(&from)? {
        let name = file.strip_prefix(&from)?;
        if name
            .extension()
            .is_none_or(|extension| extension != "made-from")
        {
            let to = site.join(name);
            fs::create_dir_all(to.parent().unwrap_or(site))?;
            fs::copy(&file, to)?;
        }
    }
    let id = engine_id(root())?;
    for file in files_under(&root().join("src/engine"))? {
        if file.extension().is_some_and(|extension| extension == "js") {
            let text = fs::read_to_string(&file)?.replace("__BUILD__", &id);
            fs::write(site.join(file.file_name().unwrap_or_default()), text)?;
        }
    }
    Ok(())
}

/// Names the page's files in boot.js, and gives boot.js itself a name that changes with it.
fn boot_script(site: &Path) -> Result<()> {
    let page = site.join("index.html");
    let html = fs::read_to_string(&page)?;
    let start = html
        .find("<script type=\"module\" src=\"./boot.js\"")
        .context("index.html has no boot script")?;
    let end = start
        + html[start..]
            .find("</script>")
            .context("the boot script has no end")?;
    let tag = &html[start..end];
    let (js, wasm) = (attribute(tag, "data-js")?, attribute(tag, "data-wasm")?);
    split(site, js, wasm)?;

    let plain = site.join("boot.js");
    let text = fs::read_to_string(&plain)?
        .replace("__APP_JS__", js)
        .replace("__APP_WASM__", wasm);
    let name = format!("boot-{}.js", &hash_of(text.as_bytes())[..16]);
    fs::write(site.join(&name), text)?;
    fs::remove_file(plain)?;

    let script = format!("<script type=\"module\" src=\"./{name}\">");
    let html = format!("{}{script}{}", &html[..start], &html[end..]);
    ensure!(
        !html.contains("<script>") && html.matches("<script").count() == 1,
        "index.html has a script besides boot.js"
    );
    fs::write(page, html)?;
    Ok(())
}

/// Lists all files of the site in sw.js; their hash is the version.
fn service_worker(site: &Path) -> Result<()> {
    let path = site.join("sw.js");
    let mut list = Vec::new();
    for file in files_under(site)? {
        if file != path {
            let name = file
                .strip_prefix(site)?
                .to_string_lossy()
                .replace('\\', "/");
            list.push((name, integrity_of(&fs::read(&file)?)));
        }
    }
    let list = serde_json::to_string(&list)?;
    let html = fs::read_to_string(site.join("index.html"))?;
    let template = fs::read_to_string(&path)?;
    let version = hash_of(format!("{template}{list}").as_bytes());
    let text = template
        .replace("__VERSION__", &version[..16])
        .replace("__FILES__", &list)
        .replace("__CSP__", policy(&html)?);
    fs::write(path, text)?;
    Ok(())
}

fn attribute<'a>(tag: &'a str, name: &str) -> Result<&'a str> {
    let head = format!(" {name}=\"");
    let start = tag
        .find(&head)
        .with_context(|| format!("no attribute {name}"))?
        + head.len();
    let length = tag[start..]
        .find('"')
        .with_context(|| format!("{name} has no end"))?;
    Ok(&tag[start..start + length])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policy_of_the_page() {
        let html = fs::read_to_string(root().join("index.html")).unwrap();
        let policy = policy(&html).unwrap();
        assert!(policy.starts_with("default-src 'none'; "), "{policy}");
        for loose in ["unsafe-inline", "'unsafe-eval'", "*", "http"] {
            assert!(!policy.contains(loose), "{loose} in {policy}");
        }
        assert!(super::policy("<html></html>").is_err());
    }

    #[test]
    fn attributes() {
        let tag = "<script src=\"./a.js\" data-js=\"b.js\">";
        assert_eq!(attribute(tag, "data-js").unwrap(), "b.js");
        assert!(attribute(tag, "data-wasm").is_err());
    }
}
