import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { codeOfStep, stepOf } from './totp.ts';

describe('time-based codes', () => {
  const secret = Buffer.from('12345678901234567890');

  it('are those of RFC 6238, appendix B', () => {
    const vectors: readonly (readonly [seconds: number, code: string])[] = [
      [59, '94287082'],
      [1_111_111_109, '07081804'],
      [1_111_111_111, '14050471'],
      [1_234_567_890, '89005924'],
      [2_000_000_000, '69279037'],
      [20_000_000_000, '65353130'],
    ];
    for (const [seconds, code] of vectors) assert.equal(codeOfStep(secret, stepOf(seconds * 1000), 8), code);
  });

  it('of six digits are those of RFC 4226, appendix D', () => {
    const codes = '755224 287082 359152 969429 338314 254676 287922 162583 399871 520489'.split(' ');
    codes.forEach((code, count) => {
      assert.equal(codeOfStep(secret, count), code);
    });
  });

  it('change every 30 seconds, from 1970', () => {
    assert.deepEqual([0, 29_999, 30_000, 59_999, 60_000].map(stepOf), [0, 0, 1, 1, 2]);
  });
});
