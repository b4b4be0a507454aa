interface Component {
  readonly id: number;
  readonly quant: number;
}

/**
 * The tables that a JPEG has defined so far (ITU-T T.81, B.2.4). Each call takes a whole segment, marker and length with it,
 * and tells whether it is well-formed; nothing is decoded.
 */
export function tablesOf() {
  const quants = new Set<number>();
  /** Class and number in one: those of the first coefficient are 0 to 3, those of the others 16 to 19. */
  const huffmans = new Set<number>();
  let components: readonly Component[] = [];

  return {
    takeQuant(segment: Buffer): boolean {
      let at = 4;
      while (at < segment.length) {
        const kind = segment[at] ?? 0xff;
        const end = at + 1 + (kind < 16 ? 64 : 128);
        if (kind % 16 > 3 || kind > 0x13 || end > segment.length) return false;
        quants.add(kind % 16);
        at = end;
      }
      return true;
    },

    takeHuffman(segment: Buffer): boolean {
      let at = 4;
      while (at < segment.length) {
        const kind = segment[at] ?? 0xff;
        const values = segment.subarray(at + 1, at + 17).reduce((sum, count) => sum + count, 0);
        const end = at + 17 + values;
        if (kind % 16 > 3 || kind > 0x13 || values > 256 || end > segment.length) return false;
        huffmans.add(kind);
        at = end;
      }
      return true;
    },

    /** Of a frame whose length is right. */
    takeFrame(segment: Buffer): boolean {
      components = Array.from({ length: segment[9] ?? 0 }, (_, index) => ({
        id: segment[10 + 3 * index] ?? 0,
        quant: segment[12 + 3 * index] ?? 0,
      }));
      return new Set(components.map(({ id }) => id)).size === components.length;
    },

    /** Whether a scan is of components of the frame, and all tables that it is read with are there. */
    fitsScan(segment: Buffer): boolean {
      const count = segment[4] ?? 0;
      if (count === 0 || count > components.length || segment.length !== 8 + 2 * count) return false;
      const [first = 0, last = 0, precision = 0] = segment.subarray(5 + 2 * count);
      if (first > last || last > 63) return false;
      for (let index = 0; index < count; index += 1) {
        const component = components.find(({ id }) => id === segment[5 + 2 * index]);
        const numbers = segment[6 + 2 * index] ?? 0;
        if (component === undefined || !quants.has(component.quant)) return false;
        // A refinement of the first coefficient is read without a table.
        const needsFirst = first === 0 && precision < 16;
        if (needsFirst && !huffmans.has(numbers >> 4)) return false;
        if (last > 0 && !huffmans.has(16 + (numbers % 16))) return false;
      }
      return true;
    },
  };
}
