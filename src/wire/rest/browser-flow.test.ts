import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type AppOwner, appOwner, codeOf } from '../../../test/factor-owner.ts';
import { type FakeProviders, fakeProviders, identityOf } from '../../../test/fake-providers.ts';
import { caller, password } from '../../../test/world.ts';
import type { Identity } from '../../core/external-login/identity.ts';
import { sampleAudit } from '../../core/samples.suite.ts';
import { sha256Hex } from '../../lib/digest.ts';
import { type RestReply, type RestWorld, withRest } from './rest-world.suite.ts';

const root = 'http://localhost:3000';
const minuteMs = 60_000;

interface Flow {
  readonly world: RestWorld;
  readonly fake: FakeProviders;
  /** Begins a flow as a browser. */
  start(query?: string, service?: string): Promise<{ readonly state: string; readonly cookie: string }>;
  /** Comes back from the provider. */
  callback(given: {
    readonly state: string;
    readonly code?: string;
    readonly cookie?: string | undefined;
    readonly service?: string;
    readonly more?: string;
  }): Promise<RestReply>;
  /** All of it, in one browser. */
  through(code: string, query?: string): Promise<RestReply>;
}

async function withFlow(act: (flow: Flow) => Promise<void>, env: Readonly<Record<string, string>> = {}): Promise<void> {
  const fake = fakeProviders('google', 'github', 'apple');
  await withRest(
    async (world) => {
      const flow: Flow = {
        world,
        fake,
        async start(query = '', service = 'google') {
          const { status, headers, text } = await world.call({ url: `/oauth/${service}${query}` });
          assert.equal(status, 302, text);
          const state = fake.left.at(-1)?.state ?? '';
          assert.equal(headers['location'], `https://${service}.example/authorize?state=${state}`);
          const [cookie = ''] = String(headers['set-cookie']).split(';');
          return { state, cookie };
        },
        callback: async ({ state, code = 'code', cookie, service = 'google', more = '' }) =>
          await world.call({
            url: `/oauth/${service}/callback?code=${code}&state=${state}${more}`,
            headers: cookie === undefined ? {} : { cookie },
          }),
        async through(code, query) {
          return await flow.callback({ ...(await flow.start(query)), code });
        },
      };
      fake.people.set('ada', identityOf('google', 'ada', { session: 's1' }));
      await act(flow);
    },
    { parts: { providers: fake.providers }, env: { OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false', ...env } },
  );
}

function placeOf({ status, headers, text }: RestReply): URL {
  assert.ok(status === 302 || status === 303, `${status} ${text}`);
  return new URL(String(headers['location']));
}

function refused(reply: RestReply, status: number): void {
  assert.equal(reply.status, status, reply.text);
  assert.match(String(reply.headers['content-type']), /^text\/html/u);
  assert.match(reply.text, /<h1>You are not signed in<\/h1>\n<p>[^<]+<\/p>/u);
  assert.equal(reply.headers['set-cookie'], undefined);
}

async function redeem(world: RestWorld, code: string | null): Promise<RestReply> {
  return await world.call({ url: '/api/v1/loginCode.redeem', body: { code } });
}

async function joinAda({ world, fake }: Flow, accountId: string): Promise<void> {
  const identity = identityOf('google', 'ada', { session: 's1' });
  fake.people.set('ada', identity);
  const { door, address, userAgent } = caller();
  const who = { at: 0, accountId, actorId: accountId, door, address, userAgent };
  const audit = { ...who, what: 'identity.link', outcome: 'done', facts: {} } as const;
  assert.equal(await world.store.identities.link(identity, accountId, {}, world.clock.now(), audit), 'linked');
}

/** Somebody of the provider with an authenticator app. */
async function adaWithApp(flow: Flow): Promise<AppOwner> {
  const owner = await appOwner(flow.world, 'ada');
  await joinAda(flow, owner.account.id);
  return owner;
}

describe('a sign-in at a provider, through the browser', () => {
  it('ends with a code that a client redeems once, and the session has its origin', async () => {
    await withFlow(async ({ world, fake, start, callback }) => {
      const begun = await world.call({ url: '/oauth/google?loginClient=desktop' });
      assert.match(
        String(begun.headers['set-cookie']),
        /^oauth=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=300$/u,
      );
      const left = fake.left[0];
      assert.equal(left?.redirectUri, `${root}/oauth/google/callback`);
      for (const text of [left.state, left.nonce, left.verifier]) assert.match(String(text), /^[\w-]{43}$/u);
      assert.equal(new Set([left.state, left.nonce, left.verifier]).size, 3);

      const place = placeOf(await callback({ ...(await start('?loginClient=desktop')), code: 'ada' }));
      assert.equal(place.origin + place.pathname, `${root}/home`);
      assert.deepEqual([...place.searchParams.keys()], ['loginCode', 'loginClient']);
      const code = place.searchParams.get('loginCode');
      assert.match(String(code), /^[0-9a-f]{64}$/u);
      const { status, json } = await redeem(world, code);
      assert.equal(status, 200);
      const { account } = await world.app.session.authenticate(String(json['userId']), String(json['loginToken']));
      assert.deepEqual([account.username, account.hasPassword], ['ada', false]);
      const [used] = await world.app.host.audit(1, account.id);
      assert.deepEqual([used?.what, used?.facts['kind']], ['log-in', 'google']);
      assert.equal((await redeem(world, code)).status, 400, 'once');
      const { door, address, userAgent } = caller();
      const by = { at: 0, actorId: undefined, door, address, userAgent };
      const audit = (accountId: string) =>
        ({ ...by, what: 'session.end', outcome: 'done', facts: {}, accountId }) as const;
      const ended = await world.store.identities.endSessions({ provider: 'google', session: 's1' }, audit);
      assert.deepEqual(ended, [account.id], 'the origin stands behind the session');
    });
  });

  it('sets a cookie for TLS alone where the server is reached by it', async () => {
    await withFlow(
      async ({ world, fake }) => {
        const { headers } = await world.call({ url: '/oauth/google' });
        assert.match(String(headers['set-cookie']), /; Secure$/u);
        assert.equal(fake.left[0]?.redirectUri, 'https://chat.example/oauth/google/callback');
      },
      { OVERWRITE_SETTING_Site_Url: 'https://chat.example' },
    );
  });

  it('is refused without its cookie, with another one, a second time, too late, and at another service', async () => {
    await withFlow(async ({ world, fake, start, callback }) => {
      fake.people.set('eve', identityOf('github', 'eve'));
      const none = await start();
      refused(await callback({ state: none.state, code: 'ada' }), 400);
      refused(await callback({ ...none, code: 'ada' }), 400);

      const [mine, theirs] = [await start(), await start()];
      refused(await callback({ state: theirs.state, cookie: mine.cookie, code: 'ada' }), 400);
      const twice = await start();
      assert.equal((await callback({ ...twice, code: 'ada' })).status, 302);
      refused(await callback({ ...twice, code: 'ada' }), 400);

      const late = await start();
      world.clock.move(5 * minuteMs);
      refused(await callback({ ...late, code: 'ada' }), 400);

      const mixed = await start('', 'github');
      refused(await callback({ ...mixed, code: 'ada' }), 400);
      refused(await callback({ ...(await start()), code: 'ada', more: '&state=x' }), 400);
      refused(await callback({ state: 'made-up', cookie: mine.cookie, code: 'ada' }), 400);
      const planted = await start();
      const cookie = `${planted.cookie}; oauth=${'x'.repeat(43)}`;
      refused(await callback({ state: planted.state, cookie, code: 'ada' }), 400);
      assert.equal(fake.returned.length, 1, 'the provider was asked once in all of this');
    });
  });

  it('lets one of two at once in', async () => {
    await withFlow(async ({ start, callback }) => {
      const begun = await start();
      const replies = await Promise.all([callback({ ...begun, code: 'ada' }), callback({ ...begun, code: 'ada' })]);
      assert.deepEqual(
        replies.map(({ status }) => status).toSorted((a, b) => a - b),
        [302, 400],
      );
    });
  });

  it('tells a person in a sentence what kept them out', async () => {
    await withFlow(async ({ world, fake, start, callback, through }) => {
      refused(await world.call({ url: '/oauth/unknown' }), 404);
      refused(await callback({ ...(await start()), more: '&error=access_denied&error_description=%3Cb%3Eno' }), 403);
      refused(await through('nobody'), 403);
      const closed = await world.add('closed');
      fake.people.set('closed', identityOf('google', 'closed', { emails: [] }));
      refused(await through('closed'), 403);
      fake.people.set(
        'taken',
        identityOf('google', 'taken', { emails: [{ address: 'closed@example.com', asserted: true }] }),
      );
      const taken = await through('taken');
      refused(taken, 403);
      assert.match(taken.text, /join the service to it/u);
      const byEmail: Identity['joins'] = { byEmail: true, byUsername: false };
      fake.people.set('joined', {
        ...identityOf('google', 'taken'),
        emails: [{ address: 'closed@example.com', asserted: true }],
        joins: byEmail,
      });
      await world.app.host.setOpen(closed.id, false, caller());
      refused(await through('joined'), 403);
      const gone = await start();
      fake.remove('google');
      refused(await callback({ ...gone, code: 'ada' }), 404);
    });
  });

  it('gives no code that goes around a second factor', async () => {
    await withFlow(async (flow) => {
      const { world, through } = flow;
      const { id } = await world.add('ada');
      await joinAda(flow, id);
      const code = placeOf(await through('ada')).searchParams.get('loginCode');
      const { text } = await world.signIn('ada');
      const signed = await world.app.session.authenticate(id, text);
      const { secret } = await world.app.factor.beginApp(signed, 'Test:ada', caller());
      await world.app.factor.confirmApp(signed, codeOf(secret, world.clock.now()), caller());
      const held = await redeem(world, code);
      assert.deepEqual([held.status, held.json['loginToken']], [400, undefined]);
      assert.match(held.text, /totp-required/u);
    });
  });

  it('mails the code where that is the factor', async () => {
    await withFlow(async (flow) => {
      const { world, through } = flow;
      const { id } = await world.add('ada');
      await joinAda(flow, id);
      const { text } = await world.signIn('ada');
      await world.app.factor.turnEmailOn(await world.app.session.authenticate(id, text), caller());
      const before = world.mails.length;
      const place = placeOf(await through('ada'));
      assert.match(place.pathname, /^\/2fa\/email\/[\w-]{43}$/u);
      assert.equal(world.mails.length, before + 1);
    });
  });

  it('waits for the second factor of whoever has one', async () => {
    await withFlow(async (flow) => {
      const { world, through } = flow;
      const owner = await adaWithApp(flow);
      const place = placeOf(await through('ada', '?loginClient=mobile'));
      const [, step, method, challengeId] = place.pathname.split('/');
      assert.deepEqual([step, method, place.search], ['2fa', 'totp', '?loginClient=mobile']);
      const page = await world.call({ url: place.pathname });
      assert.equal(page.status, 200);
      assert.ok(!page.text.includes('<form'), 'a client goes on by itself');
      const body = { challengeId, code: owner.code() };
      const wrong = await world.call({
        url: '/api/v1/twoFactorChallenges.verifyChallenge',
        body: { ...body, code: '000000' },
      });
      assert.equal(wrong.status, 400);
      const right = await world.call({ url: '/api/v1/twoFactorChallenges.verifyChallenge', body });
      assert.equal(right.status, 200, right.text);
      const signed = await world.app.session.authenticate(owner.account.id, String(right.json['loginToken']));
      assert.equal(signed.token.factor, 'totp');
      assert.equal((await world.call({ url: '/api/v1/twoFactorChallenges.verifyChallenge', body })).status, 400);
      const [used] = await world.app.host.audit(1, owner.account.id);
      assert.equal(used?.facts['kind'] ?? used?.facts['code'], 'google');
    });
  });

  it('waits no more once nobody is asked for factors, and opens no session for whoever only asks', async () => {
    await withFlow(async (flow) => {
      const { world, start, callback } = flow;
      const owner = await adaWithApp(flow);
      const { pathname } = placeOf(await callback({ ...(await start('?return=/there')), code: 'ada' }));
      const challengeId = pathname.split('/').at(-1);
      const setting = 'Accounts_TwoFactorAuthentication_Enabled';
      await world.app.host.changeSetting(setting, false, caller({ door: 'cli', address: '' }));
      const sessionsOf = async () =>
        await world.app.host.sessions({ count: 10, offset: 0, ascending: false, accountId: owner.account.id });
      const before = await sessionsOf();
      const offered = await world.call({ url: '/api/v1/twoFactorChallenges.offer', body: { challengeId } });
      assert.deepEqual(
        [offered.status, offered.json['errorType'], await sessionsOf()],
        [400, 'error-challenge-not-found', before],
      );
    });
  });

  it('leaves no session behind where a page without script cannot ask for the password that is due', async () => {
    await withFlow(async (flow) => {
      const { world, start, callback } = flow;
      const { account, code } = await adaWithApp(flow);
      const host = caller({ door: 'cli', address: '' });
      const due = { passwordChange: { reason: undefined } };
      const audit = sampleAudit(account.id, { what: 'account.edit' });
      assert.equal(await world.store.accounts.edit(account.id, due, world.clock.now(), audit), 'done');
      await world.app.host.endSessions(account.id, host);
      const begun = await start('?return=/there');
      const { pathname: url } = placeOf(await callback({ ...begun, code: 'ada' }));
      const headers = { 'content-type': 'application/x-www-form-urlencoded', 'cookie': begun.cookie };
      refused(await world.call({ url, method: 'POST', body: `code=${code()}`, headers }), 403);
      const page = { count: 10, offset: 0, ascending: false, accountId: account.id };
      assert.deepEqual(await world.app.host.sessions(page), { tokens: [], total: 0 });
    });
  });

  it('signs the browser in at our own pages, and goes to a path of ours alone', async () => {
    await withFlow(async ({ world, through }) => {
      const reply = await through('ada', `?return=${encodeURIComponent('/oauth/authorize?client_id=x')}`);
      assert.equal(placeOf(reply).href, `${root}/oauth/authorize?client_id=x`);
      const [, text] =
        /^countersign_session=([\w-]{43}); Path=\/; HttpOnly; SameSite=Lax/u.exec(
          String(reply.headers['set-cookie']),
        ) ?? [];
      const found = await world.app.page.find(text ?? '');
      assert.deepEqual([found?.signed.account.username, found?.signed.token.door], ['ada', 'page']);
      for (const evil of [
        '//evil.example',
        'https:evil.example',
        '/\\evil.example',
        '\\evil.example',
        'javascript:alert(1)',
        'data:text/html,x',
        '/x\r\nSet-Cookie: a=b',
        'https://evil.example',
        `${root}@evil.example`,
        // Who has signed in is sent to no provider at once: no page of ours asked for that.
        '/oauth/github?return=/account',
        '/%6Fauth%2Fgithub?return=/account',
        '/oauth/github?link=0123456789abcdefgh',
        '',
      ]) {
        assert.equal(placeOf(await through('ada', `?return=${encodeURIComponent(evil)}`)).href, `${root}/`, evil);
      }
    });
  });

  it('begins nothing for whom another site leads here: they see a page of ours first', async () => {
    await withFlow(async ({ world, fake, start }) => {
      for (const site of ['cross-site', 'same-site']) {
        const led = async (query: string): Promise<RestReply> =>
          await world.call({ url: `/oauth/google${query}`, headers: { 'sec-fetch-site': site } });
        for (const [query, place] of [
          ['?return=%2Fthere%3Fa', '/sign-in?return=%2Fthere%3Fa'],
          ['?return=https%3A%2F%2Fevil.example%2F', '/sign-in?return=%2F'],
          ['?link=0123456789abcdefgh', '/account/identities'],
          ['?link=0123456789abcdefgh&return=%2F', '/account/identities'],
        ] as const) {
          const reply = await led(query);
          assert.equal(placeOf(reply).href, `${root}${place}`, `${site} ${query}`);
          assert.equal(reply.headers['set-cookie'], undefined);
        }
        assert.deepEqual(fake.left, []);
      }
      for (const site of ['same-origin', 'none']) {
        const headers = { 'sec-fetch-site': site };
        const { status, headers: answered } = await world.call({ url: '/oauth/google?return=%2F', headers });
        assert.equal(status, 302);
        assert.match(String(answered['location']), /^https:\/\/google\.example\//u);
      }
      // What a client began ends with that client, who holds the code.
      const reply = await world.call({ url: '/oauth/google', headers: { 'sec-fetch-site': 'cross-site' } });
      assert.match(String(reply.headers['location']), /^https:\/\/google\.example\//u);
      await start('?return=%2F');
    });
  });

  it('asks the browser itself for the second factor, and only the one that began', async () => {
    await withFlow(async (flow) => {
      const { world, start, callback } = flow;
      const owner = await adaWithApp(flow);
      const begun = await start('?return=/there');
      const { pathname: url } = placeOf(await callback({ ...begun, code: 'ada' }));
      assert.match((await world.call({ url, headers: { cookie: begun.cookie } })).text, /<form method="post">/u);
      const form = { 'content-type': 'application/x-www-form-urlencoded' };
      const send = async (code: string, cookie?: string): Promise<RestReply> =>
        await world.call({
          url,
          method: 'POST',
          body: `code=${code}`,
          headers: { ...form, ...(cookie === undefined ? {} : { cookie }) },
        });
      refused(await send(owner.code()), 400);
      refused(await send(owner.code(), `oauth=${'x'.repeat(43)}`), 400);
      const wrong = await send('000000', begun.cookie);
      assert.equal(wrong.status, 400);
      assert.match(wrong.text, /The code is not right\./u);
      const right = await send(owner.code(), begun.cookie);
      assert.equal(placeOf(right).href, `${root}/there`);
      assert.match(String(right.headers['set-cookie']), /^countersign_session=/u);
      refused(await send(owner.code(1), begun.cookie), 400);
    });
  });

  it('takes what a provider posts across sites, in the browser that began and in no other', async () => {
    await withFlow(async ({ world, fake, start }) => {
      fake.people.set('tim', identityOf('apple', 'tim'));
      const post = async (state: string): Promise<RestReply> =>
        await world.call({
          url: '/oauth/apple/callback',
          method: 'POST',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: new URLSearchParams({ state, code: 'tim', user: '{"name":{}}' }).toString(),
        });
      refused(await post('made-up'), 400);
      const begun = await start('', 'apple');
      const again = placeOf(await post(begun.state));
      assert.equal(again.pathname, '/oauth/apple/callback');
      assert.ok(!again.search.includes('tim'), 'nothing of what was posted stands in the address');
      const url = again.pathname + again.search;
      const reply = await world.call({ url, headers: { cookie: begun.cookie } });
      assert.equal(placeOf(reply).pathname, '/home');
      assert.deepEqual(fake.returned.at(-1)?.params['user'], '{"name":{}}');
      refused(await world.call({ url, headers: { cookie: begun.cookie } }), 400);

      const victim = await start('', 'apple');
      const attacker = await start('', 'apple');
      const lured = placeOf(await post(attacker.state));
      refused(await world.call({ url: lured.pathname + lured.search, headers: { cookie: victim.cookie } }), 400);
    });
  });

  it('signs nobody in where a page wants to link: the pair joins the identity, and half of it opens nothing', async () => {
    await withFlow(async ({ world, through, start, callback }) => {
      const token = 'link-token-of-a-page-0123456789';
      const bob = await world.add('bob');
      const headers = { ...(await world.headersOf('bob')), 'x-2fa-code': sha256Hex(password) };
      const linked = async (credentialSecret: string) =>
        await world.call({
          url: '/api/v1/identities.link',
          headers,
          body: { credentialToken: token, credentialSecret },
        });
      const reply = await through('ada', `?link=${token}`);
      const place = placeOf(reply);
      assert.equal(reply.headers['set-cookie'], undefined, 'nobody is signed in');
      assert.equal(place.pathname + place.search, '/account/identities');
      const [, secret = ''] = /^#link=([\w-]{43})$/u.exec(place.hash) ?? [];
      assert.equal(await world.store.accounts.find({ by: 'username', value: 'ada' }), undefined);
      assert.equal((await linked('x'.repeat(43))).status, 400, 'and it is used up');
      assert.equal((await linked(secret)).status, 400);

      const [, again = ''] = placeOf(await through('ada', `?link=${token}`)).hash.split('=');
      assert.equal((await linked(again)).status, 200);
      const [joined] = await world.store.identities.ofAccount(bob.id);
      assert.deepEqual([joined?.provider, joined?.subject], ['google', 'ada']);

      const declined = await callback({ ...(await start(`?link=${token}`)), more: '&error=access_denied' });
      assert.equal(placeOf(declined).hash, '#link=refused');
      const other = await start(`?link=${token}`);
      refused(await callback({ state: other.state, code: 'ada' }), 400);
      for (const bad of ['short', `${token}.`, '']) {
        assert.equal((await world.call({ url: `/oauth/google?link=${bad}` })).status, 400, bad);
      }
    });
  });

  it('is limited in words of its own', async () => {
    await withFlow(
      async ({ world }) => {
        for (let n = 0; n < 2; n += 1) assert.equal((await world.call({ url: '/oauth/google' })).status, 302);
        const { status, json } = await world.call({ url: '/oauth/google' });
        assert.deepEqual(
          [status, json],
          [429, { success: false, error: 'Too many requests. Please try again later.' }],
        );
        world.clock.move(minuteMs);
        assert.equal((await world.call({ url: '/oauth/google' })).status, 302);
      },
      {
        OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'true',
        OVERWRITE_SETTING_Countersign_Rate_Limit_Browser_Flow: '2',
      },
    );
  });
});
