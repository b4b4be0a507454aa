import type { ByteReader } from './byte-reader.ts';
import { type Bounds, BrokenFile, type Found } from './found.ts';

/** Makes a document of its text; handed in, since what does it is loaded on use. */
export type Parse = (text: string) => unknown;

const [quote, backslash, open, close, newLine, openList, comma] = [0x22, 0x5c, 0x7b, 0x7d, 0x0a, 0x5b, 0x2c];

/**
 * The objects of JSON text, whether each has a line of its own, several, or all of them stand in one array: whatever
 * stands between them does not matter. One that is broken is told, and the next line that begins one is read again.
 * @throws BrokenFile where the text ends in the middle of an object, or holds none
 */
export async function* jsonDocuments(
  reader: ByteReader,
  collection: string | undefined,
  parse: Parse,
  bounds: Bounds,
): AsyncGenerator<Found> {
  const [largestText, mostValues] = [3 * bounds.bytes, bounds.values];
  let depth = 0;
  let inString = false;
  let escaped = false;
  let afterNewLine = true;
  let size = 0;
  let values = 0;
  let parts: Buffer[] = [];
  let any = false;
  for await (const chunk of reader.rest()) {
    let from = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at];
      // Neither a string nor a nested object goes on so: what came before was cut off.
      if (depth > 0 && ((inString && byte === newLine) || (afterNewLine && byte === open))) {
        yield { collection, unreadable: 'a document is cut off' };
        [depth, inString, escaped, size, values, parts] = [0, false, false, 0, 0, []];
      }
      afterNewLine = byte === newLine;
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === backslash) escaped = true;
        else if (byte === quote) inString = false;
        continue;
      }
      if (byte === quote && depth > 0) inString = true;
      else if (byte === comma || byte === openList) values += 1;
      else if (byte === open) {
        if (depth === 0) [from, values] = [at, 0];
        depth += 1;
        values += 1;
      } else if (byte === close && depth > 0) {
        depth -= 1;
        if (depth > 0) continue;
        any = true;
        parts.push(chunk.subarray(from, at + 1));
        yield size > largestText || values > mostValues
          ? { collection, unreadable: 'a document is too large' }
          : documentOf(Buffer.concat(parts), collection, parse);
        [size, parts] = [0, []];
      }
    }
    if (depth === 0) continue;
    const rest = chunk.subarray(from);
    size += rest.length;
    // Of what is too large nothing more is kept.
    parts = size > largestText || values > mostValues ? [] : [...parts, rest];
  }
  if (depth > 0) throw new BrokenFile('The file ends in the middle of a document.');
  if (!any) throw new BrokenFile('The file holds no document.');
}

function documentOf(text: Buffer, collection: string | undefined, parse: Parse): Found {
  try {
    const document = parse(new TextDecoder('utf-8', { fatal: true }).decode(text));
    if (typeof document === 'object' && document !== null && !Array.isArray(document)) {
      return { collection, document: document as Readonly<Record<string, unknown>>, bytes: text.length };
    }
  } catch {
    // Told below.
  }
  return { collection, unreadable: 'a document cannot be read' };
}
