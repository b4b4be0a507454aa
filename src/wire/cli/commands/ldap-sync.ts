import type { SyncReport } from '../../../core/directory/directory.ts';
import { syncReportDocument } from '../../shapes/sync-report.ts';
import type { Answer, Command } from '../command.ts';
import { table } from '../text.ts';

export const ldapSync: Command = {
  words: 'ldap sync',
  summary: 'Bring accounts in step with the directory, and print the report.',
  about:
    'It does what the settings LDAP_Background_Sync_* and LDAP_Sync_* say, whether or not runs are scheduled. While another run goes on, here or in the server, it refuses. Exit code 1 when the run failed, or when it closed nobody since too many would have been closed.',
  options: [
    { flags: '--dry-run', about: 'write nothing; print what would be done' },
    { flags: '--delta', about: 'look only at what changed since the last run; nobody counts as gone' },
    { flags: '--allow-closing <number>', about: 'let this run close so many accounts, whatever the safety stop says' },
    {
      flags: '--accept-new-entries',
      about: 'the directory was built anew: an entry with another id of its own may be of the same person',
    },
  ],
  example: 'countersign ldap sync --dry-run',
  async run(given, desk) {
    const allowClosing = given.wholeNumber('allowClosing', 0);
    const dryRun = given.flag('dryRun');
    const acceptsNewEntries = given.flag('acceptNewEntries');
    const options = { dryRun, delta: given.flag('delta'), allowClosing, acceptsNewEntries, caller: desk.caller };
    return await desk.withApp(async (app) => {
      const report = await app.directory.sync(options);
      if (report === undefined) {
        return { document: { running: true }, note: 'Another run goes on; try again when it has ended.', code: 1 };
      }
      return answerOf(report);
    });
  },
};

function answerOf(report: SyncReport): Answer {
  const { full, dryRun, seen, created, updated, opened, unchanged, closed, closing, skipped, failed, stopped } = report;
  const rows = [
    [dryRun ? 'Looked at (nothing was written)' : 'Looked at', `${seen}${full ? '' : ', only those who changed'}`],
    ['Made', `${created}`],
    ['Changed or joined', `${updated}`],
    ['Opened', `${opened}`],
    ['Closed', `${closed}`],
    ['As they were', `${unchanged}`],
    ['Pictures', `${report.pictures ?? 0}`],
    ['Skipped', `${report.skippedCount}`],
  ];
  const lists = [
    ...(closing.length === 0 ? [] : [`${closed === 0 ? 'Not closed' : 'Closed'}: ${closing.join(', ')}`]),
    ...skipped.map(({ dn, because }) => `Skipped: ${dn} (${because})`),
  ];
  const trouble = [failed, stopped].filter((sentence) => sentence !== undefined);
  return {
    document: syncReportDocument(report),
    text: [table(rows), ...lists].join('\n'),
    ...(trouble.length === 0 ? {} : { note: trouble.join('\n'), code: 1 }),
  };
}
