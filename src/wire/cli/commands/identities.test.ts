// The commands for identities over a real store, beside an app that goes on serving on it.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fakeProviders, identityOf } from '../../../../test/fake-providers.ts';
import { caller, openWorld, type World } from '../../../../test/world.ts';
import { call } from '../fake-needs.suite.ts';

describe('the commands for identities', () => {
  let world: World;
  before(async () => {
    world = await openWorld({ parts: { providers: fakeProviders('google').providers } });
    const identity = identityOf('google', '42', { username: 'ada' });
    await world.app.external.logInAs('google', async () => await Promise.resolve(identity), caller());
    await world.add('root', { roles: ['admin'] });
  });
  after(async () => world.close());

  async function run(...words: readonly string[]): Promise<{ code: number; out: string; err: string }> {
    return await call(words, { openApp: async () => ({ app: world.app, close: async () => {} }) });
  }

  it('list those of an account, and part all but the last way in', async () => {
    const listed = await run('identity', 'list', 'ada');
    assert.match(listed.out, /^PROVIDER +SUBJECT +JOINED \(UTC\) +LAST USED\ngoogle +42 +2026-08-20 10:00:00/u);
    assert.match(listed.err, /ada has 1 identity\./u);
    const json = JSON.parse((await run('identity', 'list', 'ada', '--json')).out) as { identities: object[] };
    const moment = '2026-08-20T10:00:00.000Z';
    const facts = { email: '42@google.example' };
    assert.deepEqual(json.identities, [
      { provider: 'google', subject: '42', facts, linkedAt: moment, usedAt: moment, seenAt: null },
    ]);
    assert.match((await run('identity', 'list', 'root')).err, /root has 0 identities\./u);
    const words = ['identity', 'unlink', 'ada', 'google'] as const;
    assert.match((await run(...words, '43')).err, /no such identity/u);
    const last = await run(...words, '42');
    assert.deepEqual([last.code, /nobody could sign in/u.test(last.err)], [1, true], last.err);
    const account = await world.app.account.find({ by: 'username', value: 'ada' });
    await world.app.host.setPassword(account?.id ?? '', { plain: 'A password 0f her own!' }, caller({ door: 'cli' }));
    assert.equal((await run(...words, '42')).out, 'ada was parted from 42 at google.\n');
    const [entry] = await world.app.host.audit(1, account?.id);
    assert.deepEqual([entry?.what, entry?.door, entry?.actorId], ['identity.unlink', 'cli', undefined]);
  });
});
