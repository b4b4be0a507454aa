import assert from 'node:assert/strict';
import { fromBase32 } from '../../src/lib/base32.ts';
import { codeOfStep, stepOf } from '../../src/lib/totp.ts';
import { digest } from './doors.ts';
import { type Ask, at, type Pass, pass, type Reply, textAt } from './wire.ts';

/** An authenticator app and the backup codes that came with it. */
export interface OwnApp {
  /** In base 32. */
  readonly secret: string;
  readonly backupCodes: readonly string[];
  /** The code of the step that lies so many steps from now. */
  code(away?: number): string;
}

/** Sends one request to the server in question. */
export type AskServer = (what: Ask) => Promise<Reply>;

/**
 * Sets an authenticator app up over the JSON API. The step before the present one is used for it, so that two codes are
 * left to sign in with: the present one and the next.
 */
export async function setUpApp(ask: AskServer, of: Pass & { readonly password: string }): Promise<OwnApp> {
  const headers = { ...pass(of), 'x-2fa-code': digest(of.password).digest, 'x-2fa-method': 'password' };
  const begun = await ask({ path: '/api/v1/users.enableTotp', headers, json: {} });
  assert.equal(begun.status, 200, begun.text);
  const secret = textAt(begun.json, 'secret');
  const code = (away = 0): string => codeOfSecret(secret, away);
  const confirm = async (away: number): Promise<Reply> =>
    await ask({ path: '/api/v1/users.validateTotp', headers, json: { code: code(away) } });
  const first = await confirm(-1);
  // A step may have begun since the code was worked out.
  const confirmed = first.status === 200 ? first : await confirm(-1);
  assert.equal(confirmed.status, 200, confirmed.text);
  const backupCodes = at(confirmed.json, 'codes');
  assert.ok(Array.isArray(backupCodes) && backupCodes.length === 12, confirmed.text);
  return { secret, backupCodes: backupCodes as readonly string[], code };
}

/** The code of the step that lies so many steps from now. @param secret in base 32 */
export function codeOfSecret(secret: string, away: number): string {
  return codeOfStep(fromBase32(secret), stepOf(Date.now()) + away);
}
