import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { OutboxMail } from '../outbox.ts';
import {
  freshId,
  noon,
  type OpenGround,
  openSample,
  sampleAccount,
  sampleAudit,
  sampleToken,
} from '../samples.suite.ts';
import type { OpenedStore } from '../store.ts';

const none = {
  accounts: { total: 0, closed: 0, waiting: 0 },
  sessions: 0,
  personalTokens: 0,
  mails: { waiting: 0, failed: 0, kept: 0, oldestWaitingAt: undefined },
};

function mail(state: OutboxMail['state'], madeAt: number): OutboxMail {
  const id = freshId();
  const about = { kind: 'delivery-test', recipient: 'ada@example.org', subject: 'A test', sealedBody: '' } as const;
  return { id, ...about, state, madeAt, dueAt: noon * 2, tries: 0, lastError: undefined, sentAt: undefined };
}

/** What every backend must count. */
export function figureStoreSuite(backend: string, open: OpenGround): void {
  describe(`the figures on ${backend}`, () => {
    let store: OpenedStore;
    let statements: () => readonly string[];
    before(async () => {
      ({ store, statements } = await open());
    });
    after(async () => {
      await store.close();
    });

    it('are none in an empty store', async () => {
      assert.deepEqual(await store.figures.count(noon), none);
    });

    it('count what lives, by what it is, in one statement', async () => {
      const [ada, bob] = [sampleAccount(), sampleAccount()];
      const closed = { open: false, closedBecause: undefined };
      const waits = { open: false, closedBecause: 'waits-for-approval' } as const;
      const others = [closed, { ...closed, closedBecause: 'idle' as const }, waits, waits].map(sampleAccount);
      for (const account of [ada, bob, ...others]) await store.accounts.add(account, sampleAudit(account.id));
      await openSample(store, ada.id);
      await openSample(store, ada.id, { pool: 'script', endsAt: undefined });
      await openSample(store, bob.id, { endsAt: noon + 1 });
      await openSample(store, bob.id, { endsAt: noon });
      const personal = (name: string, endsAt: number | undefined) =>
        store.tokens.addPersonal(
          { ...sampleToken(bob.id), pool: 'personal', name, endsAt },
          50,
          sampleAudit(bob.id),
          undefined,
        );
      for (const [name, endsAt] of [
        ['for ever', undefined],
        ['lives', noon + 1],
        ['ended', noon],
      ] as const) {
        assert.equal(await personal(name, endsAt), 'done');
      }
      await store.outbox.add([
        mail('waiting', noon + 3),
        mail('waiting', noon - 3),
        mail('failed', noon - 9),
        mail('sent', noon - 9),
        ...[1, 2, 3].map((at) => mail('kept', at)),
      ]);
      statements();
      assert.deepEqual(await store.figures.count(noon), {
        accounts: { total: 6, closed: 4, waiting: 2 },
        sessions: 3,
        personalTokens: 2,
        mails: { waiting: 2, failed: 1, kept: 3, oldestWaitingAt: noon - 3 },
      });
      assert.equal(statements().length, 1);
    });
  });
}
