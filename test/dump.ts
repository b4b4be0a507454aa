import { gzipSync } from 'node:zlib';
import { BSON, EJSON, Long, ObjectId, setInternalBufferSize } from 'bson';
import { sha256Base64 } from '../src/lib/digest.ts';
import { Crc64 } from '../src/wire/shapes/import/crc64.ts';

export type Documents = readonly Readonly<Record<string, unknown>>[];

// Room for a document that is larger than any that MongoDB would write.
setInternalBufferSize(24 * 1_048_576);

/** Documents one after the other, as `mongodump` writes `users.bson`. */
export function bsonOf(documents: Documents): Buffer {
  return Buffer.concat(documents.map((document) => Buffer.from(BSON.serialize(document))));
}

/** As `mongoexport` writes them: canonical unless `relaxed`, a line each unless `array`. */
export function jsonOf(
  documents: Documents,
  how: { relaxed?: boolean; array?: boolean; pretty?: boolean } = {},
): Buffer {
  const space = how.pretty === true ? '\t' : undefined;
  const texts = documents.map((document) =>
    EJSON.stringify(document, undefined, space, { relaxed: how.relaxed === true }),
  );
  return Buffer.from(how.array === true ? `[${texts.join(',\n')}]\n` : `${texts.join('\n')}\n`);
}

const magic = Buffer.from([0x6d, 0xe2, 0x99, 0x81]);
const terminator = Buffer.from([0xff, 0xff, 0xff, 0xff]);

/**
 * As `mongodump --archive` writes it: a preamble, then the collections in turn, some documents of each at a time, and at
 * the end of each a header with the checksum.
 * @param collections by their names, `<database>/<name>` for another database than `meteor`
 */
export function archiveOf(collections: Readonly<Record<string, Documents>>, blockSize = 3): Buffer {
  const parts: Uint8Array[] = [
    magic,
    BSON.serialize({ concurrent_collections: 4, version: '0.1', server_version: '7.0.5', tool_version: '100.9.4' }),
  ];
  const placeOf = (key: string): { db: string; collection: string } => {
    const [collection = '', db = 'meteor'] = key.split('/').toReversed();
    return { db, collection };
  };
  for (const key of Object.keys(collections)) {
    parts.push(BSON.serialize({ ...placeOf(key), metadata: '{"indexes":[]}', size: 0, type: 'collection' }));
  }
  parts.push(terminator);
  const sums = new Map(Object.keys(collections).map((name) => [name, new Crc64()]));
  const longest = Math.max(...Object.values(collections).map(({ length }) => length));
  const header = (key: string, EOF: boolean, CRC: Long): Uint8Array => BSON.serialize({ ...placeOf(key), EOF, CRC });
  for (let from = 0; from < longest; from += blockSize) {
    for (const [collection, documents] of Object.entries(collections)) {
      const block = documents.slice(from, from + blockSize);
      if (block.length === 0) continue;
      const bytes = bsonOf(block);
      sums.get(collection)?.add(bytes);
      parts.push(header(collection, false, Long.ZERO), bytes, terminator);
    }
  }
  for (const [collection, sum] of sums) {
    parts.push(header(collection, true, Long.fromBigInt(BigInt.asIntN(64, sum.value()))), terminator);
  }
  return Buffer.concat(parts);
}

export function zipped(bytes: Buffer): Buffer {
  return gzipSync(bytes, { level: 1 });
}

/** Somebody of Rocket.Chat, with everything by which a client may come back. */
export interface DumpedPerson {
  readonly id: string;
  readonly username: string;
  readonly password: string;
  readonly sessionText: string;
  readonly personalText: string;
  readonly document: Readonly<Record<string, unknown>>;
}

/** @param bcrypt hash of `sha256Hex(password)` */
export function person(
  n: number,
  given: { password: string; bcrypt: string; now: number; services?: object; more?: object },
): DumpedPerson {
  const id = n % 5 === 0 ? new ObjectId(String(n).padStart(24, '0')) : `mongo${String(n).padStart(12, '0')}`;
  const username = `person${n}`;
  const sessionText = `session-${n}-`.padEnd(43, 's');
  const personalText = `personal-${n}-`.padEnd(43, 'p');
  const services = {
    password: { bcrypt: given.bcrypt },
    resume: {
      loginTokens: [
        { when: new Date(given.now - 86_400_000), hashedToken: sha256Base64(sessionText) },
        // Over since long.
        { when: new Date(given.now - 400 * 86_400_000), hashedToken: sha256Base64(`old ${n}`) },
        {
          hashedToken: sha256Base64(personalText),
          type: 'personalAccessToken',
          createdAt: new Date(given.now - 5 * 86_400_000),
          lastTokenPart: personalText.slice(-6),
          name: 'bot',
          bypassTwoFactor: true,
        },
      ],
    },
    ...given.services,
  };
  return {
    id: String(id),
    username,
    password: given.password,
    sessionText,
    personalText,
    document: {
      _id: id,
      createdAt: new Date('2022-03-04T05:06:07Z'),
      services,
      emails: [{ address: `${username}@example.com`, verified: n % 2 === 0 }],
      type: 'user',
      status: 'offline',
      active: true,
      _updatedAt: new Date(given.now - 1000),
      roles: ['user'],
      name: `Person ${n}`,
      username,
      lastLogin: new Date(given.now - 2000),
      statusConnection: 'offline',
      utcOffset: 1,
      language: 'de',
      customFields: { team: `team ${n}` },
      settings: { preferences: { enableAutoAway: true, messageViewMode: 0 } },
      bio: 'writes tests',
      nickname: `P${n}`,
      __rooms: ['GENERAL'],
      ...given.more,
    },
  };
}
