// jari.js as another page would use it: the built engine without the notebook.
import fs from 'node:fs';
import { dataFile, expect, test } from './helpers.mjs';

const MEASURES = ['bill_length_mm', 'bill_depth_mm', 'flipper_length_mm', 'body_mass_g'];
const penguins = fs.readFileSync(new URL('../data/penguins.csv', import.meta.url), 'utf8');

/** Runs `work(jari, given)` in the page with an engine of its own. */
async function withEngine(page, given, work, options = {}) {
  await page.goto('./');
  return page.evaluate(async ({ given, work, options }) => {
    const { Jari } = await import('./jari.js');
    const jari = await Jari.start(options);
    try {
      return await new Function('jari', 'given', `return (${work})(jari, given)`)(jari, given);
    } finally {
      await jari.close();
    }
  }, { given, work: String(work), options });
}

test.use({ bypassCSP: true }); // the test's own functions are made from text; the site's policy has tests of its own

test('a table is read, clustered and read back', async ({ page }) => {
  const found = await withEngine(page, { penguins, MEASURES }, async (jari, { penguins, MEASURES }) => {
    const table = await jari.importTable('penguins', penguins);
    const progress = [];
    const report = await jari.run('segment.k_means', { table, options: { columns: MEASURES, k: 3 }, outputs: { clusters: 'labelled' } },
      { seed: 1, onProgress: p => progress.push(p.done) });
    const rows = await jari.rows(report.outputs.clusters, 0, 1000);
    return { table: { ...table }, report, rows, progress, stored: jari.stored };
  });
  expect(found.stored).toBe(true);
  expect(found.table.nRows).toBe(344);
  expect(found.table.columns.map(c => c.name)).toEqual(['species', 'island', ...MEASURES, 'sex', 'year']);
  expect(found.report.tables.clusters.map(row => row.n)).toEqual([132, 123, 87, 342]);
  expect(found.progress.length).toBeGreaterThan(0);
  expect(found.rows).toHaveLength(9);
  expect(adjustedRand(found.rows[0], found.rows[8])).toBeCloseTo(0.79284, 4); // scikit-learn 1.9: KMeans(3, n_init=50) of the same standardised columns
});

test('workbooks, Parquet and SPSS are read beside the engine, and written', async ({ page }) => {
  const files = ['openpyxl.xlsx', 'polars_zstd.parquet', 'pyreadstat.zsav'];
  const given = files.map(name => [name, fs.readFileSync(new URL(`../data/formats/${name}`, import.meta.url)).toString('base64')]);
  const asked = [];
  page.on('request', request => asked.push(new URL(request.url()).pathname.split('/').pop()));
  const found = await withEngine(page, { given }, async (jari, { given }) => {
    const bytes = base64 => Uint8Array.from(atob(base64), c => c.charCodeAt(0));
    const preview = await jari.previewFile(new File([bytes(given[0][1])], given[0][0]));
    const tables = {};
    for (const [name, base64] of given) tables[name] = await jari.importTable(name, new File([bytes(base64)], name));
    const book = tables[given[0][0]];
    const { blob, fileName } = await jari.exportTable(book, { format: 'xlsx' });
    const again = await jari.importTable('again', blob);
    const rows = [await jari.rows(book, 0, 5), await jari.rows(again, 0, 5)];
    const damaged = await jari.importTable('damaged', blob.slice(0, blob.size / 2)).catch(e => ({ kind: e.kind, message: e.message }));
    return { sheets: preview.understood.file.sheets.map(s => s.name), shapes: Object.values(tables).map(t => [t.nRows, t.columns.length]), fileName, rows, damaged, warnings: book.warnings };
  });
  expect(found.sheets).toEqual(['요약', 'empty', '2024 판매', '감춤']);
  expect(found.shapes).toEqual([[12, 8], [40, 17], [30, 14]]);
  expect(found.fileName).toBe('openpyxl.xlsx.xlsx');
  expect(found.rows[1]).toEqual(found.rows[0]);
  expect(found.warnings).toContain("3 cells of “계산” hold formulas' errors, first #DIV/0! in cell H4 of “2024 판매”; they are missing.");
  expect(found.damaged.kind).toBe('import');
  expect(asked).toContain('formats_bg.wasm');
});

test('a file of text does not load the readers of others', async ({ page }) => {
  const asked = [];
  page.on('request', request => asked.push(new URL(request.url()).pathname.split('/').pop()));
  await withEngine(page, { penguins }, async (jari, { penguins }) => { await jari.importTable('penguins', penguins); });
  expect(asked).toContain('engine_bg.wasm');
  expect(asked).not.toContain('formats_bg.wasm');
});

test('numbers that are in the page go in as they are', async ({ page }) => {
  const report = await withEngine(page, {}, async (jari) => {
    const x = Float64Array.from({ length: 1000 }, (_, i) => i);
    const table = await jari.importColumns('line', { x, y: x.map(v => 3 + 2 * v + (v % 2)) });
    return jari.run('regression.linear', { table, options: { outcome: 'y', predictors: ['x'] } });
  });
  expect(report.tables.coefficients[1].estimate).toBeCloseTo(2, 5);
});

test('an error says which option it is about', async ({ page }) => {
  const error = await withEngine(page, { penguins }, async (jari, { penguins }) => {
    const table = await jari.importTable('penguins', penguins);
    return jari.run('segment.k_means', { table, options: { columns: ['island'], k: 3 } }).catch(e => ({ kind: e.kind, fields: e.fields, message: e.message }));
  });
  expect(error).toEqual({ kind: 'options', message: '“island” does not hold numbers to measure with.',
    fields: [{ option: 'columns', message: '“island” does not hold numbers to measure with.' }] });
});

test('a cancelled run gives the engine back within a second, tables intact', async ({ page }) => {
  const found = await withEngine(page, {}, async (jari) => {
    const n = 400_000, column = seed => Float64Array.from({ length: n }, (_, i) => Math.sin(i * seed) * 1000);
    const columns = Object.fromEntries(Array.from({ length: 8 }, (_, j) => [`x${j}`, column(j + 1.1)]));
    const table = await jari.importColumns('noise', columns);
    const stop = new AbortController();
    const run = jari.run('segment.k_means', { table, options: { columns: Object.keys(columns), k: 60, restarts: 200, tolerance: 0 } },
      { signal: stop.signal, onProgress: () => {} }).catch(e => e.kind);
    await new Promise(done => setTimeout(done, 1500));
    const rowsWhileBusy = await jari.rows(table, 10, 1);
    const busy = jari.busy;
    const started = performance.now();
    stop.abort();
    const kind = await run;
    const rows = await jari.rows(table, 399_999, 5);
    return { busy, kind, ms: performance.now() - started, rows, rowsWhileBusy };
  });
  expect(found.busy).toBe(true);
  expect(found.kind).toBe('cancelled');
  expect(found.rowsWhileBusy[0]).toHaveLength(1);
  expect(found.rows[0]).toHaveLength(1);
  expect(found.ms).toBeLessThan(1000);
});

test('an engine out of memory is explained and started again, tables intact', async ({ page }) => {
  test.slow();
  const found = await withEngine(page, { penguins }, async (jari, { penguins }) => {
    const table = await jari.importTable('penguins', penguins);
    const large = new Float64Array(230_000_000);   // twice 1.8 GB do not fit beside each other into the engine's 4 GB
    const errors = [];
    await jari.importColumns('large', { a: large, b: large, c: large }).catch(e => errors.push({ kind: e.kind, message: e.message }));
    return { errors, rows: await jari.rows(table, 343, 1) };
  });
  expect(found.errors).toHaveLength(1);
  expect(found.errors[0].kind).toBe('out_of_memory');
  expect(found.errors[0].message).toContain('Tables are safe');
  expect(found.rows[0]).toEqual(['Chinstrap']);
});

test('without the private file system the page keeps the tables', async ({ page }) => {
  const found = await withEngine(page, { penguins }, async (jari, { penguins }) => {
    const table = await jari.importTable('penguins', penguins);
    const stop = new AbortController();
    const run = jari.run('segment.k_means', { table, options: { columns: ['bill_length_mm', 'body_mass_g'], k: 90, restarts: 1000, tolerance: 0 } }, { signal: stop.signal });
    await new Promise(done => setTimeout(done, 300));
    stop.abort();
    const kind = await run.then(() => 'finished', e => e.kind);
    return { stored: jari.stored, kind, rows: await jari.rows(table, 0, 1) };
  }, { folder: null });
  expect(found.stored).toBe(false);
  expect(found.kind).toBe('cancelled');
  expect(found.rows[0]).toEqual(['Adelie']);
});

test('a Korean file of Excel is understood by itself', async ({ page }) => {
  const bytes = [...fs.readFileSync(dataFile('orders_ko_cp949.csv'))];
  const table = await withEngine(page, { bytes }, async (jari, { bytes }) => {
    const table = await jari.importTable('orders', Uint8Array.from(bytes).buffer);
    return { ...table, rows: await jari.rows(table, 0, 1) };
  });
  expect(table.nRows).toBe(8000);
  expect(table.columns.map(c => [c.name, c.kind])).toEqual([['주문번호', 'category'], ['주문일', 'date'], ['시각', 'time'],
    ['메뉴', 'category'], ['크기', 'category'], ['종류', 'category'], ['금액(원)', 'int']]);
  expect(table.rows.map(c => c[0])).toEqual(['2015-000001', '2015-01-01', '11:38:36', 'hawaiian', '중', '클래식', '17200']);
});

for (const [name, analysis, file, text] of [
  ['R’s lm', 'regression.linear', 'penguins', () => penguins],
  ['R’s prop.test', 'experiment.ab_test', 'mammogram', () => fs.readFileSync(dataFile('mammogram_trial.csv'), 'utf8')],
]) {
  test(`${analysis} in the browser gives the numbers of ${name}`, async ({ page }) => {
    const reference = JSON.parse(fs.readFileSync(new URL(`../reference/analyses/${analysis}/${file}.json`, import.meta.url), 'utf8'));
    const given = { analysis, options: reference.values, text: text() };
    const report = await withEngine(page, given, async (jari, { analysis, options, text }) => {
      const table = await jari.importTable('data', text);
      return jari.run(analysis, { table, options });
    });
    let n = 0;
    for (const [key, rows] of Object.entries(reference.expected.tables)) {
      if (!Array.isArray(rows)) continue;
      rows.forEach((row, i) => Object.entries(row).forEach(([column, value]) => {
        if (typeof value !== 'number') return;
        n += 1;
        expect(Math.abs(report.tables[key][i][column] - value), `${key}[${i}].${column}`).toBeLessThanOrEqual(1e-9 * Math.abs(value));
      }));
    }
    expect(n).toBeGreaterThan(3);
  });
}

/** Hubert and Arabie's index of two labellings; rows without a label are left out. */
function adjustedRand(a, b) {
  const pairs = n => n * (n - 1) / 2, count = keys => keys.reduce((m, k) => m.set(k, (m.get(k) ?? 0) + 1), new Map());
  const rows = a.map((_, i) => i).filter(i => a[i] !== null && b[i] !== null);
  const sum = keys => [...count(keys).values()].reduce((s, n) => s + pairs(n), 0);
  const both = sum(rows.map(i => `${a[i]}|${b[i]}`)), inA = sum(rows.map(i => a[i])), inB = sum(rows.map(i => b[i]));
  const expected = inA * inB / pairs(rows.length);
  return (both - expected) / ((inA + inB) / 2 - expected);
}
