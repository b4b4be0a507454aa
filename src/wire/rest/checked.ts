import { createRequire } from 'node:module';
import type { Ajv, ValidateFunction } from 'ajv';
import { isForm, markForm } from './bodies.ts';
import type { Endpoint } from './endpoint.ts';
import { Refusal } from './refusal.ts';
import type { Schema } from './schema.ts';

interface Checkers {
  /** A query can carry nothing but text, so text becomes what the schema wants. */
  readonly ofQuery: Ajv;
  /** A body in JSON says what it means. */
  readonly ofBody: Ajv;
}

let loaded: Checkers | undefined;

/** Loaded when something is first checked, and at once: ninety files that the start need not wait for. */
function checkers(): Checkers {
  if (loaded !== undefined) return loaded;
  const { Ajv: Checker } = createRequire(import.meta.url)('ajv') as { readonly Ajv: typeof Ajv };
  loaded = {
    ofQuery: new Checker({ coerceTypes: true, allowUnionTypes: true }),
    ofBody: new Checker({ allowUnionTypes: true }),
  };
  return loaded;
}

/** Compiled when first wanted: most runs never see most endpoints. */
const compiled = new WeakMap<Schema, ValidateFunction>();

/**
 * The query as the endpoint's schema has it.
 * @param raw the query as it stands in the address, without `?`
 * @throws Refusal 400 (rest.md §2.7)
 */
export function checkedQuery(endpoint: Endpoint, query: unknown, raw: string): unknown {
  if (endpoint.query === undefined) return {};
  if (!isWellFormed(raw)) {
    throw new Refusal({ status: 400, body: { success: false, error: 'Invalid query parameters' } });
  }
  const given = { ...(query as Record<string, unknown>) };
  const problem = problemOf('ofQuery', endpoint.query, given) ?? (isFinite(given) ? undefined : 'must be integer');
  if (problem !== undefined) {
    throw new Refusal({ status: 400, body: { success: false, errorType: 'error-invalid-params', error: problem } });
  }
  return given;
}

/**
 * The body as the endpoint's schema has it: nothing is converted, except that a form's text becomes a boolean or an
 * integer where the schema wants one.
 * @throws Refusal 400 (rest.md §2.7)
 */
export function checkedBody(endpoint: Endpoint, body: unknown): unknown {
  if (endpoint.body === undefined) return {};
  const given = typeof body === 'object' && body !== null ? body : {};
  const meant = isForm(given) ? converted(endpoint.body, given) : given;
  const problem = problemOf('ofBody', endpoint.body, meant);
  if (problem !== undefined) throw invalidBody(problem);
  return meant;
}

export function invalidBody(error: string): Refusal {
  return new Refusal({ status: 400, body: { success: false, errorType: 'invalid-params', error } });
}

function problemOf(which: keyof Checkers, schema: Schema, value: unknown): string | undefined {
  let validate = compiled.get(schema);
  if (validate === undefined) {
    validate = checkers()[which].compile(schema);
    compiled.set(schema, validate);
  }
  if (validate(value)) return undefined;
  return (validate.errors ?? []).map((error) => error.message ?? '').join('\n ');
}

// The checker takes `1e999` for a number and then asks nothing more of it.
function isFinite(query: Readonly<Record<string, unknown>>): boolean {
  return Object.values(query).every((value) => typeof value !== 'number' || Number.isFinite(value));
}

function isWellFormed(query: string): boolean {
  if (!query.includes('%')) return true;
  try {
    decodeURIComponent(query);
    return true;
  } catch {
    return false;
  }
}

function converted(schema: Schema, form: object): object {
  const { properties } = schema;
  if (typeof properties !== 'object' || properties === null) return form;
  const meant: Record<string, unknown> = { ...form };
  for (const [name, wanted] of Object.entries(properties as Readonly<Record<string, Schema>>)) {
    const value = Object.hasOwn(form, name) ? meant[name] : undefined;
    if (typeof value !== 'string') continue;
    if (wanted['type'] === 'boolean' && (value === 'true' || value === 'false')) meant[name] = value === 'true';
    if (wanted['type'] === 'integer' && /^-?\d{1,15}$/.test(value)) meant[name] = Number(value);
  }
  return markForm(meant);
}
