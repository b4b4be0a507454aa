import { ClientError } from '../../../src/client/index.ts';
import { FieldMistake } from '../../explain.ts';
import { type Refusals, retold, type Sentences } from '../../retold.ts';
import { people as words } from '../../words/people.ts';

type Key = Parameters<typeof words.say>[0];

/** Refusals that mean one thing in the administration of people: the field that each is about, and what is said. */
const byCode: Refusals<Key> = {
  'User not found.': ['', 'gone'],
  'User not found': ['', 'gone'],
  'error-invalid-user': ['', 'gone'],
  'error-could-not-save-identity': ['username', 'usernameRefused'],
  'error-input-is-not-a-valid-field': ['username', 'usernameRefused'],
  'error-blocked-username': ['username', 'usernameRefused'],
  'error-invalid-email': ['email', 'emailInvalid'],
  'error-invalid-domain': ['email', 'emailDomain'],
  'error-email-domain-blacklisted': ['email', 'emailDomain'],
  'error-invalid-name': ['name', 'nameInvalid'],
  'Name contains invalid characters': ['name', 'nameInvalid'],
  'error-bio-size-exceeded': ['bio', 'tooLong'],
  'error-nickname-size-exceeded': ['nickname', 'tooLong'],
  'error-password-policy-not-met': ['password', 'passwordRefused'],
  'error-password-in-history': ['password', 'passwordRefused'],
  'error-password-same-as-current': ['password', 'passwordRefused'],
  'error-admin-required': ['', 'refusedLast'],
  'error-cannot-delete-app-user': ['', 'refusedApp'],
  'error-identity-last-way-in': ['', 'refusedLastWay'],
  'error-two-factor-not-enabled': ['', 'factorsOff'],
  'error-not-authorized': ['', 'tokenRefused'],
  'error-email-send-failed': ['', 'mailServerMissing'],
};

/** What one code has several meanings for is told apart by the sentence. */
const byText: Sentences<Key> = [
  ['higher role', 'refusedRank'],
  ['without admins', 'refusedLast'],
  ['without an active admin', 'refusedLast'],
  ['Assigning admin', 'refusedAdmin'],
  ['verified email address is needed', 'refusedAddress'],
];

/**
 * See `retold`, for what is done with people.
 * @param username what was asked for: a name and an address that are taken are refused alike
 * @throws FieldMistake, and what the call throws
 */
export async function judged<T>(call: Promise<T>, username = ''): Promise<T> {
  try {
    return await retold(call, byCode, words.say, byText);
  } catch (cause) {
    if (!(cause instanceof ClientError) || cause.code !== 'error-field-unavailable') throw cause;
    const isName = username !== '' && cause.message.startsWith(`${username} is already`);
    throw new FieldMistake(isName ? 'username' : 'email', words.say(isName ? 'usernameTaken' : 'emailTaken'));
  }
}
