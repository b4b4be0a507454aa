// Signing in at the pages with what one has here: a password, a second factor, a passkey, a link; and what is asked first.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { after, describe } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { addAuthenticator } from './browser.ts';
import { codeOf } from './factor-owner.ts';
import { inherited } from './inherited.ts';
import { openSink } from './mail-sink.ts';
import { administrator, mustBeAccessible, pageWorld, views } from './page-world.ts';

const sink = await openSink({ disabledCommands: ['STARTTLS'] });
const password = 'Four-blue-lamps-44';
const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

describe('the sign-in page', { timeout: 300_000 }, () => {
  const world = pageWorld({
    MAIL_URL: `smtp://127.0.0.1:${sink.port}`,
    OVERWRITE_SETTING_From_Email: 'server@example.com',
    OVERWRITE_SETTING_Block_Multiple_Failed_Logins_Enabled: 'true',
    OVERWRITE_SETTING_Block_Multiple_Failed_Logins_Attempts_Until_Block_by_User: '6',
    OVERWRITE_SETTING_Block_Multiple_Failed_Logins_Attempts_Until_Block_By_Ip: '1000',
    OVERWRITE_SETTING_Countersign_Second_Factor_Required_Roles: 'bot',
    OVERWRITE_SETTING_Countersign_Second_Factor_Grace_Days: '0',
    OVERWRITE_SETTING_Accounts_EmailVerification: 'true',
  });
  const { step, visit } = world;
  after(async () => await sink.close());

  const add = async (username: string, more: object = {}): Promise<void> => {
    const email = `${username}@example.com`;
    await world.call('users.create', { username, name: username, email, password, verified: true, ...more });
  };
  const enter = async (page: Page, user: string, secret = password): Promise<void> => {
    await page.getByLabel('Username or e-mail').fill(user);
    await page.getByLabel('Password', { exact: true }).fill(secret);
    await page.keyboard.press('Enter');
  };
  const isIn = async (page: Page): Promise<void> => await page.getByRole('button', { name: 'Sign out' }).waitFor();
  /** Calls as somebody who has just signed in. */
  const sessionOf = async (user: string) => {
    const login = await fetch(`${world.base}/api/v1/login`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ user, password }),
    });
    const { data } = (await login.json()) as { readonly data: { readonly userId: string; readonly authToken: string } };
    return async (path: string, body: object = {}): Promise<Record<string, unknown>> => {
      const headers = { 'X-User-Id': data.userId, 'X-Auth-Token': data.authToken, 'Content-Type': 'application/json' };
      const answer = await fetch(`${world.base}/api/v1/${path}`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      });
      assert.equal(answer.status, 200, path);
      return (await answer.json()) as Record<string, unknown>;
    };
  };

  step('tell a name that is unknown and a wrong password with the same words', async () => {
    await add('ada');
    const page = await visit();
    await page.goto('/');
    const told: string[] = [];
    for (const user of ['nobody', 'ada']) {
      await enter(page, user, 'wrong');
      await page.getByText('The name or the password is not right.').waitFor();
      told.push(await page.locator('main').innerText());
    }
    assert.equal(told[0], told[1]);
  });

  step('count down while an account is blocked', async () => {
    await add('eve');
    const page = await visit(views.phone);
    await page.goto('/');
    const blocked = page.getByText('Too many sign-ins have failed.');
    for (let tries = 0; tries < 10 && !(await blocked.isVisible()); tries += 1) {
      await enter(page, 'eve', 'wrong');
      await page.locator('button[aria-busy=false][type=submit]').waitFor();
    }
    await mustBeAccessible(page);
    const left = await page.getByRole('timer').innerText();
    assert.match(left, /^You can try again in \d+:\d\d\.$/u);
    await page.getByRole('timer').filter({ hasNotText: left }).waitFor();
  });

  step('say what is wrong with an account that may not sign in, and mail a link again', async () => {
    await add('walt', { verified: false });
    const page = await visit();
    await page.goto('/');
    await enter(page, 'walt');
    await page.getByText('Your e-mail address is not verified yet').waitFor();
    await mustBeAccessible(page);
    await page.getByLabel('Your e-mail address').fill('walt@example.com');
    const before = sink.arrived.length;
    await page.getByRole('button', { name: 'Mail the link again' }).click();
    await page.getByRole('button', { name: /Mail it again in/u }).waitFor();
    await sink.until(before + 1);
    assert.deepEqual(sink.arrived.at(-1)?.to, ['walt@example.com']);
    await add('carla');
    await world.call('users.setActiveStatus', {
      userId: ((await world.call('users.info?username=carla'))['user'] as { readonly _id: string })._id,
      activeStatus: false,
    });
    await page.goto('/');
    await enter(page, 'carla');
    await page.getByText('Your account is switched off, or waits for an administrator').waitFor();
    assert.equal(await page.getByLabel('Username or e-mail').inputValue(), 'carla');
  });

  step('have somebody choose another password first, also after a reload', async () => {
    await add('paul', { requirePasswordChange: true });
    const page = await visit(views.phone);
    await page.goto('/account/security');
    await enter(page, 'paul');
    await page.getByRole('heading', { name: 'Choose a new password' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Choose a new password' }).waitFor();
    await mustBeAccessible(page);
    const field = page.getByLabel('New password', { exact: true });
    const again = page.getByLabel('Type the password again');
    await field.fill(password);
    await again.fill(password);
    await page.getByRole('button', { name: 'Save and go on' }).click();
    await page.locator('[aria-invalid=true]').waitFor();
    await field.fill('Six-other-lamps-66');
    await again.fill('Six-other-lamps-66');
    await page.getByRole('button', { name: 'Save and go on' }).click();
    await page.waitForURL('**/account/security');
    await isIn(page);
  });

  step('have somebody set an authenticator app up first, and show the backup codes once', async () => {
    await add('bert', { roles: ['user', 'bot'] });
    const page = await visit();
    await page.goto('/sign-in?return=%2Faccount%2Fsecurity');
    await enter(page, 'bert');
    await page.getByRole('heading', { name: 'Set up a second factor' }).waitFor();
    await mustBeAccessible(page);
    await page.getByRole('button', { name: /^Authenticator app/u }).click();
    const secret = await page.getByRole('group', { name: 'Key' }).innerText();
    await mustBeAccessible(page);
    await page.getByLabel('First code').fill('000000');
    await page.keyboard.press('Enter');
    await page.getByText('The code is not right.').waitFor();
    await page.getByLabel('First code').fill(codeOf(secret.trim(), Date.now()));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Your backup codes' }).waitFor();
    assert.equal(await page.locator('.codes li').count(), 12);
    await mustBeAccessible(page);
    await page.getByRole('button', { name: 'I have kept them' }).click();
    await page.waitForURL('**/account/security');
    await isIn(page);
  });

  step('ask for the second factor by keyboard alone, and for another one where the first is not at hand', async () => {
    await add('tina');
    const as = await sessionOf('tina');
    const { secret } = (await as('users.enableTotp')) as { readonly secret: string };
    const { codes } = await as('users.validateTotp', { code: codeOf(secret, Date.now()) });
    const [backupCode = ''] = codes as readonly string[];
    const page = await visit();
    await page.goto('/');
    await page.locator('[name=user]:focus').waitFor();
    await page.keyboard.type('tina');
    await page.keyboard.press('Tab');
    await page.keyboard.type(password);
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'One more step' });
    await dialog.waitFor();
    await mustBeAccessible(page);
    await page.keyboard.type('000000');
    await page.keyboard.press('Enter');
    await dialog.getByText('The code is not right.').waitFor();
    await mustBeAccessible(page);
    await page.keyboard.press('Escape');
    await page.getByText('Your second factor is needed to sign in.').waitFor();
    assert.equal(await page.getByLabel('Password', { exact: true }).inputValue(), password);
    await page.getByLabel('Password', { exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.locator('[name=code]:focus').waitFor();
    await page.keyboard.type(codeOf(secret, Date.now(), 1));
    await page.keyboard.press('Enter');
    await isIn(page);
    // Without the app a backup code does, once.
    for (const isGood of [true, false]) {
      const other = await visit(views.phone);
      await other.goto('/');
      await enter(other, 'tina');
      await other.getByRole('dialog', { name: 'One more step' }).waitFor();
      await other.keyboard.type(backupCode);
      await other.keyboard.press('Enter');
      if (isGood) await isIn(other);
      else await other.getByText('The code is not right.').waitFor();
    }
  });

  step('mail a code, mail another after a press and then count down, and turn codes by e-mail off', async () => {
    await add('mila');
    await (await sessionOf('mila'))('users.2fa.enableEmail');
    const codes = (): readonly string[] =>
      sink.arrived
        .filter(({ to }) => to.includes('mila@example.com'))
        .flatMap(({ body }) => /\b(\d{3}-\d{3})\b/u.exec(body)?.[1] ?? []);
    const nextCode = async (before: number): Promise<string> => {
      while (codes().length <= before) await sink.until(sink.arrived.length + 1);
      return codes().at(-1) ?? '';
    };
    const page = await visit(views.phone);
    await page.goto('/sign-in?return=%2Faccount%2Fsecurity');
    await enter(page, 'mila');
    const dialog = page.getByRole('dialog', { name: 'One more step' });
    await dialog.getByText('Enter the code that was mailed to you').waitFor();
    await nextCode(0);
    await dialog.getByRole('button', { name: 'Mail a fresh code', exact: true }).click();
    const again = dialog.getByRole('button', { name: /^Mail a fresh code in \d+ seconds$/u });
    await again.waitFor();
    assert.equal(await again.isDisabled(), true);
    await mustBeAccessible(page);
    await dialog.getByLabel('Code').fill(await nextCode(1));
    await page.keyboard.press('Enter');
    await isIn(page);
    const panel = page.getByRole('region', { name: 'Codes by e-mail' });
    await panel.getByRole('button', { name: 'Turn off' }).click();
    const asking = page.getByRole('dialog', { name: 'Turn codes by e-mail off?' });
    await asking.getByText('Sign-in no longer asks for a mailed code.').waitFor();
    await mustBeAccessible(page);
    await asking.getByRole('button', { name: 'Turn off' }).click();
    await dialog.getByLabel('Code').fill(await nextCode(2));
    await page.keyboard.press('Enter');
    await panel.getByRole('button', { name: 'Turn on' }).waitFor();
    const next = await visit();
    await next.goto('/');
    await enter(next, 'mila');
    await isIn(next);
  });

  step('sign in with a passkey alone, and with one as the second factor beside another', async () => {
    await add('pia');
    const page = await visit();
    await addAuthenticator(page);
    await page.goto('/');
    const as = await sessionOf('pia');
    const { options } = await as('passkeys.begin');
    const credential = await page.evaluate(`(async (options) => (await navigator.credentials.create({
      publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options),
    })).toJSON())(${JSON.stringify(options)})`);
    await as('users.2fa.enableEmail');
    await as('passkeys.add', { name: 'Laptop', credential });
    await page.goto('/');
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.getByText('The passkey was not accepted.').waitFor();
    await mustBeAccessible(page);
    await enter(page, 'pia');
    const dialog = page.getByRole('dialog', { name: 'One more step' });
    await dialog.getByText('Enter the code that was mailed to you').waitFor();
    await dialog.getByRole('button', { name: 'Use a passkey' }).click();
    await dialog.getByText('Confirm with your passkey.').waitFor();
    await dialog.getByRole('button', { name: 'Use a passkey' }).click();
    await isIn(page);
  });

  step('sign in by a link of the host on a press, once, and keep its code out of the address', async () => {
    const database = `sqlite:${join(world.server.folder, 'countersign.db')}`;
    const printed = execFileSync(process.execPath, [main, 'login-link', administrator.username], {
      cwd: world.server.folder,
      encoding: 'utf8',
      env: { ...inherited, DATABASE_URL: database, ROOT_URL: world.base },
    });
    const link = /http\S+loginCode=\w+/u.exec(printed)?.[0] ?? '';
    const page = await visit();
    await page.goto(link);
    await page.getByRole('heading', { name: 'A link that signs you in' }).waitFor();
    assert.equal(page.url(), `${world.base}/home`);
    await mustBeAccessible(page);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await isIn(page);
    const again = await visit(views.phone);
    await again.goto(link);
    await again.getByRole('button', { name: 'Sign in' }).click();
    await again.getByText('This link was used already').waitFor();
    await mustBeAccessible(again);
  });

  step('change nothing of whoever has signed in meanwhile in the same browser', async () => {
    await add('olga');
    await add('nina');
    const page = await visit();
    await page.goto('/account/profile');
    await enter(page, 'olga');
    await isIn(page);
    const other = await page.context().newPage();
    await other.goto('/sign-in?again=1');
    await enter(other, 'nina');
    await isIn(other);
    const name = page.getByLabel('Name', { exact: true });
    await name.fill('Olga of the Lake');
    const opened = page.waitForEvent('load');
    await page.getByRole('button', { name: 'Save' }).first().click();
    await opened;
    await isIn(page);
    assert.deepEqual([new URL(page.url()).pathname, await name.inputValue()], ['/account/profile', 'nina']);
  });

  step('hold long German words on a phone', async () => {
    const page = await visit({ ...views.phone, locale: 'de-DE' });
    for (const path of ['/sign-in', '/sign-in?again=1&refused=identity-address-taken', '/home?loginCode=x']) {
      await page.goto(path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await mustBeAccessible(page);
      assert.ok(await page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth'), path);
    }
  });
});
