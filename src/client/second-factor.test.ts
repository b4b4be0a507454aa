import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ClientError, realtimeError, restError } from './error.ts';
import { askingWith, type SecondFactorChallenge, type SuppliedCode } from './second-factor.ts';

const required = (details: unknown): ClientError => realtimeError({ error: 'totp-required', details });
const wrong = (details?: unknown): ClientError => realtimeError({ error: 'totp-invalid', details });

/** A call that fails so often, and the codes it was run with. */
function failing(...causes: readonly Error[]): {
  readonly runs: (SuppliedCode | undefined)[];
  readonly run: (supplied: SuppliedCode | undefined) => Promise<string>;
} {
  const runs: (SuppliedCode | undefined)[] = [];
  return {
    runs,
    run: async (supplied) => {
      const cause = causes[runs.length];
      runs.push(supplied);
      if (cause !== undefined) throw cause;
      return await Promise.resolve('done');
    },
  };
}

describe('the wrapper for second factors', () => {
  it('recognises a challenge by its code, whichever door it came through', async () => {
    const details = { method: 'totp', codeGenerated: false, availableMethods: ['totp'] };
    const forms = [
      restError(400, { error: 'TOTP Required [totp-required]', errorType: 'totp-required', details }, null),
      restError(401, { status: 'error', error: 'totp-required', message: 'TOTP Required', details }, null),
      realtimeError({ error: 'totp-required', reason: 'TOTP Required', details, errorType: 'Meteor.Error' }),
    ];
    for (const cause of forms) {
      const asked: SecondFactorChallenge[] = [];
      const { runs, run } = failing(cause);
      const asking = askingWith((challenge) => {
        asked.push(challenge);
        return ' 123456 ';
      });
      assert.equal(await asking(run), 'done');
      assert.deepEqual(asked, [{ method: 'totp', details, attempt: 1 }]);
      assert.deepEqual(runs, [undefined, { code: '123456', method: 'totp' }]);
    }
  });

  it('asks again after a wrong code, and keeps the method where the refusal names none', async () => {
    const { runs, run } = failing(required({ method: 'email' }), wrong(), wrong({ method: 'totp' }));
    const asked: [string, number][] = [];
    await askingWith(async ({ method, attempt }) => {
      asked.push([method, attempt]);
      return await Promise.resolve(`${attempt}`);
    })(run);
    assert.deepEqual(asked, [
      ['email', 1],
      ['email', 2],
      ['totp', 3],
    ]);
    assert.deepEqual(runs.at(-1), { code: '3', method: 'totp' });
  });

  it('hashes a password whatever it looks like, with its spaces', async () => {
    const known = '2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b';
    const looksHashed = failing(required({ method: 'password' }));
    await askingWith(() => known)(looksHashed.run);
    assert.match(looksHashed.runs[1]?.code ?? '', /^[\da-f]{64}$/u);
    assert.notEqual(looksHashed.runs[1]?.code, known);
    const { runs, run } = failing(required({ method: 'password' }), wrong());
    await askingWith(({ attempt }) => (attempt === 1 ? ' secret' : 'secret'))(run);
    assert.notEqual(runs[1]?.code, known);
    assert.equal(runs[2]?.code, known);
  });

  it('gives a passkey its options, and sends the credential as JSON', async () => {
    const options = { challenge: 'abc' };
    const { runs, run } = failing(required({ method: 'passkey', options }));
    await askingWith(({ details }) => ({ id: 'credential', toJSON: () => ({ id: 'x', for: details['options'] }) }))(
      run,
    );
    assert.deepEqual(runs[1], { code: '{"id":"x","for":{"challenge":"abc"}}', method: 'passkey' });
  });

  it('lets every other error through, also those of the one who is asked', async () => {
    const others = [
      realtimeError({ error: 'totp-max-attempts', details: { method: 'email' } }),
      realtimeError({ error: 403, reason: 'Incorrect password' }),
      new Error('totp-required'),
    ];
    for (const cause of others) {
      const asking = askingWith(() => assert.fail('it was asked'));
      await assert.rejects(asking(failing(cause).run), (given) => given === cause);
    }
    const closed = new Error('the window was closed');
    const asking = askingWith(() => {
      throw closed;
    });
    await assert.rejects(asking(failing(required({ method: 'totp' })).run), (given) => given === closed);
  });

  it('ends with the challenge where nobody answers', async () => {
    const cause = required({ method: 'totp' });
    for (const ask of [undefined, () => undefined, () => '', async () => await Promise.resolve(undefined)]) {
      await assert.rejects(askingWith(ask)(failing(cause).run), (given) => given === cause);
    }
  });
});

describe('errors of the client', () => {
  it('tell seconds to wait, from both doors', () => {
    assert.equal(restError(429, { error: 'slow down' }, '42').retryAfter, 42);
    assert.equal(restError(429, { error: 'slow down' }, null).retryAfter, undefined);
    assert.equal(restError(503, undefined, 'Wed, 21 Oct 2026 07:28:00 GMT').retryAfter, undefined);
    const { retryAfter, code } = realtimeError({ error: 'too-many-requests', details: { timeToReset: 7421 } });
    assert.deepEqual([retryAfter, code], [8, 'too-many-requests']);
  });

  it('survive answers that are none', () => {
    for (const body of [undefined, null, 'text', [], { error: {} }]) {
      const { status, error, code } = restError(502, body, null);
      assert.deepEqual([status, error, code], [502, 'HTTP 502', 'HTTP 502']);
      assert.equal(realtimeError(body).error, 'refused');
    }
    assert.ok(restError(400, {}, null) instanceof ClientError);
  });
});
