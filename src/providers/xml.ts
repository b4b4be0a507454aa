import { messageBounds, mustBeHarmless, type XmlBounds, XmlError } from './xml-bounds.ts';

/** An element as it was read: comments are gone, and what stands on both sides of one is one text. */
export interface XmlElement {
  /** Without its prefix. */
  readonly name: string;
  /** `''` for none. */
  readonly namespace: string;
  /** Those without a name-space. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Its own text and that of everything in it. */
  readonly text: string;
}

/**
 * Reads a whole document, within the bounds of `mustBeHarmless`.
 * @throws XmlError
 */
export async function readXml(text: string, bounds: XmlBounds = messageBounds): Promise<XmlElement> {
  mustBeHarmless(text, bounds);
  const { DOMParser, onErrorStopParsing } = await import('@xmldom/xmldom');
  try {
    const document = new DOMParser({ onError: onErrorStopParsing }).parseFromString(text, 'text/xml');
    if (document.documentElement === null) throw new XmlError('The message is no XML.');
    return elementOf(document.documentElement);
  } catch (cause) {
    throw new XmlError('The message is no XML.', cause);
  }
}

interface DomNode {
  readonly nodeType: number;
  readonly nodeName: string;
  readonly localName?: string | null;
  readonly namespaceURI?: string | null;
  readonly nodeValue: string | null;
  readonly childNodes?: Iterable<DomNode> | null;
  readonly attributes?: Iterable<DomNode> | null;
}

const elementType = 1;
const textTypes: ReadonlySet<number> = new Set([3, 4]);

function elementOf(node: DomNode): XmlElement {
  const children: XmlElement[] = [];
  let text = '';
  for (const child of node.childNodes ?? []) {
    if (child.nodeType === elementType) {
      const element = elementOf(child);
      children.push(element);
      text += element.text;
    } else if (textTypes.has(child.nodeType)) text += textIn(child);
  }
  const attributes = new Map<string, string>();
  for (const attribute of node.attributes ?? []) {
    const { namespaceURI, nodeName } = attribute;
    if (namespaceURI === null || namespaceURI === undefined || namespaceURI === '') {
      attributes.set(nodeName, textIn(attribute));
    }
  }
  return { name: node.localName ?? node.nodeName, namespace: node.namespaceURI ?? '', attributes, children, text };
}

/** @throws XmlError for what no text of XML 1.0 may hold, and what was written as a number all the same */
function textIn({ nodeValue }: DomNode): string {
  const text = nodeValue ?? '';
  if (!text.isWellFormed() || /(?![\t\n\r])\p{Cc}/u.test(text)) throw new XmlError('The message is no XML.');
  return text;
}

/** Those children of an element. */
export function childrenOf(element: XmlElement, name: string, namespace: string): readonly XmlElement[] {
  return element.children.filter((child) => child.name === name && child.namespace === namespace);
}

/** The one child of this name; undefined for none. @throws XmlError for several */
export function onlyChild(element: XmlElement, name: string, namespace: string): XmlElement | undefined {
  const found = childrenOf(element, name, namespace);
  if (found.length > 1) throw new XmlError(`Too many elements of the name ${name}.`);
  return found[0];
}

/** How many elements of this name there are, in whatever name-space, the element itself among them. */
export function countOf(element: XmlElement, name: string): number {
  return element.children.reduce((sum, child) => sum + countOf(child, name), element.name === name ? 1 : 0);
}

/** Text as it may stand between tags and in quoted attributes. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"'\t\n\r]/gu, (character) => `&#${character.charCodeAt(0)};`);
}
