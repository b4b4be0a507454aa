import type { AuditFilter, KeptEntry } from '../../../core/audit/store.ts';
import { accountIdNamed, entryDocument, newestEntries } from '../audit.ts';
import { type Command, UsageError } from '../command.ts';
import { countGiven, countOption } from '../counting.ts';
import { momentGiven, timeOptions } from '../moments.ts';
import type { CliApp } from '../needs.ts';
import { moment, table } from '../text.ts';

const usual = 50;

export const auditList: Command = {
  words: 'audit list',
  summary: 'List entries of the audit trail, newest first.',
  about: 'What the entries tell is in docs/guides/audit.md.',
  options: [
    {
      flags: '--user <user>',
      about: 'what happened to this account: username, e-mail address or id; id: before it for one that is gone',
    },
    { flags: '--by <user>', about: 'what this account did' },
    { flags: '--what <what>', about: 'only this kind, for example log-in; may be repeated', many: true },
    { flags: '--outcome <outcome>', about: 'done or refused' },
    ...timeOptions,
    countOption(usual),
  ],
  example: 'countersign audit list --user ada --what log-in --since 2026-01-31',
  async run(given, desk) {
    const count = countGiven(given, usual);
    const outcome = outcomeOf(given.text('outcome'));
    const times = { since: momentGiven(given, 'since'), until: momentGiven(given, 'until') };
    const [user, by, what] = [given.text('user'), given.text('by'), given.texts('what')];
    return await desk.withApp(async (app) => {
      const filter = {
        accountId: user === undefined ? undefined : await accountIdNamed(app, user),
        actorId: by === undefined ? undefined : await accountIdNamed(app, by),
        what: what.length === 0 ? undefined : what,
        outcome,
        ...times,
      };
      const entries = await newestEntries(app, filter, count);
      return {
        document: { entries: entries.map(entryDocument) },
        ...(entries.length === 0 ? {} : { text: await entryTable(app, entries) }),
        note: entries.length === 1 ? '1 entry.' : `${entries.length} entries.`,
      };
    });
  },
};

function outcomeOf(text: string | undefined): AuditFilter['outcome'] {
  if (text === undefined || text === 'done' || text === 'refused') return text;
  throw new UsageError('--outcome must be done or refused.');
}

async function entryTable(app: CliApp, entries: readonly KeptEntry[]): Promise<string> {
  const ids = entries.flatMap(({ entry }) => [entry.accountId, entry.actorId]).filter((id) => id !== undefined);
  const names = new Map<string, string>();
  // Who is gone is told by id.
  for (const id of new Set(ids)) names.set(id, (await app.account.find({ by: 'id', value: id }))?.username ?? id);
  const named = (id: string | undefined): string => (id === undefined ? '-' : (names.get(id) ?? id));
  const heading = ['WHEN (UTC)', 'WHAT', 'OUTCOME', 'ACCOUNT', 'BY', 'DOOR', 'ADDRESS', 'FACTS'];
  return table([
    heading,
    ...entries.map(({ entry }) => [
      moment(entry.at),
      entry.what,
      entry.outcome,
      named(entry.accountId),
      named(entry.actorId),
      entry.door,
      entry.address === '' ? '-' : entry.address,
      Object.entries(entry.facts)
        .map(([name, value]) => `${name}=${String(value)}`)
        .join(' '),
    ]),
  ]);
}
