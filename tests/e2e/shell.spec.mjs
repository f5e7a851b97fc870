// The frame: first screen, languages, colours, privacy panel, drawers, presenting.
import { expect, openExample, test } from './helpers.mjs';

test('the first screen says that data stay here, and offers three ways in', async ({ page }) => {
  await page.goto('./');
  const first = page.getByTestId('first-screen');
  await expect(first).toContainText('Your data stay in this browser');
  await expect(first.getByTestId('choose-file')).toBeEnabled();
  await expect(first.getByTestId('paste-table')).toBeEditable();
  for (const key of ['penguins', 'campaign', 'orders']) await expect(first.getByTestId(`example-${key}`)).toBeVisible();
  expect(await page.locator('#skeleton').count()).toBe(0);
});

test('language and colours switch at once and are remembered', async ({ page }) => {
  await page.goto('./');
  await page.getByTestId('lang-switch').click();
  await expect(page.getByTestId('first-screen')).toContainText('데이터는 이 브라우저를 떠나지 않습니다');
  await page.getByTestId('theme-switch').click();
  await page.getByTestId('theme-switch').click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.reload();
  await expect(page.getByTestId('first-screen')).toContainText('데이터는 이 브라우저를 떠나지 않습니다');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(page.locator('html')).toHaveAttribute('lang', 'ko');
});

test('a browser that prefers Korean gets Korean', async ({ browser, site }) => {
  const context = await browser.newContext({ locale: 'ko-KR', serviceWorkers: 'block' });
  const page = await context.newPage();
  await page.goto(site.url);
  await expect(page.getByTestId('first-screen')).toContainText('예제로 둘러보기');
  await context.close();
});

test('a file that is no notebook is refused with a sentence', async ({ page }) => {
  await page.goto('./');
  await page.getByTestId('choose-file').setInputFiles({ name: 'numbers.jari.json', mimeType: 'application/json', buffer: Buffer.from('[1, 2]') });
  await expect(page.getByTestId('toast')).toContainText('not a Jari notebook');
  await expect(page.getByTestId('first-screen')).toBeVisible();
});

test('the privacy panel counts what the browser counts, and wipes', async ({ page, guard }) => {
  await openExample(page, 'penguins', 2);
  await expect(page.getByTestId('saved')).toHaveText('saved here');
  await page.getByTestId('privacy-badge').click();
  const panel = page.getByTestId('privacy-panel');
  await expect(panel.getByTestId('privacy-sent')).toHaveText('0 bytes');
  const shown = await panel.getByTestId('privacy-requests').innerText();
  const counted = await page.evaluate(() => performance.getEntriesByType('resource').filter(({ name }) => name.startsWith('http')).length + 1);
  expect(Number(/\d+/.exec(shown)[0])).toBe(counted);
  expect(counted).toBeLessThanOrEqual(guard.requests.length);
  expect(shown).toContain(new URL(page.url()).host);

  await panel.getByTestId('wipe').click();
  await Promise.all([page.waitForEvent('load'), page.getByTestId('wipe-confirm').click()]);
  await expect(page.getByTestId('first-screen')).toBeVisible();
  await expect(page.getByTestId('shelf')).toHaveCount(0);
  const left = await page.evaluate(async () => {
    const folders = [];
    for await (const name of (await navigator.storage.getDirectory()).keys()) folders.push(name);
    return { folders: folders.length, title: document.querySelector('[data-testid=title]') };
  });
  expect(left.title).toBeNull();
  expect(left.folders).toBeLessThanOrEqual(1); // the new, empty notebook's own
});

test('drawers on a narrow screen open and close by key', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await openExample(page, 'penguins', 2);
  await expect(page.getByTestId('rail')).toBeHidden();
  await page.getByTestId('rail-toggle').click();
  await expect(page.getByTestId('rail-table-penguins')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('rail')).toBeHidden();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});

test('presenting shows text and results, and nothing else', async ({ page }) => {
  await openExample(page, 'penguins', 2);
  await page.getByTestId('present').click();
  await expect(page.locator('.stage-title')).toHaveText('Find groups of penguins');
  await expect(page.getByTestId('cell-0').getByTestId('cell-answer')).toBeVisible();
  for (const chrome of ['rail', 'inspector', 'undo', 'add-cell']) await expect(page.getByTestId(chrome)).toBeHidden();
  await expect(page.getByTestId('cell-0').getByTestId('cell-menu')).toBeHidden();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('rail')).toBeVisible();
});
