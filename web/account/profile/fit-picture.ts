/** How large a picture the server takes. */
interface Bounds {
  readonly bytes: number;
  /** In pixels. */
  readonly side: number;
}

/** What goes to the server as it is. Of a photograph it forgets how the camera was held: that one is drawn upright. */
const taken: ReadonlySet<string> = new Set(['image/png', 'image/gif', 'image/webp']);

/** What is tried in turn where a picture is too large, in pixels: nowhere is more than the first shown. */
const sides = [512, 256, 128, 64, 32] as const;

/**
 * A picture that the server takes: the file itself where it is small enough, else the same drawn smaller.
 * @returns undefined where the browser sees no picture in it, or it fits in no size
 */
export async function fitted(file: Blob, bounds: Bounds): Promise<Blob | undefined> {
  let picture: ImageBitmap;
  try {
    picture = await createImageBitmap(file);
  } catch {
    return undefined;
  }
  try {
    const longest = Math.max(picture.width, picture.height);
    if (taken.has(file.type) && file.size <= bounds.bytes && longest <= bounds.side) return file;
    for (const side of sides.filter((one) => one <= bounds.side)) {
      const drawn = await drawnIn(picture, Math.min(1, side / longest));
      if (drawn !== null && drawn.size <= bounds.bytes) return drawn;
    }
    return undefined;
  } finally {
    picture.close();
  }
}

async function drawnIn(picture: ImageBitmap, scale: number): Promise<Blob | null> {
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const context = canvas.getContext('2d');
  if (context === null) return null;
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return await new Promise((resolve) => {
    canvas.toBlob(resolve, 'image/webp', 0.9);
  });
}

/** A file as a `data:` address. */
export async function dataAddressOf(file: Blob): Promise<string> {
  return await new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(typeof reader.result === 'string' ? reader.result : '');
    reader.onerror = () => reject(reader.error ?? new Error('The file could not be read.'));
    reader.readAsDataURL(file);
  });
}
