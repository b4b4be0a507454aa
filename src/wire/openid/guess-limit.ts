import type { ServerResponse } from 'node:http';
import type { App } from '../../app.ts';
import { addressKey } from '../../core/session/device.ts';
import { bareHeaders } from './bare-headers.ts';
import { type AskedPath, writes } from './paths.ts';

const windowMs = 300_000;

const clientPaths: ReadonlySet<string> = new Set(['/token', '/introspect', '/revoke']);

/** Holds up who guesses the secrets of clients, and who makes more be written than people do; all nodes count together. */
export class GuessLimit {
  readonly #app: App;

  constructor(app: App) {
    this.#app = app;
  }

  /** @returns true where the request is answered already */
  async isOver(response: ServerResponse, asked: AskedPath, address: string): Promise<boolean> {
    const { counts, clock, settings } = this.#app;
    const now = clock.now();
    if (clientPaths.has(asked.path)) {
      const key = `openid client ${addressKey(address)}`;
      const { calls, endsAt } = await counts.seen(key, now);
      if (calls >= settings.get('Countersign_OpenID_Wrong_Client_Secrets')) return refuse(response, endsAt - now);
      response.once('finish', () => {
        // A lost count lets one more guess through.
        if (response.statusCode === 401) counts.count({ key, windowMs, now: clock.now() }).catch(() => undefined);
      });
      return false;
    }
    if (!writes(asked) || !settings.get('API_Enable_Rate_Limiter')) return false;
    const { calls, endsAt } = await counts.count({ key: `openid write ${addressKey(address)}`, windowMs, now });
    return calls > settings.get('Countersign_Rate_Limit_OpenID') && refuse(response, endsAt - now);
  }
}

function refuse(response: ServerResponse, waitMs: number): true {
  const text = JSON.stringify({ error: 'temporarily_unavailable' });
  response
    .writeHead(429, {
      ...bareHeaders,
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(text),
      'Retry-After': String(Math.max(1, Math.ceil(waitMs / 1000))),
    })
    .end(text);
  return true;
}
