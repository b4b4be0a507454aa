import type { X509Certificate } from 'node:crypto';
import { escapeXml } from '../xml.ts';
import { bareCertificate } from './certificates.ts';
import { names } from './names.ts';
import type { SamlOptions } from './options.ts';

const spaces = `xmlns:samlp="${names.protocol}" xmlns:saml="${names.assertion}"`;

/** What every message of ours begins with. */
function head(kind: string, id: string, now: number, destination: string, more = ''): string {
  const at = new Date(now).toISOString();
  return `<samlp:${kind} ${spaces} ID="${escapeXml(id)}" Version="2.0" IssueInstant="${at}" Destination="${escapeXml(destination)}"${more}>`;
}

function issuer({ entityId }: SamlOptions): string {
  return `<saml:Issuer>${escapeXml(entityId)}</saml:Issuer>`;
}

/** A request to sign somebody in (SAML core §3.4.1). */
export function authnRequest(id: string, options: SamlOptions, now: number): string {
  const { nameFormat, context, comparison, consumer, entryPoint } = options;
  const format = nameFormat === undefined ? '' : ` Format="${escapeXml(nameFormat)}"`;
  const more = ` ProtocolBinding="${names.post}" AssertionConsumerServiceURL="${escapeXml(consumer)}"`;
  const wanted =
    context === undefined
      ? ''
      : `<samlp:RequestedAuthnContext Comparison="${escapeXml(comparison)}"><saml:AuthnContextClassRef>${escapeXml(context)}</saml:AuthnContextClassRef></samlp:RequestedAuthnContext>`;
  return `${head('AuthnRequest', id, now, entryPoint, more)}${issuer(options)}<samlp:NameIDPolicy${format} AllowCreate="true"/>${wanted}</samlp:AuthnRequest>`;
}

/** A request to sign somebody out (§3.7.1). */
export function logoutRequest(
  id: string,
  options: SamlOptions,
  destination: string,
  now: number,
  who: { readonly nameId: string; readonly nameFormat: string | undefined; readonly sessionIndex: string | undefined },
): string {
  const format = who.nameFormat === undefined ? '' : ` Format="${escapeXml(who.nameFormat)}"`;
  const index =
    who.sessionIndex === undefined ? '' : `<samlp:SessionIndex>${escapeXml(who.sessionIndex)}</samlp:SessionIndex>`;
  return `${head('LogoutRequest', id, now, destination)}${issuer(options)}<saml:NameID${format}>${escapeXml(who.nameId)}</saml:NameID>${index}</samlp:LogoutRequest>`;
}

/** The answer to a request to sign somebody out (§3.7.2). */
export function logoutResponse(
  id: string,
  options: SamlOptions,
  destination: string,
  now: number,
  answer: { readonly to: string; readonly found: boolean },
): string {
  const inner = `<samlp:StatusCode Value="${names.unknownPrincipal}"/>`;
  const status = answer.found
    ? `<samlp:StatusCode Value="${names.success}"/>`
    : `<samlp:StatusCode Value="${names.requester}">${inner}</samlp:StatusCode>`;
  const more = ` InResponseTo="${escapeXml(answer.to)}"`;
  return `${head('LogoutResponse', id, now, destination, more)}${issuer(options)}<samlp:Status>${status}</samlp:Status></samlp:LogoutResponse>`;
}

/** What the identity provider has to know of us (SAML metadata §2.4.4). */
export function ownMetadata(options: SamlOptions): string {
  const key = keyInfo(options.ownCertificate);
  const keys =
    key === undefined
      ? ''
      : `<KeyDescriptor use="signing">${key}</KeyDescriptor><KeyDescriptor use="encryption">${key}<EncryptionMethod Algorithm="http://www.w3.org/2009/xmlenc11#aes256-gcm"/></KeyDescriptor>`;
  const format =
    options.nameFormat === undefined ? '' : `<NameIDFormat>${escapeXml(options.nameFormat)}</NameIDFormat>`;
  const location = escapeXml(options.logout);
  const wantsSigned = options.mustBeSigned === 'All' || options.mustBeSigned === 'Assertion';
  return `<?xml version="1.0" encoding="UTF-8"?>
<EntityDescriptor xmlns="${names.metadata}" entityID="${escapeXml(options.entityId)}"><SPSSODescriptor AuthnRequestsSigned="${options.key !== undefined}" WantAssertionsSigned="${wantsSigned}" protocolSupportEnumeration="${names.protocol}">${keys}<SingleLogoutService Binding="${names.redirect}" Location="${location}"/><SingleLogoutService Binding="${names.post}" Location="${location}"/>${format}<AssertionConsumerService index="1" isDefault="true" Binding="${names.post}" Location="${escapeXml(options.consumer)}"/></SPSSODescriptor></EntityDescriptor>
`;
}

function keyInfo(certificate: X509Certificate | undefined): string | undefined {
  if (certificate === undefined) return undefined;
  const text = bareCertificate(certificate);
  return `<ds:KeyInfo xmlns:ds="${names.signature}"><ds:X509Data><ds:X509Certificate>${text}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>`;
}
