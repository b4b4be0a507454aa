import type { Claim } from '../core/account/account.ts';
import { mustHoldPermission } from '../core/administration/may.ts';
import { type ExamineNeeds, type Examining, examineSignIn, type Step } from '../core/directory/examine.ts';
import { trySignIn } from '../core/directory/try-sign-in.ts';
import type { Caller } from '../core/ports.ts';
import type { SuppliedFactor } from '../core/second-factor/gate.ts';
import { type LoggedIn, logIn } from '../core/session/log-in.ts';
import type { Signed } from '../core/session/token.ts';
import type { Needs } from './needs.ts';
import { noFactor } from './no-factor.ts';

/** Use-cases of `app.directory`: people whose passwords an LDAP directory knows. */
export function directorySignInCases(needs: Needs) {
  const { accounts, attempting, directory, directoryPolicy, loggingIn, namedProof, permissions, store } = needs;
  const examining: ExamineNeeds = { accounts, identities: store.identities, directory, policy: directoryPolicy };
  return {
    /** Whether there is a directory to ask. */
    isOn: (): { readonly held: boolean } => ({ held: directory() !== undefined }),
    /**
     * Signs in with a password that the directory may know; with the local one where there is no directory.
     * @throws Fault, see `logIn`
     */
    logIn: async (
      claim: Claim,
      password: string,
      caller: Caller,
      supplied: SuppliedFactor = noFactor,
    ): Promise<LoggedIn> => await logIn(loggingIn, namedProof(claim, { plain: password }, caller), caller, supplied),
    /** What a sign-in would come upon, step by step; the last one says how it ends. See `examineSignIn`. */
    examine: (asked: Examining): AsyncIterable<Step> => examineSignIn(examining, asked),
    /** The same for an administrator, under the limits. @throws Fault `permission-missing`, those of `trySignIn` */
    trySignIn: async (
      signed: Signed,
      asked: { readonly typed: string; readonly password: string | undefined },
      caller: Caller,
    ): Promise<readonly Step[]> => {
      mustHoldPermission(permissions, signed, 'test-admin-options');
      return await trySignIn({ ...examining, attempting, audit: store.audit }, asked, signed.account.id, caller);
    },
  };
}
