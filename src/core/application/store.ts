import type { Account } from '../account/account.ts';
import type { AuditEntry } from '../audit-entry.ts';
import type { Moment } from '../ports.ts';
import type { Application } from './application.ts';

/** What may be changed of an application. */
export type ApplicationChange = Partial<
  Pick<Application, 'name' | 'active' | 'redirects' | 'options' | 'sealedSecret'>
>;

/** What a code was made for: it is good for nothing else. */
export interface CodeFacts {
  readonly redirect: string;
  /** The S256 challenge of PKCE (RFC 7636); undefined where none was offered. */
  readonly challenge: string | undefined;
  /** The id of the session in which the person agreed. */
  readonly session: string;
  /** Ids of the only permissions that the person was told of; undefined for all that they hold. */
  readonly permissions: readonly string[] | undefined;
}

/** A code that becomes tokens, once. */
export interface Code {
  readonly hash: string;
  readonly applicationId: string;
  readonly accountId: string;
  /** Everything that comes of it bears the same. */
  readonly family: string;
  readonly facts: CodeFacts;
  readonly endsAt: Moment;
}

/** A code as it is kept. */
export interface KeptCode extends Code {
  readonly used: boolean;
}

/** Two tokens of an application that speaks for somebody, known by their hashes. */
export interface TokenPair {
  readonly accessHash: string;
  readonly refreshHash: string;
  readonly createdAt: Moment;
  readonly accessEndsAt: Moment;
  readonly refreshEndsAt: Moment;
}

/** An access token that has not been replaced, with what it depends on; any of them may have ended. */
export interface Access {
  readonly pair: TokenPair;
  readonly family: string;
  /** What the person agreed to, see `CodeFacts`. */
  readonly permissions: readonly string[] | undefined;
  readonly application: Application;
  readonly account: Account;
}

export interface Consent {
  readonly application: Application;
  readonly givenAt: Moment;
}

export type RedeemOutcome =
  | 'done'
  /** It is unknown, over, of another application, or its account is closed. */
  | 'void'
  /** It was used before: what came of it has ended. */
  | 'replayed';

export type RefreshOutcome =
  | 'done'
  /** It is unknown, over, of another application, or its account is closed. */
  | 'void'
  /** Another request was faster, a moment ago. */
  | 'raced'
  /** It was replaced long ago: the whole family has ended. */
  | 'reused';

/** What applications need from a store. Every method is one atomic step. */
export interface ApplicationStore {
  /** All of them, by name. */
  list(): Promise<readonly Application[]>;
  byId(id: string): Promise<Application | undefined>;
  byClientId(clientId: string): Promise<Application | undefined>;
  add(application: Application, audit: AuditEntry): Promise<void>;
  /**
   * Changes an application. Its codes and tokens end where it becomes inactive, or active again, or its secret or how it
   * shows that another.
   * @returns it as it is afterwards; undefined where there is none
   */
  update(id: string, change: ApplicationChange, now: Moment, audit: AuditEntry): Promise<Application | undefined>;
  /** Removes an application with its consents, codes and tokens. */
  remove(id: string, audit: AuditEntry): Promise<boolean>;
}

/** What codes, tokens and consents need from a store. Every method is one atomic step. */
export interface GrantStore {
  /**
   * Keeps a code and that the person agreed.
   * @param sessionHash the session on whose word it is made
   * @returns false where that session, the account or the application has ended meanwhile
   */
  addCode(code: Code, sessionHash: string, now: Moment, audit: AuditEntry): Promise<boolean>;
  /** The code of this hash, used or not, over or not. */
  code(hash: string): Promise<KeptCode | undefined>;
  /** Uses a code up, for a first pair; of several at once, one gets it. */
  redeem(
    code: { readonly hash: string; readonly applicationId: string },
    pair: TokenPair,
    now: Moment,
    audit: (outcome: 'done' | 'replayed', accountId: string) => AuditEntry,
  ): Promise<RedeemOutcome>;
  /** Puts a new pair in the place of another, which is void from then on; of several at once, one gets it. */
  refresh(
    refresh: { readonly hash: string; readonly applicationId: string },
    pair: TokenPair,
    now: Moment,
    audit: (outcome: 'reused', accountId: string) => AuditEntry,
  ): Promise<RefreshOutcome>;
  access(accessHash: string): Promise<Access | undefined>;
  /** Applications that a person has agreed to, the newest first. */
  consents(accountId: string): Promise<readonly Consent[]>;
  /** Takes a consent back, and ends what came of it. @returns false where there was none */
  withdraw(accountId: string, applicationId: string, audit: AuditEntry): Promise<boolean>;
  /** Deletes at most `atMost` codes and as many tokens whose time is over; says how many. */
  sweep(now: Moment, atMost: number): Promise<number>;
}
