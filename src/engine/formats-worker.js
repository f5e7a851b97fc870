// The readers and writers of workbooks, Parquet, Arrow, JSON and SPSS, in a worker that the engine's worker starts when a
// file asks for them and ends when they are done, which gives their memory back. What goes wrong here leaves the engine whole.
import init, { answer_formats, formats_build, formats_out_of_memory, start_formats } from './formats.js';

const BUILD = '__BUILD__';
let ready = null;
let fault = '';

self.onmessage = async ({ data }) => {
  try {
    await (ready ??= init().then(() => start_formats(text => { fault = text; })));
    if (formats_build() !== BUILD) return self.postMessage({ fault: 'stale' });
    answer_formats(data, (response, buffer) => self.postMessage({ response, buffer }, buffer ? [buffer] : []));
  } catch (error) {
    const bytes = fault || error instanceof WebAssembly.RuntimeError ? formats_out_of_memory() : 0;
    self.postMessage({ fault: bytes ? 'out_of_memory' : 'crashed', bytes, text: fault || String(error) });
  }
};
