import type { Fault, FaultCode } from '../../../core/fault.ts';

/** What a person reads who could not be signed in. */
export interface RefusalInWords {
  readonly status: number;
  readonly told: string;
}

const wrong: RefusalInWords = { status: 401, told: 'The name or the password is not right.' };

const words: Partial<Readonly<Record<FaultCode, RefusalInWords>>> = {
  'account-closed': { status: 403, told: 'Your account is switched off, or waits for an administrator to approve it.' },
  'account-without-roles': { status: 403, told: 'Your account has no role here. Ask your administrator.' },
  'email-not-verified': {
    status: 403,
    told: 'Your e-mail address is not verified yet. Follow the link in the mail that you were sent.',
  },
  'temporary-password-over': {
    status: 403,
    told: 'Your password had to be changed within a time that is over. Ask your administrator for a new one.',
  },
  'busy': { status: 503, told: 'The server has more to do than it can. Try again shortly.' },
  'unavailable': { status: 503, told: 'The server cannot look anything up now. Try again shortly.' },
  'provider-unreachable': { status: 502, told: 'The directory did not answer as it should. Try again later.' },
};

const late: ReadonlySet<FaultCode> = new Set([
  'account-blocked',
  'address-blocked',
  'rate-limited',
  'factor-attempts-spent',
]);

/** A refusal in words for whoever sits before the page; they never tell more than the JSON API does. */
export function refusalInWords({ code, facts }: Fault): RefusalInWords {
  if (!late.has(code)) return words[code] ?? wrong;
  const { retryAfterMs } = facts;
  const minutes = typeof retryAfterMs === 'number' ? Math.max(1, Math.ceil(retryAfterMs / 60_000)) : undefined;
  const when = minutes === undefined ? 'in a while' : `in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`;
  return { status: 429, told: `Too many sign-ins have failed. Try again ${when}.` };
}
