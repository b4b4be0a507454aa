import {
  type AskedChange,
  addApplicationFor,
  changeApplicationFor,
  listApplicationsFor,
  mayManageApplications,
  removeApplicationFor,
} from '../core/administration/applications.ts';
import { authenticateAccess, introspectAccess, type ShownAccess } from '../core/application/access.ts';
import { type Application, type AskedApplication, secretOf } from '../core/application/application.ts';
import { agree, applicationAt, signedByForm, type Target } from '../core/application/authorize.ts';
import { mustBeClient, type ShownClient } from '../core/application/client.ts';
import { type AskedConsent, openConsentForm, takeConsentForm } from '../core/application/consent-form.ts';
import { ownConsents, withdrawConsent } from '../core/application/consents.ts';
import { type BroughtCode, type GivenTokens, redeemCode, refreshTokens } from '../core/application/exchange.ts';
import { addApplication, removeApplication, rotateSecret } from '../core/application/manage.ts';
import type { Consent } from '../core/application/store.ts';
import type { Caller } from '../core/ports.ts';
import type { OpenTo } from '../core/session/restricted.ts';
import type { Signed } from '../core/session/token.ts';
import type { Needs } from './needs.ts';

/** Use-cases of `app.application`: other services whose people sign in here. */
export function applicationCases({ serving, sealer, store }: Needs) {
  return {
    /** Whether the caller manages applications, and may see their secrets. */
    mayManage: (signed: Signed) => mayManageApplications(serving, signed),
    /** @throws Fault `permission-missing` */
    list: async (signed: Signed): Promise<readonly Application[]> => await listApplicationsFor(serving, signed),
    byId: async (id: string): Promise<Application | undefined> => await store.applications.byId(id),
    byClientId: async (clientId: string): Promise<Application | undefined> =>
      await store.applications.byClientId(clientId),
    /** For whoever manages applications, and for proving clients. */
    secretOf: (application: Application): string => secretOf(sealer, application),
    /** @throws Fault, see `addApplicationFor` */
    add: async (signed: Signed, asked: AskedApplication, caller: Caller): Promise<Application> =>
      await addApplicationFor(serving, signed, asked, caller),
    /** @throws Fault, see `changeApplicationFor` */
    change: async (signed: Signed, id: string, asked: AskedChange, caller: Caller): Promise<Application> =>
      await changeApplicationFor(serving, signed, id, asked, caller),
    /** @throws Fault, see `removeApplicationFor` */
    remove: async (signed: Signed, id: string, caller: Caller): Promise<void> => {
      await removeApplicationFor(serving, signed, id, caller);
    },
    /** For whoever holds the host. No permission is asked. */
    host: {
      list: async (): Promise<readonly Application[]> => await store.applications.list(),
      /** @throws Fault, see `addApplication` */
      add: async (asked: AskedApplication, caller: Caller): Promise<Application> =>
        await addApplication(serving, asked, undefined, caller),
      /** @throws Fault `application-unknown` */
      remove: async (id: string, caller: Caller): Promise<void> => {
        await removeApplication(serving, id, undefined, caller);
      },
      /** Gives it another secret, see `rotateSecret`. @throws Fault `application-unknown` */
      rotateSecret: async (id: string, caller: Caller): Promise<Application> =>
        await rotateSecret(serving, id, undefined, caller),
    },
    /** The application that sent a browser, see `applicationAt`. */
    at: async (target: Target): ReturnType<typeof applicationAt> => await applicationAt(serving, target),
    /** Whose session a token opens that came in a form. @throws Fault, see `signedByForm` */
    signedByForm: async (text: string): Promise<Signed> => await signedByForm(serving, text),
    /** @returns what stands in the form of a consent page, see `openConsentForm` */
    openConsentForm: async (signed: Signed, asked: AskedConsent): Promise<string> =>
      await openConsentForm(serving, signed, asked),
    /** What such a form answers; undefined where it does not count, see `takeConsentForm`. */
    takeConsentForm: async (signed: Signed, text: string): Promise<AskedConsent | undefined> =>
      await takeConsentForm(serving, signed, text),
    /** @returns the code. @throws Fault, see `agree` */
    agree: async (signed: Signed, asked: Parameters<typeof agree>[2], caller: Caller): Promise<string> =>
      await agree(serving, signed, asked, caller),
    /** @throws Fault `application-client-refused`, `rate-limited` */
    mustBeClient: async (shown: ShownClient, caller: Caller): Promise<Application> =>
      await mustBeClient(serving, shown, caller),
    /** @throws Fault, see `redeemCode` */
    redeem: async (application: Application, brought: BroughtCode, caller: Caller): Promise<GivenTokens> =>
      await redeemCode(serving, application, brought, caller),
    /** @throws Fault, see `refreshTokens` */
    refresh: async (application: Application, refresh: string, caller: Caller): Promise<GivenTokens> =>
      await refreshTokens(serving, application, refresh, caller),
    /** Whom an access token speaks for. @throws Fault, see `authenticateAccess` */
    authenticate: async (text: string, to: OpenTo): Promise<Signed> => await authenticateAccess(serving, text, to),
    /** What an access token that another service was shown is good for; undefined for nothing. See `introspectAccess`. */
    introspect: async (shown: Parameters<typeof introspectAccess>[1]): Promise<ShownAccess | undefined> =>
      await introspectAccess(serving, shown),
    /** @throws Fault, see `ownConsents` */
    consents: async (signed: Signed): Promise<readonly Consent[]> => await ownConsents(serving, signed),
    /** @throws Fault, see `withdrawConsent` */
    withdraw: async (signed: Signed, clientId: string, caller: Caller): Promise<void> => {
      await withdrawConsent(serving, signed, clientId, caller);
    },
  };
}
