import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { caller, password } from '../../../test/world.ts';
import { pageTokenLifeMs } from '../../core/session/page-token.ts';
import { openApplicationWorld } from './application-world.suite.ts';
import { openRestWorld, type RestReply, type RestWorld, withRest } from './rest-world.suite.ts';

const ours = { 'sec-fetch-site': 'same-origin' };
/** Of an address in a minute, at first. */
const mostCalls = 600;
const noLimits = { env: { OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false' } };

type Headers = Readonly<Record<string, string>>;

async function post({ call }: RestWorld, path: string, headers: Headers, fields: Headers = {}): Promise<RestReply> {
  return await call({
    method: 'POST',
    url: path,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(fields).toString(),
  });
}

async function keep(world: RestWorld, headers: Headers, fields: Headers = {}): Promise<RestReply> {
  return await post(world, '/session/keep', { ...ours, ...headers }, fields);
}

async function resume(world: RestWorld, cookie: string, fields: Headers = {}): Promise<RestReply> {
  return await post(world, '/session/resume', { ...ours, cookie }, fields);
}

/** What a browser would send back of a cookie that it was given. */
function cookieOf({ headers }: RestReply): string {
  const given = headers['set-cookie'];
  return typeof given === 'string' ? (given.split(';', 1)[0] ?? '') : '';
}

/** The headers of a call with what a page holds in its memory. */
function callOf({ json }: RestReply): { 'x-user-id': string; 'x-auth-token': string } {
  assert.equal(json['signedIn'], true, JSON.stringify(json));
  return { 'x-user-id': String(json['userId']), 'x-auth-token': String(json['authToken']) };
}

async function meOf(world: RestWorld, headers: Headers): Promise<number> {
  return (await world.call({ url: '/api/v1/me', headers })).status;
}

/** A browser that is kept signed in. */
async function browserOf(world: RestWorld, username: string): Promise<{ cookie: string; page: Headers }> {
  const kept = await keep(world, await world.headersOf(username));
  assert.equal(kept.status, 200, kept.text);
  return { cookie: cookieOf(kept), page: callOf(kept) };
}

describe('a browser that is kept signed in', () => {
  it('gets a cookie that no script reads, and a token for minutes, never the one of the session', async () => {
    await withRest(async (world) => {
      await world.add('ann');
      const headers = await world.headersOf('ann');
      const kept = await keep(world, headers, { return: '/account/security' });
      assert.equal(kept.status, 200);
      assert.match(
        String(kept.headers['set-cookie']),
        /^countersign_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/u,
      );
      const { authToken, userId, endsInMs, returnTo, duty } = kept.json;
      assert.deepEqual(
        [userId, endsInMs, returnTo, duty],
        [headers['x-user-id'], pageTokenLifeMs, 'http://localhost:3000/account/security', undefined],
      );
      assert.notEqual(authToken, headers['x-auth-token']);
      assert.ok(!String(kept.headers['set-cookie']).includes(headers['x-auth-token'] ?? ''));
      assert.equal(kept.headers['cache-control'], 'no-store');
      assert.equal(await meOf(world, callOf(kept)), 200);
      const resumed = await resume(world, cookieOf(kept));
      assert.equal(await meOf(world, callOf(resumed)), 200);
      assert.equal('returnTo' in resumed.json, false);
      // The cookie goes on, the token of a page does not.
      world.clock.move(pageTokenLifeMs);
      assert.equal(await meOf(world, callOf(resumed)), 401);
      assert.equal(await meOf(world, callOf(await resume(world, cookieOf(kept)))), 200);
    });
  });

  it('goes where it wanted to, and to no other host', async () => {
    await withRest(async (world) => {
      await world.add('ann');
      const headers = await world.headersOf('ann');
      for (const evil of ['//evil.example', 'https://evil.example/', 'javascript:alert(1)', '/\\evil', '/.//evil']) {
        const kept = await keep(world, headers, { return: evil });
        assert.equal(kept.json['returnTo'], 'http://localhost:3000/', evil);
        const resumed = await resume(world, cookieOf(kept), { return: evil });
        assert.equal(resumed.json['returnTo'], 'http://localhost:3000/', evil);
      }
    }, noLimits);
  });

  it('is nobody without a cookie, with one that was made up, and with two that differ', async () => {
    await withRest(async (world) => {
      await world.add('ann');
      const { cookie } = await browserOf(world, 'ann');
      const other = `countersign_session=${'x'.repeat(43)}`;
      for (const shown of ['', other, `${cookie}x`, `${cookie}; ${other}`, cookie.replace('session=', 'session2=')]) {
        const reply = await resume(world, shown);
        assert.deepEqual([reply.status, reply.json], [200, { signedIn: false }], shown);
      }
    });
  });

  it('is not made of anything but a session: no token of a page, of a person or of an application', async () => {
    const world = await openApplicationWorld();
    try {
      await world.add('ann');
      const session = await world.headersOf('ann');
      const { page } = await browserOf(world, 'ann');
      const id = session['x-user-id'] ?? '';
      const made = async (body: object): Promise<string> => {
        const url = '/api/v1/users.generatePersonalAccessToken';
        return String((await world.call({ url, headers: session, body })).json['token']);
      };
      const personal = await made({ tokenName: 'all' });
      assert.equal(await meOf(world, { 'x-user-id': id, 'x-auth-token': personal }), 200);
      const { access } = await world.letIn('ann', await world.register());
      const wrong = { ...session, 'x-auth-token': 'x'.repeat(43) };
      const stranger = { ...session, 'x-user-id': 'somebodyElse' };
      for (const [name, headers] of Object.entries({
        page,
        personal: { 'x-user-id': id, 'x-auth-token': personal },
        application: { 'x-user-id': id, 'x-auth-token': access },
        bearer: { authorization: `Bearer ${access}` },
        wrong,
        stranger,
        nothing: {},
      })) {
        const reply = await keep(world, headers);
        assert.deepEqual([reply.status, reply.headers['set-cookie']], [401, undefined], name);
        assert.equal(reply.json['authToken'], undefined, name);
      }
    } finally {
      await world.close();
    }
  });

  it('is asked for what has to be done first, and its token is good for that alone', async () => {
    await withRest(
      async (world) => {
        for (const [username, more, duty] of [
          ['ann', {}, 'factor-enrolment-required'],
          ['bob', { passwordChange: { reason: undefined } }, 'factor-enrolment-required'],
        ] as const) {
          await world.add(username, more);
          const kept = await keep(world, await world.headersOf(username));
          assert.equal(kept.json['duty'], duty, username);
          const resumed = await resume(world, cookieOf(kept));
          assert.equal(resumed.json['duty'], duty, username);
          const headers = callOf(resumed);
          assert.equal((await world.call({ url: '/api/v1/users.list', headers })).status, 403);
          // Where other services ask, and on the pages without script, nobody is signed in.
          const there = await world.call({ url: '/sign-in?return=%2Fx', headers: { cookie: cookieOf(kept) } });
          assert.equal(there.status, 200);
        }
      },
      { env: { OVERWRITE_SETTING_Countersign_Second_Factor_Required_Sign_Ins: 'password' } },
    );
    await withRest(async (world) => {
      await world.add('eve', { passwordChange: { reason: undefined } });
      const kept = await keep(world, await world.headersOf('eve'));
      assert.equal(kept.json['duty'], 'password-change-required');
      const headers = callOf(kept);
      assert.equal((await world.call({ url: '/api/v1/users.list', headers })).status, 403);
      // Whoever signs in once more leaves no session behind that is good for everything later.
      assert.equal(await meOf(world, headers), 200);
      const again = await keep(world, { ...(await world.headersOf('eve')), cookie: cookieOf(kept) });
      assert.deepEqual([await meOf(world, headers), await meOf(world, callOf(again))], [401, 200]);
    });
  });

  it('is signed out once its account is closed, its session ended, or its password another one', async () => {
    await withRest(async (world) => {
      const host = { door: 'cli', address: '', userAgent: '', requestId: '' } as const;
      const ends: Readonly<Record<string, (username: string, page: Headers) => Promise<unknown>>> = {
        closed: async (username) => {
          const account = await world.app.account.find({ by: 'username', value: username });
          await world.app.host.setOpen(account?.id ?? '', false, host);
        },
        out: async (_username, page) => await world.call({ method: 'POST', url: '/api/v1/logout', headers: page }),
        password: async (username) => {
          const account = await world.app.account.find({ by: 'username', value: username });
          await world.app.host.setPassword(account?.id ?? '', { plain: 'another green chair 77!' }, host);
        },
        page: async (username) => {
          const other = await browserOf(world, username);
          await world.call({ method: 'POST', url: '/api/v1/users.logoutOtherClients', headers: other.page });
        },
      };
      for (const [name, end] of Object.entries(ends)) {
        await world.add(name);
        const { cookie, page } = await browserOf(world, name);
        assert.equal(await meOf(world, page), 200, name);
        await end(name, page);
        assert.equal(await meOf(world, page), 401, name);
        assert.deepEqual((await resume(world, cookie)).json, { signedIn: false }, name);
      }
    });
  });

  it('belongs to whoever signed in last: the session of another person before ends', async () => {
    await withRest(async (world) => {
      await world.add('ann');
      await world.add('bob');
      const ann = await browserOf(world, 'ann');
      const kept = await keep(world, { ...(await world.headersOf('bob')), cookie: ann.cookie });
      assert.equal((await resume(world, cookieOf(kept))).json['userId'], kept.json['userId']);
      assert.equal(await meOf(world, ann.page), 401);
      assert.deepEqual((await resume(world, ann.cookie)).json, { signedIn: false });
      // Somebody who could not sign in has not signed anybody out.
      const refused = await keep(world, { 'x-user-id': 'x', 'x-auth-token': 'y', 'cookie': cookieOf(kept) });
      assert.equal(refused.status, 401);
      assert.equal(await meOf(world, callOf(kept)), 200);
    });
  });

  it('keeps one cookie for a session that is kept again', async () => {
    await withRest(async (world) => {
      await world.add('ann');
      const headers = await world.headersOf('ann');
      const first = await keep(world, headers);
      const again = await keep(world, { ...headers, cookie: cookieOf(first) });
      assert.equal((await resume(world, cookieOf(again))).json['signedIn'], true);
      assert.deepEqual((await resume(world, cookieOf(first))).json, { signedIn: false });
    });
  });
});

describe('what keeps a browser signed in', () => {
  it('is asked by our own pages alone, and a stranger uses up nothing', async () => {
    await withRest(async (world) => {
      await world.add('ann');
      const headers = await world.headersOf('ann');
      const { cookie } = await browserOf(world, 'ann');
      const strange: readonly Headers[] = [
        {},
        { 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'same-site', 'origin': 'http://localhost:3000' },
        { 'sec-fetch-site': 'none' },
        { origin: 'https://evil.example' },
        { origin: 'http://localhost:3001' },
        { origin: 'null' },
      ];
      for (const from of strange) {
        for (const path of ['/session/keep', '/session/resume']) {
          const reply = await post(world, path, { ...headers, cookie, ...from });
          assert.deepEqual([reply.status, reply.headers['set-cookie']], [403, undefined], JSON.stringify(from));
          assert.equal(reply.headers['access-control-allow-origin'], undefined);
        }
      }
      // A page elsewhere has a browser send as many as it likes.
      for (let count = 0; count < mostCalls; count += 1) {
        await post(world, '/session/resume', { cookie, 'sec-fetch-site': 'cross-site' });
      }
      const own = await post(world, '/session/resume', { cookie, origin: 'http://localhost:3000' });
      assert.equal(own.json['signedIn'], true);
    });
  });

  it('is limited by address, and free again after a minute', async () => {
    await withRest(async (world) => {
      for (let count = 0; count < mostCalls; count += 1) await resume(world, '');
      const late = await resume(world, '');
      assert.deepEqual([late.status, late.headers['retry-after']], [429, '60']);
      assert.equal((await keep(world, {})).status, 429);
      world.from('203.0.113.77');
      assert.equal((await resume(world, '')).status, 200);
      world.from('203.0.113.9');
      world.clock.move(60_000);
      assert.equal((await resume(world, '')).status, 200);
    });
  });

  it('answers nothing to what is no form of a page', async () => {
    await withRest(async (world) => {
      for (const path of ['/session/keep', '/session/resume']) {
        assert.equal((await world.call({ url: path })).status, 405);
        const reply = await world.call({
          method: 'POST',
          url: path,
          headers: ours,
          body: { 'x-user-id': { $ne: '' } },
        });
        assert.equal(reply.status, path.endsWith('keep') ? 401 : 200);
        assert.equal(reply.headers['set-cookie'], undefined);
      }
    });
  });
});

describe('what a page holds in its memory', () => {
  it('opens the interface, and nothing else', async () => {
    const world = await openRestWorld(noLimits);
    try {
      await world.add('ann', { roles: ['admin'] });
      const { page } = await browserOf(world, 'ann');
      const { 'x-user-id': id = '', 'x-auth-token': token = '' } = page;
      assert.equal(await meOf(world, page), 200);
      assert.equal(await meOf(world, { ...page, 'x-user-id': 'somebodyElse' }), 401);
      await assert.rejects(world.app.session.resume(token, caller()), { code: 'token-unknown' });
      for (const body of [{ resume: token }, { user: 'ann', password: token }, { user: 'ann', password: { token } }]) {
        const { status } = await world.call({ url: '/api/v1/login', body });
        assert.notEqual(status, 200, JSON.stringify(body));
      }
      const told = await world.call({ url: '/api/v1/tokens.introspect', headers: page, body: { token, userId: id } });
      assert.equal(told.json['active'], false, told.text);
      const bearer = { authorization: `Bearer ${token}` };
      assert.equal(await meOf(world, bearer), 401);
      assert.equal((await world.call({ url: `/api/v1/me?access_token=${encodeURIComponent(token)}` })).status, 401);
      assert.notEqual((await world.call({ url: '/oauth/userinfo', headers: bearer })).status, 200);
      await assert.rejects(world.app.session.authenticate(id, token), { code: 'not-signed-in' });
      // Nor is it what a cookie holds, or a cookie what it is.
      assert.deepEqual((await resume(world, `countersign_session=${token}`)).json, { signedIn: false });
    } finally {
      await world.close();
    }
  });

  it('shows the pictures that are for people who are signed in, as the cookie does', async () => {
    await withRest(
      async (world) => {
        await world.add('ann');
        const { cookie } = await browserOf(world, 'ann');
        assert.equal((await world.call({ url: '/avatar/ann' })).status, 403);
        assert.equal((await world.call({ url: '/avatar/ann', headers: { cookie } })).status, 200);
        const made = `countersign_session=${'x'.repeat(43)}`;
        assert.equal((await world.call({ url: '/avatar/ann', headers: { cookie: made } })).status, 403);
      },
      { env: { OVERWRITE_SETTING_Accounts_AvatarBlockUnauthenticatedAccess: 'true' } },
    );
  });

  it('is the same session to every call: what is current stays', async () => {
    await withRest(async (world) => {
      await world.add('ann');
      const { page } = await browserOf(world, 'ann');
      await world.signIn('ann', password);
      const { json } = await world.call({ url: '/api/v1/sessions/list', headers: page });
      const sessions = json['sessions'] as readonly { readonly current?: boolean }[];
      assert.equal(sessions.filter(({ current }) => current === true).length, 1);
    });
  });
});
