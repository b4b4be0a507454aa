import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createClient } from '../../src/client/index.ts';
import { HashQueue } from '../../src/core/password/hash-queue.ts';
import { openHasher } from '../../src/core/password/open-hasher.ts';
import { archiveOf, type DumpedPerson, person as dumped } from '../dump.ts';
import { openSink, type Sink } from '../mail-sink.ts';
import { run } from '../process/run.ts';
import { refused, until, within, wrongPassword } from './patience.ts';
import { type Credentials, openPlace, type Place, sha256 } from './place.ts';

type Reply = Readonly<Record<string, unknown>>;

interface Rest {
  get(path: string, params?: Readonly<Record<string, string>>): Promise<Reply>;
  post(path: string, body: unknown): Promise<Reply>;
  handleTwoFactorChallenge(act: () => Promise<string>): void;
}

interface Sdk {
  readonly connection: { readonly status: string; connect(): Promise<boolean>; close(): void };
  readonly account: {
    readonly uid: string | undefined;
    readonly user: { readonly token: string; readonly username?: string } | undefined;
    loginWithPassword(username: string, digest: string): Promise<void>;
    loginWithToken(token: string): Promise<unknown>;
  };
  readonly client: { callAsync(method: string, ...params: readonly unknown[]): Promise<unknown> };
  readonly rest: { get(path: string): Promise<Reply> };
  readonly timeoutControl: { stop(): void };
  stream(name: string, key: unknown, act: (event: unknown) => void): { ready(): Promise<void> };
}

interface SimpleDdp {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  login(form: object): Promise<{ readonly id: string; readonly token: string }>;
  call(method: string, ...params: readonly unknown[]): Promise<unknown>;
}

interface Rocketchat {
  connect(options: object): Promise<unknown>;
  disconnect(): Promise<unknown>;
  resume(credentials: { token: string }): Promise<Reply>;
}

const require = createRequire(import.meta.url);
const { RestClient } = require('@rocket.chat/api-client') as {
  readonly RestClient: new (options: { baseUrl: string; credentials?: Reply }) => Rest;
};
const { DDPSDK } = require('@rocket.chat/ddp-client') as {
  readonly DDPSDK: { create(url: string, retry?: { retryCount: number; retryTime: number }): Sdk };
};
const SimpleDdpClient = require('simpleddp') as new (options: object, plugins: readonly unknown[]) => SimpleDdp;
const { simpleDDPLogin } = require('simpleddp-plugin-login') as { readonly simpleDDPLogin: unknown };
const SocketConstructor: unknown = require('ws');
const { Rocketchat: RocketchatClient } = require('rc-sdk-1') as {
  readonly Rocketchat: new (options: object) => Rocketchat;
};
const quiet = (): void => {};
const logger = { debug: quiet, info: quiet, warn: quiet, warning: quiet, error: quiet };

const site = 'https://chat.example.com';
/** The smallest picture there is. */
const picture = 'data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';

describe('an account, from its first day on, through unmodified clients', () => {
  let place: Place;
  let sink: Sink;
  const closing: (() => void | Promise<unknown>)[] = [];

  const anonymous = (): Rest => new RestClient({ baseUrl: place.server.url });
  /** A client that answers a challenge with the password, as the web application asks for it. */
  const as = ({ userId, token }: Credentials, password: string): Rest => {
    const client = new RestClient({
      baseUrl: place.server.url,
      credentials: { 'X-User-Id': userId, 'X-Auth-Token': token },
    });
    client.handleTwoFactorChallenge(async () => await Promise.resolve(sha256(password)));
    return client;
  };
  const open = async (): Promise<Sdk> => {
    const sdk = DDPSDK.create(place.server.url, { retryCount: 0, retryTime: 100 });
    closing.push(() => {
      sdk.connection.close();
      sdk.timeoutControl.stop();
    });
    await sdk.connection.connect();
    return sdk;
  };
  const openSimple = async (): Promise<SimpleDdp> => {
    const endpoint = `ws://127.0.0.1:${place.server.port}/websocket`;
    const client = new SimpleDdpClient({ endpoint, SocketConstructor, reconnectInterval: 60_000 }, [simpleDDPLogin]);
    closing.push(async () => await client.disconnect());
    await within(5000, 'the connection', client.connect());
    return client;
  };
  const signIn = async (user: string, password: string): Promise<Credentials> => {
    const { data } = await anonymous().post('/v1/login', { user, password });
    const { userId, authToken } = data as { readonly userId: string; readonly authToken: string };
    return { userId, token: authToken };
  };
  /** What stands behind a link of a mail to somebody, the last one that came. */
  const linkFor = async (address: string, page: string): Promise<string> => {
    const link = new RegExp(`${site}/${page}/([\\w-]{43})`, 'gu');
    const found = (): readonly string[] =>
      sink.arrived
        .filter(({ to }) => to.includes(address))
        .flatMap(({ body }) => [...body.matchAll(link)].map(([, token]) => token ?? ''));
    await until(`a mail with ${page} to ${address}`, () => found().length > 0);
    return found().at(-1) ?? '';
  };

  before(async () => {
    sink = await openSink();
    place = await openPlace({
      ROOT_URL: site,
      MAIL_URL: `smtp://127.0.0.1:${sink.port}?ignoreTLS=true`,
      Accounts_EmailVerification: 'true',
      Rate_Limiter_Limit_RegisterUser: '100',
    });
  });

  after(async () => {
    for (const close of closing) await close();
    await place.close();
    await sink.close();
  });

  it('over REST: registers, verifies, signs in, changes its profile, forgets its password and sets another', async () => {
    const email = 'jane@example.com';
    const first = 'a Long pass-phrase of 7 words';
    const { user, success } = await anonymous().post('/v1/users.register', {
      username: 'jane',
      email,
      pass: first,
      name: 'Jane',
    });
    assert.equal(success, true);
    assert.deepEqual(Object.keys(user as object), ['_id', 'username', 'type', 'status', 'active', 'name']);

    const early = (await refused(signIn('jane', first))) as unknown as Response;
    assert.equal(early.status, 401);
    assert.equal(((await early.json()) as Reply)['error'], 'error-invalid-email');
    const proof = await linkFor(email, 'verify-email');
    assert.deepEqual(await anonymous().post('/v1/users.verifyEmail', { token: proof }), { success: true });
    const twice = (await refused(anonymous().post('/v1/users.verifyEmail', { token: proof }))) as unknown as Response;
    assert.equal(twice.status, 400);

    const session = await signIn('jane', first);
    const client = as(session, first);
    const saved = await client.post('/v1/users.updateOwnBasicInfo', { data: { name: 'Jane Doe', bio: 'writes' } });
    assert.equal((saved['user'] as Reply)['name'], 'Jane Doe');
    assert.equal((await client.post('/v1/users.setPreferences', { data: { language: 'de' } }))['success'], true);
    assert.deepEqual((await client.get('/v1/users.getPreferences'))['preferences'], { language: 'de' });
    assert.equal((await client.post('/v1/users.setAvatar', { avatarUrl: picture }))['success'], true);
    const shown = await fetch(`${place.server.url}/avatar/jane`);
    assert.deepEqual([shown.status, shown.headers.get('content-type')], [200, 'image/gif']);
    const me = await client.get('/v1/me');
    assert.deepEqual([me['name'], me['bio'], me['language']], ['Jane Doe', 'writes', 'de']);
    assert.deepEqual(me['emails'], [{ address: email, verified: true }]);

    assert.deepEqual(await anonymous().post('/v1/users.forgotPassword', { email }), { success: true });
    const way = await linkFor(email, 'reset-password');
    const second = 'Quite another pass-phrase, 8';
    const simple = await openSimple();
    const reset = (await simple.call('resetPassword', way, { digest: sha256(second), algorithm: 'sha-256' })) as Reply;
    assert.equal(reset['id'], session.userId);
    assert.equal(await place.knows(session), false, 'the reset ends the sessions');
    assert.equal((await refused(simple.call('resetPassword', way, second)))['reason'], 'Token expired');
    await refused(signIn('jane', first));
    const again = await signIn(email, second);
    assert.equal(again.userId, session.userId);

    const changed = as(again, second);
    const third = 'And one more pass-phrase, 9';
    const answer = await changed.post('/v1/users.updateOwnBasicInfo', {
      data: { currentPassword: sha256(second), newPassword: third },
    });
    assert.deepEqual(((answer['user'] as Reply)['services'] as Reply)['password'], { exists: true });
    await signIn('jane', third);
  });

  it('over a socket: the same journey by methods, the profile told on the stream', async () => {
    const email = 'joe@example.com';
    const first = 'a Long pass-phrase of 7 words';
    const simple = await openSimple();
    const form = { email, pass: first, name: 'Joe', username: 'joe' };
    const id = await simple.call('registerUser', form);
    assert.equal(typeof id, 'string');
    assert.equal((await refused(simple.call('registerUser', form)))['error'], 403);

    const early = await refused((await openSimple()).login({ user: { username: 'joe' }, password: first }));
    assert.equal(early['error'], 'error-invalid-email');
    const verified = await refused(simple.call('verifyEmail', await linkFor(email, 'verify-email')));
    assert.deepEqual([verified['error'], verified['reason']], ['verify-email', 'E-mail verified']);

    const sdk = await open();
    await sdk.account.loginWithPassword('joe', sha256(first));
    assert.equal(sdk.account.uid, id);
    const heard: unknown[] = [];
    await within(
      2000,
      'ready',
      sdk.stream('notify-user', `${String(id)}/userData`, (event) => heard.push(event)).ready(),
    );
    assert.equal(await sdk.client.callAsync('saveUserProfile', { realname: 'Joe Doe' }, {}), true);
    await until('the change on the stream', () => JSON.stringify(heard).includes('"name":"Joe Doe"'));

    assert.equal(await simple.call('sendForgotPasswordEmail', email), true);
    const second = 'Quite another pass-phrase, 8';
    const reset = (await (
      await openSimple()
    ).call('resetPassword', await linkFor(email, 'reset-password'), second)) as Reply;
    assert.equal(reset['id'], id);
    await until('the end of the socket', () => sdk.connection.status !== 'connected');
    const later = await open();
    assert.deepEqual(await refused(later.account.loginWithPassword('joe', sha256(first))), wrongPassword);
    await later.account.loginWithPassword('joe', sha256(second));
    assert.equal(later.account.uid, id);
    assert.equal((await later.rest.get('/v1/me'))['name'], 'Joe Doe');
  });

  it('through the typed client: registers, verifies, signs in, changes its profile, looks at its sessions', async () => {
    const email = 'jill@example.com';
    const password = 'a Long pass-phrase of 7 words';
    const client = createClient({ url: place.server.url, onSecondFactor: () => password });
    const { policy } = await client.get('pw.getPolicy');
    assert.deepEqual(policy[0], ['get-password-policy-minLength', { minLength: 14 }]);
    const { user } = await client.post('users.register', { username: 'jill', email, pass: password, name: 'Jill' });
    assert.deepEqual([user.username, user.active], ['jill', true]);
    await client.post('users.verifyEmail', { token: await linkFor(email, 'verify-email') });
    await client.login({ user: email, password });
    assert.equal((await client.get('users.checkUsernameAvailability', { username: 'jane.doe' })).result, true);
    const change = { email: 'jill@example.net', statusType: 'busy' } as const;
    const { user: me } = await client.post('users.updateOwnBasicInfo', { data: change });
    assert.deepEqual(me.emails, [{ address: 'jill@example.net', verified: false }]);
    await client.post('users.setPreferences', { data: { receiveLoginDetectionEmail: false } });
    assert.deepEqual((await client.get('users.getPreferences')).preferences, { receiveLoginDetectionEmail: false });
    await client.post('users.generatePersonalAccessToken', { tokenName: 'ci', scopes: ['view-d-room'] });
    const { tokens } = await client.get('users.getPersonalAccessTokens', { details: true });
    assert.deepEqual([tokens[0]?.name, tokens[0]?.scopes], ['ci', ['view-d-room']]);
    const { sessions, total } = await client.get('sessions/list', { count: 1 });
    assert.deepEqual([sessions[0]?.current, total], [true, 1]);
    const { signIns } = await client.get('users.lastSignIns', { count: 5 });
    const [confirmed, signedIn] = signIns.map(({ kind }) => kind);
    assert.deepEqual([confirmed, signedIn], ['confirmation', 'password']);
    await client.logout();
    await client.post('users.forgotPassword', { email: 'nobody@example.com' });
  });

  it('as its administrator sees it: found, given a role, its sessions ended one by one, closed and deleted', async () => {
    const { id, username, password } = await place.makePerson();
    const { password: administrators } = place.server.administrator;
    const root = as(place.administrator, administrators);
    const [here, there] = [await signIn(username, password), await signIn(username, password)];
    const own = as(here, password);

    const { users, total } = await root.get('/v1/users.list', { count: '1', sort: '{"username":1}' });
    assert.equal((users as readonly unknown[]).length, 1);
    assert.ok(Number(total) > 1);
    const found = await root.get('/v1/users.info', { username });
    assert.deepEqual((found['user'] as Reply)['roles'], ['user']);
    const { role } = await root.post('/v1/roles.addUserToRole', { username, roleId: 'bot' });
    assert.equal((role as Reply)['_id'], 'bot');
    assert.deepEqual((await own.get('/v1/me'))['roles'], ['user', 'bot']);
    const held = await root.get('/v1/roles.getUsersInRole', { role: 'bot' });
    assert.ok((held['users'] as readonly Reply[]).some(({ _id }) => _id === id));

    const { sessions } = await own.get('/v1/sessions/list');
    const other = (sessions as readonly Reply[]).find(({ current }) => current === false);
    assert.equal((sessions as readonly Reply[]).length, 2);
    const sessionId = String(other?.['sessionId']);
    assert.deepEqual(await own.post('/v1/sessions/logout.me', { sessionId }), { sessionId, success: true });
    assert.deepEqual([await place.knows(here), await place.knows(there)], [true, false]);
    const all = await root.get('/v1/sessions/list.all', { filter: username });
    const [last] = all['sessions'] as readonly Reply[];
    await root.post('/v1/sessions/logout', { sessionId: String(last?.['sessionId']) });
    assert.equal(await place.knows(here), false);

    const closed = await root.post('/v1/users.setActiveStatus', { userId: id, activeStatus: false });
    assert.deepEqual(closed['user'], { _id: id, active: false });
    await refused(signIn(username, password));
    assert.deepEqual(await root.post('/v1/users.delete', { userId: id }), { deletedRooms: [], success: true });
    const gone = (await refused(root.get('/v1/users.info', { userId: id }))) as unknown as Response;
    assert.equal(((await gone.json()) as Reply)['error'], 'User not found.');
  });

  it('brought in from a dump: who was signed in stays so, in every client', async () => {
    const hasher = openHasher({ queue: new HashQueue({ atOnce: 1, waiting: 9 }), method: () => 'bcrypt' });
    const password = 'a password of long ago';
    const bcrypt = await hasher.make(sha256(password));
    const make = (n: number): DumpedPerson => dumped(n, { password, bcrypt, now: Date.now() });
    const [ada, bob] = [make(2), make(4)];
    const dump = join(place.server.folder, 'dump.archive');
    writeFileSync(dump, archiveOf({ users: [ada.document, bob.document] }));
    const env = { DATABASE_URL: `sqlite:${join(place.server.folder, 'countersign.db')}` };
    const { code, stderr } = await run(['import', 'rocketchat', dump, '--quiet'], env, { cwd: place.server.folder });
    assert.equal(code, 0, stderr);

    const sdk = await open();
    await sdk.account.loginWithToken(ada.sessionText);
    assert.equal(sdk.account.uid, ada.id);
    assert.equal((await sdk.rest.get('/v1/me'))['username'], ada.username);
    const simple = await openSimple();
    assert.equal((await simple.login({ resume: ada.sessionText })).token, ada.sessionText);
    const mobile = new RocketchatClient({ logger, protocol: 'ddp', host: place.server.url, useSsl: false });
    closing.push(async () => await mobile.disconnect());
    await within(5000, 'the connection', mobile.connect({}));
    assert.equal((await mobile.resume({ token: bob.sessionText }))['id'], bob.id);
    const scripted = as({ userId: bob.id, token: bob.personalText }, password);
    assert.equal((await scripted.get('/v1/me'))['_id'], bob.id);
    const fresh = await open();
    await fresh.account.loginWithPassword(bob.username, sha256(password));
    assert.equal(fresh.account.uid, bob.id);
    assert.equal((await signIn(`${ada.username}@example.com`, password)).userId, ada.id);
  });
});
