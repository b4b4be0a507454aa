import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Somebody who has an account at a stub. */
export interface StubPerson {
  readonly id: string;
  readonly name: string;
  readonly username: string;
  readonly email: string;
  /** Whether the stub says that the address is the person's own. */
  readonly verified: boolean;
}

/** How a stub answers at one of its addresses. */
export type Behaviour =
  | 'well'
  | 'with 500'
  | 'never'
  | 'too much'
  | 'half'
  | 'in HTML'
  | 'a redirect'
  | 'an error'
  | 'nothing'
  | 'compressed';

/** What of a stub a suite can break: where codes are exchanged, where it tells who somebody is, its keys. */
export type Step = 'token' | 'identity' | 'keys';

export interface StubRequest {
  readonly method: string;
  /** With the query. */
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  /** The fields of a form. */
  readonly form: Readonly<Record<string, string>>;
}

export interface StubAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, or text as it is. */
  readonly body: unknown;
}

/** One address of a stub. */
export interface StubRoute {
  readonly step?: Step;
  readonly answer: (request: StubRequest) => StubAnswer | Promise<StubAnswer>;
}

/** A server that behaves like a provider. */
export interface Stub {
  readonly service: string;
  readonly url: string;
  /** The settings by which our server finds it, and is known to it. */
  readonly settings: Readonly<Record<string, string>>;
  /** The setting that holds our secret. */
  readonly secretSetting: string;
  /** Everything that nobody may read in a refusal: our secret, and each code and token so far. */
  readonly secrets: readonly string[];
  /** The paths that were asked for, in their order. */
  readonly asked: readonly string[];
  /** Who signs in from now on. */
  signsIn(person: StubPerson): void;
  behaves(step: Step, how: Behaviour): void;
  /** What a browser does: goes to the address, agrees, and comes back with these parameters. */
  authorize(address: string): Promise<Readonly<Record<string, string>>>;
  close(): Promise<void>;
}

export const ada: StubPerson = {
  id: '4711',
  name: 'Ada Lovelace',
  username: 'ada',
  email: 'ada@example.org',
  verified: true,
};

/** What the routes of a stub are made of. */
export interface StubParts {
  readonly base: string;
  readonly person: () => StubPerson;
  /** Keeps something that nobody may read in a refusal. */
  readonly secret: (text: string) => string;
}

/**
 * Starts a stub on a free port of this machine.
 * @param made what differs from one provider to the other; asked once the address is known
 */
export async function openStub(
  service: string,
  secretSetting: string,
  made: (parts: StubParts) => {
    readonly settings: Readonly<Record<string, string>>;
    readonly routes: Readonly<Record<string, StubRoute>>;
  },
): Promise<Stub> {
  let person = ada;
  const secrets: string[] = [];
  const asked: string[] = [];
  const behaviours = new Map<Step, Behaviour>();
  let routes: Readonly<Record<string, StubRoute>> = {};

  const server = createServer((request, response) => {
    answer(request, response).catch((cause: unknown) => {
      response.writeHead(599, { 'Content-Type': 'text/plain' }).end(String(cause));
    });
  });
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
    asked.push(url.pathname);
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const form = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString('utf8')));
    const route = Object.hasOwn(routes, url.pathname) ? routes[url.pathname] : undefined;
    if (route === undefined) {
      send(response, { status: 404, body: { error: 'not_found' } });
      return;
    }
    const { method = 'GET', headers } = request;
    const good = await route.answer({ method, url, headers, form });
    const how = route.step === undefined ? 'well' : (behaviours.get(route.step) ?? 'well');
    if (how !== 'never') send(response, badly(how, good));
  }
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { settings, routes: own } = made({
    base,
    person: () => person,
    secret: (text) => {
      secrets.push(text);
      return text;
    },
  });
  routes = own;
  return {
    service,
    url: base,
    settings,
    secretSetting,
    secrets,
    asked,
    signsIn: (next) => {
      person = next;
    },
    behaves: (step, how) => {
      behaviours.set(step, how);
    },
    authorize,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

/** Turns a good answer into a bad one. */
function badly(how: Behaviour, good: StubAnswer): StubAnswer {
  const text = typeof good.body === 'string' ? good.body : JSON.stringify(good.body);
  switch (how) {
    case 'with 500':
      return { ...good, status: 500 };
    case 'too much':
      return { ...good, body: `${text}${' '.repeat(2 * 1024 * 1024)}` };
    case 'half':
      return { ...good, headers: { 'Content-Type': 'application/json' }, body: `{${text.slice(0, text.length / 2)}` };
    case 'in HTML':
      return { headers: { 'Content-Type': 'text/html' }, body: '<!doctype html><title>Maintenance</title>' };
    case 'a redirect':
      return { status: 302, headers: { Location: 'http://169.254.169.254/latest/meta-data' }, body: good.body };
    case 'an error':
      return { body: { error: 'access_denied', error_description: 'a sentence of the provider' } };
    case 'nothing':
      return { body: {} };
    case 'compressed':
      return { ...good, headers: { ...good.headers, 'Content-Encoding': 'gzip' } };
    case 'well':
    case 'never':
      return good;
  }
}

function send(response: ServerResponse, { status = 200, headers = {}, body }: StubAnswer): void {
  const isText = typeof body === 'string';
  response.writeHead(status, { 'Content-Type': isText ? 'text/html' : 'application/json', ...headers });
  response.end(isText ? body : JSON.stringify(body));
}

async function authorize(address: string): Promise<Readonly<Record<string, string>>> {
  const answer = await fetch(address, { redirect: 'manual' });
  const to = answer.headers.get('location');
  if (to !== null) return Object.fromEntries(new URL(to).searchParams);
  const page = await answer.text();
  const fields = [...page.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/gu)];
  if (fields.length === 0) throw new Error(`The stub answered ${answer.status}: ${page}`);
  return Object.fromEntries(fields.map(([, name = '', value = '']) => [name, unescaped(value)]));
}

/** A page that posts fields to an address by itself, as Apple's does. */
export function postingPage(to: string, fields: Readonly<Record<string, string>>): string {
  const inputs = Object.entries(fields).map(
    ([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`,
  );
  return `<!doctype html><title>Sign in</title><form method="post" action="${escaped(to)}">${inputs.join('')}</form><script>document.forms[0].submit()</script>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/gu, (character) => `&#${character.charCodeAt(0)};`);
}

function unescaped(text: string): string {
  return text.replace(/&#(\d+);/gu, (_all, code: string) => String.fromCharCode(Number(code)));
}
