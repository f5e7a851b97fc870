// Writes the cases that an R installed here answers, with packages that webr has not:
// common.R and then <analysis>/native.R.
//     node native.mjs [analysis …]
// Data come from tests/data and, where they may not be copied, from ../shared/data.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '../../..');
const cwd = mkdtempSync(join(tmpdir(), 'cases-'));
for (const folder of ['../shared/data', 'tests/data']) {
  for (const file of readdirSync(join(root, folder))) {
    if (!existsSync(join(cwd, file))) symlinkSync(join(root, folder, file), join(cwd, file));
  }
}
const chosen = process.argv.slice(2);
for (const analysis of readdirSync(here, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
  const script = join(here, analysis.name, 'native.R');
  if (!existsSync(script) || (chosen.length && !chosen.includes(analysis.name))) continue;
  const text = `${readFileSync(join(here, 'common.R'), 'utf8')}
packages <- character()
use <- function(name) { suppressPackageStartupMessages(library(name, character.only = TRUE)); packages <<- c(packages, paste(name, packageVersion(name))) }
source_line <- function(of) paste(c(paste0(of, "; ", R.version.string), packages, "node native.mjs"), collapse = "; ")
cases <- list(); files <- list()
${readFileSync(script, 'utf8')}
cat(to_json(list(cases = cases, files = if (length(files)) files else list(a = 0))))`;
  writeFileSync(join(cwd, 'all.R'), text);
  const out = execFileSync('Rscript', ['all.R'], { cwd, maxBuffer: 1 << 28 }).toString();
  const { cases, files } = JSON.parse(out.slice(out.indexOf('{"cases"')));
  for (const [name, content] of Object.entries(files)) {
    if (content) writeFileSync(join(here, analysis.name, name), `${content}\n`);
  }
  for (const [name, value] of Object.entries(cases)) {
    writeFileSync(join(here, analysis.name, `${name}.json`), `${JSON.stringify(value, null, 1)
      .replace(/\[\s+(?=[-\d"n])([^\[\]{}]*?)\s+\]/g, (_, inner) => `[${inner.replace(/\s*\n\s*/g, ' ')}]`)}\n`);
    console.log(`${analysis.name}/${name}`);
  }
}
