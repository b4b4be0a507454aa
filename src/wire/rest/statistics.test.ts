import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { caller } from '../../../test/world.ts';
import { type RestWorld, withRest } from './rest-world.suite.ts';

const hourMs = 3_600_000;

async function refusedSignIns(world: RestWorld, username: string, times: number): Promise<void> {
  for (let n = 0; n < times; n += 1) {
    const from = caller({ address: `198.51.100.${n}` });
    await assert.rejects(world.app.session.logIn({ by: 'username', value: username }, { plain: 'x' }, from));
  }
}

describe('statistics.overview', () => {
  const url = '/api/v1/statistics.overview';

  it('counts accounts, sessions, tokens, blocks and mails', async () => {
    await withRest(async (world) => {
      const headers = await world.asAdmin();
      const ada = await world.add('ada');
      const bob = await world.add('bob');
      await world.signIn('ada');
      await world.app.host.setOpen(bob.id, false, caller());
      const personal = { name: 'one', skipsSecondFactor: false, scopes: undefined, addresses: undefined };
      await world.app.host.makePersonalToken(ada, { ...personal, endsAt: undefined }, caller());
      await refusedSignIns(world, 'ada', 10);
      const { status, json, text } = await world.call({ url, headers });
      assert.equal(status, 200, text);
      assert.deepEqual(json, {
        accounts: { total: 3, open: 2, closed: 1, waiting: 0 },
        sessions: 2,
        sockets: 7,
        personalTokens: 1,
        blocks: 1,
        mails: { serverSet: true, waiting: 0, failed: 0, kept: 0 },
        directory: { on: false },
        version: '0.0.0',
        node: process.versions.node,
        success: true,
      });
    });
  });

  it('tells how long a mail has waited, and how the last run over the directory went', async () => {
    await withRest(
      async (world) => {
        const headers = await world.asAdmin();
        const about = { kind: 'welcome', recipient: 'a@example.org', subject: '', sealedBody: '' } as const;
        const stood = { dueAt: 5, tries: 0, lastError: undefined, sentAt: undefined };
        await world.store.outbox.add([
          { id: 'one', ...about, ...stood, state: 'waiting', madeAt: 2_000 },
          { id: 'two', ...about, ...stood, state: 'waiting', madeAt: 1_000 },
        ]);
        await world.app.directory.sync({ caller: caller() });
        const { json } = await world.call({ url, headers });
        assert.deepEqual(json['mails'], {
          serverSet: true,
          waiting: 2,
          failed: 0,
          kept: 0,
          oldestWaitingAt: '1970-01-01T00:00:01.000Z',
        });
        assert.deepEqual(json['directory'], {
          on: true,
          lastRunEndedAt: new Date(world.clock.now()).toISOString(),
          lastRunFailed: true,
        });
      },
      { env: { OVERWRITE_SETTING_LDAP_Enable: 'true', OVERWRITE_SETTING_LDAP_BaseDN: 'dc=example,dc=test' } },
    );
  });

  it('counts once for whoever looks within five seconds', async () => {
    await withRest(async (world) => {
      const headers = await world.asAdmin();
      const total = async () =>
        ((await world.call({ url, headers })).json['accounts'] as { readonly total: number }).total;
      assert.equal(await total(), 1);
      await world.add('ada');
      assert.equal(await total(), 1);
      world.clock.move(5_000);
      assert.equal(await total(), 2);
      await world.add('bob');
      world.clock.move(-60_000);
      assert.equal(await total(), 3);
    });
  });
});

describe('statistics.signIns', () => {
  const url = '/api/v1/statistics.signIns';
  const bucketsOf = (json: Readonly<Record<string, unknown>>) => json['buckets'] as readonly Record<string, unknown>[];

  it('counts what held and what was refused, and why, by the hour', async () => {
    await withRest(async (world) => {
      await world.add('ada');
      const since = world.clock.now();
      await world.signIn('ada');
      await world.signIn('ada');
      await refusedSignIns(world, 'nobody', 2);
      world.clock.move(2 * hourMs);
      // The last two come during a block, and are told in one entry.
      await refusedSignIns(world, 'ada', 12);
      await world.app.audit.flushRefusals();
      world.clock.move(hourMs / 2);
      const headers = await world.asAdmin();
      const iso = (at: number) => encodeURIComponent(new Date(at).toISOString());
      const until = since + 3 * hourMs;
      const { status, json, text } = await world.call({
        url: `${url}?since=${iso(since)}&until=${iso(until)}`,
        headers,
      });
      assert.equal(status, 200, text);
      const from = (hours: number) => new Date(since + hours * hourMs).toISOString();
      assert.deepEqual(json, {
        buckets: [
          { from: from(0), done: 2, refused: 2, byCode: { 'wrong-credentials': 2 } },
          { from: from(1), done: 0, refused: 0, byCode: {} },
          { from: from(2), done: 1, refused: 12, byCode: { 'wrong-credentials': 10, 'account-blocked': 2 } },
        ],
        step: 'hour',
        success: true,
      });
      const inside = await world.call({
        url: `${url}?since=${iso(since + 1)}&until=${iso(since + 2 * hourMs)}`,
        headers,
      });
      assert.deepEqual(
        bucketsOf(inside.json).map(({ done, refused }) => [done, refused]),
        [
          [0, 0],
          [0, 0],
        ],
      );
    });
  });

  it('shows a day of hours or thirty days where nothing is asked', async () => {
    await withRest(async (world) => {
      const headers = await world.asAdmin();
      world.clock.move(40 * hourMs);
      const [hours, days] = [await world.call({ url, headers }), await world.call({ url: `${url}?step=day`, headers })];
      const of = bucketsOf(days.json);
      assert.deepEqual([bucketsOf(hours.json).length, of.length, days.json['step']], [24, 30, 'day']);
      assert.deepEqual(
        of.map(({ done }) => done),
        Array.from({ length: 30 }, (_none, n) => (n === 28 ? 1 : 0)),
      );
      assert.equal(of[0]?.['from'], new Date(world.clock.now() - 30 * 24 * hourMs).toISOString());
    });
  });

  it('refuses what is no span, and more than a month of hours', async () => {
    await withRest(async (world) => {
      const headers = await world.asAdmin();
      const month = 'since=2026-07-01&until=2026-08-01';
      assert.equal(bucketsOf((await world.call({ url: `${url}?${month}`, headers })).json).length, 744);
      for (const query of [
        'since=2026-07-01&until=2026-08-01T00:00:01Z',
        'since=2026-07-01',
        'since=2020-01-01&step=day',
        'since=2026-08-01&until=2026-08-01',
        'since=2026-08-02&until=2026-08-01',
        'since=yesterday',
        'since=5',
        'step=minute',
        'since[]=2026-08-01',
        'other=1',
      ]) {
        const { status, json } = await world.call({ url: `${url}?${query}`, headers });
        assert.deepEqual([status, json['errorType']], [400, 'error-invalid-params'], query);
      }
    });
  });
});

describe('the statistics', () => {
  it('are for those alone who may view them', async () => {
    await withRest(async (world) => {
      await world.add('bob');
      for (const name of ['overview', 'signIns']) {
        const url = `/api/v1/statistics.${name}`;
        assert.equal((await world.call({ url })).status, 401);
        assert.equal((await world.call({ url, headers: await world.headersOf('bob') })).status, 403);
      }
    });
  });
});
