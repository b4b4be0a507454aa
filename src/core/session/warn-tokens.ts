import type { Mailer } from '../mailer.ts';
import type { Clock } from '../ports.ts';
import { verifiedOf } from '../second-factor/email-code.ts';
import type { TokenStore } from './store.ts';

export interface WarnNeeds {
  readonly clock: Clock;
  readonly tokens: Pick<TokenStore, 'takeEndingSoon'>;
  readonly mailer: Pick<Mailer, 'post'>;
  /** So many days before its end the owner of a personal token is told; 0 for never. */
  readonly daysBefore: () => number;
}

const dayMs = 86_400_000;

/**
 * Tells the owners of personal tokens that they end soon, once for each token: a small step.
 * @param atMost so many tokens
 * @returns how many were taken; less than `atMost` where no more are due
 */
export async function warnOfEnds(needs: WarnNeeds, atMost: number): Promise<number> {
  const days = needs.daysBefore();
  if (days <= 0) return 0;
  const now = needs.clock.now();
  // Marked before it is told: of several nodes one tells it, and a crash in between loses a mail rather than doubling it.
  const ending = await needs.tokens.takeEndingSoon(now, now + days * dayMs, atMost);
  for (const { account, token } of ending) {
    const to = verifiedOf(account);
    if (to.length === 0 || token.endsAt === undefined) continue;
    // Whoever made one for so short a time knows it.
    if (token.endsAt - token.createdAt <= days * dayMs) continue;
    const facts = { name: token.name ?? '', at: new Date(token.endsAt).toISOString().slice(0, 16).replace('T', ' ') };
    await needs.mailer.post({ kind: 'personal-token-ends', to, language: account.language, facts });
  }
  return ending.length;
}
