import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { openSink, type Sink } from './mail-sink.ts';
import { administrator, mustBeAccessible, pageWorld, views } from './page-world.ts';

const chosen = 'Another-Long-Password-1';

/** The first minutes with a fresh server. */
describe('the pages for the first steps', { timeout: 300_000 }, () => {
  let sink: Sink | undefined;
  const world = pageWorld({
    MAIL_URL: '',
    OVERWRITE_SETTING_Countersign_Setup_Done: 'false',
    OVERWRITE_SETTING_Accounts_TwoFactorAuthentication_Enabled: 'false',
  });
  const { step, visit } = world;
  before(async () => {
    sink = await openSink();
  });
  after(async () => {
    await sink?.close();
  });

  step('say where the first password is, to whom they lead, and not again after that', async () => {
    const page = await visit(views.phone);
    await page.goto('/');
    await page.getByText('Nobody has signed in to this server yet.').waitFor();
    await mustBeAccessible(page);
    // The document tells that, and no name and no address of an account.
    const html = await (await fetch(`${world.base}/`)).text();
    assert.doesNotMatch(html, /admin@example\.com|Seven-green/u);
    await world.signIn(page, administrator);
    await page.getByRole('heading', { level: 1, name: 'First steps' }).waitFor();
    assert.equal(new URL(page.url()).pathname, '/setup');
    await mustBeAccessible(page);
    assert.ok(await page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth'));
    await page.getByRole('link', { name: 'Leave for now' }).click();
    await page.waitForURL((url) => url.pathname === '/account');
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();
    assert.equal(new URL(page.url()).pathname, '/account');
    const stranger = await visit();
    await stranger.goto('/');
    await stranger.getByLabel('Username or e-mail').waitFor();
    assert.equal(await stranger.getByText('Nobody has signed in to this server yet.').count(), 0);
  });

  step('go through all steps: password, address, mail, a first client', async () => {
    await world.call('users.create', {
      username: 'clerk',
      name: 'Clerk',
      email: 'clerk@example.com',
      password: administrator.password,
      verified: true,
    });
    const page = await visit();
    await world.signIn(page, administrator);
    await page.getByRole('heading', { level: 1, name: 'First steps' }).waitFor();
    await page.getByLabel('New password').fill(chosen);
    const again = page.getByLabel('Type the password again');
    await again.fill(chosen);
    await page.getByRole('form', { name: 'Password' }).getByLabel('Current password').fill(administrator.password);
    await page.getByRole('button', { name: 'Change the password' }).click();
    await page.getByText('The password is changed.').waitFor();
    await page.getByRole('button', { name: 'Next step' }).click();

    await page.getByText('This is the address that your browser shows.').waitFor();
    await mustBeAccessible(page);
    await page.getByLabel('Address of this server').fill('not an address');
    await page.getByText('If people come by that one, take it.').waitFor();
    await page.getByRole('button', { name: 'Save and go on' }).click();
    await page.getByText('Enter a web address').waitFor();
    await mustBeAccessible(page);
    await page.getByRole('button', { name: 'Take the address of the browser' }).click();
    await page.getByText('This is the address that your browser shows.').waitFor();
    await page.getByRole('button', { name: 'Next step' }).first().click();

    await page.locator('[name="SMTP_Host"]').fill('127.0.0.1');
    await page.locator('[name="SMTP_Port"]').fill(String(sink?.port));
    await page.locator('[name="From_Email"]').fill('server@example.com');
    assert.equal(await page.getByRole('button', { name: 'Send a test mail' }).isDisabled(), true);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('button', { name: 'Save', exact: true }).waitFor({ state: 'detached' });
    await page.getByRole('textbox', { name: 'To', exact: true }).fill('somebody@example.com');
    await page.getByRole('button', { name: 'Send a test mail' }).click();
    await page.getByText('The mail server took a mail to').waitFor();
    await mustBeAccessible(page);
    await page.getByRole('button', { name: 'Next step' }).click();

    await page.getByText('No sign-in by a client was seen yet.').waitFor();
    await page.getByText(`${world.base}/api/v1/login`).waitFor();
    await mustBeAccessible(page);
    // What the command of the page sends.
    const reply = await fetch(`${world.base}/api/v1/login`, {
      method: 'POST',
      headers: { 'User-Agent': 'curl/8.5.0' },
      body: new URLSearchParams({ user: administrator.username, password: chosen }),
    });
    assert.equal(reply.status, 200);
    await page.getByText('A client has signed in').waitFor();
    await page.getByRole('button', { name: 'Finish' }).click();
    await page.getByRole('heading', { level: 1, name: 'The first steps are done' }).waitFor();
    await mustBeAccessible(page);

    const next = await visit();
    await world.signIn(next, { username: administrator.username, password: chosen });
    await next.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();
    assert.equal(new URL(next.url()).pathname, '/account');
  });

  step('lead nobody there who could not do it', async () => {
    const page = await visit();
    await world.signIn(page, { username: 'clerk', password: administrator.password });
    await page.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();
    await page.goto('/setup');
    await page.getByText('You may not do this.').waitFor();
  });
});
