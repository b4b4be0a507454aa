import type { App } from '../../../app.ts';
import { Fault, type FaultCode } from '../../../core/fault.ts';
import { page } from '../../shapes/page.ts';
import { speechOf } from '../../shapes/speech.ts';
import type { WordKey } from '../../shapes/words/en.ts';
import type { PlainAnswer, PlainRequest } from './plain-route.ts';

/** What a person reads whose sign-in at a provider came to nothing: a sentence, and nothing of what the provider said. */
const told: Partial<Readonly<Record<FaultCode, readonly [status: number, sentence: WordKey]>>> = {
  'pending-log-in-unknown': [400, 'flowUnknown'],
  'log-in-code-unknown': [400, 'flowLate'],
  'malformed': [400, 'flowIncomplete'],
  'provider-off': [404, 'providerOff'],
  'provider-refused': [403, 'providerRefused'],
  'provider-unreachable': [502, 'providerUnreachable'],
  'identity-address-taken': [403, 'addressTaken'],
  'identity-username-taken': [403, 'usernameTaken'],
  'external-registration-closed': [403, 'externalClosed'],
  'email-domain-not-allowed': [403, 'domainRefused'],
  'email-domain-blocked': [403, 'domainRefused'],
  'account-closed': [403, 'accountClosed'],
  'factor-enrolment-required': [403, 'needsFactor'],
  'password-change-required': [403, 'needsPassword'],
  'account-without-roles': [403, 'accountWithoutRoles'],
  'account-blocked': [429, 'tooMany'],
  'address-blocked': [429, 'tooMany'],
  'busy': [503, 'busy'],
  'unavailable': [503, 'unavailable'],
};

/** The refusals that have words of their own. */
export const toldCodes: ReadonlySet<FaultCode> = new Set(Object.keys(told) as FaultCode[]);

/** The page for a refusal. @throws what is no refusal */
export function refusalPage(app: App, { headers }: Pick<PlainRequest, 'headers'>, cause: unknown): PlainAnswer {
  if (!(cause instanceof Fault)) throw cause;
  const speech = speechOf(app, headers);
  const [status, sentence] = told[cause.code] ?? [403, 'notSignedInText'];
  const body = `<h1>${speech.html('notSignedIn')}</h1>\n<p>${speech.html(sentence)}</p>`;
  return page(app, speech.say('notSignedIn'), body, { status, speech });
}
