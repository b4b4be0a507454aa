import type { Lane } from './hash-queue.ts';
import type { Hasher } from './hasher.ts';
import { digestOf, type GivenPassword } from './password.ts';

export interface ProveNeeds {
  readonly hasher: Hasher;
  /** A stored form that no password fits, of today's method: checked where there is nothing else to check. */
  readonly decoy: () => Promise<string>;
}

/**
 * Compares a password with a stored one. Where there is no stored password, or where what was given can be nobody's
 * digest, a decoy is hashed: answering sooner would tell who has an account.
 * @param stored the stored form, or undefined for no account or no password
 * @param lane `first` for a known device or a live token
 * @throws Fault `busy`
 */
export async function provePassword(
  needs: ProveNeeds,
  given: GivenPassword,
  stored: string | undefined,
  lane: Lane,
): Promise<{ readonly held: boolean }> {
  const digest = digestOf(given);
  const answer = await needs.hasher.check(digest ?? impossible, stored ?? (await needs.decoy()), lane);
  return { held: answer.held && digest !== undefined && stored !== undefined };
}

const impossible = '-'.repeat(64);

/** Makes the decoy when it is first wanted, and anew when today's method is another by then. */
export function decoyOf(hasher: Hasher): () => Promise<string> {
  let made: Promise<string> | undefined;
  return async () => {
    if (made !== undefined && !hasher.isCurrent(await made).held) made = undefined;
    made ??= hasher.make(impossible.replaceAll('-', '+'));
    try {
      return await made;
    } catch (cause) {
      made = undefined;
      throw cause;
    }
  };
}
