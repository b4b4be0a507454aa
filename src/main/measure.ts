import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { App } from '../app.ts';
import type { Metrics } from '../lib/metrics.ts';

/** What `/metrics` tells of the running server. */
export function measure(metrics: Metrics, app: App, sockets: () => number): void {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  metrics.gauge('countersign_sockets', 'Open realtime connections.', sockets);
  metrics.gauge('countersign_hash_queue_waiting', 'Passwords that wait to be hashed.', () => app.load().waiting);
  metrics.gauge('countersign_hash_queue_running', 'Passwords that are being hashed.', () => app.load().running);
  metrics.counterRead('countersign_token_checks_total', 'Tokens that were checked, by outcome.', () => {
    const { held, refused } = app.checks();
    return [
      { labels: { outcome: 'held' }, value: held },
      { labels: { outcome: 'refused' }, value: refused },
    ];
  });
  metrics.gauge('countersign_resident_memory_bytes', 'Resident memory.', () => process.memoryUsage.rss());
  metrics.gauge('countersign_event_loop_delay_p99_seconds', 'Event-loop delay since it was last read.', () => {
    const seconds = delay.percentile(99) / 1e9;
    delay.reset();
    return Number.isFinite(seconds) ? seconds : 0;
  });
}
