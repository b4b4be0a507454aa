import assert from 'node:assert/strict';
import { after, describe } from 'node:test';
import type { Page } from 'playwright-core';
import { openSink } from './mail-sink.ts';
import { layoutShift, mustBeAccessible, pageWorld, views } from './page-world.ts';

const sink = await openSink();
const markup = '<img src=x onerror=alert(1)>';
const [first, second] = ['Seven green chairs 77!', 'Eight blue tables 88?'];

/** How somebody comes to an account and back to it, with mails as a mail server gets them. */
describe('registration and recovery in a browser', { timeout: 300_000 }, () => {
  const world = pageWorld({
    MAIL_URL: `smtp://127.0.0.1:${sink.port}?ignoreTLS=true`,
    OVERWRITE_SETTING_Accounts_RegistrationForm_SecretURL: 'open sesame',
    // So that the test may change settings without one.
    OVERWRITE_SETTING_Accounts_TwoFactorAuthentication_Enabled: 'false',
  });
  const { step, visit } = world;
  after(sink.close);

  const set = async (id: string, value: boolean | string): Promise<void> => {
    await world.call(`settings/${id}`, { value });
  };

  /** The link of the newest mail to somebody that holds one of the kind, once it has come. */
  async function linkTo(address: string, kind: 'verify-email' | 'reset-password' | 'enroll-account', nth = 1) {
    const found = (): readonly string[] =>
      sink.arrived
        .filter(({ to }) => to.includes(address))
        .flatMap(({ body }) => new RegExp(String.raw`https?://\S+/${kind}/[\w-]{43}`, 'u').exec(body) ?? []);
    while (found().length < nth) await sink.until(sink.arrived.length + 1);
    return found().at(-1) ?? '';
  }

  async function fill(page: Page, texts: Readonly<Record<string, string>>): Promise<void> {
    for (const [label, text] of Object.entries(texts)) await page.getByLabel(label, { exact: true }).fill(text);
  }
  const press = async (page: Page, name: string): Promise<void> => {
    await page.getByRole('button', { name, exact: true }).click();
  };
  const heading = async (page: Page, name: string): Promise<void> => {
    await page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
  };
  /** Whoever hears the page must be told what it is now. */
  const hasFocus = async (page: Page, selector: string): Promise<void> => {
    await page.locator(`${selector}:focus`).waitFor();
  };
  const fitsTheScreen = async (page: Page): Promise<void> => {
    assert.ok(await page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth'));
  };

  step('register, verify by the mailed link, sign in, forget the password, and set another by a link', async () => {
    await set('Accounts_EmailVerification', true);
    const page = await visit();
    await page.goto('/sign-in');
    await page.getByRole('link', { name: 'Create an account' }).click();
    await heading(page, 'Create an account at Example');
    assert.ok((await layoutShift(page)) < 0.01);
    await mustBeAccessible(page);

    await page.getByLabel('Name', { exact: true }).fill(markup);
    await press(page, 'Create account');
    await page.getByText('This field is needed.').waitFor();
    await fill(page, { 'E-mail': 'jane', 'Username': 'jane', 'Password': 'short', 'Type the password again': 'short' });
    await press(page, 'Create account');
    await page.getByText('This is no e-mail address.').waitFor();
    await hasFocus(page, '[name=email]');
    await fill(page, { 'E-mail': 'jane@example.com' });
    await press(page, 'Create account');
    await page
      .getByText(/^Still missing: /u)
      .first()
      .waitFor();
    await hasFocus(page, '[name=password]');
    await fill(page, { 'Password': first, 'Type the password again': first });
    await press(page, 'Create account');
    await page.getByText('Enter a name without').waitFor();
    await hasFocus(page, '[name=name]');
    assert.equal(await page.getByLabel('Username').inputValue(), 'jane');
    await mustBeAccessible(page);
    await fill(page, { Name: 'Jane Doe' });
    await press(page, 'Create account');

    await heading(page, 'Verify your address');
    await hasFocus(page, 'h1');
    await page.getByText('A mail is on its way to \u2068jane@example.com\u2069.').waitFor();
    assert.equal(await page.getByRole('button', { name: /^Mail it again in \d+ seconds$/u }).isDisabled(), true);
    await mustBeAccessible(page);

    const link = await linkTo('jane@example.com', 'verify-email');
    await page.goto(link);
    await page.getByText('the account \u2068jane\u2069 is yours').waitFor();
    await mustBeAccessible(page);
    await press(page, 'Verify');
    await heading(page, 'Your address is verified');
    await hasFocus(page, 'h1');
    await page.getByRole('link', { name: 'Go on' }).click();
    await page.getByLabel('Password', { exact: true }).fill(first);
    assert.equal(await page.getByLabel('Username or e-mail').inputValue(), 'jane');
    await press(page, 'Sign in');
    await press(page, 'Sign out');

    await page.goto(link);
    await heading(page, 'This link is no longer good');
    await mustBeAccessible(page);
    await page.getByLabel('E-mail').fill('jane@example.com');
    await press(page, 'Mail me a new link');
    await page.getByText('waits to be verified, a mail is on its way').waitFor();

    await page.goto('/sign-in');
    await page.getByRole('link', { name: 'Forgot your password?' }).click();
    await page.getByLabel('E-mail').fill('nobody');
    await page.keyboard.press('Enter');
    await page.getByText('This is no e-mail address.').waitFor();
    await mustBeAccessible(page);
    await page.getByLabel('E-mail').fill('nobody@example.com');
    await page.keyboard.press('Enter');
    await page.getByText('If \u2068nobody@example.com\u2069 belongs to an account here').waitFor();
    assert.equal(await page.getByRole('button', { name: /^Mail it again in/u }).isDisabled(), true);
    await page.getByLabel('E-mail').fill('jane@example.com');
    await press(page, 'Mail me a link');
    await page.getByText('If \u2068jane@example.com\u2069 belongs to an account here').waitFor();
    await mustBeAccessible(page);

    const reset = await linkTo('jane@example.com', 'reset-password');
    await page.goto(reset);
    await page.getByText('For \u2068jane\u2069 at Example.').waitFor();
    await mustBeAccessible(page);
    await fill(page, { 'New password': 'short', 'Type the password again': 'short' });
    await press(page, 'Set a new password');
    await hasFocus(page, '[name=password]');
    await fill(page, { 'New password': second, 'Type the password again': second });
    await press(page, 'Set a new password');
    await heading(page, 'Your password is set');
    await hasFocus(page, 'h1');
    await mustBeAccessible(page);
    await press(page, 'Sign in now');
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    await set('Accounts_EmailVerification', false);
  });

  step('take the secret of a mailed link out of the address, and tell it to nobody', async () => {
    const page = await visit();
    const asked: { readonly url: string; readonly referrer: string | undefined }[] = [];
    page.on('request', (request) => {
      asked.push({ url: request.url(), referrer: request.headers()['referer'] });
    });
    for (const kind of ['reset-password', 'enroll-account', 'verify-email'] as const) {
      const token = 'x'.repeat(43);
      asked.length = 0;
      await page.goto(`/${kind}/${token}`);
      await heading(page, 'This link is no longer good');
      assert.equal(new URL(page.url()).pathname, `/${kind}`);
      assert.ok(asked.some(({ url }) => url.endsWith('/mailedLinks.look')));
      const [document, ...others] = asked;
      assert.ok(document?.url.endsWith(token));
      for (const { url, referrer = '' } of others) assert.ok(!url.includes(token) && !referrer.includes(token), url);
      const kept = await page.evaluate<string>(
        'JSON.stringify([history.state, { ...localStorage }, { ...sessionStorage }, document.cookie])',
      );
      assert.ok(!kept.includes(token));
      await page.reload();
      await heading(page, 'Open the link in your mail once more');
      await mustBeAccessible(page);
    }
    const { headers } = await fetch(`${world.base}/register/open%20sesame`);
    assert.equal(headers.get('referrer-policy'), 'no-referrer');
  });

  step('sign in at once whoever needs no more, by keyboard alone, and offer a username (phone)', async () => {
    const page = await visit(views.phone);
    await page.goto('/register');
    await hasFocus(page, '[name=name]');
    await page.keyboard.type('Jane Doe');
    await page.keyboard.press('Tab');
    await page.getByText('Made of what you entered.').waitFor();
    await page.keyboard.type('jane.doe@example.com');
    await page.keyboard.press('Tab');
    assert.equal(await page.getByLabel('Username').inputValue(), 'jane.doe');
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('JANE');
    await page.getByText('This username is taken').waitFor();
    await mustBeAccessible(page);
    await fitsTheScreen(page);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('This username is free.').waitFor();
    for (const text of [first, first]) {
      while (!(await page.evaluate<boolean>('document.activeElement.name?.startsWith("password") === true'))) {
        await page.keyboard.press('Tab');
      }
      await page.keyboard.type(text);
      await page.keyboard.press('Tab');
    }
    await page.getByLabel('Type the password again').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    assert.equal(new URL(page.url()).pathname, '/account');
    const { user } = await world.call('users.info?username=jane.doe');
    assert.equal((user as { readonly name: string }).name, 'Jane Doe');
  });

  step('ask for a reason and for the fields of the operator where somebody approves, in Arabic', async () => {
    await set('Accounts_ManuallyApproveNewUsers', true);
    const team = { type: 'select', required: true, options: ['Blue', markup] };
    await set('Accounts_CustomFields', JSON.stringify({ Team: team }));
    const page = await visit({ ...views.phone, locale: 'ar-EG' });
    await page.goto('/register');
    await page.getByLabel('الاسم', { exact: true }).fill('جين');
    await page.getByLabel('البريد الإلكتروني').fill('approve@example.com');
    await page.getByLabel('اسم المستخدم').fill('waiting');
    await page.locator('[name=password]').fill(first);
    await page.locator('[name=passwordAgain]').fill(first);
    await page.locator('[name=reason]').fill('I build chairs.');
    await fitsTheScreen(page);
    await press(page, 'إنشاء الحساب');
    await hasFocus(page, '[name="custom.Team"]');
    await mustBeAccessible(page);
    await page.getByLabel('Team').selectOption(markup);
    await press(page, 'إنشاء الحساب');
    await heading(page, 'حسابك في انتظار الموافقة');
    await mustBeAccessible(page);
    await fitsTheScreen(page);
    const { user } = await world.call('users.info?username=waiting');
    const { active, customFields } = user as { readonly active: boolean; readonly customFields: object };
    assert.deepEqual([active, customFields], [false, { Team: markup }]);
    await linkTo('approve@example.com', 'verify-email');
    await set('Accounts_ManuallyApproveNewUsers', false);
    await set('Accounts_CustomFields', '');
  });

  step('say beside their fields what is taken or not let in, and keep what was typed', async () => {
    await set('Accounts_BlockedDomainsList', 'evil.example');
    const page = await visit();
    await page.goto('/register');
    await fill(page, { 'Name': 'June', 'Username': 'JANE', 'Password': first, 'Type the password again': first });
    for (const [email, username, field, text] of [
      ['june@evil.example', 'june', 'email', 'Addresses of this domain are not taken here.'],
      ['JANE@example.com', 'june', 'email', 'Somebody has this address already.'],
      ['june@example.com', 'jane', 'username', 'This username is taken or cannot be one.'],
      ['june@example.com', 'system', 'username', 'This username is taken or cannot be one.'],
      ['june@example.com', 'no spaces', 'username', 'This username is taken or cannot be one.'],
    ] as const) {
      await fill(page, { 'E-mail': email, 'Username': username });
      await press(page, 'Create account');
      await page.locator(`[name=${field}][aria-invalid=true]:focus`).waitFor();
      await page.locator('.rcx-field__error').getByText(text).waitFor();
      assert.equal(await page.locator('[name=password]').inputValue(), first);
    }
    // Who has the address is told by mail where strangers are not to learn it.
    await set('Countersign_Registration_Hides_Addresses', true);
    await fill(page, { 'E-mail': 'jane@example.com', 'Username': 'june' });
    await press(page, 'Create account');
    await heading(page, 'Verify your address');
    await set('Countersign_Registration_Hides_Addresses', false);
    await set('Accounts_BlockedDomainsList', '');
  });

  step('open to whoever has the secret address, and to nobody where it is closed', async () => {
    await set('Accounts_RegistrationForm', 'Secret URL');
    await set('Accounts_RegistrationForm_LinkReplacementText', `Ask ${markup} for an account.`);
    const page = await visit();
    await page.goto('/sign-in');
    await page.getByText(`Ask ${markup} for an account.`).waitFor();
    assert.equal(await page.getByRole('link', { name: 'Create an account' }).count(), 0);
    for (const path of ['/register', '/register/wrong']) {
      await page.goto(path);
      await heading(page, 'This address does not open registration');
    }
    await mustBeAccessible(page);
    await page.goto('/register/open%20sesame');
    await fill(page, { 'E-mail': 'ali@example.com', 'Username': 'ali', 'Password': first });
    await fill(page, { 'Name': 'Ali Baba', 'Type the password again': first });
    await press(page, 'Create account');
    await page.getByRole('button', { name: 'Sign out' }).waitFor();

    await set('Accounts_RegistrationForm', 'Disabled');
    await set('Accounts_PasswordReset', false);
    const stranger = await visit(views.phone);
    await stranger.goto('/register/open%20sesame');
    await heading(stranger, 'Nobody creates accounts here');
    await mustBeAccessible(stranger);
    await stranger.goto('/forgot-password');
    await heading(stranger, 'Passwords are not reset by mail here');
    await mustBeAccessible(stranger);
    await set('Accounts_RegistrationForm', 'Public');
    await set('Accounts_PasswordReset', true);
  });

  step('mail a link once more, but not within a minute', async () => {
    const page = await visit();
    await page.clock.install();
    await page.goto('/forgot-password');
    await page.getByLabel('E-mail').fill('jane.doe@example.com');
    await page.keyboard.press('Enter');
    const before = await linkTo('jane.doe@example.com', 'reset-password');
    assert.equal(await page.getByRole('button', { name: /^Mail it again in/u }).isDisabled(), true);
    await page.clock.fastForward(61_000);
    await press(page, 'Mail it again');
    assert.notEqual(await linkTo('jane.doe@example.com', 'reset-password', 2), before);
    await page.goto(before);
    await heading(page, 'This link is no longer good');
  });

  step('set the first password of somebody whom an administrator has added', async () => {
    const added = { username: 'added', name: 'Added', email: 'added@example.com', setRandomPassword: true };
    await world.call('users.create', { ...added, password: first, sendWelcomeEmail: true });
    const page = await visit({ ...views.phone, locale: 'de-DE' });
    await page.goto(await linkTo('added@example.com', 'enroll-account'));
    await heading(page, 'Passwort setzen');
    await page.locator('[name=password]').fill(second);
    await page.locator('[name=passwordAgain]').fill(second);
    await fitsTheScreen(page);
    await mustBeAccessible(page);
    await page.keyboard.press('Enter');
    await press(page, 'Jetzt anmelden');
    await page.waitForURL('**/account');
  });
});
