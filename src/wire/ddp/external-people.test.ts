import assert from 'node:assert/strict';
import { it } from 'node:test';
import { fakeProviders, identityOf } from '../../../test/fake-providers.ts';
import { errorOf, within } from './ddp-world.suite.ts';

it('somebody from a provider who brings no username chooses one', async () => {
  await within(
    async ({ app, client }) => {
      const identity = identityOf('google', '42', { username: undefined, name: 'Ada' });
      const credentialToken = 'credential-of-ada-on-a-socket';
      const credentialSecret = await app.external.keepCredential('oauth', credentialToken, 'google', { identity });
      const ada = client();
      const frames = await ada.call('login', { oauth: { credentialToken, credentialSecret } });
      const result = frames.find(({ msg }) => msg === 'result')?.['result'] as Readonly<Record<string, unknown>>;
      assert.equal(result['type'], 'google');
      const account = await app.account.byId(String(result['id']));
      assert.deepEqual([account?.username, account?.name, account?.hasPassword], [undefined, 'Ada', false]);
      const users = frames.filter(({ collection }) => collection === 'users');
      assert.ok(users.length > 0);
      assert.ok(users.every(({ fields }) => !Object.hasOwn(fields as object, 'username')));
      assert.equal((await ada.ask('setUsername', 'ada'))['result'], 'ada');
      assert.equal((await app.account.byId(String(result['id'])))?.username, 'ada');
      const again = client();
      const error = errorOf(await again.ask('login', { oauth: { credentialToken, credentialSecret } }));
      assert.equal(error['reason'], 'No matching login attempt found', 'a credential is good once');
    },
    { parts: { providers: fakeProviders('google').providers } },
  );
});
