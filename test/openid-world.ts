import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as client from 'openid-client';
import type { Application, AskedApplication } from '../src/core/application/application.ts';
import { plainOptions } from '../src/core/application/application.ts';
import type { Clock } from '../src/core/ports.ts';
import type { Signed } from '../src/core/session/token.ts';
import type { OpenedStore } from '../src/core/store.ts';
import { outboundOver } from '../src/lib/outbound.ts';
import { openIdDoor } from '../src/wire/openid/door.ts';
import { openRestWorld, type RestWorld } from '../src/wire/rest/rest-world.suite.ts';
import { freePort } from './browser.ts';
import type { HandBrowser, Landed } from './openid-browser.ts';
import { caller, type HandClock, password } from './world.ts';

const { now: machine } = Date;
let moved = 0;

/** The provider reads the clock of the machine: this one is it, and moves it on, for everybody in this process. */
export function movedClock(): HandClock {
  Date.now = () => machine.call(Date) + moved;
  return {
    now: () => Date.now(),
    move: (ms) => {
      moved += ms;
    },
  };
}

/** Where an application waits for browsers; nothing listens there. */
export const callback = 'http://rp.localhost/cb';

/** A whole product with the OpenID provider before it, on a port. */
export interface OpenIdWorld extends RestWorld {
  readonly root: string;
  readonly issuer: string;
  /** Whoever manages applications. */
  readonly admin: Signed;
  addApplication(more?: Partial<AskedApplication>): Promise<{ application: Application; secret: string }>;
  /** A relying party of the application. */
  party(of: { application: Application; secret: string }, auth?: client.ClientAuth): Promise<client.Configuration>;
}

export interface OpenIdOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly open?: (clock: Clock) => Promise<OpenedStore>;
  readonly clock?: HandClock;
  readonly host?: string;
  readonly port?: number;
  /** The port of a proxy before several nodes. */
  readonly publicPort?: number;
}

export async function openOpenIdWorld(options: OpenIdOptions = {}): Promise<OpenIdWorld> {
  const port = options.port ?? (await freePort());
  const host = options.host ?? 'localhost';
  const root = `http://${host}:${options.publicPort ?? port}`;
  const world = await openRestWorld({
    env: {
      OVERWRITE_SETTING_Site_Url: root,
      OVERWRITE_SETTING_Countersign_OpenID_Inner_Logout: 'true',
      ...options.env,
    },
    clock: options.clock ?? { now: () => Date.now(), move: () => assert.fail('this clock does not move') },
    ...(options.open === undefined ? {} : { open: options.open }),
  });
  const callerOf = (request: IncomingMessage) => ({
    address: '203.0.113.9',
    userAgent: request.headers['user-agent'] ?? '',
  });
  const door = openIdDoor({
    app: world.app,
    callerOf,
    outbound: outboundOver(),
    log: (sentence, facts) => world.logged.push({ sentence, facts }),
  });
  const { server } = world.rest;
  const others = server.listeners('request') as ((request: IncomingMessage, response: ServerResponse) => void)[];
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (door.handleRequest(request, response)) return;
    for (const other of others) other.call(server, request, response);
  });
  await world.rest.listen({ port, host: '127.0.0.1' });
  const there = await world.app.account.find({ by: 'username', value: 'root' });
  if (there === undefined) await world.add('root', { roles: ['admin'] });
  const { account, token } = await world.signIn('root');
  const issuer = `${root}/oidc`;
  return {
    ...world,
    root,
    issuer,
    admin: { account, token },
    addApplication: async (more = {}) => {
      const application = await world.app.application.add(
        { account, token },
        { name: 'A Wiki', active: true, redirects: callback, options: plainOptions, ...more },
        caller(),
      );
      return { application, secret: world.app.application.secretOf(application) };
    },
    party: async ({ application, secret }, auth) =>
      await client.discovery(
        new URL(issuer),
        application.clientId,
        undefined,
        auth ?? client.ClientSecretBasic(secret),
        // oxlint-disable-next-line typescript/no-deprecated -- the test server speaks plain HTTP
        { execute: [client.allowInsecureRequests] },
      ),
    close: async () => {
      await door.close();
      await world.close();
    },
  };
}

/** An authorization that has been begun: where the browser goes, and what the client keeps for the way back. */
export interface Begun {
  readonly address: URL;
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
}

export async function begin(
  party: client.Configuration,
  more: Readonly<Record<string, string | undefined>> = {},
): Promise<Begun> {
  const verifier = client.randomPKCECodeVerifier();
  const state = client.randomState();
  const nonce = client.randomNonce();
  const parameters: Record<string, string> = {};
  const all = {
    redirect_uri: callback,
    scope: 'openid profile email roles',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...more,
  };
  for (const [name, value] of Object.entries(all)) if (value !== undefined) parameters[name] = value;
  return { address: client.buildAuthorizationUrl(party, parameters), verifier, state, nonce };
}

/** Fills in what the pages ask for until the browser is back at the application. */
export async function goThrough(browser: HandBrowser, first: Landed, username: string): Promise<URL> {
  let at = first;
  for (let steps = 0; steps < 6; steps += 1) {
    if (at.url.href.startsWith(callback)) return at.url;
    if (at.url.pathname.endsWith('/sign-in')) at = await browser.send(at, { username, password });
    else if (at.url.pathname.includes('/interaction/')) at = await browser.send(at, { allow: 'yes' });
    else break;
  }
  if (at.url.href.startsWith(callback)) return at.url;
  throw new Error(`stuck at ${at.url.href} with ${at.status}: ${at.text}`);
}

/** The whole way: sign-in, consent, code, tokens. */
export async function tokensOf(
  party: client.Configuration,
  browser: HandBrowser,
  username: string,
  more?: Readonly<Record<string, string | undefined>>,
) {
  const begun = await begin(party, more);
  const back = await goThrough(browser, await browser.go(begun.address), username);
  return { tokens: await redeem(party, begun, back), back, begun };
}

export async function redeem(party: client.Configuration, { verifier, state, nonce }: Begun, back: URL) {
  return await client.authorizationCodeGrant(party, back, {
    pkceCodeVerifier: verifier,
    expectedState: state,
    expectedNonce: nonce,
    idTokenExpected: true,
  });
}

/** An application's own server, which keeps what it is posted. */
export interface ToldServer {
  readonly address: string;
  readonly told: readonly URLSearchParams[];
  /** Waits until it was told so many times. */
  heard(count: number): Promise<void>;
  close(): Promise<void>;
}

export async function openToldServer(): Promise<ToldServer> {
  const told: URLSearchParams[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      told.push(new URLSearchParams(Buffer.concat(chunks).toString('utf8')));
      response.writeHead(204).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}/logout`,
    told,
    heard: async (count) => {
      for (let tries = 0; told.length < count; tries += 1) {
        assert.ok(tries < 500, `told ${told.length} times of ${count}`);
        await new Promise((after) => {
          setTimeout(after, 10);
        });
      }
    },
    close: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}

export { HandBrowser, type Landed } from './openid-browser.ts';
