import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Fault } from '../core/fault.ts';
import type { OutboundAnswer, OutboundRequest } from '../lib/outbound.ts';
import { OutboundError } from '../lib/outbound.ts';
import { keySetsOver } from './key-set.ts';

function place() {
  let now = 1_000_000;
  const asked: OutboundRequest[] = [];
  let answer: () => OutboundAnswer | Promise<OutboundAnswer> = () => keys('one');
  const sets = keySetsOver({
    clock: { now: () => now },
    outbound: async (request) => {
      asked.push(request);
      return await answer();
    },
  });
  return {
    asked,
    sets,
    set: sets('https://id.example/keys', 'example', 'operator'),
    move: (ms: number) => {
      now += ms;
    },
    answers: (next: typeof answer) => {
      answer = next;
    },
  };
}

function keys(...kids: readonly string[]): OutboundAnswer {
  const text = JSON.stringify({ keys: kids.map((kid) => ({ kty: 'RSA', kid, n: 'n', e: 'AQAB' })) });
  return { status: 200, headers: {}, text };
}

function failing(): never {
  throw new OutboundError('down');
}

function isUnreachable(cause: unknown): boolean {
  return cause instanceof Fault && cause.code === 'provider-unreachable' && cause.facts['service'] === 'example';
}

describe('key sets', () => {
  it('are fetched once for all who ask, also at the same moment', async () => {
    const { asked, set, sets } = place();
    const again = sets('https://id.example/keys', 'example', 'operator');
    const all = await Promise.all([set.holding('one'), set.holding('one'), again.holding(undefined)]);
    assert.deepEqual(
      all.map((found) => found[0]?.['kid']),
      ['one', 'one', 'one'],
    );
    await set.holding('one');
    assert.deepEqual(asked, [{ url: 'https://id.example/keys', chosenBy: 'operator' }]);
  });

  it('are not shared between an address of the operator and the same from an answer', async () => {
    const { asked, set, sets } = place();
    await set.holding('one');
    await sets('https://id.example/keys', 'example', 'other').holding('one');
    assert.deepEqual(
      asked.map(({ chosenBy }) => chosenBy),
      ['operator', 'other'],
    );
  });

  it('are fetched again for an unknown name, but not at once', async () => {
    const { asked, set, move, answers } = place();
    await set.holding('one');
    for (const kid of ['x', 'y', 'z']) assert.equal((await set.holding(kid))[0]?.['kid'], 'one');
    assert.equal(asked.length, 1);
    move(30_000);
    answers(() => keys('two'));
    assert.equal((await set.holding('two'))[0]?.['kid'], 'two');
    await set.holding('three');
    assert.equal(asked.length, 2);
  });

  it('are fetched again after a while; the old ones serve for an hour where that fails', async () => {
    const { asked, set, move, answers } = place();
    await set.holding('one');
    answers(failing);
    move(600_000);
    assert.equal((await set.holding('one'))[0]?.['kid'], 'one');
    assert.equal(asked.length, 2);
    await set.holding('one');
    assert.equal(asked.length, 2, 'not asked again at once');
    move(3_000_000);
    await assert.rejects(set.holding('one'), isUnreachable);
  });

  it('are missing where the first answer is none, and asked for again at the next try', async () => {
    const { set, answers } = place();
    const bad: readonly (() => OutboundAnswer)[] = [
      failing,
      () => ({ ...keys('one'), status: 500 }),
      () => ({ ...keys('one'), status: 302 }),
      () => ({ ...keys('one'), text: '<html>' }),
      () => ({ ...keys('one'), text: '{"keys":{}}' }),
      () => ({ ...keys('one'), text: 'null' }),
    ];
    for (const one of bad) {
      answers(one);
      await assert.rejects(set.holding('one'), isUnreachable);
    }
    answers(() => keys('one'));
    assert.equal((await set.holding('one'))[0]?.['kid'], 'one');
  });

  it('hold public keys only', async () => {
    const { set, answers } = place();
    const text = JSON.stringify({
      keys: [
        { kty: 'oct', kid: 'one', k: 'c2VjcmV0' },
        { kty: 'RSA', kid: 'one', n: 'n', e: 'AQAB', d: 'd' },
        7,
        null,
        { kty: 'EC', kid: 'one' },
      ],
    });
    answers(() => ({ status: 200, headers: {}, text }));
    assert.deepEqual(await set.holding('one'), [{ kty: 'EC', kid: 'one' }]);
  });
});
