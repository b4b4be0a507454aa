import assert from 'node:assert/strict';
import { Arena, unlimited } from '../arena.ts';
import { digest } from '../doors.ts';
import { frame, opcode, pour, sendRaw, upgradeRequest } from '../frames.ts';
import type { Group } from '../group.ts';
import { at, Ddp, exchange, type Frame, pass, statusOf, textAt } from '../wire.ts';

const text = (payload: string, shape = {}): Buffer => frame(opcode.text, payload, shape);

/** N: the WebSocket and the protocol on it. */
export const protocol: Group = {
  letter: 'N',
  about: 'the WebSocket and the realtime protocol',
  env: unlimited,
  cases: [
    {
      id: 'N01',
      about: 'a wrong greeting is refused, and nothing runs before a right one',
      async act(arena, { alice }) {
        for (const greeting of [
          { version: '2', support: ['2'] },
          { version: [], support: [] },
          { version: {}, support: '1' },
          {},
          { version: '1' },
          { version: '1', support: [1] },
          { version: '1', support: ['2'] },
        ]) {
          const socket = await arena.socket(undefined, { greet: false });
          socket.send({ msg: 'connect', ...greeting });
          await socket.frame(({ msg }) => msg === 'failed');
          assert.ok(await socket.closedWithin(2000), JSON.stringify(greeting));
        }
        const early = await arena.socket(undefined, { greet: false });
        early.send({ msg: 'method', id: '1', method: 'login', params: [{ resume: alice.authToken }] });
        const refused = await early.frame(({ msg }) => msg === 'error' || msg === 'result');
        assert.equal(refused['reason'], 'Must connect first');
        const twice = await arena.socket();
        twice.send({ msg: 'connect', version: '1', support: ['1'] });
        assert.equal((await twice.frame(({ msg }) => msg === 'error'))['reason'], 'Already connected');
      },
    },
    {
      id: 'N02',
      about: 'what is no message is told so, and the socket lives on',
      async act(arena) {
        const socket = await arena.socket();
        const bad = [
          'nonsense',
          '[]',
          'null',
          '1',
          '"x"',
          '{}',
          '{"msg":{}}',
          '{"msg":"hello"}',
          '{"msg":"sub"}',
          '{"msg":"sub","id":1,"name":"x"}',
          '{"msg":"method","id":{},"method":"login"}',
          '{"msg":"method","id":"1","method":[]}',
          '{"msg":"method","id":"1","method":"x","params":{}}',
          '{"msg":"__proto__"}',
          '{"__proto__":{"msg":"ping"}}',
          '['.repeat(20_000),
          `{"msg":"method","id":"1","method":"login","params":${'['.repeat(20_000)}`,
        ];
        for (const one of bad) {
          const since = socket.frames.length;
          socket.send(one);
          const told = await socket.frame(() => true, since);
          assert.equal(told['msg'], 'error', one.slice(0, 60));
        }
        const deep = `{"msg":"method","id":"d","method":"login","params":${'['.repeat(30_000)}${']'.repeat(30_000)}}`;
        socket.send(deep);
        await socket.frame((one) => one['id'] === 'd' || one['msg'] === 'error', socket.frames.length);
        assert.equal(at(await socket.call('getNewToken'), 'result'), undefined);
        assert.equal(socket.isOver, false);
      },
    },
    {
      id: 'N03',
      about: 'frames that break the protocol close their socket, with the code for it',
      async act(arena) {
        const wrong: readonly (readonly [string, Buffer, readonly (number | undefined)[]])[] = [
          ['not masked', text('{"msg":"ping"}', { masked: false }), [1002]],
          ['reserved bits', text('{"msg":"ping"}', { reserved: 4 }), [1002]],
          ['all reserved bits', text('x', { reserved: 7 }), [1002]],
          ['an unknown opcode', frame(3, 'x'), [1002]],
          ['an unknown control opcode', frame(11, 'x'), [1002]],
          ['a continuation of nothing', frame(opcode.continuation, 'x'), [1002]],
          ['a text inside a text', Buffer.concat([text('a', { fin: false }), text('b')]), [1002]],
          ['a ping in pieces', frame(opcode.ping, 'x', { fin: false }), [1002]],
          ['a ping that is too long', frame(opcode.ping, 'x'.repeat(126)), [1002]],
          ['a close code that is none', frame(opcode.close, Buffer.from([0, 1])), [1002]],
          ['bytes that are no text', frame(opcode.text, Buffer.from([0xc3, 0x28, 0xff])), [1007]],
          ['a length of 2^63', text('', { says: 2n ** 63n }), [1009, 1002]],
          ['a length of 2^53', text('', { says: 2n ** 53n }), [1009, 1002]],
          ['a length of 4 GiB', text('', { says: 2n ** 32n }), [1009]],
          ['one byte more than 1 MiB', text('x'.repeat(1024 * 1024 + 1)), [1009]],
          [
            '1,000 pieces of a byte',
            Buffer.concat([
              text('a', { fin: false }),
              ...Array.from({ length: 1000 }, () => frame(opcode.continuation, 'a', { fin: false })),
            ]),
            [1008, 1009],
          ],
          [
            'pieces of more than 1 MiB in all',
            Buffer.concat([
              text('a', { fin: false }),
              ...Array.from({ length: 3 }, () => frame(opcode.continuation, 'x'.repeat(400_000), { fin: false })),
            ]),
            [1009],
          ],
        ];
        for (const [what, bytes, codes] of wrong) {
          const end = await sendRaw(arena.server, bytes);
          assert.ok(end.closed, `${what}: still open`);
          assert.ok(codes.includes(end.code), `${what}: ${end.code}`);
        }
      },
    },
    {
      id: 'N03b',
      about: 'pieces without end are cut off after a mebibyte, and empty ones after a few hundred',
      async act(arena) {
        const start = Buffer.concat([Buffer.from(upgradeRequest()), text('a', { fin: false })]);
        const long = await pour(
          arena.server,
          start,
          () => frame(opcode.continuation, 'x'.repeat(60_000), { fin: false }),
          20e6,
        );
        assert.equal(long.code, 1009);
        const empty = await pour(arena.server, start, () => frame(opcode.continuation, '', { fin: false }), 1e6);
        assert.equal(empty.code, 1008);
      },
    },
    {
      id: 'N03c',
      about: 'a flood of pings, of both kinds, keeps nobody else waiting and takes no memory for good',
      async act(arena, { alice }) {
        const pings = Buffer.concat(Array.from({ length: 20_000 }, () => frame(opcode.ping, 'x'.repeat(100))));
        const floods = [0, 1].map(async () => await sendRaw(arena.server, pings, 1500));
        const socket = await arena.socket();
        for (let n = 0; n < 20_000; n += 1) socket.send('{"msg":"ping"}');
        const begun = performance.now();
        assert.ok(await arena.holds(alice));
        assert.ok(performance.now() - begun < 5000);
        await Promise.all(floods);
        socket.close();
      },
    },
    {
      id: 'N04',
      about: 'compression is not agreed on, so nothing can be blown up',
      async act(arena) {
        const offer = 'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n';
        const { received } = await exchange(arena.server, upgradeRequest(offer), { waitMs: 300 });
        assert.equal(statusOf(received), 101);
        assert.doesNotMatch(received.toString('latin1'), /sec-websocket-extensions/iu);
      },
    },
    {
      id: 'N05',
      about: 'cookies and headers of the upgrade make the socket nobody’s, wherever the page comes from',
      async act(arena, { alice }) {
        const { userId, authToken } = alice;
        const socket = await arena.socket(undefined, {
          headers: {
            origin: 'https://evil.example',
            cookie: `rc_uid=${userId}; rc_token=${authToken}; meteor_login_token=${authToken}`,
            authorization: `Bearer ${authToken}`,
            ...pass(alice),
          },
        });
        assert.equal(at(await socket.call('getNewToken'), 'result'), undefined);
        assert.equal((await socket.sub('stream-notify-user', `${userId}/userData`, false))['msg'], 'nosub');
      },
    },
    {
      id: 'N07',
      about: 'one address holds so many sockets and no more, and gets room again when it lets go',
      async act() {
        const arena = await Arena.open({ ...unlimited, OVERWRITE_SETTING_Countersign_Sockets_Per_Address: '20' });
        try {
          const open = await Promise.all(Array.from({ length: 20 }, async () => await arena.socket()));
          await assert.rejects(Ddp.open(arena.server), /429/u);
          const elsewhere = await Ddp.open(arena.server, { from: '127.0.0.2' });
          elsewhere.close();
          const lie = { headers: { 'x-forwarded-for': '203.0.113.1' } };
          await assert.rejects(Ddp.open(arena.server, lie), /429/u);
          for (const socket of open) socket.close();
          const until = Date.now() + 3000;
          let again: Ddp | undefined;
          while (again === undefined && Date.now() < until) again = await Ddp.open(arena.server).catch(() => undefined);
          assert.ok(again, 'there is room again');
          again.close();
        } finally {
          await arena.close();
        }
      },
    },
    {
      id: 'N08',
      about: 'sign-ins sent at once on one socket run one after another, and five of them in ten seconds',
      async act(arena, { alice }) {
        const socket = await arena.socket();
        const since = socket.frames.length;
        for (let n = 0; n < 900; n += 1) {
          socket.send({
            msg: 'method',
            id: `b${n}`,
            method: 'login',
            params: [{ user: { username: alice.username }, password: digest('wrong') }],
          });
        }
        await socket.frame(({ msg, id }) => msg === 'result' && id === 'b899', since);
        const results = socket.frames.filter(({ msg }) => msg === 'result');
        assert.equal(results.length, 900);
        assert.deepEqual(
          results.map(({ id }) => id),
          Array.from({ length: 900 }, (_none, n) => `b${n}`),
          'in order',
        );
        assert.equal(results.filter((one) => at(one, 'error', 'error') === 403).length, 5);
        assert.equal(results.filter((one) => at(one, 'error', 'error') === 'too-many-requests').length, 895);
      },
    },
    {
      id: 'N08b',
      about: 'what is sent behind a sign-in waits for it, and more than can wait closes the socket',
      async act(arena, { alice }) {
        const socket = await arena.socket();
        socket.send({
          msg: 'method',
          id: 'in',
          method: 'login',
          params: [{ user: { username: alice.username }, password: digest(alice.password) }],
        });
        socket.send({ msg: 'sub', id: 'own', name: 'stream-notify-user', params: [`${alice.userId}/userData`, false] });
        await socket.frame((one) => JSON.stringify(one) === '{"msg":"ready","subs":["own"]}');
        const flood = await arena.socket();
        flood.send({
          msg: 'method',
          id: 'in',
          method: 'login',
          params: [{ user: { username: alice.username }, password: digest(alice.password) }],
        });
        for (let n = 0; n < 30_000; n += 1) flood.send(`{"msg":"method","id":"f${n}","method":"login","params":[]}`);
        assert.ok(await flood.closedWithin(10_000), 'a socket that lets too much wait is closed');
      },
    },
    {
      id: 'N09',
      about: 'of two people who sign in on one socket only the later is there, with nothing of the earlier',
      async act(arena, { alice, bystander }) {
        const socket = await arena.socket(alice);
        assert.equal((await socket.sub('stream-notify-user', `${alice.userId}/userData`, false))['msg'], 'ready');
        const since = socket.frames.length;
        await socket.call('login', { resume: bystander.authToken });
        await socket.frame(
          (one) => one['msg'] === 'removed' && one['collection'] === 'users' && one['id'] === alice.userId,
          since,
        );
        await socket.frame(
          (one) => one['msg'] === 'added' && one['collection'] === 'users' && one['id'] === bystander.userId,
          since,
        );
        const renewed = await socket.call('getNewToken');
        assert.equal(at(renewed, 'result', 'id'), bystander.userId);
        assert.equal((await socket.sub('stream-notify-user', `${alice.userId}/force_logout`, false))['msg'], 'nosub');
        // A failed sign-in changes nothing.
        await socket.call('login', { user: { username: alice.username }, password: digest('wrong') });
        assert.equal(at(await socket.call('getNewToken'), 'result', 'id'), bystander.userId);
      },
    },
    {
      id: 'N11',
      about: 'ids that repeat, are objects or are enormous do no harm',
      async act(arena) {
        const socket = await arena.socket();
        for (let n = 0; n < 3; n += 1) socket.send({ msg: 'method', id: 'same', method: 'getNewToken', params: [] });
        await socket.call('getNewToken');
        assert.equal(socket.frames.filter(({ msg, id }) => msg === 'result' && id === 'same').length, 3);
        for (const id of [{}, [], 1, null, true, { $ne: 1 }]) {
          const since = socket.frames.length;
          socket.send({ msg: 'method', id, method: 'logout', params: [] });
          assert.equal((await socket.frame(() => true, since))['msg'], 'error', JSON.stringify(id));
        }
        const long = 'i'.repeat(60_000);
        socket.send({ msg: 'method', id: long, method: 'nope', params: [] });
        await socket.frame(({ msg, id }) => msg === 'result' && id === long);
        for (const id of ['__proto__', 'constructor', '', '\u0000']) {
          const since = socket.frames.length;
          socket.send({ msg: 'method', id, method: '__proto__', params: [] });
          assert.equal(at(await socket.frame(({ msg }) => msg === 'result', since), 'error', 'error'), 404);
          socket.send({ msg: 'sub', id, name: 'constructor', params: [] });
          assert.equal(at(await socket.frame(({ msg }) => msg === 'nosub', since), 'error', 'error'), 404);
        }
      },
    },
    {
      id: 'N12',
      about: 'subscriptions without number are limited, and odd ones refused',
      async act(arena, { alice }) {
        const socket = await arena.socket(alice);
        for (let n = 0; n < 10_000 && !socket.isOver; n += 1) {
          socket.send({
            msg: 'sub',
            id: `s${n}`,
            name: 'stream-notify-user',
            params: [`${alice.userId}/e${n}`, false],
          });
          if (n % 500 === 499) {
            socket.send({ msg: 'ping', id: `p${n}` });
            await socket.frame(({ msg, id }) => msg === 'pong' && id === `p${n}`).catch(() => undefined);
          }
        }
        await socket
          .frame(({ id, subs }) => id === 's9999' || (Array.isArray(subs) && subs.includes('s9999')))
          .catch(() => undefined);
        const ready = socket.frames.filter(({ msg }) => msg === 'ready').length;
        assert.ok(ready <= 5000 && ready > 0, `${ready} subscriptions were taken`);
        const other = await arena.socket(alice);
        for (const params of [
          [{}],
          [[]],
          [null],
          [1],
          [{ $ne: 1 }],
          ['x'.repeat(900_000)],
          [`${alice.userId}/x`, { args: { $where: 1 } }],
          [],
        ]) {
          const msg = (await other.sub('stream-notify-user', ...params))['msg'];
          assert.ok(msg === 'nosub' || msg === 'ready');
        }
      },
    },
    {
      id: 'N13',
      about: 'naming another connection’s session gives a new one, and nothing of that one',
      async act(arena, { alice }) {
        const mine = await arena.socket(alice);
        const session = textAt(await mine.frame(({ msg }) => msg === 'connected'), 'session');
        const thief = await arena.socket(undefined, { greet: false });
        thief.send({ msg: 'connect', version: '1', support: ['1'], session });
        const given = textAt(await thief.frame(({ msg }) => msg === 'connected'), 'session');
        assert.notEqual(given, session);
        assert.equal(at(await thief.call('getNewToken'), 'result'), undefined);
        assert.equal(mine.isOver, false);
      },
    },
    {
      id: 'N16',
      about: 'messages that only a server sends are refused from a client, and change nothing',
      async act(arena, { alice }) {
        const socket = await arena.socket();
        for (const message of [
          { msg: 'result', id: '1', result: { id: alice.userId, token: 'x' } },
          { msg: 'updated', methods: ['1'] },
          { msg: 'added', collection: 'users', id: alice.userId, fields: { roles: ['admin'] } },
          { msg: 'changed', collection: 'users', id: alice.userId, fields: { roles: ['admin'] } },
          { msg: 'removed', collection: 'users', id: alice.userId },
          { msg: 'ready', subs: ['1'] },
          { msg: 'nosub', id: '1' },
          { msg: 'connected', session: 'x' },
          { msg: 'failed', version: '1' },
          { msg: 'setUserId', userId: alice.userId },
        ]) {
          const since = socket.frames.length;
          socket.send(message);
          const told = await socket.frame(() => true, since);
          assert.equal(told['msg'], 'error', message.msg);
        }
        assert.equal(at(await socket.call('setUserId', alice.userId), 'error', 'error'), 404);
        assert.equal(at(await socket.call('getNewToken'), 'result'), undefined);
      },
    },
    {
      id: 'N17',
      about: 'upgrades to anything else, elsewhere or malformed are refused, and smuggle nothing',
      async act(arena, { alice }) {
        const h2c =
          'GET /api/v1/me HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n\r\n';
        const tries: readonly (readonly [string, string])[] = [
          ['h2c', h2c],
          ['h2c at the socket', h2c.replace('/api/v1/me', '/websocket')],
          ['another path', upgradeRequest('', '/api/v1/me')],
          ['a traversing path', upgradeRequest('', '/x/../websocket')],
          ['an old version', upgradeRequest('', '/websocket', '7')],
          ['no key', upgradeRequest().replace(/Sec-WebSocket-Key: .*\r\n/u, '')],
          ['a short key', upgradeRequest().replace(/Sec-WebSocket-Key: .*\r\n/u, 'Sec-WebSocket-Key: x\r\n')],
          ['POST', upgradeRequest().replace('GET', 'POST')],
          ['TLS', 'GET /websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: TLS/1.2\r\n\r\n'],
        ];
        for (const [what, request] of tries) {
          const { received } = await exchange(arena.server, request, { waitMs: 800 });
          assert.notEqual(statusOf(received), 101, what);
          assert.ok(statusOf(received) < 500, `${what}: ${received.toString('latin1').slice(0, 60)}`);
        }
        // What stands behind a refused upgrade is not answered as a request of its own.
        const behind = `GET /api/v1/me HTTP/1.1\r\nHost: x\r\nX-User-Id: ${alice.userId}\r\nX-Auth-Token: ${alice.authToken}\r\n\r\n`;
        for (const [what, request] of tries.slice(4, 7)) {
          const { received } = await exchange(arena.server, request + behind, { waitMs: 800 });
          assert.ok(!received.toString().includes(alice.userId), what);
        }
        const both = upgradeRequest('Content-Length: 5\r\nTransfer-Encoding: chunked\r\n');
        const { received } = await exchange(arena.server, both, { waitMs: 500 });
        assert.notEqual(statusOf(received), 101);
      },
    },
    {
      id: 'N18',
      about: 'a socket that reads nothing holds no more than a few mebibytes and is dropped',
      async act(arena, { alice }) {
        const socket = await arena.socket(alice);
        socket.socket.pause();
        const long = 'e'.repeat(200_000);
        for (let n = 0; n < 200 && !socket.isOver; n += 1) {
          socket.send({ msg: 'method', id: `${long}${n}`, method: 'nope', params: [] });
        }
        const before = await arena.holds(alice);
        assert.ok(before);
        socket.socket.resume();
        const end = await socket.closedWithin(10_000);
        assert.ok(end !== undefined, 'it was dropped');
        assert.ok(socket.frames.filter((one: Frame) => one['msg'] === 'result').length < 200);
      },
    },
  ],
};
