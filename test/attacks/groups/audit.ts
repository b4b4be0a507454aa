import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Ran, run } from '../../process/run.ts';
import { setUpApp } from '../app-owner.ts';
import { type Arena, type Person, unlimited } from '../arena.ts';
import { digest, doors } from '../doors.ts';
import type { Group } from '../group.ts';
import { at, pass, sleep, textAt } from '../wire.ts';

/** The command line beside the running server. */
async function countersign(arena: Arena, ...words: readonly string[]): Promise<Ran> {
  const { folder } = arena.server;
  return await run(words, { DATABASE_URL: `sqlite:${join(folder, 'countersign.db')}` }, { cwd: folder });
}

/** Waits until the server has sealed what was written so far. */
async function untilSealed(arena: Arena): Promise<void> {
  const until = Date.now() + 15_000;
  const waiting = (): unknown => arena.rows('select seq from audit where position is null').length;
  while (waiting() !== 0) {
    assert.ok(Date.now() < until, 'entries still wait for their seals');
    await sleep(50);
  }
}

/** Changes the database of the running server behind its back, and undoes that afterwards. */
async function tamper(arena: Arena, sql: readonly string[], act: () => Promise<void>): Promise<void> {
  const database = new DatabaseSync(join(arena.server.folder, 'countersign.db'), { timeout: 5_000 });
  try {
    const names = 'seq, at, what, outcome, account_id, actor_id, door, address, user_agent, json_facts, position, seal';
    database.exec(`drop table if exists audit_kept; create table audit_kept as select ${names} from audit`);
    try {
      for (const text of sql) database.exec(text);
      await act();
    } finally {
      database.exec(
        `begin; delete from audit where seq in (select seq from audit_kept) or position in (select position from audit_kept);
         insert into audit (${names}) select ${names} from audit_kept; drop table audit_kept; commit`,
      );
    }
  } finally {
    database.close();
  }
}

/** What the trail tells of an account, oldest first, in words. */
function told(arena: Arena, { userId }: Pick<Person, 'userId'>): readonly string[] {
  const rows = arena.rows('select what, outcome, door, address from audit where account_id = ? order by seq', userId);
  return rows.map((row) => [row['what'], row['outcome'], row['door'], row['address']].map(String).join(' '));
}

/** S: the audit trail. */
export const audit: Group = {
  letter: 'S12',
  about: 'the audit trail: whole, honest and without secrets',
  env: unlimited,
  cases: [
    {
      id: 'S12',
      about: 'an entry that is deleted, edited or moved in the database of a running server is found, and where',
      async act(arena) {
        await untilSealed(arena);
        const sound = await countersign(arena, 'audit', 'verify');
        assert.equal(sound.code, 0, sound.stdout + sound.stderr);
        const head = /^Head: (\S+)$/mu.exec(sound.stdout)?.[1] ?? '';
        for (const [sql, sentence] of [
          [[`delete from audit where position = 3`], /: entry 3 is missing\.\n$/u],
          [
            [`update audit set outcome = 'done', address = '127.0.0.1' where position = 4`],
            /: entry 4 is not as it was written\.\n$/u,
          ],
          [
            [
              'update audit set position = -1 where position = 2',
              'update audit set position = 2 where position = 5',
              'update audit set position = 5 where position = -1',
            ],
            /: entry 2 is not as it was written\.\n$/u,
          ],
          [['delete from audit where position > 4'], /: it was cut off, entry 5 and all behind it are missing\.\n$/u],
        ] as const) {
          await tamper(arena, sql, async () => {
            const found = await countersign(arena, 'audit', 'verify');
            assert.equal(found.code, 1, sql[0]);
            assert.match(found.stdout, sentence);
          });
        }
        const again = await countersign(arena, 'audit', 'verify', '--head', head);
        assert.equal(again.code, 0, again.stdout + again.stderr);
        assert.match(again.stderr, /The given head is in it\./u);
      },
    },
    {
      id: 'S12b',
      about: 'nobody reads the trail but holders of view-logs, and an owner sees their own sign-ins alone',
      async act(arena, { alice }) {
        for (const path of ['/api/v1/audit.list', `/api/v1/audit.list?userId=${alice.userId}`]) {
          assert.equal((await arena.ask({ path, headers: pass(alice) })).status, 403);
          assert.equal((await arena.ask({ path })).status, 401);
          assert.equal((await arena.ask({ path, headers: pass(arena.admin) })).status, 200);
        }
        const other = await arena.person();
        for (const query of [`?userId=${alice.userId}`, '?count=100000', '?count[$gt]=1', '?what=log-in']) {
          const reply = await arena.ask({ path: `/api/v1/users.lastSignIns${query}`, headers: pass(other) });
          assert.equal(reply.status, 400, reply.text);
        }
        const own = await arena.ask({ path: '/api/v1/users.lastSignIns', headers: pass(other) });
        assert.equal(own.status, 200);
        assert.equal((at(own.json, 'signIns') as unknown[]).length, 1);
        assert.equal(textAt(own.json, 'signIns', 0, 'address'), '127.9.9.9');
      },
    },
    {
      id: 'S12c',
      about: 'every door tells who came from where, held or refused',
      async act(arena, { bystander }) {
        for (const [n, door] of doors.entries()) {
          const person = await arena.person();
          const before = told(arena, person).length;
          const from = `127.44.0.${n + 1}`;
          await arena.signIn(door, person.username, 'wrong', { bystander, from });
          const { opened } = await arena.signIn(door, person.username, person.password, { bystander, from });
          assert.ok(opened, door);
          const since = told(arena, person).slice(before);
          const name = door.startsWith('REST') ? 'rest' : door === 'DDP' ? 'ddp' : 'method-call';
          // A method of the realtime wire that is called without a token has an address of the test's own.
          const seen = door === 'method.callAnon' ? since.map((line) => line.replace(/127\.200\.\S+/u, from)) : since;
          assert.deepEqual(seen, [`log-in refused ${name} ${from}`, `log-in done ${name} ${from}`], door);
        }
      },
    },
    {
      id: 'S12d',
      about: 'what is typed cannot forge a line of the trail, of its export or of the log',
      async act(arena) {
        const username = 'x"}\n{"what":"log-in","outcome":"done"}\r\n\u001B[2J\u2028';
        const agent = 'evil\u00A0"},{"event":"log-in"}';
        const lines = arena.server.lines.length;
        const rows = Number(arena.rows('select count(*) as n from audit')[0]?.['n']);
        await arena.ask({
          path: '/api/v1/login',
          json: { user: username, password: 'x' },
          headers: { 'user-agent': agent },
        });
        assert.equal(Number(arena.rows('select count(*) as n from audit')[0]?.['n']), rows + 1);
        const { stdout, code } = await countersign(arena, 'audit', 'export');
        assert.equal(code, 0);
        const exported = stdout.trimEnd().split('\n');
        for (const line of exported) assert.equal(typeof JSON.parse(line), 'object', line);
        assert.ok(exported.length >= rows + 1);
        const list = await countersign(arena, 'audit', 'list', '--count', '3');
        assert.doesNotMatch(list.stdout.replaceAll('\n', ''), /[\p{Cc}\u2028]/u);
        assert.equal(list.stdout.trimEnd().split('\n').length, 4);
        for (const line of arena.server.lines.slice(lines)) assert.equal(typeof JSON.parse(line), 'object', line);
      },
    },
    {
      id: 'S12e',
      about: 'neither the trail nor the log holds a password, a token, a code or a secret',
      async act(arena, { bystander }) {
        const person = await arena.person();
        const secrets = new Set([person.password, digest(person.password).digest, person.authToken]);
        const headers = pass(person);
        const wrong = 'a wrong password nobody has';
        for (const door of doors) {
          await arena.signIn(door, person.username, wrong, { bystander });
          const { opened } = await arena.signIn(door, person.username, person.password, { bystander });
          if (opened !== undefined) secrets.add(opened.authToken);
        }
        secrets.add(wrong).add(digest(wrong).digest);
        await arena.knock('REST JSON', { resume: 'a token that nobody was given' });
        secrets.add('a token that nobody was given');
        secrets.add((await arena.personal(person, 'one')).authToken);
        const app = await setUpApp(async (what) => await arena.ask(what), person);
        for (const secret of JSON.stringify(app).match(/[A-Z2-7]{16,}|\b[A-Za-z0-9]{8}\b/gu) ?? []) secrets.add(secret);
        await arena.knock('REST JSON', { user: person.username, password: person.password, code: '918273' });
        secrets.add('918273');
        const secretSetting = 'the secret of a setting';
        const changed = await arena.ask({
          path: '/api/v1/settings/SMTP_Password',
          headers: { ...pass(arena.admin), 'x-2fa-code': digest(arena.server.administrator.password).digest },
          json: { value: secretSetting },
        });
        assert.equal(changed.status, 200, changed.text);
        secrets.add(secretSetting);
        const link = await countersign(arena, 'login-link', person.username);
        const code = link.stdout.trim().split('\n').at(-1) ?? '';
        assert.match(code, /^[0-9a-f]{64}$/u);
        secrets.add(code);
        await arena.ask({ path: '/api/v1/loginCode.redeem', json: { code } });
        const set = await countersign(arena, 'user', 'set-password', person.username);
        secrets.add(set.stdout.trim());
        await arena.ask({ path: '/api/v1/logout', method: 'POST', headers });
        const kept = [...arena.rows('select * from audit').map((row) => JSON.stringify(row)), ...arena.server.lines];
        assert.ok(
          kept.some((line) => line.includes(person.userId)),
          'there is something to look through',
        );
        secrets.delete('');
        assert.ok(secrets.size > 15, `${secrets.size} secrets are looked for`);
        for (const secret of secrets) {
          assert.equal(
            kept.find((line) => holds(line, secret)),
            undefined,
            `found: ${secret}`,
          );
        }
      },
    },
    {
      id: 'S12f',
      about: 'whatever is called, the trail only grows',
      async act(arena, { alice }) {
        await untilSealed(arena);
        const all = (): readonly string[] =>
          arena.rows('select * from audit order by seq').map((row) => JSON.stringify(row));
        const before = all();
        for (const path of ['audit.list', 'audit.delete', 'audit.prune', 'users.lastSignIns', 'users.delete']) {
          for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
            const json = { userId: alice.userId, position: 1, count: 0, until: '2999-01-01' };
            await arena.ask({ path: `/api/v1/${path}`, method, headers: pass(alice), json });
          }
        }
        const gone = await arena.person();
        const removed = await arena.ask({
          path: '/api/v1/users.delete',
          headers: pass(arena.admin),
          json: { userId: gone.userId },
        });
        assert.equal(removed.status, 200, removed.text);
        const after = all();
        assert.deepEqual(after.slice(0, before.length), before);
        assert.ok(told(arena, gone).some((line) => line.startsWith('account.remove done rest')));
      },
    },
  ],
};

/** Whether a line tells a secret. A code is a run of digits of its own: moments and durations have others within. */
function holds(line: string, secret: string): boolean {
  return /^\d+$/u.test(secret) ? new RegExp(`(?<![\\d.])${secret}(?!\\d)`, 'u').test(line) : line.includes(secret);
}
