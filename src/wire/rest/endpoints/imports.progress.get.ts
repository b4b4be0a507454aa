import type { ImportState } from '../../../core/administration/import-state.ts';
import { endpoint } from '../endpoint.ts';
import { either, flag, list, moment, object, oneOf, optional, text, whole } from '../schema.ts';

const momentOrNull = either(moment(), { type: 'null' });

export default endpoint({
  method: 'get',
  path: '/api/v1/imports.progress',
  summary: 'How an import goes, or went; without an id, the one that there is.',
  auth: 'token',
  permission: { all: ['access-permissions', 'create-user'] },
  applications: false,
  query: object({ importId: optional(text()) }),
  answer: object({
    importId: text(),
    name: text(),
    state: oneOf('uploaded', 'running', 'done', 'failed', 'stopped'),
    dryRun: flag(),
    readBytes: whole(),
    totalBytes: whole(),
    people: object({
      seen: whole(),
      brought: whole({ description: 'In a dry run, those who would come.' }),
      there: whole({ description: 'Who was there already, and was passed over.' }),
      skipped: whole(),
    }),
    problems: list(object({ where: text(), why: text() }), { description: 'The first 100.' }),
    problemsTotal: whole(),
    uploadedAt: moment(),
    startedAt: momentOrNull,
    endedAt: momentOrNull,
  }),
  async run(app, { signed, query }) {
    return documentOf(await app.import.progress(signed, query.importId));
  },
});

function documentOf(found: ImportState) {
  const { id, name, state, dryRun, readBytes, totalBytes, people, problems, problemsTotal } = found;
  return {
    importId: id,
    name,
    state,
    dryRun,
    readBytes,
    totalBytes,
    people,
    problems,
    problemsTotal,
    uploadedAt: new Date(found.uploadedAt).toISOString(),
    startedAt: timeOf(found.startedAt),
    endedAt: timeOf(found.endedAt),
  };
}

function timeOf(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString();
}
