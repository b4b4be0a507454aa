import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { Stub, StubPerson, StubRequest } from './oauth-stub.ts';
import { bearerIn, type OAuth2Stub, openOAuth2Stub, type TokenMaker } from './oauth2-stub.ts';

/** What differs from one service of the custom shape to the other. */
export interface ShapedStub {
  readonly service: string;
  readonly paths: { readonly authorize: string; readonly token: string; readonly identity: string };
  readonly settings: (base: string, secret: string) => Readonly<Record<string, string>>;
  readonly secretSetting: string;
  readonly identity: (person: StubPerson) => Readonly<Record<string, unknown>>;
  /** The access token comes as bearer; in the query where nothing is said. */
  readonly byHeader?: boolean;
  /** Id and secret come by HTTP Basic; in the form where nothing is said. */
  readonly byBasic?: boolean;
  readonly more?: OAuth2Stub['more'];
  readonly routes?: OAuth2Stub['routes'];
}

const clientId = 'our client';

function byBasic({ headers, form }: StubRequest, secret: string): boolean {
  const encoded = (text: string): string => new URLSearchParams({ '': text }).toString().slice(1);
  const wanted = Buffer.from(`${encoded(clientId)}:${encoded(secret)}`).toString('base64');
  return headers.authorization === `Basic ${wanted}` && form['client_secret'] === undefined;
}

/** A stub of a service of the custom shape. */
export async function openShapedStub(shape: ShapedStub): Promise<Stub & TokenMaker> {
  const { paths, settings, secretSetting, identity, more, routes } = shape;
  return await openOAuth2Stub(shape.service, {
    clientId,
    secretSetting,
    paths,
    settings,
    ...(shape.byBasic === true ? { knowsClient: byBasic } : {}),
    ...(more === undefined ? {} : { more }),
    routes: (parts) => ({
      [paths.identity]: {
        step: 'identity',
        answer: (request) => {
          const inQuery = request.url.searchParams.get('access_token') ?? undefined;
          const owner = parts.ownerOf(shape.byHeader === true ? bearerIn(request) : inQuery);
          return owner === undefined
            ? { status: 401, body: { error: 'invalid_token' } }
            : { body: identity(owner.person) };
        },
      },
      ...routes?.(parts),
    }),
  });
}

const fromBuiltIn = (name: string, url: string) => (base: string, secret: string) => ({
  [`Accounts_OAuth_${name}`]: 'true',
  [`Accounts_OAuth_${name}_id`]: clientId,
  [`Accounts_OAuth_${name}_secret`]: secret,
  [url]: `${base}/`,
});

export const shapedStubs: Readonly<Record<string, ShapedStub>> = {
  gitlab: {
    service: 'gitlab',
    paths: { authorize: '/oauth/authorize', token: '/oauth/token', identity: '/api/v4/user' },
    settings: fromBuiltIn('Gitlab', 'API_Gitlab_URL'),
    secretSetting: 'Accounts_OAuth_Gitlab_secret',
    byHeader: true,
    identity: ({ id, name, username, email, verified }) => ({
      id: Number(id),
      name,
      username,
      email,
      confirmed_at: verified ? '2026-01-01T00:00:00Z' : null,
    }),
    routes: ({ ownerOf }) => ({
      '/oauth/token/info': {
        answer: (request) => {
          const owner = ownerOf(bearerIn(request));
          if (owner === undefined) return { status: 401, body: { error: 'invalid_token' } };
          return { body: { resource_owner_id: 4711, scope: ['read_user'], application: { uid: owner.clientId } } };
        },
      },
    }),
  },
  nextcloud: {
    service: 'nextcloud',
    paths: {
      authorize: '/index.php/apps/oauth2/authorize',
      token: '/index.php/apps/oauth2/api/v1/token',
      identity: '/ocs/v2.php/cloud/user',
    },
    settings: fromBuiltIn('Nextcloud', 'Accounts_OAuth_Nextcloud_URL'),
    secretSetting: 'Accounts_OAuth_Nextcloud_secret',
    byHeader: true,
    byBasic: true,
    identity: ({ id, name, email }) => ({
      ocs: { meta: { status: 'ok', statuscode: 200 }, data: { id, email, displayname: name } },
    }),
  },
  wordpress: {
    service: 'wordpress',
    paths: { authorize: '/oauth/authorize', token: '/oauth/token', identity: '/oauth/me' },
    settings: fromBuiltIn('Wordpress', 'API_Wordpress_URL'),
    secretSetting: 'Accounts_OAuth_Wordpress_secret',
    identity: ({ id, name, username, email }) => ({ ID: Number(id), user_login: username, name, email }),
  },
  drupal: {
    service: 'drupal',
    paths: { authorize: '/oauth2/authorize', token: '/oauth2/token', identity: '/oauth2/UserInfo' },
    settings: fromBuiltIn('Drupal', 'API_Drupal_URL'),
    secretSetting: 'Accounts_OAuth_Drupal_secret',
    identity: ({ id, name, username, email, verified }) => ({
      sub: id,
      preferred_username: username,
      name,
      email,
      email_verified: verified,
    }),
  },
  githubEnterprise: {
    service: 'github_enterprise',
    paths: {
      authorize: '/login/oauth/authorize',
      token: '/login/oauth/access_token',
      identity: '/api/v3/user',
    },
    settings: fromBuiltIn('GitHub_Enterprise', 'API_GitHub_Enterprise_URL'),
    secretSetting: 'Accounts_OAuth_GitHub_Enterprise_secret',
    byHeader: true,
    identity: ({ id, name, username, email }) => ({ id: Number(id), login: username, name, email }),
  },
  dolphin: {
    service: 'dolphin',
    paths: { authorize: '/m/oauth2/auth/', token: '/m/oauth2/token/', identity: '/m/oauth2/api/me/' },
    settings: fromBuiltIn('Dolphin', 'Accounts_OAuth_Dolphin_URL'),
    secretSetting: 'Accounts_OAuth_Dolphin_secret',
    identity: ({ id, name, username, email }) => ({ id, NickName: username, name, email }),
  },
  handMade: {
    service: 'handmade',
    paths: { authorize: '/oauth/authorize', token: '/oauth/token', identity: '/me' },
    settings: (base, secret) => ({
      'Accounts_OAuth_Custom-Handmade': 'true',
      'Accounts_OAuth_Custom-Handmade-url': base,
      'Accounts_OAuth_Custom-Handmade-id': clientId,
      'Accounts_OAuth_Custom-Handmade-secret': secret,
      'Accounts_OAuth_Custom-Handmade-username_field': '{{/^(.+)@/::mail}}',
      'Accounts_OAuth_Custom-Handmade-name_field': '{{given.name}} of {{given.place}}',
      'Accounts_OAuth_Custom-Handmade-email_field': 'mail',
    }),
    secretSetting: 'Accounts_OAuth_Custom-Handmade-secret',
    identity: ({ id, name, email }) => ({ user_id: id, mail: email, given: { name, place: 'Here' } }),
  },
};

/** A custom service that is an OpenID provider, and is discovered. */
export async function openDiscoveredStub(now: () => number): Promise<Stub & TokenMaker> {
  const pair = await generateKeyPair('ES256', { extractable: true });
  const key = { ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'ES256', use: 'sig' };
  let issuer = '';
  return await openShapedStub({
    service: 'openid',
    paths: { authorize: '/auth', token: '/token', identity: '/userinfo' },
    settings: (base, secret) => {
      issuer = base;
      return {
        'Accounts_OAuth_Custom-Openid': 'true',
        'Accounts_OAuth_Custom-Openid-issuer': base,
        'Accounts_OAuth_Custom-Openid-id': clientId,
        'Accounts_OAuth_Custom-Openid-secret': secret,
        'Accounts_OAuth_Custom-Openid-token_sent_via': 'header',
        'Accounts_OAuth_Custom-Openid-username_field': 'preferred_username',
      };
    },
    secretSetting: 'Accounts_OAuth_Custom-Openid-secret',
    byHeader: true,
    byBasic: true,
    identity: ({ id, name, username, email, verified }) => ({
      sub: id,
      preferred_username: username,
      name,
      email,
      email_verified: verified,
    }),
    more: async ({ person, nonce }) => ({
      id_token: await new SignJWT({ ...(nonce === undefined ? {} : { nonce }), sid: 'a session' })
        .setProtectedHeader({ alg: 'ES256', kid: 'one' })
        .setIssuer(issuer)
        .setAudience(clientId)
        .setSubject(person.id)
        .setIssuedAt(Math.floor(now() / 1000))
        .setExpirationTime(Math.floor(now() / 1000) + 300)
        .sign(pair.privateKey),
    }),
    routes: ({ base }) => ({
      '/.well-known/openid-configuration': {
        answer: () => ({
          body: {
            issuer: base,
            authorization_endpoint: `${base}/auth`,
            token_endpoint: `${base}/token`,
            userinfo_endpoint: `${base}/userinfo`,
            jwks_uri: `${base}/jwks`,
          },
        }),
      },
      '/jwks': { step: 'keys', answer: () => ({ body: { keys: [key] } }) },
    }),
  });
}
