import { createSign } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { signXml } from '@node-saml/node-saml/lib/xml.js';
import { escapeXml } from '../src/providers/xml.ts';
import type { KeyPair } from './certificate.ts';

const protocol = 'urn:oasis:names:tc:SAML:2.0:protocol';
const assertionSpace = 'urn:oasis:names:tc:SAML:2.0:assertion';

/** All that a response may say, and what tests of attacks change. Texts stand in the XML as they are. */
export interface Claims {
  readonly requestId: string | undefined;
  readonly consumer: string;
  readonly destination: string | undefined;
  readonly recipient: string | undefined;
  readonly audience: string | undefined;
  readonly issuer: string;
  /** In ms since 1970. */
  readonly now: number;
  readonly notBefore: number;
  readonly notOnOrAfter: number;
  readonly nameId: string;
  readonly nameFormat: string;
  readonly sessionIndex: string | undefined;
  readonly attributes: Readonly<Record<string, string | readonly string[]>>;
  readonly assertionId: string;
  readonly responseId: string;
  readonly status: string;
}

let made = 0;

/** What an honest provider says of Alice. */
export function claims(more: Partial<Claims> & Pick<Claims, 'requestId' | 'now' | 'consumer'>): Claims {
  made += 1;
  return {
    destination: more.consumer,
    recipient: more.consumer,
    audience: 'urn:countersign:test',
    issuer: 'urn:test-idp',
    notBefore: more.now - 1000,
    notOnOrAfter: more.now + 300_000,
    nameId: 'alice@example.com',
    nameFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
    sessionIndex: 's-1',
    attributes: { username: 'alice', email: 'alice@example.com', cn: 'Alice Example' },
    assertionId: `_assertion${made}`,
    responseId: `_response${made}`,
    status: 'urn:oasis:names:tc:SAML:2.0:status:Success',
    ...more,
  };
}

export function assertionXml(told: Claims): string {
  const time = (at: number): string => new Date(at).toISOString();
  const maybe = (name: string, value: string | undefined): string => (value === undefined ? '' : ` ${name}="${value}"`);
  const attributes = Object.entries(told.attributes).map(([name, values]) => {
    const all = [values].flat().map((value) => `<saml:AttributeValue>${escapeXml(value)}</saml:AttributeValue>`);
    return `<saml:Attribute Name="${name}">${all.join('')}</saml:Attribute>`;
  });
  const audience =
    told.audience === undefined
      ? ''
      : `<saml:AudienceRestriction><saml:Audience>${told.audience}</saml:Audience></saml:AudienceRestriction>`;
  return `<saml:Assertion xmlns:saml="${assertionSpace}" ID="${told.assertionId}" Version="2.0" IssueInstant="${time(told.now)}"><saml:Issuer>${told.issuer}</saml:Issuer><saml:Subject><saml:NameID Format="${told.nameFormat}">${told.nameId}</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData${maybe('Recipient', told.recipient)}${maybe('InResponseTo', told.requestId)} NotOnOrAfter="${time(told.notOnOrAfter)}"/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="${time(told.notBefore)}" NotOnOrAfter="${time(told.notOnOrAfter)}">${audience}</saml:Conditions><saml:AuthnStatement AuthnInstant="${time(told.now)}"${maybe('SessionIndex', told.sessionIndex)}><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement>${attributes.join('')}</saml:AttributeStatement></saml:Assertion>`;
}

/** @param inner the assertion, or whatever shall stand in its place */
export function responseXml(told: Claims, inner: string): string {
  const at = new Date(told.now).toISOString();
  const to = told.requestId === undefined ? '' : ` InResponseTo="${told.requestId}"`;
  const destination = told.destination === undefined ? '' : ` Destination="${told.destination}"`;
  return `<samlp:Response xmlns:samlp="${protocol}" ID="${told.responseId}" Version="2.0" IssueInstant="${at}"${destination}${to}><saml:Issuer xmlns:saml="${assertionSpace}">${told.issuer}</saml:Issuer><samlp:Status><samlp:StatusCode Value="${told.status}"/></samlp:Status>${inner}</samlp:Response>`;
}

/** Signs an element of this name, behind its issuer. */
export function signed(
  xml: string,
  name: 'Response' | 'Assertion' | 'LogoutRequest' | 'LogoutResponse',
  { key, certificate }: KeyPair,
  hash: 'sha1' | 'sha256' | 'sha512' = 'sha256',
): string {
  const path = `//*[local-name(.)='${name}']`;
  return signXml(
    xml,
    path,
    { reference: `${path}/*[local-name(.)='Issuer']`, action: 'after' },
    {
      privateKey: key,
      publicCert: certificate,
      signatureAlgorithm: hash,
      digestAlgorithm: hash,
    },
  );
}

/** A response as an honest provider makes it: the assertion is signed, and the response around it as well. */
export function honest(told: Claims, pair: KeyPair): string {
  return signed(responseXml(told, signed(assertionXml(told), 'Assertion', pair)), 'Response', pair);
}

export function encoded(xml: string): string {
  return Buffer.from(xml).toString('base64');
}

/** A message about signing out. */
export function logoutXml(
  kind: 'LogoutRequest' | 'LogoutResponse',
  told: {
    readonly id: string;
    readonly now: number;
    readonly destination: string;
    readonly nameId?: string;
    readonly sessionIndex?: string;
    readonly answers?: string;
  },
): string {
  const to = told.answers === undefined ? '' : ` InResponseTo="${told.answers}"`;
  const index = told.sessionIndex === undefined ? '' : `<samlp:SessionIndex>${told.sessionIndex}</samlp:SessionIndex>`;
  const inner =
    kind === 'LogoutRequest'
      ? `<saml:NameID>${told.nameId ?? ''}</saml:NameID>${index}`
      : '<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>';
  return `<samlp:${kind} xmlns:samlp="${protocol}" xmlns:saml="${assertionSpace}" ID="${told.id}" Version="2.0" IssueInstant="${new Date(told.now).toISOString()}" Destination="${told.destination}"${to}><saml:Issuer>urn:test-idp</saml:Issuer>${inner}</samlp:${kind}>`;
}

/** The query that carries a message, signed unless there is no key. */
export function queryOf(
  kind: 'SAMLRequest' | 'SAMLResponse',
  xml: string,
  pair: KeyPair | undefined,
  relayState?: string,
): string {
  const state = relayState === undefined ? '' : `&RelayState=${encodeURIComponent(relayState)}`;
  const message = `${kind}=${encodeURIComponent(deflateRawSync(xml).toString('base64'))}${state}`;
  if (pair === undefined) return message;
  const whole = `${message}&SigAlg=${encodeURIComponent('http://www.w3.org/2001/04/xmldsig-more#rsa-sha256')}`;
  const signature = createSign('sha256').update(whole).sign(pair.key, 'base64');
  return `${whole}&Signature=${encodeURIComponent(signature)}`;
}
