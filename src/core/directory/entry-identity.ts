import { sha256Hex } from '../../lib/digest.ts';
import { isEmail } from '../account/rules.ts';
import type { Identity } from '../external-login/identity.ts';
import type { Entry } from './directory.ts';
import { attributesOf, fieldOf, textOf, textsOf } from './entry.ts';
import { type Variable, variableAttributes, withVariables } from './variables.ts';

/** The name-space of people of the directory. */
export const directoryProvider = 'ldap';

/** How entries become people, as it is set now (providers.md §4.1). Fields are lists of attributes, or templates. */
export interface EntryPolicy {
  /** `LDAP_Unique_Identifier_Field`. */
  readonly idField: string;
  /** By which people sign in; their values stand in for an id where no other is there. */
  readonly searchField: string;
  readonly usernameField: string;
  readonly emailField: string;
  readonly nameField: string;
  /** Makes `username@domain` where nobody tells an address; `''` for none. */
  readonly defaultDomain: string;
  /** Count where names and addresses are read; never where it is told who somebody is. */
  readonly variables: readonly Variable[];
}

/** The longest value that is taken as an id, in bytes; longer ones are no ids, but pictures and the like. */
const longestId = 512;

/**
 * The attributes that a search must ask for so that `identityOfEntry` has what it needs.
 */
export function identityAttributes(policy: EntryPolicy): readonly string[] {
  const { idField, searchField, usernameField, emailField, nameField } = policy;
  const fields = [idField, searchField, usernameField, emailField, nameField].flatMap(attributesOf);
  return [...new Set([...fields, ...variableAttributes(policy.variables), 'mail', ...entryIds])];
}

/** What a directory calls an entry by itself: never given to another entry, and lost with it. */
const entryIds: readonly string[] = ['entryUUID', 'objectGUID', 'nsUniqueId', 'GUID', 'ibm-entryUUID', 'ipaUniqueID'];

/**
 * The person that an entry stands for (providers.md §4.3.8-9). The subject is the hex of the raw bytes of the first
 * unique attribute that has a value, as Rocket.Chat keeps it; of the DN where none has. A person without an address is one
 * all the same: there is nothing to verify, and nothing to be taken over by.
 * @param how what may be joined and rewritten
 */
export function identityOfEntry(
  entry: Entry,
  policy: EntryPolicy,
  how: Pick<Identity, 'joins' | 'overwrites'>,
): Identity {
  const { subject, attribute } = idOf(entry, policy);
  const made = withVariables(entry, policy.variables);
  const username = fieldOf(made, policy.usernameField) ?? fieldOf(entry, policy.searchField);
  const email = emailOf(made, policy, username);
  return {
    provider: directoryProvider,
    subject,
    username,
    name: fieldOf(made, policy.nameField),
    emails: email === undefined ? [] : [{ address: email, asserted: true }],
    facts: {
      dn: entry.dn.slice(0, 1_000),
      idAttribute: attribute,
      ...(username === undefined ? {} : { username: username.slice(0, 256) }),
      ...(email === undefined ? {} : { email }),
      ...entryFact(entry),
    },
    session: undefined,
    roles: undefined,
    ...how,
  };
}

function entryFact({ attributes }: Entry): { readonly entry?: string } {
  for (const name of entryIds) {
    const [value] = attributes.get(name.toLowerCase()) ?? [];
    if (value !== undefined && value.length > 0 && value.length <= 64) return { entry: value.toString('hex') };
  }
  return {};
}

function idOf(entry: Entry, policy: EntryPolicy): { readonly subject: string; readonly attribute: string } {
  for (const attribute of [...attributesOf(policy.idField), ...attributesOf(policy.searchField)]) {
    const value = entry.attributes
      .get(attribute.toLowerCase())
      ?.find(({ length }) => length > 0 && length <= longestId);
    if (value !== undefined) return { subject: value.toString('hex'), attribute };
  }
  const dn = Buffer.from(entry.dn, 'utf8');
  return { subject: dn.length <= longestId ? dn.toString('hex') : sha256Hex(entry.dn), attribute: 'dn' };
}

function emailOf(entry: Entry, policy: EntryPolicy, username: string | undefined): string | undefined {
  const told = attributesOf(policy.emailField).flatMap((attribute) => textsOf(entry, attribute));
  const made =
    policy.defaultDomain === '' || username === undefined ? [] : [`${username}@${policy.defaultDomain.trim()}`];
  return [...told, ...made, textOf(entry, 'mail') ?? ''].find((address) => isEmail(address).held);
}
