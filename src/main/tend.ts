import type { Logger } from 'pino';
import type { App } from '../app.ts';

/** Work that goes on beside the doors; none of it keeps the process alive. */
export function tend(app: App, log: Logger): () => void {
  const failed = (cause: unknown): void => {
    log.error({ err: cause }, 'background work failed; it is tried again');
  };
  const sweep = async (): Promise<void> => {
    // Each step touches pages all over the table and stops everybody for a moment: few at a time, and so seldom that it
    // happens to fewer than one request in a hundred. 36,000 sessions an hour are more than end anywhere.
    while ((await app.session.sweep()) > 0) await pause(500);
  };
  const warn = async (): Promise<void> => {
    while ((await app.personalToken.warnOfEnds()) > 0) await pause(250);
  };
  const timers = [
    setInterval(() => void sweep().catch(failed), 600_000),
    setInterval(() => void app.session.flushUses().catch(failed), 30_000),
    setInterval(() => void app.account.endStatuses().catch(failed), 10_000),
    setInterval(() => void warn().catch(failed), 600_000),
    setInterval(() => {
      app.presence.flush();
    }, 250),
    setInterval(() => {
      app.presence.beat();
    }, 10_000),
    setInterval(() => {
      app.session.tidy();
    }, 2_000),
  ];
  for (const timer of timers) timer.unref();
  return () => {
    for (const timer of timers) clearInterval(timer);
  };
}

export async function pause(ms: number): Promise<void> {
  await new Promise((after) => {
    setTimeout(after, ms);
  });
}
