import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { administrator, mustBeAccessible, pageWorld, views } from './page-world.ts';

/** The pages that need no script, as people see and hear them. */
describe('the pages without script', { timeout: 120_000 }, () => {
  const world = pageWorld({
    OVERWRITE_SETTING_Accounts_OAuth_Github: 'true',
    OVERWRITE_SETTING_Accounts_OAuth_Github_id: 'countersign',
    OVERWRITE_SETTING_Accounts_OAuth_Github_secret: 'a secret',
  });
  const { step, visit } = world;

  for (const [name, view] of Object.entries(views)) {
    step(`sign somebody in and out by keyboard alone (${name})`, async () => {
      const page = await visit(view);
      await page.goto('/sign-in?plain=1&return=%2Fsign-out');
      await mustBeAccessible(page);
      assert.ok(await page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth'));
      await page.keyboard.type(administrator.username);
      await page.keyboard.press('Tab');
      await page.keyboard.type('wrong');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').waitFor();
      await mustBeAccessible(page);
      // The name is there still, and the focus where something is to be typed again.
      await page.keyboard.type(administrator.password);
      await page.keyboard.press('Enter');
      await page.getByText('You are signed in as admin.').waitFor();
      await mustBeAccessible(page);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
      await mustBeAccessible(page);
    });
  }

  step('speak the language of the browser, from right to left where it is written so', async () => {
    for (const [locale, dir, button] of [
      ['de-DE', 'ltr', 'Anmelden'],
      ['ar-EG', 'rtl', 'تسجيل الدخول'],
    ] as const) {
      const page = await visit({ ...views.phone, locale });
      await page.goto('/sign-in?plain=1');
      await page.getByRole('button', { name: button }).waitFor();
      assert.equal(await page.locator('html').getAttribute('dir'), dir);
      for (const path of [
        '/sign-in?plain=1',
        '/?plain=1',
        '/home?plain=1',
        '/2fa/totp/none',
        '/verify-email/none?plain=1',
      ]) {
        await page.goto(path);
        await mustBeAccessible(page);
        assert.ok(await page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth'), path);
      }
      await page.context().close();
    }
  });
});
