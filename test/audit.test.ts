// What stands in the audit trail, and what whoever is refused can make of it.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { RefusalNotes } from '../src/core/audit/refusal-notes.ts';
import type { AuditEntry } from '../src/core/audit-entry.ts';
import { sampleAudit } from '../src/core/samples.suite.ts';
import { auditKindsInGuide } from './audit-kinds.ts';
import { appOwner, bring, logInWith, outcomeOf } from './factor-owner.ts';
import { caller, openWorld, password, type World } from './world.ts';

async function inWorld(act: (world: World) => Promise<void>, env: Record<string, string> = {}): Promise<void> {
  const world = await openWorld({ env });
  try {
    await act(world);
  } finally {
    await world.close();
  }
}

const short = ({ what, outcome, accountId, facts }: AuditEntry) => ({ what, outcome, accountId, facts });

describe('the audit trail', () => {
  it('tells which second factor held at a sign-in and at a call, and that a code was mailed', async () => {
    await inWorld(async (world) => {
      const ada = await appOwner(world, 'ada');
      const { id } = ada.account;
      assert.equal(await ada.logIn(bring(ada.code())), 'passed');
      const [logIn] = await world.store.audit.newest(1, id);
      assert.deepEqual([logIn?.what, logIn?.outcome, logIn?.facts['factor']], ['log-in', 'done', 'totp']);
      world.clock.move(60_000);
      assert.equal(await ada.pass(bring(ada.code())), 'passed');
      assert.equal(await ada.pass(bring(ada.backupCodes[0]), { remember: false, always: false }), 'passed');
      assert.equal(await ada.pass(bring('000000'), { remember: false, always: false }), 'factor-wrong');
      const token = ada.signed.token.id;
      assert.deepEqual((await world.store.audit.newest(3, id)).map(short).toReversed(), [
        { what: 'second-factor', outcome: 'done', accountId: id, facts: { factor: 'totp', token } },
        { what: 'second-factor', outcome: 'done', accountId: id, facts: { factor: 'backup', token } },
        { what: 'second-factor', outcome: 'refused', accountId: id, facts: { code: 'factor-wrong', id } },
      ]);
      const bob = await world.add('bob');
      const opened = await world.signIn('bob');
      const signed = await world.app.session.authenticate(bob.id, opened.text);
      await world.app.factor.turnEmailOn(signed, caller());
      const asking = caller({ address: '198.51.100.7' });
      assert.equal(await logInWith(world, 'bob', bring(undefined), asking), 'factor-required');
      const [sent] = await world.store.audit.newest(1, bob.id);
      assert.deepEqual(
        [sent?.what, sent?.address, sent?.actorId, sent?.facts],
        ['factor.send-code', '198.51.100.7', undefined, { factor: 'email' }],
      );
    });
  });

  it('tells a call whose client is trusted, or is asked for nothing, of no second factor', async () => {
    await inWorld(async (world) => {
      const ada = await appOwner(world, 'ada');
      assert.equal(await ada.pass(bring(ada.code())), 'passed');
      const before_ = await world.store.audit.newest(100);
      assert.equal(await ada.pass(bring(undefined)), 'passed');
      assert.deepEqual(await world.store.audit.newest(100), before_);
    });
  });

  it('tells of the right password without its second factor: somebody else may know it', async () => {
    await inWorld(async (world) => {
      const ada = await appOwner(world, 'ada');
      const thief = caller({ address: '198.51.100.66', userAgent: 'thief' });
      assert.equal(await logInWith(world, 'ada', bring(undefined), thief), 'factor-required');
      world.clock.move(1_000);
      await world.app.audit.flushRefusals();
      const [entry] = await world.store.audit.newest(1, ada.account.id);
      assert.deepEqual(entry, {
        at: world.clock.now() - 1_000,
        what: 'log-in',
        outcome: 'refused',
        accountId: ada.account.id,
        actorId: undefined,
        door: 'rest',
        address: '198.51.100.66',
        userAgent: 'thief',
        facts: { code: 'factor-required', username: 'ada', times: 1 },
      });
      const [own] = await world.app.audit.signIns(ada.account.id, 1);
      assert.deepEqual([own?.held, own?.code, own?.address], [false, 'factor-required', '198.51.100.66']);
    });
  });

  it('tells what was refused unseen once with its number: a block, tokens that have ended', async () => {
    await inWorld(async (world) => {
      await world.add('ada');
      const wrong = async (): Promise<string> =>
        await outcomeOf(world.app.session.logIn({ by: 'username', value: 'ada' }, { plain: 'wrong' }, caller()));
      for (let n = 0; n < 10; n += 1) assert.equal(await wrong(), 'wrong-credentials');
      for (let n = 0; n < 30; n += 1) assert.equal(await wrong(), 'account-blocked');
      for (let n = 0; n < 5; n += 1) {
        assert.equal(
          await outcomeOf(world.app.session.resume(`unknown ${n}`, caller({ address: '192.0.2.9' }))),
          'token-unknown',
        );
      }
      const counted = await world.store.audit.newest(100);
      await world.app.audit.flushRefusals();
      await world.app.audit.flushRefusals();
      const all = await world.store.audit.newest(100);
      assert.equal(all.length, counted.length + 2);
      assert.deepEqual(
        all
          .slice(0, 2)
          .map(({ what, address, facts }) => ({ what, address, facts }))
          .toReversed(),
        [
          { what: 'log-in', address: '203.0.113.9', facts: { code: 'account-blocked', username: 'ada', times: 30 } },
          { what: 'log-in', address: '192.0.2.9', facts: { code: 'token-unknown', times: 5 } },
        ],
      );
    });
  });
});

describe('notes of refusals', () => {
  const clock = { now: () => 7 };
  const refusal = (n: number, address = '203.0.113.9'): AuditEntry =>
    sampleAudit(undefined, { outcome: 'refused', address, facts: { n } });

  it('are bounded, however different the refused are', async () => {
    const written: AuditEntry[] = [];
    const notes = new RefusalNotes({ clock, audit: { append: async (entries) => void written.push(...entries) } });
    for (let n = 0; n < 5_000; n += 1) notes.note(refusal(n, `address ${n}`));
    await notes.flush();
    assert.equal(written.length, 101);
    const rest = written.at(-1);
    assert.deepEqual([rest?.at, rest?.what, rest?.facts], [7, 'attempt.refused', { times: 4_900 }]);
  });

  it('tell what an address does beyond measure in one entry, and what others do beside it', async () => {
    const written: AuditEntry[] = [];
    const notes = new RefusalNotes({ clock, audit: { append: async (entries) => void written.push(...entries) } });
    for (let n = 0; n < 5_000; n += 1) notes.note(refusal(n));
    notes.note(refusal(1, '192.0.2.1'));
    await notes.flush();
    assert.equal(written.length, 12);
    assert.deepEqual(
      written.slice(-2).map(({ what, address, facts }) => [what, address, facts]),
      [
        ['attempt.refused', '203.0.113.9', { times: 4_990 }],
        [written[0]?.what, '192.0.2.1', { n: 1, times: 1 }],
      ],
    );
    for (let n = 0; n < 11; n += 1) notes.note(refusal(n));
    await notes.flush();
    assert.equal(written.length, 12 + 11);
  });

  it('are kept when they could not be written, and written once', async () => {
    const written: AuditEntry[] = [];
    let broken = true;
    const append = async (entries: readonly AuditEntry[]): Promise<void> => {
      await Promise.resolve();
      if (broken) throw new Error('the database is away');
      written.push(...entries);
    };
    const notes = new RefusalNotes({ clock, audit: { append } });
    notes.note(refusal(1));
    notes.note(refusal(1));
    const failing = notes.flush();
    notes.note(refusal(1));
    notes.note(refusal(2));
    await assert.rejects(failing, /the database is away/u);
    broken = false;
    await notes.flush();
    await notes.flush();
    assert.deepEqual(
      written.map(({ facts }) => facts).toSorted((one, other) => Number(one['n']) - Number(other['n'])),
      [
        { n: 1, times: 3 },
        { n: 2, times: 1 },
      ],
    );
  });
});

describe('over the life of an account', () => {
  let world: World;
  const secrets = new Set<string>([password]);
  before(async () => {
    world = await openWorld({ env: { OVERWRITE_SETTING_SMTP_Password: 'the secret of the mail server' } });
    secrets.add('the secret of the mail server');
    const ada = await appOwner(world, 'ada');
    for (const code of ada.backupCodes) secrets.add(code);
    secrets.add(ada.text);
    await world.add('root', { roles: ['admin'] });
    const root = await world.signIn('root');
    secrets.add(root.text);
    const admin = await world.app.session.authenticate(root.account.id, root.text);
    world.clock.move(60_000);
    await ada.logIn(bring(ada.code()));
    secrets.add(await world.app.personalToken.make(ada.signed, { name: 'one', skipsSecondFactor: false }, caller()));
    secrets.add(await world.app.personalToken.renew(ada.signed, 'one', caller()));
    await world.app.personalToken.remove(ada.signed, 'one', caller());
    const { code } = await world.app.host.makeLoginCode(ada.account, 5, caller({ door: 'cli', address: '' }));
    secrets.add(code);
    secrets.add((await world.app.session.redeemCode(code, caller())).text);
    world.clock.move(60_000);
    for (const fresh of await world.app.factor.renewBackupCodes(ada.signed, ada.code(), caller())) secrets.add(fresh);
    secrets.add((await world.app.session.renew(ada.signed, caller())).text);
    await world.app.session.endOthers(ada.signed, caller());
    await world.app.account.setOpen(admin, ada.account, false, caller());
    await world.app.account.setOpen(admin, ada.account, true, caller());
    secrets.add('Another long one, of 2026!');
    await world.app.host.setPassword(ada.account.id, { plain: 'Another long one, of 2026!' }, caller({ door: 'cli' }));
    await world.app.setting.change(admin, [{ id: 'SMTP_Password', value: 'a fresh secret' }], caller());
    secrets.add('a fresh secret');
    await world.app.host.resetFactors(ada.account, caller({ door: 'cli' }));
    await world.app.account.remove(admin, ada.account, caller());
    await world.app.audit.flushRefusals();
  });
  after(async () => {
    await world.close();
  });

  it('every act is told, in kinds that the guide lists', async () => {
    const kinds = new Set((await world.store.audit.newest(1_000)).map(({ what }) => what));
    const listed = [...auditKindsInGuide()];
    for (const kind of kinds) {
      assert.ok(
        listed.some((one) => one === kind || (one.startsWith('*') && kind.endsWith(one.slice(1)))),
        kind,
      );
    }
    for (const kind of [
      'account.add',
      'account.close',
      'account.open',
      'account.remove',
      'factor.add',
      'factor.begin',
      'factor.codes',
      'factor.reset',
      'log-in',
      'login-code.make',
      'password.change',
      'personal-token.make',
      'personal-token.remove',
      'personal-token.renew',
      'session.end-others',
      'setting.change',
      'token.renew',
    ]) {
      assert.ok(kinds.has(kind), kind);
    }
  });

  it('no entry holds a secret', async () => {
    const texts = (await world.store.audit.newest(1_000)).map((entry) => JSON.stringify(entry));
    assert.ok(secrets.size > 30);
    for (const secret of secrets) {
      assert.equal(
        texts.find((text) => text.includes(secret)),
        undefined,
        secret,
      );
    }
  });

  it('acts of the host are told without an address, and acts of an administrator with theirs', async () => {
    const entries = await world.store.audit.newest(1_000);
    const made = entries.find(({ what }) => what === 'login-code.make');
    assert.deepEqual([made?.door, made?.address, made?.actorId], ['cli', '', undefined]);
    const closed = entries.find(({ what }) => what === 'account.close');
    const root = await world.app.account.find({ by: 'username', value: 'root' });
    assert.deepEqual([closed?.door, closed?.address, closed?.actorId], ['rest', '203.0.113.9', root?.id]);
    assert.notEqual(closed?.accountId, root?.id);
  });
});
