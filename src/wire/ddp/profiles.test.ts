import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { caller, password } from '../../../test/world.ts';
import { sha256Hex } from '../../lib/digest.ts';
import { type Client, type DdpWorld, errorOf, type Frame, within } from './ddp-world.suite.ts';

const gif = Buffer.from(
  'GIF89a\x02\0\x03\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x02\0\x03\0\0\x02\x02\x44\x01\0;',
  'latin1',
);
const address = `data:image/gif;base64,${gif.toString('base64')}`;

function eventOf(frames: readonly Frame[], name: string): unknown {
  const frame = frames.find(({ fields }) => (fields as Frame | undefined)?.['eventName'] === name);
  return (frame?.['fields'] as Frame | undefined)?.['args'];
}

async function heard(client: Client, name: string): Promise<unknown> {
  await client.until(() => eventOf(client.frames, name) !== undefined);
  return eventOf(client.take(), name);
}

async function asRoot({ add, app }: DdpWorld) {
  await add('root', { roles: ['admin'] });
  const { account, token } = await app.session.logIn({ by: 'username', value: 'root' }, { plain: password }, caller());
  return { account, token };
}

describe('a change of a profile', () => {
  it('is told to its owner field by field, and its name to all who listen', async () => {
    await within(async (world) => {
      const ada = await world.add('ada');
      await world.add('bob');
      const root = await asRoot(world);
      const own = await world.signedIn('ada');
      const other = await world.signedIn('bob');
      await own.sub('own', 'stream-notify-user', `${ada.id}/userData`, false);
      await other.sub('names', 'stream-notify-logged', 'Users:NameChanged', false);
      const change = { username: 'countess', bio: 'b', email: 'c@example.com', customFields: { floor: 1 } };
      await world.app.account.edit(root, ada, change, caller());
      const [event] = (await heard(own, `${ada.id}/userData`)) as Frame[];
      const diff = event?.['diff'] as Frame;
      assert.deepEqual(
        [event?.['type'], diff['username'], diff['bio'], diff['emails'], diff['customFields']],
        ['updated', 'countess', 'b', [{ address: 'c@example.com', verified: false }], { floor: 1 }],
      );
      assert.deepEqual(await heard(other, 'Users:NameChanged'), [{ _id: ada.id, username: 'countess', name: 'ada' }]);
      const again = await world.app.account.byId(ada.id);
      await world.app.account.edit(root, again ?? ada, { bio: '' }, caller());
      const [cleared] = (await heard(own, `${ada.id}/userData`)) as Frame[];
      assert.deepEqual(cleared?.['unset'], { bio: 1 });
    });
  });

  it('of the picture is told to all who listen, and the end of the account, too', async () => {
    await within(async (world) => {
      const ada = await world.add('ada');
      await world.add('bob');
      const root = await asRoot(world);
      const own = await world.signedIn('ada');
      const other = await world.signedIn('bob');
      await other.sub('a', 'stream-notify-logged', 'updateAvatar', false);
      await other.sub('b', 'stream-notify-logged', 'Users:Deleted', false);
      assert.equal(errorOf(await own.ask('setAvatarFromService', address, 'image/gif', 'upload'))['error'], undefined);
      const tag = (await world.app.account.byId(ada.id))?.avatarTag;
      assert.ok(tag !== undefined);
      assert.deepEqual(await heard(other, 'updateAvatar'), [{ username: 'ada', etag: tag }]);
      await own.ask('resetAvatar');
      assert.deepEqual(await heard(other, 'updateAvatar'), [{ username: 'ada' }]);
      assert.equal((await world.app.account.byId(ada.id))?.avatarTag, undefined);
      await world.app.account.remove(root, ada, caller());
      assert.deepEqual(await heard(other, 'Users:Deleted'), [{ userId: ada.id }]);
    });
  });
});

describe('methods of old clients', () => {
  it('edit one’s own profile, and ask for a second factor for an address and a password', async () => {
    await within(async (world) => {
      const ada = await world.add('ada');
      const own = await world.signedIn('ada');
      const save = async (...params: unknown[]) => await own.ask('saveUserProfile', ...params);
      assert.equal((await save({ realname: 'Ada', bio: 'b' }, { floor: 1 }))['result'], true);
      const account = await world.app.account.byId(ada.id);
      assert.deepEqual([account?.name, account?.bio, account?.customFields], ['Ada', 'b', { floor: 1 }]);
      const typedPassword = sha256Hex(password);
      assert.equal(errorOf(await save({ email: 'new@example.com' }))['error'], 'totp-required');
      assert.equal(errorOf(await own.ask('setEmail', 'new@example.com'))['error'], 'totp-required');
      const wrong = { email: 'new@example.com', typedPassword: sha256Hex('wrong') };
      assert.equal(errorOf(await save(wrong))['error'], 'totp-invalid');
      assert.equal((await save({ email: 'new@example.com', typedPassword }))['result'], true);
      const code = { twoFactorCode: typedPassword, twoFactorMethod: 'password' };
      const fresh = 'an Entirely other pass-phrase 77';
      assert.equal(
        errorOf(await save({ newPassword: fresh }, {}, { ...code, twoFactorCode: { $ne: '' } }))['error'],
        400,
      );
      assert.equal((await save({ newPassword: fresh }, {}, code))['result'], true);
      await world.signIn('ada', fresh);
      world.timers.pass(20_000);
      await world.add('bob');
      for (const username of ['bob', 'admin', 'a b']) {
        const { error, reason } = errorOf(await save({ username }));
        assert.deepEqual([error, reason], ['error-could-not-save-identity', 'Could not save user identity'], username);
      }
      world.timers.pass(20_000);
      for (const given of [{ realname: { $ne: '' } }, { username: ['x'] }, { statusType: 'asleep' }, [], 'x', null]) {
        assert.equal(errorOf(await save(given))['error'], 400, JSON.stringify(given));
      }
    });
  });

  it('save preferences of a closed list', async () => {
    await within(async (world) => {
      const ada = await world.add('ada');
      const own = await world.signedIn('ada');
      const save = async (given: unknown) => await own.ask('saveUserPreferences', given);
      assert.equal((await save({ useEmojis: false, language: 'de' }))['result'], true);
      const account = await world.app.account.byId(ada.id);
      assert.deepEqual([account?.preferences, account?.language], [{ useEmojis: false }, 'de']);
      for (const given of [
        { nonsense: 1 },
        { useEmojis: 'no' },
        { highlights: [{}] },
        { dontAskAgainList: [{ action: 'a', evil: 1 }] },
        { dontAskAgainList: [{ label: 'l' }] },
        { constructor: true },
        ['x'],
      ]) {
        assert.equal(errorOf(await save(given))['error'], 400, JSON.stringify(given));
      }
      const lists = { dontAskAgainList: [{ action: 'a', label: 'l' }], highlights: ['x'], masterVolume: 50 };
      assert.equal((await save(lists))['result'], true);
    });
  });

  it('take pictures from data: addresses alone, and those of others with the permission', async () => {
    await within(async (world) => {
      await world.add('ada');
      const bob = await world.add('bob');
      const own = await world.signedIn('ada');
      const set = async (...params: unknown[]) => errorOf(await own.ask('setAvatarFromService', ...params))['error'];
      assert.equal(await set('http://127.0.0.1/a.png', '', 'url'), 'error-avatar-invalid-url');
      assert.equal(await set({ $ne: 1 }, '', 'url'), 400);
      assert.equal(await set(address, '', 'upload', bob.id), 'not-authorized');
      assert.equal(errorOf(await own.ask('resetAvatar', bob.id))['error'], 'not-authorized');
      assert.equal(
        await set(`data:image/png;base64,${Buffer.from('<svg/>').toString('base64')}`),
        'error-avatar-invalid',
      );
      assert.deepEqual((await own.ask('getAvatarSuggestion'))['result'], {});
    });
  });

  it('delete one’s own account against the password, where a setting lets people', async () => {
    await within(
      async (world) => {
        const ada = await world.add('ada');
        const own = await world.signedIn('ada');
        const refused = await own.ask('deleteUserOwnAccount', sha256Hex('wrong'));
        assert.equal(errorOf(refused)['error'], 'error-invalid-password');
        own.say({ msg: 'method', id: 'x', method: 'deleteUserOwnAccount', params: [sha256Hex(password)] });
        await own.until(() => own.end !== undefined || own.frames.some(({ id }) => id === 'x'));
        assert.equal(await world.app.account.byId(ada.id), undefined);
      },
      { env: { OVERWRITE_SETTING_Accounts_AllowDeleteOwnAccount: 'true' } },
    );
  });

  it('make and edit accounts with the permissions for it, and with a second factor', async () => {
    await within(async (world) => {
      const ada = await world.add('ada');
      await world.add('bob');
      await world.add('boss', { roles: ['admin'] });
      const boss = await world.signedIn('boss');
      const bob = await world.signedIn('bob');
      const code = { twoFactorCode: sha256Hex(password), twoFactorMethod: 'password' };
      const ask = async (client: Client, user: unknown) => await client.ask('insertOrUpdateUser', user, code);
      const eve = { name: 'Eve', username: 'eve', email: 'eve@example.com', password: 'x', roles: ['user'] };
      const { result } = await ask(boss, eve);
      const made = await world.app.account.find({ by: 'username', value: 'eve' });
      assert.equal(result, made?.id);
      assert.equal((await ask(boss, { _id: ada.id, name: 'Ada', verified: true }))['result'], true);
      assert.equal((await world.app.account.byId(ada.id))?.name, 'Ada');
      assert.equal((await ask(boss, { _id: ada.id, email: 'lovelace@example.com' }))['result'], true);
      const link = world.mails.find(({ kind }) => kind === 'email-verification');
      assert.deepEqual(link?.to, ['lovelace@example.com']);
      assert.equal(errorOf(await ask(bob, eve))['error'], 'not-authorized');
      // Who may not make accounts is not told what is the matter with this one.
      assert.equal(errorOf(await ask(bob, { ...eve, bio: 'b'.repeat(261) }))['error'], 'not-authorized');
      assert.equal(errorOf(await ask(bob, { ...eve, password: '' }))['error'], 'not-authorized');
      for (const missing of ['username', 'password']) {
        const refused = errorOf(await ask(boss, { ...eve, [missing]: undefined }));
        assert.equal(refused['error'], 'error-the-field-is-required', missing);
      }
      assert.equal(errorOf(await ask(bob, { _id: ada.id, name: 'x' }))['error'], 'error-action-not-allowed');
      world.timers.pass(20_000);
      for (const user of [{ _id: { $ne: '' } }, { ...eve, roles: 'admin' }, { ...eve, verified: 'yes' }, [], null]) {
        assert.equal(errorOf(await ask(boss, user))['error'], 400, JSON.stringify(user));
      }
      const bobs = await world.app.account.find({ by: 'username', value: 'bob' });
      const own = await bob.ask('insertOrUpdateUser', { _id: bobs?.id, email: 'new@example.com' });
      assert.equal(errorOf(own)['error'], 'totp-required');
      world.clock.move(3_600_000);
      assert.equal(errorOf(await boss.ask('insertOrUpdateUser', eve))['error'], 'totp-required');
    });
  });

  it('open, close and delete accounts with the permissions for it', async () => {
    await within(async (world) => {
      const ada = await world.add('ada');
      await world.add('bob');
      await world.add('boss', { roles: ['admin'] });
      const boss = await world.signedIn('boss');
      const bob = await world.signedIn('bob');
      for (const method of ['deleteUser', 'setUserActiveStatus']) {
        assert.equal(errorOf(await bob.ask(method, ada.id, false))['error'], 'not-authorized');
        assert.equal(errorOf(await boss.ask(method, { $ne: 1 }, false))['error'], 400);
        assert.equal(errorOf(await boss.ask(method, 'nobody', false))['error'], 'error-invalid-user');
      }
      assert.equal((await boss.ask('setUserActiveStatus', ada.id, false))['result'], true);
      assert.equal((await world.app.account.byId(ada.id))?.open, false);
      assert.equal((await boss.ask('deleteUser', ada.id))['result'], true);
      assert.equal(await world.app.account.byId(ada.id), undefined);
    });
  });
});
