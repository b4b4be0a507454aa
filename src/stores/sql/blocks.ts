import { sql } from 'kysely';
import type { Moment } from '../../core/ports.ts';
import type { Limits } from '../../core/session/attempt.ts';
import type { Block, BlockStore, BlockSubject, ClearSubject } from '../../core/session/block-store.ts';
import { isWhollyOn } from '../../core/session/device.ts';
import type { Limit } from '../../core/session/rules.ts';
import type { SqlBackend } from './backend.ts';
import { chunksOf } from './chunks.ts';
import { accountKey, addressKeyOf, deviceKeyOf, nameKeyOf, passKeysOf, subjectOf } from './failure-keys.ts';
import type { Steps } from './steps.ts';

/** So many are looked at; more are blocked only during an attack that no list helps against. */
const mostBlocks = 10_000;
/** Where a block has no end it comes first. */
const endless = Number.MAX_SAFE_INTEGER;
/** What a power cut undoes here is done again by the next sweep. */
const losable = { mayBeLost: true };
/** Clocks of nodes differ by a little. */
const skewMs = 60_000;

/** The keys of one kind lie side by side in the index. */
const kinds = { account: ['a:', 'a;'], address: ['i:', 'i;'], name: ['n:', 'n;'] } as const;

interface Found {
  /** Undefined where the block has no end. */
  readonly key: string | undefined;
  readonly subject: BlockSubject;
  readonly limit: Limit | undefined;
  readonly failures: number;
  readonly since: Moment | undefined;
}

export function blockStore({ read, write, dialect }: SqlBackend, { lockAccount, record }: Steps): BlockStore {
  /** One walk along the index, which is in the order of the keys. */
  async function found(kind: keyof typeof kinds, limit: Limit, now: Moment): Promise<readonly Found[]> {
    if (!limit.on || limit.failures <= 0) return [];
    const [from, to] = kinds[kind];
    const rows = await read
      .selectFrom('failures')
      .select('key')
      .select(({ fn }) => [fn.countAll<number>().as('failures'), fn.max('at').as('since')])
      .where('key', '>=', from)
      .where('key', '<', to)
      .where('at', '>', now - limit.windowMs)
      .groupBy('key')
      .having(({ fn }) => fn.countAll(), '>=', limit.failures)
      .orderBy('since', 'desc')
      .limit(mostBlocks)
      .execute();
    return rows.flatMap(({ key, failures, since }) => {
      const subject = subjectOf(key);
      return subject === undefined
        ? []
        : [{ key, subject, limit, failures: Number(failures), since: Math.min(Number(since), now) }];
    });
  }

  /** Accounts with too many wrong codes in a row: `second_factors_wrong` has those alone that have any. */
  async function spent({ on, failures }: Limits['codes']): Promise<readonly Found[]> {
    if (!on) return [];
    const rows = await read
      .selectFrom('second_factors')
      .select(['account_id', 'wrong_codes'])
      // In the words of the index, and as a number in the text: only so it is known to cover what is asked.
      .where('wrong_codes', '>', sql.lit<number>(0))
      .where('wrong_codes', '>=', failures)
      .orderBy('wrong_codes', 'desc')
      .orderBy('account_id')
      .limit(mostBlocks)
      .execute();
    return rows.map(({ account_id: accountId, wrong_codes: wrong }) => ({
      key: undefined,
      subject: { kind: 'codes', accountId },
      limit: undefined,
      failures: wrong,
      since: undefined,
    }));
  }

  /** When each block ends: with the failure that must lapse before the subject is below its limit again. */
  async function endsOf(blocks: readonly Found[], now: Moment): Promise<ReadonlyMap<string, Moment>> {
    const ends = new Map<string, Moment>();
    for (const chunk of chunksOf(blocks, 500)) {
      const limits = new Map(
        chunk.flatMap(({ key, limit }) => (key === undefined || limit === undefined ? [] : [[key, limit] as const])),
      );
      if (limits.size === 0) continue;
      const rows = await read
        .selectFrom('failures')
        .select(['key', 'at'])
        .select(sql<number>`row_number() over (partition by key order by at desc)`.as('place'))
        .where('key', 'in', [...limits.keys()])
        .where('at', '>', now - Math.max(...[...limits.values()].map(({ windowMs }) => windowMs)))
        .execute();
      for (const { key, at, place } of rows) {
        const limit = limits.get(key);
        if (limit === undefined || Number(place) !== limit.failures) continue;
        // A clock that was set back must not name a time beyond the window.
        ends.set(key, Math.min(Number(at), now) + limit.windowMs);
      }
    }
    return ends;
  }

  /** Without devices that never signed in: those are held to the account's count. */
  async function withoutStrangers(blocks: readonly Found[]): Promise<readonly Found[]> {
    const accountIds = [
      ...new Set(blocks.flatMap(({ subject }) => (subject.kind === 'device' ? [subject.accountId] : []))),
    ];
    const known = new Set<string>();
    for (const chunk of chunksOf(accountIds, 500)) {
      const rows = await read
        .selectFrom('devices')
        .select(['account_id', 'device_key'])
        .where('account_id', 'in', chunk)
        .execute();
      for (const { account_id: id, device_key: device } of rows) known.add(deviceKeyOf(accountKey(id), device));
    }
    return blocks.filter(
      ({ subject }) =>
        subject.kind !== 'device' || known.has(deviceKeyOf(accountKey(subject.accountId), subject.device)),
    );
  }

  async function told(blocks: readonly Found[], now: Moment): Promise<readonly Block[]> {
    const ends = await endsOf(blocks, now);
    const ids = [...new Set(blocks.flatMap(({ subject }) => ('accountId' in subject ? [subject.accountId] : [])))];
    const names = new Map<string, string | null>();
    for (const chunk of chunksOf(ids, 500)) {
      const rows = await read.selectFrom('accounts').select(['id', 'username']).where('id', 'in', chunk).execute();
      for (const { id, username } of rows) names.set(id, username);
    }
    return blocks.map(({ key, subject, failures, since }) => ({
      subject,
      username: 'accountId' in subject ? (names.get(subject.accountId) ?? undefined) : undefined,
      failures,
      since,
      until: key === undefined ? undefined : (ends.get(key) ?? now),
    }));
  }

  return {
    list: async ({ limits: { account, address, codes, exempt }, now, offset, count }) => {
      const all = [
        ...(await spent(codes)),
        ...(await withoutStrangers(await found('account', account, now))),
        ...(await found('address', address, now)).filter(
          ({ subject }) => subject.kind !== 'address' || !isWhollyOn(exempt, subject.address),
        ),
        ...(await found('name', account, now)),
      ]
        .toSorted((one, other) => (other.since ?? endless) - (one.since ?? endless))
        .slice(0, mostBlocks);
      return { blocks: await told(all.slice(offset, offset + count), now), total: all.length };
    },

    clear: async (subject, audit) =>
      await write(async (inside) => {
        const { db } = inside;
        let wrongCodes = 0;
        if (subject.kind === 'account') {
          await lockAccount(inside, subject.accountId);
          const had = await db
            .selectFrom('second_factors')
            .select('wrong_codes')
            .where('account_id', '=', subject.accountId)
            .executeTakeFirst();
          wrongCodes = had?.wrong_codes ?? 0;
          await db
            .updateTable('second_factors')
            .set({ wrong_codes: 0 })
            .where('account_id', '=', subject.accountId)
            .execute();
        }
        const key = keyOf(subject);
        const { numDeletedRows } = await db.deleteFrom('failures').where('key', '=', key).executeTakeFirst();
        if (subject.kind === 'account' || subject.kind === 'name') {
          // Those of every device, which are the same ones again: `|` comes right before `}`.
          await db.deleteFrom('failures').where('key', '>', `${key}|`).where('key', '<', `${key}}`).execute();
        }
        if (subject.kind === 'address') {
          const [from, to] = passKeysOf(subject.address);
          await db.deleteFrom('failures').where('key', '>', from).where('key', '<', to).execute();
        }
        await record(inside, audit);
        return { failures: Number(numDeletedRows), wrongCodes };
      }),

    bringBack: async (now, atMost) =>
      await write(async ({ db }) => {
        const { numUpdatedRows } = await db
          .updateTable('failures')
          .set({ at: now })
          .where('id', 'in', (eb) =>
            dialect.lockFree(
              eb
                .selectFrom('failures')
                .select('id')
                .where('at', '>', now + skewMs)
                .orderBy('at')
                .limit(atMost),
            ),
          )
          .executeTakeFirst();
        return Number(numUpdatedRows);
      }, losable),
  };
}

function keyOf(subject: ClearSubject): string {
  switch (subject.kind) {
    case 'account':
      return accountKey(subject.accountId);
    case 'device':
      return deviceKeyOf(accountKey(subject.accountId), subject.device);
    case 'address':
      return addressKeyOf(subject.address);
    case 'name':
      return nameKeyOf(subject.digest);
  }
}
