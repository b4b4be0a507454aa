import { randomBytes } from 'node:crypto';
import { oauth1Signature } from '../src/providers/oauth1.ts';
import { openStub, type Stub, type StubAnswer, type StubPerson, type StubRequest } from './oauth-stub.ts';

/** A stub of OAuth 1 that gives token pairs to apps. */
export interface TwitterStub extends Stub {
  readonly consumerKey: string;
  /** A pair that was made for the consumer with this key and secret. */
  makePair(consumerKey?: string, consumerSecret?: string): { readonly key: string; readonly secret: string };
}

interface Kept {
  readonly secret: string;
  readonly consumerKey: string;
  readonly callback: string;
  readonly person: StubPerson;
  readonly verifier: string;
}

const refused: StubAnswer = { status: 401, body: { errors: [{ code: 32, message: 'Could not authenticate you.' }] } };

/** Twitter as it answers to OAuth 1.0a: every request signed, no nonce twice, and forms that it calls HTML. */
export async function openTwitterStub(): Promise<TwitterStub> {
  const consumerKey = 'twitter-consumer';
  const consumers = new Map<string, string>();
  const begun = new Map<string, Kept>();
  const pairs = new Map<string, Kept>();
  const nonces = new Set<string>();
  let keep = (text: string): string => text;
  let who: () => StubPerson;
  const fresh = (kind: string): string => keep(`${kind}-${randomBytes(12).toString('hex')}`);

  /** The parameters of a request whose signature holds. */
  const signedBy = (
    { method, url, headers }: StubRequest,
    secretOf: (token: string) => string | undefined,
  ): Readonly<Record<string, string>> | undefined => {
    const { authorization = '' } = headers;
    if (!authorization.startsWith('OAuth ')) return undefined;
    const { oauth_signature: signature, ...params } = Object.fromEntries(
      [...authorization.slice(6).matchAll(/(\w+)="([^"]*)"/gu)].map(([, name = '', value = '']) => [
        name,
        decodeURIComponent(value),
      ]),
    );
    const { oauth_consumer_key: key = '', oauth_token: token, oauth_nonce: nonce = '' } = params;
    const [consumer, secret] = [consumers.get(key), token === undefined ? '' : secretOf(token)];
    if (consumer === undefined || secret === undefined || nonces.has(nonce)) return undefined;
    nonces.add(nonce);
    const request = {
      method: method as 'GET',
      url: url.href,
      consumer: { key, secret: consumer },
      token: { key: token ?? '', secret },
    };
    return oauth1Signature(request, params) === signature ? params : undefined;
  };
  const form = (fields: Readonly<Record<string, string>>): StubAnswer => ({
    headers: { 'Content-Type': 'text/html;charset=utf-8' },
    body: new URLSearchParams(fields).toString(),
  });

  const stub = await openStub('twitter', 'Accounts_OAuth_Twitter_secret', ({ base, person, secret }) => {
    keep = secret;
    who = person;
    const consumerSecret = fresh('secret');
    consumers.set(consumerKey, consumerSecret);
    return {
      settings: {
        Accounts_OAuth_Twitter: 'true',
        Accounts_OAuth_Twitter_id: consumerKey,
        Accounts_OAuth_Twitter_secret: consumerSecret,
        Accounts_OAuth_Twitter_authorize_url: `${base}/oauth/authenticate`,
        Accounts_OAuth_Twitter_request_token_url: `${base}/oauth/request_token`,
        Accounts_OAuth_Twitter_token_url: `${base}/oauth/access_token`,
        Accounts_OAuth_Twitter_identity_url: `${base}/1.1/account/verify_credentials.json`,
      },
      routes: {
        '/oauth/request_token': {
          answer: (request) => {
            const params = signedBy(request, () => undefined);
            const callback = params?.['oauth_callback'];
            if (request.method !== 'POST' || params === undefined || callback === undefined) return refused;
            const [key, tokenSecret] = [fresh('request'), fresh('secret')];
            const verifier = fresh('verifier');
            begun.set(key, { secret: tokenSecret, consumerKey, callback, person: person(), verifier });
            return form({ oauth_token: key, oauth_token_secret: tokenSecret, oauth_callback_confirmed: 'true' });
          },
        },
        '/oauth/authenticate': {
          answer: ({ url }) => {
            const key = url.searchParams.get('oauth_token') ?? '';
            const kept = begun.get(key);
            if (kept === undefined) return { status: 401, body: 'no such token' };
            const back = new URL(kept.callback);
            back.searchParams.set('oauth_token', key);
            back.searchParams.set('oauth_verifier', kept.verifier);
            return { status: 302, headers: { Location: back.href }, body: '' };
          },
        },
        '/oauth/access_token': {
          step: 'token',
          answer: (request) => {
            const params = signedBy(request, (token) => begun.get(token)?.secret);
            const kept = begun.get(params?.['oauth_token'] ?? '');
            if (request.method !== 'POST' || kept === undefined || params?.['oauth_verifier'] !== kept.verifier) {
              return refused;
            }
            begun.delete(params['oauth_token'] ?? '');
            const [key, tokenSecret] = [fresh('token'), fresh('secret')];
            pairs.set(key, { ...kept, secret: tokenSecret });
            return form({ oauth_token: key, oauth_token_secret: tokenSecret, user_id: kept.person.id });
          },
        },
        '/1.1/account/verify_credentials.json': {
          step: 'identity',
          answer: (request) => {
            const params = signedBy(request, (token) => pairs.get(token)?.secret);
            const kept = pairs.get(params?.['oauth_token'] ?? '');
            if (kept === undefined || params?.['oauth_consumer_key'] !== kept.consumerKey) return refused;
            const { id, name, username, email } = kept.person;
            return { body: { id: Number(id), id_str: id, name, screen_name: username, email, lang: null } };
          },
        },
      },
    };
  });
  return {
    ...stub,
    consumerKey,
    makePair: (key = consumerKey, secret) => {
      if (secret !== undefined) consumers.set(key, secret);
      const pair = { key: fresh('token'), secret: fresh('secret') };
      pairs.set(pair.key, { secret: pair.secret, consumerKey: key, callback: '', person: who(), verifier: '' });
      return pair;
    },
  };
}
