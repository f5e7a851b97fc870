// The notebook as a person uses it, on the built site.
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { dataFile, expect, painted, test, watchLongTasks } from './helpers.mjs';

const DATA = path.resolve(import.meta.dirname, '../data');

/** Drops nothing: chooses a file, reads the preview, opens it. */
async function openFile(page, file) {
  await page.getByTestId('choose-file').first().setInputFiles(file);
  await expect(page.getByTestId('preview-table')).toBeVisible();
  await page.getByTestId('opening-read').click();
  await expect(page.getByTestId('grid')).toBeVisible({ timeout: 60_000 });
}

test('an example becomes clusters and a regression, drawn on canvas', async ({ page }) => {
  await page.goto('./');
  await page.getByTestId('example-penguins').click();
  const [clusters, line] = [page.getByTestId('cell-0'), page.getByTestId('cell-1')];
  await expect(clusters).toHaveAttribute('data-state', 'done', { timeout: 30_000 });
  await expect(line).toHaveAttribute('data-state', 'done', { timeout: 30_000 });
  await expect(clusters.getByTestId('cell-answer')).toContainText('3 clusters explain 72% of the spread');
  await expect(line.getByTestId('cell-answer')).toContainText('81% of the differences in body_mass_g');
  const map = await painted(clusters.locator('canvas').first());
  expect(map.inked).toBeGreaterThan(0.005);
  expect(map.n_colours).toBeGreaterThan(20);
});

test('the language switch changes everything at once, results included', async ({ page }) => {
  await page.goto('./');
  await page.getByTestId('example-penguins').click();
  await expect(page.getByTestId('cell-0')).toHaveAttribute('data-state', 'done', { timeout: 30_000 });
  await page.getByTestId('lang-switch').click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'ko');
  await expect(page.getByTestId('cell-0').getByTestId('cell-answer')).toContainText('군집 3개가 전체 변동의 72%를 설명합니다');
});

test('a notebook is there after a reload, data included', async ({ page }) => {
  await page.goto('./');
  await page.getByTestId('example-campaign').click();
  await expect(page.getByTestId('cell-0')).toHaveAttribute('data-state', 'done', { timeout: 30_000 });
  await expect(page.getByTestId('cell-0').getByTestId('cell-answer')).toContainText('Ship “B: 10% coupon”');
  await expect(page.getByTestId('saved')).toHaveText('saved here');
  await page.reload();
  await expect(page.getByTestId('cell-0')).toHaveAttribute('data-state', 'done', { timeout: 30_000 });
  await page.getByTestId('rail-table-campaign').click();
  await expect(page.getByTestId('grid')).toContainText('A: reminder');
});

test('a Korean file of Excel opens as it was meant', async ({ page }) => {
  await page.goto('./');
  await openFile(page, dataFile('orders_ko_cp949.csv'));
  await expect(page.getByTestId('grid')).toContainText('주문번호');
  await expect(page.getByTestId('grid')).toContainText('2015-01-01');
  await expect(page.getByTestId('table-view')).toContainText('8,000');
});

test('what is not a table gets a sentence, and the notebook goes on', async ({ page }) => {
  await page.goto('./');
  await page.getByTestId('choose-file').first().setInputFiles({ name: 'broken.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b\n1,"open\n2,3\n') });
  await expect(page.getByTestId('opening-error')).toContainText('line 2');
  await page.getByTestId('opening-cancel').click();
  await openFile(page, path.join(DATA, 'penguins.csv'));
});

test('a third of a million flights open and scroll', async ({ page }, info) => {
  test.slow();
  const file = info.outputPath('flights.csv');
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, zlib.gunzipSync(fs.readFileSync(dataFile('flights.csv.gz'))));
  await page.goto('./');
  await openFile(page, file);
  await expect(page.getByTestId('table-view')).toContainText('336,776');
  const stop = await watchLongTasks(page);
  await page.getByTestId('grid').hover();
  for (let i = 0; i < 10; i++) { await page.mouse.wheel(0, 40_000); await page.waitForTimeout(60); }
  const tasks = await stop();
  console.log(`longest task while scrolling: ${Math.round(Math.max(0, ...tasks.map(t => t.duration)))} ms`);
  await expect(page.getByTestId('grid')).toContainText('2013');
});
