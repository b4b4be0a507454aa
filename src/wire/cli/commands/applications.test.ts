// The commands for applications over a real store, beside an app that goes on serving on it.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openWorld, type World } from '../../../../test/world.ts';
import { call } from '../fake-needs.suite.ts';

describe('the commands for applications', () => {
  let world: World;
  before(async () => {
    world = await openWorld();
  });
  after(async () => world.close());

  async function run(...words: readonly string[]): Promise<{ code: number; out: string; err: string }> {
    return await call(words, { openApp: async () => ({ app: world.app, close: async () => {} }) });
  }

  it('make, list, change the secret and delete', async () => {
    assert.match((await run('app', 'list')).err, /There are 0 applications/u);
    const made = await run('app', 'create', 'Wiki', '--redirect', 'https://w.example/cb', '--redirect', 'org.w.a:/cb');
    assert.equal(made.code, 0, made.err);
    const [, clientId = '', secret = ''] = /^Client id: (\w{17})\nSecret: ([\w-]{43})\n$/u.exec(made.out) ?? [];
    const kept = await world.app.application.byClientId(clientId);
    assert.deepEqual(kept?.redirects, ['https://w.example/cb', 'org.w.a:/cb']);
    assert.equal(kept === undefined ? '' : world.app.application.secretOf(kept), secret);

    const listed = await run('app', 'list');
    assert.match(
      listed.out,
      new RegExp(`${clientId} +Wiki +yes +with a secret .*https://w.example/cb org.w.a:/cb`, 'u'),
    );
    const json = JSON.parse((await run('app', 'list', '--json')).out) as { applications: { clientId: string }[] };
    assert.deepEqual(
      json.applications.map((one) => one.clientId),
      [clientId],
    );
    assert.equal(listed.out.includes(secret) || JSON.stringify(json).includes(secret), false);

    const rotated = await run('app', 'rotate-secret', clientId, '--json');
    const fresh = (JSON.parse(rotated.out) as { clientSecret: string }).clientSecret;
    assert.match(fresh, /^[\w-]{43}$/u);
    assert.notEqual(fresh, secret);

    assert.equal((await run('app', 'delete', clientId)).out, 'Wiki is removed.\n');
    assert.match((await run('app', 'delete', clientId)).err, /No application matches/u);
    const entries = await world.app.host.audit(3);
    assert.deepEqual(entries.map(({ what, door, actorId }) => [what, door, actorId]).toReversed(), [
      ['application.add', 'cli', undefined],
      ['application.new-secret', 'cli', undefined],
      ['application.remove', 'cli', undefined],
    ]);
    assert.equal(JSON.stringify(entries).includes(fresh), false);
  });

  it('make public ones without a secret, and those that reach less far', async () => {
    const made = await run(
      'app',
      'create',
      'Phone',
      '--redirect',
      'org.p.a:/cb',
      '--public',
      '--permission',
      'view-d-room',
      '--json',
    );
    const document = JSON.parse(made.out) as Record<string, unknown>;
    assert.equal('clientSecret' in document, false);
    assert.deepEqual([document['publicClient'], document['permissions']], [true, ['view-d-room']]);
    const none = await run('app', 'create', 'None', '--redirect', 'org.p.a:/cb', '--read-only', '--json');
    assert.deepEqual((JSON.parse(none.out) as Record<string, unknown>)['permissions'], []);
  });

  it('say what is wrong', async () => {
    assert.equal((await run('app', 'create', 'x')).code, 2);
    const both = await run('app', 'create', 'x', '--redirect', 'https://a.example', '--read-only', '--permission', 'x');
    assert.equal(both.code, 2);
    assert.match((await run('app', 'create', 'x', '--redirect', 'https://*.example')).err, /may not be sent there/u);
    assert.match((await run('app', 'create', ' ', '--redirect', 'https://a.example')).err, /needs a name/u);
    assert.match((await run('app', 'rotate-secret', 'nobody')).err, /No application matches/u);
  });
});
