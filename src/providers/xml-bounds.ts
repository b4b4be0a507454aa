/** Why a text was not read; the sentence tells nothing of what stands in it. */
export class XmlError extends Error {
  constructor(sentence: string, cause?: unknown) {
    super(sentence, cause === undefined ? {} : { cause });
    this.name = 'XmlError';
  }
}

/**
 * How much of each thing a text may hold. Readers of XML, and those of signatures above all, do work that grows with the
 * square of some of them: some ten thousand comments, elements, or names would hold a server for half a minute.
 */
export interface XmlBounds {
  readonly depth: number;
  readonly elements: number;
  /** In the whole text. */
  readonly attributes: number;
  /** Of one element. */
  readonly attributesOfOne: number;
  /** Different prefixes that are declared. Many providers declare the same two at each value. */
  readonly prefixes: number;
  /** Comments, and texts in CDATA. */
  readonly asides: number;
}

/** What a message about one person needs, with some hundred groups of theirs. */
export const messageBounds: XmlBounds = {
  depth: 40,
  elements: 600,
  attributes: 2000,
  attributesOfOne: 64,
  prefixes: 64,
  asides: 32,
};

/** What the operator brings by hand: the metadata of large providers are long. */
export const documentBounds: XmlBounds = { ...messageBounds, elements: 5000, attributes: 20_000, asides: 500 };

const mostBytes = 256 * 1024;

/**
 * Refuses what no message of an identity provider needs, and what has hurt readers of XML: declarations of types and
 * entities, instructions, great size, depth, and number. It looks at the text alone, once from its beginning to its end,
 * before any parser sees it.
 * @throws XmlError
 */
export function mustBeHarmless(text: string, bounds: XmlBounds = messageBounds): void {
  if (Buffer.byteLength(text) > mostBytes) throw new XmlError('The message is larger than it may be.');
  let at = text.startsWith('<?xml ') ? after(text, '?>', 0) : 0;
  let depth = 0;
  let asides = 0;
  const counts: Counts = { elements: 0, attributes: 0, prefixes: new Set() };
  for (at = text.indexOf('<', at); at >= 0; at = text.indexOf('<', at)) {
    const aside = asideAt(text, at);
    if (aside !== undefined) {
      asides += 1;
      if (asides > bounds.asides) throw new XmlError('The message holds too many comments.');
      at = aside;
    } else if (text.startsWith('<!', at)) throw new XmlError('The message declares types or entities.');
    else if (text.startsWith('<?', at)) throw new XmlError('The message holds an instruction.');
    else {
      const end = endOfTag(text, at, counts, bounds);
      const closes = text[at + 1] === '/';
      if (!closes) counts.elements += 1;
      if (closes) depth -= 1;
      else if (text[end - 1] !== '/') depth += 1;
      if (depth > bounds.depth || counts.elements > bounds.elements) {
        throw new XmlError('The message nests too deep, or is too long.');
      }
      at = end + 1;
    }
  }
}

interface Counts {
  elements: number;
  attributes: number;
  readonly prefixes: Set<string>;
}

/** Where the comment or the CDATA ends that begins here; undefined for something else. */
function asideAt(text: string, at: number): number | undefined {
  if (text.startsWith('<!--', at)) return after(text, '-->', at + 4);
  return text.startsWith('<![CDATA[', at) ? after(text, ']]>', at) : undefined;
}

function after(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  if (found < 0) throw new XmlError('The message is no XML.');
  return found + mark.length;
}

/**
 * Where the tag that begins at `from` ends; what stands in quotes does not end it. Each word after the name of the element
 * counts as an attribute, whether it has a value or not.
 * @throws XmlError
 */
function endOfTag(text: string, from: number, counts: Counts, bounds: XmlBounds): number {
  let quote = '';
  let wordAt: number | undefined = from;
  let words = 0;
  const endWord = (at: number): void => {
    if (wordAt === undefined) return;
    if (wordAt !== from) {
      words += 1;
      counts.attributes += 1;
      if (text.startsWith('xmlns', wordAt)) counts.prefixes.add(text.slice(wordAt, at));
      const { attributes, prefixes } = counts;
      const isTooMany = words > bounds.attributesOfOne || attributes > bounds.attributes;
      if (isTooMany || prefixes.size > bounds.prefixes) throw new XmlError('The message holds too many attributes.');
    }
    wordAt = undefined;
  };
  for (let at = from + 1; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === '>') {
      endWord(at);
      return at;
    } else if (character === '<') break;
    else if (at > from + 1 && parting.has(character)) {
      endWord(at);
      if (character === '"' || character === "'") quote = character;
    } else wordAt ??= at;
  }
  throw new XmlError('The message is no XML.');
}

/** What ends a name within a tag; a slash directly behind `<` belongs to the name. */
const parting: ReadonlySet<string> = new Set([' ', '\t', '\n', '\r', '=', '"', "'", '/']);
