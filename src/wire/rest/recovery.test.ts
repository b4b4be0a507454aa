import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { codeOf } from '../../../test/factor-owner.ts';
import { caller, password } from '../../../test/world.ts';
import type { Mail } from '../../core/mailer.ts';
import { type RestReply, type RestWorld, withRest } from './rest-world.suite.ts';

const ok = '{"success":true}';
const fitting = 'Tr0ub4dor & three horses';
const minuteMs = 60_000;

async function withJane(act: (world: RestWorld) => Promise<void>, env: Record<string, string> = {}): Promise<void> {
  const settings: Record<string, string> = {};
  for (const [id, value] of Object.entries(env)) settings[`OVERWRITE_SETTING_${id}`] = value;
  await withRest(
    async (world) => {
      await world.add('jane');
      await act(world);
    },
    { env: { OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false', ...settings } },
  );
}

async function post(world: RestWorld, name: string, body: unknown, headers = {}): Promise<RestReply> {
  return await world.call({ url: `/api/v1/users.${name}`, body, headers });
}

/** Waits until so many mails of a kind have been posted: they are after the answer. */
async function mailed(world: RestWorld, kind: Mail['kind'], count: number): Promise<readonly Mail[]> {
  const found = (): readonly Mail[] => world.mails.filter((mail) => mail.kind === kind);
  for (let tries = 0; tries < 500 && found().length < count; tries += 1) await pause(2);
  // One more than expected must be seen, too.
  await pause(20);
  return found();
}

/** Asks for a link, and gives its path. */
async function link(world: RestWorld, email = 'jane@example.com'): Promise<string> {
  const before = world.mails.filter(({ kind }) => kind === 'password-reset').length;
  assert.equal((await post(world, 'forgotPassword', { email })).text, ok);
  const mails = await mailed(world, 'password-reset', before + 1);
  assert.equal(mails.length, before + 1);
  return new URL(mails.at(-1)?.facts['link'] ?? '').pathname;
}

async function send(world: RestWorld, url: string, fresh = fitting, again = fresh): Promise<RestReply> {
  return await world.call({
    url,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ password: fresh, again }).toString(),
  });
}

const tokenOf = (path: string): string => path.split('/').at(-1) ?? '';

describe('a forgotten password', () => {
  it('takes its form no more often from one address than any call', async () => {
    await withJane(
      async (world) => {
        const path = await link(world);
        const statuses: number[] = [];
        for (let tries = 0; tries < 12; tries += 1) statuses.push((await send(world, path, password)).status);
        assert.deepEqual(statuses, [...Array.from({ length: 10 }, () => 400), 429, 429]);
        // Who has not sent so many is not kept waiting, and neither is whoever only looks.
        assert.equal((await world.call({ url: path })).status, 200);
        world.from('198.51.100.7');
        assert.equal((await send(world, path)).status, 200);
      },
      { API_Enable_Rate_Limiter: 'true' },
    );
  });

  it('is set anew by a mailed link, once: sessions end, personal tokens stay, the owner is told', async () => {
    await withJane(async (world) => {
      const session = await world.headersOf('jane');
      const account = await world.app.account.find({ by: 'username', value: 'jane' });
      assert.ok(account !== undefined);
      const personal = await world.app.host.makePersonalToken(
        account,
        { name: 'script', skipsSecondFactor: false },
        caller(),
      );
      world.clock.move(1);
      const path = await link(world);
      assert.match(path, /^\/reset-password\/[\w-]{43}$/u);
      const page = await world.call({ url: path });
      assert.equal(page.status, 200);
      assert.match(page.text, /<form method="post">/u);
      assert.equal((await send(world, path)).status, 200);
      assert.equal((await world.call({ url: '/api/v1/me', headers: session })).status, 401);
      const byPersonal = { 'x-user-id': account.id, 'x-auth-token': personal };
      assert.equal((await world.call({ url: '/api/v1/me', headers: byPersonal })).status, 200);
      await assert.rejects(world.signIn('jane', password), { code: 'wrong-credentials' });
      await world.signIn('jane', fitting);
      assert.equal(world.mails.at(-1)?.kind, 'password-changed');
      const entries = await world.store.audit.newest(10, account.id);
      assert.ok(entries.some(({ what, door }) => what === 'password.reset' && door === 'page'));
      const again = await send(world, path, `${fitting} again`);
      assert.equal(again.status, 404);
      assert.match(again.text, /no longer good/u);
      assert.equal((await world.call({ url: path })).status, 404);
    });
  });

  it('ends personal tokens, too, where nobody had verified an address: another may have signed up with it', async () => {
    await withJane(async (world) => {
      const headersOf = async (username: string, verified: boolean) => {
        const email = { address: `${username}@example.com`, verified };
        const account = await world.add(username, { email });
        const token = { name: 'kept', skipsSecondFactor: true };
        const text = await world.app.host.makePersonalToken(account, token, caller());
        return { 'x-user-id': account.id, 'x-auth-token': text };
      };
      for (const [username, verified, status] of [
        ['early', false, 401],
        ['proved', true, 200],
      ] as const) {
        const headers = await headersOf(username, verified);
        assert.equal((await world.call({ url: '/api/v1/me', headers })).status, 200);
        assert.equal((await send(world, await link(world, `${username}@example.com`))).status, 200);
        assert.equal((await world.call({ url: '/api/v1/me', headers })).status, status, username);
      }
    });
  });

  it('has a link that looking does not use up, and a page that tells its address to nobody', async () => {
    await withJane(async (world) => {
      const path = await link(world);
      for (const method of ['GET', 'GET', 'HEAD'] as const) {
        const page = await world.call({ url: path, method });
        assert.equal(page.status, 200);
        assert.equal(page.headers['referrer-policy'], 'no-referrer');
        assert.equal(page.headers['cache-control'], 'no-store');
        const csp = String(page.headers['content-security-policy']);
        assert.match(
          csp,
          /^default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'; form-action 'self'; frame-/u,
        );
        assert.doesNotMatch(page.text, /<script|https?:/u);
      }
      assert.equal((await send(world, path)).status, 200);
    });
  });

  it('is told what a password must be, and the link stays good for another try', async () => {
    await withJane(async (world) => {
      const path = await link(world);
      const differ = await send(world, path, fitting, 'another');
      assert.equal(differ.status, 400);
      assert.match(differ.text, /The two passwords are not the same/u);
      const short = await send(world, path, 'Short1!');
      assert.equal(short.status, 400);
      assert.match(short.text, /<ul id="password-told"[^>]*><li>It is too short\.<.li><.ul>/u);
      assert.match(short.text, /aria-describedby="password-told password-rules" aria-invalid="true" autofocus>/u);
      assert.match(short.text, /<li>at least 14 characters<.li>/u);
      assert.match(short.text, /For <strong>jane<.strong> on Rocket\.Chat/u);
      assert.equal((await send(world, path, password)).status, 400);
      const json = await world.call({ url: path, body: { password: fitting, again: fitting } });
      assert.equal(json.status, 400, 'only a form is one');
      assert.equal((await send(world, path)).status, 200);
    });
  });

  it('has a link that begins with Site_Url, whatever the request says', async () => {
    await withJane(
      async (world) => {
        const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' };
        await post(world, 'forgotPassword', { email: 'jane@example.com' }, headers);
        const [mail] = await mailed(world, 'password-reset', 1);
        assert.match(mail?.facts['link'] ?? '', /^https:\/\/chat\.example\.org\/reset-password\/[\w-]{43}$/u);
      },
      { Site_Url: 'https://chat.example.org/' },
    );
  });

  it('has a link that is dead an hour later, after a newer one, a sign-in, or a change of password or address', async () => {
    await withJane(async (world) => {
      const dead = async (path: string): Promise<void> => {
        assert.equal((await world.call({ url: path })).status, 404);
        assert.equal((await send(world, path, `${fitting} never`)).status, 404);
      };
      const account = await world.app.account.find({ by: 'username', value: 'jane' });
      assert.ok(account !== undefined);
      const late = await link(world);
      world.clock.move(60 * minuteMs);
      await dead(late);

      const older = await link(world);
      const newer = await link(world);
      await dead(older);
      assert.equal((await world.call({ url: newer })).status, 200);

      world.clock.move(1);
      await world.signIn('jane');
      await dead(newer);

      const beforeChange = await link(world);
      await world.app.host.setPassword(account.id, { plain: `${fitting} 2` }, caller());
      await dead(beforeChange);

      world.clock.move(60 * minuteMs);
      const beforeMove = await link(world);
      const audit = { at: 0, what: 'test', outcome: 'done', actorId: undefined, ...caller(), facts: {} } as const;
      const move = async (address: string): Promise<void> => {
        const edit = { emails: [{ address, verified: true }] };
        await world.store.accounts.edit(account.id, edit, world.clock.now(), { ...audit, accountId: account.id });
      };
      await move('jane@elsewhere.org');
      await dead(beforeMove);
      // Whoever has read the older mail meanwhile gains nothing when the address comes back.
      const [address = assert.fail('jane has an address')] = account.emails.map((email) => email.address);
      await move(address);
      await dead(beforeMove);
      const since = await link(world, address);
      await move(address.toUpperCase());
      assert.equal((await world.call({ url: since })).status, 200);
      await move('jane@elsewhere.org');

      const beforeClosing = await link(world, 'jane@elsewhere.org');
      await world.app.host.setOpen(account.id, false, caller());
      await dead(beforeClosing);
    });
  });

  it('goes to one of eight that use the same link at once', async () => {
    await withJane(async (world) => {
      const path = await link(world);
      const replies = await Promise.all(
        Array.from({ length: 8 }, async (_, n) => await send(world, path, `${fitting} ${n}`)),
      );
      assert.deepEqual(
        replies.map(({ status }) => status).toSorted((a, b) => a - b),
        [200, 404, 404, 404, 404, 404, 404, 404],
      );
      const winner = replies.findIndex(({ status }) => status === 200);
      await world.signIn('jane', `${fitting} ${winner}`);
      assert.equal((await mailed(world, 'password-changed', 1)).length, 1);
    });
  });

  /** Else a link gives whoever has no password a first one. */
  const noFirstPasswords = { Accounts_AllowPasswordChangeForOAuthUsers: 'false' };

  it('is nobody’s business: the same answer for everybody, and mail only for those who can use it', async () => {
    await withJane(async (world) => {
      await world.add('closed', { open: false });
      await world.add('bare', { password: undefined });
      for (const email of ['nobody@example.com', 'closed@example.com', 'bare@example.com', 'x', '\0', 'jane']) {
        assert.equal((await post(world, 'forgotPassword', { email })).text, ok);
      }
      const odd = ['jane@example.com,eve@evil.org', 'jane@example.com\r\nBcc: eve@evil.org', '<jane@example.com>'];
      for (const email of odd) assert.equal((await post(world, 'forgotPassword', { email })).text, ok);
      for (const email of [['jane@example.com', 'eve@evil.org'], { $gt: '' }, 5, null]) {
        assert.equal((await post(world, 'forgotPassword', { email })).json['errorType'], 'invalid-params');
      }
      await pause(50);
      assert.deepEqual(world.mails, []);
      await post(world, 'forgotPassword', { email: 'JANE@Example.COM' });
      const [mail] = await mailed(world, 'password-reset', 1);
      assert.deepEqual(mail?.to, ['jane@example.com']);
    }, noFirstPasswords);
  });

  it('sends no more mails to one account than the setting allows, and leaves the last link good', async () => {
    await withJane(
      async (world) => {
        for (let n = 0; n < 20; n += 1) await post(world, 'forgotPassword', { email: 'jane@example.com' });
        const mails = await mailed(world, 'password-reset', 3);
        assert.equal(mails.length, 3);
        assert.equal((await world.call({ url: new URL(mails[2]?.facts['link'] ?? '').pathname })).status, 200);
        world.clock.move(60 * minuteMs);
        await link(world);
      },
      { Countersign_Mailed_Links_Per_Hour: '3' },
    );
  });

  it('stays forgotten where the setting says so', async () => {
    await withJane(
      async (world) => {
        const reply = await post(world, 'forgotPassword', { email: 'jane@example.com' });
        assert.equal(reply.text, '{"success":false,"error":"Password reset is not enabled"}');
        assert.equal(reply.status, 400);
        await pause(20);
        assert.deepEqual(world.mails, []);
      },
      { Accounts_PasswordReset: 'false' },
    );
  });

  it('keeps the second factor', async () => {
    await withJane(async (world) => {
      const { account, token } = await world.signIn('jane');
      const { secret } = await world.app.factor.beginApp({ account, token }, 'jane', caller());
      await world.app.factor.confirmApp({ account, token }, codeOf(secret, world.clock.now()), caller());
      const path = await link(world);
      const { id, loggedIn } = await world.app.recovery.resetAndSignIn(tokenOf(path), { plain: fitting }, caller());
      assert.equal(id, account.id);
      assert.equal(loggedIn, undefined);
      await assert.rejects(world.signIn('jane', fitting), { code: 'factor-required' });
    });
  });

  it('refuses what is no link of its own in one way', async () => {
    await withJane(async (world) => {
      const path = await link(world);
      const token = tokenOf(path);
      await world.add('john', { email: { address: 'john@example.com', verified: false } });
      await post(world, 'sendConfirmationEmail', { email: 'john@example.com' });
      const [verification] = await mailed(world, 'email-verification', 1);
      const foreign = (verification?.facts['link'] ?? '').split('/').at(-1) ?? '';
      const dead = (await send(world, '/reset-password/nope')).text;
      for (const other of [token.slice(1), `${token}x`, token.toUpperCase(), foreign, 'x'.repeat(500)]) {
        const reply = await send(world, `/reset-password/${other}`);
        assert.equal(reply.status, 404);
        assert.equal(reply.text, dead);
      }
      assert.equal((await send(world, path)).status, 200);
    });
  });
});

describe('an address', () => {
  const unverified = { email: { address: 'john@example.com', verified: false } };

  it('is verified by a mailed link, once, which signs nobody in and looking does not use up', async () => {
    await withJane(async (world) => {
      await world.add('john', unverified);
      assert.equal((await post(world, 'sendConfirmationEmail', { email: 'john@example.com' })).text, ok);
      const [mail] = await mailed(world, 'email-verification', 1);
      const path = new URL(mail?.facts['link'] ?? '').pathname;
      assert.equal((await world.call({ url: path })).status, 200);
      const john = async () => await world.app.account.find({ by: 'username', value: 'john' });
      assert.equal((await john())?.emails[0]?.verified, false);
      const done = await post(world, 'verifyEmail', { token: tokenOf(path) });
      assert.equal(done.text, ok);
      const account = await john();
      assert.equal(account?.emails[0]?.verified, true);
      assert.deepEqual(await world.app.host.tokens(account.id), []);
      const again = await post(world, 'verifyEmail', { token: tokenOf(path) });
      assert.equal(again.text, '{"success":false,"error":"Verify email link expired"}');
      assert.equal(again.status, 400);
      assert.equal((await world.call({ url: path, method: 'POST' })).status, 404);
      for (const token of ['', 'x', '\0', { $ne: '' }]) {
        assert.equal((await post(world, 'verifyEmail', { token })).status, 400);
      }
    });
  });

  it('is verified on the page behind the link', async () => {
    await withJane(async (world) => {
      await world.add('john', { ...unverified, roles: ['anonymous', 'bot'] });
      await post(world, 'sendConfirmationEmail', { email: 'john@example.com' });
      const [mail] = await mailed(world, 'email-verification', 1);
      const url = new URL(mail?.facts['link'] ?? '').pathname;
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      assert.equal((await world.call({ url, method: 'POST', headers, body: '' })).status, 200);
      const account = await world.app.account.find({ by: 'username', value: 'john' });
      assert.equal(account?.emails[0]?.verified, true);
      assert.deepEqual(account.roles, ['user', 'bot']);
    });
  });

  it('that is verified, unknown, or of a closed account gets no mail, and the same answer', async () => {
    await withJane(async (world) => {
      await world.add('closed', { ...unverified, open: false });
      for (const email of ['jane@example.com', 'nobody@example.com', 'john@example.com']) {
        assert.equal((await post(world, 'sendConfirmationEmail', { email })).text, ok);
      }
      await pause(50);
      assert.deepEqual(world.mails, []);
    });
  });

  it('that was changed meanwhile is not verified by the older link', async () => {
    await withJane(async (world) => {
      const { id } = await world.add('john', unverified);
      await post(world, 'sendConfirmationEmail', { email: 'john@example.com' });
      const [mail] = await mailed(world, 'email-verification', 1);
      const emails = [{ address: 'john@elsewhere.org', verified: false }];
      const audit = { at: 0, what: 'test', outcome: 'done', actorId: undefined, ...caller(), facts: {} } as const;
      await world.store.accounts.edit(id, { emails }, world.clock.now(), { ...audit, accountId: id });
      const reply = await post(world, 'verifyEmail', { token: (mail?.facts['link'] ?? '').split('/').at(-1) });
      assert.equal(reply.json['error'], 'Verify email link is for unknown address');
      assert.equal((await world.app.account.byId(id))?.emails[0]?.verified, false);
    });
  });

  it('of eight at once with one link, one verifies it', async () => {
    await withJane(async (world) => {
      await world.add('john', unverified);
      await post(world, 'sendConfirmationEmail', { email: 'john@example.com' });
      const [mail] = await mailed(world, 'email-verification', 1);
      const token = (mail?.facts['link'] ?? '').split('/').at(-1);
      const replies = await Promise.all(
        Array.from({ length: 8 }, async () => await post(world, 'verifyEmail', { token })),
      );
      assert.equal(replies.filter(({ status }) => status === 200).length, 1);
    });
  });
});

describe('mailed links for a page', () => {
  const look = async (world: RestWorld, token: string, purpose = 'password'): Promise<RestReply> =>
    await world.call({ url: '/api/v1/mailedLinks.look', body: { token, purpose } });
  const set = async (world: RestWorld, token: string, fresh: string): Promise<RestReply> =>
    await world.call({ url: '/api/v1/mailedLinks.setPassword', body: { token, password: fresh } });

  it('tell whose they are as often as they are looked at, and set a password once', async () => {
    await withJane(async (world) => {
      const token = tokenOf(await link(world));
      const session = await world.headersOf('jane');
      // A sign-in makes links for a password void.
      assert.equal((await look(world, token)).text, '{"held":false,"success":true}');
      world.clock.move(minuteMs);
      const good = tokenOf(await link(world));
      for (let looks = 0; looks < 3; looks += 1) {
        assert.equal((await look(world, good)).text, '{"held":true,"username":"jane","success":true}');
      }
      assert.equal((await look(world, good, 'verification')).json['held'], false);
      const short = await set(world, good, 'short');
      assert.equal(short.status, 400);
      assert.equal(short.json['errorType'], 'error-password-policy-not-met');
      assert.equal((await set(world, good, fitting)).text, ok);
      assert.equal((await world.call({ url: '/api/v1/me', headers: session })).status, 401);
      await world.signIn('jane', fitting);
      const again = await set(world, good, `${fitting} again`);
      assert.equal(again.text, '{"success":false,"error":"Token expired"}');
      assert.equal((await look(world, good)).json['held'], false);
      const told = JSON.stringify([world.logged, world.answered]);
      for (const secret of [token, good, fitting]) assert.ok(!told.includes(secret));
    });
  });

  it('take texts alone, and no more often from one address than any call', async () => {
    await withJane(
      async (world) => {
        for (const token of [{ $ne: '' }, 7, ['x'], 'x'.repeat(513)]) {
          const body = { token, purpose: 'password', password: fitting };
          assert.equal((await world.call({ url: '/api/v1/mailedLinks.look', body })).status, 400);
        }
        const statuses: number[] = [];
        for (let tries = 0; tries < 12; tries += 1) statuses.push((await look(world, 'x'.repeat(43))).status);
        assert.deepEqual(statuses, [...Array.from({ length: 10 }, () => 200), 429, 429]);
      },
      { API_Enable_Rate_Limiter: 'true' },
    );
  });
});
