import type { Account } from '../account/account.ts';
import { recordOf } from '../audit/record.ts';
import type { AuditEntry } from '../audit-entry.ts';
import type { CallCounts } from '../call-counts.ts';
import { Fault } from '../fault.ts';
import type { Mailer } from '../mailer.ts';
import type { Caller, Clock } from '../ports.ts';
import { type ChooseNeeds, mustBeFresh } from './choose.ts';
import { digestOf, type GivenPassword, isNone } from './password.ts';
import { mustFitPolicy } from './policy.ts';
import type { PasswordChange, PasswordStore, SpentLink } from './store.ts';

export interface ChangePasswordNeeds extends ChooseNeeds {
  readonly clock: Clock;
  readonly passwords: PasswordStore;
  readonly mailer: Pick<Mailer, 'post'>;
  readonly counts: Pick<CallCounts, 'count'>;
  /** How often in an hour the owner is told of another password. */
  readonly mailsPerHour: () => number;
}

/** Refuses what can be no password: nothing, blanks only, no text, or a digest that is none. */
export function mustBePassword(given: GivenPassword): string {
  const digest = digestOf(given);
  if (digest === undefined || isNone(given)) throw new Fault('password-unacceptable');
  return digest;
}

/**
 * Who chooses a password, which says what it is held to: its owner to the policy and to the passwords before, an
 * administrator to the policy alone (telling which passwords somebody had is not theirs), the host to nothing.
 */
export type ChosenBy = 'owner' | 'administrator' | 'host';

/** A password that somebody chooses for an account. */
export interface ChosenPassword {
  readonly account: Account;
  readonly password: GivenPassword;
  readonly chosenBy: ChosenBy;
  /** The stored form that was proved just before; undefined where none had to be. */
  readonly expected: string | undefined;
  /** The session on whose word it is set, and which stays. */
  readonly exceptToken: string | undefined;
  /** Who does it; undefined on the command line. */
  readonly actorId: string | undefined;
  readonly changeRequired: Account['passwordChange'];
  /** Whether it may be another person than before: personal tokens and identities go as well, and no passkey signs in by itself. */
  readonly takesOver?: boolean;
  /** The mailed link that stands in for a proof; it is used up in the step that sets the password. */
  readonly link?: SpentLink;
}

/** A password that may be written, with its entry. */
export interface PreparedPassword {
  readonly change: PasswordChange;
  readonly audit: AuditEntry;
}

/**
 * Asks everything of a chosen password, and makes what is to be written.
 * @throws Fault `password-unacceptable`, `password-same-as-current`, `password-in-history`, `busy`
 */
export async function preparePassword(
  needs: ChangePasswordNeeds,
  chosen: ChosenPassword,
  caller: Caller,
): Promise<PreparedPassword> {
  const { account, password, chosenBy, link, exceptToken, takesOver, changeRequired, actorId } = chosen;
  const digest = mustBePassword(password);
  // Where nothing was proved, what is there now must still be there when the new one is written.
  const found = chosenBy === 'owner' ? await mustBeFresh(needs, account, password) : undefined;
  if (chosenBy === 'administrator') await mustFitPolicy(needs, password, account);
  const expected = chosen.expected ?? found;
  const hash = await needs.hasher.make(digest);
  const now = needs.clock.now();
  const accountId = account.id;
  const formerKept = needs.history().kept;
  const what = link === undefined ? 'password.change' : 'password.reset';
  return {
    change: { accountId, hash, expected, formerKept, exceptToken, takesOver, changeRequired, link, now },
    audit: recordOf(what, { at: now, caller, actorId, accountId }),
  };
}

/** Why a prepared password could not be written. */
export function notWritten({ change: { expected, link } }: PreparedPassword): Fault {
  if (link !== undefined) return new Fault('link-dead', { kind: link.kind });
  return new Fault(expected === undefined ? 'account-unknown' : 'wrong-credentials');
}

/**
 * Sets a password and ends the other sessions of the account; personal tokens stay (design §1). The one before is kept
 * for the history, and the owner is told by mail.
 * @throws Fault `wrong-credentials` when it was changed meanwhile, `link-dead`, `account-unknown`, and those of
 *   `preparePassword`
 */
export async function changePassword(
  needs: ChangePasswordNeeds,
  chosen: ChosenPassword,
  caller: Caller,
): Promise<void> {
  const prepared = await preparePassword(needs, chosen, caller);
  if (!(await needs.passwords.setPassword(prepared.change, prepared.audit))) throw notWritten(prepared);
  await tellOwnerOfPassword(needs, chosen);
}

const hourMs = 3_600_000;

/**
 * Told to every address, verified or not: whoever took an account over must not be able to keep it quiet. So often in an
 * hour only: an address that was never verified may be a stranger's.
 */
export async function tellOwnerOfPassword(
  needs: ChangePasswordNeeds,
  { account, chosenBy }: Pick<ChosenPassword, 'account' | 'chosenBy'>,
): Promise<void> {
  const to = account.emails.map(({ address }) => address);
  if (to.length === 0) return;
  const window = { key: `password-mails ${account.id}`, windowMs: hourMs, now: needs.clock.now() };
  const { calls } = await needs.counts.count(window);
  if (calls > needs.mailsPerHour()) return;
  const kind = chosenBy === 'owner' ? 'password-changed' : 'password-set';
  await needs.mailer.post({ kind, to, language: account.language, facts: {} });
}
