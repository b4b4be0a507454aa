import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withRest } from './rest-world.suite.ts';

const unlimited = { env: { OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false' } };

describe('looking people up', () => {
  it('lists by status, sign-in, role and reason', async () => {
    await withRest(async (world) => {
      await world.add('ada');
      await world.add('anna', { open: false, closedBecause: 'waits-for-approval', signUpReason: 'please' });
      await world.add('bob', { roles: ['user', 'bot'], kind: 'bot' });
      const headers = await world.asAdmin();
      const names = async (query: string, by = headers) => {
        const { json, text } = await world.call({ url: `/api/v1/users.listByStatus?${query}`, headers: by });
        assert.equal(json['success'], true, text);
        return [json['total'], ...(json['users'] as { username: string }[]).map(({ username }) => username)];
      };
      assert.deepEqual(await names('status=active'), [3, 'ada', 'bob', 'root']);
      assert.deepEqual(await names('status=deactivated'), [1, 'anna']);
      assert.deepEqual(await names('hasLoggedIn=true'), [1, 'root']);
      assert.deepEqual(await names('type=bot'), [1, 'bob']);
      assert.deepEqual(await names('type=nonsense'), [0]);
      assert.deepEqual(await names('roles=admin'), [1, 'root']);
      assert.deepEqual(await names('roles[]=admin&roles[]=bot'), [2, 'bob', 'root']);
      assert.deepEqual(await names('searchTerm=AN'), [1, 'anna']);
      assert.deepEqual(await names('inactiveReason=pending_approval'), [1, 'anna']);
      assert.deepEqual(await names('searchTerm=anna@'), [1, 'anna']);
      assert.deepEqual(await names('searchTerm=anna@', await world.headersOf('ada')), [0]);
      const bad = await world.call({ url: '/api/v1/users.listByStatus?status=asleep', headers });
      assert.deepEqual([bad.status, bad.json['errorType']], [400, 'error-invalid-params']);
      const { json } = await world.call({ url: '/api/v1/users.listByStatus?status=deactivated', headers });
      const [anna] = json['users'] as { _id: string; reason: string; inactiveReason: string }[];
      assert.deepEqual([anna?.reason, anna?.inactiveReason], ['please', 'pending_approval']);
      const ways = `/api/v1/users.waysIn?userId=${anna?._id}`;
      assert.equal((await world.call({ url: ways, headers })).json['inactiveReason'], 'pending_approval');
      assert.equal((await world.call({ url: ways, headers: await world.headersOf('ada') })).status, 403);
    }, unlimited);
  });

  it('offers names as they are typed, to open accounts only, and runs no query of the client’s own', async () => {
    await withRest(async (world) => {
      for (const username of ['ada', 'adam', 'adele']) await world.add(username);
      await world.add('adrian', { open: false });
      await world.add('guest', { roles: ['guest'] });
      const ask = async (selector: unknown, username = 'ada') =>
        await world.call({
          url: `/api/v1/users.autocomplete?selector=${encodeURIComponent(JSON.stringify(selector))}`,
          headers: await world.headersOf(username),
        });
      const names = async (selector: object, username?: string) =>
        ((await ask(selector, username)).json['items'] as { username: string }[]).map((item) => item.username);
      assert.deepEqual(await names({ term: 'AD', exceptions: ['adam'] }), ['ada', 'adele']);
      assert.deepEqual(await names({ term: 'ad', conditions: {} }), ['ada', 'adam', 'adele']);
      assert.deepEqual(await names({ term: 'ad' }, 'guest'), []);
      const { json } = await ask({ term: 'adam' });
      assert.deepEqual(Object.keys((json['items'] as object[])[0] ?? {}).toSorted(), [
        '_id',
        'name',
        'status',
        'username',
      ]);
      for (const selector of [
        { term: { $regex: '.*' } },
        { term: 'a', conditions: { roles: 'admin' } },
        { term: 'a', $where: '1' },
        { term: 'a', exceptions: [{ $ne: 1 }] },
        { term: 'a', exceptions: 'ada' },
        [],
        null,
        'a',
      ]) {
        assert.equal((await ask(selector)).status, 400, JSON.stringify(selector));
      }
      assert.equal(
        (await world.call({ url: '/api/v1/users.autocomplete?selector={', headers: await world.headersOf('ada') }))
          .status,
        400,
      );
    }, unlimited);
  });
});
