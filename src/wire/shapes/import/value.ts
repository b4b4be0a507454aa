import type { Finding } from '../../../core/administration/newcomer.ts';

/** A document of MongoDB, of which nothing is known. */
export type Document = Readonly<Record<string, unknown>>;

/** Reads members of a document strictly: what has another type is left out and told. */
export class Members {
  readonly #document: Document;
  readonly #path: string;
  readonly #findings: Finding[];

  constructor(document: Document, findings: Finding[], path = '') {
    this.#document = document;
    this.#findings = findings;
    this.#path = path;
  }

  /** Only what the document itself has; null counts as missing. */
  any(name: string): unknown {
    return Object.hasOwn(this.#document, name) ? (this.#document[name] ?? undefined) : undefined;
  }

  has(name: string): boolean {
    return this.any(name) !== undefined;
  }

  text(name: string, longest = 1_000): string | undefined {
    const value = this.any(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'string' || !isText(value)) return this.#leaveOut('wrong-type', name);
    return value.length > longest ? this.#leaveOut('too-long', name) : value;
  }

  flag(name: string): boolean | undefined {
    const value = this.any(name);
    return value === undefined || typeof value === 'boolean' ? value : this.#leaveOut('wrong-type', name);
  }

  number(name: string): number | undefined {
    const value = this.any(name);
    if (value === undefined || (typeof value === 'number' && Number.isFinite(value))) return value;
    return this.#leaveOut('wrong-type', name);
  }

  /** From 0 on. */
  whole(name: string): number | undefined {
    const value = this.any(name);
    if (value === undefined || (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0)) return value;
    return this.#leaveOut('wrong-type', name);
  }

  /** A date in milliseconds since 1970. */
  moment(name: string): number | undefined {
    const value = this.any(name);
    if (value === undefined) return undefined;
    if (value instanceof Date && Number.isFinite(value.getTime())) return value.getTime();
    return this.#leaveOut('date-broken', name);
  }

  list(name: string, most: number): readonly unknown[] | undefined {
    const value = this.any(name);
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) return this.#leaveOut('wrong-type', name);
    if (value.length > most) this.#leaveOut('too-many', name, String(value.length));
    return value.slice(0, most) as readonly unknown[];
  }

  texts(name: string, most: number, longest = 1_000): readonly string[] | undefined {
    const all = this.list(name, most);
    const texts = all?.filter((item) => typeof item === 'string' && item.length <= longest && isText(item));
    if (texts !== undefined && texts.length < (all?.length ?? 0)) this.#leaveOut('wrong-type', name);
    return texts as readonly string[] | undefined;
  }

  members(name: string): Members | undefined {
    const value = this.any(name);
    if (value === undefined) return undefined;
    return isPlain(value) ? this.of(value, name) : this.#leaveOut('wrong-type', name);
  }

  of(document: Document, name: string): Members {
    return new Members(document, this.#findings, this.#path === '' ? name : `${this.#path}.${name}`);
  }

  /**
   * A tree of plain values, in which numbers and ids of MongoDB become what JSON has for them. A member that is of no use
   * elsewhere is left out; the whole of it where it is too deep or large, or has names that mean something elsewhere.
   */
  tree(name: string): Document | undefined {
    const value = this.any(name);
    if (value === undefined) return undefined;
    let lost = 0;
    const copy = isPlain(value) ? plainCopy(value, 0, () => (lost += 1)) : undefined;
    if (copy === undefined) return this.#leaveOut('value-hostile', name);
    if (lost > 0) this.#leaveOut('value-unfit', name, String(lost));
    return copy as Document;
  }

  names(): readonly string[] {
    return Object.keys(this.#document);
  }

  leaveOut(reason: string, name: string, value?: string): void {
    this.#leaveOut(reason, name, value);
  }

  #leaveOut<T>(reason: string, name: string, value?: string): T | undefined {
    const part = this.#path === '' ? name : `${this.#path}.${name}`;
    this.#findings.push({ level: 'left-out', reason, part, ...(value === undefined ? {} : { value }) });
    return undefined;
  }
}

/** What every database can keep. */
function isText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

/** A document, and no list, date or other thing. */
export function isPlain(value: unknown): value is Document {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return !(value instanceof Date) && !('_bsontype' in value) && !ArrayBuffer.isView(value);
}

const deepest = 8;
const mostNames = 500;
const forbidden: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** A value that is left out alone. */
const unfit = Symbol('unfit');

/**
 * Undefined where it is no such tree.
 * @param lose told of each value that is left out of it
 */
function plainCopy(value: unknown, depth: number, lose: () => void): unknown {
  if (depth > deepest) return undefined;
  if (Array.isArray(value)) {
    if (value.length > mostNames) return undefined;
    const items = value.map((item: unknown) => plainCopy(item, depth + 1, lose));
    return items.includes(undefined) ? undefined : items.map((item) => (item === unfit ? null : item));
  }
  if (!isPlain(value)) {
    const leaf = leafOf(value);
    if (leaf === unfit) lose();
    return leaf;
  }
  const entries = Object.entries(value);
  if (entries.length > mostNames) return undefined;
  const copy: Record<string, unknown> = {};
  for (const [name, member] of entries) {
    // Operators and paths of databases, and what would reach into every object.
    if (name.startsWith('$') || name.includes('.') || name.length > 200 || forbidden.has(name)) return undefined;
    const copied = plainCopy(member, depth + 1, lose);
    if (copied === undefined) return undefined;
    if (copied !== unfit) copy[name] = copied;
  }
  return copy;
}

/** As JSON has it: dates as ISO 8601, ids as hex, numbers that are too long for a number as text. */
function leafOf(value: unknown): string | number | boolean | null | typeof unfit {
  if (typeof value === 'string') return isText(value) ? value : unfit;
  if (typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : unfit;
  if (value instanceof Date) return Number.isFinite(value.getTime()) ? value.toISOString() : unfit;
  if (isObjectId(value)) return value.toHexString();
  if (!isLongNumber(value)) return unfit;
  const text = value.toString();
  return value._bsontype === 'Long' && Number.isSafeInteger(Number(text)) ? Number(text) : text;
}

/**
 * A number that is too long for one of the language. The package tells kinds by its classes: an own member of that name
 * comes out of a document, and is posing.
 */
function isLongNumber(value: unknown): value is { readonly _bsontype: 'Long' | 'Decimal128'; toString(): string } {
  if (typeof value !== 'object' || value === null || !('_bsontype' in value)) return false;
  return !Object.hasOwn(value, '_bsontype') && (value._bsontype === 'Long' || value._bsontype === 'Decimal128');
}

/** The id of a document: a text, or the hex of an ObjectId. */
export function idOf(document: Document): string | undefined {
  const id = Object.hasOwn(document, '_id') ? document['_id'] : undefined;
  if (typeof id === 'string') return id.length <= 200 ? id : undefined;
  if (isObjectId(id)) {
    const hex = id.toHexString();
    return /^[0-9a-f]{24}$/u.test(hex) ? hex : undefined;
  }
  return undefined;
}

/** A function cannot come out of a document, so this is one of the package and nothing that poses as one. */
function isObjectId(value: unknown): value is { toHexString(): string } {
  return (
    typeof value === 'object' && value !== null && 'toHexString' in value && typeof value.toHexString === 'function'
  );
}
