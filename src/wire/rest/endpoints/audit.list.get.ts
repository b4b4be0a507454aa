import type { App } from '../../../app.ts';
import type { KeptEntry } from '../../../core/audit/store.ts';
import { pageOf } from '../../shapes/paging.ts';
import { cursorOf, cursorText, entryAnswer, entryShape, momentAsked } from '../audit-shape.ts';
import { endpoint } from '../endpoint.ts';
import { pagingMembers } from '../list-query.ts';
import { free, list, object, oneOf, optional, text } from '../schema.ts';

export default endpoint({
  method: 'get',
  path: '/api/v1/audit.list',
  summary: 'Lists entries of the audit trail, newest first.',
  auth: 'token',
  permission: { all: ['view-logs'] },
  query: object({
    userId: optional(text({ description: 'Only what happened to this account.' })),
    actorId: optional(text({ description: 'Only what this account did.' })),
    what: optional(text({ description: 'Only this kind, for example `log-in`.' })),
    outcome: optional(oneOf('done', 'refused')),
    since: optional(text({ description: 'Only from this moment on: ISO 8601, a day or with a time and its zone.' })),
    until: optional(text({ description: 'Only before this moment.' })),
    count: pagingMembers.count,
    cursor: optional(text({ description: 'What the page before gave as `next`.' })),
  }),
  answer: object({
    entries: list(entryShape),
    names: free({ description: 'The usernames of today of the accounts that the entries name, by their ids.' }),
    next: optional(
      text({
        description: 'Where the next page begins; absent at the end. A page may have few entries or none and go on.',
      }),
    ),
  }),
  async run(app, { query }) {
    const { userId: accountId, actorId, what, outcome } = query;
    const filter = {
      accountId,
      actorId,
      what: what === undefined ? undefined : [what],
      outcome,
      since: momentAsked('since', query.since),
      until: momentAsked('until', query.until),
    };
    const after = cursorOf(query.cursor);
    // No store takes a NUL or half a surrogate pair, and no entry is called so.
    const impossible = [accountId, actorId, what].some(
      (asked) => asked !== undefined && (asked.includes('\0') || !asked.isWellFormed()),
    );
    if (impossible) return { entries: [], names: {} };
    const { entries, next } = await app.audit.page(filter, Math.max(1, pageOf(app.settings, query).count), after);
    return {
      entries: entries.map(entryAnswer),
      names: await namesIn(app, entries),
      ...(next === undefined ? {} : { next: cursorText(next) }),
    };
  },
});

/** What the accounts of some entries are called, as far as they are still there. */
async function namesIn(app: App, entries: readonly KeptEntry[]): Promise<Readonly<Record<string, string>>> {
  const ids = new Set(entries.flatMap(({ entry: { accountId, actorId } }) => [accountId, actorId]));
  const accounts = await app.account.byIds([...ids].filter((id) => id !== undefined));
  return Object.fromEntries(
    accounts.flatMap(({ id, username }) => (username === undefined ? [] : [[id, username] as const])),
  );
}
