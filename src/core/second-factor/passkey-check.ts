import {
  checkShownCredential,
  requestOptions,
  type ShownCredential,
  shownCredentialInText,
  userHandleOf,
} from '../../lib/webauthn.ts';
import { recordOf } from '../audit/record.ts';
import type { AuditStore } from '../audit/store.ts';
import type { Caller } from '../ports.ts';
import type { Answer, Asked } from './factor.ts';
import {
  hashOfChallenge,
  makePasskeyChallenge,
  type PasskeyChallengeNeeds,
  passkeyChallengeLifeMs,
  siteNow,
} from './passkey-challenge.ts';
import type { Passkey, PasskeyStore } from './passkey-store.ts';
import type { PasskeyUse } from './store.ts';

export interface PasskeyCheckNeeds extends PasskeyChallengeNeeds {
  readonly passkeys: Pick<PasskeyStore, 'list'>;
  readonly audit: Pick<AuditStore, 'append'>;
}

/** What a browser needs to have one of the account's passkeys sign: `PublicKeyCredentialRequestOptionsJSON`. */
export async function offerPasskey(
  needs: PasskeyCheckNeeds,
  { account }: Asked,
): Promise<Readonly<Record<string, unknown>>> {
  const allow = await needs.passkeys.list(account.id);
  const challenge = await makePasskeyChallenge(needs, 'passkey-factor', account.id);
  return requestOptions({
    site: siteNow(needs),
    challenge,
    allow,
    userVerification: 'preferred',
    timeoutMs: passkeyChallengeLifeMs,
  });
}

/** What a browser needs to sign in with a passkey alone. It names no passkey, so it tells of nobody. */
export async function offerPasskeySignIn(needs: PasskeyChallengeNeeds): Promise<Readonly<Record<string, unknown>>> {
  return requestOptions({
    site: siteNow(needs),
    challenge: await makePasskeyChallenge(needs, 'passkey-sign-in', undefined),
    allow: [],
    userVerification: 'required',
    timeoutMs: passkeyChallengeLifeMs,
  });
}

/** @param code what the browser gave, as JSON text: `AuthenticationResponseJSON` */
export async function checkPasskeyCode(
  needs: PasskeyCheckNeeds,
  { account, caller }: Asked,
  code: string,
): Promise<Answer> {
  const given = shownCredentialInText(code);
  if (given === undefined) return { held: false };
  const hash = hashOfChallenge(given.challenge);
  const challenge = await needs.challenges.find(hash, 'passkey-factor', needs.clock.now());
  if (challenge?.accountId !== account.id) return { held: false };
  const passkey = (await needs.passkeys.list(account.id)).find(({ id }) => id === given.id);
  if (passkey === undefined) return { held: false };
  const checked = await checkPasskey(needs, given, passkey, { userVerified: false, caller });
  if (!checked.held) return { held: false };
  return { held: true, spends: { kind: 'passkey', challenge: hash, id: passkey.id, use: checked.use } };
}

/**
 * Whether this passkey signed the challenge that it says. That the challenge is one of ours is for the caller to know.
 * @param how.userVerified true where the device must have asked for a PIN, a finger or a face
 */
export async function checkPasskey(
  needs: Pick<PasskeyCheckNeeds, 'clock' | 'site' | 'audit'>,
  given: ShownCredential,
  passkey: Passkey,
  how: { readonly userVerified: boolean; readonly caller: Caller },
): Promise<{ readonly held: false } | { readonly held: true; readonly use: PasskeyUse }> {
  if (given.userHandle !== undefined && given.userHandle !== userHandleOf(passkey.accountId)) return { held: false };
  const { challenge } = given;
  const { publicKey, signCount } = passkey;
  const checked = await checkShownCredential(given, {
    challenge,
    site: siteNow(needs),
    publicKey,
    userVerified: how.userVerified,
  });
  if (!checked.held) return { held: false };
  // Devices that do not count say 0 each time; any other that repeats itself may be a copy (WebAuthn §6.1.1).
  const isBeyond = checked.signCount > signCount || (checked.signCount === 0 && signCount === 0);
  if (!isBeyond) {
    await tellCounterWentBack(needs, passkey, how.caller);
    return { held: false };
  }
  return {
    held: true,
    use: { signCount: checked.signCount, backedUp: checked.backedUp, at: needs.clock.now() },
  };
}

/** Two devices seem to have the same passkey: the audit trail says so. */
export async function tellCounterWentBack(
  { clock, audit }: Pick<PasskeyCheckNeeds, 'clock' | 'audit'>,
  { id, accountId }: Passkey,
  caller: Caller,
): Promise<void> {
  await audit.append([
    recordOf(
      'passkey.counter',
      { at: clock.now(), caller, actorId: undefined, accountId, outcome: 'refused' },
      { passkey: id },
    ),
  ]);
}
