import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from './make-folder.ts';

const bytes = 32;

/**
 * The key that lies in a file, made at the first start with mode 0600 (design §3.7, §3.16). Two processes that start
 * at once end with the same key: the file is created by one of them only, and whole, on the disk before its first use.
 * @param file path of the key file; its folder is made where it is missing
 * @returns 32 bytes
 * @throws Error with one sentence when the file cannot be read, written, or holds something else
 */
export function keyFromFile(file: string): Buffer {
  try {
    makeFolder(dirname(file));
  } catch (cause) {
    throw new Error(`The key file ${file} cannot be written.`, { cause });
  }
  try {
    if (!existsSync(file)) makeKey(file);
  } catch (cause) {
    throw new Error(`The key file ${file} cannot be written.`, { cause });
  }
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Error(`The key file ${file} cannot be read.`, { cause });
  }
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length !== bytes) throw new Error(`The key file ${file} does not hold 32 bytes in base64.`);
  return key;
}

/** A process that ends in between, or a power cut, must not leave half a key: nobody could make another one. */
function makeKey(file: string): void {
  const part = `${file}.${randomBytes(6).toString('hex')}.part`;
  try {
    toDisk(part, 'wx', `${randomBytes(bytes).toString('base64')}\n`);
    try {
      linkSync(part, file);
    } catch {
      if (existsSync(file)) return;
      // Some file systems have no links.
      renameSync(part, file);
    }
    toDisk(dirname(file), 'r');
  } finally {
    rmSync(part, { force: true });
  }
}

function toDisk(path: string, flags: 'r' | 'wx', text = ''): void {
  const opened = openSync(path, flags, 0o600);
  try {
    if (text !== '') writeSync(opened, text);
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}
