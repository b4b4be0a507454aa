import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { sealerOf } from '../../lib/seal.ts';
import { systemRandom } from '../../lib/system-random.ts';
import { eight, freshId, noon, sampleAccount, sampleAudit } from '../samples.suite.ts';
import type { OpenedStore } from '../store.ts';
import { beginTrail } from './begin-trail.ts';
import { headText } from './chain.ts';
import { pruneTrail } from './prune-trail.ts';
import { headOfTrail, sealTrail } from './seal-trail.ts';
import type { SealedRow } from './store.ts';
import { type Breach, verifyTrail } from './verify-trail.ts';
import { headWatch } from './watch-head.ts';

/** Two nodes over one empty database, and somebody who changes it behind their backs. */
export interface ChainGround {
  readonly store: OpenedStore;
  readonly other: OpenedStore;
  readonly sql: (text: string) => Promise<void>;
  /** Opens the same database once more. */
  readonly again: () => Promise<OpenedStore>;
  readonly close: () => Promise<void>;
}

const sealer = sealerOf(Buffer.alloc(32, 1));
const dayMs = 86_400_000;

async function begin({ audit }: OpenedStore): Promise<void> {
  await beginTrail({ audit, sealer, random: systemRandom });
}

/** Writes entries one after the other, with facts that tell them apart. */
async function fill(store: OpenedStore, count: number, at = noon): Promise<void> {
  const entries = Array.from({ length: count }, (_, n) => sampleAudit(`account-${n}`, { at: at + n, facts: { n } }));
  await store.audit.append(entries);
}

async function allSealed(store: OpenedStore): Promise<readonly SealedRow[]> {
  return await store.audit.sealed({ position: 0, seq: 0 }, 100_000);
}

/** What every backend's chain of entries must do. */
export function auditChainSuite(backend: string, open: () => Promise<ChainGround>): void {
  describe(`the chain of the audit trail on ${backend}`, () => {
    let ground: ChainGround;
    const clock = { now: () => noon };
    const needsOf = (store: OpenedStore) => ({ audit: store.audit, sealer, clock });
    const seal = async (store: OpenedStore): Promise<number> => await sealTrail(needsOf(store));
    const verify = async (kept?: { position: number; seal: string }) => await verifyTrail(needsOf(ground.store), kept);
    const mustHold = async (entries: number): Promise<void> => {
      const verified = await verify();
      assert.ok(verified.held, JSON.stringify(verified));
      assert.deepEqual([verified.entries, verified.unsealed], [entries, 0]);
    };
    before(async () => {
      ground = await open();
      await Promise.all([begin(ground.store), begin(ground.other)]);
    });
    after(async () => {
      await ground.close();
    });

    it('is empty at first, and holds', async () => {
      assert.equal(await headOfTrail(needsOf(ground.store)), undefined);
      assert.deepEqual(await verify(), {
        held: true,
        entries: 0,
        first: 1,
        head: undefined,
        unsealed: 0,
        compared: true,
      });
    });

    it('gives every entry one place, while two nodes write and seal at once', async () => {
      const { store, other } = ground;
      for (let round = 0; round < 10; round += 1) {
        await eight(async (index) => {
          const own = index % 2 === 0 ? store : other;
          await own.audit.append([sampleAudit(freshId()), sampleAudit(freshId())]);
          await seal(own);
          await own.audit.append([sampleAudit(freshId())]);
        });
      }
      await Promise.all([seal(store), seal(other)]);
      const rows = await allSealed(store);
      assert.deepEqual(
        rows.map(({ position }) => position),
        Array.from({ length: 240 }, (_, n) => n + 1),
      );
      assert.equal(new Set(rows.map(({ row }) => row.seq)).size, 240);
      await mustHold(240);
    });

    it('is sealed in many small steps, and read in bounded ones', async () => {
      await fill(ground.store, 2_600);
      assert.equal(await seal(ground.other), 2_600);
      await mustHold(2_840);
    });

    it('stays as it was when sealing is cut short, and goes on afterwards', async () => {
      await fill(ground.store, 5);
      const cut = async (): Promise<number> =>
        await ground.store.audit.seal(() => {
          throw new Error('the power is gone');
        }, 10);
      await assert.rejects(cut, /the power is gone/u);
      assert.equal((await allSealed(ground.store)).length, 2_840);
      assert.equal(await seal(ground.store), 5);
      await mustHold(2_845);
    });

    it('takes in entries that were committed late, with a lower number than sealed ones', async () => {
      await ground.store.audit.append([sampleAudit('late'), sampleAudit('early')]);
      const hide = `update audit set seq = 999999 where account_id = 'late'`;
      await ground.sql(hide);
      await seal(ground.store);
      await ground.sql(
        `insert into audit (seq, at, what, outcome, account_id, actor_id, door, address, user_agent, json_facts)
         values (500000, ${noon}, 'x', 'done', null, null, 'cli', '', '', '{}')`,
      );
      assert.equal(await seal(ground.other), 1);
      await mustHold(2_848);
    });

    it('tells of entries that nobody sealed', async () => {
      await fill(ground.store, 1, noon - 60_000);
      const idle = { ...ground.store.audit, seal: async () => await Promise.resolve(0) };
      const verified = await verifyTrail({ audit: idle, sealer, clock });
      assert.ok(verified.held);
      assert.equal(verified.unsealed, 1);
      await mustHold(2_849);
    });
  });

  describe(`a chain that somebody tampers with on ${backend}`, () => {
    let ground: ChainGround;
    const count = 30;
    const clock = { now: () => noon };
    before(async () => {
      ground = await open();
      await begin(ground.store);
      await fill(ground.store, count);
      await sealTrail({ audit: ground.store.audit, sealer });
      await ground.sql('create table audit_copy as select * from audit');
      await ground.sql('create table meta_copy as select * from meta');
    });
    after(async () => {
      await ground.close();
    });
    const restore = async (): Promise<void> => {
      await ground.sql('delete from audit');
      await ground.sql('delete from meta');
      await ground.sql('insert into audit select * from audit_copy');
      await ground.sql('insert into meta select * from meta_copy');
    };
    const examine = async () => await verifyTrail({ audit: ground.store.audit, sealer, clock });
    const noIndex = 'drop index audit_position';
    const index = 'create unique index audit_position on audit (position) where position is not null';
    const copyOf = (position: number, as: string, sealed = 'seal') =>
      `insert into audit (seq, at, what, outcome, account_id, actor_id, door, address, user_agent, json_facts, position, seal)
       select seq + 100000, at, what, outcome, account_id, actor_id, door, address, user_agent, json_facts, ${as}, ${sealed}
       from audit where position = ${position}`;
    const edits = [
      `at = at + 1`,
      `what = 'other'`,
      `outcome = 'refused'`,
      `account_id = 'somebody'`,
      `account_id = null`,
      `actor_id = null`,
      `door = 'cli'`,
      `address = '198.51.100.1'`,
      `user_agent = ''`,
      `json_facts = '{}'`,
      `json_facts = 'no json'`,
      `seq = seq + 100000`,
      `seal = 'AAAA'`,
      `seal = null`,
      // The text of both together is the same.
      `address = address || user_agent, user_agent = ''`,
    ];
    const cases: readonly (readonly [about: string, sql: readonly string[], breach: Breach])[] = [
      ...edits.map(
        (set) =>
          [`an entry is edited: ${set}`, [`update audit set ${set} where position = 12`], changedAt(12)] as const,
      ),
      [
        'an entry in the middle is deleted',
        ['delete from audit where position = 12'],
        { kind: 'missing', position: 12 },
      ],
      ['the first entry is deleted', ['delete from audit where position = 1'], { kind: 'missing', position: 1 }],
      ['the last entry is deleted', [`delete from audit where position = ${count}`], { kind: 'cut-off', position: 30 }],
      ['the end is deleted', ['delete from audit where position > 20'], { kind: 'cut-off', position: 21 }],
      ['all is deleted', ['delete from audit'], { kind: 'cut-off', position: 1 }],
      [
        'the gap of a deleted entry is closed',
        [
          'delete from audit where position = 12',
          noIndex,
          'update audit set position = position - 1 where position > 12',
          index,
        ],
        changedAt(12),
      ],
      [
        'two entries are exchanged',
        [
          noIndex,
          'update audit set position = -1 where position = 12',
          'update audit set position = 12 where position = 13',
          'update audit set position = 13 where position = -1',
          index,
        ],
        changedAt(12),
      ],
      [
        'what two entries tell is exchanged',
        [
          `update audit set json_facts = '{"n":12}' where position = 12`,
          `update audit set json_facts = '{"n":11}' where position = 13`,
        ],
        changedAt(12),
      ],
      ['an entry is put at the end', [copyOf(12, '31')], { kind: 'behind-head', position: 31 }],
      ['an entry is put before the start', [copyOf(12, '0')], { kind: 'before-start', position: 0 }],
      ['an entry is there twice', [noIndex, copyOf(12, '12')], { kind: 'twice', position: 12 }],
      ['the last entry is there twice', [noIndex, copyOf(30, '30')], { kind: 'twice', position: 30 }],
      [
        'an entry is put in and the others moved on',
        [noIndex, 'update audit set position = position + 1 where position > 11', copyOf(11, '12'), index],
        { kind: 'behind-head', position: 31 },
      ],
      [
        'an entry is taken out to be sealed anew',
        [`update audit set position = null, seal = null, what = 'other' where position = 12`],
        { kind: 'missing', position: 12 },
      ],
      [
        'the end is deleted and the head set back to the seal of the new last entry',
        [
          'delete from audit where position > 20',
          `update meta set value = '20:' || (select seal from audit where position = 20) || ':' ||
             (select seal from audit where position = 19) where name = 'audit-head'`,
        ],
        { kind: 'head-forged' },
      ],
      [
        'the end is deleted and no head is left',
        ['delete from audit where position > 20', `delete from meta where name = 'audit-head'`],
        { kind: 'head-forged' },
      ],
      [
        'all is deleted and no head is left',
        ['delete from audit', `delete from meta where name = 'audit-head'`],
        { kind: 'head-forged' },
      ],
      [
        'all is deleted and both ends are emptied',
        ['delete from audit', `update meta set value = '' where name in ('audit-head', 'audit-anchor')`],
        { kind: 'head-forged' },
      ],
      [
        'all is deleted and the mark of the start is used for the head',
        [
          `update meta set value = (select value from meta where name = 'audit-anchor') where name = 'audit-head'`,
          'delete from audit',
        ],
        { kind: 'head-forged' },
      ],
      ['no anchor is left', [`delete from meta where name = 'audit-anchor'`], changedAt(1)],
      [
        'the start is deleted and an anchor written',
        [
          `update meta set value = '5:' || (select seal from audit where position = 5) || ':' ||
             (select seal from audit where position = 4) where name = 'audit-anchor'`,
          'delete from audit where position <= 5',
        ],
        { kind: 'anchor-forged' },
      ],
      [
        'the mark of the head is used for the anchor',
        [
          `update meta set value = (select value from meta where name = 'audit-head') where name = 'audit-anchor'`,
          'delete from audit',
        ],
        { kind: 'anchor-forged' },
      ],
    ];

    it('holds before', async () => {
      assert.equal((await examine()).held, true);
    });

    for (const [about, statements, breach] of cases) {
      it(`is found out when ${about}`, async () => {
        try {
          for (const text of statements) await ground.sql(text);
          assert.deepEqual(await examine(), { held: false, breach });
        } finally {
          await restore();
          if (statements.includes(noIndex) && !statements.includes(index)) await ground.sql(index);
        }
      });
    }

    it('is not begun again where accounts are, and what is written then is not sealed', async () => {
      const account = sampleAccount();
      await ground.store.accounts.add(account, sampleAudit(account.id));
      const { audit } = ground.other;
      for (const wipe of [
        [`delete from meta where name = 'audit-head'`],
        [`update meta set value = '' where name in ('audit-head', 'audit-anchor')`],
      ]) {
        for (const text of ['delete from audit', ...wipe]) await ground.sql(text);
        // As the next start does; both stores were opened when the accounts were not there.
        const opened = await ground.again();
        await begin(opened);
        await audit.append([sampleAudit('invented')]);
        await assert.rejects(async () => await sealTrail({ audit: opened.audit, sealer }), /head of the audit trail/u);
        assert.deepEqual(await examine(), { held: false, breach: { kind: 'head-forged' } });
        await opened.close();
        await restore();
      }
      await ground.sql('delete from accounts');
    });

    it('is found out by a server that runs', async () => {
      const { audit } = ground.store;
      const watch = headWatch({ audit, sealer });
      const look = async () => [await watch(), await watch(), await watch()];
      const quiet = [undefined, undefined, undefined];
      assert.deepEqual(await look(), quiet);
      await fill(ground.store, 5);
      await sealTrail({ audit, sealer });
      assert.deepEqual(await look(), quiet);
      // Its ends alone are set back, then all of it, then as many others stand behind it.
      await ground.sql('create table meta_now as select * from meta');
      await ground.sql('delete from meta');
      await ground.sql('insert into meta select * from meta_copy');
      assert.deepEqual(await look(), [undefined, { was: count + 5, is: count }, undefined]);
      await ground.sql('delete from meta');
      await ground.sql('insert into meta select * from meta_now');
      await ground.sql('drop table meta_now');
      assert.deepEqual(await look(), quiet);
      await restore();
      assert.deepEqual(await look(), [undefined, { was: count + 5, is: count }, undefined]);
      await fill(ground.store, 5);
      await sealTrail({ audit, sealer });
      assert.deepEqual(await look(), quiet);
      await restore();
      await fill(ground.store, 6, noon + 1);
      await sealTrail({ audit, sealer });
      assert.deepEqual(await look(), [undefined, { was: count + 5, is: count + 6 }, undefined]);
      await ground.sql(`delete from meta where name = 'audit-head'`);
      assert.deepEqual(await look(), [{ was: count + 6, is: undefined }, undefined, undefined]);
      await restore();
    });

    it('is found out with a head kept elsewhere when all of it, ends and all, is set back or replaced', async () => {
      const { audit } = ground.store;
      await fill(ground.store, 3);
      await sealTrail({ audit, sealer });
      const kept = await headOfTrail({ audit, sealer });
      assert.equal(kept?.position, count + 3);
      const compared = await verifyTrail({ audit, sealer, clock }, kept);
      assert.equal(compared.held && compared.compared, true, headText(kept));
      await restore();
      assert.equal((await examine()).held, true);
      const cut = { held: false, breach: { kind: 'cut-off', position: count + 1 } };
      assert.deepEqual(await verifyTrail({ audit, sealer, clock }, kept), cut);
      await audit.append(['x', 'y', 'z', 'other'].map((what) => sampleAudit(undefined, { what })));
      const replaced = { held: false, breach: { kind: 'other-trail', position: count + 3 } };
      assert.deepEqual(await verifyTrail({ audit, sealer, clock }, kept), replaced);
      await restore();
    });

    it('is found out when an entry of another history of the same database stands in it', async () => {
      const { audit } = ground.store;
      const history = async (names: readonly string[]): Promise<void> => {
        await audit.append(names.map((what) => sampleAudit(undefined, { what })));
        await sealTrail({ audit, sealer });
      };
      await history(['x', 'y', 'z']);
      await ground.sql(`create table other_history as select * from audit where position = ${count + 2}`);
      await restore();
      await history(['p', 'q', 'r']);
      assert.equal((await examine()).held, true);
      await ground.sql(`delete from audit where position = ${count + 2}`);
      await ground.sql(`insert into audit select * from other_history`);
      assert.deepEqual(await examine(), { held: false, breach: changedAt(count + 2) });
      await restore();
    });

    it('is not sealed with another key', async () => {
      const { audit } = ground.store;
      const other = sealerOf(Buffer.alloc(32, 2));
      await audit.append([sampleAudit('a')]);
      await assert.rejects(
        async () => await sealTrail({ audit, sealer: other }),
        /head of the audit trail was changed/u,
      );
      assert.deepEqual(await verifyTrail({ audit, sealer: other, clock }), {
        held: false,
        breach: { kind: 'head-forged' },
      });
      assert.equal((await examine()).held, true);
      await restore();
    });
  });

  describe(`pruning the audit trail on ${backend}`, () => {
    let ground: ChainGround;
    let now = noon;
    const clock = { now: () => now };
    const needs = () => ({ audit: ground.store.audit, sealer, clock, keepDays: () => 30 });
    const prune = async (): Promise<number> => {
      let steps = 0;
      while (await pruneTrail(needs())) steps += 1;
      return steps;
    };
    const examine = async () => await verifyTrail(needs());
    before(async () => {
      ground = await open();
      await begin(ground.store);
    });
    after(async () => {
      await ground.close();
    });

    it('keeps everything for as many days as it should', async () => {
      await fill(ground.store, 700, noon);
      await fill(ground.store, 50, noon + dayMs);
      await sealTrail(needs());
      assert.equal(await pruneTrail({ ...needs(), keepDays: () => 0 }), false);
      now = noon + 30 * dayMs;
      assert.equal(await prune(), 0);
      assert.equal((await allSealed(ground.store)).length, 750);
    });

    it('deletes the old ones from the start in small steps, says so, and the rest holds', async () => {
      now = noon + 31 * dayMs;
      const kept = await headOfTrail(needs());
      // Both nodes at once, and somebody who verifies meanwhile.
      const other = { ...needs(), audit: ground.other.audit };
      const [one, two, verified] = await Promise.all([pruneTrail(needs()), pruneTrail(other), examine()]);
      assert.deepEqual([one, two], [true, true]);
      assert.equal(verified.held, true, JSON.stringify(verified));
      assert.equal(await prune(), 0);
      const told = (await ground.store.audit.newest(2)).toReversed();
      assert.deepEqual(
        told.map(({ what, door, facts }) => ({ what, door, facts })),
        [
          { what: 'audit.prune', door: 'server', facts: { entries: 500, first: 1, last: 500, whole: true } },
          { what: 'audit.prune', door: 'server', facts: { entries: 200, first: 501, last: 700, whole: true } },
        ],
      );
      const after_ = await verifyTrail(needs(), kept);
      assert.ok(after_.held);
      assert.deepEqual([after_.first, after_.entries, after_.compared], [701, 52, true]);
      const gone = await verifyTrail(needs(), { position: 3, seal: `${'A'.repeat(43)}=` });
      assert.ok(gone.held);
      assert.equal(gone.compared, false);
    });

    it('says so when what is deleted had been changed', async () => {
      await ground.sql(`update audit set what = 'other' where position = 710`);
      now = noon + 32 * dayMs;
      assert.equal(await prune(), 1);
      const [told] = await ground.store.audit.newest(1);
      assert.deepEqual(told?.facts, { entries: 50, first: 701, last: 750, whole: false });
      assert.equal((await examine()).held, true);
    });

    it('does not disturb whoever verifies meanwhile', async () => {
      const own = await open();
      try {
        const { audit } = own.store;
        now = noon + 31 * dayMs;
        await begin(own.store);
        await fill(own.store, 400, noon);
        await fill(own.store, 10, noon + dayMs);
        await sealTrail({ audit, sealer });
        let reads = 0;
        const sealed: typeof audit.sealed = async (...asked) => {
          reads += 1;
          // After the start was looked at, and before the first entries are read.
          if (reads === 2) assert.equal(await pruneTrail({ ...needs(), audit }), true);
          return await audit.sealed(...asked);
        };
        const verified = await verifyTrail({ ...needs(), audit: { ...audit, sealed } });
        assert.ok(verified.held, JSON.stringify(verified));
        assert.deepEqual([verified.first, verified.entries], [401, 10]);
      } finally {
        await own.close();
      }
    });

    it('is verified to its last entry where a read ends with it', async () => {
      const own = await open();
      try {
        const { audit } = own.store;
        await begin(own.store);
        await fill(own.store, 1_000);
        await sealTrail({ audit, sealer });
        assert.equal((await verifyTrail({ ...needs(), audit })).held, true);
        await own.sql('drop index audit_position');
        await own.sql(
          `insert into audit (at, what, outcome, door, address, user_agent, json_facts, position, seal)
           select at, what, outcome, door, address, user_agent, json_facts, position, seal from audit where position = 1000`,
        );
        const twice = { held: false, breach: { kind: 'twice', position: 1_000 } };
        assert.deepEqual(await verifyTrail({ ...needs(), audit }), twice);
      } finally {
        await own.close();
      }
    });

    it('leaves a start that nobody can move', async () => {
      await ground.sql(
        `insert into audit (at, what, outcome, door, address, user_agent, json_facts, position, seal)
         values (0, 'x', 'done', 'cli', '', '', '{}', 700, 'x')`,
      );
      assert.deepEqual(await examine(), { held: false, breach: { kind: 'before-start', position: 700 } });
      await ground.sql('delete from audit where position = 700');
      await ground.sql('delete from audit where position = 751');
      assert.deepEqual(await examine(), { held: false, breach: { kind: 'missing', position: 751 } });
      await ground.sql(`update meta set value = '' where name = 'audit-anchor'`);
      assert.deepEqual(await examine(), { held: false, breach: { kind: 'missing', position: 1 } });
    });
  });
}

function changedAt(position: number): Breach {
  return { kind: 'changed', position };
}
