import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe } from 'node:test';
import type { CDPSession, Page } from 'playwright-core';
import { addAuthenticator, freePort, withBrowser } from './browser.ts';
import { type RunningServer, startServer } from './server.ts';

type Json = Readonly<Record<string, unknown>>;

interface Reply {
  readonly status: number;
  readonly json: Json;
}

/** Everything that a browser does with a passkey, with a real one and a device of its developer tools. */
describe('passkeys in a browser', () => {
  let server: RunningServer;
  let elsewhere: Server;
  let page: Page;
  let devices: CDPSession;
  let authenticatorId: string;
  let site: string;
  let headers: Record<string, string>;
  let codes: readonly string[];

  const step = withBrowser(
    async (browser) => {
      const port = await freePort();
      site = `http://localhost:${port}`;
      server = await startServer({
        port,
        env: { ROOT_URL: site, OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false' },
      });
      elsewhere = createServer((_, answer) => {
        answer.setHeader('Content-Type', 'text/html').end('<title>elsewhere</title>');
      });
      elsewhere.listen(0, 'localhost');
      await once(elsewhere, 'listening');
      page = await (await browser.newContext()).newPage();
      ({ devices, authenticatorId } = await addAuthenticator(page));
      // Without script: the pages ask for passkeys by themselves, which would come between.
      await page.goto(`${site}/sign-in?plain=1`);
      const { username, password } = server.administrator;
      const { data } = (await call('login', { user: username, password })).json as { data: Json };
      headers = { 'x-user-id': String(data['userId']), 'x-auth-token': String(data['authToken']) };
    },
    async () => {
      elsewhere.close();
      await server.dispose();
    },
  );

  async function call(path: string, body?: unknown, more: Record<string, string> = {}): Promise<Reply> {
    const reply = await fetch(`${server.url}/api/v1/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'content-type': 'application/json', ...more },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: reply.status, json: (await reply.json()) as Json };
  }

  const make = async (options: unknown): Promise<Json> =>
    await page.evaluate(`(async (options) => (await navigator.credentials.create({
      publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options),
    })).toJSON())(${JSON.stringify(options)})`);
  const show = async (options: unknown): Promise<Json> =>
    await page.evaluate(`(async (options) => (await navigator.credentials.get({
      publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options),
    })).toJSON())(${JSON.stringify(options)})`);

  const signInOptions = async (): Promise<unknown> => (await call('passkeys.signInOptions', {})).json['options'];
  const signIn = async (credential: unknown): Promise<Reply> => await call('passkeys.signIn', { credential });
  /** Goes through the gate with a passkey. */
  const gated = async (path: string, body: unknown): Promise<Reply> => {
    const asked = await call(path, body, headers);
    assert.equal(asked.json['errorType'], 'totp-required');
    const { method, options } = asked.json['details'] as Json;
    assert.equal(method, 'passkey');
    const code = { 'x-2fa-code': JSON.stringify(await show(options)), 'x-2fa-method': 'passkey' };
    return await call(path, body, { ...headers, ...code });
  };
  const isRefused = ({ status, json }: Reply): void => {
    assert.deepEqual([status, json['error'], json['loginToken']], [401, 'error-invalid-passkey', undefined]);
  };

  step('are made and added, with backup codes', async () => {
    const { options } = (await call('passkeys.begin', {}, headers)).json;
    const added = await call('passkeys.add', { name: 'Laptop', credential: await make(options) }, headers);
    assert.equal(added.status, 200, JSON.stringify(added.json));
    codes = added.json['codes'] as string[];
    assert.equal(codes.length, 12);
    const { passkeys, alone } = (await call('passkeys.list', undefined, headers)).json;
    assert.deepEqual(
      (passkeys as Json[]).map(({ name }) => name),
      ['Laptop'],
    );
    assert.equal(alone, false);
    // The device refuses to make a second for the same account.
    await assert.rejects(make((await gated('passkeys.begin', {})).json['options']), /InvalidStateError/u);
  });

  step('are the second factor of a log-in, each answer once', async () => {
    const { username: user, password } = server.administrator;
    const asked = await call('login', { user, password });
    assert.deepEqual([asked.status, asked.json['error']], [401, 'totp-required']);
    const { method, options } = asked.json['details'] as Json;
    assert.equal(method, 'passkey');
    const code = JSON.stringify(await show(options));
    const done = await call('login', { user, password, code });
    assert.equal(done.json['status'], 'success', JSON.stringify(done.json));
    const replayed = await call('login', { user, password, code });
    assert.deepEqual([replayed.status, replayed.json['error']], [401, 'totp-invalid']);
    const byBackup = await call('login', { user, password, code: codes[0] });
    assert.equal(byBackup.json['status'], 'success');
  });

  step('let nobody in alone until the account allows it', async () => {
    isRefused(await signIn(await show(await signInOptions())));
    assert.equal((await gated('passkeys.setAlone', { alone: true })).status, 200);
    const credential = await show(await signInOptions());
    const done = await signIn(credential);
    assert.equal(done.status, 200, JSON.stringify(done.json));
    const { loginToken, userId } = done.json;
    const me = await call('me', undefined, { 'x-user-id': String(userId), 'x-auth-token': String(loginToken) });
    assert.equal(me.json['username'], server.administrator.username);
    isRefused(await signIn(credential));
  });

  step('are refused where the device did not ask who it was', async () => {
    await devices.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
    const options = (await signInOptions()) as Json;
    isRefused(await signIn(await show({ ...options, userVerification: 'discouraged' })));
    await devices.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true });
  });

  step('are refused from another origin of the same host, and at another host by the browser', async () => {
    const { port } = elsewhere.address() as AddressInfo;
    await page.goto(`http://localhost:${port}/`);
    isRefused(await signIn(await show(await signInOptions())));
    await page.goto(`http://127.0.0.1:${server.port}/`);
    await assert.rejects(show(await signInOptions()));
    await page.goto(`${site}/sign-in?plain=1`);
    assert.equal((await signIn(await show(await signInOptions()))).status, 200);
  });

  step('are removed, and open nothing then', async () => {
    const { passkeys } = (await call('passkeys.list', undefined, headers)).json as { passkeys: Json[] };
    assert.equal((await gated('passkeys.remove', { id: passkeys[0]?.['id'] })).status, 200);
    isRefused(await signIn(await show(await signInOptions())));
    const { username: user, password } = server.administrator;
    assert.equal((await call('login', { user, password })).json['status'], 'success');
  });
});
