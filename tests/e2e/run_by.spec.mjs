// Run by: one answer for each group of rows, on the page and from another page's script.
import fs from 'node:fs';
import { addCell, expect, expectAccessible, openFile, openPenguins, pick, ran, test, textFile } from './helpers.mjs';

const penguins = fs.readFileSync(new URL('../data/penguins.csv', import.meta.url), 'utf8');

test('describe by species: an overview, then each group with what it says alone', async ({ page }) => {
  await openPenguins(page);
  const { cell, form } = await addCell(page, 'explore.describe');
  await ran(cell);
  const picker = form.getByTestId('option-run.by');
  await expect(picker).toBeHidden();
  await form.getByTestId('run-by').click();
  await pick(form, 'run.by', ['species']);
  const answer = cell.getByTestId('cell-answer');
  await expect(answer).toHaveText('Run for 3 groups by species, of 68 to 152 rows.');
  await ran(cell);
  await expect(cell.getByTestId('cell-line')).toHaveText('Description, by species');
  const overview = cell.getByTestId('result-table-groups').getByRole('row');
  await expect(overview).toHaveCount(4);
  await expect(overview.nth(2)).toContainText('Chinstrap');
  await expect(overview.nth(2)).toContainText('68 rows, 8 columns');
  // R: aggregate(body_mass_g ~ species, penguins, mean)
  for (const [i, name, mean] of [[1, 'Adelie', '3,700.7'], [2, 'Chinstrap', '3,733.1'], [3, 'Gentoo', '5,076.0']]) {
    const group = cell.getByTestId(`group-g${i}`);
    await expect(group.getByRole('heading', { name: `species: ${name}` })).toBeVisible();
    await expect(group.getByTestId(`result-table-g${i}_numbers`).getByRole('row', { name: /^body_mass_g/ })).toContainText(mean);
    await expect(group.getByTestId(`chart-g${i}_levels_sex`).locator('canvas')).toBeVisible();
  }

  await page.getByTestId('lang-switch').click();
  await expect(answer).toHaveText('species 값에 따라 나눈 집단 3개에서 따로 실행했습니다. 집단마다 행은 68개에서 152개입니다.');
  await expect(form.getByTestId('run-by')).toContainText('집단별로 실행');
  await page.getByTestId('lang-switch').click();

  await expect(page.getByTestId('saved')).toHaveText('saved here');
  await page.reload();
  await ran(page.getByTestId('cell-0'));
  await expect(answer).toHaveText('Run for 3 groups by species, of 68 to 152 rows.');
  await cell.getByTestId('cell-line').click();
  await expect(form.getByTestId('run-by')).toContainText('species'); // used, so it stands open
  await expect(picker).toBeVisible();
  await picker.getByRole('button', { name: 'Remove species' }).click();
  await expect(answer).toHaveText('344 rows, 8 columns; 0.7% of the values are missing.');
  await page.getByTestId('undo').click();
  await expect(answer).toHaveText('Run for 3 groups by species, of 68 to 152 rows.');
});

test('the keyboard alone opens the picker and ticks a column; axe finds nothing', async ({ page }) => {
  await openPenguins(page);
  const { cell, form } = await addCell(page, 'explore.describe');
  await ran(cell);
  await form.getByTestId('run-by').focus();
  await page.keyboard.press('Enter');
  const picker = form.getByTestId('option-run.by');
  await expect(picker).toBeVisible();
  await expect(form.getByRole('group', { name: 'Run by' })).toBeVisible();
  const where = () => page.evaluate(() => {
    const { activeElement: e } = document;
    return e.type === 'checkbox' ? e.closest('label').textContent : '';
  });
  for (let i = 0; i < 20 && !(await where()).includes('sex'); i++) await page.keyboard.press('Tab');
  expect(await where()).toContain('sex');
  await page.keyboard.press('Space');
  await expect(cell.getByTestId('cell-answer')).toHaveText('Run for 3 groups by sex, of 11 to 168 rows.');
  await expect(cell.getByRole('heading', { name: 'sex: missing' })).toBeVisible();
  await expect(cell).toContainText('11 rows have no value in sex; such rows are groups of their own');
  await expectAccessible(page);
});

test('a group without an answer is named; too many groups are refused where they are chosen', async ({ page }) => {
  const rows = Array.from({ length: 40 }, (_, i) => `${i < 2 ? 'few' : 'many'},${(i * 13) % 17},${i * 2 + (i * 7) % 5}`);
  await page.goto('./');
  await openFile(page, textFile('sizes.csv', `part,x,y\n${rows.join('\n')}\n`));
  await page.getByTestId('back').click();
  const { cell, form } = await addCell(page, 'regression.linear');
  await form.getByTestId('option-outcome').selectOption('y');
  await pick(form, 'predictors', ['x']);
  await ran(cell);
  await form.getByTestId('run-by').click();
  await pick(form, 'run.by', ['part']);
  await expect(cell.getByTestId('cell-answer')).toHaveText('Run for 2 groups by part, of 2 to 38 rows.');
  await expect(cell).toContainText('1 of 2 groups has no answer; the table says why.');
  await expect(cell.getByTestId('group-g1').locator('.is-warning')).not.toBeEmpty();
  await expect(cell.getByTestId('group-g2').getByTestId('result-table-g2_coefficients')).toBeVisible();

  await openPenguins(page);
  const next = await addCell(page, 'explore.frequencies');
  await pick(next.form, 'columns', ['species']);
  await ran(next.cell);
  await next.form.getByTestId('run-by').click();
  await pick(next.form, 'run.by', ['flipper_length_mm']);
  await ran(next.cell, 'failed');
  // R: length(unique(penguins$flipper_length_mm)), a missing value among them.
  await expect(next.form.getByTestId('option-error-run.by')).toContainText('flipper_length_mm would make 56 groups, and at most 50 are run.');
});

test('labels of each group flow on as one table; a change of the groups reaches what reads it', async ({ page }) => {
  await openPenguins(page);
  const { cell, form } = await addCell(page, 'segment.k_means');
  await pick(form, 'columns', ['bill_length_mm', 'flipper_length_mm']);
  await form.getByTestId('run-by').click();
  await pick(form, 'run.by', ['species']);
  await expect(cell.getByTestId('cell-answer')).toHaveText('Run for 3 groups by species, of 68 to 152 rows.');
  await ran(cell);
  await expect(page.getByTestId('rail-table-clusters')).toContainText('344');
  const reader = await addCell(page, 'explore.crosstab');
  await expect(reader.form.getByTestId('input-table')).toHaveValue('clusters');
  await expect(reader.form.getByTestId('run-by')).toBeVisible();
  await cell.getByTestId('cell-line').click();
  const before = await cell.getByTestId('result-table-groups').textContent();
  await form.getByTestId('option-run.by').getByRole('button', { name: 'Remove species' }).click();
  await ran(cell);
  await expect(cell.getByTestId('result-table-groups')).toHaveCount(0);
  expect(before).toContain('Gentoo');
  await expect(page.getByTestId('rail-table-clusters')).toContainText('344');
  const filter = await addCell(page, 'transform.filter');
  await expect(filter.form.getByTestId('run-by')).toHaveCount(0);
});

test.describe('from another page', () => {
  test.use({ bypassCSP: true });

  test('jari.run takes columns to run by', async ({ page }) => {
    await page.goto('./');
    const found = await page.evaluate(async (penguins) => {
      const { Jari } = await import('./jari.js');
      const jari = await Jari.start();
      try {
        const table = await jari.importTable('penguins', penguins);
        const report = await jari.run('explore.describe', { table, by: ['species', 'sex'] });
        const refused = await jari.run('transform.sort', { table, by: ['species'] }).catch((e) => ({ kind: e.kind, message: e.message }));
        return { report, refused };
      } finally {
        await jari.close();
      }
    }, penguins);
    expect(Object.keys(found.report.tables)).toEqual(['groups']);
    // R: table(species, sex, useNA = "ifany")
    expect(found.report.groups.map(({ by, rows }) => [by.species, by.sex, rows])).toEqual([
      ['Adelie', 'female', 73], ['Adelie', 'male', 73], ['Adelie', null, 6], ['Chinstrap', 'female', 34],
      ['Chinstrap', 'male', 34], ['Gentoo', 'female', 58], ['Gentoo', 'male', 61], ['Gentoo', null, 5],
    ]);
    expect(found.report.groups.every(({ error, tables }) => error === null && tables.numbers.length > 0)).toBe(true);
    expect(found.refused).toEqual({ kind: 'options', message: '“Sort rows” is not run by group.' });
  });
});
