import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Crc64 } from './crc64.ts';

it('computes the checksum that mongodump writes (ECMA-182, as crc64.ECMA of Go)', () => {
  const sum = new Crc64();
  for (const piece of ['1234', '', '56789']) sum.add(Buffer.from(piece));
  // The check value of CRC-64/XZ, from outside.
  assert.equal(sum.value().toString(16), '995dc9bbdf1939fa');
  assert.equal(new Crc64().value(), 0n);
});
