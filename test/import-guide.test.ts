// Every reason that an import can tell stands in the guide, and none besides.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';

const source = join(import.meta.dirname, '../src');

/** Words of the same form that are no reasons. */
const others = new Set([
  'brought-in',
  'already-there',
  'left-out',
  'too-dear',
  'waits-for-approval',
  'method-call',
  // Permissions, providers, collections, states of a run over REST.
  'access-permissions',
  'create-user',
  'edit-privileged-setting',
  'manage-oauth-apps',
  'permission-missing',
  'meteor-developer',
  'role-assignment',
  'import-command',
  'several-databases',
  'nothing-to-import',
  'file-unreadable',
  'report-unwritable',
]);

/** Codes of refusals by other parts, which are passed on as they are. */
const passedOn = [
  'username-invalid',
  'setting-value-invalid',
  'service-name-invalid',
  'application-name-invalid',
  'application-redirect-invalid',
  // One word each, so not told from others in the source.
  'administrator',
  'unreadable',
  'overtaken',
];

function files(): readonly string[] {
  const of = (folder: string, which: RegExp): readonly string[] =>
    readdirSync(join(source, folder))
      .filter((name) => which.test(name) && !/\.(?:test|suite)\.ts$/u.test(name))
      .map((name) => join(source, folder, name));
  return [
    ...of('core/administration', /^(?:bring-in.*|judge-newcomer|import-mover)\.ts$/u),
    ...of('wire/shapes/import', /\.ts$/u),
    ...of('wire/cli/import', /\.ts$/u),
  ];
}

function reasonsInSource(): ReadonlySet<string> {
  const found = new Set<string>(passedOn);
  for (const file of files()) {
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      if (line.startsWith('import ') || line.startsWith(' *')) continue;
      for (const [, word = ''] of line.matchAll(/'([a-z]+(?:-[a-z]+)+)'/gu)) found.add(word);
    }
  }
  return new Set([...found].filter((word) => !others.has(word)));
}

function reasonsInGuide(): ReadonlySet<string> {
  const guide = readFileSync(join(source, '../docs/guides/moving-in.md'), 'utf8');
  const [, table = ''] = guide.split('\n| Reason | Means |\n');
  const [rows = ''] = table.split('\n\n');
  const cells = [...rows.matchAll(/^\| (`[^|]*`) \|/gmu)].map(([, cell = '']) => cell);
  return new Set(cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/gu)].map(([, word = '']) => word)));
}

it('docs/guides/moving-in.md lists every reason that a report can give, and no other', () => {
  const reasons = reasonsInSource();
  assert.ok(reasons.size > 40, 'the source was read');
  assert.deepEqual([...reasonsInGuide()].toSorted(), [...reasons].toSorted());
});
