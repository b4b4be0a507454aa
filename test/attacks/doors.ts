import { createHash } from 'node:crypto';
import { ask, at, Ddp, type Pass, pass, type Reply, type Target } from './wire.ts';

/** The ways in that take a log-in. */
export const doors = ['REST JSON', 'REST form', 'DDP', 'method.call', 'method.callAnon'] as const;
export type Door = (typeof doors)[number];

/** What one attempt at one door came to. */
export interface Outcome {
  readonly door: Door;
  /** The HTTP status; 0 on a socket. */
  readonly status: number;
  /** The code of the refusal: `error` of the answer, of either wire. */
  readonly error: string | number | undefined;
  /** Everything that came back. */
  readonly text: string;
  readonly headers: Readonly<Record<string, unknown>>;
  /** The session that was opened, if one was. */
  readonly opened: Pass | undefined;
}

export interface Visitor {
  readonly from?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whose token the door `method.call` shows. */
  readonly bystander?: Pass;
}

/** Marks a place in a text body where bytes that are no UTF-8 belong. */
export const brokenBytes = '@@BROKEN@@';

/** The SHA-256 that realtime clients send in place of a password. */
export function digest(password: string): { digest: string; algorithm: string } {
  return { digest: createHash('sha256').update(password).digest('hex'), algorithm: 'sha-256' };
}

/**
 * Knocks at one door with the same request to sign in, in every form that the door knows for it: the body as it is, and
 * where the door has a form of its own for the same thing, that one as well.
 * @param body what stands in the body at REST; a text is sent as it is
 */
export async function knock(target: Target, door: Door, body: unknown, visitor: Visitor = {}): Promise<Outcome[]> {
  switch (door) {
    case 'REST JSON':
      return [ofRest(door, await ask(target, restJson(body, visitor)))];
    case 'REST form':
      return await inTurn(formsOf(body), async (form) => ofRest(door, await ask(target, restForm(form, visitor))));
    case 'DDP':
      return await inTurn(realtimeForms(body), async (form) => await overSocket(target, form, visitor));
    case 'method.call':
    case 'method.callAnon':
      return await inTurn(realtimeForms(body), async (form) =>
        ofMethodCall(door, await ask(target, methodCall(door, form, visitor))),
      );
  }
}

/** Signs in with name and password at one door. */
export async function signInAt(
  target: Target,
  door: Door,
  username: string,
  password: string,
  visitor: Visitor = {},
): Promise<Outcome> {
  const body =
    door === 'REST JSON' || door === 'REST form'
      ? { user: username, password }
      : { user: username.includes('@') ? { email: username } : { username }, password: digest(password) };
  const [outcome] = await knock(target, door, body, visitor);
  if (outcome === undefined) throw new Error(`${door} gave no outcome`);
  return outcome;
}

async function inTurn<T>(forms: readonly T[], act: (form: T) => Promise<Outcome>): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const form of forms) outcomes.push(await act(form));
  return outcomes;
}

function restJson(body: unknown, { from, headers }: Visitor) {
  return {
    path: '/api/v1/login',
    headers: { 'content-type': 'application/json', ...headers },
    body: withBrokenBytes(jsonText(body)),
    ...(from === undefined ? {} : { from }),
  };
}

function restForm(form: string, { from, headers }: Visitor) {
  return {
    path: '/api/v1/login',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: form,
    ...(from === undefined ? {} : { from }),
  };
}

function methodCall(door: Door, params: string, visitor: Visitor) {
  const shown = door === 'method.call' && visitor.bystander !== undefined ? pass(visitor.bystander) : {};
  return {
    path: `/api/v1/${door}/login`,
    headers: { 'content-type': 'application/json', ...shown, ...visitor.headers },
    body: withBrokenBytes(
      JSON.stringify({ message: `{"msg":"method","id":"9","method":"login","params":[${params}]}` }),
    ),
    ...(visitor.from === undefined ? {} : { from: visitor.from }),
  };
}

/** A body as JSON text. A text stands for itself, so that duplicate keys and broken JSON can be sent. */
function jsonText(body: unknown): string {
  return typeof body === 'string' ? body : (JSON.stringify(body) ?? '');
}

function withBrokenBytes(text: string): Buffer {
  const [first = '', ...rest] = text.split(brokenBytes);
  const broken = Buffer.from([0xff, 0xc0, 0xaf]);
  return Buffer.concat([Buffer.from(first), ...rest.flatMap((part) => [broken, Buffer.from(part)])]);
}

/** A body as form text: with brackets, and where it nests, with dots as well. */
function formsOf(body: unknown): readonly string[] {
  if (typeof body !== 'object' || body === null) return [jsonText(body)];
  const bracketed = formText(body, (parent, name) => `${parent}[${name}]`);
  const dotted = formText(body, (parent, name) => `${parent}.${name}`);
  return bracketed === dotted ? [bracketed] : [bracketed, dotted];
}

function formText(body: object, join: (parent: string, name: string) => string): string {
  const pairs: string[] = [];
  const walk = (value: unknown, name: string): void => {
    if (typeof value === 'object' && value !== null) {
      const members = Object.entries(value);
      if (members.length === 0) pairs.push(`${escaped(name)}=`);
      for (const [key, inner] of members) walk(inner, name === '' ? key : join(name, key));
    } else pairs.push(`${escaped(name)}=${escaped(typeof value === 'string' ? value : JSON.stringify(value ?? null))}`);
  };
  walk(body, '');
  return pairs.join('&');
}

function escaped(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll(encodeURIComponent(brokenBytes), '%FF%C0%AF');
}

/** A body as the parameter of `login`: as it is, and with REST's names put into the realtime form. */
function realtimeForms(body: unknown): readonly string[] {
  const plain = jsonText(body);
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return [plain];
  const { user, username, email, code, ...rest } = body as Readonly<Record<string, unknown>>;
  const named =
    user === undefined
      ? { ...(username === undefined ? {} : { username }), ...(email === undefined ? {} : { email }) }
      : typeof user === 'string'
        ? { [user.includes('@') ? 'email' : 'username']: user }
        : user;
  const isPassword = Object.hasOwn(body, 'password') && (user ?? username ?? email) !== undefined;
  if (!isPassword) return [plain];
  const login = { user: named, ...rest };
  const mapped = jsonText(code === undefined ? login : { totp: { code, login } });
  return mapped === plain ? [plain] : [plain, mapped];
}

function ofRest(door: Door, reply: Reply): Outcome {
  return {
    door,
    status: reply.status,
    error: codeOf(at(reply.json, 'error')),
    text: reply.text,
    headers: reply.headers,
    opened: openedBy(at(reply.json, 'data', 'userId'), at(reply.json, 'data', 'authToken')),
  };
}

function ofMethodCall(door: Door, reply: Reply): Outcome {
  const message = at(reply.json, 'message');
  let inner: unknown;
  try {
    inner = typeof message === 'string' ? JSON.parse(message) : undefined;
  } catch {
    inner = undefined;
  }
  return {
    door,
    status: reply.status,
    error: codeOf(inner === undefined ? at(reply.json, 'error') : at(inner, 'error', 'error')),
    text: reply.text,
    headers: reply.headers,
    opened: openedBy(at(inner, 'result', 'id'), at(inner, 'result', 'token')),
  };
}

async function overSocket(target: Target, params: string, visitor: Visitor): Promise<Outcome> {
  const { from, headers = {} } = visitor;
  const ddp = await Ddp.open(target, { from, headers });
  try {
    const since = ddp.frames.length;
    ddp.send(withBrokenBytes(`{"msg":"method","id":"9","method":"login","params":[${params}]}`));
    const frame = await ddp
      .frame((one) => (one['msg'] === 'result' && one['id'] === '9') || one['msg'] === 'error', since)
      .catch(() => undefined);
    const isOpened = at(frame, 'result') !== undefined;
    return {
      door: 'DDP',
      status: 0,
      // Closed for bytes that are no text, or refused as a message: both are a refusal of the shape.
      error: isOpened ? undefined : (codeOf(at(frame, 'error', 'error')) ?? 400),
      text: JSON.stringify(frame ?? { closed: (await ddp.closed).code }),
      headers: {},
      opened: openedBy(at(frame, 'result', 'id'), at(frame, 'result', 'token')),
    };
  } finally {
    ddp.close();
  }
}

function openedBy(userId: unknown, authToken: unknown): Pass | undefined {
  return typeof userId === 'string' && typeof authToken === 'string' ? { userId, authToken } : undefined;
}

function codeOf(value: unknown): string | number | undefined {
  return typeof value === 'string' || typeof value === 'number' ? value : undefined;
}
