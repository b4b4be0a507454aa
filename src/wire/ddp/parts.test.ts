import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { handTimers } from './ddp-world.suite.ts';
import type { Identity, Link } from './link.ts';
import { People } from './people.ts';
import { Pulse } from './pulse.ts';
import { Queue } from './queue.ts';
import { Topics } from './topics.ts';
import { Wheel } from './wheel.ts';

class FakeLink implements Link {
  identity: Identity | undefined = undefined;
  slot = -1;
  lastEvent = 0;
  beats = 0;
  readonly sent: string[] = [];
  send(frame: string): void {
    this.sent.push(frame);
  }
  beat(): boolean {
    this.beats += 1;
    return false;
  }
  async review(): Promise<void> {
    await Promise.resolve();
  }
  revoke(): void {
    this.identity = undefined;
  }
}

describe('the queue of a connection', () => {
  it('never begins a message before the one before it has ended', async () => {
    const log: string[] = [];
    const queue = new Queue<string>({
      mostWaiting: { items: 10, size: 100 },
      async work(item) {
        log.push(`+${item}`);
        await new Promise((resolve) => {
          setImmediate(resolve);
        });
        log.push(`-${item}`);
      },
    });
    for (const item of ['a', 'b', 'c']) assert.equal(queue.add(item, 1), true);
    assert.equal(queue.busy, true);
    while (queue.busy) {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
    assert.deepEqual(log, ['+a', '-a', '+b', '-b', '+c', '-c']);
  });

  it('takes no more than may wait, in number and in size, and again when there is room', async () => {
    let free = (): void => undefined;
    const queue = new Queue<number>({
      mostWaiting: { items: 2, size: 10 },
      work: async () => {
        await new Promise<void>((resolve) => {
          free = resolve;
        });
      },
    });
    assert.equal(queue.add(0, 1000), true);
    assert.equal(queue.add(1, 6), true);
    assert.equal(queue.add(2, 5), false);
    assert.equal(queue.add(3, 4), true);
    assert.equal(queue.add(4, 0), false);
    free();
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    assert.equal(queue.add(5, 6), true);
  });
});

describe('the pulse of a client', () => {
  const most = { intervalsToConnect: 3, intervalsUnasked: 4 };
  const open = { connected: true, answers: true };

  it('is asked for after silence, and lost when nothing follows', () => {
    const pulse = new Pulse();
    assert.deepEqual([pulse.beat(open, most), pulse.beat(open, most)], ['ping', 'lost']);
  });

  it('is asked for at 15 s, 45 s and so on when it answers', () => {
    const pulse = new Pulse();
    const told: unknown[] = [];
    for (let n = 0; n < 4; n += 1) {
      const due = pulse.beat(open, most);
      told.push(due);
      if (due === 'ping') pulse.heard();
    }
    assert.deepEqual(told, ['ping', undefined, 'ping', undefined]);
  });

  it('is not asked for while anything comes in', () => {
    const pulse = new Pulse();
    for (let n = 0; n < 5; n += 1) {
      pulse.heard();
      assert.equal(pulse.beat(open, most), undefined);
    }
  });

  it('is never asked for where the client knows no ping, and is lost after a long silence', () => {
    const pulse = new Pulse();
    const old = { connected: true, answers: false };
    const beats = (): readonly unknown[] => Array.from({ length: 3 }, () => pulse.beat(old, most));
    assert.deepEqual(beats(), [undefined, undefined, undefined]);
    pulse.heard();
    assert.deepEqual([...beats(), pulse.beat(old, most)], [undefined, undefined, undefined, undefined]);
    assert.equal(pulse.beat(old, most), 'lost');
  });

  it('is given 45 s to connect, whatever it says meanwhile', () => {
    const pulse = new Pulse();
    const waiting = { connected: false, answers: true };
    pulse.heard();
    assert.deepEqual(
      [pulse.beat(waiting, most), pulse.beat(waiting, most), pulse.beat(waiting, most)],
      [undefined, undefined, 'lost'],
    );
  });
});

describe('the wheel', () => {
  it('gives every connection its turn once in 15 s with one timer', () => {
    const timers = handTimers(() => undefined);
    const wheel = new Wheel({ now: () => 0 }, timers, () => undefined);
    const links = [new FakeLink(), new FakeLink(), new FakeLink()];
    for (const link of links) {
      wheel.add(link);
      timers.pass(4000);
    }
    timers.pass(15_000 - 12_000);
    assert.deepEqual(
      links.map(({ beats }) => beats),
      [1, 0, 0],
    );
    timers.pass(12_000);
    assert.deepEqual(
      links.map(({ beats }) => beats),
      [1, 1, 1],
    );
    const [first] = links;
    if (first !== undefined) wheel.remove(first);
    timers.pass(15_000);
    assert.deepEqual(
      links.map(({ beats }) => beats),
      [1, 2, 2],
    );
  });
});

describe('people and topics', () => {
  it('know the connections of each account', () => {
    const people = new People();
    const [one, two] = [new FakeLink(), new FakeLink()];
    people.add('a', one);
    people.add('a', two);
    people.add('b', one);
    assert.deepEqual([...people.of('a')], [one, two]);
    people.remove('a', one);
    people.remove('a', one);
    people.remove('nobody', one);
    assert.deepEqual([[...people.of('a')], people.count], [[two], 2]);
    people.remove('a', two);
    assert.deepEqual([...people.all()], [one]);
  });

  it('send an event once to a connection that listens twice', () => {
    const topics = new Topics();
    const link = new FakeLink();
    const [one, two] = [
      { link, refresh: () => undefined },
      { link, refresh: () => undefined },
    ];
    topics.listen('t', one);
    topics.listen('t', two);
    topics.emit('t', 'x');
    topics.emit('u', 'y');
    topics.leave('t', one);
    topics.emit('t', 'z');
    topics.leave('t', two);
    topics.emit('t', 'never');
    assert.deepEqual(link.sent, ['x', 'z']);
    assert.equal(topics.count('t'), 0);
  });
});
