import type { ByteReader } from './byte-reader.ts';
import { type Bounds, BrokenFile, type Found } from './found.ts';

/** What the package `bson` does with the bytes of a document; handed in, since it is loaded on use. */
export type Decode = (bytes: Uint8Array) => Readonly<Record<string, unknown>>;

/** How documents of BSON are read, and how large they may be. */
export interface Decoding extends Pick<Bounds, 'bytes'> {
  readonly decode: Decode;
}

/**
 * Documents of BSON, one after the other, until the end of the file.
 * @throws BrokenFile where the file ends in the middle, or what follows is no document
 */
export async function* bsonDocuments(
  reader: ByteReader,
  collection: string | undefined,
  how: Decoding,
): AsyncGenerator<Found> {
  for (;;) {
    const head = await reader.peek(4);
    if (head.length === 0) return;
    const found = await nextDocument(reader, head, collection, how, true);
    if (found !== undefined) yield found;
  }
}

/**
 * The document that begins here.
 * @param head the four bytes of its length
 * @param isWanted false to pass over it
 * @param hear gets the bytes of a document that is wanted; undefined where it is too large
 * @throws BrokenFile
 */
export async function nextDocument(
  reader: ByteReader,
  head: Buffer,
  collection: string | undefined,
  { decode, bytes: most }: Decoding,
  isWanted: boolean,
  hear?: (bytes: Buffer | undefined) => void,
): Promise<Found | undefined> {
  const at = reader.position;
  const length = head.length < 4 ? 0 : head.readInt32LE(0);
  if (length < 5) throw new BrokenFile(`What stands at byte ${at} is no document.`);
  if (!isWanted || length > most) {
    if (!(await reader.skip(length))) throw cutOff(at);
    if (!isWanted) return undefined;
    hear?.(undefined);
    return { collection, unreadable: `the document at byte ${at} is too large` };
  }
  const bytes = await reader.take(length);
  if (bytes === undefined) throw cutOff(at);
  hear?.(bytes);
  try {
    return { collection, document: decode(bytes), bytes: length };
  } catch {
    return { collection, unreadable: `the document at byte ${at} cannot be read` };
  }
}

function cutOff(at: number): BrokenFile {
  return new BrokenFile(`The file ends in the middle of the document at byte ${at}.`);
}
