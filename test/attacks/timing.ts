/** How far apart two samples lie, by ranks: the standard score of Mann and Whitney. Far from 0 means they differ. */
export function rankScore(left: readonly number[], right: readonly number[]): number {
  const all = [...left.map((value) => ({ value, side: 0 })), ...right.map((value) => ({ value, side: 1 }))];
  all.sort((a, b) => a.value - b.value);
  const sum = all.reduce((total, { side }, rank) => total + (side === 0 ? rank + 1 : 0), 0);
  const n = left.length;
  const m = right.length;
  const mean = (n * (n + m + 1)) / 2;
  return (sum - mean) / Math.sqrt((n * m * (n + m + 1)) / 12);
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/** Runs every act so often, interleaved in random order, and gives the times of each in ms. */
export async function timed(
  acts: readonly (() => Promise<unknown>)[],
  rounds: number,
): Promise<readonly (readonly number[])[]> {
  const times: number[][] = acts.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    const order = acts.map((_act, at) => ({ at, dice: Math.random() })).toSorted((a, b) => a.dice - b.dice);
    for (const { at } of order) {
      const begun = performance.now();
      await acts[at]?.();
      times[at]?.push(performance.now() - begun);
    }
  }
  return times;
}
