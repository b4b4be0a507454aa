import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { after, before, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Browser, type CDPSession, chromium, type Page } from 'playwright-core';

/** A browser, or why there is none here. */
type OpenedBrowser = { readonly browser: Browser } | { readonly missing: string };

const installed = '/usr/bin/chromium';
const built = join(dirname(dirname(fileURLToPath(import.meta.url))), 'build');

/**
 * Opens the Chromium that comes with the development packages, else the one of the host. The packed one has no window
 * and no picture to draw it into, so it takes a third of the processor's time.
 */
async function openBrowser(): Promise<OpenedBrowser> {
  const reasons: string[] = [];
  for (const find of [packedChromium, hostChromium]) {
    try {
      const executablePath = await find();
      // Chromium's own sandbox does not start for root, nor in most containers; the pages are our own.
      const args = ['--no-sandbox', '--disable-gpu'];
      return { browser: await chromium.launch({ executablePath, args, headless: true }) };
    } catch (cause) {
      reasons.push(String(cause).split('\n', 1)[0] ?? '');
    }
  }
  return { missing: `no Chromium starts here: ${reasons.join('; ')}` };
}

async function hostChromium(): Promise<string> {
  if (!existsSync(installed)) throw new Error(`no ${installed}`);
  return await Promise.resolve(installed);
}

/** Unpacks it once for each version of the package. */
async function packedChromium(): Promise<string> {
  const { default: packed } = await import('@sparticuz/chromium');
  const about = new URL('../package.json', import.meta.resolve('@sparticuz/chromium'));
  const { version } = JSON.parse(readFileSync(about, 'utf8')) as { readonly version: string };
  const executable = join(built, `chromium-${version}`);
  if (existsSync(executable)) return executable;
  mkdirSync(built, { recursive: true });
  // Test files that unpack at the same time do so beside each other: a file half written cannot be started.
  const apart = mkdtempSync(join(built, 'chromium-'));
  const { TMPDIR: given } = process.env;
  try {
    // The package unpacks into the system's temporary folder, and takes what it finds there for its own.
    process.env['TMPDIR'] = apart;
    renameSync(await packed.executablePath(), executable);
  } finally {
    if (given === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = given;
    rmSync(apart, { recursive: true, force: true });
  }
  return executable;
}

/**
 * A browser for the suite around the call.
 * @param open makes the rest of the suite's world, once there is a browser
 * @param close takes the rest apart again, after the browser has ended
 * @returns a step of the suite; without a browser it is skipped, which fails on CI
 */
export function withBrowser(
  open: (browser: Browser) => Promise<void>,
  close: () => Promise<void>,
): (name: string, act: (browser: Browser) => Promise<void>) => void {
  let browser: Browser | undefined;
  let missing = '';
  before(async () => {
    const opened = await openBrowser();
    if ('missing' in opened) {
      ({ missing } = opened);
      assert.notEqual(process.env['CI'], 'true', missing);
      return;
    }
    ({ browser } = opened);
    await open(browser);
  });
  after(async () => {
    if (browser === undefined) return;
    await browser.close();
    await close();
  });
  return (name, act) => {
    it(name, async (test: TestContext) => {
      if (browser === undefined) test.skip(missing);
      else await act(browser);
    });
  };
}

/** A port for a server that has to know its address before it listens. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

/** Gives a page a device that holds passkeys and always says yes. */
export async function addAuthenticator(
  page: Page,
): Promise<{ readonly devices: CDPSession; readonly authenticatorId: string }> {
  const devices = await page.context().newCDPSession(page);
  await devices.send('WebAuthn.enable');
  const { authenticatorId } = await devices.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return { devices, authenticatorId };
}
