import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { openSqlite } from '../src/stores/sqlite/open.ts';
import { kinds, openDdpWorld, within } from '../src/wire/ddp/ddp-world.suite.ts';
import { fakeProviders } from './fake-providers.ts';
import { caller } from './world.ts';

const name = 'meteor.loginServiceConfiguration';
const collection = 'meteor_accounts_loginServiceConfiguration';
const setting = 'Accounts_OAuth_Use_Modern_Flow';

describe('the ways to sign in elsewhere, published', () => {
  it('stand in the collection of their name, without an id among the fields', async () => {
    await within(
      async ({ client }) => {
        const [document, ready] = await client().sub('a', name);
        assert.deepEqual(document, {
          msg: 'added',
          collection,
          id: document?.['id'],
          fields: { service: 'github', clientId: 'client of github' },
        });
        assert.equal(String(document?.['id']).length, 17);
        assert.deepEqual(ready, { msg: 'ready', subs: ['a'] });
      },
      { parts: { providers: fakeProviders('github').providers } },
    );
  });

  it('appear, change and vanish on every open subscription when another node changes a setting', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-services-'));
    const fakes = [fakeProviders('github'), fakeProviders('github')] as const;
    const worldOf = async (fake: (typeof fakes)[number]) =>
      await openDdpWorld({
        parts: { providers: fake.providers },
        open: async (clock) => await openSqlite({ file: join(folder, 'nodes.db'), clock }),
      });
    const [one, other] = [await worldOf(fakes[0]), await worldOf(fakes[1])];
    try {
      const client = one.client();
      await client.sub('a', name);
      let on = false;
      const change = async (act: (fake: (typeof fakes)[number]) => void): Promise<void> => {
        for (const fake of fakes) act(fake);
        on = !on;
        await other.app.host.changeSetting(setting, on, caller({ door: 'cli' }));
      };
      await change((fake) => {
        fake.set('google');
      });
      await client.until(() => client.frames.length === 1);
      assert.deepEqual(client.frames[0]?.['fields'], { service: 'google', clientId: 'client of google' });
      const id = client.take()[0]?.['id'];
      await change((fake) => {
        fake.set('google', { published: { clientId: 'another' } });
      });
      await client.until(() => client.frames.length === 1);
      assert.deepEqual(client.take(), [{ msg: 'changed', collection, id, fields: { clientId: 'another' } }]);
      await change((fake) => {
        fake.remove('google');
      });
      await client.until(() => client.frames.length === 1);
      assert.deepEqual(client.take(), [{ msg: 'removed', collection, id }]);
      await change(() => undefined);
      await client.sub('b', name);
      assert.deepEqual(kinds(client.take()), [], 'what is as before is told to nobody');
    } finally {
      await one.close();
      await other.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('follow a custom service from its first setting to its end', async () => {
    await within(async ({ app, client, add, signIn }) => {
      const host = caller({ door: 'cli', address: '' });
      await add('root', { roles: ['admin'] });
      const root = await signIn('root');
      const one = client();
      assert.deepEqual(kinds(await one.sub('a', name)), ['ready']);
      await app.setting.addOauthService(root, 'sesame', host);
      const set = async (key: string, value: unknown): Promise<void> => {
        await app.host.changeSetting(`Accounts_OAuth_Custom-Sesame${key}`, value, host);
      };
      await set('-url', 'https://sesame.example');
      await set('-id', 'ours');
      await set('-secret', 'hidden from all');
      await set('', true);
      await one.until(() => one.frames.length === 1);
      const [added] = one.take();
      const fields = added?.['fields'] as Readonly<Record<string, unknown>>;
      assert.deepEqual(
        [added?.['msg'], fields['service'], fields['custom'], fields['clientId']],
        ['added', 'sesame', true, 'ours'],
      );
      assert.doesNotMatch(JSON.stringify(added), /hidden from all/u);
      await set('-button_label_text', 'Open');
      await one.until(() => one.frames.length === 1);
      assert.deepEqual(one.take()[0]?.['fields'], { buttonLabelText: 'Open' });
      await app.setting.removeOauthService(root, 'sesame', host);
      await one.until(() => one.frames.length === 1);
      assert.deepEqual(one.take(), [{ msg: 'removed', collection, id: added?.['id'] }]);
    });
  });
});
