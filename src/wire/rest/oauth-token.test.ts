import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { caller } from '../../../test/world.ts';
import {
  type ApplicationWorld,
  type KnownApplication,
  openApplicationWorld,
  pairIn,
  pkce,
  redirect,
} from './application-world.suite.ts';
import type { RestReply } from './rest-world.suite.ts';

const withPkce = { code_challenge: pkce.challenge, code_challenge_method: 'S256' };

describe('/oauth/token and /oauth/userinfo', () => {
  let world: ApplicationWorld;
  let application: KnownApplication;
  before(async () => {
    world = await openApplicationWorld();
    await world.add('alice', { name: 'Alice' });
    application = await world.register();
  });
  after(async () => {
    await world.close();
  });

  const refused = (reply: RestReply, status: number, error: string, description?: string): void => {
    assert.equal(reply.json['error'], error, reply.text);
    assert.equal(reply.status, status);
    if (description !== undefined) assert.equal(reply.json['error_description'], description);
    assert.equal(reply.headers['cache-control'], 'no-store');
  };
  const voided = (reply: RestReply): void => {
    refused(reply, 400, 'invalid_grant');
  };
  const me = async (access: string): Promise<number> => (await world.userinfo(access)).status;

  it('answer to the byte', async () => {
    const reply = await world.redeem(application, await world.codeOf('alice', application));
    assert.deepEqual(Object.keys(reply.json), ['access_token', 'token_type', 'expires_in', 'refresh_token']);
    assert.equal(reply.json['token_type'], 'Bearer');
    assert.equal(reply.json['expires_in'], 3600);
    assert.match(String(reply.json['access_token']), /^[\da-f]{64}$/u);
    assert.match(String(reply.json['refresh_token']), /^[\da-f]{64}$/u);
    assert.equal(reply.headers['content-type'], 'application/json; charset=utf-8');
    assert.equal(reply.headers['cache-control'], 'no-store');
    assert.equal(reply.headers['pragma'], 'no-cache');
    const told = await world.userinfo(String(reply.json['access_token']));
    const account = await world.app.account.find({ by: 'username', value: 'alice' });
    assert.deepEqual(told.json, {
      sub: account?.id,
      name: 'Alice',
      email: 'alice@example.com',
      email_verified: true,
      department: '',
      birthdate: '',
      preffered_username: 'alice',
      preferred_username: 'alice',
      updated_at: new Date(account?.updatedAt ?? 0).toISOString(),
      picture: 'http://localhost:3000/avatar/alice',
    });
  });

  it('take JSON as well, and nothing from the address', async () => {
    const { clientId: client_id, clientSecret: client_secret } = application;
    const body = {
      grant_type: 'authorization_code',
      code: await world.codeOf('alice', application),
      client_id,
      client_secret,
      redirect_uri: redirect,
    };
    const query = new URLSearchParams(body).toString();
    refused(await world.post(`/oauth/token?${query}`, {}), 401, 'invalid_client');
    refused(
      await world.call({ url: `/oauth/token?${query}` }),
      400,
      'invalid_request',
      'Invalid request: method must be POST',
    );
    refused(
      await world.call({ url: '/oauth/token', body: { ...body, client_secret: { $ne: '' } } }),
      401,
      'invalid_client',
    );
    assert.equal((await world.call({ url: '/oauth/token', body })).status, 200);
  });

  it('take the client by Basic, percent-encoded, or in the body, and never by both (Q06)', async () => {
    const basic = (id: string, secret: string): Record<string, string> => ({
      authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
    });
    const { clientId, clientSecret } = application;
    const form = async () => ({
      grant_type: 'authorization_code',
      code: await world.codeOf('alice', application),
      redirect_uri: redirect,
    });
    const encoded = clientSecret.replaceAll(/./gu, (one) => `%${one.charCodeAt(0).toString(16)}`);
    assert.equal((await world.token(await form(), basic(clientId, clientSecret))).status, 200);
    assert.equal((await world.token(await form(), basic(clientId, encoded))).status, 200);
    assert.equal(
      (await world.token({ ...(await form()), client_id: clientId }, basic(clientId, clientSecret))).status,
      200,
    );
    for (const wrong of [
      basic(clientId, `${clientSecret}x`),
      basic(clientId, `:${clientSecret}`),
      basic(clientId, '%zz'),
      basic(clientId, ''),
      basic('', clientSecret),
      { authorization: 'Basic !!!' },
      { authorization: `Basic ${Buffer.from(clientId).toString('base64')}` },
      { authorization: `Bearer ${clientSecret}` },
    ]) {
      const reply = await world.token(await form(), wrong);
      refused(reply, 401, 'invalid_client');
      assert.equal(reply.headers['www-authenticate'], 'Basic realm="oauth"');
    }
    for (const both of [{ client_id: clientId, client_secret: clientSecret }, { client_id: 'another' }]) {
      refused(await world.token({ ...(await form()), ...both }, basic(clientId, clientSecret)), 400, 'invalid_request');
    }
    const inBody = await world.token({ ...(await form()), client_id: clientId, client_secret: 'x' });
    refused(inBody, 401, 'invalid_client');
    assert.equal(inBody.headers['www-authenticate'], undefined);
    refused(await world.token({ ...(await form()), client_id: clientId }), 401, 'invalid_client');
    refused(await world.token(await form()), 401, 'invalid_client');
  });

  it('keep an application to the one way that it registered', async () => {
    const strict = await world.register({ tokenEndpointAuthMethod: 'client_secret_basic' });
    const code = await world.codeOf('alice', strict);
    refused(await world.redeem(strict, code), 401, 'invalid_client');
    const { clientId, clientSecret } = strict;
    const reply = await world.token(
      { grant_type: 'authorization_code', code, redirect_uri: redirect },
      { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
    );
    assert.equal(reply.status, 200);
  });

  it('stop looking at secrets after many wrong ones, from one address for one client (guessing)', async () => {
    const target = await world.register();
    const code = await world.codeOf('alice', target);
    for (let tried = 0; tried < 20; tried += 1) {
      refused(await world.redeem(target, code, { client_secret: `guess ${tried}` }), 401, 'invalid_client');
    }
    const late = await world.redeem(target, code);
    refused(late, 429, 'temporarily_unavailable');
    assert.ok(Number(late.headers['retry-after']) > 0);
    world.from('198.51.100.7');
    assert.equal((await world.redeem(target, code)).status, 200, 'another address is not held up');
    world.from('203.0.113.9');
    assert.equal((await world.redeem(application, await world.codeOf('alice', application))).status, 200);
    world.clock.move(300_000);
    assert.equal((await world.redeem(target, await world.codeOf('alice', target))).status, 200);
  });

  it('count made-up applications as one, and keep no row for each', async () => {
    const { counts } = world.app;
    world.from('198.51.100.77');
    for (let tried = 0; tried < 100; tried += 1) {
      refused(await world.token({ client_id: `nobody-${tried}`, client_secret: 'x' }), 401, 'invalid_client');
    }
    const now = world.clock.now();
    assert.equal((await counts.seen('client 198.51.100.77 nobody-1', now)).calls, 0);
    assert.equal((await counts.seen('client 198.51.100.77', now)).calls, 100);
    refused(await world.token({ client_id: 'nobody', client_secret: 'x' }), 429, 'temporarily_unavailable');
    // One that there is goes on.
    assert.equal((await world.redeem(application, await world.codeOf('alice', application))).status, 200);
    world.from('203.0.113.9');
  });

  it('spare the server from whoever calls too often', async () => {
    const limited = await openApplicationWorld({ env: { OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'true' } });
    try {
      const statuses = new Set<number>();
      for (let call = 0; call < 601; call += 1) statuses.add((await limited.token({ grant_type: 'x' })).status);
      assert.deepEqual([...statuses], [401, 429]);
    } finally {
      await limited.close();
    }
  });

  it('note who shows a wrong secret', async () => {
    const target = await world.register();
    refused(await world.token({ client_id: target.clientId, client_secret: 'wrong' }), 401, 'invalid_client');
    const [entry] = await world.store.audit.newest(1);
    assert.deepEqual(
      [entry?.what, entry?.outcome, entry?.facts['application']],
      ['application.client-refused', 'refused', target.clientId],
    );
  });

  it('know two grants', async () => {
    const { clientId: client_id, clientSecret: client_secret } = application;
    const grant = async (more: Record<string, string>) => await world.token({ client_id, client_secret, ...more });
    refused(await grant({}), 400, 'invalid_request', 'Missing parameter: `grant_type`');
    for (const grant_type of ['password', 'client_credentials']) {
      refused(await grant({ grant_type }), 400, 'unauthorized_client');
    }
    refused(await grant({ grant_type: 'x' }), 400, 'unsupported_grant_type');
    refused(await grant({ grant_type: 'authorization_code' }), 400, 'invalid_request', 'Missing parameter: `code`');
    refused(await grant({ grant_type: 'refresh_token' }), 400, 'invalid_request', 'Missing parameter: `refresh_token`');
  });

  it('take a code once; whoever brings it again ends what came of it (Q02)', async () => {
    const code = await world.codeOf('alice', application);
    const first = pairIn(await world.redeem(application, code));
    const second = pairIn(await world.refresh(application, first.refresh));
    assert.equal(await me(second.access), 200);
    voided(await world.redeem(application, code));
    assert.equal(await me(second.access), 401);
    voided(await world.refresh(application, second.refresh));
    const [entry] = await world.store.audit.newest(1);
    assert.deepEqual([entry?.what, entry?.outcome, entry?.facts['of']], ['application.replay', 'refused', 'code']);
  });

  it('take a code for what it was made for, and no longer than five minutes', async () => {
    const other = await world.register({ redirectUri: `${redirect}\nhttps://a.example/other` });
    const code = await world.codeOf('alice', other);
    voided(await world.redeem(application, code));
    refused(
      await world.redeem(other, code, { redirect_uri: 'https://a.example/other' }),
      400,
      'invalid_request',
      'Invalid request: `redirect_uri` is invalid',
    );
    refused(await world.redeem(other, code, { redirect_uri: '' }), 400, 'invalid_request');
    voided(await world.redeem(other, 'f'.repeat(64)));
    voided(await world.redeem(other, code, { code_verifier: pkce.verifier }));
    world.clock.move(299_999);
    assert.equal((await world.redeem(other, code)).status, 200);
    const late = await world.codeOf('alice', other);
    world.clock.move(300_000);
    voided(await world.redeem(other, late));
  });

  it('want the verifier of PKCE where a challenge came (RFC 7636)', async () => {
    for (const more of [
      {},
      { code_verifier: '' },
      { code_verifier: pkce.challenge },
      { code_verifier: `${pkce.verifier}x` },
    ]) {
      const code = await world.codeOf('alice', application, withPkce);
      voided(await world.redeem(application, code, more));
    }
    const code = await world.codeOf('alice', application, withPkce);
    assert.equal((await world.redeem(application, code, { code_verifier: pkce.verifier })).status, 200);
  });

  it('take public applications by their verifier alone, and none that show a secret', async () => {
    const spa = await world.register({ publicClient: true });
    const code = await world.codeOf('alice', spa, withPkce);
    const form = {
      grant_type: 'authorization_code',
      code,
      client_id: spa.clientId,
      redirect_uri: redirect,
      code_verifier: pkce.verifier,
    };
    refused(await world.token({ ...form, client_secret: spa.clientSecret }), 401, 'invalid_client');
    const { refresh } = pairIn(await world.token(form));
    const again = await world.token({ grant_type: 'refresh_token', refresh_token: refresh, client_id: spa.clientId });
    assert.equal(again.status, 200);
  });

  it('replace a pair by a new one; an old one that comes again ends them all (Q04)', async () => {
    const first = await world.letIn('alice', application);
    const second = pairIn(await world.refresh(application, first.refresh));
    assert.equal(await me(first.access), 401, 'the old pair is void');
    assert.equal(await me(second.access), 200);
    voided(await world.refresh(application, first.refresh));
    assert.equal(await me(second.access), 200, 'a moment later it may be a race');
    world.clock.move(10_001);
    voided(await world.refresh(application, first.refresh));
    assert.equal(await me(second.access), 401);
    voided(await world.refresh(application, second.refresh));
  });

  it('serve one of eight requests at once with one refresh token, and one of eight with one code', async () => {
    const first = await world.letIn('alice', application);
    const replies = await Promise.all(
      Array.from({ length: 8 }, async () => await world.refresh(application, first.refresh)),
    );
    const winners = replies.filter(({ status }) => status === 200);
    assert.equal(winners.length, 1);
    assert.equal(await me(pairIn(winners[0] as RestReply).access), 200);
    for (const reply of replies) if (reply.status !== 200) voided(reply);

    const code = await world.codeOf('alice', application);
    const redeemed = await Promise.all(Array.from({ length: 8 }, async () => await world.redeem(application, code)));
    assert.equal(redeemed.filter(({ status }) => status === 200).length, 1);
  });

  it('do not look at scopes, however many', async () => {
    const { refresh } = await world.letIn('alice', application);
    const { clientId: client_id, clientSecret: client_secret } = application;
    const scope = 'admin '.repeat(100_000);
    const reply = await world.token({
      grant_type: 'refresh_token',
      refresh_token: refresh,
      client_id,
      client_secret,
      scope,
    });
    assert.deepEqual(Object.keys(pairIn(reply)), ['access', 'refresh']);
    assert.equal('scope' in reply.json, false);
  });

  it('end: access after an hour, refresh after two weeks', async () => {
    const { access, refresh } = await world.letIn('alice', application);
    world.clock.move(3_599_999);
    assert.equal(await me(access), 200);
    world.clock.move(1);
    assert.equal(await me(access), 401);
    world.clock.move(1_209_600_000 - 3_600_000 - 1);
    const next = pairIn(await world.refresh(application, refresh));
    world.clock.move(1_209_600_000);
    voided(await world.refresh(application, next.refresh));
  });

  it('tell nobody without a token that holds', async () => {
    const nobody = await world.call({ url: '/oauth/userinfo' });
    assert.deepEqual([nobody.status, nobody.text], [401, 'No token']);
    const { text } = await world.signIn('alice');
    const { refresh } = await world.letIn('alice', application);
    for (const wrong of [text, refresh, 'f'.repeat(64), 'x']) {
      const reply = await world.userinfo(wrong);
      assert.deepEqual([reply.status, reply.text], [401, 'Invalid Token']);
      assert.match(String(reply.headers['www-authenticate']), /invalid_token/u);
    }
    const { access } = await world.letIn('alice', application);
    const posted = await world.post('/oauth/userinfo', {}, { authorization: `Bearer ${access}` });
    assert.equal(posted.json['preffered_username'], 'alice');
    assert.equal((await world.call({ url: `/oauth/userinfo?access_token=${access}` })).text, 'No token');
  });

  it('are void for an application that is switched off, and stay so when it is on again', async () => {
    const other = await world.register();
    const headers = await world.asAdmin();
    const { access, refresh } = await world.letIn('alice', other);
    const code = await world.codeOf('alice', other);
    const set = async (active: boolean) =>
      await world.call({
        url: '/api/v1/oauth-apps.update',
        headers,
        body: { appId: other._id, name: 'x', active, redirectUri: redirect },
      });
    await set(false);
    refused(await world.redeem(other, code), 401, 'invalid_client');
    assert.equal(await me(access), 401);
    await set(true);
    assert.equal(await me(access), 401);
    voided(await world.redeem(other, code));
    voided(await world.refresh(other, refresh));
  });

  const ends: readonly [string, (id: string) => Promise<unknown>][] = [
    ['the account is closed', async (id) => await world.app.host.setOpen(id, false, caller({ door: 'cli' }))],
    [
      'an administrator deletes it',
      async (userId) =>
        await world.call({ url: '/api/v1/users.delete', headers: await world.asAdmin(), body: { userId } }),
    ],
    [
      'an administrator signs it out',
      async (userId) =>
        await world.call({ url: '/api/v1/users.logout', headers: await world.asAdmin(), body: { userId } }),
    ],
    [
      'its owner signs out everywhere',
      async () => await world.call({ url: '/api/v1/users.logout', headers: await world.headersOf('carol'), body: {} }),
    ],
  ];
  for (const [when, end] of ends) {
    it(`are void when ${when}`, async () => {
      const { id } = await world.add('carol');
      const { access, refresh } = await world.letIn('carol', application);
      const code = await world.codeOf('carol', application);
      assert.equal(await me(access), 200);
      await end(id);
      assert.equal(await me(access), 401);
      voided(await world.refresh(application, refresh));
      voided(await world.redeem(application, code));
      if ((await world.app.account.find({ by: 'id', value: id })) !== undefined) {
        await world.call({ url: '/api/v1/users.delete', headers: await world.asAdmin(), body: { userId: id } });
      }
    });
  }

  it('are swept after their end', async () => {
    while ((await world.app.session.sweep()) > 0);
    await world.letIn('alice', application);
    world.clock.move(1_209_600_001);
    let swept = 0;
    for (let some = await world.app.session.sweep(); some > 0; some = await world.app.session.sweep()) swept += some;
    assert.ok(swept >= 2);
  });
});
