// What every end-to-end test starts from:
//   import { test, expect, … } from './helpers.mjs';
// `page.goto('./')` opens the built site under a sub-path. A test fails by itself when a request
// leaves the site's origin, when the content-security policy is broken or when a script throws.
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { test as base, expect } from '@playwright/test';
import { serve } from './server.mjs';

export { expect };

export const test = base.extend({
  site: [async ({}, use) => {
    const site = await serve();
    await use(site);
    await site.close();
  }, { scope: 'worker' }],

  baseURL: async ({ site }, use) => use(site.url),

  // `guard.requests`: every request so far. `guard.expectError(/…/)`: an uncaught error that belongs to the test.
  guard: [async ({ context, site }, use) => {
    const guard = { origins: [site.origin], requests: [], errors: [], expected: [], expectError: (pattern) => guard.expected.push(pattern) };
    context.on('request', (request) => guard.requests.push({ url: request.url(), method: request.method(), type: request.resourceType() }));
    context.on('weberror', (error) => guard.errors.push(String(error.error())));
    context.on('console', (message) => {
      if (/Content Security Policy/i.test(message.text())) guard.errors.push(message.text());
    });
    await use(guard);
    expect(leaving(guard.requests, guard.origins), 'requests that leave the origin').toEqual([]);
    const unexpected = guard.errors.filter((error) => !guard.expected.some((pattern) => pattern.test(error)));
    expect(unexpected, 'errors in the page').toEqual([]);
  }, { auto: true }],

  // `await host({ base, folder })`: a server of the test's own, to be changed or closed by it.
  host: async ({ guard }, use) => {
    const sites = [];
    await use(async (options) => {
      const site = await serve(options);
      sites.push(site);
      guard.origins.push(site.origin);
      return site;
    });
    await Promise.all(sites.map((site) => site.close()));
  },
});

/** The addresses that belong to none of the origins; `data:` and `blob:` stay in the browser. */
export function leaving(requests, origins) {
  return requests.map((request) => request.url).filter((url) => {
    const { protocol, origin: to } = new URL(url);
    return !['data:', 'blob:'].includes(protocol) && !origins.includes(to);
  });
}

/** The project's own data for tests. */
export const DATA = path.resolve(import.meta.dirname, '../data');

/** Chooses a file, waits for what was understood of it, opens it. */
export async function openFile(page, file) {
  await page.getByTestId('choose-file').first().setInputFiles(file);
  await expect(page.getByTestId('preview-table')).toBeVisible();
  await page.getByTestId('opening-read').click();
  await expect(page.getByTestId('grid')).toBeVisible({ timeout: 30_000 });
}

/** A text as a file that can be chosen. */
export const textFile = (name, text) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });

/** Opens an example of the first screen and waits until its cells have run. */
export async function openExample(page, key, n_cells) {
  await page.goto('./');
  await page.getByTestId(`example-${key}`).click();
  for (let i = 0; i < n_cells; i++) await ran(page.getByTestId(`cell-${i}`));
}

/** Opens the first screen and the penguins, and goes to the empty notebook. */
export async function openPenguins(page) {
  await page.goto('./');
  await openFile(page, path.join(DATA, 'penguins.csv'));
  await page.getByTestId('back').click();
}

/** Adds a cell from the palette; it comes back, and so does its form. */
export async function addCell(page, analysis) {
  const n = await page.locator('[data-testid^="cell-"][data-analysis]').count();
  await page.getByTestId('add-cell').click();
  await page.getByTestId(`palette-item-${analysis}`).click();
  const cell = page.getByTestId(`cell-${n}`);
  await expect(cell).toHaveAttribute('data-analysis', analysis);
  return { cell, form: page.getByTestId('inspector') };
}

/** Ticks columns in a form's list. */
export async function pick(form, option, names) {
  for (const name of names) await form.getByTestId(`option-${option}`).getByText(name, { exact: true }).click();
}

/** Waits until a cell stands as `state` says. */
export const ran = (cell, state = 'done') => expect(cell).toHaveAttribute('data-state', state, { timeout: 30_000 });

/** Clicks what saves a file; the file's name and text come back. */
export async function saved(page, click) {
  const [download] = await Promise.all([page.waitForEvent('download'), click()]);
  const bytes = fs.readFileSync(await download.path());
  return { name: download.suggestedFilename(), bytes, text: bytes.toString('utf8') };
}

/** The path of a file in ../shared/data beside the project; the test is skipped where that folder is missing. */
export function dataFile(name) {
  const folder = path.resolve(import.meta.dirname, '../../../shared/data');
  test.skip(!fs.existsSync(folder), 'the data folder ../shared/data is not there');
  return path.join(folder, name);
}

/**
 * What is painted on a canvas: its size in device pixels, how many colours, the share of pixels that
 * differ from the commonest colour, the box they fill, and the commonest colours as [#rrggbbaa, n].
 */
export function painted(canvas) {
  return canvas.evaluate((element) => {
    const { width, height } = element;
    const { data } = element.getContext('2d').getImageData(0, 0, width, height);
    const pixels = new Uint32Array(data.buffer);
    const counts = new Map();
    for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
    const colours = [...counts].sort((a, b) => b[1] - a[1]);
    const [ground] = colours[0] ?? [0];
    const box = { left: width, top: height, right: -1, bottom: -1 };
    let inked = 0;
    for (let i = 0; i < pixels.length; i++) {
      if (pixels[i] === ground) continue;
      const x = i % width, y = (i - x) / width;
      inked += 1;
      box.left = Math.min(box.left, x);
      box.right = Math.max(box.right, x);
      box.top = Math.min(box.top, y);
      box.bottom = Math.max(box.bottom, y);
    }
    // Red is the lowest byte.
    const name = (pixel) => '#' + [0, 8, 16, 24].map((shift) => ((pixel >>> shift) & 255).toString(16).padStart(2, '0')).join('');
    return {
      width, height, box, n_colours: colours.length, inked: inked / pixels.length,
      colours: colours.slice(0, 40).map(([pixel, n]) => [name(pixel), n]),
    };
  });
}

/** The colour of one device pixel of a canvas as #rrggbbaa. */
export function pixelAt(canvas, x, y) {
  return canvas.evaluate((element, [x, y]) => {
    const { data } = element.getContext('2d').getImageData(x, y, 1, 1);
    return '#' + [...data].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  }, [x, y]);
}

/**
 * Runs `work` and gives the longest task of the page's main thread meanwhile, in ms: `cpu` is what the
 * task itself took, `wall` counts also what it waited while other programs had the processor.
 */
export async function longestTask(page, work) {
  const cdp = await page.context().browser().newBrowserCDPSession();
  await cdp.send('Tracing.start', {
    transferMode: 'ReturnAsStream',
    traceConfig: { includedCategories: ['toplevel', 'blink.user_timing'], excludedCategories: ['*'] },
  });
  await page.evaluate(() => {
    performance.mark('jari-watched');
    window.longTasks = [];
    window.longTaskObserver = new PerformanceObserver((list) => window.longTasks.push(...list.getEntries()));
    window.longTaskObserver.observe({ type: 'longtask' });
  });
  try {
    await work();
  } finally {
    await page.evaluate(() => {
      window.longTasks.push(...window.longTaskObserver.takeRecords());
      window.longTaskObserver.disconnect();
    });
  }
  const wall = await page.evaluate(() => Math.max(0, ...window.longTasks.map((task) => task.duration)));
  const complete = new Promise((done) => cdp.once('Tracing.tracingComplete', done));
  await cdp.send('Tracing.end');
  const { stream } = await complete;
  let text = '';
  for (let end = false; !end;) {
    const { data, base64Encoded, eof } = await cdp.send('IO.read', { handle: stream });
    text += base64Encoded ? Buffer.from(data, 'base64').toString() : data;
    end = eof;
  }
  await cdp.detach();
  const { traceEvents } = JSON.parse(text);
  const main = traceEvents.find(({ name }) => name === 'jari-watched');
  const tasks = traceEvents.filter(({ name, pid, tid, tdur }) => name.endsWith('RunTask') && tdur !== undefined && pid === main.pid && tid === main.tid);
  expect(tasks.length, 'tasks in the trace').toBeGreaterThan(10);
  return { cpu: Math.round(Math.max(...tasks.map(({ tdur }) => tdur)) / 1000), wall: Math.round(wall) };
}

const AXE = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Fails with axe's findings against WCAG 2.2 AA, in the page or in the part that `selector` names. */
export async function expectAccessible(page, selector) {
  await page.evaluate(AXE);
  const found = await page.evaluate(async (selector) => {
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const { violations } = await window.axe.run(selector ?? document, { runOnly: tags });
    return violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map((node) => `${node.target}: ${node.html}`) }));
  }, selector);
  expect(found, 'accessibility').toEqual([]);
}
