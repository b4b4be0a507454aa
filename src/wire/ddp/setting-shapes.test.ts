import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { catalogue, type SettingId } from '../../core/setting/catalogue.ts';
import type { ListedSetting } from '../../core/setting/settings.ts';
import { privateSetting } from './setting-shapes.ts';

function listed(id: SettingId, source: ListedSetting['source'] = 'catalogue'): ListedSetting {
  const definition = catalogue[id];
  return {
    id,
    value: definition.initial,
    definition,
    source,
    updatedAt: 0,
    blocked: false,
    overridden: false,
    hidden: false,
  };
}

describe('a setting in administration', () => {
  it('says what its editor shows, and where', () => {
    assert.deepEqual(privateSetting(listed('Accounts_PasswordPlaceholder')), {
      _id: 'Accounts_PasswordPlaceholder',
      value: '',
      packageValue: '',
      valueSource: 'packageValue',
      type: 'string',
      i18nLabel: 'Accounts_PasswordPlaceholder',
      i18nDescription: 'Accounts_PasswordPlaceholder_Description',
      sorter: Object.keys(catalogue).indexOf('Accounts_PasswordPlaceholder'),
      group: 'Layout',
      section: 'Sign-in',
      public: true,
      secret: false,
      blocked: false,
      hidden: false,
      _updatedAt: new Date(0),
    });
    assert.equal(privateSetting(listed('Accounts_TwoFactorAuthentication_Enabled'))['sorter'], 0);
  });

  it('says what the environment gave', () => {
    const shape = privateSetting({ ...listed('Site_Name', 'environment'), value: 'Here' });
    assert.equal(shape['valueSource'], 'processEnvValue');
    assert.equal(shape['processEnvValue'], 'Here');
    assert.equal('processEnvValue' in privateSetting(listed('Site_Name', 'administrator')), false);
  });

  it('names the editors of two settings', () => {
    assert.equal(privateSetting(listed('Accounts_CustomFields'))['type'], 'code');
    assert.equal(privateSetting(listed('Language'))['type'], 'language');
  });
});
