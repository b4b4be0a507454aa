import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { exchange, type Target } from './wire.ts';

export const opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export interface FrameShape {
  readonly fin?: boolean;
  readonly reserved?: number;
  readonly masked?: boolean;
  /** What the frame says of its length, where that is a lie. */
  readonly says?: bigint;
}

/** One WebSocket frame of a client, made by hand so that it can be wrong. */
export function frame(code: number, payload: Buffer | string, shape: FrameShape = {}): Buffer {
  const { fin = true, reserved = 0, masked = true, says } = shape;
  const bytes = Buffer.from(payload);
  const length = says ?? BigInt(bytes.length);
  const first = (fin ? 0x80 : 0) | (reserved << 4) | code;
  const mask = masked ? 0x80 : 0;
  let head: Buffer;
  if (length < 126n) head = Buffer.from([first, mask | Number(length)]);
  else if (length < 65_536n) {
    head = Buffer.from([first, mask | 126, 0, 0]);
    head.writeUInt16BE(Number(length), 2);
  } else {
    head = Buffer.concat([Buffer.from([first, mask | 127]), Buffer.alloc(8)]);
    head.writeBigUInt64BE(length, 2);
  }
  if (!masked) return Buffer.concat([head, bytes]);
  const key = randomBytes(4);
  return Buffer.concat([head, key, bytes.map((byte, at) => byte ^ (key[at & 3] ?? 0))]);
}

export function upgradeRequest(more = '', path = '/websocket', version = '13'): string {
  const key = randomBytes(16).toString('base64');
  return `GET ${path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: ${version}\r\n${more}\r\n`;
}

export interface RawEnd {
  readonly closed: boolean;
  /** The code of the server's close frame; undefined where none came. */
  readonly code: number | undefined;
}

/** Opens a socket by hand, sends these frames, and tells how the server ended it. */
export async function sendRaw(target: Target, frames: Buffer, waitMs = 4000): Promise<RawEnd> {
  const { received, closed } = await exchange(target, Buffer.from(upgradeRequest()), {
    waitMs,
    pauses: [[30, frames]],
  });
  return { closed, code: closeCodeIn(received.subarray(received.indexOf('\r\n\r\n') + 4)) };
}

/** Walks the frames of the server up to its close frame. */
function closeCodeIn(bytes: Buffer): number | undefined {
  let at = 0;
  while (at + 2 <= bytes.length) {
    const code = (bytes[at] ?? 0) & 0x0f;
    let length = (bytes[at + 1] ?? 0) & 0x7f;
    at += 2;
    if (length === 126) {
      length = bytes.readUInt16BE(at);
      at += 2;
    } else if (length === 127) {
      length = Number(bytes.readBigUInt64BE(at));
      at += 8;
    }
    if (code === opcode.close) return length >= 2 ? bytes.readUInt16BE(at) : 1005;
    at += length;
  }
  return undefined;
}

/** Writes so many bytes, or until the server closes, and tells how the server ended it. */
export async function pour(target: Target, first: Buffer, next: () => Buffer, most: number): Promise<RawEnd> {
  return await new Promise((resolve) => {
    const socket = connect(target.port, '127.0.0.1');
    const chunks: Buffer[] = [];
    let sent = 0;
    let over = false;
    const finish = (closed: boolean): void => {
      if (over) return;
      over = true;
      socket.destroy();
      const received = Buffer.concat(chunks);
      resolve({ closed, code: closeCodeIn(received.subarray(received.indexOf('\r\n\r\n') + 4)) });
    };
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.once('close', () => finish(true));
    socket.once('error', () => finish(true));
    const more = (): void => {
      while (!over && sent < most) {
        const bytes = next();
        sent += bytes.length;
        if (!socket.write(bytes)) {
          socket.once('drain', more);
          return;
        }
      }
      // A busy machine takes its time; whoever is cut off is told at once.
      if (!over) setTimeout(() => finish(false), 5000);
    };
    socket.write(first);
    setTimeout(more, 30);
  });
}
