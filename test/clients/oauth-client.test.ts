// An OAuth 2 client that others wrote, unchanged, in front of Rocket.Chat's own provider surface (providers.md §8.1).
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as oauth from 'openid-client';
import {
  type ApplicationWorld,
  type KnownApplication,
  openApplicationWorld,
} from '../../src/wire/rest/application-world.suite.ts';

const redirect = 'https://a.example/cb';

describe('openid-client, as a plain OAuth 2 client', () => {
  let world: ApplicationWorld;
  let root: string;
  before(async () => {
    world = await openApplicationWorld();
    await world.add('alice', { name: 'Alice' });
    root = `http://127.0.0.1:${await world.port()}`;
  });
  after(async () => {
    await world.close();
  });

  const configOf = (application: KnownApplication, proof: oauth.ClientAuth): oauth.Configuration => {
    const server = {
      issuer: root,
      authorization_endpoint: `${root}/oauth/authorize`,
      token_endpoint: `${root}/oauth/token`,
      userinfo_endpoint: `${root}/oauth/userinfo`,
    };
    const config = new oauth.Configuration(server, application.clientId, undefined, proof);
    // oxlint-disable-next-line typescript/no-deprecated -- it is marked so that nobody does this on a real network
    oauth.allowInsecureRequests(config);
    return config;
  };
  /** Where a browser is sent back to in which alice is signed in and agrees. */
  const browse = async (address: URL): Promise<URL> => {
    const headers = { 'cookie': await world.browserOf('alice'), 'sec-fetch-site': 'same-origin' };
    const page = await (await fetch(address, { headers, redirect: 'manual' })).text();
    const consent = /name="consent" value="([\w-]{43})"/u.exec(page)?.[1] ?? '';
    const form = new URLSearchParams({ consent, allow: 'yes' });
    const done = await (await fetch(`${root}/oauth/authorize`, { method: 'POST', headers, body: form })).text();
    const back = /content="0; url=([^"]+)"/u.exec(done)?.[1] ?? '';
    return new URL(back.replaceAll(/&#(\d+);/gu, (_all, code: string) => String.fromCharCode(Number(code))));
  };

  const ways: readonly [string, Readonly<Record<string, unknown>>, (of: KnownApplication) => oauth.ClientAuth][] = [
    ['with its secret in the body', {}, ({ clientSecret }) => oauth.ClientSecretPost(clientSecret)],
    ['with its secret by Basic', {}, ({ clientSecret }) => oauth.ClientSecretBasic(clientSecret)],
    ['without a secret', { publicClient: true }, () => oauth.None()],
  ];
  for (const [how, more, proofOf] of ways) {
    it(`signs somebody in by PKCE, refreshes, and asks who they are, ${how}`, async () => {
      const application = await world.register(more);
      const config = configOf(application, proofOf(application));
      const verifier = oauth.randomPKCECodeVerifier();
      const state = oauth.randomState();
      const address = oauth.buildAuthorizationUrl(config, {
        redirect_uri: redirect,
        state,
        code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      });
      const checks = { pkceCodeVerifier: verifier, expectedState: state };
      const tokens = await oauth.authorizationCodeGrant(config, await browse(address), checks);
      assert.deepEqual([tokens.token_type, tokens.expires_in], ['bearer', 3600]);
      const { id } = (await world.signIn('alice')).account;
      const told = await oauth.fetchUserInfo(config, tokens.access_token, id);
      assert.equal(told['preferred_username'], 'alice');
      const fresh = await oauth.refreshTokenGrant(config, tokens.refresh_token ?? '');
      const me = await oauth.fetchProtectedResource(config, fresh.access_token, new URL(`${root}/api/v1/me`), 'GET');
      assert.equal(((await me.json()) as Record<string, unknown>)['username'], 'alice');
      const old = await fetch(`${root}/api/v1/me`, { headers: { authorization: `Bearer ${tokens.access_token}` } });
      assert.equal(old.status, 401);
    });
  }

  it('reads our refusals', async () => {
    const application = await world.register();
    const config = configOf(application, oauth.ClientSecretBasic(application.clientSecret));
    const verifier = oauth.randomPKCECodeVerifier();
    const state = oauth.randomState();
    const address = oauth.buildAuthorizationUrl(config, {
      redirect_uri: redirect,
      state,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    const back = await browse(address);
    const other = { pkceCodeVerifier: oauth.randomPKCECodeVerifier(), expectedState: state };
    await assert.rejects(oauth.authorizationCodeGrant(config, back, other), { error: 'invalid_grant', status: 400 });
    const wrong = configOf(application, oauth.ClientSecretBasic('another'));
    const checks = { pkceCodeVerifier: verifier, expectedState: state };
    // What it makes of 401 with a challenge is an error of its own.
    await assert.rejects(oauth.authorizationCodeGrant(wrong, back, checks), (error: Error) => {
      return error instanceof oauth.WWWAuthenticateChallengeError && error.status === 401;
    });
    await assert.rejects(oauth.refreshTokenGrant(config, 'f'.repeat(64)), { error: 'invalid_grant' });
  });
});
