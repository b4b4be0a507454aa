/** Whether a client is still there, judged once in 15 s (realtime.md §3.2). */
export class Pulse {
  #heard = false;
  #pinged = false;
  #beats = 0;

  /** Any frame is a sign of life. */
  heard(): void {
    this.#heard = true;
  }

  /** The interval has begun anew: the client has connected. */
  restart(): void {
    this.#beats = 0;
    this.#heard = false;
  }

  /**
   * An interval is over.
   * @param state.intervals so many of them a client may take to connect
   * @returns `ping` after silence, `lost` after a ping that nothing followed
   */
  beat(state: { readonly connected: boolean; readonly intervals: number }): 'ping' | 'lost' | undefined {
    this.#beats += 1;
    if (!state.connected) return this.#beats >= state.intervals ? 'lost' : undefined;
    const { heard, pinged } = { heard: this.#heard, pinged: this.#pinged };
    this.#heard = false;
    this.#pinged = !heard && !pinged;
    if (heard) return undefined;
    return pinged ? 'lost' : 'ping';
  }

  /** True once in four intervals. */
  get isMinute(): boolean {
    return this.#beats % 4 === 0;
  }
}
