import type { KeyObject } from 'node:crypto';
import { readXml, type XmlElement } from '../xml.ts';
import { mustBeHarmless } from '../xml-bounds.ts';
import { names } from './names.ts';
import { refused, textOf } from './refusal.ts';

const modern = 'http://www.w3.org/2009/xmlenc11#';

const keyWays: ReadonlySet<string> = new Set([`${names.encryption}rsa-oaep-mgf1p`, `${modern}rsa-oaep`]);
const sealedWays: ReadonlySet<string> = new Set([`${modern}aes128-gcm`, `${modern}aes256-gcm`]);
/** What is changed on the way is not noticed by these: only for messages whose signature has been checked before. */
const openWays: ReadonlySet<string> = new Set([`${names.encryption}aes128-cbc`, `${names.encryption}aes256-cbc`]);

/** One sentence for whatever goes wrong: what differs would answer questions about the text (attacks M09). */
export const unreadable = 'The encrypted assertion could not be read.';

/**
 * Opens an encrypted assertion with our key.
 * @param element as it was read; `xml` is the document that it stands in
 * @param isSigned whether a signature over all of it has been checked already
 * @throws Fault `provider-refused`, always with the same sentence
 */
export async function decrypted(
  element: XmlElement,
  xml: string,
  key: KeyObject | undefined,
  isSigned: boolean,
): Promise<string> {
  try {
    const methods = methodsOf(element);
    const [data, ...wraps] = methods;
    const isFit = data !== undefined && (sealedWays.has(data) || (isSigned && openWays.has(data)));
    if (key === undefined || !isFit || wraps.length !== 1 || !wraps.every((way) => keyWays.has(way))) {
      throw refused(unreadable);
    }
    const { decryptXml, parseDomFromString, xpath } = await import('@node-saml/node-saml/lib/xml.js');
    const document = await parseDomFromString(xml);
    const [found]: readonly { toString(): string }[] = xpath.selectElements(
      document,
      "/*/*[local-name(.)='EncryptedAssertion']",
    );
    const pem = key.export({ type: 'pkcs8', format: 'pem' }).toString();
    const text = textOf(Buffer.from(await decryptXml(found?.toString() ?? '', pem)));
    mustBeHarmless(text);
    await readXml(text);
    return text;
  } catch {
    throw refused(unreadable);
  }
}

/** That of the data first, and then those of the keys. */
function methodsOf(element: XmlElement): readonly string[] {
  const isMethod = ({ name, namespace }: XmlElement): boolean =>
    name === 'EncryptionMethod' && namespace === names.encryption;
  const own = isMethod(element) ? [element.attributes.get('Algorithm') ?? ''] : [];
  return [...own, ...element.children.flatMap(methodsOf)];
}
