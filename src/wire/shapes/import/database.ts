import type { Dialect } from './dialect.ts';
import { BrokenFile } from './found.ts';

/** A collection, and the database that it lies in. */
export interface Place {
  readonly database: string;
  readonly collection: string;
}

/**
 * The database that is meant, of those that a dump holds: a dump of a whole server has the people of every application
 * on it, and whoever administers one of them must not administer here.
 * @param named the one that the operator has named
 * @returns undefined where none holds anything of use
 * @throws BrokenFile where several have people and none is named
 */
export function databaseMeant(
  places: readonly Place[],
  { kindOf }: Pick<Dialect, 'kindOf'>,
  named: string | undefined,
): string | undefined {
  if (named !== undefined) return named;
  const ofUse = places.filter(({ collection }) => kindOf(collection) !== undefined);
  const withPeople = ofUse.filter(({ collection }) => kindOf(collection) === 'account');
  const databases = new Set((withPeople.length > 0 ? withPeople : ofUse).map(({ database }) => database));
  const [first, ...others] = databases;
  if (others.length === 0) return first;
  throw new BrokenFile(
    `It holds several databases (${[...databases].join(', ').slice(0, 200)}): name the one that is meant with --db, or make a dump of that one only.`,
  );
}
