// The commands for settings over a real store, beside an app that goes on serving on it.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openWorld, type World } from '../../../../test/world.ts';
import { call } from '../fake-needs.suite.ts';

const mask = '••••••••';

describe('the commands for settings', () => {
  let world: World;
  const env = { OVERWRITE_SETTING_Site_Name: 'Given', SETTINGS_BLOCKED: 'Language', Login_Logs_Enabled: 'true' };
  before(async () => {
    world = await openWorld({ env });
  });
  after(async () => world.close());

  async function run(
    words: readonly string[],
    more: { readonly stdin?: string; readonly env?: Readonly<Record<string, string>> } = {},
  ): Promise<{ code: number; out: string; err: string }> {
    const openApp = async () => ({ app: world.app, close: async () => {} });
    return await call(['setting', ...words], { openApp, ...more });
  }

  it('list them with where each value comes from', async () => {
    const { out, err } = await run(['list']);
    assert.match(out, /^Site_Name +Given +environment$/mu);
    assert.match(out, /^Language +initial, blocked$/mu);
    assert.match(out, /^Accounts_SystemBlockedUsernameList +admin\S* +initial, hidden$/mu);
    assert.match(err, /^(\d+) settings of \1\.\n$/u);
    const changed = await run(['list', '--changed']);
    assert.deepEqual(
      changed.out.split('\n').map((line) => line.split(' ')[0]),
      ['SETTING', 'Login_Logs_Enabled', 'Site_Name', ''],
    );
    const some = JSON.parse((await run(['list', 'site_', '--json'])).out) as { settings: { id: string }[] };
    assert.deepEqual(some.settings.map(({ id }) => id).toSorted(), ['Site_Name', 'Site_Url']);
  });

  it('get, set and reset one of each kind', async () => {
    for (const [id, text, value] of [
      ['Login_Logs_ClientIp', 'true', true],
      ['Accounts_LoginExpiration', '30', 30],
      ['Accounts_Default_User_Preferences_themeAppearence', 'dark', 'dark'],
      ['Accounts_Default_User_Preferences_sidebarSectionsOrder', 'Unread, Teams', ['Unread', 'Teams']],
      ['Accounts_PasswordPlaceholder', 'true', 'true'],
    ] as const) {
      const before_ = (await run(['get', id])).out;
      assert.equal((await run(['set', id, text])).code, 0, id);
      assert.deepEqual(world.app.settings.get(id), value);
      assert.equal((await run(['get', id])).out, `${String(value)}\n`);
      assert.equal((await run(['reset', id])).code, 0);
      assert.equal((await run(['get', id])).out, before_);
    }
    const entry = (await world.app.host.audit(1))[0];
    assert.deepEqual([entry?.what, entry?.door, entry?.actorId], ['setting.change', 'cli', undefined]);
  });

  it('refuse what does not fit', async () => {
    for (const [id, text, wanted] of [
      ['Accounts_LoginExpiration', 'x', 'a whole number from 0 to 36500'],
      ['Accounts_LoginExpiration', '-1', 'a whole number from 0 to 36500'],
      ['Login_Logs_ClientIp', 'yes', 'true or false'],
      ['Accounts_Default_User_Preferences_themeAppearence', 'pink', 'one of auto, light, dark'],
      ['Site_Url', 'chat.example.org', 'a web address, for example https://chat.example.org'],
    ] as const) {
      const { code, err } = await run(['set', id, '--', text]);
      assert.equal(code, 1, id);
      assert.equal(err, `countersign: ${id} must be ${wanted}.\n`);
    }
    assert.match((await run(['get', 'site_name'])).err, /No such setting.*countersign setting list/u);
    assert.match((await run(['set', 'Language', 'de'])).err, /The environment fixes this setting/u);
    assert.match((await run(['reset', 'uniqueID'])).err, /The environment fixes this setting/u);
    assert.equal((await run(['set', 'Site_Name'])).code, 2);
    assert.equal((await run(['set', 'Site_Name', 'x', '--value-stdin'], { stdin: 'x' })).code, 2);
  });

  it('never show a secret, and take it from standard input alone', async () => {
    const refused = await run(['set', 'SMTP_Password', 'opensesame']);
    assert.deepEqual([refused.code, refused.out], [2, '']);
    assert.match(refused.err, /SMTP_Password is a secret: use --value-stdin/u);
    assert.equal((await run(['get', 'SMTP_Password'])).out, '\n');
    const set = await run(['set', 'SMTP_Password', '--value-stdin'], { stdin: 'opensesame\n' });
    assert.equal(set.out, 'SMTP_Password is set.\n');
    assert.equal(world.app.settings.get('SMTP_Password'), 'opensesame');
    for (const words of [['get', 'SMTP_Password'], ['get', 'SMTP_Password', '--json'], ['list']]) {
      const { out, err } = await run(words);
      assert.match(out, new RegExp(mask, 'u'));
      assert.doesNotMatch(out + err, /opensesame/u);
    }
    assert.equal((await run(['reset', 'SMTP_Password'])).out, 'SMTP_Password is empty.\n');
    assert.equal(world.app.settings.get('SMTP_Password'), '');
  });

  it('say what the environment does with the next start', async () => {
    const { err } = await run(['set', 'Site_Name', 'Ours'], { env });
    assert.match(err, /OVERWRITE_SETTING_Site_Name: the next start puts that value back/u);
    assert.match((await run(['set', 'Login_Logs_Enabled', 'false'])).err, /if it did so with OVERWRITE_SETTING_/u);
    assert.equal((await run(['set', 'Login_Logs_Enabled', 'true'])).err, '');
  });

  it('take several lines from standard input, and nothing that is no text', async () => {
    const stdin = '{"unit":\n{"type":"text"}}\n';
    assert.equal((await run(['set', 'Accounts_CustomFields', '--value-stdin'], { stdin })).code, 0);
    assert.equal(world.app.settings.get('Accounts_CustomFields'), stdin.trim());
    const openApp = async () => ({ app: world.app, close: async () => {} });
    const bytes = await call(['setting', 'set', 'Site_Name', '--value-stdin'], { openApp, stdin: Buffer.from([0xff]) });
    assert.match(bytes.err, /no UTF-8 text/u);
  });

  it('know the settings of a custom service, from when it is added to when it is removed', async () => {
    const service = async (...words: readonly string[]) => {
      const openApp = async () => ({ app: world.app, close: async () => {} });
      return await call(['service', ...words], { openApp });
    };
    assert.equal((await run(['get', 'Accounts_OAuth_Custom-Keycloak-url'])).code, 1);
    const added = await service('add', 'Key-Cloak');
    assert.equal(added.code, 0);
    assert.match(added.out, /^Accounts_OAuth_Custom-Keycloak\nAccounts_OAuth_Custom-Keycloak-url\n/u);
    assert.match(added.err, /http:\/\/localhost:3000\/_oauth\/keycloak by clients/u);
    const [url, secret] = ['Accounts_OAuth_Custom-Keycloak-url', 'Accounts_OAuth_Custom-Keycloak-secret'];
    assert.equal((await run(['set', url, 'https://idp.example.org'])).code, 0);
    assert.equal((await run(['get', url])).out, 'https://idp.example.org\n');
    assert.equal((await run(['set', secret, 'opensesame'])).code, 2);
    assert.equal((await run(['set', secret, '--value-stdin'], { stdin: 'opensesame\n' })).code, 0);
    assert.match((await run(['list', 'custom-'])).out, new RegExp(`^${secret} +${mask} +changed$`, 'mu'));
    assert.equal((await run(['reset', url])).code, 0);
    assert.equal((await run(['get', url])).out, '\n');
    assert.equal((await service('remove', 'keycloak')).code, 0);
    assert.equal((await service('remove', 'keycloak')).code, 1);
    assert.equal((await service('add', 'google')).code, 1);
    assert.doesNotMatch((await run(['list'])).out, /Custom-/u);
  });
});
