import { createReadStream, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { archiveDocuments, archiveMagic } from './archive-documents.ts';
import { bsonDocuments, type Decode } from './bson-documents.ts';
import { ByteReader } from './byte-reader.ts';
import { databaseMeant } from './database.ts';
import type { Dialect, Kind } from './dialect.ts';
import { type Bounds, BrokenFile, type Found, widest } from './found.ts';
import { jsonDocuments } from './json-documents.ts';

/** A file to be read, and how large it is. */
export interface Source {
  readonly path: string;
  readonly bytes: number;
  /** What it was called by whoever sent it; undefined where it is called as its path has it. */
  readonly name?: string;
}

/** What a file is called for whoever named it. */
export function nameOf({ path, name }: Pick<Source, 'path' | 'name'>): string {
  return name ?? path;
}

const endings = /\.(?:bson|json|jsonl|ndjson|archive|agz)(?:\.gz)?$/u;

/**
 * The files that were named; of a folder, those of a dump in it and in the folders right below it, of one database.
 * @param database its name, where the operator has given it
 * @throws BrokenFile where several have people and none is named
 */
export function sourcesOf(
  paths: readonly string[],
  dialect: Pick<Dialect, 'kindOf'>,
  database: string | undefined,
): readonly Source[] {
  return paths.flatMap((path) => {
    const found = statSync(path);
    if (!found.isDirectory()) return [{ path, bytes: found.size }];
    const files = filesBelow(path, 1)
      .filter(
        (file) =>
          endings.test(file) && !file.endsWith('.metadata.json') && dialect.kindOf(collectionOf(file)) !== undefined,
      )
      .map((file) => ({ path: file, bytes: statSync(file).size }))
      // A collection without documents is an empty file; but that nobody is there would be a surprise.
      .filter(({ path: file, bytes }) => bytes > 0 || dialect.kindOf(collectionOf(file)) === 'account');
    const places = files.map(({ path: file }) => ({ database: databaseOf(file), collection: collectionOf(file) }));
    const meant = databaseMeant(places, dialect, database);
    return files.filter(({ path: file }) => databaseOf(file) === meant);
  });
}

/** Of a dump in folders, each has the name of its database. */
function databaseOf(path: string): string {
  return basename(dirname(resolve(path)));
}

function filesBelow(folder: string, depth: number): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).toSorted((one, other) =>
    one.name < other.name ? -1 : 1,
  );
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isFile()) return [path];
    return entry.isDirectory() && depth > 0 ? filesBelow(path, depth - 1) : [];
  });
}

/** The collection that a file is named after. */
function collectionOf(path: string): string {
  return basename(path).replace(endings, '');
}

/**
 * The documents of a file, whatever its form: an archive of mongodump, BSON, or the JSON of mongoexport, each of them
 * also compressed with gzip. The form is told by the content, the collection by the archive or else by the file's name.
 * No more than a document and a chunk are held.
 * @param wanted documents of other kinds are passed over, as far as their collection tells
 * @param how.onBytes hears how many bytes of the file were read meanwhile
 * @param how.bounds how large a document may be, and the file when it is unpacked
 * @param how.database the one that is meant, of an archive that holds several
 * @throws BrokenFile with a sentence for the operator, after everything that could be read
 */
export async function* documentsOf(
  source: Source,
  dialect: Dialect,
  wanted: ReadonlySet<Kind>,
  how: {
    readonly onBytes: (count: number) => void;
    readonly bounds?: Bounds | undefined;
    readonly database?: string | undefined;
  },
): AsyncGenerator<Found> {
  const { onBytes, bounds = widest, database } = how;
  const { BSON, EJSON } = await import('bson');
  const decode: Decode = (bytes) => BSON.deserialize(bytes, { promoteBuffers: false, bsonRegExp: true });
  const decoding = { decode, bytes: bounds.bytes };
  const isWanted = (kind: Kind | undefined): boolean => kind !== undefined && wanted.has(kind);
  const file = createReadStream(source.path, { highWaterMark: 262_144 });
  try {
    const reader = await plainReader(counted(file, onBytes), bounds.unpacked);
    const head = await reader.peek(4);
    if (head.length === 0) throw new BrokenFile('The file is empty.');
    if (head.length === 4 && head.readUInt32LE(0) === archiveMagic) {
      yield* archiveDocuments(
        reader,
        decoding,
        (name) => isWanted(dialect.kindOf(name)),
        (places) => databaseMeant(places, dialect, database),
      );
      return;
    }
    const collection = collectionOf(nameOf(source));
    const named = dialect.kindOf(collection) === undefined ? undefined : collection;
    if (named !== undefined && !isWanted(dialect.kindOf(named))) return;
    // A text has no byte that is 0, and the length of a document has one.
    if (head.includes(0)) yield* bsonDocuments(reader, named, decoding);
    else yield* jsonDocuments(reader, named, (text) => EJSON.parse(text, { relaxed: true }), bounds);
  } catch (cause) {
    throw brokenFileOf(cause);
  } finally {
    file.destroy();
  }
}

/** @param most how many bytes may come of a compressed file: a few megabytes can become terabytes */
async function plainReader(file: AsyncIterable<Buffer>, most: number | undefined): Promise<ByteReader> {
  const packed = new ByteReader(file);
  const [first, second] = await packed.peek(2);
  if (first !== 0x1f || second !== 0x8b) return packed;
  const [{ createGunzip }, { Readable }] = await Promise.all([import('node:zlib'), import('node:stream')]);
  const gunzip = createGunzip({ chunkSize: 262_144 });
  const input = Readable.from(packed.rest());
  input.once('error', (cause) => gunzip.destroy(cause));
  let unpacked = 0;
  const hear = (bytes: number): void => {
    unpacked += bytes;
    if (most === undefined || unpacked <= most) return;
    throw new BrokenFile(`Unpacked, it is larger than ${Math.round(most / 1_048_576)} MiB.`);
  };
  return new ByteReader(counted(input.pipe(gunzip), hear));
}

async function* counted(file: AsyncIterable<Buffer>, onBytes: (count: number) => void): AsyncGenerator<Buffer> {
  for await (const chunk of file) {
    onBytes(chunk.length);
    yield chunk;
  }
}

function brokenFileOf(cause: unknown): unknown {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code.startsWith('Z_')) return new BrokenFile('The compressed file is damaged or cut off.', { cause });
  if (/^E[A-Z]+$/u.test(code)) return new BrokenFile(`It cannot be read (${code}).`, { cause });
  return cause;
}
