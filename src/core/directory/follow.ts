import type { Account } from '../account/account.ts';
import type { Identity } from '../external-login/identity.ts';
import type { IdentityStore } from '../external-login/identity-store.ts';
import { type Vouched, vouchFor } from '../external-login/settle.ts';
import type { SettleNeeds } from '../external-login/settle-needs.ts';
import { Fault } from '../fault.ts';
import type { Caller } from '../ports.ts';
import type { Settings } from '../setting/settings.ts';
import { isQuiteAnother } from './another-person.ts';
import { type Directory, DirectoryUnreachable, type Entry } from './directory.ts';
import { directoryProvider, identityAttributes, identityOfEntry } from './entry-identity.ts';
import { isMember } from './find-person.ts';
import { groupRoles } from './groups.ts';
import { entryWith, type PictureNeeds, type PicturePolicy, picturePolicyOf, takePicture } from './picture.ts';
import { isShut, shutAttributes } from './shut.ts';
import type { DirectorySignInPolicy } from './sign-in-policy.ts';
import { copyFields, type FieldNeeds, type FieldPolicy, fieldAttributes, fieldPolicyOf } from './sync-fields.ts';

export interface FollowNeeds extends PictureNeeds, FieldNeeds {
  readonly identities: Pick<IdentityStore, 'ofAccount'>;
  /** The one that is configured now. */
  readonly directory: () => Directory | undefined;
  readonly policy: () => FollowPolicy;
  readonly people: () => DirectorySignInPolicy;
  readonly settling: SettleNeeds;
  /** Whether a provider is an OAuth service. */
  readonly isOauth: (provider: string) => { readonly held: boolean };
  /** Hears what went wrong, for the operator's log. */
  readonly onTrouble: (sentence: string, facts: Readonly<Record<string, unknown>>) => void;
}

/** What accounts take from their entries beyond names and addresses, as it is set now. */
export interface FollowPolicy {
  readonly pictures: PicturePolicy | undefined;
  readonly fields: FieldPolicy;
  /** Whether accounts of the directory follow it at sign-ins by OAuth services as well. */
  readonly byOauth: boolean;
}

/** See `FollowPolicy`. */
export function followPolicyOf(settings: Pick<Settings, 'get'>): FollowPolicy {
  return {
    pictures: picturePolicyOf(settings),
    fields: fieldPolicyOf(settings),
    byOauth: settings.get('LDAP_Update_Data_On_OAuth_Login'),
  };
}

/**
 * The word of a provider, after which the account takes from its entry in the directory what that decides: pictures and
 * custom fields at a sign-in with the directory, and everything at one by an OAuth service where that is set. Nothing that
 * goes wrong with it ends the sign-in.
 */
export function followingDirectory(needs: FollowNeeds, vouched: Vouched, caller: Caller): Vouched {
  return {
    ...vouched,
    write: async (by) => {
      const account = await vouched.write(by);
      const { provider } = vouched.identity;
      try {
        if (provider === directoryProvider) return await afterSignIn(needs, vouched.identity, account, caller);
        if (needs.isOauth(provider).held && needs.policy().byOauth) return await afterOauth(needs, account, caller);
      } catch (cause) {
        if (!(cause instanceof DirectoryUnreachable || cause instanceof Fault)) throw cause;
        needs.onTrouble('The directory could not be followed at a sign-in.', { because: cause.message });
      }
      return account;
    },
  };
}

async function afterSignIn(
  needs: FollowNeeds,
  { facts }: Identity,
  account: Account,
  caller: Caller,
): Promise<Account> {
  const { pictures, fields } = needs.policy();
  const copies = needs.people().updates ? fields : undefined;
  const attributes = attributesFor(pictures, copies);
  const directory = needs.directory();
  if (directory === undefined || attributes.length === 0) return account;
  const dn = facts['dn'] ?? '';
  const entry = await entryWith(directory, dn, attributes);
  return entry === undefined ? account : await taken(needs, { pictures, fields: copies }, entry, account, caller);
}

/** Only of an account that is joined with an entry, while the entry is there and of the same person. */
async function afterOauth(needs: FollowNeeds, account: Account, caller: Caller): Promise<Account> {
  const directory = needs.directory();
  const kept = (await needs.identities.ofAccount(account.id)).find(({ provider }) => provider === directoryProvider);
  if (directory === undefined || kept === undefined) return account;
  const { people, roles } = needs.people();
  const { pictures, fields } = needs.policy();
  const dn = kept.facts['dn'] ?? '';
  const attributes = [...identityAttributes(people.entry), ...shutAttributes, ...attributesFor(pictures, fields)];
  const entry = await entryWith(directory, dn, [...new Set(attributes)], people.filter);
  if (entry === undefined || isShut(entry).held) return account;
  const told = identityOfEntry(entry, people.entry, {
    joins: { byEmail: false, byUsername: false },
    overwrites: { username: true, name: true, emails: true },
  });
  if (told.subject !== kept.subject || isQuiteAnother(told, { identity: kept, account }).held) return account;
  const username = told.username ?? '';
  if (!(await isMember(directory, people, username, entry)).held) return account;
  const held = roles === undefined ? undefined : await groupRoles(directory, roles)({ dn: entry.dn, username });
  const identities: SettleNeeds['identities'] = {
    ...needs.settling.identities,
    find: needs.settling.identities.find,
    // They did not sign in with it.
    use: async () => {
      await Promise.resolve();
    },
  };
  const word = await vouchFor({ ...needs.settling, identities }, { ...told, roles: held }, caller);
  const now = word.account.id === account.id ? await word.write({ factorHeld: false }) : account;
  return await taken(needs, { pictures, fields }, entry, now, caller);
}

function attributesFor(pictures: PicturePolicy | undefined, fields: FieldPolicy | undefined): readonly string[] {
  return [...(pictures?.attributes ?? []), ...(fields === undefined ? [] : fieldAttributes(fields))];
}

async function taken(
  needs: FollowNeeds,
  { pictures, fields }: { readonly pictures: PicturePolicy | undefined; readonly fields: FieldPolicy | undefined },
  entry: Entry,
  account: Account,
  caller: Caller,
): Promise<Account> {
  let now = account;
  const steps = [
    async () => {
      if (fields !== undefined) now = await copyFields(needs, fields, entry, now, { caller });
    },
    async () => {
      if (pictures !== undefined) now = await takePicture(needs, pictures, entry, now, { caller });
    },
  ];
  for (const step of steps) {
    try {
      await step();
    } catch (cause) {
      if (!(cause instanceof Fault)) throw cause;
      needs.onTrouble('What an entry of the directory holds cannot be taken.', { dn: entry.dn, because: cause.code });
    }
  }
  return now;
}
