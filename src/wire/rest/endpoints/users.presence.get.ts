import type { App } from '../../../app.ts';
import type { Account } from '../../../core/account/account.ts';
import { userPresent } from '../../shapes/user-fields.ts';
import { endpoint } from '../endpoint.ts';
import { either, flag, free, list, object, optional, text } from '../schema.ts';

/** After so long somebody who asks for what has changed is told everything. */
const longestSinceMs = 10 * 60_000;
/** So many accounts are read at once. */
const batch = 1000;

export default endpoint({
  method: 'get',
  path: '/api/v1/users.presence',
  summary: 'Tells who is there.',
  auth: 'token',
  scoped: true,
  query: object({
    from: optional(text({ description: 'A moment, ISO 8601.' })),
    ids: optional(either(text({ description: 'Ids of accounts, separated by commas.' }), list(text()))),
  }),
  answer: object({ users: list(free()), full: flag() }),
  async run(app, { query }) {
    const asked = query.ids === undefined ? undefined : idsOf(query.ids);
    const from = Date.parse(query.from ?? '');
    const full = asked === undefined && !(app.clock.now() - from < longestSinceMs);
    if (app.settings.get('Presence_broadcast_disabled')) return { users: [], full };
    const accounts = await accountsOf(app, asked ?? app.presence.connected());
    const present = accounts.map((account) => userPresent(account, app.presence.of(account)));
    return { users: asked === undefined ? present.filter(({ status }) => status !== 'offline') : present, full };
  },
});

async function accountsOf(app: App, ids: readonly string[]): Promise<readonly Account[]> {
  const found: Account[] = [];
  for (let from = 0; from < ids.length; from += batch) {
    found.push(...(await app.account.byIds(ids.slice(from, from + batch))));
  }
  return found;
}

function idsOf(named: string | readonly string[]): readonly string[] {
  const ids = (typeof named === 'string' ? [named] : named).flatMap((part) => part.split(',')).map((id) => id.trim());
  const possible = ids.filter((id) => id !== '' && id.length <= 64 && !id.includes('\0') && id.isWellFormed());
  return [...new Set(possible)].slice(0, batch);
}
