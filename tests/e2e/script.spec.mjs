// A cell as a script of R or Python: read, copied, saved.
import { addCell, expect, expectAccessible, openPenguins, pick, ran, saved, test } from './helpers.mjs';

async function showScript(page, cell) {
  await cell.getByTestId('cell-menu').click();
  await page.getByTestId('show-script').click();
  const dialog = page.locator('[data-testid=script-dialog][open]');
  await expect(dialog).toBeVisible();
  return { dialog, script: dialog.getByTestId('script') };
}

test('a regression in R and in Python, to copy and to save', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openPenguins(page);
  const { cell, form } = await addCell(page, 'regression.linear');
  await form.getByTestId('option-outcome').selectOption('body_mass_g');
  await pick(form, 'predictors', ['flipper_length_mm', 'sex']);
  await ran(cell);
  const { dialog, script } = await showScript(page, cell);
  await expect(script).toContainText('data <- read.csv("penguins.csv"');
  await expect(script).toContainText('lm(');
  await expect(dialog).toContainText('It reads penguins.csv');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Copy the script' }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(await script.textContent());

  await dialog.getByRole('radio', { name: 'Python' }).click();
  await expect(script).toContainText('import statsmodels');
  await expect(script).toContainText('read_csv("penguins.csv"');
  const file = await saved(page, () => dialog.getByRole('button', { name: 'Save the script' }).click());
  expect(file.name).toBe('regression.linear.py');
  expect(file.text).toBe(await script.textContent());
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();

  await page.getByTestId('lang-switch').click();
  const korean = await showScript(page, cell);
  await expect(korean.dialog).toContainText('penguins.csv 파일을 읽으므로');
});

test('what has no script says so', async ({ page }) => {
  await openPenguins(page);
  const { cell } = await addCell(page, 'transform.deduplicate');
  const { dialog, script } = await showScript(page, cell);
  await expect(dialog).toContainText('This analysis with these options has no script in R.');
  await expect(script).toBeHidden();
  await expect(dialog.getByRole('button', { name: 'Copy the script' })).toBeDisabled();
});
