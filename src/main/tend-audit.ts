import type { Logger } from 'pino';
import type { App } from '../app.ts';
import { pause } from './tend.ts';

/**
 * Links, keeps and prunes the audit trail beside the doors. The head goes to the log every hour: whoever cuts the trail
 * off in the database cannot change what was told elsewhere.
 */
export function tendAudit(app: App, log: Logger): () => void {
  const seal = calmly(log, 'the audit trail could not be sealed', async () => {
    await app.audit.seal();
  });
  const flush = calmly(log, 'refused attempts could not be written', async () => {
    await app.audit.flushRefusals();
  });
  const watch = calmly(log, 'the audit trail could not be looked at', async () => {
    const back = await app.audit.watch();
    if (back !== undefined) log.error({ event: 'audit.head-back', ...back }, wentBack);
  });
  let told: string | undefined;
  const prune = calmly(log, 'the audit trail could not be pruned', async () => {
    const head = await app.audit.head();
    if (head !== undefined && head !== told) log.info({ event: 'audit.head', head }, 'audit trail');
    told = head;
    while (await app.audit.prune()) await pause(250);
  });
  const timers = [
    setInterval(seal, 1_000),
    setInterval(flush, 15_000),
    setInterval(watch, 5_000),
    setInterval(prune, 3_600_000),
  ];
  watch();
  for (const timer of timers) timer.unref();
  return () => {
    for (const timer of timers) clearInterval(timer);
  };
}

const wentBack =
  'The audit trail is shorter than it was, or another one: somebody changed it in the database. Run countersign audit verify with a head from this log.';

/** What is left to do before the store closes; the server tells the head once more. */
export async function endAudit(app: App, log: Logger, use: 'server' | 'command-line'): Promise<void> {
  try {
    await app.audit.flushRefusals();
    await app.audit.seal();
    if (use === 'command-line') return;
    const head = await app.audit.head();
    if (head !== undefined) log.info({ event: 'audit.head', head }, 'audit trail');
  } catch (cause) {
    log.error({ err: cause }, 'the audit trail could not be sealed; the next start does it');
  }
}

/** Never twice at once, and a failure that lasts is told once. */
function calmly(log: Logger, sentence: string, act: () => Promise<void>): () => void {
  let busy = false;
  let failing = false;
  const once = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    try {
      await act();
      failing = false;
    } catch (cause) {
      if (!failing) log.error({ err: cause }, sentence);
      failing = true;
    } finally {
      busy = false;
    }
  };
  return () => void once();
}
