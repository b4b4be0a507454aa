import assert from 'node:assert/strict';
import { type Fields, isFields, type Json } from './recording.ts';

const form: Readonly<Record<string, RegExp>> = {
  session: /^[23456789ABCDEFGHJKLMNPQRSTWXYZabcdefghijkmnopqrstuvwxyz]{17}$/,
  userId: /^[23456789ABCDEFGHJKLMNPQRSTWXYZabcdefghijkmnopqrstuvwxyz]{17}$/,
  token: /^[\w-]{43}$/,
};

const dayMs = 24 * 60 * 60 * 1000;

/** The values that stand behind the placeholders of one scenario: bound when first seen, the same ever after. */
export class Placeholders {
  readonly #bound = new Map<string, string>();

  /** A frame to send, with what is known put in. */
  fill(value: Json): Json {
    if (typeof value === 'string') return value.replaceAll(/<(\w+):\d+>/g, (name) => this.#known(name));
    if (Array.isArray(value)) return value.map((one: Json) => this.fill(one));
    if (!isFields(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, this.fill(one)]));
  }

  /** Compares with a recorded frame, the order of keys included. `path` is for the message. */
  compare(recorded: Json, got: Json | undefined, path: string): void {
    if (isFields(recorded)) {
      assert.ok(isFields(got), `${path} is ${JSON.stringify(got)}, recorded ${JSON.stringify(recorded)}`);
      assert.deepEqual(Object.keys(got), Object.keys(recorded), `the keys of ${path}`);
      for (const [key, one] of Object.entries(recorded)) this.compare(one, got[key], `${path}.${key}`);
    } else if (Array.isArray(recorded)) {
      assert.ok(Array.isArray(got), `${path} is ${JSON.stringify(got)}, recorded ${JSON.stringify(recorded)}`);
      assert.equal(got.length, recorded.length, `the length of ${path}`);
      for (const [index, one] of (recorded as readonly Json[]).entries()) {
        this.compare(one, (got as readonly Json[])[index], `${path}[${index}]`);
      }
    } else if (recorded === '<ms>') compareMoment(got, path);
    else if (typeof recorded === 'string' && /<\w+:\d+>/.test(recorded)) this.#compareName(recorded, got, path);
    else if (typeof recorded === 'string' && recorded.includes('<n>')) compareSeconds(recorded, got, path);
    else assert.deepEqual(got, recorded, path);
  }

  /** Takes a value that is in no frame. */
  know(name: string, value: string): void {
    this.#bound.set(name, value);
  }

  #known(name: string): string {
    const value = this.#bound.get(name);
    assert.ok(value !== undefined, `${name} was never seen`);
    return value;
  }

  #compareName(name: string, got: Json | undefined, path: string): void {
    assert.ok(typeof got === 'string', `${path} is ${JSON.stringify(got)}, recorded ${name}`);
    const bound = this.#bound.get(name);
    if (bound !== undefined) {
      assert.equal(got, bound, `${path} is another ${name} than before`);
      return;
    }
    assert.match(got, form[/\w+/.exec(name)?.[0] ?? ''] ?? /./, `${path}, recorded ${name}`);
    for (const [other, value] of this.#bound) assert.notEqual(got, value, `${path} is ${other}, recorded ${name}`);
    this.#bound.set(name, got);
  }
}

/** An expiry is 90 days ahead of the log-in, and the log-in was in this test; a wait is within the window of 10 s. */
function compareMoment(got: Json | undefined, path: string): void {
  assert.ok(Number.isSafeInteger(got) && typeof got === 'number', `${path} is ${JSON.stringify(got)}`);
  if (path.endsWith('.timeToReset')) assert.ok(got > 0 && got <= 10_000, `${path} is ${got}`);
  else assert.ok(Math.abs(got - Date.now() - 90 * dayMs) < 5 * 60_000, `${path} is ${new Date(got).toISOString()}`);
}

function compareSeconds(recorded: string, got: Json | undefined, path: string): void {
  assert.ok(typeof got === 'string', `${path} is ${JSON.stringify(got)}`);
  assert.equal(got.replace(/\b(?:10|[1-9])\b(?= seconds)/, '<n>'), recorded, path);
}

/** The published members of the own user document (realtime.md §9.1). */
const published: ReadonlySet<string> = new Set(
  `profile username emails name nickname statusDefault statusText statusSource statusExpiresAt statusConnection bio
  title nationality languages avatarOrigin utcOffset language settings enableAutoAway idleTimeLimit roles active
  defaultRoom customFields requirePasswordChange requirePasswordChangeReason statusLivechat banners oauth _updatedAt
  avatarETag openBusinessHours abacAttributes services`.split(/\s+/),
);

/**
 * Ours publishes more members than the host app of the recording did, so this compares that it is the right person, and
 * that nothing else of the account is told.
 */
export function compareOwnDocument(recorded: Fields, got: Json | undefined, path: string): void {
  assert.ok(isFields(got), `${path} is ${JSON.stringify(got)}`);
  if (recorded['username'] !== undefined) assert.equal(got['username'], recorded['username'], `${path}.username`);
  const addresses = addressesOf(recorded);
  if (addresses !== undefined) assert.deepEqual(addressesOf(got), addresses, `${path}.emails`);
  for (const key of Object.keys(got)) assert.ok(published.has(key), `${path}.${key} is not to be published`);
  assert.ok(!('services' in got), `${path}.services: this account has no second factor`);
  assert.doesNotMatch(JSON.stringify(got), /argon2|bcrypt|\$2[aby]\$|[Hh]ash|[Tt]oken|digest/, path);
}

function addressesOf({ emails }: Fields): readonly Json[] | undefined {
  return Array.isArray(emails)
    ? emails.map((one: Json) => (isFields(one) ? (one['address'] ?? null) : null))
    : undefined;
}
