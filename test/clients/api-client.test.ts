import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, describe, it } from 'node:test';
import { refused } from './patience.ts';
import { type Credentials, openPlace, type Person, type Place, sha256 } from './place.ts';

interface Challenge {
  readonly method: string;
  readonly emailOrUsername?: string;
  readonly invalidAttempt: boolean;
}

type Reply = Readonly<Record<string, unknown>>;

interface Rest {
  get(path: string, params?: Readonly<Record<string, string>>): Promise<Reply>;
  post(path: string, body: unknown): Promise<Reply>;
  handleTwoFactorChallenge(act: (challenge: Challenge) => Promise<string>): void;
}

interface Package {
  readonly RestClient: new (options: { baseUrl: string; credentials?: Reply }) => Rest;
}

const require = createRequire(import.meta.url);
const { RestClient } = require('@rocket.chat/api-client') as Package;

describe('@rocket.chat/api-client', () => {
  let place: Place;
  let person: Person;
  let credentials: Credentials;

  const open = ({ userId, token }: Credentials): Rest =>
    new RestClient({ baseUrl: place.server.url, credentials: { 'X-User-Id': userId, 'X-Auth-Token': token } });

  before(async () => {
    // Neither new accounts nor clients that once gave a code are spared the gate.
    place = await openPlace({ OVERWRITE_SETTING_Accounts_TwoFactorAuthentication_RememberFor: '0' });
    person = await place.makePerson();
    credentials = await place.signIn(person.username, person.password);
  });

  after(async () => {
    await place.close();
  });

  it('signs in and asks who it is', async () => {
    const anonymous = new RestClient({ baseUrl: place.server.url });
    const { status, data } = await anonymous.post('/v1/login', { user: person.username, password: person.password });
    assert.equal(status, 'success');
    const { userId, authToken } = data as { readonly userId: string; readonly authToken: string };
    const me = await open({ userId, token: authToken }).get('/v1/me');
    assert.equal(me['username'], person.username);
    assert.equal(me['email'], person.email);
  });

  it('is asked for the password at the gate, and repeats its request with it', async () => {
    const client = open(credentials);
    const asked: Challenge[] = [];
    client.handleTwoFactorChallenge(async (challenge) => {
      asked.push(challenge);
      return await Promise.resolve(sha256(person.password));
    });
    const { token, success } = await client.post('/v1/users.generatePersonalAccessToken', {
      tokenName: 'asked once',
      bypassTwoFactor: false,
    });
    assert.equal(success, true);
    assert.match(String(token), /^[\w-]{43}$/);
    assert.deepEqual(asked, [{ method: 'password', emailOrUsername: undefined, invalidAttempt: false }]);
    assert.equal((await open({ ...credentials, token: String(token) }).get('/v1/me'))['_id'], person.id);
  });

  it('is asked again after a wrong code', async () => {
    const client = open(credentials);
    const asked: boolean[] = [];
    client.handleTwoFactorChallenge(async ({ invalidAttempt }) => {
      asked.push(invalidAttempt);
      return await Promise.resolve(sha256(asked.length < 3 ? 'wrong' : person.password));
    });
    const { success } = await client.post('/v1/users.generatePersonalAccessToken', { tokenName: 'asked thrice' });
    assert.equal(success, true);
    assert.deepEqual(asked, [false, true, true]);
    const { tokens } = await client.get('/v1/users.getPersonalAccessTokens');
    const names = (tokens as readonly { readonly name: string }[]).map(({ name }) => name);
    assert.deepEqual(names.toSorted(), ['asked once', 'asked thrice']);
  });

  it('without an answer to the challenge gets it as the error', async () => {
    const response = (await refused(
      open(credentials).post('/v1/users.generatePersonalAccessToken', { tokenName: 'never' }),
    )) as unknown as Response;
    assert.equal(response.status, 400);
    assert.deepEqual(await response.json(), {
      success: false,
      error: 'TOTP Required [totp-required]',
      errorType: 'totp-required',
      details: { method: 'password', codeGenerated: false, availableMethods: [] },
    });
  });

  it('is not asked when its token is dead', async () => {
    const dead = await place.signIn(person.username, person.password);
    const client = open(dead);
    client.handleTwoFactorChallenge(async () => await Promise.reject(new Error('it was asked')));
    await client.post('/v1/logout', {});
    const response = (await refused(client.get('/v1/me'))) as unknown as Response;
    assert.equal(response.status, 401);
    const message = 'You must be logged in to do this.';
    assert.deepEqual(await response.json(), { success: false, error: message, status: 'error', message });
  });
});
