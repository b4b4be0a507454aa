// Every kind of entry that the source can write stands in the guide, and none besides.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { auditKindsInGuide } from './audit-kinds.ts';

const root = join(import.meta.dirname, '../src');

/** Texts of the same form that are no kinds. */
const others = new Set(['rocket.cat', 'services.totp.secret', 'emails.address']);

function sources(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !/\.(?:test|suite)\.ts$/u.test(name))
    .filter((name) => !name.endsWith('throw-away-domains.ts'))
    .map((name) => join(folder, name));
}

/** Kinds as they stand in the source: `'noun.verb'` anywhere, one word where a kind is given, and what is put together. */
function kindsInSource(): ReadonlySet<string> {
  const kinds = new Set<string>();
  const core = [...sources('core'), ...sources('app'), 'app.ts'];
  for (const file of [...core, ...sources('stores'), ...sources('main'), ...sources('wire/cli')]) {
    const text = readFileSync(join(root, file), 'utf8');
    if (core.includes(file)) {
      for (const [, kind = ''] of text.matchAll(/'([a-z]+(?:-[a-z]+)*(?:\.[a-z]+(?:-[a-z]+)*)+)'/gu)) kinds.add(kind);
    }
    for (const [, kind = ''] of text.matchAll(/(?:\bwhat: |recordOf\(\s*)'([a-z.-]+)'/gu)) kinds.add(kind);
    for (const [, kind = ''] of text.matchAll(/recordOf\(\s*`([^`]+)`/gu)) {
      kinds.add(kind.replace(/\$\{[^}]+\}/gu, '*'));
    }
  }
  return new Set([...kinds].filter((kind) => !others.has(kind)));
}

it('docs/guides/audit.md lists every kind of entry that can be written, and no other', () => {
  const kinds = kindsInSource();
  assert.ok(kinds.size > 30, 'the source was read');
  assert.deepEqual([...auditKindsInGuide()].toSorted(), [...kinds].toSorted());
});
