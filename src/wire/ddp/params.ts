import { Fault } from '../../core/fault.ts';
import type { GivenPassword } from '../../core/password/password.ts';

// Strict readers of decoded parameters: an object where a text belongs is refused, nothing is converted.

type Fields = Readonly<Record<string, unknown>>;

/** Longer ones are nobody's. */
const longestPassword = 4096;

/** @throws Fault `malformed` */
export function textOf(value: unknown): string {
  if (typeof value !== 'string') throw new Fault('malformed');
  return value;
}

/** A text, or nothing where it is missing or null. @throws Fault `malformed` */
export function maybeTextOf(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : textOf(value);
}

/** A plain object. @throws Fault `malformed` */
export function fieldsOf(value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Fault('malformed');
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype) throw new Fault('malformed');
  return value as Fields;
}

/** One of an object's own members, `undefined` where it has none. */
export function fieldOf(fields: Fields, key: string): unknown {
  return Object.hasOwn(fields, key) ? fields[key] : undefined;
}

/** A valid date as a moment, or nothing where it is missing or null. @throws Fault `malformed` */
export function maybeMomentOf(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (!(value instanceof Date) || Number.isNaN(value.getTime())) throw new Fault('malformed');
  return value.getTime();
}

/** A password in clear, or `{digest, algorithm: 'sha-256'}` (realtime.md §8.4). @throws Fault `malformed` */
export function passwordOf(value: unknown): GivenPassword {
  if (typeof value === 'string') {
    if (value.length > longestPassword) throw new Fault('malformed');
    return { plain: value };
  }
  const fields = fieldsOf(value);
  const digest = fieldOf(fields, 'digest');
  if (fieldOf(fields, 'algorithm') !== 'sha-256' || typeof digest !== 'string' || digest.length > longestPassword) {
    throw new Fault('malformed');
  }
  return { digest };
}
