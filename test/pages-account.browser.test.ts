import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { after, describe } from 'node:test';
import { crc32, deflateSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { openSink } from './mail-sink.ts';
import { administrator, mustBeAccessible, pageWorld, views } from './page-world.ts';

const sink = await openSink();
const markup = '<img src=x onerror=alert(1)>';
const person = { username: 'ada', password: 'Nine-quiet-rivers-9' };

/** What people do with their profile, their password and their data, on a server that mails. */
describe('the profile, the password and the data in a browser', { timeout: 300_000 }, () => {
  after(async () => await sink.close());
  const world = pageWorld({
    MAIL_URL: `smtp://127.0.0.1:${sink.port}?ignoreTLS=true`,
    OVERWRITE_SETTING_Accounts_AllowDeleteOwnAccount: 'true',
    OVERWRITE_SETTING_Accounts_CustomFields: JSON.stringify({
      'Ship': { type: 'select', options: ['Argo', 'Beagle'], required: true },
      [`Berth ${markup}`]: { type: 'text', minLength: 2, maxLength: 5 },
    }),
  });
  const { step, visit } = world;

  const alert = (page: Page) => page.getByRole('alert').last();
  const save = async (page: Page) => await page.getByRole('button', { name: 'Save' }).first().click();
  const reload = async (page: Page) => {
    await page.reload();
    await page.getByLabel('Nickname').waitFor();
  };
  const me = async () => (await world.call('users.info?username=ada'))['user'] as Record<string, unknown>;
  const set = async (id: string, value: unknown) => {
    const { data } = await json('login', {}, { user: administrator.username, password: administrator.password });
    const { userId, authToken } = data as { readonly userId: string; readonly authToken: string };
    const code = createHash('sha256').update(administrator.password).digest('hex');
    const headers = { 'X-User-Id': userId, 'X-Auth-Token': authToken, 'X-2fa-Code': code, 'X-2fa-Method': 'password' };
    assert.deepEqual(await json(`settings/${id}`, headers, { value }), { success: true });
  };
  const json = async (path: string, headers: Readonly<Record<string, string>>, body?: object) => {
    const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const response = await fetch(`${world.base}/api/v1/${path}`, {
      headers: { ...headers, 'Content-Type': 'application/json' },
      ...sent,
    });
    return (await response.json()) as Record<string, unknown>;
  };

  step('edits what others see, beside each refusal its field, and keeps what was typed', async () => {
    await world.call('users.create', {
      ...person,
      name: 'Ada',
      email: 'ada@example.com',
      verified: true,
      customFields: { Ship: 'Argo' },
    });
    const page = await visit();
    await world.signIn(page, person, '/sign-in?return=/account/profile');
    await page.getByLabel('Nickname').fill(markup);
    await mustBeAccessible(page);
    const username = page.getByLabel('Username');
    await username.fill('admin');
    await page.getByText('This username is taken').waitFor();
    await save(page);
    await page.getByText('letters, digits').waitFor();
    assert.equal(await username.getAttribute('aria-invalid'), 'true');
    await page.locator('[name=username]:focus').waitFor();
    assert.equal(await page.getByLabel('Nickname').inputValue(), markup);
    await mustBeAccessible(page);
    await username.fill('ada.l');
    await page.getByText('This username is free.').waitFor();
    await username.fill('ada');
    // The name of the field is markup that somebody wrote into a setting: it is text.
    await page.getByLabel(`Berth ${markup}`).fill('seven');
    assert.equal(await page.getByLabel('Ship').inputValue(), 'Argo');
    await page.getByLabel('Ship').selectOption('Beagle');
    await page.getByLabel(`Berth ${markup}`).fill('sevens');
    await save(page);
    await page.getByText('At most 5 characters.').waitFor();
    await page.getByLabel(`Berth ${markup}`).fill('B 7');
    await page.getByLabel('Name', { exact: true }).fill('');
    await save(page);
    await page.getByText('This field is needed.').waitFor();
    await page.getByLabel('Name', { exact: true }).fill('Ada Lovelace');
    await page.getByLabel('Bio').fill('Counts.');
    await page.getByLabel('Status', { exact: true }).selectOption('Busy');
    await page.getByLabel('Status text').fill('Writing notes');
    await save(page);
    await page.getByText('Saved.').waitFor();
    await reload(page);
    assert.equal(await page.getByLabel('Status', { exact: true }).inputValue(), 'busy');
    assert.equal(await page.getByLabel('Status text').inputValue(), 'Writing notes');
    assert.equal(await page.getByLabel('Ship').inputValue(), 'Beagle');
    const { name, bio, nickname, customFields } = await me();
    assert.deepEqual(
      { name, bio, nickname, customFields },
      {
        name: 'Ada Lovelace',
        bio: 'Counts.',
        nickname: markup,
        customFields: { Ship: 'Beagle', [`Berth ${markup}`]: 'B 7' },
      },
    );
  });

  step('takes a picture, made smaller where it is large, and gives the drawn one back', async () => {
    const page = await visit();
    await world.signIn(page, person, '/sign-in?return=/account/profile');
    const input = page.locator('input[type=file]');
    await input.setInputFiles({ name: `${markup}.png`, mimeType: 'image/png', buffer: Buffer.from('no picture') });
    await page.getByText(`You chose ${markup}.png.`).waitFor();
    await page.getByRole('button', { name: 'Keep this picture' }).click();
    await page.getByText('This file cannot be shown as a picture.').waitFor();
    await input.setInputFiles({ name: 'wide.png', mimeType: 'image/png', buffer: pngOf(3000, 600) });
    await mustBeAccessible(page);
    await page.getByRole('button', { name: 'Keep this picture' }).click();
    await page.getByText('Saved.').waitFor();
    const shown = await fetch(`${world.base}/avatar/ada`);
    assert.equal(shown.headers.get('content-type'), 'image/webp');
    const drawn = page.getByRole('img', { name: 'Your picture' });
    await page.locator('.picture__now:not([src$="etag=drawn"])[src^="/avatar/ada?etag="]').waitFor();
    await drawn.evaluate('document.querySelector(".picture__now").decode()');
    assert.equal(await page.evaluate('document.querySelector(".picture__now").naturalWidth'), 512);
    await page.getByRole('button', { name: 'Back to the drawn picture' }).click();
    await page.getByText('Your picture is removed from the server.').waitFor();
    await mustBeAccessible(page);
    await page.getByRole('button', { name: 'Remove my picture' }).click();
    await page.locator('.picture__now[src$="etag=drawn"]').waitFor();
    assert.equal((await fetch(`${world.base}/avatar/ada`)).headers.get('content-type'), 'image/svg+xml; charset=utf-8');
  });

  step('changes the address after the password is shown, mails the link, and once more (phone, dark)', async () => {
    const page = await visit(views.phone);
    await world.signIn(page, person, '/sign-in?return=/account/profile');
    await page.getByText('Verified', { exact: true }).waitFor();
    await page.getByLabel('New e-mail address').fill('ada at engine');
    await page.getByRole('button', { name: 'Change the address' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Password', { exact: true }).fill('wrong');
    await page.keyboard.press('Enter');
    await dialog.getByText('The code is not right.').waitFor();
    await dialog.getByLabel('Password', { exact: true }).fill(person.password);
    await page.keyboard.press('Enter');
    await page.getByText('This is no e-mail address.').waitFor();
    assert.equal(await page.getByLabel('New e-mail address').inputValue(), 'ada at engine');
    await mustBeAccessible(page);
    await page.getByLabel('New e-mail address').fill('ada@engine.example');
    await page.getByRole('button', { name: 'Change the address' }).click();
    await dialog.getByLabel('Password', { exact: true }).fill(person.password);
    await page.keyboard.press('Enter');
    await page.getByText('Not verified').waitFor();
    assert.deepEqual((await me())['emails'], [{ address: 'ada@engine.example', verified: false }]);
    const mails = () => sink.arrived.filter(({ to }) => to.includes('ada@engine.example')).length;
    const before = await until(mails, 1);
    await page.getByRole('button', { name: 'Mail the link again' }).click();
    await page.getByText('A link to verify it was mailed to ada@engine.example.').waitFor();
    await until(mails, before + 1);
    assert.ok(await page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth'));
  });

  step('chooses a language for mails and pages, and does without mails about new devices', async () => {
    const page = await visit();
    await world.signIn(page, person, '/sign-in?return=/account/profile');
    await page.getByLabel('Mail me when somebody signs in').uncheck();
    await page.getByLabel('Language', { exact: true }).first().selectOption('Deutsch');
    await page.getByRole('button', { name: 'Save' }).last().click();
    await page.getByRole('heading', { name: 'Sprache und Mails' }).waitFor();
    assert.equal(await page.getByLabel('Mail an mich').isChecked(), false);
    await mustBeAccessible(page);
    await page.getByLabel('Sprache', { exact: true }).first().selectOption('العربية');
    await page.getByRole('button', { name: 'Speichern' }).last().click();
    await page.getByRole('heading', { name: 'اللغة والرسائل' }).waitFor();
    assert.equal(await page.locator('html').getAttribute('dir'), 'rtl');
    await mustBeAccessible(page);
  });

  step('tells as text what the settings keep from people, and why', async () => {
    await set('Accounts_AllowUsernameChange', false);
    await set('Accounts_AllowUserAvatarChange', false);
    const page = await visit();
    await world.signIn(page, person, '/sign-in?return=/account/profile');
    await page.getByText('Your administrator does not let people choose a picture.').waitFor();
    await page.getByText('Your administrator does not let people change this.').waitFor();
    assert.equal(await page.getByLabel('Username').count(), 0);
    assert.equal(await page.getByRole('button', { name: 'Choose a picture' }).count(), 0);
    await mustBeAccessible(page);
    await set('Accounts_AllowUserProfileChange', false);
    await page.reload();
    await page.getByText('Your administrator keeps these').waitFor();
    // A nickname that is markup is text.
    await page.getByText(markup, { exact: true }).waitFor();
    assert.equal(await page.getByLabel('New e-mail address').count(), 0);
    await mustBeAccessible(page);
    for (const id of ['UsernameChange', 'UserAvatarChange', 'UserProfileChange']) {
      await set(`Accounts_Allow${id}`, true);
    }
  });

  step('changes the password by keyboard alone, and ends sessions and personal tokens (phone, dark)', async () => {
    const other = await visit();
    await world.signIn(other, person, '/sign-in?return=/account/profile');
    const { data } = await json('login', {}, { user: person.username, password: person.password });
    const { userId, authToken } = data as { readonly userId: string; readonly authToken: string };
    const headers = { 'X-User-Id': userId, 'X-Auth-Token': authToken };
    const code = createHash('sha256').update(person.password).digest('hex');
    const { token } = await json(
      'users.generatePersonalAccessToken',
      { ...headers, 'X-2fa-Code': code, 'X-2fa-Method': 'password' },
      { tokenName: 'script' },
    );
    assert.equal(typeof token, 'string');
    const page = await visit(views.phone);
    await world.signIn(page, person, '/sign-in?return=/account/security');
    const first = page.getByLabel('New password');
    await first.focus();
    await page.keyboard.type('ada');
    await page.getByText('Strength: guessed at once').first().waitFor();
    // Heard once typing pauses, and not before.
    await page.getByRole('status').getByText('Still missing: At least 14 characters.').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.type('ada');
    await page.keyboard.press('Enter');
    await page.locator('.rcx-field__error').getByText('Still missing').waitFor();
    assert.equal(await first.getAttribute('aria-invalid'), 'true');
    await mustBeAccessible(page);
    await page.locator('[name=password]:focus').waitFor();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('Ten-slow-glaciers-10');
    await page.getByText('All rules are met.').waitFor();
    assert.equal(await page.locator('.rules__one:not(.rules__one--met)').count(), 0);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Ten-slow-glaciers');
    await page.keyboard.press('Enter');
    await page.getByText('This is not what stands above.').waitFor();
    await page.locator('[name=passwordAgain]:focus').waitFor();
    await page.keyboard.type('-10');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByLabel('Password', { exact: true }).waitFor();
    await mustBeAccessible(page);
    await page.keyboard.type(person.password);
    await page.keyboard.press('Enter');
    await page.getByText('The password is changed.').waitFor();
    assert.equal(await first.inputValue(), '');
    person.password = 'Ten-slow-glaciers-10';
    for (const ended of [authToken, String(token)]) {
      assert.equal((await json('me', { 'X-User-Id': userId, 'X-Auth-Token': ended }))['status'], 'error');
    }
    await other.reload();
    await other.getByLabel('Username or e-mail').waitFor();
    await page.reload();
    await page.getByLabel('New password').fill(person.password);
    await page.getByLabel('Type the password again').fill(person.password);
    await page.getByRole('button', { name: 'Change the password' }).click();
    await page.getByRole('dialog').getByLabel('Password', { exact: true }).fill(person.password);
    await page.keyboard.press('Enter');
    await page.getByText('This is the password that you have now.').waitFor();
  });

  step('takes all data along in one file, with no secret in it', async () => {
    const page = await visit();
    await world.signIn(page, person, '/sign-in?return=/account/data');
    await mustBeAccessible(page);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download my data' }).click(),
    ]);
    assert.equal(download.suggestedFilename(), 'account-ada.json');
    const text = await readFile(await download.path(), 'utf8');
    const file = JSON.parse(text) as Record<string, unknown>;
    assert.deepEqual(Object.keys(file).toSorted(), [
      'applications',
      'exportedAt',
      'identities',
      'lastSignIns',
      'passkeys',
      'personalAccessTokens',
      'preferences',
      'profile',
      'server',
      'sessions',
      'trustedClients',
    ]);
    assert.equal((file['profile'] as Record<string, unknown>)['nickname'], markup);
    assert.ok((file['sessions'] as readonly unknown[]).length > 0);
    assert.ok((file['lastSignIns'] as readonly unknown[]).length > 0);
    assert.doesNotMatch(text, /"(?:authToken|hashedToken|bcrypt|secret)"|\$argon2/u);
  });

  step('deletes the account of whoever shows their password, and not that of the last administrator', async () => {
    const page = await visit(views.phone);
    await world.signIn(page, person, '/sign-in?return=/account/data');
    await page.getByRole('button', { name: 'Delete my account' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('your personal access tokens').waitFor();
    await mustBeAccessible(page);
    await dialog.getByLabel('Your password').fill('wrong');
    await dialog.getByRole('button', { name: 'Delete my account for good' }).click();
    await dialog.getByText('This is not your password.').waitFor();
    assert.equal(await dialog.getByLabel('Your password').inputValue(), 'wrong');
    await dialog.getByLabel('Your password').fill(person.password);
    await dialog.getByRole('button', { name: 'Delete my account for good' }).click();
    await page.getByRole('heading', { name: 'Your account is deleted' }).waitFor();
    await page.getByRole('button', { name: 'To the start page' }).click();
    await page.getByLabel('Username or e-mail').waitFor();
    assert.equal((await json('login', {}, { user: person.username, password: person.password }))['status'], 'error');

    const last = await visit();
    await world.signIn(last, administrator, '/sign-in?return=/account/data');
    await last.getByRole('button', { name: 'Delete my account' }).click();
    await last.getByRole('dialog').getByLabel('Your password').fill(administrator.password);
    await last.keyboard.press('Enter');
    await alert(last).getByText('You are the last administrator').waitFor();
    await mustBeAccessible(last);
    await set('Accounts_AllowDeleteOwnAccount', false);
    await last.reload();
    await last.getByText('Your administrator does not let people delete their account.').waitFor();
  });
});

/** Waits until so many are there. @returns how many there are then */
async function until(count: () => number, wanted: number): Promise<number> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (count() >= wanted) return count();
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
  throw new Error(`${wanted} were awaited, and ${count()} have come.`);
}

/** A grey picture. */
function pngOf(width: number, height: number): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 0], 8);
  const lines = deflateSync(
    Buffer.alloc((width + 1) * height, 0x66).map((byte, at) => (at % (width + 1) === 0 ? 0 : byte)),
  );
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunkOf('IHDR', head), chunkOf('IDAT', lines), chunkOf('IEND', Buffer.alloc(0))]);
}

function chunkOf(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
