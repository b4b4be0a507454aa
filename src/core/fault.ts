/**
 * Every way in which Countersign refuses. The sentence is for the operator and the log; what a client reads stands in
 * the tables of `src/wire/`, which do not compile until they know each code.
 */
export const faults = {
  'address-blocked': 'Too many failed sign-ins came from this address; it is blocked for a while.',
  'account-blocked': 'Too many failed sign-ins were tried on this account; it is blocked for a while.',
  'wrong-credentials': 'The sign-in details do not match an account.',
  'token-unknown': 'The token is not known, or it has ended.',
  'token-expired': 'The token was real and its time is over.',
  'form-not-recognised': 'No way of signing in takes a request of this form.',
  'pending-log-in-unknown': 'No log-in with a provider is waiting under this credential.',
  'provider-off': 'No provider of this name is switched on.',
  'provider-refused': 'The provider, or what it told, was not accepted.',
  'provider-unreachable': 'The provider did not answer in time, or not as it should.',
  'identity-address-taken': 'Another account has the address, and may only be joined by whoever proves its password.',
  'identity-username-taken': 'Another account has the username, and may not be joined.',
  'identity-taken': 'The identity is joined with another account.',
  'identity-unknown': 'The account has no such identity.',
  'identity-last-way-in': 'Without the identity nobody could sign in to the account any more.',
  'external-registration-closed': 'People from elsewhere get no new account here.',
  'sign-in-not-fresh': 'The sign-in is too long ago for this, and there is no password and no factor to be asked for.',
  'account-closed': 'The account is deactivated, or it waits for approval.',
  'account-is-app': 'The account belongs to an app and cannot sign in.',
  'account-without-roles': 'The account has no roles.',
  'email-not-verified': 'The account must verify an e-mail address before it may sign in.',
  'factor-required': 'A second factor is needed to go on.',
  'factor-wrong': 'The second factor did not hold.',
  'factor-code-void': 'The code was wrong too often and is void.',
  'factor-attempts-spent': 'Too many wrong second factors were given.',
  'factor-on-already': 'This second factor is on already.',
  'factor-off': 'This second factor is not on.',
  'factor-code-wrong': 'The code that shall confirm the change is wrong.',
  'factors-switched-off': 'Second factors are switched off on this server.',
  'factor-emails-unverified': 'An e-mail address of the account is not verified yet.',
  'factor-mail-undelivered': 'A test mail could not be delivered, so e-mail cannot be the only second factor.',
  'factor-enrolment-required': 'A second factor must be set up before anything else.',
  'challenge-unknown': 'No challenge of this name waits.',
  'challenge-expired': 'The challenge has ended.',
  'passkey-refused': 'The passkey did not hold.',
  'passkey-unknown': 'The account has no such passkey.',
  'log-in-code-unknown': 'The one-time code is unknown, used, or has ended.',
  'factor-account-gone': 'The account to be challenged does not exist any more.',
  'not-signed-in': 'This needs a signed-in caller.',
  'username-missing': 'The account must choose a username first.',
  'permission-missing': 'The caller lacks a permission.',
  'malformed': 'The input has the wrong shape.',
  'busy': 'The server has more work than it can take; try again shortly.',
  'rate-limited': 'Too many calls in too short a time.',
  'account-unknown': 'No account matches.',
  'username-taken': 'The username is in use.',
  'email-taken': 'The e-mail address is in use.',
  'username-invalid': 'The username does not fit the rules.',
  'username-reserved': 'The username is reserved.',
  'name-invalid': 'The name has characters that are not allowed.',
  'name-required': 'A name is required.',
  'email-invalid': 'The e-mail address is malformed.',
  'email-domain-not-allowed': 'The domain of the e-mail address is not on the list of allowed ones.',
  'email-domain-blocked': 'The domain of the e-mail address is blocked.',
  'custom-field-invalid': 'A custom field does not fit its definition.',
  'role-unknown': 'The role does not exist.',
  'role-too-high': 'The caller may not give or touch a role above their own.',
  'role-of-rooms': 'The role is one of rooms, and there are none here.',
  'role-held': 'The account has this role already.',
  'role-not-held': 'The account does not have this role.',
  'role-invalid': 'The name or the description of the role is not acceptable.',
  'role-name-taken': 'Another role has this name.',
  'role-protected': 'The role belongs to the product: it cannot be removed, and keeps its name and scope.',
  'role-in-use': 'Accounts have this role, or those who sign up get it.',
  'permission-unknown': 'No permission has this name.',
  'permission-kept': 'The administrators must keep this permission, or nobody could give permissions any more.',
  'last-administrator': 'The last open administrator cannot be removed or closed.',
  'account-is-protected': 'Accounts of apps cannot be deleted.',
  'personal-token-exists': 'A personal token of this name exists.',
  'personal-token-unknown': 'No personal token has this name.',
  'personal-scope-not-held': 'A scope must be a permission that the account holds.',
  'personal-addresses-invalid': 'An entry is neither an address nor a CIDR.',
  'beyond-scope': 'The token does not reach so far.',
  'session-unknown': 'No live session has this id.',
  'token-making-refused': 'Tokens for accounts are switched off here, or the caller may not make this one.',
  'service-name-invalid': 'A custom service needs a name of letters, digits and `_` that no built-in provider has.',
  'setting-unknown': 'No such setting, or it is hidden.',
  'setting-blocked': 'The environment fixes this setting.',
  'setting-value-invalid': 'The value does not fit the setting.',
  'status-change-refused': 'Changing the status message is switched off.',
  'status-invisible-refused': 'The invisible status is switched off.',
  'date-not-future': 'The date must lie in the future.',
  'profile-change-refused': 'A setting forbids changing this part of the profile, or the caller lacks a permission.',
  'owner-unproved': 'What was shown is not the password of the account, or not its username.',
  'switched-off': 'A setting has switched this off.',
  'text-too-long': 'A text is longer than it may be.',
  'factor-needs-address': 'Codes by e-mail are the only second factor, and no verified address would be left for them.',
  'avatar-invalid': 'The picture is no well-formed PNG, JPEG, GIF or WebP, or its sides are too long.',
  'avatar-too-large': 'The picture has more bytes than allowed.',
  'avatar-address-refused': 'Pictures are not fetched from other servers.',
  'import-unknown': 'No file waits under this id.',
  'import-running': 'Another import goes on, or another file is being sent.',
  'import-elsewhere': 'The file lies on another node, or does not lie here any more.',
  'import-too-large': 'The file is larger than files may be.',
  'password-unacceptable': 'The password does not fit the policy.',
  'registration-closed': 'Nobody may register here.',
  'registration-secret-wrong': 'Registration needs the secret of the address, and it is not this one.',
  'email-domain-dead': 'The domain of the e-mail address takes no mail.',
  'password-reset-off': 'Passwords cannot be reset by mail here.',
  'link-dead': 'The mailed link is unknown, used, replaced by a newer one, or its time is over.',
  'link-address-gone': 'The account does not have the address any more to which the link was mailed.',
  'mail-server-missing': 'No mail server is set.',
  'mail-unknown': 'The outbox has no such mail.',
  'mail-not-stopped': 'The mail waits to be sent already, or it was sent.',
  'mail-undelivered': 'The mail server did not take the mail.',
  'password-same-as-current': 'The new password is the one that the account has.',
  'password-in-history': 'The account had this password not long ago.',
  'password-change-required': 'The password must be changed before anything else.',
  'temporary-password-over': 'The password had to be changed within a time that is over.',
  'password-change-not-due': 'Nobody asked for this password to be changed.',
  'application-unknown': 'No application matches.',
  'application-name-invalid': 'An application needs a name that is not too long.',
  'application-redirect-invalid': 'An address of the application is missing, or browsers may not be sent there.',
  'application-client-refused': 'The application is unknown or inactive, or did not show who it is.',
  'application-grant-void': 'The code or token of the application is unknown, used, over, or of another application.',
  'unavailable': 'The store does not answer.',
} as const;

export type FaultCode = keyof typeof faults;

/** What a wire may need to fill its text: names and numbers only, never a secret. */
export type FaultFacts = Readonly<Record<string, unknown>>;

/** An expected refusal: safe to show, and counted as no failure of ours. Anything else that is thrown is our bug. */
export class Fault extends Error {
  readonly code: FaultCode;
  readonly facts: FaultFacts;

  /**
   * @param code which refusal of the closed list
   * @param facts what the wire's text needs, for example `{ retryAfterMs: 4200 }`
   */
  constructor(code: FaultCode, facts: FaultFacts = {}) {
    super(faults[code]);
    this.name = 'Fault';
    this.code = code;
    this.facts = facts;
  }
}
