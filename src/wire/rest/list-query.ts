import { type Paging, type Sort, sortOf } from '../shapes/paging.ts';
import { coded } from './refusal.ts';
import { type Optional, optional, text, whole } from './schema.ts';

/** The members of a query that asks for a part of a list. */
export const pagingMembers: {
  readonly offset: Optional<number>;
  readonly count: Optional<number>;
  readonly sort: Optional<string>;
} = {
  offset: optional(whole({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
  count: optional(whole({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
  sort: optional(text({ description: 'JSON such as {"username":1}; -1 for descending.' })),
};

/** What old clients send beside it; it is read by nobody (rest.md §2.9). */
export const ignoredMembers: { readonly fields: Optional<string>; readonly query: Optional<string> } = {
  fields: optional(text({ description: 'Ignored.' })),
  query: optional(text({ description: 'Ignored.' })),
};

/**
 * The order that a request asks for.
 * @throws Refusal 400
 */
export function askedSort({ sort }: Paging): Sort {
  const asked = sortOf(sort);
  if (asked === undefined) throw coded('error-invalid-sort', `Invalid sort parameter provided: "${sort ?? ''}"`);
  return asked;
}
