import assert from 'node:assert/strict';
import type { Account } from '../src/core/account/account.ts';
import { Fault } from '../src/core/fault.ts';
import type { Caller } from '../src/core/ports.ts';
import type { GateOptions, SuppliedFactor } from '../src/core/second-factor/gate.ts';
import type { Signed } from '../src/core/session/token.ts';
import { fromBase32 } from '../src/lib/base32.ts';
import { codeOfStep, stepOf } from '../src/lib/totp.ts';
import { caller, password, type World } from './world.ts';

/** How calls are gated as a rule. */
export const plainGate: GateOptions = { remember: true, always: false };

/** The outcome of something that may be refused: `passed`, or the code of the refusal. */
export async function outcomeOf(act: Promise<unknown>): Promise<string> {
  try {
    await act;
    return 'passed';
  } catch (cause) {
    assert.ok(cause instanceof Fault, String(cause));
    return cause.code;
  }
}

/** What a client brings; the method may be left open. */
export function bring(code: string | undefined, method?: string): SuppliedFactor {
  return { code, method };
}

/** The code of the step that lies so many steps from a moment. @param secret in base 32 */
export function codeOf(secret: string, moment: number, away = 0): string {
  return codeOfStep(fromBase32(secret), stepOf(moment) + away);
}

/** Signs in with the right password and what is brought. */
export async function logInWith(
  world: World,
  username: string,
  supplied: SuppliedFactor,
  from: Caller = caller(),
): Promise<string> {
  return await outcomeOf(
    world.app.session.logIn({ by: 'username', value: username }, { plain: password }, from, supplied),
  );
}

/** Somebody with an authenticator app, signed in with the session that set it up. */
export interface AppOwner {
  readonly account: Account;
  readonly username: string;
  readonly signed: Signed;
  readonly text: string;
  readonly backupCodes: readonly string[];
  /** The code of the step that lies so many steps from now. */
  code(away?: number): string;
  /** Signs in on a world, the one of the enrolment unless told otherwise. */
  logIn(supplied: SuppliedFactor, from?: Caller, at?: World): Promise<string>;
  /** Passes the gate of a call. */
  pass(supplied: SuppliedFactor, options?: GateOptions, from?: Caller, at?: World): Promise<string>;
}

/** Makes somebody with an app, and lets the steps that the enrolment used go by. */
export async function appOwner(world: World, username: string): Promise<AppOwner> {
  const account = await world.add(username);
  const { text } = await world.signIn(username);
  const signedAt = async ({ app }: World): Promise<Signed> => await app.session.authenticate(account.id, text);
  const { secret } = await world.app.factor.beginApp(await signedAt(world), `Test:${username}`, caller());
  const code = (away = 0): string => codeOf(secret, world.clock.now(), away);
  const backupCodes = await world.app.factor.confirmApp(await signedAt(world), code(), caller());
  world.clock.move(3_600_000);
  const signed = await signedAt(world);
  return {
    account: signed.account,
    username,
    signed,
    text,
    backupCodes,
    code,
    logIn: async (supplied, from, at = world) => await logInWith(at, username, supplied, from),
    pass: async (supplied, options = plainGate, from = caller(), at = world) =>
      await outcomeOf(at.app.factor.mustHold(await signedAt(at), from, supplied, options)),
  };
}
