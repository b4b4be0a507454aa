import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as tick } from 'node:timers/promises';
import type { AuditEntry } from '../audit-entry.ts';
import { Fault } from '../fault.ts';
import type { Happening } from '../ports.ts';
import { catalogue } from './catalogue.ts';
import { settingsFromEnvironment } from './environment.ts';
import { mask } from './rules.ts';
import { openSettings } from './settings.ts';
import { knownSettings } from './start.ts';
import type { StoredSetting } from './store.ts';

/** A store in memory that announces what it wrote, as the real ones do, with switches for what can go wrong. */
function fakeStore() {
  const rows = new Map<string, StoredSetting>();
  const audit: AuditEntry[] = [];
  const hearers = new Set<(happening: Happening) => void>();
  const gaps = new Set<() => void>();
  const fake = {
    rows,
    audit,
    writes: 0,
    /** The next readings wait for this. */
    gate: Promise.resolve(),
    broken: false,
    deaf: false,
    gap: () => gaps.forEach((act) => act()),
    store: {
      async settings() {
        const seen = [...rows.values()];
        await fake.gate;
        if (fake.broken) throw new Error('down');
        return seen;
      },
      async putSettings(settings: readonly StoredSetting[], entries: readonly AuditEntry[]) {
        if (fake.broken) throw new Error('down');
        fake.writes += 1;
        for (const row of settings) rows.set(row.id, row);
        audit.push(...entries);
        if (!fake.deaf) for (const hear of hearers) hear({ kind: 'settings', ids: settings.map((row) => row.id) });
      },
      async resetSettings(
        forgotten: readonly string[],
        fresh: readonly StoredSetting[],
        entries: readonly AuditEntry[],
      ): Promise<void> {
        for (const id of forgotten) rows.delete(id);
        await fake.store.putSettings(fresh, entries);
      },
    },
    events: {
      publish: () => assert.fail('the store announces its writes itself'),
      subscribe(hear: (happening: Happening) => void) {
        hearers.add(hear);
        return () => hearers.delete(hear);
      },
      onGap(act: () => void) {
        gaps.add(act);
        return () => gaps.delete(act);
      },
    },
    listeners: () => hearers.size + gaps.size,
  };
  return fake;
}

function world(env: Record<string, string> = {}) {
  const fake = fakeStore();
  const clock = { time: 1000, now: () => clock.time };
  const logged: string[] = [];
  let ids = 0;
  const open = (otherEnv = env) =>
    openSettings({
      store: fake.store,
      events: fake.events,
      clock,
      random: { id: () => `random${++ids}` },
      environment: settingsFromEnvironment(otherEnv, catalogue),
      rootUrl: 'https://chat.example.org/',
      log: (sentence) => logged.push(sentence),
    });
  return { fake, clock, logged, open };
}

const ada = {
  caller: { door: 'rest', address: '192.0.2.1', userAgent: 'test', requestId: 'r' },
  accountId: 'ada',
} as const;

const refusal = (code: string, facts: object) => (thrown: unknown) => {
  assert.ok(thrown instanceof Fault);
  assert.equal(thrown.code, code);
  assert.deepEqual(thrown.facts, facts);
  return true;
};

describe('a fresh install', () => {
  it('holds the initial values, and stores only what is random or from the environment', async () => {
    const { fake, open } = world({ Site_Name: 'Ours', OVERWRITE_SETTING_Language: 'de' });
    const settings = await open();
    assert.equal(settings.get('Accounts_LoginExpiration'), 90);
    assert.equal(settings.get('Site_Url'), 'https://chat.example.org');
    assert.equal(settings.get('uniqueID'), 'random1');
    assert.equal(settings.get('Site_Name'), 'Ours');
    assert.equal(settings.get('Language'), 'de');
    fake.rows.delete(knownSettings);
    assert.deepEqual(
      [...fake.rows.values()].map((row) => [row.id, row.source, row.updatedAt]),
      [
        ['Accounts_RegistrationForm_SecretURL', 'initial', 1000],
        ['Site_Url', 'initial', 1000],
        ['Site_Name', 'environment', 1000],
        ['Language', 'environment', 1000],
        ['uniqueID', 'initial', 1000],
      ],
    );
  });

  it('takes its id and the size of the pools from the environment', async () => {
    const { open } = world({ DEPLOYMENT_ID: 'mine', MAX_RESUME_LOGIN_TOKENS: '7' });
    const settings = await open();
    assert.equal(settings.get('uniqueID'), 'mine');
    assert.equal(settings.get('Countersign_Token_Pool_Interactive'), 7);
    assert.equal(settings.get('Countersign_Token_Pool_Script'), 7);
    assert.equal(settings.get('Countersign_Token_Pool_Personal'), 50);
  });

  it('has one id even when two nodes start at the same moment', async () => {
    const { open } = world();
    const [one, other] = await Promise.all([open(), open()]);
    await tick();
    assert.equal(one.get('uniqueID'), other.get('uniqueID'));
  });
});

describe('a later start', () => {
  it('keeps what is stored, whatever plain variables and ROOT_URL say', async () => {
    const { fake, open } = world();
    await (await open()).write([{ id: 'Site_Name', value: 'Chosen' }], ada);
    const settings = await open({ Site_Name: 'Late', Language: 'de', DEPLOYMENT_ID: 'late' });
    assert.equal(settings.get('Site_Name'), 'Chosen');
    assert.equal(settings.get('Language'), '');
    assert.equal(settings.get('uniqueID'), 'random1');
    assert.equal(fake.writes, 2);
  });

  it('takes a plain variable for a setting that the version before did not know', async () => {
    const { fake, open } = world();
    await open();
    const known = fake.rows.get(knownSettings);
    assert.ok(known !== undefined && typeof known.value === 'object');
    fake.rows.set(knownSettings, { ...known, value: known.value.filter((id) => id !== 'Language') });
    assert.equal((await open({ Language: 'de' })).get('Language'), 'de');
  });

  it('puts an override back over what an administrator wrote, and the audit says so', async () => {
    const { fake, open } = world({ OVERWRITE_SETTING_Site_Name: 'Fixed' });
    const first = await open();
    await first.write([{ id: 'Site_Name', value: 'Chosen' }], ada);
    assert.equal(first.get('Site_Name'), 'Chosen');
    fake.audit.length = 0;
    const second = await open();
    assert.equal(second.get('Site_Name'), 'Fixed');
    assert.equal(fake.rows.get('Site_Name')?.source, 'environment');
    assert.deepEqual(
      fake.audit.map(({ what, door, facts }) => ({ what, door, facts })),
      [
        {
          what: 'setting.change',
          door: 'server',
          facts: { id: 'Site_Name', from: 'Chosen', to: 'Fixed', source: 'environment' },
        },
      ],
    );
  });

  it('takes an override that says what is stored already without an entry in the audit', async () => {
    const { fake, open } = world();
    await (await open()).write([{ id: 'Site_Name', value: 'Ours' }], ada);
    fake.audit.length = 0;
    await open({ OVERWRITE_SETTING_Site_Name: 'Ours' });
    assert.equal(fake.rows.get('Site_Name')?.source, 'environment');
    assert.deepEqual(fake.audit, []);
  });

  it('writes nothing when nothing differs', async () => {
    const { fake, open } = world({ OVERWRITE_SETTING_Site_Name: 'Fixed' });
    await open();
    await open();
    assert.equal(fake.writes, 1);
  });

  it('passes over a stored value that does not fit any more, and says so once', async () => {
    const { fake, logged, open } = world();
    fake.rows.set('Accounts_LoginExpiration', {
      id: 'Accounts_LoginExpiration',
      value: 'for ever',
      source: 'administrator',
      updatedAt: 1,
    });
    const settings = await open();
    await settings.load();
    assert.equal(settings.get('Accounts_LoginExpiration'), 90);
    assert.equal(logged.length, 1);
  });

  it('ignores stored rows that are no settings', async () => {
    const { fake, open } = world();
    fake.rows.set('Gone_Setting', { id: 'Gone_Setting', value: 1, source: 'administrator', updatedAt: 1 });
    const settings = await open();
    assert.deepEqual(settings.list({ ids: ['Gone_Setting', knownSettings], hiddenToo: true }), []);
    await assert.rejects(
      settings.write([{ id: knownSettings, value: [] }], ada),
      refusal('setting-unknown', { id: knownSettings }),
    );
  });

  it('that fails leaves nothing listening', async () => {
    const { fake, open } = world();
    fake.broken = true;
    await assert.rejects(open(), /down/);
    assert.equal(fake.listeners(), 0);
  });
});

describe('writing settings', () => {
  it("holds at once, is stored as the administrator's, and is in the audit", async () => {
    const { fake, clock, open } = world();
    const settings = await open();
    clock.time = 2000;
    fake.deaf = true;
    await settings.write([{ id: 'Accounts_LoginExpiration', value: 30 }], ada);
    assert.equal(settings.get('Accounts_LoginExpiration'), 30);
    assert.deepEqual(fake.rows.get('Accounts_LoginExpiration'), {
      id: 'Accounts_LoginExpiration',
      value: 30,
      source: 'administrator',
      updatedAt: 2000,
    });
    assert.deepEqual(fake.audit, [
      {
        at: 2000,
        what: 'setting.change',
        outcome: 'done',
        accountId: undefined,
        actorId: 'ada',
        door: 'rest',
        address: '192.0.2.1',
        userAgent: 'test',
        facts: { id: 'Accounts_LoginExpiration', from: '90', to: '30' },
      },
    ]);
  });

  it('is all or nothing', async () => {
    const { fake, open } = world({ SETTINGS_BLOCKED: 'Language', SETTINGS_HIDDEN: 'Site_Url' });
    const settings = await open();
    const writes = fake.writes;
    const good = { id: 'Site_Name', value: 'Good' };
    const cases: readonly [{ id: string; value: unknown }, string, object][] = [
      [{ id: 'Nothing', value: 1 }, 'setting-unknown', {}],
      [{ id: '__proto__', value: 1 }, 'setting-unknown', {}],
      [{ id: 'Site_Url', value: 'x' }, 'setting-unknown', {}],
      [{ id: 'Accounts_SystemBlockedUsernameList', value: '' }, 'setting-unknown', {}],
      [{ id: 'Language', value: 'de' }, 'setting-blocked', {}],
      [{ id: 'Accounts_LoginExpiration', value: '30' }, 'setting-value-invalid', {}],
      [{ id: 'Accounts_LoginExpiration', value: -1 }, 'setting-value-invalid', { least: 0 }],
      [{ id: 'Accounts_LoginExpiration', value: 1e9 }, 'setting-value-invalid', { most: 36_500 }],
      [{ id: 'Countersign_Password_Hash', value: 'md5' }, 'setting-value-invalid', {}],
    ];
    for (const [bad, code, facts] of cases) {
      await assert.rejects(settings.write([good, bad], ada), refusal(code, { id: bad.id, ...facts }));
    }
    assert.equal(settings.get('Site_Name'), 'Rocket.Chat');
    assert.equal(fake.writes, writes);
  });

  it('refuses what makes no sense, and takes what does', async () => {
    const settings = await world().open();
    for (const [id, bad, good] of [
      ['Site_Url', 'chat.example.org', 'https://chat.example.org/base/'],
      ['Site_Url', 'javascript:alert(1)', 'http://localhost:3000'],
      ['Site_Url', '', 'https://a.example'],
      ['Accounts_CustomFields', '{"a":', '{"a":{"type":"text"}}'],
      ['Accounts_CustomFields', '["a"]', ''],
      ['UTF8_User_Names_Validation', '[a-', '[a-z]+'],
      ['UTF8_User_Names_Validation', '', '.+'],
    ] as const) {
      await assert.rejects(settings.write([{ id, value: bad }], ada), refusal('setting-value-invalid', { id }));
      await settings.write([{ id, value: good }], ada);
    }
  });

  it('leaves a secret alone when its mask comes back', async () => {
    const { fake, open } = world();
    const settings = await open();
    await settings.write([{ id: 'SMTP_Password', value: 'opensesame' }], ada);
    const [shown] = settings.list({ ids: ['SMTP_Password'] });
    const writes = fake.writes;
    await settings.write([{ id: 'SMTP_Password', value: shown?.value }], ada);
    assert.equal(fake.writes, writes);
    await settings.write(
      [
        { id: 'SMTP_Password', value: shown?.value },
        { id: 'Site_Name', value: 'Ours' },
      ],
      ada,
    );
    assert.deepEqual([settings.get('SMTP_Password'), settings.get('Site_Name')], ['opensesame', 'Ours']);
  });

  it('forgets a secret with the place that it was for, unless it comes anew', async () => {
    const { fake, open } = world({ LDAP_Authentication_Password: 'of old' });
    const settings = await open();
    const password = 'LDAP_Authentication_Password';
    const write = async (...changes: readonly (readonly [id: string, value: unknown])[]): Promise<string> => {
      fake.audit.length = 0;
      await settings.write(
        changes.map(([id, value]) => ({ id, value })),
        ada,
      );
      return settings.get(password);
    };
    const elsewhere = [
      ['LDAP_Host', 'evil.example'],
      ['LDAP_Port', 10_389],
      ['LDAP_Encryption', 'ssl'],
      ['LDAP_Reject_Unauthorized', false],
      ['LDAP_CA_Cert', 'of mine'],
      ['LDAP_Authentication_UserDN', 'cn=other'],
    ] as const;
    for (const change of elsewhere) {
      assert.equal(await write([password, 'a secret']), 'a secret');
      assert.equal(await write(change), '', change[0]);
      assert.deepEqual(
        fake.audit.map(({ what, facts }) => [what, facts['id'], facts['clearedFor']]),
        [
          ['setting.change', change[0], undefined],
          ['setting.change', password, change[0]],
        ],
      );
      assert.equal(fake.rows.get(password)?.value, '');
      // The same again is no change, and what comes with it stays.
      assert.equal(await write([password, 'a secret']), 'a secret');
      assert.equal(await write(change), 'a secret');
    }
    assert.equal(await write(['LDAP_Host', 'ldap.example.org'], [password, 'another']), 'another');
    // A form that sends the mask back brings nothing.
    assert.equal(await write([password, mask], ['LDAP_Host', 'evil.example']), '');
    await write([password, 'a secret']);
    await write(['LDAP_BaseDN', 'dc=example']);
    assert.equal(settings.get(password), 'a secret');
    await settings.reset(['LDAP_Host'], ada);
    assert.equal(settings.get(password), '');
    assert.equal(fake.audit.at(-1)?.facts['clearedFor'], 'LDAP_Host');
  });

  it('forgets the client secrets of services with their addresses, too, and the password for mail', async () => {
    const { open } = world();
    const settings = await open();
    await settings.addService('keycloak', ada);
    for (const [secret, place, value] of [
      ['Accounts_OAuth_Custom-Keycloak-secret', 'Accounts_OAuth_Custom-Keycloak-url', 'https://evil.example'],
      ['Accounts_OAuth_Custom-Keycloak-secret', 'Accounts_OAuth_Custom-Keycloak-issuer', 'https://evil.example'],
      ['Accounts_OAuth_Custom-Keycloak-secret', 'Accounts_OAuth_Custom-Keycloak-token_path', 'https://evil.example'],
      [
        'Accounts_OAuth_Custom-Keycloak-secret',
        'Accounts_OAuth_Custom-Keycloak-introspection_url',
        'https://x.example',
      ],
      ['Accounts_OAuth_Google_secret', 'Accounts_OAuth_Google_token_url', 'https://evil.example'],
      ['Accounts_OAuth_Facebook_secret', 'Accounts_OAuth_Facebook_debug_token_url', 'https://evil.example'],
      ['Accounts_OAuth_Gitlab_secret', 'API_Gitlab_URL', 'https://evil.example'],
      ['Accounts_OAuth_GitHub_Enterprise_secret', 'API_GitHub_Enterprise_URL', 'https://evil.example'],
      ['Accounts_OAuth_Nextcloud_secret', 'Accounts_OAuth_Nextcloud_URL', 'https://evil.example'],
      ['SMTP_Password', 'SMTP_Host', 'evil.example'],
    ] as const) {
      const isSet = (): boolean => settings.list({ ids: [secret] })[0]?.value !== '';
      await settings.write([{ id: secret, value: 'a secret' }], ada);
      assert.equal(isSet(), true, secret);
      await settings.write([{ id: place, value }], ada);
      assert.equal(isSet(), false, place);
    }
  });

  it('leaves a secret alone that the environment has fixed', async () => {
    const { open } = world({
      LDAP_Authentication_Password: 'fixed',
      SETTINGS_BLOCKED: 'LDAP_Authentication_Password',
    });
    const settings = await open();
    await settings.write([{ id: 'LDAP_Host', value: 'ldap.example.org' }], ada);
    assert.equal(settings.get('LDAP_Authentication_Password'), 'fixed');
  });

  it('is undone by a reset, which the environment may forbid', async () => {
    const { fake, clock, open } = world({ SETTINGS_BLOCKED: 'Language', Site_Name: 'Ours' });
    const settings = await open();
    const other = await open();
    clock.time = 2000;
    const heard: (readonly string[])[] = [];
    settings.onChange(/./, (ids) => heard.push(ids));
    await settings.write([{ id: 'Site_Url', value: 'https://other.example' }], ada);
    await settings.reset(['Site_Name', 'Site_Url', 'Accounts_LoginExpiration'], ada);
    assert.equal(settings.get('Site_Name'), 'Rocket.Chat');
    assert.equal(settings.get('Site_Url'), 'https://chat.example.org');
    assert.equal(fake.rows.has('Site_Name'), false);
    await tick();
    for (const node of [settings, other]) {
      const [{ source, updatedAt } = {}] = node.list({ ids: ['Site_Name'] });
      assert.deepEqual([source, updatedAt], ['catalogue', 2000]);
    }
    assert.deepEqual(heard, [['Site_Url'], ['Site_Url', 'Site_Name']]);
    assert.deepEqual(
      fake.audit.slice(-3).map(({ what, facts }) => [what, facts['id']]),
      [
        ['setting.change', 'Site_Url'],
        ['setting.change', 'Site_Name'],
        ['setting.change', 'Accounts_LoginExpiration'],
      ],
    );
    for (const id of ['Language', 'uniqueID']) {
      await assert.rejects(settings.reset(['Site_Name', id], ada), refusal('setting-blocked', { id }));
    }
    const hidden = 'Accounts_SystemBlockedUsernameList';
    await assert.rejects(settings.reset([hidden], ada), refusal('setting-unknown', { id: hidden }));
    await settings.reset([hidden], { ...ada, asHost: true });
    await settings.reset([], ada);
  });

  it('changes nothing here when the store refuses', async () => {
    const { fake, open } = world();
    const settings = await open();
    fake.broken = true;
    await assert.rejects(settings.write([{ id: 'Site_Name', value: 'New' }], ada), /down/);
    fake.broken = false;
    assert.equal(settings.get('Site_Name'), 'Rocket.Chat');
  });

  it('is not undone by a reading that began before', async () => {
    const { fake, open } = world();
    const settings = await open();
    const { promise, resolve } = Promise.withResolvers<void>();
    fake.gate = promise;
    const reading = settings.load();
    await tick();
    fake.deaf = true;
    await settings.write([{ id: 'Site_Name', value: 'New' }], ada);
    resolve();
    await reading;
    assert.equal(settings.get('Site_Name'), 'New');
  });
});

describe('following the store', () => {
  it('takes what another node wrote, by its happening', async () => {
    const { open } = world();
    const [here, there] = [await open(), await open()];
    await there.write([{ id: 'Site_Name', value: 'There' }], ada);
    await tick();
    assert.equal(here.get('Site_Name'), 'There');
  });

  it('reads once more when it hears of a change while a reading is under way', async () => {
    const { fake, open } = world();
    const settings = await open();
    const { promise, resolve } = Promise.withResolvers<void>();
    fake.gate = promise;
    const reading = settings.load();
    await tick();
    const row = { id: 'Site_Name', value: 'There', source: 'administrator', updatedAt: 1 } as const;
    await fake.store.putSettings([row], []);
    resolve();
    await reading;
    assert.equal(settings.get('Site_Name'), 'There');
  });

  it('reads again after a gap', async () => {
    const { fake, open } = world();
    const [here, there] = [await open(), await open()];
    fake.deaf = true;
    await there.write([{ id: 'Site_Name', value: 'There' }], ada);
    await tick();
    assert.equal(here.get('Site_Name'), 'Rocket.Chat');
    fake.gap();
    await tick();
    assert.equal(here.get('Site_Name'), 'There');
  });

  it('keeps the last values while the store is away, complains once, and tries again with the next readers', async () => {
    const { fake, clock, logged, open } = world();
    const [here, there] = [await open(), await open()];
    fake.deaf = true;
    await there.write([{ id: 'Site_Name', value: 'There' }], ada);
    there.close();
    fake.broken = true;
    fake.gap();
    await tick();
    clock.time += 1000;
    assert.equal(here.get('Site_Name'), 'Rocket.Chat');
    await tick();
    assert.equal(logged.length, 1);
    fake.broken = false;
    here.get('Site_Name');
    await tick();
    assert.equal(here.get('Site_Name'), 'Rocket.Chat', 'a new attempt came within the second');
    clock.time += 1000;
    here.get('Site_Name');
    await tick();
    assert.equal(here.get('Site_Name'), 'There');
  });

  it('stops when it is closed', async () => {
    const { fake, open } = world();
    (await open()).close();
    assert.equal(fake.listeners(), 0);
  });

  it('tells watchers of ids and of patterns what has changed, once, and no others', async () => {
    const { logged, open } = world();
    const settings = await open();
    const heard: string[] = [];
    settings.onChange(['Site_Name'], (ids) => heard.push(`ids ${ids.join()}`));
    settings.onChange(/^Accounts_/g, (ids) => heard.push(`pattern ${ids.join()}`));
    settings.onChange(/^Site_/, () => {
      throw new Error('a watcher that fails');
    });
    const stop = settings.onChange(['Language'], () => heard.push('stopped'));
    stop();
    const changes = [
      { id: 'Site_Name', value: 'New' },
      { id: 'Language', value: 'de' },
      { id: 'Accounts_LoginExpiration', value: 3 },
      { id: 'Accounts_EmailVerification', value: false },
    ];
    await settings.write(changes, ada);
    await settings.write(changes, ada);
    await tick();
    assert.deepEqual(heard, ['ids Site_Name', 'pattern Accounts_LoginExpiration']);
    assert.equal(logged.length, 1);
  });
});

describe('the list of settings', () => {
  it('has public ones only, when asked so, and never hidden ones', async () => {
    const { open } = world({ SETTINGS_HIDDEN: 'Site_Name' });
    const listed = (await open()).list({ publicOnly: true });
    assert.ok(listed.length > 40);
    assert.ok(listed.every(({ definition }) => definition.public === true));
    assert.ok(listed.every(({ hidden }) => !hidden));
    assert.ok(!listed.some(({ id }) => id === 'Site_Name'));
  });

  it('shows hidden ones when they are wanted', async () => {
    const { open } = world({ SETTINGS_HIDDEN: 'Site_Name' });
    const settings = await open();
    assert.equal(settings.list({ ids: ['Site_Name'] }).length, 0);
    assert.equal(settings.list({ ids: ['Site_Name'], hiddenToo: true })[0]?.hidden, true);
  });

  it('says where a value came from, since when, and whether it is blocked', async () => {
    const { clock, open } = world({ SETTINGS_BLOCKED: 'Site_Name', OVERWRITE_SETTING_Site_Name: 'Ours' });
    const settings = await open();
    clock.time = 2000;
    await settings.write([{ id: 'Language', value: 'de' }], ada);
    const rows = settings.list({ ids: ['uniqueID', 'Language', 'Site_Name', 'API_Default_Count', 'Nothing'] });
    assert.deepEqual(
      rows.map(({ id, value, source, updatedAt, blocked }) => [id, value, source, updatedAt, blocked]),
      [
        ['Site_Name', 'Ours', 'environment', 1000, true],
        ['Language', 'de', 'administrator', 2000, false],
        ['uniqueID', 'random1', 'initial', 1000, false],
        ['API_Default_Count', 50, 'catalogue', 1000, false],
      ],
    );
  });
});
