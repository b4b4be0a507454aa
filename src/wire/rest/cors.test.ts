import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withRest } from './rest-world.suite.ts';

describe('other origins', () => {
  const url = '/api/v1/me';
  const asked = (origin: string) => ({
    method: 'OPTIONS' as const,
    url,
    headers: { origin, 'access-control-request-method': 'GET' },
  });

  it('are told that this is switched off', async () => {
    await withRest(async (world) => {
      const reply = await world.call(asked('https://a.example'));
      assert.equal(reply.status, 405);
      assert.equal(reply.text, 'CORS not enabled. Go to "Admin > General > REST Api" to enable it.');
      assert.equal((await world.call({ method: 'OPTIONS', url })).status, 405);
    });
  });

  it('may call where all may', async () => {
    await withRest(
      async (world) => {
        const reply = await world.call(asked('https://a.example'));
        assert.equal(reply.status, 200);
        assert.equal(reply.headers['access-control-allow-origin'], '*');
        assert.equal(reply.headers['access-control-allow-methods'], 'GET, POST, PUT, DELETE, HEAD, PATCH');
      },
      { env: { OVERWRITE_SETTING_API_Enable_CORS: 'true' } },
    );
  });

  it('may call where they are listed, and no others', async () => {
    await withRest(
      async (world) => {
        const listed = await world.call(asked('https://b.example'));
        assert.equal(listed.status, 200);
        assert.equal(listed.headers['access-control-allow-origin'], 'https://b.example');
        assert.equal(listed.headers['vary'], 'Origin');
        const other = await world.call(asked('https://b.example.evil'));
        assert.equal(other.status, 403);
        assert.equal(other.text, 'Invalid origin');
        const call = await world.call({ url, headers: { origin: 'https://evil.example' } });
        assert.equal(call.headers['access-control-allow-origin'], undefined);
        assert.equal(call.headers['vary'], 'Origin');
      },
      {
        env: {
          OVERWRITE_SETTING_API_Enable_CORS: 'true',
          OVERWRITE_SETTING_API_CORS_Origin: 'https://a.example, https://B.example',
        },
      },
    );
  });
});
