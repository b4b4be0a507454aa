import { either, flag, list, moment, object, text, whole } from './schema.ts';

const textOrNull = either(text(), { type: 'null' });

/** A report of a run over the directory, as `syncReportDocument` makes it. */
export const syncReportShape = object({
  startedAt: moment(),
  endedAt: moment(),
  full: flag({ description: 'Whether everybody was looked at, or only those who changed.' }),
  dryRun: flag({ description: 'Whether nothing was written.' }),
  seen: whole(),
  created: whole(),
  updated: whole(),
  closed: whole(),
  opened: whole(),
  unchanged: whole(),
  pictures: whole({ description: 'Accounts that got, changed or lost the picture of their entry.' }),
  closing: list(text(), { description: 'Who was closed, or would have been: the first 100.' }),
  skippedCount: whole(),
  skipped: list(object({ dn: text(), because: text() }), { description: 'The first 100.' }),
  stopped: textOrNull,
  failed: textOrNull,
});
