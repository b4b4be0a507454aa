import type { Adapter, AdapterFactory, AdapterPayload, errors } from 'oidc-provider';
import type { App } from '../../app.ts';
import { browserSession, type OpenedRecord } from '../../core/application/openid-records.ts';
import { hasEnded } from '../../core/session/rules.ts';
import { clientMetadata } from './client-metadata.ts';
import { currentVisit } from './visit.ts';

/** Where the OpenID provider keeps what it keeps, and finds its clients. */
export function openIdAdapter(app: App, { InvalidGrant }: typeof errors): AdapterFactory {
  return (kind) => (kind === 'Client' ? clients(app) : records(app, kind, InvalidGrant));
}

/** Clients are the applications that administrators made: nobody registers one here. */
function clients(app: App): Adapter {
  const none = async (): Promise<undefined> => await Promise.resolve(undefined);
  return {
    find: async (id) => {
      const found = await app.openId.client(id);
      return found === undefined ? undefined : clientMetadata(found.application, found.secret);
    },
    upsert: none,
    findByUserCode: none,
    findByUid: none,
    consume: none,
    destroy: none,
    revokeByGrantId: none,
  };
}

function records(app: App, kind: string, InvalidGrant: (typeof errors)['InvalidGrant']): Adapter {
  const opened = async (record: OpenedRecord | undefined): Promise<AdapterPayload | undefined> => {
    if (record === undefined || (kind === browserSession && !(await isBehind(app, record)).held)) return undefined;
    const { payload, usedAt } = record;
    return { ...payload, ...(usedAt === undefined ? {} : { consumed: Math.floor(usedAt / 1000) }) };
  };
  return {
    upsert: async (id, payload, expiresIn) => {
      const sessionHash = kind === browserSession ? sessionBehind(payload) : undefined;
      await app.openId.keep(kind, id, { ...payload }, expiresIn, sessionHash);
    },
    find: async (id) => await opened(await app.openId.find(kind, { id })),
    findByUid: async (uid) => await opened(await app.openId.find(kind, { uid })),
    findByUserCode: async () => await Promise.resolve(undefined),
    consume: async (id) => {
      // Two that bring it at once have both found it unused.
      if (!(await app.openId.use(kind, id))) throw new InvalidGrant('it was used already');
    },
    destroy: async (id) => {
      await app.openId.end(kind, id);
    },
    revokeByGrantId: async (grantId) => {
      await app.openId.endGrant(kind, grantId);
    },
  };
}

/** The session of ours on whose word a browser's session at the provider stands: the newest that this request shows. */
function sessionBehind({ accountId }: AdapterPayload): string | undefined {
  const visit = currentVisit();
  const shown = [visit?.page?.signed, visit?.bound].find((signed) => signed?.account.id === accountId);
  return shown?.token.hash;
}

/** Somebody's session at the provider is good for nothing once the session of ours behind it has ended. */
async function isBehind(app: App, record: OpenedRecord): Promise<{ readonly held: boolean }> {
  const { accountId, sessionHash } = record;
  if (accountId === undefined) return { held: true };
  const signed = sessionHash === undefined ? undefined : await app.session.find(sessionHash);
  const held =
    signed !== undefined &&
    signed.account.id === accountId &&
    signed.account.open &&
    !hasEnded(signed.token, app.clock.now());
  const visit = currentVisit();
  if (held && visit !== undefined) visit.bound = signed;
  return { held };
}
