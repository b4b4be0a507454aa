import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { handClock } from '../../../test/world.ts';
import { sha256Base64 } from '../../lib/digest.ts';
import { sealerOf } from '../../lib/seal.ts';
import { looksLikePageToken, makePageToken, pageTokenLifeMs, sessionOfPageToken } from './page-token.ts';

describe('what a page holds in place of its session', () => {
  const sealer = sealerOf(Buffer.alloc(32, 3));
  const hash = sha256Base64('a session');
  const needs = () => ({ clock: handClock(), sealer });

  it('leads to the session for ten minutes, and holds nothing of it that could be read', () => {
    const at = needs();
    const { text, endsAt } = makePageToken(at, { hash });
    assert.equal(endsAt, at.clock.now() + pageTokenLifeMs);
    assert.equal(sessionOfPageToken(at, text), hash);
    assert.ok(!text.includes(hash));
    assert.notEqual(makePageToken(at, { hash }).text, text);
    // As long as the headers of a request take.
    assert.ok(text.length <= 512);
    at.clock.move(pageTokenLifeMs - 1);
    assert.equal(sessionOfPageToken(at, text), hash);
    at.clock.move(1);
    assert.equal(sessionOfPageToken(at, text), undefined);
  });

  it('does not live longer where the clock is set back', () => {
    const at = needs();
    at.clock.move(60_000);
    const { text } = makePageToken(at, { hash });
    at.clock.move(-1);
    assert.equal(sessionOfPageToken(at, text), undefined);
  });

  it('opens for nothing that was sealed for another purpose, by another server, or changed', () => {
    const at = needs();
    const { text, endsAt } = makePageToken(at, { hash });
    for (const use of ['', 'page', 'page-token ', 'setting']) {
      assert.equal(sessionOfPageToken(at, sealer.seal(`${endsAt} ${hash}`, use)), undefined, use);
    }
    const stranger = sealerOf(Buffer.alloc(32, 4)).seal(`${endsAt} ${hash}`, 'page-token');
    const middle = Math.floor(text.length / 2);
    const changed = `${text.slice(0, middle)}${text[middle] === 'A' ? 'B' : 'A'}${text.slice(middle + 1)}`;
    for (const other of [stranger, changed, text.slice(0, -4), `${text}.x.`.slice(4), '', 'v1.', 'x'.repeat(600)]) {
      assert.equal(sessionOfPageToken(at, other), undefined, other);
    }
  });

  it('leads nowhere where its time is no number', () => {
    const at = needs();
    for (const inside of ['', hash, `NaN ${hash}`, `Infinity ${hash}`, `-1 ${hash}`, `${at.clock.now()} ${hash}`]) {
      assert.equal(sessionOfPageToken(at, sealer.seal(inside, 'page-token')), undefined, inside);
    }
  });

  it('is told from sessions and personal tokens by its form', () => {
    assert.equal(looksLikePageToken(makePageToken(needs(), { hash }).text), true);
    assert.equal(looksLikePageToken('x'.repeat(43)), false);
    assert.equal(looksLikePageToken('x'.repeat(86)), false);
    assert.equal(looksLikePageToken(`${'x'.repeat(40)}.`), false);
  });
});
