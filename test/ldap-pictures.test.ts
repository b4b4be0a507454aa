// Pictures and custom fields that a directory has, at sign-ins and in runs, against a real OpenLDAP (providers.md §4.1).
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Account } from '../src/core/account/account.ts';
import type { SyncReport } from '../src/core/directory/directory.ts';
import type { SyncOptions } from '../src/core/directory/sync-needs.ts';
import { fakeProviders, identityOf } from './fake-providers.ts';
import { samplePicture } from './sample-picture.ts';
import { openSlapd, type Slapd, slapdMissing } from './slapd.ts';
import { directoryPassword, personLdif } from './slapd-ldif.ts';
import { caller, openWorld, type World } from './world.ts';

const people = 'ou=people,dc=example,dc=test';
const missing = slapdMissing();
const runs = caller({ door: 'cli', address: '' });

const line = (attribute: string, file: Buffer): string => `${attribute}:: ${file.toString('base64')}`;

function replaced(uid: string, attribute: string, file?: Buffer): string {
  const value = file === undefined ? '' : `${line(attribute, file)}\n`;
  return `dn: uid=${uid},${people}\nchangetype: modify\nreplace: ${attribute}\n${value}\n`;
}

describe('pictures and fields of a directory', { skip: missing ?? false }, () => {
  let slapd: Slapd;
  const open: World[] = [];
  const elsewhere = fakeProviders('ours');
  before(async () => {
    slapd = await openSlapd();
  });
  after(async () => {
    for (const world of open) await world.close();
    await slapd.stop();
  });

  async function ground(department: string, settings: Readonly<Record<string, string>> = {}) {
    const own = { LDAP_User_Search_Filter: `(&(objectClass=inetOrgPerson)(department=${department}))`, ...settings };
    const env = Object.fromEntries(Object.entries(own).map(([id, value]) => [`OVERWRITE_SETTING_${id}`, value]));
    const logged: unknown[] = [];
    const log = (...told: readonly unknown[]): void => {
      logged.push(told);
    };
    const world = await openWorld({
      env: { ...slapd.env, ...env },
      parts: { log, providers: elsewhere.providers },
    });
    open.push(world);
    const find = async (uid: string): Promise<Account> =>
      (await world.store.accounts.find({ by: 'username', value: uid })) ?? assert.fail(uid);
    return {
      world,
      logged,
      find,
      signIn: async (uid: string): Promise<Account> => {
        const claim = { by: 'username', value: uid } as const;
        return (await world.app.directory.logIn(claim, directoryPassword(uid), caller())).account;
      },
      run: async (options: Partial<SyncOptions> = {}): Promise<SyncReport> => {
        world.clock.move(1_000);
        return (await world.app.directory.sync({ caller: runs, ...options })) ?? assert.fail('another run goes on');
      },
      written: async (uid: string): Promise<number> => {
        const entries = await world.store.audit.newest(100, (await find(uid)).id);
        return entries.filter(({ what }) => what.startsWith('avatar.')).length;
      },
    };
  }

  const add = async (department: string, uids: readonly string[], more: readonly string[] = []): Promise<void> => {
    const entries = uids.map((uid) =>
      personLdif(uid, [`department: ${department}`, `mail: ${uid}@example.test`, ...more]),
    );
    await slapd.apply(entries.join(''));
  };

  it('come with a sign-in, are written once, follow the entry and go with it', async () => {
    await add('p1', ['pia'], [line('thumbnailPhoto', samplePicture(1))]);
    const { world, signIn, written, find } = await ground('p1');
    const first = await signIn('pia');
    assert.match(first.avatarTag ?? '', /^ldap-[0-9a-f]{32}$/u);
    const shown = await world.app.avatar.of('pia');
    assert.deepEqual([shown?.mediaType, shown?.tag], ['image/jpeg', first.avatarTag]);
    assert.ok(!Buffer.from(shown?.bytes ?? []).includes('Exif'), 'only what shows it is kept');
    assert.equal((await signIn('pia')).avatarTag, first.avatarTag);
    assert.equal(await written('pia'), 1);
    await slapd.apply(replaced('pia', 'thumbnailPhoto', samplePicture(2)));
    const second = await signIn('pia');
    assert.notEqual(second.avatarTag, first.avatarTag);
    assert.equal(await written('pia'), 2);
    await slapd.apply(replaced('pia', 'thumbnailPhoto'));
    assert.equal((await signIn('pia')).avatarTag, undefined);
    assert.equal((await find('pia')).avatarTag, undefined);
    assert.equal(await world.app.avatar.of('pia'), undefined);
  });

  it('never stop a sign-in or a run when they are refused, and are reported', async () => {
    const refused: readonly (readonly [string, Buffer])[] = [
      ['text', Buffer.from('<svg onload="alert(1)"/>')],
      ['vast', samplePicture(1, 20_000)],
      ['long', Buffer.concat([samplePicture(1), Buffer.alloc(300_000)])],
    ];
    for (const [uid, file] of refused) await add('p2', [uid], [line('thumbnailPhoto', file)]);
    await add('p2', ['good'], [line('thumbnailPhoto', samplePicture(3))]);
    const settings = { LDAP_Background_Sync_Avatars: 'true', Countersign_Avatar_Bytes: '200000' };
    const { signIn, logged, run } = await ground('p2', settings);
    for (const [uid] of refused) assert.equal((await signIn(uid)).avatarTag, undefined, uid);
    const told = JSON.stringify(logged);
    assert.equal(told.split('cannot be taken').length - 1, 3, told);
    const report = await run();
    assert.deepEqual([report.failed, report.pictures, report.created, report.unchanged], [undefined, 1, 1, 3]);
    assert.deepEqual(report.skipped.map(({ dn, because }) => `${dn.split(',')[0] ?? ''} ${because}`).toSorted(), [
      'uid=long avatar-too-large',
      'uid=text avatar-invalid',
      'uid=vast avatar-invalid',
    ]);
  });

  it('leave the picture that somebody has chosen, until it is taken back', async () => {
    await add('p3', ['own'], [line('thumbnailPhoto', samplePicture(4))]);
    const { world, signIn, find, run } = await ground('p3', { LDAP_Background_Sync_Avatars: 'true' });
    const claim = { by: 'username', value: 'own' } as const;
    const done = await world.app.directory.logIn(claim, directoryPassword('own'), caller());
    const signed = { account: done.account, token: done.token };
    await world.app.avatar.put(signed, done.account, samplePicture(5), caller());
    const chosen = (await find('own')).avatarTag;
    assert.equal((await signIn('own')).avatarTag, chosen);
    assert.equal((await run()).pictures, 0);
    assert.equal((await find('own')).avatarTag, chosen);
    await world.app.avatar.reset(signed, await find('own'), caller());
    assert.match((await signIn('own')).avatarTag ?? '', /^ldap-/u);
  });

  it('come in a run only where that is set, once, and a dry run tells and writes nothing', async () => {
    const { run, find, world, written } = await ground('p4');
    await add('p4', ['r1', 'r2'], [line('jpegPhoto', jfif(samplePicture(6)))]);
    await add('p4', ['r3']);
    assert.deepEqual([(await run({ dryRun: true })).pictures, (await run()).pictures], [0, 0]);
    await world.app.settings.write([{ id: 'LDAP_Background_Sync_Avatars', value: true }], {
      caller: runs,
      accountId: undefined,
      asHost: true,
    });
    assert.equal((await run({ dryRun: true })).pictures, 2);
    assert.equal((await find('r1')).avatarTag, undefined);
    assert.equal((await run()).pictures, 2);
    assert.deepEqual([(await run()).pictures, await written('r1'), await written('r3')], [0, 1, 0]);
    assert.match((await find('r2')).avatarTag ?? '', /^ldap-/u);
  });

  it('are left alone where that is switched off, and taken from the field that is named', async () => {
    await add('p5', ['f1'], [line('thumbnailPhoto', samplePicture(7)), line('blob', samplePicture(8))]);
    const off = await ground('p5', { LDAP_Sync_User_Avatar: 'false', LDAP_Background_Sync_Avatars: 'true' });
    assert.equal((await off.signIn('f1')).avatarTag, undefined);
    assert.equal((await off.run()).pictures, 0);
    const usual = await ground('p5');
    const named = await ground('p5', { LDAP_Avatar_Field: 'nothing, blob' });
    assert.notEqual((await usual.signIn('f1')).avatarTag, (await named.signIn('f1')).avatarTag);
  });

  it('are copied to custom fields at a sign-in, as far as they fit, and to no path', async () => {
    await add('p6', ['c1'], ['givenName: Cleo', 'employeeNumber: 7']);
    const { signIn, world, logged } = await ground('p6', {
      LDAP_Sync_Custom_Fields: 'true',
      LDAP_CustomFieldMap:
        '{"department":"team","#{givenName} #{sn}":"called","employeeNumber":"customFields.number","mail":"a.b","cn":"__proto__","sn":"$set"}',
    });
    const { customFields } = await signIn('c1');
    assert.deepEqual(customFields, { team: 'p6', called: 'Cleo Example', number: '7' });
    await world.app.settings.write(
      [{ id: 'Accounts_CustomFields', value: '{"team":{"type":"select","options":["other"]}}' }],
      { caller: runs, accountId: undefined, asHost: true },
    );
    await slapd.apply(replaced('c1', 'employeeNumber', Buffer.from('8')));
    assert.equal((await signIn('c1')).customFields['number'], '7');
    assert.match(JSON.stringify(logged), /custom-field-invalid/u);
  });

  it('follow by OAuth only where that is set, and only for accounts of the directory', async () => {
    await add('p7', ['o1'], [line('thumbnailPhoto', samplePicture(9))]);
    const off = await ground('p7');
    const on = await ground('p7', { LDAP_Update_Data_On_OAuth_Login: 'true' });
    const byOauth = async ({ world }: typeof on, subject: string, more: Parameters<typeof identityOf>[2]) => {
      const identity = identityOf('ours', subject, more);
      return (await world.app.external.logInAs('ours', async () => await Promise.resolve(identity), caller())).account;
    };
    for (const place of [off, on]) {
      const known = await place.signIn('o1');
      const email = { address: 'o1@example.test', asserted: true };
      await byOauth(place, '1', { emails: [email], joins: { byEmail: true, byUsername: false } });
      assert.equal((await place.find('o1')).id, known.id);
    }
    await slapd.apply(
      replaced('o1', 'cn', Buffer.from('Olga Other')) + replaced('o1', 'thumbnailPhoto', samplePicture(10)),
    );
    const [left, followed] = [await off.find('o1'), await on.find('o1')];
    const stays = await byOauth(off, '1', { emails: [] });
    assert.deepEqual([stays.name, stays.avatarTag], [left.name, left.avatarTag]);
    const now = await byOauth(on, '1', { emails: [] });
    assert.equal(now.name, 'Olga Other');
    assert.notEqual(now.avatarTag, followed.avatarTag);
    // Whoever is called like somebody of the directory is not them.
    const stranger = await byOauth(on, '2', { username: 'o2', emails: [], name: 'Stranger' });
    await add('p7', ['o2']);
    assert.equal((await byOauth(on, '2', { username: 'o2', emails: [], name: 'Stranger' })).name, stranger.name);
    // A directory that is gone stops nobody.
    await slapd.apply(`dn: uid=o1,${people}\nchangetype: delete\n\n`);
    assert.equal((await byOauth(on, '1', { emails: [] })).id, now.id);
  });
});

/** OpenLDAP takes as `jpegPhoto` only what begins as a JFIF file does. */
function jfif(picture: Buffer): Buffer {
  const head = Buffer.from([0xff, 0xe0, 0, 16, ...Buffer.from('JFIF\0'), 1, 1, 0, 0, 1, 0, 1, 0, 0]);
  return Buffer.concat([picture.subarray(0, 2), head, picture.subarray(2)]);
}
