import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Happening } from '../../core/ports.ts';
import { payloadIn, payloadsOf } from './payloads.ts';

describe('notices between nodes', () => {
  const there = (told: readonly Happening[]): readonly Happening[] => {
    const payloads = payloadsOf('node', told);
    for (const payload of payloads) assert.ok(Buffer.byteLength(payload) < 8_000);
    return payloads.flatMap((payload) => payloadIn(payload)?.told ?? []);
  };

  it('carry every kind as it was, in order', () => {
    const told: Happening[] = [
      { kind: 'account', accountId: 'a', changed: ['open'], forced: true },
      { kind: 'account-added', accountId: 'a' },
      { kind: 'account-removed', accountId: 'a', username: undefined },
      { kind: 'account-removed', accountId: 'a', username: 'ü"' },
      { kind: 'settings', ids: ['x', 'y'] },
      { kind: 'permissions', ids: [] },
      { kind: 'role', id: 'r', name: 'Ü', change: 'added' },
      { kind: 'role', id: 'r', name: 'Ü', change: 'changed' },
      { kind: 'role', id: 'r', name: 'Ü', change: 'removed' },
      { kind: 'role-holder', role: 'r', accountId: 'a', username: 'ada', held: true },
      { kind: 'role-holder', role: 'r', accountId: 'a', username: undefined, held: false },
      { kind: 'presence', node: 'n', all: true, states: [['a', 'online']] },
      { kind: 'presence-wanted', node: 'n' },
    ];
    assert.deepEqual(there(told), told);
    assert.equal(payloadsOf('node', told).length, 1);
    assert.deepEqual(payloadsOf('node', []), []);
  });

  it('are split where they are too long', () => {
    const ids = Array.from({ length: 2_000 }, (_, index) => `Ünicode_Setting_${index}`);
    const settings = there([{ kind: 'settings', ids }]);
    assert.deepEqual(
      settings.flatMap((one) => (one.kind === 'settings' ? one.ids : [])),
      ids,
    );
    const states = ids.map((id) => [id, 'online'] as const);
    const presence = there([{ kind: 'presence', node: 'n', all: true, states }]);
    assert.ok(presence.length > 1);
    assert.deepEqual(
      presence.map((one) => one.kind === 'presence' && one.all),
      presence.map((_, index) => index === 0),
    );
    assert.deepEqual(
      presence.flatMap((one) => (one.kind === 'presence' ? one.states : [])),
      states,
    );
    const many = Array.from({ length: 500 }, (_, index) => ({ kind: 'account-added', accountId: `${index}` }) as const);
    assert.deepEqual(there(many), many);
  });

  it('lose a name that is too long rather than the news of it', () => {
    const long = 'x'.repeat(9_000);
    assert.deepEqual(there([{ kind: 'account-removed', accountId: 'a', username: long }]), [
      { kind: 'account-removed', accountId: 'a', username: undefined },
    ]);
    assert.deepEqual(there([{ kind: 'account', accountId: 'a', changed: [long], forced: true }]), [
      { kind: 'account', accountId: 'a', changed: [], forced: true },
    ]);
  });

  it('are ignored where they make no sense', () => {
    for (const text of ['', '{', 'null', '{}', '[]', '{"node":1}']) assert.equal(payloadIn(text), undefined);
    const odd = ['{"node":"n"}', '{"node":"n","told":[null,1,{"kind":"new"},{"kind":"account","accountId":3}]}'];
    for (const text of odd) assert.deepEqual(payloadIn(text), { node: 'n', told: [] });
  });
});
