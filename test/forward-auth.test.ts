// The configurations of docs/guides/forward-auth.md, word for word, in a real nginx and a real Caddy before a real server.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { freePort, type Proxy, startProxy, startUpstream, type Upstream } from './proxy.ts';
import { type RunningServer, startServer } from './server.ts';
import { systemProgram } from './system-package.ts';

const guide = readFileSync(fileURLToPath(new URL('../docs/guides/forward-auth.md', import.meta.url)), 'utf8');

/** The block of the guide that begins with this line, with the addresses of the test in place of the guide's. */
function fromGuide(language: string, addresses: Readonly<Record<string, string>>): string {
  const block = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'u').exec(guide)?.[1];
  assert.ok(block !== undefined, `the guide has no block of ${language}`);
  return Object.entries(addresses).reduce((text, [name, address]) => {
    assert.ok(text.includes(name), `the block of ${language} has no ${name}`);
    return text.replaceAll(name, address);
  }, block);
}

interface Answered {
  readonly status: number;
  readonly location: string | undefined;
  readonly text: string;
}

const proxies = ['nginx', 'caddy'] as const;

for (const name of proxies) {
  const found = systemProgram(name, [name === 'nginx' ? 'nginx-light' : 'caddy']);
  const skip = 'missing' in found ? found.missing : false;

  describe(`a service behind ${name}`, { skip }, () => {
    let server: RunningServer;
    let upstream: Upstream;
    let proxy: Proxy;
    let port: number;
    let pair: Record<string, string>;
    const host = 'app.example.org';

    const ask = async (path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET') =>
      await new Promise<Answered>((resolve, reject) => {
        const asked = httpRequest(
          { host: '127.0.0.1', port, path, method, headers: { Host: `${host}:${port}`, ...headers } },
          (response) => {
            let text = '';
            response.on('data', (chunk: Buffer) => {
              text += chunk.toString();
            });
            response.on('end', () => {
              resolve({ status: response.statusCode ?? 0, location: response.headers.location, text });
            });
          },
        );
        asked.on('error', reject);
        asked.end();
      });

    const remote = ({ text }: Answered): Record<string, string> =>
      (JSON.parse(text) as { headers: Record<string, string> }).headers;

    before(async () => {
      port = await freePort();
      upstream = await startUpstream();
      server = await startServer({
        env: {
          OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false',
          OVERWRITE_SETTING_Countersign_Return_Origins: `http://${host}:${port}`,
        },
      });
      const answer = await fetch(`${server.url}/api/v1/login`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ user: server.administrator.username, password: server.administrator.password }),
      });
      const { data } = (await answer.json()) as { data: { userId: string; authToken: string } };
      pair = { 'X-User-Id': data.userId, 'X-Auth-Token': data.authToken };
      const addresses = {
        '127.0.0.1:3000': `127.0.0.1:${server.port}`,
        '127.0.0.1:8080': `127.0.0.1:${upstream.port}`,
      };
      const path = 'path' in found ? found.path : '';
      proxy =
        name === 'nginx'
          ? await startProxy(port, (folder) => ({
              name: 'nginx.conf',
              text: `daemon off; worker_processes 1; pid ${folder}/pid; error_log stderr;
events {}
http {
  access_log off;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi; uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
  ${fromGuide('nginx', { ...addresses, 'listen 80': `listen 127.0.0.1:${port}` })}
}`,
              command: (file) => [path, '-e', 'stderr', '-c', file],
            }))
          : await startProxy(port, () => ({
              name: 'Caddyfile',
              text: `{\n  admin off\n  auto_https off\n}\n${fromGuide('caddyfile', {
                ...addresses,
                'http://app.example.org': `http://${host}:${port}`,
              })}`,
              command: (file) => [path, 'run', '--config', file, '--adapter', 'caddyfile'],
            }));
    });
    after(async () => {
      await proxy.stop();
      await upstream.close();
      await server.dispose();
    });

    it('is reached by whoever is signed in, and told who that is', async () => {
      const answer = await ask('/some/page?q=1', pair);
      assert.equal(answer.status, 200);
      assert.equal(remote(answer)['remote-user'], server.administrator.username);
      assert.equal(remote(answer)['remote-id'], pair['X-User-Id']);
      assert.match(remote(answer)['remote-groups'] ?? '', /admin/u);
    });

    it('never sees what a client wrote in those headers, nor the credentials themselves', async () => {
      for (const headers of [
        { ...pair, 'Remote-User': 'mallory', 'Remote-Name': 'mallory', 'remote-email': 'm@x.example' },
      ]) {
        const answer = await ask('/', headers);
        assert.equal(answer.status, 200);
        assert.equal(answer.text.includes('mallory'), false);
        assert.equal(answer.text.includes('m@x.example'), false);
        assert.equal(answer.text.includes(pair['X-Auth-Token'] ?? '-'), false);
      }
    });

    it('sees the true headers alone, whatever spelling or trick a client sends beside them', async () => {
      for (const headers of [
        { 'Remote_User': 'mallory', 'Remote_Groups': 'mallory' },
        { 'Connection': 'Remote-User, Remote-Groups, Remote-Id' },
        { 'Connection': 'Remote-User', 'Remote_User': 'mallory' },
      ]) {
        const answer = await ask('/', { ...pair, ...headers });
        assert.equal(answer.status, 200);
        assert.equal(answer.text.includes('mallory'), false, JSON.stringify(headers));
        assert.equal(remote(answer)['remote-user'], server.administrator.username, JSON.stringify(headers));
        assert.equal(remote(answer)['remote-id'], pair['X-User-Id']);
      }
    });

    it('is closed to nobody and to a wrong token, whatever the verb', async () => {
      for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
        for (const headers of [{}, { ...pair, 'X-Auth-Token': 'x'.repeat(43) }, { 'Remote-User': 'admin' }]) {
          const { status } = await ask('/', headers, method);
          assert.ok(status === 401 || status === 302, `${method}: ${status}`);
        }
      }
    });

    it('sends a browser to the page for signing in, which leads back', async () => {
      const { status, location } = await ask('/some/page?q=1', { Accept: 'text/html' });
      assert.equal(status, 302);
      const back = new URL(location ?? '').searchParams.get('return');
      assert.equal(back, `http://${host}:${port}/some/page?q=1`);
    });

    it('is closed to whoever lacks the role that a part of it asks for', async () => {
      assert.equal((await ask('/admin/', pair)).status, 200);
      const headers = { 'Content-Type': 'application/json' };
      const made = await fetch(`${server.url}/api/v1/users.register`, {
        method: 'POST',
        headers,
        body: JSON.stringify({
          username: 'mira',
          name: 'Mira',
          email: 'mira@example.com',
          pass: 'A long enough secret 1!',
        }),
      });
      assert.equal(made.status, 200, await made.text());
      const signed = await fetch(`${server.url}/api/v1/login`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ user: 'mira', password: 'A long enough secret 1!' }),
      });
      const { data } = (await signed.json()) as { data: { userId: string; authToken: string } };
      const hers = { 'X-User-Id': data.userId, 'X-Auth-Token': data.authToken };
      assert.equal((await ask('/', hers)).status, 200);
      for (const path of [
        '/admin/',
        '/admin/x?y',
        '//admin/',
        '/%61dmin/',
        '/x/../admin/',
        '/ADMIN/',
        '/admin',
        '/admin;x/y',
      ]) {
        assert.equal((await ask(path, hers)).status, 403, path);
      }
    });

    it('opens sockets to whoever is signed in, and to nobody else', async () => {
      const open = async (headers: Readonly<Record<string, string>>) =>
        await new Promise<string>((resolve) => {
          const socket = new WebSocket(`ws://127.0.0.1:${port}/socket`, {
            headers: { Host: `${host}:${port}`, ...headers },
          });
          socket.on('message', (data: Buffer) => {
            resolve(data.toString());
            socket.terminate();
          });
          socket.on('error', (cause) => {
            resolve(cause.message);
          });
        });
      assert.match(await open(pair), new RegExp(`"remote-user":"${server.administrator.username}"`, 'u'));
      assert.match(await open({}), /(?:401|302)/u);
    });

    it('is closed to everybody while the server for signing in is down', async () => {
      await server.kill();
      const { status } = await ask('/', pair);
      assert.ok(status >= 500, String(status));
    });
  });
}
