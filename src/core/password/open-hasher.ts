import type { HashQueue } from './hash-queue.ts';
import type { Hasher } from './hasher.ts';
import { argonCostOf, bcryptRoundsOf, judgeStored } from './stored-form.ts';

export type HashMethod = 'argon2id' | 'bcrypt';

/** argon2id as NIST and OWASP advise it: 19 MiB, two passes, one lane (design §3.3). */
const argon = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const bcryptRounds = 10;

/**
 * The hasher over native argon2id and bcrypt, both off the event loop.
 * @param needs.method today's method, from the setting; stored hashes of the other are checked all the same
 */
export function openHasher(needs: { readonly queue: HashQueue; readonly method: () => HashMethod }): Hasher {
  const { queue, method } = needs;
  return {
    // Only who has shown something already gets as far as a new hash.
    make: async (digest) => await queue.run(async () => await makeHash(method(), digest), 'first'),
    check: async (digest, stored, lane) =>
      await queue.run(async () => ({ held: await checkHash(digest, stored) }), lane),
    isCurrent: (stored) => ({ held: isOfMethod(method(), stored) }),
    load: () => queue.load(),
  };
}

async function makeHash(method: HashMethod, digest: string): Promise<string> {
  if (method === 'bcrypt') return await (await import('bcrypt')).default.hash(digest, bcryptRounds);
  const { hash, Algorithm } = await argonModule();
  return await hash(digest, { algorithm: Algorithm, ...argon });
}

async function checkHash(digest: string, stored: string): Promise<boolean> {
  if (judgeStored(stored) !== 'fits') return false;
  if (bcryptRoundsOf(stored) !== undefined) {
    // `$2y$` and `$2a$` are the same algorithm under other names; the library knows `$2b$` best.
    return await (await import('bcrypt')).default.compare(digest, `$2b${stored.slice(3)}`);
  }
  const { verify } = await argonModule();
  return await verify(stored, digest);
}

/** Loaded on first use: the number is argon2id's, whose name in the package is a const enum that erasure cannot read. */
const argonModule = async () => ({ ...(await import('@node-rs/argon2')), Algorithm: 2 as const });

function isOfMethod(method: HashMethod, stored: string): boolean {
  if (method === 'bcrypt') return bcryptRoundsOf(stored) === bcryptRounds;
  const cost = argonCostOf(stored);
  return (
    cost !== undefined &&
    cost.memoryKiB === argon.memoryCost &&
    cost.passes === argon.timeCost &&
    cost.lanes === argon.parallelism
  );
}
