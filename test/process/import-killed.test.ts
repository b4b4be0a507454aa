// An import that is killed leaves nobody by halves, on either store, and the next one goes on where it was.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { toBase32 } from '../../src/lib/base32.ts';
import { sha256Hex } from '../../src/lib/digest.ts';
import { until } from '../clients/patience.ts';
import { archiveOf, person } from '../dump.ts';
import { inherited } from '../inherited.ts';
import { type Postgres, startPostgres } from '../postgres.ts';
import { Dice } from './dice.ts';
import { run } from './run.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const people = 1_600;
const settings = 40;
const bcrypt = `$2b$10$${'a'.repeat(53)}`;

/** Everybody has all of it: then what hangs on people is known from how many there are. */
function somebody(n: number): object {
  return person(n, {
    password: '',
    bcrypt,
    now: Date.now(),
    services: {
      totp: { enabled: true, secret: toBase32(Buffer.alloc(32, n)), hashedBackup: [sha256Hex(`code ${n}`)] },
      google: { id: `google-${n}`, email: `person${n}@gmail.example` },
      passwordHistory: [bcrypt, `$2b$10$${'b'.repeat(53)}`],
    },
    more: { roles: ['user', 'helpdesk'] },
  }).document;
}

function dump(): Buffer {
  const service = (n: number, key: string, value: unknown) => ({
    _id: `Accounts_OAuth_Custom-Old${n}${key}`,
    value,
    packageValue: '',
    valueSource: 'packageValue',
  });
  return archiveOf({
    users: Array.from({ length: people }, (_, n) => somebody(n + 1)) as Readonly<Record<string, unknown>>[],
    rocketchat_roles: [{ _id: 'helpdesk', name: 'Helpdesk', scope: 'Users', mandatory2fa: false }],
    rocketchat_permissions: [{ _id: 'create-user', roles: ['admin', 'helpdesk'] }],
    rocketchat_settings: Array.from({ length: settings / 4 }, (_, n) => [
      service(n, '', true),
      service(n, '-url', `https://idp${n}.example.org`),
      service(n, '-id', `client ${n}`),
      service(n, '-secret', `secret ${n}`),
    ]).flat(),
  });
}

for (const backend of ['SQLite', 'PostgreSQL'] as const) {
  describe(`an import and an export that are killed, on ${backend}`, () => {
    let folder: string;
    let postgres: Postgres | undefined;
    let client: pg.Client | undefined;
    let env: Record<string, string>;

    before(async () => {
      folder = mkdtempSync(join(tmpdir(), 'countersign-killed-'));
      writeFileSync(join(folder, 'dump.archive'), dump());
      env = { DATABASE_URL: `sqlite:${join(folder, 'countersign.db')}` };
      if (backend === 'SQLite') return;
      postgres = await startPostgres();
      const url = await postgres.freshDatabase();
      env = { DATABASE_URL: url, COUNTERSIGN_KEY: Buffer.alloc(32, 3).toString('base64') };
      client = new pg.Client(url);
      await client.connect();
    });
    after(async () => {
      await client?.end();
      await postgres?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    /** 0 while the table is not there. */
    const count = async (from: string): Promise<number> => {
      const query = `select count(*) as n from ${from}`;
      try {
        if (client !== undefined) return Number((await client.query<{ n: string }>(query)).rows[0]?.n);
        const database = new DatabaseSync(join(folder, 'countersign.db'), { readOnly: true });
        try {
          return Number(database.prepare(query).get()?.['n'] ?? 0);
        } finally {
          database.close();
        }
      } catch {
        return 0;
      }
    };
    const begin = (...words: readonly string[]) => {
      const child = spawn(process.execPath, [main, ...words], {
        cwd: folder,
        env: { ...inherited, ...env },
        stdio: 'ignore',
      });
      const ended = once(child, 'exit');
      return {
        end: async (signal: NodeJS.Signals): Promise<number | null> => {
          child.kill(signal);
          const [code] = (await ended) as [number | null];
          return code;
        },
      };
    };
    const importing = ['import', 'rocketchat', 'dump.archive', '--quiet', '--report', 'report.jsonl'] as const;
    const custom = `settings where id like 'Accounts_OAuth_Custom-Old%'`;
    const mustBeWhole = async (): Promise<number> => {
      const there = await count('accounts');
      for (const [from, each] of [
        ['account_emails', 1],
        ['account_roles', 2],
        ['tokens', 2],
        ['second_factors where app_secret is not null and backup_salt is not null', 1],
        ['identities', 1],
        ['former_passwords', 2],
        [`audit where what = 'account.bring-in'`, 1],
      ] as const) {
        assert.equal(await count(from), there * each, from);
      }
      // A service comes with its first setting, and with its entry.
      const written = await count(`audit where what in ('setting.change', 'oauth-service.add')`);
      const switchedOn = await count(
        `${custom} and id not like '%-url' and id not like '%-id' and id not like '%-secret'`,
      );
      assert.ok(written >= (await count(custom)) && switchedOn <= settings / 4);
      assert.equal(await count(`roles where id = 'helpdesk'`), await count(`audit where what = 'role.bring-in'`));
      assert.equal(
        await count(`permissions where id = 'create-user'`),
        await count(`audit where what = 'permission.bring-in'`),
      );
      return there;
    };

    it('leaves whole people and a whole trail, wherever it was', { timeout: 120_000 }, async (t) => {
      const seed = Number(process.env['KILL_SEED'] ?? randomInt(1e9));
      const dice = new Dice(seed);
      t.diagnostic(`KILL_SEED=${seed}`);
      // At any moment of the start, among the settings, and twice among the people.
      const first = begin(...importing);
      await new Promise((resolve) => {
        setTimeout(resolve, dice.below(1_200));
      });
      await first.end('SIGKILL');
      await mustBeWhole();
      const second = begin(...importing);
      const enough = dice.below(settings - 10);
      await until('some settings', async () => (await count(custom)) > enough, 20_000);
      await second.end('SIGKILL');
      await mustBeWhole();
      let there = await count('accounts');
      for (let round = 0; round < 2; round += 1) {
        const earlier = there;
        const more = begin(...importing);
        const wanted = earlier + 1 + dice.below(200);
        await until('some people', async () => (await count('accounts')) >= wanted, 20_000);
        await more.end('SIGKILL');
        there = await mustBeWhole();
        assert.ok(there > earlier && there < people, `${there} were there when it was killed`);
      }
      const last = await run(['import', 'rocketchat', 'dump.archive', '--quiet', '--json'], env, {
        cwd: folder,
        patienceMs: 60_000,
      });
      assert.equal(last.code, 0, last.stderr);
      const told = JSON.parse(last.stdout) as { account: Record<string, number>; setting: Record<string, number> };
      assert.deepEqual(told.account, { 'brought-in': people - there, 'already-there': there, 'skipped': 0 });
      assert.equal(told.setting['skipped'], 0);
      assert.equal(await mustBeWhole(), people);
      assert.equal(await count(custom), settings);
      const verified = await run(['audit', 'verify'], env, { cwd: folder });
      assert.equal(verified.code, 0, verified.stdout);
      // What the runs before told is still there, but for the step in which each was killed.
      const lines = readFileSync(join(folder, 'report.jsonl'), 'utf8').split('\n');
      const brought = lines.filter((line) => line.includes('"account"') && line.includes('"brought-in"'));
      assert.ok(brought.length >= there - 4 * 200, `${brought.length} of ${there} were told`);
    });

    it('gives an export its name once it is whole', { timeout: 60_000 }, async () => {
      const out = join(folder, 'out.jsonl');
      const part = `${out}.part`;
      const isWriting = (): boolean => existsSync(part) && readFileSync(part).length > 100_000;
      const killed = begin('export', out);
      await until('some lines', isWriting, 20_000);
      await killed.end('SIGKILL');
      assert.equal(existsSync(out), false);
      // What it has left stays until the next one begins.
      assert.ok(isWriting());
      writeFileSync(part, 'half');
      const stopped = begin('export', out);
      await until('some lines again', isWriting, 20_000);
      const [signal, code] = backend === 'SQLite' ? (['SIGINT', 130] as const) : (['SIGTERM', 143] as const);
      assert.equal(await stopped.end(signal), code);
      assert.deepEqual(
        readdirSync(folder).filter((name) => name.startsWith('out')),
        [],
      );
      const done = await run(['export', out], env, { cwd: folder });
      assert.equal(done.code, 0, done.stderr);
      assert.match(readFileSync(out, 'utf8'), new RegExp(`"accounts":${people}\\}\n$`, 'u'));
    });
  });
}
