import { createHmac } from 'node:crypto';

const stepMs = 30_000;

/** The time step that a moment lies in (RFC 6238 §4.2: 30 s, from 1970). */
export function stepOf(moment: number): number {
  return Math.floor(moment / stepMs);
}

/**
 * The code of a time step (RFC 6238 over RFC 4226, HMAC-SHA-1).
 * @param secret the shared secret, as bytes
 * @param digits 6 where authenticator apps are meant
 */
export function codeOfStep(secret: Buffer, step: number, digits = 6): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', secret).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 0xf;
  return String((mac.readUInt32BE(offset) & 0x7f_ff_ff_ff) % 10 ** digits).padStart(digits, '0');
}
