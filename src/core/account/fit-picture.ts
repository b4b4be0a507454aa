import { cleanPicture } from '../../lib/picture/clean.ts';
import type { Picture } from '../../lib/picture/picture.ts';
import { Fault } from '../fault.ts';

/** How large the picture of an account may be. */
export interface PictureBounds {
  readonly mostBytes: number;
  /** In pixels. */
  readonly longestSide: number;
}

/**
 * The picture that a file holds, as it may be shown: only what belongs to the picture itself is kept of the file.
 * @param file a PNG, JPEG, GIF or WebP, told by its content alone
 * @throws Fault `avatar-too-large`, `avatar-invalid`
 */
export function fitPicture(file: Uint8Array, { mostBytes, longestSide }: PictureBounds): Picture {
  if (file.length > mostBytes) throw new Fault('avatar-too-large', { most: mostBytes });
  const picture = cleanPicture(file);
  if (picture === undefined || picture.width > longestSide || picture.height > longestSide) {
    throw new Fault('avatar-invalid');
  }
  return picture;
}
