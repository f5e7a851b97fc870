// Three files to one analysis: join, group, filter by a formula, cluster, hand over as a workbook.
import { addCell, expect, openFile, pick, ran, saved, test, textFile } from './helpers.mjs';

// 60 customers, five orders each, and whether they opened the letter; all of it told by the row's number.
const customers = Array.from({ length: 60 }, (_, i) => ({ id: `C${String(i + 1).padStart(3, '0')}`, region: ['Seoul', 'Busan', 'Jeju'][i % 3], opened: i % 4 === 0 ? 'no' : 'yes' }));
const orders = customers.flatMap(({ id }, i) => Array.from({ length: 5 }, (_, j) => ({ customer: id, amount: 10 + ((i * 37 + j * 11) % 90) + (i < 20 ? 200 : 0) + 0.25 })));
const csv = (rows) => [Object.keys(rows[0]), ...rows.map(Object.values)].map((row) => row.join(',')).join('\n') + '\n';
const files = {
  customers: csv(customers.map(({ id, region }) => ({ id, region }))),
  orders: csv(orders),
  letters: csv(customers.map(({ id, opened }) => ({ id, opened }))),
};

const totals = new Map();
for (const { customer, amount } of orders) totals.set(customer, (totals.get(customer) ?? 0) + amount);
const kept = customers.filter(({ id, opened }) => opened === 'yes' && totals.get(id) > 300);

test('three files become one table, clusters and a workbook; a reload in the middle loses nothing', async ({ page }) => {
  test.slow();
  await page.goto('./');
  await page.getByTestId('choose-file').first().setInputFiles(Object.entries(files).map(([name, text]) => textFile(`${name}.csv`, text)));
  for (const name of Object.keys(files)) {
    await page.getByTestId('opening-read').click();
    await expect(page.getByTestId(`rail-table-${name}`)).toBeVisible();
  }
  await page.getByTestId('back').click();

  const joined = await addCell(page, 'transform.join');
  await joined.form.getByTestId('input-table').selectOption('orders');
  await joined.form.getByTestId('input-right').selectOption('customers');
  await joined.form.getByTestId('option-keys.0.left').selectOption('customer');
  await joined.form.getByTestId('option-keys.0.right').selectOption('id');
  await ran(joined.cell);
  await expect(joined.cell).toContainText('300');

  const grouped = await addCell(page, 'transform.group');
  await expect(grouped.form.getByTestId('input-table')).toHaveValue('joined');
  await pick(grouped.form, 'by', ['customer', 'region']);
  await grouped.form.getByTestId('option-summaries.0.what').selectOption('sum');
  await grouped.form.getByTestId('option-summaries.0.column').selectOption('amount');
  await grouped.form.getByTestId('option-summaries.0.name').fill('total');
  await ran(grouped.cell);
  const groups = await grouped.form.getByTestId(/^output-/).first().inputValue();
  await expect(page.getByTestId(`rail-table-${groups}`)).toContainText('60');

  const withLetters = await addCell(page, 'transform.join');
  await withLetters.form.getByTestId('input-table').selectOption(groups);
  await withLetters.form.getByTestId('input-right').selectOption('letters');
  await withLetters.form.getByTestId('option-keys.0.left').selectOption('customer');
  await withLetters.form.getByTestId('option-keys.0.right').selectOption('id');
  await ran(withLetters.cell);

  await expect(page.getByTestId('saved')).toHaveText('saved here');
  await page.reload();
  await ran(page.getByTestId('cell-2'));
  await expect(page.getByTestId(`rail-table-${groups}`)).toContainText('60');

  const filtered = await addCell(page, 'transform.filter');
  await filtered.form.getByTestId('option-by').getByRole('radio', { name: 'A formula' }).check();
  await filtered.form.getByTestId('option-formula').fill('total > 300 and opened = "yes"');
  await ran(filtered.cell);
  const rows = await filtered.form.getByTestId(/^output-/).first().inputValue();
  await expect(page.getByTestId(`rail-table-${rows}`)).toContainText(String(kept.length));

  const clustered = await addCell(page, 'segment.k_means');
  await pick(clustered.form, 'columns', ['total']);
  await clustered.form.getByTestId('option-k').fill('2');
  await ran(clustered.cell);
  await expect(clustered.cell.getByTestId('cell-answer')).toContainText('2 clusters');
  await page.getByTestId('rail-table-clusters').click();
  await page.getByTestId('table-menu').click();
  const workbook = await saved(page, () => page.getByTestId('export-xlsx').click());
  expect(workbook.name).toBe('clusters.xlsx');

  await page.getByTestId('back').click();
  await page.getByTestId('menu').click();
  await page.getByTestId('new-notebook').click();
  await openFile(page, { name: workbook.name, mimeType: 'application/octet-stream', buffer: workbook.bytes });
  await expect(page.getByTestId('table-view')).toContainText(`${kept.length} rows`);
  const cells = page.locator('.grid-row').first().locator('.grid-cell:visible');
  await expect(cells.nth(0)).toHaveText(kept[0].id);
  await expect(cells.nth(1)).toHaveText(kept[0].region);
  const total = totals.get(kept[0].id).toFixed(2).replace('.', '\\.').replace(/^(\d)(\d{3})/, '$1,?$2');
  await expect(cells.filter({ hasText: new RegExp(`^${total}$`) })).toHaveCount(1);
});
