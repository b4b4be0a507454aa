import type { Account } from '../account/account.ts';
import { recordOf } from '../audit/record.ts';
import type { CallCounts } from '../call-counts.ts';
import { Fault } from '../fault.ts';
import type { Mailer } from '../mailer.ts';
import type { Caller, Clock } from '../ports.ts';
import { type ChooseNeeds, mustBeFresh } from './choose.ts';
import { digestOf, type GivenPassword, isNone } from './password.ts';
import { mustFitPolicy } from './policy.ts';
import type { PasswordStore, SpentLink } from './store.ts';

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

/**
 * Sets a password and ends the other sessions of the account; personal tokens stay (design §1). The one before is kept
 * for the history, and the owner is told by mail.
 * @param change.expected the stored form that was proved just before; undefined where none had to be
 * @param change.actorId who does it; undefined on the command line
 * @throws Fault `password-unacceptable`, `password-same-as-current`, `password-in-history`, `wrong-credentials` when it
 *   was changed meanwhile, `link-dead`, `account-unknown`, `busy`
 */
export async function changePassword(
  needs: ChangePasswordNeeds,
  change: {
    readonly account: Account;
    readonly password: GivenPassword;
    readonly chosenBy: ChosenBy;
    readonly expected: string | undefined;
    readonly exceptToken: string | undefined;
    readonly actorId: string | undefined;
    readonly changeRequired: Account['passwordChange'];
    /** Whether it may be another person than before: personal tokens end as well, and no passkey signs in by itself. */
    readonly takesOver?: boolean;
    /** The mailed link that stands in for a proof; it is used up in the step that sets the password. */
    readonly link?: SpentLink;
  },
  caller: Caller,
): Promise<void> {
  const { account, password, chosenBy, link } = change;
  const digest = mustBePassword(password);
  // Where nothing was proved, what is there now must still be there when the new one is written.
  const found = chosenBy === 'owner' ? await mustBeFresh(needs, account, password) : undefined;
  if (chosenBy === 'administrator') await mustFitPolicy(needs, password, account);
  const expected = change.expected ?? found;
  const hash = await needs.hasher.make(digest);
  const now = needs.clock.now();
  const done = await needs.passwords.setPassword(
    {
      accountId: account.id,
      hash,
      expected,
      formerKept: needs.history().kept,
      exceptToken: change.exceptToken,
      takesOver: change.takesOver,
      changeRequired: change.changeRequired,
      link,
      now,
    },
    recordOf(link === undefined ? 'password.change' : 'password.reset', {
      at: now,
      caller,
      actorId: change.actorId,
      accountId: account.id,
    }),
  );
  if (!done && link !== undefined) throw new Fault('link-dead', { kind: link.kind });
  if (!done) throw new Fault(expected === undefined ? 'account-unknown' : 'wrong-credentials');
  await tellOwner(needs, account, chosenBy);
}

const hourMs = 3_600_000;

/**
 * Told to every address, verified or not: whoever took an account over must not be able to keep it quiet. So often in an
 * hour only: an address that was never verified may be a stranger's.
 */
async function tellOwner(needs: ChangePasswordNeeds, account: Account, chosenBy: ChosenBy): Promise<void> {
  const to = account.emails.map(({ address }) => address);
  if (to.length === 0) return;
  const window = { key: `password-mails ${account.id}`, windowMs: hourMs, now: needs.clock.now() };
  const { calls } = await needs.counts.count(window);
  if (calls > needs.mailsPerHour()) return;
  const kind = chosenBy === 'owner' ? 'password-changed' : 'password-set';
  await needs.mailer.post({ kind, to, language: account.language, facts: {} });
}
