import { syncReportDocument } from '../../shapes/sync-report.ts';
import { endpoint } from '../endpoint.ts';
import { failure } from '../refusal.ts';
import { flag, object, optional, text } from '../schema.ts';
import { syncReportShape } from '../sync-report-shape.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/ldap.syncNow',
  summary:
    'Begins to bring accounts in step with the directory; ldap.syncReport tells how it went. A dry run writes nothing, and its answer says what would have been done.',
  auth: 'token',
  applications: false,
  permission: { all: ['sync-auth-services-users'] },
  twoFactor: { remember: true, always: false },
  body: object(
    {
      dryRun: optional(flag({ description: 'Writes nothing; the answer is the report.' })),
      full: optional(flag({ description: 'False: only those who changed since the last run. True where left out.' })),
    },
    { additionalProperties: true },
  ),
  answer: object({ message: text(), report: optional(syncReportShape) }),
  async run(app, { signed, caller, body }) {
    if (!app.settings.get('LDAP_Enable')) throw failure('LDAP_disabled');
    const options = { delta: body.full === false };
    if (body.dryRun === true) {
      const report = await app.directory.dryRun(signed, options, caller);
      return { message: 'Sync_dry_run', report: syncReportDocument(report) };
    }
    app.directory.syncNow(signed, options, caller);
    return { message: 'Sync_in_progress' };
  },
});
