import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withRest } from './rest-world.suite.ts';

describe('avatars', () => {
  it('show the first letter of any name, whoever exists', async () => {
    await withRest(async (world) => {
      const reply = await world.call({ url: '/avatar/nobody' });
      assert.equal(reply.status, 200);
      assert.equal(reply.headers['content-type'], 'image/svg+xml; charset=utf-8');
      assert.equal(reply.headers['cache-control'], 'public, max-age=3600');
      assert.match(reply.text, /^<svg [^>]+>.*>N<\/text><\/svg>$/);
      const again = await world.call({
        url: '/avatar/nobody',
        headers: { 'if-none-match': String(reply.headers['etag']) },
      });
      assert.equal(again.status, 304);
      assert.equal(again.text, '');
      for (const [name, letter] of [
        ['%3Cscript%3E', '&#60;'],
        ['%26', '&#38;'],
        ['%22', '&#34;'],
        ['%00', '?'],
        ['%20', '?'],
        ['%F0%9F%98%80', '\u{1F600}'],
        ['%C3%A4', '\u00C4'],
      ]) {
        const { text, status } = await world.call({ url: `/avatar/${name}` });
        assert.equal(status, 200, name);
        assert.ok(text.includes(`>${letter}</text>`), name);
      }
    });
  });

  it('are shown to nobody else where the setting says so', async () => {
    await withRest(
      async (world) => {
        await world.add('alice');
        const headers = await world.headersOf('alice');
        const [id, token] = [headers['x-user-id'], headers['x-auth-token']];
        const url = '/avatar/alice';
        assert.equal((await world.call({ url })).text, 'Forbidden');
        assert.equal((await world.call({ url })).status, 403);
        const cookie = `a=b; rc_uid=${id}; rc_token=${token}`;
        assert.equal((await world.call({ url, headers })).headers['cache-control'], 'private, max-age=3600');
        assert.equal((await world.call({ url, headers: { cookie } })).status, 200);
        assert.equal((await world.call({ url: `${url}?rc_uid=${id}&rc_token=${token}` })).status, 200);
        assert.equal((await world.call({ url: `${url}?rc_uid[$ne]=${id}&rc_token[$ne]=` })).status, 403);
        assert.equal((await world.call({ url, headers: { cookie: `rc_uid=${id}; rc_token=x` } })).status, 403);
      },
      { env: { OVERWRITE_SETTING_Accounts_AvatarBlockUnauthenticatedAccess: 'true' } },
    );
  });
});

describe('what operators ask', () => {
  it('is answered', async () => {
    await withRest(async (world) => {
      assert.equal((await world.call({ url: '/livez' })).text, 'ok\n');
      assert.equal((await world.call({ url: '/readyz' })).text, 'ok\n');
    });
  });

  it('keeps the figures for this host and for whoever shows the token', async () => {
    await withRest(
      async (world) => {
        const read = async (headers: Record<string, string> = {}): Promise<number> =>
          (await world.call({ url: '/metrics', headers })).status;
        assert.equal(await read(), 403);
        assert.equal(await read({ authorization: 'Bearer wrong' }), 403);
        assert.equal(await read({ authorization: 'Bearer figures' }), 200);
        world.from('127.0.0.1');
        assert.equal((await world.call({ url: '/metrics' })).text, 'countersign_up 1\n');
        assert.equal(await read({ 'x-forwarded-for': '203.0.113.9' }), 403);
      },
      { metricsToken: 'figures' },
    );
  });
});

describe('pages', () => {
  it('run no script and may not be framed', async () => {
    await withRest(async (world) => {
      for (const url of ['/', '/api-docs', '/home', '/home?loginCode=x']) {
        const { status, headers, text } = await world.call({ url });
        assert.equal(status, 200);
        assert.equal(headers['content-type'], 'text/html; charset=utf-8');
        assert.match(
          String(headers['content-security-policy']),
          /^default-src 'none'; style-src 'sha256-.+frame-ancestors 'none'$/,
        );
        assert.equal(headers['x-content-type-options'], 'nosniff');
        assert.equal(headers['referrer-policy'], 'no-referrer');
        assert.equal(headers['strict-transport-security'], undefined);
        assert.doesNotMatch(text, /<script/i);
      }
    });
  });

  it('write what the operator named as text', async () => {
    await withRest(
      async (world) => {
        const { text, headers } = await world.call({ url: '/' });
        assert.ok(text.includes('<h1>&#60;b&#62;&#38;</h1>'));
        assert.equal(headers['strict-transport-security'], 'max-age=31536000');
      },
      { env: { OVERWRITE_SETTING_Site_Name: '<b>&', OVERWRITE_SETTING_Site_Url: 'https://chat.example' } },
    );
  });
});
