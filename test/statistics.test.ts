import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { startServer } from './server.ts';

describe('the figures of a running server', { timeout: 60_000 }, () => {
  it('tell its version and how many sockets are open this moment', async () => {
    const server = await startServer();
    try {
      const { username: user, password } = server.administrator;
      const logIn = await fetch(`${server.url}/api/v1/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ user, password }),
      });
      const { data } = (await logIn.json()) as { data: { userId: string; authToken: string } };
      const headers = { 'x-user-id': data.userId, 'x-auth-token': data.authToken };
      const figures = async () => {
        const answer = await fetch(`${server.url}/api/v1/statistics.overview`, { headers });
        assert.equal(answer.status, 200);
        return (await answer.json()) as { sockets: number; version: string };
      };
      const before = await figures();
      assert.equal(before.sockets, 0);
      assert.match(before.version, /^\d+\.\d+\.\d+/u);
      const socket = new WebSocket(`${server.url.replace('http', 'ws')}/websocket`);
      await once(socket, 'open');
      assert.equal((await figures()).sockets, 1);
      socket.close();
      await once(socket, 'close');
    } finally {
      await server.dispose();
    }
  });
});
