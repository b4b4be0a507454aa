import type { IncomingMessage } from 'node:http';
import { limits } from './limits.ts';

/**
 * Reads a whole body as text.
 * @returns undefined when it is longer than may be, or when the client went away
 */
export async function readBody(request: IncomingMessage): Promise<string | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > limits.messageBytes) return undefined;
  const pieces: Buffer[] = [];
  let size = 0;
  try {
    for await (const piece of request as AsyncIterable<Buffer>) {
      size += piece.length;
      if (size > limits.messageBytes) return undefined;
      pieces.push(piece);
    }
  } catch {
    return undefined;
  }
  return Buffer.concat(pieces).toString('utf8');
}
