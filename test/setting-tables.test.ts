import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { definitions } from '../src/core/setting/catalogue.ts';

const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), 'src', 'core', 'setting');

it('the catalogue is made of tables that have no id in common, and of all of them', async () => {
  const ids: string[] = [];
  for (const file of readdirSync(folder)) {
    // This one seals what the tables call secret.
    if (!file.endsWith('-settings.ts') || file === 'sealed-settings.ts') continue;
    const tables = Object.values((await import(join(folder, file))) as Record<string, object>);
    for (const table of tables) if (typeof table !== 'function') ids.push(...Object.keys(table));
  }
  assert.deepEqual(ids.toSorted(), [...definitions.keys()].toSorted());
});
