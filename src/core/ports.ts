/** A moment, in milliseconds since 1970 (UTC). */
export type Moment = number;

/** Where the present comes from. */
export interface Clock {
  now(): Moment;
}

/** Where unguessable text comes from. */
export interface Random {
  /** A document id: 17 characters without look-alikes (realtime.md §1). */
  id(): string;
  /** @param count how many bytes */
  bytes(count: number): Buffer;
  /** A bearer token: 43 characters of `A-Z a-z 0-9 - _`, over 256 bits (realtime.md §10.1). */
  token(): string;
}

/** The doors through which somebody may come. */
export type Door = 'rest' | 'ddp' | 'method-call' | 'page' | 'cli' | 'server';

/** Who is calling, as far as the connection tells: never taken from a header that an untrusted peer could set. */
export interface Caller {
  readonly door: Door;
  /** The client's address after trusted proxies; `''` where there is none (command line). */
  readonly address: string;
  /** At most 512 characters; `''` when the client sent none. */
  readonly userAgent: string;
  /** Correlates log lines: the request id, or the realtime session id. */
  readonly requestId: string;
  /** Whose account of the machine the command line was called with, as the machine tells it. */
  readonly operator?: string | undefined;
}

/** Something that other parts, and other nodes, must hear of. Losing one may delay, never permit. */
export type Happening =
  /** Tokens or fields of an account changed: drop what is cached, look again at its sockets. */
  | {
      readonly kind: 'account';
      readonly accountId: string;
      /** Names of the changed fields of `Account`; empty when only tokens changed. */
      readonly changed: readonly string[];
      /** True when somebody else ended the sessions: clients are told before their sockets close. */
      readonly forced: boolean;
    }
  | { readonly kind: 'account-added'; readonly accountId: string }
  | { readonly kind: 'account-removed'; readonly accountId: string; readonly username: string | undefined }
  | { readonly kind: 'settings'; readonly ids: readonly string[] }
  | { readonly kind: 'permissions'; readonly ids: readonly string[] }
  /** A role was made, changed or removed. Its name is told, since a removed one can be asked for no more. */
  | {
      readonly kind: 'role';
      readonly id: string;
      readonly name: string;
      readonly change: 'added' | 'changed' | 'removed';
    }
  /** An account was given a role, or a role was taken from it. */
  | {
      readonly kind: 'role-holder';
      readonly role: string;
      readonly accountId: string;
      readonly username: string | undefined;
      readonly held: boolean;
    }
  /** The connections of these accounts on one node, as `[accountId, status]`; `status` is `'offline'` for none. */
  | {
      readonly kind: 'presence';
      readonly node: string;
      readonly all: boolean;
      readonly states: readonly PresenceState[];
    }
  /** A node that has just started asks the others to tell their presence. */
  | { readonly kind: 'presence-wanted'; readonly node: string };

export type PresenceState = readonly [accountId: string, status: 'online' | 'away' | 'busy' | 'offline'];

/**
 * Carries happenings to this node and to the others. A store announces what it wrote in the same transaction, so
 * `publish` is only for what no table holds.
 */
export interface Events {
  /** Tells every node, this one included, in the order of the calls. */
  publish(happening: Happening): void;
  /** Calls `hear` for each happening until the returned function is called. `hear` must not throw. */
  subscribe(hear: (happening: Happening) => void): () => void;
  /** Calls `act` whenever happenings may have been lost (a broken connection): everything cached must be dropped. */
  onGap(act: () => void): () => void;
}

/** Keeps secrets so that a stolen database alone does not tell them (design §3.7). */
export interface Sealer {
  /** @param boundTo what it belongs to: it opens for the same text only */
  seal(secret: string, boundTo: string): string;
  /** @throws Error where it was sealed with another key, or for something else, or was changed */
  open(sealed: string, boundTo: string): string;
  /** A keyed one-way mark, base64: the same for the same text under the same name. */
  mark(text: string, boundTo: string): string;
}
