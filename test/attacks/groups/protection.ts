import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { startServer } from '../../server.ts';
import { Arena, counted, type Guest, type Person } from '../arena.ts';
import { digest, type Outcome, signInAt } from '../doors.ts';
import type { Group } from '../group.ts';
import { ask, pass, sleep, textAt } from '../wire.ts';

const byUser = 'error-login-blocked-for-user';
const byAddress = 'error-login-blocked-for-ip';

/** An address of this host that no other case uses. */
let given = 0;
function freshAddress(): string {
  given += 1;
  return `127.44.${given >> 8}.${given & 255}`;
}

async function guess(arena: Arena, name: string, guest: Guest = {}): Promise<Outcome> {
  const outcome = await arena.signIn('REST JSON', name, 'a wrong one', { from: freshAddress(), ...guest });
  assert.equal(outcome.opened, undefined);
  return outcome;
}

async function block(arena: Arena, name: string, guest: Guest = {}): Promise<void> {
  for (let round = 0; round < 10; round += 1) {
    const { error, text } = await guess(arena, name, guest);
    assert.equal(error, 'Unauthorized', `${round}: ${text}`);
  }
}

/** With the password beside it, as the endpoint asks for a second factor. */
function asAdmin({ server, admin }: Arena): Record<string, string> {
  return { ...pass(admin), 'x-2fa-code': digest(server.administrator.password).digest, 'x-2fa-method': 'password' };
}

async function clear(arena: Arena, headers: Record<string, string>, json: unknown) {
  return await arena.ask({ path: '/api/v1/blocks.clear', headers, json });
}

const blockMails = (arena: Arena, person: Person) =>
  arena.mailsTo(person.email).filter(({ headers }) => headers.includes('blocked'));

/** C and D: what administrators, owners and other nodes see of blocks, and limits that are not about passwords. */
export const protection: Group = {
  letter: 'D2',
  about: 'blocks as administrators and owners see them, and limits over nodes and connections',
  env: counted,
  cases: [
    {
      id: 'C11',
      about: 'a name that nobody has is blocked like an account, by the same bytes and headers',
      async act(arena) {
        const person = await arena.person();
        const answers: (readonly unknown[])[] = [];
        for (const name of [person.username, 'nobody.has.this.name', person.email, 'nobody@example.org']) {
          if (answers.length !== 2) await block(arena, name);
          const { error, status, text, headers } = await guess(arena, name);
          assert.equal(error, byUser);
          const names = Object.keys(headers).toSorted();
          answers.push([status, text, names, Number(headers['retry-after']) > 290]);
        }
        for (const answer of answers) assert.deepEqual(answer, answers[0]);
      },
    },
    {
      id: 'D06b',
      about: 'the known device gets in by every door and every name, and its owner is told once',
      async act(arena, { bystander }) {
        const person = await arena.person();
        const home = { from: freshAddress(), headers: { 'user-agent': 'phone/1' } };
        assert.ok((await arena.signIn('REST JSON', person.username, person.password, home)).opened);
        await block(arena, person.username);
        for (const door of ['REST JSON', 'REST form', 'DDP', 'method.call', 'method.callAnon'] as const) {
          for (const name of [person.username, person.email]) {
            const away = await arena.signIn('REST JSON', name, person.password, { from: freshAddress() });
            assert.equal(away.error, byUser);
            const outcome = await arena.signIn(door, name, person.password, { bystander, ...home });
            assert.ok(outcome.opened, `${door}: ${outcome.text}`);
            // A sign-in forgives: strangers must fail anew.
            await block(arena, person.username);
          }
        }
        await arena.untilMailed();
        assert.equal(
          blockMails(arena, person).length,
          1,
          'a block that a sign-in has ended and a next one within its time',
        );
      },
    },
    {
      id: 'D06c',
      about:
        'strangers behind the same address keep no known device out, and a copied one is worth one account’s guesses',
      async act(arena, { bystander }) {
        const people = [await arena.person(), await arena.person(), await arena.person()];
        const [person = assert.fail(), ...others] = people;
        const home = { from: freshAddress(), headers: { 'user-agent': 'phone/1' } };
        for (const { username, password } of [person, others[0] ?? assert.fail()]) {
          assert.ok((await arena.signIn('REST JSON', username, password, home)).opened);
        }
        const beside = { from: home.from, headers: { 'user-agent': 'stranger/1' } };
        for (let round = 0; round < 50; round += 1) await guess(arena, `nobody.${given}.${round}`, beside);
        assert.equal((await guess(arena, 'nobody.else', beside)).error, byAddress);
        for (const door of ['REST JSON', 'REST form', 'DDP', 'method.call'] as const) {
          const outcome = await arena.signIn(door, person.username, person.password, { bystander, ...home });
          assert.ok(outcome.opened, `${door}: ${outcome.text}`);
        }
        // Not another client, and not an account that this one does not know.
        const elsewhere = others[1] ?? assert.fail();
        for (const [{ username, password }, guest] of [
          [person, beside],
          [elsewhere, home],
        ] as const) {
          const { error, opened } = await arena.signIn('REST JSON', username, password, guest);
          assert.deepEqual([error, opened], [byAddress, undefined]);
        }
        const told: unknown[] = [];
        for (let round = 0; round < 14; round += 1) {
          const { username } = people[round % 2] ?? person;
          told.push((await guess(arena, username, home)).error);
          if (round !== 5) continue;
          assert.ok((await arena.signIn('REST JSON', username, others[0]?.password ?? '', home)).opened);
        }
        assert.equal(told.filter((error) => error === 'Unauthorized').length, 10, told.join(' '));
        assert.equal((await guess(arena, person.username, home)).error, byAddress);
      },
    },
    {
      id: 'D21',
      about: 'only administrators see and clear blocks; strangers, users and scripts do not; the trail tells of it',
      async act(arena, { bystander }) {
        const person = await arena.person();
        await block(arena, person.username);
        const listAs = async (headers: Record<string, string>) =>
          await arena.ask({ path: '/api/v1/blocks.list?count=100', method: 'GET', headers });
        assert.equal((await listAs({})).status, 401);
        assert.equal((await listAs(pass(bystander))).status, 403);
        assert.equal((await clear(arena, {}, { userId: person.userId })).status, 401);
        assert.equal((await clear(arena, pass(person), { userId: person.userId })).status, 403, 'not one’s own either');
        assert.equal((await guess(arena, person.username)).error, byUser);
        const list = await listAs(pass(arena.admin));
        assert.equal(list.status, 200, list.text);
        assert.ok(list.text.includes(person.userId));
        for (const body of [
          { userId: { $ne: null } },
          { userId: [person.userId] },
          { address: { $gt: '' } },
          { name: '%' },
          { userId: person.userId, device: '%' },
          { address: '127.0.0.1/8' },
        ]) {
          assert.equal((await clear(arena, asAdmin(arena), body)).status, 400, JSON.stringify(body));
        }
        assert.equal((await guess(arena, person.username)).error, byUser);
        const cleared = await clear(arena, asAdmin(arena), { userId: person.userId });
        assert.equal(cleared.status, 200, cleared.text);
        const { opened } = await arena.signIn('REST JSON', person.username, person.password, { from: freshAddress() });
        assert.ok(opened);
        const rows = arena.rows(
          "select actor_id from audit where what = 'account.unblock' and account_id = ?",
          person.userId,
        );
        assert.deepEqual(
          rows.map((row) => row['actor_id']),
          [arena.admin.userId],
        );
      },
    },
    {
      id: 'D21b',
      about: 'nobody below clears the block of an administrator, to guess on',
      async act(arena) {
        const permissions = await arena.ask({
          path: '/api/v1/permissions.update',
          headers: asAdmin(arena),
          json: { permissions: [{ _id: 'manage-blocks', roles: ['admin', 'bot'] }] },
        });
        assert.equal(permissions.status, 200, permissions.text);
        const clerk = await arena.person({ roles: ['user', 'bot'] });
        const chief = await arena.person({ roles: ['user', 'admin'] });
        const person = await arena.person();
        for (const { username } of [chief, person]) await block(arena, username);
        const headers = { ...pass(clerk), 'x-2fa-code': digest(clerk.password).digest, 'x-2fa-method': 'password' };
        assert.equal((await clear(arena, headers, { userId: chief.userId })).status, 400);
        assert.equal((await guess(arena, chief.username)).error, byUser);
        assert.equal((await clear(arena, headers, { userId: person.userId })).status, 200);
      },
    },
    {
      id: 'D20',
      about: 'names without account make no mail, and a hundred blocks of one account make few',
      async act(arena) {
        const person = await arena.person();
        await arena.untilMailed();
        const before = arena.mails().length;
        for (const name of ['ghost@example.com', `x${person.email}`, 'ghost']) await block(arena, name);
        await arena.untilMailed();
        assert.equal(arena.mails().length, before);
        for (let round = 0; round < 6; round += 1) {
          await block(arena, person.username);
          await clear(arena, asAdmin(arena), { userId: person.userId });
        }
        await arena.untilMailed();
        assert.equal(blockMails(arena, person).length, 1);
      },
    },
    {
      id: 'D19b',
      about: 'the limit of calls that sign in holds over two nodes together',
      async act() {
        const one = await startServer({ env: {} });
        const other = await startServer({ folder: one.folder });
        try {
          const statuses: number[] = [];
          for (let n = 0; n < 24; n += 1) {
            const node = n % 2 === 0 ? one : other;
            const json = { user: `nobody ${n}`, password: 'x' };
            statuses.push((await ask(node, { path: '/api/v1/login', json })).status);
          }
          assert.equal(statuses.filter((status) => status === 401).length, 10);
          assert.equal(statuses.filter((status) => status === 429).length, 14);
        } finally {
          await other.dispose();
          await one.dispose();
        }
      },
    },
    {
      id: 'D17b',
      about: 'the exempt list spares addresses, not accounts; a list that is not understood is refused whole',
      async act() {
        const arena = await Arena.open({
          ...counted,
          OVERWRITE_SETTING_Block_Multiple_Failed_Logins_Attempts_Until_Block_By_Ip: '12',
          Block_Multiple_Failed_Logins_Ip_Whitelist: '127.45.0.0/16',
        });
        try {
          const person = await arena.person();
          const exempt = { from: '127.45.1.1' };
          for (let n = 0; n < 14; n += 1) assert.equal((await guess(arena, `one ${n}`, exempt)).error, 'Unauthorized');
          await block(arena, person.username, exempt);
          assert.equal((await guess(arena, person.username, exempt)).error, byUser);
          const plain = { from: '127.46.1.1' };
          for (let n = 0; n < 12; n += 1) assert.equal((await guess(arena, `two ${n}`, plain)).error, 'Unauthorized');
          assert.equal((await guess(arena, 'two more', plain)).error, byAddress);
          const path = '/api/v1/settings/Block_Multiple_Failed_Logins_Ip_Whitelist';
          for (const value of ['127.46.1.1,nonsense', '0.0.0.0/33', { $ne: 1 }, ['127.46.1.1']]) {
            assert.equal((await arena.ask({ path, headers: asAdmin(arena), json: { value } })).status, 400);
          }
          assert.equal((await guess(arena, 'two more', plain)).error, byAddress);
          const written = await arena.ask({ path, headers: asAdmin(arena), json: { value: '127.46.1.1' } });
          assert.equal(written.status, 200, written.text);
          assert.equal((await guess(arena, 'two more', plain)).error, 'Unauthorized');
        } finally {
          await arena.close();
        }
      },
    },
    {
      id: 'D24',
      about: 'an address opens so many connections and no more, others go on, and the log is not flooded',
      async act() {
        const arena = await Arena.open({ ...counted, OVERWRITE_SETTING_Countersign_Connections_Per_Address: '20' });
        const sockets: Socket[] = [];
        try {
          let refused = 0;
          for (let n = 0; n < 60; n += 1) {
            const socket = connect({ port: arena.server.port, host: '127.0.0.1', localAddress: '127.47.0.1' });
            socket.on('error', () => undefined);
            socket.once('close', () => {
              refused += 1;
            });
            sockets.push(socket);
          }
          for (let tries = 0; refused < 40 && tries < 200; tries += 1) await sleep(10);
          assert.equal(refused, 40);
          const info = await ask(arena.server, { path: '/api/info', method: 'GET', from: '127.47.0.2' });
          assert.equal(info.status, 200);
          assert.equal(arena.server.lines.filter((line) => line.includes('"connection.refused"')).length, 1);
        } finally {
          for (const socket of sockets) socket.destroy();
          await arena.close();
        }
      },
    },
    {
      id: 'D16',
      about: 'whoever may pass the limit of calls is blocked for wrong passwords and wrong codes like anybody',
      async act() {
        const arena = await Arena.open({ OVERWRITE_SETTING_Accounts_TwoFactorAuthentication_RememberFor: '0' });
        try {
          const headers = { ...pass(arena.admin), 'x-2fa-code': 'wrong', 'x-2fa-method': 'password' };
          const answers: unknown[] = [];
          for (let n = 0; n < 12; n += 1) {
            const { status, json } = await arena.ask({
              path: '/api/v1/blocks.clear',
              headers,
              json: { address: '::1' },
            });
            answers.push(status === 400 ? textAt(json, 'errorType') : status);
          }
          assert.deepEqual(answers, [
            ...Array.from({ length: 10 }, () => 'totp-invalid'),
            'totp-max-attempts',
            'totp-max-attempts',
          ]);
          const { username, password } = arena.server.administrator;
          assert.equal(
            (await signInAt(arena.server, 'REST JSON', username, password, { from: freshAddress() })).error,
            byUser,
          );
        } finally {
          await arena.close();
        }
      },
    },
  ],
};
