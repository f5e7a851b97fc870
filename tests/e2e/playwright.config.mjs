// `cargo xtask test e2e` runs this with CHROMIUM and JARI_DIST set; both have defaults, so that
// `npx playwright test some.spec.mjs` works by hand once the site is built.
import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.mjs',
  outputDir: '../../target/e2e',
  timeout: 60_000,
  expect: { timeout: 10_000 },
  // One after another: tests that watch for long tasks must not share the processor.
  workers: 1,
  forbidOnly: !!process.env.CI,
  reporter: 'list',
  use: {
    locale: 'en-US',
    timezoneId: 'UTC',
    viewport: { width: 1280, height: 900 },
    serviceWorkers: 'block', // a test of the service worker says `test.use({ serviceWorkers: 'allow' })`
    screenshot: 'only-on-failure',
    trace: 'off',
    headless: false, // headless comes from the argument
    launchOptions: {
      executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
      args: [
        '--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
        '--disable-background-networking', '--disable-component-update', '--disable-sync',
        '--disable-dev-shm-usage',
        // A mouse is there, as on a desk.
        '--blink-settings=primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4',
        // Nothing but this machine can be reached, whatever a page asks for.
        '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
      ],
    },
  },
});
