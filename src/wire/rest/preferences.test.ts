import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withRest } from './rest-world.suite.ts';

const unlimited = { env: { OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false' } };

describe('preferences', () => {
  it('are kept by key, told with the language, and held to a closed list', async () => {
    await withRest(async (world) => {
      const { id } = await world.add('ada');
      const headers = await world.headersOf('ada');
      const set = async (data: unknown, more: object = {}, by: object = headers) =>
        await world.call({ url: '/api/v1/users.setPreferences', headers: { ...by }, body: { data, ...more } });
      const first = await set({ useEmojis: false, language: 'de', highlights: ['ada'], utcOffset: 2 });
      assert.deepEqual(first.json, {
        user: { _id: id, settings: { preferences: { useEmojis: false, highlights: ['ada'], language: 'de' } } },
        success: true,
      });
      await set({ sidebarSortby: 'alphabetical' });
      const told = await world.call({ url: '/api/v1/users.getPreferences', headers });
      assert.deepEqual(told.json, {
        preferences: { useEmojis: false, highlights: ['ada'], sidebarSortby: 'alphabetical', language: 'de' },
        success: true,
      });
      assert.equal((await world.app.account.byId(id))?.utcOffset, 2);
      for (const data of [
        { useEmojis: 'yes' },
        { highlights: 'ada' },
        { highlights: [{}] },
        { nonsense: true },
        { 'roles': ['admin'] },
        { language: { $ne: '' } },
        { language: 'x'.repeat(257) },
        { masterVolume: 1e300 },
        [],
        'x',
      ]) {
        const reply = await set(data);
        assert.deepEqual([reply.status, reply.json['errorType']], [400, 'invalid-params'], JSON.stringify(data));
      }
      const other = await world.add('bob');
      const refused = await set({ useEmojis: true }, { userId: other.id });
      assert.equal(refused.json['error'], 'Editing user is not allowed [error-action-not-allowed]');
      const root = await world.asAdmin();
      assert.equal((await set({ useEmojis: true }, { userId: other.id }, root)).status, 200);
      const nobody = await set({ useEmojis: true }, { userId: 'nobody' }, root);
      assert.equal(nobody.json['errorType'], 'error-invalid-user');
    }, unlimited);
  });
});
