import type { Account } from '../account/account.ts';
import type { AccountStore } from '../account/store.ts';
import { recordOf } from '../audit/record.ts';
import type { AuditEntry } from '../audit-entry.ts';
import type { Caller, Clock } from '../ports.ts';
import type { TokenStore } from '../session/store.ts';
import type { Signed } from '../session/token.ts';
import type { Application } from './application.ts';
import {
  browserSession,
  type OpenedRecord,
  type OpenIdRecordNeeds,
  type OpenIdRecordStore,
  openRecord,
} from './openid-records.ts';

export interface OpenIdPeopleNeeds extends OpenIdRecordNeeds {
  readonly clock: Clock;
  readonly accounts: Pick<AccountStore, 'byId'>;
  readonly tokens: Pick<TokenStore, 'alive'>;
}

/**
 * Whom an application may be told of: somebody whose account is open and, where an application is named, who agreed that
 * it is told and has not taken that back.
 */
export async function personFor(
  { accounts, openIdRecords }: Pick<OpenIdPeopleNeeds, 'accounts' | 'openIdRecords'>,
  accountId: string,
  applicationId: string | undefined,
): Promise<Account | undefined> {
  const account = await accounts.byId(accountId);
  // Whoever must choose another password does that first.
  if (account?.open !== true || account.kind === 'app' || account.passwordChange !== undefined) return undefined;
  if (applicationId === undefined) return account;
  return (await openIdRecords.agreedScopes(accountId, applicationId)) === undefined ? undefined : account;
}

/** Keeps that a person agreed to what an application asks for, beside what they agreed to before. */
export async function agreeToScopes(
  { clock, openIdRecords }: { readonly clock: Clock; readonly openIdRecords: Pick<OpenIdRecordStore, 'agree'> },
  { account, token }: Signed,
  application: Application,
  scopes: readonly string[],
  caller: Caller,
): Promise<void> {
  const at = clock.now();
  const audit: AuditEntry = recordOf(
    'application.agree',
    { at, caller, actorId: account.id, accountId: account.id },
    { application: application.clientId, name: application.name, scopes: scopes.join(' '), token: token.id },
  );
  await openIdRecords.agree({ accountId: account.id, applicationId: application.id, scopes, now: at, audit });
}

/**
 * The sessions of an account's browsers behind which no session of ours is any more. Each is given out once, to whoever
 * tells the applications that it has ended.
 */
export async function takeEndedSessions(needs: OpenIdPeopleNeeds, accountId: string): Promise<readonly OpenedRecord[]> {
  const { clock, openIdRecords, tokens } = needs;
  const all = await openIdRecords.ofAccount(browserSession, accountId);
  if (all.length === 0) return [];
  const behind = all.map(({ grantHash }) => grantHash).filter((hash) => hash !== undefined);
  const alive = await tokens.alive(behind, clock.now());
  const taken: OpenedRecord[] = [];
  for (const { kind, hash, grantHash } of all) {
    if (grantHash !== undefined && alive.has(grantHash)) continue;
    const record = await openIdRecords.take(kind, hash);
    if (record !== undefined) taken.push(openRecord(needs, record));
  }
  return taken;
}
