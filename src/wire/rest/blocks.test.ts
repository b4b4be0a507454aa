import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { caller } from '../../../test/world.ts';
import { sampleAudit } from '../../core/samples.suite.ts';
import { type RestReply, type RestWorld, withRest } from './rest-world.suite.ts';

/** Blocks an account and an address; gives the account's id. */
async function blocked(world: RestWorld): Promise<string> {
  const { id } = await world.add('alice');
  for (let n = 0; n < 50; n += 1) {
    const claim = { by: 'username', value: n < 10 ? 'alice' : `name ${n}` } as const;
    const from = caller({ address: '198.51.100.7' });
    await assert.rejects(world.app.session.logIn(claim, { plain: 'x' }, from));
  }
  for (let n = 0; n < 10; n += 1) {
    const claim = { by: 'username', value: 'typed by a stranger' } as const;
    await assert.rejects(world.app.session.logIn(claim, { plain: 'x' }, caller({ address: `198.51.101.${n}` })));
  }
  await world.app.session.noticesSent();
  return id;
}

const listOf = ({ json }: RestReply): readonly Readonly<Record<string, unknown>>[] =>
  json['blocks'] as readonly Readonly<Record<string, unknown>>[];

describe('blocks.list', () => {
  const url = '/api/v1/blocks.list';

  it('tells administrators who is blocked, since when and until when, in pages', async () => {
    await withRest(async (world) => {
      const headers = await world.asAdmin();
      assert.deepEqual((await world.call({ url, headers })).json, {
        blocks: [],
        count: 0,
        offset: 0,
        total: 0,
        success: true,
      });
      const id = await blocked(world);
      const all = await world.call({ url, headers });
      assert.equal(all.status, 200, all.text);
      const since = new Date(world.clock.now()).toISOString();
      const until = new Date(world.clock.now() + 300_000).toISOString();
      const sorted = listOf(all).toSorted((one, other) => String(one['type']).localeCompare(String(other['type'])));
      assert.deepEqual(sorted.slice(0, 2), [
        { type: 'account', userId: id, username: 'alice', failures: 10, since, until },
        { type: 'address', address: '198.51.100.7', failures: 50, since, until },
      ]);
      assert.match(String(sorted[2]?.['name']), /^[A-Za-z0-9+/]{43}=$/u);
      assert.ok(!all.text.includes('stranger'));
      const second = await world.call({ url: `${url}?offset=1&count=1`, headers });
      assert.deepEqual([second.json['count'], second.json['offset'], second.json['total']], [1, 1, 3]);
      assert.deepEqual(listOf(second), listOf(all).slice(1, 2));
    });
  });

  it('tells nobody else', async () => {
    await withRest(async (world) => {
      await world.add('bob');
      assert.equal((await world.call({ url })).status, 401);
      const reply = await world.call({ url, headers: await world.headersOf('bob') });
      assert.equal(reply.status, 403);
      assert.match(reply.text, /error-unauthorized/u);
    });
  });
});

describe('blocks.clear', () => {
  const url = '/api/v1/blocks.clear';

  it('clears what the list names, and says how many failures are forgotten', async () => {
    await withRest(async (world) => {
      const headers = await world.asAdmin();
      await blocked(world);
      const listed = listOf(await world.call({ url: '/api/v1/blocks.list', headers }));
      assert.equal(listed.length, 3);
      for (const { type, userId, address, name } of listed) {
        const body = { account: { userId }, address: { address }, name: { name } }[String(type)];
        const reply = await world.call({ url, headers, body });
        assert.equal(reply.status, 200, reply.text);
        assert.ok(Number(reply.json['cleared']) >= 10, reply.text);
      }
      assert.equal((await world.call({ url: '/api/v1/blocks.list', headers })).json['total'], 0);
      const entries = (await world.store.audit.newest(10)).map(({ what }) => what);
      for (const what of ['account.unblock', 'address.unblock', 'name.unblock']) {
        assert.ok(entries.includes(what), what);
      }
    });
  });

  it('lists an account that wrong codes in a row have locked, until it is cleared', async () => {
    await withRest(async (world) => {
      const headers = await world.asAdmin();
      const { id } = await world.add('alice');
      const at = world.clock.now();
      await world.store.factors.setEmail(id, true, undefined, sampleAudit(id));
      for (let n = 0; n < 100; n += 1) {
        await world.store.tokens.fail({
          accountId: id,
          claim: { by: 'id', value: id },
          addressKey: '198.51.100.7',
          deviceKey: 'x',
          at: at - 30 * 86_400_000 + n,
          wrongFactor: 'other',
          audit: sampleAudit(id),
        });
      }
      const listed = await world.call({ url: '/api/v1/blocks.list', headers });
      assert.deepEqual(listOf(listed), [{ type: 'codes', userId: id, username: 'alice', failures: 100 }]);
      const overview = await world.call({ url: '/api/v1/statistics.overview', headers });
      assert.equal(overview.json['blocks'], 1);
      const { json } = await world.call({ url, headers, body: { userId: id } });
      assert.equal(json['wrongCodes'], 100);
      assert.equal((await world.call({ url: '/api/v1/blocks.list', headers })).json['total'], 0);
    });
  });

  it('asks for a second factor', async () => {
    await withRest(async (world) => {
      const headers = await world.asAdmin();
      world.clock.move(3_600_000);
      const reply = await world.call({ url, headers, body: { address: '198.51.100.7' } });
      assert.equal(reply.status, 400);
      assert.equal(reply.json['errorType'], 'totp-required');
    });
  });

  it('refuses whoever may not, what is nothing, and two things at once', async () => {
    await withRest(async (world) => {
      const headers = await world.asAdmin();
      const id = await blocked(world);
      await world.add('bob');
      const asBob = await world.call({ url, headers: await world.headersOf('bob'), body: { userId: id } });
      assert.equal(asBob.status, 403);
      for (const body of [
        {},
        { userId: { $ne: '' } },
        { userId: 'nobody' },
        { address: 'localhost' },
        { address: '198.51.100.7/24' },
        { name: 'typed by a stranger' },
        { name: '' },
        { userId: id, address: '198.51.100.7' },
        { userId: id, device: 'x|y' },
        { device: 'A'.repeat(43) },
        { other: 1 },
        [],
      ]) {
        const reply = await world.call({ url, headers, body });
        assert.equal(reply.status, 400, `${JSON.stringify(body)}: ${reply.text}`);
      }
      assert.equal((await world.call({ url: '/api/v1/blocks.list', headers })).json['total'], 3);
    });
  });
});
