import assert from 'node:assert/strict';
import type { Outcome } from './doors.ts';

/** What the insides of the server would say, and no answer may. */
const insides =
  /\bat [\w.<>]+ \(|\.ts:\d+|node:internal|node_modules|SQLITE|SqliteError|kysely|TypeError|ReferenceError|SyntaxError|RangeError|argon2|bcrypt|postgres|ECONNREFUSED/u;

/** A token of ours: 43 characters of its alphabet. */
const tokenText = /(?<![\w-])[\w-]{43}(?![\w-])/u;

/** Codes of a refused sign-in; 145546287 is "no such pending login". */
const refusals: ReadonlySet<string | number | undefined> = new Set([400, 403, 145_546_287]);

/** An answer that tells nothing of our insides. */
export function mustTellNothing(text: string): void {
  assert.doesNotMatch(text, insides);
  assert.doesNotMatch(text, /\$argon2|\$2[aby]\$/u, 'no stored hash');
}

/** REFUSE of attacks.md: no session, the status and the code of a refusal, and nothing of our insides. */
export function mustRefuse(outcome: Outcome): void {
  const where = `${outcome.door}: ${outcome.status} ${outcome.text.slice(0, 400)}`;
  assert.equal(outcome.opened, undefined, `a session was opened at ${where}`);
  switch (outcome.door) {
    case 'REST JSON':
    case 'REST form':
      assert.ok([400, 401, 413].includes(outcome.status), where);
      break;
    case 'DDP':
      assert.ok(refusals.has(outcome.error), where);
      break;
    default:
      assert.ok([200, 400, 401, 413].includes(outcome.status), where);
      // A method error stands inside; a call that was no call has text in its place.
      assert.ok(typeof outcome.error === 'string' || refusals.has(outcome.error), where);
      assert.notEqual(outcome.error, 'too-many-requests', where);
  }
  mustTellNothing(outcome.text);
  assert.doesNotMatch(outcome.text, tokenText, where);
}

/** What two answers may differ in. */
const ownOfEach: ReadonlySet<string> = new Set(['date', 'x-request-id', 'x-ratelimit-remaining', 'x-ratelimit-reset']);

/** SAME of attacks.md: the same bytes, status and headers. */
export function mustBeSame(outcome: Outcome, ordinary: Outcome): void {
  assert.equal(outcome.status, ordinary.status, outcome.text);
  assert.equal(outcome.text, ordinary.text);
  assert.deepEqual(comparable(outcome), comparable(ordinary));
}

function comparable({ headers }: Outcome): readonly unknown[] {
  return Object.entries(headers).map(([name, value]) => [name, ownOfEach.has(name) ? '' : value]);
}
