import { createSign, createVerify } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { SamlOptions, SignatureHash } from './options.ts';
import { bytesOf, refused } from './refusal.ts';

const algorithms: Readonly<Record<SignatureHash, string>> = {
  sha1: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1',
  sha256: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  sha384: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha384',
  sha512: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512',
};

/**
 * The address that carries a message (SAML bindings §3.4), signed where we have a key.
 * @param to the provider's address, which may have a query of its own
 */
export function redirectTo(
  to: string,
  kind: 'SAMLRequest' | 'SAMLResponse',
  message: string,
  relayState: string | undefined,
  { key, hash }: Pick<SamlOptions, 'key' | 'hash'>,
): string {
  const pairs: [string, string][] = [[kind, deflateRawSync(message).toString('base64')]];
  if (relayState !== undefined) pairs.push(['RelayState', relayState]);
  if (key !== undefined) pairs.push(['SigAlg', algorithms[hash]]);
  const signed = pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  const signature =
    key === undefined ? '' : `&Signature=${encodeURIComponent(createSign(hash).update(signed).sign(key, 'base64'))}`;
  return `${to}${to.includes('?') ? '&' : '?'}${signed}${signature}`;
}

const mostBytes = 256 * 1024;

/**
 * The XML of a message that came in the query, once its signature holds: over the query as it was sent.
 * @param pems certificates that are believed
 * @throws Fault `provider-refused`
 */
export function signedQuery(
  query: string,
  kind: 'SAMLRequest' | 'SAMLResponse',
  pems: readonly string[],
  { hash }: Pick<SamlOptions, 'hash'>,
): Buffer {
  const parts = query.split('&');
  const raw = (name: string): string | undefined => {
    const found = parts.filter((part) => part.startsWith(`${name}=`));
    if (found.length > 1) throw refused('A parameter came more than once.');
    return found[0];
  };
  const [message, relayState, algorithm, signature] = [raw(kind), raw('RelayState'), raw('SigAlg'), raw('Signature')];
  if (message === undefined) throw refused('The message is missing.');
  if (algorithm === undefined || signature === undefined) throw refused('No valid SAML Signature found');
  const used = Object.entries(algorithms).find(([, uri]) => uri === valueOf(algorithm))?.[0];
  if (used === undefined || (used === 'sha1' && hash !== 'sha1')) {
    throw refused('A signature is made with an algorithm that is not accepted.');
  }
  const signed = [message, ...(relayState === undefined ? [] : [relayState]), algorithm].join('&');
  const bytes = bytesOf(valueOf(signature));
  if (!pems.some((pem) => createVerify(used).update(signed).verify(pem, bytes))) throw refused('Invalid Signature');
  return inflated(bytesOf(valueOf(message)));
}

function valueOf(part: string): string {
  try {
    return decodeURIComponent(part.slice(part.indexOf('=') + 1).replaceAll('+', ' '));
  } catch (cause) {
    const fault = refused('A parameter is badly encoded.');
    fault.cause = cause;
    throw fault;
  }
}

function inflated(bytes: Buffer): Buffer {
  try {
    return inflateRawSync(bytes, { maxOutputLength: mostBytes });
  } catch (cause) {
    const fault = refused('The message cannot be unpacked.');
    fault.cause = cause;
    throw fault;
  }
}
