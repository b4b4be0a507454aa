import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpuSecondsOf, pause } from './process.ts';

/** What a program took while it ran. */
export interface Watched {
  readonly cpuSeconds: number;
  readonly peakMiB: number;
  /** What it had at most in the first half of its time. */
  readonly firstHalfMiB: number;
}

/**
 * Looks at it until it ends: the most memory of its own that it had, and its processor time. Pages of the database that
 * the system lends it are not its own: they grow with the file, and are given back when somebody needs them.
 */
export async function watched(child: ChildProcess): Promise<Watched> {
  const own: number[] = [];
  let cpuSeconds = 0;
  let going = true;
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => {
      going = false;
      resolve();
    });
  });
  while (going) {
    try {
      const status = readFileSync(`/proc/${child.pid ?? 0}/status`, 'utf8');
      own.push(Number(/^RssAnon:\s+(\d+)/mu.exec(status)?.[1] ?? 0) / 1024);
      cpuSeconds = Math.max(cpuSeconds, cpuSecondsOf(child.pid ?? 0));
    } catch {
      // It has ended between two looks.
    }
    await Promise.race([ended, pause(50)]);
  }
  return { peakMiB: Math.max(...own), firstHalfMiB: Math.max(...own.slice(0, own.length / 2)), cpuSeconds };
}
