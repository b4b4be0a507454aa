import { checkNewCredential, creationOptions, newCredentialIn, userHandleOf } from '../../lib/webauthn.ts';
import type { Account } from '../account/account.ts';
import { recordOf } from '../audit/record.ts';
import { Fault } from '../fault.ts';
import type { Caller, Sealer } from '../ports.ts';
import { makeBackupCodes } from './backup-codes.ts';
import type { Enrolling } from './enrol-app.ts';
import { mustMayRelyOnEmail, type RelyNeeds, tellChange } from './notices.ts';
import {
  hashOfChallenge,
  makePasskeyChallenge,
  type PasskeyChallengeNeeds,
  passkeyChallengeLifeMs,
  siteNow,
} from './passkey-challenge.ts';
import type { Passkey, PasskeyStore } from './passkey-store.ts';

export interface PasskeyEnrolNeeds extends PasskeyChallengeNeeds, RelyNeeds {
  readonly sealer: Pick<Sealer, 'mark'>;
  readonly passkeys: PasskeyStore;
  /** Second factors as a whole. */
  readonly on: () => boolean;
}

/** So many passkeys an account may have. */
const mostPasskeys = 20;

/** In characters. */
export const longestPasskeyName = 64;

/**
 * Begins to add a passkey: what a browser needs to make one, `PublicKeyCredentialCreationOptionsJSON`. Good for this
 * session, for five minutes, once.
 * @throws Fault `factors-switched-off`, also where browsers make no passkeys at this server's address;
 *   `passkey-refused` where the account has as many as it may
 */
export async function beginPasskey(
  needs: PasskeyEnrolNeeds,
  { account, tokenHash }: Enrolling,
): Promise<Readonly<Record<string, unknown>>> {
  const site = siteNow(needs);
  if (!needs.on() || !site.usable) throw new Fault('factors-switched-off');
  const except = await needs.passkeys.list(account.id);
  if (except.length >= mostPasskeys) throw new Fault('passkey-refused');
  const name = account.username ?? account.id;
  return creationOptions({
    site,
    siteName: needs.site().name,
    challenge: await makePasskeyChallenge(needs, 'passkey-add', account.id, { begunBy: tokenHash }),
    user: { handle: userHandleOf(account.id), name, displayName: account.name ?? name },
    except,
    timeoutMs: passkeyChallengeLifeMs,
  });
}

/**
 * Adds the passkey that a browser has made. Every other session ends, as does all trust in clients.
 * @param credential `RegistrationResponseJSON`, read strictly
 * @returns the passkey, and backup codes, told this once, where the account had none left
 * @throws Fault `passkey-refused`, `malformed` over the name, `factors-switched-off`, `not-signed-in`
 */
export async function addPasskey(
  needs: PasskeyEnrolNeeds,
  { account, tokenHash }: Enrolling,
  asked: { readonly name: string; readonly credential: unknown },
  caller: Caller,
): Promise<{ readonly passkey: Passkey; readonly codes: readonly string[] | undefined }> {
  if (!needs.on()) throw new Fault('factors-switched-off');
  const name = passkeyName(asked.name);
  const given = newCredentialIn(asked.credential);
  if (given === undefined) throw new Fault('passkey-refused');
  const now = needs.clock.now();
  const challenge = await needs.challenges.take(hashOfChallenge(given.challenge), 'passkey-add', now);
  if (challenge?.accountId !== account.id || challenge.facts['begunBy'] !== tokenHash) {
    throw new Fault('passkey-refused');
  }
  const checked = await checkNewCredential(given, { challenge: given.challenge, site: siteNow(needs) });
  if (!checked.held) throw new Fault('passkey-refused');
  const passkey: Passkey = {
    id: given.id,
    accountId: account.id,
    name,
    publicKey: checked.publicKey,
    signCount: checked.signCount,
    transports: given.transports,
    backedUp: checked.backedUp,
    createdAt: now,
    usedAt: undefined,
  };
  const backup = makeBackupCodes(needs, account.id);
  const outcome = await needs.passkeys.add(
    passkey,
    { most: mostPasskeys, keep: tokenHash, backup: backup.stored },
    entry(needs, 'factor.add', account, caller, { factor: 'passkey', passkey: passkey.id }),
  );
  switch (outcome) {
    case 'too-many':
    case 'id-taken':
      throw new Fault('passkey-refused');
    case 'account-gone':
      throw new Fault('not-signed-in');
    case 'added':
    case 'added-with-backup':
      await tellChange(needs, account, 'factor-added', 'passkey');
      return { passkey, codes: outcome === 'added' ? undefined : backup.codes };
  }
}

/** @throws Fault `passkey-unknown`, also for another's; `malformed` over the name */
export async function renamePasskey(
  needs: PasskeyEnrolNeeds,
  account: Account,
  { id, name }: { readonly id: string; readonly name: string },
  caller: Caller,
): Promise<void> {
  const audit = entry(needs, 'passkey.rename', account, caller, { passkey: id });
  if (!(await needs.passkeys.rename(account.id, id, passkeyName(name), audit))) throw new Fault('passkey-unknown');
}

/**
 * Takes a passkey away; who may is for the gate to have asked.
 * @throws Fault `passkey-unknown`, also for another's; `factor-mail-undelivered` where only e-mail would be left
 */
export async function removePasskey(
  needs: PasskeyEnrolNeeds,
  account: Account,
  id: string,
  caller: Caller,
): Promise<void> {
  const there = await needs.passkeys.list(account.id);
  if (!there.some((one) => one.id === id)) throw new Fault('passkey-unknown');
  const { app, email } = account.secondFactors;
  if (there.length === 1 && email && !app) await mustMayRelyOnEmail(needs, account);
  const audit = entry(needs, 'factor.remove', account, caller, { factor: 'passkey', passkey: id });
  if (!(await needs.passkeys.remove(account.id, id, audit))) throw new Fault('passkey-unknown');
  await tellChange(needs, account, 'factor-removed', 'passkey');
}

/**
 * Says whether a passkey alone lets the account in; who may is for the gate to have asked.
 * @throws Fault `passkey-unknown` where the account has none
 */
export async function setPasskeyAlone(
  needs: PasskeyEnrolNeeds,
  account: Account,
  alone: boolean,
  caller: Caller,
): Promise<void> {
  const audit = entry(needs, alone ? 'passkey.alone' : 'passkey.not-alone', account, caller);
  if (!(await needs.passkeys.setAlone(account.id, alone, audit))) throw new Fault('passkey-unknown');
}

/** @throws Fault `malformed` */
function passkeyName(given: string): string {
  const name = given.trim();
  const fits = name !== '' && name.length <= longestPasskeyName && name.isWellFormed() && !/\p{Cc}/u.test(name);
  if (!fits) throw new Fault('malformed');
  return name;
}

function entry(
  { clock }: Pick<PasskeyEnrolNeeds, 'clock'>,
  what: string,
  { id }: Account,
  caller: Caller,
  facts: Readonly<Record<string, string>> = {},
) {
  return recordOf(what, { at: clock.now(), caller, actorId: id, accountId: id }, facts);
}
