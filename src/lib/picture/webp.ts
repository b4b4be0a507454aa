import type { Picture } from './picture.ts';

interface Chunk {
  readonly type: string;
  readonly body: Buffer;
}

const mostFrames = 500;
/** Of the flags of an extended file: that it has transparency, that it moves. */
const alphaFlag = 0x10;
const animationFlag = 0x02;

/** Walks a WebP (RFC 9649), extended and moving ones too. */
export function cleanWebp(file: Buffer): Picture | undefined {
  if (file.length < 20 || file.toString('latin1', 0, 4) !== 'RIFF' || file.toString('latin1', 8, 12) !== 'WEBP') {
    return undefined;
  }
  const end = 8 + file.readUInt32LE(4);
  const chunks = end > file.length ? undefined : chunksOf(file.subarray(12, end));
  const [first] = chunks ?? [];
  if (chunks === undefined || first === undefined) return undefined;
  if (first.type !== 'VP8X') {
    const size = sizeOf(first);
    return size === undefined ? undefined : written(size, [first]);
  }
  if (first.body.length !== 10) return undefined;
  const size = { width: first.body.readUIntLE(4, 3) + 1, height: first.body.readUIntLE(7, 3) + 1 };
  const moves = ((first.body[0] ?? 0) & animationFlag) !== 0;
  const shown = moves ? moving(chunks, size) : still(chunks, size);
  if (shown === undefined) return undefined;
  const header = Buffer.from(first.body);
  header[0] = (header[0] ?? 0) & (alphaFlag | animationFlag);
  return written(size, [{ type: 'VP8X', body: header }, ...shown]);
}

interface Size {
  readonly width: number;
  readonly height: number;
}

function still(chunks: readonly Chunk[], { width, height }: Size): readonly Chunk[] | undefined {
  const shown = chunks.filter(({ type }) => type === 'ALPH' || type === 'VP8 ' || type === 'VP8L');
  const pixels = shown.filter(({ type }) => type !== 'ALPH');
  const [only] = pixels;
  const size = only === undefined || pixels.length > 1 || shown.length > 2 ? undefined : sizeOf(only);
  if (size === undefined || size.width !== width || size.height !== height) return undefined;
  return shown.at(-1) === only ? shown : undefined;
}

function moving(chunks: readonly Chunk[], canvas: Size): readonly Chunk[] | undefined {
  const settings = chunks.filter(({ type }) => type === 'ANIM');
  const frames = chunks.filter(({ type }) => type === 'ANMF');
  if (settings.length !== 1 || settings[0]?.body.length !== 6) return undefined;
  if (frames.length === 0 || frames.length > mostFrames) return undefined;
  const shown: Chunk[] = [...settings];
  for (const { body } of frames) {
    if (body.length < 24) return undefined;
    const size = { width: body.readUIntLE(6, 3) + 1, height: body.readUIntLE(9, 3) + 1 };
    const right = 2 * body.readUIntLE(0, 3) + size.width;
    const bottom = 2 * body.readUIntLE(3, 3) + size.height;
    const inner = chunksOf(body.subarray(16));
    const parts = inner === undefined ? undefined : still(inner, size);
    if (parts === undefined || right > canvas.width || bottom > canvas.height) return undefined;
    shown.push({ type: 'ANMF', body: Buffer.concat([body.subarray(0, 16), ...parts.map(bytesOf)]) });
  }
  return shown;
}

/** The parts of a container; undefined where one runs out of it. */
function chunksOf(bytes: Buffer): readonly Chunk[] | undefined {
  const chunks: Chunk[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (at + 8 > bytes.length) return undefined;
    const length = bytes.readUInt32LE(at + 4);
    const end = at + 8 + length;
    if (end > bytes.length) return undefined;
    chunks.push({ type: bytes.toString('latin1', at, at + 4), body: bytes.subarray(at + 8, end) });
    at = end + (length % 2);
  }
  return chunks;
}

function sizeOf({ type, body }: Chunk): Size | undefined {
  if (type === 'VP8 ') {
    // A key frame, its start code, and a first part that lies in it (RFC 6386, 9.1).
    if (body.length < 10 || (body[0] ?? 1) % 2 !== 0 || body.readUIntBE(3, 3) !== 0x9d012a) return undefined;
    const first = Math.floor(body.readUIntLE(0, 3) / 32);
    if (first === 0 || 10 + first > body.length) return undefined;
    return positive(body.readUInt16LE(6) % 0x4000, body.readUInt16LE(8) % 0x4000);
  }
  if (type !== 'VP8L' || body.length < 5 || body[0] !== 0x2f) return undefined;
  const bits = body.readUInt32LE(1);
  // The last three bits are the version.
  if (bits >= 2 ** 29) return undefined;
  return positive((bits % 0x4000) + 1, (Math.floor(bits / 0x4000) % 0x4000) + 1);
}

function positive(width: number, height: number): Size | undefined {
  return width > 0 && height > 0 ? { width, height } : undefined;
}

function written(size: Size, chunks: readonly Chunk[]): Picture {
  const body = Buffer.concat([Buffer.from('WEBP', 'latin1'), ...chunks.map(bytesOf)]);
  const head = Buffer.from('RIFF\0\0\0\0', 'latin1');
  head.writeUInt32LE(body.length, 4);
  return { mediaType: 'image/webp', ...size, bytes: Buffer.concat([head, body]) };
}

function bytesOf({ type, body }: Chunk): Buffer {
  const head = Buffer.from(`${type}\0\0\0\0`, 'latin1');
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
}
