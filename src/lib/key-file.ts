import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from './make-folder.ts';

const bytes = 32;

/**
 * The key that lies in a file, made at the first start with mode 0600 (design §3.7, §3.16). Two processes that start
 * at once end with the same key: the file is created by one of them only.
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
    writeFileSync(file, `${randomBytes(bytes).toString('base64')}\n`, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    if (!(cause instanceof Error) || !('code' in cause) || cause.code !== 'EEXIST') {
      throw new Error(`The key file ${file} cannot be written.`, { cause });
    }
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
