import assert from 'node:assert/strict';
import { type DdpWorld, openDdpWorld } from '../src/wire/ddp/ddp-world.suite.ts';
import { type RestServer, restServer } from '../src/wire/rest/server.ts';
import { keyPair } from './certificate.ts';
import { type Claims, claims, encoded, honest } from './saml-forge.ts';
import { samlSettings } from './saml-idp.ts';
import { type HandClock, handClock, type openWorld } from './world.ts';

export const consumer = 'http://localhost:3000/_saml/validate/test-idp';
export const root = 'http://localhost:3000/';

const from = handClock().now();
/** The provider's key and certificate, and those of somebody else. */
export const idp = keyPair({ from });
export const stranger = keyPair({ from });

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly json: Readonly<Record<string, unknown>>;
  readonly location: string;
}

/** A server with every door that knows a SAML provider. */
export interface SamlPlace {
  readonly world: DdpWorld;
  readonly clock: HandClock;
  /** What went to the operator's log about refusals. */
  readonly told: readonly Readonly<Record<string, unknown>>[];
  get(url: string): Promise<Answer>;
  form(url: string, fields: Readonly<Record<string, string>>): Promise<Answer>;
  json(url: string, body: object): Promise<Answer>;
  /** Sends a browser out. @returns the id of its request */
  begin(): Promise<string>;
  /** What an honest provider says of Alice, in answer to a browser that was just sent out. */
  claims(more?: Partial<Claims>): Promise<Claims>;
  /** Posts a response. @returns where the browser is sent, and why it was refused */
  post(
    xml: string,
    more?: Readonly<Record<string, string>>,
  ): Promise<{ readonly to: string; readonly reason: unknown; readonly token: string | undefined }>;
  /** A whole sign-in with the JSON API at its end. */
  logIn(token: string | undefined): Promise<Answer>;
  /** A whole sign-in with these claims. @returns the id of the account */
  comes(more?: Partial<Claims>): Promise<string>;
  close(): Promise<void>;
}

export async function openSamlPlace(options: Parameters<typeof openWorld>[0] = {}): Promise<SamlPlace> {
  const told: Readonly<Record<string, unknown>>[] = [];
  const world = await openDdpWorld({
    ...options,
    env: {
      ...samlSettings('https://idp.example/sso', idp.certificate),
      OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false',
      ...options.env,
    },
    parts: { log: (_sentence, facts) => told.push(facts), ...options.parts },
  });
  const rest: RestServer = await restServer({
    app: world.app,
    callMethod: world.server.callMethod,
    callerOf: () => ({ address: '203.0.113.9', userAgent: 'test/1' }),
    config: { rootUrl: root, tokenSecretRequired: false, version: '0.0.0', metricsToken: undefined },
    log: (sentence, { cause }) => {
      throw new Error(sentence, { cause });
    },
  });
  const ask = async (request: {
    readonly method: 'GET' | 'POST';
    readonly url: string;
    readonly headers?: Record<string, string>;
    readonly payload?: string;
  }): Promise<Answer> => {
    const reply = await rest.inject(request);
    const isJson = reply.body.startsWith('{');
    return {
      status: reply.statusCode,
      text: reply.body,
      json: isJson ? (JSON.parse(reply.body) as Answer['json']) : {},
      location: String(reply.headers.location ?? ''),
    };
  };
  const place: SamlPlace = {
    world,
    clock: world.clock,
    told,
    get: async (url) => await ask({ method: 'GET', url }),
    form: async (url, fields) =>
      await ask({
        method: 'POST',
        url,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: new URLSearchParams(fields).toString(),
      }),
    json: async (url, body) =>
      await ask({
        method: 'POST',
        url,
        headers: { 'content-type': 'application/json' },
        payload: JSON.stringify(body),
      }),
    async begin() {
      const token = `id-${world.clock.now()}${Math.random().toString(36).slice(2)}-padding`;
      const { status, location } = await place.get(`/_saml/authorize/test-idp/${token}`);
      assert.equal(status, 302);
      assert.ok(location.startsWith('https://idp.example/sso?'), location);
      return token;
    },
    claims: async (more = {}) => claims({ requestId: await place.begin(), consumer, now: world.clock.now(), ...more }),
    async post(xml, more = {}) {
      told.length = 0;
      const fields = { SAMLResponse: encoded(xml), RelayState: 'test-idp', ...more };
      const { status, location } = await place.form('/_saml/validate/test-idp', fields);
      assert.equal(status, 302);
      const token = /^http:\/\/localhost:3000\/saml\/([\w-]{43})\?saml_idp_credentialToken=\1$/u.exec(location)?.[1];
      return { to: location, token, reason: told[0]?.['reason'] };
    },
    logIn: async (credentialToken) => await place.json('/api/v1/login', { saml: true, credentialToken }),
    async comes(more) {
      const { token } = await place.post(honest(await place.claims(more), idp));
      const { status, json, text } = await place.logIn(token);
      assert.equal(status, 200, text);
      return (json['data'] as { readonly userId: string }).userId;
    },
    async close() {
      await rest.close();
      await world.close();
    },
  };
  return place;
}

/** Runs a test in a place of its own. */
export async function withSaml(
  act: (place: SamlPlace) => Promise<void>,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const place = await openSamlPlace({ env });
  try {
    await act(place);
  } finally {
    await place.close();
  }
}
