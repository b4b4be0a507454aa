import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { caller, password } from '../../../test/world.ts';
import { fakeDirectory } from '../../core/directory/fake-directory.suite.ts';
import { sha256Hex } from '../../lib/digest.ts';
import { type RestWorld, withRest } from './rest-world.suite.ts';

const directory = fakeDirectory({
  'uid=ada,dc=example': {
    objectClass: 'person',
    uid: 'ada',
    cn: 'Ada',
    mail: 'ada@example.test',
    modifyTimestamp: '20260820090000Z',
  },
});
const on = {
  env: {
    OVERWRITE_SETTING_LDAP_Enable: 'true',
    OVERWRITE_SETTING_LDAP_Server_Type: '',
    OVERWRITE_SETTING_LDAP_BaseDN: 'dc=example',
  },
  parts: { directory: () => directory },
};
const url = '/api/v1/ldap.syncNow';

/** An administrator who has been here for long. */
async function administrator(world: RestWorld): Promise<Record<string, string>> {
  await world.asAdmin();
  world.clock.move(600_000);
  return await world.asAdmin();
}

const proved = { 'x-2fa-code': sha256Hex(password), 'x-2fa-method': 'password' };

describe('ldap.syncNow and ldap.syncReport', () => {
  it('begin a run, and tell how it went', async () => {
    await withRest(async (world) => {
      const headers = await administrator(world);
      const none = await world.call({ url: '/api/v1/ldap.syncReport', headers });
      assert.deepEqual(none.json, { report: null, success: true });
      const begun = await world.call({ method: 'POST', url, headers: { ...headers, ...proved } });
      assert.deepEqual([begun.status, begun.json], [200, { message: 'Sync_in_progress', success: true }], begun.text);
      await world.app.directory.stop();
      const told = await world.call({ url: '/api/v1/ldap.syncReport', headers });
      const { report } = told.json as { report: Readonly<Record<string, unknown>> };
      assert.equal(told.status, 200, told.text);
      assert.equal(typeof report['startedAt'], 'string');
      const [entry] = (await world.store.audit.newest(50)).filter(({ what }) => what === 'directory.sync');
      const root = await world.app.account.find({ by: 'username', value: 'root' });
      assert.deepEqual([entry?.actorId, entry?.door], [root?.id, 'rest']);
    }, on);
  });

  it('say what would be done before anything is', async () => {
    await withRest(async (world) => {
      const headers = { ...(await administrator(world)), ...proved };
      const ask = async (body: object) => await world.call({ method: 'POST', url, headers, body });
      const first = await ask({ dryRun: true });
      const report = first.json['report'] as Readonly<Record<string, unknown>>;
      assert.deepEqual([first.status, first.json['message']], [200, 'Sync_dry_run'], first.text);
      assert.deepEqual([report['dryRun'], report['full'], report['created'], report['pictures']], [true, true, 1, 0]);
      assert.equal(await world.app.account.find({ by: 'username', value: 'ada' }), undefined, 'nothing was written');
      assert.equal(
        (await world.store.audit.newest(50)).some(({ what }) => what === 'directory.sync'),
        false,
      );
      const kept = await world.call({ url: '/api/v1/ldap.syncReport', headers });
      assert.deepEqual(kept.json, { report: null, success: true }, 'it is no run');

      assert.equal((await world.app.directory.sync({ caller: caller({ door: 'cli' }) }))?.created, 1);
      for (const [full, wanted] of [
        [undefined, true],
        [true, true],
        [false, false],
      ] as const) {
        const dry = await ask({ dryRun: true, ...(full === undefined ? {} : { full }) });
        assert.equal((dry.json['report'] as Readonly<Record<string, unknown>>)['full'], wanted, dry.text);
      }
      for (const body of [{ dryRun: 'yes' }, { full: { $ne: true } }]) {
        assert.equal((await ask(body)).status, 400, JSON.stringify(body));
      }
      await world.app.directory.stop();
      const ended = await ask({ dryRun: true });
      const { failed } = ended.json['report'] as Readonly<Record<string, unknown>>;
      assert.equal(failed, 'The server is shutting down.');
    }, on);
  });

  it('ask for a second factor and the permission', async () => {
    await withRest(async (world) => {
      const headers = await administrator(world);
      const asked = await world.call({ method: 'POST', url, headers });
      assert.equal(asked.json['errorType'], 'totp-required', asked.text);
      await world.add('bert');
      const bert = await world.headersOf('bert');
      assert.equal((await world.call({ method: 'POST', url, headers: { ...bert, ...proved } })).status, 403);
      assert.equal((await world.call({ url: '/api/v1/ldap.syncReport', headers: bert })).status, 403);
    }, on);
  });

  it('refuse where the directory is switched off', async () => {
    await withRest(async (world) => {
      const headers = { ...(await administrator(world)), ...proved };
      const refused = await world.call({ method: 'POST', url, headers });
      assert.deepEqual([refused.status, refused.json], [400, { success: false, error: 'LDAP_disabled' }]);
    });
  });
});
