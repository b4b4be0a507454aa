import assert from 'node:assert/strict';
import { compareOwnDocument, type Placeholders } from './placeholders.ts';
import { type Fields, isFields, textOf } from './recording.ts';

/**
 * Compares what one connection was told between two sends. Each recorded frame must have its own, and they stand in
 * the recorded order but for what differs between the two releases themselves: `updated` is a pair with a `result`,
 * and the own user document comes before or after `ready`, `updated` and `result`. Ours then keeps one order of its
 * own: the document is there before the log-in is answered (realtime.md §9.1).
 */
export function compareFrames(
  recorded: readonly Fields[],
  got: readonly Fields[],
  placeholders: Placeholders,
  where: string,
): void {
  const names = got.map(nameOf);
  assert.deepEqual(
    names.toSorted(),
    recorded.map(nameOf).toSorted(),
    `${where}: recorded ${JSON.stringify(recorded)}, got ${JSON.stringify(got)}`,
  );
  const places = recorded.map((frame, index) => {
    const earlier = recorded.slice(0, index).filter((one) => nameOf(one) === nameOf(frame)).length;
    return nth(names, nameOf(frame), earlier);
  });
  for (const [index, frame] of recorded.entries()) {
    const there = got[places[index] ?? -1];
    const path = `${where}: ${nameOf(frame)}`;
    if (isOwnDocument(frame) && isFields(frame['fields']) && there !== undefined) {
      compareOwnDocument(frame['fields'], there['fields'], `${path}.fields`);
      placeholders.compare({ ...frame, fields: {} }, { ...there, fields: {} }, path);
    } else placeholders.compare(frame, there, path);
  }
  for (const [a, first] of recorded.entries()) {
    for (const [b, second] of recorded.entries()) {
      if (a >= b || isFree(first, second)) continue;
      assert.ok(
        (places[a] ?? -1) < (places[b] ?? -1),
        `${where}: ${nameOf(first)} comes before ${nameOf(second)}, got ${names.join(', ')}`,
      );
    }
  }
  const document = names.findLastIndex((name) => name === 'added users');
  const answer = got.findLastIndex(({ result }) => isFields(result) && result['type'] !== undefined);
  if (document >= 0 && answer >= 0) {
    assert.ok(document < answer, `${where}: the own document comes before the result, got ${names.join(', ')}`);
  }
}

function isOwnDocument({ collection }: Fields): boolean {
  return collection === 'users';
}

function isFree(first: Fields, second: Fields): boolean {
  const answers = ['updated', 'result'];
  const [one, other] = [textOf(first['msg']), textOf(second['msg'])];
  if (one === 'updated' || other === 'updated') {
    return answers.includes(one) ? answers.includes(other) || isOwnDocument(second) : isOwnDocument(first);
  }
  if (isOwnDocument(first)) return other === 'result' || other === 'ready';
  return isOwnDocument(second) && (one === 'result' || one === 'ready');
}

/** What a frame is about: enough to tell those of one wave apart. */
function nameOf({ msg, id, methods, subs, collection }: Fields): string {
  switch (msg) {
    case 'updated':
      return `updated ${JSON.stringify(methods)}`;
    case 'ready':
      return `ready ${JSON.stringify(subs)}`;
    case 'added':
    case 'changed':
    case 'removed':
      return `${msg} ${JSON.stringify(collection).slice(1, -1)}`;
    default:
      return `${JSON.stringify(msg ?? null)} ${JSON.stringify(id ?? null)}`;
  }
}

function nth(names: readonly string[], name: string, earlier: number): number {
  let at = -1;
  for (let left = earlier; left >= 0; left -= 1) at = names.indexOf(name, at + 1);
  return at;
}
