import type { Limits } from './limits.ts';

/** Whether a client is still there, judged once in 15 s (realtime.md §3.2). */
export class Pulse {
  #heard = false;
  /** Beats since anything was heard. */
  #silent = 0;
  #beats = 0;

  /** Any frame is a sign of life. */
  heard(): void {
    this.#heard = true;
  }

  /** The interval has begun anew: the client has connected. */
  restart(): void {
    this.#beats = 0;
    this.#silent = 0;
    this.#heard = false;
  }

  /**
   * An interval is over.
   * @param client.connected before that, nothing but connecting counts
   * @param client.answers false for the oldest version of the protocol, which knows no ping
   * @param limits.intervalsToConnect so many intervals a client may take to connect
   * @param limits.intervalsUnasked after so many silent ones a client that cannot be asked counts as lost
   * @returns `ping` after silence, `lost` after a ping that nothing followed
   */
  beat(
    client: { readonly connected: boolean; readonly answers: boolean },
    limits: Pick<Limits, 'intervalsToConnect' | 'intervalsUnasked'>,
  ): 'ping' | 'lost' | undefined {
    this.#beats += 1;
    if (!client.connected) return this.#beats >= limits.intervalsToConnect ? 'lost' : undefined;
    this.#silent = this.#heard ? 0 : this.#silent + 1;
    this.#heard = false;
    if (!client.answers) return this.#silent >= limits.intervalsUnasked ? 'lost' : undefined;
    if (this.#silent === 0) return undefined;
    return this.#silent === 1 ? 'ping' : 'lost';
  }

  /** True once in four intervals. */
  get isMinute(): boolean {
    return this.#beats % 4 === 0;
  }
}
