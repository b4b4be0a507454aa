import type { Picture } from './picture.ts';

const mostFrames = 500;

/** Walks a GIF (87a, 89a), moving ones too. */
export function cleanGif(file: Buffer): Picture | undefined {
  if (!/^GIF8[79]a$/u.test(file.toString('latin1', 0, 6)) || file.length < 13) return undefined;
  const [width, height] = [file.readUInt16LE(6), file.readUInt16LE(8)];
  if (width === 0 || height === 0) return undefined;
  let at = 13 + tableLength(file[10] ?? 0);
  const parts: Buffer[] = [file.subarray(0, at)];
  let count = 0;
  while (at < file.length) {
    const begin = at;
    const kind = file[at];
    if (kind === 0x3b) {
      if (count === 0) return undefined;
      parts.push(file.subarray(at, at + 1));
      return { mediaType: 'image/gif', width, height, bytes: Buffer.concat(parts) };
    }
    if (kind === 0x2c) {
      if (at + 10 > file.length) return undefined;
      const right = file.readUInt16LE(at + 1) + file.readUInt16LE(at + 5);
      const bottom = file.readUInt16LE(at + 3) + file.readUInt16LE(at + 7);
      count += 1;
      if (right > width || bottom > height || count > mostFrames) return undefined;
      const colours = tableLength(file[at + 9] ?? 0);
      // The size of the first code, and then the coded pixels.
      const codes = at + 10 + colours;
      const [size = 0, length = 0] = file.subarray(codes, codes + 2);
      if (size < 2 || size > 8 || length === 0) return undefined;
      at = endOfBlocks(file, codes + 1);
      if (at < 0) return undefined;
      parts.push(file.subarray(begin, at));
    } else if (kind === 0x21) {
      const label = file[at + 1];
      at = endOfBlocks(file, at + 2);
      if (at < 0) return undefined;
      const extension = file.subarray(begin, at);
      if (label === 0xf9 && extension.length === 8 && extension[2] === 4) parts.push(extension);
      else if (isLoop(extension)) parts.push(extension);
      else if (label !== 0xfe && label !== 0x01 && label !== 0xff) return undefined;
    } else return undefined;
  }
  return undefined;
}

/** How often a moving picture begins anew. */
function isLoop(extension: Buffer): boolean {
  return (
    extension.length === 19 &&
    extension[1] === 0xff &&
    extension[2] === 11 &&
    extension.toString('latin1', 3, 14) === 'NETSCAPE2.0' &&
    extension[14] === 3 &&
    extension[15] === 1
  );
}

function tableLength(flags: number): number {
  return flags >= 0x80 ? 3 * 2 ** ((flags % 8) + 1) : 0;
}

/** Where a row of blocks ends, each with its length before it; -1 where it runs out of the file. */
function endOfBlocks(file: Buffer, from: number): number {
  let at = from;
  for (;;) {
    const length = file[at];
    if (length === undefined) return -1;
    at += 1 + length;
    if (length === 0) return at;
  }
}
