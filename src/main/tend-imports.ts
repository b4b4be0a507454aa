import type { Logger } from 'pino';
import type { App } from '../app.ts';

const tidyMs = 60_000;

/**
 * Removes files of imports that nobody waits for: those of the process before at once, which must not happen before the
 * port is ours, and others as their time comes.
 */
export function tendImports(app: App, log: Logger): () => void {
  const calmly = (act: () => Promise<void>): void => {
    act().catch((cause: unknown) => {
      log.error({ err: cause }, 'files of imports could not be looked after; it is tried again');
    });
  };
  calmly(app.import.begin);
  const timer = setInterval(() => {
    calmly(app.import.tidy);
  }, tidyMs);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}
