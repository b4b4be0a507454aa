import type { Caller } from '../ports.ts';
import { mustBeFull } from '../session/enrol-only.ts';
import {
  makePersonalToken,
  type PersonalTokenNeeds,
  removePersonalToken,
  renewPersonalToken,
} from '../session/personal-tokens.ts';
import type { Signed } from '../session/token.ts';
import { type Authority, mustHoldPermission } from './may.ts';

export interface OwnTokenNeeds extends PersonalTokenNeeds {
  readonly authority: Authority;
}

/** @throws Fault `factor-enrolment-required`, `permission-missing`: asked before whether the token exists (rest.md §8.2) */
export function mustBeAllowedPersonalTokens(authority: Authority, signed: Signed): void {
  mustBeFull(signed.token);
  mustHoldPermission(authority, signed, 'create-personal-access-tokens');
}

/** @throws Fault `permission-missing`, and those of `makePersonalToken` */
export async function makeOwnToken(
  needs: OwnTokenNeeds,
  signed: Signed,
  asked: { readonly name: string; readonly skipsSecondFactor: boolean },
  caller: Caller,
): Promise<string> {
  mustBeAllowedPersonalTokens(needs.authority, signed);
  return (await makePersonalToken(needs, signed.account, asked, caller, signed.token.hash)).text;
}

/** @throws Fault `permission-missing`, `personal-token-unknown` */
export async function renewOwnToken(
  needs: OwnTokenNeeds,
  signed: Signed,
  name: string,
  caller: Caller,
): Promise<string> {
  mustBeAllowedPersonalTokens(needs.authority, signed);
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
