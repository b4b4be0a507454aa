import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { systemRandom } from '../../src/lib/system-random.ts';
import { ddpServer, webSocketDoor } from '../../src/wire/ddp/server.ts';
import type { Timers } from '../../src/wire/ddp/timers.ts';
import { handClock, openWorld } from '../world.ts';
import type { Person } from './rules.ts';

/** What the host app of the recording had configured; our own document would come from a provider. */
const github = {
  collection: 'meteor_accounts_loginServiceConfiguration',
  id: 'cfgGitHubAAAAAAAA',
  fields: '{"service":"github","clientId":"abc","loginStyle":"popup"}',
};

/** A started realtime door in this process, with what no operator can set: the time, and a log-in service. */
export interface Stage {
  readonly url: string;
  /** Lets the time be so many ms after the start. */
  readonly moveTo: (ms: number) => Promise<void>;
  /** What stands in the link that was mailed last. */
  readonly mailToken: () => Promise<string>;
  readonly close: () => Promise<void>;
}

/** @param env settings as an operator gives them */
export async function openStage(people: readonly Person[], env: Readonly<Record<string, string>>): Promise<Stage> {
  const clock = handClock(Date.now());
  const world = await openWorld({ clock, env });
  for (const { username, password } of people) await world.add(username, { password });
  const { timers, moveTo } = handTimers();
  const ddp = ddpServer({
    app: world.app,
    random: systemRandom,
    log: () => {},
    loginServices: { list: () => [github], onChange: () => () => {} },
    timers,
  });
  const door = webSocketDoor({
    server: ddp,
    prefix: '',
    originOf: () => ({ address: '203.0.113.9', userAgent: 'transcripts' }),
  });
  const http = createServer();
  http.on('upgrade', (request, socket, head) => {
    if (!door.handleUpgrade(request, socket, head)) socket.destroy();
  });
  await new Promise<void>((resolve) => {
    http.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}`,
    async moveTo(ms) {
      // What was sent before is to be heard before.
      await pause(20);
      clock.move(moveTo(ms));
      await pause(20);
    },
    async mailToken() {
      // It is mailed once the answer has left.
      for (let tries = 0; tries < 500 && world.mails.length === 0; tries += 1) await pause(5);
      return world.mails.at(-1)?.facts['link']?.split('/').at(-1) ?? '';
    },
    async close() {
      await ddp.drain();
      http.closeAllConnections();
      await new Promise<void>((resolve) => {
        http.close(() => resolve());
      });
      await world.close();
    },
  };
}

/** Timers that go off when they are told what time it is. */
function handTimers(): { readonly timers: Timers; readonly moveTo: (ms: number) => number } {
  const waiting = new Set<{ at: number; readonly every: number | undefined; readonly act: () => void }>();
  let now = 0;
  const timers: Timers = {
    every(ms, act) {
      const timer = { at: now + ms, every: ms, act };
      waiting.add(timer);
      return () => {
        waiting.delete(timer);
      };
    },
    after(ms, act) {
      waiting.add({ at: now + ms, every: undefined, act });
    },
  };
  return {
    timers,
    moveTo(ms) {
      const from = now;
      for (;;) {
        const [next] = [...waiting].filter(({ at }) => at <= ms).toSorted((one, other) => one.at - other.at);
        if (next === undefined) break;
        now = next.at;
        if (next.every === undefined) waiting.delete(next);
        else next.at += next.every;
        next.act();
      }
      now = Math.max(now, ms);
      return now - from;
    },
  };
}
