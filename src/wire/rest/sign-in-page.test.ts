import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { appOwner } from '../../../test/factor-owner.ts';
import { caller, password } from '../../../test/world.ts';
import { sampleAudit } from '../../core/samples.suite.ts';
import { type RestReply, type RestWorld, withRest } from './rest-world.suite.ts';

const form = { 'content-type': 'application/x-www-form-urlencoded' };

interface Sent {
  readonly path?: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

async function post({ call }: RestWorld, { path = '/sign-in', fields, headers }: Sent): Promise<RestReply> {
  return await call({
    method: 'POST',
    url: path,
    headers: { ...form, 'sec-fetch-site': 'same-origin', ...headers },
    body: new URLSearchParams(fields).toString(),
  });
}

/** What a browser would send back of a cookie that it was given. */
function cookieOf({ headers }: RestReply): string {
  const given = headers['set-cookie'];
  return typeof given === 'string' ? (given.split(';', 1)[0] ?? '') : '';
}

async function signIn(
  world: RestWorld,
  username: string,
  more: Readonly<Record<string, string>> = {},
): Promise<string> {
  const reply = await post(world, { fields: { username, password, ...more } });
  assert.equal(reply.status, 303, reply.text);
  return cookieOf(reply);
}

describe('the sign-in page', () => {
  it('signs a browser in by username or address, and sends it back to a local path alone', async () => {
    await withRest(async (world) => {
      await world.add('ann');
      for (const username of ['ann', ' ann ', 'ann@example.com']) {
        const reply = await post(world, { fields: { username, password, return: '/sign-out' } });
        assert.equal(reply.status, 303);
        assert.equal(reply.headers['location'], 'http://localhost:3000/sign-out');
        assert.match(
          String(reply.headers['set-cookie']),
          /^countersign_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/u,
        );
      }
      for (const evil of ['//evil.example', 'https://evil.example/', 'javascript:alert(1)', '/\\evil.example']) {
        const { headers } = await post(world, { fields: { username: 'ann', password, return: evil } });
        assert.equal(headers['location'], 'http://localhost:3000/', evil);
      }
    });
  });

  it('sends on whoever is signed in, unless they are asked again', async () => {
    await withRest(async (world) => {
      await world.add('ann');
      const cookie = await signIn(world, 'ann');
      const there = await world.call({ url: '/sign-in?return=%2Fsign-out', headers: { cookie } });
      assert.deepEqual([there.status, there.headers['location']], [303, 'http://localhost:3000/sign-out']);
      assert.equal((await world.call({ url: '/sign-in?again=1', headers: { cookie } })).status, 200);
    });
  });

  it('says the same of a wrong password and an unknown name, counts both, and says when it is enough', async () => {
    await withRest(
      async (world) => {
        await world.add('ann');
        const wrong = await post(world, { fields: { username: 'ann', password: 'no' } });
        const unknown = await post(world, { fields: { username: 'bob', password: 'no' } });
        assert.deepEqual([wrong.status, unknown.status], [401, 401]);
        assert.equal(wrong.text.replaceAll('ann', 'bob'), unknown.text);
        assert.match(wrong.text, /role="alert"/u);
        assert.match(wrong.text, /aria-invalid="true"/u);
        assert.doesNotMatch(wrong.text, /value="no"/u);
        await post(world, { fields: { username: 'ann', password: 'no' } });
        const late = await post(world, { fields: { username: 'ann', password } });
        assert.equal(late.status, 429);
        assert.match(late.text, /Try again in \d+ minutes?\./u);
      },
      { env: { OVERWRITE_SETTING_Block_Multiple_Failed_Logins_Attempts_Until_Block_by_User: '2' } },
    );
  });

  it('takes forms of its own alone', async () => {
    await withRest(async (world) => {
      await world.add('ann');
      const fields = { username: 'ann', password };
      for (const headers of [
        { 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'same-site' },
        { 'sec-fetch-site': 'none' },
      ]) {
        const reply = await post(world, { fields, headers });
        assert.deepEqual([reply.status, reply.headers['set-cookie']], [403, undefined]);
      }
      const plain = async (headers: Readonly<Record<string, string>>) =>
        await world.call({
          method: 'POST',
          url: '/sign-in',
          headers: { ...form, ...headers },
          body: new URLSearchParams(fields).toString(),
        });
      assert.equal((await plain({ origin: 'https://evil.example' })).status, 403);
      assert.equal((await plain({ origin: 'null' })).status, 403);
      assert.equal((await plain({ origin: 'http://localhost:3000' })).status, 303);
    });
  });

  it('opens nothing for somebody who has to do something first, and says what', async () => {
    await withRest(async (world) => {
      const ann = await world.add('ann', { passwordChange: { reason: undefined } });
      const reply = await post(world, { fields: { username: 'ann', password } });
      assert.deepEqual([reply.status, reply.headers['set-cookie']], [403, undefined]);
      assert.match(reply.text, /must be changed first/u);
      // What was opened on the way is gone.
      assert.deepEqual(await world.store.tokens.list(ann.id, ['interactive', 'script'], world.clock.now()), []);
    });
  });

  it('signs out whom the browser belonged to before', async () => {
    await withRest(async (world) => {
      await world.add('ann');
      await world.add('bob');
      const ann = await signIn(world, 'ann');
      const text = ann.split('=')[1] ?? '';
      const again = await post(world, { fields: { username: 'bob', password }, headers: { cookie: ann } });
      assert.equal(again.status, 303);
      assert.equal(await world.app.page.find(text), undefined);
      const found = await world.app.page.find(cookieOf(again).split('=')[1] ?? '');
      assert.equal(found?.signed.account.username, 'bob');
    });
  });

  it('tells of a closed account in plain words', async () => {
    await withRest(async (world) => {
      const ann = await world.add('ann');
      await world.app.host.setOpen(ann.id, false, { door: 'cli', address: '', userAgent: '', requestId: '' });
      const reply = await post(world, { fields: { username: 'ann', password } });
      assert.equal(reply.status, 403);
      assert.match(reply.text, /switched off/u);
    });
  });

  it('escapes what was typed', async () => {
    await withRest(async (world) => {
      const reply = await post(world, {
        fields: { username: '"><script>alert(1)</script>', password: 'x', return: '/"><b>' },
      });
      assert.doesNotMatch(reply.text, /<script>|"><b>/u);
    });
  });
});

describe('the other ways on the sign-in page', () => {
  const env = {
    OVERWRITE_SETTING_Accounts_OAuth_Google: 'true',
    OVERWRITE_SETTING_Accounts_OAuth_Google_id: 'id',
    OVERWRITE_SETTING_Accounts_OAuth_Google_secret: 'secret',
  };

  it('are links that bring the browser back', async () => {
    await withRest(
      async ({ call }) => {
        const { text } = await call({ url: '/sign-in?return=%2Fsign-out' });
        assert.match(text, /href="http:\/\/localhost:3000\/oauth\/google\?return=%2Fsign-out"/u);
        assert.match(text, /name="password"/u);
      },
      { env },
    );
  });

  it('are alone where the form is switched off', async () => {
    await withRest(
      async ({ call }) => {
        const { text } = await call({ url: '/sign-in' });
        assert.match(text, /oauth\/google/u);
        assert.doesNotMatch(text, /name="password"/u);
      },
      { env: { ...env, OVERWRITE_SETTING_Accounts_ShowFormLogin: 'false' } },
    );
  });
});

describe('the page for a second factor', () => {
  it('mails a code, mails a fresh one, counts wrong ones, and never holds the password', async () => {
    await withRest(async (world) => {
      await world.add('ann');
      await world.app.factor.turnEmailOn(await world.signIn('ann'), caller());
      const asked = await post(world, { fields: { username: 'ann', password, return: '/sign-out' } });
      assert.equal(asked.status, 303);
      const waiting = new URL(String(asked.headers['location']));
      assert.match(waiting.pathname, /^\/2fa\/email\//u);
      const cookie = cookieOf(asked);
      const shown = await world.call({ url: waiting.pathname, headers: { cookie } });
      assert.equal(shown.status, 200);
      assert.ok(!shown.text.includes(password));
      const mailed = world.mails.length;
      const sent = await post(world, { path: waiting.pathname, fields: { send: '1' }, headers: { cookie } });
      assert.match(sent.text, /A fresh code was mailed/u);
      assert.equal(world.mails.length, mailed + 1);
      const wrong = await post(world, { path: waiting.pathname, fields: { code: '000000' }, headers: { cookie } });
      assert.equal(wrong.status, 400);
      assert.match(wrong.text, /aria-invalid="true"/u);
      const code = world.mails.findLast(({ kind }) => kind === 'authentication-code')?.facts['code'] ?? '';
      const stranger = await post(world, { path: waiting.pathname, fields: { code } });
      assert.equal(stranger.status, 400);
      const foreign = await post(world, {
        path: waiting.pathname,
        fields: { code },
        headers: { cookie, 'sec-fetch-site': 'cross-site' },
      });
      assert.equal(foreign.headers['set-cookie'], undefined);
      const done = await post(world, { path: waiting.pathname, fields: { code }, headers: { cookie } });
      assert.equal(done.status, 303, done.text);
      assert.equal(done.headers['location'], 'http://localhost:3000/sign-out');
      const found = await world.app.page.find(cookieOf(done).split('=')[1] ?? '');
      assert.equal(found?.signed.token.factor, 'email');
      assert.equal(found?.kind, 'password');
      const twice = await post(world, { path: waiting.pathname, fields: { code }, headers: { cookie } });
      assert.equal(twice.status, 400);
    });
  });

  it('is over once the password is another one', async () => {
    await withRest(async (world) => {
      const owner = await appOwner(world, 'ann');
      const asked = await post(world, { fields: { username: 'ann', password } });
      const { pathname } = new URL(String(asked.headers['location']));
      await world.app.host.setPassword(owner.account.id, { plain: 'another green chair 77!' }, caller());
      const reply = await post(world, {
        path: pathname,
        fields: { code: owner.code() },
        headers: { cookie: cookieOf(asked) },
      });
      assert.equal(reply.headers['set-cookie'], undefined);
      assert.notEqual(reply.status, 303);
    });
  });

  it('takes a backup code, and offers the other way', async () => {
    await withRest(async (world) => {
      const owner = await appOwner(world, 'ann');
      await world.store.factors.setEmail(owner.account.id, true, undefined, sampleAudit(owner.account.id));
      const asked = await post(world, { fields: { username: 'ann', password } });
      const waiting = new URL(String(asked.headers['location']));
      const cookie = cookieOf(asked);
      const shown = await world.call({ url: `${waiting.pathname}${waiting.search}`, headers: { cookie } });
      assert.match(shown.text, /Use a code by e-mail/u);
      const [code = ''] = owner.backupCodes;
      const done = await post(world, { path: waiting.pathname, fields: { code }, headers: { cookie } });
      assert.equal(done.status, 303, done.text);
    });
  });
});

describe('the page that signs out', () => {
  it('asks before, ends the session and takes the cookie', async () => {
    await withRest(async (world) => {
      await world.add('ann');
      const cookie = await signIn(world, 'ann');
      const text = cookie.split('=')[1] ?? '';
      const shown = await world.call({ url: '/sign-out', headers: { cookie } });
      assert.match(shown.text, /signed in as <strong>ann</u);
      assert.notEqual(await world.app.page.find(text), undefined);
      const foreign = await post(world, {
        path: '/sign-out',
        fields: {},
        headers: { cookie, 'sec-fetch-site': 'cross-site' },
      });
      assert.equal(foreign.status, 403);
      assert.notEqual(await world.app.page.find(text), undefined);
      const out = await post(world, { path: '/sign-out', fields: { return: '//evil.example' }, headers: { cookie } });
      assert.match(String(out.headers['set-cookie']), /^countersign_session=; .*Max-Age=0$/u);
      assert.doesNotMatch(out.text, /evil/u);
      assert.equal(await world.app.page.find(text), undefined);
      assert.match((await world.call({ url: '/sign-out', headers: { cookie } })).text, /You are signed out/u);
    });
  });
});
