import { makeSigningKey } from '../../lib/signing-key.ts';
import type { Clock, Moment, Random, Sealer } from '../ports.ts';

/** A key as it is stored. */
export interface KeptSigningKey {
  readonly kid: string;
  readonly sealedKey: string;
  readonly madeAt: Moment;
  /** When the next one was made; undefined for the newest. */
  readonly retiredAt: Moment | undefined;
}

/** What signing keys need from a store. Every method is one atomic step. */
export interface SigningKeyStore {
  /** The newest first. */
  list(): Promise<readonly KeptSigningKey[]>;
  /**
   * Puts a new key before the others.
   * @param after the newest so far; undefined for none
   * @returns false where that is not the newest any more: then nothing has changed
   */
  add(key: KeptSigningKey, after: string | undefined): Promise<boolean>;
  /** Deletes keys that were retired at this moment or earlier. */
  removeRetired(before: Moment): Promise<void>;
}

export interface SigningKeyNeeds {
  readonly clock: Clock;
  readonly random: Pick<Random, 'id'>;
  readonly sealer: Pick<Sealer, 'seal' | 'open'>;
  readonly signingKeys: SigningKeyStore;
  /** How old a key becomes; 0 for as long as nobody rotates it. */
  readonly lifeDays: () => number;
}

/** A key that is published, as a JSON Web Key with its private members. */
export interface SigningKey {
  readonly kid: string;
  readonly madeAt: Moment;
  readonly jwk: Readonly<Record<string, unknown>>;
}

/** Long before it signs, every node knows a new key, and clients that ask find it. */
export const publishedBeforeMs = 60_000;
/** What a key signed is over after an hour; but whoever signs out shows an older token, to say who they are. */
export const keptRetiredMs = 14 * 86_400_000;

/**
 * The keys that are published; the first of them signs. The first one of all is made here, and the next one where the
 * newest has become too old.
 */
export async function signingKeys(needs: SigningKeyNeeds): Promise<readonly SigningKey[]> {
  const now = needs.clock.now();
  let kept = await needs.signingKeys.list();
  const lifeMs = needs.lifeDays() * 86_400_000;
  const [newest] = kept;
  if (newest === undefined || (lifeMs > 0 && now - newest.madeAt >= lifeMs)) {
    await addKey(needs, newest?.kid);
    kept = await needs.signingKeys.list();
  }
  const published = kept.filter(({ retiredAt }) => retiredAt === undefined || now - retiredAt < keptRetiredMs);
  if (published.length < kept.length) await needs.signingKeys.removeRetired(now - keptRetiredMs);
  // One that a clock of another node made in the future waits as well; alone it signs at once.
  const signs = published.find(({ madeAt }) => now - madeAt >= publishedBeforeMs) ?? published.at(-1);
  return [...published]
    .toSorted((one, other) => Number(other === signs) - Number(one === signs))
    .map(({ kid, sealedKey, madeAt }) => ({
      kid,
      madeAt,
      jwk: JSON.parse(needs.sealer.open(sealedKey, boundTo(kid))) as Readonly<Record<string, unknown>>,
    }));
}

/**
 * Makes a new key, which signs a minute later; the old ones stay published.
 * @param how.atOnce true where the old ones must not count any more, since somebody else may know them: what they signed
 *   is void from then on
 * @returns the id of the new key
 */
export async function rotateSigningKeys(needs: SigningKeyNeeds, how: { readonly atOnce: boolean }): Promise<string> {
  for (;;) {
    const [newest] = await needs.signingKeys.list();
    const kid = await addKey(needs, newest?.kid);
    if (kid === undefined) continue;
    if (how.atOnce) await needs.signingKeys.removeRetired(Number.MAX_SAFE_INTEGER);
    return kid;
  }
}

/** @returns undefined where another node was faster */
async function addKey(
  { clock, random, sealer, signingKeys: store }: SigningKeyNeeds,
  after: string | undefined,
): Promise<string | undefined> {
  const kid = random.id();
  const jwk = { ...(await makeSigningKey()), kid, use: 'sig', alg: 'RS256' };
  const sealedKey = sealer.seal(JSON.stringify(jwk), boundTo(kid));
  const added = await store.add({ kid, sealedKey, madeAt: clock.now(), retiredAt: undefined }, after);
  return added ? kid : undefined;
}

function boundTo(kid: string): string {
  return `signing-key ${kid}`;
}
