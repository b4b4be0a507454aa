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

/** Why a text was not read; the sentence tells nothing of what stands in it. */
export class XmlError extends Error {
  constructor(sentence: string, cause?: unknown) {
    super(sentence, cause === undefined ? {} : { cause });
    this.name = 'XmlError';
  }
}

const mostBytes = 256 * 1024;
const deepest = 40;
const mostElements = 5000;

/**
 * Refuses what no message of an identity provider needs, and what has hurt readers of XML: declarations of types and
 * entities, instructions, great size, depth, and number. It looks at the text alone, before any parser sees it.
 * @throws XmlError
 */
export function mustBeHarmless(text: string): void {
  if (Buffer.byteLength(text) > mostBytes) throw new XmlError('The message is larger than it may be.');
  let at = text.startsWith('<?xml ') ? after(text, '?>', 0) : 0;
  let depth = 0;
  let elements = 0;
  for (at = text.indexOf('<', at); at >= 0; at = text.indexOf('<', at)) {
    if (text.startsWith('<!--', at)) at = after(text, '-->', at + 4);
    else if (text.startsWith('<![CDATA[', at)) at = after(text, ']]>', at);
    else if (text.startsWith('<!', at)) throw new XmlError('The message declares types or entities.');
    else if (text.startsWith('<?', at)) throw new XmlError('The message holds an instruction.');
    else {
      const end = endOfTag(text, at);
      const closes = text[at + 1] === '/';
      if (!closes) elements += 1;
      if (closes) depth -= 1;
      else if (text[end - 1] !== '/') depth += 1;
      if (depth > deepest || elements > mostElements) throw new XmlError('The message nests too deep, or is too long.');
      at = end + 1;
    }
  }
}

function after(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  if (found < 0) throw new XmlError('The message is no XML.');
  return found + mark.length;
}

/** Where the tag that begins at `from` ends; what stands in quotes does not end it. */
function endOfTag(text: string, from: number): number {
  let quote = '';
  for (let at = from + 1; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '>') return at;
    else if (character === '<') break;
  }
  throw new XmlError('The message is no XML.');
}

/**
 * Reads a whole document, within the bounds of `mustBeHarmless`.
 * @throws XmlError
 */
export async function readXml(text: string): Promise<XmlElement> {
  mustBeHarmless(text);
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
