import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, type CDPSession, chromium, type Page } from 'playwright-core';

/** A browser, or why there is none here. */
export type OpenedBrowser = { readonly browser: Browser } | { readonly missing: string };

const installed = '/usr/bin/chromium';

/** Opens the Chromium of the host, else the one that comes with the development packages. */
export async function openBrowser(): Promise<OpenedBrowser> {
  const reasons: string[] = [];
  for (const find of [hostChromium, packedChromium]) {
    try {
      const { executablePath, args } = await find();
      return { browser: await chromium.launch({ executablePath, args: [...args], headless: true }) };
    } catch (cause) {
      reasons.push(String(cause).split('\n', 1)[0] ?? '');
    }
  }
  return { missing: `no Chromium starts here: ${reasons.join('; ')}` };
}

interface Executable {
  readonly executablePath: string;
  readonly args: readonly string[];
}

async function hostChromium(): Promise<Executable> {
  if (!existsSync(installed)) throw new Error(`no ${installed}`);
  // Chromium's own sandbox does not start for root, nor in most containers; the pages are our own.
  return await Promise.resolve({ executablePath: installed, args: ['--no-sandbox'] });
}

async function packedChromium(): Promise<Executable> {
  const { default: packed } = await import('@sparticuz/chromium');
  return { executablePath: await packed.executablePath(), args: packed.args };
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
