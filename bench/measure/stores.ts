import { hash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { NewAccount } from '../../src/core/account/store.ts';
import { beginTrail } from '../../src/core/audit/begin-trail.ts';
import { sampleAccount, sampleToken } from '../../src/core/samples.suite.ts';
import type { Token } from '../../src/core/session/token.ts';
import { sha256Base64, sha256Hex } from '../../src/lib/digest.ts';
import { sealerOf } from '../../src/lib/seal.ts';
import { systemClock } from '../../src/lib/system-clock.ts';
import { systemRandom } from '../../src/lib/system-random.ts';
import { openSqlite } from '../../src/stores/sqlite/open.ts';
import { addresses, addressOf } from '../load/jobs.ts';

/** The password of every account that a program makes. */
export const password = 'correct horse battery staple';
export const passwordDigest = sha256Hex(password);
/** The key of every store that a program makes. */
const key = Buffer.alloc(32, 1);
export const sealer = sealerOf(key);

/** What a store holds when a program begins. Its texts follow from their numbers, so that no list need be kept. */
export interface Filling {
  readonly accounts: number;
  /** One live token each for the first accounts; the rest all belong to the account `heavyAccount`. */
  readonly tokens: number;
  readonly tokensOfOne?: number;
  /** Tokens that ended long ago, of the first accounts in turn. */
  readonly expired?: number;
}

export function usernameOf(n: number): string {
  return `user.${n}`;
}

export function accountIdOf(n: number): string {
  return `bench${String(n).padStart(12, '0')}`;
}

/** 43 characters, as a client would hold it. */
export function tokenTextOf(n: number): string {
  return hash('sha256', `token ${n} of a measurement`, 'base64url');
}

/** The account that owns all the tokens of `tokensOfOne`; it has no other. */
export const heavyAccount = 7;
/** The number of the first of these tokens. */
export const firstHeavyToken = 1_000_000_000;
const firstExpiredToken = 2_000_000_000;

const dayMs = 86_400_000;
const firstMoment = Date.parse('2026-01-01T00:00:00Z');

/** A stored hash of `password`, made anew with the product's own parameters. */
export async function storedPassword(): Promise<string> {
  // Its name in the package is a const enum, which erasure cannot read.
  const argon2id = 2;
  const argon = await import('@node-rs/argon2');
  return await argon.hash(passwordDigest, { algorithm: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 });
}

/** Writes a store through the product's own way in for many rows at once. */
async function fillStore(file: string, filling: Filling): Promise<void> {
  const passwordHash = await storedPassword();
  const store = await openSqlite({ file, clock: systemClock });
  try {
    await beginTrail({ audit: store.audit, sealer, random: systemRandom });
    await inSteps(filling.accounts, async (from, to) => {
      await store.bulk.accounts(numbers(from, to).map((n) => account(n, passwordHash)));
    });
    await inSteps(filling.tokens, async (from, to) => {
      await store.bulk.tokens(numbers(from, to).map((n) => token(n, n % filling.accounts)));
    });
    await inSteps(filling.tokensOfOne ?? 0, async (from, to) => {
      await store.bulk.tokens(numbers(from, to).map((n) => token(firstHeavyToken + n, heavyAccount)));
    });
    await inSteps(filling.expired ?? 0, async (from, to) => {
      const expired = numbers(from, to).map((n) => token(firstExpiredToken + n, n % filling.accounts));
      await store.bulk.tokens(expired.map((one) => ({ ...one, endsAt: firstMoment + dayMs })));
    });
  } finally {
    await store.close();
  }
}

/** A folder with a filled `countersign.db` that may be changed; it is deleted by `remove`. */
export async function newFolder(filling: Filling, keep = false): Promise<{ folder: string; remove: () => void }> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
  const file = join(folder, 'countersign.db');
  try {
    if (keep) copyFileSync(await keptStore(filling), file);
    else await fillStore(file, filling);
    writeFileSync(join(folder, 'countersign.key'), `${key.toString('base64')}\n`, { mode: 0o600 });
  } catch (cause) {
    rmSync(folder, { recursive: true, force: true });
    throw cause;
  }
  return {
    folder,
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** To be raised when the rows that are written here change. */
const fillingVersion = 3;

/** Large stores are made once and kept between runs, until the schema or the way of filling changes. */
async function keptStore(filling: Filling): Promise<string> {
  const { accounts, tokens, tokensOfOne = 0, expired = 0 } = filling;
  const schema = readFileSync(new URL('../../src/stores/sql/migrations.ts', import.meta.url));
  const version = hash('sha256', schema, 'hex').slice(0, 12);
  const size = `${accounts}-${tokens}-${tokensOfOne}-${expired}-`;
  const folder = join(tmpdir(), 'countersign-bench-kept');
  const file = join(folder, `${size}${fillingVersion}-${version}.db`);
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  // Of an older schema, or never finished.
  for (const old of readdirSync(folder)) if (old.startsWith(size)) rmSync(join(folder, old));
  console.log(`         making a store of ${filling.accounts} accounts and ${filling.tokens} tokens, once ...`);
  await fillStore(`${file}.part`, filling);
  renameSync(`${file}.part`, file);
  return file;
}

/** Few enough at a time that a write stays bounded in memory. */
async function inSteps(count: number, act: (from: number, to: number) => Promise<void>): Promise<void> {
  for (let from = 0; from < count; from += 10_000) await act(from, Math.min(count, from + 10_000));
}

function numbers(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from }, (_, n) => from + n);
}

function account(n: number, passwordHash: string): NewAccount {
  const createdAt = firstMoment + n * 1000;
  return sampleAccount({
    id: accountIdOf(n),
    username: usernameOf(n),
    name: `User ${n}`,
    emails: [{ address: `user.${n}@example.com`, verified: true }],
    passwordHash,
    createdAt,
    updatedAt: createdAt,
  });
}

function token(n: number, ofAccount: number): Token {
  const now = Date.now();
  return sampleToken(accountIdOf(ofAccount), {
    hash: sha256Base64(tokenTextOf(n)),
    id: `token${String(n).padStart(12, '0')}`,
    createdAt: now,
    // A store that is kept must not grow old.
    endsAt: now + 3650 * dayMs,
    usedAt: now,
    // Where the load will come from, as whoever comes back mostly does.
    address: addressOf(n % addresses),
    userAgent: 'countersign-bench',
  });
}
