import { syncReportDocument } from '../../shapes/sync-report.ts';
import { endpoint } from '../endpoint.ts';
import { either, flag, list, moment, object, text, whole } from '../schema.ts';

const textOrNull = either(text(), { type: 'null' });

export default endpoint({
  method: 'get',
  path: '/api/v1/ldap.syncReport',
  summary: 'How the last run over the directory went.',
  auth: 'token',
  permission: { all: ['sync-auth-services-users'] },
  answer: object({
    report: either(
      object({
        startedAt: moment(),
        endedAt: moment(),
        full: flag({ description: 'Whether everybody was looked at, or only those who changed.' }),
        dryRun: flag(),
        seen: whole(),
        created: whole(),
        updated: whole(),
        closed: whole(),
        opened: whole(),
        unchanged: whole(),
        closing: list(text(), { description: 'Who was closed, or would have been: the first 100.' }),
        skippedCount: whole(),
        skipped: list(object({ dn: text(), because: text() }), { description: 'The first 100.' }),
        stopped: textOrNull,
        failed: textOrNull,
      }),
      { type: 'null' },
    ),
  }),
  async run(app) {
    const report = await app.directory.report();
    return { report: report === undefined ? null : syncReportDocument(report) };
  },
});
