import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { Page } from 'playwright-core';
import { administrator, mustBeAccessible, pageWorld, views } from './page-world.ts';

const markup = '<img src=x onerror=alert(1)>';
const password = 'Nine-blue-lamps-99';

/** What administrators do with roles, and with what they may. */
describe('the pages of roles in a browser', { timeout: 300_000 }, () => {
  const world = pageWorld();
  const { step, visit } = world;
  const office = async (path: string): Promise<Page> => await world.office(path);

  async function newcomer(username: string, roles: readonly string[] = ['user']): Promise<void> {
    const name = `${username} of the tests`;
    await world.call('users.create', { username, password, name, email: `${username}@example.com`, roles });
  }

  async function newRole(name: string): Promise<string> {
    const { role } = await world.call('roles.create', { name });
    return (role as { readonly _id: string })._id;
  }

  async function holders(permission: string): Promise<readonly string[]> {
    const { update } = await world.call('permissions.listAll');
    const found = (update as readonly { readonly _id: string; readonly roles: readonly string[] }[]).find(
      ({ _id }) => _id === permission,
    );
    return found?.roles ?? [];
  }

  async function mustNotScroll(page: Page): Promise<void> {
    assert.ok(await page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth'));
  }

  step('give and take a permission by keyboard alone, and say what changed', async () => {
    const page = await office('/admin/roles');
    const first = page.getByRole('checkbox', { name: 'admin: view-user-administration' });
    await first.waitFor();
    await mustBeAccessible(page);
    // The Tab key comes to one box alone; the arrow keys lead on.
    assert.equal(await page.locator('input[data-permission][tabindex="0"]').count(), 1);
    await first.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    await page.locator('[aria-label="user: create-user"]:focus').waitFor();
    await page.keyboard.press('Space');
    await page.getByRole('status').getByText('user now holds create-user.').waitFor();
    assert.deepEqual(await holders('create-user'), ['admin', 'user']);
    assert.equal(await page.getByRole('checkbox', { name: 'user: create-user' }).isChecked(), true);
    await page.keyboard.press('Space');
    await page.getByRole('status').getByText('user no longer holds create-user.').waitFor();
    assert.deepEqual(await holders('create-user'), ['admin']);
    assert.equal(await page.getByRole('checkbox', { name: 'user: create-user' }).isChecked(), false);
  });

  step('keep what administrators must keep, and say why', async () => {
    const page = await office('/admin/roles');
    const kept = page.getByRole('checkbox', { name: 'admin: access-permissions' });
    assert.equal(await kept.getAttribute('aria-disabled'), 'true');
    await kept.focus();
    await page.keyboard.press('Space');
    await page.getByText('Administrators keep this permission').first().waitFor();
    assert.equal(await kept.isChecked(), true);
    assert.ok((await holders('access-permissions')).includes('admin'));
  });

  step('put a box back that the server refuses', async () => {
    const id = await newRole('short-lived');
    const page = await office('/admin/roles');
    const box = page.getByRole('checkbox', { name: 'short-lived: delete-user' });
    await box.waitFor();
    await world.call('roles.delete', { roleId: id });
    await box.click();
    await page.getByText('There is no such role.').waitFor();
    assert.equal(await box.isChecked(), false);
  });

  step('find permissions, those of single settings too, among roles of rooms', async () => {
    const page = await office('/admin/roles');
    await page.getByLabel('Search permissions').fill('site_name');
    const box = page.getByRole('checkbox', { name: 'guest: Site_Name' });
    await box.waitFor();
    await box.click();
    await page.getByText('guest now holds Site_Name.').waitFor();
    assert.deepEqual(await holders('change-setting-Site_Name'), ['guest']);
    assert.equal(await page.getByRole('columnheader', { name: 'moderator' }).count(), 0);
    await page.getByLabel('Show roles of rooms too').check();
    await page.getByRole('columnheader', { name: 'moderator' }).waitFor();
    await page.getByLabel('Search permissions').fill('nothing like this');
    await page.getByText('No permission has this in its name.').waitFor();
    await page.getByLabel('Search permissions').fill('');
    await page.getByRole('button', { name: 'Read by clients' }).click();
    await page.getByRole('checkbox', { name: 'moderator: create-invite-links' }).waitFor();
    await mustBeAccessible(page);
  });

  step('make a role, and refuse a name twice', async () => {
    const page = await office('/admin/roles');
    await page.getByRole('button', { name: 'New role' }).click();
    const dialog = page.getByRole('dialog', { name: 'New role' });
    await mustBeAccessible(page);
    await dialog.getByLabel('Name').fill('guest');
    await dialog.getByLabel('Description').fill('kept text');
    await dialog.getByRole('button', { name: 'Make the role' }).click();
    await dialog.getByText('There is a role of this name.').waitFor();
    assert.equal(await dialog.getByLabel('Name').getAttribute('aria-invalid'), 'true');
    assert.equal(await dialog.getByLabel('Description').inputValue(), 'kept text');
    await dialog.getByLabel('Name').fill(`desk ${markup}`);
    await dialog.getByRole('button', { name: 'Make the role' }).click();
    await page.getByRole('cell', { name: `desk ${markup}`, exact: true }).waitFor();
    assert.equal(await page.locator('img[src="x"]').count(), 0);
  });

  step('ask a second factor of a role, and give it to people and take it again', async () => {
    const id = await newRole('keepers');
    await newcomer('kept');
    const page = await office(`/admin/roles/${id}`);
    await page.getByText('It holds 0 permissions.').waitFor();
    await page.getByText('Nobody has this role.').waitFor();
    await mustBeAccessible(page);
    await page.getByLabel('Whoever has it must set up a second factor').check();
    await page.getByLabel('Description').fill('Keepers');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor();
    const { roles } = await world.call('roles.list');
    const found = (roles as readonly { readonly _id: string }[]).find(({ _id }) => _id === id);
    assert.deepEqual(found, {
      _id: id,
      name: 'keepers',
      scope: 'Users',
      description: 'Keepers',
      protected: false,
      mandatory2fa: true,
    });
    await page.getByLabel('Username').fill('nobody-there');
    await page.getByRole('button', { name: 'Give the role' }).click();
    await page.getByText('Nobody has this username.').waitFor();
    await page.getByLabel('Username').fill('ke');
    await page.locator('datalist option[value=kept]').waitFor({ state: 'attached' });
    await page.getByLabel('Username').fill('kept');
    await page.getByRole('button', { name: 'Give the role' }).click();
    await page.getByText('kept has the role now.').waitFor();
    await page.getByText('One person has it.').waitFor();
    // Nobody deletes a role that somebody has.
    await page.getByRole('button', { name: 'Delete the role' }).click();
    const asked = page.getByRole('dialog', { name: 'Delete the role keepers?' });
    await asked.getByRole('button', { name: 'Delete the role' }).click();
    await asked.getByText('Somebody still has this role').waitFor();
    await mustBeAccessible(page);
    await asked.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Take away the role from kept of the tests' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Take away' }).click();
    await page.getByText('Nobody has this role.').waitFor();
    await page.getByRole('button', { name: 'Delete the role' }).click();
    await asked.getByRole('button', { name: 'Delete the role' }).click();
    await page.getByText('The role keepers is deleted.').waitFor();
    await page.goto(`/admin/roles/${id}`);
    await page.getByText('There is no such role.').waitFor();
    // The last administrator stays one.
    await page.goto('/admin/roles/admin');
    await page.getByRole('button', { name: 'Take away the role from Administrator' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Take away' }).click();
    await page.getByText('This is the last administrator who can sign in.').waitFor();
  });

  step('let nobody give what they do not hold, on a phone and in German', async () => {
    const id = await newRole('stewards');
    for (const permissionId of ['access-permissions', 'view-user-administration']) {
      await world.call('permissions.addRole', { permissionId, role: id });
    }
    await newcomer('steward', ['user', id]);
    const page = await visit({ ...views.phone, locale: 'de-DE' });
    await page.goto('/sign-in?return=/admin/roles');
    await page.getByLabel('Benutzername oder E-Mail').fill('steward');
    await page.getByLabel('Passwort', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Anmelden', exact: true }).click();
    const [own, other, above] = [
      'anonymous: view-user-administration',
      'anonymous: delete-user',
      'admin: view-user-administration',
    ].map((name) => page.getByRole('checkbox', { name }));
    assert.ok(own !== undefined && other !== undefined && above !== undefined);
    await own.waitFor();
    await mustBeAccessible(page);
    await mustNotScroll(page);
    assert.deepEqual(
      await Promise.all([own, other, above].map(async (box) => await box.getAttribute('aria-disabled'))),
      ['false', 'true', 'true'],
    );
    // What cannot be changed can be pressed all the same: then it says why.
    await other.tap({ force: true });
    await page.getByText('Sie haben diese Berechtigung selbst nicht').first().waitFor();
    await own.tap();
    await page.getByText('anonymous hat jetzt view-user-administration.').waitFor();
    assert.ok((await holders('view-user-administration')).includes('anonymous'));
    await page.goto('/admin/roles/admin');
    await page.getByText('Diese Rolle steht über Ihrer').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Speichern' }).count(), 0);
    await mustNotScroll(page);
    const arabic = await visit({ ...views.phone, locale: 'ar-EG' });
    await arabic.goto('/sign-in?return=/admin/roles');
    await arabic.locator('[name=user]').fill(administrator.username);
    await arabic.locator('[name=password]').fill(administrator.password);
    await arabic.keyboard.press('Enter');
    const box = arabic.getByRole('checkbox', { name: 'admin: view-user-administration' });
    await box.focus();
    // From right to left the next role is on the left.
    await arabic.keyboard.press('ArrowLeft');
    await arabic.locator('[data-role=user]:focus').waitFor();
    await mustBeAccessible(arabic);
    await mustNotScroll(arabic);
  });
});
