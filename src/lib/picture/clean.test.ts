import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { crc32, deflateSync } from 'node:zlib';
import { cleanPicture } from './clean.ts';

function chunk(type: string, body: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(typed));
  return Buffer.concat([length, typed, check]);
}

const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function header(width: number, height: number, depth = 8, colour = 2): Buffer {
  const body = Buffer.alloc(13);
  body.writeUInt32BE(width, 0);
  body.writeUInt32BE(height, 4);
  body[8] = depth;
  body[9] = colour;
  return chunk('IHDR', body);
}

const pixels = chunk('IDAT', deflateSync(Buffer.from([0, 1, 2, 3])));
const end = chunk('IEND', Buffer.alloc(0));
const png = Buffer.concat([pngSignature, header(1, 1), pixels, end]);

function segment(marker: number, body: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
}

const soi = Buffer.from([0xff, 0xd8]);
const eoi = Buffer.from([0xff, 0xd9]);
const frame = segment(0xc0, Buffer.from([8, 0, 4, 0, 6, 1, 1, 0x11, 0]));
const scan = Buffer.concat([
  segment(0xda, Buffer.from([1, 1, 0, 0, 63, 0])),
  Buffer.from([1, 2, 0xff, 0, 3, 0xff, 0xd0, 4]),
]);
const codes = (kind: number): Buffer => Buffer.from([kind, 0, 1, ...new Uint8Array(14), 5]);
const tables = Buffer.concat([segment(0xdb, Buffer.alloc(65)), segment(0xc4, Buffer.concat([codes(0), codes(0x10)]))]);
const onlyFirst = Buffer.concat([segment(0xdb, Buffer.alloc(65)), segment(0xc4, codes(0))]);
const jpeg = Buffer.concat([soi, tables, frame, scan, eoi]);

const gifHead = Buffer.from('GIF89a\x02\0\x03\0\x80\0\0\0\0\0\xff\xff\xff', 'latin1');
const gifFrame = Buffer.from(',\0\0\0\0\x02\0\x03\0\0\x02\x02\x44\x01\0', 'latin1');
const gif = Buffer.concat([gifHead, gifFrame, Buffer.from(';')]);

function riff(...chunks: readonly [string, Buffer][]): Buffer {
  const parts = chunks.map(([type, body]) => {
    const head = Buffer.from(`${type}\0\0\0\0`, 'latin1');
    head.writeUInt32LE(body.length, 4);
    return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
  });
  const body = Buffer.concat([Buffer.from('WEBP'), ...parts]);
  const head = Buffer.from('RIFF\0\0\0\0', 'latin1');
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body]);
}

const lossy = Buffer.from([0x30, 0, 0, 0x9d, 0x01, 0x2a, 5, 0, 7, 0, 9]);
const lossless = Buffer.from([0x2f, 4, 0x80, 1, 0, 9]);
const extended = Buffer.from([0x2c, 0, 0, 0, 4, 0, 0, 6, 0, 0]);
const webp = riff(['VP8 ', lossy]);

const secret = 'taken at 52.5200 N, 13.4050 E';

describe('a picture', () => {
  for (const [mediaType, file, width, height] of [
    ['image/png', png, 1, 1],
    ['image/jpeg', jpeg, 6, 4],
    ['image/gif', gif, 2, 3],
    ['image/webp', webp, 5, 7],
    ['image/webp', riff(['VP8L', lossless]), 5, 7],
  ] as const) {
    it(`of type ${mediaType} without anything beside it stays as it is`, () => {
      assert.deepEqual(cleanPicture(file), { mediaType, width, height, bytes: file });
    });

    it(`of type ${mediaType} loses what stands behind its end`, () => {
      const bytes = cleanPicture(Buffer.concat([file, Buffer.from(`<script>${secret}</script>`)]))?.bytes;
      assert.deepEqual(bytes, file);
    });

    it(`of type ${mediaType} that is cut anywhere is refused`, () => {
      for (let length = 0; length < file.length; length += 1) {
        assert.equal(cleanPicture(file.subarray(0, length)), undefined, String(length));
      }
    });
  }

  const note = Buffer.from(secret);
  for (const [name, file, cleaned] of [
    [
      'PNG',
      Buffer.concat([
        pngSignature,
        header(1, 1),
        ...['tEXt', 'zTXt', 'iTXt', 'eXIf', 'iCCP', 'tIME'].map((type) => chunk(type, note)),
        pixels,
        chunk('tEXt', note),
        end,
      ]),
      png,
    ],
    [
      'JPEG',
      Buffer.concat([
        soi,
        segment(0xe0, note),
        segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0'), note])),
        segment(0xfe, note),
        segment(0xee, note),
        Buffer.from([0xff]),
        tables,
        segment(0xef, note),
        frame,
        scan,
        segment(0xfe, note),
        eoi,
      ]),
      jpeg,
    ],
    [
      'GIF',
      Buffer.concat([
        gifHead,
        Buffer.from([0x21, 0xfe, note.length]),
        note,
        Buffer.from([0]),
        Buffer.from([0x21, 0xff, 11]),
        Buffer.from('XMP DataXMP'),
        Buffer.from([note.length]),
        note,
        Buffer.from([0]),
        gifFrame,
        Buffer.from(';'),
      ]),
      gif,
    ],
    [
      'WebP',
      riff(['VP8X', extended], ['ICCP', note], ['VP8 ', lossy], ['EXIF', note], ['XMP ', note]),
      riff(['VP8X', Buffer.from([0, 0, 0, 0, 4, 0, 0, 6, 0, 0])], ['VP8 ', lossy]),
    ],
  ] as const) {
    it(`in ${name} is rid of notes, places and profiles`, () => {
      assert.ok(file.includes(secret));
      const bytes = cleanPicture(file)?.bytes;
      assert.deepEqual(bytes, cleaned);
    });
  }

  it('that moves is kept moving', () => {
    const loop = Buffer.from('!\xff\x0bNETSCAPE2.0\x03\x01\0\0\0', 'latin1');
    const control = Buffer.from('!\xf9\x04\0\x0a\0\0\0', 'latin1');
    const moving = Buffer.concat([gifHead, loop, control, gifFrame, control, gifFrame, Buffer.from(';')]);
    assert.deepEqual(cleanPicture(moving)?.bytes, moving);
    const place = Buffer.from([0, 0, 0, 0, 0, 0, 4, 0, 0, 6, 0, 0, 100, 0, 0, 0]);
    const inner = riff(['VP8 ', lossy]).subarray(12);
    const withNote = riff(['VP8 ', lossy], ['NOTE', note]).subarray(12);
    const flags = Buffer.from([0x02, 0, 0, 0, 4, 0, 0, 6, 0, 0]);
    const webpOf = (one: Buffer) =>
      riff(['VP8X', flags], ['ANIM', Buffer.alloc(6)], ['ANMF', Buffer.concat([place, one])]);
    assert.deepEqual(cleanPicture(webpOf(withNote))?.bytes, webpOf(inner));
  });

  for (const [what, file] of [
    ['nothing', Buffer.alloc(0)],
    ['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')],
    ['HTML that begins as a GIF', Buffer.from('GIF89a/*<script>alert(1)</script>*/=1;')],
    ['a PNG with a false check sum', Buffer.concat([png.subarray(0, 30), Buffer.from([0]), png.subarray(31)])],
    ['a PNG of no width', Buffer.concat([pngSignature, header(0, 1), pixels, end])],
    ['a PNG of an unknown colour', Buffer.concat([pngSignature, header(1, 1, 8, 5), pixels, end])],
    ['a PNG without pixels', Buffer.concat([pngSignature, header(1, 1), end])],
    ['a PNG of colours that it has not', Buffer.concat([pngSignature, header(1, 1, 8, 3), pixels, end])],
    [
      'a PNG with an unknown part that must be understood',
      Buffer.concat([pngSignature, header(1, 1), chunk('EVIL', note), pixels, end]),
    ],
    ['a PNG with two headers', Buffer.concat([pngSignature, header(1, 1), header(1, 1), pixels, end])],
    [
      'a PNG with a part as long as can be',
      Buffer.concat([pngSignature, header(1, 1), Buffer.from([0xff, 0xff, 0xff, 0xff]), Buffer.from('IDAT'), pixels]),
    ],
    ['a JPEG with two frames', Buffer.concat([soi, tables, frame, frame, scan, eoi])],
    ['a JPEG whose pixels come before its frame', Buffer.concat([soi, tables, scan, frame, eoi])],
    ['a JPEG with a marker that is none', Buffer.concat([soi, tables, frame, Buffer.from([0xff, 0x01]), scan, eoi])],
    [
      'a JPEG of no height',
      Buffer.concat([soi, tables, segment(0xc0, Buffer.from([8, 0, 0, 0, 6, 1, 1, 0x11, 0])), scan, eoi]),
    ],
    [
      'a GIF whose picture is larger than it',
      Buffer.concat([gifHead, Buffer.from(',\0\0\0\0\x09\0\x03\0\0\x02\0'), Buffer.from(';')]),
    ],
    ['a GIF without a picture', Buffer.concat([gifHead, Buffer.from(';')])],
    ['a WebP with two pictures', riff(['VP8X', extended], ['VP8 ', lossy], ['VP8 ', lossy])],
    [
      'a WebP whose picture has another size',
      riff(['VP8X', Buffer.from([0, 0, 0, 0, 9, 0, 0, 9, 0, 0])], ['VP8 ', lossy]),
    ],
    ['a WebP of something else', riff(['EVIL', note])],
    ['a JPEG without the tables of its scan', Buffer.concat([soi, frame, scan, eoi])],
    ['a JPEG whose scan is read with a table that it has not', Buffer.concat([soi, onlyFirst, frame, scan, eoi])],
    [
      'a JPEG with half a table of weights',
      Buffer.concat([soi, segment(0xdb, Buffer.alloc(64)), tables, frame, scan, eoi]),
    ],
    [
      'a JPEG with a table of more codes than it holds',
      Buffer.concat([
        soi,
        tables,
        segment(0xc4, Buffer.from([0, ...new Uint8Array(16).fill(255), 1])),
        frame,
        scan,
        eoi,
      ]),
    ],
    [
      'a JPEG with a scan of another part',
      Buffer.concat([soi, tables, frame, segment(0xda, Buffer.from([1, 2, 0, 0, 63, 0])), Buffer.from([1]), eoi]),
    ],
    ['a JPEG with a scan of nothing', Buffer.concat([soi, tables, frame, scan.subarray(0, 10), eoi])],
    [
      'a GIF of codes that none has',
      Buffer.concat([gifHead, Buffer.from(',\0\0\0\0\x02\0\x03\0\0\x0d\x02\x44\x01\0', 'latin1'), Buffer.from(';')]),
    ],
    [
      'a GIF without pixels',
      Buffer.concat([gifHead, Buffer.from(',\0\0\0\0\x02\0\x03\0\0\x02\0', 'latin1'), Buffer.from(';')]),
    ],
    ['a WebP whose first part is nothing', riff(['VP8 ', Buffer.from([0x10, ...lossy.subarray(1)])])],
    ['a WebP whose first part is longer than it', riff(['VP8 ', Buffer.from([0x50, ...lossy.subarray(1)])])],
    ['a TIFF', Buffer.from('II*\0\x08\0\0\0', 'latin1')],
    ['a PDF', Buffer.from('%PDF-1.7')],
  ] as const) {
    it(`is not ${what}`, () => {
      assert.equal(cleanPicture(file), undefined);
    });
  }
});
