import { countOf, onlyChild, readXml, type XmlElement } from '../xml.ts';
import { issuerOf, type Statement, statementOf } from './assertion.ts';
import { usableCertificates } from './certificates.ts';
import { decrypted, unreadable } from './decrypt.ts';
import { names } from './names.ts';
import type { SamlOptions } from './options.ts';
import { bytesOf, refused, textOf } from './refusal.ts';
import { mustHaveFitSignatures, type Signed, signatureOf, verified } from './signature.ts';

/**
 * Checks a response from its bytes on: harmless XML, one response with one assertion, signatures of a certificate that is
 * believed over what is read, and then what it says (providers.md §5.3).
 * @param encoded base64, as the form brought it
 * @param now in ms since 1970
 * @param mustBeAsked throws for a request that nobody here made, whose answer is worth no work
 * @throws Fault `provider-refused`, XmlError
 */
export async function judgeResponse(
  encoded: string,
  options: SamlOptions,
  now: number,
  mustBeAsked: (requestId: string | undefined) => Promise<void>,
): Promise<Statement> {
  const xml = textOf(bytesOf(encoded));
  const root = await readXml(xml);
  if (root.name !== 'Response' || root.namespace !== names.protocol) throw refused('The message is no response.');
  const plain = countOf(root, 'Assertion');
  const sealed = countOf(root, 'EncryptedAssertion');
  if (countOf(root, 'Response') !== 1) throw refused('Too many SAML responses');
  mustSucceed(root);
  if (plain + sealed > 1) throw refused('Too many SAML assertions');
  const { pems, problem } = usableCertificates(options.certificates, now);
  if (problem !== undefined) throw refused(problem);

  const assertion = onlyChild(root, 'Assertion', names.assertion);
  const hidden = onlyChild(root, 'EncryptedAssertion', names.assertion);
  const clear = assertion ?? hidden;
  if (clear === undefined) throw refused('The response holds no assertion.');
  mustHaveFitSignatures(root, assertion === undefined ? [root] : [root, assertion], options.hash);
  // Anybody can post: what costs much comes after what costs little. What is signed is looked at again below.
  mustComeHere(root, options);
  await mustBeAsked(root.attributes.get('InResponseTo'));
  const needs = options.mustBeSigned;

  const response = await partSigned(xml, root, ['Response'], pems, 'Invalid Signature');
  if (response === undefined && (needs === 'Response' || needs === 'All')) throw refused('Invalid Signature');
  const inner =
    assertion === undefined
      ? await openedAssertion(xml, clear, response, options, pems)
      : await partSigned(xml, assertion, ['Response', 'Assertion'], pems, 'Invalid Assertion signature');
  const own = inner?.isSigned === false ? undefined : inner?.element;
  if (own === undefined && (needs === 'Assertion' || needs === 'All')) throw refused('Invalid Assertion signature');
  if (response === undefined && own === undefined) throw refused('No valid SAML Signature found');

  const outer = response?.element ?? root;
  const statement = statementOf(readable(response, inner), options, now);
  mustBeForUs(outer, statement, options);
  return statement;
}

type Part = Signed & { readonly isSigned: boolean };

/** What its own signature covers; undefined where it has none. A signature that does not hold is always refused. */
async function partSigned(
  xml: string,
  element: XmlElement,
  path: readonly string[],
  pems: readonly string[],
  sentence: string,
): Promise<Part | undefined> {
  if (signatureOf(element) === undefined) return undefined;
  const signed = await verified(xml, path, pems);
  if (signed === undefined) throw refused(sentence);
  return { ...signed, isSigned: true };
}

async function openedAssertion(
  xml: string,
  hidden: XmlElement,
  response: Signed | undefined,
  { key, hash }: SamlOptions,
  pems: readonly string[],
): Promise<Part> {
  const text = await decrypted(hidden, response?.xml ?? xml, key, response !== undefined);
  try {
    const element = await readXml(text);
    if (element.name !== 'Assertion' || countOf(element, 'Assertion') !== 1) throw refused(unreadable);
    mustHaveFitSignatures(element, [element], hash);
    return (
      (await partSigned(text, element, ['Assertion'], pems, unreadable)) ?? { xml: text, element, isSigned: false }
    );
  } catch {
    throw refused(unreadable);
  }
}

/** The assertion as a signature covers it: its own, or that of the response around it. */
function readable(response: Part | undefined, inner: Part | undefined): XmlElement {
  // What was within an encrypted assertion stood under the signature of the response as well.
  if (inner !== undefined && (inner.isSigned || response !== undefined)) return inner.element;
  const within = response === undefined ? undefined : onlyChild(response.element, 'Assertion', names.assertion);
  if (within === undefined) throw refused('No valid SAML Signature found');
  return within;
}

function mustSucceed(root: XmlElement): void {
  const status = onlyChild(root, 'Status', names.protocol);
  const code = status === undefined ? undefined : onlyChild(status, 'StatusCode', names.protocol);
  const value = code?.attributes.get('Value');
  if (value === undefined) throw refused('Missing StatusCode');
  if (value !== names.success) throw refused('The identity provider has refused the sign-in.');
}

/** The response around an assertion was sent to us, answers the same request, and is of the same issuer. */
function mustBeForUs(root: XmlElement, { requestId, issuer }: Statement, options: SamlOptions): void {
  const said = mustComeHere(root, options);
  if (root.attributes.get('InResponseTo') !== requestId) throw refused('The response answers another request.');
  if (said !== undefined && said !== issuer) throw refused('Too many Issuers');
}

/** Checks for whom a response says that it is, and of whom. @returns its issuer, where it names one */
function mustComeHere(root: XmlElement, options: SamlOptions): string | undefined {
  const { attributes } = root;
  if (attributes.get('Version') !== '2.0') throw refused('The response is not of version 2.0.');
  if (attributes.get('Destination') !== options.consumer) {
    throw refused('The response was sent to another destination.');
  }
  return root.children.some(({ name }) => name === 'Issuer') ? issuerOf(root, options) : undefined;
}
