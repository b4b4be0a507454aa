import { readdirSync, readFileSync } from 'node:fs';
import { setPriority } from 'node:os';

/** How much the workers give way, on the scale of `nice`. */
const niceness = 10;

/**
 * Lets libuv's worker threads, where passwords are hashed, give way to the event loop: with as many hashes as cores it
 * would else wait for a core behind them, and so would everybody who is signed in. Linux only, where a thread has a
 * priority of its own; elsewhere, and where it is not allowed, nothing is changed.
 * @returns how many threads give way; none before the first work was given to them
 */
export function lowerWorkers(): number {
  if (process.platform !== 'linux') return 0;
  let lowered = 0;
  for (const task of readdirSync('/proc/self/task')) {
    try {
      if (readFileSync(`/proc/self/task/${task}/comm`, 'utf8').trim() !== 'libuv-worker') continue;
      setPriority(Number(task), niceness);
      lowered += 1;
    } catch {
      // The thread has ended, or the host forbids it: then it stays as quick as the others.
    }
  }
  return lowered;
}
