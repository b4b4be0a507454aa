import { type Account, administratorRole, atLeastEverybodys } from '../account/account.ts';
import { type CreateNeeds, createAccount } from '../account/create.ts';
import { isEmail } from '../account/rules.ts';
import { recordOf } from '../audit/record.ts';
import { Fault } from '../fault.ts';
import type { Caller } from '../ports.ts';
import type { Identity } from './identity.ts';
import { Overtaken, type SettleNeeds } from './settle-needs.ts';
import { cleanName, slugOf } from './told-names.ts';

/**
 * Makes the account of somebody whom nobody knew here.
 * @param looksAgain whether a name or an address that was taken at this moment sends it back to look who has it
 * @throws Fault `external-registration-closed`, and those of `createAccount`; Overtaken
 */
export async function newAccount(
  needs: SettleNeeds,
  identity: Identity,
  caller: Caller,
  looksAgain: boolean,
): Promise<Account> {
  const { mayCreate, mustBeApproved, takesAssertedAsVerified, roles } = needs.policy();
  if (!mayCreate || identity.mayCreate === false) {
    throw new Fault('external-registration-closed', { provider: identity.provider });
  }
  const email = identity.emails.find(({ address }) => isEmail(address).held);
  const username = identity.username === undefined ? undefined : slugOf(identity.username);
  const decided = identity.roles?.held.filter(needs.roleExists) ?? [];
  const initial = (identity.firstRoles ?? roles).filter((role) => role !== administratorRole && needs.roleExists(role));
  const given = [...new Set([...initial, ...decided])];
  const creating: CreateNeeds = {
    ...needs.creating,
    accounts: {
      add: async (account, audit) => {
        const linked = recordOf(
          'identity.link',
          { at: audit.at, caller, actorId: undefined, accountId: account.id },
          { provider: identity.provider, by: 'new' },
        );
        const outcome = await needs.identities.addAccount(account, identity, [audit, linked]);
        if (outcome === 'identity-taken' || (looksAgain && outcome !== 'added')) throw new Overtaken();
        return outcome;
      },
    },
  };
  const account = await createAccount(
    creating,
    {
      username: username === '' ? undefined : username,
      name: nameOf(identity),
      email:
        email === undefined
          ? undefined
          : { address: email.address, verified: email.asserted && takesAssertedAsVerified },
      password: undefined,
      // A provider that decides may decide for none.
      roles: identity.roles === undefined ? atLeastEverybodys(given) : given,
      open: !mustBeApproved,
      closedBecause: mustBeApproved ? 'waits-for-approval' : undefined,
      fromElsewhere: true,
    },
    (accountId) =>
      recordOf(
        'account.register',
        { at: needs.clock.now(), caller, actorId: undefined, accountId },
        { provider: identity.provider, username: username ?? '', waits: mustBeApproved },
      ),
  );
  if (mustBeApproved) await needs.tellApprovers(account);
  return account;
}

function nameOf(identity: Identity): string {
  const [email] = identity.emails;
  const told = [identity.name, identity.username, email?.address.split('@')[0], identity.subject];
  return told.map((text) => cleanName(text ?? '')).find((text) => text !== '') ?? '';
}
