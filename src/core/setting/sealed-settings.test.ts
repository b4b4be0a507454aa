import assert from 'node:assert/strict';
import { it } from 'node:test';
import { sealerOf } from '../../lib/seal.ts';
import { sealingSecrets } from './sealed-settings.ts';
import type { SettingStore, StoredSetting } from './store.ts';

function memory(): {
  store: Pick<SettingStore, 'settings' | 'putSettings' | 'resetSettings'>;
  stored: StoredSetting[];
} {
  const stored: StoredSetting[] = [];
  const store = {
    settings: async (): Promise<readonly StoredSetting[]> => await Promise.resolve(stored),
    putSettings: async (settings: readonly StoredSetting[]) => {
      stored.push(...settings);
      await Promise.resolve();
    },
    resetSettings: async (_: readonly string[], fresh: readonly StoredSetting[]) => {
      stored.push(...fresh);
      await Promise.resolve();
    },
  };
  return { store, stored };
}

it('secret settings lie sealed, each for itself, and others as they are', async () => {
  const { store, stored } = memory();
  const sealer = sealerOf(Buffer.alloc(32, 1));
  const settings = sealingSecrets(store, sealer);
  const of = (id: string, value: string): StoredSetting => ({ id, value, source: 'administrator', updatedAt: 1 });
  const given = [of('SMTP_Password', 'opensesame'), of('SMTP_Username', ''), of('Site_Name', 'opensesame')];
  await settings.putSettings(given, []);
  assert.deepEqual(await settings.settings(), given);
  assert.deepEqual(
    stored.map(({ value }) => String(value).includes('opensesame')),
    [false, false, true],
  );
  const [password, username] = stored;
  assert.ok(password !== undefined && username !== undefined);
  stored.splice(0, 2, { ...username, value: password.value });
  await assert.rejects(settings.settings());
  await assert.rejects(sealingSecrets(store, sealerOf(Buffer.alloc(32, 2))).settings());
});
