import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type RestWorld, withRest } from './rest-world.suite.ts';

const unlimited = { env: { OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false' } };

function userOf(json: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return (json['user'] ?? {}) as Readonly<Record<string, unknown>>;
}

/** A GIF of two by three pixels. */
const gif = Buffer.from(
  'GIF89a\x02\0\x03\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x02\0\x03\0\0\x02\x02\x44\x01\0;',
  'latin1',
);

function formOf(field: string, file: Buffer, more = ''): { headers: Record<string, string>; body: Buffer } {
  const head = `--xyz\r\nContent-Disposition: form-data; name="${field}"; filename="x.gif"\r\nContent-Type: image/gif\r\n\r\n`;
  return {
    headers: { 'content-type': 'multipart/form-data; boundary=xyz' },
    body: Buffer.concat([Buffer.from(more), Buffer.from(head), file, Buffer.from('\r\n--xyz--\r\n')]),
  };
}

describe('pictures', () => {
  const set = async (world: RestWorld, by: object, { headers, body }: { headers: object; body: unknown }) =>
    await world.call({ url: '/api/v1/users.setAvatar', headers: { ...by, ...headers }, body });

  it('are taken as a file, shown to all as what they are, and given back', async () => {
    await withRest(async (world) => {
      const { id } = await world.add('ada');
      const headers = await world.headersOf('ada');
      const drawn = await world.call({ url: '/avatar/ada' });
      assert.match(String(drawn.headers['content-type']), /svg/u);
      assert.equal(
        (await set(world, headers, formOf('image', Buffer.concat([gif, Buffer.from('<script>')])))).status,
        200,
      );
      const shown = await world.rest.inject({ url: '/avatar/ADA' });
      assert.ok(shown.rawPayload.equals(gif));
      assert.deepEqual(
        ['content-type', 'x-content-type-options', 'content-security-policy', 'content-length'].map(
          (name) => shown.headers[name],
        ),
        ['image/gif', 'nosniff', "default-src 'none'; sandbox", String(gif.length)],
      );
      const tag = (await world.app.account.byId(id))?.avatarTag;
      assert.equal(shown.headers['etag'], `"${tag}"`);
      const again = await world.call({ url: '/avatar/ada', headers: { 'if-none-match': `"${tag}"` } });
      assert.equal(again.status, 304);
      const info = await world.call({ url: '/api/v1/users.info?username=ada', headers });
      assert.equal(userOf(info.json)['avatarETag'], tag);
      const got = await world.call({ url: '/api/v1/users.getAvatar?username=ada', headers });
      assert.deepEqual(
        [got.status, got.headers['location'], got.text],
        [307, 'http://localhost:3000/avatar/ada', 'http://localhost:3000/avatar/ada'],
      );
      assert.equal((await world.call({ url: '/api/v1/users.resetAvatar', headers, body: {} })).status, 200);
      assert.match(String((await world.call({ url: '/avatar/ada' })).headers['content-type']), /svg/u);
      const suggested = await world.call({ url: '/api/v1/users.getAvatarSuggestion', headers });
      assert.deepEqual(suggested.json, { suggestions: {}, success: true });
    }, unlimited);
  });

  it('are taken as a data: address, and fetched from nowhere', async () => {
    await withRest(async (world) => {
      await world.add('ada');
      const headers = await world.headersOf('ada');
      const avatarUrl = `data:image/png;base64,${gif.toString('base64')}`;
      assert.equal((await set(world, headers, { headers: {}, body: { avatarUrl } })).status, 200);
      assert.equal((await world.call({ url: '/avatar/ada' })).headers['content-type'], 'image/gif');
      for (const url of [
        'http://169.254.169.254/latest/meta-data',
        'https://example.com/a.png',
        'file:///etc/passwd',
        'data:text/html,<script>',
        'data:image/svg+xml,<svg/>',
      ]) {
        const reply = await set(world, headers, { headers: {}, body: { avatarUrl: url } });
        assert.deepEqual([reply.status, reply.json['errorType']], [400, 'error-avatar-invalid-url'], url);
      }
    }, unlimited);
  });

  it('are refused when they are none, too large, missing, or another’s', async () => {
    await withRest(
      async (world) => {
        await world.add('ada');
        await world.add('bob');
        const headers = await world.headersOf('ada');
        const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>');
        const none = await set(world, headers, formOf('image', svg));
        assert.deepEqual([none.status, none.json['errorType']], [400, 'error-avatar-invalid']);
        const wide = Buffer.from(gif);
        wide.writeUInt16LE(17, 6);
        assert.equal((await set(world, headers, formOf('image', wide))).json['errorType'], 'error-avatar-invalid');
        const large = await set(world, headers, formOf('image', Buffer.alloc(1025)));
        assert.deepEqual([large.status, large.json['errorType']], [413, 'error-file-too-large']);
        assert.equal((await set(world, headers, formOf('image', Buffer.alloc(2 ** 20)))).status, 413);
        const missing = await set(world, headers, formOf('picture', gif));
        assert.equal(missing.json['error'], "The 'image' param is required");
        assert.equal((await set(world, headers, { headers: {}, body: {} })).status, 400);
        const field = '--xyz\r\nContent-Disposition: form-data; name="username"\r\n\r\nbob\r\n';
        const other = await set(world, headers, formOf('image', gif, field));
        assert.equal(other.json['error'], 'Not allowed [error-not-allowed]', other.text);
        const root = await world.asAdmin();
        assert.equal((await set(world, root, formOf('image', gif, field))).status, 200);
        assert.equal((await world.call({ url: '/avatar/bob' })).headers['content-type'], 'image/gif');
        // A form with a file is a form nowhere else.
        const form = formOf('image', gif);
        const login = { url: '/api/v1/login', headers: form.headers, body: form.body };
        assert.equal((await world.call(login)).status, 401);
      },
      {
        env: {
          ...unlimited.env,
          OVERWRITE_SETTING_Countersign_Avatar_Bytes: '1024',
          OVERWRITE_SETTING_Countersign_Avatar_Side: '16',
        },
      },
    );
  });

  it('stay as they are where a setting says so', async () => {
    await withRest(
      async (world) => {
        await world.add('ada');
        const headers = await world.headersOf('ada');
        const refused = await set(world, headers, formOf('image', gif));
        assert.equal(refused.json['error'], 'Change avatar is not allowed [error-not-allowed]');
        const reset = await world.call({ url: '/api/v1/users.resetAvatar', headers, body: {} });
        assert.equal(reset.json['error'], 'Reset avatar is not allowed [error-not-allowed]');
        assert.equal((await set(world, await world.asAdmin(), formOf('image', gif))).status, 200);
      },
      { env: { ...unlimited.env, OVERWRITE_SETTING_Accounts_AllowUserAvatarChange: 'false' } },
    );
  });
});
