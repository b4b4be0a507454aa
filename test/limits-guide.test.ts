// Every limit stands in docs/guides/protection.md: as a setting by its id, or as fixed with its number and where it stands.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { catalogue } from '../src/core/setting/catalogue.ts';
import { limitSettings } from '../src/core/setting/limit-settings.ts';

const source = join(import.meta.dirname, '../src');
const guide = readFileSync(new URL('../docs/guides/protection.md', import.meta.url), 'utf8');

/** Numbers that limit nobody: they say how long something lasts, what is shown, or where something is. */
const noLimits =
  /(?:_|^Accounts_)(?:Port|Timeout|Days|Minutes|Hours|width|height|drift|RememberFor|MaxDelta|Expiration|AvatarCacheTime|Volume|idleTimeLimit)$|^Accounts_(?:Password_|LoginExpiration|Default_User_)/u;

it('names every setting that is a limit', () => {
  const numbers = Object.entries(catalogue).filter(([id, { kind }]) => kind === 'integer' && !noLimits.test(id));
  const asked = new Set([...numbers.map(([id]) => id), ...Object.keys(limitSettings)]);
  assert.ok(asked.size > 50, 'the catalogue was read');
  const missing = [...asked].filter((id) => !guide.includes(`\`${id}\``));
  assert.deepEqual(missing, []);
});

it('names no setting that there is not', () => {
  const named = [...guide.matchAll(/`((?:Accounts|API|Block|Countersign|DDP|LDAP|Rate_Limiter)_\w+)`/gu)];
  assert.deepEqual(
    named.map(([, id = '']) => id).filter((id) => !Object.hasOwn(catalogue, id)),
    [],
  );
});

/** Tries of our own, and what only the command line takes from whoever holds the host. */
const ours: ReadonlyMap<string, string> = new Map([
  ['core/administration/bring-in.ts', 'tries of our own'],
  ['core/administration/choose-username.ts', 'tries of our own'],
  ['core/administration/permissions.ts mostTries', 'tries of our own'],
  ['core/external-login/settle-needs.ts', 'tries of our own'],
  ['stores/postgres', 'the protocol of the database'],
  ['stores/sqlite', 'prepared statements'],
  ['wire/cli', 'the command line'],
]);

interface Row {
  readonly numbers: ReadonlySet<number>;
  readonly places: readonly string[];
}

const units: Readonly<Record<string, number>> = {
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  s: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

function fixedRows(): readonly Row[] {
  const [, fixed = ''] = guide.split('## What is fixed, and why\n');
  const [table = ''] = fixed.split('\n## ');
  return table
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| What'))
    .map((line) => ({
      numbers: new Set(
        [...line.matchAll(/(\d[\d,]*)(?: (KiB|MiB|GiB|s|minute|hour|day)s?\b)?/gu)].flatMap(([, digits = '', unit]) => {
          const number = Number(digits.replaceAll(',', ''));
          return [number, number * (unit === undefined ? 1 : (units[unit] ?? 1))];
        }),
      ),
      places: [...(line.split(' | ').at(-1) ?? '').matchAll(/`([^`]+)`/gu)].map(([, place = '']) => place),
    }));
}

/** The numbers of an expression as sources have them: `1_024`, `2 * 1_048_576`, `{ people: 16, waiting: 256 }`. */
function numbersIn(text: string): readonly number[] {
  const plain = text.replaceAll(/\/\/.*$/gmu, '').replaceAll('_', '');
  return [...plain.matchAll(/\d[\de.]*(?:\s*\*\s*\d[\de.]*)*/gu)].map(([product]) =>
    product.split('*').reduce((all, factor) => all * Number(factor), 1),
  );
}

it('names every bound that is fixed, with its number and its place', () => {
  const rows = fixedRows();
  assert.ok(rows.length > 20, 'the guide was read');
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !/\.(?:test|suite)\.ts$/u.test(file) && !file.startsWith('client/'),
  );
  const missing: string[] = [];
  let found = 0;
  for (const file of files) {
    const text = readFileSync(join(source, file), 'utf8');
    const declared = text.matchAll(/^(?:export )?const ((?:most|longest|largest)\w*)(?:: \w+)? = ([^;]*);/gmu);
    for (const [, name = '', value = ''] of declared) {
      if ([...ours.keys()].some((place) => `${file} ${name}`.startsWith(place))) continue;
      found += 1;
      const here = rows.filter(({ places }) => places.some((place) => file.startsWith(place)));
      for (const number of numbersIn(value)) {
        if (!here.some(({ numbers }) => numbers.has(number))) missing.push(`${file} ${name} ${number}`);
      }
    }
  }
  assert.ok(found > 100, 'the source was read');
  assert.deepEqual(missing, []);
});

it('names no place that there is not', () => {
  for (const { places } of fixedRows()) {
    for (const place of places) {
      assert.ok(readdirSync(source, { recursive: true, encoding: 'utf8' }).includes(place), place);
    }
  }
});
