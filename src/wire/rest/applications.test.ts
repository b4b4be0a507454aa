import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type ApplicationWorld, type KnownApplication, openApplicationWorld } from './application-world.suite.ts';
import type { RestReply } from './rest-world.suite.ts';

describe('oauth-apps', () => {
  let world: ApplicationWorld;
  let admin: Record<string, string>;
  let alice: Record<string, string>;
  before(async () => {
    world = await openApplicationWorld();
    admin = await world.asAdmin();
    await world.add('alice');
    alice = await world.headersOf('alice');
  });
  after(async () => {
    await world.close();
  });

  const post = async (name: string, body: object, headers = admin): Promise<RestReply> =>
    await world.call({ url: `/api/v1/oauth-apps.${name}`, headers, body });
  const get = async (query: string, headers = admin): Promise<RestReply> =>
    await world.call({ url: `/api/v1/oauth-apps.get?${query}`, headers });

  it('are made, told, changed and removed, to the byte (providers.md §8.2)', async () => {
    const at = new Date(world.clock.now()).toISOString();
    const { account } = await world.signIn('root');
    const made = await post('create', {
      name: ' my app ',
      active: true,
      redirectUri: 'https://a.example/cb\nhttps://b.example/cb, com.example.app:/cb',
    });
    assert.equal(made.status, 200, made.text);
    const { _id, clientId, clientSecret } = made.json['application'] as KnownApplication;
    assert.match(clientId, /^[\w]{17}$/u);
    assert.match(clientSecret, /^[\w-]{43}$/u);
    const document = {
      _id,
      name: 'my app',
      active: true,
      redirectUri: 'https://a.example/cb,https://b.example/cb,com.example.app:/cb',
      clientId,
      _createdAt: at,
      _updatedAt: at,
      clientSecret,
      _createdBy: { _id: account.id, username: 'root' },
    };
    assert.deepEqual(made.json, { application: document, success: true });
    for (const query of [`_id=${_id}`, `clientId=${clientId}`, `appId=${_id}`]) {
      assert.deepEqual((await get(query)).json, { oauthApp: document, success: true });
    }
    const list = await world.call({ url: '/api/v1/oauth-apps.list', headers: admin });
    assert.deepEqual(list.json, { oauthApps: [document], success: true });

    const changed = await post('update', {
      appId: _id,
      name: 'other',
      active: false,
      redirectUri: 'https://a.example/cb',
    });
    assert.deepEqual(changed.json, {
      ...document,
      name: 'other',
      active: false,
      redirectUri: 'https://a.example/cb',
      success: true,
    });
    const removed = await post('delete', { appId: _id });
    assert.equal(removed.text, 'true');
    assert.equal(removed.headers['content-type'], 'application/json');
    assert.equal((await get(`_id=${_id}`)).text, '{"success":false,"error":"OAuth app not found."}');
  });

  it('show their secret only to whoever manages them', async () => {
    const { _id, clientId } = await world.register();
    const { oauthApp } = (await get(`clientId=${clientId}`, alice)).json as { oauthApp: Record<string, unknown> };
    assert.deepEqual(Object.keys(oauthApp).toSorted(), [
      '_createdAt',
      '_id',
      '_updatedAt',
      'active',
      'clientId',
      'name',
      'redirectUri',
    ]);
    const list = await world.call({ url: '/api/v1/oauth-apps.list', headers: alice });
    assert.equal(list.status, 403);
    for (const [name, body] of [
      ['create', { name: 'x', active: true, redirectUri: 'https://a.example' }],
      ['update', { appId: _id, name: 'x', active: true, redirectUri: 'https://evil.example' }],
      ['delete', { appId: _id }],
    ] as const) {
      assert.equal((await post(name, body, alice)).status, 403);
    }
    assert.equal((await world.call({ url: `/api/v1/oauth-apps.get?_id=${_id}` })).status, 401);
  });

  it('are refused in the words of the contract', async () => {
    const good = { name: 'x', active: true, redirectUri: 'https://a.example' };
    const refused = async (name: string, body: object): Promise<unknown> => (await post(name, body)).json['error'];
    assert.equal(await refused('create', { active: true, redirectUri: 'x' }), "must have required property 'name'");
    assert.equal(await refused('create', { ...good, active: 'yes' }), 'must be boolean');
    assert.equal(await refused('create', { ...good, name: ' ' }), 'Invalid name [error-invalid-name]');
    assert.equal(
      await refused('create', { ...good, redirectUri: '' }),
      'Invalid redirectUri [error-invalid-redirectUri]',
    );
    assert.equal(
      await refused('update', { ...good, appId: 'nobody' }),
      'Application not found [error-application-not-found]',
    );
    assert.equal(await refused('delete', { appId: 'nobody' }), 'Application not found [error-application-not-found]');
    assert.equal(
      await refused('create', { ...good, permissions: ['no-such'] }),
      'Invalid permission [error-invalid-permission]',
    );
    for (const query of ['', '_id=a&clientId=b']) {
      assert.equal((await get(query)).json['error'], 'must match exactly one schema in oneOf');
    }
  });

  const bad = [
    'https://a.example/cb#part',
    'https://*.example/cb',
    'https://a.example/cb\\..',
    'https://user:pass@a.example/cb',
    'https://a.example/x/..;/cb',
    'https://a.example/%2e%2e/cb',
    '//a.example/cb',
    '/cb',
    'a.example/cb',
    'https:a.example/cb',
    'https:///a.example',
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    'myapp://cb',
    `https://a.example/${'x'.repeat(2048)}`,
    'https://a.example/ä',
    'https://a.example/a b',
  ];
  it(`take no address that is unsafe to send a browser to: ${bad.length} kinds (Q01)`, async () => {
    for (const redirectUri of bad) {
      const reply = await post('create', { name: 'x', active: true, redirectUri });
      assert.equal(reply.json['errorType'], 'error-invalid-redirectUri', redirectUri);
    }
    for (const redirectUri of [
      'http://127.0.0.1:4000/cb',
      'http://[::1]:4000/cb?x=1',
      'https://a.example',
      'org.a.b:/x',
    ]) {
      assert.equal((await post('create', { name: 'x', active: true, redirectUri })).status, 200, redirectUri);
    }
  });

  it('keep the members of our own through a change that does not name them', async () => {
    const more = {
      publicClient: true,
      tokenEndpointAuthMethod: 'client_secret_post',
      postLogoutRedirectUris: ['https://a.example/bye'],
      backchannelLogoutUri: 'https://a.example/ended',
      permissions: ['view-d-room'],
    };
    const { _id } = await world.register(more);
    const same = { appId: _id, name: 'x', active: true, redirectUri: 'https://a.example' };
    const kept = await post('update', same);
    for (const [name, value] of Object.entries(more)) assert.deepEqual(kept.json[name], value, name);
    const cleared = await post('update', {
      ...same,
      publicClient: false,
      tokenEndpointAuthMethod: 'any',
      postLogoutRedirectUris: [],
      backchannelLogoutUri: '',
      permissions: ['*'],
    });
    for (const name of Object.keys(more)) assert.equal(name in cleared.json, false, name);
    for (const wrong of [
      { backchannelLogoutUri: 'com.example:/x' },
      { postLogoutRedirectUris: ['https://a.example#x'] },
    ]) {
      assert.equal((await post('update', { ...same, ...wrong })).json['errorType'], 'error-invalid-redirectUri');
    }
  });

  it('lie sealed in the store, and every change is told in the audit trail', async () => {
    const { _id, clientId, clientSecret } = await world.register({ name: 'told' });
    const kept = await world.store.applications.byId(_id);
    assert.equal(JSON.stringify(kept).includes(clientSecret), false);
    await post('update', { appId: _id, name: 'told', active: false, redirectUri: 'https://a.example' });
    await post('delete', { appId: _id });
    const entries = await world.store.audit.newest(3);
    assert.deepEqual(
      entries.map(({ what, facts }) => `${what} ${facts['application']} ${facts['active']}`).toSorted(),
      [
        `application.add ${clientId} true`,
        `application.edit ${clientId} false`,
        `application.remove ${clientId} false`,
      ],
    );
    assert.equal(JSON.stringify(entries).includes(clientSecret), false);
  });

  it('cannot be registered by anybody else (Q13)', async () => {
    for (const url of ['/oauth/register', '/oauth/clients', '/api/v1/oauth-apps.register']) {
      const reply = await world.call({ url, body: { redirect_uris: ['https://evil.example/cb'], client_name: 'x' } });
      assert.ok(reply.status === 404 || reply.status === 405, `${url} ${reply.status}`);
    }
    assert.equal((await world.call({ url: '/api/v1/oauth-apps.create', body: { name: 'x' } })).status, 401);
  });
});
