import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { ask } from './attacks/wire.ts';
import { freePort, withBrowser } from './browser.ts';
import { run } from './process/run.ts';
import { type RunningServer, startServer } from './server.ts';

const fitting = 'Seven green chairs 77!';

/** What people do with the links that they are mailed: in a real browser, by keyboard, without script. */
describe('mailed links in a browser', { timeout: 300_000 }, () => {
  let server: RunningServer;
  let context: BrowserContext;
  let page: Page;
  let said: string[];

  const step = withBrowser(
    async (browser) => {
      const port = await freePort();
      server = await startServer({
        port,
        env: {
          ROOT_URL: `http://localhost:${port}`,
          MAIL_URL: 'outbox:',
          OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false',
        },
      });
      context = await browser.newContext({ javaScriptEnabled: false });
      page = await context.newPage();
      said = [];
      page.on('console', (message) => said.push(message.text()));
    },
    async () => {
      await server.dispose();
    },
  );

  async function countersign(...words: readonly string[]): Promise<string> {
    const env = { DATABASE_URL: `sqlite:${server.folder}/countersign.db` };
    const { code, stdout, stderr } = await run(words, env, { cwd: server.folder, patienceMs: 60_000 });
    assert.equal(code, 0, stderr);
    return stdout;
  }

  /** The link of the newest mail of a kind to somebody, once it is there: mails are posted after the answer. */
  async function linkOf(kind: string, to: string): Promise<string> {
    for (let tries = 0; tries < 20; tries += 1) {
      const { mails } = JSON.parse(await countersign('mail', 'list', '--json')) as {
        mails: readonly { id: string; kind: string; recipient: string }[];
      };
      const mail = mails.find((one) => one.kind === kind && one.recipient === to);
      if (mail === undefined) continue;
      const link = /https?:\/\/\S+\/\S{43}/u.exec(await countersign('mail', 'show', mail.id))?.[0];
      assert.ok(link !== undefined);
      return link;
    }
    assert.fail(`no mail of the kind ${kind}`);
  }

  /** Opens a link as a browser without script does: the document of the pages leads it on. @returns the status there */
  async function openPlain(link: string): Promise<number> {
    const isPlain = (url: URL): boolean => url.searchParams.get('plain') === '1';
    const led = page.waitForResponse((response) => isPlain(new URL(response.url())));
    // Its own end is not waited for: it is left at once.
    await page.goto(link, { waitUntil: 'commit' });
    const response = await led;
    await page.waitForURL(isPlain);
    return response.status();
  }

  async function logIn(user: string, password: string): Promise<Record<string, string> | undefined> {
    const { status, text } = await ask(server, { path: '/api/v1/login', json: { user, password } });
    if (status !== 200) return undefined;
    const { data } = JSON.parse(text) as { data: { userId: string; authToken: string } };
    return { 'x-user-id': data.userId, 'x-auth-token': data.authToken };
  }

  /** Types into the form by keyboard alone, beginning where the page has put the caret. */
  async function typed(...texts: readonly string[]): Promise<void> {
    if (texts.length > 0) await page.locator('input:focus').waitFor();
    for (const [at, text] of texts.entries()) {
      if (at > 0) await page.keyboard.press('Tab');
      await page.keyboard.type(text);
    }
    // The next document, and not the one that is still there when the answer comes.
    const loaded = page.waitForEvent('load');
    await page.keyboard.press('Enter');
    await loaded;
  }

  step('set a forgotten password once: opening them twice uses nothing up, and old sessions are dead', async () => {
    const json = { username: 'jane', name: 'Jane', email: 'jane@example.com', pass: 'Lost and f0und again!' };
    assert.equal((await ask(server, { path: '/api/v1/users.register', json })).status, 200);
    const session = await logIn('jane', json.pass);
    assert.ok(session !== undefined);
    await ask(server, { path: '/api/v1/users.forgotPassword', json: { email: json.email } });
    const link = await linkOf('password-reset', json.email);

    for (let looks = 0; looks < 2; looks += 1) assert.equal(await openPlain(link), 200);
    assert.equal((await ask(server, { path: '/api/v1/me', headers: session })).status, 200);
    assert.match(await page.locator('body').innerText(), /For jane on Rocket\.Chat/u);
    const field = page.getByLabel('New password', { exact: true });
    assert.equal(await field.getAttribute('autocomplete'), 'new-password');
    assert.equal(await page.locator('[autocomplete=username]').inputValue(), 'jane');

    await typed('short', 'short');
    assert.match(await page.title(), /^Not set yet: /u);
    assert.match(await page.getByRole('alert').innerText(), /It is too short\./u);
    assert.equal(await field.getAttribute('aria-invalid'), 'true');
    await typed(fitting, `${fitting}?`);
    assert.match(await page.getByRole('alert').innerText(), /not the same/u);
    assert.equal(await page.getByLabel('The new password again').getAttribute('aria-invalid'), 'true');

    await openPlain(link);
    await typed(fitting, fitting);
    assert.equal(await page.getByRole('heading').innerText(), 'Your password is set');
    assert.equal((await ask(server, { path: '/api/v1/me', headers: session })).status, 401);
    assert.notEqual(await logIn('jane', fitting), undefined);
    assert.equal(await logIn('jane', json.pass), undefined);

    assert.equal(await openPlain(link), 404);
    assert.equal(await page.getByRole('heading').innerText(), 'This link is no longer good');
  });

  step('verify an address by a button, once', async () => {
    const json = { username: 'june', name: 'June', email: 'june@example.com', pass: 'Lost and f0und again!' };
    assert.equal((await ask(server, { path: '/api/v1/users.register', json })).status, 200);
    const link = await linkOf('email-verification', json.email);
    for (let looks = 0; looks < 2; looks += 1) assert.equal(await openPlain(link), 200);
    assert.match(await countersign('user', 'show', 'june'), /june@example\.com \(not verified\)/u);
    // Somebody may have registered with an address that is not theirs: its owner must see whose account it is.
    assert.equal(await page.locator('strong').innerText(), 'june');
    await page.keyboard.press('Tab');
    await typed();
    assert.equal(await page.getByRole('heading').innerText(), 'Your e-mail address is verified');
    assert.match(await countersign('user', 'show', 'june'), /june@example\.com \(verified\)/u);
    assert.equal(await openPlain(link), 404);
  });

  step('have pages that nothing on a telephone is cut off of, and that break no policy of their own', async () => {
    await ask(server, { path: '/api/v1/users.forgotPassword', json: { email: 'june@example.com' } });
    await page.setViewportSize({ width: 320, height: 568 });
    await openPlain(await linkOf('password-reset', 'june@example.com'));
    const shown = await page.locator('label, input:not([hidden]), button, li').all();
    assert.ok(shown.length >= 5);
    for (const element of shown) {
      const box = await element.boundingBox();
      assert.ok(
        box !== null && box.x >= 0 && box.x + box.width <= 320,
        await element.evaluate('(one) => one.outerHTML'),
      );
    }
    // A browser says here what its policy has kept it from.
    assert.deepEqual(
      said.filter((text) => !text.startsWith('Failed to load resource: the server responded with a status of 4')),
      [],
    );
  });
});
