import type { Identity } from '../core/external-login/identity.ts';
import { Fault } from '../core/fault.ts';
import { type Asking, refusal } from './ask.ts';
import type { Claims } from './claims.ts';
import type { CustomShape } from './custom-shape.ts';
import { type Fields, textIn } from './fields.ts';
import { fieldOf, usual, valueAt } from './identity-fields.ts';
import { pictureAt } from './picture.ts';

/** `email_verified` is about `email`, and about no other address. */
export function assertsByClaim(identity: Fields, address: string): { readonly held: boolean } {
  return { held: valueAt(identity, 'email_verified') === true && textIn(identity, 'email') === address };
}

/**
 * Who an identity is about (providers.md §3.3).
 * @param asking who was asked, for refusals
 * @throws Fault `provider-refused` where it does not say who it is, or lacks a field that a setting names
 */
export function identityIn(
  shape: Pick<
    CustomShape,
    'service' | 'issuer' | 'places' | 'fields' | 'asserts' | 'roles' | 'joins' | 'overwritesName'
  >,
  fields: Fields,
  claims: Claims | undefined,
  asking: Asking,
): Identity {
  const { service, issuer, fields: where, roles } = shape;
  const subject = issuer === undefined ? usual.id(fields) : (claims?.sub ?? textIn(fields, 'sub'));
  if (subject === undefined) throw refusal(asking, 'It does not say who it is.');
  const username = where.username === '' ? undefined : fieldOf(fields, where.username);
  if (where.username !== '' && username === undefined) throw lacking(service, 'username');
  const address = where.email === '' ? usual.email(fields) : fieldOf(fields, where.email);
  if (where.email !== '' && address === undefined) throw lacking(service, 'email');
  const name = (where.name === '' ? undefined : fieldOf(fields, where.name)) ?? usual.name(fields);
  const { avatar = '' } = where;
  const picture = avatar === '' ? undefined : pictureAt(fieldOf(fields, avatar), shape);
  const facts = Object.entries({ name, email: address, username });
  return {
    provider: service,
    subject,
    username,
    name,
    emails: address === undefined ? [] : [{ address, asserted: shape.asserts(fields, address).held }],
    ...(picture === undefined ? {} : { picture }),
    facts: Object.fromEntries(facts.filter((fact): fact is [string, string] => fact[1] !== undefined)),
    session: claims === undefined ? undefined : textIn(claims, 'sid'),
    roles: roles === undefined ? undefined : { held: rolesIn(fields, claims, roles), decided: roles.decided },
    joins: shape.joins,
    overwrites: { username: false, name: shape.overwritesName && name !== undefined, emails: false },
  };
}

function lacking(service: string, field: string): Fault {
  return new Fault('provider-refused', { service, message: `CustomOAuth: Failed to extract ${field}` });
}

/** Roles that mean something at the service alone. */
const foreignRoles: ReadonlySet<string> = new Set(['offline_access', 'uma_authorization']);

/** Those of the roles that are decided there which the person holds; told by the identity, else by the ID token. */
function rolesIn(
  fields: Fields,
  claims: Claims | undefined,
  { claim, decided }: NonNullable<CustomShape['roles']>,
): readonly string[] {
  const told = valueAt(fields, claim) ?? valueAt(claims, claim);
  const list: readonly unknown[] = Array.isArray(told) ? told : [told];
  return decided.filter((role) => !foreignRoles.has(role) && list.includes(role));
}
