import type { Logger } from 'pino';
import type { App } from '../app.ts';

/** How often it is asked whether a run over the directory is due. */
const askMs = 30_000;

/** Keeps accounts in step with the directory beside the doors: when a run is due, one node does it. */
export function tendDirectory(app: App, log: Logger): () => void {
  const ask = async (): Promise<void> => {
    const report = await app.directory.runDue();
    if (report === undefined) return;
    const { skipped: _entries, closing: _names, ...told } = report;
    log.info({ event: 'directory.sync', ...told }, 'the directory was looked at');
  };
  const signOut = async (): Promise<void> => {
    const accounts = await app.directory.logOutDue();
    if (accounts === undefined || accounts === 0) return;
    log.info({ event: 'directory.log-out', accounts }, 'people whom the directory has disabled were signed out');
  };
  const calmly = (): void => {
    ask().catch((cause: unknown) => {
      log.error({ err: cause }, 'a run over the directory broke; it is tried again');
    });
    signOut().catch((cause: unknown) => {
      log.error({ err: cause }, 'the directory could not be asked who is disabled; it is tried again');
    });
  };
  calmly();
  const timer = setInterval(calmly, askMs);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}
