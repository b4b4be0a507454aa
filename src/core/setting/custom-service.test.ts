import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  customDefinition,
  customIdOf,
  customIdOfVariable,
  customIds,
  customKeys,
  customNameOf,
  customNames,
  customPartsOf,
} from './custom-service.ts';
import { fit, isMeaningful } from './rules.ts';

describe('the name of a custom service', () => {
  it('is lower case without what is no letter, digit or _, and the first letter is upper', () => {
    const made = ['my', 'My-IdP 2', 'a_b', '9x', 'ÄBC'].map(customNameOf);
    assert.deepEqual(made, ['My', 'Myidp2', 'A_b', '9x', 'Bc']);
  });

  it('is never that of another way of signing in, empty, or long without end', () => {
    for (const name of ['Google', 'git-lab', 'SAML', 'ldap', 'GitHub_Enterprise', '', '-', 'x'.repeat(65)]) {
      assert.equal(customNameOf(name), undefined, name);
    }
  });
});

describe('the settings of a custom service', () => {
  it('are known by their ids, letter by letter', () => {
    assert.deepEqual(customPartsOf('Accounts_OAuth_Custom-My'), { name: 'My', key: '' });
    assert.deepEqual(customPartsOf('Accounts_OAuth_Custom-My_x-token_path'), { name: 'My_x', key: 'token_path' });
    for (const id of [
      'Accounts_OAuth_Custom-my',
      'Accounts_OAuth_Custom-My-',
      'Accounts_OAuth_Custom-My-nothing',
      'Accounts_OAuth_Custom-My-url-x',
      'Accounts_OAuth_Custom-My-__proto__',
      'Accounts_OAuth_Custom-My-constructor',
      'Accounts_OAuth_Custom-Google',
      'Accounts_OAuth_Custom-',
      'Accounts_OAuth_Custom',
      'Site_Name',
    ]) {
      assert.equal(customPartsOf(id), undefined, id);
      assert.equal(customDefinition(id), undefined, id);
    }
  });

  it('have the initial values of the contract, which fit, and one secret', () => {
    for (const [key, definition] of Object.entries(customKeys)) {
      assert.ok(fit(definition, definition.initial).fits, key);
      assert.ok(isMeaningful(definition, definition.initial).held, key);
      assert.match(definition.about, /^[A-Z][^\n]{8,}[^.]\.$/u, key);
    }
    const { '': on, secret, ...others } = customKeys;
    assert.deepEqual([on.initial, secret.initial, secret.secret], [false, '', true]);
    const ours = ['issuer', 'jwks_url', 'introspection_url', 'allow_unproved_tokens', 'groups_channel_map'];
    const initial = Object.entries(others).filter(([key]) => !ours.includes(key));
    assert.deepEqual(Object.fromEntries(initial.map(([key, definition]) => [key, definition.initial])), {
      url: '',
      token_path: '/oauth/token',
      token_sent_via: 'payload',
      identity_token_sent_via: 'default',
      identity_path: '/me',
      authorize_path: '/oauth/authorize',
      scope: 'openid',
      access_token_param: 'access_token',
      id: '',
      login_style: 'popup',
      button_label_text: '',
      button_label_color: '#FFFFFF',
      button_color: '#1d74f5',
      key_field: 'username',
      username_field: '',
      email_field: '',
      name_field: '',
      avatar_field: '',
      roles_claim: 'roles',
      groups_claim: 'groups',
      channels_admin: 'rocket.cat',
      map_channels: false,
      merge_roles: false,
      roles_to_sync: '',
      merge_users: false,
      merge_users_distinct_services: false,
      show_button: true,
    });
  });

  it('make a service by the first of them alone', () => {
    const ids = [customIdOf('B', 'url'), ...customIds('Two'), customIdOf('One', ''), 'Site_Name'];
    assert.deepEqual(customNames(ids), ['One', 'Two']);
  });

  it('are named by variables in two forms, of which the one for shells ends the name at its first _', () => {
    const named = {
      'Accounts_OAuth_Custom_Keycloak': 'Accounts_OAuth_Custom-Keycloak',
      'Accounts_OAuth_Custom_myIdP_token_path': 'Accounts_OAuth_Custom-Myidp-token_path',
      'Accounts_OAuth_Custom-my_idp-secret': 'Accounts_OAuth_Custom-My_idp-secret',
      'Accounts_OAuth_Custom_my_idp': undefined,
      'Accounts_OAuth_Custom_Google': undefined,
      'Accounts_OAuth_Custom_': undefined,
      'Accounts_OAuth_Customs': undefined,
    };
    for (const [variable, id] of Object.entries(named)) assert.equal(customIdOfVariable(variable), id, variable);
  });
});
