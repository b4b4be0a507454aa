import type { NewAccount } from '../../core/account/store.ts';
import type { Clock, Events } from '../../core/ports.ts';
import type { Token } from '../../core/session/token.ts';
import type { OpenedStore } from '../../core/store.ts';
import { accountStore, writeAccounts } from './accounts.ts';
import { applicationStore } from './applications.ts';
import { auditStore } from './audit.ts';
import { avatarStore } from './avatars.ts';
import type { SqlBackend } from './backend.ts';
import { blockStore } from './blocks.ts';
import { callCounts } from './call-counts.ts';
import { challengeStore } from './challenges.ts';
import { changeStore } from './changes.ts';
import { syncStore } from './directory.ts';
import { figureStore } from './figures.ts';
import { grantStore } from './grants.ts';
import { identityStore } from './identities.ts';
import { moveStore } from './moving.ts';
import { openIdRecordStore } from './openid-records.ts';
import { outboxStore } from './outbox.ts';
import { pageSessionStore } from './page-sessions.ts';
import { passkeyStore } from './passkeys.ts';
import { passwordStore } from './passwords.ts';
import { factorStore } from './second-factors.ts';
import { settingStore } from './settings.ts';
import { signingKeyStore } from './signing-keys.ts';
import { sharedSteps } from './steps.ts';
import { tokenStore, writeTokens } from './tokens.ts';

/** A store, and a way in for many rows at once, which asks nothing and announces nothing. */
export interface SqlStore extends OpenedStore {
  readonly bulk: {
    /** Writes all of them in one write, or none. */
    readonly accounts: (accounts: readonly NewAccount[]) => Promise<void>;
    /** Writes all of them in one write, or none. */
    readonly tokens: (tokens: readonly Token[]) => Promise<void>;
  };
}

/** Joins the shared queries to a database. */
export function storeOver(
  backend: SqlBackend,
  parts: {
    readonly events: Events;
    readonly clock: Clock;
    readonly chainIsNew: boolean;
    readonly close: () => Promise<void>;
  },
): SqlStore {
  const ping = backend.hot<Record<string, never>, { one: number }>('ping', (db) =>
    db.selectNoFrom((eb) => eb.lit(1).as('one')),
  );
  const kept = backend.hot<{ name: string }, { value: string }>('meta_value', (db, given) =>
    db.selectFrom('meta').select('value').where('name', '=', given.name),
  );
  const steps = sharedSteps(backend);
  return {
    accounts: accountStore(backend, steps),
    avatars: avatarStore(backend, steps),
    settings: settingStore(backend, steps),
    passwords: passwordStore(backend, steps),
    changes: changeStore(backend, steps),
    factors: factorStore(backend, steps),
    challenges: challengeStore(backend, steps),
    passkeys: passkeyStore(backend, steps),
    tokens: tokenStore(backend, steps, parts.clock),
    identities: identityStore(backend, steps),
    sync: syncStore(backend),
    pageSessions: pageSessionStore(backend),
    applications: applicationStore(backend, steps),
    grants: grantStore(backend, steps),
    openIdRecords: openIdRecordStore(backend, steps),
    signingKeys: signingKeyStore(backend),
    blocks: blockStore(backend, steps),
    counts: callCounts(backend),
    audit: auditStore(backend, steps, parts.chainIsNew),
    outbox: outboxStore(backend, steps),
    moving: moveStore(backend, steps),
    figures: figureStore(backend),
    events: parts.events,
    noted: async (name) => (await kept({ name }))[0]?.value,
    once: async (name, value) => {
      const there = (await kept({ name }))[0];
      if (there !== undefined) return there.value;
      await backend.write(
        async ({ db }) =>
          await db
            .insertInto('meta')
            .values({ name, value })
            .onConflict((row) => row.column('name').doNothing())
            .execute(),
      );
      return (await kept({ name }))[0]?.value ?? value;
    },
    ping: async () => {
      await ping({});
    },
    close: parts.close,
    bulk: {
      accounts: async (accounts) => await backend.write(async (inside) => await writeAccounts(inside, accounts)),
      tokens: async (tokens) => await backend.write(async (inside) => await writeTokens(inside, tokens)),
    },
  };
}
