import { isUtf8 } from 'node:buffer';
import formbody from '@fastify/formbody';
import type { FastifyInstance } from 'fastify';
import { parse as parseJson } from 'secure-json-parse';
import { parseMultipart, type Upload } from './multipart.ts';

/** The largest body, in bytes (design §3.15). */
export const largestBody = 1024 * 1024;

/** No form that we know nests deeper; what does could exhaust the stack of whoever walks it. */
const deepest = 64;

const forms = new WeakSet<object>();

/** Whether a body came from a form, which can carry nothing but text. */
export function isForm(body: object): boolean {
  return forms.has(body);
}

/** Says of a body that it is what came from a form, with some of its text read. */
export function markForm<Body extends object>(body: Body): Body {
  forms.add(body);
  return body;
}

/**
 * The fields of a form that are text; none for whatever is no form.
 * @param takesJson true where an object in JSON counts as one
 */
export function formOf(body: unknown, takesJson?: true): Readonly<Record<string, string>> {
  if (typeof body !== 'object' || body === null || (!isForm(body) && takesJson !== true)) return {};
  const fields = Object.entries(body).filter((field): field is [string, string] => typeof field[1] === 'string');
  return Object.fromEntries(fields);
}

/**
 * Teaches the server Rocket.Chat's bodies: JSON and forms; what is malformed, empty or no object is `{}`, and the schema
 * then says what is missing (rest.md §2.1). A form is never read as JSON, nor JSON as a form.
 */
export async function takeBodies(server: FastifyInstance): Promise<void> {
  server.removeAllContentTypeParsers();
  await server.register(formbody, { parser: parseForm, bodyLimit: largestBody });
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, parseBody(body as Buffer));
  });
  server.addContentTypeParser('multipart/form-data', { parseAs: 'buffer' }, (request, body, done) => {
    const takesFiles = request.visit.served?.endpoint?.upload === true;
    done(null, takesFiles ? formWithFile(request.headers['content-type'] ?? '', body as Buffer) : {});
  });
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, _body, done) => {
    done(null, {});
  });
}

function parseBody(bytes: Buffer): object {
  if (bytes.length === 0 || !isUtf8(bytes)) return {};
  const text = bytes.toString('utf8');
  if (isTooDeep(text)) return {};
  try {
    // Refuses members that would reach a prototype.
    const value: unknown = parseJson(text, { protoAction: 'error', constructorAction: 'error' });
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  } catch {
    return {};
  }
}

function isTooDeep(text: string): boolean {
  let depth = 0;
  let inText = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charCodeAt(at);
    if (inText) {
      if (character === backslash) at += 1;
      else if (character === quote) inText = false;
    } else if (character === quote) inText = true;
    else if (character === openBracket || character === openBrace) {
      depth += 1;
      if (depth > deepest) return true;
    } else if (character === closeBracket || character === closeBrace) depth -= 1;
  }
  return false;
}

const quote = 0x22;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

const uploads = Symbol('upload');

/** The file that came in a form. */
export function uploadOf(body: object): Upload | undefined {
  return (body as { readonly [uploads]?: Upload })[uploads];
}

function formWithFile(type: string, bytes: Buffer): object {
  const parsed = parseMultipart(type, bytes);
  if (parsed === undefined) return {};
  const fields: Record<string | symbol, unknown> = Object.fromEntries(parsed.fields);
  // No member of a JSON body can have this name.
  if (parsed.file !== undefined) fields[uploads] = parsed.file;
  forms.add(fields);
  return fields;
}

function parseForm(text: string): Record<string, unknown> {
  const fields: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  // The mark stands where bytes were no UTF-8: what was meant cannot be known.
  if (!text.includes('\uFFFD')) {
    for (const [name, value] of new URLSearchParams(text)) {
      // A repeated field is nobody's text: the schema refuses the list.
      fields[name] = Object.hasOwn(fields, name) ? [fields[name], value].flat() : value;
    }
  }
  forms.add(fields);
  return fields;
}
