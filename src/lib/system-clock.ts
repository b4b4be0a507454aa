/** The clock of this machine. */
export const systemClock = { now: (): number => Date.now() };
