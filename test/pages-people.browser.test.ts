import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe } from 'node:test';
import type { Page } from 'playwright-core';
import { sampleAccount, sampleAudit } from '../src/core/samples.suite.ts';
import { sha256Hex } from '../src/lib/digest.ts';
import { systemClock } from '../src/lib/system-clock.ts';
import { openSqlite } from '../src/stores/sqlite/open.ts';
import { confirmByPassword } from './page-confirm.ts';
import { administrator, mustBeAccessible, pageWorld, views } from './page-world.ts';

const markup = '<img src=x onerror=alert(1)>';
const password = 'Nine-blue-lamps-99';
const many = 3_000;

/** What administrators do with the accounts of others. */
describe('the pages of people in a browser', { timeout: 300_000 }, () => {
  const world = pageWorld({
    OVERWRITE_SETTING_Accounts_ManuallyApproveNewUsers: 'true',
    OVERWRITE_SETTING_Accounts_TwoFactorAuthentication_RememberFor: '0',
    CREATE_TOKENS_FOR_USERS: 'true',
    CREATE_TOKENS_FOR_USERS_SECRET: 'the secret of the operator',
  });
  const { step, visit } = world;

  async function newcomer(username: string, more: object = {}): Promise<string> {
    const { user } = await world.call('users.create', {
      username,
      password,
      name: `${username} of the tests`,
      email: `${username}@example.com`,
      verified: true,
      ...more,
    });
    return (user as { readonly _id: string })._id;
  }

  /** The headers of somebody who signs in as a program does. */
  async function signedIn(user: string, by = password): Promise<Readonly<Record<string, string>>> {
    const headers = { 'Content-Type': 'application/json', 'User-Agent': 'node/24' };
    const body = JSON.stringify({ user, password: by });
    const response = await fetch(`${world.base}/api/v1/login`, { method: 'POST', headers, body });
    assert.equal(response.status, 200, await response.clone().text());
    const { data } = (await response.json()) as { readonly data: Readonly<Record<'userId' | 'authToken', string>> };
    return { ...headers, 'X-User-Id': data.userId, 'X-Auth-Token': data.authToken };
  }

  const office = async (path: string): Promise<Page> => await world.office(path);

  async function told(userId: string): Promise<Readonly<Record<string, unknown>>> {
    return (await world.call(`users.info?userId=${userId}`))['user'] as Readonly<Record<string, unknown>>;
  }

  async function mustNotScroll(page: Page): Promise<void> {
    assert.ok(await page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth'));
  }

  async function open(userId: string, tab = 'Profile'): Promise<Page> {
    const page = await office(`/admin/users/${userId}`);
    await page.getByRole('tab', { name: tab }).click();
    return page;
  }

  step('list thousands, page by page, and find one', async () => {
    const store = await openSqlite({ file: join(world.server.folder, 'countersign.db'), clock: systemClock });
    const numbers = Array.from({ length: many }, (_, n) => String(n).padStart(4, '0'));
    await store.bulk.accounts(
      numbers.map((n) =>
        sampleAccount({ username: `person.${n}`, name: `Person ${n}`, open: n !== '0007', closedBecause: undefined }),
      ),
    );
    await store.close();
    const page = await office('/admin/users');
    const found = page.getByRole('status').filter({ hasText: 'found' });
    await page.getByText('3,002 accounts found.').waitFor();
    await mustBeAccessible(page);
    assert.equal(await page.getByRole('row').count(), 51);
    await page.getByRole('button', { name: 'Next page' }).click();
    await page.getByText('51 to 100 of 3,002').first().waitFor();
    await page.getByLabel('Search').fill('Person 2999');
    await page.getByText('One account found.').waitFor();
    await page.getByRole('link', { name: 'Person 2999' }).click();
    await page.getByRole('heading', { name: 'Person 2999', level: 1 }).waitFor();
    await page.goBack();
    // The search is there as before.
    await page.getByText('One account found.').waitFor();
    assert.equal(await page.getByLabel('Search').inputValue(), 'Person 2999');
    await page.getByLabel('Search').fill('nobody at all');
    await page.getByText('No account fits.').waitFor();
    await mustBeAccessible(page);
    await page.getByLabel('Search').fill('');
    await page.getByLabel('State').selectOption('Closed');
    await page.getByRole('link', { name: 'Person 0007' }).waitFor();
    assert.equal(await found.textContent(), 'One account found.');
    await page.getByLabel('State').selectOption('All');
    await page.getByLabel('Role').selectOption('admin');
    await page.getByRole('link', { name: 'Administrator' }).waitFor();
    await page.getByLabel('Role').selectOption('All roles');
    await page.getByLabel('Order').selectOption('Last sign-in first');
    await page.getByRole('row').nth(1).getByText('@admin').waitFor();
  });

  step('make an account by a mailed link, marking what is wrong and keeping what was typed', async () => {
    await newcomer('taken');
    const page = await office('/admin/users');
    await page.getByRole('link', { name: 'New account' }).click();
    await page.getByRole('heading', { name: 'New account' }).waitFor();
    await mustBeAccessible(page);
    await page.getByLabel('Name', { exact: true }).fill('Linked Person');
    await page.getByRole('button', { name: 'Make the account' }).click();
    const username = page.getByLabel('Username');
    assert.equal(await username.getAttribute('aria-invalid'), 'true');
    await username.fill('taken');
    await page.getByLabel('E-mail').fill('linked@example.com');
    await page.getByRole('button', { name: 'Make the account' }).click();
    await page.getByText('Somebody has this username. Choose another.').waitFor();
    assert.equal(await page.getByLabel('E-mail').inputValue(), 'linked@example.com');
    await page.locator('[name=username]:focus').waitFor();
    await mustBeAccessible(page);
    await username.fill('linked');
    await page.getByLabel('bot').check();
    await page.getByRole('button', { name: 'Make the account' }).click();
    await page.getByRole('heading', { name: 'Linked Person', level: 1 }).waitFor();
    const { users } = await world.call('users.list?email=linked@example.com');
    assert.deepEqual((users as readonly { readonly roles: readonly string[] }[])[0]?.roles.toSorted(), ['bot', 'user']);
    const { mails } = await world.call('mails.list');
    assert.ok(
      (mails as readonly { readonly recipient: string }[]).some((mail) => mail.recipient === 'linked@example.com'),
    );
  });

  step('make an account with a password, on a phone', async () => {
    const page = await visit(views.phone);
    await world.signIn(page, administrator, '/sign-in?return=/admin/users/new');
    await page.getByLabel('Name', { exact: true }).fill('Handed Person');
    await page.getByLabel('Username').fill('handed');
    await page.getByLabel('E-mail').fill('handed@example.com');
    await page.getByLabel('How they get in').selectOption('Set a password now');
    await page.getByLabel('Password', { exact: true }).fill(password);
    await mustBeAccessible(page);
    await mustNotScroll(page);
    await page.getByRole('button', { name: 'Make the account' }).click();
    await page.getByRole('heading', { name: 'Handed Person', level: 1 }).waitFor();
    await mustBeAccessible(page);
    await mustNotScroll(page);
    await page.getByRole('tab', { name: 'Sign-in' }).click();
    await page.getByText('must be changed at the next sign-in').waitFor();
    await mustNotScroll(page);
    await page.goto('/admin/users?search=handed');
    await page.getByText('One account found.').waitFor();
    await mustBeAccessible(page);
    await mustNotScroll(page);
  });

  step('approve who waits, and show what they wrote as text', async () => {
    await fetch(`${world.base}/api/v1/users.register`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({
        username: 'wanda',
        name: 'Wanda',
        email: 'wanda@example.com',
        pass: password,
        reason: `please ${markup}`,
      }),
    });
    const page = await office('/admin/users');
    await page.getByLabel('State').selectOption('Waiting for approval');
    await page.getByText(`They wrote: “please ${markup}”`).waitFor();
    assert.equal(await page.locator('img[src="x"]').count(), 0);
    await page.getByRole('link', { name: 'Wanda' }).click();
    await page.getByText('This account waits for approval.').waitFor();
    await page.getByText(`please ${markup}`).waitFor();
    await mustBeAccessible(page);
    await page.goBack();
    await page.getByRole('button', { name: 'Approve Wanda' }).click();
    await page.getByText('Wanda can sign in now.').waitFor();
    await page.getByText('No account fits.').waitFor();
  });

  step('edit somebody, who stays as they were where that is refused', async () => {
    const id = await newcomer('edith', { nickname: markup, bio: markup });
    const page = await open(id);
    assert.equal(await page.getByLabel('Nickname').inputValue(), markup);
    await page.getByLabel('E-mail').fill('admin@example.com');
    await page.getByRole('button', { name: 'Save' }).click();
    await confirmByPassword(page, administrator.password);
    await page.getByText('Somebody has this address. Enter another.').waitFor();
    await mustBeAccessible(page);
    await page.getByLabel('E-mail').fill('edith.new@example.com');
    await page.getByLabel('Name', { exact: true }).fill('Edith Edited');
    await page.getByLabel('guest').check();
    await page.getByRole('button', { name: 'Save' }).click();
    await confirmByPassword(page, administrator.password);
    await page.getByRole('heading', { name: 'Edith Edited', level: 1 }).waitFor();
    const edited = await told(id);
    assert.deepEqual(edited['emails'], [{ address: 'edith.new@example.com', verified: true }]);
    assert.deepEqual(edited['roles'], ['user', 'guest']);
    assert.equal(edited['nickname'], markup);
    assert.equal(await page.locator('img[src="x"]').count(), 0);
    // The last role cannot go.
    await page.getByLabel('guest').uncheck();
    await page.getByLabel('user', { exact: true }).uncheck();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Give at least one role').waitFor();
  });

  step('close, open and delete an account by keyboard alone, each time saying what will happen', async () => {
    const id = await newcomer('closing');
    const page = await office(`/admin/users/${id}`);
    const press = async (name: string): Promise<void> => {
      await page.getByRole('button', { name, exact: true }).last().focus();
      await page.keyboard.press('Enter');
    };
    await press('Close the account');
    await page.getByRole('dialog').getByText('They are signed out everywhere at once').waitFor();
    await mustBeAccessible(page);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    assert.equal((await told(id))['active'], true);
    await press('Close the account');
    await page.getByRole('dialog').waitFor();
    await press('Close the account');
    await page.getByText('Closed', { exact: true }).waitFor();
    assert.equal((await told(id))['active'], false);
    await press('Open the account');
    await page.getByRole('dialog').waitFor();
    await press('Open the account');
    await page.getByText('Open', { exact: true }).waitFor();
    // The arrow keys go from part to part, and Enter opens one.
    await page.getByRole('tab', { name: 'Profile' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Second factors' }).waitFor();
    await press('Delete');
    await page.getByRole('dialog').getByText('At once and for good').waitFor();
    await press('Delete');
    await page.getByText('closing of the tests is deleted.').waitFor();
    assert.equal(new URL(page.url()).pathname, '/admin/users');
    await page.goto(`/admin/users/${id}`);
    await page.getByText('There is no such account. It may have been deleted.').waitFor();
  });

  step('keep the last administrator, and say so', async () => {
    const { _id: id } = (await world.call('me')) as { readonly _id: string };
    const page = await office(`/admin/users/${id}`);
    await page.getByText('This is your own account.').waitFor();
    await page.getByRole('button', { name: 'Close the account' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Close the account' }).click();
    await page.getByText('This is the last administrator who can sign in.').waitFor();
  });

  step('help who cannot sign in: password, second factors, blocks, identities, a token', async () => {
    const id = await newcomer('helped');
    const store = await openSqlite({ file: join(world.server.folder, 'countersign.db'), clock: systemClock });
    const identity = { provider: 'github', subject: '4711', facts: { username: 'helped-there' } };
    await store.identities.link(identity, id, {}, Date.now(), sampleAudit(id));
    await store.close();
    await fetch(`${world.base}/api/v1/users.2fa.enableEmail`, {
      method: 'POST',
      headers: await signedIn('helped'),
      body: '{}',
    });
    await assert.rejects(signedIn('helped', 'wrong'));
    const page = await open(id, 'Sign-in');
    await page.getByText('helped-there').waitFor();
    await mustBeAccessible(page);

    await page.getByRole('button', { name: 'Set a password' }).click();
    const setting = page.getByRole('dialog', { name: 'Set a password for helped of the tests' });
    await setting.getByLabel('New password').fill('short');
    await setting.getByLabel('Type the password again').fill('short');
    await setting.getByRole('button', { name: 'Set a password' }).click();
    assert.equal(await setting.getByLabel('New password').getAttribute('aria-invalid'), 'true');
    await mustBeAccessible(page);
    await setting.getByLabel('New password').fill('Eleven-warm-doors-31');
    await setting.getByLabel('Type the password again').fill('Eleven-warm-doors-31');
    await setting.getByRole('button', { name: 'Set a password' }).click();
    await confirmByPassword(page, administrator.password);
    await page.getByText('must be changed at the next sign-in').waitFor();

    await page.getByRole('button', { name: 'Mail a link' }).click();
    await page.getByRole('dialog').getByText('The password of today is void at once').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Mail a link' }).click();
    await confirmByPassword(page, administrator.password);
    await page.getByText('A link is on its way to helped@example.com.').waitFor();

    await page.getByText('Codes by e-mail', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Remove all second factors' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove all second factors' }).click();
    await confirmByPassword(page, administrator.password);
    await page.getByText('None is set up.').waitFor();

    await page.getByRole('button', { name: 'Forget them' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Forget them' }).click();
    await confirmByPassword(page, administrator.password);
    await page.getByText('One failed sign-in is forgotten.').waitFor();

    await page.getByRole('button', { name: 'Unlink GitHub' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Unlink' }).click();
    await confirmByPassword(page, administrator.password);
    await page.getByText('No identity is linked.').waitFor();

    await page.getByRole('button', { name: 'Make a token' }).click();
    const making = page.getByRole('dialog', { name: 'Make a token for helped of the tests' });
    await making.getByRole('button', { name: 'Make a token' }).click();
    await making.getByText('The server wants the secret').waitFor();
    await making.getByLabel('Secret of the operator').fill('another');
    await making.getByRole('button', { name: 'Make a token' }).click();
    await making.getByText('set CREATE_TOKENS_FOR_USERS=true').waitFor();
    await making.getByLabel('Secret of the operator').fill('the secret of the operator');
    await making.getByRole('button', { name: 'Make a token' }).click();
    const token = (await making.getByRole('group', { name: 'Token' }).textContent()) ?? '';
    await mustBeAccessible(page);
    const asHelped = { 'X-User-Id': id, 'X-Auth-Token': token };
    // It is somebody's; their password must be changed first.
    const { status } = await fetch(`${world.base}/api/v1/users.getStatus`, { headers: asHelped });
    assert.equal(status, 403);
    await making.getByRole('button', { name: 'Close' }).last().click();
    assert.ok(!(await page.content()).includes(token));
  });

  step('show and end sessions and tokens, and what happened', async () => {
    const id = await newcomer('seen');
    const asSeen = await signedIn('seen');
    const made = await fetch(`${world.base}/api/v1/users.generatePersonalAccessToken`, {
      method: 'POST',
      headers: { ...asSeen, 'X-2fa-method': 'password', 'X-2fa-code': sha256Hex(password) },
      body: JSON.stringify({ tokenName: `ci ${markup}` }),
    });
    assert.equal(made.status, 200, await made.text());
    const page = await open(id, 'Activity');
    await page.getByRole('cell', { name: 'Sign-in' }).first().waitFor();
    await page.getByLabel('Show').selectOption('Everything that happened');
    await page.getByRole('button', { name: 'Personal token made' }).click();
    await mustBeAccessible(page);
    await page.keyboard.press('Escape');
    await page.getByRole('tab', { name: 'Sessions and tokens' }).click();
    // Where nothing is remembered, each of both lists asks.
    await confirmByPassword(page, administrator.password);
    await confirmByPassword(page, administrator.password);
    await page.getByText(`ci ${markup}`).waitFor();
    assert.equal(await page.locator('img[src="x"]').count(), 0);
    await mustBeAccessible(page);
    await page.getByRole('button', { name: `Revoke ci ${markup}` }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await confirmByPassword(page, administrator.password);
    await confirmByPassword(page, administrator.password);
    await page.getByText('They have no personal access tokens.').waitFor();
    await page.getByRole('button', { name: 'Sign out everywhere' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere' }).click();
    await confirmByPassword(page, administrator.password);
    await page.getByText('They are signed in nowhere.').waitFor();
    const after = await fetch(`${world.base}/api/v1/me`, { headers: asSeen });
    assert.equal(after.status, 401);
  });

  step('offer to who may only look nothing else', async () => {
    const { role } = await world.call('roles.create', { name: `lookers ${markup}` });
    const { _id: looker } = role as { readonly _id: string };
    for (const permissionId of ['view-user-administration', 'view-full-other-user-info']) {
      await world.call('permissions.addRole', { permissionId, role: looker });
    }
    await newcomer('looker', { roles: ['user', looker] });
    const { _id: root } = (await world.call('me')) as { readonly _id: string };
    const page = await visit({ ...views.phone, locale: 'de-DE' });
    await page.goto('/sign-in?return=/admin/users');
    await page.getByLabel('Benutzername oder E-Mail').fill('looker');
    await page.getByLabel('Passwort', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Anmelden', exact: true }).click();
    await page.getByLabel('Suchen').fill('looker');
    await page.getByText('Ein Konto gefunden.').waitFor();
    assert.equal(await page.getByRole('link', { name: 'Neues Konto' }).count(), 0);
    await mustNotScroll(page);
    await page.goto(`/admin/users/${root}`);
    await page.getByText('hat eine höhere Rolle als Sie').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Löschen' }).count(), 0);
    assert.equal(await page.getByRole('button', { name: 'Speichern' }).count(), 0);
    assert.deepEqual(await page.getByRole('tab').allTextContents(), ['Profil', 'Anmeldung']);
    await mustBeAccessible(page);
    await mustNotScroll(page);
    const arabic = await visit({ ...views.phone, locale: 'ar-EG' });
    await arabic.goto('/sign-in?return=/admin/users');
    await arabic.locator('[name=user]').fill(administrator.username);
    await arabic.locator('[name=password]').fill(administrator.password);
    await arabic.keyboard.press('Enter');
    await arabic.getByLabel('بحث').fill('looker');
    await arabic.getByText('عُثر على حساب واحد.').waitFor();
    await mustBeAccessible(arabic);
    await mustNotScroll(arabic);
  });
});
