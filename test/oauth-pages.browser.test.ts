import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { freePort, withBrowser } from './browser.ts';
import { addressAt, credentialToken, environmentOf, stateOf } from './oauth-client.ts';
import type { Stub } from './oauth-stub.ts';
import { openAppleStub, openGithubStub } from './provider-stubs.ts';
import { type RunningServer, startServer } from './server.ts';
import { openTwitterStub } from './twitter-stub.ts';

const prefix = 'Meteor.oauth.credentialSecret-';

/** What browsers do with the pages on which a sign-in at a provider ends. */
describe('the end of a sign-in at a provider, in a browser', { timeout: 300_000 }, () => {
  let server: RunningServer;
  let root: string;
  let github: Stub;
  let apple: Stub;
  let twitter: Stub;
  let context: BrowserContext;
  let page: Page;
  const said: string[] = [];

  const step = withBrowser(
    async (browser) => {
      [github, apple, twitter] = await Promise.all([openGithubStub(), openAppleStub(), openTwitterStub()]);
      const port = await freePort();
      root = `http://localhost:${port}`;
      server = await startServer({
        port,
        env: {
          ...environmentOf(github, apple, twitter),
          ROOT_URL: root,
          OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false',
        },
      });
      context = await browser.newContext();
      // Where a client's own page would be.
      await context.route(`${root}/client`, async (route) => {
        await route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>A client</title>' });
      });
      context.on('page', (one) => {
        one.on('console', (message) => said.push(message.text()));
      });
      page = await context.newPage();
    },
    async () => {
      await server.dispose();
      await Promise.all([github, apple, twitter].map(async (stub) => await stub.close()));
    },
  );

  async function logsIn(token: string, secret: unknown): Promise<void> {
    const body = { oauth: { credentialToken: token, credentialSecret: secret } };
    const headers = { 'content-type': 'application/json' };
    const { status } = await fetch(`${root}/api/v1/login`, { method: 'POST', headers, body: JSON.stringify(body) });
    assert.equal(status, 200);
  }

  /** Opens a window at the provider, as clients do, and waits until it has closed itself. */
  async function popup(address: string, hears: boolean): Promise<unknown> {
    await page.goto(`${root}/client`);
    await page.evaluate('window.heard = []');
    if (hears) {
      await page.evaluate(`window.Package = { oauth: { OAuth: {
        _handleCredentialSecret(token, secret) { window.heard.push(token, secret); },
      } } }`);
    }
    const opening = context.waitForEvent('page');
    await page.evaluate(`window.open(${JSON.stringify(address)}, '_blank', 'width=600,height=600') !== null`);
    const opened = await opening;
    if (!opened.isClosed()) await opened.waitForEvent('close');
    return await page.evaluate('window.heard');
  }

  const stored = async (area: 'localStorage' | 'sessionStorage', token: string): Promise<unknown> =>
    await page.evaluate(`window.${area}.getItem(${JSON.stringify(`${prefix}${token}`)})`);

  step('hands the secret to the window that has opened it, and closes', async () => {
    for (const stub of [github, apple]) {
      const token = credentialToken();
      const address = `${addressAt(stub, stateOf({ credentialToken: token }), root)}&response_mode=form_post`;
      const heard = (await popup(address, true)) as readonly string[];
      assert.equal(heard[0], token);
      await logsIn(token, heard[1]);
    }
  });

  step('leaves it in the storage of the site where nobody hears it', async () => {
    const token = credentialToken();
    assert.deepEqual(await popup(addressAt(github, stateOf({ credentialToken: token }), root), false), []);
    await logsIn(token, await stored('localStorage', token));
  });

  step('hands over nothing after a failure, and closes', async () => {
    const token = credentialToken();
    const state = encodeURIComponent(stateOf({ credentialToken: token }));
    assert.deepEqual(await popup(`${root}/_oauth/github?error=access_denied&state=${state}`, true), []);
    assert.equal(await stored('localStorage', token), null);
  });

  step('leads back with the secret in the storage of the tab', async () => {
    const token = credentialToken();
    const redirectUrl = `${root}/client`;
    await page.goto(addressAt(github, stateOf({ credentialToken: token, loginStyle: 'redirect', redirectUrl }), root));
    await page.waitForURL(redirectUrl);
    await logsIn(token, await stored('sessionStorage', token));
  });

  step('tells phones by the fragment of the address, and stays open', async () => {
    const token = credentialToken();
    await page.goto(addressAt(github, stateOf({ credentialToken: token, isCordova: true }), root));
    await page.waitForURL((url) => url.hash.includes('credentialSecret'));
    const { hash } = new URL(page.url());
    const told = JSON.parse(decodeURIComponent(hash.slice(1))) as Record<string, string>;
    assert.equal(told['credentialToken'], token);
    await logsIn(token, told['credentialSecret']);
    assert.ok(await page.getByText('Login completed.').isVisible());
    assert.equal(await page.locator('#config').isVisible(), false);
  });

  step('comes back from a provider of OAuth 1 with the cookie of its beginning', async () => {
    const token = credentialToken();
    const state = encodeURIComponent(stateOf({ credentialToken: token }));
    const heard = (await popup(`${root}/_oauth/twitter?requestTokenAndRedirect=true&state=${state}`, true)) as string[];
    assert.equal(heard[0], token);
    await logsIn(token, heard[1]);
  });

  step('breaks no rule of its own', async () => {
    await Promise.resolve();
    assert.deepEqual(said, []);
  });
});
