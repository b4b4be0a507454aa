/** Where time comes from for what happens later; tests move it themselves. */
export interface Timers {
  /** Calls `act` again and again until the returned function is called. */
  every(ms: number, act: () => void): () => void;
  after(ms: number, act: () => void): void;
}

/** The host's timers, which never keep the process alive. */
export const hostTimers: Timers = {
  every(ms, act) {
    const timer = setInterval(act, ms).unref();
    return () => {
      clearInterval(timer);
    };
  },
  after(ms, act) {
    setTimeout(act, ms).unref();
  },
};
