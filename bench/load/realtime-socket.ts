import { connect, type Socket } from 'node:net';

/** What a socket tells its owner. */
export interface Listener {
  text(message: string): void;
  /** Called once; `reason` is set when it was not closed as asked. */
  closed(reason: string | undefined): void;
}

const upgrade = [
  'GET /websocket HTTP/1.1',
  'Host: 127.0.0.1',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'User-Agent: countersign-bench',
].join('\r\n');
const request = Buffer.from(`${upgrade}\r\n\r\n`);
const headEnd = Buffer.from('\r\n\r\n');
const opcodes = { text: 1, close: 8, ping: 9, pong: 10 } as const;
const closeFrame = frameOf(opcodes.close, Buffer.from([0x03, 0xe8]));

/** A WebSocket client with next to nothing in it, so that ten thousand of them fit beside what is measured. */
export class RealtimeSocket {
  readonly #socket: Socket;
  readonly #listener: Listener;
  #upgraded = false;
  #closing = false;
  #rest: Buffer | undefined;

  constructor(port: number, localAddress: string, listener: Listener) {
    this.#listener = listener;
    this.#socket = connect({ port, host: '127.0.0.1', localAddress, noDelay: true });
    let reason: string | undefined;
    this.#socket.on('connect', () => this.#socket.write(request));
    this.#socket.on('data', (piece: Buffer) => {
      this.#read(piece);
    });
    this.#socket.on('error', (cause) => {
      reason = cause.message;
    });
    this.#socket.on('close', () => {
      listener.closed(this.#closing ? undefined : (reason ?? 'closed by the server'));
    });
  }

  send(text: string): void {
    this.#socket.write(frameOf(opcodes.text, Buffer.from(text)));
  }

  /** Closes as a client should: with a frame, and then the connection. */
  close(): void {
    this.#closing = true;
    this.#socket.end(closeFrame);
  }

  #read(piece: Buffer): void {
    let bytes = this.#rest === undefined ? piece : Buffer.concat([this.#rest, piece]);
    this.#rest = undefined;
    if (!this.#upgraded) {
      const end = bytes.indexOf(headEnd);
      if (end < 0) {
        this.#rest = bytes;
        return;
      }
      if (!bytes.toString('latin1', 0, end).startsWith('HTTP/1.1 101')) {
        this.#socket.destroy(new Error(`refused: ${bytes.toString('latin1', 0, 80)}`));
        return;
      }
      this.#upgraded = true;
      bytes = bytes.subarray(end + 4);
    }
    while (bytes.length >= 2) {
      const frame = readFrame(bytes);
      if (frame === undefined) break;
      bytes = bytes.subarray(frame.end);
      if (frame.opcode === opcodes.text) this.#listener.text(frame.payload.toString());
      else if (frame.opcode === opcodes.ping) this.#socket.write(frameOf(opcodes.pong, frame.payload));
      else if (frame.opcode === opcodes.close && !this.#closing) this.#socket.end(closeFrame);
    }
    if (bytes.length > 0) this.#rest = Buffer.from(bytes);
  }
}

/** A masked frame whose mask is zero: allowed, and costs nothing. */
function frameOf(opcode: number, payload: Buffer): Buffer {
  const long = payload.length > 125;
  const frame = Buffer.alloc((long ? 8 : 6) + payload.length);
  frame[0] = 0x80 | opcode;
  frame[1] = 0x80 | (long ? 126 : payload.length);
  if (long) frame.writeUInt16BE(payload.length, 2);
  payload.copy(frame, long ? 8 : 6);
  return frame;
}

function readFrame(bytes: Buffer): { opcode: number; payload: Buffer; end: number } | undefined {
  let start = 2;
  let length = (bytes[1] ?? 0) & 0x7f;
  if (length === 126) {
    if (bytes.length < 4) return undefined;
    length = bytes.readUInt16BE(2);
    start = 4;
  } else if (length === 127) {
    if (bytes.length < 10) return undefined;
    length = Number(bytes.readBigUInt64BE(2));
    start = 10;
  }
  const end = start + length;
  return bytes.length < end ? undefined : { opcode: (bytes[0] ?? 0) & 0x0f, payload: bytes.subarray(start, end), end };
}
