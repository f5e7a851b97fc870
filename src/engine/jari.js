// Jari's engine for any page: tables in, reports out, all of it in a Web Worker on this machine.
//
//   import { Jari } from './jari.js';
//   const jari = await Jari.start();
//   const t = await jari.importTable('orders', file);                         // File, Blob, ArrayBuffer or text:
//                                                                             // CSV, XLSX, ODS, Parquet, Arrow, JSON, SPSS
//   const year = await jari.importTable('year', [january, february], { append: true });   // files of one shape as one table
//   const n = await jari.importColumns('numbers', { x: Float64Array.of(1, 2, 4) });
//   const report = await jari.run('segment.k_means', { table: t, options: { columns: ['x', 'y'], k: 4 } },
//     { seed: 1, onProgress: ({ done }) => console.log(done), signal: controller.signal });
//   report.tables.clusters                                                    // rows of numbers under stable names
//   const each = await jari.run('explore.describe', { table: t, by: ['city'] });
//   each.groups[0].by, each.groups[0].tables                                  // { city: 'Busan' } and its tables
//   const { blob } = await jari.exportTable(t, { format: 'xlsx' });
//   await jari.close();
//
// Every method that asks the engine rejects with a JariError: `kind` is one of cancelled, options, data, import,
// no_table, no_analysis, crashed, out_of_memory, stale, storage; `message` a sentence; `fields` the options it is about.

const BUILD = '__BUILD__';
const here = new URL('./', import.meta.url);

export class JariError extends Error {
  constructor(failure) {
    super(sentence(failure.message));
    this.name = 'JariError';
    this.kind = failure.kind;
    this.fields = (failure.fields ?? []).map(f => ({ option: f.option, message: sentence(f.message) }));
    /** The failure as the engine sent it. */
    this.failure = failure;
  }
}

/** A table in the engine. */
export class Table {
  constructor(id, name, info) {
    this.id = id;
    this.name = name;
    /** As the engine describes it. */
    this.info = info;
    this.nRows = info.n_rows;
    /** [{ name, kind, measure, n_missing, levels? }] */
    this.columns = info.columns;
  }
}

export class Jari {
  /**
   * Starts the engine.
   * @param {object} [options]
   * @param {string|null} [options.folder] where tables are kept in the browser's private file system; left out, a
   *   folder of this session's own that close() removes; null keeps them in this page.
   * @param {(event: {state: string}) => void} [options.onState] told of 'ready', 'busy', 'idle', 'restarted',
   *   'storage_full' and 'table_lost' (a table that was too large to be kept is gone with its worker).
   */
  static async start({ folder, onState = () => {} } = {}) {
    const jari = new Jari(folder, onState);
    await jari.#lane.start();
    return jari;
  }

  #lane;
  #reader = null;      // a second worker that reads rows while the first is busy
  #folder;
  #temporary;
  #kept = new Map();   // tables that only this page keeps: id to bytes
  #onState;

  constructor(folder, onState) {
    this.#temporary = folder === undefined;
    this.#folder = folder === undefined ? `jari-session-${crypto.randomUUID()}` : folder;
    this.#onState = onState;
    this.#lane = this.#newLane();
  }

  #newLane() {
    return new Lane(this.#folder, this.#kept, this.#onState);
  }

  /** The build that page and engine come from. */
  get build() { return BUILD; }

  /** Whether tables outlive a reload: false where the browser has no private file system. */
  get stored() { return this.#lane.stored; }

  /** Whether a request is being answered. */
  get busy() { return this.#lane.busy; }

  /**
   * Sends one request of the protocol and resolves to `{ response, buffer }`.
   * @param {object} request see `protocol.rs`
   * @param {{source?: File|Blob|ArrayBuffer|string|Array, buffers?: ArrayBuffer[], onProgress?: Function, signal?: AbortSignal}} [beside]
   */
  async request(request, beside = {}) {
    const source = Array.isArray(beside.source) ? beside.source.map(blob) : beside.source === undefined ? undefined : blob(beside.source);
    if (READS.has(request.type) && this.#lane.busy && this.#lane.stored && this.#kept.size === 0) {
      if (!this.#reader) await (this.#reader = this.#newLane()).start();
      return this.#reader.send(request, beside).catch(error => {
        if (error.kind !== 'no_table') throw error;
        return this.#lane.send(request, beside);   // made but not yet written: wait for the one that has it
      });
    }
    return this.#lane.send(request, { ...beside, source });
  }

  /**
   * Reads a file: delimited text, a workbook (XLSX, XLSB, XLS, ODS), Parquet, Arrow, JSON, JSON Lines or SPSS, told apart by
   * content and, for JSON, by the name of a File or `fileName`. `options`: encoding, delimiter, decimal, has_header, skip_rows,
   * missing, columns ({ name: { kind, measure, rename, skip } }), keep_footer, format; of workbooks sheet, header_row and
   * header_rows; of ZIP archives members. With `append: true` an array of text files, or all members of an archive, become one
   * table; source_column names the column that says which file a row is from. Of a table that takes the place of `before`,
   * `changes` says what is different.
   */
  async importTable(name, source, options = {}, { onProgress, signal, id = name, fileName = '', before } = {}) {
    const request = { type: 'import', table: id, options, name: fileName, before: before?.info };
    const { response } = await this.request(request, { source, onProgress, signal });
    const { understood, warnings, changes } = response;
    return Object.assign(new Table(id, name, response.info), {
      understood,
      warnings: warnings.map(sentence),
      ...changes && { changes: { ...changes, sentences: changes.sentences.map(sentence) } },
    });
  }

  /**
   * How a file would be understood: `understood` (with `file`: format, sheet, sheets, header_row …), the first `rows` as text,
   * `n_rows_estimate` and `warnings`. Takes the options of importTable.
   */
  async previewFile(source, options = {}, { signal, fileName = '' } = {}) {
    const { response } = await this.request({ type: 'preview', options, name: fileName }, { source, signal });
    return { ...response.preview, warnings: response.warnings.map(sentence) };
  }

  /** A table of columns that are already numbers. The arrays are copied. */
  async importColumns(name, columns, { id = name } = {}) {
    const names = Object.keys(columns);
    const buffers = names.map(n => new Float64Array(columns[n]).buffer);
    const { response } = await this.request({ type: 'import_columns', table: id, names }, { buffers });
    return new Table(id, name, response.info);
  }

  /**
   * Runs an analysis. `what.table` is its first table; `what.inputs` others by input name; `what.options` its options;
   * `what.outputs` names the output tables to keep, which come back in `report.outputs`.
   *
   * `what.by`, one or two names of columns of the table, runs the analysis on the rows of each combination of their
   * values, at most 50, with the same seed. `report.groups` has an entry for each, in the order of the values and rows
   * without a value last: `{ by: { column: value or null }, rows, error: null or why there is no answer, summary, texts,
   * tables, charts, notices, sentences }`. What stands beside it is an overview: `report.tables.groups`. Output tables
   * hold all groups.
   */
  async run(analysis, { table, inputs = {}, options = {}, by = [], outputs = {} } = {}, { seed = 1, lang = 'en', onProgress, signal } = {}) {
    const ids = Object.fromEntries(Object.entries(table ? { table, ...inputs } : inputs).map(([k, t]) => [k, t.id ?? t]));
    const request = { type: 'run', analysis, values: options, by: [by].flat(), inputs: ids, outputs, seed, json: lang };
    const { response } = await this.request(request, { onProgress, signal });
    const made = Object.entries(response.tables).map(([k, info]) => [k, new Table(outputs[k], outputs[k], info)]);
    return { ...response.json, ms: response.ms, outputs: Object.fromEntries(made) };
  }

  /**
   * The analysis as a script in 'r' or 'python', null where there is none. `what` is as for run(), `what.by` included;
   * `what.files` names the file that the script reads for an input.
   */
  async code(analysis, { table, inputs = {}, options = {}, by = [], files = {} } = {}, language = 'r') {
    const ids = Object.fromEntries(Object.entries(table ? { table, ...inputs } : inputs).map(([k, t]) => [k, t.id ?? t]));
    return (await this.request({ type: 'code', analysis, by: [by].flat(), values: options, inputs: ids, files, language })).response.code;
  }

  /** Rows as text: `columns[j][i]` is row `start + i` of column j, null when missing. */
  async rows(table, start = 0, n = 100) {
    return (await this.request({ type: 'rows', table: table.id, start, n })).response.columns;
  }

  /**
   * The table as a file: `{ blob, fileName, warnings }`, the last what the format could not hold.
   * @param {Table|string} table
   * @param {object} [options]
   * @param {string} [options.format] csv, csv_for_excel (UTF-8 with a byte order mark), csv_cp949, json, json_lines, xlsx,
   *   parquet or arrow
   */
  async exportTable(table, { format = 'csv', onProgress, signal } = {}) {
    const id = table.id ?? table;
    const { response, buffer } = await this.request({ type: 'export', table: id, format }, { onProgress, signal });
    const [type, ending] = FILES[format];
    return { blob: new Blob([buffer], { type }), fileName: `${table.name ?? id}.${ending}`, warnings: response.warnings.map(sentence) };
  }

  /** The table as a Blob, in a format of exportTable. */
  async export(table, format = 'csv') {
    return (await this.exportTable(table, { format })).blob;
  }

  /** Forgets all tables but these. */
  async keep(tables) {
    const ids = tables.map(t => t.id ?? t);
    for (const id of [...this.#kept.keys()]) if (!ids.includes(id)) this.#kept.delete(id);
    this.#reader?.end();
    this.#reader = null;
    await this.request({ type: 'keep', tables: ids });
  }

  /** Ends the engine; tables of a folder that was named stay. */
  async close() {
    this.#lane.end();
    this.#reader?.end();
    if (!this.#temporary) return;
    const root = await navigator.storage?.getDirectory?.().catch(() => null);
    await root?.removeEntry(this.#folder, { recursive: true }).catch(() => {});
  }
}

/**
 * The right to change what lies in a folder, which one page of this site has at a time: `{ release }`, or null while
 * another page has it. `steal` takes it away from that one, whose `onLost` is called. Without locks everybody has it.
 */
export async function claim(folder, { steal = false, onLost = () => {} } = {}) {
  if (!navigator.locks) return { release() {} };
  return new Promise(resolve => {
    let held = false;
    const hold = lock => lock === null ? resolve(null) : new Promise(release => { held = true; resolve({ release }); });
    navigator.locks.request(`jari ${folder}`, steal ? { steal } : { ifAvailable: true }, hold)
      .catch(() => held ? onLost() : resolve({ release() {} }));
  });
}

/** Between the pages of this site: `hear(text)` is called with what others say; the function that comes back says something. */
export function converse(hear) {
  if (!globalThis.BroadcastChannel) return () => {};
  const channel = new BroadcastChannel('jari');
  channel.onmessage = event => hear(event.data);
  return text => channel.postMessage(text);
}

const FILES = {
  csv: ['text/csv', 'csv'],
  csv_for_excel: ['text/csv', 'csv'],
  csv_cp949: ['text/csv', 'csv'],
  json: ['application/json', 'json'],
  json_lines: ['application/x-ndjson', 'jsonl'],
  xlsx: ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'xlsx'],
  parquet: ['application/vnd.apache.parquet', 'parquet'],
  arrow: ['application/vnd.apache.arrow.file', 'arrow'],
};

const READS = new Set(['rows', 'info', 'code', 'summarise', 'find', 'split_notebook']);

let compiled = null;   // the wasm, compiled once for all workers of this page
function compile() {
  return compiled ??= WebAssembly.compileStreaming(fetch(new URL('engine_bg.wasm', here)))
    .catch(error => { compiled = null; throw new JariError(failure('crashed', 'engine.not_loaded', `The engine cannot be loaded: ${error.message}`)); });
}

// One worker and the requests that wait for it. The worker has one request at a time, so that cancelling a waiting one
// costs nothing and cancelling the running one costs only the worker.
class Lane {
  #folder;
  #kept;
  #onState;
  #worker = null;
  #waiting = [];
  #current = null;
  #next = 1;
  #starts = 0;
  #idle = Promise.resolve();
  #ended = false;
  stored = false;

  constructor(folder, kept, onState) {
    this.#folder = folder;
    this.#kept = kept;
    this.#onState = onState;
  }

  get busy() { return this.#current !== null; }

  async start() {
    const module = await compile();
    if (this.#ended) return;
    const worker = new Worker(new URL('worker.js', here), { type: 'module' });
    this.#worker = worker;
    worker.onmessage = event => { if (worker === this.#worker) this.#hear(event.data); };
    worker.onerror = event => { event.preventDefault(); if (worker === this.#worker) this.#fault('crashed', event.message); };
    worker.postMessage({ boot: module });
    const restores = [...this.#kept].map(([table, bytes]) => this.#job({ type: 'restore', table }, { buffers: [bytes.slice().buffer] }));
    const start = this.#job({ type: 'start', folder: this.#folder }, {});
    this.#waiting.unshift(start, ...restores);
    this.#pump();
    const { response, stored } = await start.promise;
    restores.forEach(r => r.promise.catch(() => {}));
    this.stored = stored;
    if (response.build !== BUILD) throw new JariError(failure('stale', 'engine.stale', 'Page and engine are of different versions. Reload the page.'));
    this.#onState({ state: this.#starts++ === 0 ? 'ready' : 'restarted' });
  }

  send(request, beside) {
    if (this.#ended) return Promise.reject(new JariError(failure('crashed', 'engine.closed', 'The engine is closed.')));
    const job = this.#job(request, beside);
    if (job.signal?.aborted) return Promise.reject(cancelled());
    job.signal?.addEventListener('abort', () => this.#cancel(job), { once: true });
    this.#waiting.push(job);
    this.#pump();
    return job.promise;
  }

  end() {
    this.#ended = true;
    this.#worker?.terminate();
    this.#worker = null;
    const jobs = [this.#current, ...this.#waiting].filter(Boolean);
    this.#current = null;
    this.#waiting = [];
    for (const job of jobs) job.reject(cancelled());
  }

  #job(request, { source, buffers, onProgress, signal }) {
    const job = { id: this.#next++, request, source, buffers, onProgress, signal };
    job.promise = new Promise((resolve, reject) => Object.assign(job, { resolve, reject }));
    return job;
  }

  #pump() {
    if (this.#current || !this.#worker || this.#waiting.length === 0) return;
    const job = this.#current = this.#waiting.shift();
    const { id, request, source, buffers } = job;
    this.#onState({ state: 'busy' });
    this.#worker.postMessage({ id, request, source, buffers }, buffers ?? []);
  }

  #hear(message) {
    if (message.keep) return void this.#kept.set(message.keep, message.bytes);
    if (message.storage) return this.#onState({ state: 'storage_full', reason: message.storage });
    if (message.fault) return this.#fault(message.fault, message.text, message.bytes);
    const job = this.#current;
    if (message.idle !== undefined) {
      if (job?.id === message.idle) {
        this.#current = null;
        this.#pump();
        if (!this.#current) this.#onState({ state: 'idle' });
      }
      return;
    }
    if (job?.id !== message.id) return;
    const { response } = message;
    if (response.type === 'progress') job.onProgress?.(response);
    else {
      job.answered = true;
      if (response.type === 'failed') job.reject(new JariError(response));
      else job.resolve(message);
    }
  }

  #cancel(job) {
    const waiting = this.#waiting.indexOf(job);
    if (waiting >= 0) this.#waiting.splice(waiting, 1);
    else if (this.#current === job) this.#restart();
    else return;
    job.reject(cancelled());
  }

  // The worker met its end. What it was asked fails, what waits is asked of a new one.
  #fault(kind, text, bytes = 0) {
    const job = this.#current;
    const what = kind === 'out_of_memory'
      ? failure(kind, 'engine.out_of_memory', 'The engine ran out of memory ({mb} MB more were needed). Tables are safe. Try fewer rows or columns.', { mb: Math.ceil(bytes / 1e6) })
      : failure(kind, 'engine.crashed', 'The engine stopped by a fault of its own and was started again. Tables are safe. ({what})', { what: text });
    if (job?.answered) this.#onState({ state: 'table_lost' });   // it stopped while it wrote what it had answered with
    if (job?.request.type === 'start') this.#worker?.terminate();   // a worker that cannot start is not started for ever
    else this.#restart();
    job?.reject(new JariError(what));
  }

  #restart() {
    this.#worker?.terminate();
    this.#worker = null;
    this.#current = null;
    this.start().catch(() => {});
  }
}

const blob = source => source instanceof Blob ? source : new Blob([source]);
const failure = (kind, id, en, args = {}) => ({ type: 'failed', kind, fields: [], message: { id, en, args: Object.entries(args).map(([k, v]) => [k, typeof v === 'number' ? { number: [v, 'integer'] } : { text: String(v) }]) } });
const cancelled = () => new JariError(failure('cancelled', 'run.cancelled', 'Cancelled.'));

// A message of the engine in English.
function sentence({ en, args = [] }) {
  const values = Object.fromEntries(args);
  const text = arg => 'text' in arg ? arg.text : 'number' in arg ? String(arg.number[0]) : 'list' in arg ? list(arg.list.map(text)) : sentence(arg.msg);
  const list = items => items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
  const isOne = arg => 'list' in arg ? arg.list.length === 1 : text(arg) === '1';
  return en.replace(/\{\{|\}\}|\{([^{}|]+)(?:\|([^{}|]*)\|([^{}|]*))?\}/g, (all, name, one, many) =>
    all === '{{' ? '{' : all === '}}' ? '}' : !(name in values) ? all : one === undefined ? text(values[name]) : isOne(values[name]) ? one : many);
}
