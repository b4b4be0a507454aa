/** How long messages of a directory may be, in bytes: one of them, and all that answer one question. */
export interface MeterLimits {
  readonly message: number;
  readonly answer: number;
}

/**
 * Follows the messages (RFC 4511 §5.1) in what a directory sends, by their lengths alone: one that says it will be too
 * long is told before it has come.
 */
export class Meter {
  readonly #limits: MeterLimits;
  #answer = 0;
  /** The beginning of a message whose length is not known yet. */
  #head: number[] = [];
  #left = 0;

  constructor(limits: MeterLimits) {
    this.#limits = limits;
  }

  /** A new question is asked. */
  reset(): void {
    this.#answer = 0;
  }

  /** @returns whether what has come is within the limits; never again after it was not */
  take(piece: Buffer): { readonly held: boolean } {
    this.#answer += piece.length;
    let at = 0;
    while (at < piece.length && this.#answer <= this.#limits.answer) {
      if (this.#left > 0) {
        const skipped = Math.min(this.#left, piece.length - at);
        this.#left -= skipped;
        at += skipped;
        continue;
      }
      this.#head.push(piece[at] ?? 0);
      at += 1;
      const length = lengthOf(this.#head);
      if (length === undefined) continue;
      this.#head = [];
      this.#left = length;
      if (length > this.#limits.message) this.#answer = Number.POSITIVE_INFINITY;
    }
    return { held: this.#answer <= this.#limits.answer };
  }
}

/** The length that the head of a message tells; undefined while it is not all there. */
function lengthOf([, first, ...octets]: readonly number[]): number | undefined {
  if (first === undefined) return undefined;
  if (first < 0x80) return first;
  const count = first - 0x80;
  // No length at all (0), or one that nobody could hold.
  if (count === 0 || count > 4) return Number.POSITIVE_INFINITY;
  return octets.length < count ? undefined : octets.reduce((length, octet) => length * 256 + octet, 0);
}
