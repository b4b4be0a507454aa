import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeMethodMessage, methodError, renderMethodAnswer } from './method-call.ts';

describe('the error object', () => {
  it('has its keys in the recorded order', () => {
    assert.equal(
      JSON.stringify(methodError({ error: 403, reason: 'Incorrect password', details: { a: 1 } })),
      '{"isClientSafe":true,"error":403,"reason":"Incorrect password","details":{"a":1},' +
        '"message":"Incorrect password [403]","errorType":"Meteor.Error"}',
    );
  });

  it('leaves out what is not set', () => {
    assert.equal(
      JSON.stringify(methodError({ error: 'not-allowed' })),
      '{"isClientSafe":true,"error":"not-allowed","message":"[not-allowed]","errorType":"Meteor.Error"}',
    );
  });
});

describe('a method message inside a REST body', () => {
  it('is read with or without parameters', () => {
    assert.deepEqual(decodeMethodMessage('{"msg":"method","id":"1","method":"login","params":[1]}'), {
      id: '1',
      method: 'login',
      params: [1],
    });
    assert.deepEqual(decodeMethodMessage('{"msg":"method","id":"1","method":"logout"}')?.params, []);
  });

  for (const text of [
    '',
    'x',
    'null',
    '[]',
    '5',
    '{}',
    '{"msg":"sub","id":"1","method":"x"}',
    '{"msg":"method","id":1,"method":"x"}',
    '{"msg":"method","id":"1","method":{}}',
    '{"msg":"method","id":"1","method":"x","params":{}}',
    '{"msg":"method","id":"1","method":"x","params":null}',
  ]) {
    it(`is none when it reads ${JSON.stringify(text)}`, () => {
      assert.equal(decodeMethodMessage(text), undefined);
    });
  }

  it('is answered without a key for no result', () => {
    assert.equal(renderMethodAnswer('7', { result: undefined }), '{"msg":"result","id":"7"}');
    assert.equal(renderMethodAnswer('7', { result: null }), '{"msg":"result","id":"7","result":null}');
  });
});
