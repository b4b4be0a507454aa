import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startServer } from '../server.ts';
import { run } from './run.ts';

describe('the OpenID provider of a server that runs', { timeout: 120_000 }, () => {
  it('answers under its address, publishes a key of the command line, and leaves every other path alone', async () => {
    const server = await startServer();
    try {
      const document = (await (await fetch(`${server.url}/oidc/.well-known/openid-configuration`)).json()) as {
        readonly issuer: string;
        readonly jwks_uri: string;
      };
      assert.match(document.issuer, /\/oidc$/u);
      const keys = async (): Promise<string> => await (await fetch(`${server.url}/oidc/jwks`)).text();
      assert.match(await keys(), /"alg":"RS256"/u);
      assert.doesNotMatch(await keys(), /"(?:d|p|q|dp|dq|qi)":/u);
      const env = { DATABASE_URL: `sqlite:${server.folder}/countersign.db` };
      const made = await run(['openid', 'rotate-keys', '--json'], env, { cwd: server.folder, patienceMs: 60_000 });
      assert.equal(made.code, 0, made.stderr);
      const { kid } = JSON.parse(made.stdout) as { readonly kid: string };
      const begun = Date.now();
      while (!(await keys()).includes(kid)) {
        assert.ok(Date.now() - begun < 30_000, 'the server never learned of the key');
        await new Promise((later) => {
          setTimeout(later, 250);
        });
      }
      for (const path of ['/oidc', '/oidcx/jwks', '/.well-known/openid-configuration']) {
        assert.equal((await fetch(`${server.url}${path}`)).status, 404, path);
      }
      assert.equal((await fetch(`${server.url}/sign-in`)).status, 200);
      assert.ok(!server.lines.some((line) => /oidc-provider|WARNING|NOTICE/iu.test(line)), server.lines.join('\n'));
      assert.equal(await server.stop(), 0);
    } finally {
      await server.dispose();
    }
  });
});
