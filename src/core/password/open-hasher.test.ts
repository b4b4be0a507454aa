import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sha256Hex } from '../../lib/digest.ts';
import { Fault } from '../fault.ts';
import { HashQueue } from './hash-queue.ts';
import { type HashMethod, openHasher } from './open-hasher.ts';
import { judgeStored } from './stored-form.ts';

const digest = sha256Hex('correct horse');

function hasher(method: HashMethod = 'argon2id', waiting = 8) {
  return openHasher({ queue: new HashQueue({ atOnce: 2, waiting }), method: () => method });
}

describe('hashing passwords', () => {
  for (const method of ['argon2id', 'bcrypt'] as const) {
    it(`checks its own ${method} hashes and refuses another digest`, async () => {
      const stored = await hasher(method).make(digest);
      assert.deepEqual(await hasher().check(digest, stored), { held: true });
      assert.deepEqual(await hasher().check(sha256Hex('other'), stored), { held: false });
      assert.deepEqual(hasher(method).isCurrent(stored), { held: true });
    });
  }

  it('takes bcrypt hashes of every prefix that others write, and asks for them to be replaced', async () => {
    const stored = await hasher('bcrypt').make(digest);
    for (const prefix of ['$2a', '$2b', '$2y']) {
      const brought = `${prefix}${stored.slice(3)}`;
      assert.deepEqual(await hasher().check(digest, brought), { held: true }, prefix);
      assert.deepEqual(hasher().isCurrent(brought), { held: false }, prefix);
    }
  });

  it('refuses stored forms that would cost hours or gigabytes, at once', async () => {
    const bombs = [
      `$2b$31$${'a'.repeat(53)}`,
      '$argon2id$v=19$m=4194304,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA',
      '$argon2id$v=19$m=19456,t=9999,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA',
      'plain text',
      '',
    ];
    for (const bomb of bombs) assert.deepEqual(await hasher().check(digest, bomb), { held: false }, bomb);
  });

  it('takes no argon2id hash that its library cannot read for one, and fails on none', async () => {
    const [salt, hash] = ['A'.repeat(22), 'A'.repeat(43)];
    const forms = [
      `m=8,t=1,p=2$${salt}$${hash}`,
      `m=7,t=1,p=1$${salt}$${hash}`,
      `m=064,t=1,p=1$${salt}$${hash}`,
      `m=64,t=0,p=1$${salt}$${hash}`,
      `m=64,t=1,p=1$${'a'.repeat(22)}$${hash}`,
      `m=64,t=1,p=1$${salt}$${'b'.repeat(43)}`,
      `m=64,t=1,p=1$${salt}$${'A'.repeat(41)}`,
    ].map((form) => `$argon2id$v=19$${form}`);
    for (const form of forms) {
      assert.equal(judgeStored(form), 'unknown', form);
      assert.deepEqual(await hasher().check(digest, form), { held: false }, form);
    }
    const least = `$argon2id$v=19$m=16,t=1,p=2$AAAAAAAAAAA$${hash}`;
    assert.equal(judgeStored(least), 'fits');
    assert.deepEqual(await hasher().check(digest, least), { held: false });
  });

  it('refuses at once what does not fit into the queue, and goes on with the rest', async () => {
    const small = hasher('argon2id', 1);
    const results = await Promise.allSettled(Array.from({ length: 6 }, async () => await small.make(digest)));
    const refused = results.filter((result) => result.status === 'rejected').map(({ reason }) => reason as unknown);
    assert.equal(results.length - refused.length, 3);
    assert.ok(refused.every((reason) => reason instanceof Fault && reason.code === 'busy'));
    assert.deepEqual(small.load(), { waiting: 0, running: 0, most: 1 });
    assert.deepEqual(await small.check(digest, await small.make(digest)), { held: true });
  });

  it('lets who has shown something go before strangers, and keeps places for them', async () => {
    const queue = new HashQueue({ atOnce: 1, waiting: 4 });
    const done: string[] = [];
    const gates: (() => void)[] = [];
    const ask = async (name: string, lane: 'first' | 'last'): Promise<void> => {
      await queue.run(async () => {
        await new Promise<void>((resolve) => {
          gates.push(resolve);
        });
        done.push(name);
      }, lane);
    };
    const asked = [ask('running', 'last'), ask('a', 'last'), ask('b', 'last'), ask('c', 'last')];
    await assert.rejects(ask('d', 'last'), { code: 'busy' });
    asked.push(ask('known', 'first'));
    await assert.rejects(ask('one too many', 'first'), { code: 'busy' });
    while (done.length < 5) {
      gates.shift()?.();
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
    await Promise.all(asked);
    assert.deepEqual(done, ['running', 'known', 'a', 'b', 'c']);
  });
});
