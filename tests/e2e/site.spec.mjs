// The built site as a static host serves it: policy, first paint, sub-path, offline, a new build.
import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from './helpers.mjs';
import { DIST } from './server.mjs';

const html = () => fs.readFileSync(path.join(DIST, 'index.html'), 'utf8');

test('the page states a strict policy and has no inline script or style', () => {
  const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html())[1];
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("connect-src 'self'");
  expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|https?:|\*/);
  expect(html()).not.toMatch(/<script(?![^>]* src=)|<style|\sstyle=|\son\w+=/);
});

test('the page names nothing outside its own folder', () => {
  const addresses = [...html().matchAll(/(?:href|src)="([^"]+)"/g)].map((match) => match[1]);
  expect(addresses.length).toBeGreaterThan(4);
  for (const address of addresses) expect(address).toMatch(/^(?!\/|[a-z]+:)/);
});

test('the first paint does not wait for the wasm', async ({ page }) => {
  await page.route('**/*.wasm', () => {}); // never answered
  await page.goto('./', { waitUntil: 'commit' });
  await expect(page.locator('#skeleton h1:visible')).toHaveCount(1);
  await expect(page.locator('#skeleton h1:visible')).toHaveText('Data analysis that stays in your browser');
});

for (const [locale, lang, line] of [['ko-KR', 'ko', '데이터가 브라우저를 떠나지 않는 분석 노트북'], ['de-DE', 'en', 'Data analysis that stays in your browser']]) {
  test.describe(`in a ${locale} browser`, () => {
    test.use({ locale });
    test(`the first paint is in "${lang}"`, async ({ page }) => {
      await page.route('**/*.wasm', () => {});
      await page.goto('./', { waitUntil: 'commit' });
      await expect(page.locator('html')).toHaveAttribute('lang', lang);
      await expect(page.locator('#skeleton h1:visible')).toHaveCount(1);
      await expect(page.locator('#skeleton h1:visible')).toHaveText(line);
    });
  });
}

test('a page whose wasm cannot be had says so', async ({ page, guard }) => {
  guard.expectError(/./);
  await page.route('**/*.wasm', (route) => route.fulfill({ status: 404, body: '' }));
  await page.goto('./');
  await expect(page.locator('#boot-failed')).toContainText('could not start');
});

for (const base of ['/', '/a/deep/place/']) {
  test(`the site works at ${base}`, async ({ page, host }) => {
    const site = await host({ base });
    const missing = [];
    page.on('response', (response) => response.status() >= 400 && missing.push(response.url()));
    await page.goto(site.url);
    await expect(page.locator('#skeleton')).toHaveCount(0);
    expect(missing).toEqual([]);
  });
}

test.describe('with the service worker', () => {
  test.use({ serviceWorkers: 'allow' });

  test('a second visit needs no network', async ({ page, host }) => {
    const site = await host();
    await page.goto(site.url);
    await controlled(page);
    await site.close();
    await page.reload();
    await expect(page.locator('#skeleton')).toHaveCount(0);
    const engine = await page.evaluate(async () => (await (await fetch('engine_bg.wasm?again')).arrayBuffer()).byteLength);
    expect(engine).toBe(fs.statSync(path.join(DIST, 'engine_bg.wasm')).size);
  });

  test('it keeps the files of the site and nothing else', async ({ page, host }) => {
    const site = await host();
    await page.goto(site.url);
    await controlled(page);
    await page.evaluate(() => Promise.all([fetch('nothing-here'), fetch('sw.js')]));
    const kept = await page.evaluate(async () => {
      const names = await caches.keys();
      const requests = await (await caches.open(names[0])).keys();
      return { n_caches: names.length, paths: requests.map((request) => new URL(request.url).pathname) };
    });
    const files = fs.readdirSync(DIST, { recursive: true }).filter((file) => fs.statSync(path.join(DIST, file)).isFile() && file !== 'sw.js');
    expect(kept.n_caches).toBe(1);
    expect(kept.paths.sort()).toEqual(files.map((file) => new URL(site.url).pathname + file).sort());
  });

  test('a new build waits until it is asked for, then replaces all files at once', async ({ page, host }) => {
    const site = await host();
    await page.goto(site.url);
    await controlled(page);
    await page.evaluate(() => addEventListener('jari:update', (event) => { window.update = event.detail; }));

    site.folder = nextBuild();
    await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
    await page.waitForFunction(() => window.update);
    expect(await marker(page), 'the open page keeps its own build').toBe('');

    await Promise.all([page.waitForEvent('load'), page.evaluate(() => window.update.apply())]);
    await expect.poll(() => page.title()).toBe('The next build');
    expect(await marker(page)).toBe('// the next build');
    expect(await page.evaluate(() => caches.keys())).toHaveLength(1);
  });

  test('a build that is uploaded by halves is not taken over', async ({ page, host }) => {
    const site = await host();
    await page.goto(site.url);
    await controlled(page);
    const half = nextBuild();
    fs.copyFileSync(path.join(DIST, 'engine.js'), path.join(half, 'engine.js'));
    site.folder = half;
    const states = await page.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready;
      const seen = new Promise((done) => registration.addEventListener('updatefound', () => {
        const worker = registration.installing;
        worker.addEventListener('statechange', () => done(worker.state));
      }));
      await registration.update().catch(() => {});
      return [await seen, registration.waiting];
    });
    expect(states).toEqual(['redundant', null]);
    expect(await marker(page)).toBe('');
  });
});

/** Waits until the service worker answers for the page. */
const controlled = (page) => page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated');

/** The last line of engine.js as the page gets it, when it is the mark of the next build. */
const marker = (page) => page.evaluate(async () => /\/\/ the next build$/.exec(await (await fetch('engine.js')).text())?.[0] ?? '');

/** A copy of the site with another title and another engine.js, listed in sw.js as a build lists them. */
function nextBuild() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'jari-next-'));
  fs.cpSync(DIST, folder, { recursive: true });
  const edit = (name, change) => {
    const file = path.join(folder, name);
    fs.writeFileSync(file, change(fs.readFileSync(file, 'utf8')));
  };
  edit('index.html', (text) => text.replace(/<title>.*<\/title>/, '<title>The next build</title>'));
  edit('engine.js', (text) => text + '\n// the next build');
  edit('sw.js', (text) => text
    .replace(/const VERSION = '\w+'/, "const VERSION = 'next'")
    .replace(/\["([^"]+)","(sha256-[^"]+)"\]/g, (_, name) => {
      const digest = crypto.createHash('sha256').update(fs.readFileSync(path.join(folder, name))).digest('base64');
      return JSON.stringify([name, `sha256-${digest}`]);
    }));
  return folder;
}
