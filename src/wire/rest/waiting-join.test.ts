import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fakeProviders, identityOf } from '../../../test/fake-providers.ts';
import { password } from '../../../test/world.ts';
import type { Identity } from '../../core/external-login/identity.ts';
import { sampleAudit } from '../../core/samples.suite.ts';
import { type RestReply, type RestWorld, withRest } from './rest-world.suite.ts';

type Providers = ReturnType<typeof fakeProviders>;

async function within(act: (world: RestWorld, fake: Providers) => Promise<void>): Promise<void> {
  const fake = fakeProviders('github');
  await withRest(async (world) => await act(world, fake), { parts: { providers: fake.providers } });
}

/** What the provider calls somebody who has this address there. */
function told(address: string, more: Partial<Identity> = {}): Identity {
  return identityOf('github', 'someone', { emails: [{ address, asserted: true }], ...more });
}

/** Brings an identity to a browser, with which it cannot sign in. @returns the browser's cookie */
async function bring(world: RestWorld, fake: Providers, identity: Identity): Promise<string> {
  fake.people.set('code', identity);
  const begun = await world.call({ url: '/oauth/github?return=%2Faccount' });
  const [cookie = ''] = String(begun.headers['set-cookie']).split(';', 1);
  const { state = '' } = fake.left.at(-1) ?? {};
  const back = await world.call({ url: `/oauth/github/callback?code=code&state=${state}`, headers: { cookie } });
  assert.equal(back.status, 403, back.text);
  return cookie;
}

/** Signs in with the password, and joins what the browser brought. */
async function join(world: RestWorld, username: string, cookie: string, given = password): Promise<RestReply> {
  const body = new URLSearchParams({ join: '1', password: given }).toString();
  const form = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin', cookie };
  const headers = { ...(await world.headersOf(username)), ...form };
  const reply = await world.call({ url: '/session/keep', method: 'POST', headers, body });
  assert.equal(reply.status, 200, reply.text);
  return reply;
}

async function identitiesOf(world: RestWorld, username: string): Promise<readonly string[]> {
  const account = await world.app.account.find({ by: 'username', value: username });
  return (await world.store.identities.ofAccount(account?.id ?? '')).map(({ subject }) => subject);
}

describe('an identity that waits for the account that has its address', () => {
  it('is joined with that account once, for the browser that brought it', async () => {
    await within(async (world, fake) => {
      await world.add('ann');
      const cookie = await bring(world, fake, told('ann@example.com'));
      assert.equal((await join(world, 'ann', 'oauth=none')).json['joined'], false);
      assert.equal((await join(world, 'ann', cookie, 'another password')).json['joined'], false);
      assert.deepEqual(await identitiesOf(world, 'ann'), []);
      assert.equal((await join(world, 'ann', cookie)).json['joined'], true);
      assert.deepEqual(await identitiesOf(world, 'ann'), ['someone']);
      assert.equal((await join(world, 'ann', cookie)).json['joined'], false);
    });
  });

  it('is joined with no other account, whoever has had the browser bring it', async () => {
    await within(async (world, fake) => {
      await world.add('mallory');
      await world.add('ann');
      // Mallory's own, at whose provider somebody else's browser was signed in as her.
      const cookie = await bring(world, fake, told('mallory@example.com'));
      assert.equal((await join(world, 'ann', cookie)).json['joined'], false);
      assert.deepEqual(await identitiesOf(world, 'ann'), []);
    });
  });

  it('is joined by nobody whose address has changed, nor once the provider is switched off', async () => {
    await within(async (world, fake) => {
      const ann = await world.add('ann');
      const moved = await bring(world, fake, told('ann@example.com'));
      const emails = [{ address: 'new@example.com', verified: true }];
      const audit = sampleAudit(ann.id, { what: 'account.edit' });
      assert.equal(await world.store.accounts.edit(ann.id, { emails }, world.clock.now(), audit), 'done');
      assert.equal((await join(world, 'ann', moved)).json['joined'], false);
      const off = await bring(world, fake, told('new@example.com'));
      fake.remove('github');
      assert.equal((await join(world, 'ann', off)).json['joined'], false);
      assert.deepEqual(await identitiesOf(world, 'ann'), []);
    });
  });
});
