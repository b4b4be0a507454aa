import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { openRestWorld, type RestReply, type RestWorld } from './rest-world.suite.ts';

/** An application as its manager reads it. */
export interface KnownApplication {
  readonly _id: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** What a client gets for a code. */
export interface GivenPair {
  readonly access: string;
  readonly refresh: string;
}

export const redirect = 'https://a.example/cb';

/** A verifier of PKCE and its challenge. */
export const pkce = (() => {
  const verifier = 'a-verifier-of-forty-three-characters-at-least-1';
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
})();

/** A test world with what services do whose people sign in here. */
export interface ApplicationWorld extends RestWorld {
  /** Makes an application through the API. */
  register(more?: Readonly<Record<string, unknown>>): Promise<KnownApplication>;
  /** The cookie of a browser in which somebody is signed in. */
  browserOf(username: string): Promise<string>;
  /** Opens the page that asks. */
  ask(given: Readonly<Record<string, string>>, cookie?: string): Promise<RestReply>;
  /** Sends Rocket.Chat's form. */
  answer(form: Readonly<Record<string, string>>): Promise<RestReply>;
  /** A form at any path. */
  post(
    url: string,
    form: Readonly<Record<string, string>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<RestReply>;
  token(form: Readonly<Record<string, string>>, headers?: Readonly<Record<string, string>>): Promise<RestReply>;
  /** A fresh code of somebody for an application. */
  codeOf(username: string, application: KnownApplication, more?: Readonly<Record<string, string>>): Promise<string>;
  redeem(application: KnownApplication, code: string, more?: Readonly<Record<string, string>>): Promise<RestReply>;
  refresh(application: KnownApplication, refresh: string): Promise<RestReply>;
  /** The tokens of an application that somebody has just let in. */
  letIn(username: string, application: KnownApplication): Promise<GivenPair>;
  userinfo(access: string): Promise<RestReply>;
}

export async function openApplicationWorld(
  options: Parameters<typeof openRestWorld>[0] = {},
): Promise<ApplicationWorld> {
  const world = await openRestWorld({
    ...options,
    env: { OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false', ...options.env },
  });
  const admin = await world.asAdmin();
  const post: ApplicationWorld['post'] = async (url, form, headers = {}) =>
    await world.call({
      url,
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams(form).toString(),
    });
  const token: ApplicationWorld['token'] = async (form, headers) => await post('/oauth/token', form, headers);
  const answer: ApplicationWorld['answer'] = async (form) => await post('/oauth/authorize', form);
  const codeOf: ApplicationWorld['codeOf'] = async (username, { clientId }, more = {}) => {
    const { text } = await world.signIn(username);
    const reply = await answer({
      client_id: clientId,
      redirect_uri: redirect,
      response_type: 'code',
      state: 'some state',
      allow: 'yes',
      token: text,
      ...more,
    });
    assert.equal(reply.status, 302, reply.text);
    return new URL(String(reply.headers['location'])).searchParams.get('code') ?? '';
  };
  const redeem: ApplicationWorld['redeem'] = async ({ clientId, clientSecret }, code, more = {}) =>
    await token({
      grant_type: 'authorization_code',
      code,
      client_id: clientId,
      client_secret: clientSecret,
      redirect_uri: redirect,
      ...more,
    });
  return {
    ...world,
    post,
    token,
    answer,
    codeOf,
    redeem,
    async register(more = {}) {
      const reply = await world.call({
        url: '/api/v1/oauth-apps.create',
        headers: admin,
        body: { name: 'An application', active: true, redirectUri: redirect, ...more },
      });
      assert.equal(reply.status, 200, reply.text);
      return reply.json['application'] as KnownApplication;
    },
    async browserOf(username) {
      return `countersign_session=${await world.app.page.open(await world.signIn(username))}`;
    },
    ask: async (given, cookie) =>
      await world.call({
        url: `/oauth/authorize?${new URLSearchParams(given).toString()}`,
        headers: cookie === undefined ? {} : { cookie },
      }),
    refresh: async ({ clientId, clientSecret }, refresh) =>
      await token({
        grant_type: 'refresh_token',
        refresh_token: refresh,
        client_id: clientId,
        client_secret: clientSecret,
      }),
    async letIn(username, application) {
      return pairIn(await redeem(application, await codeOf(username, application)));
    },
    userinfo: async (access) =>
      await world.call({ url: '/oauth/userinfo', headers: { authorization: `Bearer ${access}` } }),
  };
}

/** The tokens in an answer. */
export function pairIn(reply: RestReply): GivenPair {
  assert.equal(reply.status, 200, reply.text);
  return { access: String(reply.json['access_token']), refresh: String(reply.json['refresh_token']) };
}
