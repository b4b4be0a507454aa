import { Fault } from '../../core/fault.ts';
import { XmlError } from '../xml-bounds.ts';

/** A message that is refused, in Rocket.Chat's words where it has some; they tell nothing of what stood in it. */
export function refused(message: string): Fault {
  return new Fault('provider-refused', { service: 'saml', message });
}

/** Runs a check, and tells whatever is wrong with the XML as a refusal. */
export async function refusing<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    if (cause instanceof XmlError) throw refused(cause.message);
    throw cause;
  }
}

const base64 = /^[A-Za-z0-9+/]*={0,2}$/u;
/** Of the encoded form; what is within is bounded on its own. */
const longest = 512 * 1024;

/** The bytes of a message. @throws Fault `provider-refused` */
export function bytesOf(encoded: string): Buffer {
  const bare = encoded.length > longest ? '' : encoded.replace(/[\r\n\t ]+/gu, '');
  if (bare === '' || !base64.test(bare)) throw refused('The message is empty, too large, or no base64.');
  return Buffer.from(bare, 'base64');
}

/** The text of a message, with the line ends that its signature was made over. @throws Fault `provider-refused` */
export function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes).replace(/\r\n?/gu, '\n');
  } catch (cause) {
    const fault = refused('The message is no UTF-8.');
    fault.cause = cause;
    throw fault;
  }
}
