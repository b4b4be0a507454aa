import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { caller } from '../../../test/world.ts';
import {
  type ApplicationWorld,
  type KnownApplication,
  openApplicationWorld,
  pkce,
  redirect,
} from './application-world.suite.ts';
import type { RestReply } from './rest-world.suite.ts';

describe('/oauth/authorize', () => {
  let world: ApplicationWorld;
  let application: KnownApplication;
  let asked: Record<string, string>;
  before(async () => {
    world = await openApplicationWorld();
    await world.add('alice');
    await world.add('bob');
    application = await world.register();
    asked = { client_id: application.clientId, redirect_uri: redirect, response_type: 'code', state: 'a state&=' };
  });
  after(async () => {
    await world.close();
  });

  const location = (reply: RestReply): string => {
    assert.equal(reply.status, 302, reply.text);
    return String(reply.headers['location']);
  };
  /** As a browser says where a form comes from. */
  const here = { origin: 'http://localhost:3000' };
  /** What the form of a consent page sends. */
  const formOf = (reply: RestReply): string => {
    assert.equal(reply.status, 200, reply.text);
    return /name="consent" value="([\w-]{43})"/u.exec(reply.text)?.[1] ?? '';
  };
  /** Where the page leads that stands after a consent. */
  const leadsTo = (reply: RestReply): URL => {
    assert.equal(reply.status, 200, reply.text);
    const address = /http-equiv="refresh" content="0; url=([^"]+)"/u.exec(reply.text)?.[1] ?? '';
    return new URL(address.replaceAll(/&#(\d+);/gu, (_all, code: string) => String.fromCharCode(Number(code))));
  };

  it('sends a browser nowhere else than to an address that is registered, letter by letter (Q01)', async () => {
    assert.equal(location(await world.ask({ ...asked, client_id: 'nobody' })), '/oauth/error/404');
    assert.equal(location(await world.ask({ redirect_uri: redirect })), '/oauth/error/404');
    for (const other of [
      '',
      'https://a.example/cb/',
      'https://a.example/cb?x',
      'https://a.example/cb#x',
      'https://a.example/cbx',
      'https://a.example/c',
      'https://A.example/cb',
      'https://a.example/CB',
      'http://a.example/cb',
      'https://a.example:443/cb',
      'https://a.example/..;/cb',
      'https://a.example/x/../cb',
      'https://a.example/%63b',
      'https://aXexample/cb',
      'https://a.example.evil.example/cb',
      'https://evil.example/cb',
      'https://a.example/cb,https://evil.example',
      ' https://a.example/cb',
    ]) {
      const reply = await world.ask({ ...asked, redirect_uri: other });
      assert.equal(location(reply), '/oauth/error/invalid_redirect_uri', other);
      const { text } = await world.signIn('alice');
      const posted = await world.answer({ ...asked, redirect_uri: other, allow: 'yes', token: text });
      assert.equal(posted.status, 400);
      assert.deepEqual(posted.json, {
        error: 'invalid_client',
        error_description: 'Invalid client: `redirect_uri` does not match client value',
      });
    }
    const twice = await world.call({
      url: `/oauth/authorize?client_id=${application.clientId}&redirect_uri=${redirect}&redirect_uri=https://evil.example`,
    });
    assert.equal(location(twice), '/oauth/error/invalid_redirect_uri');
  });

  it('tells a person what went wrong, on pages that lead nowhere', async () => {
    for (const [code, status] of [
      ['404', 404],
      ['invalid_redirect_uri', 400],
      ['<script>', 404],
      ['constructor', 404],
    ] as const) {
      const reply = await world.call({ url: `/oauth/error/${encodeURIComponent(code)}` });
      assert.equal(reply.status, status);
      assert.match(String(reply.headers['content-security-policy']), /frame-ancestors 'none'/u);
      assert.doesNotMatch(reply.text, /<script>|evil/u);
    }
  });

  it('refuses in the words of the contract', async () => {
    const cookie = await world.browserOf('alice');
    const { text } = await world.signIn('alice');
    const cases: readonly [Record<string, string | undefined>, string, string][] = [
      [{ state: undefined }, 'invalid_request', 'Missing parameter: `state`'],
      [{ state: 'ä' }, 'invalid_request', 'Invalid parameter: `state`'],
      [{ state: 'x'.repeat(2049) }, 'invalid_request', 'Invalid parameter: `state`'],
      [{ response_type: undefined }, 'invalid_request', 'Missing parameter: `response_type`'],
      [
        { response_type: 'token' },
        'unsupported_response_type',
        'Unsupported response type: `response_type` is not supported',
      ],
      [{ response_mode: 'form_post' }, 'invalid_request', 'Invalid parameter: `response_mode`'],
      [{ code_challenge: pkce.challenge }, 'invalid_request', 'Invalid parameter: `code_challenge_method`'],
      [
        { code_challenge: pkce.verifier, code_challenge_method: 'plain' },
        'invalid_request',
        'Invalid parameter: `code_challenge_method`',
      ],
      [{ code_challenge_method: 'S256' }, 'invalid_request', 'Invalid parameter: `code_challenge`'],
      [
        { code_challenge: 'short', code_challenge_method: 'S256' },
        'invalid_request',
        'Invalid parameter: `code_challenge`',
      ],
    ];
    for (const [change, error, error_description] of cases) {
      const given = Object.fromEntries(
        Object.entries({ ...asked, ...change }).filter((one): one is [string, string] => one[1] !== undefined),
      );
      for (const reply of [
        await world.ask(given, cookie),
        await world.answer({ ...given, allow: 'yes', token: text }),
      ]) {
        assert.equal(reply.status, 400);
        assert.deepEqual(reply.json, { error, error_description }, JSON.stringify(change));
        assert.equal(reply.headers['content-type'], 'application/json; charset=utf-8');
      }
    }
    const unknown = await world.answer({ ...asked, client_id: 'nobody', allow: 'yes', token: text });
    assert.deepEqual([unknown.status, unknown.json['error']], [400, 'invalid_client']);
  });

  it("takes Rocket.Chat's form with a login token", async () => {
    const { text } = await world.signIn('alice');
    const form = { ...asked, allow: 'yes', token: text };
    const back = new URL(location(await world.answer(form)));
    assert.equal(`${back.origin}${back.pathname}`, redirect);
    assert.deepEqual([...back.searchParams.keys()], ['code', 'state']);
    assert.match(back.searchParams.get('code') ?? '', /^[\da-f]{64}$/u);
    assert.equal(back.searchParams.get('state'), asked['state']);
    const { token, ...rest } = form;
    assert.equal(new URL(location(await world.answer({ ...rest, access_token: token }))).origin, back.origin);
    const inQuery = await world.post(`/oauth/authorize?${new URLSearchParams(asked).toString()}`, {
      allow: 'yes',
      token: text,
    });
    assert.equal(inQuery.status, 302);

    const denied = { error: 'access_denied', error_description: 'The user denied access to your application' };
    for (const allow of ['no', 'Yes', '']) {
      const reply = await world.answer({ ...form, allow });
      assert.equal(reply.status, 401);
      assert.deepEqual(reply.json, denied);
    }
    const nobody = await world.answer(rest);
    assert.deepEqual([nobody.status, nobody.text], [401, 'No token']);
    for (const wrong of ['x', `${text}x`, text.toLowerCase()]) {
      const reply = await world.answer({ ...form, token: wrong });
      assert.deepEqual([reply.status, reply.text], [401, 'Invalid token']);
    }
    // Neither the token nor the yes may stand in an address, and a browser's cookie alone agrees to nothing here.
    const inAddress = await world.post(`/oauth/authorize?${new URLSearchParams(form).toString()}`, {});
    assert.equal(inAddress.status, 401);
    const byCookie = await world.post('/oauth/authorize', rest, { cookie: await world.browserOf('alice') });
    assert.equal(byCookie.text, 'No token');
  });

  it('lets nobody agree with less than a full session', async () => {
    const form = { ...asked, allow: 'yes' };
    const refused = async (token: string): Promise<void> => {
      const reply = await world.answer({ ...form, token });
      assert.deepEqual([reply.status, reply.text], [401, 'Invalid token']);
    };
    const alice = await world.signIn('alice');
    for (const scopes of [undefined, []]) {
      const made = { name: `personal ${String(scopes)}`, skipsSecondFactor: true, scopes };
      await refused(await world.app.personalToken.make(alice, made, { ...callerOf('rest') }));
    }
    const { access } = await world.letIn('alice', application);
    await refused(access);
    await world.add('closed');
    const closed = await world.signIn('closed');
    await world.app.host.setOpen(closed.account.id, false, callerOf('cli'));
    await refused(closed.text);
    await world.add('changes', { passwordChange: { reason: undefined } });
    const changes = await world.signIn('changes');
    await refused(changes.text);
    assert.equal(new URL(location(await world.ask(asked, await world.browserOf('changes')))).pathname, '/sign-in');
    const over = await world.signIn('alice');
    await world.app.session.logOut(over, callerOf('rest'));
    await refused(over.text);
  });

  it('asks whoever is signed in at our pages, and sends everybody else to sign in', async () => {
    const there = new URL(location(await world.ask({ ...asked, scope: 'x'.repeat(100_000).slice(0, 100) })));
    assert.equal(there.pathname, '/sign-in');
    const back = there.searchParams.get('return') ?? '';
    assert.deepEqual(
      Object.fromEntries(new URL(back, 'http://x').searchParams),
      asked,
      'what was asked comes back, and nothing else',
    );
    const cookie = await world.browserOf('alice');
    const page = await world.call({ url: back, headers: { cookie } });
    assert.match(page.text, /Let An application in\?/u);
    assert.match(page.text, /signed in as <strong>alice/u);
    assert.match(page.text, /<strong>a\.example<\/strong>/u);
    // A page that somebody could frame or keep would be answered without its reader (Q09).
    const policy = String(page.headers['content-security-policy']);
    assert.match(policy, /default-src 'none'.*form-action 'self'.*frame-ancestors 'none'/u);
    assert.equal(page.headers['x-frame-options'], 'DENY');
    assert.equal(page.headers['cache-control'], 'no-store');

    const done = leadsTo(
      await world.post('/oauth/authorize', { consent: formOf(page), allow: 'yes' }, { cookie, ...here }),
    );
    assert.equal(`${done.origin}${done.pathname}`, redirect);
    assert.equal(done.searchParams.get('state'), asked['state']);
    const reply = await world.redeem(application, done.searchParams.get('code') ?? '');
    assert.equal(reply.status, 200);
  });

  it('shows the name of an application as text', async () => {
    const evil = await world.register({ name: '<img src=x onerror=alert(1)>' });
    const page = await world.ask({ ...asked, client_id: evil.clientId }, await world.browserOf('alice'));
    assert.doesNotMatch(page.text, /<img/u);
  });

  it('tells the application when a person does not agree', async () => {
    const cookie = await world.browserOf('alice');
    const consent = formOf(await world.ask(asked, cookie));
    const back = leadsTo(await world.post('/oauth/authorize', { consent, allow: 'no' }, { cookie, ...here }));
    assert.equal(back.searchParams.get('error'), 'access_denied');
    assert.equal(back.searchParams.get('state'), asked['state']);
    assert.equal(back.searchParams.get('code'), null);
  });

  it('takes an answer once, from the page and the session that were asked, and from no other site (Q09)', async () => {
    const cookie = await world.browserOf('alice');
    const send = async (consent: string, headers: Record<string, string> = {}): Promise<number> =>
      (await world.post('/oauth/authorize', { consent, allow: 'yes' }, { cookie, ...here, ...headers })).status;
    const fresh = async (): Promise<string> => formOf(await world.ask(asked, cookie));
    const silent = { consent: await fresh(), allow: 'yes' };
    assert.equal(
      (await world.post('/oauth/authorize', silent, { cookie })).status,
      400,
      'no word of where it comes from',
    );
    const used = await fresh();
    assert.equal(await send(used), 200);
    assert.equal(await send(used), 400, 'once');
    assert.equal(await send('x'.repeat(43)), 400, 'a guess');
    assert.equal(await send(await fresh(), { cookie: await world.browserOf('bob') }), 400, 'another person');
    assert.equal(await send(await fresh(), { cookie: await world.browserOf('alice') }), 400, 'another session');
    assert.equal(await send(await fresh(), { cookie: '' }), 400, 'nobody');
    assert.equal(await send(await fresh(), { 'sec-fetch-site': 'cross-site' }), 400);
    assert.equal(await send(await fresh(), { 'sec-fetch-site': 'same-site' }), 400);
    assert.equal(await send(await fresh(), { origin: 'https://evil.example' }), 400);
    assert.equal(await send(await fresh(), { origin: 'null' }), 400);
    assert.equal(await send(await fresh(), { 'sec-fetch-site': 'same-origin' }), 200);
    assert.equal(await send(await fresh(), { origin: 'http://localhost:3000' }), 200);
    const old = await fresh();
    world.clock.move(600_000);
    assert.equal(await send(old), 400, 'too old');
    // What the form was opened for counts, and not what an attacker writes beside it.
    const consent = await fresh();
    const evil = { consent, allow: 'yes', redirect_uri: 'https://evil.example', client_id: 'nobody', state: 'other' };
    const back = leadsTo(await world.post('/oauth/authorize', evil, { cookie, ...here }));
    assert.equal(back.origin, 'https://a.example');
    assert.equal(back.searchParams.get('state'), asked['state']);
  });

  it('gives no code when the application or the session has ended while somebody reads', async () => {
    const cookie = await world.browserOf('alice');
    const other = await world.register();
    const page = await world.ask({ ...asked, client_id: other.clientId }, cookie);
    await world.call({ url: '/api/v1/oauth-apps.delete', headers: await world.asAdmin(), body: { appId: other._id } });
    const reply = await world.post('/oauth/authorize', { consent: formOf(page), allow: 'yes' }, { cookie, ...here });
    assert.equal(reply.status, 400);
  });

  it('gives no code for more than stood on the page', async () => {
    const cookie = await world.browserOf('alice');
    const small = await world.register({ permissions: [] });
    const page = await world.ask({ ...asked, client_id: small.clientId }, cookie);
    const root = await world.signIn('root');
    await world.app.application.change(root, small._id, { options: { permissions: undefined } }, caller());
    const reply = await world.post('/oauth/authorize', { consent: formOf(page), allow: 'yes' }, { cookie, ...here });
    assert.equal(reply.status, 400);
  });

  it('wants PKCE of public applications', async () => {
    const spa = await world.register({ publicClient: true });
    const { text } = await world.signIn('alice');
    const form = { ...asked, client_id: spa.clientId, allow: 'yes', token: text };
    assert.equal((await world.answer(form)).json['error_description'], 'Missing parameter: `code_challenge`');
    const good = { ...form, code_challenge: pkce.challenge, code_challenge_method: 'S256' };
    assert.equal((await world.answer(good)).status, 302);
  });
});

describe('the limit of /oauth/authorize', () => {
  it('holds for pages and for answers, by address', async () => {
    const world = await openApplicationWorld({
      env: {
        OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'true',
        OVERWRITE_SETTING_Countersign_Rate_Limit_Browser_Flow: '2',
      },
    });
    try {
      const asked = async (): Promise<number> => (await world.ask({ client_id: 'x' })).status;
      const answered = async (): Promise<number> => (await world.answer({ allow: 'no' })).status;
      assert.deepEqual([await asked(), await asked(), await asked()], [302, 302, 429]);
      assert.deepEqual([await answered(), await answered(), await answered()], [401, 401, 429]);
      world.from('198.51.100.7');
      assert.deepEqual([await asked(), await answered()], [302, 401]);
    } finally {
      await world.close();
    }
  });
});

function callerOf(door: 'rest' | 'cli') {
  return { door, address: '203.0.113.9', userAgent: 'test/1', requestId: 'test' } as const;
}
