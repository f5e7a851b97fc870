// Results: charts under the pointer and the keys, files and clipboard, tables.
import { expect, openExample, painted, saved, test } from './helpers.mjs';

/** The map of the clusters of the penguins. */
async function openMap(page) {
  await openExample(page, 'penguins', 2);
  const chart = page.getByTestId('cell-0').getByTestId('chart-map');
  await chart.scrollIntoViewIfNeeded();
  return { chart, canvas: chart.locator('canvas') };
}

/** Moves the pointer over the chart until it meets a mark; where, in the canvas. */
async function hoverMark(page, chart) {
  const box = await chart.locator('canvas').boundingBox();
  for (let y = 0.45; y < 0.8; y += 0.03) {
    for (let x = 0.1; x < 0.9; x += 0.05) {
      await page.mouse.move(box.x + x * box.width, box.y + y * box.height);
      if (await chart.locator('.chart-note').count()) return { x: x * box.width, y: y * box.height };
    }
  }
  throw new Error('no mark was met');
}

const choose = async (page, chart, name) => {
  await chart.hover();
  await chart.getByRole('button', { name: /Save or copy/ }).click();
  return page.getByRole('menuitem', { name });
};

test('the pointer on a mark shows its values; a drag zooms, a double click goes back', async ({ page }) => {
  const { chart, canvas } = await openMap(page);
  await hoverMark(page, chart);
  await expect(chart.locator('.chart-note')).toHaveText(/Cluster \d.*Principal component 1.*−?\d\.\d+.*Principal component 2.*−?\d\.\d+/s);
  const whole = (await painted(canvas)).colours;
  const box = await canvas.boundingBox();
  await page.mouse.move(box.x + 0.15 * box.width, box.y + 0.4 * box.height);
  await page.mouse.down();
  await page.mouse.move(box.x + 0.4 * box.width, box.y + 0.8 * box.height, { steps: 4 });
  await expect(chart.locator('.chart-drag')).toBeVisible();
  await page.mouse.up();
  await expect(chart.getByRole('button', { name: 'Show all' })).toBeVisible();
  expect((await painted(canvas)).colours).not.toEqual(whole);
  await canvas.dblclick({ position: { x: 0.5 * box.width, y: 0.9 * box.height } });
  await expect(chart.getByRole('button', { name: 'Show all' })).toHaveCount(0);
  await page.mouse.move(0, 0);
  await expect.poll(async () => (await painted(canvas)).colours).toEqual(whole);
});

test('arrow keys step through the values, and they are spoken', async ({ page }) => {
  const { chart } = await openMap(page);
  await chart.locator('.plot').focus();
  await page.keyboard.press('ArrowRight');
  const first = await chart.locator('.spoken').last().innerText();
  expect(first).toMatch(/Cluster \d/);
  await page.keyboard.press('ArrowRight');
  await expect(chart.locator('.spoken').last()).not.toHaveText(first);
  await expect(chart.locator('.chart-note')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(chart.locator('.chart-note')).toHaveCount(0);
});

test('the chart follows the colours and the width of the page', async ({ page }) => {
  const { canvas } = await openMap(page);
  const ground = async () => (await painted(canvas)).colours[0][0];
  expect(await ground()).toBe('#ffffffff');
  await page.getByTestId('theme-switch').click();
  await page.getByTestId('theme-switch').click();
  await expect.poll(ground).toBe('#16181cff');
  const before = (await painted(canvas)).width;
  await page.setViewportSize({ width: 900, height: 900 });
  await expect.poll(async () => (await painted(canvas)).width).not.toBe(before);
});

test('a chart leaves the page as SVG, as PNG and as values', async ({ page }) => {
  const { chart } = await openMap(page);
  const svg = await saved(page, async () => (await choose(page, chart, /SVG/)).click());
  expect(svg.name).toBe('Find_groups_of_penguins-1-map.svg');
  expect(svg.text).toMatch(/^<svg[^>]*viewBox=/);
  expect(svg.text.match(/<circle /g).length).toBeGreaterThanOrEqual(342);
  expect(svg.text).toContain('Where the clusters lie');
  expect(svg.text).not.toContain('<script');

  const png = await saved(page, async () => (await choose(page, chart, /300 dpi/)).click());
  expect(png.bytes.subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a');
  const width = png.bytes.readUInt32BE(16);
  expect(Math.abs(width / (await chart.locator('canvas').boundingBox()).width - 300 / 96)).toBeLessThan(0.02);
  const resolution = png.bytes.indexOf('pHYs');
  expect(png.bytes.readUInt32BE(resolution + 4)).toBe(Math.round(300 / 0.0254));

  const csv = await saved(page, async () => (await choose(page, chart, 'Values as CSV')).click());
  const lines = csv.text.replace(/^\ufeff/, '').trim().split(/\r?\n/);
  expect(lines).toHaveLength(1 + 342);
  expect(lines[0]).toContain('Principal component 1');
  expect(lines.filter((line) => line.startsWith('Cluster 1'))).toHaveLength(132);
});

test('a chart is read as a table', async ({ page }) => {
  const { chart } = await openMap(page);
  await chart.hover();
  await chart.getByRole('button', { name: 'As a table' }).click();
  await expect(chart.getByRole('row')).toHaveCount(51);
  await expect(chart).toContainText('Rows 1 to 50 of 342');
  await chart.getByRole('button', { name: 'Next' }).click();
  await expect(chart).toContainText('Rows 51 to 100 of 342');
  await chart.getByRole('button', { name: 'As a table' }).click();
  await expect(chart.locator('canvas')).toBeVisible();
});

test('a table of results is copied and saved with all its digits', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openExample(page, 'penguins', 2);
  const table = page.getByTestId('cell-1').getByTestId('result-table-coefficients');
  await table.hover();
  await table.getByRole('button', { name: /^Copy/ }).click();
  await expect(page.getByTestId('toast')).toHaveText('Copied.');
  const clipboard = await page.evaluate(async () => {
    const [item] = await navigator.clipboard.read();
    const read = async (kind) => (await item.getType(kind)).text();
    return { plain: await read('text/plain'), html: await read('text/html') };
  });
  expect(clipboard.plain.split('\n')[0]).toMatch(/^Term\tB\tSE/);
  expect(clipboard.html).toContain('<th');
  for (const [name, start] of [['Markdown', '**Coefficients**'], ['HTML', '<table>'], ['LaTeX', '\\begin{table}']]) {
    await table.getByRole('button', { name: /^More forms/ }).click();
    await page.getByRole('menuitem', { name: `Copy as ${name}` }).click();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain(start);
  }
  const csv = await saved(page, () => table.getByRole('button', { name: /CSV/ }).click());
  // R: coef(lm(body_mass_g ~ flipper_length_mm + bill_length_mm + sex, penguins))["flipper_length_mm"] = 48.20945
  const row = csv.text.split(/\r?\n/).find((line) => line.startsWith('flipper_length_mm')).split(',');
  expect(Number(row[1])).toBeCloseTo(48.2094, 3);
  expect(row[1].length).toBeGreaterThan(10);
});

test('results change their language with the page, without a run', async ({ page }) => {
  const { canvas } = await openMap(page);
  const time = page.getByTestId('cell-0').locator('.cell-time');
  const took = (await time.innerText()).replace(/[^\d.]/g, '');
  const before = (await painted(canvas)).colours;
  await page.getByTestId('lang-switch').click();
  await expect(page.getByTestId('cell-0').getByTestId('cell-answer')).toContainText('군집 3개가 전체 변동의 72%를 설명합니다');
  await expect(page.getByTestId('cell-0').getByTestId('result-table-clusters')).toContainText('군집 1');
  await expect(page.getByTestId('inspector')).toContainText('K-평균 군집');
  await expect.poll(async () => (await painted(canvas)).colours).not.toEqual(before); // titles and legend
  expect((await time.innerText()).replace(/[^\d.]/g, '')).toBe(took);
});
