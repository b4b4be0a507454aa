import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { App } from '../../../app.ts';
import { Fault } from '../../../core/fault.ts';
import { refuseSocket } from '../../../lib/refuse-socket.ts';
import { returnAddress } from '../../shapes/local-path.ts';
import type { Log } from '../refused.ts';
import { pathOf, queryOf } from '../routes.ts';
import type { CallerOf } from '../visit.ts';
import { forwardedOf } from './forwarded.ts';
import { headersOf, nobodysHeaders } from './person-headers.ts';
import { type ForwardRules, fits, forwardRules } from './rules.ts';
import { shownBy } from './shown.ts';

export const forwardAuthPath = '/forward-auth';

/** How a proxy wants to be answered where nobody is signed in. */
type Manner =
  /** With a redirect for a browser (Traefik, Caddy, Envoy). */
  | 'redirect'
  /** Always with 401, and where to sign in in a header of its own (nginx understands nothing else). */
  | 'header';

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The door for proxies. */
export interface ForwardAuthDoor {
  /** @returns false where the request is not for it */
  handleRequest(request: IncomingMessage, response: ServerResponse): boolean;
  /** The same for a request that wants to become a socket: it is answered, and never becomes one. */
  handleUpgrade(request: IncomingMessage, socket: Duplex): boolean;
}

/**
 * Answers proxies that ask, for each request, who is behind it: 200 with the person in headers, 401 or a redirect for
 * nobody, 403 for somebody who may not. Whatever the verb, the rules apply; and whatever goes wrong, nobody is let through.
 */
export function forwardAuthDoor(parts: {
  readonly app: App;
  readonly callerOf: CallerOf;
  readonly log: Log;
}): ForwardAuthDoor {
  const { app, callerOf, log } = parts;

  // Anybody may ask, again and again.
  let toldAt = Number.NEGATIVE_INFINITY;
  const tellOfRules = (path: string): void => {
    const now = app.clock.now();
    if (now - toldAt < 60_000) return;
    toldAt = now;
    log('A proxy asks forward-auth with rules that are not understood; nobody is let through.', { path });
  };

  async function answer(request: IncomingMessage): Promise<Answer> {
    const url = request.url ?? '';
    const path = pathOf(url);
    const carried = carriedPath(path, url);
    const rules = rulesOf(request, carried === undefined ? queryOf(url) : '');
    if (rules === undefined) {
      tellOfRules(path);
      return { status: 403 };
    }
    const shown = await shownBy(app, request.headers, callerOf(request).address);
    if ('refused' in shown) return { status: 403 };
    if ('nobody' in shown) {
      return nobody(request, path.startsWith(`${forwardAuthPath}/nginx`) ? 'header' : 'redirect', carried);
    }
    // Without a username nothing would tell a service who it is, and an empty header is none to some proxies.
    if (shown.signed.account.username === undefined || !fits(shown.signed, rules).held) return { status: 403 };
    return { status: 200, headers: headersOf(shown.signed.account) };
  }

  function nobody(request: IncomingMessage, manner: Manner, carried: string | undefined): Answer {
    const { address, wantsPage } = forwardedOf(request.headers, request.method ?? 'GET', carried);
    const signIn = signInAddress(app, address);
    if (manner === 'header') return { status: 401, headers: { 'X-Countersign-Sign-In': signIn } };
    if (wantsPage) return { status: 302, headers: { Location: signIn } };
    return { status: 401, headers: { 'WWW-Authenticate': 'Countersign' } };
  }

  async function answered(request: IncomingMessage): Promise<Answer> {
    try {
      return await answer(request);
    } catch (cause) {
      if (!(cause instanceof Fault)) log('Forward-auth failed; nobody is let through.', { cause });
      return { status: 503, headers: { 'Retry-After': '1' } };
    }
  }

  return {
    handleRequest(request, response) {
      if (!isAsked(request).held) return false;
      // Whatever body comes along is not looked at.
      request.resume();
      void answered(request).then(({ status, headers }) => {
        response.writeHead(status, headersWith(headers)).end();
      });
      return true;
    },
    handleUpgrade(request, socket) {
      if (!isAsked(request).held) return false;
      void answered(request).then(({ status, headers }) => {
        const lines = Object.entries({ ...headersWith(headers), Connection: 'close' }).map((pair) => pair.join(': '));
        const text = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('\r\n')}\r\n\r\n`;
        refuseSocket(socket, Buffer.from(text, 'latin1'));
      });
      return true;
    },
  };
}

const others = Object.freeze({ held: false });

/** Asked for each request of the server: nearly all are for somebody else, and seen to be at a glance. */
function isAsked({ url = '' }: IncomingMessage): { readonly held: boolean } {
  if (url.startsWith('/') && !url.startsWith(forwardAuthPath)) return others;
  const path = pathOf(url);
  return { held: path === forwardAuthPath || path.startsWith(`${forwardAuthPath}/`) };
}

/** The path of the forwarded request, where it is sent along behind our own: with its query, as a proxy appends it. */
function carriedPath(path: string, url: string): string | undefined {
  const prefix = `${forwardAuthPath}/envoy`;
  return path.startsWith(`${prefix}/`) ? url.slice(url.indexOf(prefix) + prefix.length) : undefined;
}

/**
 * The rules of the address, and those of a header for proxies whose address carries what the client asked for. Both hold:
 * a header that a client adds can only shut more.
 */
function rulesOf(request: IncomingMessage, query: string): readonly ForwardRules[] | undefined {
  const given = request.headers['x-countersign-rules'];
  const texts = [query, ...(given === undefined ? [] : [given].flat())];
  const rules = texts.map((text) => forwardRules(text));
  return rules.some((one) => one === undefined) ? undefined : rules.filter((one) => one !== undefined);
}

/** Where to sign in, and back from there if the origin is one that the operator listed (attacks R04). */
function signInAddress(app: App, address: string | undefined): string {
  const base = `${app.settings.get('Site_Url')}/sign-in`;
  const back = returnAddress(address, app.settings.get('Countersign_Return_Origins'));
  return back === '/' ? base : `${base}?return=${encodeURIComponent(back)}`;
}

function headersWith(headers: Answer['headers']): Readonly<Record<string, string>> {
  return {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': '0',
    'Cache-Control': 'no-store',
    ...nobodysHeaders,
    ...headers,
  };
}
