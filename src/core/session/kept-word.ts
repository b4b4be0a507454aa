import type { Account } from '../account/account.ts';
import { type Identity, originOf } from '../external-login/identity.ts';
import type { Vouched } from '../external-login/settle.ts';
import { Fault } from '../fault.ts';
import type { Caller, Sealer } from '../ports.ts';

export interface KeptWordNeeds {
  readonly sealer: Sealer;
  /** See `vouchFor`. */
  readonly vouch: (identity: Identity, caller: Caller) => Promise<Vouched>;
  /** Whether a provider is switched on still, by the kind of its proofs. */
  readonly isOn: (kind: string) => { readonly held: boolean };
}

/** The word of a provider as it waits for the rest of a sign-in. */
interface Kept {
  readonly identity: Identity;
  readonly joined: boolean;
}

/**
 * What is kept of a provider's word until the rest of the sign-in comes.
 * @param boundTo the hash of the challenge that it is kept in
 */
export function keptWord(
  { sealer }: Pick<KeptWordNeeds, 'sealer'>,
  { identity, joined }: Pick<Vouched, 'identity' | 'joined'>,
  boundTo: string,
): Readonly<Record<string, unknown>> {
  const kept: Kept = { identity, joined };
  const { provider, subject, session } = originOf(identity);
  // In clear, too, so that the end of the session there ends what waits here.
  return { word: sealer.seal(JSON.stringify(kept), `word ${boundTo}`), origin: [provider, subject, session] };
}

/**
 * The same word once more: who it names may have been joined, parted or renamed meanwhile.
 * @param facts those of the challenge
 * @param kind of the proof that held
 * @returns undefined where it speaks of this account no more
 * @throws Fault `provider-off`, and those of `vouchFor`
 */
export async function wordAgain(
  needs: KeptWordNeeds,
  kept: { readonly word: string; readonly boundTo: string; readonly kind: string },
  { id }: Pick<Account, 'id'>,
  caller: Caller,
): Promise<Vouched | undefined> {
  const { kind } = kept;
  if (!needs.isOn(kind).held) throw new Fault('provider-off', { service: kind });
  const { identity, joined } = JSON.parse(needs.sealer.open(kept.word, `word ${kept.boundTo}`)) as Kept;
  try {
    // Whoever was somebody when it began is not made anew.
    const vouched = await needs.vouch({ ...identity, mayCreate: false }, caller);
    return vouched.account.id === id && (vouched.joined || !joined) ? vouched : undefined;
  } catch (cause) {
    if (cause instanceof Fault && cause.code === 'external-registration-closed') return undefined;
    throw cause;
  }
}
