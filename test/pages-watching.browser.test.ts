import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { administrator, layoutShift, mustBeAccessible, pageWorld, views } from './page-world.ts';

const hostile = '<img src=x onerror=alert(1)>';

/** Gives the password once more where a call wants it, so that a test needs not know whether it does. */
async function proveIfAsked(page: Page, done: Promise<unknown>): Promise<void> {
  const asked = page.getByRole('dialog', { name: 'One more step' });
  const first = await Promise.race([asked.waitFor().then(() => 'asked'), done.then(() => 'done')]);
  if (first === 'done') return;
  await asked.getByLabel('Password', { exact: true }).fill(administrator.password);
  await asked.getByRole('button', { name: 'Go on' }).click();
  await done;
}

/** Asks again and again: the policy of the pages lets no question be left in them. */
async function until<T>(read: () => Promise<T>, isWanted: (value: T) => boolean): Promise<void> {
  const patience = Date.now() + 20_000;
  for (;;) {
    const value = await read();
    if (isWanted(value)) return;
    assert.ok(Date.now() < patience, `still ${String(value).slice(0, 200)}`);
    await pause(50);
  }
}

async function untilRows(page: Page, isWanted: (count: number) => boolean): Promise<void> {
  await until(async () => await page.locator('tbody tr').count(), isWanted);
}

const fits = async (page: Page): Promise<boolean> =>
  await page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth');

/** What administrators look at: the dashboard, the audit log, blocks, and the outbox. */
describe('the pages for watching over a server', { timeout: 300_000 }, () => {
  const world = pageWorld();
  const { step, visit } = world;

  const fail = async (user: string, times: number): Promise<void> => {
    for (let n = 0; n < times; n += 1) {
      await fetch(`${world.base}/api/v1/login`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ user, password: 'wrong' }),
      });
    }
  };

  step('show how the installation stands, as a picture and as a table, and ask again by themselves', async () => {
    for (const username of ['ada', 'grace']) {
      const email = `${username}@example.com`;
      await world.call('users.create', { username, name: username, email, password: 'Nine-blue-tables-99' });
    }
    await fail('ada', 10);
    await fail(hostile, 2);
    const page = await visit();
    await world.signIn(page, administrator, '/sign-in?return=%2Fadmin');
    await page.clock.install();
    await page.goto('/admin/dashboard');
    const blocked = page.getByRole('listitem').filter({ hasText: 'Blocked now' });
    await blocked.getByText('1', { exact: true }).waitFor();
    await page.getByRole('img', { name: /^Day: \d+ sign-ins?, 12 refused$/u }).waitFor();
    await page.getByText('Wrong name or password 12').waitFor();
    await page.getByText('Every mail was sent.').or(page.getByText('could not be sent')).waitFor();
    await page.getByText('Nobody signs in with a directory.').waitFor();
    const shift = await layoutShift(page);
    assert.ok(shift < 0.02, String(shift));
    await mustBeAccessible(page);
    await page.getByText('As a table').click();
    await page.getByRole('table', { name: 'Sign-ins' }).getByRole('row').nth(24).waitFor();
    await page.getByRole('button', { name: 'Month' }).click();
    await page.getByRole('img', { name: /^Month: /u }).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Month' }).getAttribute('aria-pressed'), 'true');
    const painted = async (): Promise<string> =>
      await page.evaluate<string>('document.querySelector("canvas").toDataURL()');
    const light = await painted();
    await page.getByLabel('Colours').selectOption('dark');
    await until(painted, (now) => now !== light);
    await mustBeAccessible(page);

    await fail('grace', 10);
    const again = page.waitForRequest('**/statistics.overview');
    await page.clock.runFor(31_000);
    await again;
    // The server counts anew after some seconds, whoever asks.
    await until(
      async () => {
        await page.clock.runFor(31_000);
        await pause(500);
        return await blocked.textContent();
      },
      (text) => text?.includes('2') === true,
    );
  });

  step('fit a phone, in the dark and in a language of long words', async () => {
    const there = {
      dashboard: 'canvas',
      audit: 'tbody tr',
      blocks: '.countdown',
      mail: 'tbody tr',
      import: '[type=file]',
    } as const;
    for (const [locale, screens] of [
      ['en-GB', ['dashboard', 'audit', 'blocks', 'mail', 'import']],
      ['de-DE', ['blocks', 'mail']],
      ['ar-EG', ['dashboard']],
    ] as const) {
      const page = await visit({ ...views.phone, locale });
      await page.goto('/');
      await page.locator('[name=user]').fill(administrator.username);
      await page.locator('[name=password]').fill(administrator.password);
      await page.keyboard.press('Enter');
      await page.waitForURL('**/account');
      for (const screen of screens) {
        await page.goto(`/admin/${screen}`);
        await page.locator(there[screen]).first().waitFor();
        assert.ok(await fits(page), `${screen} in ${locale}`);
        if (locale !== 'de-DE') await mustBeAccessible(page);
      }
      await page.context().close();
    }
  });

  step('find entries of the audit log by keyboard alone, and tell all of one', async () => {
    const page = await visit();
    await world.signIn(page, administrator, '/sign-in?return=%2Fadmin%2Faudit');
    const rows = page.getByRole('table', { name: 'Entries' }).locator('tbody tr');
    await rows.first().waitFor();
    await mustBeAccessible(page);
    await page.getByLabel('Happened to').focus();
    await page.keyboard.type('nobody-at-all');
    await page.keyboard.press('Enter');
    await page.getByText('Nobody is called so.').waitFor();
    await page.locator('[name=user]:focus').waitFor();
    assert.equal(await page.getByLabel('Happened to').inputValue(), 'nobody-at-all');
    await mustBeAccessible(page);
    await page.keyboard.press('Control+A');
    await page.keyboard.type('ada');
    // By, what, outcome: in the list of outcomes the last one.
    for (const key of ['Tab', 'Tab', 'Tab', 'End', 'Enter']) await page.keyboard.press(key);
    await page.getByRole('button', { name: 'Show', exact: true }).focus();
    await page.keyboard.press('Enter');
    await untilRows(page, (count) => count === 10);
    assert.equal(new URL(page.url()).search, '?user=ada&outcome=refused');
    await page.reload();
    await untilRows(page, (count) => count === 10);
    await rows.first().getByRole('button').focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Sign-in' });
    await dialog.getByText('wrong-credentials').waitFor();
    await mustBeAccessible(page);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await page.locator(':focus', { hasText: 'Sign-in' }).waitFor();
    await page.getByLabel('Happened to').fill('');
    await page.getByLabel('Until', { exact: true }).fill('2001-01-01T00:00');
    await page.keyboard.press('Enter');
    await page.getByText('No entry fits.').waitFor();
    await mustBeAccessible(page);
    await page.getByRole('button', { name: 'Clear the filter' }).click();
    await rows.nth(12).waitFor();
    assert.equal(new URL(page.url()).search, '');
  });

  step('show names that people typed as the text that they are', async () => {
    const page = await visit();
    await world.signIn(page, administrator, '/sign-in?return=%2Fadmin%2Faudit%3Fwhat%3Dlog-in%26outcome%3Drefused');
    for (const _ of [1, 2]) await fail(hostile, 1);
    await page.reload();
    await page.getByRole('table', { name: 'Entries' }).locator('tbody tr').first().getByRole('button').click();
    await page.getByRole('dialog').getByText(hostile).waitFor();
    assert.equal(await page.locator('img[src="x"]').count(), 0);
  });

  step('lead through many entries, and save what the filter lets through', async () => {
    const page = await visit();
    await world.signIn(page, administrator, '/sign-in?return=%2Fadmin%2Faudit');
    await page.getByRole('table', { name: 'Entries' }).waitFor();
    for (let n = 0; n < 40; n += 1) await world.call('roles.create', { name: `role ${n}` });
    const total = ((await world.call('audit.list?count=100'))['entries'] as readonly object[]).length;
    assert.ok(total > 50 && total < 100, String(total));
    await page.reload();
    await untilRows(page, (count) => count === 50);
    await page.getByRole('button', { name: 'Older' }).click();
    await page.getByText('Page 2').waitFor();
    await untilRows(page, (count) => count === total - 50);
    await page.getByRole('button', { name: 'Newer' }).click();
    await untilRows(page, (count) => count === 50);
    await page.getByLabel('Happened to').fill('ada');
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await untilRows(page, (count) => count < 20);
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export' }).click(),
    ]);
    const lines = (await readFile(await saved.path(), 'utf8')).trimEnd().split('\n');
    const entries = lines.map((line) => JSON.parse(line) as { readonly what: string; readonly accountId: string });
    assert.ok(entries.length > 10);
    assert.equal(new Set(entries.map(({ accountId }) => accountId)).size, 1);
    assert.match(saved.suggestedFilename(), /^audit-\d{4}-\d\d-\d\d\.jsonl$/u);
    await page.getByText(`${entries.length} entries saved.`).waitFor();

    // The second page never comes: whoever waits can stop, and keeps what was read.
    await page.getByRole('button', { name: 'Clear the filter' }).click();
    await untilRows(page, (count) => count === 50);
    await page.route('**/audit.list?*', async (route) => {
      if (route.request().url().includes('cursor=')) return;
      const answer = (await (await route.fetch()).json()) as object;
      await route.fulfill({ json: { ...answer, next: '1.1' } });
    });
    await page.getByRole('button', { name: 'Export' }).click();
    const dialog = page.getByRole('dialog', { name: 'Export' });
    await dialog.getByText(/^\d\d entries read\.$/u).waitFor();
    await mustBeAccessible(page);
    await dialog.getByRole('button', { name: 'Stop' }).click();
    const [part] = await Promise.all([
      page.waitForEvent('download'),
      dialog.getByRole('button', { name: 'Save these' }).click(),
    ]);
    assert.ok((await readFile(await part.path(), 'utf8')).includes('"log-in"'));
  });

  step('count down until a block ends, and lift it', async () => {
    const page = await visit();
    await world.signIn(page, administrator, '/sign-in?return=%2Fadmin%2Fblocks');
    const row = page.getByRole('table', { name: 'Blocked now' }).getByRole('row').filter({ hasText: 'ada' });
    const left = await row.locator('time').last().textContent();
    assert.match(left ?? '', /^0\d:\d\d$/u);
    await until(
      async () => await row.locator('time').last().textContent(),
      (now) => now !== left,
    );
    await page.getByText('10 failures within 5 minutes').waitFor();
    await page.getByText('No address is exempt.').waitFor();
    const setting = page.getByRole('link', { name: 'Change the list' });
    assert.match((await setting.getAttribute('href')) ?? '', /Block_Multiple_Failed_Logins_Ip_Whitelist/u);
    await mustBeAccessible(page);
    await row.getByRole('button', { name: 'Unblock ada' }).click();
    const asks = page.getByRole('dialog', { name: 'Unblock?' });
    await asks.getByText('10 failed sign-ins of ada are forgotten.').waitFor();
    await mustBeAccessible(page);
    await asks.getByRole('button', { name: 'Unblock' }).click();
    await proveIfAsked(page, page.getByText('ada is no longer blocked.').waitFor());
    await row.waitFor({ state: 'hidden' });
    const { blocks } = await world.call('blocks.list');
    assert.ok(!JSON.stringify(blocks).includes('"ada"'));
  });

  step('tell of an account that wrong codes have locked, which no time ends', async () => {
    const page = await visit();
    const blocks = [{ type: 'codes', userId: 'eve', username: 'eve', failures: 100 }];
    await page.route('**/blocks.list*', async (route) => {
      await route.fulfill({ json: { blocks, count: 1, offset: 0, total: 1, success: true } });
    });
    await world.signIn(page, administrator, '/sign-in?return=%2Fadmin%2Fblocks');
    const row = page.getByRole('table', { name: 'Blocked now' }).getByRole('row').filter({ hasText: 'eve' });
    await row.getByText('Until unblocked').waitFor();
    await row.getByText('Account, after wrong codes in a row').waitFor();
    await mustBeAccessible(page);
    await row.getByRole('button', { name: 'Unblock eve' }).click();
    const asks = page.getByRole('dialog', { name: 'Unblock?' });
    await asks.getByText('100 wrong codes of eve are forgotten, with all failed sign-ins.').waitFor();
    await page.unroute('**/blocks.list*');
  });

  step('say what cannot be loaded, and load it when asked again', async () => {
    const page = await visit();
    await world.signIn(page, administrator, '/sign-in?return=%2Fadmin%2Fblocks');
    await page.route('**/mails.list*', async (route) => await route.abort());
    await page.goto('/admin/mail');
    await page.getByText('The server did not answer.').waitFor();
    await mustBeAccessible(page);
    await page.unroute('**/mails.list*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('table', { name: 'Outbox' }).waitFor();
  });
});
