import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { connectionConfig } from './connection.ts';
import { isUnsupported } from './errors.ts';

/** Where the nodes of one database meet; the channel is the database's own. */
export const channel = 'countersign';

/** How often the connection is asked whether it still hears, and how long it may take, in milliseconds. */
const pulseMs = 15_000;
const pulseLimitMs = 5_000;

/** The first wait before a new connection, and the longest, in milliseconds. */
const shortestWaitMs = 100;
const longestWaitMs = 5_000;

/** How often everything kept is dropped where the server cannot carry notices, in milliseconds. */
const withoutNoticesMs = 5_000;

export interface Listener {
  /** False where the server has no notices: then `onGap` is called every few seconds. */
  readonly supported: boolean;
  stop(): Promise<void>;
}

/**
 * Hears what other nodes tell, over one connection of its own: it connects again by itself when it is lost, and then
 * calls `onGap`, because what was told meanwhile is lost.
 * @param node this node's name: it sends itself a notice now and then, to know that it still hears
 * @throws what the first connection met
 */
export async function listen(
  url: string,
  node: string,
  heard: { readonly onPayload: (payload: string) => void; readonly onGap: () => void },
): Promise<Listener> {
  const stopping = new AbortController();
  let client: pg.Client | undefined;
  /** The pulse that has been sent and not been heard. */
  let pulse: string | undefined;

  async function connect(): Promise<pg.Client> {
    const fresh = new pg.Client({ ...connectionConfig(url), fallback_application_name: 'countersign-listener' });
    fresh.on('notification', ({ payload }) => {
      if (payload === undefined) return;
      if (payload === pulse) pulse = undefined;
      else heard.onPayload(payload);
    });
    // Without a listener an error would end the process; `end` follows it.
    fresh.on('error', () => {});
    try {
      await fresh.connect();
      await fresh.query(`listen ${channel}`);
    } catch (cause) {
      void fresh.end().catch(() => {});
      throw cause;
    }
    pulse = undefined;
    fresh.on('end', () => lost(fresh));
    client = fresh;
    return fresh;
  }

  function lost(old: pg.Client): void {
    if (client !== old) return;
    client = undefined;
    if (!stopping.signal.aborted) void connectAgain();
  }

  async function connectAgain(): Promise<void> {
    for (let waitMs = shortestWaitMs; !stopping.signal.aborted; waitMs = Math.min(waitMs * 2, longestWaitMs)) {
      // Some chance in it, so that the nodes do not all come back in the same moment.
      const pause = sleep(waitMs * (0.5 + Math.random()), undefined, { signal: stopping.signal, ref: false });
      await pause.catch(() => {});
      if (stopping.signal.aborted) return;
      try {
        const fresh = await connect();
        if (stopping.signal.aborted) await fresh.end();
        else heard.onGap();
        return;
      } catch {
        // Not yet: the next round tries again.
      }
    }
  }

  /** Finds connections that died without a word, and poolers that let LISTEN succeed and then carry nothing. */
  async function feelPulse(): Promise<void> {
    const asked = client;
    if (asked === undefined) return;
    const sent = JSON.stringify({ node, pulse: Date.now() });
    pulse = sent;
    try {
      await asked.query('select pg_notify($1, $2)', [channel, sent]);
      await sleep(pulseLimitMs, undefined, { signal: stopping.signal, ref: false });
      if (pulse !== sent || client !== asked) return;
    } catch {
      if (stopping.signal.aborted) return;
    }
    // A dead socket never answers a goodbye, so nobody waits for one.
    lost(asked);
    void asked.end().catch(() => {});
  }

  let supported = true;
  try {
    const first = await connect();
    await first.query('select pg_notify($1, $2)', [channel, '{}']);
  } catch (cause) {
    if (!isUnsupported(cause)) {
      stopping.abort();
      await client?.end().catch(() => {});
      throw cause;
    }
    supported = false;
    const useless = client;
    client = undefined;
    await useless?.end().catch(() => {});
  }
  const timer = setInterval(
    () => (supported ? void feelPulse() : heard.onGap()),
    supported ? pulseMs : withoutNoticesMs,
  );
  timer.unref();

  return {
    supported,
    stop: async () => {
      stopping.abort();
      clearInterval(timer);
      const last = client;
      client = undefined;
      await last?.end().catch(() => {});
    },
  };
}
