import { isFields } from './error.ts';

const specials: ReadonlySet<string> = new Set(['$date', '$binary', '$InfNaN', '$escape', '$type', '$regexp']);
const base64 = /^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/u;

/** Whether a reader would take these keys for a special value. */
function looksSpecial(keys: readonly string[]): boolean {
  return keys.length > 0 && keys.length <= 2 && keys.every((key) => key.startsWith('$')) && keys.some(isSpecial);
}

function isSpecial(key: string): boolean {
  return specials.has(key);
}

function mapped(fields: object, change: (value: unknown) => unknown): Record<string, unknown> {
  // `__proto__` stays a member like any other.
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, change(value)]));
}

/** The JSON form of dates, bytes and numbers that JSON has not (realtime.md §5). */
export function encode(value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    return { $InfNaN: Number.isNaN(value) ? 0 : Math.sign(value) };
  }
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return { $date: Number.isNaN(value.getTime()) ? null : value.getTime() };
  if (value instanceof Uint8Array) {
    return { $binary: btoa(Array.from(value, (byte) => String.fromCharCode(byte)).join('')) };
  }
  if (Array.isArray(value)) return value.map(encode);
  const fields = mapped(value, encode);
  return looksSpecial(Object.keys(fields)) ? { $escape: fields } : fields;
}

/** What `encode` encoded. Forms it does not know stay as they are. */
export function decode(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decode);
  if (!isFields(value)) return value;
  if (Object.keys(value).length === 1) {
    const { $date, $binary, $InfNaN, $escape } = value;
    if (typeof $date === 'number' || $date === null) return new Date($date ?? Number.NaN);
    if (typeof $binary === 'string' && base64.test($binary)) {
      return Uint8Array.from(atob($binary), (char) => char.charCodeAt(0));
    }
    if (typeof $InfNaN === 'number') return $InfNaN / 0;
    if (isFields($escape)) return mapped($escape, decode);
  }
  return mapped(value, decode);
}
