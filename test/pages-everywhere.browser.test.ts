import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { Page } from 'playwright-core';
import { administrator, layoutShift, mustBeAccessible, pageWorld, views } from './page-world.ts';

/** What holds on every screen that somebody who is signed in can open. */
describe('every screen', { timeout: 300_000 }, () => {
  const world = pageWorld();
  const { step, visit } = world;
  const paths: string[] = [];
  let storageState: Awaited<ReturnType<ReturnType<Page['context']>['storageState']>>;

  const loaded = async (page: Page): Promise<void> => {
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.locator('.loading').first().waitFor({ state: 'detached' });
    // Where one thing is fetched after the other, nothing is grey for a moment.
    await page.waitForLoadState('networkidle');
  };

  step('lose nothing that was typed where the server fails or does not answer, and say so', async () => {
    const page = await visit();
    await page.goto('/');
    const [user, password] = [page.getByLabel('Username or e-mail'), page.getByLabel('Password', { exact: true })];
    await user.fill(administrator.username);
    await password.fill(administrator.password);
    const submit = page.getByRole('button', { name: 'Sign in', exact: true });
    await page.route('**/api/v1/login', async (route) => await route.abort());
    await submit.click();
    await page.getByText('The server did not answer. Look whether you are online').waitFor();
    await mustBeAccessible(page);
    await page.unroute('**/api/v1/login');
    await page.route('**/api/v1/login', async (route) => await route.fulfill({ status: 500, body: '<h1>nginx</h1>' }));
    await submit.click();
    await page.getByText('Something went wrong in the server.').waitFor();
    assert.equal(await page.getByText('nginx').count(), 0);
    assert.deepEqual(
      [await user.inputValue(), await password.inputValue()],
      [administrator.username, administrator.password],
    );
    await page.unroute('**/api/v1/login');
    await submit.click();
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    storageState = await page.context().storageState();
    for (const area of ['/account', '/admin']) {
      await page.goto(area);
      await loaded(page);
      for (const link of await page.locator(`nav a[href^="${area}/"]`).all()) {
        paths.push((await link.getAttribute('href')) ?? '');
      }
    }
    assert.ok(paths.length >= 17, paths.join(' '));
  });

  step('sign nobody out by a server that is away for a moment', async () => {
    const page = await visit({ ...views.phone, storageState });
    for (const how of ['abort', 'fail'] as const) {
      await page.route('**/session/resume', async (route) => {
        if (how === 'abort') await route.abort();
        else await route.fulfill({ status: 503, body: '' });
      });
      await page.goto('/account/sessions');
      await page.getByText(how === 'abort' ? 'The server did not answer.' : 'more to do than it can').waitFor();
      assert.equal(new URL(page.url()).pathname, '/account/sessions');
      await mustBeAccessible(page);
      await page.unroute('**/session/resume');
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.getByRole('table', { name: 'Your sessions' }).waitFor();
    }
    await page.route('**/api/v1/me*', async (route) => await route.abort());
    await page.goto('/account/sessions');
    await page.getByText('The server did not answer.').waitFor();
    await mustBeAccessible(page);
    await page.unroute('**/api/v1/me*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('table', { name: 'Your sessions' }).waitFor();
  });

  step('speak English where the words of another language do not come', async () => {
    const page = await visit({ ...views.desktop, locale: 'de-DE' });
    await page.route(/\/assets\/shared\.de-/u, async (route) => await route.abort());
    await page.goto('/');
    await page.getByLabel('Benutzername oder E-Mail').waitFor();
    await page.getByRole('button', { name: 'Show the password' }).waitFor();
  });

  for (const [name, view] of Object.entries(views)) {
    step(`move nothing by themselves, bar nobody out, and fit (${name})`, async () => {
      const page = await visit({ ...view, storageState });
      const moved: string[] = [];
      for (const path of paths) {
        await page.goto(path);
        await loaded(page);
        const shift = await layoutShift(page);
        if (shift >= 0.03) moved.push(`${path}: ${shift}`);
        // In the light each screen is looked at where it is used.
        if (name === 'phone') await mustBeAccessible(page);
        assert.ok(await page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth'), path);
      }
      assert.deepEqual(moved, []);
    });
  }

  step('say what cannot be loaded, and load it when asked again', async () => {
    const page = await visit({ ...views.phone, storageState });
    await page.goto('/account');
    await loaded(page);
    const silent: string[] = [];
    const told = page.getByText('Something went wrong in the server.');
    const again = page.getByRole('button', { name: 'Try again' });
    for (const path of paths.toReversed()) {
      // Who one is and what one may is known still; everything else fails.
      const failing = /\/api\/v1\/(?!me\b|permissions)/u;
      await page.route(failing, async (route) => await route.fulfill({ status: 500, body: '{"success":false}' }));
      await page.evaluate(`history.pushState(null, '', ${JSON.stringify(path)})`);
      await page.evaluate(`dispatchEvent(new PopStateEvent('popstate'))`);
      await told
        .first()
        .waitFor({ timeout: 10_000 })
        .catch(() => silent.push(`${path} says nothing`));
      await page.locator('.loading').first().waitFor({ state: 'detached' });
      if ((await again.count()) === 0) silent.push(`${path} has no way to try again`);
      await page.unroute(failing);
      for (let left = await again.count(); left > 0; left -= 1) {
        await again.first().click();
        await again.nth(left - 1).waitFor({ state: 'detached' });
      }
      await told.first().waitFor({ state: 'detached' });
    }
    assert.deepEqual(silent, []);
  });
});
