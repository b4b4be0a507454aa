import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { catalogue } from './catalogue.ts';
import { settingsFromEnvironment } from './environment.ts';

const read = (env: Record<string, string | undefined>) => settingsFromEnvironment(env, catalogue);

describe('settings from the environment', () => {
  it('converts each value to the kind of its setting', () => {
    const { overrides } = read({
      OVERWRITE_SETTING_Accounts_EmailVerification: 'TRUE',
      OVERWRITE_SETTING_Accounts_LoginExpiration: '30',
      OVERWRITE_SETTING_Block_Multiple_Failed_Logins_Time_To_Unblock_By_Ip_In_Minutes: '0.5',
      OVERWRITE_SETTING_Accounts_AllowedDomainsList: 'example.org,example.net',
      OVERWRITE_SETTING_Show_Setup_Wizard: 'completed',
      OVERWRITE_SETTING_Accounts_Default_User_Preferences_sidebarSectionsOrder: '["Teams","Unread"]',
      OVERWRITE_SETTING_Site_Url: 'https://chat.example.org/',
    });
    assert.deepEqual(Object.fromEntries(overrides), {
      Accounts_EmailVerification: true,
      Accounts_LoginExpiration: 30,
      Block_Multiple_Failed_Logins_Time_To_Unblock_By_Ip_In_Minutes: 0.5,
      Accounts_AllowedDomainsList: 'example.org,example.net',
      Show_Setup_Wizard: 'completed',
      Accounts_Default_User_Preferences_sidebarSectionsOrder: ['Teams', 'Unread'],
      Site_Url: 'https://chat.example.org',
    });
  });

  it('keeps overrides and first values apart', () => {
    const { overrides, initial } = read({ Site_Name: 'First', OVERWRITE_SETTING_Site_Name: 'Always' });
    assert.equal(overrides.get('Site_Name'), 'Always');
    assert.equal(initial.get('Site_Name'), 'First');
  });

  const malformed: readonly [string, string, RegExp][] = [
    ['OVERWRITE_SETTING_Accounts_LoginExpiration', 'soon', /must be a whole number from 0 to 36500\.$/],
    ['OVERWRITE_SETTING_Accounts_LoginExpiration', '1.5', /whole number/],
    ['OVERWRITE_SETTING_Accounts_LoginExpiration', '-1', /from 0/],
    ['OVERWRITE_SETTING_Accounts_LoginExpiration', '0x10', /whole number/],
    ['OVERWRITE_SETTING_Accounts_LoginExpiration', '', /whole number/],
    ['OVERWRITE_SETTING_Accounts_LoginExpiration', 'true', /whole number/],
    ['OVERWRITE_SETTING_Accounts_EmailVerification', 'yes', /must be true or false\.$/],
    ['OVERWRITE_SETTING_Site_Name', 'True', /must be a text/],
    ['OVERWRITE_SETTING_Countersign_Password_Hash', 'md5', /must be one of argon2id, bcrypt\.$/],
    ['OVERWRITE_SETTING_Accounts_Default_User_Preferences_sidebarSectionsOrder', '[oops', /must be a JSON list/],
    ['Accounts_LoginExpiration', 'soon', /whole number/],
    ['MAX_RESUME_LOGIN_TOKENS', 'many', /from 1 to 100000/],
    ['DEPLOYMENT_ID', 'true', /must be a text/],
  ];
  for (const [variable, value, sentence] of malformed) {
    it(`stops at ${variable}='${value}' with one sentence that names the variable`, () => {
      assert.throws(
        () => read({ [variable]: value }),
        (thrown: Error) => sentence.test(thrown.message) && thrown.message.startsWith(`${variable} must`),
      );
    });
  }

  it('names ids that are not listed, and goes on', () => {
    const { overrides, unlisted } = read({
      OVERWRITE_SETTING_Livechat_enabled: 'true',
      OVERWRITE_SETTING_toString: 'x',
      SETTINGS_BLOCKED: 'Site_Name, site_name',
    });
    assert.equal(overrides.size, 0);
    assert.deepEqual(unlisted, [
      { variable: 'OVERWRITE_SETTING_Livechat_enabled', id: 'Livechat_enabled' },
      { variable: 'OVERWRITE_SETTING_toString', id: 'toString' },
      { variable: 'SETTINGS_BLOCKED', id: 'site_name' },
    ]);
  });

  it('reads blocked and hidden ids between commas and blanks', () => {
    const { blocked, hidden } = read({ SETTINGS_BLOCKED: ' Site_Name ,Language,', SETTINGS_HIDDEN: 'Site_Url' });
    assert.deepEqual([...blocked], ['Site_Name', 'Language']);
    assert.deepEqual([...hidden], ['Site_Url']);
  });

  it('takes first values under their own names, and the name of the setting wins', () => {
    const { initial } = read({
      Countersign_Token_Pool_Script: '7',
      MAX_RESUME_LOGIN_TOKENS: '20',
      DEPLOYMENT_ID: 'abc',
      PATH: '/bin',
      constructor: 'x',
    });
    assert.deepEqual(Object.fromEntries(initial), {
      Countersign_Token_Pool_Interactive: 20,
      Countersign_Token_Pool_Script: 7,
      uniqueID: 'abc',
    });
  });
});
