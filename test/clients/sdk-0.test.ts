import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, describe, it } from 'node:test';
import { loggedOut, refused, until, within, wrongPassword } from './patience.ts';
import { openPlace, type Place } from './place.ts';
import { openRoad, type Road } from './road.ts';

interface Asteroid {
  readonly userId?: string;
  readonly loggedIn?: boolean;
  readonly ddp: { _autoreconnect: boolean; readonly readyState: number; readonly _socket: { close(): void } };
  on(event: string, act: (value: unknown) => void): void;
  call(
    method: string,
    ...params: readonly unknown[]
  ): {
    readonly result: PromiseLike<unknown>;
    readonly updated: PromiseLike<void>;
  };
  getCollection(name: string): { reactiveQuery(selector: object): { readonly result: readonly object[] } };
  readonly constructor: { readonly utils: { readonly multiStorage: { get(key: string): PromiseLike<unknown> } } };
}

interface Driver {
  useLog(log: object): void;
  connect(options: object): Promise<Asteroid>;
  login(credentials: { username: string; password: string }): Promise<string>;
  subscribeToMessages(): Promise<{ readonly id: string }>;
  disconnect(): Promise<void>;
}

const require = createRequire(import.meta.url);
const { driver } = require('rc-sdk-0') as { readonly driver: Driver };
const quiet = (): void => {};
driver.useLog({ debug: quiet, info: quiet, warn: quiet, warning: quiet, error: quiet });

describe('@rocket.chat/sdk 0.2.9', () => {
  let place: Place;
  let road: Road;
  const opened: Asteroid[] = [];

  // It offers only pre2, and hangs when that is not spoken.
  const open = async (): Promise<Asteroid> => {
    const host = `127.0.0.1:${road.port}`;
    const asteroid = await driver.connect({ host, useSsl: false, timeout: 5000 });
    opened.push(asteroid);
    return asteroid;
  };

  /** The client keeps its token in a store of its own, by host. */
  const tokenOf = async ({ constructor }: Asteroid): Promise<string> =>
    String(await constructor.utils.multiStorage.get(`http://127.0.0.1:${road.port}__0__login_token__`));

  /** It has no way of its own to leave the socket. */
  const leave = ({ ddp }: Asteroid): void => {
    ddp._autoreconnect = false;
    ddp._socket.close();
  };

  before(async () => {
    place = await openPlace();
    road = await openRoad(place.server.port);
  });

  after(async () => {
    opened.forEach(leave);
    await road.close();
    await place.close();
  });

  it('connects as pre2 and signs in with a plain password, by username and by address', async () => {
    const { id, username, email, password } = await place.makePerson();
    const asteroid = await open();
    assert.equal(await driver.login({ username, password }), id);
    assert.equal(asteroid.loggedIn, true);
    // A name with an @ goes out as an address.
    assert.equal(await driver.login({ username: email, password }), id);
    assert.deepEqual(await asteroid.call('rooms/get', { $date: 0 }).result, []);
    assert.equal(asteroid.getCollection('users').reactiveQuery({ _id: id }).result.length, 1);
    await driver.disconnect();
    leave(asteroid);
  });

  it('subscribes to its messages, takes leave of them, and signs out', async () => {
    const { id, username, password } = await place.makePerson();
    const asteroid = await open();
    await driver.login({ username, password });
    const token = await tokenOf(asteroid);
    assert.ok(await place.knows({ userId: id, token }));
    const { id: subscription } = await within(2000, 'the messages', driver.subscribeToMessages());
    assert.match(subscription, /./);
    await within(2000, 'the end', driver.disconnect());
    assert.equal(asteroid.loggedIn, undefined);
    assert.equal(await place.knows({ userId: id, token }), false);
    const answer = await refused(asteroid.call('login', { resume: token }).result);
    assert.deepEqual({ ...answer }, loggedOut);
    leave(asteroid);
  });

  it('resumes by itself after a dropped socket', async () => {
    const { id, username, password } = await place.makePerson();
    const asteroid = await open();
    await driver.login({ username, password });
    const token = await tokenOf(asteroid);
    const back = new Promise<unknown>((resolve) => {
      asteroid.on('login', resolve);
    });
    road.cut();
    assert.equal(await within(5000, 'the resumed session', back), id);
    assert.equal(await tokenOf(asteroid), token);
    await driver.disconnect();
    leave(asteroid);
  });

  it('is told of a wrong password', async () => {
    const { username } = await place.makePerson();
    const asteroid = await open();
    assert.deepEqual({ ...(await refused(driver.login({ username, password: 'wrong' }))) }, wrongPassword);
    assert.equal(asteroid.loggedIn, undefined);
    leave(asteroid);
  });

  it('is closed within a second when it is logged out by force', async () => {
    const person = await place.makePerson();
    const asteroid = await open();
    await driver.login(person);
    const token = await tokenOf(asteroid);
    // It would come back with the dead token, and nobody catches its refusal.
    asteroid.ddp._autoreconnect = false;
    await place.logOut(person);
    await until('the end of the socket', () => asteroid.ddp.readyState !== 1, 1000);
    assert.equal(await place.knows({ userId: person.id, token }), false);
  });
});
