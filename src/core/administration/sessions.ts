import type { Account } from '../account/account.ts';
import { recordOf } from '../audit/record.ts';
import { Fault } from '../fault.ts';
import type { Mailer } from '../mailer.ts';
import type { Caller } from '../ports.ts';
import { verifiedOf } from '../second-factor/email-code.ts';
import { mustBeFull } from '../session/restricted.ts';
import { endSession, type SessionsNeeds, sessionOf } from '../session/sessions.ts';
import type { TokenPage, TokenStore } from '../session/store.ts';
import type { Signed, Token } from '../session/token.ts';
import { type Authority, mustHoldPermission, mustNotOutrank } from './may.ts';

export interface DevicesNeeds extends SessionsNeeds {
  readonly tokens: Pick<TokenStore, 'byId' | 'end' | 'page'>;
  readonly authority: Authority;
  readonly mailer: Pick<Mailer, 'post'>;
}

/** Live sessions or personal tokens of all accounts. @throws Fault `permission-missing` */
export async function listForAll(
  needs: DevicesNeeds,
  signed: Signed,
  of: 'sessions' | 'personal',
  page: TokenPage,
): ReturnType<TokenStore['page']> {
  mustHoldPermission(needs.authority, signed, 'view-device-management');
  return await needs.tokens.page(of, page, needs.clock.now());
}

/** A session of anybody's. @throws Fault `permission-missing`, `session-unknown` */
export async function sessionForAll(needs: DevicesNeeds, signed: Signed, id: string): Promise<Signed> {
  mustHoldPermission(needs.authority, signed, 'view-device-management');
  return await sessionOf(needs, id);
}

/**
 * Ends a session of anybody's; its sockets are told before they close.
 * @throws Fault `permission-missing`, `session-unknown`, `role-too-high`, those of `mustBeFull` for one's own
 */
export async function endSessionOf(needs: DevicesNeeds, signed: Signed, id: string, caller: Caller): Promise<void> {
  mustHoldPermission(needs.authority, signed, 'logout-device-management');
  const { token, account } = await sessionOf(needs, id);
  mayEndFor(needs, signed, account);
  await endSession(needs, token, signed.account.id, caller);
}

/**
 * Ends a personal token of anybody's; its owner is told by mail when it was somebody else.
 * @throws Fault `permission-missing`, `personal-token-unknown`, `role-too-high`, those of `mustBeFull` for one's own
 */
export async function revokePersonal(needs: DevicesNeeds, signed: Signed, id: string, caller: Caller): Promise<void> {
  mustHoldPermission(needs.authority, signed, 'logout-device-management');
  const found = await needs.tokens.byId(id);
  if (found?.token.pool !== 'personal') throw new Fault('personal-token-unknown');
  const { account, token } = found;
  mayEndFor(needs, signed, account);
  const who = { at: needs.clock.now(), caller, actorId: signed.account.id, accountId: account.id };
  const audit = recordOf('personal-token.revoke', who, { name: token.name ?? '', token: id });
  if (!(await needs.tokens.end(token.hash, audit))) throw new Fault('personal-token-unknown');
  if (account.id !== signed.account.id) await tellOfRevoking(needs, account, token);
}

/**
 * Ends a token of any pool from the host; the owner of a personal one is told by mail.
 * @returns false where somebody else was faster
 */
export async function endTokenAsHost(
  needs: DevicesNeeds,
  account: Account | undefined,
  token: Token,
  caller: Caller,
): Promise<{ readonly held: boolean }> {
  const who = { at: needs.clock.now(), caller, actorId: undefined, accountId: token.accountId };
  const audit =
    token.pool === 'personal'
      ? recordOf('personal-token.revoke', who, { name: token.name ?? '', token: token.id })
      : recordOf('session.end', who, { token: token.id, pool: token.pool });
  if (!(await needs.tokens.end(token.hash, audit))) return { held: false };
  if (token.pool === 'personal' && account !== undefined) await tellOfRevoking(needs, account, token);
  return { held: true };
}

async function tellOfRevoking({ mailer }: DevicesNeeds, account: Account, { name = '' }: Token): Promise<void> {
  const to = verifiedOf(account);
  if (to.length === 0) return;
  await mailer.post({ kind: 'personal-token-revoked', to, language: account.language, facts: { name } });
}

/** A token of few permissions ends nothing of its owner's, whatever it carries. */
function mayEndFor({ authority }: DevicesNeeds, signed: Signed, account: Account): void {
  if (account.id === signed.account.id) mustBeFull(signed);
  else mustNotOutrank(authority, account.roles, signed);
}
