// What the pages say for the codes that the server tells: none is missing, and none is of yesterday.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { faults } from '../src/core/fault.ts';
import { auditKindsIn } from '../web/audit-kinds.ts';
import { english as kinds } from '../web/words/audit-kinds.en.ts';
import { english as problems } from '../web/words/import-problems.en.ts';
import { english as refusals } from '../web/words/refusals.en.ts';
import { auditKindsInGuide } from './audit-kinds.ts';

const guide = (name: string): string => readFileSync(new URL(`../docs/guides/${name}.md`, import.meta.url), 'utf8');

it('the pages have a name for every kind of entry in the audit trail', () => {
  const known = auditKindsIn(guide('audit'));
  assert.deepEqual(Object.keys(kinds).toSorted(), known.toSorted());
  // The pages and the test of the guide read the same table.
  assert.ok(known.length >= auditKindsInGuide().size);
});

it('the pages tell refusals that there are', () => {
  assert.deepEqual(
    Object.keys(refusals).filter((code) => !Object.hasOwn(faults, code)),
    [],
  );
});

/** Only the command line reads exports of Countersign, and notes are no problems. */
const notHere = new Set(['other-key', 'backup-codes-of-another-key', 'application-secret', 'no-roles']);

it('the pages have a sentence for every reason why an import leaves something out', () => {
  const [, table = ''] = guide('moving-in').split('\n| Reason | Means |\n');
  const [rows = ''] = table.split('\n\n', 1);
  const reasons = rows.split('\n').flatMap((row) => {
    const [, cell = ''] = row.split('|');
    return [...cell.matchAll(/`([a-z-]+)`/gu)].map(([, reason = '']) => reason);
  });
  assert.ok(reasons.length > 20, 'the guide was read');
  assert.deepEqual(
    reasons.filter((reason) => !notHere.has(reason) && !Object.hasOwn(problems, reason)),
    [],
  );
});
