import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import type { LogoutToken } from '../src/core/external-login/provider.ts';
import { Fault } from '../src/core/fault.ts';
import { systemRandom } from '../src/lib/system-random.ts';
import { Client, handTimers } from '../src/wire/ddp/ddp-world.suite.ts';
import { ddpServer } from '../src/wire/ddp/server.ts';
import { type RestReply, type RestWorld, withRest } from '../src/wire/rest/rest-world.suite.ts';
import { type FakeProviders, fakeProviders, identityOf } from './fake-providers.ts';
import { caller } from './world.ts';

async function within(act: (world: RestWorld, fake: FakeProviders) => Promise<void>): Promise<void> {
  const fake = fakeProviders('google', 'github');
  const env = { OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false' };
  await withRest(
    async (world) => {
      await act(world, fake);
    },
    { parts: { providers: fake.providers }, env },
  );
}

async function tell(world: RestWorld, token: string, service = 'google'): Promise<RestReply> {
  return await world.call({
    url: `/_oauth/${service}/backchannel-logout`,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ logout_token: token }).toString(),
  });
}

async function signIn(world: RestWorld, provider: string, subject: string, session?: string): Promise<string> {
  const identity = identityOf(provider, subject, { session });
  const { text } = await world.app.external.logInAs(provider, async () => await Promise.resolve(identity), caller());
  return text;
}

async function lives(world: RestWorld, text: string): Promise<boolean> {
  try {
    await world.app.session.resume(text, caller());
    return true;
  } catch {
    return false;
  }
}

function tokenOf(world: RestWorld, more: Partial<LogoutToken>): LogoutToken {
  return {
    id: systemRandom.id(),
    subject: undefined,
    session: undefined,
    endsAt: world.clock.now() + 120_000,
    ...more,
  };
}

describe('a provider that tells of a logout', () => {
  it('ends the session that it names, and its socket at once', async () => {
    await within(async (world, fake) => {
      const [one, other] = [await signIn(world, 'google', 'ada', 's1'), await signIn(world, 'google', 'ada', 's2')];
      const timers = handTimers((ms) => {
        world.clock.move(ms);
      });
      const server = ddpServer({ app: world.app, random: systemRandom, log: () => undefined, timers });
      const connect = async (text: string): Promise<Client> => {
        const client = new Client();
        client.receiver = server.accept(client);
        client.say({ msg: 'connect', version: '1', support: ['1'] });
        assert.equal((await client.ask('login', { resume: text }))['error'], undefined);
        return client;
      };
      const [doomed, kept] = [await connect(one), await connect(other)];
      fake.logoutTokens.set('t', tokenOf(world, { subject: 'ada', session: 's1' }));
      const told = await tell(world, 't');
      assert.deepEqual([told.status, told.text, told.headers['cache-control']], [200, '', 'no-store']);
      await doomed.until(() => doomed.end !== undefined);
      assert.deepEqual([kept.end, await lives(world, one), await lives(world, other)], [undefined, false, true]);
      const account = await world.app.account.find({ by: 'username', value: 'ada' });
      const [entry] = (await world.app.host.audit(9, account?.id)).filter(({ what }) => what === 'identity.log-out');
      assert.deepEqual([entry?.facts, entry?.actorId], [{ provider: 'google' }, undefined]);
      const drained = server.drain();
      timers.pass(10_000);
      await drained;
    });
  });

  it('ends every session of the subject where it names none, and nobody else’s', async () => {
    await within(async (world, fake) => {
      const mine = [await signIn(world, 'google', 'ada', 's1'), await signIn(world, 'google', 'ada')];
      const others = [await signIn(world, 'google', 'bob', 's2'), await signIn(world, 'github', 'eve', 's1')];
      await world.add('local');
      const local = (await world.signIn('local')).text;
      fake.logoutTokens.set('t', tokenOf(world, { subject: 'ada' }));
      assert.equal((await tell(world, 't')).status, 200);
      for (const text of mine) assert.equal(await lives(world, text), false);
      for (const text of [...others, local]) assert.equal(await lives(world, text), true);
    });
  });

  it('is not heard twice, and not with a token that is forged, over, for nobody, or for ever', async () => {
    await within(async (world, fake) => {
      fake.logoutTokens.set('t', tokenOf(world, { subject: 'ada' }));
      assert.equal((await tell(world, 't')).status, 200);
      const text = await signIn(world, 'google', 'ada', 's1');
      fake.logoutTokens.set('over', tokenOf(world, { subject: 'ada', endsAt: world.clock.now() }));
      fake.logoutTokens.set('nobody', tokenOf(world, {}));
      fake.logoutTokens.set('blank', tokenOf(world, { subject: 'ada', session: '' }));
      fake.logoutTokens.set('for ever', tokenOf(world, { subject: 'ada', endsAt: world.clock.now() + 86_400_001 }));
      for (const token of ['t', 'forged', 'over', 'nobody', 'blank', 'for ever', '', 'x'.repeat(20_000)]) {
        const { status, json, headers } = await tell(world, token);
        assert.deepEqual(
          [status, json['error'], headers['cache-control']],
          [400, 'invalid_request', 'no-store'],
          token,
        );
      }
      assert.equal((await tell(world, 't', 'unknown')).status, 400);
      fake.set('github', { logoutToken: undefined as never });
      assert.equal((await tell(world, 't', 'github')).status, 400);
      assert.equal((await world.call({ url: '/_oauth/google/backchannel-logout' })).status, 405);
      const json = { url: '/_oauth/google/backchannel-logout', body: { logout_token: 't' } };
      assert.equal((await world.call(json)).status, 400, 'a form, not JSON');
      assert.equal(await lives(world, text), true);
    });
  });

  it('is heard when it comes again after the store could not end the session', async () => {
    await within(async (world, fake) => {
      const text = await signIn(world, 'google', 'ada');
      fake.logoutTokens.set('t', tokenOf(world, { subject: 'ada' }));
      const endSessions = mock.method(world.store.identities, 'endSessions', async () => {
        await Promise.resolve();
        throw new Fault('unavailable');
      });
      assert.notEqual((await tell(world, 't')).status, 200);
      endSessions.mock.restore();
      assert.equal(await lives(world, text), true);
      assert.equal((await tell(world, 't')).status, 200);
      assert.equal(await lives(world, text), false);
      assert.equal((await tell(world, 't')).status, 400);
    });
  });

  it('is heard once, of many at a time', async () => {
    await within(async (world, fake) => {
      fake.logoutTokens.set('t', tokenOf(world, { subject: 'ada' }));
      const replies = await Promise.all(Array.from({ length: 6 }, async () => await tell(world, 't')));
      assert.deepEqual(
        replies.map(({ status }) => status).toSorted((a, b) => a - b),
        [200, 400, 400, 400, 400, 400],
      );
    });
  });
});
