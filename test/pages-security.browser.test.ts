import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { Page } from 'playwright-core';
import { addAuthenticator } from './browser.ts';
import { confirmByPassword } from './page-confirm.ts';
import { administrator, mustBeAccessible, pageWorld, views } from './page-world.ts';
import { codeNow } from './totp-code.ts';

const markup = '<img src=x onerror=alert(1)>';

/** What people do for the safety of their own account: factors, sessions, tokens, and what happened lately. */
describe('the pages of the own security in a browser', { timeout: 300_000 }, () => {
  // Asked each time, however new an account is and whatever was shown before.
  const world = pageWorld({ OVERWRITE_SETTING_Accounts_TwoFactorAuthentication_RememberFor: '0' });
  const { step, visit } = world;

  /** Makes somebody whom no other step changes. */
  async function newcomer(username: string) {
    const password = 'Nine-blue-lamps-99';
    await world.call('users.create', {
      username,
      password,
      name: username,
      email: `${username}@example.com`,
      verified: true,
    });
    return { username, password };
  }

  /** Signs in as a program does. */
  async function session({ username, password }: { readonly username: string; readonly password: string }) {
    const { status } = await fetch(`${world.base}/api/v1/login`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'User-Agent': 'node/24' },
      body: JSON.stringify({ user: username, password }),
    });
    return status;
  }

  async function mustNotScroll(page: Page): Promise<void> {
    assert.ok(await page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth'));
  }

  async function open(page: Page, section: string): Promise<void> {
    await page.goto(`/account/${section}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
  }

  for (const [name, view] of Object.entries(views)) {
    step(`set an authenticator app up, renew its codes and take it away (${name})`, async () => {
      const who = await newcomer(`app-${name}`);
      const page = await visit(view);
      await world.signIn(page, who);
      await open(page, 'security');
      await page.getByText('No client is trusted now.').waitFor();
      await mustBeAccessible(page);
      await mustNotScroll(page);
      await page.getByRole('button', { name: 'Set up an app' }).click();
      await confirmByPassword(page, who.password);
      const dialog = page.getByRole('dialog', { name: 'Set up the authenticator app' });
      const secret = (await dialog.getByRole('group', { name: 'Key' }).textContent()) ?? '';
      assert.match(secret, /^[A-Z2-7]{32,}$/u);
      const picture = dialog.getByRole('img', { name: 'QR code for the authenticator app' });
      await picture.waitFor();
      assert.ok(await page.evaluate<boolean>(`document.querySelector('dialog img').naturalWidth > 0`));
      await mustBeAccessible(page);
      await dialog.getByLabel('First code').fill('000000');
      await dialog.getByRole('button', { name: 'Turn it on' }).click();
      await confirmByPassword(page, who.password);
      await dialog.getByText('The code is not right.').waitFor();
      await dialog.getByLabel('First code').fill(codeNow(secret));
      await dialog.getByRole('button', { name: 'Turn it on' }).click();
      await confirmByPassword(page, who.password);

      const codes = page.getByRole('region', { name: 'Your backup codes' });
      await codes.waitFor();
      const shown = await codes.getByRole('listitem').allTextContents();
      assert.equal(shown.length, 12);
      const saving = page.waitForEvent('download');
      await codes.getByRole('button', { name: 'Download' }).click();
      assert.equal((await saving).suggestedFilename(), 'backup-codes.txt');
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await codes.getByRole('button', { name: 'Copy' }).click();
      await page.getByText('Copied.').first().waitFor();
      const copied = await page.evaluate<string>('navigator.clipboard.readText()');
      assert.ok(shown.every((code) => copied.includes(code)));
      await page.evaluate('window.print = () => { document.title = "printed"; }');
      await codes.getByRole('button', { name: 'Print' }).click();
      assert.equal(await page.title(), 'printed');
      await page.getByText('12 codes are left.').waitFor();
      await mustBeAccessible(page);
      await mustNotScroll(page);
      // What was shown once is gone with the screen.
      await page.getByRole('link', { name: 'Sessions', exact: true }).click();
      await page.getByRole('heading', { level: 1, name: 'Sessions' }).waitFor();
      await page.goBack();
      await page.getByText('12 codes are left.').waitFor();
      assert.equal(await codes.count(), 0);

      await page.getByRole('button', { name: 'Make new codes' }).click();
      const renewing = page.getByRole('dialog', { name: 'Make new backup codes?' });
      await renewing.getByLabel('Code of the app, or a backup code').fill(shown[0] ?? '');
      await renewing.getByRole('button', { name: 'Make new codes' }).click();
      await codes.getByText(shown[0] ?? '').waitFor({ state: 'hidden' });
      await codes.waitFor();
      const fresh = await codes.getByRole('listitem').allTextContents();
      assert.equal(new Set([...shown, ...fresh]).size, 24);
      await page.locator('#fresh-codes:focus').waitFor();
      await codes.getByRole('button', { name: 'I have kept them' }).click();
      await codes.waitFor({ state: 'hidden' });

      await page.getByRole('button', { name: 'Remove the app' }).click();
      const removing = page.getByRole('dialog', { name: 'Remove the authenticator app?' });
      await removing.getByRole('button', { name: 'Remove the app' }).click();
      await removing.getByText('This field is needed.').waitFor();
      await mustBeAccessible(page);
      await removing.getByLabel('Code of the app, or a backup code').fill(fresh[0] ?? '');
      await removing.getByRole('button', { name: 'Remove the app' }).click();
      await page.getByRole('button', { name: 'Set up an app' }).waitFor();
      assert.equal(
        await page.evaluate('document.cookie + JSON.stringify({ ...localStorage, ...sessionStorage })'),
        '{}',
      );
    });
  }

  step('turn codes by e-mail on', async () => {
    const who = await newcomer('mailed');
    const page = await visit();
    await world.signIn(page, who);
    await open(page, 'security');
    const panel = page.getByRole('region', { name: 'Codes by e-mail' });
    await panel.getByRole('button', { name: 'Turn on' }).click();
    const asking = page.getByRole('dialog', { name: 'Turn codes by e-mail on?' });
    await asking.getByText('mailed@example.com').waitFor();
    await asking.getByRole('button', { name: 'Turn on' }).click();
    await panel.getByRole('button', { name: 'Turn off' }).waitFor();
    await page.getByText('Codes by e-mail are on.').waitFor();
  });

  step('add, name, use and remove a passkey', async () => {
    const who = await newcomer('passkeys');
    const page = await visit();
    await addAuthenticator(page);
    await world.signIn(page, who);
    await open(page, 'security');
    const panel = page.getByRole('region', { name: 'Passkeys' });
    await panel.getByRole('button', { name: 'Add a passkey' }).click();
    const adding = page.getByRole('dialog', { name: 'Add a passkey' });
    await adding.getByLabel('Name').fill(markup);
    await adding.getByRole('button', { name: 'Go on' }).click();
    await confirmByPassword(page, who.password);
    await page.getByRole('region', { name: 'Your backup codes' }).waitFor();
    // What people name is text, whatever it looks like.
    await panel.getByText(markup).waitFor();
    assert.equal(await page.locator('img[src="x"]').count(), 0);
    await mustBeAccessible(page);

    await panel.getByRole('button', { name: `Rename ${markup}` }).click();
    const renaming = page.getByRole('dialog', { name: `Rename ${markup}` });
    await renaming.getByLabel('Name').fill('Laptop');
    await renaming.getByRole('button', { name: 'Save' }).click();
    await panel.getByText('Laptop').waitFor();

    const use = async (): Promise<void> => {
      await page.getByRole('dialog', { name: 'One more step' }).getByRole('button', { name: 'Use a passkey' }).click();
    };
    const alone = panel.getByLabel('A passkey alone lets me in');
    await alone.click();
    // Given up: it is as it was.
    await page.getByRole('dialog', { name: 'One more step' }).getByRole('button', { name: 'Close' }).click();
    await panel.getByText('This needs your second factor.').waitFor();
    assert.equal(await alone.isChecked(), false);
    await alone.click();
    await use();
    await page.getByText('A passkey alone lets you in now.').waitFor();
    assert.equal(await alone.isChecked(), true);

    await panel.getByRole('button', { name: 'Remove Laptop' }).click();
    await page.getByRole('dialog', { name: 'Remove “Laptop”?' }).getByRole('button', { name: 'Remove' }).click();
    await use();
    await panel.getByText('You have no passkeys.').waitFor();
  });

  for (const [name, view] of Object.entries(views)) {
    step(`sign out one session, all others, and everything (${name})`, async () => {
      const who = await newcomer(`sessions-${name}`);
      const [first, second] = [await visit(view), await visit()];
      for (const page of [first, second]) await world.signIn(page, who);
      assert.equal(await session(who), 200);
      await open(first, 'sessions');
      const rows = first.getByRole('table', { name: 'Your sessions' }).getByRole('row');
      const others = first.getByRole('button', { name: /^Sign out (?:Chrome|node)/u });
      await others.nth(1).waitFor();
      assert.equal(await others.count(), 2);
      await first.getByText('This session').waitFor();
      await mustBeAccessible(first);
      await mustNotScroll(first);
      await others.nth(0).click();
      const one = first.getByRole('dialog', { name: 'Sign this device out?' });
      await mustBeAccessible(first);
      await first.keyboard.press('Escape');
      await one.waitFor({ state: 'hidden' });
      assert.equal(await others.count(), 2);
      await others.nth(0).click();
      await one.getByRole('button', { name: 'Sign out' }).click();
      await others.nth(1).waitFor({ state: 'hidden' });
      assert.equal(await others.count(), 1);

      await first.getByRole('button', { name: 'Sign out all others' }).click();
      await first
        .getByRole('dialog', { name: 'Sign out all other sessions?' })
        .getByRole('button', { name: 'Sign out all others' })
        .click();
      await others.nth(0).waitFor({ state: 'hidden' });
      assert.ok((await rows.count()) <= 2);
      await second.goto('/account/sessions');
      await second.getByLabel('Username or e-mail').waitFor();

      await first.getByRole('button', { name: 'Sign out everywhere' }).click();
      await first
        .getByRole('dialog', { name: 'Sign out everywhere?' })
        .getByRole('button', { name: 'Sign out everywhere' })
        .click();
      await first.getByLabel('Username or e-mail').waitFor();
    });
  }

  step('make, renew and remove a token by keyboard alone, and show its text once', async () => {
    const page = await visit();
    await world.signIn(page);
    await open(page, 'tokens');
    await page.getByText('You have no personal access tokens.').waitFor();
    await mustBeAccessible(page);
    await page.getByRole('button', { name: 'New token' }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'New personal access token' });
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await page.locator('button:focus', { hasText: 'New token' }).waitFor();
    await page.keyboard.press('Enter');
    await page.locator('dialog [name=name]:focus').waitFor();
    await page.keyboard.type(markup);
    await dialog.getByLabel('Limit what it may do').focus();
    await page.keyboard.press('Space');
    await dialog.getByLabel('Search permissions').focus();
    await page.keyboard.type('view-logs');
    await dialog.getByLabel('view-logs').focus();
    await page.keyboard.press('Space');
    await dialog.getByText('One is chosen.').waitFor();
    await dialog.getByLabel('Only from these addresses').fill('127.0.0.1\nnowhere');
    await dialog.getByLabel('Ends').selectOption('7');
    await mustBeAccessible(page);
    await dialog.getByLabel('Name').focus();
    await page.keyboard.press('Enter');
    await confirmByPassword(page, administrator.password);
    // The mistake is marked, and nothing typed is lost.
    await dialog.getByText('One of these is neither an address nor a network.').waitFor();
    const addresses = dialog.getByLabel('Only from these addresses');
    assert.equal(await addresses.getAttribute('aria-invalid'), 'true');
    assert.equal(await dialog.getByLabel('Name').inputValue(), markup);
    await addresses.fill('127.0.0.1 ::1');
    await dialog.getByLabel('Name').focus();
    await page.keyboard.press('Enter');
    await confirmByPassword(page, administrator.password);

    const made = page.getByRole('region', { name: `Your new token “${markup}”` });
    const text = (await made.getByRole('group', { name: 'Token' }).textContent()) ?? '';
    await page.locator('#made-token:focus').waitFor();
    const id = (await made.getByRole('group', { name: 'User id' }).textContent()) ?? '';
    const me = await fetch(`${world.base}/api/v1/me`, { headers: { 'X-Auth-Token': text, 'X-User-Id': id } });
    assert.equal(me.status, 200);
    assert.match((await made.getByRole('group', { name: 'Try it' }).textContent()) ?? '', /^curl -H 'X-Auth-Token: /u);
    await page.getByText('One permission').waitFor();
    const { tokens } = await world.call('users.getPersonalAccessTokens?details=true');
    const [listed] = tokens as readonly { readonly expiresAt?: string }[];
    const days = (Date.parse(listed?.expiresAt ?? '') - Date.now()) / 86_400_000;
    assert.ok(days > 6.9 && days <= 7, `${days} days`);
    assert.equal(await page.locator('img[src="x"]').count(), 0);
    await mustBeAccessible(page);
    const renew = page.getByRole('button', { name: `New text for ${markup}` });
    await renew.focus();
    await page.keyboard.press('Enter');
    const renewing = page.getByRole('dialog', { name: `Give “${markup}” a new text?` });
    await renewing.getByRole('button', { name: 'New text' }).focus();
    await page.keyboard.press('Enter');
    await confirmByPassword(page, administrator.password);
    await renewing.waitFor({ state: 'hidden' });
    const renewed = await made.getByRole('group', { name: 'Token' }).textContent();
    assert.notEqual(renewed, text);
    await made.getByRole('button', { name: 'I have copied it' }).click();
    await page.getByRole('button', { name: `Remove ${markup}` }).click();
    const removing = page.getByRole('dialog', { name: `Remove “${markup}”?` });
    await removing.getByRole('button', { name: 'Remove' }).click();
    await confirmByPassword(page, administrator.password);
    await page.getByText('You have no personal access tokens.').waitFor();
    assert.ok(!(await page.content()).includes(renewed ?? ' '));
  });

  step('show what happened, with what was refused, from right to left on a phone', async () => {
    const who = await newcomer('watched');
    assert.equal(await session({ ...who, password: 'wrong' }), 401);
    const page = await visit();
    await world.signIn(page, who);
    await open(page, 'activity');
    const table = page.getByRole('table', { name: 'Last sign-ins' });
    await table.getByText('The password was wrong.').waitFor();
    await table.getByText('Signed in').waitFor();
    await mustBeAccessible(page);
    await page.getByRole('main').getByRole('link', { name: 'Password and second factors' }).click();
    await page.getByRole('heading', { level: 1, name: 'Password and second factors' }).waitFor();

    const context = page.context();
    const phone = await visit({ ...views.phone, locale: 'ar-EG', storageState: await context.storageState() });
    for (const section of ['security', 'sessions', 'tokens', 'activity']) {
      await open(phone, section);
      assert.equal(await phone.locator('html').getAttribute('dir'), 'rtl');
      await phone.locator('[role=status].loading').first().waitFor({ state: 'detached' });
      await mustBeAccessible(phone);
      await mustNotScroll(phone);
    }
  });
});
