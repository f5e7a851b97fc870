// “Show the R” and “show the Python” give the numbers of the report: every reference case of an analysis that writes
// scripts is run by the command line and by its scripts, and all that stands under the same names is compared.
// Runs by group (by.json) are held to the reports of all groups.
//     cargo build && npm install && node code.mjs [ANALYSIS...] [--only r|python] [--case NAME]
// R is webR; scripts that need a package which webR has not are run by Rscript where that is found. JARI, PYTHON and
// RSCRIPT say where the programs are. Python needs pandas, scipy and statsmodels.
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../../..');
const cases = join(root, 'tests/reference/analyses');
const jari = process.env.JARI ?? join(process.env.CARGO_TARGET_DIR ?? join(root, 'target'), 'debug/jari');
const python = process.env.PYTHON ?? 'python3';
const rscript = process.env.RSCRIPT ?? 'Rscript';
const args = process.argv.slice(2);
const flag = (name) => { const at = args.indexOf(name); return at < 0 ? null : args.splice(at, 2)[1]; };
const only = flag('--only');
const onlyCase = flag('--case');

const folder = mkdtempSync(join(tmpdir(), 'jari-code-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const count = { passed: 0, failed: 0, numbers: 0 };
const fail = (name, what) => { count.failed += 1; console.log(`✗ ${name}\n  ${what}`); };

const jobs = [];
for (const { id } of JSON.parse(run(['list', '--format', 'json']).text)) {
  if (args.length && !args.includes(id)) continue;
  for (const file of list(join(cases, id)).filter((f) => f.endsWith('.json') && (!onlyCase || f === `${onlyCase}.json`))) {
    write(`${id}/${file.replace('.json', '')}`, id, JSON.parse(readFileSync(join(cases, id, file), 'utf8')));
  }
}
for (const it of JSON.parse(readFileSync(join(here, 'by.json'), 'utf8'))) {
  if ((!args.length || args.includes(it.analysis)) && (!onlyCase || onlyCase === 'by')) write(`${it.analysis} by ${it.by.join(' and ')}`, it.analysis, it);
}

await inR(jobs.filter((j) => j.language === 'r'));
inPython(jobs.filter((j) => j.language === 'python'));
for (const job of jobs) if (!job.skipped) settle(job);
console.log(`${count.passed} passed, ${count.failed} failed; ${count.numbers} numbers compared`);
// R's worker would keep Node alive.
process.exit(count.failed || !jobs.length ? 1 : 0);

/** Has the scripts of a case and its report written. */
function write(name, id, it) {
  if (it.code?.skip) { console.log(`  ${name} is not run: ${it.code.skip}`); return; }
  const data = placed(it.data);
  if (it.data && !data) { console.log(`  ${name} is not run: ${it.data} is missing`); return; }
  const options = join(folder, 'options.json');
  writeFileSync(options, JSON.stringify(it.values));
  const common = ['--options', options, ...(data ? ['--data', data] : []), ...(it.by ?? []).flatMap((column) => ['--by', column])];
  let report = null;
  for (const language of ['r', 'python'].filter((l) => !only || l === only)) {
    const written = run(['code', id, '--language', language, ...common]);
    if (written.status === 1 && !it.by) continue;
    if (written.status !== 0) { fail(`${name} ${language}`, written.error); continue; }
    report ??= JSON.parse(must(run(['run', id, '--format', 'json', ...common])));
    jobs.push({ name: `${name} ${language}`, language, code: written.text, data, report, it });
  }
}

function run(words) {
  const done = spawnSync(jari, words, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 30 });
  if (done.error) throw new Error(`${jari}: ${done.error.message}; cargo build makes it`);
  return { status: done.status, text: done.stdout, error: done.stderr.trim() };
}

function must(done) {
  if (done.status !== 0) throw new Error(done.error);
  return done.text;
}

function list(path) {
  return existsSync(path) ? readdirSync(path).sort() : [];
}

/** The data of a case, unpacked beside the scripts; its name there, its own among those of all cases. */
function placed(path) {
  if (!path || !existsSync(join(root, path))) return null;
  const name = path.replace(/\.gz$/, '').replaceAll('/', '-');
  const at = join(folder, name);
  if (!existsSync(at)) {
    if (path.endsWith('.gz')) writeFileSync(at, gunzipSync(readFileSync(join(root, path))));
    else copyFileSync(join(root, path), at);
  }
  return name;
}

async function inR(jobs) {
  if (!jobs.length) return;
  const dump = readFileSync(join(here, 'results.R'), 'utf8');
  const { WebR } = await import('webr');
  const webR = new WebR();
  await webR.init();
  await webR.FS.mkdir('/cases');
  await webR.evalRVoid('setwd("/cases")');
  const has = async (code) => {
    const packages = [...code.matchAll(/^ *library\((\w+)\)/gm)].map((m) => m[1]);
    return !packages.length || webR.evalRBoolean(`all(sapply(c(${packages.map((p) => `"${p}"`)}), requireNamespace, quietly = TRUE))`);
  };
  const taken = new Set();
  for (const job of jobs) {
    try {
      if (await has(job.code)) {
        if (job.data && !taken.has(job.data)) {
          await webR.FS.writeFile(`/cases/${job.data}`, readFileSync(join(folder, job.data)));
          taken.add(job.data);
        }
        await webR.objs.globalEnv.bind('script', job.code);
        // One R runs all scripts: what the last one set is set back.
        await webR.evalRVoid('options(contrasts = c("contr.treatment", "contr.poly"))');
        job.results = JSON.parse(await webR.evalRString(`${dump}\nresults_of(script)`));
      } else {
        const script = join(folder, 'script.R');
        writeFileSync(script, job.code);
        const text = execFileSync(rscript, ['-e', `${dump}\ncat(results_of(readLines("script.R", encoding = "UTF-8")))`], { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 30, stdio: ['ignore', 'pipe', 'pipe'] });
        job.results = JSON.parse(text.trim().split('\n').at(-1));
      }
    } catch (error) {
      if (error.code === 'ENOENT') { job.skipped = true; console.log(`  ${job.name} is not run: it takes packages that webR has not, and there is no ${rscript}`); }
      else job.error = error.message;
    }
  }
}

function inPython(jobs) {
  if (!jobs.length) return;
  const done = spawnSync(python, [join(here, 'results.py')], { cwd: folder, encoding: 'utf8', input: JSON.stringify(jobs.map((j) => j.code)), maxBuffer: 1 << 30 });
  if (done.status !== 0) throw new Error(`${python}: ${done.error?.message ?? done.stderr}`);
  JSON.parse(done.stdout).forEach((one, i) => Object.assign(jobs[i], one));
}

/** Compares a script's results with the report of the command line. */
function settle({ name, results, error, report, it, code }) {
  if (error) return fail(name, `${error}\n${code.split('\n').map((l, i) => `${String(i + 1).padStart(4)} ${l}`).join('\n')}`);
  const tolerance = it.code?.tolerance ?? it.tolerance ?? 1e-9;
  const loose = { ...it.loose, ...it.code?.loose };
  const floor = it.code?.floor ?? it.floor ?? 1e-13;
  const wrong = [];
  let n = 0;
  const compare = (results, { tables }, where) => {
    for (const [key, columns] of Object.entries(results)) {
      const rows = tables[key];
      if (!rows) { wrong.push(`${where}the report has no table ${key}`); continue; }
      for (const [column, values] of Object.entries(columns)) {
        const at = `${where}${key}.${column}`;
        if (!(column in rows[0])) { wrong.push(`${at}: the report has no such column`); continue; }
        if (values.length !== rows.length) { wrong.push(`${at}: ${values.length} rows, the report has ${rows.length}`); continue; }
        values.forEach((value, i) => {
          const expected = rows[i][column];
          const differs = () => wrong.push(`${at}[${i}]: the script says ${value}, the report ${expected}`);
          if (typeof expected === 'number' && typeof value === 'number') {
            n += 1;
            const off = Math.abs(value - expected), allowed = (loose[column] ?? tolerance) * Math.abs(expected);
            if (!(off <= Math.max(allowed, floor))) differs();
          } else if ((value === null || typeof value !== 'boolean') && value !== expected) differs();
        });
      }
    }
  };
  if (it.by) {
    const groups = Object.entries(results);
    if (groups.length !== report.groups.length) wrong.push(`${groups.length} groups, the report has ${report.groups.length}`);
    groups.slice(0, report.groups.length).forEach(([name, of], i) => {
      const group = report.groups[i];
      if (!of || group.error) { if (of || !group.error) wrong.push(`${name}: the script ${of ? 'has an answer' : 'fails'}, the report says ${group.error ?? 'something'}`); }
      else compare(of, group, `${name}: `);
    });
  } else compare(results, report, '');
  if (!n) wrong.push('no number was compared');
  count.numbers += n;
  if (wrong.length) fail(name, `${wrong.slice(0, 12).join('\n  ')}${wrong.length > 12 ? `\n  and ${wrong.length - 12} more` : ''}`);
  else { count.passed += 1; console.log(`✓ ${name} (${n})`); }
}
