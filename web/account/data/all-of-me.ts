import type { SessionItem } from '../../../src/client/index.ts';
import { client } from '../../client.ts';

/** How many sign-ins the server tells at most. */
const mostSignIns = 50;
const pageOf = 50;

/** Everything that the endpoints tell of whoever is signed in; texts of tokens and other secrets they do not tell. */
export async function allOfMe(): Promise<object> {
  const [me, preferences, sessions, tokens, passkeys, identities, applications, trusted, signIns] = await Promise.all([
    client.get('me'),
    client.get('users.getPreferences'),
    allSessions(),
    // The server tells those alone who may make some.
    client.get('users.getPersonalAccessTokens', { details: true }).catch(unlessRefused({ tokens: undefined })),
    client.get('passkeys.list'),
    client.get('identities.list'),
    client.get('applications.consents'),
    client.get('users.trustedClients'),
    client.get('users.lastSignIns', { count: mostSignIns }),
  ]);
  const { success: _, ...profile } = me;
  return {
    exportedAt: new Date().toISOString(),
    server: location.origin,
    profile,
    preferences: preferences.preferences,
    sessions,
    personalAccessTokens: tokens.tokens,
    passkeys: passkeys.passkeys,
    identities: identities.identities,
    applications: applications.consents,
    trustedClients: trusted.clients,
    lastSignIns: signIns.signIns,
  };
}

async function allSessions(): Promise<readonly SessionItem[]> {
  const found: SessionItem[] = [];
  for (;;) {
    const { sessions, total } = await client.get('sessions/list', { offset: found.length, count: pageOf });
    found.push(...sessions);
    if (sessions.length === 0 || found.length >= total) return found;
  }
}

/** Leaves out what the person may not see; anything else stays a refusal. */
function unlessRefused<T>(otherwise: T): (cause: unknown) => T {
  return (cause) => {
    const { status, code } = (cause ?? {}) as { readonly status?: unknown; readonly code?: unknown };
    if (status === 403 || code === 'not-authorized') return otherwise;
    throw cause;
  };
}
