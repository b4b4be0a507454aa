// What the trail and the owner hear of acts of the command line, over a real store.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { caller, openWorld, type World } from '../../../../test/world.ts';
import { sealBody } from '../../../core/outbox.ts';
import { sealerOf } from '../../../lib/seal.ts';
import { call } from '../fake-needs.suite.ts';

describe('acts of the command line', () => {
  let world: World;
  before(async () => {
    world = await openWorld();
    await world.add('root', { roles: ['admin'] });
  });
  after(async () => world.close());

  const run = async (...words: readonly string[]) =>
    await call(words, { operator: 'jo', openApp: async () => ({ app: world.app, close: async () => {} }) });
  const trail = async (id: string) =>
    (await world.store.audit.newest(100, id))
      .toReversed()
      .filter(({ what }) => what !== 'account.add')
      .map(({ what, actorId, facts }) => ({ what, actorId, facts }));
  const mailsTo = (address: string): readonly string[] =>
    world.mails.filter(({ to }) => to.includes(address)).map(({ kind }) => kind);

  it('that open and close an account are told to its owner, and once to the trail', async () => {
    const { id } = await world.add('ann');
    for (const words of ['disable', 'disable', 'enable', 'enable']) {
      assert.equal((await run('user', words, 'ann')).code, 0);
    }
    const facts = { operator: 'jo' };
    assert.deepEqual(await trail(id), [
      { what: 'account.close', actorId: undefined, facts },
      { what: 'account.open', actorId: undefined, facts },
    ]);
    assert.deepEqual(mailsTo('ann@example.com'), ['account-closed', 'account-opened']);
  });

  it('that let somebody in who waits are told to them', async () => {
    await run('setting', 'set', 'Accounts_ManuallyApproveNewUsers', 'true');
    const asked = { username: 'wim', name: 'Wim', email: 'wim@example.com', reason: 'x', secret: '', customFields: {} };
    await world.app.registration.register({ ...asked, password: 'A good long passphrase 7!' }, caller());
    assert.equal((await run('user', 'enable', 'wim')).code, 0);
    assert.deepEqual(
      mailsTo('wim@example.com').filter((kind) => kind.startsWith('account-')),
      ['account-approved'],
    );
    await run('setting', 'reset', 'Accounts_ManuallyApproveNewUsers');
  });

  it('that make and end tokens name nobody as their maker, and the owner hears of a personal one', async () => {
    const { id } = await world.add('tom');
    assert.equal((await run('token', 'create', 'tom', '--personal', 'ci')).code, 0);
    assert.equal((await run('token', 'create', 'tom')).code, 0);
    const tokens = await world.app.host.tokens(id);
    for (const token of tokens) assert.equal((await run('token', 'revoke', 'tom', token.id)).code, 0);
    const told = await trail(id);
    assert.ok(told.every(({ actorId, facts }) => actorId === undefined && facts['operator'] === 'jo'));
    const personal = tokens.find(({ pool }) => pool === 'personal')?.id;
    const session = tokens.find(({ pool }) => pool !== 'personal');
    assert.deepEqual(
      told
        .filter(({ what }) => what.endsWith('.revoke') || what.startsWith('session.'))
        .map(({ what, facts }) => [what, facts['token'], facts['pool'], facts['name']])
        .toSorted(([one], [other]) => String(one).localeCompare(String(other))),
      [
        ['personal-token.revoke', personal, undefined, 'ci'],
        ['session.end', session?.id, session?.pool, undefined],
      ],
    );
    assert.ok(mailsTo('tom@example.com').includes('personal-token-revoked'));
  });

  it('that give another address tell which it was and is', async () => {
    const { id } = await world.add('eve');
    await run('user', 'update', 'eve', '--email', 'thief@example.net');
    await run('user', 'reset-password', 'eve');
    const told = await trail(id);
    assert.deepEqual(told[0]?.facts, {
      fields: 'emails',
      emailsBefore: 'eve@example.com',
      emails: 'thief@example.net (unverified)',
      operator: 'jo',
    });
    assert.deepEqual(
      told.slice(1).map(({ what, facts: { email } }) => [what, email]),
      [
        ['email-verification-link.make', 'thief@example.net'],
        ['password-reset-link.make', 'thief@example.net'],
      ],
    );
  });

  it('that send a test mail or show a mail are in the trail', async () => {
    assert.equal((await run('mail', 'test', 'box@example.org')).code, 0);
    const [tested] = await world.store.audit.newest(1);
    assert.deepEqual(
      [tested?.what, tested?.outcome, tested?.door, tested?.facts],
      ['mail.test', 'done', 'cli', { to: 'box@example.org', operator: 'jo' }],
    );
    const sealer = sealerOf(Buffer.alloc(32, 7));
    const at = world.clock.now();
    const sealedBody = sealBody(sealer, 'one', { text: 'a link', html: '' });
    const mail = { id: 'one', kind: 'password-reset', recipient: 'box@example.org', subject: 'x', sealedBody } as const;
    const rest = {
      state: 'waiting',
      madeAt: at,
      dueAt: at,
      tries: 0,
      lastError: undefined,
      sentAt: undefined,
    } as const;
    await world.store.outbox.add([{ ...mail, ...rest }]);
    assert.match((await run('mail', 'show', 'one')).out, /a link/u);
    const [shown] = await world.store.audit.newest(1);
    const facts = { mail: 'one', kind: 'password-reset', to: 'box@example.org', operator: 'jo' };
    assert.deepEqual([shown?.what, shown?.facts], ['mail.show', facts]);
    assert.match((await run('mail', 'retry', 'one')).err, /waits to be sent already/u);
    assert.equal((await world.store.audit.newest(1))[0]?.what, 'mail.show', 'only who sees the text is told of');
  });

  it('that verify a trail without entries find it emptied where accounts are', async () => {
    const app = { ...world.app, audit: { ...world.app.audit } };
    const empty = { held: true, entries: 0, first: 1, head: undefined, unsealed: 0, compared: true } as const;
    app.audit.verify = async () => await Promise.resolve(empty);
    const verify = await call(['audit', 'verify'], { openApp: async () => ({ app, close: async () => {} }) });
    assert.equal(verify.code, 1);
    assert.match(verify.out, /^The audit trail holds no entry, and there are \d+ accounts: it was emptied\.\n$/u);
  });

  it('that look at the installation look at the end of the trail', async () => {
    for (const [glance, level, text] of [
      [{ ended: false, any: true }, 'fail', /Its end is gone/u],
      [{ ended: true, any: false }, 'warn', /no entry, and there are \d+ accounts/u],
      [undefined, 'ok', /It has its end/u],
    ] as const) {
      const audit = { ...world.app.audit };
      if (glance !== undefined) audit.glance = async () => await Promise.resolve(glance);
      const app = { ...world.app, audit };
      const { out } = await call(['doctor', '--json'], { openApp: async () => ({ app, close: async () => {} }) });
      const { checks } = JSON.parse(out) as { checks: readonly { id: string; level: string; found: string }[] };
      const found = checks.find(({ id }) => id === 'audit');
      assert.equal(found?.level, level);
      assert.match(found.found, text);
    }
  });
});
