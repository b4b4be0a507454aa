import type { App } from '../../../app.ts';
import { Fault, type FaultCode } from '../../../core/fault.ts';
import { escapeHtml, page } from '../../shapes/page.ts';
import type { PlainAnswer } from './plain-route.ts';

/** What a person reads whose sign-in at a provider came to nothing: a sentence, and nothing of what the provider said. */
const told: Partial<Readonly<Record<FaultCode, readonly [status: number, sentence: string]>>> = {
  'pending-log-in-unknown': [
    400,
    'This sign-in was not begun in this browser, was used already, or took too long. Begin again where you wanted to sign in.',
  ],
  'log-in-code-unknown': [400, 'This sign-in took too long. Begin again where you wanted to sign in.'],
  'malformed': [400, 'This address is not complete. Begin again where you wanted to sign in.'],
  'provider-off': [404, 'Nobody can sign in with a service of this name here.'],
  'provider-refused': [403, 'The service did not let you in, or what it told was not accepted.'],
  'provider-unreachable': [502, 'The service did not answer as it should. Try again later.'],
  'identity-address-taken': [
    403,
    'There is an account with your e-mail address here. Sign in to it with its password and join the service to it there; where you have none, have a new one mailed to you.',
  ],
  'identity-username-taken': [403, 'Somebody else has your username here. Ask your administrator.'],
  'external-registration-closed': [
    403,
    'People who have no account here get none in this way. Ask your administrator.',
  ],
  'email-domain-not-allowed': [403, 'Addresses like yours may not sign in here.'],
  'email-domain-blocked': [403, 'Addresses like yours may not sign in here.'],
  'account-closed': [403, 'Your account is switched off, or waits for an administrator to approve it.'],
  'factor-enrolment-required': [
    403,
    'Your account needs a second factor. Sign in with the application that you use every day, set one up there, and come back.',
  ],
  'password-change-required': [
    403,
    'Your password must be changed first. Sign in with the application that you use every day, choose a new one there, and come back.',
  ],
  'account-without-roles': [403, 'Your account has no role here. Ask your administrator.'],
  'account-blocked': [429, 'Too many sign-ins have failed. Try again in a while.'],
  'address-blocked': [429, 'Too many sign-ins have failed. Try again in a while.'],
  'busy': [503, 'The server has more to do than it can. Try again shortly.'],
  'unavailable': [503, 'The server cannot look anything up now. Try again shortly.'],
};

/** The refusals that have words of their own. */
export const toldCodes: ReadonlySet<FaultCode> = new Set(Object.keys(told) as FaultCode[]);

const title = 'You are not signed in';

/** The page for a refusal. @throws what is no refusal */
export function refusalPage(app: App, cause: unknown): PlainAnswer {
  if (!(cause instanceof Fault)) throw cause;
  const [status, sentence] = told[cause.code] ?? [403, 'You could not be signed in.'];
  return page(app, title, `<h1>${title}</h1>\n<p>${escapeHtml(sentence)}</p>`, { status });
}
