import { setImmediate as turn } from 'node:timers/promises';
import { clientOf } from '../../lib/user-agent.ts';
import type { Account } from '../account/account.ts';
import type { Mailer } from '../mailer.ts';
import type { Caller, Moment } from '../ports.ts';
import { verifiedOf } from '../second-factor/email-code.ts';

export interface NewDevicePolicy {
  readonly on: boolean;
  /** Whether people may do without these mails. */
  readonly mayOptOut: boolean;
  /** Mails that one account gets in a day from this node: a mailbox must not be flooded. */
  readonly mostADay: number;
  /** Whether the account wants them. */
  readonly wanted: (account: Account) => boolean;
}

export interface NewDeviceNeeds {
  readonly mailer: Pick<Mailer, 'post'>;
  readonly policy: () => NewDevicePolicy;
  /** Hears of what could not be told. */
  readonly onTrouble: (sentence: string, cause: unknown) => void;
}

const dayMs = 86_400_000;
/** So many accounts are counted; those that were told longest ago are forgotten first. */
const mostAccounts = 10_000;
/** So many mails may wait to be posted; in a storm the rest is left out. */
const mostPending = 1_000;
const longestUserAgent = 120;

/** Tells people by mail that somebody signed in as them from a device that they had not used before. */
export class NewDevices {
  readonly #needs: NewDeviceNeeds;
  readonly #told = new Map<string, readonly Moment[]>();
  readonly #pending = new Set<Promise<void>>();

  constructor(needs: NewDeviceNeeds) {
    this.#needs = needs;
  }

  /** Returns at once: the mail is posted after the answer to the sign-in. */
  tell(account: Account, caller: Caller, now: Moment): void {
    const { on, mayOptOut, mostADay, wanted } = this.#needs.policy();
    const to = verifiedOf(account);
    // Programs sign in from wherever they run, and read no mail.
    if (!on || account.kind !== 'user' || to.length === 0 || (mayOptOut && !wanted(account))) return;
    const lately = (this.#told.get(account.id) ?? []).filter((at) => at > now - dayMs && at <= now);
    if (lately.length >= mostADay || this.#pending.size >= mostPending) return;
    this.#told.delete(account.id);
    this.#told.set(account.id, [...lately, now]);
    if (this.#told.size > mostAccounts) {
      const [oldest] = this.#told.keys();
      if (oldest !== undefined) this.#told.delete(oldest);
    }
    const posted = this.#post({ to, language: account.language }, caller, now).finally(() => {
      this.#pending.delete(posted);
    });
    this.#pending.add(posted);
  }

  /** When nothing is left to post. */
  async settled(): Promise<void> {
    await Promise.all(this.#pending);
  }

  async #post(
    mail: { readonly to: readonly string[]; readonly language: string | undefined },
    caller: Caller,
    now: Moment,
  ): Promise<void> {
    await turn();
    try {
      const { name, version, system } = await clientOf(caller.userAgent);
      const browser = name === '' ? caller.userAgent.slice(0, longestUserAgent) : `${name} ${version}`.trim();
      const facts = {
        at: new Date(now).toISOString().slice(0, 16).replace('T', ' '),
        address: caller.address,
        browser,
        system: `${system.name} ${system.version}`.trim(),
      };
      await this.#needs.mailer.post({ kind: 'new-device', ...mail, facts });
    } catch (cause) {
      this.#needs.onTrouble('The mail about a sign-in from a new device could not be posted.', cause);
    }
  }
}
