import { countOf, readXml, type XmlElement } from '../xml.ts';
import { mustBeHarmless } from '../xml-bounds.ts';
import { names } from './names.ts';
import type { SignatureHash } from './options.ts';
import { refused } from './refusal.ts';

const more = 'http://www.w3.org/2001/04/xmldsig-more#';
const digests = [`${names.encryption}sha256`, `${names.encryption}sha512`];
const signatures = [`${more}rsa-sha256`, `${more}rsa-sha512`, 'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1'];
/** Without comments: what a comment stands in is read as one text, and was signed as one. */
const canonical = ['http://www.w3.org/2001/10/xml-exc-c14n#', 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315'];

/** What each part of a signature may be made with. Keyed hashes are not among it: a certificate is no secret. */
function allowed(hash: SignatureHash): Readonly<Record<string, readonly string[]>> {
  const old = hash === 'sha1';
  return {
    CanonicalizationMethod: canonical,
    Transform: [...canonical, `${names.signature}enveloped-signature`],
    SignatureMethod: old ? [...signatures, `${names.signature}rsa-sha1`] : signatures,
    DigestMethod: old ? [...digests, `${names.signature}sha1`] : digests,
  };
}

/** The signature of an element itself. */
export function signatureOf(element: XmlElement): XmlElement | undefined {
  const own = element.children.filter(({ name }) => name === 'Signature');
  if (own.length > 1) throw refused('Too many signatures.');
  return own[0];
}

/**
 * Signatures stand where they belong, and are made with what is believed.
 * @param signed the elements that may have one each
 */
export function mustHaveFitSignatures(root: XmlElement, signed: readonly XmlElement[], hash: SignatureHash): void {
  const found = signed.flatMap((element) => signatureOf(element) ?? []);
  if (countOf(root, 'Signature') !== found.length) throw refused('A signature stands where none belongs.');
  const parts = allowed(hash);
  const check = (element: XmlElement): void => {
    const fit = parts[element.name];
    if (fit !== undefined && !fit.includes(element.attributes.get('Algorithm') ?? '')) {
      throw refused('A signature is made with an algorithm that is not accepted.');
    }
    for (const child of element.children) check(child);
  };
  for (const signature of found) {
    if (signature.namespace !== names.signature || countOf(signature, 'SignatureMethod') !== 1) {
      throw refused('No valid SAML Signature found');
    }
    check(signature);
  }
}

/** What a signature covers. */
export interface Signed {
  /** As it was signed. */
  readonly xml: string;
  readonly element: XmlElement;
}

/**
 * What of a document a signature covers, as it was signed: nothing else of the document may be read after this.
 * @param xml harmless, see `mustBeHarmless`
 * @param path leads to the signed element, from the root
 * @param pems certificates that are believed; those in the message are not looked at
 * @returns undefined where no signature of theirs holds
 */
export async function verified(
  xml: string,
  path: readonly string[],
  pems: readonly string[],
): Promise<Signed | undefined> {
  mustBeHarmless(xml);
  const { getVerifiedXml, parseDomFromString, xpath } = await import('@node-saml/node-saml/lib/xml.js');
  let signed: string | null;
  try {
    const document = await parseDomFromString(xml);
    const steps = path.map((name) => `/*[local-name(.)='${name}']`).join('');
    const [element, ...others] = xpath.selectElements(document, steps);
    if (element === undefined || others.length > 0) return undefined;
    signed = getVerifiedXml(xml, element, [...pems]);
  } catch {
    // Whatever the library dislikes is no valid signature; its sentences may quote the message.
    return undefined;
  }
  return signed === null ? undefined : { xml: signed, element: await readXml(signed) };
}
