import { ClientError } from '../src/client/index.ts';
import { shared } from './words/shared.ts';

/** The field that a refusal is about, by the name that forms give it. */
export interface Explained {
  readonly text: string;
  readonly field?: string;
}

/** A mistake that was seen before anything was sent, or that a refusal told, beside the field that holds it. */
export class FieldMistake extends Error {
  override readonly name = 'FieldMistake';
  readonly field: string;

  constructor(field: string, text: string) {
    super(text);
    this.field = field;
  }
}

/** A refusal that a screen knows better, in its words; it stands above the fields. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

/** Refusals that mean the same wherever they come from; what a screen knows better it says itself. */
const known: Readonly<Record<string, (error: ClientError) => string>> = {
  'network': () => shared.say('noAnswer'),
  'insecure-context': () => shared.say('insecureContext'),
  'error-too-many-requests': waiting,
  'too-many-requests': waiting,
  'error-login-blocked-for-user': waiting,
  'error-login-blocked-for-ip': waiting,
  'totp-required': () => shared.say('factorNeeded'),
  'totp-invalid': () => shared.say('factorWrong'),
  'error-not-allowed': () => shared.say('notAllowed'),
  'error-action-not-allowed': () => shared.say('notAllowed'),
  'unauthorized': () => shared.say('notAllowed'),
  'error-sign-in-not-fresh': () => shared.say('signInAgain'),
};

function waiting({ retryAfter }: ClientError): string {
  if (retryAfter === undefined) return shared.say('waitABit');
  return retryAfter < 90
    ? shared.say('waitSeconds', { count: Math.max(1, Math.ceil(retryAfter)) })
    : shared.say('waitMinutes', { count: Math.ceil(retryAfter / 60) });
}

/** What went wrong in words that say what to do. @throws what is no refusal */
export function explain(cause: unknown): Explained {
  // A mistake of no field is one of the form as a whole.
  if (cause instanceof FieldMistake) {
    return { text: cause.message, ...(cause.field === '' ? {} : { field: cause.field }) };
  }
  if (cause instanceof Refused) return { text: cause.message };
  if (!(cause instanceof ClientError)) throw cause;
  const told = known[cause.code] ?? known[String(cause.error)];
  if (told !== undefined) return { text: told(cause) };
  if (cause.status === 429) return { text: waiting(cause) };
  if (cause.status === 503) return { text: shared.say('busy') };
  if (cause.status === 403) return { text: shared.say('notAllowed') };
  if (cause.status >= 500) return { text: shared.say('serverTrouble') };
  return { text: shared.say('refused', { reason: reasonOf(cause) }) };
}

/** The sentence of the server without the code that it carries at its end. */
function reasonOf({ message }: ClientError): string {
  return message.replace(/\s*\[[\w-]+\]$/u, '');
}
