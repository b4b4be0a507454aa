import { type Refusals, retold, type Sentences } from '../../retold.ts';
import { roles as words } from '../../words/roles.ts';

type Key = Parameters<typeof words.say>[0];

/** Refusals that mean one thing in the administration of roles. */
const byCode: Refusals<Key> = {
  'error-duplicate-role-names-not-allowed': ['name', 'nameTaken'],
  'error-invalid-role-properties': ['name', 'nameInvalid'],
  'error-role-protected': ['', 'isProtected'],
  'error-role-in-use': ['', 'isInUse'],
  'error-invalid-roleId': ['', 'gone'],
  'error-invalid-role': ['', 'gone'],
  'error-admin-required': ['', 'lastAdministrator'],
  'error-user-already-in-role': ['username', 'held'],
  'error-user-not-in-role': ['', 'notHeld'],
  'error-invalid-user': ['username', 'nobody'],
};

const byText: Sentences<Key> = [
  ['higher role', 'whyRank'],
  ['Permission is restricted', 'whyKept'],
  ['Assigning admin', 'whyAdmin'],
  ['Adding permission', 'whyNotHeld'],
];

/** See `retold`, for what is done with roles. @throws FieldMistake, and what the call throws */
export async function judged<T>(call: Promise<T>): Promise<T> {
  return await retold(call, byCode, words.say, byText);
}
