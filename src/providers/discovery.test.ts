import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Fault } from '../core/fault.ts';
import { OutboundError, type OutboundRequest } from '../lib/outbound.ts';
import { discoveryOver } from './discovery.ts';

const issuer = 'https://idp.example.org/realm';
const address = `${issuer}/.well-known/openid-configuration`;

function world(more: Readonly<Record<string, unknown>> = {}) {
  const asked: OutboundRequest[] = [];
  const state = { now: 1_000_000, isDown: false, more };
  const discovery = discoveryOver({
    clock: { now: () => state.now },
    outbound: async (request) => {
      asked.push(request);
      await Promise.resolve();
      if (state.isDown) throw new OutboundError('down');
      const told = {
        issuer,
        authorization_endpoint: `${issuer}/auth`,
        token_endpoint: 'https://elsewhere.example.org/token',
        userinfo_endpoint: 'http://idp.example.org/me',
        jwks_uri: 'https://user:pass@idp.example.org/keys',
        introspection_endpoint: 'javascript:alert(1)',
        ...state.more,
      };
      return { status: 200, headers: {}, text: JSON.stringify(told) };
    },
  });
  return { asked, state, discovery };
}

const fault = (code: string) => (cause: unknown) => cause instanceof Fault && cause.code === code;

describe('the document of an OpenID provider', () => {
  it('names addresses, and those on other hosts are a stranger’s choice', async () => {
    const { asked, discovery } = world();
    const found = await discovery.of(issuer, 'ours');
    assert.deepEqual(asked, [{ url: address, chosenBy: 'operator' }]);
    assert.deepEqual(found, {
      issuer,
      authorize: { url: `${issuer}/auth`, chosenBy: 'operator' },
      token: { url: 'https://elsewhere.example.org/token', chosenBy: 'other' },
      identity: undefined,
      keys: undefined,
      introspection: undefined,
      namesItself: false,
    });
  });

  it('is fetched once for all who ask, and again when it is old', async () => {
    const { asked, state, discovery } = world();
    await Promise.all([discovery.of(issuer, 'ours'), discovery.of(issuer, 'ours')]);
    await discovery.of(issuer, 'ours');
    assert.equal(asked.length, 1);
    state.now += 600_000;
    await discovery.of(issuer, 'ours');
    assert.equal(asked.length, 2);
    state.now -= 3_600_000;
    await discovery.of(issuer, 'ours');
    assert.equal(asked.length, 3);
  });

  it('serves on while the provider is down, for a day', async () => {
    const { asked, state, discovery } = world();
    const first = await discovery.of(issuer, 'ours');
    state.isDown = true;
    state.now += 86_000_000;
    assert.equal(await discovery.of(issuer, 'ours'), first);
    assert.equal(await discovery.of(issuer, 'ours'), first);
    assert.equal(asked.length, 2);
    state.now += 400_000;
    await assert.rejects(discovery.of(issuer, 'ours'), fault('provider-unreachable'));
    await assert.rejects(discovery.of(issuer, 'ours'), fault('provider-unreachable'));
    assert.equal(asked.length, 3);
  });

  it('of another issuer is not taken', async () => {
    const { discovery } = world({ issuer: `${issuer}/` });
    await assert.rejects(discovery.of(issuer, 'ours'), fault('provider-refused'));
  });

  it('is told of when it says something else than before', async () => {
    const { state, discovery } = world();
    let heard = 0;
    const stop = discovery.onNews(() => {
      heard += 1;
    });
    await discovery.of(issuer, 'ours');
    assert.equal(heard, 1);
    state.now += 600_000;
    await discovery.of(issuer, 'ours');
    assert.equal(heard, 1);
    state.more = { authorization_endpoint: `${issuer}/new` };
    state.now += 600_000;
    await discovery.of(issuer, 'ours');
    assert.equal(heard, 2);
    stop();
    state.more = {};
    state.now += 600_000;
    await discovery.of(issuer, 'ours');
    assert.equal(heard, 2);
  });

  it('is fetched behind the back of whoever cannot wait', async () => {
    const { asked, discovery } = world();
    assert.equal(discovery.known(issuer, 'ours'), undefined);
    assert.equal(discovery.known(issuer, 'ours'), undefined);
    const found = await discovery.of(issuer, 'ours');
    assert.equal(discovery.known(issuer, 'ours'), found);
    assert.equal(asked.length, 1);
  });
});
