import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { Page } from 'playwright-core';
import { administrator, mustBeAccessible, pageWorld, views } from './page-world.ts';

const hostile = '<img src=x onerror=alert(1)>';

/** Settings, providers and applications, as whoever administers the server sees them. */
describe('the pages for settings, providers and applications', { timeout: 300_000 }, () => {
  const world = pageWorld({ SETTINGS_BLOCKED: 'Language' });
  const { step, visit } = world;

  const open = async (path: string, view: Parameters<typeof visit>[0] = views.desktop): Promise<Page> => {
    const page = await visit(view);
    await world.signIn(page, administrator, `/sign-in?return=${encodeURIComponent(path)}`);
    return page;
  };
  const save = async (page: Page): Promise<void> => {
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('button', { name: 'Save', exact: true }).waitFor({ state: 'detached' });
  };
  const value = async (id: string): Promise<unknown> => (await world.call(`settings/${id}`))['value'];
  const fitsThePhone = async (page: Page): Promise<void> => {
    assert.ok(await page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth'));
  };

  step('find settings by words, refuse what does not fit beside its field, and save several together', async () => {
    const page = await open('/admin/settings');
    await page.getByRole('link', { name: 'Accounts' }).waitFor();
    await mustBeAccessible(page);
    await page.getByLabel('Search the settings').fill('days session');
    await page.getByText('settings found').or(page.getByText('One setting found')).waitFor();
    const days = page.locator('[name="Accounts_LoginExpiration"]');
    await days.fill('40000');
    await page.getByLabel('Search the settings').fill('window close');
    await page.locator('[name="Accounts_ForgetUserSessionOnWindowClose"]').check();
    await page.getByText('2 changes are not saved').waitFor();
    // What is wrong is not among what is shown: it is told above.
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Accounts_LoginExpiration: At most 36,500.').waitFor();
    await page.getByLabel('Search the settings').fill('Accounts_LoginExpiration');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('At most 36,500.', { exact: true }).waitFor();
    assert.equal(await days.getAttribute('aria-invalid'), 'true');
    await page.locator('[name=Accounts_LoginExpiration]:focus').waitFor();
    assert.equal(await days.inputValue(), '40000');
    await mustBeAccessible(page);
    await days.fill('30');
    await save(page);
    assert.equal(await value('Accounts_LoginExpiration'), 30);
    assert.equal(await value('Accounts_ForgetUserSessionOnWindowClose'), true);
    await page.getByRole('button', { name: 'Back to the default: Accounts_LoginExpiration' }).click();
    assert.equal(await days.inputValue(), '90');
    await save(page);
    assert.equal(await value('Accounts_LoginExpiration'), 90);
    await page.getByLabel('Search the settings').fill('no such words at all');
    await page.getByText('No setting has all of these words').waitFor();
    await mustBeAccessible(page);
  });

  step('show what the environment holds, and say where it is changed', async () => {
    const page = await open('/admin/settings/API_Enable_Rate_Limiter');
    await page.getByText('OVERWRITE_SETTING_API_Enable_Rate_Limiter').waitFor();
    assert.equal(await page.locator('[name="API_Enable_Rate_Limiter"]').count(), 0);
    // Whoever was led to a setting of a large group finds it open, and the focus in it.
    await page.goto('/admin/settings/Accounts_LoginExpiration');
    await page.locator('[name="Accounts_LoginExpiration"]:focus').waitFor();
    await page.goto('/admin/settings/General');
    await page.getByText('The server or its environment holds this value').first().waitFor();
    assert.equal(await page.locator('[name="Language"]').count(), 0);
    // ROOT_URL is taken until somebody writes another address here.
    await page.locator('[name="Site_Url"]').waitFor();
    await mustBeAccessible(page);
  });

  step('never show a secret, let it be replaced, and forget it with the place that it was for', async () => {
    const page = await open('/admin/settings/Email');
    await page.locator('[name="SMTP_Host"]').fill('mail.example.com');
    await page.locator('[name="SMTP_Password"]').fill('opensesame');
    await save(page);
    await page.getByRole('button', { name: 'Replace the secret SMTP_Password' }).waitFor();
    assert.doesNotMatch(await page.content(), /opensesame/u);
    assert.equal(await value('SMTP_Password'), '••••••••');
    await page.getByRole('button', { name: 'Replace the secret SMTP_Password' }).click();
    assert.equal(await page.locator('[name="SMTP_Password"]').inputValue(), '');
    await mustBeAccessible(page);
    await page.getByRole('button', { name: 'Undo the change of SMTP_Password' }).click();
    await page.locator('[name="SMTP_Host"]').fill('other.example.com');
    await save(page);
    await page.getByText('Enter these secrets anew').waitFor();
    assert.equal(await value('SMTP_Password'), '');
    await page.locator('[name="SMTP_Host"]').fill('');
    await save(page);
  });

  step('keep what is typed from group to group, and ask before it is lost', async () => {
    const page = await open('/admin/settings/General');
    await page.locator('[name="API_CORS_Origin"]').fill('https://other.example.com');
    await page.getByRole('link', { name: 'All settings' }).click();
    await page.getByText('One change not saved').waitFor();
    await page.getByRole('link', { name: 'OAuth applications' }).click();
    const dialog = page.getByRole('dialog', { name: 'Leave without saving?' });
    await dialog.waitFor();
    await mustBeAccessible(page);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    assert.equal(new URL(page.url()).pathname, '/admin/settings');
    await page.getByText('One change not saved').waitFor();
    await page.getByRole('link', { name: 'OAuth applications' }).click();
    await dialog.getByRole('button', { name: 'Leave', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'OAuth applications' }).waitFor();
    assert.equal(await value('API_CORS_Origin'), '*');
    // The browser's own way back asks as well.
    await page.getByRole('link', { name: 'Settings', exact: true }).click();
    await page.getByRole('link', { name: 'General' }).click();
    await page.locator('[name="API_CORS_Origin"]').fill('lost');
    await page.getByText('One change is not saved').waitFor();
    await page.evaluate('history.go(-2)');
    await dialog.getByRole('button', { name: 'Leave', exact: true }).click();
    await page.waitForURL((url) => url.pathname !== '/admin/settings/General');
  });

  step('go through settings on a phone, in other languages as well', async () => {
    const page = await open('/admin/settings', views.phone);
    await page.getByRole('link', { name: 'E-mail' }).click();
    await page.locator('[name="SMTP_Host"]').waitFor();
    await mustBeAccessible(page);
    await fitsThePhone(page);
    await page.locator('[name="SMTP_Host"]').fill('phone.example.com');
    await page.getByText('One change is not saved').waitFor();
    await mustBeAccessible(page);
    for (const [locale, title] of [
      ['de-DE', 'Einstellungen'],
      ['ar-EG', 'الإعدادات'],
    ] as const) {
      const other = await visit({ ...views.phone, locale });
      await other.goto(`/sign-in?return=${encodeURIComponent('/admin/settings/LDAP')}`);
      await other.locator('[name=user]').fill(administrator.username);
      await other.locator('[name=password]').fill(administrator.password);
      await other.keyboard.press('Enter');
      await other.getByRole('heading', { level: 1, name: title }).waitFor();
      await other.locator('summary').first().click();
      await other.locator('[name="LDAP_Host"]').waitFor();
      await mustBeAccessible(other);
      await fitsThePhone(other);
    }
  });

  step('add a service, set it up, test it, and remove it; its label is text', async () => {
    const page = await open('/admin/providers');
    await page.getByRole('link', { name: 'Set up Google' }).waitFor();
    await mustBeAccessible(page);
    await page.getByRole('button', { name: 'Add a service' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('google');
    await dialog.getByRole('button', { name: 'Add a service' }).click();
    await dialog.getByText('There is a service of this name already.').waitFor();
    await dialog.getByLabel('Name').fill('saml');
    await dialog.getByRole('button', { name: 'Add a service' }).click();
    await dialog.getByText('There is a service of this name already.').waitFor();
    await mustBeAccessible(page);
    await dialog.getByLabel('Name').fill('Keep');
    await dialog.getByRole('button', { name: 'Add a service' }).click();
    await page.getByRole('heading', { level: 1, name: 'Keep' }).waitFor();
    await page.getByText(`${world.base}/_oauth/keep`).waitFor();
    await mustBeAccessible(page);
    await page.locator('[name="Accounts_OAuth_Custom-Keep-issuer"]').fill('http://127.0.0.1:9');
    await page.getByLabel('Client ID').fill('ours');
    await page.getByLabel('Client secret').fill('a-secret-of-ours');
    await page.locator('[name="Accounts_OAuth_Custom-Keep-button_label_text"]').fill(hostile);
    await page.getByText('Save your changes first').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Test this' }).isDisabled(), true);
    await save(page);
    await page.getByRole('heading', { level: 1, name: hostile }).waitFor();
    await page.getByRole('button', { name: 'Test this' }).click();
    const result = page.getByRole('list', { name: 'Result of the test' });
    await result.getByText('It is switched off: nobody signs in by it.').waitFor();
    await result.getByText('Id and secret are set.').waitFor();
    await page.getByText(/steps? did not hold\./u).waitFor();
    await mustBeAccessible(page);
    await page.getByRole('link', { name: 'All providers' }).click();
    await page.getByRole('link', { name: `Set up ${hostile}` }).waitFor();
    assert.equal(await page.locator('img[src="x"]').count(), 0);
    await page.getByRole('link', { name: `Set up ${hostile}` }).click();
    await page.getByRole('button', { name: 'Remove the service' }).click();
    await page.getByRole('dialog').getByText('nobody signs in by it any more').waitFor();
    await mustBeAccessible(page);
    await page.getByRole('dialog').getByRole('button', { name: 'Remove the service' }).click();
    await page.getByRole('heading', { level: 1, name: 'Sign-in providers' }).waitFor();
    await page.getByRole('link', { name: 'Set up SAML' }).click();
    await page.getByText(`${world.base}/_saml/metadata/provider-name`).waitFor();
    await mustBeAccessible(page);
  });

  step('make an application by keyboard alone, show its secret, switch it off, and delete it', async () => {
    const page = await open('/admin/applications');
    await page.getByText('No application signs people in here yet').waitFor();
    await page.getByText(`${world.base}/oidc/.well-known/openid-configuration`).waitFor();
    await mustBeAccessible(page);
    await page.getByRole('button', { name: 'New application' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('[name=name]:focus').waitFor();
    await page.keyboard.type(hostile);
    await page.keyboard.press('Tab');
    await page.keyboard.type('https://app.example.com/*#here');
    await mustBeAccessible(page);
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Save' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('One of the addresses cannot be used').waitFor();
    // The focus is where the mistake is, and what was typed is there.
    await page.locator('[name=redirectUri]:focus').waitFor();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('https://app.example.com/back\nhttps://app.example.com/other');
    await dialog.getByText('More: permissions').focus();
    await page.keyboard.press('Enter');
    await dialog.getByLabel('Permissions').fill('no-such-permission');
    await dialog.getByRole('button', { name: 'Save' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('One of these permissions does not exist.').waitFor();
    await dialog.getByLabel('Permissions').fill('view-statistics');
    await dialog.getByRole('button', { name: 'Save' }).focus();
    await page.keyboard.press('Enter');
    const keys = page.getByRole('dialog', { name: 'id and secret' });
    await keys.getByRole('button', { name: 'Show the secret' }).focus();
    await page.keyboard.press('Enter');
    const { oauthApps } = (await world.call('oauth-apps.list')) as {
      readonly oauthApps: readonly Readonly<Record<string, unknown>>[];
    };
    const [made] = oauthApps;
    assert.deepEqual(
      [made?.['name'], made?.['redirectUri'], made?.['permissions']],
      [hostile, 'https://app.example.com/back,https://app.example.com/other', ['view-statistics']],
    );
    await keys.getByText(String(made?.['clientSecret'])).waitFor();
    await mustBeAccessible(page);
    await page.keyboard.press('Escape');
    assert.doesNotMatch(await page.content(), new RegExp(String(made?.['clientSecret']), 'u'));
    await page.getByRole('table').getByText(hostile, { exact: true }).waitFor();
    assert.equal(await page.locator('img[src="x"]').count(), 0);
    await mustBeAccessible(page);
    await page.getByRole('button', { name: `Switch off ${hostile}` }).click();
    await page.getByRole('dialog').getByText('All of its tokens end at once').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Switch off' }).click();
    await page.getByRole('button', { name: `Switch on ${hostile}` }).waitFor();
    await page.getByRole('button', { name: `Delete ${hostile}` }).click();
    await page.getByRole('dialog').getByText('This cannot be undone.').waitFor();
    await mustBeAccessible(page);
    await page.getByRole('dialog').getByRole('button', { name: 'Delete the application' }).click();
    await page.getByText('No application signs people in here yet').waitFor();
  });
});
