import type { Account, Claim } from '../account/account.ts';
import type { Identity } from '../external-login/identity.ts';
import type { IdentityStore } from '../external-login/identity-store.ts';
import { Fault } from '../fault.ts';
import { digestsOf } from '../password/password.ts';
import { type ProveNeeds, provePassword } from '../password/prove.ts';
import type { PasswordStore } from '../password/store.ts';
import type { Caller } from '../ports.ts';
import type { Ways } from '../session/attempt.ts';
import type { ExternalProofNeeds } from '../session/external-proof.ts';
import type { Proof, Proved } from '../session/log-in.ts';
import { type PasswordProofNeeds, passwordProof } from '../session/proofs.ts';
import type { Known } from '../session/store.ts';
import { isQuiteAnother } from './another-person.ts';
import { type Directory, DirectoryUnreachable } from './directory.ts';
import { directoryProvider, identityOfEntry } from './entry-identity.ts';
import { findPerson, isMember } from './find-person.ts';
import { groupRoles } from './groups.ts';
import { isShut } from './shut.ts';
import type { DirectorySignInPolicy } from './sign-in-policy.ts';

export interface DirectorySignInNeeds extends ExternalProofNeeds, ProveNeeds, PasswordProofNeeds {
  readonly identities: Pick<IdentityStore, 'find' | 'ofAccount'>;
  readonly passwords: Pick<PasswordStore, 'hashOf'>;
  /** Hears what went wrong with the directory, for the operator's log; never a password. */
  readonly onTrouble: (sentence: string, facts: Readonly<Record<string, unknown>>) => void;
}

/** What the directory says of a name with a password. */
type Answer =
  | { readonly is: 'unknown' }
  /** Clearly no: a wrong password, disabled, not in the group. */
  | { readonly is: 'no'; readonly accountId: string | undefined }
  | { readonly is: 'silent' }
  | { readonly is: 'yes'; readonly identity: Identity };

/**
 * A name with a password that a directory may know (providers.md §4.3). The directory is asked first, but for accounts
 * that it may not have anyway; then the local password counts where it may: of a purely local account always, of one that
 * belongs to the directory only while that is silent, and if the settings want it. Whatever it was, a refusal reads the
 * same, and a password was hashed for it.
 * @param directory the one that is configured now
 * @param policy as it is set now
 * @param claim the name or the address as typed
 */
export function directoryProof(
  needs: DirectorySignInNeeds,
  directory: Directory,
  policy: DirectorySignInPolicy,
  claim: Claim,
  password: string,
  caller: Caller,
): Proof {
  // Who belongs to the directory is judged here, for what is true of it right now.
  const local = passwordProof({ ...needs, opensByPassword: everyone }, claim, { plain: password });
  const byLocal = async (known: Known, { comeUpon, beside }: TheWays): Promise<Proved> => {
    // The directory may have taken the attempt on to another account.
    const own = known.account === undefined ? known : await comeUpon(known.account.id);
    const proved = await local.check(own, comeUpon, beside);
    // It counts as what it is: rules for passwords hold.
    return proved.held ? { ...proved, kind: local.kind } : proved;
  };
  return {
    kind: directoryProvider,
    claim,
    asksFactor: true,
    async check(known, comeUpon, beside) {
      const ways = { comeUpon, beside };
      const belongs = known.account !== undefined && (await belongsToDirectory(needs, known.account)).held;
      const isLocal = known.passwordHash !== undefined && !belongs;
      let refused: Extract<Proved, { held: false }> | undefined;
      if (isLocal && !policy.joins) {
        const locally = await byLocal(known, ways);
        if (locally.held) return locally;
        refused = locally;
      }
      const answer = await ask(needs, directory, policy, claim, password, { known, isLocal }, ways);
      if (answer.is === 'yes') return await accepted(needs, policy, answer.identity, password, known, caller);
      if (refused !== undefined) return { ...refused, of: known.account?.id };
      if (isLocal || (answer.is === 'silent' && policy.fallback)) return await byLocal(known, ways);
      // As much work as a look at a local password would have been.
      await provePassword(needs, { plain: password }, undefined, 'last');
      return { held: false, because: 'wrong-credentials', of: answer.is === 'no' ? answer.accountId : undefined };
    },
  };
}

type TheWays = Pick<Ways, 'comeUpon' | 'beside'>;

const everyone = async (): Promise<{ readonly held: boolean }> => await Promise.resolve({ held: true });

/** Whether an account is joined with somebody of the directory. */
export async function belongsToDirectory(
  { identities }: { readonly identities: Pick<IdentityStore, 'ofAccount'> },
  { id }: Pick<Account, 'id'>,
): Promise<{ readonly held: boolean }> {
  return { held: (await identities.ofAccount(id)).some(({ provider }) => provider === directoryProvider) };
}

async function ask(
  needs: DirectorySignInNeeds,
  directory: Directory,
  policy: DirectorySignInPolicy,
  claim: Claim,
  password: string,
  { known, isLocal }: { readonly known: Known; readonly isLocal: boolean },
  ways: TheWays,
): Promise<Answer> {
  const { people } = policy;
  const typed = claim.value.trim();
  try {
    const found = await findPerson(directory, people, typed);
    if (found === 'many') needs.onTrouble('Several entries of the directory have one name.', { name: typed });
    if (found === 'none' || found === 'many') return { is: 'unknown' };
    const { entry } = found;
    const told = identityOfEntry(entry, people.entry, {
      joins: { byEmail: false, byUsername: policy.joins },
      overwrites: { username: policy.updates, name: policy.updates, emails: policy.updates },
    });
    const joined = await needs.identities.find(told.provider, told.subject);
    const accountId = joined?.account.id;
    const no: Answer = { is: 'no', accountId };
    // The name that was typed may lead to another account here than it does in the directory, and to one that has nothing to
    // do with it.
    if (accountId === undefined || isLocal) {
      const whom: Claim = { by: 'id', value: accountId ?? `${directoryProvider}:${told.subject}` };
      try {
        await ways.beside(whom);
      } catch (cause) {
        // The local password is a guess as well, and counts: whoever blocks an entry must not guess at it without end.
        if (!isLocal || !(cause instanceof Fault) || cause.code === 'unavailable') throw cause;
        return { is: 'no', accountId: known.account?.id };
      }
    } else if (accountId !== known.account?.id) await ways.comeUpon(accountId);
    if (!(await isMember(directory, people, told.username ?? typed, entry)).held) return no;
    const answer = await directory.bind(entry.dn, password, { readsItself: policy.readsItself });
    if (answer.held && answer.readsItself === false) {
      needs.onTrouble('Somebody of the directory cannot read their own entry.', { dn: entry.dn });
    }
    if (!answer.held || isShut(entry).held) return no;
    if (joined !== undefined && isQuiteAnother(told, joined).held) {
      needs.onTrouble('An entry of the directory has the id of somebody else; the account must be looked at.', {
        dn: entry.dn,
        accountId,
      });
      throw new Fault('identity-username-taken', { provider: told.provider, username: told.username ?? '' });
    }
    const roles =
      policy.roles === undefined
        ? undefined
        : await groupRoles(directory, policy.roles)({ dn: entry.dn, username: told.username ?? typed });
    return { is: 'yes', identity: { ...told, roles } };
  } catch (cause) {
    if (!(cause instanceof DirectoryUnreachable)) throw cause;
    needs.onTrouble('The directory could not be asked about a sign-in.', { because: cause.message });
    return { is: 'silent' };
  }
}

async function accepted(
  needs: DirectorySignInNeeds,
  policy: DirectorySignInPolicy,
  identity: Identity,
  password: string,
  known: Known,
  caller: Caller,
): Promise<Proved> {
  const vouched = await needs.vouch(identity, caller);
  const { account } = vouched;
  if (!policy.fallback) return { held: true, account, vouched };
  const stored = account.id === known.account?.id ? known.passwordHash : await needs.passwords.hashOf(account.id);
  const given = { plain: password };
  const isKept = stored !== undefined && (await provePassword(needs, given, stored, 'first')).held;
  if (isKept) return { held: true, account, vouched };
  const [digest = ''] = digestsOf(given);
  const betterPasswordHash = await needs.hasher.make(digest);
  return {
    held: true,
    account,
    vouched,
    ...(stored === undefined ? {} : { passwordHash: stored }),
    betterPasswordHash,
  };
}
