import assert from 'node:assert/strict';
import { it } from 'node:test';
import { sampleAudit } from '../../core/samples.suite.ts';
import { type RestWorld, withRest } from './rest-world.suite.ts';

type Entry = Readonly<Record<string, unknown>>;

async function list(
  world: RestWorld,
  query: string,
  headers?: Readonly<Record<string, string>>,
): Promise<{ entries: readonly Entry[]; next: string | undefined }> {
  const reply = await world.call({ url: `/api/v1/audit.list${query}`, headers: headers ?? (await world.asAdmin()) });
  assert.equal(reply.status, 200, reply.text);
  return { entries: reply.json['entries'] as readonly Entry[], next: reply.json['next'] as string | undefined };
}

it('audit.list is for holders of view-logs alone', async () => {
  await withRest(async (world) => {
    await world.add('ada');
    const refused = await world.call({ url: '/api/v1/audit.list', headers: await world.headersOf('ada') });
    assert.equal(refused.status, 403);
    assert.equal((await world.call({ url: '/api/v1/audit.list' })).status, 401);
  });
});

it('audit.list tells who did what to whom, from where and by which door', async () => {
  await withRest(async (world) => {
    const { id } = await world.add('ada');
    await world.asAdmin();
    await world.app.audit.seal();
    await assert.rejects(async () => await world.signIn('ada', 'wrong'));
    const { entries } = await list(world, `?userId=${id}`);
    assert.deepEqual(
      entries.map(({ what, outcome, position }) => [what, outcome, position]),
      [
        ['log-in', 'refused', undefined],
        ['account.add', 'done', entries[1]?.['position']],
      ],
    );
    assert.deepEqual(entries[0], {
      at: '2026-08-20T10:00:00.000Z',
      what: 'log-in',
      outcome: 'refused',
      accountId: id,
      door: 'rest',
      address: '203.0.113.9',
      userAgent: 'test/1',
      facts: { code: 'wrong-credentials', username: 'ada' },
    });
    const reply = await world.call({ url: `/api/v1/audit.list?userId=${id}`, headers: await world.asAdmin() });
    const actor = entries[1]?.['actorId'];
    assert.deepEqual(reply.json['names'], { [id]: 'ada', ...(typeof actor === 'string' ? { [actor]: 'root' } : {}) });
    assert.equal(typeof entries[1]?.['position'], 'number');
    assert.match(String(entries[1]?.['seal']), /^\S{44}$/u);
  });
});

it('audit.list takes filters, and pages by a cursor that entries which come meanwhile do not disturb', async () => {
  await withRest(async (world) => {
    const at = world.clock.now();
    const of = (n: number) =>
      sampleAudit(`a${n % 3}`, { at: at + n, what: n % 2 === 0 ? 'even' : 'odd', facts: { n } });
    await world.store.audit.append(Array.from({ length: 60 }, (_none, n) => of(n)));
    const headers = await world.asAdmin();
    const numbers = (entries: readonly Entry[]) => entries.map(({ facts }) => (facts as { n: number }).n);
    const seen: number[] = [];
    let pages = 0;
    for (let cursor = ''; ; pages += 1) {
      const page = await list(world, `?what=even&userId=a1&count=4${cursor}`, headers);
      seen.push(...numbers(page.entries));
      await world.store.audit.append([sampleAudit('a1', { at: at + 100, what: 'even', facts: { n: 100 } })]);
      if (page.next === undefined) break;
      cursor = `&cursor=${page.next}`;
    }
    assert.deepEqual(seen, [58, 52, 46, 40, 34, 28, 22, 16, 10, 4]);
    assert.equal(pages, 2);
    const moment = (n: number): string => new Date(at + n).toISOString();
    const between = await list(world, `?since=${moment(10)}&until=${moment(13)}`, headers);
    assert.deepEqual(numbers(between.entries), [12, 11, 10]);
    const rest = await list(world, `?since=${moment(10)}&until=${moment(13)}&count=2`, headers);
    const more = await list(
      world,
      `?since=${moment(10)}&until=${moment(13)}&count=2&cursor=${rest.next ?? ''}`,
      headers,
    );
    assert.deepEqual(numbers([...rest.entries, ...more.entries]), [12, 11, 10]);
    assert.deepEqual((await list(world, '?actorId=a2&outcome=refused', headers)).entries, []);
    assert.equal((await list(world, '?actorId=a2&outcome=done', headers)).entries.length, 20);
  });
});

it('audit.list looks at so many entries at most, and says where to go on', async () => {
  await withRest(async (world) => {
    const at = world.clock.now();
    const needle = sampleAudit(undefined, { at, what: 'needle' });
    await world.store.audit.append([needle, ...Array.from({ length: 7_000 }, () => sampleAudit(undefined, { at }))]);
    const headers = await world.asAdmin();
    const first = await list(world, '?what=needle', headers);
    assert.deepEqual(first.entries, []);
    const second = await list(world, `?what=needle&cursor=${first.next ?? ''}`, headers);
    assert.equal(second.entries.length, 1);
    assert.equal(second.next, undefined);
  });
});

it('audit.list refuses what it cannot read', async () => {
  await withRest(async (world) => {
    const headers = await world.asAdmin();
    for (const query of [
      'cursor=1',
      'cursor[]=1.1',
      'cursor=1.1%00',
      'since=yesterday',
      'until=2026-99-01',
      'since=2026-08-20T10:00',
      'outcome=other',
      'count=-1',
      'count=x',
      'userId[$ne]=1',
      'what=a&what=b',
      'password=1',
    ]) {
      const { status, text } = await world.call({ url: `/api/v1/audit.list?${query}`, headers });
      assert.equal(status, 400, `${query}: ${text}`);
    }
    assert.deepEqual((await list(world, '?userId=%00', headers)).entries, []);
  });
});

it('users.lastSignIns shows the owner, and nobody else, how the account was signed in to', async () => {
  await withRest(async (world) => {
    await world.add('ada');
    await world.add('bob');
    world.clock.move(1_000);
    await assert.rejects(async () => await world.signIn('ada', 'wrong'));
    world.clock.move(1_000);
    await world.signIn('bob');
    const headers = await world.headersOf('ada');
    const reply = await world.call({ url: '/api/v1/users.lastSignIns', headers });
    const device = { type: 'other', name: 'test', longVersion: '1', os: { name: '', version: '' }, version: '1' };
    assert.deepEqual(reply.json['signIns'], [
      {
        at: '2026-08-20T10:00:02.000Z',
        done: true,
        door: 'rest',
        address: '203.0.113.9',
        userAgent: 'test/1',
        device,
        kind: 'password',
      },
      {
        at: '2026-08-20T10:00:01.000Z',
        done: false,
        door: 'rest',
        address: '203.0.113.9',
        userAgent: 'test/1',
        device,
        code: 'wrong-credentials',
      },
    ]);
    const given = { what: 'second-factor', at: world.clock.now() + 1, facts: { factor: 'totp' } };
    await world.store.audit.append([sampleAudit(headers['x-user-id'], given)]);
    const one = await world.call({ url: '/api/v1/users.lastSignIns?count=1', headers });
    const [newest] = one.json['signIns'] as Readonly<Record<string, unknown>>[];
    assert.deepEqual([newest?.['kind'], newest?.['factor']], ['confirmation', 'totp'], 'this is no sign-in');
    assert.equal((one.json['signIns'] as unknown[]).length, 1);
    for (const query of ['count=0', 'count=51', 'count=x', 'userId=bob']) {
      assert.equal((await world.call({ url: `/api/v1/users.lastSignIns?${query}`, headers })).status, 400, query);
    }
    assert.equal((await world.call({ url: '/api/v1/users.lastSignIns' })).status, 401);
  });
});
