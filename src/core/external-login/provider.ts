import type { Moment } from '../ports.ts';
import type { Identity } from './identity.ts';

/** What a browser is sent away with, and what has to be shown when it comes back. */
export interface Leaving {
  /** Where the provider sends the browser back to: the same text in both halves. */
  readonly redirectUri: string;
  /** Comes back unchanged. */
  readonly state: string;
  /** What the id token must hold; undefined where the client began by itself, and nobody here chose one. */
  readonly nonce: string | undefined;
  /** PKCE's verifier; undefined where the client began by itself. */
  readonly verifier: string | undefined;
}

/** What came back from the provider. */
export type Returning = Omit<Leaving, 'state'> & {
  /** The parameters of the query or the form, one value each. */
  readonly params: Readonly<Record<string, string>>;
  /** What `leave` gave to remember (the secret of an OAuth 1 request token). */
  readonly remembered: string | undefined;
};

/** A login with a token that the provider gave to the client itself. */
export type TokenForm = Readonly<Record<string, unknown>>;

/**
 * A provider of identities to which the browser is sent, as it is configured now. It never sees a request, an account or
 * a store. Every method throws Fault `provider-refused` (facts `service`, `message`) or `provider-unreachable`.
 */
export interface RedirectProvider {
  /** The service as clients call it, for example `google`; it is the name-space of its subjects as well. */
  readonly service: string;
  /** What clients may know of it, with `clientId` or what the provider calls it; never a secret (providers.md §2.1). */
  readonly published: Readonly<Record<string, unknown>>;
  /** How the button reads on our own pages. */
  readonly label: string;
  readonly showsButton: boolean;
  /** The address to send the browser to. */
  leave(leaving: Leaving): Promise<{ readonly address: string; readonly remembered?: string }>;
  /** Ends what `leave` began: the code becomes an identity, with every check that this provider allows. */
  identify(returning: Returning): Promise<Identity>;
  /**
   * Takes a token that the provider gave to a client. Only where it can be proved that it was given for us (audience):
   * a provider without this method refuses them all. @throws Fault `malformed` where the form is not its own
   */
  identifyToken?(form: TokenForm): Promise<Identity>;
  /** Checks a logout token of OpenID Connect Back-Channel Logout 1.0 §2.6, all but its replay. */
  logoutToken?(token: string): Promise<LogoutToken>;
}

export interface LogoutToken {
  readonly id: string;
  readonly subject: string | undefined;
  readonly session: string | undefined;
  readonly endsAt: Moment;
}

/** The providers as they are configured now. */
export interface Providers {
  /** Those that are switched on and configured, in the order in which clients are told. */
  list(): readonly RedirectProvider[];
  /** Undefined where it is unknown or switched off. */
  find(service: string): RedirectProvider | undefined;
  /** Calls `act` when a provider has told something that is published of it, until the returned function is called. */
  onTold?(act: () => void): () => void;
}
