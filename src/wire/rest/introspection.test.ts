import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { caller } from '../../../test/world.ts';
import { openRestWorld, type RestReply, type RestWorld } from './rest-world.suite.ts';

describe('tokens.introspect', () => {
  let world: RestWorld;
  let service: Record<string, string>;
  const ask = async (body: Readonly<Record<string, unknown>>, headers = service): Promise<RestReply> =>
    await world.call({ method: 'POST', url: '/api/v1/tokens.introspect', headers, body });

  before(async () => {
    world = await openRestWorld({ env: { OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false' } });
    service = await world.asAdmin();
    await world.add('alice', { name: 'Alice' });
  });
  after(async () => {
    await world.close();
  });

  it('tells whose a session is, and until when', async () => {
    const { account, text, token } = await world.signIn('alice');
    const { status, json } = await ask({ token: text, userId: account.id });
    assert.equal(status, 200);
    assert.deepEqual(json, {
      active: true,
      sub: account.id,
      username: 'alice',
      name: 'Alice',
      email: 'alice@example.com',
      email_verified: true,
      roles: ['user'],
      token_type: 'session',
      iss: 'http://localhost:3000',
      iat: Math.floor(token.createdAt / 1000),
      exp: Math.floor((token.endsAt ?? 0) / 1000),
      success: true,
    });
  });

  it('says the same of every token that is not good', async () => {
    const { text } = await world.signIn('alice');
    await world.add('bob');
    const bob = await world.signIn('bob');
    const inactive = { active: false, success: true };
    assert.deepEqual((await ask({ token: 'x'.repeat(43) })).json, inactive);
    assert.deepEqual((await ask({ token: text, userId: bob.account.id })).json, inactive);
    await world.app.host.setOpen(bob.account.id, false, caller({ door: 'cli' }));
    assert.deepEqual((await ask({ token: bob.text })).json, inactive);
    const ended = await world.signIn('alice');
    await world.app.session.logOut(ended, caller());
    assert.deepEqual((await ask({ token: ended.text })).json, inactive);
    world.clock.move(91 * 86_400_000);
    service = await world.asAdmin();
    assert.deepEqual((await ask({ token: text })).json, inactive);
  });

  it('tells what a personal token carries, and where it counts', async () => {
    const signed = await world.signIn('alice');
    const text = await world.app.personalToken.make(
      signed,
      { name: 'narrow', skipsSecondFactor: false, scopes: [], addresses: ['192.0.2.0/24'] },
      caller(),
    );
    assert.equal((await ask({ token: text })).json['active'], false);
    assert.equal((await ask({ token: text, address: '198.51.100.1' })).json['active'], false);
    const { json } = await ask({ token: text, address: '192.0.2.7' });
    assert.equal(json['active'], true);
    assert.equal(json['token_type'], 'personal');
    assert.equal(json['scope'], '');
  });

  it('holds a session for nothing that has to choose a new password first', async () => {
    await world.add('carol', { passwordChange: { reason: undefined } });
    const { text } = await world.signIn('carol');
    assert.equal((await ask({ token: text })).json['active'], false);
  });

  it('is for those with the permission, and takes text alone', async () => {
    const { account, text } = await world.signIn('alice');
    assert.equal((await ask({ token: text }, { 'X-User-Id': account.id, 'X-Auth-Token': text })).status, 403);
    assert.equal((await ask({ token: text }, {})).status, 401);
    for (const body of [{}, { token: { $ne: '' } }, { token: '' }, { token: text, userId: ['x'] }]) {
      assert.equal((await ask(body)).status, 400);
    }
  });
});
