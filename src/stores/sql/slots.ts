import type { Compilable, CompiledQuery } from 'kysely';
import type { Value } from './backend.ts';

/** Stands in a query for a value that each call gives anew. */
class Slot {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** An object whose every property is a slot of that name. */
export function slots<Given extends Readonly<Record<string, Value>>>(): Given {
  // Builders take whatever is no expression as a value, and hand it on untouched to the parameters.
  return new Proxy({}, { get: (_target, name) => new Slot(String(name)) }) as Given;
}

/** Compiles a query with slots: its text, and what turns a call's values into its parameters. */
export function compileSlots<Given extends Readonly<Record<string, Value>>>(
  query: Compilable,
): { readonly sql: string; readonly fill: (given: Given) => Value[] } {
  const compiled: CompiledQuery = query.compile();
  const order = compiled.parameters.map((parameter) =>
    parameter instanceof Slot ? { slot: parameter.name } : { value: parameter as Value },
  );
  return {
    sql: compiled.sql,
    fill: (given) => order.map((part) => ('slot' in part ? (given[part.slot] ?? null) : part.value)),
  };
}
