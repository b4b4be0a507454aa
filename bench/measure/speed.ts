import { verify } from '@node-rs/argon2';
import { median } from './figures.ts';
import { passwordDigest, storedPassword } from './stores.ts';

/**
 * Milliseconds of processor time for one argon2id check, alone: how fast the machine is at this moment. Where the budgets
 * were set it took 6 to 8; an absolute one (seconds, milliseconds) means as much less as this is more.
 */
export async function hashMillis(): Promise<number> {
  const stored = await storedPassword();
  const times: number[] = [];
  for (let n = 0; n < 15; n += 1) {
    const before = process.cpuUsage();
    await verify(stored, passwordDigest);
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000);
  }
  return median(times);
}
