import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { countOf, escapeXml, readXml } from './xml.ts';
import { documentBounds, mustBeHarmless, XmlError } from './xml-bounds.ts';

describe('reading XML', () => {
  it('gives names, attributes and texts, and joins what a comment parts', async () => {
    const root = await readXml(
      '<?xml version="1.0"?><!-- x --><a:b xmlns:a="urn:a" xmlns:c="urn:c" one="1 &amp; 2" c:two="2"><c:d>x<!-- > -->y<![CDATA[<z>]]></c:d><b/></a:b>',
    );
    assert.deepEqual([root.name, root.namespace, [...root.attributes]], ['b', 'urn:a', [['one', '1 & 2']]]);
    assert.deepEqual([root.children[0]?.text, root.text], ['xy<z>', 'xy<z>']);
    assert.equal(countOf(root, 'b'), 2);
  });

  it('refuses what could hurt, before it is parsed', async () => {
    const nested = (depth: number): string => '<a>'.repeat(depth) + '</a>'.repeat(depth);
    await readXml(nested(40));
    await readXml(`<a>${'<b/>'.repeat(599)}</a>`);
    for (const text of [
      nested(41),
      `<a>${'<b/>'.repeat(600)}</a>`,
      `<a>${'x'.repeat(256 * 1024)}</a>`,
      '<!DOCTYPE a><a/>',
      '<!doctype a><a/>',
      '<a><!ENTITY x "y"></a>',
      '<?php x?><a/>',
      '<a><?x y?></a>',
      '<a>&x;</a>',
      '<a>&#0;</a>',
      '<a b="&#x1f;"/>',
      '<a>&#xD800;</a>',
      '<a',
      '<a><!-- </a>',
      '<a><![CDATA[ </a>',
      '<a b="<"/>',
      '<a></b>',
      '<a/><b/>',
      '<a b="1" b="2"/>',
      '<x:a/>',
      '',
      'text',
    ]) {
      await assert.rejects(readXml(text), XmlError, text.slice(0, 60));
    }
  });

  it('refuses great numbers of small things, whose work grows with their square', () => {
    const many = (most: number, make: (at: number) => string): string =>
      Array.from({ length: most }, (_, at) => make(at)).join('');
    const spread = (made: number): string => `<a>${many(made / 50, () => `<b${many(50, (at) => ` c${at}=""`)}/>`)}</a>`;
    const tooMany = 'The message holds too many attributes.';
    for (const [make, most, sentence] of [
      [(made: number) => `<a>${'<!---->'.repeat(made)}</a>`, 32, 'The message holds too many comments.'],
      [(made: number) => `<a>${'<![CDATA[]]>'.repeat(made)}</a>`, 32, 'The message holds too many comments.'],
      [(made: number) => `${'<!---->'.repeat(made)}<a/>`, 32, 'The message holds too many comments.'],
      [(made: number) => '<a/>'.repeat(made), 600, 'The message nests too deep, or is too long.'],
      [(made: number) => `<a${many(made, (at) => ` b${at}="x=' y='"`)}/>`, 64, tooMany],
      [(made: number) => `<a${many(made, (at) => `\n b${at} = '"'`)} />`, 64, tooMany],
      [(made: number) => `<a${many(made, (at) => ` b${at}`)}>`, 64, tooMany],
      [(made: number) => `<a b=""${many(made - 1, (at) => `b${at}=""`)}>`, 64, tooMany],
      [(made: number) => `<a>${many(made, (at) => `<b xmlns:c${at}="u"/>`)}</a>`, 64, tooMany],
      [(made: number) => `<a>${many(made, (at) => `<b xmlns:c${at} = "u"/>`)}</a>`, 64, tooMany],
    ] as const) {
      mustBeHarmless(make(most));
      assert.throws(() => mustBeHarmless(make(most + 1)), new XmlError(sentence), make(2));
    }
    mustBeHarmless(spread(2000));
    assert.throws(() => mustBeHarmless(spread(2050)), new XmlError(tooMany));
    // What the operator brings may be longer.
    mustBeHarmless(spread(2050), documentBounds);
  });

  it('is not led astray by what stands in quotes and comments', async () => {
    assert.equal(
      (await readXml(`<a b="/>" c='"'><!--<a>--><b d="<".."/></a>`.replace('<".."', '&lt;"'))).children.length,
      1,
    );
  });

  it('writes text that is read back as it was', async () => {
    const text = `<>&"'\t\n end`;
    const root = await readXml(`<a b="${escapeXml(text)}">${escapeXml(text)}</a>`);
    assert.deepEqual([root.attributes.get('b'), root.text], [text, text]);
  });
});
