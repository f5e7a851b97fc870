// The time from navigation to a usable first screen: until the drop area takes a file. Each load is
// in a fresh browser with an empty profile, the site served from this machine.
import path from 'node:path';
import { createRequire } from 'node:module';
import { serve } from '../../tests/e2e/server.mjs';

const USABLE = '[data-testid="choose-file"]:not([disabled])';
const N = 5;

const { chromium } = createRequire(path.resolve(import.meta.dirname, '../../tests/e2e/package.json'))('@playwright/test');
const site = await serve();
const times = [];
for (let i = 0; i < N; i++) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    headless: false, // headless comes from the argument
    args: ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  const page = await browser.newPage();
  await page.addInitScript((selector) => {
    const look = () => {
      if (document.querySelector(selector)) window.usableAt = performance.now();
      else requestAnimationFrame(look);
    };
    look();
  }, USABLE);
  await page.goto(site.url);
  // Not waitForFunction: what it would evaluate, the page's policy forbids.
  let usableAt = null;
  for (let tries = 0; usableAt === null && tries < 600; tries++) {
    usableAt = await page.evaluate(() => window.usableAt ?? null);
    if (usableAt === null) await page.waitForTimeout(50);
  }
  const paintedAt = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime);
  await browser.close();
  if (usableAt === null) throw new Error(`nothing matched ${USABLE} within 30 s`);
  times.push([usableAt, paintedAt]);
}
await site.close();

const line = (what, i) => {
  const sorted = times.map((time) => time[i]).sort((a, b) => a - b);
  console.log(`  ${what.padEnd(34)}${sorted[N >> 1].toFixed(0).padStart(9)} ms   (${sorted[0].toFixed(0)} to ${sorted[N - 1].toFixed(0)} of ${N})`);
};
console.log('From navigation, served on this machine');
line('first paint', 1);
line('usable first screen', 0);
