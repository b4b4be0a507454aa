import type { Account, Claim } from '../account/account.ts';
import type { AuditEntry } from '../audit-entry.ts';
import type { Origin } from '../external-login/identity.ts';
import type { Moment } from '../ports.ts';
import type { KeptFactors } from '../second-factor/store.ts';
import type { Pool, PooledToken, Signed, Token, Trust } from './token.ts';

/** What the pipeline knows before it checks a proof, in one read. */
export interface Known {
  readonly account: Account | undefined;
  /** The stored password, or undefined for none. */
  readonly passwordHash: string | undefined;
  readonly kept: KeptFactors;
  /** Times of the failures that still count, newest first, at most as many as the limit needs. */
  readonly failures: {
    /** Of the account, or of the typed name where no account has it. */
    readonly account: readonly Moment[];
    readonly address: readonly Moment[];
    /** Of this account from this device. */
    readonly device: readonly Moment[];
  };
  /** True when this device has signed in to this account before. */
  readonly deviceKnown: boolean;
}

/** The keys under which failures are counted. */
export interface LookUp {
  readonly claim: Claim;
  /** The address, an IPv6 one cut to /64. */
  readonly addressKey: string;
  /** Fingerprint of address and client (`core/session/device.ts`). */
  readonly deviceKey: string;
  /** Failures before these moments do not count any more. */
  readonly accountSince: Moment;
  readonly addressSince: Moment;
}

/** A failed attempt: counted under every key, with its audit entry, in one write. */
export interface Failure {
  /** The account's id, or undefined where the claim names none; then the folded name is counted. */
  readonly accountId: string | undefined;
  readonly claim: Claim | undefined;
  /** Whom it was about as well: counted there too, once for each. */
  readonly besides?: readonly Pick<Failure, 'accountId' | 'claim'>[];
  readonly addressKey: string;
  readonly deviceKey: string;
  /** Whether the address was blocked, and the device was let past: counted against it there, over all accounts. */
  readonly passed?: boolean;
  readonly at: Moment;
  /** The factor whose code was wrong, if that was it: counted in a row, beside the failures that are forgotten in time. */
  readonly wrongFactor: 'email' | 'other' | undefined;
  readonly audit: AuditEntry;
}

/** A token to be opened after a proof held, and the conditions that must still be true when it is written. */
export interface Opening {
  readonly token: PooledToken;
  /** The stored password that was proved; the opening fails if it is another by now. Undefined: not by password. */
  readonly provedPasswordHash: string | undefined;
  /** Replaces the proved hash by a stronger one. */
  readonly betterPasswordHash: string | undefined;
  readonly device: { readonly key: string } | undefined;
  /** The token on whose word it is opened, if any: the opening fails when that one has ended meanwhile. */
  readonly shownToken?: string | undefined;
  /** Whether this is a sign-in, which the account remembers, and not a token made for somebody. */
  readonly isLogIn: boolean;
  /** The session of a provider that stands behind it, if any: the opening fails where its subject is not joined with the account. */
  readonly origin?: Origin | undefined;
  /** The opening fails when the account has this many failures since then (a device that is known has its own count). */
  readonly unless: { readonly failures: number; readonly since: Moment; readonly deviceKnown: boolean } | undefined;
  /** A full pool ends its least recently used token. */
  readonly cap: number;
  /** Forget the failures of the account and of this device. */
  readonly forgive: boolean;
  readonly audit: AuditEntry;
}

export type OpenOutcome =
  /** `newDevice`: the device was not among those of the account. */
  | { readonly opened: true; readonly evicted: number; readonly newDevice: boolean }
  | {
      readonly opened: false;
      readonly because:
        | 'account-closed'
        | 'account-gone'
        | 'password-changed'
        | 'blocked'
        | 'token-ended'
        | 'identity-parted';
    };

/** A part of the list of tokens, in the order in which they were made. */
export interface TokenPage {
  /** Only those of this account. */
  readonly accountId: string | undefined;
  readonly ascending: boolean;
  readonly offset: number;
  readonly count: number;
}

/** A token with what lists tell of its account. */
export interface ListedToken {
  readonly token: Token;
  readonly account: Pick<Account, 'id' | 'username' | 'name' | 'avatarTag'>;
}

export type PersonalOutcome = 'done' | 'name-taken' | 'account-closed' | 'token-ended';

/**
 * What staying signed in needs from a store. Every method is one atomic step. What ends tokens announces the account
 * (`Happening`) in the same step, so that no node goes on believing them.
 */
export interface TokenStore {
  /** Everything a log-in must know before it checks a proof, in one read. Exact spelling first, then the folded one. */
  known(lookUp: LookUp): Promise<Known>;
  /** Failures of an address that still count, newest first. */
  addressFailures(addressKey: string, since: Moment): Promise<readonly Moment[]>;
  /** Failures of a device while its address was blocked, over all accounts, that still count, newest first. */
  passFailures(
    of: { readonly addressKey: string; readonly deviceKey: string },
    since: Moment,
  ): Promise<readonly Moment[]>;
  /** Failures of an account that still count, newest first. */
  accountFailures(accountId: string, since: Moment): Promise<readonly Moment[]>;
  fail(failure: Failure): Promise<void>;
  open(opening: Opening): Promise<OpenOutcome>;
  /** The token with its account, in one read; also one that has expired, so that the refusal can say so. */
  find(hash: string): Promise<Signed | undefined>;
  /** The same by the id that names it in lists, whatever its end is. */
  byId(id: string): Promise<Signed | undefined>;
  /** Live sessions (pools `interactive` and `script`) or live personal tokens, and how many there are. */
  page(
    of: 'sessions' | 'personal',
    page: TokenPage,
    now: Moment,
  ): Promise<{ readonly tokens: readonly ListedToken[]; readonly total: number }>;
  /** Which of these have not ended at `now`, and whose account is open. */
  alive(hashes: readonly string[], now: Moment): Promise<ReadonlySet<string>>;
  /** Moves a token of the script pool to the interactive one. */
  makeInteractive(hash: string, cap: number): Promise<void>;
  trust(hash: string, trust: Trust | undefined): Promise<void>;
  /**
   * Ends the trust in the clients of an account, or in that of one token, by its id.
   * @returns how many were trusted at `now`
   */
  forgetTrust(accountId: string, tokenId: string | undefined, now: Moment, audit: AuditEntry): Promise<number>;
  /** Writes when tokens were last used. */
  touch(uses: ReadonlyMap<string, Moment>): Promise<void>;
  /** True for the one caller that ended it. */
  end(hash: string, audit: AuditEntry): Promise<boolean>;
  /** Ends the tokens of these pools, except one; says how many ended. `forced` as in `Happening`. */
  endAll(
    accountId: string,
    options: { readonly pools: readonly Pool[]; readonly except?: string | undefined; readonly forced: boolean },
    audit: AuditEntry,
  ): Promise<number>;
  /** Tokens of an account, newest first. */
  list(accountId: string, pools: readonly Pool[], now: Moment): Promise<readonly Token[]>;
  /** @param shownToken the token on whose word it is made; a session that has ended meanwhile makes none */
  addPersonal(token: Token, cap: number, audit: AuditEntry, shownToken?: string): Promise<PersonalOutcome>;
  /** Puts a new text under an existing name, with the rights and the end of the old one, which is dead when this returns. */
  renewPersonal(
    accountId: string,
    name: string,
    fresh: Token,
    audit: AuditEntry,
    shownToken?: string,
  ): Promise<boolean>;
  endPersonal(accountId: string, name: string, audit: AuditEntry): Promise<boolean>;
  /** Personal tokens that end between these moments, soonest first: each is given to one caller, once. */
  takeEndingSoon(after: Moment, until: Moment, atMost: number): Promise<readonly Signed[]>;
  /** Deletes at most `atMost` expired tokens, and as many failures that count no more; says how many of both. */
  sweep(now: Moment, failuresBefore: Moment, atMost: number): Promise<number>;
}
