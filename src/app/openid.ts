import type { Account } from '../core/account/account.ts';
import { type Application, secretOf } from '../core/application/application.ts';
import { type ApplicationAct, noteAct } from '../core/application/audit.ts';
import {
  agreeToScopes,
  type OpenIdPeopleNeeds,
  personFor,
  takeEndedSessions,
} from '../core/application/openid-people.ts';
import {
  endGrant,
  findRecord,
  keepRecord,
  type OpenedRecord,
  type OpenIdPayload,
  recordHash,
} from '../core/application/openid-records.ts';
import {
  rotateSigningKeys,
  type SigningKey,
  type SigningKeyNeeds,
  signingKeys,
} from '../core/application/signing-keys.ts';
import type { Caller } from '../core/ports.ts';
import type { Signed } from '../core/session/token.ts';
import type { Needs } from './needs.ts';

/** Use-cases of `app.openId`: Countersign as an OpenID provider. */
export function openIdCases({ accounts, clock, sealer, serving, settings, store, tokens }: Needs) {
  const { openIdRecords, applications } = store;
  const needs: OpenIdPeopleNeeds = { clock, sealer, openIdRecords, accounts, tokens };
  const keying: SigningKeyNeeds = {
    clock,
    random: serving.random,
    sealer,
    signingKeys: store.signingKeys,
    lifeDays: () => settings.get('Countersign_OpenID_Key_Days'),
  };
  return {
    /** See `keepRecord`. */
    keep: async (
      kind: string,
      id: string,
      payload: OpenIdPayload,
      lifeS: number | undefined,
      sessionHash: string | undefined,
    ): Promise<void> => {
      await keepRecord(needs, kind, id, payload, lifeS, sessionHash);
    },
    find: async (
      kind: string,
      by: { readonly id: string } | { readonly uid: string },
    ): Promise<OpenedRecord | undefined> => await findRecord(needs, kind, by),
    /** Uses a record up. @returns false where another request was faster */
    use: async (kind: string, id: string): Promise<boolean> =>
      await openIdRecords.use(kind, recordHash(kind, id), clock.now()),
    end: async (kind: string, id: string): Promise<void> => {
      await openIdRecords.take(kind, recordHash(kind, id));
    },
    endGrant: async (kind: string, grantId: string): Promise<void> => {
      await endGrant(needs, kind, grantId);
    },
    /** The keys that are published; the first of them signs. */
    signingKeys: async (): Promise<readonly SigningKey[]> => await signingKeys(keying),
    /** For whoever holds the host, see `rotateSigningKeys`. */
    rotateKeys: async (how: { readonly atOnce: boolean }): Promise<string> => await rotateSigningKeys(keying, how),
    /** An active application with its secret. */
    client: async (
      clientId: string,
    ): Promise<{ readonly application: Application; readonly secret: string } | undefined> => {
      const application = await applications.byClientId(clientId);
      return application?.active === true ? { application, secret: secretOf(sealer, application) } : undefined;
    },
    /** Whom an application may be told of, see `personFor`. */
    person: async (accountId: string, applicationId?: string): Promise<Account | undefined> =>
      await personFor(needs, accountId, applicationId),
    agreedScopes: async (accountId: string, applicationId: string): Promise<readonly string[] | undefined> =>
      await openIdRecords.agreedScopes(accountId, applicationId),
    agree: async (
      signed: Signed,
      application: Application,
      scopes: readonly string[],
      caller: Caller,
    ): Promise<void> => {
      await agreeToScopes(needs, signed, application, scopes, caller);
    },
    /** Sessions of browsers that have ended, each given out once; see `takeEndedSessions`. */
    takeEnded: async (accountId: string): Promise<readonly OpenedRecord[]> => await takeEndedSessions(needs, accountId),
    /** See `noteAct`. */
    note: async (
      what: ApplicationAct,
      application: Application,
      more: Parameters<typeof noteAct>[3],
      caller: Caller,
    ): Promise<void> => {
      await noteAct({ clock, audit: store.audit }, what, application, more, caller);
    },
    /** The key under which its cookies are signed. */
    cookieKey: (): string => sealer.mark('cookies', 'openid'),
  };
}
