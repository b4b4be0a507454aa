// What an administrator sees of a sign-in with the directory from afar: told in steps, counted, and never a session.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { withAllDoors } from './all-doors.ts';
import { openSlapd, type Slapd, slapdMissing } from './slapd.ts';

interface Told {
  readonly step: string;
  readonly held: boolean;
  readonly told: string;
}

const missing = slapdMissing();
const url = '/api/v1/ldap.testSignIn';
const set = (settings: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(settings).map(([id, value]) => [`OVERWRITE_SETTING_${id}`, value]));

describe('trying a sign-in with the directory', { skip: missing ?? false }, () => {
  let slapd: Slapd;
  before(async () => {
    slapd = await openSlapd();
  });
  after(async () => {
    await slapd.stop();
  });

  it('tells each step, and signs nobody in', async () => {
    await withAllDoors(slapd.env, async ({ rest, headers, world }) => {
      const root = await world.add('root', { roles: ['admin'] });
      const as = await headers('root');
      const tried = async (body: object): Promise<readonly Told[]> => {
        const { status, json } = await rest('post', url, as, body);
        assert.equal(status, 200, JSON.stringify(json));
        assert.doesNotMatch(JSON.stringify(json), /svc-secret|-pw/u);
        return json['steps'] as readonly Told[];
      };
      const names = (steps: readonly Told[]): readonly string[] =>
        steps.map(({ step, held }) => (held ? step : `not ${step}`));
      assert.deepEqual(names(await tried({ username: 'alice' })), [
        'switch',
        'connection',
        'search',
        'open',
        'person',
        'account',
      ]);
      const all = await tried({ username: ' alice ', password: 'alice-pw' });
      assert.deepEqual(names(all), ['switch', 'connection', 'search', 'open', 'password', 'person', 'account']);
      assert.equal(all.at(-1)?.told, 'A new account alice would be made.');
      assert.match(all[2]?.told ?? '', /^One entry: uid=alice,.*\nbase {3}.*\nfilter /su);
      assert.deepEqual(names(await tried({ username: 'alice', password: 'wrong' })).at(-1), 'not password');
      assert.deepEqual(names(await tried({ username: 'alice', password: '' })).at(-1), 'not password');
      assert.deepEqual(names(await tried({ username: 'nobody', password: 'x' })).at(-1), 'not search');
      assert.deepEqual(names(await tried({ username: '*' })).at(-1), 'not search');
      assert.deepEqual(names(await tried({ username: 'off-ad', password: 'off-ad-pw' })).at(3), 'not open');
      assert.equal(await world.app.account.find({ by: 'username', value: 'alice' }), undefined);

      const entries = await world.store.audit.newest(50);
      const tries = entries.filter(({ what }) => what === 'directory.test');
      assert.equal(tries.length, 7, 'one entry for each');
      assert.ok(tries.every(({ actorId }) => actorId === root.id));
      assert.doesNotMatch(JSON.stringify(tries), /-pw|wrong"/u);
      assert.deepEqual(
        tries.map(({ outcome }) => outcome).filter((outcome) => outcome === 'refused').length,
        4,
        'with a wrong password, a name that nobody bears, and of somebody disabled',
      );
      assert.equal(
        entries.some(({ what, accountId }) => what === 'log-in' && accountId !== root.id),
        false,
      );
    });
  });

  it('is held up by the limits as a sign-in is, and counts as one, whatever name was typed', async () => {
    const limit = {
      Block_Multiple_Failed_Logins_Attempts_Until_Block_by_User: '3',
      LDAP_User_Search_Field: 'uid,mail',
    };
    await withAllDoors({ ...slapd.env, ...set(limit) }, async ({ rest, headers, world }) => {
      await world.add('root', { roles: ['admin'] });
      const as = await headers('root');
      const tried = async (username: string, password?: string): Promise<number> =>
        (await rest('post', url, as, { username, ...(password === undefined ? {} : { password }) })).status;
      const signIn = async (user: string): Promise<number> =>
        (await rest('post', '/api/v1/login', {}, { user, password: `${user}-pw` })).status;
      assert.equal(await signIn('bob'), 200);
      // Neither is what the account is called here: the entry leads to it.
      for (let n = 0; n < 3; n += 1) assert.equal(await tried('bob.alias@example.test', `guess ${n}`), 200);
      const bob = await world.app.account.find({ by: 'username', value: 'bob' });
      assert.equal((await world.store.tokens.accountFailures(bob?.id ?? '', 0)).length, 3);
      assert.notEqual(await tried('bob', 'bob-pw'), 200);
      assert.notEqual(await tried('bob.alias@example.test', 'bob-pw'), 200);
      assert.equal(await tried('bob'), 200, 'nothing is guessed');

      // Of an entry that has no account yet.
      for (let n = 0; n < 3; n += 1) assert.equal(await tried('alice@example.test', `guess ${n}`), 200);
      assert.equal(await signIn('alice'), 401);
      world.clock.move(600_000);
      assert.equal(await signIn('alice'), 200);
    });
  });

  it('is for those with the permission, and for forms that are one', async () => {
    await withAllDoors(slapd.env, async ({ rest, headers, world }) => {
      await world.add('root', { roles: ['admin'] });
      await world.add('carol');
      assert.equal((await rest('post', url, {}, { username: 'alice' })).status, 401);
      assert.equal((await rest('post', url, await headers('carol'), { username: 'alice' })).status, 403);
      const as = await headers('root');
      for (const body of [
        {},
        { username: '' },
        { username: { $ne: '' } },
        { username: 'alice', password: { $gt: '' } },
        { username: ['alice'] },
        { username: 'alice', password: 'x'.repeat(2_000) },
      ]) {
        assert.equal((await rest('post', url, as, body)).status, 400, JSON.stringify(body));
      }
    });
    await withAllDoors({ ...slapd.env, ...set({ LDAP_Enable: 'false' }) }, async ({ rest, headers, world }) => {
      await world.add('root', { roles: ['admin'] });
      const refused = await rest('post', url, await headers('root'), { username: 'alice' });
      assert.deepEqual([refused.status, refused.json['error']], [400, 'LDAP_disabled']);
    });
    const gone = { ...slapd.env, ...set({ LDAP_Port: '1' }) };
    await withAllDoors(gone, async ({ rest, headers, world }) => {
      await world.add('root', { roles: ['admin'] });
      const as = await headers('root');
      const { json } = await rest('post', url, as, { username: 'alice', password: 'alice-pw' });
      const last = (json['steps'] as readonly Told[]).at(-1);
      assert.deepEqual([last?.step, last?.held], ['connection', false]);
      assert.match(last?.told ?? '', /cannot be reached/u);
    });
  });
});
