/** Reads a stream of bytes in pieces of any length; no more is held than what was asked for and one chunk. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #held: Buffer = Buffer.alloc(0);
  #ended = false;
  #position = 0;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** How many bytes were taken or skipped so far. */
  get position(): number {
    return this.#position;
  }

  /** The next bytes, which stay; fewer where the stream ends before. */
  async peek(count: number): Promise<Buffer> {
    await this.#fill(count);
    return this.#held.subarray(0, count);
  }

  /** The next bytes; undefined where the stream ends before. */
  async take(count: number): Promise<Buffer | undefined> {
    await this.#fill(count);
    if (this.#held.length < count) return undefined;
    const taken = this.#held.subarray(0, count);
    this.#held = this.#held.subarray(count);
    this.#position += count;
    return taken;
  }

  /** Whatever is at hand, or undefined at the end. */
  async some(): Promise<Buffer | undefined> {
    await this.#fill(1);
    return this.#held.length === 0 ? undefined : await this.take(this.#held.length);
  }

  /** Leaves bytes out without holding them. @returns false where the stream ends before */
  async skip(count: number): Promise<boolean> {
    for (let left = count; left > 0; ) {
      await this.#fill(1);
      if (this.#held.length === 0) return false;
      const step = Math.min(left, this.#held.length);
      this.#held = this.#held.subarray(step);
      this.#position += step;
      left -= step;
    }
    return true;
  }

  /** The bytes that are left, as a stream. */
  async *rest(): AsyncGenerator<Buffer> {
    for (let chunk = await this.some(); chunk !== undefined; chunk = await this.some()) yield chunk;
  }

  async #fill(count: number): Promise<void> {
    if (this.#held.length >= count || this.#ended) return;
    const parts = [this.#held];
    for (let size = this.#held.length; size < count; ) {
      const next = await this.#chunks.next();
      if (next.done === true) {
        this.#ended = true;
        break;
      }
      const chunk = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
      parts.push(chunk);
      size += chunk.length;
    }
    this.#held = parts.length === 1 ? this.#held : Buffer.concat(parts);
  }
}
