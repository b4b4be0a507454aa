import { cleanGif } from './gif.ts';
import { cleanJpeg } from './jpeg.ts';
import type { Picture } from './picture.ts';
import { cleanPng } from './png.ts';
import { cleanWebp } from './webp.ts';

/**
 * Reads a picture by its content and writes it anew: only what shows it is kept, so no notes, places or times, no colour
 * profile, and nothing that stands behind its end. Nothing is decoded: the parts are walked, each within its bounds.
 * @param file its bytes
 * @returns undefined for whatever is no well-formed PNG, JPEG, GIF or WebP
 */
export function cleanPicture(file: Uint8Array): Picture | undefined {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  for (const clean of [cleanPng, cleanJpeg, cleanGif, cleanWebp]) {
    const picture = clean(bytes);
    if (picture !== undefined) return picture;
  }
  return undefined;
}
