import { sha256Base64 } from '../../lib/digest.ts';
import type { Account } from '../account/account.ts';
import { recordOf } from '../audit/record.ts';
import { Fault } from '../fault.ts';
import type { Caller, Clock, Moment, Random } from '../ports.ts';
import type { TokenStore } from './store.ts';
import type { Token } from './token.ts';
import { mustBeAddresses } from './token-addresses.ts';

export interface PersonalTokenNeeds {
  readonly clock: Clock;
  readonly random: Random;
  readonly tokens: TokenStore;
  readonly cap: () => number;
}

/** What a personal token shall be. */
export interface AskedPersonal {
  readonly name: string;
  readonly skipsSecondFactor: boolean;
  /** When it ends; undefined for never. */
  readonly endsAt?: Moment | undefined;
  /** Ids of the only permissions that it carries; undefined for all that its owner has. */
  readonly scopes?: readonly string[] | undefined;
  /** Addresses and networks (CIDR) from which alone it counts; undefined for anywhere. */
  readonly addresses?: readonly string[] | undefined;
}

/** The most scopes of a token: there are not many more permissions. */
const mostScopes = 500;

/** The longest name a personal token may have, in characters. */
export const longestTokenName = 256;

/**
 * Makes a personal token; its text is told this once.
 * @param shownToken hash of the token on whose word it is made; undefined on the command line
 * @param holds whether the account holds a permission that is asked as a scope
 * @throws Fault `personal-token-exists`, `account-closed`, `malformed` for an empty or overlong name, `not-signed-in`,
 *   `date-not-future`, `personal-scope-not-held`, `personal-addresses-invalid`
 */
export async function makePersonalToken(
  needs: PersonalTokenNeeds,
  account: Pick<Account, 'id'>,
  asked: AskedPersonal,
  holds: (permission: string) => { readonly held: boolean },
  caller: Caller,
  shownToken?: string,
): Promise<{ readonly text: string; readonly token: Token }> {
  if (asked.name === '' || asked.name.length > longestTokenName) throw new Fault('malformed', { field: 'tokenName' });
  mustBePossible(asked, holds, needs.clock.now());
  const { text, token } = freshToken(needs, account, asked, caller);
  const who = whoOf(needs, account, caller);
  const audit = recordOf('personal-token.make', shownToken === undefined ? { ...who, actorId: undefined } : who, {
    name: asked.name,
    token: token.id,
    ...(asked.endsAt === undefined ? {} : { endsAt: asked.endsAt }),
    ...(token.scopes === undefined ? {} : { scopes: token.scopes.join(' ') }),
    ...(token.addresses === undefined ? {} : { addresses: token.addresses.join(' ') }),
  });
  const outcome = await needs.tokens.addPersonal(token, needs.cap(), audit, shownToken);
  if (outcome === 'token-ended') throw new Fault('not-signed-in');
  if (outcome === 'name-taken') throw new Fault('personal-token-exists');
  if (outcome === 'account-closed') throw new Fault('account-closed');
  return { text, token };
}

/**
 * Puts a new text under an existing name, with the same rights, end and addresses; the old text is dead when this returns.
 * @throws Fault `personal-token-unknown`
 */
export async function renewPersonalToken(
  needs: PersonalTokenNeeds,
  account: Pick<Account, 'id'>,
  name: string,
  caller: Caller,
  shownToken: string,
): Promise<{ readonly text: string }> {
  const { text, token } = freshToken(needs, account, { name, skipsSecondFactor: false }, caller);
  const audit = recordOf('personal-token.renew', whoOf(needs, account, caller), { name });
  const renewed = await needs.tokens.renewPersonal(account.id, name, token, audit, shownToken);
  if (!renewed) throw new Fault('personal-token-unknown');
  return { text };
}

/** @throws Fault `personal-token-unknown` */
export async function removePersonalToken(
  needs: PersonalTokenNeeds,
  account: Pick<Account, 'id'>,
  name: string,
  caller: Caller,
): Promise<void> {
  const audit = recordOf('personal-token.remove', whoOf(needs, account, caller), { name });
  const ended = await needs.tokens.endPersonal(account.id, name, audit);
  if (!ended) throw new Fault('personal-token-unknown');
}

function mustBePossible(
  { endsAt, scopes, addresses }: AskedPersonal,
  holds: (permission: string) => { readonly held: boolean },
  now: Moment,
): void {
  if (endsAt !== undefined && !(endsAt > now && endsAt <= latest)) throw new Fault('date-not-future');
  if (scopes !== undefined && scopes.length > mostScopes) throw new Fault('malformed', { field: 'scopes' });
  const scope = scopes?.find((one) => !holds(one).held);
  if (scope !== undefined) throw new Fault('personal-scope-not-held', { scope: scope.slice(0, 128) });
  if (addresses !== undefined) mustBeAddresses(addresses);
}

/** The end of the year 9999: what lies behind it has another form as text. */
const latest = 253_402_300_799_999;

function freshToken(
  needs: PersonalTokenNeeds,
  account: Pick<Account, 'id'>,
  asked: AskedPersonal,
  caller: Caller,
): { text: string; token: Token } {
  const now = needs.clock.now();
  const text = needs.random.token();
  return {
    text,
    token: {
      hash: sha256Base64(text),
      id: needs.random.id(),
      accountId: account.id,
      pool: 'personal',
      name: asked.name,
      lastPart: text.slice(-6),
      skipsSecondFactor: asked.skipsSecondFactor,
      enrolsOnly: false,
      factor: undefined,
      scopes: asked.scopes === undefined ? undefined : [...new Set(asked.scopes)].toSorted(),
      addresses: asked.addresses === undefined ? undefined : [...new Set(asked.addresses)],
      createdAt: now,
      endsAt: asked.endsAt,
      usedAt: now,
      trust: undefined,
      door: caller.door,
      address: caller.address,
      userAgent: caller.userAgent,
    },
  };
}

function whoOf(
  needs: PersonalTokenNeeds,
  account: Pick<Account, 'id'>,
  caller: Caller,
): Parameters<typeof recordOf>[1] {
  return { at: needs.clock.now(), caller, actorId: account.id, accountId: account.id };
}
