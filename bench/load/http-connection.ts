import { connect, type Socket } from 'node:net';

/** An answer as far as the measurements look at it. */
export interface Answer {
  readonly status: number;
  readonly retryAfter: boolean;
  readonly bytes: number;
}

const headEnd = Buffer.from('\r\n\r\n');

/**
 * A kept-alive connection with one request at a time, as cheap as can be: what the load costs must not be what is
 * measured. It understands answers that say their length, and no others.
 */
export class HttpConnection {
  readonly #socket: Socket;
  #onAnswer: ((answer: Answer | undefined) => void) | undefined;
  /** What came of an answer that is not whole yet. */
  #partial: Buffer | undefined;
  #closed = false;

  constructor(port: number, localAddress: string) {
    const buffer = Buffer.allocUnsafe(65_536);
    this.#socket = connect({
      port,
      host: '127.0.0.1',
      localAddress,
      noDelay: true,
      onread: {
        buffer,
        callback: (length) => {
          this.#read(buffer.subarray(0, length));
          return true;
        },
      },
    });
    this.#socket.on('error', () => undefined);
    this.#socket.on('close', () => {
      this.#closed = true;
      this.#finish(undefined);
    });
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** @param onAnswer hears of the answer, or of undefined when the connection broke */
  ask(request: Buffer, onAnswer: (answer: Answer | undefined) => void): void {
    if (this.#closed) {
      onAnswer(undefined);
      return;
    }
    this.#onAnswer = onAnswer;
    this.#socket.write(request);
  }

  close(): void {
    this.#onAnswer = undefined;
    this.#socket.destroy();
  }

  #read(piece: Buffer): void {
    const bytes = this.#partial === undefined ? piece : Buffer.concat([this.#partial, piece]);
    const end = bytes.indexOf(headEnd);
    const head = end < 0 ? '' : bytes.toString('latin1', 0, end);
    const total = end + 4 + Number(/\r\ncontent-length: (\d+)/iu.exec(head)?.[1] ?? 0);
    if (end < 0 || bytes.length < total) {
      this.#partial = piece === bytes ? Buffer.from(bytes) : bytes;
      return;
    }
    this.#partial = undefined;
    const retryAfter = head.startsWith('503', 9) && /\r\nretry-after: \d/iu.test(head);
    this.#finish({ status: Number(head.slice(9, 12)), retryAfter, bytes: total });
  }

  #finish(answer: Answer | undefined): void {
    const onAnswer = this.#onAnswer;
    this.#onAnswer = undefined;
    onAnswer?.(answer);
  }
}
