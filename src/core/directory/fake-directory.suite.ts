import { type BindOutcome, type Directory, DirectoryUnreachable, type Entry, type Search } from './directory.ts';

/** The attributes of an entry as a test writes them. */
export type Written = Readonly<Record<string, string | Buffer | readonly string[]>>;

/** A directory in memory, which reads filters as a real one does: and, or, not, equality, presence, and `>=`. */
export interface FakeDirectory extends Directory {
  /** By DN; tests change it as they like. */
  readonly entries: Map<string, Written>;
  /** The filters that were asked, in their order. */
  readonly asked: readonly string[];
  /** Breaks every search after so many entries, until it is set to undefined. */
  breakAfter: number | undefined;
}

export function fakeDirectory(first: Readonly<Record<string, Written>> = {}): FakeDirectory {
  const entries = new Map(Object.entries(first));
  const asked: string[] = [];
  const fake: FakeDirectory = {
    entries,
    asked,
    breakAfter: undefined,
    async *search({ base, scope, filter }: Search): AsyncGenerator<Entry> {
      asked.push(filter);
      const fits = filterOf(filter);
      let told = 0;
      for (const [dn, written] of entries) {
        if (!isWithin(dn, base, scope) || !fits(valuesOf(written))) continue;
        if (fake.breakAfter !== undefined && told >= fake.breakAfter) break;
        told += 1;
        yield await Promise.resolve(entryOf(dn, written));
      }
      if (fake.breakAfter !== undefined) throw new DirectoryUnreachable('The directory does not answer.');
    },
    bind: async (): Promise<BindOutcome> => await Promise.resolve({ held: false, because: 'wrong' }),
    test: async () => {
      await Promise.resolve();
    },
    close: async () => {
      await Promise.resolve();
    },
  };
  return fake;
}

type Values = ReadonlyMap<string, readonly string[]>;
type Fits = (values: Values) => boolean;

function entryOf(dn: string, written: Written): Entry {
  const attributes = Object.entries(written).map(([name, value]) => {
    const values = Buffer.isBuffer(value) ? [value] : [value].flat();
    return [name.toLowerCase(), values.map((one) => Buffer.from(one))] as const;
  });
  return { dn, attributes: new Map(attributes) };
}

function valuesOf(written: Written): Values {
  return new Map(
    Object.entries(written).map(([name, value]) => [
      name.toLowerCase(),
      Buffer.isBuffer(value) ? [value.toString('latin1')] : [value].flat(),
    ]),
  );
}

function isWithin(dn: string, base: string, scope: Search['scope']): boolean {
  const [own, above] = [dn.toLowerCase(), base.toLowerCase()];
  if (scope === 'base') return own === above;
  if (!own.endsWith(`,${above}`)) return false;
  return scope === 'sub' || !own.slice(0, -above.length - 1).includes(',');
}

function filterOf(text: string): Fits {
  let at = 0;
  const read = (): Fits => {
    if (text[at] !== '(') throw new Error(`A filter begins with a parenthesis: ${text.slice(at)}`);
    at += 1;
    const sign = text[at] ?? '';
    if ('&|!'.includes(sign)) {
      at += 1;
      const parts: Fits[] = [];
      while (text[at] === '(') parts.push(read());
      close();
      if (sign === '&') return (values) => parts.every((part) => part(values));
      if (sign === '|') return (values) => parts.some((part) => part(values));
      return (values) => parts.every((part) => !part(values));
    }
    const end = text.indexOf(')', at);
    const [, name = '', operator = '', raw = ''] = /^([^=><~]+)(>=|=)(.*)$/u.exec(text.slice(at, end)) ?? [];
    at = end;
    close();
    return comparison(name.toLowerCase(), operator, raw);
  };
  const close = (): void => {
    if (text[at] !== ')') throw new Error(`A filter ends with a parenthesis: ${text}`);
    at += 1;
  };
  const fits = read();
  if (at !== text.length) throw new Error(`Something stands behind the filter: ${text}`);
  return fits;
}

function comparison(name: string, operator: string, raw: string): Fits {
  const own = (values: Values): readonly string[] => (values.get(name) ?? []).map((value) => value.toLowerCase());
  if (raw === '*') return (values) => name === 'objectclass' || own(values).length > 0;
  const wanted = raw.replace(/\\([0-9a-f]{2})/giu, (_all, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  const key = wanted.toLowerCase();
  return (values) => own(values).some((value) => (operator === '>=' ? value >= key : value === key));
}
