import assert from 'node:assert/strict';
import { it } from 'node:test';
import { samlChecks } from './saml.ts';

it('doctor looks at SAML where it is on, and warns a month before its certificate ends', () => {
  const now = Date.UTC(2026, 0, 1);
  const levelOf = (state: Parameters<typeof samlChecks>[0]) => samlChecks(state, now).map(({ level }) => level);
  assert.deepEqual(levelOf(undefined), []);
  assert.deepEqual(levelOf({ problem: 'No certificate.', certificateEndsAt: undefined }), ['fail']);
  assert.deepEqual(levelOf({ problem: undefined, certificateEndsAt: now + 30 * 86_400_000 - 1 }), ['warn']);
  assert.deepEqual(levelOf({ problem: undefined, certificateEndsAt: now + 30 * 86_400_000 }), ['ok']);
});
