import type { Fault, FaultCode } from '../../core/fault.ts';
import { faultText } from '../shapes/fault-text.ts';
import type { RefusalAnswer } from './refusal.ts';

/** How one refusal of the core is answered. */
export type FaultRow = (fault: Fault) => RefusalAnswer;

const notSignedIn = 'You must be logged in to do this.';
const permissionMissing = 'User does not have the permissions required for this action [error-unauthorized]';

/** A coded error: `"<reason> [<code>]"`, `errorType`, and details if there are any (rest.md §2.6). */
export const codedFault: FaultRow = (fault) => {
  const { error, reason, details } = faultText(fault);
  return {
    status: 400,
    body: {
      success: false,
      error: reason === undefined ? `[${error}]` : `${reason} [${error}]`,
      errorType: String(error),
      ...(details === undefined ? {} : { details }),
    },
  };
};

/** A row that says the same whatever the facts. */
export function always(status: number, body: Readonly<Record<string, unknown>>): FaultRow {
  return () => ({ status, body: { success: false, ...body } });
}

/** A coded error in other words than the shared table. */
export function codedAs(error: string, reason: string, details?: unknown): FaultRow {
  return always(400, {
    error: `${reason} [${error}]`,
    errorType: error,
    ...(details === undefined ? {} : { details }),
  });
}

/** Only the reason, without its code. */
const reasonOnly: FaultRow = (fault) => ({ status: 400, body: { success: false, error: faultText(fault).reason } });

const overloaded: FaultRow = (fault) => ({
  status: 503,
  body: { success: false, error: 'Service Unavailable' },
  headers: { 'Retry-After': String(secondsToWait(fault, 1)) },
});

const blocked: FaultRow = (fault) => ({
  ...codedFault(fault),
  headers: { 'Retry-After': String(secondsToWait(fault, 60)) },
});

const rateLimited: FaultRow = (fault) => {
  const seconds = secondsToWait(fault, 1);
  const error = `Error, too many requests. Please slow down. You must wait ${seconds} seconds before trying this endpoint again. [error-too-many-requests]`;
  return { status: 429, body: { success: false, error }, headers: { 'Retry-After': String(seconds) } };
};

/** Every refusal has its row: a new code does not compile until it stands here. */
export const restFaults: Readonly<Record<FaultCode, FaultRow>> = {
  'address-blocked': blocked,
  'account-blocked': blocked,
  'wrong-credentials': codedFault,
  'token-unknown': codedFault,
  'token-expired': codedFault,
  'form-not-recognised': codedFault,
  'pending-log-in-unknown': codedFault,
  'provider-off': codedFault,
  'provider-refused': codedFault,
  'provider-unreachable': codedFault,
  'identity-address-taken': codedFault,
  'identity-username-taken': codedFault,
  'identity-taken': codedFault,
  'identity-unknown': codedFault,
  'identity-last-way-in': codedFault,
  'sign-in-not-fresh': codedFault,
  'external-registration-closed': codedFault,
  'account-closed': codedFault,
  'account-is-app': codedFault,
  'account-without-roles': codedFault,
  'email-not-verified': codedFault,
  'factor-required': codedFault,
  'factor-wrong': codedFault,
  'factor-attempts-spent': (fault) => (typeof fault.facts['retryAfterMs'] === 'number' ? blocked : codedFault)(fault),
  'factor-code-void': codedFault,
  'factor-on-already': codedFault,
  'factor-off': codedFault,
  'factor-code-wrong': codedFault,
  'factors-switched-off': codedFault,
  'factor-emails-unverified': codedFault,
  'factor-mail-undelivered': codedFault,
  'factor-enrolment-required': always(403, {
    error: 'Two factor authentication must be set up first [error-two-factor-enrolment-required]',
    errorType: 'error-two-factor-enrolment-required',
  }),
  'challenge-unknown': codedFault,
  'challenge-expired': codedFault,
  'passkey-refused': codedFault,
  'passkey-unknown': codedFault,
  'log-in-code-unknown': always(400, { error: 'error-invalid-code' }),
  'factor-account-gone': codedFault,
  // The two members of old clients beside the two of new ones (rest.md §3.4).
  'not-signed-in': always(401, { error: notSignedIn, status: 'error', message: notSignedIn }),
  'username-missing': always(403, { error: 'Users must have a username [error-unauthorized]' }),
  'permission-missing': always(403, { error: permissionMissing }),
  'malformed': always(400, { error: 'Match failed', errorType: 'invalid-params' }),
  'busy': overloaded,
  'rate-limited': rateLimited,
  'account-unknown': codedFault,
  'username-taken': codedFault,
  'email-taken': codedFault,
  'username-invalid': codedFault,
  'username-reserved': codedFault,
  'name-invalid': reasonOnly,
  'name-required': codedFault,
  'email-invalid': codedFault,
  'email-domain-not-allowed': codedFault,
  'email-domain-blocked': codedFault,
  'custom-field-invalid': codedFault,
  'role-unknown': codedFault,
  'role-too-high': codedFault,
  'role-of-rooms': codedFault,
  'role-held': codedFault,
  'role-not-held': codedFault,
  'role-invalid': codedFault,
  'role-name-taken': codedFault,
  'role-protected': codedFault,
  'role-in-use': codedFault,
  'permission-unknown': codedFault,
  'permission-kept': codedFault,
  'last-administrator': codedFault,
  'account-is-protected': codedFault,
  'personal-token-exists': codedFault,
  'personal-token-unknown': codedFault,
  'personal-scope-not-held': codedFault,
  'personal-addresses-invalid': codedFault,
  'beyond-scope': always(403, { error: permissionMissing }),
  'session-unknown': always(404, { error: 'Session not found' }),
  'token-making-refused': codedFault,
  'service-name-invalid': codedFault,
  'setting-unknown': always(400, {}),
  'setting-blocked': codedFault,
  'setting-for-administrators': codedFault,
  'setting-value-invalid': codedFault,
  'status-change-refused': codedFault,
  'status-invisible-refused': codedFault,
  'date-not-future': codedFault,
  'profile-change-refused': codedFault,
  'owner-unproved': codedFault,
  'switched-off': codedFault,
  'text-too-long': codedFault,
  'factor-needs-address': codedFault,
  'avatar-invalid': codedFault,
  'avatar-too-large': (fault) => ({ ...codedFault(fault), status: 413 }),
  'avatar-address-refused': codedFault,
  'import-unknown': (fault) => ({ ...codedFault(fault), status: 404 }),
  'import-running': (fault) => ({ ...codedFault(fault), status: 409 }),
  'import-elsewhere': (fault) => ({ ...codedFault(fault), status: 409 }),
  'import-too-large': (fault) => ({ ...codedFault(fault), status: 413 }),
  // No suffix (rest.md §13.2).
  'password-unacceptable': (fault) => {
    const { error, reason, details } = faultText(fault);
    const body = { success: false, error: reason, errorType: error };
    return { status: 400, body: details === undefined ? body : { ...body, details } };
  },
  'password-same-as-current': codedFault,
  'password-in-history': codedFault,
  'password-change-required': always(403, {
    error: 'The password must be changed first [error-password-change-required]',
    errorType: 'error-password-change-required',
  }),
  'password-change-not-due': codedFault,
  'temporary-password-over': codedFault,
  'registration-closed': codedFault,
  'registration-secret-wrong': codedFault,
  'email-domain-dead': codedFault,
  'password-reset-off': reasonOnly,
  'link-dead': reasonOnly,
  'link-address-gone': reasonOnly,
  'mail-server-missing': codedFault,
  'mail-unknown': codedFault,
  'mail-not-stopped': codedFault,
  'mail-undelivered': codedFault,
  'application-unknown': codedFault,
  'application-name-invalid': codedFault,
  'application-redirect-invalid': codedFault,
  'application-client-refused': codedFault,
  'application-grant-void': codedFault,
  'unavailable': overloaded,
};

/** How long to wait, in whole seconds rounded up, at least one. */
export function secondsToWait(fault: Fault, otherwise: number): number {
  const { retryAfterMs } = fault.facts;
  return typeof retryAfterMs === 'number' ? Math.max(1, Math.ceil(retryAfterMs / 1000)) : otherwise;
}
