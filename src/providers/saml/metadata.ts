import type { SamlSource } from '../../core/external-login/saml.ts';
import { childrenOf, onlyChild, readXml, type XmlElement } from '../xml.ts';
import { documentBounds } from '../xml-bounds.ts';
import { certificatesOf } from './certificates.ts';
import { names } from './names.ts';
import { momentOf } from './times.ts';

/**
 * What an identity provider tells of itself (SAML metadata §2.4.3). Its signature is not checked: whoever brings it knows
 * where it comes from.
 * @param now in ms since 1970
 * @throws Error with a sentence for the operator
 */
export async function sourceOf(text: string, now: number): Promise<SamlSource> {
  const root = await readXml(text.replace(/^\u{FEFF}/u, '').trim(), documentBounds);
  const providers = entitiesOf(root).filter((entity) => roleOf(entity) !== undefined);
  const [entity, ...others] = providers;
  if (entity === undefined) throw new Error('The metadata describes no identity provider.');
  if (others.length > 0) throw new Error('The metadata describes several identity providers: give that of one.');
  const role = roleOf(entity);
  const over = entity.attributes.get('validUntil') ?? root.attributes.get('validUntil');
  if (over !== undefined && !(now < momentOf(over))) throw new Error('The metadata has ended.');
  const certificates = certificatesIn(role);
  if (certificates.length === 0) throw new Error('The metadata holds no certificate for signatures.');
  const entryPoint = locationOf(role, 'SingleSignOnService');
  if (entryPoint === undefined) throw new Error('The identity provider takes no requests by redirect.');
  return {
    entityId: entity.attributes.get('entityID') ?? '',
    entryPoint,
    endingAddress: locationOf(role, 'SingleLogoutService'),
    certificates: certificates.join(''),
  };
}

function entitiesOf(root: XmlElement): readonly XmlElement[] {
  if (root.namespace !== names.metadata) throw new Error('The text is no metadata of SAML 2.0.');
  if (root.name === 'EntityDescriptor') return [root];
  return root.name === 'EntitiesDescriptor' ? childrenOf(root, 'EntityDescriptor', names.metadata) : [];
}

function roleOf(entity: XmlElement): XmlElement | undefined {
  return onlyChild(entity, 'IDPSSODescriptor', names.metadata);
}

function locationOf(role: XmlElement | undefined, name: string): string | undefined {
  const found = childrenOf(role ?? none, name, names.metadata).find(
    ({ attributes }) => attributes.get('Binding') === names.redirect,
  );
  const location = found?.attributes.get('Location');
  const protocol = URL.parse(location ?? '')?.protocol;
  return protocol === 'https:' || protocol === 'http:' ? location : undefined;
}

/** Those for signatures, as PEM. */
function certificatesIn(role: XmlElement | undefined): readonly string[] {
  const texts = childrenOf(role ?? none, 'KeyDescriptor', names.metadata)
    .filter(({ attributes }) => attributes.get('use') !== 'encryption')
    .flatMap((key) => deepest(key, 'X509Certificate'));
  return [...new Set(texts.flatMap((text) => certificatesOf(text).map((certificate) => certificate.toString())))];
}

function deepest(element: XmlElement, name: string): readonly string[] {
  return [
    ...(element.name === name ? [element.text] : []),
    ...element.children.flatMap((child) => deepest(child, name)),
  ];
}

const none: XmlElement = { name: '', namespace: '', attributes: new Map(), children: [], text: '' };
