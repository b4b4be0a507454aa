// The commands for roles over a real store, beside an app that goes on serving on it.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openWorld, type World } from '../../../../test/world.ts';
import { call } from '../fake-needs.suite.ts';

describe('the commands for roles', () => {
  let world: World;
  before(async () => {
    world = await openWorld();
    await world.add('root', { roles: ['admin'] });
    await world.add('ada');
  });
  after(async () => world.close());

  async function run(...words: readonly string[]): Promise<{ code: number; out: string; err: string }> {
    return await call(words, { openApp: async () => ({ app: world.app, close: async () => {} }) });
  }
  const rolesOf = async (username: string) =>
    (await world.app.account.find({ by: 'username', value: username }))?.roles.join(' ');

  it('make, list and delete', async () => {
    const made = await run('role', 'create', 'Night shift', '--description', 'At night', '--second-factor');
    assert.match(made.out, /^Night shift is made with id [a-zA-Z0-9]{17}\.\n$/u);
    const { out } = await run('role', 'list');
    assert.match(out, /Night shift +server +At night +second factor required\n/u);
    assert.match(out, /^admin +admin +server +Admin +protected$/mu);
    assert.match(out, /^owner +owner +rooms +- +protected$/mu);
    const { roles } = JSON.parse((await run('role', 'list', '--json')).out) as { roles: { name: string }[] };
    assert.equal(roles.length, 13);
    assert.match((await run('role', 'create', 'NIGHT SHIFT')).err, /Another role has this name \(name: NIGHT SHIFT\)/u);
    assert.match((await run('role', 'create', ' ')).err, /not acceptable/u);
    assert.equal((await run('role', 'delete', 'Night shift')).out, 'Night shift is deleted.\n');
    assert.match((await run('role', 'delete', 'Night shift')).err, /The role does not exist/u);
    assert.match((await run('role', 'delete', 'admin')).err, /cannot be removed/u);
    const entries = await world.app.host.audit(2);
    assert.deepEqual(
      entries.map(({ what, door, actorId }) => [what, door, actorId]),
      [
        ['role.remove', 'cli', undefined],
        ['role.add', 'cli', undefined],
      ],
    );
  });

  it('give and take', async () => {
    await run('role', 'create', 'Clerks', '--of-rooms');
    await run('role', 'create', 'clerk');
    assert.equal((await run('role', 'grant', 'ADA', 'clerk')).out, 'ada has the role clerk now.\n');
    assert.equal((await run('role', 'grant', 'ada', 'admin')).code, 0);
    const [, , third] = ((await rolesOf('ada')) ?? '').split(' ');
    assert.equal(third, 'admin');
    assert.match((await run('role', 'grant', 'ada', 'admin')).err, /has this role already/u);
    assert.match((await run('role', 'grant', 'ada', 'Clerks')).err, /one of rooms/u);
    assert.match((await run('role', 'grant', 'nobody', 'admin')).err, /No account matches/u);
    assert.match((await run('role', 'delete', 'clerk')).err, /Accounts have this role.*countersign user list/u);
    assert.equal((await run('role', 'revoke', 'ada', 'clerk')).out, 'ada does not have the role clerk any more.\n');
    assert.equal((await run('role', 'revoke', 'ada', 'admin')).code, 0);
    assert.equal(await rolesOf('ada'), 'user');
    assert.match((await run('role', 'revoke', 'ada', 'bot')).err, /does not have this role/u);
    const last = await run('role', 'revoke', 'root', 'admin');
    assert.equal(last.code, 1);
    assert.match(last.err, /The last open administrator/u);
    assert.equal(await rolesOf('root'), 'admin');
  });
});
