import type { Fault, FaultCode } from '../../../core/fault.ts';
import type { Speech } from '../../shapes/speech.ts';
import type { WordKey } from '../../shapes/words/en.ts';

/** What a person reads who could not be signed in. */
export interface RefusalInWords {
  readonly status: number;
  readonly told: string;
}

type Refusal = readonly [status: number, word: WordKey];

const wrong: Refusal = [401, 'wrongCredentials'];

const words: Partial<Readonly<Record<FaultCode, Refusal>>> = {
  'account-closed': [403, 'accountClosed'],
  'account-without-roles': [403, 'accountWithoutRoles'],
  'email-not-verified': [403, 'emailUnverified'],
  'temporary-password-over': [403, 'temporaryPasswordOver'],
  'busy': [503, 'busy'],
  'unavailable': [503, 'unavailable'],
  'provider-unreachable': [502, 'directoryUnreachable'],
};

const late: ReadonlySet<FaultCode> = new Set([
  'account-blocked',
  'address-blocked',
  'rate-limited',
  'factor-attempts-spent',
]);

/** A refusal in words for whoever sits before the page; they never tell more than the JSON API does. */
export function refusalInWords({ code, facts }: Pick<Fault, 'code' | 'facts'>, speech: Speech): RefusalInWords {
  if (!late.has(code)) {
    const [status, word] = words[code] ?? wrong;
    return { status, told: speech.say(word) };
  }
  const { retryAfterMs } = facts;
  if (typeof retryAfterMs !== 'number') return { status: 429, told: speech.say('tooMany') };
  const minutes = speech.minutes(Math.max(1, Math.ceil(retryAfterMs / 60_000)));
  return { status: 429, told: speech.say('tooManyFor', { minutes }) };
}
