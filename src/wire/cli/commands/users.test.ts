// The commands that change accounts over a real store, beside an app that goes on serving on it.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openWorld, type World } from '../../../../test/world.ts';
import { call, account as fakeAccount, keptMail } from '../fake-needs.suite.ts';

describe('the commands for accounts', () => {
  let world: World;
  before(async () => {
    world = await openWorld();
    await world.add('root', { roles: ['admin'] });
    await world.add('ada');
    await world.add('bob');
  });
  after(async () => world.close());

  async function run(...words: readonly string[]): Promise<{ code: number; out: string; err: string }> {
    return await call(words, { openApp: async () => ({ app: world.app, close: async () => {} }) });
  }

  it('change what is named, tell the owner, and write it down', async () => {
    const words = ['--username', 'countess', '--name', 'Ada L.', '--email', 'c@example.com', '--verified'];
    const done = await run('user', 'update', 'ada', ...words);
    assert.deepEqual([done.code, done.out], [0, 'countess is changed.\n']);
    const account = await world.app.account.find({ by: 'username', value: 'countess' });
    assert.deepEqual([account?.name, account?.emails], ['Ada L.', [{ address: 'c@example.com', verified: true }]]);
    assert.deepEqual(
      world.mails.filter(({ kind }) => kind === 'email-changed').map(({ to, facts }) => [to, facts]),
      [[['ada@example.com'], { by: 'administrator' }]],
    );
    const [entry] = await world.app.host.audit(1, account?.id);
    assert.deepEqual([entry?.what, entry?.door, entry?.actorId], ['account.edit', 'cli', undefined]);
    assert.equal((await run('user', 'update', 'countess', '--unverified', '--require-password-change')).code, 0);
    const changed = await world.app.account.find({ by: 'username', value: 'countess' });
    assert.deepEqual([changed?.emails[0]?.verified, changed?.passwordChange !== undefined], [false, true]);
    const links = () => world.mails.filter(({ kind }) => kind === 'email-verification').flatMap(({ to }) => to);
    assert.deepEqual(links(), []);
    assert.equal((await run('user', 'update', 'countess', '--email', 'c2@example.com')).code, 0);
    assert.deepEqual(links(), ['c2@example.com']);
  });

  it('refuse what is taken, malformed or nothing', async () => {
    assert.match((await run('user', 'update', 'bob', '--username', 'ROOT')).err, /The username is in use/u);
    assert.match((await run('user', 'update', 'bob', '--email', 'nonsense')).err, /malformed/u);
    assert.match((await run('user', 'update', 'nobody', '--name', 'x')).err, /No account matches/u);
    assert.equal((await run('user', 'update', 'bob')).code, 2);
    assert.equal((await run('user', 'update', 'bob', '--verified', '--unverified')).code, 2);
  });

  it('mail a link that sets a password', async () => {
    const done = await run('user', 'reset-password', 'bob');
    assert.equal(done.out, 'A link that sets the password of bob is on its way to bob@example.com.\n');
    assert.ok(world.mails.some(({ kind, to }) => kind === 'password-reset' && to.includes('bob@example.com')));
    await world.add('silent', { email: undefined });
    assert.match((await run('user', 'reset-password', 'silent')).err, /no address/u);
    await world.add('closed', { open: false });
    assert.match((await run('user', 'reset-password', 'closed')).err, /deactivated/u);
  });

  it('say where a link is where no mail leaves, and how to see it', async () => {
    const ada = fakeAccount('ada');
    const mails = [
      keptMail('new', { recipient: 'ada@example.org' }),
      keptMail('old', { recipient: 'ada@example.org' }),
    ];
    const more = { world: { accounts: [ada], mails } };
    const { code, out, err } = await call(['user', 'reset-password', 'ada'], more);
    assert.equal(code, 0);
    assert.equal(out, 'A link that sets the password of ada is made, and stays in the outbox.\n');
    assert.match(err, /^There is no mail server .*countersign mail show new prints it/u);
    const { out: json } = await call(['user', 'reset-password', 'ada', '--json'], more);
    assert.equal((JSON.parse(json) as { keptMail: unknown }).keptMail, 'new');
    const waits = [keptMail('new', { recipient: 'ada@example.org', state: 'waiting' }), ...mails.slice(1)];
    const sent = await call(['user', 'reset-password', 'ada', '--json'], { world: { accounts: [ada], mails: waits } });
    assert.equal((JSON.parse(sent.out) as { keptMail: unknown }).keptMail, null);
  });

  it('take any password, and say what the policy has against it', async () => {
    const piped = async (stdin: string, ...words: readonly string[]) =>
      await call(words, { stdin, openApp: async () => ({ app: world.app, close: async () => {} }) });
    const short = await piped('tiny', 'user', 'create', 'tiny', '--password-stdin');
    assert.equal(short.code, 0);
    assert.match(
      short.err,
      /does not fit the policy: it is too short, .*it is a name of the account or of the site, it is a common one\.\n$/u,
    );
    const common = await piped('Password123!', 'user', 'set-password', 'tiny', '--password-stdin');
    assert.match(common.err, /does not fit the policy: /u);
    const good = await piped('A long and quiet sentence, number 7', 'user', 'set-password', 'tiny', '--password-stdin');
    assert.deepEqual([good.code, good.err], [0, '']);
  });

  it('name the username where it is that which does not fit', async () => {
    for (const username of ['x'.repeat(300), '../x']) {
      assert.match((await run('user', 'create', username)).err, /The username does not fit the rules/u);
    }
    assert.match((await run('user', 'create', 'fine', '--name', '<b>')).err, /The name /u);
  });

  it('delete, once it is meant, and never the last administrator', async () => {
    assert.equal((await run('user', 'delete', 'bob')).code, 2);
    assert.equal((await run('user', 'delete', 'bob', '--yes')).out, 'bob is deleted.\n');
    assert.equal(await world.app.account.find({ by: 'username', value: 'bob' }), undefined);
    assert.match((await run('user', 'delete', 'root', '--yes')).err, /last open administrator/u);
  });
});
