import type { App } from '../../app.ts';
import type { Signed } from '../../core/session/token.ts';
import type { Document } from './frames.ts';

/** Sign-in services that clients may offer; a document never holds a secret. */
export interface LoginServices {
  list(): readonly Document[];
  /** Calls `act` after each change until the returned function is called. */
  onChange(act: () => void): () => void;
}

/** Who subscribes, and to what. */
export interface Subscriber {
  readonly params: readonly unknown[];
  readonly accountId: string | undefined;
  /** Set in place of `accountId` where the password must be changed before anything else. */
  readonly changingId: string | undefined;
  /** The account and the token of the connection, as the store knows them now. */
  signed(): Promise<Signed | undefined>;
}

/** What a subscription brings. */
export interface Opened {
  readonly documents?: readonly Document[];
  /** What it listens to from now on (`topic-names.ts`). */
  readonly topics?: readonly string[];
  /** What no subscription of this name listens to any more. */
  readonly leaves?: readonly string[];
}

export interface Publication {
  readonly name: string;
  /** Open to personal tokens with scopes; elsewhere those are nobody's. */
  readonly scoped?: true;
  /** @throws Fault, Refusal: the subscription gets `nosub` */
  open(
    subscriber: Subscriber,
    parts: { readonly app: App; readonly loginServices: LoginServices },
  ): Opened | Promise<Opened>;
}
