import type { Arena, Person } from './arena.ts';
import type { Door } from './doors.ts';

interface Common {
  /** The number in the list of attacks; a letter behind it tells parts of one number apart. */
  readonly id: string;
  /** Advisories that this case would have caught. */
  readonly cve?: readonly string[];
  /** What must hold, as a sentence. */
  readonly about: string;
}

/** People that log-in cases speak of. */
export interface Cast {
  readonly alice: Person;
  readonly closed: Person;
  /** Whose token opens the door `method.call`. */
  readonly bystander: Person;
}

/** Bodies of a request to sign in, each of which is tried at every door. */
export interface LogInCase extends Common {
  readonly bodies: (cast: Cast) => readonly unknown[];
  /** `same`: at REST, the bytes of the ordinary failure besides. */
  readonly must: 'refuse' | 'same';
  /** Undefined for all. */
  readonly doors?: readonly Door[];
}

/** Anything else: it asserts by itself. */
export interface ActCase extends Common {
  readonly act: (arena: Arena, cast: Cast) => Promise<void>;
}

export type Case = LogInCase | ActCase;

export interface Group {
  readonly letter: string;
  readonly about: string;
  /** How the server of this group is configured. */
  readonly env: Readonly<Record<string, string>>;
  readonly cases: readonly Case[];
}
