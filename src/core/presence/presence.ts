import type { Account, Status } from '../account/account.ts';
import type { Clock, Events, PresenceState } from '../ports.ts';

/** What a live connection says of its person. */
export type ConnectionStatus = 'online' | 'away';

/** Who is connected, on this node and on the others (realtime.md §14.6, rest.md §11.9). Nothing of it is stored. */
export interface Presence {
  /** A socket has become somebody's. */
  connect(connectionId: string, accountId: string): void;
  /** The person behind a socket came back or went idle. */
  set(connectionId: string, status: ConnectionStatus): void;
  disconnect(connectionId: string): void;
  /** The status of the account's connections: the liveliest of them. */
  ofConnections(accountId: string): Status;
  /** What others see: `offline` without a connection, else the chosen status unless that is `online`. */
  of(account: Pick<Account, 'id' | 'chosenStatus'>): Status;
  /** Accounts with a live connection anywhere. */
  connected(): readonly string[];
  /** Calls `hear` whenever the status of an account's connections changed. */
  onChange(hear: (accountId: string, status: Status) => void): () => void;
  /** Tells the other nodes what changed since the last call: in batches, since a notice for each socket costs too much. */
  flush(): void;
  /** Tells the other nodes everything, as a sign of life, and forgets those that have been silent. */
  beat(): void;
}

const rank: Record<Status, number> = { offline: 0, away: 1, busy: 2, online: 3 };
/** A node that has been silent for so long is taken for gone. */
const silenceMs = 30_000;
/** So many accounts go into one announcement. */
const batch = 100;

export function openPresence(needs: {
  readonly clock: Clock;
  readonly events: Events;
  readonly node: string;
}): Presence {
  const { clock, events, node } = needs;
  const connections = new Map<string, { accountId: string; status: ConnectionStatus }>();
  /** How many connections of each kind an account has: counted, since one may have thousands. */
  const own = new Map<string, Record<ConnectionStatus, number>>();
  const others = new Map<string, { heardAt: number; states: Map<string, Status> }>();
  const listeners = new Set<(accountId: string, status: Status) => void>();
  const told = new Map<string, Status>();
  const untold = new Set<string>();

  const here = (accountId: string): Status => {
    const counts = own.get(accountId);
    if (counts === undefined) return 'offline';
    return counts.online > 0 ? 'online' : 'away';
  };
  const everywhere = (accountId: string): Status => {
    let best = here(accountId);
    for (const { states } of others.values()) {
      const status = states.get(accountId) ?? 'offline';
      if (rank[status] > rank[best]) best = status;
    }
    return best;
  };
  const tell = (accountId: string): void => {
    const status = everywhere(accountId);
    if ((told.get(accountId) ?? 'offline') === status) return;
    if (status === 'offline') told.delete(accountId);
    else told.set(accountId, status);
    for (const hear of listeners) hear(accountId, status);
  };
  const changed = (accountId: string, before: Status): void => {
    const now = here(accountId);
    if (now !== before) untold.add(accountId);
    tell(accountId);
  };
  const announce = (accountIds: Iterable<string>, all: boolean): void => {
    const states: PresenceState[] = [...accountIds].map((accountId) => [accountId, here(accountId)]);
    for (let from = 0; from < Math.max(states.length, all ? 1 : 0); from += batch) {
      events.publish({ kind: 'presence', node, all: all && from === 0, states: states.slice(from, from + batch) });
    }
  };
  const announceAll = (): void => {
    announce(own.keys(), true);
  };
  const forgetNode = (gone: string): void => {
    const states = others.get(gone)?.states;
    others.delete(gone);
    for (const accountId of states?.keys() ?? []) tell(accountId);
  };

  events.subscribe((happening) => {
    if (happening.kind === 'presence-wanted' && happening.node !== node) announceAll();
    if (happening.kind !== 'presence' || happening.node === node) return;
    const known = others.get(happening.node);
    const states = happening.all || known === undefined ? new Map<string, Status>() : known.states;
    const touched = new Set<string>(happening.all ? known?.states.keys() : []);
    for (const [accountId, status] of happening.states) {
      if (status === 'offline') states.delete(accountId);
      else states.set(accountId, status);
      touched.add(accountId);
    }
    others.set(happening.node, { heardAt: clock.now(), states });
    for (const accountId of touched) tell(accountId);
  });
  events.publish({ kind: 'presence-wanted', node });

  return {
    connect(connectionId, accountId) {
      const before = connections.get(connectionId);
      if (before?.accountId === accountId) return;
      if (before !== undefined) this.disconnect(connectionId);
      const status = here(accountId);
      connections.set(connectionId, { accountId, status: 'online' });
      const counts = own.get(accountId) ?? { online: 0, away: 0 };
      counts.online += 1;
      own.set(accountId, counts);
      changed(accountId, status);
    },
    set(connectionId, status) {
      const connection = connections.get(connectionId);
      if (connection === undefined || connection.status === status) return;
      const before = here(connection.accountId);
      const counts = own.get(connection.accountId);
      if (counts !== undefined) {
        counts[connection.status] -= 1;
        counts[status] += 1;
      }
      connection.status = status;
      changed(connection.accountId, before);
    },
    disconnect(connectionId) {
      const connection = connections.get(connectionId);
      if (connection === undefined) return;
      const before = here(connection.accountId);
      connections.delete(connectionId);
      const counts = own.get(connection.accountId);
      if (counts !== undefined) {
        counts[connection.status] -= 1;
        if (counts.online + counts.away === 0) own.delete(connection.accountId);
      }
      changed(connection.accountId, before);
    },
    ofConnections: everywhere,
    of(account) {
      const status = everywhere(account.id);
      if (status === 'offline') return 'offline';
      return account.chosenStatus === 'online' ? status : account.chosenStatus;
    },
    connected: () => [...new Set([...own.keys(), ...[...others.values()].flatMap(({ states }) => [...states.keys()])])],
    onChange(hear) {
      listeners.add(hear);
      return () => {
        listeners.delete(hear);
      };
    },
    flush() {
      announce(untold, false);
      untold.clear();
    },
    beat() {
      untold.clear();
      announceAll();
      const now = clock.now();
      for (const [other, { heardAt }] of others) if (now - heardAt > silenceMs) forgetNode(other);
    },
  };
}
