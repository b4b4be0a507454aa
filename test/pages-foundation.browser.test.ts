import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { administrator, layoutShift, mustBeAccessible, pageWorld, views } from './page-world.ts';

/** What holds for every page: how it is delivered, how it stays signed in, and what it leaves behind. */
describe('the pages in a browser', { timeout: 300_000 }, () => {
  const world = pageWorld();
  const { step, visit } = world;

  for (const [name, view] of Object.entries(views)) {
    step(`sign somebody in and out by keyboard alone (${name})`, async () => {
      const page = await visit(view);
      await page.goto('/');
      await mustBeAccessible(page);
      assert.ok((await layoutShift(page)) < 0.01);
      // The first field has the focus.
      await page.keyboard.type(administrator.username);
      await page.keyboard.press('Tab');
      await page.keyboard.type(administrator.password);
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Sign out' }).waitFor();
      assert.equal(new URL(page.url()).pathname, '/account');
      await mustBeAccessible(page);
      await page.getByRole('button', { name: 'Sign out' }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
      await page.goto('/account');
      await page.getByLabel('Username or e-mail').waitFor();
      assert.equal(new URL(page.url()).searchParams.get('return'), '/account');
    });
  }

  step('mark what was wrong, move there, and keep what was typed', async () => {
    const page = await visit();
    await page.goto('/');
    const [user, password] = [page.getByLabel('Username or e-mail'), page.getByLabel('Password', { exact: true })];
    await user.fill('nobody');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    assert.equal(await password.getAttribute('aria-invalid'), 'true');
    await password.fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByText('The name or the password is not right.').waitFor();
    assert.equal(await user.inputValue(), 'nobody');
    assert.equal(await password.inputValue(), 'wrong');
    await page.locator('[name=password]:focus').waitFor();
  });

  step('stay signed in over a reload by a cookie that no script reads, and keep no token anywhere', async () => {
    const page = await visit();
    await world.signIn(page);
    await page.reload();
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    assert.equal(await page.evaluate('document.cookie'), '');
    const stored = await page.evaluate<string>('JSON.stringify([{ ...localStorage }, { ...sessionStorage }])');
    assert.doesNotMatch(stored, /token|[\w-]{43}/iu);
    const [cookie] = await page.context().cookies();
    assert.equal(cookie?.httpOnly, true);
    // The text of the cookie opens nothing of the interface, nor does what a page holds in memory open sockets.
    const response = await fetch(`${world.base}/api/v1/me`, {
      headers: { 'X-Auth-Token': cookie.value, 'X-User-Id': 'x' },
    });
    assert.equal(response.status, 401);
  });

  step('move the focus to the heading of each screen, and show its place in the menu', async () => {
    const page = await visit(views.phone);
    await world.signIn(page);
    const link = (name: string) => page.getByRole('link', { name, exact: true });
    for (const [to, title] of [
      ['Data and deletion', 'Data and deletion'],
      ['Administration', 'Dashboard'],
      ['Settings', 'Settings'],
      ['Accounts', 'Settings'],
      ['Import', 'Import'],
    ] as const) {
      await link(to).click();
      await page.getByRole('heading', { level: 1, name: title }).and(page.locator(':focus')).waitFor();
      const place = await page.locator('.menu [aria-current]').boundingBox();
      assert.ok(place !== null && place.x >= 0 && place.x + place.width <= 390, to);
    }
    await page.goto(`${world.base}/admin/nothing`);
    await page.getByRole('heading', { level: 1, name: 'There is no such page' }).waitFor();
    await mustBeAccessible(page);
  });

  step('call again with a fresh token where the first had ended, as after a night of sleep', async () => {
    const page = await visit();
    await world.signIn(page);
    const tokens: (string | undefined)[] = [];
    await page.route('**/api/v1/sessions/list*', async (route) => {
      tokens.push(route.request().headers()['x-auth-token']);
      const refusal = { status: 'error', message: 'You must be logged in to do this.' };
      await (tokens.length > 1 ? route.continue() : route.fulfill({ status: 401, json: refusal }));
    });
    await page.goto('/account/sessions');
    await page.getByText('This session').first().waitFor();
    assert.equal(new Set(tokens).size, 2);
  });

  step('go where somebody wanted to go, and to no other host', async () => {
    for (const [asked, reached] of [
      ['/account/profile', '/account/profile'],
      ['https://evil.example/', '/account'],
      ['//evil.example/', '/account'],
      ['javascript:alert(1)', '/account'],
    ] as const) {
      const page = await visit();
      await world.signIn(page, administrator, `/sign-in?return=${encodeURIComponent(asked)}`);
      assert.equal(new URL(page.url()).pathname, reached, asked);
      await page.context().close();
    }
    // Each of these is another host, or a script, to some part of a browser.
    const page = await visit();
    await world.signIn(page);
    for (const asked of [
      String.raw`/\evil.example`,
      String.raw`\\evil.example`,
      '/\t/evil.example',
      '///evil.example',
      '/%2F/evil.example/..//evil.example',
      'https:evil.example',
      `${world.base}@evil.example/`,
      'data:text/html,x',
    ]) {
      const form = new URLSearchParams({ return: asked }).toString();
      const told = await page.evaluate<{ readonly returnTo?: string }>(`fetch('/session/resume', {
        method: 'POST', body: new URLSearchParams(${JSON.stringify(form)}),
      }).then((response) => response.json())`);
      const { origin } = new URL(told.returnTo ?? '', world.base);
      assert.equal(origin, world.base, `${asked}: ${told.returnTo ?? ''}`);
    }
  });

  step('refuse to be framed, to run what they did not bring, and to take a form from elsewhere', async () => {
    const { headers } = await fetch(`${world.base}/`);
    const policy = headers.get('content-security-policy') ?? '';
    for (const rule of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "form-action 'self'"]) {
      assert.ok(policy.includes(rule), rule);
    }
    assert.doesNotMatch(policy, /unsafe|https?:/u);
    assert.equal(headers.get('x-frame-options'), 'DENY');
    for (const path of ['/session/keep', '/session/resume']) {
      const strange = { method: 'POST', headers: { 'Sec-Fetch-Site': 'cross-site', 'Origin': 'https://evil.example' } };
      assert.equal((await fetch(`${world.base}${path}`, strange)).status, 403);
      assert.equal((await fetch(`${world.base}${path}`, { method: 'POST' })).status, 403);
    }
  });

  step('speak the language of the browser, from right to left where it is written so', async () => {
    for (const [locale, dir, button] of [
      ['de-DE', 'ltr', 'Anmelden'],
      ['ar-EG', 'rtl', 'تسجيل الدخول'],
      ['fr-FR', 'ltr', 'Sign in'],
    ] as const) {
      const page = await visit({ ...views.phone, locale });
      await page.goto('/');
      await page.getByRole('button', { name: button, exact: true }).waitFor();
      assert.equal(await page.locator('html').getAttribute('dir'), dir);
      await mustBeAccessible(page);
      assert.ok(await page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth'));
      await page.context().close();
    }
  });
});
