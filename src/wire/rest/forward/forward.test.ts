import assert from 'node:assert/strict';
import { createServer, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { caller, openWorld, password, type World } from '../../../../test/world.ts';
import { Fault } from '../../../core/fault.ts';
import { forwardAuthDoor } from './door.ts';
import { forwardedOf } from './forwarded.ts';
import { headersOf } from './person-headers.ts';
import { forwardRules } from './rules.ts';

interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

describe('forward-auth', () => {
  let world: World;
  let ask: (path: string, headers?: Readonly<Record<string, string>>, method?: string) => Promise<Answered>;
  let close: () => void;
  let pair: Record<string, string>;
  let cookie: string;
  const logged: string[] = [];
  let broken: Fault | undefined;

  before(async () => {
    world = await openWorld({
      env: {
        OVERWRITE_SETTING_Countersign_Return_Origins: 'https://app.example.org',
        OVERWRITE_SETTING_Site_Url: 'https://auth.example.org',
        OVERWRITE_SETTING_Countersign_Page_Cookie_Domain: 'example.org',
      },
    });
    await world.add('alice', { name: 'Zoë A', roles: ['user', 'staff'], byServer: true });
    const { account, text } = await world.signIn('alice');
    pair = { 'X-User-Id': account.id, 'X-Auth-Token': text };
    const page = await world.app.session.logIn(
      { by: 'username', value: 'alice' },
      { plain: password },
      caller({ door: 'page' }),
    );
    cookie = `countersign_session=${await world.app.page.open(page)}`;
    const { app } = world;
    const door = forwardAuthDoor({
      app: {
        ...app,
        page: {
          ...app.page,
          find: async (shown) => {
            if (broken !== undefined) throw broken;
            return await app.page.find(shown);
          },
        },
      },
      callerOf: () => ({ address: '203.0.113.9', userAgent: '' }),
      log: (sentence) => {
        logged.push(sentence);
      },
    });
    const server = createServer((request, response) => {
      if (!door.handleRequest(request, response)) response.writeHead(404).end();
    });
    await new Promise<void>((done) => {
      server.listen(0, '127.0.0.1', done);
    });
    const { port } = server.address() as AddressInfo;
    close = () => {
      server.closeAllConnections();
      server.close();
    };
    ask = async (path, headers = {}, method = 'GET') =>
      await new Promise((resolve, reject) => {
        const asked = httpRequest({ host: '127.0.0.1', port, path, method, headers }, (response) => {
          response.resume();
          resolve({ status: response.statusCode ?? 0, headers: response.headers });
        });
        asked.on('error', reject);
        asked.end();
      });
  });
  after(async () => {
    close();
    await world.close();
  });

  it('tells who is behind the pair of headers, and behind the cookie of our pages', async () => {
    for (const shown of [pair, { cookie }]) {
      const { status, headers } = await ask('/forward-auth', shown);
      assert.equal(status, 200);
      assert.equal(headers['remote-user'], 'alice');
      assert.equal(Buffer.from(String(headers['remote-name']), 'latin1').toString('utf8'), 'Zoë A');
      assert.equal(headers['remote-email'], 'alice@example.com');
      assert.equal(headers['remote-groups'], 'user,staff');
      assert.equal(headers['remote-id'], pair['X-User-Id']);
    }
  });

  it('applies to every verb, and says of nobody that nobody is there in every header', async () => {
    for (const method of ['GET', 'POST', 'OPTIONS', 'HEAD', 'PUT', 'DELETE', 'PROPFIND']) {
      const { status, headers } = await ask('/forward-auth/envoy/any/path?x=1', { 'Remote-User': 'admin' }, method);
      assert.equal(status, 401, method);
      for (const name of ['remote-user', 'remote-name', 'remote-email', 'remote-groups', 'remote-id']) {
        assert.equal(headers[name], '', `${method} ${name}`);
      }
    }
  });

  it('does not let a cookie mend a pair that does not hold', async () => {
    for (const wrong of [
      { ...pair, 'X-Auth-Token': 'x'.repeat(43) },
      { ...pair, 'X-User-Id': 'somebody-elses-id' },
      { 'X-User-Id': pair['X-User-Id'] ?? '' },
    ]) {
      assert.equal((await ask('/forward-auth', { ...wrong, cookie })).status, 401);
    }
  });

  it('sends a browser to sign in and back to a listed origin, and nowhere else', async () => {
    const from = { 'X-Forwarded-Proto': 'https', 'X-Forwarded-Uri': '/a?b=1,2', 'Accept': 'text/html,*/*' };
    const there = await ask('/forward-auth', { ...from, 'X-Forwarded-Host': 'app.example.org' });
    assert.equal(there.status, 302);
    const back = encodeURIComponent('https://app.example.org/a?b=1,2');
    assert.equal(there.headers.location, `https://auth.example.org/sign-in?return=${back}`);
    for (const host of [
      'evil.example',
      'app.example.org.evil.example',
      'app.example.org, evil.example',
      'app.example.org@evil.example',
    ]) {
      const { headers } = await ask('/forward-auth', { ...from, 'X-Forwarded-Host': host });
      assert.equal(headers.location, 'https://auth.example.org/sign-in', host);
    }
    const posted = await ask('/forward-auth', { ...from, 'X-Forwarded-Method': 'POST' });
    assert.equal(posted.status, 401);
  });

  it('never redirects nginx, and names the page to sign in at in a header', async () => {
    const { status, headers } = await ask('/forward-auth/nginx', {
      'X-Original-URL': 'https://app.example.org/b',
      'Accept': 'text/html',
    });
    assert.equal(status, 401);
    assert.match(String(headers['x-countersign-sign-in']), /sign-in\?return=https%3A%2F%2Fapp\.example\.org%2Fb$/u);
  });

  it('asks for roles and for a second factor, and lets nobody through by rules that it does not understand', async () => {
    for (const [path, status] of [
      ['/forward-auth?roles=staff', 200],
      ['/forward-auth?roles=admin,staff', 200],
      ['/forward-auth?roles=admin', 403],
      ['/forward-auth?factor=1', 403],
      ['/forward-auth?factor=0', 403],
      ['/forward-auth?role=staff', 403],
      ['/forward-auth?roles=', 403],
      ['/forward-auth?roles=staff&__proto__=1', 403],
    ] as const) {
      assert.equal((await ask(path, pair)).status, status, path);
    }
    assert.ok(logged.length > 0);
  });

  it('takes the rules for Envoy from a header, which can only shut more', async () => {
    const rules = (text: string) => ({ ...pair, 'X-Countersign-Rules': text });
    assert.equal((await ask('/forward-auth/envoy/x?roles=admin', rules('roles=staff'))).status, 200);
    assert.equal((await ask('/forward-auth/envoy/x', rules('roles=admin'))).status, 403);
    assert.equal((await ask('/forward-auth?roles=admin', rules('roles=staff'))).status, 403);
  });

  it('refuses personal tokens with scopes, and sessions that are not good for everything', async () => {
    const signed = await world.signIn('alice');
    const text = await world.app.personalToken.make(
      signed,
      { name: 'narrow', skipsSecondFactor: false, scopes: [] },
      caller(),
    );
    const shown = { 'X-User-Id': signed.account.id, 'X-Auth-Token': text };
    assert.equal((await ask('/forward-auth', shown)).status, 403);
  });

  it('lets nobody through when the store does not answer', async () => {
    broken = new Fault('unavailable');
    try {
      assert.equal((await ask('/forward-auth', { cookie })).status, 503);
    } finally {
      broken = undefined;
    }
  });

  it('knows nobody any more once the session has ended', async () => {
    const signed = await world.app.page.find(cookie.slice('countersign_session='.length));
    assert.ok(signed);
    await world.app.session.logOut(signed.signed, caller());
    assert.equal((await ask('/forward-auth', { cookie })).status, 401);
  });

  it('is asked under its own path alone', async () => {
    assert.equal((await ask('/forward-authority', pair)).status, 404);
  });
});

describe('what a proxy tells', () => {
  it('is read as an address, or not at all', () => {
    const told = (headers: IncomingHttpHeaders) => forwardedOf(headers, 'GET', undefined).address;
    assert.equal(told({ 'x-forwarded-host': 'a.example', 'x-forwarded-uri': '/x' }), 'http://a.example/x');
    assert.equal(told({ 'x-forwarded-host': 'a.example', 'x-forwarded-proto': 'javascript' }), undefined);
    assert.equal(told({}), undefined);
    assert.equal(forwardedOf({ host: 'a.example' }, 'GET', '/p?q').address, 'http://a.example/p?q');
  });

  it('is no page for a script or a socket', () => {
    const wants = (headers: IncomingHttpHeaders) =>
      forwardedOf({ accept: 'text/html', ...headers }, 'GET', '/').wantsPage;
    assert.equal(wants({}), true);
    assert.equal(wants({ accept: 'application/json' }), false);
    assert.equal(wants({ upgrade: 'websocket' }), false);
    assert.equal(wants({ 'x-requested-with': 'XMLHttpRequest' }), false);
    assert.equal(wants({ 'x-forwarded-method': 'OPTIONS' }), false);
  });
});

describe('what is told of a person', () => {
  it('holds no address that is not verified, and no line break', async () => {
    const world = await openWorld();
    try {
      const account = await world.add('bob', { email: { address: 'bob@example.com', verified: false } });
      assert.equal(headersOf(account)['Remote-Email'], '');
      assert.equal(headersOf({ ...account, name: 'a\r\nRemote-User: admin' })['Remote-Name'], 'a  Remote-User: admin');
    } finally {
      await world.close();
    }
  });

  it('reads rules whole', () => {
    assert.deepEqual(forwardRules('roles=a,b&factor=1'), { roles: ['a', 'b'], factor: true });
    assert.equal(forwardRules('Roles=a'), undefined);
  });
});
