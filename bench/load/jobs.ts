// What the process that makes the load can be asked to do. Everything stays on 127.0.0.0/8, and ends by itself.

/** Requests over kept-alive connections. */
export interface RequestJob {
  readonly kind: 'requests';
  readonly port: number;
  /** Whole requests as text, sent in turn. */
  readonly requests: readonly string[];
  /** At most so many connections; without a rate each of them asks again as soon as it is answered. */
  readonly connections: number;
  readonly seconds: number;
  /** So many requests a second, answered or not: what the world does to a server. */
  readonly rate?: number;
  /** From so many addresses. */
  readonly addresses?: number;
}

export interface RequestResult {
  readonly seconds: number;
  readonly answers: readonly {
    readonly status: number;
    readonly count: number;
    /** Milliseconds from the moment each request was due. */
    readonly latencies: readonly number[];
    readonly withoutRetryAfter: number;
    /** Of the last answer, head and body. */
    readonly bytes: number;
  }[];
  /** Connections that broke before an answer. */
  readonly broken: number;
  /** Requests that were due and found no free connection. */
  readonly unsent: number;
}

/** Sign-ins over realtime sockets, each on a new socket that closes when it has its answer. */
export interface SignInJob {
  readonly kind: 'sign-ins';
  readonly port: number;
  /** The first parameter of each `login`, as JSON, sent in turn. */
  readonly logins: readonly string[];
  readonly atOnce: number;
  readonly seconds: number;
  /** See `keepAwake`. */
  readonly neverSleeps?: boolean;
}

export interface SignInResult {
  readonly seconds: number;
  readonly done: number;
  readonly failures: readonly string[];
  readonly latencies: readonly number[];
}

/** Sockets that all sign in at once and stay. */
export interface HoldJob {
  readonly kind: 'hold';
  readonly port: number;
  /** One for each socket. */
  readonly logins: readonly string[];
  /** At most so many on their way; without it all at the same moment. */
  readonly atOnce?: number;
}

export type HoldResult = SignInResult;

/** Closes the sockets that are held. */
export interface ReleaseJob {
  readonly kind: 'release';
}

/** Signs in once and tells every frame that came, in order. */
export interface RecordJob {
  readonly kind: 'record';
  readonly port: number;
  readonly login: string;
}

export interface RecordResult {
  readonly greeting: readonly string[];
  readonly connected: readonly string[];
  readonly login: readonly string[];
}

export interface Jobs {
  requests: { job: RequestJob; result: RequestResult };
  'sign-ins': { job: SignInJob; result: SignInResult };
  hold: { job: HoldJob; result: HoldResult };
  release: { job: ReleaseJob; result: { readonly lost: number } };
  record: { job: RecordJob; result: RecordResult };
}

export type Job = Jobs[keyof Jobs]['job'];

/** Clients that sign in come from so many addresses. */
export const addresses = 250;

/** A client's address among many; all of 127.0.0.0/8 is this machine. */
export function addressOf(n: number): string {
  return `127.1.${Math.floor(n / 250) % 250}.${(n % 250) + 1}`;
}
