const minuteMs = 60_000;
const firstPauses = [1, 5, 15] as const;
const laterPause = 60;

/** The tries that fit into 24 hours. */
const mostTries = 27;

/**
 * How long a mail waits after a try that failed.
 * @param tries how often it was tried, from 1 on
 * @returns milliseconds, or undefined when it was tried for long enough
 */
export function pauseAfter(tries: number): number | undefined {
  return tries >= mostTries ? undefined : (firstPauses[tries - 1] ?? laterPause) * minuteMs;
}
