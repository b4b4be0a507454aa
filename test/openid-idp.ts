import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import { Provider } from 'oidc-provider';

/** Somebody who has an account at the provider: claims by their names. */
export type IdpPerson = Readonly<Record<string, unknown>> & { readonly sub: string };

export interface IdpClient {
  readonly id: string;
  readonly secret: string;
}

/** What can be done to what the provider says, so that a test sees whether anybody minds. */
export interface Tampering {
  /** Another ID token in place of the right one: claims, header and key as they shall be. */
  idToken?: (right: {
    readonly claims: JWTPayload;
    readonly header: Readonly<Record<string, unknown>>;
  }) =>
    | { readonly claims: JWTPayload; readonly header?: Readonly<Record<string, unknown>>; readonly key?: SigningKey }
    | string;
  /** Another answer at a path, for example `/me`. */
  answer?: (path: string, body: Readonly<Record<string, unknown>>) => unknown;
  /** What comes before the provider has looked at a request. @returns whether it was answered */
  before?: (path: string, respond: (status: number, headers: Record<string, string>, body: string) => void) => boolean;
}

export interface SigningKey {
  readonly privateKey: CryptoKey | Uint8Array;
  readonly alg: string;
  readonly kid: string;
}

/** A real OpenID provider on this machine (oidc-provider), whose people sign in and agree by themselves. */
export interface OpenIdIdp {
  readonly issuer: string;
  /** Takes id and secret in the form. */
  readonly post: IdpClient;
  /** Takes them by HTTP Basic. */
  readonly basic: IdpClient;
  /** Another application at the same provider. */
  readonly other: IdpClient;
  readonly tampering: Tampering;
  /** The paths that were asked for, in their order. */
  readonly asked: readonly string[];
  /** Who signs in from now on. */
  signsIn(person: IdpPerson): void;
  /** Signs with a new key from now on, and publishes that one alone. */
  rotate(): Promise<void>;
  /** The key that it signs with now. */
  key(): SigningKey;
  /** What it would sign, with its own key, for tokens that are sent and not fetched (logout tokens). */
  sign(claims: JWTPayload, header?: Readonly<Record<string, unknown>>): Promise<string>;
  /** What a browser does: follows the provider, agrees, and comes back with these parameters. */
  authorize(address: string): Promise<Readonly<Record<string, string>>>;
  /** An access token, and the ID token beside it, as an app of its own gets them. */
  tokensFor(client: IdpClient, scope?: string): Promise<{ readonly accessToken: string; readonly idToken: string }>;
  close(): Promise<void>;
}

export const alice: IdpPerson = {
  sub: 'alice-1',
  preferred_username: 'alice',
  name: 'Alice Example',
  email: 'alice@example.org',
  email_verified: true,
  roles: ['support', 'offline_access'],
  groups: ['rocket-admin'],
};

/** Not hers to claim. */
export const mallory: IdpPerson = {
  sub: 'mallory-1',
  preferred_username: 'mallory',
  name: 'Mallory',
  email: 'alice@example.org',
  email_verified: false,
};

async function newKey(kid: string): Promise<{ own: SigningKey; published: JWK; full: JWK }> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const shared = { kid, alg: 'RS256', use: 'sig' };
  return {
    own: { privateKey, alg: 'RS256', kid },
    published: { ...(await exportJWK(publicKey)), ...shared },
    full: { ...(await exportJWK(privateKey)), ...shared },
  };
}

/** @param redirectUris where browsers may be sent back to */
export async function openOpenIdIdp(redirectUris: readonly string[]): Promise<OpenIdIdp> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const first = await newKey('k1');
  let current = first;
  let rotations = 1;
  let person = alice;
  const people = new Map<string, IdpPerson>([[alice.sub, alice]]);
  const tampering: Tampering = {};
  const asked: string[] = [];
  const clientOf = (id: string): IdpClient => ({ id, secret: `${id}-secret-0123456789abcdef` });
  const [post, basic, other] = [clientOf('our-post'), clientOf('our-basic'), clientOf('their-app')];
  const registered = ({ id, secret }: IdpClient, method: 'client_secret_post' | 'client_secret_basic') => ({
    client_id: id,
    client_secret: secret,
    redirect_uris: [...redirectUris],
    grant_types: ['authorization_code'],
    response_types: ['code' as const],
    token_endpoint_auth_method: method,
  });

  const provider = new Provider(issuer, {
    jwks: { keys: [first.full] },
    clients: [
      registered(post, 'client_secret_post'),
      registered(basic, 'client_secret_basic'),
      registered(other, 'client_secret_basic'),
    ],
    pkce: { required: () => false },
    scopes: ['openid', 'profile', 'email', 'roles'],
    claims: {
      openid: ['sub', 'sid'],
      profile: ['name', 'preferred_username'],
      email: ['email', 'email_verified'],
      roles: ['roles', 'groups'],
    },
    features: {
      devInteractions: { enabled: false },
      introspection: { enabled: true, allowedPolicy: () => true },
      backchannelLogout: { enabled: true },
    },
    acceptQueryParamAccessTokens: true,
    cookies: { keys: ['a key of a test'] },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    findAccount: (_context, sub) => {
      const found = people.get(sub);
      return found === undefined ? undefined : { accountId: sub, claims: () => ({ ...found }) };
    },
    ttl: { AccessToken: 3600, AuthorizationCode: 60, IdToken: 3600, Session: 600, Grant: 600, Interaction: 600 },
  });

  const sign = async (
    claims: JWTPayload,
    header: Readonly<Record<string, unknown>> = {},
    key: SigningKey = current.own,
  ): Promise<string> =>
    await new SignJWT(claims).setProtectedHeader({ alg: key.alg, kid: key.kid, ...header }).sign(key.privateKey);

  async function tamperedIdToken(token: string): Promise<string> {
    if (tampering.idToken === undefined && current === first) return token;
    const [header, claims] = token
      .split('.', 2)
      .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Readonly<Record<string, unknown>>);
    if (tampering.idToken === undefined) return await sign(claims ?? {});
    const another = tampering.idToken({
      claims: claims ?? {},
      header: { ...header, alg: current.own.alg, kid: current.own.kid },
    });
    return typeof another === 'string' ? another : await sign(another.claims, another.header, another.key);
  }

  provider.use(async (context, next) => {
    asked.push(context.path);
    if (/^\/interaction\/[^/]+$/u.test(context.path)) {
      await interact();
      return;
    }
    const { res: response } = context;
    const answered = tampering.before?.(context.path, (status, headers, body) => {
      response.writeHead(status, headers);
      response.end(body);
    });
    if (answered === true) {
      context.respond = false;
      return;
    }
    await next();
    if (typeof context.body !== 'object' || context.body === null) return;
    let body = context.body as Record<string, unknown>;
    if (context.path === '/jwks') body = { keys: [current.published] };
    if (context.path === '/token' && typeof body['id_token'] === 'string') {
      body = { ...body, id_token: await tamperedIdToken(body['id_token']) };
    }
    context.body = (tampering.answer?.(context.path, body) ?? body) as object;

    async function interact(): Promise<void> {
      const details = await provider.interactionDetails(context.req, context.res);
      if (details.prompt.name === 'login') {
        const login = { accountId: person.sub };
        await provider.interactionFinished(context.req, context.res, { login }, { mergeWithLastSubmission: false });
      } else {
        const grant = new provider.Grant({
          accountId: details.session?.accountId ?? '',
          clientId: String(details.params['client_id']),
        });
        grant.addOIDCScope(String(details.params['scope']));
        const consent = { grantId: await grant.save() };
        await provider.interactionFinished(context.req, context.res, { consent }, { mergeWithLastSubmission: true });
      }
      context.respond = false;
    }
  });
  const handle = provider.callback();
  server.on('request', (request, response) => {
    void handle(request, response);
  });

  async function authorize(address: string): Promise<Readonly<Record<string, string>>> {
    const cookies = new Map<string, string>();
    let at = address;
    for (let steps = 0; steps < 10; steps += 1) {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const answer = await fetch(at, { redirect: 'manual', headers: { cookie } });
      for (const set of answer.headers.getSetCookie()) {
        const [pair = ''] = set.split(';');
        const [name = '', value = ''] = pair.split('=', 2);
        cookies.set(name, value);
      }
      const to = answer.headers.get('location');
      if (to === null) throw new Error(`The provider answered ${answer.status}: ${await answer.text()}`);
      const url = new URL(to, at);
      if (url.origin !== issuer) return Object.fromEntries(url.searchParams);
      at = url.href;
    }
    throw new Error('The provider sent the browser around.');
  }

  return {
    issuer,
    post,
    basic,
    other,
    tampering,
    asked,
    signsIn: (next) => {
      person = next;
      people.set(next.sub, next);
    },
    rotate: async () => {
      rotations += 1;
      current = await newKey(`k${rotations}`);
    },
    key: () => current.own,
    sign: async (claims, header) => await sign(claims, header),
    authorize,
    tokensFor: async (client, scope = 'openid profile email') => {
      const redirectUri = redirectUris[0] ?? '';
      const query = new URLSearchParams({
        client_id: client.id,
        redirect_uri: redirectUri,
        response_type: 'code',
        scope,
      });
      const { code = '' } = await authorize(`${issuer}/auth?${query.toString()}`);
      const form = new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: redirectUri });
      const isForm = client.id === post.id;
      if (isForm) {
        form.set('client_id', client.id);
        form.set('client_secret', client.secret);
      }
      const authorization = `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString('base64')}`;
      const answer = await fetch(`${issuer}/token`, {
        method: 'POST',
        headers: isForm ? {} : { authorization },
        body: form,
      });
      const told = (await answer.json()) as { access_token: string; id_token: string };
      return { accessToken: told.access_token, idToken: told.id_token };
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
