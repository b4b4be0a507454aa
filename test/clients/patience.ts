import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';

/** What is promised, if it comes in time. */
export async function within<T>(ms: number, what: string, promised: Promise<T>): Promise<T> {
  const timer = new AbortController();
  const late = pause(ms, undefined, { signal: timer.signal }).then(
    () => assert.fail(`${what} did not come within ${ms} ms`),
    () => assert.fail('never seen'),
  );
  late.catch(() => {});
  try {
    return await Promise.race([promised, late]);
  } finally {
    timer.abort();
  }
}

/** Waits until something holds. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, ms = 20_000): Promise<void> {
  const last = Date.now() + ms;
  while (!(await holds())) {
    assert.ok(Date.now() < last, `${what}: not within ${ms} ms`);
    await pause(10);
  }
}

/** What a call is refused with. Old clients reject with plain objects. */
export async function refused(call: PromiseLike<unknown>): Promise<Readonly<Record<string, unknown>>> {
  const answer = await call.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  assert.ok(typeof answer === 'object' && answer !== null, `it was let through or refused with ${String(answer)}`);
  return answer as Readonly<Record<string, unknown>>;
}

/** What every realtime client is told of a wrong password (design §1). */
export const wrongPassword = {
  isClientSafe: true,
  error: 403,
  reason: 'Incorrect password',
  message: 'Incorrect password [403]',
  errorType: 'Meteor.Error',
};

/** What it is told of a token that has ended (realtime.md §6.3). */
export const loggedOut = {
  isClientSafe: true,
  error: 403,
  reason: "You've been logged out by the server. Please log in again.",
  message: "You've been logged out by the server. Please log in again. [403]",
  errorType: 'Meteor.Error',
};
