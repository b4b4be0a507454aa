import { crc32 } from 'node:zlib';
import type { Picture } from './picture.ts';

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** What may stand beside the pixels: it has a fixed size, and says how colours are meant. */
const kept: ReadonlyMap<string, number> = new Map([
  ['gAMA', 4],
  ['cHRM', 32],
  ['sRGB', 1],
]);

/** The bit depths that each type of colour may have. */
const depths: ReadonlyMap<number, readonly number[]> = new Map([
  [0, [1, 2, 4, 8, 16]],
  [2, [8, 16]],
  [3, [1, 2, 4, 8]],
  [4, [8, 16]],
  [6, [8, 16]],
]);

/** Walks a PNG (ISO/IEC 15948); an animated one becomes its first picture. */
export function cleanPng(file: Buffer): Picture | undefined {
  if (!file.subarray(0, 8).equals(signature)) return undefined;
  const parts: Buffer[] = [signature];
  const seen = new Set<string>();
  let size: { readonly width: number; readonly height: number; readonly colour: number } | undefined;
  let before = '';
  for (let at = 8; at + 12 <= file.length; ) {
    const length = file.readUInt32BE(at);
    const end = at + 12 + length;
    if (end > file.length) return undefined;
    const type = file.toString('latin1', at + 4, at + 8);
    const body = file.subarray(at + 8, end - 4);
    if (crc32(file.subarray(at + 4, end - 4)) !== file.readUInt32BE(end - 4)) return undefined;
    if (size === undefined) {
      size = type === 'IHDR' ? headerOf(body) : undefined;
      if (size === undefined) return undefined;
      parts.push(file.subarray(at, end));
    } else if (type === 'IDAT') {
      // All of them in one row, and the colours before them.
      if (seen.has('IDAT') && before !== 'IDAT') return undefined;
      if (size.colour === 3 && !seen.has('PLTE')) return undefined;
      parts.push(file.subarray(at, end));
    } else if (type === 'IEND') {
      if (length !== 0 || !seen.has('IDAT')) return undefined;
      parts.push(file.subarray(at, end));
      return { mediaType: 'image/png', width: size.width, height: size.height, bytes: Buffer.concat(parts) };
    } else if (type === 'PLTE' || type === 'tRNS' || kept.has(type)) {
      if (seen.has(type) || seen.has('IDAT') || !fits(type, length)) return undefined;
      parts.push(file.subarray(at, end));
    } else if (!/^[a-z][A-Za-z]{3}$/u.test(type)) {
      // Only what calls itself dispensable is left out.
      return undefined;
    }
    seen.add(type);
    before = type;
    at = end;
  }
  return undefined;
}

function headerOf(body: Buffer): { width: number; height: number; colour: number } | undefined {
  if (body.length !== 13) return undefined;
  const [width, height] = [body.readUInt32BE(0), body.readUInt32BE(4)];
  const [depth = 0, colour = 0, compression, filter, interlace = 0] = body.subarray(8);
  const known = depths.get(colour)?.includes(depth) === true && compression === 0 && filter === 0 && interlace <= 1;
  return known && width > 0 && height > 0 ? { width, height, colour } : undefined;
}

function fits(type: string, length: number): boolean {
  if (type === 'PLTE') return length > 0 && length <= 768 && length % 3 === 0;
  if (type === 'tRNS') return length > 0 && length <= 256;
  return kept.get(type) === length;
}
