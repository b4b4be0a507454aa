/**
 * A JPEG as small as one can be: markers, a frame and a scan that nobody could look at, but well-formed.
 * @param seed makes it another one
 * @param side in pixels
 */
export function samplePicture(seed: number, side = 4): Buffer {
  const segment = (marker: number, body: Buffer): Buffer => {
    const head = Buffer.from([0xff, marker, 0, 0]);
    head.writeUInt16BE(body.length + 2, 2);
    return Buffer.concat([head, body]);
  };
  /** A table of one code, for the first coefficient of a block or for all others. */
  const codes = (kind: number): Buffer => Buffer.from([kind, 0, 1, ...new Uint8Array(14), 5]);
  const frame = Buffer.from([8, 0, 0, 0, 0, 1, 1, 0x11, 0]);
  frame.writeUInt16BE(side, 1);
  frame.writeUInt16BE(side, 3);
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xe1, Buffer.from('Exif\0\0where it was taken')),
    segment(0xdb, Buffer.alloc(65)),
    segment(0xc0, frame),
    segment(0xc4, Buffer.concat([codes(0), codes(0x10)])),
    segment(0xda, Buffer.from([1, 1, 0, 0, 63, 0])),
    Buffer.from([1, 2, seed, 4]),
    Buffer.from([0xff, 0xd9]),
  ]);
}
