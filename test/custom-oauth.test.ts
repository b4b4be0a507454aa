// Custom OAuth services against a real OpenID provider: what is taken, and everything that must be refused.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, it } from 'node:test';
import { exportSPKI, generateKeyPair, type JWTPayload } from 'jose';
import type { Identity } from '../src/core/external-login/identity.ts';
import type { RedirectProvider, Returning } from '../src/core/external-login/provider.ts';
import { Fault } from '../src/core/fault.ts';
import type { LoggedIn } from '../src/core/session/log-in.ts';
import { type Outbound, outboundOver } from '../src/lib/outbound.ts';
import { alice, mallory, type OpenIdIdp, openOpenIdIdp, type SigningKey, type Tampering } from './openid-idp.ts';
import { caller, handClock, openWorld, type World } from './world.ts';

const redirectUri = 'http://localhost:3000/_oauth/ours';
const nonce = 'n'.repeat(43);
const verifier = 'v'.repeat(43);

let idp: OpenIdIdp;
before(async () => {
  idp = await openOpenIdIdp([redirectUri]);
});
after(async () => idp.close());
beforeEach(() => {
  delete idp.tampering.idToken;
  delete idp.tampering.answer;
  delete idp.tampering.before;
  idp.signsIn(alice);
});

/** The settings of the service `ours`. */
type Settings = Readonly<Record<string, string>>;

const discovered = (more: Settings = {}): Settings => ({
  '': 'true',
  'issuer': idp.issuer,
  'id': idp.basic.id,
  'secret': idp.basic.secret,
  'token_sent_via': 'header',
  'scope': 'openid profile email roles',
  'username_field': 'preferred_username',
  ...more,
});

const handMade = (more: Settings = {}): Settings => ({
  '': 'true',
  'url': idp.issuer,
  'authorize_path': '/auth',
  'token_path': '/token',
  'identity_path': '/me',
  'id': idp.post.id,
  'secret': idp.post.secret,
  'scope': 'openid profile email roles',
  ...more,
});

interface Place {
  readonly world: World;
  readonly provider: RedirectProvider;
  /** Goes to the provider as a browser does. */
  readonly away: (own?: boolean) => Promise<Returning>;
  /** The same, and who it was. */
  readonly identify: (own?: boolean) => Promise<Identity>;
  readonly signIn: () => Promise<LoggedIn>;
  readonly set: (values: Settings) => Promise<void>;
}

async function within(settings: Settings, act: (place: Place) => Promise<void>): Promise<void> {
  const named = (key: string): string => `Accounts_OAuth_Custom-Ours${key === '' ? '' : `-${key}`}`;
  const env = Object.fromEntries(Object.entries(settings).map(([key, value]) => [named(key), value]));
  const real = outboundOver();
  const outbound: Outbound = async (asked) => await real({ ...asked, timeoutMs: 500 });
  const world = await openWorld({ env, outbound, clock: handClock(Date.now()) });
  try {
    const found = () => world.app.external.providers.find('ours') ?? assert.fail('the service is not there');
    const away = async (own = true): Promise<Returning> => {
      const leaving = { redirectUri, state: 'a state', ...(own ? { nonce, verifier } : none) };
      const { address } = await found().leave(leaving);
      const params = await idp.authorize(address);
      assert.equal(params['state'], 'a state');
      return { redirectUri, ...(own ? { nonce, verifier } : none), params, remembered: undefined };
    };
    const identify = async (own?: boolean): Promise<Identity> => {
      const back = await away(own);
      return await found().identify(back);
    };
    await act({
      world,
      provider: found(),
      away,
      identify,
      signIn: async () => await world.app.external.logInAs('ours', async () => await identify(), caller()),
      set: async (values) => {
        const changes = Object.entries(values).map(([key, value]) => ({
          id: named(key),
          value: value === 'true' || value === 'false' ? value === 'true' : value,
        }));
        await world.app.settings.write(changes, { caller: caller(), accountId: undefined });
      },
    });
  } finally {
    await world.close();
  }
}

const none = { nonce: undefined, verifier: undefined };

async function refused(doing: Promise<unknown>, message: RegExp = /./u): Promise<void> {
  await assert.rejects(doing, (cause: unknown) => {
    assert.ok(cause instanceof Fault, String(cause));
    assert.match(cause.code, /^provider-(?:refused|unreachable)$/u);
    const { message: said } = cause.facts;
    const told = typeof said === 'string' ? said : cause.code;
    assert.match(told, message);
    for (const secret of [idp.post.secret, idp.basic.secret]) assert.ok(!told.includes(secret));
    return true;
  });
}

const expected = {
  provider: 'ours',
  subject: 'alice-1',
  name: 'Alice Example',
  emails: [{ address: 'alice@example.org', asserted: true }],
};

describe('a custom service', () => {
  const ways: Readonly<Record<string, () => Settings>> = {
    'with the client in the form and the token in the query': () => handMade(),
    'with the client by Basic and the token as bearer': () =>
      handMade({ token_sent_via: 'header', id: idp.basic.id, secret: idp.basic.secret }),
    'with the client in the form and the token as bearer': () => handMade({ identity_token_sent_via: 'header' }),
    'that is discovered': () => discovered(),
    'that is discovered by the address of its document': () =>
      discovered({ issuer: `${idp.issuer}/.well-known/openid-configuration` }),
    'whose paths begin without a slash': () =>
      handMade({ url: `${idp.issuer}/`, token_path: 'token', identity_path: 'me' }),
    'whose keys alone are known': () => handMade({ jwks_url: '/jwks' }),
  };
  for (const [how, settings] of Object.entries(ways)) {
    it(`tells who somebody is: ${how}`, async () => {
      await within(settings(), async ({ identify }) => {
        for (const own of [true, false]) {
          const identity = await identify(own);
          assert.partialDeepStrictEqual(identity, expected);
          assert.doesNotMatch(JSON.stringify(identity), /token|secret/iu);
        }
      });
    });
  }

  it('proves that the code is its own, and asks for a nonce, where we sent the browser', async () => {
    await within(discovered(), async ({ provider, away }) => {
      const { address } = await provider.leave({ redirectUri, state: 's', nonce, verifier });
      const { searchParams } = new URL(address);
      assert.equal(searchParams.get('code_challenge_method'), 'S256');
      assert.equal(searchParams.get('nonce'), nonce);
      const back = await away();
      await refused(provider.identify({ ...back, verifier: 'w'.repeat(43) }), /invalid_grant/u);
      await refused(provider.identify({ ...(await away()), nonce: 'm'.repeat(43) }), /another question/u);
    });
  });

  it('makes an account at the first sign-in, and finds it at the next', async () => {
    await within(discovered(), async ({ signIn, world }) => {
      const first = await signIn();
      assert.partialDeepStrictEqual(first.account, {
        username: 'alice',
        name: 'Alice Example',
        emails: [{ address: 'alice@example.org', verified: true }],
      });
      idp.signsIn({ ...alice, preferred_username: 'alicia', email: 'new@example.org' });
      assert.equal((await signIn()).account.id, first.account.id);
      assert.equal(await world.app.host.countAccounts(), 1);
    });
  });

  it('leaves the name to the person where no field is set, and fails where the field finds nothing', async () => {
    await within(handMade(), async ({ identify, set }) => {
      assert.equal((await identify()).username, undefined);
      await set({ username_field: 'nickname' });
      await refused(identify(), /^CustomOAuth: Failed to extract username$/u);
      await set({ username_field: '{{/^([^@]+)@/::email}}', email_field: 'mail' });
      await refused(identify(), /^CustomOAuth: Failed to extract email$/u);
      await set({ email_field: 'email', name_field: 'nothing' });
      assert.partialDeepStrictEqual(await identify(), { username: 'alice', name: 'Alice Example' });
      for (const field of ['__proto__', 'constructor', 'constructor.name', 'email.length', 'a.b.$c', '{{toString}}']) {
        await set({ username_field: field });
        await refused(identify(), /^CustomOAuth: Failed to extract username$/u);
      }
      await set({ username_field: '{{/^(a+)+$/::long}}' });
      idp.signsIn({ ...alice, long: `${'a'.repeat(60)}!` });
      await refused(identify(), /username/u);
    });
  });

  it('asserts the address of which the provider speaks, and no other', async () => {
    await within(discovered({ email_field: 'second' }), async ({ identify }) => {
      idp.signsIn({ ...alice, second: 'root@example.org' });
      idp.tampering.answer = (path, body) => (path === '/me' ? { ...body, second: 'root@example.org' } : undefined);
      assert.deepEqual((await identify()).emails, [{ address: 'root@example.org', asserted: false }]);
    });
  });

  it('tells what went wrong, and where, without a secret', async () => {
    await within(handMade({ secret: 'another' }), async ({ identify }) => {
      const told = `Failed to complete OAuth handshake with ours at ${idp.issuer}/token. invalid_client`;
      await refused(identify(), new RegExp(`^${told.replaceAll('.', '\\.')}$`, 'u'));
    });
    await within(handMade({ access_token_param: 'other' }), async ({ identify }) => {
      const told = `Failed to fetch identity from ours at ${idp.issuer}/me. invalid_token`;
      await refused(identify(), new RegExp(`^${told.replaceAll('.', '\\.')}$`, 'u'));
    });
  });

  it('is there while it is on and complete, and publishes no secret', async () => {
    await within(discovered({ button_label_text: 'Ours' }), async ({ world, set, identify }) => {
      await identify();
      const provider = world.app.external.providers.find('ours');
      assert.deepEqual([provider?.label, provider?.published['authorizePath']], ['Ours', `${idp.issuer}/auth`]);
      assert.equal(provider?.published['custom'], true);
      assert.ok(!JSON.stringify(provider?.published).includes(idp.basic.secret));
      for (const [key, off] of [
        ['', 'false'],
        ['id', ''],
        ['secret', ''],
        ['issuer', 'nowhere'],
      ] as const) {
        await set({ [key]: off });
        assert.equal(world.app.external.providers.find('ours'), undefined, key);
        // What says where the secret goes takes it along (tied secrets): it comes anew.
        await set({ [key]: discovered()[key] ?? '', secret: discovered()['secret'] ?? '' });
      }
      assert.ok(world.app.external.providers.find('ours') !== undefined);
    });
  });
});

describe('an ID token', () => {
  type Right = Parameters<NonNullable<Tampering['idToken']>>[0];
  const now = (): number => Math.floor(Date.now() / 1000);
  const claim = (claims: JWTPayload) => (right: Right) => ({ ...right, claims: { ...right.claims, ...claims } });
  const without = (name: string) => (right: Right) => ({
    ...right,
    claims: Object.fromEntries(Object.entries(right.claims).filter(([one]) => one !== name)),
  });
  const header = (more: object) => (right: Right) => ({ ...right, header: { ...right.header, ...more } });
  const unsigned = ({ claims }: Right): string =>
    [{ alg: 'none' }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.')
      .concat('.');
  let strange: SigningKey;
  let symmetric: SigningKey;
  before(async () => {
    const pair = await generateKeyPair('RS256', { extractable: true });
    strange = { privateKey: pair.privateKey, alg: 'RS256', kid: idp.key().kid };
    const spki = await exportSPKI(pair.publicKey);
    symmetric = { privateKey: new TextEncoder().encode(spki), alg: 'HS256', kid: idp.key().kid };
  });

  const wrong: Readonly<Record<string, NonNullable<Tampering['idToken']>>> = {
    'that nobody signed': unsigned,
    'that is signed with a public key as secret': (right) => ({
      claims: right.claims,
      header: { alg: 'HS256', kid: right.header['kid'] },
      key: symmetric,
    }),
    'that another has signed': (right) => ({ ...right, key: strange }),
    'of a key that is not known': header({ kid: 'k99' }),
    'that brings its own address of keys': (right) => ({
      ...right,
      header: { ...right.header, kid: 'k99', jku: `${idp.issuer}/jwks` },
    }),
    'that has expired': claim({ iat: now() - 7200, exp: now() - 3600 }),
    'that is not valid yet': claim({ nbf: now() + 3600 }),
    'of the future': claim({ iat: now() + 3600, exp: now() + 7200 }),
    'of another issuer': claim({ iss: 'https://other.example.org' }),
    'for another client': claim({ aud: 'their-app' }),
    'for several, by another party': claim({ aud: ['our-basic', 'their-app'], azp: 'their-app' }),
    'for several, by nobody': claim({ aud: ['our-basic', 'their-app'] }),
    'with another nonce': claim({ nonce: 'another' }),
    'without a nonce': without('nonce'),
    'without an audience': without('aud'),
    'about somebody else': claim({ sub: 'mallory-1' }),
    'about nobody': without('sub'),
    'that is none': () => 'x.y.z',
  };
  for (const [what, tamper] of Object.entries(wrong)) {
    it(`${what} is refused`, async () => {
      idp.tampering.idToken = tamper;
      await within(discovered(), async ({ identify }) => {
        await refused(identify());
      });
    });
  }

  const also = ['that has expired', 'for another client', 'with another nonce', 'about somebody else', 'that is none'];
  for (const what of also) {
    it(`${what} is refused where the service has no keys, too`, async () => {
      idp.tampering.idToken = wrong[what] ?? assert.fail();
      await within(handMade(), async ({ identify }) => {
        await refused(identify());
      });
    });
  }

  it('is demanded of an OpenID provider', async () => {
    idp.tampering.answer = (path, body) => (path === '/token' ? { ...body, id_token: undefined } : undefined);
    await within(discovered(), async ({ identify }) => {
      await refused(identify(), /gave no ID token/u);
    });
  });

  it('of the new key is taken when the provider changes keys while somebody is away', async () => {
    await within(discovered(), async ({ world, away, provider, identify }) => {
      await identify();
      const back = await away();
      await idp.rotate();
      world.clock.move(31_000);
      assert.equal((await provider.identify(back)).subject, 'alice-1');
      // Names of keys that somebody makes up do not make us ask again and again.
      idp.tampering.idToken = header({ kid: 'made-up' });
      const fetches = () => idp.asked.filter((path) => path === '/jwks').length;
      const before_ = fetches();
      for (let tries = 0; tries < 3; tries += 1) await refused(identify());
      assert.equal(fetches(), before_);
    });
  });
});

describe('a provider that lies, or is another one', () => {
  it('is refused where the identity is not that of the ID token', async () => {
    idp.tampering.answer = (path, body) => (path === '/me' ? { ...body, sub: 'mallory-1' } : undefined);
    for (const settings of [discovered(), handMade()]) {
      await within(settings, async ({ identify }) => {
        await refused(identify(), /name two people/u);
      });
    }
    idp.tampering.answer = (path, body) => (path === '/me' ? { ...body, sub: undefined } : undefined);
    await within(discovered(), async ({ identify }) => {
      await refused(identify(), /name two people/u);
    });
  });

  it('is refused where the code comes from another one', async () => {
    await within(discovered(), async ({ away, provider }) => {
      const { iss, ...params } = (await away()).params;
      assert.equal(iss, idp.issuer);
      const back = { redirectUri, nonce, verifier, remembered: undefined };
      await refused(
        provider.identify({ ...back, params: { ...params, iss: 'https://evil.example' } }),
        /another provider/u,
      );
      await refused(provider.identify({ ...back, params }), /from whom it comes/u);
    });
  });

  it('is refused where its document calls it by another name', async () => {
    idp.tampering.answer = (path, body) =>
      path.endsWith('openid-configuration') ? { ...body, issuer: 'https://other.example.org' } : undefined;
    await within(discovered(), async ({ away }) => {
      await refused(away(), /another name/u);
    });
  });

  const bad: Readonly<Record<string, NonNullable<Tampering['before']>>> = {
    'never': () => true,
    'with a redirect': (_path, respond) => {
      respond(302, { location: 'http://169.254.169.254/latest/meta-data' }, '');
      return true;
    },
    'with too much': (_path, respond) => {
      respond(200, { 'content-type': 'application/json' }, `{"x":"${'x'.repeat(2_000_000)}"}`);
      return true;
    },
    'with a page': (_path, respond) => {
      respond(200, { 'content-type': 'text/html' }, '<script>alert(1)</script>');
      return true;
    },
  };
  for (const [how, before_] of Object.entries(bad)) {
    it(`is waited for and read within bounds when it answers ${how}`, async () => {
      for (const at of ['/.well-known/openid-configuration', '/token', '/me', '/jwks']) {
        await within(discovered(), async ({ away, provider }) => {
          if (!at.includes('openid')) {
            const back = await away();
            idp.tampering.before = (path, respond) => path === at && before_(path, respond);
            await refused(provider.identify(back));
          } else {
            idp.tampering.before = (path, respond) => path === at && before_(path, respond);
            await refused(away());
          }
          delete idp.tampering.before;
        });
      }
    });
  }

  it('does not lead into an inner network by what its document says', async () => {
    const reached: string[] = [];
    const inner = createServer((request, response) => {
      reached.push(request.url ?? '');
      response.end('{"keys":[]}');
    });
    await new Promise<void>((resolve) => {
      inner.listen(0, '127.0.0.1', resolve);
    });
    const base = `http://127.0.0.1:${(inner.address() as AddressInfo).port}`;
    try {
      for (const name of ['jwks_uri', 'token_endpoint', 'userinfo_endpoint']) {
        idp.tampering.answer = (path, body) =>
          path.endsWith('openid-configuration') ? { ...body, [name]: `${base}/${name}` } : undefined;
        await within(discovered(), async ({ identify }) => {
          await refused(identify());
        });
      }
      for (const address of ['file:///etc/passwd', 'http://user:pass@127.0.0.1/']) {
        idp.tampering.answer = (path, body) =>
          path.endsWith('openid-configuration') ? { ...body, jwks_uri: address } : undefined;
        await within(discovered(), async ({ identify }) => {
          await refused(identify());
        });
      }
      assert.deepEqual(reached, []);
      // What the operator has set leads where it leads.
      delete idp.tampering.answer;
      await within(discovered({ jwks_url: `${base}/keys` }), async ({ identify }) => {
        await refused(identify(), /no such key|provider-unreachable/u);
      });
      assert.deepEqual(reached, ['/keys']);
    } finally {
      inner.close();
    }
  });
});

describe('an access token that a client brings', () => {
  const form = (accessToken: unknown, more: object = {}) => ({
    serviceName: 'ours',
    accessToken,
    expiresIn: 3600,
    ...more,
  });
  const taken = async (provider: RedirectProvider, given: Readonly<Record<string, unknown>>): Promise<Identity> =>
    (await provider.identifyToken?.(given)) ?? assert.fail('no tokens are taken');

  it('is taken where the provider says that it was given for us', async () => {
    for (const settings of [discovered(), handMade({ introspection_url: '/token/introspection' })]) {
      await within(settings, async ({ provider }) => {
        const client = settings['id'] === idp.post.id ? idp.post : idp.basic;
        const { accessToken } = await idp.tokensFor(client);
        assert.equal((await taken(provider, form(accessToken))).subject, 'alice-1');
        const theirs = await idp.tokensFor(idp.other);
        await refused(taken(provider, form(theirs.accessToken)));
        await refused(taken(provider, form('made-up')));
        const ended = await idp.tokensFor(client);
        for (const more of [{ active: false }, { active: 'true' }, { exp: 1 }, { iss: 'https://other.example.org' }]) {
          if ('iss' in more && settings['issuer'] === undefined) continue;
          idp.tampering.answer = (path, body) => (path === '/token/introspection' ? { ...body, ...more } : undefined);
          await refused(taken(provider, form(ended.accessToken)));
        }
        delete idp.tampering.answer;
      });
    }
  });

  it('is taken with an ID token for us and about the same person', async () => {
    await within(handMade({ jwks_url: '/jwks', identity_token_sent_via: 'header' }), async ({ provider }) => {
      const { accessToken, idToken } = await idp.tokensFor(idp.post);
      assert.equal((await taken(provider, form(accessToken, { idToken }))).subject, 'alice-1');
      const theirs = await idp.tokensFor(idp.other);
      await refused(taken(provider, form(theirs.accessToken, { idToken: theirs.idToken })));
      await refused(taken(provider, form(theirs.accessToken)), /for whom the token was given/u);
      idp.signsIn(mallory);
      const hers = await idp.tokensFor(idp.other);
      await refused(taken(provider, form(hers.accessToken, { idToken })), /two people/u);
    });
  });

  it('of unknown purpose is refused until the administrator takes such tokens', async () => {
    await within(handMade(), async ({ provider, set, world }) => {
      const { accessToken } = await idp.tokensFor(idp.other);
      await refused(taken(provider, form(accessToken)), /for whom the token was given/u);
      await set({ allow_unproved_tokens: 'true' });
      const now = world.app.external.providers.find('ours') ?? assert.fail();
      assert.equal((await taken(now, form(accessToken))).subject, 'alice-1');
    });
  });

  it('comes in the form of one', async () => {
    await within(handMade({ allow_unproved_tokens: 'true' }), async ({ provider }) => {
      for (const given of [
        form({ $ne: '' }),
        form(''),
        form('with blanks'),
        { accessToken: 'x' },
        form('x', { expiresIn: '1' }),
        form('x', { idToken: ['x'] }),
      ]) {
        await assert.rejects(
          taken(provider, given),
          (cause: unknown) => cause instanceof Fault && cause.code === 'malformed',
        );
      }
    });
  });
});

describe('a logout token', () => {
  const event = 'http://schemas.openid.net/event/backchannel-logout';
  const right = (): JWTPayload => ({
    iss: idp.issuer,
    aud: idp.basic.id,
    iat: Math.floor(Date.now() / 1000),
    exp: Math.floor(Date.now() / 1000) + 120,
    jti: 'once',
    sub: 'alice-1',
    sid: 'a session',
    events: { [event]: {} },
  });
  const typ = { typ: 'logout+jwt' };

  it('tells whose session ends', async () => {
    await within(discovered(), async ({ provider }) => {
      const { exp = 0, sub: _sub, ...session } = right();
      const { sid: _sid, ...subject } = right();
      const of = async (claims: JWTPayload) => await provider.logoutToken?.(await idp.sign(claims, typ));
      const endsAt = exp * 1000;
      assert.deepEqual(await of({ ...right(), exp }), { id: 'once', subject: 'alice-1', session: 'a session', endsAt });
      assert.equal((await of({ ...session, exp }))?.subject, undefined);
      assert.equal((await of({ ...subject, exp }))?.session, undefined);
    });
  });

  it('is refused where any of it is wrong', async () => {
    await within(discovered(), async ({ provider }) => {
      const { sub: _1, sid: _2, ...nobodys } = right();
      const { jti: _3, ...nameless } = right();
      const cases: Readonly<Record<string, JWTPayload>> = {
        'another issuer': { ...right(), iss: 'https://other.example.org' },
        'another audience': { ...right(), aud: 'their-app' },
        'expired': { ...right(), iat: 1, exp: 2 },
        'a nonce': { ...right(), nonce: '' },
        'no event': { ...right(), events: {} },
        'an event of no object': { ...right(), events: { [event]: true } },
        'another event': { ...right(), events: { 'http://schemas.openid.net/event/other': {} } },
        'no events': { ...right(), events: undefined },
        'nobody': nobodys,
        'no name': nameless,
      };
      for (const [what, claims] of Object.entries(cases)) {
        await assert.rejects(provider.logoutToken?.(await idp.sign(claims, typ)) ?? Promise.resolve(), Fault, what);
      }
      await refused(provider.logoutToken?.(await idp.sign(right(), { typ: 'at+jwt' })) ?? Promise.resolve());
      const { idToken } = await idp.tokensFor(idp.basic);
      await refused(provider.logoutToken?.(idToken) ?? Promise.resolve(), /something else/u);
    });
  });

  it('is taken of OpenID providers alone', async () => {
    await within(handMade(), async ({ provider }) => {
      assert.equal(provider.logoutToken, undefined);
      await Promise.resolve();
    });
  });
});

describe('people of a custom service who are known here', () => {
  const known = { name: 'Alice', email: { address: 'alice@example.org', verified: true } };
  const code = (wanted: string) => (cause: unknown) => cause instanceof Fault && cause.code === wanted;

  it('are joined by an address that is theirs on both sides, once an administrator allows it', async () => {
    await within(discovered(), async ({ world, signIn, set }) => {
      const account = await world.add('al', known);
      await assert.rejects(signIn(), code('identity-address-taken'));
      await set({ merge_users: 'true' });
      idp.signsIn(mallory);
      await assert.rejects(signIn(), code('identity-address-taken'));
      idp.signsIn({ ...alice, email_verified: 'true' });
      await assert.rejects(signIn(), code('identity-address-taken'));
      idp.signsIn(alice);
      const { account: joined } = await signIn();
      assert.deepEqual([joined.id, joined.username, joined.name], [account.id, 'al', 'Alice Example']);
      assert.deepEqual(joined.emails, account.emails);
    });
    await within(discovered({ merge_users: 'true' }), async ({ world, signIn }) => {
      await world.add('al', { ...known, email: { address: 'alice@example.org', verified: false } });
      await assert.rejects(signIn(), code('identity-address-taken'));
    });
  });

  it('are joined by their usernames where the service decides who is who', async () => {
    await within(discovered({ merge_users: 'true' }), async ({ world, signIn, set }) => {
      const account = await world.add('alice', { email: { address: 'elsewhere@example.org', verified: true } });
      await assert.rejects(signIn(), code('identity-username-taken'));
      await set({ merge_users_distinct_services: 'true', key_field: 'email' });
      await assert.rejects(signIn(), code('identity-username-taken'));
      await set({ key_field: 'username' });
      assert.equal((await signIn()).account.id, account.id);
    });
  });

  it('hold the roles that the service decides, and all others as before', async () => {
    await within(discovered({ merge_roles: 'true', roles_to_sync: 'support, bot' }), async ({ world, signIn, set }) => {
      await world.add('root', { roles: ['admin'] });
      const root = await world.signIn('root');
      const asked = { name: 'support', description: '', scope: 'Users', secondFactor: false } as const;
      const { id } = await world.app.role.create(root, asked, caller());
      // By its name at the provider and in the setting; it has another id.
      assert.notEqual(id, 'support');
      idp.signsIn({ ...alice, roles: ['support', 'admin', 'offline_access', 'uma_authorization'] });
      assert.deepEqual((await signIn()).account.roles.toSorted(), [id, 'user'].toSorted());
      idp.signsIn({ ...alice, roles: ['bot', 'admin'] });
      assert.deepEqual((await signIn()).account.roles.toSorted(), ['bot', 'user']);
      idp.signsIn({ ...alice, roles: undefined });
      assert.deepEqual((await signIn()).account.roles, ['user']);
      await set({ merge_roles: 'false' });
      idp.signsIn({ ...alice, roles: [id] });
      assert.deepEqual((await signIn()).account.roles, ['user']);
    });
  });
});
