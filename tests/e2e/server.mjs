// A plain static host for the tests: the folder under a sub-path, no special headers, as most hosts
// serve it. `site.folder` may be changed while it runs, as a new upload would.
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const DIST = process.env.JARI_DIST || path.resolve(import.meta.dirname, '../../dist');

const TYPES = {
  css: 'text/css', csv: 'text/csv', html: 'text/html; charset=utf-8', js: 'text/javascript',
  json: 'application/json', png: 'image/png', svg: 'image/svg+xml', wasm: 'application/wasm',
  webmanifest: 'application/manifest+json',
};

/** Serves `folder` at `base` on a free port of 127.0.0.1: `{ url, origin, folder, asked, close() }`. */
export function serve({ folder = DIST, base = '/a/place/', port = 0 } = {}) {
  const site = { folder: path.resolve(folder), asked: [] };
  const server = http.createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://127.0.0.1');
    site.asked.push(pathname);
    const name = pathname.startsWith(base) ? decodeURIComponent(pathname.slice(base.length)) : null;
    const file = name !== null && path.join(site.folder, name === '' ? 'index.html' : name);
    if (!file || !file.startsWith(site.folder + path.sep) || !fs.statSync(file, { throwIfNoEntry: false })?.isFile()) {
      response.writeHead(404, { 'Content-Type': 'text/plain' }).end('There is no such file.\n');
      return;
    }
    const bytes = fs.readFileSync(file);
    response.writeHead(200, {
      'Content-Type': TYPES[path.extname(file).slice(1)] ?? 'application/octet-stream',
      'Content-Length': bytes.length,
      'Cache-Control': 'max-age=0',
    });
    response.end(request.method === 'HEAD' ? undefined : bytes);
  });
  return new Promise((done) => server.listen(port, '127.0.0.1', () => {
    site.origin = `http://127.0.0.1:${server.address().port}`;
    site.url = site.origin + base;
    site.close = () => new Promise((closed) => {
      server.close(closed);
      server.closeAllConnections();
    });
    done(site);
  }));
}

// By hand: node server.mjs [FOLDER]
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const site = await serve({ folder: process.argv[2] });
  console.log(site.url);
}
