// Tables: opening and what may be said against what was understood, pasting, the grid, large files.
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { DATA, addCell, dataFile, expect, longestTask, openFile, openPenguins, pick, ran, saved, test, textFile } from './helpers.mjs';

test('what was understood of a file is shown, and can be set right', async ({ page }) => {
  await page.goto('./');
  await page.getByTestId('choose-file').first().setInputFiles(dataFile('orders_ko_cp949.csv'));
  const dialog = page.getByTestId('opening-dialog');
  await expect(dialog).toContainText('7 columns · Korean (CP949) · comma');
  const heads = dialog.locator('thead th');
  await expect(heads.locator('select').nth(1)).toHaveValue('date');
  await expect(heads.locator('select').nth(6)).toHaveValue('whole');
  await expect(heads.locator('input').nth(6)).toHaveValue('금액(원)');

  await page.getByTestId('opening-encoding').selectOption('UTF-8');
  await expect(heads.locator('input').nth(6)).not.toHaveValue('금액(원)');
  await page.getByTestId('opening-encoding').selectOption('');
  await expect(heads.locator('input').nth(6)).toHaveValue('금액(원)');
  await heads.locator('select').nth(4).selectOption('text');
  await heads.locator('select').nth(2).selectOption('left_out');
  await heads.locator('input').nth(6).fill('won');
  await heads.locator('input').nth(6).press('Tab');
  await page.getByTestId('opening-read').click();
  await expect(page.getByTestId('grid')).toBeVisible();
  const card = page.getByTestId('inspector').locator('.table-column');
  await expect(card).toHaveCount(6);
  await expect(card.nth(3)).toContainText('Text');
  await expect(card.nth(5)).toContainText('won');
  await expect(page.getByTestId('grid')).toContainText('17,200');
});

test('other encodings, separators, decimal commas, dates and money', async ({ page }) => {
  await page.goto('./');
  const text = 'id;day;price;share\n007;5.3.2024;€ 1.234,50;12,5%\n008;6.3.2024;€ 99,00;7%\n009;;€ 3,10;\n';
  const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
  await page.getByTestId('choose-file').first().setInputFiles({ name: 'preise.csv', mimeType: 'text/csv', buffer: utf16 });
  await expect(page.getByTestId('opening-dialog')).toContainText('UTF-16');
  await expect(page.getByTestId('opening-dialog')).toContainText('semicolon');
  await page.getByTestId('opening-read').click();
  const row = page.locator('.grid-row').first();
  await expect(row.locator('.grid-cell:visible')).toHaveText(['007', '2024-03-05', /1[,]?234\.50?/, /12\.5|0\.125/]);
  await expect(page.getByTestId('inspector').locator('.table-column').nth(2)).toContainText('Number');
});

for (const [what, file, sentence] of [
  ['an empty file', textFile('empty.csv', ''), /empty/],
  ['a picture', { name: 'photo.csv', mimeType: 'text/csv', buffer: fs.readFileSync(new URL('../../public/icon-192.png', import.meta.url)) }, /text/],
  ['only a header', textFile('head.csv', 'a,b,c\n'), /row/],
  ['a quote that is left open', textFile('quote.csv', 'a,b\n1,"open\n2,3\n'), /line 2/],
]) {
  test(`${what} gets a sentence, and the notebook goes on`, async ({ page }) => {
    await page.goto('./');
    await page.getByTestId('choose-file').first().setInputFiles(file);
    await expect(page.getByTestId('opening-error')).toHaveText(sentence);
    await expect(page.getByTestId('opening-read')).toBeDisabled();
    await page.getByTestId('opening-cancel').click();
    await openFile(page, path.join(DATA, 'penguins.csv'));
  });
}

test('a table is pasted anywhere on the page, or dropped on it', async ({ page }) => {
  await page.goto('./');
  await expect(page.getByTestId('first-screen')).toBeVisible();
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.setData('text/plain', 'group\tvalue\nA\t12.5\nB\t14.1\n');
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  });
  await expect(page.getByTestId('opening-dialog')).toContainText('2 columns');
  await page.getByTestId('opening-read').click();
  await expect(page.getByTestId('rail-table-pasted_table').or(page.locator('[data-testid^="rail-table-pasted"]'))).toContainText('2');

  const penguins = fs.readFileSync(path.join(DATA, 'penguins.csv'), 'utf8');
  await page.evaluate((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], 'dropped.csv', { type: 'text/csv' }));
    for (const kind of ['dragenter', 'dragover', 'drop']) document.body.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
  }, penguins);
  await page.getByTestId('opening-read').click();
  await expect(page.getByTestId('rail-table-dropped')).toContainText('344');
});

test('the grid is walked by keys, copied from, and shows a column’s profile', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto('./');
  await openFile(page, path.join(DATA, 'penguins.csv'));
  const grid = page.getByTestId('grid');
  await expect(page.getByTestId('column-profile-2')).toContainText('32.1 – 59.6');
  await grid.evaluate((element) => element.scrollTo(10_000, 0));
  await expect(page.getByTestId('column-profile-6')).toContainText('3% missing');
  await grid.evaluate((element) => element.scrollTo(0, 0));
  await grid.locator('.grid-cell:visible').first().click();
  for (const key of ['ArrowRight', 'ArrowRight', 'ArrowDown', 'Shift+ArrowRight', 'Shift+ArrowDown']) await page.keyboard.press(key);
  await expect(page.getByTestId('grid-value')).toContainText('2 × 2');
  await page.keyboard.press('Control+c');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('39.5\t17.4\n40.3\t18.0');
  await page.getByTestId('go-to-row').fill('344');
  await page.keyboard.press('Enter');
  await expect(grid).toContainText('Chinstrap');
  await page.getByTestId('column-profile-0').click();
  await expect(page.getByTestId('column-profile')).toContainText('Adelie');
  await expect(page.getByTestId('column-profile')).toContainText('44.2%');
});

test('a table is saved as CSV, replaced by another file, removed and brought back', async ({ page }) => {
  await openPenguins(page);
  const { cell } = await addCell(page, 'explore.describe');
  await ran(cell);
  await page.getByTestId('rail-table-penguins').click();
  await page.getByTestId('table-menu').click();
  const file = await saved(page, () => page.getByTestId('export-csv').click());
  const original = fs.readFileSync(path.join(DATA, 'penguins.csv'), 'utf8');
  expect(file.name).toBe('penguins.csv');
  expect(file.text.split(/\r?\n/).filter(Boolean)).toHaveLength(345);
  expect(file.text.split(/\r?\n/)[0]).toBe(original.split(/\r?\n/)[0]);
  expect(file.text).toContain('Chinstrap,Dream,50.2,18.7,198,3775,female,2009');

  await page.getByTestId('table-menu').click();
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByTestId('replace-table').click()]);
  await chooser.setFiles(textFile('few.csv', original.split('\n').slice(0, 101).join('\n')));
  await expect(page.getByTestId('opening-dialog')).toContainText('Replace “penguins” with few.csv');
  await page.getByTestId('opening-read').click();
  await expect(page.getByTestId('rail-table-penguins')).toContainText('100');
  await page.getByTestId('back').click();
  await ran(cell);
  await expect(cell.getByTestId('cell-answer')).toContainText('100 rows');

  await page.getByTestId('rail-table-penguins').click();
  await page.getByTestId('table-menu').click();
  await page.getByTestId('remove-table').click();
  await expect(page.getByTestId('rail-table-penguins')).toHaveCount(0);
  await ran(cell, 'incomplete');
  await page.keyboard.press('Control+z');
  await ran(cell);
});

test.describe('a third of a million rows', () => {
  // Another program on the machine makes any task long; it does not make one short.
  test.describe.configure({ retries: 2 });

  const flights = (info) => {
    const file = info.outputPath('flights.csv');
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, zlib.gunzipSync(fs.readFileSync(dataFile('flights.csv.gz'))));
    return file;
  };

  test('flights open, scroll and are clustered while the page stays free', async ({ page }, info) => {
    test.slow();
    await page.goto('./');
    const longest = {};
    longest.opening = await longestTask(page, () => openFile(page, flights(info)));
    await expect(page.getByTestId('table-view')).toContainText('336,776');
    await expect(page.getByTestId('column-profile-0')).toContainText('1 level');
    await page.getByTestId('grid').hover();
    longest.scrolling = await longestTask(page, async () => {
      for (let i = 0; i < 12; i++) {
        await page.mouse.wheel(i % 4 === 3 ? 500 : 0, 60_000);
        await page.waitForTimeout(60);
      }
    });
    await expect(page.locator('.grid-row').first()).toContainText('2013');
    await page.getByTestId('back').click();
    const { cell, form } = await addCell(page, 'segment.k_means');
    longest.clustering = await longestTask(page, async () => {
      await pick(form, 'columns', ['dep_delay', 'arr_delay', 'distance', 'air_time']);
      await ran(cell);
      await expect(page.getByTestId('rail-table-clusters')).toContainText('336,776');
      await expect(cell.locator('canvas').first()).toBeVisible();
      await page.waitForTimeout(500); // drawn and saved
    });
    await expect(cell.getByTestId('cell-answer')).toContainText('3 clusters');
    console.log(`longest tasks of the page, ms: ${JSON.stringify(longest)}`);
    // The aim is 50 for each; drawing a wide table takes more on slow processors.
    const limits = { opening: 120, scrolling: 120, clustering: 75 };
    for (const [what, { cpu }] of Object.entries(longest)) expect(cpu, what).toBeLessThan(limits[what]);
  });

  test('a long run is called off within a second, and the table is still there', async ({ page }, info) => {
    test.slow();
    await page.goto('./');
    await openFile(page, flights(info));
    await page.getByTestId('back').click();
    const { cell, form } = await addCell(page, 'segment.k_means');
    await page.getByTestId('auto-run').click();
    await pick(form, 'columns', ['dep_delay', 'arr_delay', 'distance', 'air_time', 'dep_time', 'flight']);
    await form.getByTestId('option-k').fill('80');
    await page.getByTestId('auto-run').click();
    await expect(cell.getByTestId('cell-progress')).toBeVisible();
    await expect(cell.locator('.cell-step')).not.toBeEmpty();
    const start = Date.now();
    await cell.getByTestId('cell-cancel').click();
    await ran(cell, 'held');
    await page.getByTestId('rail-table-flights').click();
    await expect(page.locator('.grid-row').first()).toContainText('2013');
    const ms = Date.now() - start;
    await page.getByTestId('back').click();
    await form.getByTestId('option-k').fill('3');
    await ran(cell);
    expect(ms).toBeLessThan(1000);
  });
});
