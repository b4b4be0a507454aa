import { inspect } from 'node:util';
import { Fault, type FaultCode, type FaultFacts } from '../../core/fault.ts';
import { UsageError } from './command.ts';

/** A refusal of the command line itself, with a sentence that says what to do. */
export class Refusal extends Error {
  readonly code: string;

  /** @param code for `--json`, for example `account-ambiguous` */
  constructor(code: string, sentence: string) {
    super(sentence);
    this.code = code;
  }
}

/** The product could not be opened or started; the message is a sentence for the operator. */
export class OpeningError extends Error {}

/** An error that came while the product was opened or started, as one to be told; refusals and mistakes of ours stay. */
export function openingErrorOf(cause: unknown): unknown {
  const told = cause instanceof Fault || cause instanceof OpeningError;
  if (told || !(cause instanceof Error) || isMistake(cause)) return cause;
  return new OpeningError(cause.message, { cause });
}

/** How a failed call is told. */
export interface Told {
  readonly code: string;
  readonly message: string;
  readonly facts?: FaultFacts;
  readonly exitCode: 1 | 2;
}

/** What an operator can do about a refusal. */
const advice: Partial<Record<FaultCode, string>> = {
  'account-closed': 'Open it first: countersign user enable.',
  'account-unknown': 'See who there is: countersign user list.',
  'busy': 'Try again shortly.',
  'email-domain-not-allowed': 'The setting Accounts_AllowedDomainsList names the allowed ones.',
  'email-domain-blocked': 'The setting Accounts_BlockedDomainsList names the blocked ones.',
  'last-administrator': 'Make another first: countersign user create <username> --role admin.',
  'password-unacceptable': 'It must not be empty or blank.',
  'personal-token-exists': 'Choose another name, or revoke that one: countersign token list, countersign token revoke.',
  'session-unknown': 'See which there are: countersign session list.',
  'role-in-use': 'See who has it: countersign user list.',
  'setting-unknown': 'See which there are: countersign setting list.',
  'token-unknown': 'See which there are: countersign token list.',
  'unavailable': 'Look at the database: countersign doctor.',
};

/**
 * Tells an error to the operator: a refusal in the sentence of `core/fault.ts` with the facts that help, anything else
 * in one sentence.
 * @param options.stack whether where it happened is told as well
 */
export function tell(cause: unknown, options: { readonly stack: boolean }): Told {
  if (cause instanceof UsageError) return { code: 'usage', message: cause.message, exitCode: 2 };
  if (cause instanceof Refusal) return { code: cause.code, message: cause.message, exitCode: 1 };
  if (cause instanceof Fault) {
    const message = [`${cause.message.replace(/\.$/u, '')}${inBrackets(cause.facts)}.`, advice[cause.code]];
    return {
      code: cause.code,
      message: `${message.filter((sentence) => sentence !== undefined).join(' ')}${where(cause, options)}`,
      facts: cause.facts,
      exitCode: 1,
    };
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (cause instanceof OpeningError) {
    return { code: 'cannot-open', message: `${reason}${where(cause, options)}`, exitCode: 1 };
  }
  const hint = options.stack ? '' : ' (LOG_LEVEL=debug shows where)';
  return {
    code: 'unexpected',
    message: `This stopped unexpectedly: ${reason.replace(/\.$/u, '')}${hint}.${where(cause, options)}`,
    exitCode: 1,
  };
}

function isMistake(cause: Error): boolean {
  return [TypeError, RangeError, ReferenceError, SyntaxError].some((kind) => cause instanceof kind);
}

function where(cause: unknown, { stack }: { readonly stack: boolean }): string {
  return stack ? `\n${inspect(cause)}` : '';
}

/** ` (username: ada)`, or nothing. */
function inBrackets(facts: FaultFacts): string {
  const told = Object.entries(facts).flatMap(([name, value]) => fact(name, value));
  return told.length === 0 ? '' : ` (${told.join('; ')})`;
}

function fact(name: string, value: unknown): readonly string[] {
  // `act` picks a text on the other wires, and tells an operator nothing.
  if (name === 'act') return [];
  if (name === 'retryAfterMs' && typeof value === 'number') {
    return [`again in ${Math.ceil(value / 1000)} seconds`];
  }
  const words = name.replace(/[A-Z]/gu, (letter) => ` ${letter.toLowerCase()}`);
  if (Array.isArray(value)) return [`${words}: ${value.map(String).join(', ')}`];
  if (typeof value === 'string' || typeof value === 'number') return [`${words}: ${value}`];
  return [];
}
