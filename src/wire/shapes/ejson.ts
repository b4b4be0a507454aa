import { Fault } from '../../core/fault.ts';

/** So deep may a value nest; whoever sends more sends no argument of ours. */
const deepest = 64;
/** Longer patterns stay what they are: text in an object. */
const longestPattern = 1000;

type Fields = Readonly<Record<string, unknown>>;

/**
 * Turns parsed JSON into the values it stands for (realtime.md §5): dates, bytes, the numbers JSON lacks, patterns.
 * What is no proper form of one of these, and every `$type`, stays the plain object it is, and is then refused wherever
 * another type is wanted. Nothing that is handed in is changed.
 * @throws Fault `malformed` when it nests deeper than any argument does
 */
export function decodeEjson(value: unknown): unknown {
  return decode(value, 0);
}

/**
 * The same the other way, for `JSON.stringify`. Objects that look like one of the forms are escaped, `$type` excepted:
 * no type is registered, so it means the same on both sides.
 * @throws Fault `malformed` when it nests too deep
 */
export function encodeEjson(value: unknown): unknown {
  return encode(value, 0);
}

function decode(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= deepest) throw new Fault('malformed');
  if (Array.isArray(value)) return mapItems(value, decode, depth);
  const fields = value as Fields;
  if (!mayBeForm(fields)) return mapFields(fields, decode, depth);
  if (isOnly(fields, '$escape')) {
    const inner = fields['$escape'];
    if (!isPlain(inner)) return mapFields(fields, decode, depth);
    return mapFields(inner, decode, depth + 1);
  }
  return decodeForm(fields) ?? mapFields(fields, decode, depth);
}

function decodeForm(fields: Fields): unknown {
  if (isOnly(fields, '$date')) {
    const date = fields['$date'];
    if (date === null) return new Date(Number.NaN);
    return typeof date === 'number' ? new Date(date) : undefined;
  }
  if (isOnly(fields, '$binary')) {
    const text = fields['$binary'];
    if (typeof text !== 'string') return undefined;
    const bytes = Buffer.from(text, 'base64');
    return bytes.toString('base64') === text ? new Uint8Array(bytes) : undefined;
  }
  if (isOnly(fields, '$InfNaN')) {
    const which = fields['$InfNaN'];
    if (which === 0) return Number.NaN;
    return which === 1 || which === -1 ? which * Number.POSITIVE_INFINITY : undefined;
  }
  return decodePattern(fields);
}

function decodePattern(fields: Fields): RegExp | undefined {
  const { $regexp: source, $flags: flags } = fields;
  if (typeof source !== 'string' || typeof flags !== 'string') return undefined;
  if (source.length > longestPattern || !/^[dgimsuvy]{0,8}$/.test(flags)) return undefined;
  try {
    return new RegExp(source, flags);
  } catch {
    return undefined;
  }
}

function encode(value: unknown, depth: number): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : { $InfNaN: infinityOf(value) };
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= deepest) throw new Fault('malformed');
  if (Array.isArray(value)) return mapItems(value, encode, depth);
  if (value instanceof Date) {
    const time = value.getTime();
    return { $date: Number.isNaN(time) ? null : time };
  }
  if (value instanceof Uint8Array) return { $binary: Buffer.from(value).toString('base64') };
  if (value instanceof RegExp) return { $regexp: value.source, $flags: value.flags };
  const fields = value as Fields;
  const encoded = mapFields(fields, encode, depth);
  return looksLikeForm(fields) ? { $escape: encoded } : encoded;
}

function infinityOf(value: number): 0 | 1 | -1 {
  if (Number.isNaN(value)) return 0;
  return value > 0 ? 1 : -1;
}

type Step = (value: unknown, depth: number) => unknown;

/** Copies only where an item changes: most arguments are plain through and through. */
function mapItems(items: readonly unknown[], step: Step, depth: number): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (let at = 0; at < items.length; at += 1) {
    const before = items[at];
    const after = step(before, depth + 1);
    if (after === before) continue;
    copy ??= [...items];
    copy[at] = after;
  }
  return copy ?? items;
}

function mapFields(fields: Fields, step: Step, depth: number): Fields {
  let copy: Record<string, unknown> | undefined;
  for (const key of Object.keys(fields)) {
    const before = fields[key];
    const after = step(before, depth + 1);
    if (Object.is(after, before)) continue;
    // A spread makes every key an own one, `__proto__` too, so the assignment below reaches no prototype.
    copy ??= { ...fields };
    copy[key] = after;
  }
  return copy ?? fields;
}

/** Only objects with one or two keys, all of them with a dollar, are candidates. */
function mayBeForm(fields: Fields): boolean {
  let keys = 0;
  for (const key in fields) {
    keys += 1;
    if (keys > 2 || !key.startsWith('$')) return false;
  }
  return keys > 0;
}

function looksLikeForm(fields: Fields): boolean {
  if (!mayBeForm(fields)) return false;
  if (isOnly(fields, '$date') || isOnly(fields, '$binary') || isOnly(fields, '$InfNaN')) return true;
  return isOnly(fields, '$escape') || (Object.hasOwn(fields, '$regexp') && Object.hasOwn(fields, '$flags'));
}

function isOnly(fields: Fields, key: string): boolean {
  return Object.hasOwn(fields, key) && Object.keys(fields).length === 1;
}

function isPlain(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
