import { ClientError } from '../../src/client/index.ts';
import { FieldMistake, Refused } from '../explain.ts';
import { notSignedIn as words } from '../words/not-signed-in.ts';

type Word = Parameters<typeof words.say>[0];

/** How a log-in refuses, by the code of its answer. */
const byAnswer: Readonly<Record<string, Word>> = {
  'Unauthorized': 'wrong',
  'error-user-is-not-activated': 'closed',
  'error-app-user-is-not-allowed-to-login': 'appAccount',
  'error-user-has-no-roles': 'noRoles',
  'totp-required': 'factorGivenUp',
  // The dialog has said so already: what is left was given up.
  'totp-invalid': 'factorGivenUp',
  'totp-max-attempts': 'factorSpent',
  'error-temporary-password-expired': 'temporaryOver',
  'error-invalid-passkey': 'passkeyRefused',
  'LDAP-login-error': 'usernameTaken',
  '403': 'addressTaken',
  'registration-disabled-authentication-services': 'noNewAccounts',
  'error-invalid-domain': 'domain',
  'error-email-domain-blacklisted': 'domain',
  '500': 'serviceTrouble',
};

/** Why a sign-in at a provider came to nothing, by what stands behind `refused` in the address: no other text is shown. */
const byAddress: Readonly<Record<string, Word>> = {
  'pending-log-in-unknown': 'notBegun',
  'log-in-code-unknown': 'tookTooLong',
  'malformed': 'incomplete',
  'provider-off': 'serviceOff',
  'provider-refused': 'serviceRefused',
  'provider-unreachable': 'serviceTrouble',
  'identity-username-taken': 'usernameTaken',
  'external-registration-closed': 'noNewAccounts',
  'email-domain-not-allowed': 'domain',
  'email-domain-blocked': 'domain',
  'account-closed': 'closed',
  'account-without-roles': 'noRoles',
  'account-blocked': 'blocked',
  'address-blocked': 'blocked',
  'busy': 'busy',
  'unavailable': 'busy',
};

/** Why the browser was sent back here; undefined where it was not. */
export function refusalHere(): string | undefined {
  const code = new URLSearchParams(location.search).get('refused');
  return code === null
    ? undefined
    : words.say((Object.hasOwn(byAddress, code) ? byAddress[code] : undefined) ?? 'other');
}

/** What became of a sign-in that did not go through, where that asks for more than a sentence. */
export type Outcome =
  | { readonly kind: 'done' }
  /** It may be tried again in so many seconds. */
  | { readonly kind: 'blocked'; readonly seconds: number }
  | { readonly kind: 'unverified' };

const defaultWait = 60;

/**
 * Runs a sign-in.
 * @param field stands beside what is wrong where nobody is to learn which of both it was; `''` for no field
 * @throws FieldMistake in words of ours, and what is no refusal
 */
export async function signingIn(field: string, act: () => Promise<void>): Promise<Outcome> {
  try {
    await act();
    return { kind: 'done' };
  } catch (cause) {
    if (!(cause instanceof ClientError)) throw cause;
    const code = String(cause.error);
    if (code === 'error-login-blocked-for-user' || code === 'error-login-blocked-for-ip') {
      return { kind: 'blocked', seconds: cause.retryAfter ?? defaultWait };
    }
    if (cause.status !== 401) throw cause;
    if (code === 'error-invalid-email') return { kind: 'unverified' };
    const word = Object.hasOwn(byAnswer, code) ? byAnswer[code] : undefined;
    if (word === undefined) throw cause;
    throw word === 'wrong' && field !== '' ? new FieldMistake(field, words.say(word)) : new Refused(words.say(word));
  }
}
