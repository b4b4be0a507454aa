import { retold } from '../../retold.ts';
import { security as words } from '../../words/security.ts';

/** Waits for a call about second factors; what it refuses is said in words of this screen. @throws FieldMistake */
export async function ofFactors<T>(call: Promise<T>): Promise<T> {
  return await retold(call, {
    'invalid-totp': ['code', () => words.say('codeWrong')],
    'totp-max-attempts': ['', () => words.say('attemptsSpent')],
    'error-sign-in-not-fresh': ['', () => words.say('notFresh')],
    'error-two-factor-not-enabled': ['', () => words.say('switchedOff')],
    'error-invalid-user': ['', () => words.say('emailNeeds')],
    'error-mail-not-delivered': ['', () => words.say('emailUndelivered')],
    'error-invalid-passkey': ['', () => words.say('passkeyRefused')],
  });
}
