import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import type { Page } from 'playwright-core';
import { administrator, mustBeAccessible, pageWorld, views } from './page-world.ts';
import { openSlapd, type Slapd, slapdMissing } from './slapd.ts';
import { directoryPassword } from './slapd-ldif.ts';

const missing = slapdMissing();

/** The directory as whoever administers the server sets it up, over a real OpenLDAP. */
describe('the pages for the directory', { timeout: 300_000, skip: missing }, () => {
  let slapd: Slapd | undefined;
  const env: Record<string, string> = {};
  before(async () => {
    slapd = await openSlapd();
    for (const [name, value] of Object.entries(slapd.env)) {
      // First values, which the page changes: what is overridden is read-only.
      if (!/_(?:LDAP_Host|LDAP_Enable)$/u.test(name)) env[name.replace('OVERWRITE_SETTING_', '')] = value;
    }
  });
  // The variables are read when the server starts, which is after the directory has.
  const world = pageWorld(env);
  const { step, visit } = world;
  after(async () => {
    await slapd?.stop();
  });

  const open = async (view: Parameters<typeof visit>[0] = views.desktop): Promise<Page> => {
    const page = await visit(view);
    await world.signIn(page, administrator, `/sign-in?return=${encodeURIComponent('/admin/directory')}`);
    return page;
  };

  step('set the directory up from the top, switch it on, and test it', async () => {
    const page = await open();
    await page.getByText('Switch the directory on and save').waitFor();
    await mustBeAccessible(page);
    // Of the two kinds of directory each has fields of its own.
    assert.equal(await page.locator('[name="LDAP_AD_User_Search_Field"]').count(), 0);
    await page.locator('[name="LDAP_Server_Type"]').selectOption('ad');
    await page.locator('[name="LDAP_AD_User_Search_Field"]').waitFor();
    await page.locator('[name="LDAP_Server_Type"]').selectOption('');
    await page.locator('[name="LDAP_Host"]').fill('127.0.0.1');
    await page.getByLabel('Switched on').check();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    // The password of the service account was for another place.
    await page.getByText('Enter these secrets anew').waitFor();
    await page.locator('summary', { hasText: '1. Server' }).click();
    await page
      .locator('[name="LDAP_Authentication_Password"]')
      .fill(slapd?.env['OVERWRITE_SETTING_LDAP_Authentication_Password'] ?? '');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('button', { name: 'Save', exact: true }).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Test now' }).click();
    await page.getByText('The directory answers, and takes the service account').waitFor();
    await mustBeAccessible(page);
  });

  step('try a person step by step', async () => {
    const page = await open(views.phone);
    await page.getByRole('button', { name: 'Try the sign-in' }).click();
    await page.getByText('This field is needed.').waitFor();
    await page.getByLabel('Name or address, as the person types it').fill('alice');
    await page.getByLabel('Password (may be left out)').fill(directoryPassword('alice'));
    await page.getByRole('button', { name: 'Try the sign-in' }).click();
    const result = page.getByRole('list', { name: 'Result of the test' });
    await result.getByText('The password is right.').waitFor();
    await result.getByText('A new account alice would be made.').waitFor();
    await page.getByText('All steps held.').waitFor();
    await mustBeAccessible(page);
    assert.ok(await page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth'));
    await page.getByLabel('Name or address, as the person types it').fill('nobody');
    await page.getByRole('button', { name: 'Try the sign-in' }).click();
    await result.getByText('No entry bears this name.').waitFor();
    await page.getByText('One step did not hold.').waitFor();
  });

  step('let somebody of the directory in by the ordinary form, and nobody by a wrong password', async () => {
    const page = await visit(views.phone);
    await page.goto('/');
    await page.getByLabel('Username or e-mail').fill('alice');
    await page.getByLabel('Password', { exact: true }).fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByText('The name or the password is not right.').waitFor();
    await page.getByLabel('Password', { exact: true }).fill(directoryPassword('alice'));
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    assert.equal(new URL(page.url()).pathname, '/account');
  });

  step('show what a run would do before it is begun, and then what it did', async () => {
    const page = await open();
    await page.getByText('There was no run yet').waitFor();
    await page.getByRole('button', { name: 'Sync now' }).click();
    const dialog = page.getByRole('dialog', { name: 'Begin the sync?' });
    await dialog.getByText('There was no dry run').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Dry run' }).click();
    await page.getByRole('heading', { name: 'What a run would do' }).waitFor();
    const earlier = await world.call('users.list');
    await mustBeAccessible(page);
    await page.getByRole('button', { name: 'Sync now' }).click();
    await dialog.getByText('The run writes what the dry run below shows').waitFor();
    await mustBeAccessible(page);
    await dialog.getByRole('button', { name: 'Sync now' }).click();
    await page.getByText('The sync is done.').waitFor();
    await page.getByText('Ended').waitFor();
    assert.ok(Number((await world.call('users.list'))['total']) > Number(earlier['total']));
    await mustBeAccessible(page);
  });
});
