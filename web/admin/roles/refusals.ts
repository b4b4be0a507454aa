import { ClientError } from '../../../src/client/index.ts';
import { FieldMistake } from '../../explain.ts';
import { roles as words } from '../../words/roles.ts';

/** Refusals that mean one thing in the administration of roles. */
const byCode: Readonly<Record<string, readonly [field: string, text: Parameters<typeof words.say>[0]]>> = {
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

const byText: readonly (readonly [part: string, text: Parameters<typeof words.say>[0]])[] = [
  ['higher role', 'whyRank'],
  ['Permission is restricted', 'whyKept'],
  ['Assigning admin', 'whyAdmin'],
  ['Adding permission', 'whyNotHeld'],
];

/** Waits for a call, and says in words why it was refused. @throws FieldMistake, and what the call throws */
export async function judged<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (cause) {
    if (!(cause instanceof ClientError)) throw cause;
    const { code, message } = cause;
    const meant = byText.find(([part]) => message.includes(part));
    if (meant !== undefined) throw new FieldMistake('', words.say(meant[1]));
    const known = Object.hasOwn(byCode, code) ? byCode[code] : undefined;
    if (known === undefined) throw cause;
    throw new FieldMistake(known[0], words.say(known[1]));
  }
}
