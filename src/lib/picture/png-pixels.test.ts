import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { crc32, deflateSync } from 'node:zlib';
import { cleanPicture } from './clean.ts';
import { holdsPixels } from './png-pixels.ts';

function chunk(type: string, body: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length);
  check.writeUInt32BE(crc32(typed));
  return Buffer.concat([length, typed, check]);
}

interface Shape {
  readonly width: number;
  readonly height: number;
  readonly depth?: number;
  readonly colour?: number;
  readonly interlaced?: boolean;
}

/** A PNG of these parts, which is well-formed beside its pixels. */
function png({ width, height, depth = 8, colour = 2, interlaced = false }: Shape, ...parts: readonly Buffer[]): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head[8] = depth;
  head[9] = colour;
  head[12] = interlaced ? 1 : 0;
  const file = Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head),
    ...(colour === 3 ? [chunk('PLTE', Buffer.alloc(3))] : []),
    ...parts.map((part) => chunk('IDAT', part)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
  assert.deepEqual(cleanPicture(file)?.bytes, file);
  return file;
}

const held = async (file: Buffer): Promise<boolean> => (await holdsPixels(file)).held;
const deflated = (length: number): Buffer => deflateSync(Buffer.alloc(length));

describe('the pixels of a PNG', () => {
  // By ISO/IEC 15948: rows of whole bytes, each with one before it, in seven passes where it is interlaced.
  for (const [shape, length] of [
    [{ width: 1, height: 1 }, 4],
    [{ width: 5, height: 7 }, 7 * 16],
    [{ width: 9, height: 2, depth: 1, colour: 0 }, 2 * 3],
    [{ width: 3, height: 3, depth: 2, colour: 3 }, 3 * 2],
    [{ width: 3, height: 2, depth: 16, colour: 4 }, 2 * 13],
    [{ width: 2, height: 2, depth: 16, colour: 6 }, 2 * 17],
    [{ width: 1, height: 1, interlaced: true }, 4],
    [{ width: 8, height: 8, depth: 8, colour: 0, interlaced: true }, 2 + 2 + 3 + 2 * 3 + 2 * 5 + 4 * 5 + 4 * 9],
    [{ width: 3, height: 5, depth: 8, colour: 0, interlaced: true }, 2 + 2 + 2 * 2 + 3 + 3 * 2 + 2 * 4],
  ] as const) {
    it(`of ${JSON.stringify(shape)} are ${String(length)} bytes, no more and no fewer`, async () => {
      assert.equal(await held(png(shape, deflated(length))), true);
      assert.equal(await held(png(shape, deflated(length + 1))), false);
      assert.equal(await held(png(shape, deflated(length - 1))), false);
    });
  }

  it('may stand in several parts', async () => {
    const all = deflated(7 * 16);
    assert.equal(await held(png({ width: 5, height: 7 }, all.subarray(0, 3), Buffer.alloc(0), all.subarray(3))), true);
  });

  it('are not what does not inflate, or ends too early', async () => {
    const shape = { width: 5, height: 7 };
    assert.equal(await held(png(shape, Buffer.from('notzlib'))), false);
    assert.equal(await held(png(shape, Buffer.alloc(0))), false);
    assert.equal(await held(png(shape, deflated(7 * 16).subarray(0, -5))), false);
  });

  it('are not unfolded further than the size of the picture', async () => {
    const bomb = png({ width: 512, height: 512 }, deflated(200_000_000));
    const before = process.memoryUsage().arrayBuffers;
    const begun = performance.now();
    assert.equal(await held(bomb), false);
    // All of it would take some 200 ms; where it ends, a few.
    assert.ok(performance.now() - begun < 1_000);
    assert.ok(process.memoryUsage().arrayBuffers - before < 50_000_000);
  });
});
