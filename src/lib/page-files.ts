import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file that pages load, as it is sent. */
export interface PageFile {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  /** How the bytes are compressed, as `Content-Encoding` says it; undefined for not at all. */
  readonly encoding: 'br' | 'gzip' | undefined;
}

/** The pages as they were built. */
export interface PageFiles {
  /** The one document of all pages, whose addresses of files begin with `./assets/`. */
  readonly document: string;
  /**
   * A file by its name, which changes with its content.
   * @param accepted the header `Accept-Encoding`
   * @returns undefined for no such file
   */
  file(name: string, accepted: string): PageFile | undefined;
}

const mediaTypes: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  woff2: 'font/woff2',
  svg: 'image/svg+xml',
};

const encodings = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;

/**
 * Opens the folder that the pages were built into. Files are read when they are first asked for, and kept: there is a
 * known number of them.
 * @returns undefined where nothing was built
 */
export function openPageFiles(folder: string): PageFiles | undefined {
  const document = join(folder, 'index.html');
  if (!existsSync(document)) return undefined;
  let names: ReadonlySet<string> | undefined;
  const kept = new Map<string, Uint8Array>();
  const read = (name: string): Uint8Array | undefined => {
    const found = kept.get(name);
    if (found !== undefined) return found;
    // Only what lies there by this very name: no path of a request reaches the disk.
    names ??= new Set(readdirSync(join(folder, 'assets')));
    if (!names.has(name)) return undefined;
    const bytes = readFileSync(join(folder, 'assets', name));
    kept.set(name, bytes);
    return bytes;
  };
  return {
    document: readFileSync(document, 'utf8'),
    file(name, accepted) {
      const mediaType = mediaTypes[name.slice(name.lastIndexOf('.') + 1)];
      if (mediaType === undefined) return undefined;
      for (const [encoding, ending] of encodings) {
        if (!takes(accepted, encoding).held) continue;
        const bytes = read(`${name}${ending}`);
        if (bytes !== undefined) return { bytes, mediaType, encoding };
      }
      const bytes = read(name);
      return bytes === undefined ? undefined : { bytes, mediaType, encoding: undefined };
    },
  };
}

/** Whether the header names the encoding, and not with weight zero (RFC 9110 §12.5.3). */
function takes(accepted: string, encoding: string): { readonly held: boolean } {
  const named = accepted.split(',').find((part) => part.trim().split(';')[0]?.trim().toLowerCase() === encoding);
  return { held: named !== undefined && !/;\s*q=0(?:\.0*)?\s*$/u.test(named) };
}
