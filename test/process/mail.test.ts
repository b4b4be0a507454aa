// Mails of a server in a process of its own, and of the command line beside it.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { openSink } from '../mail-sink.ts';
import { startServer } from '../server.ts';
import { type Ran, run } from './run.ts';

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-mail-'));
  open.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** With a database, which no command about mails makes. */
async function begunFolder(): Promise<string> {
  const folder = freshFolder();
  assert.equal((await command(folder, 'user create ada')).code, 0);
  return folder;
}

async function command(folder: string, words: string, env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  return await run(
    words.split(' '),
    { DATABASE_URL: `sqlite:${join(folder, 'countersign.db')}`, ...env },
    { cwd: folder },
  );
}

async function mailsIn(folder: string): Promise<{ id: string; state: string; recipient: string }[]> {
  const { stdout } = await command(folder, 'mail list --json');
  return (JSON.parse(stdout) as { mails: { id: string; state: string; recipient: string }[] }).mails;
}

describe('mails of a process', () => {
  it('are kept on purpose, wait again when the operator says so, and leave with the running server', async () => {
    const folder = await begunFolder();
    const sink = await openSink();
    open.push(sink.close);
    assert.equal((await command(folder, 'mail test ada@example.org', { MAIL_URL: 'outbox:' })).code, 0);
    const [kept] = await mailsIn(folder);
    assert.deepEqual([kept?.state, kept?.recipient], ['kept', 'ada@example.org']);
    const id = kept?.id ?? '';
    assert.match((await command(folder, `mail show ${id}`)).stdout, /to see that it arrives/u);
    const server = await startServer({
      folder,
      env: { MAIL_URL: `smtp://127.0.0.1:${sink.port}?ignoreTLS=true`, ROOT_URL: 'https://chat.example.org' },
    });
    open.push(async () => await server.dispose());
    assert.equal((await command(folder, `mail retry ${id}`)).code, 0);
    await sink.until(1);
    assert.equal(await server.stop(), 0);
    assert.deepEqual([sink.arrived[0]?.to, sink.arrived[0]?.from], [['ada@example.org'], 'noreply@chat.example.org']);
    assert.equal((await mailsIn(folder))[0]?.state, 'sent');
  });

  it('are sent at once by the command line, which tells why one was not taken', async () => {
    const folder = await begunFolder();
    const sink = await openSink();
    open.push(sink.close);
    const env = { MAIL_URL: `smtp://127.0.0.1:${sink.port}?ignoreTLS=true` };
    const done = await command(folder, 'mail test ada@example.org', env);
    assert.deepEqual([done.code, done.stderr, sink.arrived.length], [0, '', 1]);
    await sink.close();
    const away = await command(folder, 'mail test ada@example.org', env);
    assert.deepEqual([away.code, away.stdout], [1, '']);
    assert.match(away.stderr, /^countersign: The mail server could not be reached \(ECONNREFUSED\)\.\n$/u);
    const wrong = await command(folder, 'mail test ada@example.org,eve@example.org', env);
    assert.match(wrong.stderr, /^countersign: The e-mail address is malformed/u);
    const unset = await command(folder, 'mail test ada@example.org');
    assert.equal(unset.stderr, 'countersign: No mail server is set: give MAIL_URL, or the setting SMTP_Host.\n');
  });

  it('stop the start when MAIL_URL makes no sense, without telling what stands in it', async () => {
    const { code, stdout, stderr } = await command(freshFolder(), 'serve', {
      MAIL_URL: 'smtp//u:hunter2@h',
      PORT: '0',
    });
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /^countersign: MAIL_URL must be [^\n]*\.\n$/u);
    assert.doesNotMatch(stderr, /hunter2/u);
  });
});
