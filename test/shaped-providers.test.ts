import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RedirectProvider } from '../src/core/external-login/provider.ts';
import { Fault } from '../src/core/fault.ts';
import { environmentOf } from './oauth-client.ts';
import { providerSuite } from './provider.suite.ts';
import { openDiscoveredStub, openShapedStub, type ShapedStub, shapedStubs } from './shaped-stubs.ts';
import { openWorld } from './world.ts';

const email = 'ada@example.org';
const asserted = [{ address: email, asserted: true }];
const told = [{ address: email, asserted: false }];
const name = 'Ada Lovelace';
const byEmail = { byEmail: true, byUsername: false };
const never = { byEmail: false, byUsername: false };
const steps = ['token', 'identity'] as const;

const stubOf = (key: string) => async () => await openShapedStub(shapedStubs[key] as ShapedStub);

providerSuite('gitlab', {
  open: stubOf('gitlab'),
  expected: { subject: '4711', name, emails: asserted, username: undefined, facts: { name, email }, joins: byEmail },
  steps,
});
providerSuite('nextcloud', {
  open: stubOf('nextcloud'),
  expected: { subject: '4711', name, emails: told, username: undefined, facts: { name, email }, joins: never },
  steps,
});
providerSuite('wordpress', {
  open: stubOf('wordpress'),
  expected: { subject: '4711', name, emails: told, username: undefined, facts: { name, email }, joins: never },
  steps,
});
providerSuite('drupal', {
  open: stubOf('drupal'),
  expected: {
    subject: '4711',
    name,
    emails: asserted,
    username: 'ada',
    facts: { name, email, username: 'ada' },
    joins: byEmail,
  },
  steps,
});
providerSuite('github_enterprise', {
  open: stubOf('githubEnterprise'),
  expected: { subject: '4711', name, emails: told, username: undefined, facts: { name, email }, joins: never },
  steps,
});
providerSuite('dolphin', {
  open: stubOf('dolphin'),
  expected: {
    subject: '4711',
    name,
    emails: told,
    username: 'ada',
    facts: { name, email, username: 'ada' },
    joins: never,
  },
  steps,
});
providerSuite('handmade', {
  open: stubOf('handMade'),
  expected: {
    subject: '4711',
    name: 'Ada Lovelace of Here',
    emails: told,
    username: 'ada',
    facts: { name: 'Ada Lovelace of Here', email, username: 'ada' },
    joins: never,
  },
  steps,
});
providerSuite('openid', {
  open: openDiscoveredStub,
  expected: {
    subject: '4711',
    name,
    emails: asserted,
    username: 'ada',
    facts: { name, email, username: 'ada' },
    session: 'a session',
    joins: never,
  },
  steps: ['token', 'identity', 'keys'],
});

async function withSettings(
  settings: Readonly<Record<string, string>>,
  service: string,
  act: (provider: RedirectProvider | undefined) => Promise<void>,
): Promise<void> {
  const world = await openWorld({ env: environmentOf({ settings }) });
  try {
    await act(world.app.external.providers.find(service));
  } finally {
    await world.close();
  }
}

const leaving = { redirectUri: 'http://localhost:3000/_oauth/x', state: 's', nonce: undefined, verifier: undefined };
const addressOf = async (provider: RedirectProvider | undefined): Promise<string> =>
  (await provider?.leave(leaving))?.address ?? '';

describe('GitLab', () => {
  it('says for whom a token was given that a client brings', async () => {
    const stub = await openShapedStub(shapedStubs['gitlab'] as ShapedStub);
    try {
      await withSettings(stub.settings, 'gitlab', async (provider) => {
        const form = (client: string) => ({
          serviceName: 'gitlab',
          accessToken: stub.makeToken(client),
          expiresIn: 3600,
        });
        assert.equal((await provider?.identifyToken?.(form('our client')))?.subject, '4711');
        for (const given of [form('their client'), { ...form('our client'), accessToken: 'made-up' }]) {
          await assert.rejects(
            provider?.identifyToken?.(given) ?? Promise.resolve(),
            (cause: unknown) => cause instanceof Fault && cause.code === 'provider-refused',
          );
        }
      });
    } finally {
      await stub.close();
    }
  });

  it('joins by name where the administrator says so, of an own server alone', async () => {
    const stub = await openShapedStub(shapedStubs['gitlab'] as ShapedStub);
    try {
      const merging = { ...stub.settings, Accounts_OAuth_Gitlab_merge_users: 'true' };
      const identify = async (provider: RedirectProvider | undefined) => {
        const params = await stub.authorize(await addressOf(provider));
        return await provider?.identify({ ...leaving, params, remembered: undefined });
      };
      await withSettings(merging, 'gitlab', async (provider) => {
        assert.partialDeepStrictEqual(await identify(provider), { username: 'ada', joins: { byUsername: true } });
      });
      const { url } = stub;
      const elsewhere = {
        ...merging,
        API_Gitlab_URL: '',
        Accounts_OAuth_Gitlab_authorize_url: `${url}/oauth/authorize`,
        Accounts_OAuth_Gitlab_token_url: `${url}/oauth/token`,
        Accounts_OAuth_Gitlab_identity_url: `${url}/api/v4/user`,
      };
      await withSettings(elsewhere, 'gitlab', async (provider) => {
        assert.partialDeepStrictEqual(await identify(provider), { username: undefined, joins: { byUsername: false } });
      });
    } finally {
      await stub.close();
    }
  });

  it('is gitlab.com where no address is set', async () => {
    const settings = {
      Accounts_OAuth_Gitlab: 'true',
      Accounts_OAuth_Gitlab_id: 'x',
      Accounts_OAuth_Gitlab_secret: 'y',
    };
    await withSettings(settings, 'gitlab', async (provider) => {
      assert.match(await addressOf(provider), /^https:\/\/gitlab\.com\/oauth\/authorize\?.*scope=read_user/u);
    });
  });
});

describe('WordPress', () => {
  const settings = {
    Accounts_OAuth_Wordpress: 'true',
    Accounts_OAuth_Wordpress_id: 'x',
    Accounts_OAuth_Wordpress_secret: 'y',
    API_Wordpress_URL: 'https://blog.example.org/',
  };
  const types: Readonly<Record<string, RegExp>> = {
    '': /^https:\/\/blog\.example\.org\/oauth\/authorize\?/u,
    'wp-oauth-server': /^https:\/\/blog\.example\.org\/oauth\/authorize\?/u,
    'wordpress-com': /^https:\/\/public-api\.wordpress\.com\/oauth2\/authorize\?.*scope=auth/u,
    'custom': /^https:\/\/blog\.example\.org\/go\?.*scope=openid/u,
  };
  for (const [type, address] of Object.entries(types)) {
    it(`of the type "${type}" is where it belongs`, async () => {
      const more = { Accounts_OAuth_Wordpress_server_type: type, Accounts_OAuth_Wordpress_authorize_path: '/go' };
      await withSettings({ ...settings, ...more }, 'wordpress', async (provider) => {
        assert.match(await addressOf(provider), address);
      });
    });
  }
});

it('services without an address of their own are not there until one is set', async () => {
  for (const [setting, service] of [
    ['Nextcloud', 'nextcloud'],
    ['Wordpress', 'wordpress'],
    ['Drupal', 'drupal'],
    ['GitHub_Enterprise', 'github_enterprise'],
    ['Dolphin', 'dolphin'],
  ] as const) {
    const on = {
      [`Accounts_OAuth_${setting}`]: 'true',
      [`Accounts_OAuth_${setting}_id`]: 'x',
      [`Accounts_OAuth_${setting}_secret`]: 'y',
    };
    await withSettings(on, service, async (provider) => {
      assert.equal(provider, undefined, setting);
      await Promise.resolve();
    });
  }
});
