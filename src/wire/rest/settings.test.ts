import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { password } from '../../../test/world.ts';
import { sha256Hex } from '../../lib/digest.ts';
import { openRestWorld, type RestReply, type RestWorld } from './rest-world.suite.ts';

type Headers = Record<string, string>;
type Json = Readonly<Record<string, unknown>>;

const mask = '••••••••';
const missing = {
  success: false,
  error: 'User does not have the permissions required for this action [error-unauthorized]',
};

describe('settings over the JSON API', () => {
  let world: RestWorld;
  let admin: Headers;
  let alice: Headers;
  let clerk: Headers;

  before(async () => {
    world = await openRestWorld({
      env: {
        OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false',
        SETTINGS_BLOCKED: 'Language',
        SETTINGS_HIDDEN: 'Accounts_PasswordPlaceholder',
      },
    });
    admin = { ...(await world.asAdmin()), 'x-2fa-code': sha256Hex(password) };
    await world.add('alice');
    alice = { ...(await world.headersOf('alice')), 'x-2fa-code': sha256Hex(password) };
    const root = await world.signIn('root');
    const from = { door: 'rest', address: '', userAgent: '', requestId: '' } as const;
    const asked = { name: 'clerk', description: '', scope: 'Users', secondFactor: false } as const;
    const { id: role } = await world.app.role.create(root, asked, from);
    for (const permission of ['manage-selected-settings', 'change-setting-Site_Name']) {
      await world.app.permission.give(root, { permission, role }, from);
    }
    await world.add('clerk', { roles: ['user', role] });
    clerk = { ...(await world.headersOf('clerk')), 'x-2fa-code': sha256Hex(password) };
  });
  after(async () => world.close());

  const get = async (path: string, headers: Headers): Promise<RestReply> =>
    await world.call({ url: `/api/v1/${path}`, headers });
  const post = async (path: string, headers: Headers, body: unknown): Promise<RestReply> =>
    await world.call({ url: `/api/v1/${path}`, headers, body });
  /** Every setting that a list tells, page by page. */
  async function listed(path: string, headers: Headers): Promise<readonly Json[]> {
    const found: Json[] = [];
    for (let offset = 0; ; offset += 100) {
      const { settings, total } = (await get(`${path}count=100&offset=${offset}`, headers)).json;
      found.push(...(settings as readonly Json[]));
      if (found.length >= Number(total)) return found;
    }
  }

  it('are listed with what anybody may read, or all of them with the permission; hidden ones never', async () => {
    const all = await listed('settings?', admin);
    const some = await listed('settings?', alice);
    const open = await listed('settings.public?', {});
    assert.deepEqual(some, open);
    assert.ok(all.length > some.length);
    for (const list of [all, some]) {
      const ids = list.map(({ _id }) => _id);
      assert.equal(ids.includes('Accounts_PasswordPlaceholder'), false);
      assert.equal(ids.includes('Accounts_SystemBlockedUsernameList'), false);
      assert.equal(ids.includes('Site_Name'), true);
    }
    assert.equal((await get('settings', {})).status, 401);
    assert.equal(
      all.some((setting) => 'packageValue' in setting),
      false,
    );
    const withDefaults = await listed('settings?includeDefaults=true&', admin);
    assert.equal(
      withDefaults.every((setting) => 'packageValue' in setting),
      true,
    );
    assert.equal((await get('settings?includeDefaults=x', admin)).json['errorType'], 'error-invalid-params');
  });

  it('are described to whoever may see all, with what holds them, and never a secret', async () => {
    assert.equal((await post('settings/SMTP_Password', admin, { value: 'opensesame' })).status, 200);
    const reply = await get('settings.described', admin);
    assert.doesNotMatch(reply.text, /opensesame/u);
    const described = reply.json['settings'] as readonly Json[];
    const of = (id: string): Json => described.find(({ _id }) => _id === id) ?? assert.fail(`no ${id}`);
    assert.deepEqual(of('Accounts_LoginExpiration'), {
      _id: 'Accounts_LoginExpiration',
      value: 90,
      initial: 90,
      kind: 'integer',
      group: 'Accounts',
      section: 'Sessions',
      about: 'For how many days a session lives without a new sign-in; 0 means 90.',
      secret: false,
      fixed: false,
      overridden: false,
      least: 0,
      most: 36_500,
    });
    assert.deepEqual([of('SMTP_Password')['value'], of('SMTP_Password')['secret']], [mask, true]);
    assert.deepEqual([of('Language')['fixed'], of('Language')['overridden']], [true, false]);
    const limiter = of('API_Enable_Rate_Limiter');
    assert.deepEqual([limiter['fixed'], limiter['overridden'], limiter['value']], [false, true, false]);
    assert.deepEqual(of('SMTP_Protocol')['choices'], ['smtp', 'smtps']);
    assert.equal(of('Site_Url')['form'], 'url');
    assert.equal(
      described.some(({ _id }) => _id === 'Accounts_PasswordPlaceholder'),
      false,
    );
    assert.equal((await get('settings.described', alice)).status, 403);
    assert.equal((await post('settings/SMTP_Password', admin, { value: '' })).status, 200);
  });

  it('are told one by one to whoever may see all', async () => {
    const told = await get('settings/Site_Name', admin);
    assert.equal(told.text, '{"_id":"Site_Name","value":"Rocket.Chat","success":true}');
    for (const headers of [alice, clerk]) {
      const refused = await get('settings/Site_Name', headers);
      assert.deepEqual([refused.status, refused.json], [403, missing]);
    }
    for (const id of ['nothing', 'site_name', '__proto__', 'Accounts_PasswordPlaceholder']) {
      const refused = await get(`settings/${id}`, admin);
      assert.deepEqual([refused.status, refused.text], [400, '{"success":false}'], id);
    }
  });

  it('are changed by whoever may, and refuse in the words of the contract', async () => {
    const one = async (id: string, body: unknown, headers = admin) => await post(`settings/${id}`, headers, body);
    for (const headers of [alice, clerk]) {
      assert.deepEqual((await one('Site_Name', { value: 'x' }, headers)).json, missing);
    }
    for (const [id, body] of [
      ['nothing', { value: 1 }],
      ['Accounts_PasswordPlaceholder', { value: 'x' }],
      ['Site_Name', {}],
      ['Site_Name', { execute: true }],
      ['Site_Name', 'no body'],
    ] as const) {
      const refused = await one(id, body);
      assert.deepEqual([refused.status, refused.text], [400, '{"success":false}'], id);
    }
    for (const [id, value, error, errorType] of [
      [
        'Accounts_LoginExpiration',
        40_000,
        'Value for setting Accounts_LoginExpiration must be less than or equal to 36500 [error-invalid-setting-value]',
        'error-invalid-setting-value',
      ],
      [
        'Accounts_LoginExpiration',
        -1,
        'Value for setting Accounts_LoginExpiration must be greater than or equal to 0 [error-invalid-setting-value]',
        'error-invalid-setting-value',
      ],
      [
        'Site_Url',
        'chat.example.org',
        'Value for setting Site_Url is invalid [error-setting-validation-failed]',
        'error-setting-validation-failed',
      ],
      [
        'Site_Name',
        null,
        'Value for setting Site_Name is invalid [error-setting-validation-failed]',
        'error-setting-validation-failed',
      ],
      [
        'Language',
        'de',
        'This setting is fixed by the environment [error-action-not-allowed]',
        'error-action-not-allowed',
      ],
    ] as const) {
      const refused = await one(id, { value });
      assert.deepEqual([refused.status, refused.json], [400, { success: false, error, errorType }], id);
    }
    assert.equal((await one('Site_Name', { value: 'Ours', editor: 'color' })).text, '{"success":true}');
    assert.equal(world.app.settings.get('Site_Name'), 'Ours');
  });

  it('are changed several at a time, all or none', async () => {
    const several = async (settings: unknown, headers = admin) => await post('settings', headers, { settings });
    const name = (value: string) => ({ _id: 'Site_Name', value });
    const refused = await several([name('x'), { _id: 'Accounts_LoginExpiration', value: 1 }], clerk);
    assert.deepEqual(refused.json, {
      success: false,
      error: 'Editing settings is not allowed [error-action-not-allowed]',
      errorType: 'error-action-not-allowed',
      details: { method: 'saveSettings', settingIds: ['Accounts_LoginExpiration'] },
    });
    assert.equal((await several([name('By the clerk')], clerk)).text, '{"success":true}');
    assert.equal((await several([])).json['errorType'], 'invalid-params');
    const broken = await several([name('y'), { _id: 'Accounts_CustomFields', value: '{' }]);
    assert.equal(broken.json['errorType'], 'error-setting-validation-failed');
    assert.equal(world.app.settings.get('Site_Name'), 'By the clerk');
    const before_ = (await world.app.host.audit(1000)).length;
    assert.equal((await several([name('Both'), { _id: 'Login_Logs_Enabled', value: true }])).status, 200);
    assert.equal((await world.app.host.audit(1000)).length, before_ + 2);
  });

  it('take the text of a form for what the setting is', async () => {
    const form = { ...admin, 'content-type': 'application/x-www-form-urlencoded' };
    const sent = async (id: string, body: string): Promise<RestReply> =>
      await world.call({ url: `/api/v1/settings/${id}`, headers: form, body });
    for (const [id, text, value] of [
      ['Accounts_LoginExpiration', '91', 91],
      ['Login_Logs_ClientIp', 'true', true],
      ['Login_Logs_ClientIp', 'false', false],
      ['Site_Name', '90', '90'],
      ['SMTP_Protocol', 'smtps', 'smtps'],
    ] as const) {
      assert.deepEqual((await sent(id, `value=${text}`)).json, { success: true }, id);
      assert.equal(world.app.settings.get(id), value, id);
    }
    for (const [id, body] of [
      ['Accounts_LoginExpiration', 'value=many'],
      ['Accounts_LoginExpiration', 'value=1&value=2'],
      ['Login_Logs_ClientIp', 'value=1'],
    ] as const) {
      assert.equal((await sent(id, body)).json['errorType'], 'error-setting-validation-failed', body);
    }
    // JSON says itself what it means.
    const json = await post('settings/Accounts_LoginExpiration', admin, { value: '91' });
    assert.equal(json.json['errorType'], 'error-setting-validation-failed');
    for (const [_id, value] of [
      ['Accounts_LoginExpiration', 90],
      ['Site_Name', 'Rocket.Chat'],
      ['SMTP_Protocol', 'smtp'],
    ] as const) {
      assert.equal((await post(`settings/${_id}`, admin, { value })).status, 200);
    }
  });

  it('give those who sign up no role above that of whoever changes them', async () => {
    const root = await world.signIn('root');
    const from = { door: 'rest', address: '', userAgent: '', requestId: '' } as const;
    const id = 'Accounts_Registration_Users_Default_Roles';
    const role = world.app.permissions.roles().find(({ name }) => name === 'clerk')?.id ?? '';
    await world.app.permission.give(root, { permission: `change-setting-${id}`, role }, from);
    const change = async (value: string, headers: Headers) =>
      await post('settings', headers, { settings: [{ _id: id, value }] });
    for (const value of ['admin', 'user, admin', 'user,bot']) {
      const refused = await change(value, clerk);
      assert.deepEqual(
        [refused.status, refused.json['error']],
        [400, 'Acting for a higher role is not allowed [error-action-not-allowed]'],
      );
    }
    assert.equal((await change('user,guest', clerk)).status, 200);
    for (const value of ['', ' , ', 'user,no-such-role']) {
      const unfit = await change(value, admin);
      assert.deepEqual([unfit.status, unfit.json['errorType']], [400, 'error-setting-validation-failed']);
    }
    assert.equal((await change('user', admin)).status, 200);
    // Beside what everybody gets, nothing need be given.
    const more = 'Accounts_Registration_AuthenticationServices_Default_Roles';
    const changeMore = async (value: string) => await post(`settings/${more}`, admin, { value });
    assert.equal((await changeMore('no-such-role')).status, 400);
    assert.equal((await changeMore('')).status, 200);
    assert.equal((await changeMore('user')).status, 200);
  });

  it('are kept for administrators where they decide who somebody is, and described so to others', async () => {
    const root = await world.signIn('root');
    const from = { door: 'rest', address: '', userAgent: '', requestId: '' } as const;
    const asked = { name: 'every setting', description: '', scope: 'Users', secondFactor: false } as const;
    const { id: role } = await world.app.role.create(root, asked, from);
    for (const permission of ['edit-privileged-setting', 'view-privileged-setting'] as const) {
      await world.app.permission.give(root, { permission, role }, from);
    }
    await world.add('keeper', { roles: ['user', role] });
    const keeper = { ...(await world.headersOf('keeper')), 'x-2fa-code': sha256Hex(password) };
    const settings = [
      { _id: 'Site_Name', value: 'Kept' },
      { _id: 'SMTP_Host', value: 'mail.example.org' },
    ];
    const refused = await post('settings', keeper, { settings });
    assert.deepEqual(
      [refused.status, refused.json],
      [
        400,
        {
          success: false,
          error: 'Settings that decide who somebody is are changed by administrators only [error-action-not-allowed]',
          errorType: 'error-action-not-allowed',
          details: { settingIds: ['SMTP_Host'] },
        },
      ],
    );
    assert.notEqual(world.app.settings.get('Site_Name'), 'Kept');
    assert.equal((await post('settings/SMTP_Host', keeper, { value: 'mail.example.org' })).status, 400);
    const fixedFor = async (headers: Headers): Promise<ReadonlySet<unknown>> => {
      const rows = (await get('settings.described', headers)).json['settings'] as readonly Json[];
      return new Set(rows.filter(({ fixed }) => fixed === true).map(({ _id }) => _id));
    };
    const [theirs, ours] = [await fixedFor(keeper), await fixedFor(admin)];
    for (const id of ['SMTP_Host', 'Site_Url', 'LDAP_Host', 'Accounts_OAuth_Google', 'CAS_base_url']) {
      assert.deepEqual([id, theirs.has(id), ours.has(id)], [id, true, false]);
    }
    assert.equal(theirs.has('Site_Name'), false);
  });

  it('tell a mask in place of a secret, which does no harm when it comes back', async () => {
    assert.equal((await post('settings/SMTP_Password', admin, { value: 'opensesame' })).status, 200);
    const shown = (await get('settings/SMTP_Password', admin)).json['value'];
    assert.equal(shown, mask);
    const row = (await listed('settings?includeDefaults=true&', admin)).find(({ _id }) => _id === 'SMTP_Password');
    assert.deepEqual([row?.['value'], row?.['packageValue']], [mask, '']);
    const form = [
      { _id: 'SMTP_Password', value: shown },
      { _id: 'From_Email', value: 'desk@example.org' },
    ];
    assert.equal((await post('settings', admin, { settings: form })).status, 200);
    assert.equal(world.app.settings.get('SMTP_Password'), 'opensesame');
    assert.equal(world.app.settings.get('From_Email'), 'desk@example.org');
    // It was for the host of before, and is told to no other.
    assert.deepEqual((await post('settings/SMTP_Host', admin, { value: 'mail.example.org' })).json, { success: true });
    assert.equal(world.app.settings.get('SMTP_Password'), '');
  });
});
