// EmbeddedChat, the chat that other sites put into their pages, signs in as it comes: over REST, with the password of a
// directory and with one of ours.
import assert from 'node:assert/strict';
import { registerHooks } from 'node:module';
import { after, before, describe, it } from 'node:test';
import { openSlapd, type Slapd, slapdMissing } from '../slapd.ts';
import { openPlace, type Place } from './place.ts';

interface SignedIn {
  readonly userId: string;
  readonly authToken: string;
  readonly me: { readonly username?: string };
}

interface Auth {
  loginWithPassword(credentials: { user: string; password: string }): Promise<SignedIn>;
  loginWithResumeToken(token: string): Promise<SignedIn>;
  load(): Promise<void>;
  getCurrentUser(): Promise<SignedIn | null>;
  logout(): Promise<void>;
}

interface Storage {
  readonly saveToken: (token: string) => Promise<void>;
  readonly getToken: () => Promise<string | undefined>;
  readonly deleteToken: () => Promise<void>;
}

interface AuthPackage {
  rocketChatAuth(options: { readonly host: string } & Storage): Auth;
}

interface ApiPackage {
  readonly EmbeddedChatApi: new (
    host: string,
    room: string,
    storage: Storage,
  ) => {
    login(user: string, password: string): Promise<unknown>;
    connect(): Promise<void>;
  };
}

// Their `main` is no module though the packages say that they are: bundlers take `module`, and so does this.
registerHooks({
  resolve: (name, context, next) => next(name.startsWith('@embeddedchat/') ? `${name}/dist/index.mjs` : name, context),
});
// By names that the compiler does not follow: their types ask for those of a browser.
const packages = { auth: '@embeddedchat/auth', api: '@embeddedchat/api' };

function tokenStorage(): Storage & { readonly kept: () => string | undefined } {
  let kept: string | undefined;
  return {
    kept: () => kept,
    saveToken: async (token) => {
      kept = token;
      await Promise.resolve();
    },
    getToken: async () => await Promise.resolve(kept),
    deleteToken: async () => {
      kept = undefined;
      await Promise.resolve();
    },
  };
}

function suite(signInAs: () => { readonly place: Place; readonly user: string; readonly password: string }): void {
  it('signs in, comes back with its token, and signs out for good', async () => {
    const { place, user, password } = signInAs();
    const { rocketChatAuth } = (await import(packages.auth)) as AuthPackage;
    const storage = tokenStorage();
    const auth = rocketChatAuth({ host: place.server.url, ...storage });
    await assert.rejects(auth.loginWithPassword({ user, password: 'wrong' }), (cause: { response?: Response }) => {
      assert.equal(cause.response?.status, 401);
      return true;
    });
    const { me, authToken } = await auth.loginWithPassword({ user, password });
    assert.equal(me.username, user);
    assert.equal(typeof storage.kept(), 'string');
    const again = rocketChatAuth({ host: place.server.url, ...storage });
    await again.load();
    assert.equal((await again.getCurrentUser())?.me.username, user);
    await again.logout();
    assert.equal(storage.kept(), undefined);
    await assert.rejects(again.loginWithResumeToken(authToken));
  });

  it('signs in as the chat does, with a token that is then a session', async () => {
    const { place, user, password } = signInAs();
    const { EmbeddedChatApi } = (await import(packages.api)) as ApiPackage;
    const storage = tokenStorage();
    const chat = new EmbeddedChatApi(place.server.url, 'GENERAL', storage);
    await chat.login(user, password);
    const { status, body } = await place.post('login', { resume: storage.kept() });
    assert.equal(status, 200);
    assert.equal((body['data'] as SignedIn).me.username, user);
  });
}

describe('EmbeddedChat', () => {
  let place: Place;
  let person: { readonly username: string; readonly password: string };
  before(async () => {
    place = await openPlace();
    person = await place.makePerson();
  });
  after(async () => {
    await place.close();
  });
  suite(() => ({ place, user: person.username, password: person.password }));
});

describe('EmbeddedChat with a directory', { skip: slapdMissing() ?? false }, () => {
  let slapd: Slapd;
  let place: Place;
  before(async () => {
    slapd = await openSlapd();
    place = await openPlace(slapd.env);
  });
  after(async () => {
    await place.close();
    await slapd.stop();
  });
  suite(() => ({ place, user: 'alice', password: 'alice-pw' }));
});
