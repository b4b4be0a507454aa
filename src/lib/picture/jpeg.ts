import { tablesOf } from './jpeg-tables.ts';
import type { Picture } from './picture.ts';

// Markers (ITU-T T.81, table B.1).
const startOfScan = 0xda;
const endOfImage = 0xd9;
/** Baseline, extended and progressive, each with Huffman codes: what browsers show. */
const frames: ReadonlySet<number> = new Set([0xc0, 0xc1, 0xc2]);
const huffmanTables = 0xc4;
const quantTables = 0xdb;
const restartInterval = 0xdd;
const adobe = 0xee;
const comment = 0xfe;

/** Walks a JPEG from marker to marker. */
export function cleanJpeg(file: Buffer): Picture | undefined {
  if (file.length < 4 || file.readUInt16BE(0) !== 0xffd8) return undefined;
  const parts: Buffer[] = [file.subarray(0, 2)];
  const tables = tablesOf();
  let size: { readonly width: number; readonly height: number } | undefined;
  let scans = 0;
  let at = 2;
  while (at + 2 <= file.length) {
    if (file[at] !== 0xff) return undefined;
    const marker = file[at + 1] ?? 0;
    if (marker === 0xff) {
      // A filling byte.
      at += 1;
      continue;
    }
    if (marker === endOfImage) {
      if (size === undefined || scans === 0) return undefined;
      parts.push(file.subarray(at, at + 2));
      return { mediaType: 'image/jpeg', ...size, bytes: Buffer.concat(parts) };
    }
    if (at + 4 > file.length) return undefined;
    const end = at + 2 + file.readUInt16BE(at + 2);
    if (end < at + 4 || end > file.length) return undefined;
    const segment = file.subarray(at, end);
    at = end;
    if (frames.has(marker)) {
      if (size !== undefined) return undefined;
      size = sizeOf(segment);
      if (size === undefined || !tables.takeFrame(segment)) return undefined;
      parts.push(segment);
    } else if (marker === huffmanTables) {
      if (!tables.takeHuffman(segment)) return undefined;
      parts.push(segment);
    } else if (marker === quantTables) {
      if (!tables.takeQuant(segment)) return undefined;
      parts.push(segment);
    } else if (marker === restartInterval) {
      if (segment.length !== 6) return undefined;
      parts.push(segment);
    } else if (marker === startOfScan) {
      scans += 1;
      const data = endOfData(file, end);
      if (size === undefined || scans > mostScans || data === end || !tables.fitsScan(segment)) return undefined;
      parts.push(segment, file.subarray(end, data));
      at = data;
    } else if (marker === adobe) {
      // It says how the colours are to be taken; without it some pictures turn green.
      if (segment.length === 16 && segment.toString('latin1', 4, 9) === 'Adobe') parts.push(segment);
    } else if (marker !== comment && (marker < 0xe0 || marker > 0xef)) {
      return undefined;
    }
  }
  return undefined;
}

/** A progressive picture has some ten; a thousand keep a browser busy for long. */
const mostScans = 100;

function sizeOf(segment: Buffer): { width: number; height: number } | undefined {
  if (segment.length < 10) return undefined;
  const components = segment[9] ?? 0;
  const [height, width] = [segment.readUInt16BE(5), segment.readUInt16BE(7)];
  const known = segment.length === 10 + 3 * components && [1, 3, 4].includes(components) && segment[4] === 8;
  return known && width > 0 && height > 0 ? { width, height } : undefined;
}

/** Where the coded pixels end: at a marker that is no restart and no stuffed byte. */
function endOfData(file: Buffer, from: number): number {
  for (let at = file.indexOf(0xff, from); at >= 0; at = file.indexOf(0xff, at + 1)) {
    const next = file[at + 1];
    if (next === undefined) break;
    if (next === 0xff || next === 0 || (next >= 0xd0 && next <= 0xd7)) continue;
    return at;
  }
  return file.length;
}
