import { foldName } from '../account/names.ts';
import type { AccountStore } from '../account/store.ts';
import type { IdentityStore } from '../external-login/identity-store.ts';
import { slugOf } from '../external-login/told-names.ts';
import { isQuiteAnother } from './another-person.ts';
import { type Directory, DirectoryUnreachable } from './directory.ts';
import { identityOfEntry } from './entry-identity.ts';
import { type Found, findPerson, isMember, personSearch } from './find-person.ts';
import { isShut } from './shut.ts';
import type { DirectorySignInPolicy } from './sign-in-policy.ts';

export interface ExamineNeeds {
  readonly accounts: Pick<AccountStore, 'find'>;
  readonly identities: Pick<IdentityStore, 'find'>;
  readonly directory: () => Directory | undefined;
  readonly policy: () => DirectorySignInPolicy;
}

export interface Examining {
  /** Who would sign in; undefined to try the connection alone. */
  readonly typed?: string;
  /** Tried where it is given. */
  readonly password?: string;
  /** Called before a password is tried with an entry; what it throws ends the examination. */
  readonly beforePassword?: (subject: string) => Promise<void>;
}

/** What one step of a sign-in comes to. After one that did not hold there is no other. */
export type Step =
  | { readonly step: 'switch'; readonly held: boolean }
  /** `because` is for the operator, and holds no secret. */
  | { readonly step: 'connection'; readonly held: boolean; readonly because?: string }
  | {
      readonly step: 'search';
      readonly held: boolean;
      readonly base: string;
      readonly filter: string;
      readonly found: 'one' | 'none' | 'many';
      readonly dn?: string;
      readonly because?: string;
    }
  | { readonly step: 'group'; readonly held: boolean; readonly because?: string }
  | { readonly step: 'open'; readonly held: boolean }
  | { readonly step: 'password'; readonly held: boolean; readonly because?: string }
  /** What would be taken from the entry, by the names that the account gives it. */
  | { readonly step: 'person'; readonly held: true; readonly taken: Readonly<Record<string, string>> }
  /** The account that it would be: one that is joined, one that would be joined, a new one, or none. */
  | {
      readonly step: 'account';
      readonly held: boolean;
      readonly is: 'joined' | 'namesake' | 'new' | 'username-taken' | 'address-taken' | 'other-person';
      readonly username?: string;
    };

/**
 * Goes through a sign-in step by step, as an operator wants to see it. Nothing is written, and no failure is counted here: it
 * is for those who may see what the directory says anyway. See `trySignIn` for those who come from afar.
 */
export async function* examineSignIn(needs: ExamineNeeds, asked: Examining): AsyncGenerator<Step> {
  const directory = needs.directory();
  yield { step: 'switch', held: directory !== undefined };
  if (directory === undefined) return;
  const connection = await heldOrWhy(async () => {
    await directory.test();
    return true;
  });
  yield { step: 'connection', ...connection };
  if (connection.held && asked.typed !== undefined) yield* person(needs, directory, asked.typed, asked);
}

async function* person(
  needs: ExamineNeeds,
  directory: Directory,
  typed: string,
  { password, beforePassword }: Pick<Examining, 'password' | 'beforePassword'>,
): AsyncGenerator<Step> {
  const policy = needs.policy();
  const { people } = policy;
  const { base, filter } = personSearch(people, typed);
  const searched: { found: Found } = { found: 'none' };
  const answered = await heldOrWhy(async () => {
    searched.found = await findPerson(directory, people, typed);
    return typeof searched.found === 'object';
  });
  const { found } = searched;
  if (typeof found !== 'object') {
    yield { step: 'search', ...answered, base, filter, found };
    return;
  }
  const { entry } = found;
  yield { step: 'search', held: true, base, filter, found: 'one', dn: entry.dn };
  const identity = identityOfEntry(entry, people.entry, {
    joins: { byEmail: false, byUsername: policy.joins },
    overwrites: { username: false, name: false, emails: false },
  });
  if (people.membership !== undefined) {
    const member = await heldOrWhy(
      async () => (await isMember(directory, people, identity.username ?? typed, entry)).held,
    );
    yield { step: 'group', ...member };
    if (!member.held) return;
  }
  const open = !isShut(entry).held;
  yield { step: 'open', held: open };
  if (password !== undefined) {
    await beforePassword?.(identity.subject);
    const bound = await heldOrWhy(async () => (await directory.bind(entry.dn, password)).held);
    yield { step: 'password', ...bound };
    if (!bound.held) return;
  }
  if (!open) return;
  const { subject, username, name, emails, facts } = identity;
  const told = { username: username === undefined ? undefined : slugOf(username), name, email: emails[0]?.address };
  const texts = Object.entries({ id: subject, idAttribute: facts['idAttribute'], ...told });
  const taken = Object.fromEntries(texts.flatMap(([key, text]) => (text === undefined ? [] : [[key, text]])));
  yield { step: 'person', held: true, taken };
  yield { step: 'account', ...(await accountOf(needs, policy, identity)) };
}

type Account = Omit<Extract<Step, { step: 'account' }>, 'step'>;

async function accountOf(
  { accounts, identities }: ExamineNeeds,
  { joins }: DirectorySignInPolicy,
  identity: ReturnType<typeof identityOfEntry>,
): Promise<Account> {
  const joined = await identities.find(identity.provider, identity.subject);
  if (joined !== undefined) {
    const { username = '' } = joined.account;
    const held = !isQuiteAnother(identity, joined).held;
    return { held, is: held ? 'joined' : 'other-person', username };
  }
  const wanted = identity.username === undefined ? '' : slugOf(identity.username);
  const namesake = wanted === '' ? undefined : await accounts.find({ by: 'username', value: wanted });
  for (const { address } of identity.emails) {
    const owner = await accounts.find({ by: 'email', value: address });
    if (owner !== undefined && !(joins && foldName(owner.username ?? '') === foldName(identity.username ?? ''))) {
      return { held: false, is: 'address-taken', username: owner.username ?? '' };
    }
  }
  if (namesake === undefined) return { held: true, is: 'new', username: wanted };
  return { held: joins, is: joins ? 'namesake' : 'username-taken', username: namesake.username ?? '' };
}

async function heldOrWhy(act: () => Promise<boolean>): Promise<{ readonly held: boolean; readonly because?: string }> {
  try {
    return { held: await act() };
  } catch (cause) {
    if (!(cause instanceof DirectoryUnreachable)) throw cause;
    return { held: false, because: cause.message };
  }
}
