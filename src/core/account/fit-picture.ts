import { cleanPicture } from '../../lib/picture/clean.ts';
import type { Picture } from '../../lib/picture/picture.ts';
import { holdsPixels } from '../../lib/picture/png-pixels.ts';
import { Fault } from '../fault.ts';

/** How large the picture of an account may be. */
export interface PictureBounds {
  readonly mostBytes: number;
  /** In pixels. */
  readonly longestSide: number;
}

/**
 * The picture that a file holds, as it may be shown: only what belongs to the picture itself is kept of the file. Of a PNG,
 * whose few bytes may unfold to very many, the pixels are counted; of the others their tables and lengths must be right.
 * @param file a PNG, JPEG, GIF or WebP, told by its content alone
 * @throws Fault `avatar-too-large`, `avatar-invalid`
 */
export async function fitPicture(file: Uint8Array, { mostBytes, longestSide }: PictureBounds): Promise<Picture> {
  if (file.length > mostBytes) throw new Fault('avatar-too-large', { most: mostBytes });
  const picture = cleanPicture(file);
  if (picture === undefined || picture.width > longestSide || picture.height > longestSide) {
    throw new Fault('avatar-invalid');
  }
  if (picture.mediaType === 'image/png' && !(await holdsPixels(picture.bytes)).held) throw new Fault('avatar-invalid');
  return picture;
}
