import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { default as Provider } from 'oidc-provider';
import { pageCookieIn } from '../shapes/page-cookie.ts';
import { bareHeaders } from './bare-headers.ts';
import { GuessLimit } from './guess-limit.ts';
import { Interactions } from './interaction.ts';
import type { OpenIdDoorParts } from './parts.ts';
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
      bound: undefined,
      replaced: undefined,
    };
    if (await this.#guesses.isOver(response, path, address)) return;
    const provider = await this.provider();
    await duringVisit(visit, async () => {
      prepare(request, provider.issuer, path, address);
      for (const [name, value] of Object.entries(bareHeaders)) response.setHeader(name, value);
      const uid = /^\/interaction\/([\w-]{1,64})$/u.exec(path)?.[1];
      if (uid !== undefined) await this.#interactions.answer(provider, request, response, uid);
      else if (request.method === 'POST' && path === '/auth') await asGet(provider, request, response);
      else await provider.callback()(request, response);
      // Only now: what the provider kept of this browser stands on the newer session.
      if (visit.replaced !== undefined) await app.session.logOut(visit.replaced, visit.caller);
    });
  }
}

/** A request for authorization may come as a form (OpenID Connect Core 1.0 §3.1.2.1), and goes on as an address. */
async function asGet(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const form = await readForm(request);
  response.writeHead(form === undefined ? 400 : 303, {
    'Content-Length': 0,
    ...(form === undefined ? {} : { Location: `${provider.issuer}/auth?${form.toString()}` }),
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
