import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe } from 'node:test';
import type { Page } from 'playwright-core';
import { freePort, withBrowser } from './browser.ts';
import { run } from './process/run.ts';
import { type RunningServer, startServer } from './server.ts';

/** Letting an application in: in a real browser, by keyboard, without script. */
describe('an application is let in, in a browser', { timeout: 300_000 }, () => {
  let server: RunningServer;
  let application: Server;
  let back: string;
  let clientId: string;
  let secret: string;
  let page: Page;
  let said: string[];

  const step = withBrowser(
    async (browser) => {
      // It leads on to another site once more, as applications do.
      application = createServer((request, response) => {
        if (request.url?.startsWith('/cb') === true) {
          const location = `http://127.0.0.1:${(application.address() as AddressInfo).port}/in${request.url.slice(3)}`;
          response.writeHead(302, { location }).end();
        } else response.end('You are in.');
      });
      application.listen(0);
      await once(application, 'listening');
      back = `http://localhost:${(application.address() as AddressInfo).port}/cb`;
      const port = await freePort();
      server = await startServer({
        port,
        env: { ROOT_URL: `http://localhost:${port}`, OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false' },
      });
      const env = { DATABASE_URL: `sqlite:${server.folder}/countersign.db` };
      const words = ['app', 'create', 'Wiki', '--redirect', back];
      const { stdout, stderr } = await run(words, env, { cwd: server.folder, patienceMs: 60_000 });
      [, clientId = '', secret = ''] = /^Client id: (\w{17})\nSecret: ([\w-]{43})\n/u.exec(stdout) ?? [];
      assert.notEqual(secret, '', stderr);
      page = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
      said = [];
      page.on('console', (message) => said.push(message.text()));
    },
    async () => {
      await server.dispose();
      application.close();
    },
  );

  const begin = (): string => {
    const query = { response_type: 'code', client_id: clientId, redirect_uri: back, state: 'a state' };
    return `http://localhost:${server.port}/oauth/authorize?${new URLSearchParams(query).toString()}`;
  };

  step('whoever is not signed in does that first, and is then asked', async () => {
    await page.goto(begin());
    assert.equal(new URL(page.url()).pathname, '/sign-in');
    await page.getByLabel('Username or e-mail address').fill(server.administrator.username);
    await page.getByLabel('Password').fill(server.administrator.password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Let Wiki in?' }).waitFor();
    assert.match(
      await page.locator('body').innerText(),
      new RegExp(`signed in as ${server.administrator.username}`, 'u'),
    );
  });

  step('whoever allows it comes to the application, and on to where that leads', async () => {
    await page.getByRole('button', { name: 'Allow', exact: true }).press('Enter');
    await page.waitForURL(/127\.0\.0\.1:\d+\/in\?/u);
    const { searchParams } = new URL(page.url());
    assert.equal(searchParams.get('state'), 'a state');
    const reply = await fetch(`http://localhost:${server.port}/oauth/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}` },
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code: searchParams.get('code') ?? '',
        redirect_uri: back,
      }),
    });
    assert.equal(reply.status, 200, await reply.text());
  });

  step('whoever does not allow it comes back with that word', async () => {
    await page.goto(begin());
    await page.getByRole('button', { name: 'Do not allow' }).press('Enter');
    await page.waitForURL(/\/in\?error=access_denied/u);
  });

  step('no page of all these broke a rule of its own', async () => {
    assert.deepEqual(
      said.filter((line) => /Content Security Policy|Refused/u.test(line)),
      [],
    );
    await Promise.resolve();
  });
});
