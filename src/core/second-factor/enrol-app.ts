import { toBase32 } from '../../lib/base32.ts';
import type { Account } from '../account/account.ts';
import { recordOf } from '../audit/record.ts';
import { Fault } from '../fault.ts';
import type { Caller, Clock, Random, Sealer } from '../ports.ts';
import { type AppPolicy, appSecretOf, stepHeldBy } from './app-secret.ts';
import { checkBackupCode, makeBackupCodes } from './backup-codes.ts';
import type { Answer, Asked } from './factor.ts';
import { type Attempting, blockedAsSpent } from './gate.ts';
import { mustHaveVerified, mustMayRelyOnEmail, type RelyNeeds, tellChange } from './notices.ts';
import type { FactorStore } from './store.ts';

export interface AppNeeds extends RelyNeeds {
  readonly clock: Clock;
  readonly random: Random;
  readonly sealer: Sealer;
  readonly factors: FactorStore;
  readonly appPolicy: () => AppPolicy;
  /** Second factors as a whole. */
  readonly on: () => boolean;
  /** See `CheckNeeds`. */
  readonly mostWrongCodes: () => number;
  /** Runs a check under the limits of failed sign-ins; what it throws is counted. */
  readonly attempt: (account: Account, caller: Caller, act: (attempting: Attempting) => Promise<void>) => Promise<void>;
}

/** Who sets up, with the session they do it in. */
export interface Enrolling {
  readonly account: Account;
  readonly tokenHash: string;
  /** Whether the session is good for this and nothing else: whoever must set a factor up has to be able to. */
  readonly required: boolean;
}

/** 32 bytes, as clients are used to (realtime.md §11.6). */
const secretBytes = 32;

/**
 * Makes a secret that waits for its first code; one that waited is void (rest.md §9.4).
 * @param label how the authenticator app calls the entry, for example `Rocket.Chat:jane`
 * @returns the secret in base 32, and the `otpauth` URL
 * @throws Fault `factors-switched-off`, `factor-emails-unverified`, `factor-on-already`, `not-signed-in`
 */
export async function beginApp(
  needs: AppNeeds,
  { account, tokenHash, required }: Enrolling,
  label: string,
  caller: Caller,
): Promise<{ readonly secret: string; readonly url: string }> {
  if (!needs.on() || !needs.appPolicy().on) throw new Fault('factors-switched-off');
  if (!required) mustHaveVerified(account);
  const secret = toBase32(needs.random.bytes(secretBytes));
  const outcome = await needs.factors.beginApp(
    account.id,
    { sealedSecret: needs.sealer.seal(secret, appSecretOf(account.id)), begunBy: tokenHash },
    entry(needs, 'factor.begin', account, caller),
  );
  if (outcome === 'on-already') throw new Fault('factor-on-already');
  if (outcome === 'account-gone') throw new Fault('not-signed-in');
  return { secret, url: urlOf(label, secret) };
}

/** The secret that waits, for the session that began: to be shown as a picture. @throws Fault `factor-off` */
export async function waitingApp(
  needs: Pick<AppNeeds, 'factors' | 'sealer'>,
  { account, tokenHash }: Enrolling,
  label: string,
): Promise<{ readonly url: string }> {
  const { app } = await needs.factors.kept(account.id);
  if (app?.begunBy !== tokenHash) throw new Fault('factor-off');
  return { url: urlOf(label, needs.sealer.open(app.sealedSecret, appSecretOf(account.id))) };
}

/**
 * Turns the waiting secret on with a first code of it. Every other session ends (CVE-2023-28316), as does all trust.
 * @returns the backup codes, told this once
 * @throws Fault `factor-code-wrong`, also where nothing waits or another session began; `factor-attempts-spent`
 */
export async function confirmApp(
  needs: AppNeeds,
  { account, tokenHash }: Enrolling,
  code: string,
  caller: Caller,
): Promise<readonly string[]> {
  let codes: readonly string[] = [];
  await underLimits(needs, account, caller, async ({ kept: { app } }) => {
    if (app?.begunBy !== tokenHash) throw new Fault('factor-code-wrong');
    const step = stepHeldBy({ sealer: needs.sealer, policy: needs.appPolicy() }, account.id, app, code, now(needs));
    if (step === undefined) throw new Fault('factor-code-wrong');
    const backup = makeBackupCodes(needs, account.id);
    const { sealedSecret } = app;
    const confirmed = await needs.factors.confirmApp(
      account.id,
      { sealedSecret, begunBy: tokenHash, step, backup: backup.stored },
      entry(needs, 'factor.add', account, caller, { factor: 'app' }),
    );
    if (!confirmed) throw new Fault('factor-code-wrong');
    ({ codes } = backup);
  });
  await tellChange(needs, account, 'factor-added', 'app');
  return codes;
}

/**
 * Takes the app away, with its backup codes, against a code of it or a backup code; always asked, whatever the client
 * is trusted with.
 * @throws Fault `factor-off`, `factor-code-wrong`, `factor-mail-undelivered`, `factor-attempts-spent`
 */
export async function removeApp(needs: AppNeeds, account: Account, code: string, caller: Caller): Promise<void> {
  if (!account.secondFactors.app) throw new Fault('factor-off');
  const { secondFactors } = account;
  if (secondFactors.email && !secondFactors.passkey) await mustMayRelyOnEmail(needs, account);
  await withCode(needs, account, code, caller);
  await needs.factors.removeApp(account.id, entry(needs, 'factor.remove', account, caller, { factor: 'app' }));
  await tellChange(needs, account, 'factor-removed', 'app');
}

/**
 * New backup codes in place of the old ones, which are dead then.
 * @throws Fault `factor-off`, `factor-code-wrong`, `factor-attempts-spent`
 */
export async function renewBackupCodes(
  needs: AppNeeds,
  account: Account,
  code: string,
  caller: Caller,
): Promise<readonly string[]> {
  mustHaveCodes(account);
  await withCode(needs, account, code, caller);
  const { codes, stored } = makeBackupCodes(needs, account.id);
  await needs.factors.setBackupCodes(account.id, stored, entry(needs, 'factor.codes', account, caller));
  return codes;
}

/** How many backup codes are left. @throws Fault `factor-off` */
export async function backupCodesLeft(needs: Pick<AppNeeds, 'factors'>, account: Account): Promise<number> {
  mustHaveCodes(account);
  return (await needs.factors.kept(account.id)).backup?.hashes.length ?? 0;
}

/** Backup codes belong to an app or a passkey, whichever came first. @throws Fault `factor-off` */
function mustHaveCodes({ secondFactors }: Account): void {
  if (!secondFactors.app && !secondFactors.passkey) throw new Fault('factor-off');
}

/** Under the limits that the gate holds codes to. @throws Fault `factor-attempts-spent`, and what `act` throws */
async function underLimits(
  needs: Pick<AppNeeds, 'attempt' | 'mostWrongCodes'>,
  account: Account,
  caller: Caller,
  act: (attempting: Attempting) => Promise<void>,
): Promise<void> {
  await blockedAsSpent({}, async () => {
    await needs.attempt(account, caller, async (attempting) => {
      if (attempting.kept.wrongCodes >= needs.mostWrongCodes()) throw new Fault('factor-attempts-spent');
      await act(attempting);
    });
  });
}

/** Spends a code of the app, or a backup code. @throws Fault `factor-code-wrong`, `factor-attempts-spent` */
async function withCode(needs: AppNeeds, account: Account, code: string, caller: Caller): Promise<void> {
  await underLimits(needs, account, caller, async ({ kept, unless }) => {
    const asked: Asked = { account, kept, caller, now: now(needs), occasion: 'call' };
    const byBackup = checkBackupCode(needs.sealer, asked, code);
    const answer = byBackup.held ? byBackup : byApp(needs, asked, code);
    if (!answer.held || answer.spends === undefined) throw new Fault('factor-code-wrong');
    const outcome = await needs.factors.spend(account.id, answer.spends, unless);
    if (outcome === 'blocked') throw new Fault('factor-attempts-spent');
    if (outcome === 'gone') throw new Fault('factor-code-wrong');
  });
}

function byApp(needs: AppNeeds, { account, kept, now: at }: Asked, code: string): Answer {
  if (kept.app === undefined || kept.app.begunBy !== undefined) return { held: false };
  const step = stepHeldBy({ sealer: needs.sealer, policy: needs.appPolicy() }, account.id, kept.app, code, at);
  return step === undefined ? { held: false } : { held: true, spends: { kind: 'app-step', step } };
}

function now({ clock }: Pick<AppNeeds, 'clock'>): number {
  return clock.now();
}

function entry(
  needs: Pick<AppNeeds, 'clock'>,
  what: string,
  { id }: Account,
  caller: Caller,
  facts: Readonly<Record<string, string>> = {},
) {
  return recordOf(what, { at: needs.clock.now(), caller, actorId: id, accountId: id }, facts);
}

function urlOf(label: string, secret: string): string {
  return `otpauth://totp/${encodeURIComponent(label)}?secret=${secret}&issuer=${encodeURIComponent(issuerOf(label))}`;
}

function issuerOf(label: string): string {
  return label.split(':', 1)[0] ?? label;
}
