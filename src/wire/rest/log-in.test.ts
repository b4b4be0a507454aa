import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { password } from '../../../test/world.ts';
import { sha256Hex } from '../../lib/digest.ts';
import { type RestReply, withRest } from './rest-world.suite.ts';

const url = '/api/v1/login';
const unlimited = { env: { OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false' } };
const unauthorized = '{"success":false,"status":"error","error":"Unauthorized","message":"Unauthorized"}';
const digest = { digest: sha256Hex(password), algorithm: 'sha-256' };

/** Exactly what a new account must be given (rest.md §7.7), in version 8. */
const preferenceKeys =
  'enableAutoAway idleTimeLimit desktopNotificationRequireInteraction desktopNotifications pushNotifications unreadAlert ' +
  'useEmojis convertAsciiEmoji autoImageLoad saveMobileBandwidth collapseMediaByDefault hideUsernames hideRoles ' +
  'hideFlexTab displayAvatars sidebarGroupByType themeAppearence sidebarViewMode sidebarDisplayAvatar sidebarShowUnread ' +
  'sidebarSortby showThreadsInMainChannel alsoSendThreadToChannel sidebarShowFavorites sendOnEnter ' +
  'emailNotificationMode newRoomNotification newMessageNotification muteFocusedConversations notificationsSoundVolume ' +
  'omnichannelTranscriptEmail notifyCalendarEvents enableMobileRinging sidebarSectionsOrder featuresPreview ' +
  'desktopNotificationVoiceCalls masterVolume voipRingerVolume';

function form(fields: Readonly<Record<string, string>>): {
  readonly body: string;
  readonly headers: Record<string, string>;
} {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return { body: new URLSearchParams(fields).toString(), headers };
}

function isIn(reply: RestReply): boolean {
  return reply.status === 200 && typeof (reply.json['data'] as { authToken?: unknown }).authToken === 'string';
}

describe('POST login', () => {
  it('takes every documented form', async () => {
    await withRest(async (world) => {
      await world.add('alice');
      const { text: resume, account } = await world.signIn('alice');
      const bodies: readonly unknown[] = [
        { user: 'alice', password },
        { user: 'ALICE', password },
        { user: 'alice@example.com', password },
        { username: 'alice', password },
        { email: 'Alice@Example.com', password },
        { user: { username: 'alice' }, password },
        { user: { email: 'alice@example.com' }, password },
        { user: { id: account.id }, password },
        { user: 'alice', password: digest },
        { user: 'alice', password, code: '' },
        { user: 'alice', password, code: '123456' },
        { totp: { code: '123456', login: { user: { username: 'alice' }, password: digest } } },
        { ldap: true, username: 'alice', ldapPass: password, ldapOptions: {} },
        { resume },
      ];
      for (const body of bodies) {
        assert.ok(isIn(await world.call({ url, body })), JSON.stringify(body));
      }
      for (const fields of [
        { user: 'alice', password },
        { user: 'alice@example.com', password },
        { username: 'alice', password },
        { resume },
      ]) {
        assert.ok(isIn(await world.call({ url, ...form(fields as Record<string, string>) })), JSON.stringify(fields));
      }
    }, unlimited);
  });

  it('gives the same token back to whoever resumes', async () => {
    await withRest(async (world) => {
      await world.add('alice');
      const { text } = await world.signIn('alice');
      const reply = await world.call({ url, body: { resume: text } });
      assert.equal((reply.json['data'] as { authToken: string }).authToken, text);
    });
  });

  it('answers like the documents, with who is signed in', async () => {
    await withRest(async (world) => {
      await world.add('alice');
      const reply = await world.call({ url, body: { user: 'alice', password } });
      const { status, data, success } = reply.json as {
        status: string;
        success: boolean;
        data: { userId: string; authToken: string; me: Record<string, unknown> };
      };
      assert.deepEqual(Object.keys(reply.json), ['status', 'data', 'success']);
      assert.equal(status, 'success');
      assert.equal(success, true);
      assert.match(data.authToken, /^[A-Za-z0-9_-]{43}$/);
      const { settings, ...me } = data.me;
      assert.deepEqual(me, {
        _id: data.userId,
        name: 'alice',
        emails: [{ address: 'alice@example.com', verified: true }],
        status: 'offline',
        statusConnection: 'offline',
        statusDefault: 'online',
        username: 'alice',
        utcOffset: 0,
        active: true,
        roles: ['user'],
        _updatedAt: '2026-08-20T10:00:00.000Z',
        services: { password: { exists: true } },
        isOAuthUser: false,
        email: 'alice@example.com',
        avatarUrl: 'http://localhost:3000/avatar/alice',
      });
      const { profile, calendar, preferences } = settings as Record<string, Record<string, unknown>>;
      assert.deepEqual([profile, calendar], [{}, {}]);
      assert.equal(preferences?.['enableAutoAway'], true);
      assert.equal(preferences?.['idleTimeLimit'], 300);
      assert.deepEqual(Object.keys(preferences ?? {}).toSorted(), preferenceKeys.split(' ').toSorted());
    });
  });

  const hostile: readonly unknown[] = [
    { user: { $ne: null }, password: 'x' },
    { username: { $gt: '' }, password: 'x' },
    { user: 'alice', password: { $ne: '' } },
    { user: 'alice', password: { digest: { $gt: '' }, algorithm: 'sha-256' } },
    { user: 'alice', password: { digest: digest.digest, algorithm: 'md5' } },
    { user: 'alice', password: { digest: digest.digest, algorithm: 'SHA-256' } },
    { user: 'alice', password: { digest: digest.digest } },
    { user: 'alice', password: { digest: digest.digest.toUpperCase(), algorithm: 'sha-256' } },
    { user: 'alice', password: { digest: `${digest.digest}0`, algorithm: 'sha-256' } },
    { user: 'alice', password: { digest: 'x'.repeat(1_000_000), algorithm: 'sha-256' } },
    { user: 'alice', password: { hashed: digest.digest } },
    { user: 'alice', password: 'x'.repeat(1_000_000) },
    { resume: { $exists: true } },
    { resume: [] },
    { resume: '' },
    { resume: null },
    { resume: 0 },
    { resume: 'x'.repeat(1_000_000) },
    { loginToken: { $exists: false } },
    { cas: { credentialToken: { $gt: '' } } },
    { saml: true, credentialToken: { $ne: '' } },
    { oauth: { credentialToken: { $ne: null }, credentialSecret: { $ne: null } } },
    { serviceName: { $ne: '' }, accessToken: 'x', expiresIn: 1 },
    { serviceName: 'google', accessToken: { $ne: '' }, expiresIn: 1 },
    { user: 'alice', password: 123456 },
    { user: 'alice', password, code: 123456 },
    { user: 'alice', password, code: ['123456'] },
    { user: 'alice', password, code: { $gt: '' } },
    { user: 'alice', password, resume: 'x' },
    { totp: { code: '1', login: { totp: { code: '1', login: { user: { username: 'alice' }, password } } } } },
    { user: ['alice'], password },
    { user: 'alice' },
    { user: 'alice\0', password: 'x' },
    {},
    [],
    'text',
    null,
    0,
    true,
  ];

  it('refuses what is no log-in, always in the same words', async () => {
    await withRest(
      async (world) => {
        await world.add('alice');
        for (const body of hostile) {
          const reply = await world.call({
            url,
            body: JSON.stringify(body),
            headers: { 'content-type': 'application/json' },
          });
          assert.equal(reply.text, unauthorized, JSON.stringify(body).slice(0, 200));
          assert.equal(reply.status, 401);
        }
        for (const text of [
          'user[$ne]=&password[$ne]=',
          'user.$ne=&password=x',
          'user=alice&user=alice&password=x',
          '',
        ]) {
          const reply = await world.call({ url, ...form({}), body: text });
          assert.equal(reply.text, unauthorized, text);
        }
        assert.deepEqual(world.logged, []);
      },
      { env: { ...unlimited.env, OVERWRITE_SETTING_Block_Multiple_Failed_Logins_Enabled: 'false' } },
    );
  });

  it('reads a body only as what it says it is', async () => {
    await withRest(async (world) => {
      await world.add('alice');
      const json = JSON.stringify({ user: 'alice', password });
      const fields = form({ user: 'alice', password }).body;
      const wrong: readonly (readonly [string | undefined, string | Buffer])[] = [
        ['application/json', fields],
        ['application/x-www-form-urlencoded', json],
        ['text/plain', json],
        ['multipart/form-data; boundary=x', json],
        ['application/json; charset=utf-16', Buffer.from(json, 'utf16le')],
        ['application/json', Buffer.concat([Buffer.from(json), Buffer.from([0xff])])],
        ['application/json', '{"__proto__":{"isAdmin":true},"user":"alice","password":"x"}'],
        ['application/json', `{"user":"alice","password":${'['.repeat(100_000)}`],
      ];
      for (const [type, body] of wrong) {
        const reply = await world.call({ url, body, headers: type === undefined ? {} : { 'content-type': type } });
        assert.equal(reply.text, unauthorized, `${type} ${body.toString().slice(0, 80)}`);
      }
      const nonsense = await world.call({ url, body: json, headers: { 'content-type': 'garbage' } });
      assert.equal(nonsense.status, 415);
      assert.equal(nonsense.text, '{"success":false,"error":"Unsupported Media Type"}');
      assert.equal(Object.hasOwn(Object.prototype, 'isAdmin'), false);
      assert.ok(
        isIn(await world.call({ url, body: json, headers: { 'content-type': 'Application/JSON; charset=utf-8' } })),
      );
    }, unlimited);
  });

  it('says nothing of who exists', async () => {
    await withRest(async (world) => {
      await world.add('alice');
      await world.add('closed', { open: false });
      await world.add('bare', { password: undefined });
      for (const user of ['alice', 'nobody', 'closed', 'bare', 'alice@example.com', 'nobody@example.com']) {
        const reply = await world.call({ url, body: { user, password: 'wrong' } });
        assert.equal(reply.text, unauthorized, user);
      }
    }, unlimited);
  });

  it('tells what is wrong with the account to whoever knows its password', async () => {
    await withRest(
      async (world) => {
        await world.add('closed', { open: false });
        await world.add('robot', { kind: 'app' });
        await world.add('new', { email: { address: 'new@example.com', verified: false } });
        const told = async (user: string): Promise<string> =>
          (await world.call({ url, body: { user, password } })).text;
        const at = '"details":{"function":"Accounts.validateLoginAttempt"}';
        assert.equal(
          await told('closed'),
          `{"success":false,"status":"error","error":"error-user-is-not-activated",${at},"message":"User is not activated"}`,
        );
        assert.equal(
          await told('robot'),
          `{"success":false,"status":"error","error":"error-app-user-is-not-allowed-to-login",${at},"message":"App user is not allowed to login"}`,
        );
        assert.equal(
          await told('new'),
          '{"success":false,"status":"error","error":"error-invalid-email","message":"Invalid email __email__"}',
        );
      },
      { env: { ...unlimited.env, OVERWRITE_SETTING_Accounts_EmailVerification: 'true' } },
    );
  });
});
