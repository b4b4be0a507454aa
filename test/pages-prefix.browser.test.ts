import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { freePort, withBrowser } from './browser.ts';
import { administrator, views } from './page-world.ts';
import { type RunningServer, startServer } from './server.ts';

/** What holds where the server is reached below a path, with a proxy before it that leaves the path in. */
describe('the pages below a path', { timeout: 120_000 }, () => {
  let server: RunningServer;
  let root = '';

  const step = withBrowser(
    async () => {
      const port = await freePort();
      root = `http://localhost:${port}/chat`;
      server = await startServer({
        port,
        env: {
          ROOT_URL: root,
          MAIL_URL: 'outbox:',
          ADMIN_USERNAME: administrator.username,
          ADMIN_PASS: administrator.password,
          OVERWRITE_SETTING_Countersign_Setup_Done: 'true',
        },
      });
    },
    async () => {
      await server.dispose();
    },
  );

  step('are found with and without a slash behind it, and nothing that only begins like it', async () => {
    for (const path of ['', '/', '?x=1', '/sign-in', '/?plain=1', '/api/info']) {
      assert.equal((await fetch(`${root}${path}`)).status, 200, path);
    }
    for (const path of ['ter', 'ter/sign-in', '/chat/sign-in', '//sign-in']) {
      assert.equal((await fetch(`${root}${path}`)).status, 404, path);
    }
    const text = await (await fetch(`${root}/sign-in`)).text();
    const files = [...text.matchAll(/(?:src|href)="([^"]+)"/gu)].map(([, address = '']) => address);
    assert.ok(files.length > 3);
    for (const address of files) {
      assert.match(address, /^\/chat\/assets\//u);
      assert.equal((await fetch(new URL(address, root))).status, 200, address);
    }
  });

  step('sign somebody in and out, and ask for nothing outside', async (browser) => {
    const context = await browser.newContext({ locale: 'en-GB', ...views.desktop });
    const page = await context.newPage();
    const outside: string[] = [];
    page.on('response', (response) => {
      const url = response.url();
      if (/^(?:data|blob):/u.test(url)) return;
      if (!url.startsWith(`${root}/`) || response.status() >= 400) outside.push(`${response.status()} ${url}`);
    });
    await page.goto(`${root}/`);
    await page.getByLabel('Username or e-mail').fill(administrator.username);
    await page.getByLabel('Password', { exact: true }).fill(administrator.password);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    assert.equal(new URL(page.url()).pathname, '/chat/account');
    await page.getByRole('link', { name: 'Administration' }).click();
    await page.getByRole('heading', { level: 1 }).waitFor();
    assert.match(new URL(page.url()).pathname, /^\/chat\/admin/u);
    await page.reload();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
    assert.deepEqual(outside, []);
  });

  step('work without script as well', async (browser) => {
    const context = await browser.newContext({ locale: 'en-GB', javaScriptEnabled: false, ...views.phone });
    const page = await context.newPage();
    await page.goto(`${root}/sign-in?return=%2Fsign-out`);
    // The document leads on by itself.
    await page.getByLabel('Username or e-mail address').fill(administrator.username);
    assert.equal(new URL(page.url()).searchParams.get('plain'), '1');
    assert.equal(new URL(page.url()).searchParams.get('return'), '/sign-out');
    await page.getByLabel('Password').fill(administrator.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText(`You are signed in as ${administrator.username}.`).waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
    await page.goto(`${root}/account`);
    await page.getByRole('link', { name: 'Sign in', exact: true }).click();
    await page.getByLabel('Password').waitFor();
  });
});
