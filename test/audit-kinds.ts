import { readFileSync } from 'node:fs';

/** The kinds of entries that the guide lists. `*` stands for a part that is put in. */
export function auditKindsInGuide(): ReadonlySet<string> {
  const guide = readFileSync(new URL('../docs/guides/audit.md', import.meta.url), 'utf8');
  const [, table = ''] = guide.split('\n## Kinds\n');
  return new Set(
    [...table.matchAll(/^\| `([^`]+)` \|/gmu)].map(([, kind = '']) => kind).filter((kind) => kind !== 'what'),
  );
}
