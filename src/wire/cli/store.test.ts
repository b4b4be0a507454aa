// The commands over a real store, beside an app that goes on serving on it.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { caller, openWorld, password, type World } from '../../../test/world.ts';
import { call } from './fake-needs.suite.ts';

describe('the command line on a real store', () => {
  let world: World;
  before(async () => {
    world = await openWorld();
    await world.add('root', { roles: ['admin'] });
  });
  after(async () => world.close());

  async function run(words: string, stdin = ''): Promise<{ code: number; out: string; err: string }> {
    return await call(words.split(' '), { stdin, openApp: async () => ({ app: world.app, close: async () => {} }) });
  }
  async function lives(accountId: string, text: string): Promise<boolean> {
    const signed = await world.app.session.authenticate(accountId, text).catch(() => undefined);
    return signed !== undefined;
  }

  it('makes an account that signs in with the password it printed', async () => {
    const { code, out } = await run('user create ada --email ada@example.org --role user');
    assert.equal(code, 0);
    const { account } = await world.signIn('ada', out.trim());
    assert.deepEqual(account.emails, [{ address: 'ada@example.org', verified: false }]);
    assert.match((await run('user list')).out, /^ada +ada +ada@example\.org +user +enabled/mu);
    assert.match((await run('user create ADA')).err, /^countersign: The username is in use \(username: ADA\)\.\n$/u);
    assert.match((await run('user create eve --email ADA@example.org')).err, /The e-mail address is in use/u);
    assert.equal((await run('user show ADA@EXAMPLE.ORG')).code, 0, 'names are found in any case of letters');
  });

  it('makes tokens that are good, lists them, and ends one alone', async () => {
    const { id } = await world.add('tom');
    const session = (await run('token create tom')).out.trim();
    const personal = (await run('token create tom --personal nightly')).out.trim();
    assert(await lives(id, session));
    assert(await lives(id, personal));
    assert.match((await run('token create tom --personal nightly')).err, /A personal token of this name exists/u);
    const listed = JSON.parse((await run('token list tom --json')).out) as { tokens: { id: string; pool: string }[] };
    assert.deepEqual(listed.tokens.map(({ pool }) => pool).toSorted(), ['personal', 'script']);
    const script = listed.tokens.find(({ pool }) => pool === 'script');
    assert.equal((await run(`token revoke tom ${script?.id ?? ''}`)).code, 0);
    assert.equal(await lives(id, session), false);
    assert(await lives(id, personal));
    assert.equal((await run(`token revoke tom ${script?.id ?? ''}`)).code, 1, 'it ends once');
  });

  it('sets a password, ends the sessions, and leaves personal tokens until they are revoked', async () => {
    const { id } = await world.add('sue');
    const { text } = await world.signIn('sue');
    const personal = (await run('token create sue --personal ci --bypass-two-factor')).out.trim();
    const { code, out } = await run('user set-password sue --password-stdin', 'a better one\n');
    assert.equal(code, 0);
    assert.match(out, /1 session ended\. 1 personal token stayed alive/u);
    assert.equal(await lives(id, text), false);
    assert(await lives(id, personal));
    await assert.rejects(world.signIn('sue', password));
    await world.signIn('sue', 'a better one');
    assert.match((await run('token revoke sue --all')).out, /^2 tokens of sue ended/u);
    assert.equal(await lives(id, personal), false);
  });

  it('disables and enables, which ends every token, and keeps the last administrator', async () => {
    const { id } = await world.add('max');
    const personal = (await run('token create max --personal ci')).out.trim();
    assert.match((await run('user disable max')).out, /^max is disabled; 1 token ended/u);
    assert.equal(await lives(id, personal), false);
    await assert.rejects(world.signIn('max'));
    assert.match((await run('token create max')).err, /deactivated.*countersign user enable/u);
    assert.equal((await run('user enable max')).code, 0);
    await world.signIn('max');
    assert.match((await run('user disable root')).err, /last open administrator/u);
  });

  it('writes to the audit trail that the host did it', async () => {
    const { account } = await world.app.session.logIn({ by: 'username', value: 'root' }, { plain: password }, caller());
    await run('user set-password root --password-stdin', password);
    const [entry] = await world.app.host.audit(1, account.id);
    assert.deepEqual([entry?.what, entry?.door, entry?.actorId], ['password.change', 'cli', undefined]);
  });
});
