import { randomInt } from 'node:crypto';
import type { Account } from '../../core/account/account.ts';
import type { CliApp, CliNeeds } from './needs.ts';
import { Refusal } from './refusal.ts';

const mostBytes = 65_536;
// Without characters that look alike.
const letters = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** A password of 24 characters, over 130 bits. */
export function madeUpPassword(): string {
  return Array.from({ length: 24 }, () => letters[randomInt(letters.length)] ?? '').join('');
}

/**
 * The password that was piped in: one line of UTF-8, the end of the line left out. It is never an argument, since
 * arguments are seen by every process of the host and kept by shells.
 * @throws Refusal `password-missing`, `password-unreadable`
 */
export async function passwordFrom(stdin: CliNeeds['stdin']): Promise<string> {
  if (stdin.isTTY === true) {
    throw new Refusal(
      'password-missing',
      'Standard input is a terminal, which would show the password: pipe it in, for example from a file with < password.txt.',
    );
  }
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of stdin) {
    const chunk = Buffer.from(part);
    bytes += chunk.length;
    if (bytes > mostBytes) throw unreadable('more than a password can be');
    parts.push(chunk);
  }
  const password = decoded(Buffer.concat(parts)).replace(/\r?\n$/u, '');
  if (password === '') throw new Refusal('password-missing', 'No password came on standard input.');
  if (/[\r\n]/u.test(password)) throw unreadable('more than one line');
  return password;
}

function decoded(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw unreadable('no UTF-8 text');
  }
}

function unreadable(what: string): Refusal {
  return new Refusal(
    'password-unreadable',
    `Standard input holds ${what}: it must hold the password alone, on one line.`,
  );
}

const words = {
  'too-short': 'it is too short',
  'too-long': 'it is too long',
  'repeats': 'a character repeats too often',
  'no-lowercase': 'it has no small letter',
  'no-uppercase': 'it has no capital',
  'no-number': 'it has no number',
  'no-special': 'it has no special character',
  'common': 'it is a common one',
  'names-oneself': 'it is a name of the account or of the site',
} as const;

/** What the policy says against a password that the host gives all the same; undefined for nothing. */
export async function weaknessOf(app: CliApp, plain: string, account: Account): Promise<string | undefined> {
  const broken = (await app.host.passwordViolations(plain, account)).map((violation) => words[violation]);
  if (broken.length === 0) return undefined;
  return `The password is set, and does not fit the policy: ${broken.join(', ')}.`;
}
