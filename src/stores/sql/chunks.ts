/**
 * Cuts a list so that a statement stays below the databases' limits on parameters (32,766 and 65,535). What is left at
 * the end is cut into powers of two: the texts of statements differ by the lengths of their lists, each text is kept
 * prepared, and a large one takes a megabyte.
 * @param size rows in a piece
 */
export function* chunksOf<T>(all: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < all.length; ) {
    const left = all.length - start;
    const taken = left >= size ? size : 2 ** Math.floor(Math.log2(left));
    yield all.slice(start, start + taken);
    start += taken;
  }
}
