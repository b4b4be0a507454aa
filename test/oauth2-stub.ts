import { createHash, randomBytes } from 'node:crypto';
import {
  openStub,
  postingPage,
  type Stub,
  type StubAnswer,
  type StubParts,
  type StubPerson,
  type StubRequest,
  type StubRoute,
} from './oauth-stub.ts';

/** A code or a token of a stub, and for whom it was made. */
export interface Grant {
  readonly person: StubPerson;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly nonce: string | undefined;
  readonly challenge: string | undefined;
}

/** What differs from one provider of OAuth 2 to the other. */
export interface OAuth2Stub {
  readonly clientId: string;
  readonly secretSetting: string;
  /** Where people agree and where codes are exchanged, as paths. */
  readonly paths: { readonly authorize: string; readonly token: string };
  /** The settings besides the ones for id and secret. */
  readonly settings: (base: string, secret: string) => Readonly<Record<string, string>>;
  /** Whether what the client shows at the exchange is ours; by id and secret in the body where nothing is said. */
  readonly knowsClient?: (request: StubRequest, secret: string) => boolean | Promise<boolean>;
  /** How the answer comes; more fields for the answer of the exchange. */
  readonly asForm?: boolean;
  readonly more?: (grant: Grant) => Promise<Readonly<Record<string, string>>>;
  readonly byForm?: (grant: Grant) => Readonly<Record<string, string>>;
  /** The other addresses; `ownerOf` says for whom the token in a request was made. */
  readonly routes: (
    parts: StubParts & {
      readonly ownerOf: (token: string | undefined) => Grant | undefined;
      readonly secret: (text: string) => string;
    },
  ) => Readonly<Record<string, StubRoute>>;
}

const noGrant: StubAnswer = { status: 400, body: { error: 'invalid_grant', error_description: 'no such code' } };

/** A stub that hands a code to whoever comes, and exchanges it once, for the client that it was made for. */
export async function openOAuth2Stub(service: string, shape: OAuth2Stub): Promise<Stub & TokenMaker> {
  const codes = new Map<string, Grant>();
  const tokens = new Map<string, Grant>();
  let keep = (text: string): string => text;
  let who: () => StubPerson;
  const ownerOf = (token: string | undefined): Grant | undefined => tokens.get(token ?? '');
  const newToken = (grant: Grant): string => {
    const token = keep(`token-${randomBytes(18).toString('base64url')}`);
    tokens.set(token, grant);
    return token;
  };
  const stub = await openStub(service, shape.secretSetting, (parts) => {
    const { base, person, secret: keepSecret } = parts;
    keep = keepSecret;
    who = person;
    const secret = keepSecret(`secret-${randomBytes(18).toString('base64url')}`);
    const knows = shape.knowsClient ?? byBody(shape.clientId);
    const authorize = ({ url }: StubRequest): StubAnswer => {
      const { searchParams } = url;
      const [redirectUri, state] = [searchParams.get('redirect_uri'), searchParams.get('state')];
      const isAsked = searchParams.get('client_id') === shape.clientId && searchParams.get('response_type') === 'code';
      if (!isAsked || redirectUri === null || state === null) return { status: 400, body: 'not asked as it should be' };
      const code = keepSecret(`code-${randomBytes(18).toString('base64url')}`);
      const grant: Grant = {
        person: person(),
        clientId: shape.clientId,
        redirectUri,
        nonce: searchParams.get('nonce') ?? undefined,
        challenge: searchParams.get('code_challenge') ?? undefined,
      };
      codes.set(code, grant);
      if (shape.byForm !== undefined) {
        return { body: postingPage(redirectUri, { code, state, ...shape.byForm(grant) }) };
      }
      const back = new URL(redirectUri);
      back.searchParams.set('code', code);
      back.searchParams.set('state', state);
      return { status: 302, headers: { Location: back.href }, body: '' };
    };
    const token = async (request: StubRequest): Promise<StubAnswer> => {
      const { form, method } = request;
      if (method !== 'POST') return { status: 405, body: { error: 'invalid_request' } };
      if (!(await knows(request, secret))) return { status: 401, body: { error: 'invalid_client' } };
      const { code = '', redirect_uri: redirectUri, grant_type: type, code_verifier: verifier } = form;
      const grant = codes.get(code);
      codes.delete(code);
      if (grant === undefined || type !== 'authorization_code' || grant.redirectUri !== redirectUri) return noGrant;
      const proof = verifier === undefined ? undefined : createHash('sha256').update(verifier).digest('base64url');
      if (grant.challenge !== proof) return noGrant;
      const fields: Readonly<Record<string, string>> = {
        access_token: newToken(grant),
        token_type: 'bearer',
        ...(await shape.more?.(grant)),
      };
      if (shape.asForm === true) {
        const headers = { 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8' };
        return { headers, body: new URLSearchParams(fields).toString() };
      }
      return { body: { ...fields, expires_in: 3600 } };
    };
    return {
      settings: shape.settings(base, secret),
      routes: {
        [shape.paths.authorize]: { answer: authorize },
        [shape.paths.token]: { step: 'token', answer: token },
        ...shape.routes({ ...parts, ownerOf, secret: keepSecret }),
      },
    };
  });
  return {
    ...stub,
    makeToken: (clientId) =>
      newToken({ person: who(), clientId, redirectUri: '', nonce: undefined, challenge: undefined }),
  };
}

/** Makes tokens as the provider gives them to apps. */
export interface TokenMaker {
  /** @param clientId whom the token is for */
  makeToken(clientId: string): string;
}

function byBody(clientId: string): NonNullable<OAuth2Stub['knowsClient']> {
  return ({ form }, secret) => form['client_id'] === clientId && form['client_secret'] === secret;
}

/** The token in an `Authorization` header of this scheme. */
export function bearerIn({ headers }: StubRequest, scheme = 'Bearer'): string | undefined {
  const { authorization = '' } = headers;
  return authorization.startsWith(`${scheme} `) ? authorization.slice(scheme.length + 1) : undefined;
}
