import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Box } from './box.ts';
import type { Document } from './frames.ts';

const one = {};
const other = {};

function doc(id: string, fields: unknown = {}, collection = 'users'): Document {
  return { collection, id, fields: JSON.stringify(fields) };
}

describe('the documents of a connection', () => {
  it('are sent once however many hold them, and removed with the last', () => {
    const box = new Box();
    assert.equal(box.add(one, doc('a', { n: 1 })), '{"msg":"added","collection":"users","id":"a","fields":{"n":1}}');
    assert.equal(box.add(other, doc('a', { n: 1 })), undefined);
    assert.deepEqual(box.drop(one), []);
    assert.deepEqual(box.drop(other), ['{"msg":"removed","collection":"users","id":"a"}']);
    assert.deepEqual(box.drop(other), []);
  });

  it('have no fields on the wire where they have none', () => {
    assert.equal(new Box().add(one, doc('a')), '{"msg":"added","collection":"users","id":"a"}');
  });

  it('are told apart by collection and id', () => {
    const box = new Box();
    box.add(one, doc('a', {}, 'x'));
    assert.notEqual(box.add(one, doc('a', {}, 'y')), undefined);
    assert.equal(box.drop(one).length, 2);
  });

  it('become those of another user by removals, changes and additions, in this order', () => {
    const before = new Box();
    before.add(one, doc('alice', { n: 1 }));
    before.add(one, doc('shared', { a: 1, b: 2, c: { d: 1 } }));
    before.add(one, doc('same', { z: 1 }));
    const after = new Box();
    after.add(other, doc('shared', { a: 1, c: { d: 2 } }));
    after.add(other, doc('same', { z: 1 }));
    after.add(other, doc('bob'));
    assert.deepEqual(after.since(before), [
      '{"msg":"removed","collection":"users","id":"alice"}',
      '{"msg":"changed","collection":"users","id":"shared","fields":{"c":{"d":2}},"cleared":["b"]}',
      '{"msg":"added","collection":"users","id":"bob"}',
    ]);
    assert.deepEqual(after.since(after), []);
  });

  it('are replaced by what a publication has now', () => {
    const box = new Box();
    box.add(one, doc('a', { n: 1 }));
    box.add(one, doc('b', { n: 1 }));
    box.add(other, doc('b', { n: 1 }));
    assert.deepEqual(box.replace(one, [doc('a', { n: 2 }), doc('c')]), [
      '{"msg":"changed","collection":"users","id":"a","fields":{"n":2}}',
      '{"msg":"added","collection":"users","id":"c"}',
    ]);
    assert.deepEqual(box.drop(other), ['{"msg":"removed","collection":"users","id":"b"}']);
  });
});
