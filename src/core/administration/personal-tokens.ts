import { Fault } from '../fault.ts';
import type { Caller } from '../ports.ts';
import {
  type AskedPersonal,
  makePersonalToken,
  type PersonalTokenNeeds,
  removePersonalToken,
  renewPersonalToken,
} from '../session/personal-tokens.ts';
import { mustBeFull } from '../session/restricted.ts';
import type { Signed } from '../session/token.ts';
import type { Holder } from '../setting/permissions.ts';
import { type Authority, mustHoldPermission } from './may.ts';

export interface OwnTokenNeeds extends PersonalTokenNeeds {
  readonly authority: Authority;
}

/**
 * Asked before whether the token exists (rest.md §8.2).
 * @throws Fault `permission-missing`, and those of `mustBeFull`: a token with scopes makes, changes and lists none
 */
export function mustBeAllowedPersonalTokens(authority: Authority, signed: Signed): void {
  mustBeFull(signed);
  mustHoldPermission(authority, signed, 'create-personal-access-tokens');
}

/**
 * What a personal token with an end or a list of addresses is worth ends there: it must not hand out one without them.
 * @param of the token whose text is to be told, where there is one: it may be the one that is shown
 * @throws Fault `beyond-scope`
 */
function mustBeUnbounded({ token }: Signed, of?: string): void {
  const bounded = token.pool === 'personal' && (token.endsAt !== undefined || token.addresses !== undefined);
  if (bounded && token.name !== of) throw new Fault('beyond-scope');
}

/** @throws Fault `permission-missing`, `beyond-scope`, and those of `makePersonalToken` */
export async function makeOwnToken(
  needs: OwnTokenNeeds,
  signed: Signed,
  asked: AskedPersonal,
  caller: Caller,
): Promise<string> {
  mustBeAllowedPersonalTokens(needs.authority, signed);
  mustBeUnbounded(signed);
  const made = makePersonalToken(
    needs,
    signed.account,
    asked,
    holds(needs.authority, signed),
    caller,
    signed.token.hash,
  );
  return (await made).text;
}

/** Whether somebody holds a permission that a client or an operator wrote: an unknown one is held by nobody. */
export function holds(authority: Authority, holder: Holder): (permission: string) => { readonly held: boolean } {
  return (permission) => authority.held(holder, permission as Parameters<Authority['held']>[1]);
}

/** @throws Fault `permission-missing`, `beyond-scope`, `personal-token-unknown` */
export async function renewOwnToken(
  needs: OwnTokenNeeds,
  signed: Signed,
  name: string,
  caller: Caller,
): Promise<string> {
  mustBeAllowedPersonalTokens(needs.authority, signed);
  mustBeUnbounded(signed, name);
  return (await renewPersonalToken(needs, signed.account, name, caller, signed.token.hash)).text;
}

/** @throws Fault `permission-missing`, `personal-token-unknown` */
export async function removeOwnToken(
  needs: OwnTokenNeeds,
  signed: Signed,
  name: string,
  caller: Caller,
): Promise<void> {
  mustBeAllowedPersonalTokens(needs.authority, signed);
  await removePersonalToken(needs, signed.account, name, caller);
}
