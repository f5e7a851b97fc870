// Cells: from the palette to an answer, what depends on what, cancel, undo.
import { addCell, expect, openExample, openPenguins, painted, pick, ran, test } from './helpers.mjs';

const MEASURES = ['bill_length_mm', 'bill_depth_mm', 'flipper_length_mm', 'body_mass_g'];

test('describe: every column, as soon as it is added', async ({ page }) => {
  await openPenguins(page);
  const { cell } = await addCell(page, 'explore.describe');
  await ran(cell);
  await expect(cell.getByTestId('cell-answer')).toHaveText('344 rows, 8 columns; 0.7% of the values are missing.');
  // R: sapply(penguins, mean, na.rm = TRUE), sd
  const mass = cell.getByTestId('result-table-numbers').getByRole('row', { name: /^body_mass_g/ });
  await expect(mass).toContainText('4,201.8');
  await expect(mass).toContainText('801.95');
  await expect(cell.getByTestId('chart-levels_species').locator('canvas')).toBeVisible();
});

test('chart: a histogram, then a scatter with a colour for each level', async ({ page }) => {
  await openPenguins(page);
  const { cell, form } = await addCell(page, 'explore.chart');
  await ran(cell, 'incomplete');
  await expect(cell.getByTestId('cell-line')).toHaveText('Chart of …');
  await form.getByTestId('option-x').selectOption('bill_length_mm');
  await ran(cell);
  expect((await painted(cell.getByTestId('chart-histogram').locator('canvas'))).inked).toBeGreaterThan(0.05);
  await form.getByTestId('option-y').selectOption('bill_depth_mm');
  await form.getByTestId('option-color').selectOption('species');
  const scatter = cell.getByTestId('chart-scatter').locator('canvas');
  await expect(scatter).toBeVisible();
  await ran(cell);
  const colours = (await painted(scatter)).colours.map(([name]) => name);
  expect(colours.length).toBeGreaterThan(10);
  await expect(cell.getByTestId('cell-line')).toHaveText('Chart of bill_length_mm and bill_depth_mm');
});

test('filter: its rows are a table that the next cell reads', async ({ page }) => {
  await openPenguins(page);
  const { cell, form } = await addCell(page, 'transform.filter');
  await form.getByTestId('option-conditions.0.column').selectOption('species');
  await form.getByTestId('option-conditions.0.value').fill('Gentoo');
  await ran(cell);
  await form.getByRole('button', { name: 'Add a row' }).click();
  await form.getByTestId('option-conditions.1.column').selectOption('body_mass_g');
  await form.getByTestId('option-conditions.1.is').selectOption('more');
  await form.getByTestId('option-conditions.1.value').fill('5000');
  // R: sum(species == "Gentoo" & body_mass_g > 5000, na.rm = TRUE)
  await expect(page.getByTestId('rail-table-rows')).toContainText('61');
  const { cell: description } = await addCell(page, 'explore.describe');
  await ran(description);
  await expect(description.getByTestId('cell-answer')).toContainText('61 rows');
});

test('A/B test of typed counts, without a table', async ({ page }) => {
  await page.goto('./');
  await page.getByTestId('start-empty').click();
  await page.keyboard.press('Escape');
  const { cell, form } = await addCell(page, 'experiment.ab_test');
  await form.getByTestId('option-source').selectOption('counts');
  const rows = [['control', '1000', '100'], ['new', '1000', '150']];
  for (const [i, [name, n, successes]] of rows.entries()) {
    if (i > 0) await form.getByRole('button', { name: 'Add a row' }).click();
    await form.getByTestId(`option-counts.${i}.name`).fill(name);
    await form.getByTestId(`option-counts.${i}.n`).fill(n);
    await form.getByTestId(`option-counts.${i}.successes`).fill(successes);
  }
  await ran(cell);
  await expect(cell.getByTestId('cell-answer')).toContainText('Ship “new”');
  // R: prop.test(c(150, 100), c(1000, 1000), correct = FALSE): p = 0.000723, 2.109 to 7.891 points
  const row = cell.getByRole('row', { name: /^new 5\.00 pp/ });
  await expect(row).toContainText('< 0.001');
  await expect(row).toContainText('2.11 pp');
  await expect(row).toContainText('7.89 pp');
});

test('text: Markdown reads like a page, raw HTML is shown as it was typed', async ({ page }) => {
  await openPenguins(page);
  await page.getByTestId('add-text').click();
  await page.getByTestId('cell-textarea').fill('# Who is heavy?\n\nThe **Gentoo**. <img src=x onerror=alert(1)>\n\n| a | b |\n|---|---|\n| 1 | 2 |');
  await page.keyboard.press('Escape');
  const cell = page.getByTestId('cell-0');
  await expect(cell.getByRole('heading')).toHaveText('Who is heavy?');
  await expect(cell.locator('strong')).toHaveText('Gentoo');
  await expect(cell.locator('table td')).toHaveText(['1', '2']);
  await expect(cell).toContainText('<img src=x onerror=alert(1)>');
  await expect(page.getByTestId('outline-0')).toHaveText(/Who is heavy/);
  await cell.getByText('The Gentoo').click();
  await expect(cell.getByTestId('cell-textarea')).toBeFocused();
});

test('what is missing or does not fit is said at its field', async ({ page }) => {
  await openPenguins(page);
  const { cell, form } = await addCell(page, 'segment.k_means');
  await ran(cell, 'incomplete');
  await expect(form.getByTestId('option-error-columns')).toHaveText('Choose at least one column.');
  await expect(form.getByTestId('option-columns')).toContainText('Not offered');
  await expect(form.getByTestId('option-columns').getByRole('checkbox')).toHaveCount(5);
  await pick(form, 'columns', MEASURES);
  await ran(cell);
  await form.getByTestId('option-k').fill('1');
  await expect(form.getByTestId('option-error-k')).toContainText('2');
  await expect(form.getByTestId('option-k')).toHaveAttribute('aria-invalid', 'true');
  await ran(cell, 'incomplete');
  await expect(cell.getByTestId('cell-answer')).toContainText('3 clusters'); // the last answer stays in sight
  await cell.locator('.missing').first().click();
  await expect(form.getByTestId('option-k')).toBeFocused();
  await form.getByTestId('option-k').fill('4');
  await ran(cell);
  await expect(cell.getByTestId('cell-answer')).toContainText('4 clusters');
});

test('a change reruns what depends on it, in order; by hand when that is wanted', async ({ page }) => {
  await openPenguins(page);
  const clusters = await addCell(page, 'segment.k_means');
  await pick(clusters.form, 'columns', MEASURES);
  await ran(clusters.cell);
  const chart = await addCell(page, 'explore.chart');
  await expect(chart.form.getByTestId('input-table')).toHaveValue('clusters');
  await chart.form.getByTestId('option-x').selectOption('cluster');
  await ran(chart.cell);
  await expect(chart.cell.getByTestId('cell-answer')).toContainText('132'); // the largest of the three
  await page.getByTestId('outline-0').click();
  await clusters.form.getByTestId('option-k').fill('2');
  await ran(clusters.cell);
  await ran(chart.cell);
  await expect(chart.cell.getByTestId('cell-answer')).toContainText('219'); // scikit-learn: KMeans(2) of the same columns, 219 and 123

  await page.getByTestId('auto-run').click();
  await clusters.form.getByTestId('option-k').fill('3');
  await ran(clusters.cell, 'stale');
  await ran(chart.cell, 'stale');
  await expect(chart.cell.getByTestId('cell-answer')).toContainText('219');
  await chart.cell.getByRole('button', { name: 'Run again' }).click();
  await ran(clusters.cell);
  await ran(chart.cell);
  await expect(chart.cell.getByTestId('cell-answer')).toContainText('132');
  await page.keyboard.press('Control+z'); // the result of before is known: no run
  await ran(chart.cell);
  await expect(chart.cell.getByTestId('cell-answer')).toContainText('219');
});

test('a table gets another name, and its cells follow', async ({ page }) => {
  await openExample(page, 'penguins', 2);
  await page.getByTestId('rail-table-penguins').click();
  await page.getByTestId('table-name').fill('birds');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('rail-table-birds')).toContainText('344');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('cell-0').locator('.table-chip').first()).toHaveText('birds');
  await ran(page.getByTestId('cell-0'));
  await page.getByTestId('undo').click();
  await expect(page.getByTestId('rail-table-penguins')).toBeVisible();
});

test('cells are moved, doubled and deleted, and all of it is undone', async ({ page }) => {
  await openExample(page, 'penguins', 2);
  const order = () => page.locator('[data-testid^="cell-"][data-analysis]').evaluateAll((cells) => cells.map((cell) => cell.dataset.analysis));
  const choose = async (i, name) => {
    await page.getByTestId(`cell-${i}`).hover();
    await page.getByTestId(`cell-${i}`).getByTestId('cell-menu').click();
    await page.getByRole('menuitem', { name }).click();
  };
  await choose(0, 'Move down');
  expect(await order()).toEqual(['regression.linear', 'segment.k_means']);
  await choose(0, 'Duplicate');
  expect(await order()).toEqual(['regression.linear', 'regression.linear', 'segment.k_means']);
  await ran(page.getByTestId('cell-1'));
  await expect(page.getByTestId('rail-table-predictions')).toHaveCount(1);
  await choose(2, 'Delete');
  await expect(page.getByTestId('toast')).toContainText('Undo brings it back');
  expect(await order()).toEqual(['regression.linear', 'regression.linear']);
  for (let i = 0; i < 3; i++) await page.getByTestId('undo').click();
  expect(await order()).toEqual(['segment.k_means', 'regression.linear']);
  await ran(page.getByTestId('cell-0'));
  for (let i = 0; i < 3; i++) await page.getByTestId('redo').click();
  expect(await order()).toEqual(['regression.linear', 'regression.linear']);
});

test('an added cell is brought into view', async ({ page }) => {
  await openExample(page, 'penguins', 2);
  await addCell(page, 'explore.describe');
  await expect(page.getByTestId('cell-2').getByTestId('cell-line')).toBeInViewport();
});

test('the palette is searched in both languages', async ({ page }) => {
  await openPenguins(page);
  for (const [query, analysis] of [['t-test', 'compare.t_test'], ['mean difference', 'experiment.ab_test'], ['군집', 'segment.k_means'], ['ㅅㅎㅎㄱ', 'regression.linear'], ['kmeans', 'segment.k_means'], ['평균 차이', 'experiment.ab_test'], ['markdown', 'text']]) {
    await page.keyboard.press('/');
    await page.getByTestId('palette-search').fill(query);
    await expect(page.locator('.palette-item').first(), query).toHaveAttribute('data-testid', `palette-item-${analysis}`);
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('palette')).toBeHidden();
  }
});
