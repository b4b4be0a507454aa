import type { ProviderSessions } from '../../core/external-login/identity-store.ts';
import type { Write } from './backend.ts';
import { chunksOf } from './chunks.ts';

/** Sign-ins whose first half is done: what they wait with, by its kind. */
const kinds = ['admitted-code', 'pending-factor', 'page-half'] as const;

/** Makes the halves that were done of sign-ins to these accounts void. */
export async function endHalfDone({ db }: Write, accountIds: readonly string[]): Promise<void> {
  if (accountIds.length === 0) return;
  await db.deleteFrom('challenges').where('account_id', 'in', accountIds).where('kind', 'in', kinds).execute();
}

/** The same for those that began with one of these sessions of a provider, whosever account it is. */
export async function endHalfDoneBehind({ db }: Write, which: ProviderSessions): Promise<void> {
  const ended = await halfDoneBehind({ db }, which);
  for (const some of chunksOf(ended, 500)) await db.deleteFrom('challenges').where('hash', 'in', some).execute();
}

/** The hashes of those. */
export async function halfDoneBehind({ db }: Pick<Write, 'db'>, which: ProviderSessions): Promise<readonly string[]> {
  const waiting = await db
    .selectFrom('challenges')
    .select(['hash', 'json_facts'])
    .where('kind', 'in', kinds)
    // Few of them wait at a time.
    .where('account_id', 'is not', null)
    .execute();
  return waiting.flatMap(({ hash, json_facts }) => (isBehind(which, json_facts) ? [hash] : []));
}

function isBehind(which: ProviderSessions, json: string): boolean {
  const { origin } = JSON.parse(json) as { readonly origin?: unknown };
  if (!Array.isArray(origin)) return false;
  const [provider, subject, session] = origin as readonly unknown[];
  if (provider !== which.provider || typeof session !== 'string') return false;
  if ('subject' in which) return subject === which.subject;
  if ('session' in which) return session === which.session;
  return session === which.sessionsOf || session.startsWith(`${which.sessionsOf} `);
}
