/** What a look at a database found; nothing is made or changed by looking. */
export interface Examination {
  /** For people, without a password. */
  readonly name: string;
  /** False where the first start has yet to make it; the rest says nothing then. */
  readonly exists: boolean;
  /** How many migrations it has seen, and how many this version knows. */
  readonly schema: { readonly found: number; readonly known: number };
  /** What a check of all pages found wrong; undefined where the database has no such check. */
  readonly damage: readonly string[] | undefined;
  /** Why it cannot be written; undefined when it can. */
  readonly unwritable: string | undefined;
  /** What is kept of the key it was first used with; undefined for none yet. */
  readonly keyMark: string | undefined;
}
