import type { Socket } from 'node:net';
import { DirectoryUnreachable } from '../../core/directory/directory.ts';

/** An extended request with message id 1 that asks for StartTLS, 1.3.6.1.4.1.1466.20037 (RFC 4511 §4.14.1). */
const request = Buffer.concat([Buffer.from('301d02010177188016', 'hex'), Buffer.from('1.3.6.1.4.1.1466.20037')]);

/** Longer ones than this are no answer to it. */
const mostBytes = 4096;

/**
 * Asks for encryption on a fresh connection. Until the answer is there nothing else is sent, and what comes behind the
 * answer in plain text ends it: whoever sits in between must not put words into the encrypted part.
 * @throws DirectoryUnreachable where the directory will not, or answers anything else
 */
export async function startTls(socket: Socket): Promise<void> {
  const answer = new Promise<void>((resolve, reject) => {
    let read = Buffer.alloc(0);
    const onData = (piece: Buffer): void => {
      read = Buffer.concat([read, piece]);
      const judged = judge(read);
      if (judged === 'more') return;
      socket.off('data', onData);
      socket.pause();
      if (judged === 'begin') resolve();
      else reject(new DirectoryUnreachable(judged.refused));
    };
    socket.on('data', onData);
  });
  socket.write(request);
  await answer;
}

function judge(read: Buffer): 'more' | 'begin' | { readonly refused: string } {
  if (read.length > mostBytes) return { refused: strange };
  const message = part(read, 0, 0x30);
  if (message === 'more' || message === undefined) return message ?? { refused: strange };
  if (message.end > mostBytes) return { refused: strange };
  if (message.end > read.length) return 'more';
  if (message.end < read.length) return { refused: strange };
  const id = part(read, message.start, 0x02);
  if (id === 'more' || id === undefined || id.end !== id.start + 1 || read[id.start] !== 1) return { refused: strange };
  const response = part(read, id.end, 0x78);
  if (response === 'more' || response === undefined) return { refused: strange };
  const result = part(read, response.start, 0x0a);
  if (result === 'more' || result === undefined || result.end !== result.start + 1) return { refused: strange };
  const code = read[result.start] ?? -1;
  if (code === 0) return 'begin';
  return { refused: `The directory will not encrypt the connection (StartTLS, result ${String(code)}).` };
}

const strange = 'The directory answers to StartTLS with something else.';

/** One element of BER: where its content begins and ends; undefined where it is none of this tag. */
function part(read: Buffer, at: number, tag: number): { start: number; end: number } | 'more' | undefined {
  if (read.length < at + 2) return 'more';
  if (read[at] !== tag) return undefined;
  const first = read[at + 1] ?? 0;
  if (first < 0x80) return { start: at + 2, end: at + 2 + first };
  const octets = first - 0x80;
  if (octets === 0 || octets > 4) return undefined;
  const start = at + 2 + octets;
  if (read.length < start) return 'more';
  return { start, end: start + read.readUIntBE(at + 2, octets) };
}
