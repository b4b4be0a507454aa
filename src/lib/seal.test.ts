import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sealerOf } from './seal.ts';

describe('a sealed secret', () => {
  const sealer = sealerOf(Buffer.alloc(32, 1));
  const secret = 'JBSWY3DPEHPK3PXP';

  it('opens with its key for what it belongs to, and looks different each time', () => {
    const [first, second] = [sealer.seal(secret, 'row 1'), sealer.seal(secret, 'row 1')];
    assert.notEqual(first, second);
    assert.equal(first.includes(secret), false);
    assert.deepEqual([sealer.open(first, 'row 1'), sealer.open(second, 'row 1')], [secret, secret]);
    assert.equal(sealer.open(sealer.seal('', 'row 1'), 'row 1'), '');
  });

  it('does not open in another row, nor with another key', () => {
    const sealed = sealer.seal(secret, 'row 1');
    assert.throws(() => sealer.open(sealed, 'row 2'));
    assert.throws(() => sealer.open(sealed, ''));
    assert.throws(() => sealerOf(Buffer.alloc(32, 2)).open(sealed, 'row 1'));
  });

  it('does not open when a single bit of it was changed, or a piece is missing', () => {
    const sealed = sealer.seal(secret, 'row 1');
    const bytes = Buffer.from(sealed.slice('v1.'.length), 'base64url');
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      assert.throws(() => sealer.open(`v1.${changed.toString('base64url')}`, 'row 1'), `byte ${at}`);
    }
    for (const length of [0, 1, 12, 27, 28, bytes.length - 1]) {
      assert.throws(() => sealer.open(`v1.${bytes.subarray(0, length).toString('base64url')}`, 'row 1'));
    }
    for (const odd of ['', 'v1', 'v2', sealed.replace('v1', 'v2'), sealed.slice(3)]) {
      assert.throws(() => sealer.open(odd, 'row 1'), odd);
    }
  });
});

describe('a mark', () => {
  const sealer = sealerOf(Buffer.alloc(32, 1));

  it('is the same for the same text under the same name and key, and for nothing else', () => {
    const mark = sealer.mark('123456', 'email-code a');
    assert.equal(sealer.mark('123456', 'email-code a'), mark);
    const others = [
      sealer.mark('123457', 'email-code a'),
      sealer.mark('123456', 'email-code b'),
      sealer.mark('a123456', 'email-code '),
      sealerOf(Buffer.alloc(32, 2)).mark('123456', 'email-code a'),
    ];
    assert.equal(new Set([mark, ...others]).size, 5);
  });
});
