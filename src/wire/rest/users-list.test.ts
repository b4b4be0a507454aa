import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withRest } from './rest-world.suite.ts';

const applied = { env: { 'OVERWRITE_SETTING_API_Apply_permission_view-outside-room_on_users-list': 'true' } };

describe('the list of accounts', () => {
  it('asks for view-outside-room once a setting says so', async () => {
    for (const [options, status] of [
      [{}, 200],
      [applied, 403],
    ] as const) {
      await withRest(async (world) => {
        await world.add('ada');
        await world.add('guest', { roles: ['guest'] });
        const list = async (username: string) =>
          await world.call({ url: '/api/v1/users.list', headers: await world.headersOf(username) });
        assert.equal((await list('ada')).status, 200);
        const reply = await list('guest');
        assert.equal(reply.status, status);
        if (status === 403) assert.equal(reply.text, '{"success":false,"error":"unauthorized"}');
      }, options);
    }
  });

  it('is sorted by the first field that is known', async () => {
    await withRest(async (world) => {
      for (const username of ['cy', 'bo', 'al']) await world.add(username, { name: username === 'al' ? 'Z' : 'Same' });
      const headers = await world.headersOf('al');
      const names = async (sort: object): Promise<unknown> => {
        const url = `/api/v1/users.list?count=0&sort=${encodeURIComponent(JSON.stringify(sort))}`;
        const { json } = await world.call({ url, headers });
        return (json['users'] as { username: string }[]).map(({ username }) => username);
      };
      assert.deepEqual(await names({ status: -1, name: 1, username: -1 }), ['bo', 'cy', 'al']);
      assert.deepEqual(await names({ username: -1, name: 1 }), ['cy', 'bo', 'al']);
      assert.deepEqual(await names({ status: 1 }), ['al', 'bo', 'cy']);
    });
  });
});
