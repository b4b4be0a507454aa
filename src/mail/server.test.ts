import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { catalogue, type SettingId } from '../core/setting/catalogue.ts';
import type { Settings } from '../core/setting/settings.ts';
import { MailSettingError, mailServerNow, senderNow } from './server.ts';

function settingsOf(given: Partial<Record<SettingId, unknown>>): Pick<Settings, 'get'> {
  return { get: (id) => (given[id] ?? catalogue[id].initial) as never };
}

describe('the mail server of the settings', () => {
  it('is none without a host, and less than MAIL_URL', () => {
    assert.equal(mailServerNow(undefined, settingsOf({ SMTP_Port: '25' })), undefined);
    assert.equal(mailServerNow('outbox', settingsOf({ SMTP_Host: 'mail.example.org' })), 'outbox');
  });

  it('has the ports of its protocol, and no credentials without a user name', () => {
    const host = 'mail.example.org';
    assert.deepEqual(mailServerNow(undefined, settingsOf({ SMTP_Host: host, SMTP_Password: 'left over' })), {
      host,
      port: 587,
      secure: false,
      ignoreTls: true,
      credentials: undefined,
    });
    const more = { SMTP_Protocol: 'smtps', SMTP_IgnoreTLS: false, SMTP_Username: 'u', SMTP_Password: 'p' };
    assert.deepEqual(mailServerNow(undefined, settingsOf({ SMTP_Host: host, ...more })), {
      host,
      port: 465,
      secure: true,
      ignoreTls: false,
      credentials: { user: 'u', password: 'p' },
    });
  });

  for (const port of ['0', '65536', '25x', '-1', '2 5']) {
    it(`has no port ${port}`, () => {
      const settings = settingsOf({ SMTP_Host: 'mail.example.org', SMTP_Port: port });
      assert.throws(() => mailServerNow(undefined, settings), MailSettingError);
    });
  }
});

describe('the sender', () => {
  for (const [Site_Url, address] of [
    ['https://chat.example.org:8443/sub', 'noreply@chat.example.org'],
    ['http://192.0.2.7:3000', 'noreply@[192.0.2.7]'],
    ['http://[2001:db8::1]:3000', 'noreply@[IPv6:2001:db8::1]'],
    ['no address', 'noreply@localhost'],
  ]) {
    it(`is ${address} where Site_Url is ${Site_Url}`, () => {
      assert.equal(senderNow(settingsOf({ Site_Url })).address, address);
    });
  }

  it('has the name of the site on one line', () => {
    const Site_Name = 'Chat\r\nBcc: eve@example.org';
    assert.equal(senderNow(settingsOf({ Site_Name })).name, 'Chat Bcc: eve@example.org');
    assert.equal(senderNow(settingsOf({ Site_Name, From_Email: 'Desk <desk@example.org>' })).name, 'Desk');
  });

  it('is not what cannot be an address', () => {
    assert.throws(() => senderNow(settingsOf({ From_Email: 'a@b.org\r\nBcc: c@d.org' })), MailSettingError);
  });
});
