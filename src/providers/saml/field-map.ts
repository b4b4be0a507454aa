import { matchedPatiently } from '../../lib/patient-pattern.ts';

/** How one field of an account is made of what a provider tells (providers.md §5.3). */
export interface FieldRule {
  /** Attributes, the first that holds something counts. */
  readonly names: readonly string[];
  /** A regular expression of the operator, which meets what people are called elsewhere: never run but patiently. */
  readonly pattern: string | undefined;
  /** With `__attribute__` for the value of one, and `__regex__` for what the pattern has found. */
  readonly template: string | undefined;
}

export interface FieldMap {
  readonly username: FieldRule;
  readonly email: FieldRule;
  readonly name: FieldRule;
  /** The attribute that names a person for ever; undefined where there is none. */
  readonly identifier: string | undefined;
}

/** Attributes by their names, each with all its values. */
export type Attributes = ReadonlyMap<string, readonly string[]>;

/** @throws Error with a sentence for the operator */
export function fieldMapOf(text: string): FieldMap {
  const given: unknown = JSON.parse(text === '' ? '{}' : text);
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new Error('The field map is no object.');
  }
  const fields = new Map(Object.entries(given));
  const identifier: unknown = fields.get('__identifier__');
  if (identifier !== undefined && typeof identifier !== 'string') throw new Error('`__identifier__` is no text.');
  return {
    username: ruleOf(fields.get('username')),
    email: ruleOf(fields.get('email') ?? 'email'),
    name: ruleOf(fields.get('name')),
    identifier: identifier === '' ? undefined : identifier,
  };
}

function ruleOf(given: unknown): FieldRule {
  if (given === undefined || given === null) return { names: [], pattern: undefined, template: undefined };
  if (typeof given === 'string') return { names: [given], pattern: undefined, template: undefined };
  if (typeof given !== 'object') throw new Error('A field of the map is neither a text nor an object.');
  const { fieldName, fieldNames, regex, template } = given as Readonly<Record<string, unknown>>;
  const names = [fieldNames ?? fieldName ?? []].flat().filter((name) => typeof name === 'string');
  return {
    names,
    pattern: typeof regex === 'string' && regex !== '' ? new RegExp(regex, 'u').source : undefined,
    template: typeof template === 'string' && template !== '' ? template : undefined,
  };
}

/** Longer values are cut, so that no pattern of the operator meets a text without end. */
const longest = 512;

/** The value of a field; undefined where nothing tells it, or the pattern finds nothing in time. */
export function fieldOf(rule: FieldRule, attributes: Attributes): string | undefined {
  const valueOf = (name: string): string => valuesOf(attributes, name)[0]?.slice(0, longest) ?? '';
  const main = rule.names.map(valueOf).find((value) => value !== '') ?? '';
  let found = main;
  if (rule.pattern !== undefined) {
    const match = matchedPatiently(main, rule.pattern, 'u');
    if (match === undefined) return undefined;
    found = String(match[1] ?? match[0]);
  }
  if (rule.template !== undefined) {
    found = rule.template.replace(/__([^\s_](?:[^\s]*?[^\s_])?)__/gu, (_whole, name: string) =>
      name === 'regex' ? found : valueOf(name),
    );
  }
  const text = found.trim();
  return text === '' ? undefined : text;
}

/** All values of an attribute; a point in its name may be written as `-` in the map. */
export function valuesOf(attributes: Attributes, name: string): readonly string[] {
  return attributes.get(name) ?? [...attributes].find(([key]) => key.replaceAll('.', '-') === name)?.[1] ?? [];
}
