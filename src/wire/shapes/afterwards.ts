import { Fault } from '../../core/fault.ts';

type Log = (sentence: string, facts: Readonly<Record<string, unknown>>) => void;

/** So much may wait at a time. */
const most = 1_000;

/** What is done once an answer has left. */
export class Afterwards {
  readonly #log: Log;
  readonly #pending = new Set<Promise<void>>();

  constructor(log: Log) {
    this.#log = log;
  }

  /**
   * @param facts for the log, where it fails
   * @throws Fault `busy` while too much waits
   */
  run(act: () => Promise<void>, facts: Readonly<Record<string, unknown>>): void {
    if (this.#pending.size >= most) throw new Fault('busy');
    const done = this.#later(act, facts).finally(() => {
      this.#pending.delete(done);
    });
    this.#pending.add(done);
  }

  /** When nothing is left to do. */
  async settled(): Promise<void> {
    await Promise.all(this.#pending);
  }

  async #later(act: () => Promise<void>, facts: Readonly<Record<string, unknown>>): Promise<void> {
    // The answer is written in this turn.
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    try {
      await act();
    } catch (cause) {
      this.#log('What was left to do after an answer failed.', { ...facts, cause });
    }
  }
}
