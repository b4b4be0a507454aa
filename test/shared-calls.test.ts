import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { systemRandom } from '../src/lib/system-random.ts';
import { ddpServer } from '../src/wire/ddp/server.ts';
import { restServer } from '../src/wire/rest/server.ts';
import { caller, openWorld, type World } from './world.ts';

const home = '203.0.113.9';

/** Both wires of a node, which counts in its own memory. */
interface Node {
  /** A REST call. @returns the status */
  rest(endpoint: string, body: object, from?: string): Promise<number>;
  /** A method, as `method.call` runs it. @returns what it is refused with, or `done` */
  method(name: string, param: unknown, from?: string): Promise<unknown>;
  close(): Promise<void>;
}

async function nodeOf({ app }: World): Promise<Node> {
  let address = home;
  const ddp = ddpServer({ app, random: systemRandom, log: () => undefined });
  const rest = await restServer({
    app,
    callMethod: ddp.callMethod,
    callerOf: () => ({ address, userAgent: '' }),
    config: { rootUrl: 'http://localhost:3000', tokenSecretRequired: false, version: '0.0.0', metricsToken: undefined },
    log: () => undefined,
  });
  return {
    async rest(endpoint, body, from = home) {
      address = from;
      return (await rest.inject({ method: 'POST', url: `/api/v1/${endpoint}`, payload: body })).statusCode;
    },
    async method(name, param, from = home) {
      const by = caller({ door: 'method-call', address: from });
      const none = { code: undefined, method: undefined };
      const answer = await ddp.callMethod(name, [param], by, undefined, none);
      return 'error' in answer ? answer.error.error : 'done';
    },
    async close() {
      await rest.close();
      await ddp.drain();
    },
  };
}

async function within(act: (world: World, one: Node, other: Node) => Promise<void>): Promise<void> {
  const world = await openWorld();
  const nodes = [await nodeOf(world), await nodeOf(world)] as const;
  try {
    await act(world, ...nodes);
  } finally {
    for (const node of nodes) await node.close();
    await world.close();
  }
}

let made = 0;
function somebody() {
  made += 1;
  const username = `newcomer${made}`;
  return { username, name: username, email: `${username}@example.org`, pass: 'Tr0ub4dor & three horses' };
}

describe('calls that both wires count together', () => {
  it('register once in a minute from an address, whichever wire and node it is', async () => {
    await within(async ({ clock, store }, one, other) => {
      const elsewhere = '198.51.100.7';
      assert.equal(await one.rest('users.register', somebody()), 200);
      assert.equal(await one.method('registerUser', somebody()), 'too-many-requests');
      assert.equal(await other.method('registerUser', somebody()), 'too-many-requests');
      assert.equal(await other.rest('users.register', somebody()), 429);
      assert.equal(await other.method('registerUser', somebody(), elsewhere), 'done');
      assert.equal(await one.rest('users.register', somebody(), elsewhere), 429);
      assert.equal(await one.method('registerUser', somebody(), elsewhere), 'too-many-requests');
      const key = `${home} registration`;
      const { calls } = await store.counts.seen(key, clock.now());
      for (let n = 0; n < 20; n += 1) {
        assert.equal(await one.rest('users.register', somebody()), 429);
        assert.equal(await other.method('registerUser', somebody()), 'too-many-requests');
      }
      assert.equal(
        (await store.counts.seen(key, clock.now())).calls,
        calls,
        'what a node refuses costs the store nothing',
      );
      clock.move(60_000);
      assert.equal(await other.method('registerUser', somebody()), 'done');
      assert.equal(await one.rest('users.register', somebody()), 429);
    });
  });

  it('mail links that set a password ten times, by all the names that it has', async () => {
    await within(async (_world, one, other) => {
      const email = 'nobody@example.org';
      for (let n = 0; n < 2; n += 1) {
        assert.equal(await one.rest('users.forgotPassword', { email }), 200);
        assert.equal(await other.rest('users.forgotPassword', { email }), 200);
        assert.equal(await one.method('sendForgotPasswordEmail', email), 'done');
        assert.equal(await other.method('sendForgotPasswordEmail', email), 'done');
        assert.equal(await other.method('forgotPassword', { email }), 'done');
      }
      for (const node of [one, other]) {
        assert.equal(await node.rest('users.forgotPassword', { email }), 429);
        assert.equal(await node.method('sendForgotPasswordEmail', email), 'too-many-requests');
        assert.equal(await node.method('forgotPassword', { email }), 'too-many-requests');
      }
    });
  });

  it('mail links that verify an address, each wire as often as its own number says', async () => {
    await within(async ({ clock }, one, other) => {
      const email = 'nobody@example.org';
      assert.equal(await one.rest('users.sendConfirmationEmail', { email }), 200);
      assert.equal(await other.rest('users.sendConfirmationEmail', { email }), 429);
      for (let n = 0; n < 3; n += 1) assert.equal(await one.method('sendConfirmationEmail', email), 'done');
      assert.equal(await other.method('sendConfirmationEmail', email), 'too-many-requests');
      clock.move(60_000);
      assert.equal(await one.method('sendConfirmationEmail', email), 'done');
      assert.equal(await other.rest('users.sendConfirmationEmail', { email }), 429);
    });
  });

  it('spare holders of api-bypass-rate-limit, who are counted nowhere', async () => {
    await within(async ({ app, add, signIn, clock, store }) => {
      await add('root', { roles: ['admin'] });
      const signed = await signIn('root');
      const ddp = ddpServer({ app, random: systemRandom, log: () => undefined });
      const by = caller({ door: 'method-call', address: home });
      for (let n = 0; n < 20; n += 1) {
        const none = { code: undefined, method: undefined };
        const answer = await ddp.callMethod('sendConfirmationEmail', ['root@example.org'], by, signed, none);
        assert.ok('result' in answer, JSON.stringify(answer));
      }
      assert.equal((await store.counts.seen(`${home} confirmation-link`, clock.now())).calls, 0);
      await ddp.drain();
    });
  });
});
