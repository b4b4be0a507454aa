// The modern way in a real browser: which cookie comes with what, only browsers can tell.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe } from 'node:test';
import { openRestWorld, type RestWorld } from '../src/wire/rest/rest-world.suite.ts';
import { withBrowser } from './browser.ts';
import { fakeProviders, identityOf } from './fake-providers.ts';
import { caller } from './world.ts';

describe('a sign-in at a provider that answers by a post across sites', { timeout: 120_000 }, () => {
  const fake = fakeProviders();
  let world: RestWorld;
  let provider: Server;
  let root: string;

  const step = withBrowser(
    async () => {
      world = await openRestWorld({ parts: { providers: fake.providers } });
      root = `http://localhost:${await world.port()}`;
      await world.app.host.changeSetting('Site_Url', root, caller({ door: 'cli', address: '' }));
      provider = createServer((request, response) => {
        const state = new URL(request.url ?? '', root).searchParams.get('state') ?? '';
        response.setHeader('Content-Type', 'text/html');
        response.end(`<form method="post" action="${root}/oauth/apple/callback"><input name="state" value="${state}">
<input name="code" value="tim"></form><script>document.forms[0].submit()</script>`);
      });
      provider.listen(0, '127.0.0.1');
      await once(provider, 'listening');
      // Another site than ours: a host that is called by its number and one with a name have nothing in common.
      const away = `http://127.0.0.1:${(provider.address() as AddressInfo).port}/authorize`;
      fake.set('apple', {
        async leave(leaving) {
          fake.left.push(leaving);
          const remembered = `remembered ${leaving.state}`;
          return await Promise.resolve({ address: `${away}?state=${leaving.state}`, remembered });
        },
      });
      fake.people.set('tim', identityOf('apple', 'tim'));
    },
    async () => {
      provider.close();
      await world.close();
    },
  );

  step('ends in the browser that began, which brings its cookie when it is sent to us once more', async (browser) => {
    const page = await (await browser.newContext()).newPage();
    const asked: { readonly method: string; readonly cookie: string | undefined }[] = [];
    page.on('request', (request) => {
      if (!request.url().includes('/callback')) return;
      void request.allHeaders().then(({ cookie }) => asked.push({ method: request.method(), cookie }));
    });
    await page.goto(`${root}/oauth/apple`);
    await page.waitForURL(/\/home\?loginCode=[0-9a-f]{64}$/u);
    assert.deepEqual(
      asked.map(({ method, cookie }) => [method, cookie !== undefined]),
      [
        ['POST', false],
        ['GET', true],
      ],
    );
    const code = new URL(page.url()).searchParams.get('loginCode');
    assert.equal((await world.call({ url: '/api/v1/loginCode.redeem', body: { code } })).status, 200);
  });

  step('ends in no other browser', async (browser) => {
    const attacker = await world.call({ url: '/oauth/apple' });
    const lure = String(attacker.headers['location']);
    const victim = await (await browser.newContext()).newPage();
    await victim.goto(`${root}/oauth/apple?return=/nowhere`);
    await victim.waitForURL(/\/nowhere$/u);
    const kept = await victim.context().cookies(root);
    await victim.goto(lure);
    await victim.waitForURL(/callback\?brought=/u);
    assert.match(await victim.content(), /You are not signed in/u);
    assert.deepEqual(await victim.context().cookies(root), kept);
  });

  step('does not begin by a link of another site: our page stands before the provider', async (browser) => {
    const page = await (await browser.newContext()).newPage();
    const lure = `${root}/oauth/apple?return=/nowhere`;
    await page.goto(`data:text/html,<a href="${lure}">A prize</a>`);
    await page.getByRole('link').click();
    await page.waitForURL(`${root}/sign-in?return=%2Fnowhere`);
    assert.deepEqual(await page.context().cookies(root), []);
    await page.getByRole('link', { name: 'apple' }).click();
    await page.waitForURL(/\/nowhere$/u);
  });
});
