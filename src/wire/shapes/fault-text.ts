import type { Fault, FaultCode, FaultFacts } from '../../core/fault.ts';
import { violationTexts } from './password-policy.ts';

/** A refusal in Rocket.Chat's words: what both wires render (rest.md §2.6, realtime.md §6). */
export interface FaultText {
  /** Compared by clients without converting: the realtime wire has numbers among them. */
  readonly error: string | number;
  readonly reason?: string;
  readonly details?: unknown;
}

type Row = FaultText | ((facts: FaultFacts) => FaultText);

const atLogIn = { function: 'Accounts.validateLoginAttempt' };
const userDetails = { method: 'insertOrUpdateUser' };

/** A refused joining by username reads as the service wants it (providers.md §9). */
function usernameTakenAt(provider: string, username: string): FaultText {
  if (provider !== 'ldap') return { error: 'CustomOAuth', reason: `User with username ${username} already exists` };
  return {
    error: 'LDAP-login-error',
    reason: `LDAP Authentication succeeded, but there's already an existing user with provided username [${username}] in Mongo.`,
  };
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** CAS begins in lower case (providers.md §6). */
function noAttempt(way: string): FaultText {
  return { error: 145546287, reason: `${way === 'cas' ? 'n' : 'N'}o matching login attempt found` };
}

function factor(error: string, reason: string): Row {
  return (details) => (Object.keys(details).length === 0 ? { error, reason } : { error, reason, details });
}

const internal: FaultText = { error: 500, reason: 'Internal server error' };

/** What part of a profile may not be edited, by what the core calls it. */
const profileRefusals: Readonly<Record<string, string>> = {
  user: 'Editing user is not allowed',
  verification: 'Editing email verification is not allowed',
  username: 'Edit username is not allowed',
  status: 'Edit user status is not allowed',
  name: 'Edit user real name is not allowed',
  email: 'Edit user email is not allowed',
  password: 'Edit user password is not allowed',
  roles: 'Assign roles is not allowed',
  administrator: 'Assigning admin is not allowed',
};

/** Every refusal has its row: a new code does not compile until it stands here. */
const texts: Record<FaultCode, Row> = {
  'address-blocked': {
    error: 'error-login-blocked-for-ip',
    reason: 'Login has been temporarily blocked For IP',
    details: atLogIn,
  },
  'account-blocked': {
    error: 'error-login-blocked-for-user',
    reason: 'Login has been temporarily blocked For User',
    details: atLogIn,
  },
  'wrong-credentials': { error: 403, reason: 'Incorrect password' },
  'token-unknown': { error: 403, reason: "You've been logged out by the server. Please log in again." },
  'token-expired': { error: 403, reason: 'Your session has expired. Please log in again.' },
  'form-not-recognised': { error: 400, reason: 'Unrecognized options for login request' },
  'pending-log-in-unknown': ({ way }) => noAttempt(text(way)),
  'provider-off': ({ service }) =>
    service === 'saml' || service === 'cas'
      ? noAttempt(service)
      : { error: 145546287, reason: `No registered oauth service found for: ${text(service)}` },
  'provider-refused': ({ service, message }) => ({
    error: service === 'saml' ? 145546287 : 500,
    reason: text(message) === '' ? `${text(service)} refused the login` : text(message),
  }),
  'provider-unreachable': ({ service }) => ({ error: 500, reason: `Failed to fetch identity from ${text(service)}.` }),
  'identity-address-taken': { error: 403, reason: 'Email already exists.' },
  'identity-username-taken': ({ provider, username }) => usernameTakenAt(text(provider), text(username)),
  'identity-taken': { error: 'error-identity-taken', reason: 'The identity belongs to another user' },
  'identity-unknown': { error: 'error-identity-not-found', reason: 'Identity not found' },
  'sign-in-not-fresh': { error: 'error-sign-in-not-fresh', reason: 'Sign in again, and do it within ten minutes' },
  'identity-last-way-in': {
    error: 'error-identity-last-way-in',
    reason: 'Without it nobody could sign in to the account any more: set a password first',
  },
  'external-registration-closed': ({ provider }) =>
    provider === 'cas'
      ? { error: 145546287, reason: 'no matching user account found' }
      : {
          error: 'registration-disabled-authentication-services',
          reason: 'User registration is disabled for authentication services',
        },
  'account-closed': { error: 'error-user-is-not-activated', reason: 'User is not activated', details: atLogIn },
  'account-is-app': {
    error: 'error-app-user-is-not-allowed-to-login',
    reason: 'App user is not allowed to login',
    details: atLogIn,
  },
  'account-without-roles': { error: 'error-user-has-no-roles', reason: 'User has no roles', details: atLogIn },
  // The placeholder travels as it is.
  'email-not-verified': { error: 'error-invalid-email', reason: 'Invalid email __email__', details: atLogIn },
  'factor-required': factor('totp-required', 'TOTP Required'),
  'factor-wrong': factor('totp-invalid', 'TOTP Invalid'),
  // The spelling is Rocket.Chat's.
  'factor-attempts-spent': factor('totp-max-attempts', 'TOTP Maximun Failed Attempts Reached'),
  'factor-code-void': factor('totp-max-attempts', 'TOTP Maximun Failed Attempts Reached'),
  // These are told by their code alone (rest.md §9.4).
  'factor-on-already': { error: 'error-2fa-already-enabled' },
  'factor-off': { error: 'invalid-totp' },
  'factor-code-wrong': { error: 'invalid-totp' },
  'factors-switched-off': {
    error: 'error-two-factor-not-enabled',
    reason: 'Two factor authentication is not enabled',
  },
  'factor-emails-unverified': {
    error: 'error-invalid-user',
    reason: 'You need to verify your emails before setting up 2FA',
  },
  'factor-mail-undelivered': {
    error: 'error-mail-not-delivered',
    reason: 'A test mail could not be delivered, so e-mail cannot be the only second factor',
  },
  'factor-enrolment-required': {
    error: 'error-two-factor-enrolment-required',
    reason: 'Two factor authentication must be set up first',
  },
  'challenge-unknown': { error: 'error-challenge-not-found', reason: 'challenge not found' },
  'challenge-expired': { error: 'error-challenge-expired', reason: 'challenge expired' },
  'passkey-refused': { error: 'error-invalid-passkey', reason: 'The passkey was not accepted' },
  'passkey-unknown': { error: 'error-passkey-not-found', reason: 'Passkey not found' },
  'log-in-code-unknown': { error: 'error-invalid-code', reason: 'Invalid code' },
  'factor-account-gone': { error: 'totp-user-not-found', reason: 'TOTP User not found' },
  'not-signed-in': { error: 'error-invalid-user', reason: 'Invalid user' },
  'username-missing': { error: 'error-unauthorized', reason: 'Users must have a username' },
  'permission-missing': { error: 'not-authorized', reason: 'Not Authorized' },
  malformed: { error: 400, reason: 'Match failed' },
  busy: (facts) => tooMany(facts),
  'rate-limited': (facts) => tooMany(facts),
  'account-unknown': { error: 'error-invalid-user', reason: 'Invalid user' },
  'username-taken': ({ username }) => inUse(username),
  'email-taken': ({ email }) => inUse(email),
  'username-invalid': ({ username }) => ({
    error: 'error-input-is-not-a-valid-field',
    reason: `${text(username)} is not a valid username`,
    details: { ...userDetails, input: text(username), field: 'Username' },
  }),
  'username-reserved': ({ username }) => ({
    error: 'error-blocked-username',
    reason: `${text(username)} is blocked and can't be used!`,
    details: { method: 'checkUsernameAvailability', field: text(username) },
  }),
  'name-invalid': { error: 'error-invalid-name', reason: 'Name contains invalid characters' },
  'name-required': ({ field }) => ({
    error: 'error-the-field-is-required',
    reason: `The field ${text(field)} is required`,
    details: { ...userDetails, field: text(field) },
  }),
  'email-invalid': ({ email }) => ({
    error: 'error-invalid-email',
    reason: `Invalid email ${text(email)}`,
    details: { function: 'RocketChat.validateEmailDomain', email: text(email) },
  }),
  'email-domain-not-allowed': {
    error: 'error-invalid-domain',
    reason: 'The email domain is not in whitelist',
    details: { function: 'RocketChat.validateEmailDomain' },
  },
  'email-domain-blocked': {
    error: 'error-email-domain-blacklisted',
    reason: 'The email domain is blacklisted',
    details: { function: 'RocketChat.validateEmailDomain' },
  },
  'custom-field-invalid': (facts) => ({
    error: 'error-user-registration-custom-field',
    reason: customFieldReason(facts),
    details: { method: 'registerUser' },
  }),
  'role-unknown': {
    error: 'error-action-not-allowed',
    reason: 'The field Roles consist invalid role id',
    details: { ...userDetails, action: 'Assign_role' },
  },
  'role-too-high': {
    error: 'error-action-not-allowed',
    reason: 'Acting for a higher role is not allowed',
    details: { ...userDetails, action: 'Assign_role' },
  },
  'role-of-rooms': { error: 'error-invalid-user', reason: 'User is not part of given room' },
  'role-held': { error: 'error-user-already-in-role', reason: 'User already in role' },
  'role-not-held': { error: 'error-user-not-in-role', reason: 'User is not in this role' },
  'role-invalid': { error: 'error-invalid-role-properties', reason: 'The role properties are invalid.' },
  'role-name-taken': { error: 'error-duplicate-role-names-not-allowed', reason: 'Role name already exists' },
  'role-protected': ({ act }) => ({
    error: 'error-role-protected',
    reason: act === 'edit' ? 'Role is protected' : 'Cannot delete a protected role',
  }),
  'role-in-use': ({ act }) => ({
    error: 'error-role-in-use',
    reason: act === 'edit' ? "Cannot change scope because it's in use" : "Cannot delete role because it's in use",
  }),
  'permission-unknown': { error: 'error-invalid-permission', reason: 'Permission does not exist' },
  'permission-kept': { error: 'error-action-not-allowed', reason: 'Permission is restricted' },
  'last-administrator': ({ act }) => ({
    error: 'error-action-not-allowed',
    reason:
      act === 'close'
        ? 'Leaving the app without an active admin is not allowed'
        : 'Leaving the app without admins is not allowed',
    details: { action: 'Remove_last_admin' },
  }),
  'account-is-protected': { error: 'error-cannot-delete-app-user', reason: 'Deleting app user is not allowed' },
  'personal-token-exists': { error: 'error-token-already-exists', reason: 'A token with this name already exists' },
  // The spelling is Rocket.Chat's.
  'personal-token-unknown': { error: 'error-token-does-not-exists', reason: 'Token does not exist' },
  'personal-scope-not-held': ({ scope }) => ({
    error: 'error-invalid-scope',
    reason: 'A scope must be a permission that the account holds',
    details: { scope: text(scope) },
  }),
  'personal-addresses-invalid': {
    error: 'error-invalid-address',
    reason: 'An address must be an IP address or a network in CIDR form',
  },
  'beyond-scope': { error: 403, reason: 'User does not have the permissions required for this action' },
  'session-unknown': { error: 404, reason: 'Session not found' },
  'token-making-refused': {
    error: 'error-not-authorized',
    reason: 'Not authorized',
    details: { method: 'createToken' },
  },
  'service-name-invalid': { error: 'error-invalid-name', reason: 'Invalid name' },
  'setting-unknown': { error: 'error-invalid-setting', reason: 'Invalid setting' },
  'setting-blocked': { error: 'error-action-not-allowed', reason: 'This setting is fixed by the environment' },
  'setting-for-administrators': ({ settingIds }) => ({
    error: 'error-action-not-allowed',
    reason: 'Settings that decide who somebody is are changed by administrators only',
    details: { settingIds },
  }),
  'setting-value-invalid': (facts) => settingValue(facts),
  'status-change-refused': { error: 'error-not-allowed', reason: 'Change status is not allowed' },
  'status-invisible-refused': { error: 'error-status-not-allowed', reason: 'Invisible status is disabled' },
  'date-not-future': { error: 'error-invalid-date', reason: 'expiresAt must be a future date' },
  'profile-change-refused': ({ action }) => ({
    error: 'error-action-not-allowed',
    reason: profileRefusals[text(action)] ?? 'Edit user profile is not allowed',
    details: { ...userDetails, action: 'Update_user' },
  }),
  'owner-unproved': ({ by }) =>
    by === 'username'
      ? { error: 'error-invalid-username', reason: 'Invalid username' }
      : { error: 'error-invalid-password', reason: 'Invalid password' },
  'switched-off': { error: 'error-not-allowed', reason: 'Not allowed' },
  'text-too-long': ({ field, most }) => ({
    error: `error-${text(field)}-size-exceeded`,
    reason: `${text(field).replace(/^./u, (letter) => letter.toUpperCase())} size exceeds ${text(most)} characters`,
  }),
  'factor-needs-address': {
    error: 'error-action-not-allowed',
    reason: 'A verified email address is needed while codes by email are the only second factor',
  },
  'avatar-invalid': { error: 'error-avatar-invalid', reason: 'Invalid avatar image' },
  'avatar-too-large': { error: 'error-file-too-large', reason: 'File is too large' },
  'avatar-address-refused': { error: 'error-avatar-invalid-url', reason: 'Invalid avatar URL' },
  'import-unknown': { error: 'error-import-file-missing', reason: 'No file waits under this id' },
  'import-running': { error: 'error-import-running', reason: 'Another import goes on, or another file is being sent' },
  'import-elsewhere': {
    error: 'error-import-elsewhere',
    reason: 'The file lies on another server of this installation, or is there no more: send it again',
  },
  'import-too-large': { error: 'error-file-too-large', reason: 'The file is too large' },
  'password-unacceptable': ({ violations }) => ({
    error: 'error-password-policy-not-met',
    reason: "The password provided does not meet the server's password policy.",
    ...(Array.isArray(violations) ? { details: violationTexts(violations) } : {}),
  }),
  'password-same-as-current': {
    error: 'error-password-same-as-current',
    reason: 'Entered password same as current password',
  },
  'password-in-history': {
    error: 'error-password-in-history',
    reason: 'Entered password has been previously used',
  },
  'password-change-required': {
    error: 'error-password-change-required',
    reason: 'The password must be changed first',
  },
  'temporary-password-over': {
    error: 'error-temporary-password-expired',
    reason: 'The temporary password has expired',
  },
  'password-change-not-due': {
    error: 'error-not-allowed',
    reason: 'Not allowed',
    details: { method: 'setUserPassword' },
  },
  'registration-closed': {
    error: 'error-user-registration-disabled',
    reason: 'User registration is disabled',
    details: { method: 'registerUser' },
  },
  'registration-secret-wrong': {
    error: 'error-user-registration-secret',
    reason: 'User registration is only allowed via Secret URL',
    details: { method: 'registerUser' },
  },
  'email-domain-dead': {
    error: 'error-invalid-domain',
    reason: 'Invalid domain',
    details: { function: 'RocketChat.validateEmailDomain' },
  },
  'password-reset-off': { error: 'error-not-allowed', reason: 'Password reset is not enabled' },
  'link-dead': ({ kind }) => ({
    error: 403,
    reason: kind === 'email-verification' ? 'Verify email link expired' : 'Token expired',
  }),
  'link-address-gone': ({ kind }) => ({
    error: 403,
    reason:
      kind === 'email-verification' ? 'Verify email link is for unknown address' : 'Token has invalid email address',
  }),
  'mail-server-missing': { error: 'error-email-send-failed', reason: 'SMTP is not configured' },
  'mail-unknown': { error: 'error-mail-not-found', reason: 'The outbox has no such mail' },
  'mail-not-stopped': { error: 'error-mail-not-stopped', reason: 'The mail waits already, or it was sent' },
  'mail-undelivered': ({ because }) => ({ error: 'error-email-send-failed', reason: text(because) }),
  'application-unknown': { error: 'error-application-not-found', reason: 'Application not found' },
  'application-name-invalid': { error: 'error-invalid-name', reason: 'Invalid name' },
  'application-redirect-invalid': { error: 'error-invalid-redirectUri', reason: 'Invalid redirectUri' },
  'application-client-refused': { error: 'invalid_client', reason: 'Client authentication failed' },
  'application-grant-void': { error: 'invalid_grant', reason: 'The code or token is not valid any more' },
  unavailable: internal,
};

/** The text that Meteor 3 gives in place of "Incorrect password". */
const ambiguousLogIn: FaultText = { error: 403, reason: 'Something went wrong. Please check your credentials.' };

/**
 * A refusal in Rocket.Chat's words.
 * @param options.ambiguous whether the setting asks for Meteor 3's text at log-in (design §1)
 */
export function faultText(fault: Fault, options: { readonly ambiguous?: boolean } = {}): FaultText {
  if (fault.code === 'wrong-credentials' && options.ambiguous === true) return ambiguousLogIn;
  const row = texts[fault.code];
  return typeof row === 'function' ? row(fault.facts) : row;
}

function tooMany({ retryAfterMs }: FaultFacts): FaultText {
  const waitMs = typeof retryAfterMs === 'number' ? retryAfterMs : 1000;
  const seconds = Math.ceil(waitMs / 1000);
  return {
    error: 'too-many-requests',
    reason: `Error, too many requests. Please slow down. You must wait ${seconds} seconds before trying again.`,
    details: { timeToReset: waitMs },
  };
}

/** Rocket.Chat's field here is the value, not its name. */
function inUse(value: unknown): FaultText {
  return {
    error: 'error-field-unavailable',
    reason: `${text(value)} is already in use :(`,
    details: { ...userDetails, field: text(value) },
  };
}

function customFieldReason({ field, problem, limit }: FaultFacts): string {
  switch (problem) {
    case 'required':
      return `Field ${text(field)} is required`;
    case 'too-long':
      return `Max length of field ${text(field)} ${text(limit)}`;
    case 'too-short':
      return `Min length of field ${text(field)} ${text(limit)}`;
    default:
      return `Value for field ${text(field)} is invalid`;
  }
}

function settingValue({ id, least, most }: FaultFacts): FaultText {
  if (typeof most === 'number') return outOfBounds(id, `less than or equal to ${most}`);
  if (typeof least === 'number') return outOfBounds(id, `greater than or equal to ${least}`);
  return { error: 'error-setting-validation-failed', reason: `Value for setting ${text(id)} is invalid` };
}

function outOfBounds(id: unknown, bound: string): FaultText {
  return { error: 'error-invalid-setting-value', reason: `Value for setting ${text(id)} must be ${bound}` };
}
