import assert from 'node:assert/strict';
import { type Arena, type Person, unlimited } from '../arena.ts';
import type { Group } from '../group.ts';
import { pass, type Reply, textAt } from '../wire.ts';

const redirect = 'https://a.example/cb';

interface Known {
  readonly id: string;
  readonly client_id: string;
  readonly client_secret: string;
}

async function register(arena: Arena, more: Readonly<Record<string, unknown>> = {}): Promise<Known> {
  const json = { name: 'An application', active: true, redirectUri: redirect, ...more };
  const made = await arena.ask({ path: '/api/v1/oauth-apps.create', headers: pass(arena.admin), json });
  assert.equal(made.status, 200, made.text);
  return {
    id: textAt(made.json, 'application', '_id'),
    client_id: textAt(made.json, 'application', 'clientId'),
    client_secret: textAt(made.json, 'application', 'clientSecret'),
  };
}

async function post(
  arena: Arena,
  path: string,
  form: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Reply> {
  return await arena.ask({
    path,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(form).toString(),
  });
}

async function agree(
  arena: Arena,
  { client_id }: Pick<Known, 'client_id'>,
  person: Person,
  more: Readonly<Record<string, string>> = {},
): Promise<Reply> {
  return await post(arena, '/oauth/authorize', {
    client_id,
    redirect_uri: redirect,
    response_type: 'code',
    state: 'state',
    allow: 'yes',
    token: person.authToken,
    ...more,
  });
}

async function codeOf(arena: Arena, known: Known, person: Person): Promise<string> {
  const reply = await agree(arena, known, person);
  assert.equal(reply.status, 302, reply.text);
  return new URL(String(reply.headers.location)).searchParams.get('code') ?? '';
}

async function redeem(arena: Arena, { client_id, client_secret }: Known, code: string): Promise<Reply> {
  const form = { grant_type: 'authorization_code', code, redirect_uri: redirect, client_id, client_secret };
  return await post(arena, '/oauth/token', form);
}

async function refresh(arena: Arena, { client_id, client_secret }: Known, refresh_token: string): Promise<Reply> {
  return await post(arena, '/oauth/token', { grant_type: 'refresh_token', refresh_token, client_id, client_secret });
}

async function letIn(arena: Arena, known: Known, person: Person): Promise<{ access: string; refresh: string }> {
  const { json } = await redeem(arena, known, await codeOf(arena, known, person));
  return { access: textAt(json, 'access_token'), refresh: textAt(json, 'refresh_token') };
}

async function isGood(arena: Arena, access: string): Promise<boolean> {
  const reply = await arena.ask({ path: '/oauth/userinfo', headers: { authorization: `Bearer ${access}` } });
  return reply.status === 200;
}

/** Q: other services whose people sign in here, with Rocket.Chat's own OAuth 2. */
export const applications: Group = {
  letter: 'Q',
  about: 'applications',
  env: unlimited,
  cases: [
    {
      id: 'Q01',
      cve: ['CVE-2024-52289', 'CVE-2026-3872', 'CVE-2026-7504'],
      about: 'a browser is sent to a registered address alone, compared letter by letter',
      async act(arena, { alice }) {
        const known = await register(arena);
        for (const other of [
          'https://a.example/cb/',
          'https://a.example/cb?next=https://evil.example',
          'https://a.example/cb#x',
          'https://a.example/cbx',
          'https://A.EXAMPLE/cb',
          'https://a.example:443/cb',
          'https://a.example:8443/cb',
          'https://a.example/..;/cb',
          'https://a.example/%2e%2e/cb',
          'https://a.example/%63b',
          'https://aXexample/cb',
          'https://a.example.evil.example/cb',
          'https://a.example@evil.example/cb',
          'https://evil.example/a.example/cb',
          'https://a.example\\@evil.example/cb',
          'http://localhost.evil.example/cb',
          'javascript:alert(1)',
          '/cb',
          '*',
          'https://*/cb',
          '.*',
          '',
        ]) {
          const query = new URLSearchParams({
            client_id: known.client_id,
            redirect_uri: other,
            response_type: 'code',
            state: 'x',
          }).toString();
          const asked = await arena.ask({ path: `/oauth/authorize?${query}` });
          assert.deepEqual([asked.status, asked.headers.location], [302, '/oauth/error/invalid_redirect_uri'], other);
          const posted = await agree(arena, known, alice, { redirect_uri: other });
          assert.deepEqual([posted.status, posted.headers.location], [400, undefined], other);
        }
        const wide = { name: 'x', active: true, redirectUri: 'https://*.example/cb' };
        const made = await arena.ask({ path: '/api/v1/oauth-apps.create', headers: pass(arena.admin), json: wide });
        assert.equal(made.status, 400);
      },
    },
    {
      id: 'Q02',
      about: 'a code that comes again is refused, and what came of it has ended',
      async act(arena, { alice }) {
        const known = await register(arena);
        const code = await codeOf(arena, known, alice);
        const first = await redeem(arena, known, code);
        const access = textAt(first.json, 'access_token');
        assert.ok(await isGood(arena, access));
        assert.equal((await redeem(arena, known, code)).status, 400);
        assert.equal(await isGood(arena, access), false);
        const eight = await codeOf(arena, known, alice);
        const replies = await Promise.all(Array.from({ length: 8 }, async () => await redeem(arena, known, eight)));
        assert.equal(replies.filter(({ status }) => status === 200).length, 1);
      },
    },
    {
      id: 'Q04',
      cve: ['CVE-2026-53517'],
      about: 'of eight refreshes at once one is served, and an old refresh token ends them all',
      async act(arena, { alice }) {
        const known = await register(arena);
        const old = await letIn(arena, known, alice);
        const replies = await Promise.all(
          Array.from({ length: 8 }, async () => await refresh(arena, known, old.refresh)),
        );
        const [winner, ...more] = replies.filter(({ status }) => status === 200);
        assert.ok(winner !== undefined && more.length === 0);
        const access = textAt(winner.json, 'access_token');
        assert.ok(await isGood(arena, access));
        assert.equal(await isGood(arena, old.access), false);
        // Only time makes a thief of who was merely late.
        await arena.whileDown('update application_tokens set replaced_at = replaced_at - 60000');
        assert.equal((await refresh(arena, known, old.refresh)).status, 400);
        assert.equal(await isGood(arena, access), false);
      },
    },
    {
      id: 'Q05',
      cve: ['CVE-2026-4634'],
      about: 'scopes give nothing, at the refresh either, and a hundred thousand of them cost nothing',
      async act(arena, { alice }) {
        const known = await register(arena, { permissions: ['view-d-room'] });
        const { refresh: text } = await letIn(arena, known, alice);
        const scope = 'edit-privileged-setting '.repeat(20_000);
        const reply = await post(arena, '/oauth/token', {
          grant_type: 'refresh_token',
          refresh_token: text,
          client_id: known.client_id,
          client_secret: known.client_secret,
          scope,
        });
        assert.equal(reply.status, 200, reply.text);
        const headers = { authorization: `Bearer ${textAt(reply.json, 'access_token')}` };
        assert.equal((await arena.ask({ path: '/api/v1/settings/Site_Name', headers })).status, 403);
      },
    },
    {
      id: 'Q06',
      about: 'a secret in the address is not looked at, and a client shows itself in one way, decoded as the RFC says',
      async act(arena, { alice }) {
        const known = await register(arena);
        const { client_id, client_secret } = known;
        const form = async () => ({
          grant_type: 'authorization_code',
          code: await codeOf(arena, known, alice),
          redirect_uri: redirect,
        });
        const query = new URLSearchParams({ ...(await form()), client_id, client_secret }).toString();
        assert.equal((await arena.ask({ path: `/oauth/token?${query}` })).status, 400);
        assert.equal((await post(arena, `/oauth/token?${query}`, {})).status, 401);
        const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
        const encoded = client_secret.replaceAll(/./gu, (one) => `%${one.charCodeAt(0).toString(16)}`);
        assert.equal((await post(arena, '/oauth/token', await form(), basic(`${client_id}:${encoded}`))).status, 200);
        for (const wrong of [`${client_id}:${client_secret}:`, `:${client_secret}`, `${client_id}:%`, client_id, '']) {
          assert.equal((await post(arena, '/oauth/token', await form(), basic(wrong))).status, 401, wrong);
        }
        const both = { ...(await form()), client_id, client_secret };
        assert.equal((await post(arena, '/oauth/token', both, basic(`${client_id}:${client_secret}`))).status, 400);
      },
    },
    {
      id: 'Q09',
      about: 'nobody agrees by a framed page, a stranger’s form, or a cookie alone',
      async act(arena, { alice }) {
        const known = await register(arena);
        const { token: _, ...bare } = {
          client_id: known.client_id,
          redirect_uri: redirect,
          response_type: 'code',
          state: 'x',
          allow: 'yes',
          token: '',
        };
        const signIn = await post(arena, '/sign-in', { username: alice.username, password: alice.password });
        const cookie = String(signIn.headers['set-cookie']?.[0]).split(';')[0] ?? '';
        assert.match(cookie, /^countersign_session=/u);
        assert.equal((await post(arena, '/oauth/authorize', bare, { cookie })).status, 401);
        const query = new URLSearchParams(bare).toString();
        const page = await arena.ask({ path: `/oauth/authorize?${query}`, headers: { cookie } });
        assert.equal(page.status, 200);
        assert.equal(page.headers['x-frame-options'], 'DENY');
        assert.match(String(page.headers['content-security-policy']), /frame-ancestors 'none'/u);
        const consent = /name="consent" value="([\w-]{43})"/u.exec(page.text)?.[1] ?? '';
        const answer = { consent, allow: 'yes' };
        const here = { cookie, 'sec-fetch-site': 'same-origin' };
        const stranger = { cookie, 'origin': 'https://evil.example', 'sec-fetch-site': 'cross-site' };
        for (const [form, headers] of [
          [answer, stranger],
          [answer, { cookie: '' }],
          [answer, { cookie }],
          [{ ...answer, consent: 'x'.repeat(43) }, here],
        ] as const) {
          assert.equal((await post(arena, '/oauth/authorize', form, headers)).status, 400);
        }
        const mixed = new URLSearchParams({ ...bare, response_mode: 'form_post' }).toString();
        assert.equal((await arena.ask({ path: `/oauth/authorize?${mixed}`, headers: { cookie } })).status, 400);
        assert.equal((await post(arena, '/oauth/authorize', answer, here)).status, 200);
        assert.equal((await post(arena, '/oauth/authorize', answer, here)).status, 400);
      },
    },
    {
      id: 'Q13',
      about: 'applications are made by whoever manages them, and by nobody else',
      async act(arena, { alice }) {
        const json = { name: 'x', active: true, redirectUri: redirect };
        const path = '/api/v1/oauth-apps.create';
        assert.equal((await arena.ask({ path, json })).status, 401);
        assert.equal((await arena.ask({ path, json, headers: pass(alice) })).status, 403);
        for (const guess of ['/oauth/register', '/oauth/clients', '/oauth/apps']) {
          const reply = await arena.ask({ path: guess, json: { redirect_uris: [redirect] } });
          assert.ok(reply.status === 404 || reply.status === 405, `${guess} ${reply.status}`);
        }
      },
    },
    {
      id: 'Q17',
      about: 'an access token is no session, at REST or on a socket, and a session is no access token',
      async act(arena, { alice }) {
        const known = await register(arena);
        const { access, refresh: text } = await letIn(arena, known, alice);
        const socket = await arena.socket();
        for (const token of [access, text]) {
          assert.equal(await arena.holds({ userId: alice.userId, authToken: token }), false);
          assert.notEqual((await socket.call('login', { resume: token }))['error'], undefined);
          const body = JSON.stringify({ resume: token });
          const headers = { 'content-type': 'application/json' };
          assert.equal((await arena.ask({ path: '/api/v1/login', body, headers })).status, 401);
        }
        for (const token of [alice.authToken, text]) {
          const headers = { authorization: `Bearer ${token}` };
          assert.equal((await arena.ask({ path: '/api/v1/me', headers })).status, 401);
          assert.equal((await arena.ask({ path: `/api/v1/me?access_token=${token}` })).status, 401);
        }
        const headers = { authorization: `Bearer ${access}` };
        assert.equal((await arena.ask({ path: '/api/v1/me', headers })).status, 200);
        assert.equal(
          (await arena.ask({ path: '/api/v1/users.createToken', headers, json: { userId: alice.userId } })).status,
          403,
        );
      },
    },
  ],
};
