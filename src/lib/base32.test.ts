import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { fromBase32, toBase32 } from './base32.ts';

describe('base 32', () => {
  it('is that of RFC 4648, section 10, without padding', () => {
    const vectors = { f: 'MY', fo: 'MZXQ', foo: 'MZXW6', foob: 'MZXW6YQ', fooba: 'MZXW6YTB', foobar: 'MZXW6YTBOI' };
    for (const [plain, text] of Object.entries({ '': '', ...vectors })) {
      assert.equal(toBase32(Buffer.from(plain)), text);
      assert.equal(fromBase32(text).toString(), plain);
    }
  });

  it('comes back as it went', () => {
    for (let length = 0; length < 70; length += 1) {
      const bytes = randomBytes(length);
      assert.deepEqual(fromBase32(toBase32(bytes)), bytes);
    }
  });

  it('takes no other characters', () => {
    for (const text of ['MY======', 'my', 'M1', 'M0', 'M8', ' MY', 'M-']) assert.throws(() => fromBase32(text));
  });
});
