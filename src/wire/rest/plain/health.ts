import type { App } from '../../../app.ts';
import { isLoopback } from '../../../lib/loopback.ts';
import type { PlainRoute } from './plain-route.ts';

/** So long a store may take for a trivial read. */
const patienceMs = 2_000;

/** The process runs. To its own machine it also tells what address it sees, for `countersign doctor`. */
export const live: PlainRoute = {
  path: '/livez',
  run: ({ peer, caller }) => ({
    status: 200,
    text: 'ok\n',
    ...(isLoopback(peer) ? { headers: { 'X-Seen-Address': caller.address } } : {}),
  }),
};

/** The server can serve: its store answers. */
export function ready(app: App): PlainRoute {
  return {
    path: '/readyz',
    async run() {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<boolean>((resolve) => {
        timer = setTimeout(() => {
          resolve(false);
        }, patienceMs);
      });
      const answered = app.host.ping().then(
        () => true,
        () => false,
      );
      const isReady = await Promise.race([answered, late]);
      clearTimeout(timer);
      return isReady ? { status: 200, text: 'ok\n' } : { status: 503, text: 'The store does not answer.\n' };
    },
  };
}
