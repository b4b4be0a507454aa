/** Where files lie that are to be read: on this machine, for its own eyes only. */
export interface ImportFiles {
  /** Tells this place from those of other nodes, the same after a restart. */
  readonly place: string;
  /**
   * Keeps what comes; a file that is too large, or breaks off, leaves nothing.
   * @param most bytes
   * @param signal breaks it off
   * @returns how many bytes came
   */
  readonly receive: (
    id: string,
    chunks: AsyncIterable<Uint8Array>,
    most: number,
    signal: AbortSignal,
  ) => Promise<number | 'too-large'>;
  readonly pathOf: (id: string) => string;
  readonly has: (id: string) => { readonly held: boolean };
  readonly ids: () => readonly string[];
  readonly remove: (id: string) => void;
}

/** The largest file that is taken, in bytes (design §3.15). */
export const largestImport = 2 * 1024 * 1024 * 1024;
/** So long a file may take to come: 2 GiB over 5 Mbit/s. */
export const longestUploadMs = 3_600_000;
/** So long a file is kept. */
export const keptMs = 86_400_000;
