import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mailerInto, password } from '../../../test/world.ts';
import type { OutboxMail, OutboxState } from '../../core/outbox.ts';
import { sha256Hex } from '../../lib/digest.ts';
import { type RestWorld, withRest } from './rest-world.suite.ts';

const noon = Date.parse('2026-08-20T12:00:00Z');

function mail(id: string, state: OutboxState, given: Partial<OutboxMail> = {}): OutboxMail {
  return {
    id,
    kind: 'password-reset',
    recipient: 'ada@example.org',
    subject: 'Set a new password',
    sealedBody: 'sealed text',
    state,
    madeAt: noon,
    dueAt: noon + 60_000,
    tries: 2,
    lastError: undefined,
    sentAt: undefined,
    ...given,
  };
}

const lastAudit = async ({ store }: RestWorld) => (await store.audit.newest(1))[0];

describe('mails.list', () => {
  it('shows what became of mails, the newest first, and never their texts', async () => {
    await withRest(async (world) => {
      const headers = await world.asAdmin();
      await world.store.outbox.add([
        mail('one', 'waiting', { lastError: 'The mail server did not answer in time.' }),
        mail('two', 'sent', { madeAt: noon + 1, sentAt: noon + 2, sealedBody: '' }),
        mail('three', 'kept', { madeAt: noon + 2 }),
        mail('four', 'failed', { madeAt: noon + 3, lastError: 'No such user.' }),
      ]);
      const all = await world.call({ url: '/api/v1/mails.list', headers });
      assert.equal(all.status, 200, all.text);
      assert.ok(!all.text.includes('sealed'));
      const about = { kind: 'password-reset', recipient: 'ada@example.org', subject: 'Set a new password', tries: 2 };
      const [four, three, two, one] = [
        { id: 'four', ...about, state: 'failed', at: '2026-08-20T12:00:00.003Z', lastError: 'No such user.' },
        { id: 'three', ...about, state: 'kept', at: '2026-08-20T12:00:00.002Z' },
        {
          id: 'two',
          ...about,
          state: 'sent',
          at: '2026-08-20T12:00:00.001Z',
          sentAt: '2026-08-20T12:00:00.002Z',
        },
        {
          id: 'one',
          ...about,
          state: 'waiting',
          at: '2026-08-20T12:00:00.000Z',
          nextTryAt: '2026-08-20T12:01:00.000Z',
          lastError: 'The mail server did not answer in time.',
        },
      ];
      assert.deepEqual(all.json, {
        mails: [four, three, two, one],
        count: 4,
        offset: 0,
        total: 4,
        serverSet: true,
        success: true,
      });
      const page = await world.call({ url: '/api/v1/mails.list?offset=1&count=2', headers });
      assert.deepEqual(page.json, {
        mails: [three, two],
        count: 2,
        offset: 1,
        total: 4,
        serverSet: true,
        success: true,
      });
      const waiting = await world.call({ url: '/api/v1/mails.list?state=waiting', headers });
      assert.deepEqual(waiting.json, { mails: [one], count: 1, offset: 0, total: 1, serverSet: true, success: true });
      for (const query of ['state=lost', 'state[$ne]=sent', 'count=-1', 'other=1']) {
        assert.equal((await world.call({ url: `/api/v1/mails.list?${query}`, headers })).status, 400, query);
      }
    });
  });
});

describe('mails.retry and mails.remove', () => {
  it('make a stopped mail wait again, and forget one, as the audit trail tells', async () => {
    await withRest(async (world) => {
      const headers = await world.asAdmin();
      const actorId = headers['x-user-id'];
      await world.store.outbox.add([mail('one', 'failed'), mail('two', 'sent'), mail('three', 'waiting')]);
      const act = async (name: string, id: string) =>
        await world.call({ url: `/api/v1/mails.${name}`, headers, body: { id } });
      const done = await act('retry', 'one');
      assert.deepEqual([done.status, done.text], [200, '{"success":true}']);
      const { state, tries, dueAt } = (await world.store.outbox.byId('one')) ?? assert.fail('it is gone');
      assert.deepEqual([state, tries, dueAt], ['waiting', 0, world.clock.now()]);
      const told = await lastAudit(world);
      assert.deepEqual(
        [told?.what, told?.actorId, told?.facts],
        ['mail.retry', actorId, { mail: 'one', kind: 'password-reset' }],
      );
      for (const id of ['one', 'two', 'three']) {
        const { status, json } = await act('retry', id);
        assert.deepEqual([status, json['errorType']], [400, 'error-mail-not-stopped'], id);
      }
      assert.equal((await act('remove', 'two')).status, 200);
      assert.equal(await world.store.outbox.byId('two'), undefined);
      const removed = await lastAudit(world);
      assert.deepEqual(
        [removed?.what, removed?.actorId, removed?.facts],
        ['mail.remove', actorId, { mail: 'two', kind: 'password-reset', state: 'sent' }],
      );
      for (const name of ['retry', 'remove']) {
        const { status, json } = await act(name, 'two');
        assert.deepEqual([status, json['errorType']], [400, 'error-mail-not-found'], name);
      }
      assert.deepEqual(await lastAudit(world), removed);
    });
  });
});

describe('mails.test', () => {
  const url = '/api/v1/mails.test';

  it('sends to the first verified address of the caller, or to the one that is named', async () => {
    await withRest(async (world) => {
      const headers = await world.asAdmin();
      const own = await world.call({ url, headers, body: {} });
      assert.deepEqual(own.json, { delivered: true, to: 'root@example.com', success: true });
      const other = await world.call({ url, headers, body: { to: 'ada@example.org' } });
      assert.deepEqual(other.json, { delivered: true, to: 'ada@example.org', success: true });
      assert.deepEqual(
        world.mails.map(({ kind, to }) => [kind, ...to]),
        [
          ['delivery-test', 'root@example.com'],
          ['delivery-test', 'ada@example.org'],
        ],
      );
      const told = await lastAudit(world);
      assert.deepEqual([told?.what, told?.outcome, told?.facts], ['mail.test', 'done', { to: 'ada@example.org' }]);
    });
  });

  it('tells why the mail server did not take it', async () => {
    const because = 'The mail server refused the sender or the recipient (550 no such user).';
    const mailer = { ...mailerInto([]), deliver: async () => await Promise.resolve({ held: false, because }) };
    await withRest(
      async (world) => {
        const headers = await world.asAdmin();
        const { status, json } = await world.call({ url, headers, body: {} });
        assert.deepEqual([status, json['errorType']], [400, 'error-email-send-failed']);
        assert.equal(json['error'], `${because} [error-email-send-failed]`);
        const told = await lastAudit(world);
        assert.deepEqual([told?.what, told?.outcome], ['mail.test', 'refused']);
      },
      { parts: { mailer } },
    );
  });

  it('sends five of an account in five minutes, also of those who may call without limit', async () => {
    await withRest(async (world) => {
      const headers = await world.asAdmin();
      const send = async () => (await world.call({ url, headers, body: {} })).status;
      for (let n = 0; n < 5; n += 1) assert.equal(await send(), 200);
      const over = await world.call({ url, headers, body: {} });
      assert.deepEqual([over.status, over.headers['retry-after']], [429, '300']);
      assert.equal(world.mails.length, 5);
      world.clock.move(300_000);
      const factor = { 'x-2fa-code': sha256Hex(password), 'x-2fa-method': 'password' };
      const asked = await world.call({ url, headers, body: {} });
      assert.deepEqual([asked.status, asked.json['errorType']], [400, 'totp-required']);
      assert.equal((await world.call({ url, headers: { ...headers, ...factor }, body: {} })).status, 200);
    });
  });

  it('sends to nothing that is no address', async () => {
    await withRest(async (world) => {
      const headers = await world.asAdmin();
      for (const to of ['', 'ada', 'a@x.org,b@evil.org', 'a@x.org\r\nBcc: b@evil.org', 'Ada <ada@x.org>']) {
        const { status, json } = await world.call({ url, headers, body: { to } });
        assert.deepEqual([status, json['errorType']], [400, 'error-invalid-email'], to);
      }
      for (const to of [{ $ne: '' }, ['ada@example.org'], 5, null]) {
        assert.equal((await world.call({ url, headers, body: { to } })).status, 400);
      }
      await world.add('bare', { roles: ['admin'], email: { address: 'bare@example.com', verified: false } });
      const unverified = await world.call({ url, headers: await world.headersOf('bare'), body: {} });
      assert.deepEqual([unverified.status, unverified.json['errorType']], [400, 'error-invalid-email']);
      assert.deepEqual(world.mails, []);
    });
  });
});

describe('the outbox over REST', () => {
  it('is for those alone who see and change privileged settings', async () => {
    await withRest(async (world) => {
      await world.add('bob');
      const headers = await world.headersOf('bob');
      await world.store.outbox.add([mail('one', 'failed')]);
      const calls = [
        { url: '/api/v1/mails.list' },
        { url: '/api/v1/mails.retry', body: { id: 'one' } },
        { url: '/api/v1/mails.remove', body: { id: 'one' } },
        { url: '/api/v1/mails.test', body: {} },
      ];
      for (const call of calls) {
        assert.equal((await world.call(call)).status, 401, call.url);
        assert.equal((await world.call({ ...call, headers })).status, 403, call.url);
      }
      const root = await world.asAdmin();
      for (const body of [
        {},
        { id: '' },
        { id: { $ne: '' } },
        { id: 5 },
        { id: 'one', all: true },
        { id: 'x'.repeat(65) },
      ]) {
        for (const name of ['retry', 'remove']) {
          const { status } = await world.call({ url: `/api/v1/mails.${name}`, headers: root, body });
          assert.equal(status, 400, JSON.stringify(body));
        }
      }
      assert.equal((await world.store.outbox.byId('one'))?.state, 'failed');
      assert.deepEqual(world.mails, []);
    });
  });
});
