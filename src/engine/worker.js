// The engine's Web Worker: loads the wasm, answers messages one after the other, keeps new tables.
import init, { answer, formats_failed, has, needs, needs_formats, out_of_memory, restore, start, table_bytes, write_table } from './engine.js';
import { openVault } from './vault.js';

let ready;          // the wasm, once it runs
let vault = null;   // where tables are kept, once a start request said so
let fault = '';     // what a panic said before the wasm stopped
let formats = null; // the worker that reads and writes other files, while one is there
let queue = Promise.resolve();

self.onmessage = ({ data }) => {
  if ('boot' in data) ready = init({ module_or_path: data.boot }).then(() => start(text => { fault = text; }));
  else queue = queue.then(() => handle(data));
};

async function handle(message) {
  try {
    await ready;
    const { request } = message;
    if (request.type === 'start' && request.folder) vault = await openVault(request.folder);
    if (request.type === 'keep') await vault?.keep(request.tables);
    for (const id of needs(request)) {
      const bytes = has(id) ? null : await vault?.load(id);
      if (bytes) restore(id, bytes);
    }
    const post = (response, buffer) => self.postMessage({ id: message.id, response, buffer, stored: vault !== null }, buffer ? [buffer] : []);
    if (needs_formats(message)) await beside(message, post);
    else for (const id of answer(message, post)) await keep(id);
    self.postMessage({ idle: message.id });
  } catch (error) {
    const bytes = ready ? out_of_memory() : 0;
    self.postMessage({ id: message.id, fault: bytes ? 'out_of_memory' : 'crashed', bytes, text: fault || String(error) });
  }
}

// Has a message answered by the readers and writers beside the engine. A table that they read comes as the engine stores it.
async function beside(message, post) {
  const { request, source } = message;
  const table = request.type === 'export' ? table_bytes(request.table) : undefined;
  if (request.type === 'export' && !table) return void answer(message, post);   // which says that there is no such table
  const buffers = table ? [table.buffer] : [];
  formats ??= new Worker(new URL('formats-worker.js', import.meta.url), { type: 'module' });
  const { response, buffer, fault, bytes, text } = await new Promise(resolve => {
    formats.onmessage = ({ data }) => data.response?.type === 'progress' ? post(data.response) : resolve(data);
    formats.onerror = event => { event.preventDefault(); resolve({ fault: 'not_loaded', text: event.message }); };
    formats.postMessage({ request, source, buffers }, buffers);
  });
  if (fault || request.type !== 'preview') {
    formats.terminate();
    formats = null;
  }
  if (fault) return post(formats_failed(fault, bytes ?? 0, text ?? ''));
  if (response.type === 'imported') {
    restore(request.table, new Uint8Array(buffer));
    post(response);
    await keep(request.table);
  } else post(response, buffer);
}

// A table that the vault has no room for goes to the page.
async function keep(id) {
  if (!has(id)) return;
  try {
    if (vault) return await vault.save(id, put => write_table(id, put));
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) throw error;
    self.postMessage({ storage: String(error.name) });
  }
  const bytes = table_bytes(id);
  self.postMessage({ keep: id, bytes }, [bytes.buffer]);
}
