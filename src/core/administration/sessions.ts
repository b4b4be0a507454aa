import type { Account } from '../account/account.ts';
import { recordOf } from '../audit/record.ts';
import { Fault } from '../fault.ts';
import type { Mailer } from '../mailer.ts';
import type { Caller } from '../ports.ts';
import { verifiedOf } from '../second-factor/email-code.ts';
import { endSession, type SessionsNeeds, sessionOf } from '../session/sessions.ts';
import type { TokenPage, TokenStore } from '../session/store.ts';
import type { Signed } from '../session/token.ts';
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
 * @throws Fault `permission-missing`, `session-unknown`, `role-too-high`
 */
export async function endSessionOf(needs: DevicesNeeds, signed: Signed, id: string, caller: Caller): Promise<void> {
  mustHoldPermission(needs.authority, signed, 'logout-device-management');
  const { token, account } = await sessionOf(needs, id);
  mayEndFor(needs, signed, account);
  await endSession(needs, token, signed.account.id, caller);
}

/**
 * Ends a personal token of anybody's; its owner is told by mail when it was somebody else.
 * @throws Fault `permission-missing`, `personal-token-unknown`, `role-too-high`
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
  const to = verifiedOf(account);
  if (account.id === signed.account.id || to.length === 0) return;
  const facts = { name: token.name ?? '' };
  await needs.mailer.post({ kind: 'personal-token-revoked', to, language: account.language, facts });
}

/** What is one's own one may end whatever a token of few permissions carries. */
function mayEndFor({ authority }: DevicesNeeds, signed: Signed, account: Account): void {
  if (account.id !== signed.account.id) mustNotOutrank(authority, account.roles, signed);
}
