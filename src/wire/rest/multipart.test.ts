import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseMultipart } from './multipart.ts';

const type = 'multipart/form-data; boundary=xyz';
const file =
  'Content-Disposition: form-data; name="image"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n\0\r\n-\xff';

function form(...parts: readonly string[]): Buffer {
  return Buffer.from(`${parts.map((part) => `--xyz\r\n${part}\r\n`).join('')}--xyz--\r\n`, 'latin1');
}

const field = (name: string, value: string): string => `Content-Disposition: form-data; name="${name}"\r\n\r\n${value}`;

describe('a form with a file', () => {
  it('is read to the byte', () => {
    const read = parseMultipart(type, form(field('userId', 'abc'), file));
    assert.deepEqual([...(read?.fields ?? [])], [['userId', 'abc']]);
    assert.equal(read?.file?.field, 'image');
    assert.deepEqual(read.file.bytes, Buffer.from('\0\r\n-\xff', 'latin1'));
  });

  it('may have its boundary in quotes, no file, and nothing at all', () => {
    assert.deepEqual(parseMultipart('multipart/form-data; boundary="xyz"', form()), {
      fields: new Map(),
      file: undefined,
    });
    assert.equal(parseMultipart(type, form(field('a', '')))?.fields.get('a'), '');
  });

  for (const [what, header, body] of [
    ['no boundary', 'multipart/form-data', form(file)],
    ['another boundary', 'multipart/form-data; boundary=zzz', form(file)],
    ['a further parameter', `${type}; charset=utf-8`, form(file)],
    ['two files', type, form(file, file)],
    ['a field twice', type, form(field('a', '1'), field('a', '2'))],
    ['a field of bytes', type, form(field('a', '\xff'))],
    ['too many parts', type, form(...Array.from({ length: 11 }, (_, n) => field(`a${n}`, '')))],
    ['no end', type, Buffer.from(`--xyz\r\n${file}\r\n`, 'latin1')],
    ['something before the first boundary', type, Buffer.concat([Buffer.from('x\r\n'), form(file)])],
    ['something behind the last', type, Buffer.concat([form(file), Buffer.from('x')])],
    ['a part without a name', type, form('Content-Type: image/png\r\n\r\nx')],
    ['a name that reaches a prototype', type, form(field('__proto__', 'x'))],
    ['a header as long as can be', type, form(`X-A: ${'x'.repeat(2000)}\r\n${file}`)],
    ['a coded part', type, form(`Content-Transfer-Encoding: base64\r\n${file}`)],
    [
      'a part that is cut in its head',
      type,
      Buffer.from('--xyz\r\nContent-Disposition: form-data; name="a"', 'latin1'),
    ],
  ] as const) {
    it(`is refused with ${what}`, () => {
      assert.equal(parseMultipart(header, body), undefined);
    });
  }
});
