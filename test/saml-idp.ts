import { createServer, type RequestListener } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { type KeyPair, keyPair } from './certificate.ts';

interface SamlRequest {
  readonly id: string;
  readonly issuer: string;
  readonly assertionConsumerServiceURL: string;
}
interface Asked {
  readonly query: Readonly<Record<string, string | undefined>>;
}
type Next = (cause?: unknown) => void;
type Handler = (request: Asked, response: unknown, next: Next) => void;
interface Samlp {
  auth(options: Readonly<Record<string, unknown>>): Handler;
  parseRequest(request: Asked, act: (cause: unknown, asked: SamlRequest | undefined) => void): void;
}
type Express = () => RequestListener & { get(path: string, handler: Handler): void };

const require = createRequire(import.meta.url);
const samlp = require('samlp') as Samlp;
const express = require('express') as Express;

/** Somebody whom the provider knows. */
export interface Person {
  readonly nameId: string;
  readonly nameFormat?: string;
  readonly attributes: Readonly<Record<string, string | readonly string[]>>;
}

/** An identity provider of its own: `samlp` on `express`, in this process. */
export interface SamlIdp {
  /** Where it takes requests. */
  readonly entryPoint: string;
  readonly pair: KeyPair;
  readonly people: Map<string, Person>;
  /** Who signs in where an address names nobody. */
  signsIn: string;
  /** With this certificate assertions are encrypted; undefined for none. */
  encryptFor: string | undefined;
  /** Goes where a redirect leads, as a browser does, and signs somebody in. @returns the form that it would post */
  signIn(address: string, who: string): Promise<SamlForm>;
  /** What a server needs to know of it, as its environment. */
  readonly settings: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export interface SamlForm {
  readonly action: string;
  readonly SAMLResponse: string;
  readonly RelayState: string;
}

export async function openSamlIdp(): Promise<SamlIdp> {
  const pair = keyPair();
  const people = new Map<string, Person>([
    [
      'alice',
      {
        nameId: 'alice@example.com',
        attributes: { username: 'alice', email: 'alice@example.com', cn: 'Alice Example', groups: ['user', 'bot'] },
      },
    ],
  ]);
  const app = express();
  const server = createServer(app);
  const idp: Pick<SamlIdp, 'encryptFor' | 'signsIn'> = { encryptFor: undefined, signsIn: '' };
  app.get('/sso', (request, response, next) => {
    samlp.parseRequest(request, (cause, asked) => {
      if (asked === undefined) {
        next('route');
        return;
      }
      if (cause !== null && cause !== undefined) {
        next(cause);
        return;
      }
      const who = request.query['login'] ?? idp.signsIn;
      const person = people.get(who);
      const consumer = asked.assertionConsumerServiceURL;
      const profile = {
        getClaims: () => person?.attributes ?? {},
        getNameIdentifier: () => ({
          nameIdentifier: person?.nameId,
          nameIdentifierFormat: person?.nameFormat ?? 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
        }),
      };
      const profileMapper = Object.assign(() => profile, { prototype: { metadata: [] } });
      samlp.auth({
        issuer: 'urn:test-idp',
        cert: pair.certificate,
        key: pair.key,
        audience: asked.issuer,
        destination: consumer,
        recipient: consumer,
        acsUrl: consumer,
        inResponseTo: asked.id,
        signResponse: true,
        signAssertion: true,
        digestAlgorithm: 'sha256',
        signatureAlgorithm: 'rsa-sha256',
        sessionIndex: `session-of-${who}`,
        lifetimeInSeconds: 300,
        includeAttributeNameFormat: true,
        getPostURL: (
          _audience: unknown,
          _document: unknown,
          _request: unknown,
          tell: (none: null, url: string) => void,
        ) => {
          tell(null, consumer);
        },
        getUserFromRequest: () => person,
        profileMapper,
        ...(idp.encryptFor === undefined
          ? {}
          : {
              encryptionCert: idp.encryptFor,
              encryptionPublicKey: idp.encryptFor,
              encryptionAlgorithm: 'http://www.w3.org/2009/xmlenc11#aes256-gcm',
            }),
      })(request, response, next);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const entryPoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/sso`;
  return Object.assign(idp, {
    entryPoint,
    pair,
    people,
    async signIn(address: string, who: string): Promise<SamlForm> {
      const response = await fetch(`${address}&login=${who}`);
      const page = await response.text();
      if (response.status !== 200) throw new Error(`${response.status} ${page}`);
      const field = (name: string): string =>
        decoded(new RegExp(`name="${name}"\\s+value="([^"]*)"`, 'u').exec(page)?.[1] ?? '');
      return {
        action: decoded(/action="([^"]*)"/u.exec(page)?.[1] ?? ''),
        SAMLResponse: field('SAMLResponse'),
        RelayState: field('RelayState'),
      };
    },
    settings: samlSettings(entryPoint, pair.certificate),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  });
}

/** The settings of a provider `test-idp`. */
export function samlSettings(entryPoint: string, certificate: string): Readonly<Record<string, string>> {
  const all = {
    '': 'true',
    _provider: 'test-idp',
    _entry_point: entryPoint,
    _idp_slo_redirect_url: new URL('/slo', entryPoint).href,
    _issuer: 'urn:countersign:test',
    _cert: certificate,
  };
  return Object.fromEntries(Object.entries(all).map(([key, value]) => [samlSetting(key), value]));
}

/** The variable that sets a setting. */
export function samlSetting(suffix: string): string {
  return `OVERWRITE_SETTING_SAML_Custom_Default${suffix}`;
}

function decoded(text: string): string {
  return text.replace(/&#x([0-9a-f]+);/giu, (_whole, code: string) => String.fromCodePoint(Number.parseInt(code, 16)));
}
