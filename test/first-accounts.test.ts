import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Account } from '../src/core/account/account.ts';
import { caller, openWorld, type World } from './world.ts';

const asked = { name: 'Boss', email: undefined, emailVerified: false, password: 'a first password of mine' };

async function start({ app }: World, username = 'boss'): Promise<string | undefined> {
  const made = await app.host.makeFirstAccounts({ ...asked, username }, () => undefined);
  return made?.account.username;
}

async function named({ app }: World, value: string): Promise<Account> {
  const account = await app.account.find({ by: 'username', value });
  assert.ok(account);
  return account;
}

describe('the first administrator', () => {
  it('is made once, beside the house bot', async () => {
    const world = await openWorld();
    try {
      assert.equal(await start(world), 'boss');
      assert.equal(await start(world, 'other'), undefined);
      assert.deepEqual((await named(world, 'boss')).roles, ['admin']);
      assert.equal((await named(world, 'rocket.cat')).kind, 'bot');
      await world.signIn('boss', asked.password);
    } finally {
      await world.close();
    }
  });

  it('is made where none but a bot or somebody without a way in holds the role', async () => {
    const world = await openWorld();
    try {
      await world.add('robot', { kind: 'bot', roles: ['admin'] });
      await world.add('locked-out', { roles: ['admin'], password: undefined });
      assert.equal(await start(world), 'boss');
      // Nor may the only one who can sign in go then.
      const boss = await named(world, 'boss');
      await assert.rejects(world.app.host.takeRole(boss, 'admin', caller()), { code: 'last-administrator' });
      await assert.rejects(world.app.host.remove(boss, caller()), { code: 'last-administrator' });
      await world.app.host.remove(await named(world, 'locked-out'), caller());
      assert.equal(await start(world, 'other'), undefined);
    } finally {
      await world.close();
    }
  });
});
