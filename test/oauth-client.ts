import assert from 'node:assert/strict';
import { systemRandom } from '../src/lib/system-random.ts';
import type { RestReply, RestWorld } from '../src/wire/rest/rest-world.suite.ts';
import type { Stub } from './oauth-stub.ts';

/** What a client lets travel: base64 of JSON. */
export interface State {
  readonly loginStyle?: string;
  readonly credentialToken?: unknown;
  readonly isCordova?: boolean;
  readonly redirectUrl?: string;
}

/** What an end page holds for its script. */
export interface EndConfig {
  readonly setCredentialToken: boolean;
  readonly credentialToken?: string;
  readonly credentialSecret?: string;
  readonly storagePrefix: string;
  readonly redirectUrl?: string;
  readonly isCordova: boolean;
}

/** A credential token as clients make one. */
export function credentialToken(): string {
  return systemRandom.token();
}

/** The state that a client builds. */
export function stateOf(state: State): string {
  return Buffer.from(JSON.stringify({ loginStyle: 'popup', isCordova: false, ...state })).toString('base64');
}

export function queryOf(params: Readonly<Record<string, string>>): string {
  return new URLSearchParams(params).toString();
}

/** The settings of stubs as the environment of a server. */
export function environmentOf(...stubs: readonly Pick<Stub, 'settings'>[]): Record<string, string> {
  return Object.fromEntries(
    stubs.flatMap(({ settings }) => Object.entries(settings).map(([id, value]) => [`OVERWRITE_SETTING_${id}`, value])),
  );
}

/** The address of a provider as clients build it: by what is published of it, and nothing else. */
export function addressAt(
  stub: Stub,
  state: string,
  root = 'http://localhost:3000',
  callback = `_oauth/${stub.service}`,
): string {
  const setting = (name: string): string =>
    Object.entries(stub.settings).find(([id]) => id.endsWith(name) && id.startsWith('Accounts_OAuth_'))?.[1] ?? '';
  const address = new URL(setting('_authorize_url'));
  for (const [name, value] of Object.entries({
    client_id: setting('_id'),
    response_type: 'code',
    redirect_uri: `${root}/${callback}`,
    state,
  })) {
    address.searchParams.set(name, value);
  }
  return address.href;
}

/** Goes to the provider and comes back, as a browser does that a client has sent. */
export async function comeBack(
  world: RestWorld,
  stub: Stub,
  state: string,
  more: Readonly<Record<string, string>> = {},
): Promise<RestReply> {
  const params = await stub.authorize(addressAt(stub, state));
  return await world.call({ url: `/_oauth/${stub.service}?${queryOf({ ...params, ...more })}` });
}

/** What an end page hands over; it must be one. */
export function configOf({ status, text, headers }: Pick<RestReply, 'status' | 'text' | 'headers'>): EndConfig {
  assert.equal(status, 200);
  assert.match(String(headers['content-type']), /^text\/html/u);
  const json = /<div id="config" style="display:none;">([^<]*)<\/div>/u.exec(text)?.[1];
  assert.ok(json !== undefined, text);
  const unescaped = json.replace(/&#(\d+);/gu, (_all, code: string) => String.fromCharCode(Number(code)));
  return JSON.parse(unescaped) as EndConfig;
}

/** What a client sends after the window has closed. */
export function oauthBody({ credentialToken: token, credentialSecret: secret }: EndConfig): object {
  return { oauth: { credentialToken: token, credentialSecret: secret } };
}
