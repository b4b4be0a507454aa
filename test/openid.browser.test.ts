import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe } from 'node:test';
import * as client from 'openid-client';
import type { Page } from 'playwright-core';
import { plainOptions } from '../src/core/application/application.ts';
import { withBrowser } from './browser.ts';
import { type AppOwner, appOwner } from './factor-owner.ts';
import { begin, movedClock, type OpenIdWorld, openOpenIdWorld, redeem } from './openid-world.ts';
import { password } from './world.ts';

/** What a person goes through in a real browser without script, by keyboard alone. */
describe('signing in at an application in a browser', { timeout: 300_000 }, () => {
  let world: OpenIdWorld;
  let page: Page;
  let said: string[];
  let owner: AppOwner;
  let rp: Server;
  let callback = '';
  let party: client.Configuration;
  const clock = movedClock();

  const step = withBrowser(
    async (browser) => {
      world = await openOpenIdWorld({ clock });
      owner = await appOwner(world, 'ann');
      rp = createServer((_request, response) => response.end('the application'));
      rp.listen(0, '127.0.0.1');
      await once(rp, 'listening');
      // Another site than the server's.
      callback = `http://127.0.0.1:${(rp.address() as AddressInfo).port}/cb`;
      const options = { ...plainOptions, postLogoutRedirects: [`${callback}/out`] };
      party = await world.party(await world.addApplication({ redirects: callback, options }));
      page = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
      said = [];
      page.on('console', (message) => said.push(message.text()));
    },
    async () => {
      rp.close();
      await world.close();
    },
  );

  /** Nothing sticks out of a narrow window, and a picture is left where `SCREENSHOTS` names a folder. */
  async function look(name: string): Promise<void> {
    const folder = process.env['SCREENSHOTS'];
    for (const width of [1280, 320]) {
      await page.setViewportSize({ width, height: 720 });
      if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}-${width}.png` });
    }
    for (const field of await page.locator('input:visible, button, h1').all()) {
      const box = await field.boundingBox();
      assert.ok(box !== null && box.x >= 0 && box.x + box.width <= 320, `${name} is wider than a telephone`);
    }
    await page.setViewportSize({ width: 1280, height: 720 });
  }

  let idToken = '';

  step('goes from name and password over code and consent to the application', async () => {
    const begun = await begin(party, { redirect_uri: callback });
    await page.goto(begun.address.href);
    await look('sign-in');
    // The field for the name has the caret already.
    await page.keyboard.type('ann');
    await page.keyboard.press('Tab');
    await page.keyboard.type('wrong');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    await look('sign-in-wrong');
    assert.equal(await page.getByLabel('Username or e-mail address').inputValue(), 'ann');
    await page.keyboard.type(password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'One more step' }).waitFor();
    await look('second-factor');
    await page.keyboard.type(owner.code());
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'A Wiki asks who you are' }).waitFor();
    await look('consent');
    await page.getByRole('button', { name: 'Allow' }).press('Enter');
    await page.getByText('the application').waitFor();
    const tokens = await redeem(party, begun, new URL(page.url()));
    idToken = tokens.id_token ?? '';
    assert.deepEqual(tokens.claims()?.['amr'], ['pwd', 'otp', 'mfa']);
    const person = await client.fetchUserInfo(party, tokens.access_token, tokens.claims()?.sub ?? '');
    assert.equal(person.preferred_username, 'ann');
  });

  step('comes back without being asked', async () => {
    const begun = await begin(party, { redirect_uri: callback });
    await page.goto(begun.address.href);
    await page.getByText('the application').waitFor();
  });

  step('signs out at the request of the application, and goes back to it', async () => {
    const out = { id_token_hint: idToken, post_logout_redirect_uri: `${callback}/out` };
    await page.goto(client.buildEndSessionUrl(party, out).href);
    await look('sign-out');
    await page.getByRole('button', { name: 'Sign out' }).press('Enter');
    await page.getByText('the application').waitFor();
    assert.match(page.url(), /\/cb\/out$/u);
    await page.goto(`${world.root}/sign-out`);
    await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
    await look('signed-out');
  });

  step('reads of what cannot go on, in plain words', async () => {
    const { address } = await begin(party, { redirect_uri: 'http://evil.example/' });
    await page.goto(address.href);
    await page.getByRole('heading', { name: 'This cannot go on' }).waitFor();
    await look('error');
  });

  step('finds nothing that its policy forbids', async () => {
    assert.deepEqual(
      said.filter((line) => /Content Security Policy|Refused/iu.test(line)),
      [],
    );
    assert.deepEqual(world.logged, []);
    await Promise.resolve();
  });
});
