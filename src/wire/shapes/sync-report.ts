import type { SyncReport } from '../../core/directory/directory.ts';

/** What a run over the directory came to, as JSON has it. */
export function syncReportDocument(report: SyncReport) {
  const { startedAt, endedAt, stopped, failed, skipped, skippedCount, closing, ...counts } = report;
  return {
    startedAt: new Date(startedAt).toISOString(),
    endedAt: new Date(endedAt).toISOString(),
    ...counts,
    pictures: report.pictures ?? 0,
    /** Who was closed, or would have been; the first of them. */
    closing: [...closing],
    skippedCount,
    skipped: skipped.map(({ dn, because }) => ({ dn, because })),
    stopped: stopped ?? null,
    failed: failed ?? null,
  };
}
