/**
 * Cuts a list so that a statement stays below the databases' limits on parameters (32,766 and 65,535).
 * @param size rows in a piece
 */
export function* chunksOf<T>(all: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < all.length; start += size) yield all.slice(start, start + size);
}
