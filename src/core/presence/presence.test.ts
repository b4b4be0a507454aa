import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Events, Happening } from '../ports.ts';
import { openPresence, type Presence } from './presence.ts';

/** Several nodes on one wire, as `Events` promises it: each hears all, itself included. */
function wire(): Events {
  const ears = new Set<(happening: Happening) => void>();
  return {
    publish: (happening) => {
      for (const hear of ears) hear(happening);
    },
    subscribe: (hear) => {
      ears.add(hear);
      return () => ears.delete(hear);
    },
    onGap: () => () => undefined,
  };
}

let now = 0;
const clock = { now: () => now };
const account = { id: 'alice', chosenStatus: 'online' } as const;

function nodes(count: number): Presence[] {
  const events = wire();
  return Array.from({ length: count }, (_, at) => openPresence({ clock, events, node: `node${at}` }));
}

function one(): Presence {
  const [presence] = nodes(1);
  assert.ok(presence);
  return presence;
}

describe('presence', () => {
  it('follows the live connections of an account', () => {
    const presence = one();
    const heard: string[] = [];
    presence.onChange((id, status) => heard.push(`${id} ${status}`));
    assert.equal(presence.of(account), 'offline');
    presence.connect('c1', 'alice');
    presence.connect('c2', 'alice');
    presence.set('c1', 'away');
    assert.equal(presence.of(account), 'online');
    presence.set('c2', 'away');
    assert.equal(presence.ofConnections('alice'), 'away');
    presence.disconnect('c1');
    presence.disconnect('c2');
    presence.disconnect('c2');
    assert.equal(presence.of(account), 'offline');
    assert.deepEqual(heard, ['alice online', 'alice away', 'alice offline']);
    assert.deepEqual(presence.connected(), []);
  });

  it('shows the chosen status while somebody is connected, and never without a connection', () => {
    const presence = one();
    assert.equal(presence.of({ ...account, chosenStatus: 'busy' }), 'offline');
    presence.connect('c1', 'alice');
    assert.equal(presence.of({ ...account, chosenStatus: 'busy' }), 'busy');
    assert.equal(presence.of({ ...account, chosenStatus: 'offline' }), 'offline');
  });

  it('gives a connection to its new person when another signs in on it', () => {
    const presence = one();
    presence.connect('c1', 'alice');
    presence.connect('c1', 'bob');
    assert.equal(presence.ofConnections('alice'), 'offline');
    assert.equal(presence.ofConnections('bob'), 'online');
  });

  it('adds up over nodes, tells a node that starts late, and forgets one that falls silent', () => {
    now = 0;
    const events = wire();
    const first = openPresence({ clock, events, node: 'first' });
    first.connect('c1', 'alice');
    first.flush();
    const late = openPresence({ clock, events, node: 'late' });
    assert.equal(late.ofConnections('alice'), 'online');
    const heard: string[] = [];
    late.onChange((id, status) => heard.push(`${id} ${status}`));
    first.disconnect('c1');
    first.flush();
    assert.equal(late.ofConnections('alice'), 'offline');
    first.connect('c2', 'alice');
    first.flush();
    now = 31_000;
    late.beat();
    assert.equal(late.ofConnections('alice'), 'offline');
    assert.deepEqual(heard, ['alice offline', 'alice online', 'alice offline']);
  });
});
