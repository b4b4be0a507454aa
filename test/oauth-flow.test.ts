import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openRestWorld, type RestWorld } from '../src/wire/rest/rest-world.suite.ts';
import { appOwner } from './factor-owner.ts';
import {
  addressAt,
  comeBack,
  configOf,
  credentialToken,
  environmentOf,
  oauthBody,
  queryOf,
  stateOf,
} from './oauth-client.ts';
import { ada, type Stub } from './oauth-stub.ts';
import { openAppleStub, openGithubStub, openGoogleStub } from './provider-stubs.ts';
import { openTwitterStub } from './twitter-stub.ts';
import { handClock } from './world.ts';

const unknown = { error: 145_546_287, message: 'No matching login attempt found' };
const noLimits = { OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false' };

async function withStubs(
  open: readonly ((now: () => number) => Promise<Stub>)[],
  act: (world: RestWorld, ...stubs: Stub[]) => Promise<void>,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const clock = handClock();
  const stubs = await Promise.all(open.map(async (one) => await one(() => clock.now())));
  const world = await openRestWorld({ env: { ...environmentOf(...stubs), ...noLimits, ...env }, clock });
  try {
    await act(world, ...stubs);
  } finally {
    await world.close();
    await Promise.all(stubs.map(async (stub) => await stub.close()));
  }
}

async function logIn(world: RestWorld, body: unknown) {
  return await world.call({ url: '/api/v1/login', body });
}

const github = async (): Promise<Stub> => await openGithubStub();

describe('the way to a provider that a client goes by itself', () => {
  it('signs in whoever came back, once', async () => {
    await withStubs([github], async (world, stub) => {
      const token = credentialToken();
      const config = configOf(await comeBack(world, stub, stateOf({ credentialToken: token })));
      assert.deepEqual(Object.keys(config).toSorted(), [
        'credentialSecret',
        'credentialToken',
        'isCordova',
        'setCredentialToken',
        'storagePrefix',
      ]);
      assert.equal(config.setCredentialToken, true);
      assert.equal(config.credentialToken, token);
      assert.match(String(config.credentialSecret), /^[\w-]{43}$/u);
      assert.equal(config.storagePrefix, 'Meteor.oauth.credentialSecret-');
      const { status, json } = await logIn(world, oauthBody(config));
      assert.equal(status, 200);
      const { me } = json['data'] as { me: Record<string, unknown> };
      assert.equal(me['name'], ada.name);
      assert.equal(me['username'], undefined);
      assert.deepEqual(me['emails'], [{ address: ada.email, verified: true }]);
      // Attack K20: it is good once.
      const again = await logIn(world, oauthBody(config));
      assert.equal(again.status, 401);
      assert.equal(again.json['error'], unknown.error);
      assert.equal(again.json['message'], unknown.message);
    });
  });

  it('answers with a page that runs only our own script', async () => {
    await withStubs([github], async (world, stub) => {
      const reply = await comeBack(world, stub, stateOf({ credentialToken: credentialToken() }));
      const policy = String(reply.headers['content-security-policy']);
      assert.match(policy, /^default-src 'none'; script-src 'self'; style-src 'unsafe-hashes' 'sha256-/u);
      assert.match(policy, /form-action 'none'; frame-ancestors 'none'$/u);
      assert.equal(reply.headers['cache-control'], 'no-store');
      assert.equal(reply.headers['referrer-policy'], 'no-referrer');
      assert.equal(reply.headers['cross-origin-opener-policy'], undefined, 'the opener must stay in reach');
      const path = /<script src="([^"]*)"><\/script>/u.exec(reply.text)?.[1];
      assert.equal(path, '/packages/oauth/end_of_popup_response.js');
      const script = await world.call({ url: path });
      assert.equal(script.status, 200);
      assert.match(String(script.headers['content-type']), /^text\/javascript/u);
    });
  });

  it('comes back to the address that clients of phones name', async () => {
    await withStubs([github], async (world, stub) => {
      const state = stateOf({ credentialToken: credentialToken(), isCordova: true });
      const params = await stub.authorize(addressAt(stub, state, undefined, '_oauth/github?close'));
      const config = configOf(await world.call({ url: `/_oauth/github?close&${queryOf(params)}` }));
      assert.equal(config.isCordova, true);
      assert.equal((await logIn(world, oauthBody(config))).status, 200);
    });
  });

  it('reads a state in either alphabet, after a space took the place of a plus, and one that is the token itself', async () => {
    await withStubs([github], async (world, stub) => {
      // Found so that base64 has the characters in question.
      const text = stateOf({ credentialToken: credentialToken(), redirectUrl: 'http://localhost:3000/~~>>>???' });
      assert.match(text, /[+/]/u);
      const forms = [
        text,
        text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''),
        text.replaceAll('+', ' '),
      ];
      for (const form of [...forms, credentialToken()]) {
        const { code = '' } = await stub.authorize(addressAt(stub, 'x'));
        const reply = await world.call({ url: `/_oauth/github?${queryOf({ code, state: form })}` });
        assert.equal((await logIn(world, oauthBody(configOf(reply)))).status, 200, form);
      }
    });
  });

  it('hands nothing over without a state that fits', async () => {
    await withStubs([github], async (world, stub) => {
      const { code = '' } = await stub.authorize(addressAt(stub, 'x'));
      const bad = [
        undefined,
        '',
        'short',
        '<script>alert(1)</script>________',
        stateOf({ credentialToken: 'short' }),
        stateOf({ credentialToken: { $ne: '' } }),
        stateOf({ credentialToken: `${credentialToken()}"><b>` }),
        stateOf({ credentialToken: credentialToken(), loginStyle: 'frame' }),
        'a'.repeat(9000),
      ];
      for (const state of bad) {
        const query = queryOf({ code, ...(state === undefined ? {} : { state }) });
        const { status, text } = await world.call({ url: `/_oauth/github?${query}` });
        assert.equal(status, 200, state);
        assert.doesNotMatch(text, /id="config"|<script|<b>/u, state);
      }
      for (const url of ['/_oauth/github?close', '/_oauth/github', '/_oauth/github?state[]=a&state[]=b']) {
        assert.doesNotMatch((await world.call({ url })).text, /id="config"/u);
      }
      assert.ok(!stub.asked.includes('/login/oauth/access_token'), 'nobody asked for the code');
    });
  });

  it('keeps a failure for the client, which collects it with no secret, once', async () => {
    await withStubs([github], async (world) => {
      const failures: readonly [Record<string, string>, number | string, RegExp][] = [
        [{ code: 'made-up' }, 500, /^Failed to complete OAuth handshake with GitHub\. invalid_grant$/u],
        [{ error: 'access_denied' }, 500, /handshake with GitHub\. access_denied$/u],
      ];
      for (const [params, error, message] of failures) {
        const token = credentialToken();
        const query = queryOf({ ...params, state: stateOf({ credentialToken: token }) });
        const config = configOf(await world.call({ url: `/_oauth/github?${query}` }));
        assert.equal(config.setCredentialToken, false);
        assert.equal(config.credentialSecret, undefined);
        const body = { oauth: { credentialToken: token, credentialSecret: null } };
        const { status, json } = await logIn(world, body);
        assert.equal(status, 401);
        assert.equal(json['error'], error);
        assert.match(String(json['message']), message);
        assert.equal((await logIn(world, body)).json['error'], unknown.error);
      }
      const token = credentialToken();
      const url = `/_oauth/nobody?code=x&state=${encodeURIComponent(stateOf({ credentialToken: token }))}`;
      assert.equal(configOf(await world.call({ url })).setCredentialToken, false);
      const off = await logIn(world, { oauth: { credentialToken: token, credentialSecret: null } });
      assert.equal(off.json['error'], 145_546_287);
      assert.equal(off.json['message'], 'No registered oauth service found for: nobody');
    });
  });

  it('tells the operator why a provider let nobody in, and nothing secret', async () => {
    const said: unknown[] = [];
    const stub = await openGithubStub();
    const log = (...given: readonly unknown[]): void => {
      said.push(given);
    };
    const world = await openRestWorld({ env: environmentOf(stub), parts: { log } });
    try {
      const query = queryOf({ code: 'made-up', state: credentialToken() });
      await world.call({ url: `/_oauth/github?${query}` });
      await world.call({ url: `/_oauth/nobody?${query}` });
      const told = 'Failed to complete OAuth handshake with GitHub. invalid_grant';
      const facts = { service: 'github', code: 'provider-refused', told };
      assert.deepEqual(said, [['A sign-in at a provider came to nothing.', facts]]);
    } finally {
      await world.close();
      await stub.close();
    }
  });

  it('takes the form that Apple posts, and the same as JSON', async () => {
    await withStubs([openAppleStub], async (world, stub) => {
      for (const type of ['application/x-www-form-urlencoded', 'application/json']) {
        const token = credentialToken();
        const address = `${addressAt(stub, stateOf({ credentialToken: token }))}&response_mode=form_post`;
        const params = await stub.authorize(address);
        const body = type.endsWith('json') ? JSON.stringify(params) : new URLSearchParams({ ...params }).toString();
        const headers = { 'content-type': type, 'origin': 'https://appleid.apple.com' };
        const reply = await world.call({ method: 'POST', url: '/_oauth/apple', headers, body });
        const { status, json } = await logIn(world, oauthBody(configOf(reply)));
        assert.equal(status, 200);
        assert.equal((json['data'] as { me: { name: string } }).me.name, ada.name);
      }
    });
  });

  it('begins with a request token for OAuth 1, in the browser that comes back alone', async () => {
    await withStubs([openTwitterStub], async (world, stub) => {
      const begin = async () => {
        const state = stateOf({ credentialToken: credentialToken() });
        const url = `/_oauth/twitter?requestTokenAndRedirect=true&state=${encodeURIComponent(state)}`;
        const reply = await world.call({ url });
        assert.equal(reply.status, 302);
        const cookie = String(reply.headers['set-cookie']);
        assert.match(cookie, /; HttpOnly; SameSite=Lax; Max-Age=300/u);
        const params = await stub.authorize(String(reply.headers['location']));
        return { cookie: cookie.split(';')[0] ?? '', query: queryOf(params) };
      };
      const own = await begin();
      const back = await world.call({ url: `/_oauth/twitter?${own.query}`, headers: { cookie: own.cookie } });
      assert.equal((await logIn(world, oauthBody(configOf(back)))).status, 200);
      // As older clients begin, with the address that they want to be called back at.
      const older = queryOf({
        requestTokenAndRedirect: 'http://localhost:3000/_oauth/twitter?&state=x',
        state: credentialToken(),
      });
      assert.equal((await world.call({ url: `/_oauth/twitter/?${older}` })).status, 302);
      // Another browser, one without a cookie, and one that comes too late.
      const other = await begin();
      const another = await begin();
      for (const headers of [{ cookie: another.cookie }, undefined]) {
        const reply = await world.call({ url: `/_oauth/twitter?${other.query}`, ...(headers && { headers }) });
        assert.equal(configOf(reply).setCredentialToken, false);
      }
      world.clock.move(301_000);
      const late = await world.call({ url: `/_oauth/twitter?${another.query}`, headers: { cookie: another.cookie } });
      assert.equal(configOf(late).setCredentialToken, false);
    });
  });

  it('exchanges the code of a service that has a proxy as one for the proxy', async () => {
    await withStubs(
      [github],
      async (world, stub) => {
        const state = stateOf({ credentialToken: credentialToken() });
        const direct = configOf(await comeBack(world, stub, state));
        assert.equal(direct.setCredentialToken, false);
        const params = await stub.authorize(addressAt(stub, state, 'https://proxy.example', 'oauth_redirect'));
        const config = configOf(await world.call({ url: `/_oauth/github?${queryOf(params)}` }));
        assert.equal((await logIn(world, oauthBody(config))).status, 200);
      },
      {
        OVERWRITE_SETTING_Accounts_OAuth_Proxy_services: 'google, github',
        OVERWRITE_SETTING_Accounts_OAuth_Proxy_host: 'https://proxy.example/',
      },
    );
  });

  it('knows its own address, with a path and behind TLS', async () => {
    await withStubs(
      [github, openTwitterStub],
      async (world, stub) => {
        const root = 'https://example.org/chat';
        const state = stateOf({ credentialToken: credentialToken(), loginStyle: 'redirect' });
        const params = await stub.authorize(addressAt(stub, state, root));
        const reply = await world.call({ url: `/_oauth/github?${queryOf(params)}` });
        const config = configOf(reply);
        assert.equal(config.setCredentialToken, true);
        assert.equal(config.redirectUrl, `${root}/`);
        assert.match(reply.text, /<script src="\/chat\/packages\/oauth\/end_of_redirect_response\.js">/u);
        assert.equal(reply.headers['strict-transport-security'], 'max-age=31536000');
        const begun = await world.call({
          url: `/_oauth/twitter?requestTokenAndRedirect=true&state=${credentialToken()}`,
        });
        assert.match(String(begun.headers['set-cookie']), /; Secure/u);
      },
      { OVERWRITE_SETTING_Site_Url: 'https://example.org/chat' },
    );
  });

  it('begins nothing for providers of OAuth 2', async () => {
    await withStubs([github], async (world) => {
      const state = stateOf({ credentialToken: credentialToken() });
      const url = `/_oauth/github?requestTokenAndRedirect=true&state=${encodeURIComponent(state)}`;
      assert.equal(configOf(await world.call({ url })).setCredentialToken, false);
    });
  });

  it('counts calls by address', async () => {
    await withStubs(
      [github],
      async (world) => {
        const url = '/_oauth/github?close';
        const replies = [];
        for (let call = 0; call < 100; call++) replies.push((await world.call({ url })).status);
        assert.ok(replies.includes(200) && replies.at(-1) === 429, replies.join(' '));
      },
      { OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'true' },
    );
  });
});

describe('the way that this server leads', () => {
  it('goes to these providers and back', async () => {
    await withStubs([openGoogleStub, openAppleStub, openTwitterStub], async (world, ...stubs) => {
      for (const stub of stubs) {
        const start = await world.call({ url: `/oauth/${stub.service}` });
        assert.equal(start.status, 302, stub.service);
        const headers = { cookie: String(start.headers['set-cookie']).split(';')[0] ?? '' };
        const params = queryOf(await stub.authorize(String(start.headers['location'])));
        const url = `/oauth/${stub.service}/callback`;
        let to = new URL(`${url}?${params}`, 'http://localhost:3000');
        if (stub.service === 'apple') {
          const form = { 'content-type': 'application/x-www-form-urlencoded' };
          const again = await world.call({ method: 'POST', url, headers: form, body: params });
          to = new URL(String(again.headers['location']));
        }
        const back = await world.call({ url: `${to.pathname}${to.search}`, headers });
        const code = /[?]loginCode=([\w-]+)/u.exec(String(back.headers['location']))?.[1];
        assert.ok(code !== undefined, `${stub.service}: ${back.status} ${back.text.slice(-300)}`);
        assert.equal((await world.call({ url: '/api/v1/loginCode.redeem', body: { code } })).status, 200);
      }
    });
  });
});

describe('where the end page leads', () => {
  const leads = async (redirectUrl: string | undefined): Promise<string> => {
    let to = '';
    await withStubs([github], async (world, stub) => {
      const state = stateOf({
        credentialToken: credentialToken(),
        loginStyle: 'redirect',
        ...(redirectUrl === undefined ? {} : { redirectUrl }),
      });
      const reply = await comeBack(world, stub, state);
      assert.match(reply.text, /<script src="\/packages\/oauth\/end_of_redirect_response\.js">/u);
      to = String(configOf(reply).redirectUrl);
    });
    return to;
  };

  it('is a place at this server', async () => {
    assert.equal(
      await leads('http://localhost:3000/channel/general?a=b#c'),
      'http://localhost:3000/channel/general?a=b#c',
    );
    assert.equal(await leads('/home'), 'http://localhost:3000/home');
    assert.equal(await leads(undefined), 'http://localhost:3000/');
  });

  it('is never another place (attack K15)', async () => {
    await withStubs([github], async (world, stub) => {
      for (const redirectUrl of [
        '//evil.example',
        'https:evil.example',
        '\\\\evil.example',
        '/\\evil.example',
        'javascript:alert(1)',
        'data:text/html,x',
        'http://localhost:3000@evil.example/',
        'http://localhost:3000.evil.example/',
        'http://localhost:30001/',
        'https://localhost:3000/',
        'http://localhost:3000/\r\nSet-Cookie: a=b',
        ' http://evil.example/',
        '%2F%2Fevil.example',
        'rocketchat://authentic.example',
        'rocketchat://evil',
        '"><script>alert(1)</script>',
      ]) {
        const state = stateOf({ credentialToken: credentialToken(), loginStyle: 'redirect', redirectUrl });
        const reply = await comeBack(world, stub, state);
        assert.equal(configOf(reply).redirectUrl, 'http://localhost:3000/', redirectUrl);
        assert.doesNotMatch(reply.text, /evil|alert/u);
      }
    });
  });

  it('is the mobile app with what it needs, where it asks for that', async () => {
    const to = new URL(await leads('rocketchat://auth?whatever=https://evil.example'));
    assert.equal(`${to.protocol}//${to.host}`, 'rocketchat://auth');
    assert.deepEqual([...to.searchParams.keys()], ['host', 'type', 'credentialToken', 'credentialSecret']);
    assert.equal(to.searchParams.get('host'), 'http://localhost:3000');
    assert.equal(to.searchParams.get('type'), 'oauth');
  });
});

describe('attacks on the way by a provider', () => {
  it('K02: a code is good once, also at the same moment', async () => {
    await withStubs([github], async (world, stub) => {
      const params = await stub.authorize(addressAt(stub, 'x'));
      const replies = await Promise.all(
        Array.from({ length: 5 }, async () => {
          const query = queryOf({ ...params, state: stateOf({ credentialToken: credentialToken() }) });
          return configOf(await world.call({ url: `/_oauth/github?${query}` }));
        }),
      );
      assert.equal(replies.filter(({ setCredentialToken }) => setCredentialToken).length, 1);
    });
  });

  it('K02: a credential is good once, also at the same moment', async () => {
    await withStubs([github], async (world, stub) => {
      const config = configOf(await comeBack(world, stub, stateOf({ credentialToken: credentialToken() })));
      const replies = await Promise.all(Array.from({ length: 5 }, async () => await logIn(world, oauthBody(config))));
      assert.equal(replies.filter(({ status }) => status === 200).length, 1);
    });
  });

  it('K03: a code of one provider is none at another, and neither is an answer of another issuer', async () => {
    await withStubs([github, openGoogleStub], async (world, hub, goo) => {
      const state = stateOf({ credentialToken: credentialToken() });
      const params = await hub.authorize(addressAt(hub, state));
      const mixed = await world.call({ url: `/_oauth/google?${queryOf(params)}` });
      assert.equal(configOf(mixed).setCredentialToken, false);
      const wrong = await comeBack(world, goo, stateOf({ credentialToken: credentialToken() }), {
        iss: 'https://evil.example',
      });
      assert.equal(configOf(wrong).setCredentialToken, false);
      const right = await comeBack(world, goo, stateOf({ credentialToken: credentialToken() }), {
        iss: 'https://accounts.google.com',
        scope: 'email profile',
        authuser: '0',
      });
      assert.equal(configOf(right).setCredentialToken, true);
    });
  });

  it('K20: a wrong secret uses the credential up', async () => {
    await withStubs([github], async (world, stub) => {
      const config = configOf(await comeBack(world, stub, stateOf({ credentialToken: credentialToken() })));
      for (const credentialSecret of [credentialToken(), config.credentialSecret, null]) {
        const { json } = await logIn(world, { oauth: { credentialToken: config.credentialToken, credentialSecret } });
        assert.equal(json['error'], unknown.error);
      }
      const late = configOf(await comeBack(world, stub, stateOf({ credentialToken: credentialToken() })));
      world.clock.move(60_001);
      assert.equal((await logIn(world, oauthBody(late))).json['error'], unknown.error);
    });
  });

  it('K20: takes text alone, and exactly two members', async () => {
    await withStubs([github], async (world, stub) => {
      const { credentialToken: token, credentialSecret: secret } = configOf(
        await comeBack(world, stub, stateOf({ credentialToken: credentialToken() })),
      );
      for (const oauth of [
        { credentialToken: { $ne: '' }, credentialSecret: secret },
        { credentialToken: token, credentialSecret: { $ne: '' } },
        { credentialToken: token },
        { credentialToken: token, credentialSecret: secret, more: 1 },
        [token, secret],
      ]) {
        const { status, json } = await logIn(world, { oauth });
        assert.equal(status, 401);
        assert.equal(json['error'], 'Unauthorized');
      }
      const good = { oauth: { credentialToken: token, credentialSecret: secret } };
      assert.equal((await logIn(world, good)).status, 200);
    });
  });

  it('K22: the second factor is asked, with the same pair in either form, and five wrong codes end it', async () => {
    await withStubs([github], async (world, stub) => {
      const owner = await appOwner(world, 'ada');
      stub.signsIn({ ...ada, email: 'ada@example.com' });
      const begin = async () =>
        oauthBody(configOf(await comeBack(world, stub, stateOf({ credentialToken: credentialToken() }))));
      const beside = await begin();
      const asked = await logIn(world, beside);
      assert.equal(asked.json['error'], 'totp-required');
      assert.deepEqual((asked.json['details'] as Record<string, unknown>)['availableMethods'], ['totp']);
      assert.equal((await logIn(world, { ...beside, totp: { code: owner.code() } })).status, 200);
      assert.equal((await logIn(world, { ...beside, totp: { code: owner.code(1) } })).json['error'], unknown.error);

      world.clock.move(120_000);
      const wrapped = await begin();
      assert.equal((await logIn(world, wrapped)).json['error'], 'totp-required');
      world.clock.move(100_000);
      assert.equal((await logIn(world, { totp: { login: wrapped, code: owner.code() } })).status, 200);

      world.clock.move(120_000);
      const wrong = await begin();
      for (let tries = 0; tries < 5; tries++) {
        assert.equal((await logIn(world, { ...wrong, totp: { code: '000000' } })).json['error'], 'totp-invalid');
      }
      assert.equal((await logIn(world, { ...wrong, totp: { code: owner.code() } })).json['error'], unknown.error);
    });
  });

  it('K10: joins no account by its address where the administrator does not let it', async () => {
    for (const joins of ['true', 'false']) {
      await withStubs(
        [github],
        async (world, stub) => {
          const account = await world.add('ada', { email: { address: ada.email, verified: true } });
          const config = configOf(await comeBack(world, stub, stateOf({ credentialToken: credentialToken() })));
          const { status, json } = await logIn(world, oauthBody(config));
          assert.equal(status, joins === 'true' ? 200 : 401);
          if (joins === 'false') assert.equal(json['message'], 'Email already exists.');
          const joined = await world.store.identities.ofAccount(account.id);
          assert.equal(joined.length, joins === 'true' ? 1 : 0);
        },
        { OVERWRITE_SETTING_Countersign_OAuth_Join_By_Email: joins },
      );
    }
  });

  it('K12: one subject at two providers is two people, and an address that another has is nobody’s way in', async () => {
    await withStubs([github, openGoogleStub], async (world, hub, goo) => {
      goo.signsIn({ ...ada, email: 'another@example.org' });
      const ids = [];
      for (const stub of [hub, goo]) {
        const config = configOf(await comeBack(world, stub, stateOf({ credentialToken: credentialToken() })));
        const { json } = await logIn(world, oauthBody(config));
        ids.push((json['data'] as { userId: string }).userId);
      }
      assert.equal(new Set(ids).size, 2);
      goo.signsIn({ ...ada, id: '666', verified: false });
      const config = configOf(await comeBack(world, goo, stateOf({ credentialToken: credentialToken() })));
      assert.equal((await logIn(world, oauthBody(config))).json['message'], 'Email already exists.');
    });
  });

  it('shows administrators the callback, which nobody changes, and no secret', async () => {
    await withStubs([github], async (world, stub) => {
      const headers = await world.asAdmin();
      const url = '/api/v1/settings/Accounts_OAuth_Github_callback_url';
      assert.equal((await world.call({ url, headers })).json['value'], '_oauth/github');
      assert.equal((await world.call({ url, headers, body: { value: 'x' } })).status, 400);
      assert.equal((await world.call({ url, headers })).json['value'], '_oauth/github');
      const all = await world.call({ url: '/api/v1/settings?count=0', headers });
      assert.match(all.text, /Accounts_OAuth_Github_secret/u);
      for (const secret of stub.secrets) assert.ok(!all.text.includes(secret));
    });
  });

  it('gives a session of the kind that the service is called by', async () => {
    await withStubs([github], async (world, stub) => {
      const config = configOf(await comeBack(world, stub, stateOf({ credentialToken: credentialToken() })));
      const pair = { token: config.credentialToken ?? '', secret: config.credentialSecret ?? null };
      const caller = { door: 'ddp', address: '203.0.113.9', userAgent: 'test', requestId: 't' } as const;
      const { kind, account } = await world.app.external.logInByCredential('oauth', pair, caller);
      assert.equal(kind, 'github');
      const identities = await world.store.identities.ofAccount(account.id);
      assert.deepEqual(
        identities.map(({ provider, subject }) => [provider, subject]),
        [['github', ada.id]],
      );
    });
  });
});
