import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { default as Provider } from 'oidc-provider';
import { pageCookieIn } from '../shapes/page-cookie.ts';
import { bareHeaders } from './bare-headers.ts';
import { GuessLimit } from './guess-limit.ts';
import { Interactions } from './interaction.ts';
import type { OpenIdDoorParts } from './parts.ts';
import { askedPath, isShort } from './paths.ts';
import { readForm } from './read-form.ts';
import { ServedProvider } from './served-provider.ts';
import { duringVisit, type OpenIdVisit } from './visit.ts';

/** Answers what is sent to the OpenID provider; everything of it is loaded with this file. */
export class Serving {
  readonly #parts: OpenIdDoorParts;
  readonly #served: ServedProvider;
  readonly #interactions: Interactions;
  readonly #guesses: GuessLimit;

  constructor(parts: OpenIdDoorParts) {
    this.#parts = parts;
    this.#served = new ServedProvider(parts);
    this.#interactions = new Interactions(parts.app);
    this.#guesses = new GuessLimit(parts.app);
  }

  async provider(): Promise<Provider> {
    return await this.#served.provider();
  }

  /** @param path behind `/oidc`, with the query */
  async answer(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const { app, callerOf } = this.#parts;
    const { address, userAgent } = callerOf(request);
    const cookie = pageCookieIn(app, request.headers);
    const visit: OpenIdVisit = {
      caller: { door: 'page', address, userAgent, requestId: randomUUID() },
      page: cookie === undefined ? undefined : await app.page.find(cookie),
      secretBy: request.headers.authorization === undefined ? 'client_secret_post' : 'client_secret_basic',
      bound: undefined,
      replaced: undefined,
    };
    if (await this.#guesses.isOver(response, askedPath(path), address)) return;
    const provider = await this.provider();
    await duringVisit(visit, async () => {
      prepare(request, provider.issuer, path, address);
      for (const [name, value] of Object.entries(bareHeaders)) response.setHeader(name, value);
      const uid = /^\/interaction\/([\w-]{1,64})$/u.exec(path)?.[1];
      if (uid !== undefined) await this.#interactions.answer(provider, request, response, uid);
      else if (request.method === 'POST' && asGetPaths.has(path)) await asGet(provider, request, response, path);
      else await provider.callback()(request, response);
      // Only now: what the provider kept of this browser stands on the newer session.
      if (visit.replaced !== undefined) await app.session.logOut(visit.replaced, visit.caller);
    });
  }
}

/**
 * A request for authorization or for the end of a session may come as a form (OpenID Connect Core 1.0 §3.1.2.1, RP-Initiated
 * Logout 1.0 §2), and goes on as an address.
 */
const asGetPaths: ReadonlySet<string> = new Set(['/auth', '/end-session']);

async function asGet(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> {
  const form = await readForm(request);
  const query = `?${form?.toString() ?? ''}`;
  const isGood = form !== undefined && isShort({ path, query });
  response.writeHead(isGood ? 303 : 400, {
    'Content-Length': 0,
    ...(isGood ? { Location: `${provider.issuer}${path}${query}` } : {}),
  });
  response.end();
}

/** Addresses are made of the issuer alone, whatever name the request was sent to, and whatever a proxy wrote into it. */
function prepare(request: IncomingMessage, issuer: string, path: string, address: string): void {
  const { protocol, host, pathname } = new URL(issuer);
  const { headers } = request;
  delete headers['forwarded'];
  delete headers['x-forwarded-port'];
  headers['x-forwarded-proto'] = protocol.slice(0, -1);
  headers['x-forwarded-host'] = host;
  headers['x-forwarded-for'] = address;
  headers.host = host;
  Object.assign(request, { originalUrl: `${pathname}${path}`, url: path });
}
