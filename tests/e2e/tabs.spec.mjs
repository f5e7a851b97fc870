// One notebook in two tabs, files that become one table, and room that runs out.
import path from 'node:path';
import { DATA, addCell, expect, openFile, ran, test, textFile } from './helpers.mjs';

const rows = (page) => page.getByTestId('rail-table-penguins');

/** Waits until the page says that all is kept. */
const kept = (page) => expect(page.getByTestId('saved')).toHaveText('saved here');

test.describe('one notebook in two tabs', () => {
  test('the second reads along, takes over, and neither loses anything', async ({ page: first, context }) => {
    await first.goto('./');
    await openFile(first, path.join(DATA, 'penguins.csv'));
    await first.getByTestId('back').click();
    await addCell(first, 'explore.describe');
    await ran(first.getByTestId('cell-0'));
    await first.getByTestId('title').fill('Birds');
    await kept(first);

    const second = await context.newPage();
    await second.goto('./');
    const note = second.getByTestId('elsewhere');
    await expect(note).toContainText('open in another tab');
    await expect(second.getByTestId('title')).toHaveValue('Birds');
    await expect(second.getByTestId('saved')).toHaveText('read only');
    await expect(second.getByTestId('cell-0')).toHaveAttribute('data-state', 'done');
    await expect(first.getByTestId('elsewhere')).toHaveCount(0);

    // The table can be looked at; nothing can be changed.
    await rows(second).click();
    await expect(second.getByTestId('grid')).toContainText('Adelie');
    await second.getByTestId('back').click();
    await expect(second.getByTestId('title')).not.toBeEditable();
    await second.evaluate(() => {
      const data = new DataTransfer();
      data.items.add(new File(['a,b\n1,2\n'], 'other.csv', { type: 'text/csv' }));
      for (const kind of ['dragenter', 'dragover', 'drop']) document.body.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
    });
    await expect(second.getByTestId('toast')).toContainText('Work here');
    await expect(second.getByTestId('opening-dialog')).toBeHidden();

    // What the first one changes is seen.
    await first.getByTestId('title').fill('Birds of three kinds');
    await expect(second.getByTestId('title')).toHaveValue('Birds of three kinds');

    // Taken over with a change of the first one still unsaved.
    await first.getByTestId('title').fill('Birds of Palmer');
    await second.getByTestId('take-over').click();
    await expect(note).toHaveCount(0);
    await expect(first.getByTestId('elsewhere')).toBeVisible();
    await expect(second.getByTestId('title')).toHaveValue('Birds of Palmer');
    await addCell(second, 'explore.frequencies');
    await second.getByTestId('title').fill('Penguins');
    await kept(second);
    await expect(first.getByTestId('title')).toHaveValue('Penguins');

    // The first one is loaded anew, alone, and has all of it.
    await second.close();
    await first.reload();
    await expect(first.getByTestId('title')).toHaveValue('Penguins');
    await expect(first.getByTestId('elsewhere')).toHaveCount(0);
    await expect(first.getByTestId('cell-1')).toHaveAttribute('data-analysis', 'explore.frequencies');
    await rows(first).click();
    await expect(first.getByTestId('grid')).toContainText('Adelie');
  });

  test('a tab that goes leaves the notebook to the other', async ({ page: first, context }) => {
    await first.goto('./');
    await openFile(first, path.join(DATA, 'penguins.csv'));
    await kept(first);
    const second = await context.newPage();
    await second.goto('./');
    await expect(second.getByTestId('elsewhere')).toBeVisible();
    await first.close();
    await second.getByTestId('take-over').click();
    await expect(second.getByTestId('elsewhere')).toHaveCount(0);
    await second.getByTestId('title').fill('Mine now');
    await kept(second);
    await second.reload();
    await expect(second.getByTestId('title')).toHaveValue('Mine now');
    await expect(second.getByTestId('elsewhere')).toHaveCount(0);
  });

  test('another notebook beside it is free, and each tab comes back to its own', async ({ page: first, context }) => {
    await first.goto('./');
    await openFile(first, path.join(DATA, 'penguins.csv'));
    await first.getByTestId('title').fill('First');
    await kept(first);
    const second = await context.newPage();
    await second.goto('./');
    await second.getByTestId('elsewhere-new').click();
    await expect(second.getByTestId('first-screen')).toBeVisible();
    await expect(second.getByTestId('elsewhere')).toHaveCount(0);
    await openFile(second, textFile('small.csv', 'a,b\n1,2\n3,4\n'));
    await second.getByTestId('title').fill('Second');
    await kept(second);
    await first.reload();
    await second.reload();
    await expect(first.getByTestId('title')).toHaveValue('First');
    await expect(second.getByTestId('title')).toHaveValue('Second');
    for (const page of [first, second]) await expect(page.getByTestId('elsewhere')).toHaveCount(0);
  });
});

const MONTHS = ['2024-01', '2024-02', '2024-10'].map((month, i) =>
  textFile(`sales_${month}.csv`, `shop,amount\nSeoul,${i + 1}0\nBusan,${i + 1}5\n`));

test.describe('several files', () => {
  test('of one shape are one table that says which row is from which', async ({ page }) => {
    await page.goto('./');
    await page.getByTestId('choose-file').first().setInputFiles([MONTHS[2], MONTHS[0], MONTHS[1]]);
    const dialog = page.getByTestId('opening-dialog');
    await expect(dialog).toContainText('Open 3 files as one table');
    await expect(page.getByTestId('opening-several')).toContainText('sales_2024-01.csv, sales_2024-02.csv, sales_2024-10.csv');
    await page.getByTestId('opening-source-column').fill('month');
    await page.getByTestId('opening-source-column').press('Tab');
    await expect(page.getByTestId('opening-read')).toBeEnabled();
    await page.getByTestId('opening-read').click();
    await expect(page.getByTestId('rail-table-sales')).toContainText('6');
    const cells = page.locator('.grid-row').nth(4).locator('.grid-cell:visible');
    await expect(cells.filter({ hasText: 'sales_2024-10' })).toHaveCount(1);
    await expect(cells.filter({ hasText: 'Seoul' })).toHaveCount(1);
    await expect(cells.filter({ hasText: '30' })).toHaveCount(1);
    await expect(page.getByTestId('inspector').locator('.table-column')).toHaveCount(3);
  });

  test('are each a table of their own when that is wanted', async ({ page }) => {
    await page.goto('./');
    await page.getByTestId('choose-file').first().setInputFiles(MONTHS);
    const dialog = page.getByTestId('opening-dialog');
    await expect(dialog).toContainText('as one table');
    await page.getByTestId('opening-as').getByText('Each its own table').click();
    for (const month of ['2024-01', '2024-02', '2024-10']) {
      await expect(dialog).toContainText(`Open sales_${month}.csv`);
      await expect(page.getByTestId('opening-read')).toBeEnabled();
      await page.getByTestId('opening-read').click();
    }
    await expect(dialog).toBeHidden();
    await expect(page.locator('[data-testid^="rail-table-sales"]')).toHaveCount(3);
  });

  test('of different shapes are opened one after the other', async ({ page }) => {
    await page.goto('./');
    await page.getByTestId('choose-file').first().setInputFiles([MONTHS[0], textFile('shops.csv', 'shop,city\nA,Seoul\n')]);
    const dialog = page.getByTestId('opening-dialog');
    await expect(dialog).toContainText('Open sales_2024-01.csv');
    await expect(page.getByTestId('opening-several')).toHaveCount(0);
    await page.getByTestId('opening-read').click();
    await expect(dialog).toContainText('Open shops.csv');
    await page.getByTestId('opening-read').click();
    await expect(dialog).toBeHidden();
    await expect(page.getByTestId('rail-table-shops')).toBeVisible();
  });
});

test('a browser that is nearly full says so before it hurts', async ({ page }) => {
  await page.addInitScript(() => {
    navigator.storage.estimate = async () => ({ usage: 995e6, quota: 1e9 });
  });
  await page.goto('./');
  const big = textFile('big.csv', 'a,b\n' + `1,${'x'.repeat(90)}\n`.repeat(60_000));
  await page.getByTestId('choose-file').first().setInputFiles(big);
  await expect(page.getByTestId('opening-tight')).toContainText('room for 5.0 MB more');
  await page.getByTestId('opening-read').click();
  await expect(page.getByTestId('room')).toContainText('995 MB of 1.0 GB');
  await page.getByTestId('room').getByRole('button').first().click();
  await expect(page.getByTestId('privacy-panel')).toContainText('995 MB');
  await expect(page.getByTestId('eviction')).toContainText('disk runs full');
});
