import type { Status } from '../../../core/account/account.ts';
import { Fault } from '../../../core/fault.ts';
import type { ConnectionStatus } from '../../../core/presence/presence.ts';
import { type AnyMethod, nothing, openMethod } from '../method.ts';
import { maybeTextOf, textOf } from '../params.ts';

// Clients send these right after sign-in, and signed out as well: then they do nothing (realtime.md §14.6).

function setsConnection(name: string, status: ConnectionStatus): AnyMethod {
  return openMethod({
    name,
    scoped: true,
    params: nothing,
    async run(app, call) {
      if (call.signed !== undefined) app.presence.set(call.caller.requestId, status);
      await Promise.resolve();
    },
  });
}

function doesNothing(name: string): AnyMethod {
  return openMethod({ name, ignoresCaller: true, params: nothing, run: async () => await Promise.resolve(undefined) });
}

export const presenceOnline = setsConnection('UserPresence:online', 'online');
export const presenceAway = setsConnection('UserPresence:away', 'away');
export const presenceConnect = doesNothing('UserPresence:connect');
export const presencePing = doesNothing('UserPresence:ping');

const statuses: readonly string[] = ['online', 'away', 'busy', 'offline'] satisfies readonly Status[];

function isStatus(text: string): text is Status {
  return statuses.includes(text);
}

function statusOf(value: unknown): Status {
  const status = textOf(value);
  if (!isStatus(status)) throw new Fault('malformed');
  return status;
}

/** Chooses a status, which stays whatever connections come and go. */
export const setDefaultStatus = openMethod({
  name: 'UserPresence:setDefaultStatus',
  params: ([status]) => statusOf(status),
  async run(app, call, status) {
    if (call.signed !== undefined) await app.account.chooseStatus(call.signed.account, { status });
  },
});

/** Chooses a status, or its text, or both, as `users.setStatus` does. */
export const setUserStatus = openMethod({
  name: 'setUserStatus',
  params: ([status, text]) => ({
    status: status === undefined || status === null || status === '' ? undefined : statusOf(status),
    text: maybeTextOf(text),
  }),
  async run(app, call, chosen) {
    if (call.signed === undefined || (chosen.status === undefined && chosen.text === undefined)) return;
    await app.account.chooseStatus(call.signed.account, chosen);
  },
});
