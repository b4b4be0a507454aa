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

/** The most that a document may take, in bytes: what MongoDB itself allows, and a little. */
export const largestDocument = 17 * 1_048_576;

/** Whether documents of a collection are wanted; the others are passed over unread. */
export type Wanted = (collection: string | undefined) => boolean;
