import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { after, before, describe } from 'node:test';
import type { Page } from 'playwright-core';
import { archiveOf, person, zipped } from './dump.ts';
import { openSink, type Sink } from './mail-sink.ts';
import { administrator, mustBeAccessible, pageWorld, views } from './page-world.ts';

/** Of a password that nobody signs in with here. */
const bcrypt = '$2b$04$abcdefghijklmnopqrstuuVvP6pOoXb1cRRB4C4cEEhC8Kb6Ytx0K';

/** @param junk every so many has a password that cannot be kept */
function dump(count: number, junk: number): Buffer {
  return zipped(
    archiveOf({
      users: Array.from({ length: count }, (_, n) => {
        const given = { password: 'x', bcrypt: n % junk === 0 ? hostile : bcrypt, now: Date.now() };
        return person(n + 1, given).document;
      }),
    }),
  );
}

/** So many people that their import takes some seconds. */
const many = 2_000;
const hostile = '<img src=x onerror=alert(1)>';

/** The outbox over a real mail server, and moving in with a file. */
describe('the pages for mails and for moving in', { timeout: 300_000 }, () => {
  let sink: Sink | undefined;
  // No server at the start: it is set as an operator does.
  const world = pageWorld({
    MAIL_URL: '',
    OVERWRITE_SETTING_Accounts_TwoFactorAuthentication_Enabled: 'false',
    OVERWRITE_SETTING_From_Email: 'server@example.com',
  });
  const { step, visit } = world;
  before(async () => {
    sink = await openSink();
  });
  after(async () => {
    await sink?.close();
  });

  const open = async (path: string, view: Parameters<typeof visit>[0] = views.desktop): Promise<Page> => {
    const page = await visit(view);
    await world.signIn(page, administrator, `/sign-in?return=${encodeURIComponent(path)}`);
    return page;
  };

  step('say that no mail server is set, and what to do; then send what was kept', async () => {
    await world.call('users.create', {
      username: 'ada',
      name: 'Ada',
      email: 'ada@example.com',
      password: 'Nine-blue-tables-99',
      verified: true,
    });
    await world.call('users.forgotPassword', { email: 'ada@example.com' });
    const page = await open('/admin/mail');
    await page.getByText('No mail server is set').waitFor();
    assert.match(
      (await page.getByRole('link', { name: 'Set the mail server' }).getAttribute('href')) ?? '',
      /\/admin\/settings\/SMTP_Host$/u,
    );
    const row = page.getByRole('row').filter({ hasText: 'ada@example.com' });
    await row.getByText('Kept').waitFor();
    await mustBeAccessible(page);

    await world.call('settings/SMTP_Host', { value: '127.0.0.1' });
    await world.call('settings/SMTP_Port', { value: String(sink?.port) });
    await page.reload();
    await row.waitFor();
    assert.equal(await page.getByText('No mail server is set').count(), 0);
    const address = page.getByLabel('Address');
    await address.fill('nobody');
    await page.getByRole('button', { name: 'Send a test mail' }).click();
    await page.getByText('This is no e-mail address.').waitFor();
    assert.equal(await address.inputValue(), 'nobody');
    await page.locator('[name=to]:focus').waitFor();
    await address.fill('grace@example.com');
    await page.keyboard.press('Enter');
    await page.getByText('The mail server took the mail to grace@example.com.').waitFor();
    assert.deepEqual(sink?.arrived[0]?.to, ['grace@example.com']);

    await row.getByRole('button', { name: 'Send again to ada@example.com' }).click();
    await page.getByText('The mail waits to be sent.').waitFor();
    await sink?.until(2);
    assert.deepEqual(sink?.arrived[1]?.to, ['ada@example.com']);
    await page.reload();
    await row.getByText('Sent').waitFor();
  });

  step('list mails by what became of them, and forget one after asking', async () => {
    const page = await open('/admin/mail', views.phone);
    const row = page.getByRole('row').filter({ hasText: 'ada@example.com' });
    await row.waitFor();
    await page.getByLabel('Show', { exact: true }).selectOption('failed');
    await page.getByText('No such mail.').waitFor();
    await mustBeAccessible(page);
    await page.getByLabel('Show', { exact: true }).selectOption('sent');
    await row.getByRole('button', { name: 'Remove the mail to ada@example.com' }).click();
    const asks = page.getByRole('dialog', { name: 'Remove this mail?' });
    await asks.getByText('Only its line here is removed.').waitFor();
    await mustBeAccessible(page);
    await asks.getByRole('button', { name: 'Remove the mail' }).click();
    await page.getByText('The mail is removed.').waitFor();
    await row.waitFor({ state: 'hidden' });
    assert.equal((await world.call('mails.list?state=sent'))['total'], 0);
  });

  step('send a file with a bar that tells how much has gone, and give up midway', async () => {
    const page = await open('/admin/import');
    await page.getByRole('button', { name: 'Send the file' }).click();
    await page.getByText('Choose a file first.').waitFor();
    await page.locator('[name=file]:focus').waitFor();
    await mustBeAccessible(page);
    const slow = await page.context().newCDPSession(page);
    await slow.send('Network.enable');
    const throttled = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 200_000 };
    await slow.send('Network.emulateNetworkConditions', throttled);
    const file = { name: 'large.archive', mimeType: 'application/octet-stream', buffer: randomBytes(4_000_000) };
    await page.getByLabel('File', { exact: true }).setInputFiles(file);
    await page.getByRole('button', { name: 'Send the file' }).click();
    const bar = page.getByRole('progressbar', { name: 'Sending large.archive' });
    for (let share = 0; share === 0; ) {
      share = Number(await bar.getAttribute('value')) / Number(await bar.getAttribute('max'));
      assert.ok(share < 1);
    }
    await page.getByText(/ of 4 MB sent$/u).waitFor();
    await mustBeAccessible(page);
    await page.getByRole('button', { name: 'Stop sending' }).click();
    await page.getByRole('button', { name: 'Send the file' }).waitFor();
    await bar.waitFor({ state: 'hidden' });
    assert.equal(await page.getByText('The file on the server').count(), 0);
  });

  step('look through a file, import it, and list what did not come', async () => {
    const page = await open('/admin/import', views.phone);
    const file = { name: `${hostile}.archive.gz`, mimeType: 'application/gzip', buffer: dump(30, 10) };
    await page.getByLabel('File', { exact: true }).setInputFiles(file);
    await page.getByRole('button', { name: 'Send the file' }).click();
    await page.getByText('Not looked at yet').waitFor();
    assert.ok((await page.getByText(hostile).count()) > 0);
    assert.equal(await page.locator('img[src="x"]').count(), 0);
    await mustBeAccessible(page);
    await page.getByRole('button', { name: 'Look through it' }).click();
    await page.getByText('Nothing has been written.').waitFor();
    await page.getByText('3 problems').waitFor();
    await page.getByRole('cell', { name: 'person11: password' }).waitFor();
    await mustBeAccessible(page);
    assert.ok(await page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth'));
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save the list' }).click(),
    ]);
    assert.equal((await readFile(await saved.path(), 'utf8')).trimEnd().split('\n').length, 3);
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    const asks = page.getByRole('dialog', { name: 'Import now?' });
    await asks.getByText('30 people come in').waitFor();
    await mustBeAccessible(page);
    await asks.getByRole('button', { name: 'Import' }).click();
    await page.getByText('Everybody who could come is here.').waitFor();
    const { user } = await world.call('users.info?username=person7');
    assert.equal((user as { readonly username: string }).username, 'person7');
  });

  step('find an import again that goes on, stop it, and go on with it', async () => {
    const page = await open('/admin/import');
    await page.getByText('What came of the import').waitFor();
    const file = { name: 'many.archive.gz', mimeType: 'application/gzip', buffer: dump(many, 100) };
    await page.getByLabel('File', { exact: true }).setInputFiles(file);
    await page.getByRole('button', { name: 'Send the file' }).click();
    await page.getByText('Not looked at yet').waitFor();
    await page.getByRole('button', { name: 'Look through it' }).click();
    await page.getByText('Nothing has been written.').waitFor();
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Import' }).click();
    await page.getByRole('button', { name: 'Stop', exact: true }).waitFor();
    await page.reload();
    await page.getByText('Importing', { exact: true }).first().waitFor();
    await page.getByRole('progressbar', { name: 'Importing' }).waitFor();
    await mustBeAccessible(page);
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await page.getByText('The import was stopped.').waitFor();
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Import' }).click();
    await page.getByText('Everybody who could come is here.').waitFor();
    assert.equal((await world.call('users.list?count=1'))['total'], many + 3);
  });

  step('ask before a file is removed', async () => {
    const page = await open('/admin/import');
    const file = { name: 'junk.txt', mimeType: 'text/plain', buffer: Buffer.from('no dump at all') };
    await page.getByLabel('File', { exact: true }).setInputFiles(file);
    await page.getByRole('button', { name: 'Send the file' }).click();
    await page.getByRole('button', { name: 'Look through it' }).click();
    await page.getByText('The run ended before its time.').or(page.getByText('Nothing has been written.')).waitFor();
    await page.getByRole('button', { name: 'Remove the file' }).click();
    const asks = page.getByRole('dialog', { name: 'Remove the file?' });
    await asks.getByText('junk.txt is removed from the server.').waitFor();
    await asks.getByRole('button', { name: 'Remove the file' }).click();
    await page.getByText('Bring people in from Rocket.Chat').waitFor();
  });
});
