import type { Lane } from './hash-queue.ts';
import type { Hasher } from './hasher.ts';
import { digestsOf, type GivenPassword } from './password.ts';

export interface ProveNeeds {
  readonly hasher: Hasher;
  /** A stored form that no password fits, of today's method: checked where there is nothing else to check. */
  readonly decoy: () => Promise<string>;
}

/**
 * Compares a password with a stored one. Where there is no stored password, or where what was given can be nobody's
 * digest, a decoy is hashed: answering sooner would tell who has an account. How many forms are tried depends on what was
 * given alone.
 * @param stored the stored form, or undefined for no account or no password
 * @param lane `first` for a known device or a live token
 * @returns with the digest that held
 * @throws Fault `busy`
 */
export async function provePassword(
  needs: ProveNeeds,
  given: GivenPassword,
  stored: string | undefined,
  lane: Lane,
): Promise<{ readonly held: false } | { readonly held: true; readonly digest: string }> {
  const digests = digestsOf(given);
  const compared = stored ?? (await needs.decoy());
  for (const digest of digests) {
    const answer = await needs.hasher.check(digest, compared, lane);
    if (answer.held && stored !== undefined) return { held: true, digest };
  }
  if (digests.length === 0) await needs.hasher.check(impossible, compared, lane);
  return { held: false };
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
