import { foldName } from '../../core/account/names.ts';
import type { Identity } from '../../core/external-login/identity.ts';
import { sha256Hex } from '../../lib/digest.ts';
import type { Statement } from './assertion.ts';
import { type Attributes, fieldOf, valuesOf } from './field-map.ts';
import { names } from './names.ts';
import type { SamlOptions } from './options.ts';

/** Attributes that have well-known names beside their numbers (RFC 4519, eduPerson). */
const known: readonly (readonly [oid: string, name: string])[] = [
  ['urn:oid:0.9.2342.19200300.100.1.3', 'mail'],
  ['urn:oid:1.2.840.113549.1.9.1', 'email'],
  ['urn:oid:2.16.840.1.113730.3.1.241', 'displayName'],
  ['urn:oid:2.5.4.3', 'cn'],
  ['urn:oid:1.3.6.1.4.1.5923.1.1.1.6', 'eppn'],
  ['mail', 'email'],
];

/** What all sessions of a person begin with; the rest is the provider's name of one. */
export function personOf(nameId: string): string {
  return sha256Hex(nameId);
}

/** The name under which we keep a session of the provider: two people may have sessions of the same index. */
export function sessionOf(nameId: string, index: string | undefined): string {
  return `${personOf(nameId)} ${index ?? ''}`.trimEnd();
}

/** An identity, and the other subjects under which an earlier sign-in or an import may have kept it. */
export interface Mapped {
  readonly identity: Identity | { readonly problem: string };
  readonly otherSubjects: readonly string[];
}

/**
 * Makes an identity of a statement (providers.md §5.3). Whom it is joined with follows the immutable property; what names
 * the person from then on is, in this order: the attribute that the field map calls `__identifier__`, a persistent name,
 * and else that property.
 */
export function identityOf(statement: Statement, options: SamlOptions): Mapped {
  const { nameId, nameFormat, sessionIndex, issuer } = statement;
  const attributes = profileOf(statement);
  const { fields, knownBy, overwrites } = options;
  const address = fieldOf(fields.email, attributes);
  if (address === undefined) {
    return { identity: { problem: 'SAML Profile did not contain an email address' }, otherSubjects: [] };
  }
  const told = fieldOf(fields.username, attributes);
  const username = options.lowersUsername ? told?.toLowerCase() : told;
  const subjects = subjectsOf(statement, attributes, options, { address, username });
  const [subject, ...otherSubjects] = subjects;
  if (subject === undefined) {
    return { identity: { problem: 'SAML Profile did not contain what identifies its user' }, otherSubjects };
  }
  return {
    identity: {
      provider: 'saml',
      subject,
      username,
      name: fieldOf(fields.name, attributes),
      emails: [{ address, asserted: true }],
      facts: {
        email: address,
        idp: issuer,
        ...(username === undefined ? {} : { username }),
        ...(nameId === undefined ? {} : { nameId }),
        ...(nameFormat === undefined ? {} : { nameFormat }),
        ...(sessionIndex === undefined ? {} : { sessionIndex }),
      },
      session: nameId === undefined ? undefined : sessionOf(nameId, sessionIndex),
      roles: undefined,
      // An import cannot know of what format a name was: by a lasting one it would have been found.
      ...(isLasting(statement) ? {} : { passesUnused: true as const }),
      joins: { byEmail: knownBy === 'EMail', byUsername: knownBy === 'Username' },
      overwrites: { username: true, ...overwrites },
    },
    otherSubjects,
  };
}

/** Whether the provider has told a name that it gives to nobody else, ever. */
function isLasting({ nameId, nameFormat }: Statement): boolean {
  return nameId !== undefined && nameFormat === names.persistent;
}

/** What names the person, and then what else an import may have kept. Nothing where the settings ask for what is not told. */
function subjectsOf(
  statement: Statement,
  attributes: Attributes,
  { fields, knownBy }: SamlOptions,
  { address, username }: { readonly address: string; readonly username: string | undefined },
): readonly string[] {
  const { identifier } = fields;
  const { nameId } = statement;
  const lasting = nameId !== undefined && isLasting(statement) ? [nameId] : [];
  if (identifier !== undefined) {
    const value = valuesOf(attributes, identifier)[0] ?? '';
    return value === '' || value.length > 400 ? [] : [`${identifier}=${value}`, ...lasting];
  }
  // What names a person for ever decides alone: an address or a name may have been given to another by now.
  if (lasting.length > 0) return lasting;
  if (knownBy === 'Username') return username === undefined ? [] : [`username=${foldName(username)}`];
  const isAddress = nameId !== undefined && foldName(nameId) === foldName(address);
  return [`email=${foldName(address)}`, ...(isAddress ? [nameId] : [])];
}

/** The attributes under all their names, with what stands beside them. */
function profileOf({ attributes, nameId, nameFormat, sessionIndex, issuer }: Statement): Attributes {
  const profile = new Map(attributes);
  for (const [from, to] of known) {
    const values = profile.get(from);
    if (values !== undefined && !profile.has(to)) profile.set(to, values);
  }
  const beside = { nameID: nameId, nameIDFormat: nameFormat, sessionIndex, issuer };
  for (const [name, value] of Object.entries(beside)) if (value !== undefined) profile.set(name, [value]);
  if (!profile.has('email') && nameId !== undefined && nameFormat === names.emailAddress) {
    profile.set('email', [nameId]);
  }
  return profile;
}

/** The roles that the attribute of the settings lists; undefined where it is missing. */
export function rolesOf({ attributes }: Statement, { roleAttribute }: SamlOptions): readonly string[] | undefined {
  if (roleAttribute === undefined) return undefined;
  const values = valuesOf(attributes, roleAttribute);
  if (values.length === 0) return undefined;
  return values.flatMap((value) => value.split(',')).map((role) => role.trim());
}
