/** A document of a file, with the collection that it is of where the file says so. */
export type Found =
  | {
      readonly collection: string | undefined;
      readonly document: Readonly<Record<string, unknown>>;
      /** How many bytes it takes in the file. */
      readonly bytes: number;
    }
  | { readonly collection: string | undefined; readonly unreadable: string };

/** The rest of a file cannot be read; the message is a sentence for the operator. */
export class BrokenFile extends Error {}

/** The most that a document may be; a larger one is told, and passed over. */
export interface Bounds {
  /** As BSON; text takes more room, and may have three times as much. */
  readonly bytes: number;
  /** Of a text: values take a hundred times the room of their text in memory, and people have some thousand. */
  readonly values: number;
  /** How much a compressed file may become; undefined for any amount. */
  readonly unpacked?: number;
}

/** What MongoDB itself allows, and a little. */
export const widest: Bounds = { bytes: 17 * 1_048_576, values: 500_000 };

/** Whether documents of a collection are wanted; the others are passed over unread. */
export type Wanted = (collection: string | undefined) => boolean;
