// For every hand and eye: axe on each screen, the keyboard alone, a phone.
import path from 'node:path';
import { DATA, addCell, expect, expectAccessible, openExample, openFile, openPenguins, painted, ran, test } from './helpers.mjs';

for (const [lang, theme] of [['en', 'light'], ['ko', 'dark']]) {
  test.describe(`axe finds nothing, ${lang} and ${theme}`, () => {
    test.use({ contextOptions: { reducedMotion: 'reduce' } });

    test.beforeEach(({ context }) => context.addInitScript(([lang, theme]) => {
      if (!location.protocol.startsWith('http')) return; // a frame without storage
      localStorage.setItem('jari.lang', lang);
      localStorage.setItem('jari.theme', theme);
    }, [lang, theme]));

    test('on the first screen, in the dialogs and menus', async ({ page }) => {
      await page.goto('./');
      await expect(page.getByTestId('first-screen')).toBeVisible();
      await expectAccessible(page);
      await page.getByTestId('choose-file').first().setInputFiles(path.join(DATA, 'penguins.csv'));
      await expect(page.getByTestId('preview-table')).toBeVisible();
      await expectAccessible(page);
      await page.getByTestId('opening-cancel').click();
      await page.getByTestId('privacy-badge').click();
      await expectAccessible(page);
      await page.keyboard.press('Escape');
      await page.getByTestId('more').click();
      await expectAccessible(page);
      await page.getByTestId('shortcuts-open').click();
      await expectAccessible(page);
    });

    test('in the notebook, its forms and the palette', async ({ page }) => {
      await openExample(page, 'penguins', 2);
      await expectAccessible(page);
      await page.getByTestId('outline-1').click();
      await page.getByTestId('inspector').getByTestId('more-options').click();
      await page.getByTestId('inspector').getByTestId('about-method').click();
      await expectAccessible(page);
      await page.getByTestId('cell-0').hover();
      await page.getByTestId('cell-0').getByTestId('cell-menu').click();
      await expectAccessible(page);
      await page.keyboard.press('Escape');
      await page.keyboard.press('/');
      await expect(page.getByTestId('palette')).toBeVisible();
      await expectAccessible(page);
      await page.keyboard.press('Escape');
      await addCell(page, 'transform.filter');
      await expectAccessible(page);
      await page.getByTestId('add-text').click();
      await expectAccessible(page);
    });

    test('in a table', async ({ page }) => {
      await page.goto('./');
      await openFile(page, path.join(DATA, 'penguins.csv'));
      await page.getByTestId('column-profile-2').click();
      await expect(page.getByTestId('column-profile')).toBeVisible();
      await expectAccessible(page);
    });
  });
}

test('the keyboard alone: from the first screen to a finished chart', async ({ page }) => {
  await page.goto('./');
  const focus = () => page.evaluate(() => document.activeElement?.dataset.testid ?? document.activeElement?.id ?? '');
  const tabTo = async (testid) => {
    for (let i = 0; i < 60; i++) {
      if (await focus() === testid) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`Tab does not reach ${testid}`);
  };
  await expect(page.getByTestId('first-screen')).toBeVisible();
  await tabTo('choose-file');
  await tabTo('example-orders');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Shift+Tab');
  expect(await focus()).toBe('example-penguins');
  await page.keyboard.press('Enter');
  await ran(page.getByTestId('cell-1'));

  await page.keyboard.press('/');
  await page.keyboard.type('chart');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('cell-1')).toHaveAttribute('data-analysis', 'explore.chart'); // behind the chosen cell
  await expect(page.getByTestId('palette')).toBeHidden();
  await tabTo('option-x');
  await page.keyboard.type('body');
  await tabTo('option-y');
  await page.keyboard.type('bill_d');
  const cell = page.getByTestId('cell-1');
  await ran(cell);
  const canvas = cell.getByTestId('chart-scatter').locator('canvas');
  await expect(canvas).toBeVisible();
  expect((await painted(canvas)).inked).toBeGreaterThan(0.005);
  await expect(cell.getByTestId('cell-line')).toHaveText('Chart of body_mass_g and bill_depth_mm');
});

test('dialogs hold the focus and give it back', async ({ page }) => {
  await openPenguins(page);
  await page.getByTestId('privacy-badge').focus();
  await page.keyboard.press('Enter');
  for (let i = 0; i < 8; i++) {
    await page.keyboard.press('Tab');
    const isInside = await page.evaluate(() => document.activeElement === document.body || !!document.activeElement.closest('dialog'));
    expect(isInside).toBe(true);
  }
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('privacy-badge')).toBeFocused();
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('reading a notebook and changing a number', async ({ page }) => {
    await openExample(page, 'penguins', 2);
    const cell = page.getByTestId('cell-0');
    expect((await painted(cell.locator('canvas').first())).inked).toBeGreaterThan(0.005);
    await cell.getByTestId('cell-line').tap();
    const k = cell.getByTestId('option-k');
    await k.fill('4');
    await expect(cell.getByTestId('cell-answer')).toContainText('4 clusters');
    await cell.getByTestId('cell-line').tap();
    await expect(k).toHaveCount(0);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    await expectAccessible(page);
  });

  test('opening a file', async ({ page }) => {
    await page.goto('./');
    await openFile(page, path.join(DATA, 'penguins.csv'));
    const dialog = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(dialog).toBe(390);
    await page.getByTestId('suggestion-segment.k_means').tap();
    await ran(page.getByTestId('cell-0'));
    await expect(page.getByTestId('cell-0').getByTestId('cell-answer')).toContainText('clusters explain');
  });
});
