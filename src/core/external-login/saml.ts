import type { Moment } from '../ports.ts';
import type { Identity } from './identity.ts';

/** What a signed and valid assertion tells. */
export interface SamlTold {
  /** The provider's name of the assertion, which is good once. */
  readonly assertionId: string;
  readonly issuer: string;
  /** The request that it answers; undefined where nobody here asked. */
  readonly requestId: string | undefined;
  /** From this moment on it is refused for its age. */
  readonly endsAt: Moment;
  readonly identity: Identity;
  /** Other subjects under which the same person may be known from earlier. */
  readonly otherSubjects: readonly string[];
  /** Roles that an attribute lists; undefined where none does. */
  readonly roles: readonly string[] | undefined;
  /** Whether each sign-in gives and takes them. */
  readonly syncsRoles: boolean;
  /** Whether somebody new without a username shall get one. */
  readonly generatesUsername: boolean;
}

/** Whom a request to sign out speaks of. */
export interface SamlEnding {
  readonly requestId: string;
  /** The sessions that end, see `samlSessionOf`; none for every one of the person. */
  readonly sessions: readonly string[];
  /** What all sessions of the person begin with. */
  readonly ofPerson: string;
  /** From this moment on it is refused for its age. */
  readonly endsAt: Moment;
}

/** A message about signing out, as the browser carried it. */
export type SamlMessage =
  | { readonly binding: 'post'; readonly kind: 'request' | 'response'; readonly encoded: string }
  /** The query as it was sent, which is what was signed. */
  | { readonly binding: 'redirect'; readonly kind: 'request' | 'response'; readonly query: string };

/** An identity provider that speaks SAML, as it is configured now. It never sees an account or a store. */
export interface SamlProvider {
  /** As it is called in addresses. */
  readonly name: string;
  /** What clients may know of it: never a key or a certificate (providers.md §5.2). */
  readonly published: Readonly<Record<string, unknown>>;
  /** Whether it may send people whom nobody here sent there. */
  readonly takesUninvited: boolean;
  /** Whether signing out here signs out there. */
  readonly endsThere: boolean;
  /** The id of the request that a client's token begins. */
  requestIdOf(token: string): string;
  /** The address that carries this request to it. */
  leave(requestId: string): string;
  /**
   * Checks all of a response that can be checked without a store: what was signed, by whom, for whom, and for how long.
   * @param encoded as the form brought it
   * @param mustBeAsked is called before the costly part with the request that the response says it answers, and throws
   *   for one that nobody here made
   * @throws Fault `provider-refused` (facts `service`, `message`)
   */
  judge(encoded: string, mustBeAsked: (requestId: string | undefined) => Promise<void>): Promise<SamlJudgement>;
  /** Where browsers may be sent on for signing out there; undefined where none is set. */
  readonly endingAddress: string | undefined;
  /** The address that carries a request to sign out. @param facts of the identity, as `judge` told them */
  end(requestId: string, facts: Readonly<Record<string, string>>): string | undefined;
  /** @throws Fault `provider-refused` */
  readEnding(message: SamlMessage): Promise<SamlEnding>;
  /** @returns the id of the request that it answers. @throws Fault `provider-refused` */
  readEnded(message: SamlMessage): Promise<string>;
  /** The address that carries the answer to a request to sign out; undefined where there is none. */
  answerEnding(requestId: string, found: boolean, relayState: string | undefined): string | undefined;
}

/** A response that is valid, and what it told may lack what an account needs. */
export type SamlJudgement = Omit<SamlTold, 'identity'> & {
  /** The identity, or the sentence why none can be made. */
  readonly identity: Identity | { readonly problem: string };
};

/** The SAML provider of the settings. */
export interface Saml {
  /** Undefined while it is switched off, or lacks something that it cannot do without. */
  current(): SamlProvider | undefined;
  /** How it stands with it; undefined while it is switched off. */
  state(): SamlState | undefined;
  /** What an identity provider has to know of us; undefined for a name that is not ours. */
  metadata(name: string): string | undefined;
  /**
   * Reads what an identity provider tells of itself.
   * @param text its metadata
   * @throws Error with a sentence for the operator
   */
  read(text: string): Promise<SamlSource>;
}

export interface SamlState {
  /** What keeps it from working, in a sentence without contents. */
  readonly problem: string | undefined;
  /** When the last certificate that is believed ends. */
  readonly certificateEndsAt: Moment | undefined;
}

/** An identity provider as its metadata describes it. */
export interface SamlSource {
  readonly entityId: string;
  readonly entryPoint: string;
  readonly endingAddress: string | undefined;
  /** As PEM, one behind the other. */
  readonly certificates: string;
}
