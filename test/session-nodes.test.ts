import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { signInAt } from './attacks/doors.ts';
import { ask, at, Ddp, type Pass, pass, textAt } from './attacks/wire.ts';
import { type Postgres, startPostgres } from './postgres.ts';
import { type RunningServer, startServer } from './server.ts';

const withinMs = 1_000;

describe('two nodes over one PostgreSQL database', () => {
  let postgres: Postgres | undefined;
  const nodes: RunningServer[] = [];
  const sockets: Ddp[] = [];

  before(async () => {
    postgres = await startPostgres();
    const env = {
      DATABASE_URL: await postgres.freshDatabase(),
      COUNTERSIGN_KEY: randomBytes(32).toString('base64'),
      OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false',
    };
    nodes.push(await startServer({ env }), await startServer({ env }));
  });
  after(async () => {
    for (const socket of sockets) socket.close();
    for (const node of nodes) await node.dispose();
    await postgres?.stop();
  });

  const pair = (): readonly [RunningServer, RunningServer] => {
    const [one, two] = nodes;
    return one !== undefined && two !== undefined ? [one, two] : assert.fail('a node did not start');
  };
  const signIn = async (node: RunningServer): Promise<Pass> => {
    const { username, password } = node.administrator;
    const { opened, text } = await signInAt(node, 'REST JSON', username, password);
    return opened ?? assert.fail(text);
  };
  const socketOf = async (node: RunningServer, of: Pass): Promise<Ddp> => {
    const socket = await Ddp.open(node);
    sockets.push(socket);
    assert.equal((await socket.call('login', { resume: of.authToken }))['error'], undefined);
    return socket;
  };
  const holds = async (node: RunningServer, of: Pass): Promise<boolean> =>
    (await ask(node, { path: '/api/v1/me', headers: pass(of) })).status === 200;

  it('close the sockets of a session that is ended, on both within a second, and no others', async () => {
    const [one, two] = pair();
    const [doomed, kept] = [await signIn(one), await signIn(two)];
    const closing = [await socketOf(one, doomed), await socketOf(two, doomed)];
    const staying = [await socketOf(one, kept), await socketOf(two, kept)];
    assert.deepEqual([await holds(one, doomed), await holds(two, doomed)], [true, true]);
    const list = await ask(one, { path: '/api/v1/sessions/list', headers: pass(doomed) });
    const own = (at(list.json, 'sessions') as readonly unknown[]).find((session) => at(session, 'current') === true);
    const sessionId = textAt(own, 'sessionId');
    const ended = await ask(two, { path: '/api/v1/sessions/logout', headers: pass(kept), json: { sessionId } });
    assert.equal(ended.status, 200, ended.text);
    for (const closed of await Promise.all(closing.map(async (socket) => await socket.closedWithin(withinMs)))) {
      assert.equal(closed?.code, 1000);
    }
    assert.deepEqual([await holds(one, doomed), await holds(two, doomed)], [false, false]);
    assert.deepEqual(
      staying.map(({ isOver }) => isOver),
      [false, false],
    );
    assert.deepEqual([await holds(one, kept), await holds(two, kept)], [true, true]);
  });

  it('forget a personal token that is revoked on the other, with its socket', async () => {
    const [one, two] = pair();
    const owner = await signIn(one);
    const made = await ask(one, {
      path: '/api/v1/users.generatePersonalAccessToken',
      headers: pass(owner),
      json: { tokenName: 'seen', addresses: ['127.0.0.0/8', '::1'] },
    });
    const token: Pass = { userId: owner.userId, authToken: textAt(made.json, 'token') };
    const socket = await socketOf(one, token);
    assert.deepEqual([await holds(one, token), await holds(two, token)], [true, true]);
    const list = await ask(two, { path: '/api/v1/personalTokens.list.all', headers: pass(owner) });
    const tokenId = textAt(list.json, 'tokens', 0, '_id');
    const revoked = await ask(two, { path: '/api/v1/personalTokens.revoke', headers: pass(owner), json: { tokenId } });
    assert.equal(revoked.status, 200, revoked.text);
    assert.notEqual(await socket.closedWithin(withinMs), undefined);
    assert.deepEqual([await holds(one, token), await holds(two, token)], [false, false]);
  });
});
