import { createHmac } from 'node:crypto';
import { type CryptoKey, exportJWK, exportPKCS8, generateKeyPair, jwtVerify, SignJWT } from 'jose';
import { ada, type Stub, type StubPerson, type StubRequest } from './oauth-stub.ts';
import { bearerIn, type Grant, openOAuth2Stub, type TokenMaker } from './oauth2-stub.ts';

/** A stub that signs id tokens. */
export interface SigningStub extends Stub, TokenMaker {
  /** An id token for a client, with other claims or another header where they are given. */
  idToken(
    clientId: string,
    claims?: Readonly<Record<string, unknown>>,
    header?: Readonly<Record<string, unknown>>,
  ): Promise<string>;
}

type Now = () => number;

/** GitHub as it answers: forms unless somebody asks otherwise, numeric ids, addresses at an address of their own. */
export async function openGithubStub(): Promise<Stub> {
  return await openOAuth2Stub('github', {
    clientId: 'github-client',
    secretSetting: 'Accounts_OAuth_Github_secret',
    paths: { authorize: '/login/oauth/authorize', token: '/login/oauth/access_token' },
    asForm: true,
    settings: (base, secret) => ({
      Accounts_OAuth_Github: 'true',
      Accounts_OAuth_Github_id: 'github-client',
      Accounts_OAuth_Github_secret: secret,
      Accounts_OAuth_Github_authorize_url: `${base}/login/oauth/authorize`,
      Accounts_OAuth_Github_token_url: `${base}/login/oauth/access_token`,
      Accounts_OAuth_Github_identity_url: `${base}/user`,
    }),
    routes: ({ ownerOf }) => {
      const personOf = (request: StubRequest): StubPerson | undefined => ownerOf(bearerIn(request, 'token'))?.person;
      const nobody = { status: 401, body: { message: 'Bad credentials' } };
      return {
        '/user': {
          step: 'identity',
          answer: (request) => {
            const person = personOf(request);
            if (person === undefined) return nobody;
            return { body: { id: Number(person.id), login: person.username, name: person.name, email: null } };
          },
        },
        '/user/emails': {
          answer: (request) => {
            const person = personOf(request);
            if (person === undefined) return nobody;
            return {
              body: [
                { email: `old-${person.email}`, primary: false, verified: true, visibility: null },
                { email: person.email, primary: true, verified: person.verified, visibility: 'private' },
              ],
            };
          },
        },
      };
    },
  });
}

/** LinkedIn's user info. */
export async function openLinkedinStub(): Promise<Stub> {
  return await openOAuth2Stub('linkedin', {
    clientId: 'linkedin-client',
    secretSetting: 'Accounts_OAuth_Linkedin_secret',
    paths: { authorize: '/oauth/v2/authorization', token: '/oauth/v2/accessToken' },
    settings: (base, secret) => ({
      Accounts_OAuth_Linkedin: 'true',
      Accounts_OAuth_Linkedin_id: 'linkedin-client',
      Accounts_OAuth_Linkedin_secret: secret,
      Accounts_OAuth_Linkedin_authorize_url: `${base}/oauth/v2/authorization`,
      Accounts_OAuth_Linkedin_token_url: `${base}/oauth/v2/accessToken`,
      Accounts_OAuth_Linkedin_identity_url: `${base}/v2/userinfo`,
    }),
    routes: ({ ownerOf }) => ({
      '/v2/userinfo': {
        step: 'identity',
        answer: (request) => {
          const person = ownerOf(bearerIn(request))?.person;
          if (person === undefined) return { status: 401, body: { serviceErrorCode: 65_600 } };
          const { id, name, email, verified } = person;
          const [given = '', family = ''] = name.split(' ');
          return { body: { sub: id, name, given_name: given, family_name: family, email, email_verified: verified } };
        },
      },
    }),
  });
}

/** Meteor's developer accounts. */
export async function openMeteorStub(): Promise<Stub> {
  return await openOAuth2Stub('meteor-developer', {
    clientId: 'meteor-client',
    secretSetting: 'Accounts_OAuth_Meteor_secret',
    paths: { authorize: '/oauth2/authorize', token: '/oauth2/token' },
    settings: (base, secret) => ({
      Accounts_OAuth_Meteor: 'true',
      Accounts_OAuth_Meteor_id: 'meteor-client',
      Accounts_OAuth_Meteor_secret: secret,
      Accounts_OAuth_Meteor_authorize_url: `${base}/oauth2/authorize`,
      Accounts_OAuth_Meteor_token_url: `${base}/oauth2/token`,
      Accounts_OAuth_Meteor_identity_url: `${base}/api/v1/identity`,
    }),
    routes: ({ ownerOf }) => ({
      '/api/v1/identity': {
        step: 'identity',
        answer: (request) => {
          const person = ownerOf(bearerIn(request))?.person;
          if (person === undefined) return { status: 401, body: { error: 'invalid_token' } };
          const { id, username, email, verified } = person;
          return { body: { id, username, emails: [{ address: email, primary: true, verified }] } };
        },
      },
    }),
  });
}

/** Facebook's graph: proofs with our secret, and what it says of a token. */
export async function openFacebookStub(): Promise<Stub & TokenMaker> {
  const clientId = 'facebook-app';
  let appSecret = '';
  return await openOAuth2Stub('facebook', {
    clientId,
    secretSetting: 'Accounts_OAuth_Facebook_secret',
    paths: { authorize: '/dialog/oauth', token: '/oauth/access_token' },
    settings: (base, secret) => {
      appSecret = secret;
      return {
        Accounts_OAuth_Facebook: 'true',
        Accounts_OAuth_Facebook_id: clientId,
        Accounts_OAuth_Facebook_secret: secret,
        Accounts_OAuth_Facebook_authorize_url: `${base}/dialog/oauth`,
        Accounts_OAuth_Facebook_token_url: `${base}/oauth/access_token`,
        Accounts_OAuth_Facebook_identity_url: `${base}/me`,
        Accounts_OAuth_Facebook_debug_token_url: `${base}/debug_token`,
      };
    },
    routes: ({ ownerOf }) => ({
      '/me': {
        step: 'identity',
        answer: ({ url: { searchParams } }) => {
          const token = searchParams.get('access_token') ?? '';
          const grant = ownerOf(token);
          const proof = createHmac('sha256', appSecret).update(token).digest('hex');
          if (grant === undefined || searchParams.get('appsecret_proof') !== proof) {
            return {
              status: 400,
              body: { error: { message: 'Invalid proof', type: 'GraphMethodException', code: 100 } },
            };
          }
          const { id, name, email } = grant.person;
          return { body: { id, name, email, first_name: name.split(' ')[0] } };
        },
      },
      '/debug_token': {
        answer: ({ url: { searchParams } }) => {
          if (searchParams.get('access_token') !== `${clientId}|${appSecret}`) {
            return { status: 400, body: { error: { message: 'Invalid OAuth access token', code: 190 } } };
          }
          const grant = ownerOf(searchParams.get('input_token') ?? '');
          if (grant === undefined) return { body: { data: { is_valid: false } } };
          const { clientId: app, person } = grant;
          return { body: { data: { app_id: app, type: 'USER', is_valid: true, user_id: person.id } } };
        },
      },
    }),
  });
}

/** Google: user info of version 1, and id tokens by RS256. */
export async function openGoogleStub(now: Now = Date.now): Promise<SigningStub> {
  const pair = await generateKeyPair('RS256', { extractable: true });
  const sign = signerWith(pair.privateKey, 'https://accounts.google.com', 'RS256', now);
  let person: StubPerson = ada;
  const stub = await openOAuth2Stub('google', {
    clientId: 'google-client',
    secretSetting: 'Accounts_OAuth_Google_secret',
    paths: { authorize: '/o/oauth2/auth', token: '/token' },
    settings: (base, secret) => ({
      Accounts_OAuth_Google: 'true',
      Accounts_OAuth_Google_id: 'google-client',
      Accounts_OAuth_Google_secret: secret,
      Accounts_OAuth_Google_authorize_url: `${base}/o/oauth2/auth`,
      Accounts_OAuth_Google_token_url: `${base}/token`,
      Accounts_OAuth_Google_identity_url: `${base}/userinfo`,
      Accounts_OAuth_Google_jwks_url: `${base}/certs`,
    }),
    more: async (grant) => ({ id_token: await sign(grant.person, grant.clientId, { nonce: grant.nonce }) }),
    routes: ({ ownerOf }) => ({
      '/userinfo': {
        step: 'identity',
        answer: (request) => {
          const owner = ownerOf(bearerIn(request))?.person;
          if (owner === undefined) return { status: 401, body: { error: { code: 401, status: 'UNAUTHENTICATED' } } };
          const { id, name, email, verified } = owner;
          return { body: { id, name, email, verified_email: verified, given_name: name, locale: 'en' } };
        },
      },
      '/certs': { step: 'keys', answer: async () => ({ body: { keys: [await publicKey(pair.publicKey)] } }) },
    }),
  });
  return {
    ...stub,
    signsIn: (next) => {
      person = next;
      stub.signsIn(next);
    },
    idToken: async (clientId, claims = {}, header = {}) => await sign(person, clientId, claims, header),
  };
}

/** Apple: the code by a form, a secret that is a token, and who it is in the id token alone. */
export async function openAppleStub(now: Now = Date.now): Promise<SigningStub> {
  const [team, own] = await Promise.all([
    generateKeyPair('ES256', { extractable: true }),
    generateKeyPair('RS256', { extractable: true }),
  ]);
  const teamKey = await exportPKCS8(team.privateKey);
  const issuer = 'https://appleid.apple.com';
  const sign = signerWith(own.privateKey, issuer, 'RS256', now);
  const clientId = 'org.example.web';
  let person: StubPerson = ada;
  const claimsOf = ({ email, verified }: StubPerson) => ({ email, email_verified: verified ? 'true' : 'false' });
  const stub = await openOAuth2Stub('apple', {
    clientId,
    secretSetting: 'Accounts_OAuth_Apple_secretKey',
    paths: { authorize: '/auth/authorize', token: '/auth/token' },
    settings: (base) => ({
      Accounts_OAuth_Apple: 'true',
      Accounts_OAuth_Apple_id: clientId,
      Accounts_OAuth_Apple_secretKey: teamKey,
      Accounts_OAuth_Apple_iss: 'TEAM000001',
      Accounts_OAuth_Apple_kid: 'KEY0000001',
      Accounts_OAuth_Apple_native_ids: 'org.example.app',
      Accounts_OAuth_Apple_authorize_url: `${base}/auth/authorize`,
      Accounts_OAuth_Apple_token_url: `${base}/auth/token`,
      Accounts_OAuth_Apple_jwks_url: `${base}/auth/keys`,
    }),
    async knowsClient({ form }) {
      const checks = {
        issuer: 'TEAM000001',
        subject: clientId,
        audience: issuer,
        algorithms: ['ES256'],
        currentDate: new Date(now()),
        requiredClaims: ['exp', 'iat'],
      };
      return await jwtVerify(form['client_secret'] ?? '', team.publicKey, checks).then(
        ({ protectedHeader }) => protectedHeader.kid === 'KEY0000001' && form['client_id'] === clientId,
        () => false,
      );
    },
    byForm: ({ person: { name, email } }) => {
      const [firstName = '', lastName = ''] = name.split(' ');
      return { user: JSON.stringify({ name: { firstName, lastName }, email }) };
    },
    more: async (grant) => ({
      id_token: await sign(grant.person, grant.clientId, { ...claimsOf(grant.person), nonce: grant.nonce }),
    }),
    routes: () => ({
      '/auth/keys': { step: 'keys', answer: async () => ({ body: { keys: [await publicKey(own.publicKey)] } }) },
    }),
  });
  return {
    ...stub,
    signsIn: (next) => {
      person = next;
      stub.signsIn(next);
    },
    idToken: async (audience, claims = {}, header = {}) =>
      await sign(person, audience, { ...claimsOf(person), ...claims }, header),
  };
}

async function publicKey(key: CryptoKey): Promise<object> {
  return { ...(await exportJWK(key)), kid: 'stub-1', use: 'sig' };
}

function signerWith(key: CryptoKey, issuer: string, alg: string, now: Now) {
  return async (
    person: Grant['person'],
    audience: string,
    claims: Readonly<Record<string, unknown>>,
    header: Readonly<Record<string, unknown>> = {},
  ): Promise<string> => {
    const seconds = Math.floor(now() / 1000);
    return await new SignJWT({
      iss: issuer,
      aud: audience,
      sub: person.id,
      iat: seconds,
      exp: seconds + 600,
      ...claims,
    })
      .setProtectedHeader({ alg, kid: 'stub-1', ...header })
      .sign(key);
  };
}
