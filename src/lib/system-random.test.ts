import assert from 'node:assert/strict';
import { it } from 'node:test';
import { systemRandom } from './system-random.ts';

it('ids have 17 characters that do not look alike, each of them about as often as the others', () => {
  const counts = new Map<string, number>();
  const ids = new Set<string>();
  for (let round = 0; round < 5_500; round += 1) {
    const id = systemRandom.id();
    assert.match(id, /^[23456789ABCDEFGHJKLMNPQRSTWXYZabcdefghijkmnopqrstuvwxyz]{17}$/u);
    ids.add(id);
    for (const character of id) counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  assert.equal(ids.size, 5_500);
  assert.equal(counts.size, 55);
  // 1,700 of each are expected; one part in four more or less is over ten standard deviations away.
  for (const [character, count] of counts) assert.ok(count > 1_275 && count < 2_125, `${character}: ${count}`);
});

it('tokens have 43 characters, and none comes twice', () => {
  const tokens = new Set(Array.from({ length: 1000 }, () => systemRandom.token()));
  assert.equal(tokens.size, 1000);
  for (const token of tokens) assert.match(token, /^[\w-]{43}$/u);
});
