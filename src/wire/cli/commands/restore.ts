import type { Restored } from '../../../core/administration/restored.ts';
import type { Command } from '../command.ts';
import { openingErrorOf } from '../refusal.ts';
import { counted, moment } from '../text.ts';

export const restore: Command = {
  words: 'restore',
  summary: 'Put a backup in the place of the database; the server must be stopped.',
  about:
    'The backup, its schema and its key are checked before anything changes, and the database that was there is kept under another name. All sessions, codes and waiting mails of the backup end. What the present database tells has ended since (revoked personal tokens, closed accounts, used backup codes, removed passkeys and links) stays ended; what it cannot undo is counted and told.',
  arguments: [{ name: 'file', about: 'what countersign backup made' }],
  options: [{ flags: '--keep-sessions', about: 'sessions of then come back, also those that have ended since' }],
  example: 'countersign restore /backups/countersign-monday.db',
  async run(given, desk) {
    const keepSessions = given.flag('keepSessions');
    const restored = await desk.needs
      .restore(given.argument('file'), keepSessions, desk.caller)
      .catch((cause: unknown) => {
        throw openingErrorOf(cause);
      });
    return { document: restored, text: sentencesOf(restored, keepSessions).join('\n') };
  },
};

function sentencesOf(restored: Restored, keepSessions: boolean): readonly string[] {
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
    restored.compared
      ? `Personal tokens that count: ${restored.personalTokensKept}; revoked since, and still so: ${restored.personalTokensEnded}.`
      : `Personal tokens that count again: ${restored.personalTokensKept}. There was no database to compare with, so whichever of them, and whichever backup codes, passkeys, links and open accounts, had ended since the backup are back: look at them.`,
    ...of(restored.accountsClosed, 'Accounts that were closed since, and still are'),
    ...of(restored.waysInEnded, 'Passkeys and links that were removed since, and still are'),
    ...of(restored.backupCodesEnded, 'Accounts whose backup codes were used or replaced since, and still are'),
    ...of(restored.accountsBack, 'Accounts that were deleted since, and are there again'),
    ...of(restored.accountsLost, 'Accounts that came since, and are gone'),
    ...of(restored.oldPasswords, 'Accounts that have the password of then'),
    ...of(restored.administratorsAgain, 'Administrators who were none any more, and are again'),
    ...of(restored.factorsLost, 'Accounts that set up a second factor since, and have lost it'),
  ];
}
