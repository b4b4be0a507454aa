import assert from 'node:assert/strict';
import { after, describe } from 'node:test';
import { environmentOf } from './oauth-client.ts';
import { ada } from './oauth-stub.ts';
import { mustBeAccessible, pageWorld, views } from './page-world.ts';
import { openGithubStub } from './provider-stubs.ts';

const [first, second] = ['Nine-blue-lamps-99', 'Ten-slow-glaciers-10'];
const github = await openGithubStub();

/** The own account where second factors are switched off: forms ask for the password themselves. */
describe('the pages without second factors in a browser', { timeout: 300_000 }, () => {
  const world = pageWorld(
    {
      ...environmentOf(github),
      OVERWRITE_SETTING_Accounts_TwoFactorAuthentication_Enabled: 'false',
      // Keeps nobody from the first one.
      OVERWRITE_SETTING_Accounts_AllowUsernameChange: 'false',
    },
    [github.url],
  );
  const { step, visit } = world;
  after(async () => {
    await github.close();
  });

  step('link an identity and unlink it by the password, marking a wrong one and keeping it', async () => {
    const who = { username: 'linus', password: first };
    await world.call('users.create', { ...who, name: 'Linus', email: 'linus@example.com', verified: true });
    github.signsIn({ ...ada, id: '815', email: 'linus@example.org' });
    const page = await visit(views.phone);
    await world.signIn(page, who);
    await page.goto('/account/identities');
    await page.getByRole('button', { name: 'Link GitHub' }).click();
    await page.getByRole('heading', { name: 'Linking GitHub' }).waitFor();
    const password = page.getByLabel('Password', { exact: true });
    await password.fill('wrong');
    await page.keyboard.press('Enter');
    await page.locator('[name=currentPassword][aria-invalid=true]:focus').waitFor();
    assert.equal(await password.inputValue(), 'wrong');
    await mustBeAccessible(page);
    await password.fill(first);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Unlink GitHub' }).click();
    const dialog = page.getByRole('dialog', { name: 'Unlink GitHub?' });
    await dialog.getByLabel('Password', { exact: true }).fill('wrong');
    await page.keyboard.press('Enter');
    await page.locator('dialog [aria-invalid=true]:focus').waitFor();
    await mustBeAccessible(page);
    await dialog.getByLabel('Password', { exact: true }).fill(first);
    await page.keyboard.press('Enter');
    await page.getByText('No identity is linked.').waitFor();
  });

  step('set a first password for somebody who came from a provider, and change it then', async () => {
    github.signsIn({ ...ada, id: '4711', username: 'octo', email: 'octo@example.com' });
    const page = await visit();
    await page.goto('/sign-in?return=%2Faccount%2Fsecurity');
    await page.getByRole('link', { name: 'GitHub' }).click();
    // The account has no username yet: one is offered, and nothing else is shown before it is chosen.
    await page.getByRole('heading', { level: 1, name: 'Choose a username' }).waitFor();
    const username = page.getByLabel('Username');
    assert.notEqual(await username.inputValue(), '');
    await mustBeAccessible(page);
    await username.fill('linus');
    await page.getByText('This username is taken').waitFor();
    await page.keyboard.press('Enter');
    await page.locator('[name=username][aria-invalid=true]:focus').waitFor();
    assert.equal(await username.inputValue(), 'linus');
    await username.fill('octocat');
    await page.keyboard.press('Enter');
    const panel = page.getByRole('region', { name: 'Password' });
    await panel.getByLabel('New password').waitFor();
    assert.equal(await panel.getByLabel('Current password').count(), 0);
    await mustBeAccessible(page);
    await panel.getByLabel('New password').fill(first);
    await panel.getByLabel('Type the password again').fill(first);
    await panel.getByRole('button', { name: 'Set a password' }).click();
    await page.getByText('The password is changed.').waitFor();
    // From now on it is a change, which takes the password of before.
    await panel.getByLabel('Current password').fill('wrong');
    await panel.getByLabel('New password').fill(second);
    await panel.getByLabel('Type the password again').fill(second);
    await panel.getByRole('button', { name: 'Change the password' }).click();
    await page.locator('[name=currentPassword][aria-invalid=true]:focus').waitFor();
    assert.equal(await panel.getByLabel('New password').inputValue(), second);
    await mustBeAccessible(page);
    await panel.getByLabel('Current password').fill(first);
    await panel.getByRole('button', { name: 'Change the password' }).click();
    await panel.getByLabel('Current password').and(page.locator(':not([value])')).waitFor();
    const next = await visit();
    await world.signIn(next, { username: 'octocat', password: second });
  });
});
