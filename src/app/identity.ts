import type { Account } from '../core/account/account.ts';
import { linkIdentity, listIdentities, unlinkIdentity } from '../core/administration/identities.ts';
import { canBeAsked } from '../core/administration/prove-instead.ts';
import type { Identity, KeptIdentity } from '../core/external-login/identity.ts';
import type { Caller } from '../core/ports.ts';
import { type CredentialPair, type CredentialWay, takeIdentity } from '../core/session/credential.ts';
import type { Signed } from '../core/session/token.ts';
import type { Needs } from './needs.ts';

/** Use-cases of `app.identity`, given what they need. */
export function identityCases({ crediting, editing, identifying, pictures }: Needs) {
  return {
    /** Whether the gate of second factors asks the owner of an account for something. */
    canBeAsked: (account: Account): boolean => canBeAsked(editing, account),
    /** @throws Fault, see `listIdentities` */
    list: async (signed: Signed, accountId: string): Promise<readonly KeptIdentity[]> =>
      await listIdentities(identifying, signed, accountId),
    /** Joins what a browser brought from a provider. @throws Fault, see `linkIdentity`, `takeIdentity` */
    link: async (
      signed: Signed,
      way: CredentialWay,
      pair: CredentialPair,
      currentPassword: string | undefined,
      caller: Caller,
    ): Promise<Identity> => {
      const take = async (): Promise<Identity> => await takeIdentity(crediting, way, pair);
      const identity = await linkIdentity(identifying, signed, take, currentPassword, caller);
      pictures.begin(signed.account, identity, caller);
      return identity;
    },
    /** @throws Fault, see `unlinkIdentity` */
    unlink: async (
      signed: Signed,
      account: Account,
      named: Parameters<typeof unlinkIdentity>[3],
      currentPassword: string | undefined,
      caller: Caller,
    ): Promise<void> => {
      await unlinkIdentity(identifying, signed, account, named, currentPassword, caller);
    },
  };
}
