import { syncReportDocument } from '../../shapes/sync-report.ts';
import { endpoint } from '../endpoint.ts';
import { either, object } from '../schema.ts';
import { syncReportShape } from '../sync-report-shape.ts';

export default endpoint({
  method: 'get',
  path: '/api/v1/ldap.syncReport',
  summary: 'How the last run over the directory went.',
  auth: 'token',
  permission: { all: ['sync-auth-services-users'] },
  answer: object({ report: either(syncReportShape, { type: 'null' }) }),
  async run(app) {
    const report = await app.directory.report();
    return { report: report === undefined ? null : syncReportDocument(report) };
  },
});
