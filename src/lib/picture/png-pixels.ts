import { createInflate } from 'node:zlib';

interface Header {
  readonly width: number;
  readonly height: number;
  /** Bits of one channel, and the type of colour (ISO/IEC 15948, 11.2.2). */
  readonly depth: number;
  readonly colour: number;
  readonly interlaced: boolean;
}

/** How many channels each type of colour has. */
const channels: ReadonlyMap<number, number> = new Map([
  [0, 1],
  [2, 3],
  [3, 1],
  [4, 2],
  [6, 4],
]);

/** Where each of the seven passes of an interlaced picture begins, and how far its pixels lie apart. */
const passes = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/**
 * Whether the pixels of a PNG are there: what is deflated is exactly as long as its size asks for. It is inflated piece by
 * piece beside the program and thrown away; as soon as there is too much, it ends.
 * @param file a PNG that `cleanPng` has written
 */
export async function holdsPixels(file: Buffer): Promise<{ readonly held: boolean }> {
  const left = { bytes: lengthOf(headerOf(file)) };
  return await new Promise((resolve) => {
    const inflate = createInflate({ chunkSize: 65_536 });
    const end = (held: boolean): void => {
      inflate.destroy();
      resolve({ held });
    };
    inflate.once('error', () => end(false));
    inflate.once('end', () => end(left.bytes === 0));
    inflate.on('data', (piece: Buffer) => {
      left.bytes -= piece.length;
      if (left.bytes < 0) end(false);
    });
    for (const part of partsOf(file)) inflate.write(part);
    inflate.end();
  });
}

function headerOf(file: Buffer): Header {
  const [depth = 0, colour = 0, , , interlace = 0] = file.subarray(24);
  return {
    width: file.readUInt32BE(16),
    height: file.readUInt32BE(20),
    depth,
    colour,
    interlaced: interlace === 1,
  };
}

function lengthOf({ width, height, depth, colour, interlaced }: Header): number {
  const bits = depth * (channels.get(colour) ?? 0);
  // Before each row stands a byte that names its filter.
  const bytes = (columns: number, rows: number): number =>
    columns === 0 ? 0 : rows * (1 + Math.ceil((columns * bits) / 8));
  if (!interlaced) return bytes(width, height);
  return passes.reduce(
    (sum, [x, y, dx, dy]) =>
      sum + bytes(Math.max(0, Math.ceil((width - x) / dx)), Math.max(0, Math.ceil((height - y) / dy))),
    0,
  );
}

function* partsOf(file: Buffer): Generator<Buffer> {
  for (let at = 8; at + 12 <= file.length; ) {
    const length = file.readUInt32BE(at);
    if (file.toString('latin1', at + 4, at + 8) === 'IDAT') yield file.subarray(at + 8, at + 8 + length);
    at += 12 + length;
  }
}
