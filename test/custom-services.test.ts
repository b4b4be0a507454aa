// Custom OAuth services come and go as settings: on every node, sealed, and by the environment.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Fault } from '../src/core/fault.ts';
import { onSharedStores, type SharedGround, soon, twoNodesOf } from './two-nodes.ts';
import { caller, openWorld, type World } from './world.ts';

const asHost = { caller: caller({ door: 'cli' }), accountId: undefined, asHost: true } as const;
const mask = '••••••••';

const refused = (code: string) => (thrown: unknown) => thrown instanceof Fault && thrown.code === code;
const names = ({ app }: World): readonly string[] => app.settings.services().map(({ name }) => name);
const ids = ({ app }: World): readonly string[] =>
  app.settings
    .list({ hiddenToo: true })
    .map(({ id }) => id as string)
    .filter((id) => id.startsWith('Accounts_OAuth_Custom-'));

function twoNodes(backend: string, openGround: () => Promise<SharedGround>) {
  describe(`custom services on two nodes over one ${backend} store`, () => {
    const { clock, pair, root } = twoNodesOf(openGround);

    it('are listed, read, written and put back as any setting', async () => {
      const [one, two] = pair();
      const heard: string[] = [];
      const stop = two.app.settings.onChange(/^Accounts_OAuth_Custom-/u, (changed) => heard.push(...changed));
      await one.app.setting.addOauthService(root(), 'Key-Cloak', caller());
      await soon('the service', () => names(two).includes('Keycloak'));
      assert.deepEqual(ids(two).slice(0, 2), ['Accounts_OAuth_Custom-Keycloak', 'Accounts_OAuth_Custom-Keycloak-url']);
      assert.deepEqual(ids(one), ids(two));
      assert.ok(heard.includes('Accounts_OAuth_Custom-Keycloak-secret'));
      heard.length = 0;
      const changes = [
        { id: 'Accounts_OAuth_Custom-Keycloak', value: true },
        { id: 'Accounts_OAuth_Custom-Keycloak-url', value: 'https://idp.example.org' },
        { id: 'Accounts_OAuth_Custom-Keycloak-secret', value: 'opensesame' },
      ];
      await one.app.setting.change(root(), changes, caller());
      const there = () => two.app.settings.services()[0];
      await soon('the values', () => there()?.value('url') === 'https://idp.example.org');
      assert.deepEqual(heard.toSorted(), changes.map(({ id }) => id).toSorted());
      assert.deepEqual(
        [there()?.service, there()?.value(''), there()?.value('secret')],
        ['keycloak', true, 'opensesame'],
      );
      assert.equal(there()?.value('scope'), 'openid');
      const secret = 'Accounts_OAuth_Custom-Keycloak-secret';
      assert.equal(two.app.settings.list({ ids: [secret] })[0]?.value, mask);
      const kept = (await one.store.settings.settings()).find(({ id }) => id === secret);
      assert.ok(typeof kept?.value === 'string' && !kept.value.includes('opensesame'), 'it lies sealed');
      await two.app.settings.reset(['Accounts_OAuth_Custom-Keycloak', 'Accounts_OAuth_Custom-Keycloak-url'], asHost);
      await soon('the reset', () => one.app.settings.services()[0]?.value('url') === '');
      assert.deepEqual([names(one), one.app.settings.services()[0]?.value('')], [['Keycloak'], false]);
      stop();
    });

    it('are checked like any setting', async () => {
      const [one] = pair();
      const write = async (key: string, value: unknown) => {
        await one.app.settings.write([{ id: `Accounts_OAuth_Custom-Keycloak-${key}`, value }], asHost);
      };
      await assert.rejects(write('token_sent_via', 'pigeon'), refused('setting-value-invalid'));
      await assert.rejects(write('merge_users', 'true'), refused('setting-value-invalid'));
      await assert.rejects(write('groups_channel_map', '['), refused('setting-value-invalid'));
      await assert.rejects(write('url', { $ne: '' }), refused('setting-value-invalid'));
      await assert.rejects(write('__proto__', 'x'), refused('setting-unknown'));
      const other = one.app.settings.write([{ id: 'Accounts_OAuth_Custom-Nobody-url', value: 'x' }], asHost);
      await assert.rejects(other, refused('setting-unknown'));
    });

    it('each have a permission, for those who may change selected settings', async () => {
      const [, two] = pair();
      const id = 'change-setting-Accounts_OAuth_Custom-Keycloak-url';
      assert.ok(two.app.permissions.list().some((one) => one.id === id));
      clock.move(1_000);
      const since = clock.now() - 1;
      await two.app.setting.addOauthService(root(), 'second', caller());
      const changed = two.app.permissions.list({ updatedSince: since }).map((one) => one.id);
      assert.ok(changed.includes('change-setting-Accounts_OAuth_Custom-Second'));
      assert.ok(!changed.includes(id) && !changed.includes('add-oauth-service'));
      await two.app.setting.removeOauthService(root(), 'second', caller());
      assert.deepEqual(two.app.permissions.rolesOf('change-setting-Accounts_OAuth_Custom-Second'), []);
      await two.app.permission.give(root(), { permission: id, role: 'user' }, caller());
      assert.deepEqual(two.app.permissions.rolesOf(id), ['user']);
    });

    it('are gone with everything that was set, and come back fresh', async () => {
      const [one, two] = pair();
      const heard: string[] = [];
      const stop = one.app.settings.onChange(/^Accounts_OAuth_Custom-/u, (changed) => heard.push(...changed));
      await two.app.setting.removeOauthService(root(), 'keycloak', caller());
      await soon('the removal', () => names(one).length === 0);
      assert.ok(heard.includes('Accounts_OAuth_Custom-Keycloak-secret'));
      stop();
      assert.deepEqual(ids(one), []);
      assert.deepEqual(
        (await one.store.settings.settings()).filter(({ id }) => id.includes('Custom-')),
        [],
      );
      // What is not there is removed, and what is there is added, by doing nothing.
      await two.app.setting.removeOauthService(root(), 'keycloak', caller());
      const orphan = { id: 'Accounts_OAuth_Custom-Keycloak-url', value: 'https://old.example', updatedAt: 1 } as const;
      await one.store.settings.putSettings([{ ...orphan, source: 'administrator' }], []);
      await one.app.setting.addOauthService(root(), 'keycloak', caller());
      await one.app.setting.addOauthService(root(), 'keycloak', caller());
      assert.equal(one.app.settings.services()[0]?.value('url'), '');
      const what = (await one.app.host.audit(3)).map((entry) => [entry.what, entry.actorId, entry.facts['name']]);
      assert.deepEqual(what.slice(0, 2), [
        ['oauth-service.add', root().account.id, 'Keycloak'],
        ['oauth-service.remove', root().account.id, 'Keycloak'],
      ]);
    });

    it('are added and removed by those who may, and bear no name of another way in', async () => {
      const [one] = pair();
      await one.add('alice');
      const alice = await one.signIn('alice');
      const lacking = refused('permission-missing');
      await assert.rejects(one.app.setting.addOauthService(alice, 'x', caller()), lacking);
      await assert.rejects(one.app.setting.removeOauthService(alice, 'Keycloak', caller()), lacking);
      await assert.rejects(one.app.setting.refreshOauthServices(alice), lacking);
      assert.deepEqual(names(one), ['Keycloak']);
      for (const name of ['google', '!!!', 'saml']) {
        await assert.rejects(one.app.setting.addOauthService(root(), name, caller()), refused('service-name-invalid'));
      }
    });
  });
}

onSharedStores(twoNodes);

describe('custom services of the environment', () => {
  const given = {
    'Accounts_OAuth_Custom_Ours': 'true',
    'Accounts_OAuth_Custom_Ours_url': 'https://idp.example.org',
    'Accounts_OAuth_Custom_Ours_id': 'us',
    'Accounts_OAuth_Custom_Ours_secret': 'opensesame',
    // Of no service.
    'Accounts_OAuth_Custom_Theirs_url': 'https://x.example.org',
    'OVERWRITE_SETTING_Accounts_OAuth_Custom-Ours-scope': 'openid email',
    'OVERWRITE_SETTING_Accounts_OAuth_Custom_Ours_merge_users': 'true',
    'SETTINGS_BLOCKED': 'Accounts_OAuth_Custom-Ours-scope',
  };

  it('come at the first start that knows them, and overrides at each', async () => {
    const world = await openWorld({ env: given });
    try {
      assert.deepEqual(names(world), ['Ours']);
      const [ours] = world.app.settings.services();
      assert.deepEqual(
        [ours?.value(''), ours?.value('url'), ours?.value('id'), ours?.value('secret'), ours?.value('scope')],
        [true, 'https://idp.example.org', 'us', 'opensesame', 'openid email'],
      );
      assert.equal(ours?.value('merge_users'), true);
      const blocked = world.app.settings.write([{ id: 'Accounts_OAuth_Custom-Ours-scope', value: 'x' }], asHost);
      await assert.rejects(blocked, refused('setting-blocked'));
    } finally {
      await world.close();
    }
  });

  it('stop the start with a sentence where a value does not fit', async () => {
    await assert.rejects(
      openWorld({ env: { Accounts_OAuth_Custom_Ours: 'yes' } }),
      /^Error: Accounts_OAuth_Custom_Ours must be true or false\.$/u,
    );
  });

  function restarts(backend: string, openGround: () => Promise<SharedGround>) {
    it(`stay removed over the next start, on ${backend}`, async () => {
      const ground = await openGround();
      const env = given;
      try {
        const first = await openWorld({ open: ground.open, env });
        await first.app.settings.write([{ id: 'Accounts_OAuth_Custom-Ours-url', value: 'https://b.example' }], asHost);
        await first.close();
        const second = await openWorld({ open: ground.open, env });
        assert.equal(second.app.settings.services()[0]?.value('url'), 'https://b.example');
        await second.close();
        const third = await openWorld({ open: ground.open, env: { ...env, SETTINGS_BLOCKED: '' } });
        await third.app.settings.removeService('ours', asHost);
        await third.close();
        const fourth = await openWorld({
          open: ground.open,
          env: { ...env, Accounts_OAuth_Custom_Ours_name_field: 'x' },
        });
        assert.deepEqual(names(fourth), []);
        const rows = await fourth.store.settings.settings();
        assert.deepEqual(
          rows.filter(({ id }) => id.endsWith('-name_field')),
          [],
        );
        await fourth.close();
      } finally {
        ground.end();
      }
    });
  }
  onSharedStores(restarts);
});

describe('custom services that move', () => {
  const id = (key: string) => `Accounts_OAuth_Custom-Old${key}`;
  const how = { source: 'rocketchat' };

  it('come with the first of their settings, in whatever order these are told', async () => {
    const world = await openWorld();
    try {
      const trial = await world.app.moving.trial();
      const bring = async (setting: string, value: unknown, dryRun = false): Promise<unknown> => {
        const mover = dryRun ? trial : world.app.moving;
        const { outcome, findings } = await mover.bringInSetting({ id: setting, value }, how, caller({ door: 'cli' }));
        return findings[0]?.reason ?? outcome;
      };
      assert.equal(await bring(id('-url'), 'https://idp.example.org', true), 'brought-in');
      assert.deepEqual(names(world), []);
      assert.equal(await bring(id('-url'), 'https://idp.example.org'), 'brought-in');
      assert.equal(await bring(id(''), true), 'brought-in');
      assert.equal(await bring(id('-secret'), 'opensesame'), 'brought-in');
      assert.equal(await bring(id('-token_sent_via'), 'pigeon'), 'setting-value-invalid');
      assert.equal(await bring('Accounts_OAuth_Custom-Google', true), 'setting-unknown');
      assert.equal(await bring(id('-url'), 'https://another.example.org'), 'set-here');
      const [old] = world.app.settings.services();
      assert.deepEqual(
        [old?.name, old?.value(''), old?.value('url'), old?.value('secret')],
        ['Old', true, 'https://idp.example.org', 'opensesame'],
      );
      const left = [];
      for await (const one of await world.app.moving.bringOut({ openSecrets: false }, caller({ door: 'cli' }))) {
        if (one.kind === 'setting' && one.setting.id.startsWith(id(''))) left.push([one.setting.id, one.sealed]);
      }
      assert.deepEqual(left, [
        [id(''), false],
        [id('-secret'), true],
        [id('-url'), false],
      ]);
    } finally {
      await world.close();
    }
  });
});
