import { type Decoding, nextDocument } from './bson-documents.ts';
import type { ByteReader } from './byte-reader.ts';
import { Crc64 } from './crc64.ts';
import type { Place } from './database.ts';
import { BrokenFile, type Found, type Wanted } from './found.ts';

/** The first four bytes of what `mongodump --archive` writes. */
export const archiveMagic = 0x8199e26d;

/** Stands after the preamble, after each block of a collection, and after the header that ends one. */
const terminator = -1;

/** A dump has hundreds of collections of use at the very most. */
const mostPlaces = 10_000;

/**
 * The documents of an archive. Its preamble (a header, and one document for each collection) tells what must follow; then
 * come blocks, each a header with the name of its collection and its documents, those of several collections in turn. A
 * last header of each says so and has the checksum of all its documents.
 * @param wanted whether documents of a collection are
 * @param choose says of which database, once the preamble has told which there are; undefined for all
 * @throws BrokenFile where the archive is cut off or damaged, also when a checksum differs or a collection has no end
 */
export async function* archiveDocuments(
  reader: ByteReader,
  how: Decoding,
  wanted: Wanted,
  choose: (places: readonly Place[]) => string | undefined,
): AsyncGenerator<Found> {
  await reader.skip(4);
  const places = await preamble(reader, how);
  const database = choose(places);
  const isMeant = (place: Place): boolean =>
    (database === undefined || place.database === database) && wanted(place.collection);
  /** Collections whose last header has not come yet. */
  const awaited = new Set(places.filter(isMeant).map(nameOf));
  /** Of each collection that is wanted; undefined once a document was passed over. */
  const sums = new Map<string, Crc64 | undefined>();
  for (;;) {
    const head = await reader.peek(4);
    if (head.length === 0) {
      const [missing] = awaited;
      if (missing === undefined) return;
      throw new BrokenFile(`The archive ends before ${missing} does: it is cut off.`);
    }
    const header = await nextDocument(reader, head, undefined, how, true);
    const { place, ended, checksum } = headerOf(header, reader);
    const name = nameOf(place);
    if (ended) {
      awaited.delete(name);
      await untilTerminator(reader, how);
      const sum = sums.get(name);
      sums.delete(name);
      if (sum !== undefined && checksum !== undefined && sum.value() !== BigInt.asUintN(64, checksum)) {
        throw new BrokenFile(`The checksum of ${name} differs: the archive is damaged.`);
      }
      continue;
    }
    const isWanted = isMeant(place);
    if (isWanted) awaited.add(name);
    if (isWanted && !sums.has(name)) sums.set(name, new Crc64());
    const hear = (bytes: Buffer | undefined): void => {
      if (bytes === undefined) sums.set(name, undefined);
      else sums.get(name)?.add(bytes);
    };
    for (let next = await reader.peek(4); !ends(next, reader); next = await reader.peek(4)) {
      const found = await nextDocument(reader, next, place.collection, how, isWanted, hear);
      if (found !== undefined) yield found;
    }
    await reader.skip(4);
  }
}

function ends(head: Buffer, reader: ByteReader): boolean {
  if (head.length < 4) throw new BrokenFile(`The archive ends too early, at byte ${reader.position}.`);
  return head.readInt32LE(0) === terminator;
}

function nameOf({ database, collection }: Place): string {
  return `${database}.${collection}`;
}

/** The collections that the archive holds; of views it holds no documents. */
async function preamble(reader: ByteReader, how: Decoding): Promise<readonly Place[]> {
  const places: Place[] = [];
  for (let next = await reader.peek(4); !ends(next, reader); next = await reader.peek(4)) {
    const found = await nextDocument(reader, next, undefined, how, true);
    const { db, collection, type } = found !== undefined && 'document' in found ? found.document : {};
    if (typeof db !== 'string' || typeof collection !== 'string' || type === 'view' || type === 'timeseries') continue;
    if (places.length >= mostPlaces) throw new BrokenFile('The archive tells of too many collections.');
    places.push({ database: db, collection });
  }
  await reader.skip(4);
  return places;
}

async function untilTerminator(reader: ByteReader, how: Decoding): Promise<void> {
  for (let next = await reader.peek(4); !ends(next, reader); next = await reader.peek(4)) {
    await nextDocument(reader, next, undefined, how, false);
  }
  await reader.skip(4);
}

function headerOf(header: Found | undefined, reader: ByteReader) {
  const document = header !== undefined && 'document' in header ? header.document : undefined;
  const collection = document?.['collection'];
  if (document === undefined || typeof collection !== 'string') {
    throw new BrokenFile(`The archive is damaged before byte ${reader.position}.`);
  }
  return {
    place: { database: String(document['db']), collection },
    ended: document['EOF'] === true,
    checksum: wholeOf(document['CRC']),
  };
}

/** A 64-bit number, which small ones are read as plain numbers. */
function wholeOf(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  if (isLong(value)) return value.toBigInt();
  return undefined;
}

/** A function cannot come out of a document, so this is one of the package. */
function isLong(value: unknown): value is { toBigInt(): bigint } {
  return typeof value === 'object' && value !== null && 'toBigInt' in value && typeof value.toBigInt === 'function';
}
