import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sampleToken } from '../samples.suite.ts';
import { TokenUses } from './token-uses.ts';

describe('the last use of a token', () => {
  const noted = async (more: Parameters<typeof sampleToken>[1], later: number): Promise<readonly number[]> => {
    const written: number[] = [];
    const uses = new TokenUses(async (found) => {
      written.push(...found.values());
    }, 60_000);
    uses.note(sampleToken('ada', { createdAt: 1_000, usedAt: 1_000, ...more }), 1_000 + later);
    await uses.flush();
    return written;
  };

  it('is written once in a while', async () => {
    assert.deepEqual(await noted({ pool: 'interactive' }, 59_999), []);
    assert.deepEqual(await noted({ pool: 'interactive' }, 60_000), [61_000]);
  });

  it('is written at once where it is the first one of a personal token: else it would seem never to have been used', async () => {
    assert.deepEqual(await noted({ pool: 'personal', name: 'ci' }, 5), [1_005]);
    assert.deepEqual(await noted({ pool: 'personal', name: 'ci', usedAt: 2_000 }, 2_000), []);
  });
});
