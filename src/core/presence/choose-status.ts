import type { Account, Status } from '../account/account.ts';
import type { AccountStore } from '../account/store.ts';
import { Fault } from '../fault.ts';
import type { Clock, Moment } from '../ports.ts';

export interface ChooseStatusNeeds {
  readonly clock: Clock;
  readonly accounts: Pick<AccountStore, 'change'>;
  readonly policy: () => { readonly textMayChange: boolean; readonly invisibleAllowed: boolean };
}

/** The longest status text that is kept, in characters. */
const longestText = 120;

/**
 * Sets the chosen status or its text, or both (rest.md §11.9).
 * @throws Fault `status-change-refused`, `status-invisible-refused`, `date-not-future`, `account-unknown`
 */
export async function chooseStatus(
  needs: ChooseStatusNeeds,
  account: Account,
  chosen: {
    readonly status?: Status | undefined;
    readonly text?: string | undefined;
    readonly endsAt?: Moment | undefined;
  },
): Promise<void> {
  const policy = needs.policy();
  const now = needs.clock.now();
  if (chosen.text !== undefined && !policy.textMayChange) throw new Fault('status-change-refused');
  if ((chosen.status ?? account.chosenStatus) === 'offline' && !policy.invisibleAllowed) {
    throw new Fault('status-invisible-refused');
  }
  if (chosen.endsAt !== undefined && !(chosen.endsAt > now)) throw new Fault('date-not-future');
  const changed = await needs.accounts.change(
    account.id,
    {
      ...(chosen.status === undefined ? {} : { chosenStatus: chosen.status }),
      ...(chosen.text === undefined ? {} : { statusText: chosen.text.slice(0, longestText) }),
      statusEndsAt: chosen.endsAt,
    },
    now,
  );
  if (!changed) throw new Fault('account-unknown');
}
