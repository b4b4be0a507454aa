import { retold } from '../../retold.ts';
import { security as words } from '../../words/security.ts';

/** Waits for a call about second factors; what it refuses is said in words of this screen. @throws FieldMistake */
export async function ofFactors<T>(call: Promise<T>): Promise<T> {
  return await retold(
    call,
    {
      'invalid-totp': ['code', 'codeWrong'],
      'totp-max-attempts': ['', 'attemptsSpent'],
      'error-sign-in-not-fresh': ['', 'notFresh'],
      'error-two-factor-not-enabled': ['', 'switchedOff'],
      'error-invalid-user': ['', 'emailNeeds'],
      'error-mail-not-delivered': ['', 'emailUndelivered'],
      'error-invalid-passkey': ['', 'passkeyRefused'],
    },
    words.say,
  );
}
