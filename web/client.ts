import { type Client, ClientError, createClient, type Fetch, type Session } from '../src/client/index.ts';
import { askForFactor } from './ask-for-factor.ts';
import { facts } from './facts.ts';

/** What stands for the session for some minutes; it lives here and nowhere else (design §3.13). */
interface Held {
  readonly userId: string;
  readonly token: string;
  readonly until: number;
  readonly duty: Duty | undefined;
}

let held: Held | undefined;
/** Whose this page is: what it shows and sends is theirs, whoever signs in to the browser meanwhile. */
let owner: string | undefined;
/** Asked for once, however many calls wait for it. */
let asking: Promise<Held | undefined> | undefined;
const onSignedOut = new Set<() => void>();

/** A call that takes longer than this after its token was fetched finds it ended. */
const marginMs = 60_000;

interface Told {
  readonly signedIn: boolean;
  readonly userId: string;
  readonly authToken: string;
  readonly endsInMs: number;
  readonly returnTo?: string;
  readonly duty?: Duty;
  readonly joined?: boolean;
}

/** What somebody has to do before the session is good for anything else. */
export type Duty = 'factor-enrolment-required' | 'password-change-required';

/** Listens for the end of the session, wherever it was ended. @returns what stops it */
export function whenSignedOut(act: () => void): () => void {
  onSignedOut.add(act);
  return () => onSignedOut.delete(act);
}

/** Asks the browser's cookie who is signed in. @returns the id of the account; undefined for nobody */
export async function resumeSession(): Promise<string | undefined> {
  const found = await freshToken();
  return found?.duty === undefined ? found?.userId : undefined;
}

/** What whoever has signed in to this browser has to do first; undefined for nobody, and for who is done. */
export function dutyHere(): Duty | undefined {
  return held?.duty;
}

/**
 * Asks what is left to do, once something was done.
 * @param returnTo where the person wanted to go
 * @returns the address to go to; undefined where something is left
 */
export async function dutyDone(returnTo: string): Promise<string | undefined> {
  const told = await post('session/resume', new URLSearchParams({ return: returnTo }));
  if (!isOwner(told)) {
    signedOut();
    return `${facts.base}/`;
  }
  hold(told);
  return told.duty === undefined ? (told.returnTo ?? `${facts.base}/`) : undefined;
}

/**
 * Keeps a session that was just opened: from here on the browser stays signed in by its cookie, and the session's own
 * token is forgotten.
 * @param returnTo where the person wanted to go
 * @param challenge the sign-in at a provider that was ended by a second factor: the server knows where it leads
 * @returns the address to go to, as far as the server lets browsers go there; first to what has to be done
 */
export async function keepSession(session: Session, returnTo = '', challenge = ''): Promise<string> {
  return (await keep(session, { return: returnTo, challenge })).address;
}

/**
 * The same, and what the browser brought from a provider is joined with the account.
 * @param password proves the account
 * @returns also whether it is joined now
 */
export async function keepAndJoin(
  session: Session,
  password: string,
  returnTo: string,
): Promise<{ readonly address: string; readonly joined: boolean }> {
  return await keep(session, { return: returnTo, join: '1', password });
}

async function keep(session: Session, form: Readonly<Record<string, string>>) {
  const told = await post('session/keep', new URLSearchParams(form), {
    'X-User-Id': session.userId,
    'X-Auth-Token': session.token,
  });
  hold(told);
  const first = `${facts.base}/sign-in?return=${encodeURIComponent(form['return'] ?? '')}`;
  const address = told.duty === undefined ? (told.returnTo ?? `${facts.base}/`) : first;
  return { address, joined: told.joined === true };
}

function hold(told: Told): Held {
  const until = performance.now() + told.endsInMs - marginMs;
  held = { userId: told.userId, token: told.authToken, until, duty: told.duty };
  owner = told.userId;
  return held;
}

/** For somebody else this page is over, as it is for nobody: they get one of their own. */
function isOwner({ signedIn, userId }: Told): boolean {
  return signedIn && (owner === undefined || owner === userId);
}

async function post(path: string, body: URLSearchParams, headers: Record<string, string> = {}): Promise<Told> {
  let response: Response;
  try {
    response = await fetch(`${facts.base}/${path}`, { method: 'POST', body, headers, credentials: 'same-origin' });
  } catch (cause) {
    throw new ClientError('network', { message: 'The server did not answer.', cause });
  }
  if (!response.ok) throw new ClientError(`HTTP ${response.status}`, { status: response.status });
  return (await response.json()) as Told;
}

async function freshToken(): Promise<Held | undefined> {
  if (held !== undefined && performance.now() < held.until) return held;
  asking ??= post('session/resume', new URLSearchParams())
    .then((told) => {
      if (isOwner(told)) return hold(told);
      held = undefined;
      return undefined;
    })
    .finally(() => {
      asking = undefined;
    });
  return await asking;
}

function signedOut(): void {
  held = undefined;
  for (const act of onSignedOut) act();
}

/** Calls with the token of the moment in place of the one that a client was made with. */
const fetchWithToken: Fetch = async (url, { headers, ...request }) => {
  const isSigned = headers['X-Auth-Token'] === standIn;
  const send = async (by: Held | undefined) =>
    await fetch(url, {
      ...request,
      headers: by === undefined ? headers : { ...headers, 'X-User-Id': by.userId, 'X-Auth-Token': by.token },
      credentials: 'omit',
    });
  const fresh = isSigned ? await freshToken() : undefined;
  if (isSigned && fresh === undefined) signedOut();
  const response = await send(fresh);
  if (!isSigned || response.status !== 401) return response;
  // A device that slept does not notice that the minutes of its token have passed; nothing was done by such a call.
  held = undefined;
  const next = await freshToken();
  if (next !== undefined) return await send(next);
  signedOut();
  return response;
};

/** What a call carries that the client cannot make: a file, whose progress is watched. Empty once nobody is signed in. */
export async function signedHeaders(): Promise<Readonly<Record<string, string>>> {
  const fresh = await freshToken();
  if (fresh === undefined) {
    signedOut();
    return {};
  }
  return { 'X-User-Id': fresh.userId, 'X-Auth-Token': fresh.token };
}

/** Stands where the token goes until `fetchWithToken` fills it in. */
const standIn = 'page';
const kept = JSON.stringify({ userId: standIn, token: standIn });

const url = `${location.origin}${facts.base}`;

/** Calls the interface as whoever is signed in to this browser. */
export const client: Client = createClient({
  url,
  fetch: fetchWithToken,
  onSecondFactor: askForFactor,
  storage: { getItem: () => kept, setItem: () => undefined, removeItem: () => undefined },
});

/** A client of its own for somebody who signs in: until the session is kept, its token is in here. */
export function visitor(session?: Session): Client {
  const storage = {
    getItem: () => JSON.stringify(session ?? null),
    setItem: () => undefined,
    removeItem: () => undefined,
  };
  return createClient({ url, onSecondFactor: askForFactor, storage });
}
