import type { Restored, Settled } from '../../../core/administration/restored.ts';
import { type Command, UsageError } from '../command.ts';
import { openingErrorOf } from '../refusal.ts';
import { counted, moment } from '../text.ts';

export const restore: Command = {
  words: 'restore',
  summary: 'Put a backup in the place of the database; the server must be stopped.',
  about:
    'The backup, its schema and its key are checked before anything changes, and the database that was there is kept under another name. All sessions, codes and waiting mails of the backup end. What the present database tells has ended since (revoked personal tokens, closed accounts, used backup codes, removed passkeys and links) stays ended; what it cannot undo is counted and told. PostgreSQL has tools of its own for the first part: with --after-pg-restore this does the rest behind them.',
  arguments: [{ name: 'file', about: 'what countersign backup made', optional: true }],
  options: [
    { flags: '--keep-sessions', about: 'sessions of then come back, also those that have ended since' },
    { flags: '--end-personal-tokens', about: 'personal tokens end as well, all of them' },
    { flags: '--after-pg-restore', about: 'end in a PostgreSQL database what pg_restore has brought back' },
  ],
  example: 'countersign restore /backups/countersign-monday.db',
  async run(given, desk) {
    const [keepSessions, endPersonal] = [given.flag('keepSessions'), given.flag('endPersonalTokens')];
    const file = given.optionalArgument('file');
    if (given.flag('afterPgRestore')) {
      if (file !== undefined || keepSessions) {
        throw new UsageError('--after-pg-restore takes no file, and keeps no session.');
      }
      const settled = await desk.needs.settleRestored({ endPersonal }, desk.caller).catch(rethrown);
      return { document: settled, text: settledText(settled, endPersonal) };
    }
    if (file === undefined || file === '') throw new UsageError('Name the file that countersign backup made.');
    const restored = await desk.needs.restore(file, { keepSessions, endPersonal }, desk.caller).catch(rethrown);
    return { document: restored, text: sentencesOf(restored, { keepSessions, endPersonal }).join('\n') };
  },
};

function rethrown(cause: unknown): never {
  throw openingErrorOf(cause);
}

function settledText(settled: Settled, endPersonal: boolean): string {
  return [
    `What pg_restore has brought back is settled, with ${counted(settled.accounts, 'account')}.`,
    `All sessions are ended (${settled.sessionsEnded}), and with them codes, tokens of applications and mails that waited.`,
    endPersonal
      ? `All personal tokens are ended (${settled.personalTokensEnded}).`
      : `Personal tokens that count again: ${settled.personalTokensKept}. Whichever of them, and whichever backup codes, passkeys, links and open accounts, had ended since the backup are back: look at them (countersign token list), or end all personal tokens with --end-personal-tokens.`,
    ...nobodyAdministers(settled),
  ].join('\n');
}

function nobodyAdministers({ administrators }: Settled): readonly string[] {
  if (administrators > 0) return [];
  return [
    'There is no enabled administrator: countersign user enable, countersign role grant or countersign user create gives one.',
  ];
}

function sentencesOf(
  restored: Restored,
  { keepSessions, endPersonal }: { readonly keepSessions: boolean; readonly endPersonal: boolean },
): readonly string[] {
  const of = (number: number, sentence: string): readonly string[] => (number === 0 ? [] : [`${sentence}: ${number}.`]);
  const { madeAt, aside, accounts } = restored;
  return [
    `The backup${madeAt === undefined ? '' : ` of ${moment(madeAt)} UTC`} is in place, with ${counted(accounts, 'account')}.`,
    ...(aside === undefined
      ? []
      : [`The database that was there lies in ${aside}, with the audit trail of what came since.`]),
    ...(keepSessions
      ? [
          `Sessions that are back: ${restored.sessionsKept}${restored.compared ? `, ${restored.sessionsRevived} of which had ended since` : ', also those that have ended since'}.`,
        ]
      : [`All sessions are ended (${restored.sessionsEnded}): everybody signs in again.`]),
    ...(endPersonal ? [`All personal tokens are ended (${restored.personalTokensEnded}).`] : []),
    ...comparison(restored, endPersonal),
    ...of(restored.accountsClosed, 'Accounts that were closed since, and still are'),
    ...of(restored.waysInEnded, 'Passkeys and links that were removed since, and still are'),
    ...of(restored.backupCodesEnded, 'Accounts whose backup codes were used or replaced since, and still are'),
    ...of(restored.consentsEnded, 'Consents to applications that were taken back since, and still are'),
    ...of(
      restored.applicationsOff,
      'Applications that were switched off, deleted or given another secret since, and are switched off',
    ),
    ...of(restored.accountsBack, 'Accounts that were deleted since, and are there again'),
    ...of(restored.accountsLost, 'Accounts that came since, and are gone'),
    ...of(restored.oldPasswords, 'Accounts that have the password of then'),
    ...of(restored.administratorsAgain, 'Administrators who were none any more, and are again'),
    ...of(restored.factorsLost, 'Accounts that set up a second factor since, and have lost it'),
    ...nobodyAdministers(restored),
  ];
}

/** What the database that was there could tell. */
function comparison(restored: Restored, endPersonal: boolean): readonly string[] {
  const { compared, comparedUntil, uncompared, aside, personalTokensKept, personalTokensEnded } = restored;
  if (!compared) {
    const why =
      aside === undefined
        ? 'There was no database to compare with'
        : 'The database that was there tells nothing of this backup (it is another one, or damaged, or of a newer version)';
    const [again, them] = endPersonal
      ? ['', 'whichever']
      : [`Personal tokens that count again: ${personalTokensKept}. `, 'whichever of them, and whichever'];
    return [
      `${again}${why}, so ${them} backup codes, passkeys, links and open accounts had ended since the backup are back: look at them.`,
    ];
  }
  return [
    ...(endPersonal
      ? []
      : [`Personal tokens that count: ${personalTokensKept}; revoked since, and still so: ${personalTokensEnded}.`]),
    ...(comparedUntil === undefined
      ? []
      : [
          `The database that was there has the same past as this backup until ${moment(comparedUntil)} UTC only: of what came later it knows nothing. Personal tokens, passkeys and links from later, which are back whether or not they ended since: ${uncompared}. docs/guides/backup.md tells how to go back first and compare all.`,
        ]),
  ];
}
