/** The polynomial of ECMA-182, reflected, in two halves. */
const [high, low] = [0xc96c5795, 0xd7870f42];

const highs = new Uint32Array(256);
const lows = new Uint32Array(256);
for (let byte = 0; byte < 256; byte += 1) {
  let [h, l] = [0, byte];
  for (let bit = 0; bit < 8; bit += 1) {
    const odd = l & 1;
    l = ((l >>> 1) | ((h & 1) << 31)) >>> 0;
    h >>>= 1;
    if (odd === 1) {
      h = (h ^ high) >>> 0;
      l = (l ^ low) >>> 0;
    }
  }
  highs[byte] = h;
  lows[byte] = l;
}

/** The checksum of archives: CRC-64 (ECMA-182, reflected). */
export class Crc64 {
  #high = 0xffffffff;
  #low = 0xffffffff;

  add(bytes: Uint8Array): void {
    let h = this.#high;
    let l = this.#low;
    for (let at = 0; at < bytes.length; at += 1) {
      const index = (l ^ (bytes[at] ?? 0)) & 0xff;
      l = ((l >>> 8) | (h << 24)) ^ (lows[index] ?? 0);
      h = (h >>> 8) ^ (highs[index] ?? 0);
    }
    this.#high = h >>> 0;
    this.#low = l >>> 0;
  }

  value(): bigint {
    return BigInt.asUintN(64, ~((BigInt(this.#high >>> 0) << 32n) | BigInt(this.#low >>> 0)));
  }
}
