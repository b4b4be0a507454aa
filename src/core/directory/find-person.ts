import { foldName } from '../account/names.ts';
import { type Directory, type Entry, type Search, TooManyEntries } from './directory.ts';
import { attributesOf, textsOf } from './entry.ts';
import { identityAttributes } from './entry-identity.ts';
import { allOf, anyOf, filterValue } from './filter.ts';
import { membershipSearch, type PeoplePolicy } from './policy.ts';
import { shutAttributes } from './shut.ts';

/** What a search for one person came to. `many`: the directory cannot say who is meant. */
export type Found = { readonly entry: Entry } | 'none' | 'many';

/** The search for whoever signs in under this name or address. */
export function personSearch({ base, scope, filter, entry }: PeoplePolicy, typed: string): Search {
  const fields = attributesOf(entry.searchField).map((attribute) => `(${attribute}=${filterValue(typed)})`);
  return {
    base,
    scope,
    filter: allOf(filter, anyOf(...fields)),
    attributes: [...new Set([...identityAttributes(entry), ...shutAttributes])],
    most: 1,
  };
}

/**
 * The one entry that bears a name. Directories compare loosely, so that a name has many spellings there; only those that
 * are one name here as well find anybody, and failures are counted under one name.
 * @throws DirectoryUnreachable
 */
export async function findPerson(
  directory: Pick<Directory, 'search'>,
  people: PeoplePolicy,
  typed: string,
): Promise<Found> {
  const wanted = foldName(typed);
  if (wanted.trim() === '' || attributesOf(people.entry.searchField).length === 0) return 'none';
  let found: Found = 'none';
  try {
    for await (const entry of directory.search(personSearch(people, typed))) {
      const names = attributesOf(people.entry.searchField).flatMap((attribute) => textsOf(entry, attribute));
      found = names.some((name) => foldName(name) === wanted) ? { entry } : 'none';
    }
    return found;
  } catch (cause) {
    if (cause instanceof TooManyEntries) return 'many';
    throw cause;
  }
}

/** Whether a person is in the group that everybody must be in. @throws DirectoryUnreachable */
export async function isMember(
  directory: Pick<Directory, 'search'>,
  people: PeoplePolicy,
  username: string,
  entry: Entry,
): Promise<{ readonly held: boolean }> {
  const search = membershipSearch(people, username, entry);
  if (search === undefined) return { held: true };
  for await (const _group of directory.search(search)) return { held: true };
  return { held: false };
}
