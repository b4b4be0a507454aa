import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeFrame, negotiate } from './codec.ts';

describe('a frame from a client', () => {
  const noMessages: readonly (readonly [string, unknown])[] = [
    ['not json', undefined],
    ['', undefined],
    ['null', undefined],
    ['5', undefined],
    ['"str"', undefined],
    ['[]', []],
    ['[{"msg":"ping"}]', [{ msg: 'ping' }]],
    ['{}', {}],
    ['{"msg":""}', { msg: '' }],
    ['{"msg":null}', { msg: null }],
  ];
  for (const [text, given] of noMessages) {
    it(`is no message when it reads ${JSON.stringify(text)}`, () => {
      assert.deepEqual(decodeFrame(text), { kind: 'no-message', given });
    });
  }

  const misshapen: readonly (readonly [unknown, string])[] = [
    [{ msg: 'nope' }, 'Bad request'],
    [{ msg: 5 }, 'Bad request'],
    [{ msg: ['ping'] }, 'Bad request'],
    [{ msg: 'result', id: '1' }, 'Bad request'],
    [{ msg: 'added', collection: 'users', id: 'x' }, 'Bad request'],
    [{ msg: 'sub', name: 'x' }, 'Malformed subscription'],
    [{ msg: 'sub', id: 4, name: 'x' }, 'Malformed subscription'],
    [{ msg: 'sub', id: '1', params: [] }, 'Malformed subscription'],
    [{ msg: 'sub', id: '1', name: 'x', params: {} }, 'Malformed subscription'],
    [{ msg: 'sub', id: '1', name: 'x', params: null }, 'Malformed subscription'],
    [{ msg: 'method', id: 5, method: 'x' }, 'Malformed method invocation'],
    [{ msg: 'method', id: { $ne: '' }, method: 'x' }, 'Malformed method invocation'],
    [{ msg: 'method', id: '1' }, 'Malformed method invocation'],
    [{ msg: 'method', id: '1', method: 'x', params: 'y' }, 'Malformed method invocation'],
    [{ msg: 'method', id: '1', method: 'x', randomSeed: 5 }, 'Malformed method invocation'],
  ];
  for (const [given, reason] of misshapen) {
    it(`is misshapen when it reads ${JSON.stringify(given)}`, () => {
      assert.deepEqual(decodeFrame(JSON.stringify(given)), { kind: 'misshapen', reason, given });
    });
  }

  it('may leave parameters out, and may know more keys than we do', () => {
    const method = decodeFrame('{"extra":1,"msg":"method","id":"1","method":"x"}');
    assert.ok(method.kind === 'method');
    assert.deepEqual([method.id, method.method, method.params], ['1', 'x', []]);
    const sub = decodeFrame('{"msg":"sub","id":"1","name":"x","params":[1]}');
    assert.ok(sub.kind === 'sub');
    assert.deepEqual([sub.id, sub.name, sub.params], ['1', 'x', [1]]);
  });

  it('is a ping that gets no answer when its id is no text', () => {
    const silence = (text: string): unknown => {
      const ping = decodeFrame(text);
      return ping.kind === 'ping' ? [ping.id, ping.silent] : ping.kind;
    };
    assert.deepEqual(silence('{"msg":"ping"}'), [undefined, false]);
    assert.deepEqual(silence('{"msg":"ping","id":"a"}'), ['a', false]);
    assert.deepEqual(silence('{"msg":"ping","id":7}'), [undefined, true]);
  });

  it('may stop a subscription by any id, and an object is none', () => {
    const id = (text: string): unknown => {
      const unsub = decodeFrame(text);
      return unsub.kind === 'unsub' ? unsub.id : unsub.kind;
    };
    assert.equal(id('{"msg":"unsub","id":"a"}'), 'a');
    assert.equal(id('{"msg":"unsub","id":4}'), 4);
    assert.equal(id('{"msg":"unsub"}'), undefined);
    assert.equal(id('{"msg":"unsub","id":{"$ne":1}}'), undefined);
  });
});

describe('the version of the protocol', () => {
  const negotiated = (connect: unknown): unknown => {
    const frame = decodeFrame(JSON.stringify({ msg: 'connect', ...Object(connect) }));
    return frame.kind === 'connect' ? negotiate(frame.offer) : frame.kind;
  };
  const cases: readonly (readonly [unknown, boolean, string])[] = [
    [{ version: '1', support: ['1', 'pre2', 'pre1'] }, true, '1'],
    [{ version: 'pre2', support: ['pre2'] }, true, 'pre2'],
    [{ version: 'pre1', support: ['pre1', '1'] }, true, 'pre1'],
    [{ version: '2', support: ['2'] }, false, '1'],
    [{ version: '2', support: ['2', '1'] }, false, '1'],
    [{ version: '1', support: ['pre2', '1'] }, false, 'pre2'],
    [{ version: '1', support: ['pre1'] }, false, '1'],
    [{ support: ['1'] }, false, '1'],
    [{ version: '1' }, false, '1'],
    [{ version: '1', support: '1' }, false, '1'],
    [{ version: '1', support: [1, '1'] }, false, '1'],
    [{ version: { $gt: '' }, support: ['1'] }, false, '1'],
    [{ version: ['1'], support: [['1']] }, false, '1'],
  ];
  for (const [connect, agreed, version] of cases) {
    it(`is ${agreed ? 'agreed' : `refused for ${version}`} after ${JSON.stringify(connect)}`, () => {
      assert.deepEqual(negotiated(connect), { agreed, version });
    });
  }
});
