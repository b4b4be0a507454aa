import { retold } from '../../retold.ts';
import { profile as words } from '../../words/profile.ts';

/** Refusals of a profile that are about one field: its name, and what is said beside it. */
const refusals = {
  'error-could-not-save-identity': ['username', 'usernameRefused'],
  'error-field-unavailable': ['email', 'emailTaken'],
  'error-invalid-email': ['email', 'emailInvalid'],
  'error-invalid-domain': ['email', 'emailDomain'],
  'error-email-domain-blacklisted': ['email', 'emailDomain'],
  'error-invalid-name': ['name', 'nameInvalid'],
  'error-the-field-is-required': ['name', 'nameInvalid'],
  'error-status-not-allowed': ['statusType', 'invisibleRefused'],
  'error-invalid-password': ['currentPassword', 'passwordWrong'],
} as const;

/** See `retold`, for what changes a profile. @throws FieldMistake, and what the call throws */
export async function refusedBeside<T>(call: Promise<T>): Promise<T> {
  return await retold(call, refusals, words.say);
}
