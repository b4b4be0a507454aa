import assert from 'node:assert/strict';
import { after, describe } from 'node:test';
import type { Page } from 'playwright-core';
import { environmentOf } from './oauth-client.ts';
import { ada } from './oauth-stub.ts';
import { confirmByPassword } from './page-confirm.ts';
import { mustBeAccessible, pageWorld, views } from './page-world.ts';
import { openGithubStub } from './provider-stubs.ts';
import { codeNow } from './totp-code.ts';

const password = 'Nine-blue-lamps-99';
const markup = '<img src=x onerror=alert(1)>';

const github = await openGithubStub();

/** Identities at a provider, the applications that may speak for somebody, and who is trusted for a while. */
describe('the page of linked identities in a browser', { timeout: 300_000 }, () => {
  const world = pageWorld(environmentOf(github));
  const { step, visit } = world;
  after(async () => {
    await github.close();
  });

  /** Somebody who is signed in, in a window that may go to the provider. */
  async function somebody(username: string, view: Parameters<typeof visit>[0]): Promise<Page> {
    const email = `${username}@example.com`;
    await world.call('users.create', { username, password, name: username, email, verified: true });
    const page = await (await visit(view)).context().newPage();
    await world.signIn(page, { username, password });
    await page.goto('/account/identities');
    await page.getByText('No identity is linked.').waitFor();
    return page;
  }

  for (const [name, view] of Object.entries(views)) {
    step(`link an identity at its provider, and unlink it (${name})`, async () => {
      github.signsIn({ ...ada, id: name === 'phone' ? '4712' : '4711', name: markup });
      const page = await somebody(`linked-${name}`, view);
      await page.getByText('You let no application speak for you.').waitFor();
      await mustBeAccessible(page);
      await page.getByRole('button', { name: 'Link GitHub' }).click();
      await page.getByRole('heading', { name: 'Linking GitHub' }).waitFor();
      await page.getByRole('dialog', { name: 'One more step' }).waitFor();
      await mustBeAccessible(page);
      await confirmByPassword(page, password);
      const unlink = page.getByRole('button', { name: 'Unlink GitHub' });
      await unlink.waitFor();
      await page.getByText(markup).waitFor();
      assert.equal(await page.locator('img[src="x"]').count(), 0);
      // Neither half of what was brought is left anywhere.
      assert.equal(new URL(page.url()).hash, '');
      assert.equal(await page.evaluate('sessionStorage.length'), 0);
      await mustBeAccessible(page);
      assert.ok(await page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth'));
      await unlink.click();
      await mustBeAccessible(page);
      await page.getByRole('dialog', { name: 'Unlink GitHub?' }).getByRole('button', { name: 'Unlink' }).click();
      await confirmByPassword(page, password);
      await page.getByText('No identity is linked.').waitFor();
    });
  }

  step('tell whose identity it is that somebody else has linked', async () => {
    github.signsIn({ ...ada, id: '4713' });
    const [first, second] = [await somebody('first', views.desktop), await somebody('second', views.desktop)];
    await first.getByRole('button', { name: 'Link GitHub' }).click();
    await confirmByPassword(first, password);
    await first.getByRole('button', { name: 'Unlink GitHub' }).waitFor();
    await second.getByRole('button', { name: 'Link GitHub' }).click();
    // Given up, and taken up again: what was brought is there still.
    await second.getByRole('dialog', { name: 'One more step' }).getByRole('button', { name: 'Close' }).click();
    await second.getByText('This needs your second factor.').waitFor();
    await second.getByRole('button', { name: 'Go on' }).click();
    await confirmByPassword(second, password);
    await second.getByText('This identity is linked with another account.').waitFor();
    await mustBeAccessible(second);
    await second.getByRole('button', { name: 'Cancel' }).click();
    await second.getByText('This identity is linked with another account.').waitFor({ state: 'hidden' });
  });

  step('link nothing that another browser brought, or that the provider refused', async () => {
    const page = await somebody('lured', views.desktop);
    const calls: string[] = [];
    page.on('request', (request) => calls.push(request.url()));
    await page.goto(`/account/identities#link=${'a'.repeat(43)}`);
    await page.getByText('No identity is linked.').waitFor();
    assert.ok(!calls.some((url) => url.includes('identities.link')));
    github.behaves('identity', 'with 500');
    await page.getByRole('button', { name: 'Link GitHub' }).click();
    await page.getByText('Nothing was linked.').waitFor();
    await mustBeAccessible(page);
    github.behaves('identity', 'well');
  });

  step('show the applications that may speak for somebody, and take that back', async () => {
    const redirectUri = `${world.base}/account/identities`;
    const { application } = await world.call('oauth-apps.create', { name: markup, active: true, redirectUri });
    const { clientId } = application as { readonly clientId: string };
    const page = await somebody('consenting', views.desktop);
    const query = { response_type: 'code', client_id: clientId, redirect_uri: redirectUri, state: 'x' };
    await page.goto(`/oauth/authorize?${new URLSearchParams(query).toString()}`);
    const allow = page.getByRole('button', { name: 'Allow', exact: true });
    await allow.waitFor();
    await mustBeAccessible(page);
    assert.equal(await page.locator('img[src="x"]').count(), 0);
    await page.setViewportSize(views.phone.viewport);
    await page.emulateMedia({ colorScheme: 'dark' });
    await mustBeAccessible(page);
    assert.ok(await page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth'));
    await allow.click();
    await page.getByRole('button', { name: `Withdraw from ${markup}` }).click();
    const dialog = page.getByRole('dialog', { name: `Withdraw from ${markup}?` });
    await mustBeAccessible(page);
    await dialog.getByRole('button', { name: 'Withdraw' }).click();
    await page.getByText('You let no application speak for you.').waitFor();
  });

  step('list whoever has lately given a second factor, and forget it', async () => {
    const page = await somebody('trusted', views.desktop);
    await page.goto('/account/security');
    await page.getByRole('button', { name: 'Set up an app' }).click();
    const app = page.getByRole('dialog', { name: 'Set up the authenticator app' });
    const secret = (await app.getByRole('group', { name: 'Key' }).textContent()) ?? '';
    await app.getByLabel('First code').fill(codeNow(secret));
    await app.getByRole('button', { name: 'Turn it on' }).click();
    const codes = page.getByRole('region', { name: 'Your backup codes' }).getByRole('listitem');
    await codes.first().waitFor();
    const [backupCode = ''] = await codes.allTextContents();
    await page.goto('/account/tokens');
    await page.getByRole('button', { name: 'New token' }).click();
    const making = page.getByRole('dialog', { name: 'New personal access token' });
    await making.getByLabel('Name').fill('trusted');
    await making.getByRole('button', { name: 'Make the token' }).click();
    const asking = page.getByRole('dialog', { name: 'One more step' });
    await asking.getByLabel('Code').fill(backupCode);
    await asking.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('region', { name: 'Your new token “trusted”' }).waitFor();
    await page.goto('/account/security');
    await page.getByText('11 codes are left.').waitFor();
    await page.getByRole('button', { name: /^Ask .+ again$/u }).click();
    await page.getByText('No client is trusted now.').waitFor();
  });
});
