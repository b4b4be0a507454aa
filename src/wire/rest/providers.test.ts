import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { catalogue } from '../../core/setting/catalogue.ts';
import { definitionOf } from '../../core/setting/definitions.ts';
import { withRest } from './rest-world.suite.ts';

interface Listed {
  readonly service: string;
  readonly label: string;
  readonly kind: string;
  readonly on: boolean;
  readonly settings: readonly string[];
  readonly callback?: string;
  readonly callbacks: readonly string[];
  readonly guide: string;
}

const env = {
  'OVERWRITE_SETTING_Accounts_OAuth_Github': 'true',
  'OVERWRITE_SETTING_Site_Url': 'https://chat.example.org/',
  'OVERWRITE_SETTING_Accounts_OAuth_Proxy_services': 'google',
  'OVERWRITE_SETTING_Accounts_OAuth_Proxy_host': 'https://proxy.example/',
  'Accounts_OAuth_Custom-Ours': 'true',
  'Accounts_OAuth_Custom-Ours-button_label_text': 'Our own',
  'Accounts_OAuth_Custom-Ours-secret': 'a secret of ours',
};

describe('providers.list', () => {
  it('tells every service that can be configured, with what belongs to it', async () => {
    await withRest(
      async (world) => {
        const reply = await world.call({ url: '/api/v1/providers.list', headers: await world.asAdmin() });
        assert.equal(reply.status, 200, reply.text);
        assert.ok(!reply.text.includes('a secret of ours'));
        const providers = reply.json['providers'] as readonly Listed[];
        const services = providers.map(({ service }) => service);
        const all =
          'apple dolphin drupal facebook github github_enterprise gitlab google linkedin meteor-developer nextcloud twitter wordpress ours saml cas ldap';
        assert.deepEqual(services, all.split(' '));
        const of = (service: string): Listed =>
          providers.find((one) => one.service === service) ?? assert.fail(`no ${service}`);
        assert.deepEqual(
          providers.filter(({ on }) => on).map(({ service }) => service),
          ['github', 'ours'],
        );
        assert.deepEqual(of('ours').callbacks, [
          'https://chat.example.org/_oauth/ours',
          'https://chat.example.org/oauth/ours/callback',
        ]);
        assert.equal(of('google').callback, 'https://proxy.example/oauth_redirect');
        assert.deepEqual([of('ours').label, of('ours').kind, of('ldap').callback], ['Our own', 'custom', undefined]);
        assert.equal(of('saml').callback, 'https://chat.example.org/_saml/validate/provider-name');
        assert.deepEqual(of('gitlab').settings.slice(0, 3), [
          'API_Gitlab_URL',
          'Accounts_OAuth_Gitlab_id',
          'Accounts_OAuth_Gitlab_secret',
        ]);
        assert.equal(of('github').settings.at(-1), 'Accounts_OAuth_Github');
        assert.equal(of('ours').settings.at(-1), 'Accounts_OAuth_Custom-Ours');
        for (const { service, settings } of providers) {
          assert.equal(new Set(settings).size, settings.length, service);
          for (const id of settings) assert.ok(definitionOf(id) !== undefined, id);
        }
      },
      { env },
    );
  });

  it('leaves out no setting that a provider has', async () => {
    await withRest(async (world) => {
      const { json } = await world.call({ url: '/api/v1/providers.list', headers: await world.asAdmin() });
      const told = new Set((json['providers'] as readonly Listed[]).flatMap(({ settings }) => settings));
      const shared = /^(?:Accounts_OAuth_(?:Use_Modern_Flow|Proxy_\w+)|API_(?!Gitlab|Wordpress|Drupal|GitHub)\w+)$/u;
      const left = Object.entries(catalogue).flatMap(([id, definition]) =>
        /^(?:Accounts_OAuth_|API_\w+_URL$|SAML_|CAS_|LDAP_)/u.test(id) &&
        !shared.test(id) &&
        !told.has(id) &&
        !('readOnly' in definition)
          ? [id]
          : [],
      );
      assert.deepEqual(left, []);
    });
  });
});

describe('providers.test', () => {
  it('is for whoever may test, and the list for whoever may see settings as well', async () => {
    await withRest(
      async (world) => {
        const admin = await world.asAdmin();
        await world.add('bert');
        const bert = await world.headersOf('bert');
        const list = async (headers: Record<string, string>): Promise<number> =>
          (await world.call({ url: '/api/v1/providers.list', headers })).status;
        const test = async (headers: Record<string, string>): Promise<number> =>
          (await world.call({ url: '/api/v1/providers.test', headers, body: { service: 'ours' } })).status;
        assert.deepEqual([await list(bert), await test(bert)], [403, 403]);
        const body = { permissions: [{ _id: 'view-privileged-setting', roles: ['admin', 'user'] }] };
        assert.equal((await world.call({ url: '/api/v1/permissions.update', headers: admin, body })).status, 200);
        assert.deepEqual([await list(bert), await test(bert)], [200, 403]);
        assert.equal(await test(admin), 200);
        assert.equal((await world.call({ url: '/api/v1/providers.list' })).status, 401);
      },
      { env },
    );
  });

  it('answers in steps, also of what is not there, and refuses what is no name', async () => {
    await withRest(
      async (world) => {
        const headers = await world.asAdmin();
        const test = async (service: unknown) =>
          await world.call({ url: '/api/v1/providers.test', headers, body: { service } });
        const told = await test('ours');
        const steps = told.json['steps'] as readonly { readonly step: string; readonly held: boolean }[];
        assert.deepEqual(
          steps.map(({ step, held }) => [step, held]),
          [
            ['on', true],
            ['client', false],
            ['callback', true],
            ['addresses', false],
          ],
        );
        const unknown = await test('nobody');
        assert.equal(unknown.status, 200);
        assert.equal((unknown.json['steps'] as readonly { readonly step: string }[])[0]?.step, 'service');
        for (const service of [undefined, 7, ['ours'], { $ne: '' }, 'x'.repeat(200)]) {
          assert.equal((await test(service)).status, 400, JSON.stringify(service));
        }
      },
      { env },
    );
  });
});
