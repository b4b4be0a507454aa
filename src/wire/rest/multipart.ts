import { isUtf8 } from 'node:buffer';

/** A file that came in a form. */
export interface Upload {
  /** The name of the form's field. */
  readonly field: string;
  readonly bytes: Buffer;
}

export interface MultipartForm {
  readonly fields: ReadonlyMap<string, string>;
  readonly file: Upload | undefined;
}

const mostParts = 10;
const longestHead = 1_024;
/** RFC 2046 §5.1.1. */
const boundaryForm =
  /^multipart\/form-data\s*;\s*boundary=(?:"([\w'()+,./:=? -]{1,70})"|([\w'()+,./:=?-]{1,70}))\s*$/iu;

/**
 * Reads a form with at most one file (RFC 7578), strictly: what is not exactly such a form is refused as a whole. The
 * body was bounded before it came here.
 * @param type the header that names the boundary
 * @returns undefined for a malformed one
 */
export function parseMultipart(type: string, body: Buffer): MultipartForm | undefined {
  const named = boundaryForm.exec(type);
  const boundary = named?.[1] ?? named?.[2];
  if (boundary === undefined) return undefined;
  const mark = Buffer.from(`\r\n--${boundary}`, 'latin1');
  // The first one may stand at the very beginning.
  if (!body.subarray(0, mark.length - 2).equals(mark.subarray(2))) return undefined;
  const fields = new Map<string, string>();
  let file: Upload | undefined;
  let at = mark.length - 2;
  for (let count = 0; count <= mostParts; count += 1) {
    const after = body.toString('latin1', at, at + 2);
    if (after === '--') return isEnd(body.subarray(at + 2)) ? { fields, file } : undefined;
    if (after !== '\r\n') return undefined;
    const headEnd = body.indexOf('\r\n\r\n', at);
    if (headEnd < 0 || headEnd - at > longestHead) return undefined;
    const head = headOf(body.subarray(at + 2, headEnd));
    const end = body.indexOf(mark, headEnd + 2);
    if (head === undefined || end < headEnd + 4) return undefined;
    const bytes = body.subarray(headEnd + 4, end);
    if (head.isFile) {
      if (file !== undefined) return undefined;
      file = { field: head.name, bytes };
    } else {
      if (fields.has(head.name) || !isUtf8(bytes)) return undefined;
      fields.set(head.name, bytes.toString('utf8'));
    }
    at = end + mark.length;
  }
  return undefined;
}

/** After the last boundary nothing but a line's end may stand. */
function isEnd(rest: Buffer): boolean {
  return rest.length === 0 || rest.toString('latin1') === '\r\n';
}

/** The name of a part, and whether it is a file. Names of files are of no use to us, and are read by nobody. */
function headOf(head: Buffer): { readonly name: string; readonly isFile: boolean } | undefined {
  if (!isUtf8(head)) return undefined;
  let found: { name: string; isFile: boolean } | undefined;
  for (const line of head.toString('utf8').split('\r\n')) {
    const [, header = '', value = ''] = /^([A-Za-z-]+):[ \t]*([^\r\n\0]*)$/u.exec(line) ?? [];
    if (header === '') return undefined;
    const isCoded = header.toLowerCase() === 'content-transfer-encoding' && !/^(?:7bit|8bit|binary)$/iu.test(value);
    if (isCoded) return undefined;
    if (header.toLowerCase() !== 'content-disposition') continue;
    const [, name, rest = ''] = /^form-data\s*;\s*name="([\w.-]{1,64})"(.*)$/iu.exec(value) ?? [];
    if (name === undefined || found !== undefined || name === '__proto__') return undefined;
    if (rest.trim() !== '' && !/^\s*;\s*filename\*?=/iu.test(rest)) return undefined;
    found = { name, isFile: rest.trim() !== '' };
  }
  return found;
}
