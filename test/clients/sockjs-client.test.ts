import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, describe, it } from 'node:test';
import { loggedOut, until, within, wrongPassword } from './patience.ts';
import { openPlace, type Place } from './place.ts';
import { openRoad, type Road } from './road.ts';

interface SockJs {
  readonly transport: string;
  readonly readyState: number;
  onopen: () => void;
  onmessage: (event: { readonly data: string }) => void;
  onclose: (event: { readonly code: number; readonly reason: string }) => void;
  send(text: string): void;
  close(): void;
}

const require = createRequire(import.meta.url);
const SockJsClient = require('sockjs-client') as new (
  url: string,
  protocols: null,
  options: { readonly transports: readonly string[] },
) => SockJs;

type Frame = Readonly<Record<string, unknown>>;

/** DDP over whatever carries it. */
class Line {
  readonly frames: Frame[] = [];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  readonly socket: SockJs;
  #calls = 0;

  constructor(url: string, transport: string) {
    this.socket = new SockJsClient(`${url}/sockjs`, null, { transports: [transport] });
    this.closed = new Promise((resolve) => {
      this.socket.onclose = ({ code, reason }) => {
        resolve({ code, reason });
      };
    });
    this.socket.onmessage = ({ data }) => this.frames.push(JSON.parse(data) as Frame);
    this.socket.onopen = () => {
      this.send({ msg: 'connect', version: '1', support: ['1', 'pre2', 'pre1'] });
    };
  }

  send(frame: Frame): void {
    this.socket.send(JSON.stringify(frame));
  }

  async next(what: string, fits: (frame: Frame) => boolean): Promise<Frame> {
    await until(what, () => this.frames.some(fits));
    return this.frames.find(fits) ?? {};
  }

  async call(method: string, ...params: readonly unknown[]): Promise<Frame> {
    this.#calls += 1;
    const id = String(this.#calls);
    this.send({ msg: 'method', method, params, id });
    const result = await this.next(
      `the result of ${method}`,
      (frame) => frame['msg'] === 'result' && frame['id'] === id,
    );
    await this.next(`updated of ${method}`, ({ methods }) => Array.isArray(methods) && methods.includes(id));
    return result;
  }
}

describe('sockjs-client', { concurrency: true }, () => {
  let place: Place;

  before(async () => {
    place = await openPlace();
  });

  after(async () => {
    await place.close();
  });

  for (const transport of ['websocket', 'xhr-streaming', 'xhr-polling']) {
    describe(`over ${transport}`, () => {
      const opened: Line[] = [];
      let road: Road;

      before(async () => {
        road = await openRoad(place.server.port);
      });

      after(async () => {
        for (const { socket } of opened) socket.close();
        await road.close();
      });

      const open = async (url = place.server.url): Promise<Line> => {
        const line = new Line(url, transport);
        opened.push(line);
        await line.next('connected', ({ msg }) => msg === 'connected');
        assert.equal(line.socket.transport, transport);
        assert.deepEqual(line.frames[0], { server_id: '0' });
        return line;
      };

      it('signs in, subscribes and resumes on another connection', async () => {
        const { id, username, password } = await place.makePerson();
        const line = await open();
        const { result } = await line.call('login', { user: { username }, password });
        const { id: whose, token } = result as { readonly id: string; readonly token: string };
        assert.equal(whose, id);
        const own = line.frames.findIndex(({ msg, collection }) => msg === 'added' && collection === 'users');
        assert.ok(own >= 0 && own < line.frames.findIndex(({ msg }) => msg === 'result'), 'the document comes first');
        line.send({ msg: 'sub', id: 's', name: 'stream-notify-user', params: [`${id}/force_logout`, false] });
        await line.next('ready', ({ subs }) => JSON.stringify(subs) === '["s"]');
        line.send({ msg: 'ping', id: 'p' });
        await line.next('pong', ({ msg, id: pong }) => msg === 'pong' && pong === 'p');
        const other = await open();
        const resumed = await other.call('login', { resume: token });
        assert.equal((resumed['result'] as { readonly token: string }).token, token);
        assert.ok(await place.knows({ userId: id, token }));
      });

      it('is told of a wrong password', async () => {
        const { username } = await place.makePerson();
        const line = await open();
        assert.deepEqual((await line.call('login', { user: { username }, password: 'wrong' }))['error'], wrongPassword);
      });

      it('signs out, and the token is dead', async () => {
        const { id, username, password } = await place.makePerson();
        const line = await open();
        const { result } = await line.call('login', { user: { username }, password });
        const { token } = result as { readonly token: string };
        assert.equal('error' in (await line.call('logout')), false);
        await line.next('removed', ({ msg, collection }) => msg === 'removed' && collection === 'users');
        assert.deepEqual((await line.call('login', { resume: token }))['error'], loggedOut);
        assert.equal(await place.knows({ userId: id, token }), false);
      });

      it('carries what is long and what is not ASCII', async () => {
        const line = await open();
        const text = `${'ö €\u2028 🎈'.repeat(5000)}`;
        line.send({ msg: 'ping', id: text });
        const { id } = await line.next('pong', ({ msg }) => msg === 'pong');
        assert.equal(id, text);
      });

      it('notices a dropped network and can come back', async () => {
        const { username, password } = await place.makePerson();
        const line = await open(road.url);
        const { result } = await line.call('login', { user: { username }, password });
        const { token } = result as { readonly token: string };
        road.cut();
        // Over HTTP the client waits for its next request to fail.
        if (transport === 'websocket') {
          const { code } = await within(5000, 'the end of the socket', line.closed);
          assert.notEqual(code, 1000);
        }
        const back = await open(road.url);
        assert.equal('result' in (await back.call('login', { resume: token })), true);
      });

      it('is closed within a second when it is logged out by force, and nobody else is', async () => {
        const [one, other] = [await place.makePerson(), await place.makePerson()];
        const [line, bystander] = [await open(), await open()];
        await line.call('login', { user: { username: one.username }, password: one.password });
        await bystander.call('login', { user: { username: other.username }, password: other.password });
        await place.logOut(one);
        const { code, reason } = await within(1000, 'the end of the socket', line.closed);
        assert.equal(code, 1000);
        assert.equal(reason, 'Normal closure');
        const { result } = await bystander.call('getNewToken');
        assert.equal((result as { readonly id: string }).id, other.id);
      });
    });
  }
});
