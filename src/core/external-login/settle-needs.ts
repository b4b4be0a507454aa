import type { Account } from '../account/account.ts';
import type { CreateNeeds } from '../account/create.ts';
import type { AccountStore } from '../account/store.ts';
import type { Mailer } from '../mailer.ts';
import type { Clock } from '../ports.ts';
import type { IdentityStore } from './identity-store.ts';

/** What settling whose account an identity is needs. */
export interface SettleNeeds {
  readonly clock: Clock;
  readonly accounts: Pick<AccountStore, 'find' | 'edit'>;
  readonly identities: Pick<IdentityStore, 'find' | 'link' | 'addAccount' | 'use'>;
  /** Those of an account. */
  readonly identitiesOf: IdentityStore['ofAccount'];
  readonly creating: CreateNeeds;
  readonly policy: () => {
    /** Whether people whom nobody knows here may come. */
    readonly mayCreate: boolean;
    readonly mustBeApproved: boolean;
    /** Whether an address that a provider asserts counts as verified here. */
    readonly takesAssertedAsVerified: boolean;
    /** What a new account gets where the provider decides nothing. */
    readonly roles: readonly string[];
  };
  readonly roleExists: (id: string) => boolean;
  readonly mailer: Pick<Mailer, 'post'>;
  /** Tells those who may approve that somebody waits. */
  readonly tellApprovers: (account: Account) => Promise<void>;
}

/** Another one came first; what is there by now is looked at again. */
export class Overtaken extends Error {}

/** So often it is looked again. */
export const mostTries = 3;
