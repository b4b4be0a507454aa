import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { keyPair } from '../../../test/certificate.ts';
import { fakeProviders } from '../../../test/fake-providers.ts';
import { catalogue } from '../../core/setting/catalogue.ts';
import { customIds, customKeys } from '../../core/setting/custom-service.ts';
import type { SettingDefinition } from '../../core/setting/definition.ts';
import { loginServiceDocuments } from '../shapes/login-services.ts';
import { withRest } from './rest-world.suite.ts';

type Json = Readonly<Record<string, unknown>>;

const custom = {
  custom: true,
  clientId: 'ours',
  serverURL: 'https://id.example',
  authorizePath: '/auth',
  buttonLabelText: 'Sesame',
  showButton: true,
};

describe('the ways to sign in elsewhere', () => {
  it('are listed whole for browsers, and as buttons for apps', async () => {
    const fake = fakeProviders('google');
    fake.set('facebook', { published: { appId: 'app' } });
    fake.set('twitter', { published: { consumerKey: 'key' } });
    fake.set('apple', { published: { clientId: 'org.example', buttonColor: '#000' } });
    fake.set('sesame', { published: custom });
    await withRest(
      async (world) => {
        const { configurations } = (await world.call({ url: '/api/v1/service.configurations' })).json as {
          configurations: Json[];
        };
        assert.deepEqual(
          configurations.map(({ service }) => service),
          ['google', 'facebook', 'twitter', 'apple', 'sesame'],
        );
        for (const { _id } of configurations) assert.match(String(_id), /^[23456789A-HJ-NP-Za-km-z]{17}$/u);
        assert.equal(new Set(configurations.map(({ _id }) => _id)).size, 5);
        const [google, , , apple, sesame] = configurations;
        assert.deepEqual(google, { _id: google?.['_id'], service: 'google', clientId: 'client of google' });
        assert.deepEqual(sesame, { _id: sesame?.['_id'], service: 'sesame', ...custom });

        const { services } = (await world.call({ url: '/api/v1/settings.oauth' })).json as { services: Json[] };
        const reduced = { buttonLabelText: '', buttonColor: '', buttonLabelColor: '', custom: false };
        const shown = { hideButtonOnMobile: false };
        assert.deepEqual(services, [
          { _id: google?.['_id'], name: 'google', clientId: 'client of google', ...reduced, ...shown },
          { _id: configurations[1]?.['_id'], name: 'facebook', clientId: 'app', ...reduced, ...shown },
          { _id: configurations[2]?.['_id'], name: 'twitter', clientId: 'key', ...reduced, ...shown },
          { ...apple, ...shown },
          { ...sesame, ...shown },
        ]);
      },
      { parts: { providers: fake.providers } },
    );
  });

  it('have the same ids everywhere', async () => {
    const ids: unknown[] = [];
    for (const _node of [1, 2]) {
      await withRest(
        async (world) => {
          const { configurations } = (await world.call({ url: '/api/v1/service.configurations' })).json;
          ids.push((configurations as Json[]).map(({ _id }) => _id));
        },
        { parts: { providers: fakeProviders('google', 'github').providers } },
      );
    }
    assert.deepEqual(ids[0], ids[1]);
  });

  it('are hidden on phones where the browser is to do it, those excepted that phones need', async () => {
    const fake = fakeProviders('google', 'apple', 'wordpress');
    fake.set('sesame', { published: custom });
    await withRest(
      async (world) => {
        const { services } = (await world.call({ url: '/api/v1/settings.oauth' })).json as { services: Json[] };
        assert.deepEqual(
          services.map((one) => [one['name'] ?? one['service'], one['hideButtonOnMobile']]),
          [
            ['google', true],
            ['apple', false],
            ['wordpress', true],
            ['sesame', true],
            ['ldap', false],
          ],
        );
      },
      {
        parts: { providers: fake.providers },
        env: { OVERWRITE_SETTING_Accounts_OAuth_Use_Modern_Flow: 'true', OVERWRITE_SETTING_LDAP_Enable: 'true' },
      },
    );
  });

  it('tell no secret, no key and no certificate, with every service switched on', async () => {
    const marker = 'MARKER-OF-A-SECRET';
    const { certificate, key } = keyPair();
    const env: Record<string, string> = {};
    const set = (id: string, value: string): void => {
      env[`OVERWRITE_SETTING_${id}`] = value;
    };
    for (const [id, definition] of Object.entries<SettingDefinition>(catalogue)) {
      const isService = /^(?:Accounts_OAuth_|API_|CAS_enabled|SAML_Custom_Default$|LDAP_Enable$)/u.test(id);
      if (definition.secret === true) set(id, marker);
      else if (isService && definition.kind === 'boolean' && !id.startsWith('API_')) set(id, 'true');
      else if (isService && definition.kind === 'text' && definition.initial === '') {
        set(id, /url/iu.test(id) ? 'https://service.example' : 'client');
      }
    }
    for (const id of customIds('Sesame')) {
      const end = id.slice('Accounts_OAuth_Custom-Sesame'.length).replace(/^-/u, '') as keyof typeof customKeys;
      const definition: SettingDefinition = customKeys[end];
      const text = definition.secret === true ? marker : 'https://sesame.example';
      if (end === '') set(id, 'true');
      else if (definition.secret === true || end === 'url' || end === 'id') set(id, text);
    }
    set('SAML_Custom_Default_cert', certificate);
    set('SAML_Custom_Default_private_key', key);
    set('SAML_Custom_Default_public_cert', certificate);
    set('SAML_Custom_Default_entry_point', 'https://idp.example/sso');
    set('SAML_Custom_Default_issuer', 'https://here.example');
    set('SAML_Custom_Default_idp_slo_redirect_url', 'https://idp.example/slo');
    set('CAS_base_url', 'https://cas.example');
    set('CAS_login_url', 'https://cas.example/login');
    await withRest(
      async (world) => {
        const told = [
          (await world.call({ url: '/api/v1/service.configurations' })).text,
          (await world.call({ url: '/api/v1/settings.oauth' })).text,
          // As the realtime API publishes them.
          JSON.stringify(loginServiceDocuments(world.app)),
        ];
        for (const text of told) {
          for (const service of ['google', 'github', 'twitter', 'facebook', 'sesame', 'saml', 'cas']) {
            assert.ok(text.includes(service), `${service} is among ${text.slice(0, 200)}`);
          }
          assert.ok(!text.includes(marker));
          for (const pem of [certificate, key]) {
            for (const line of pem.split('\n').filter((one) => one.length > 40)) assert.ok(!text.includes(line));
          }
        }
      },
      { env },
    );
  });
});
