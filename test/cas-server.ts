import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Somebody whom the server knows. */
export interface CasPerson {
  readonly user: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** A CAS server of versions 1 to 3: tickets are good once, for the address that they were made for. */
export interface CasServer {
  readonly url: string;
  /** What was asked so far. */
  readonly asked: readonly string[];
  /** Signs somebody in as a browser would. @returns the ticket that it is sent back with */
  ticket(service: string, person: CasPerson): string;
  /** Who signs in at its page, as soon as a browser comes. */
  signsIn: CasPerson | undefined;
  /** Answers everything with this from now on. */
  answer: { readonly status: number; readonly text: string } | undefined;
  /** What a server needs to know of it, as its environment. */
  readonly settings: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export async function openCasServer(): Promise<CasServer> {
  const tickets = new Map<string, CasPerson & { readonly service: string }>();
  const asked: string[] = [];
  const state: Pick<CasServer, 'answer' | 'signsIn'> = { answer: undefined, signsIn: undefined };
  let made = 0;
  const newTicket = (service: string, person: CasPerson): string => {
    made += 1;
    const ticket = `ST-${made}-abcdefghijklmnop-cas.example`;
    tickets.set(ticket, { ...person, service });
    return ticket;
  };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://cas.example');
    asked.push(url.pathname);
    if (state.answer !== undefined) {
      response.writeHead(state.answer.status).end(state.answer.text);
      return;
    }
    const service = url.searchParams.get('service') ?? '';
    if (url.pathname === '/cas/login' && state.signsIn !== undefined) {
      response.writeHead(302, { Location: `${service}?ticket=${newTicket(service, state.signsIn)}` }).end();
      return;
    }
    const ticket = url.searchParams.get('ticket') ?? '';
    const found = tickets.get(ticket);
    tickets.delete(ticket);
    const person = found?.service === service ? found : undefined;
    if (url.pathname === '/cas/validate') {
      response.end(person === undefined ? 'no\n\n' : `yes\n${person.user}\n`);
      return;
    }
    const isKnown = url.pathname === '/cas/serviceValidate' || url.pathname === '/cas/p3/serviceValidate';
    if (isKnown) response.end(xmlOf(person));
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/cas`;
  return Object.assign(state, {
    url,
    asked,
    ticket: newTicket,
    settings: {
      OVERWRITE_SETTING_CAS_enabled: 'true',
      OVERWRITE_SETTING_CAS_base_url: url,
      OVERWRITE_SETTING_CAS_login_url: `${url}/login`,
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  });
}

/** The answer of versions 2 and 3. */
export function xmlOf(person: CasPerson | undefined): string {
  const head = '<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas">';
  if (person === undefined) {
    return `${head}<cas:authenticationFailure code="INVALID_TICKET">no</cas:authenticationFailure></cas:serviceResponse>`;
  }
  const attributes = Object.entries(person.attributes ?? {}).map(
    ([name, value]) => `<cas:${name}>${value}</cas:${name}>`,
  );
  return `${head}\n  <cas:authenticationSuccess><cas:user>${person.user}</cas:user><cas:attributes>${attributes.join('')}</cas:attributes></cas:authenticationSuccess></cas:serviceResponse>`;
}
