/**
 * JSON Schema with the type of what fits it. A few functions of our own: a schema library costs a tenth of a second and
 * more at each start, and its checker is not what runs here (see `checked.ts`).
 */
export interface Schema<T = unknown> {
  readonly [fits]?: T;
  readonly [keyword: string]: unknown;
}

declare const fits: unique symbol;

/** A member that may be missing. */
export interface Optional<T = unknown> {
  readonly optional: Schema<T>;
}

type Members = Readonly<Record<string, Schema | Optional>>;

type MembersOf<M extends Members> = {
  readonly [K in keyof M as M[K] extends Optional ? never : K]: M[K] extends Schema<infer T> ? T : never;
} & {
  readonly [K in keyof M as M[K] extends Optional ? K : never]?: M[K] extends Optional<infer T> ? T | undefined : never;
};

/** The type of what fits a schema. */
export type Static<S extends Schema> = S extends Schema<infer T> ? T : never;

type Keywords = Readonly<Record<string, unknown>>;

export function text(keywords: Keywords = {}): Schema<string> {
  return { type: 'string', ...keywords };
}

/** A moment as ISO text. */
export function moment(): Schema<string> {
  return { type: 'string', description: 'A moment, ISO 8601 in UTC.' };
}

export function flag(keywords: Keywords = {}): Schema<boolean> {
  return { type: 'boolean', ...keywords };
}

export function whole(keywords: Keywords = {}): Schema<number> {
  return { type: 'integer', ...keywords };
}

export function oneOf<const V extends readonly string[]>(...values: V): Schema<V[number]> {
  return { type: 'string', enum: values };
}

export function list<T>(items: Schema<T>, keywords: Keywords = {}): Schema<readonly T[]> {
  return { type: 'array', items, ...keywords };
}

export function anything(keywords: Keywords = {}): Schema {
  return { ...keywords };
}

/** An object with members of any name. */
export function free(keywords: Keywords = {}): Schema<Readonly<Record<string, unknown>>> {
  return { type: 'object', ...keywords };
}

export function either<S extends readonly Schema[]>(...branches: S): Schema<Static<S[number]>> {
  return { anyOf: branches };
}

export function optional<T>(schema: Schema<T>): Optional<T> {
  return { optional: schema };
}

/** An object with these members and no others. */
export function object<const M extends Members>(members: M, keywords: Keywords = {}): Schema<MembersOf<M>> {
  const properties: Record<string, Schema> = {};
  const required: string[] = [];
  for (const [name, member] of Object.entries(members)) {
    if (isOptional(member)) properties[name] = member.optional;
    else {
      properties[name] = member;
      required.push(name);
    }
  }
  return {
    type: 'object',
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
    properties,
    ...keywords,
  };
}

function isOptional(member: Schema | Optional): member is Optional {
  return Object.hasOwn(member, 'optional');
}
