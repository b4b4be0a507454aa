import { sha256Base64 } from '../../lib/digest.ts';
import type { Account } from '../account/account.ts';
import { foldName } from '../account/names.ts';
import type { CallCounts } from '../call-counts.ts';
import type { Mailer } from '../mailer.ts';
import type { Clock, Moment } from '../ports.ts';
import { verifiedOf } from '../second-factor/email-code.ts';
import { type AttemptNeeds, type CountedFailure, limitsFor, lookUp } from './attempt.ts';
import { addressKey } from './device.ts';
import { blockedFor, type Limit } from './rules.ts';
import type { TokenStore } from './store.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Who is to be told of blocks. */
export interface NoticePolicy {
  readonly owner: boolean;
  /** Mails to one owner in a day. */
  readonly ownerPerDay: number;
  readonly operator: boolean;
  /** Where the operator's mails go; undefined for the log alone. */
  readonly operatorAddress: string | undefined;
  readonly operatorPerHour: number;
  /** Of the operator's mails. */
  readonly language: string;
}

export interface NoticeNeeds extends Pick<AttemptNeeds, 'limits'> {
  readonly clock: Clock;
  readonly tokens: Pick<TokenStore, 'known' | 'addressFailures'>;
  readonly counts: Pick<CallCounts, 'count'>;
  readonly mailer: Pick<Mailer, 'post'>;
  readonly policy: () => NoticePolicy;
  /** Takes a sentence for the operator's log; facts hold no name that a stranger typed. */
  readonly log: (sentence: string, facts: Readonly<Record<string, unknown>>) => void;
}

type Kind = 'account' | 'name' | 'address';

/**
 * Tells owners and the operator when failures have blocked somebody: once for each block, over all nodes. It works
 * beside the sign-in that failed, which takes as long for a name that nobody has as for any other.
 */
export class BlockNotices {
  readonly #needs: NoticeNeeds;
  readonly #running = new Set<Promise<void>>();

  constructor(needs: NoticeNeeds) {
    this.#needs = needs;
  }

  /** Hears of a failure after it was counted. */
  hear(failure: CountedFailure): void {
    const { owner, operator } = this.#needs.policy();
    if (!owner && !operator) return;
    const work = this.#look(failure)
      .catch((cause: unknown) => {
        this.#needs.log('A notice of a block could not be sent.', { cause });
      })
      .finally(() => this.#running.delete(work));
    this.#running.add(work);
  }

  /** Waits until everything that was heard is told. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async #look({ caller, claim }: CountedFailure): Promise<void> {
    const needs = this.#needs;
    const now = needs.clock.now();
    const limits = limitsFor(needs.limits(), caller);
    const inside = addressKey(caller.address);
    if (claim === undefined) {
      const failures = await needs.tokens.addressFailures(inside, now - limits.address.windowMs);
      await this.#tell('address', inside, { limit: limits.address, failures, address: caller.address });
      return;
    }
    const { account, failures } = await lookUp(needs, claim, caller);
    await this.#tell('address', inside, {
      limit: limits.address,
      failures: failures.address,
      address: caller.address,
    });
    const kind = account === undefined ? 'name' : 'account';
    const subject = account?.id ?? sha256Base64(`${claim.by}:${foldName(claim.value)}`);
    await this.#tell(kind, subject, {
      limit: limits.account,
      failures: failures.account,
      address: caller.address,
      account,
    });
  }

  async #tell(
    kind: Kind,
    subject: string,
    found: {
      readonly limit: Limit;
      readonly failures: readonly Moment[];
      readonly address: string;
      readonly account?: Account | undefined;
    },
  ): Promise<void> {
    const { limit, failures, address, account } = found;
    const blockedMs = blockedFor(limit, failures, this.#needs.clock.now());
    if (blockedMs === undefined) return;
    if (!(await this.#isWithin(`block ${kind} ${subject}`, limit.windowMs, 1)).held) return;
    const facts = { address, minutes: String(Math.max(1, Math.ceil(blockedMs / 60_000))) };
    if (account !== undefined) await this.#tellOwner(account, facts);
    await this.#tellOperator(kind, account, { ...facts, failures: failures.length });
  }

  async #tellOwner(account: Account, facts: { readonly address: string; readonly minutes: string }): Promise<void> {
    const { owner, ownerPerDay } = this.#needs.policy();
    const to = verifiedOf(account);
    if (!owner || !account.open || to.length === 0) return;
    if (!(await this.#isWithin(`block-mail ${account.id}`, dayMs, ownerPerDay)).held) return;
    await this.#needs.mailer.post({ kind: 'account-blocked', to, language: account.language, facts });
  }

  async #tellOperator(
    kind: Kind,
    account: Account | undefined,
    { failures, ...facts }: { readonly address: string; readonly minutes: string; readonly failures: number },
  ): Promise<void> {
    const { operator, operatorAddress, operatorPerHour, language } = this.#needs.policy();
    if (!operator) return;
    // A typed name that no account has may be a password in the wrong field: it is told to nobody.
    const subject = { kind, ...(account === undefined ? {} : { accountId: account.id, username: account.username }) };
    this.#needs.log('blocked', { event: 'blocked', ...subject, ...facts, failures });
    if (operatorAddress === undefined) return;
    if (!(await this.#isWithin('block-mail operator', hourMs, operatorPerHour)).held) return;
    await this.#needs.mailer.post({
      kind: 'sign-ins-blocked',
      to: [operatorAddress],
      language,
      facts: { ...facts, kind, failures: String(failures), username: account?.username ?? account?.id ?? '' },
    });
  }

  async #isWithin(key: string, windowMs: number, most: number): Promise<{ readonly held: boolean }> {
    const { calls } = await this.#needs.counts.count({ key, windowMs, now: this.#needs.clock.now() });
    return { held: calls <= most };
  }
}
