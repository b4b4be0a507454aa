import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Afterwards } from './afterwards.ts';

describe('what is done after an answer', () => {
  it('begins in a later turn, and is waited for', async () => {
    const afterwards = new Afterwards(() => assert.fail('nothing failed'));
    const steps: string[] = [];
    afterwards.run(async () => {
      steps.push('begun');
      await Promise.resolve();
      steps.push('done');
    }, {});
    await Promise.resolve();
    assert.deepEqual(steps, []);
    await afterwards.settled();
    assert.deepEqual(steps, ['begun', 'done']);
  });

  it('tells the log where it fails, with what is known of it, and leaves the rest alone', async () => {
    const told: unknown[] = [];
    const afterwards = new Afterwards((sentence, facts) => told.push([sentence, facts]));
    const cause = new Error('it broke');
    let done = false;
    afterwards.run(async () => await Promise.reject(cause), { route: '/x' });
    afterwards.run(async () => {
      done = await Promise.resolve(true);
    }, {});
    await afterwards.settled();
    assert.deepEqual(told, [['What was left to do after an answer failed.', { route: '/x', cause }]]);
    assert.equal(done, true);
  });

  it('is refused while a thousand wait, and taken again once they are done', async () => {
    const afterwards = new Afterwards(() => undefined);
    const nothing = async (): Promise<void> => {
      await Promise.resolve();
    };
    for (let round = 0; round < 1_000; round += 1) afterwards.run(nothing, {});
    assert.throws(() => afterwards.run(nothing, {}), { code: 'busy' });
    await afterwards.settled();
    afterwards.run(nothing, {});
    await afterwards.settled();
  });
});
