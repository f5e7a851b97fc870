// Writes the cases that R answers: common.R and then each <analysis>/make.R runs in one R.
//     npm install webr ws xmlhttprequest-ssl && node make.mjs
// Data come from tests/data and, where they may not be copied, from ../shared/data.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebR } from 'webr';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../../..');
const webR = new WebR();
await webR.init();
for (const path of ['tests/data/penguins.csv', '../shared/data/mammogram_trial.csv',
  '../shared/data/loans.csv', '../shared/data/telecom_churn.csv']) {
  await webR.FS.writeFile(['', 'home', 'web_user', path.split('/').at(-1)].join('/'), readFileSync(join(root, path)));
}
await webR.evalRVoid(readFileSync(join(here, 'common.R'), 'utf8'));
for (const analysis of readdirSync(here, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
  let script;
  try {
    script = readFileSync(join(here, analysis.name, 'make.R'), 'utf8');
  } catch {
    continue;
  }
  const text = await webR.evalRString(`cases <- list(); files <- list()\n${script}\nto_json(list(cases = cases, files = if (length(files)) files else list(a = 0)))`);
  const { cases, files } = JSON.parse(text);
  for (const [name, content] of Object.entries(files)) {
    if (content) writeFileSync(join(here, analysis.name, name), `${content}\n`);
  }
  for (const [name, value] of Object.entries(cases)) {
    writeFileSync(join(here, analysis.name, `${name}.json`), `${JSON.stringify(value, null, 1)
      .replace(/\[\s+(?=[-\d"n])([^\[\]{}]*?)\s+\]/g, (_, inner) => `[${inner.replace(/\s*\n\s*/g, ' ')}]`)}\n`);
    console.log(`${analysis.name}/${name}`);
  }
}
process.exit(0);
