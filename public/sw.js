// Keeps one build of the site for use without a network. It holds the files of that build and nothing
// else; every other request goes to the network untouched.
//
// A new build is fetched whole and checked file by file before it counts; it takes over when no page
// of the old build is left, or when a page asks for it. So page and engine are always of one build.
const VERSION = '__VERSION__';
const FILES = __FILES__; // [path, integrity]
const CSP = "__CSP__";

const PREFIX = `jari ${new URL(self.registration.scope).pathname} `;
const CACHE = PREFIX + VERSION;
const kept = new Map(FILES.map(([path]) => [new URL(path, self.registration.scope).pathname, path]));
kept.set(new URL(self.registration.scope).pathname, 'index.html');

self.addEventListener('install', (event) => event.waitUntil(fill()));

self.addEventListener('activate', (event) => event.waitUntil(takeOver()));

self.addEventListener('message', (event) => {
  if (event.data === 'take over') self.skipWaiting();
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  const path = kept.get(url.pathname);
  if (path) event.respondWith(answer(path, request));
});

async function fill() {
  const cache = await caches.open(CACHE);
  await Promise.all(FILES.map(async ([path, integrity]) => {
    const url = new URL(path, self.registration.scope);
    const response = await fetch(url, { integrity, cache: 'no-cache', credentials: 'same-origin' });
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    // A worker takes its policy from its own answer, not from the page.
    const headers = new Headers(response.headers);
    headers.set('Content-Security-Policy', CSP);
    headers.delete('Content-Encoding'); // the body below is already decoded
    headers.delete('Content-Length');
    await cache.put(url, new Response(response.body, { status: 200, headers }));
  }));
}

async function takeOver() {
  const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function answer(path, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(new URL(path, self.registration.scope))) ?? fetch(request);
}
