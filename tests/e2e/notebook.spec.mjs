// A notebook from its first answer to its file: kept, undone, exported, opened again, used without a network.
import fs from 'node:fs';
import { expect, openExample, painted, ran, saved, test } from './helpers.mjs';

test('three clicks: an example becomes clusters and a regression, drawn on canvas', async ({ page }) => {
  await openExample(page, 'penguins', 2);
  const [clusters, line] = [page.getByTestId('cell-0'), page.getByTestId('cell-1')];
  await expect(clusters.getByTestId('cell-answer')).toContainText('3 clusters explain 72% of the spread');
  await expect(line.getByTestId('cell-answer')).toContainText('81% of the differences in body_mass_g');
  const map = await painted(clusters.locator('canvas').first());
  expect(map.inked).toBeGreaterThan(0.005);
  expect(map.n_colours).toBeGreaterThan(20);
  expect(map.box.right - map.box.left).toBeGreaterThan(0.9 * map.width);
});

test('an A/B test reads itself, and says which rule it used', async ({ page }) => {
  await openExample(page, 'campaign', 1);
  const cell = page.getByTestId('cell-0');
  await expect(cell.getByTestId('cell-answer')).toContainText('Ship “B: 10% coupon”');
  await expect(cell).toContainText('The rule: ship when');
});

test('a notebook is there after a reload, data and results included', async ({ page }) => {
  await openExample(page, 'campaign', 1);
  await expect(page.getByTestId('saved')).toHaveText('saved here');
  const took = await page.getByTestId('cell-0').locator('.cell-time').innerText();
  await page.reload();
  await ran(page.getByTestId('cell-0'));
  await expect(page.getByTestId('title')).toHaveValue('Did the new message sell more?');
  await expect(page.getByTestId('cell-0').locator('.cell-time')).toHaveText(took); // it has not run again
  await page.getByTestId('rail-table-campaign').click();
  await expect(page.getByTestId('grid')).toContainText('A: reminder');
});

test('the title is changed, undone and redone', async ({ page }) => {
  await openExample(page, 'penguins', 2);
  await page.getByTestId('title').fill('Birds');
  await page.getByTestId('title').press('Enter');
  await page.keyboard.press('Control+z');
  await expect(page.getByTestId('title')).toHaveValue('Find groups of penguins');
  await page.keyboard.press('Control+y');
  await expect(page.getByTestId('title')).toHaveValue('Birds');
  await expect(page.getByTestId('saved')).toHaveText('saved here');
  await page.reload();
  await expect(page.getByTestId('title')).toHaveValue('Birds');
  await expect(page.getByTestId('outline-1')).toContainText('Linear regression');
});

/** Chooses a line of the notebook's menu that saves a file. */
async function exported(page, testid) {
  await page.getByTestId('menu').click();
  return saved(page, () => page.getByTestId(testid).click());
}

/** Begins a new notebook and opens a file in it. */
async function openNotebook(page, file, info) {
  const place = info.outputPath(file.name);
  fs.mkdirSync(info.outputDir, { recursive: true });
  fs.writeFileSync(place, file.bytes);
  await page.getByTestId('menu').click();
  await page.getByTestId('new-notebook').click();
  await expect(page.getByTestId('first-screen')).toBeVisible();
  await page.getByTestId('menu').click();
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByTestId('open-notebook').click()]);
  await chooser.setFiles(place);
  await expect(page.getByTestId('title')).toHaveValue('Find groups of penguins');
}

test('a notebook goes into one file and comes back with its data', async ({ page }, info) => {
  await openExample(page, 'penguins', 2);
  const file = await exported(page, 'export-notebook-with-data');
  expect(file.name).toBe('Find_groups_of_penguins.jari.json');
  const { notebook, data } = JSON.parse(file.text);
  expect(Object.keys(data)).toEqual([notebook.sources[0].table]);
  await openNotebook(page, file, info);
  await expect(page.getByTestId('shelf')).toHaveCount(0);
  await ran(page.getByTestId('cell-1'));
  await page.getByTestId('cell-0').click();
  await page.getByTestId('inspector').getByTestId('option-k').fill('2');
  await expect(page.getByTestId('cell-0').getByTestId('cell-answer')).toContainText('2 clusters');
  await page.getByTestId('rail-table-penguins').click();
  await expect(page.getByTestId('grid')).toContainText('Torgersen');
});

test('a notebook without its data comes back with its results, and asks for the file', async ({ page }, info) => {
  await openExample(page, 'penguins', 2);
  const file = await exported(page, 'export-notebook');
  expect(JSON.parse(file.text).data ?? {}).toEqual({});
  expect(file.text).not.toContain('Torgersen');
  await openNotebook(page, file, info);
  await expect(page.getByTestId('cell-0').getByTestId('cell-answer')).toContainText('3 clusters explain 72%');
  await page.getByTestId('rail-table-penguins').click();
  await expect(page.getByTestId('table-view')).toContainText(/file/);
});

test('a report is a page of its own: pictures inside, no script', async ({ page }) => {
  await openExample(page, 'penguins', 2);
  const report = await exported(page, 'export-report');
  expect(report.name).toBe('Find_groups_of_penguins.html');
  expect(report.text.match(/<svg/g).length).toBeGreaterThanOrEqual(5);
  expect(report.text).not.toMatch(/<script|\son\w+=|https?:\/\/(?!www\.w3\.org)/);
  const reader = await page.context().newPage();
  await reader.setContent(report.text);
  await expect(reader.locator('h1')).toHaveText('Find groups of penguins');
  await expect(reader.locator('body')).toContainText('3 clusters explain 72%');
});

test('notebooks of this browser are listed, opened and removed', async ({ page }) => {
  await openExample(page, 'penguins', 2);
  await expect(page.getByTestId('saved')).toHaveText('saved here');
  await page.getByTestId('menu').click();
  await page.getByTestId('new-notebook').click();
  await expect(page.getByTestId('shelf')).toContainText('Find groups of penguins');
  await page.getByTestId('shelf-open').click();
  await ran(page.getByTestId('cell-1'));
  await page.getByTestId('menu').click();
  await page.getByTestId('forget-notebook').click();
  await page.getByTestId('forget-confirm').click();
  await expect(page.getByTestId('first-screen')).toBeVisible();
  await expect(page.getByTestId('shelf')).toHaveCount(0);
});

test.describe('with the service worker', () => {
  test.use({ serviceWorkers: 'allow' });

  test('after the first visit everything works without a network', async ({ page, host }) => {
    const site = await host();
    await page.goto(site.url);
    await page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated');
    await site.close();
    await page.reload();
    await page.getByTestId('example-penguins').click();
    await ran(page.getByTestId('cell-1'));
    expect((await painted(page.getByTestId('cell-0').locator('canvas').first())).inked).toBeGreaterThan(0.005);
    await page.getByTestId('lang-switch').click();
    await expect(page.getByTestId('cell-0').getByTestId('cell-answer')).toContainText('군집 3개');
    await expect(page.getByTestId('saved')).toHaveText('여기에 저장됨');
    await page.reload();
    await ran(page.getByTestId('cell-1'));
  });
});
