import assert from 'node:assert/strict';
import { setUpApp } from '../app-owner.ts';
import { type Arena, type Person, unlimited } from '../arena.ts';
import { digest } from '../doors.ts';
import type { Group } from '../group.ts';
import { rankScore, timed } from '../timing.ts';
import { at, pass, type Reply, textAt } from '../wire.ts';

const subject = 'Subject: Set a new password';
const fitting = 'Another Tr0ub4dor & horses';
const form = { 'content-type': 'application/x-www-form-urlencoded' };

async function ask(arena: Arena, name: string, json: unknown, headers = {}): Promise<Reply> {
  return await arena.ask({ path: `/api/v1/users.${name}`, json, headers });
}

/** The links of a kind that have arrived at an address. */
async function links(arena: Arena, email: string, page: string): Promise<readonly string[]> {
  // What is left to do begins once the answer has left.
  await arena.ask({ path: '/livez' });
  await arena.untilMailed();
  return arena
    .mailsTo(email)
    .map(({ body }) => new RegExp(`https?://[^\\s"<]+/${page}/[\\w-]{43}`, 'u').exec(body)?.[0])
    .filter((link) => link !== undefined);
}

/** Asks for a mail with a link, and waits for it. */
async function newLink(
  arena: Arena,
  { email }: Pick<Person, 'email'>,
  asked: { readonly call: string; readonly page: string },
): Promise<string> {
  const before = (await links(arena, email, asked.page)).length;
  assert.equal((await ask(arena, asked.call, { email })).text, '{"success":true}');
  for (let tries = 0; tries < 200; tries += 1) {
    const found = await links(arena, email, asked.page);
    if (found.length > before) return found.at(-1) ?? '';
    await new Promise((resolve) => {
      setTimeout(resolve, 10);
    });
  }
  throw new Error(`No link came to ${email}.`);
}

async function resetLink(arena: Arena, person: Pick<Person, 'email'>): Promise<string> {
  return await newLink(arena, person, { call: 'forgotPassword', page: 'reset-password' });
}

async function useLink(arena: Arena, link: string, password = fitting): Promise<Reply> {
  const body = new URLSearchParams({ password, again: password }).toString();
  return await arena.ask({ path: new URL(link).pathname, headers: form, body });
}

let calls = 0;

/** Calls a method for nobody, each time from an address of its own: an address may try five links in ten seconds. */
async function callAnon(arena: Arena, method: string, ...params: readonly unknown[]): Promise<unknown> {
  const message = JSON.stringify({ msg: 'method', id: '1', method, params });
  calls += 1;
  const from = `127.150.${calls >> 8}.${calls & 255}`;
  const reply = await arena.ask({ path: `/api/v1/method.callAnon/${method}`, json: { message }, from });
  return JSON.parse(textAt(reply.json, 'message')) as unknown;
}

async function comesIn(arena: Arena, { username }: Person, password: string): Promise<boolean> {
  return (await arena.signIn('REST JSON', username, password)).opened !== undefined;
}

/** I: passwords set anew, addresses verified. */
export const recovery: Group = {
  letter: 'I',
  about: 'resetting passwords and verifying addresses',
  env: { ...unlimited, OVERWRITE_SETTING_Countersign_Mailed_Links_Per_Hour: '5' },
  cases: [
    {
      id: 'I01',
      cve: ['CVE-2026-29067', 'CVE-2023-49097'],
      about: 'the link begins with the configured address, whatever the request says of its host',
      async act(arena) {
        const person = await arena.person();
        const before = arena.mails().length;
        for (const headers of [
          { 'host': 'evil.example' },
          { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' },
          { 'forwarded': 'host=evil.example;proto=https', 'origin': 'https://evil.example' },
          { 'x-host': 'evil.example', 'x-original-url': '//evil.example', 'referer': 'https://evil.example/' },
        ]) {
          assert.equal((await ask(arena, 'forgotPassword', { email: person.email }, headers)).status, 200);
        }
        await resetLink(arena, person);
        assert.ok(arena.mails().length > before);
        const [site] = arena.rows(`select json_value from settings where id = 'Site_Url'`);
        const url = String(JSON.parse(String(site?.['json_value'])));
        for (const link of await links(arena, person.email, 'reset-password')) {
          assert.ok(link.startsWith(`${url}/`), link);
        }
        for (const { body } of arena.mailsTo(person.email)) assert.doesNotMatch(body, /evil/u);
      },
    },
    {
      id: 'I02',
      about: 'mail goes to the stored address alone, or nowhere',
      async act(arena) {
        const { email } = await arena.person();
        for (const odd of [
          `${email},eve@evil.example`,
          [email, 'eve@evil.example'],
          `${email}\r\nBcc: eve@evil.example`,
          `${email}\0`,
          { $gt: '' },
          `"x" <${email}>`,
          `eve@evil.example\n${email}`,
        ]) {
          await ask(arena, 'forgotPassword', { email: odd });
          await ask(arena, 'sendConfirmationEmail', { email: odd });
          await callAnon(arena, 'sendForgotPasswordEmail', odd);
          await callAnon(arena, 'forgotPassword', { email: odd });
        }
        await arena.ask({ path: '/livez' });
        await arena.untilMailed();
        assert.deepEqual(
          arena.mails().filter(({ to, headers }) => to.join().includes('evil') || headers.includes('evil')),
          [],
        );
      },
    },
    {
      id: 'I04',
      about: 'of two links the first is dead, one is good for one use, and looking is none (I17)',
      async act(arena) {
        const person = await arena.person();
        const first = await resetLink(arena, person);
        const second = await resetLink(arena, person);
        assert.equal((await useLink(arena, first)).status, 404);
        for (const method of ['GET', 'HEAD', 'GET']) {
          const page = await arena.ask({ method, path: new URL(second).pathname });
          assert.equal(page.status, 200);
          assert.equal(page.headers['referrer-policy'], 'no-referrer');
          assert.equal(page.headers['cache-control'], 'no-store');
          assert.match(String(page.headers['content-security-policy']), /^default-src 'none'/u);
        }
        assert.equal((await useLink(arena, second)).status, 200);
        assert.equal((await useLink(arena, second, `${fitting} 2`)).status, 404);
        assert.ok(await comesIn(arena, person, fitting));
        assert.equal(await arena.holds(person), false, 'sessions have ended');
      },
    },
    {
      id: 'I05',
      about: 'a link is dead after a change of the password or the address, after a sign-in, and when its time is over',
      async act(arena) {
        const changed = await arena.person();
        const link = await resetLink(arena, changed);
        const socket = await arena.socket(changed);
        const done = await socket.call('changePassword', digest(changed.password), digest(fitting));
        assert.equal(at(done, 'result', 'passwordChanged'), true, JSON.stringify(done));
        assert.equal((await useLink(arena, link, `${fitting} 2`)).status, 404);

        const signedIn = await arena.person();
        const other = await resetLink(arena, signedIn);
        assert.ok(await comesIn(arena, signedIn, signedIn.password));
        assert.equal((await useLink(arena, other)).status, 404);
        assert.ok(await comesIn(arena, signedIn, signedIn.password));

        const moved = await arena.person();
        const away = await resetLink(arena, moved);
        for (const email of ['elsewhere.for.a.while@example.com', moved.email]) {
          const json = { userId: moved.userId, data: { email, verified: true } };
          const moves = await arena.ask({ path: '/api/v1/users.update', headers: pass(arena.admin), json });
          assert.equal(moves.status, 200, moves.text);
          assert.equal((await useLink(arena, away)).status, 404, email);
        }

        const late = await arena.person();
        const over = await resetLink(arena, late);
        await arena.whileDown('update challenges set ends_at = ends_at - 3600000');
        assert.equal((await useLink(arena, over)).status, 404);
      },
    },
    {
      id: 'I06',
      about: 'what is no link, cut, another kind, or an object, is refused alike, and the stored form is no link',
      async act(arena) {
        const person = await arena.person();
        const unverified = await arena.person({ verified: false });
        const link = await resetLink(arena, person);
        const token = link.split('/').at(-1) ?? '';
        await ask(arena, 'sendConfirmationEmail', { email: unverified.email });
        const stored = arena
          .rows('select hash from challenges where account_id = ?', person.userId)
          .map((row) => String(row['hash']));
        assert.ok(!stored.includes(token), 'stored is no token');
        const verification = (await links(arena, unverified.email, 'verify-email')).at(-1)?.split('/').at(-1) ?? '';
        const expected = JSON.stringify(at(await callAnon(arena, 'resetPassword', 'nope', digest(fitting)), 'error'));
        for (const odd of [token.slice(1), `${token} `, token.toUpperCase(), verification, ...stored, '', '\0']) {
          const answer = await callAnon(arena, 'resetPassword', odd, digest(fitting));
          assert.equal(JSON.stringify(at(answer, 'error')), expected, odd);
        }
        for (const odd of [{ $ne: '' }, [token], 5, null, true]) {
          assert.equal(at(await callAnon(arena, 'resetPassword', odd, digest(fitting)), 'error', 'error'), 400);
        }
        for (const odd of [token, ...stored, { $ne: '' }, '']) {
          assert.equal((await ask(arena, 'verifyEmail', { token: odd })).status, 400);
        }
        assert.ok(await comesIn(arena, unverified, unverified.password));
      },
    },
    {
      id: 'I08',
      about: 'asking says and takes the same whoever exists, and serves nobody who may not sign in',
      async act(arena, { closed }) {
        const person = await arena.person();
        const answers = new Set<string>();
        for (const email of [person.email, closed.email, 'nobody@example.com', 'rocket.cat@rocket.chat']) {
          const { status, text, headers } = await ask(arena, 'forgotPassword', { email });
          answers.add(JSON.stringify([status, text, Object.keys(headers).toSorted()]));
        }
        assert.equal(answers.size, 1, [...answers].join('\n'));
        await arena.ask({ path: '/livez' });
        await arena.untilMailed();
        assert.deepEqual(arena.mailsTo(closed.email, subject), []);
        const asking = (email: string) => async (): Promise<unknown> => await ask(arena, 'forgotPassword', { email });
        const [known = [], unknown = []] = await timed([asking(person.email), asking('nobody@example.com')], 150);
        assert.ok(Math.abs(rankScore(known, unknown)) < 4, `ranks differ by ${rankScore(known, unknown)}`);
      },
    },
    {
      id: 'I09',
      about: 'a hundred requests send no more mails than the setting allows',
      async act(arena) {
        const person = await arena.person({ verified: false });
        for (let n = 0; n < 50; n += 1) {
          await ask(arena, 'forgotPassword', { email: person.email });
          await ask(arena, 'sendConfirmationEmail', { email: person.email });
        }
        await arena.ask({ path: '/livez' });
        assert.equal((await links(arena, person.email, 'reset-password')).length, 5);
        assert.equal((await links(arena, person.email, 'verify-email')).length, 5);
        assert.equal(
          (await useLink(arena, (await links(arena, person.email, 'reset-password')).at(-1) ?? '')).status,
          200,
        );
      },
    },
    {
      id: 'I13',
      about: 'verifying an address signs nobody in, at no door, and opening the link verifies nothing',
      async act(arena) {
        const links4 = async (): Promise<{ person: Person; link: string }> => {
          const person = await arena.person({ verified: false });
          const asked = { call: 'sendConfirmationEmail', page: 'verify-email' };
          return { person, link: await newLink(arena, person, asked) };
        };
        const isVerified = ({ userId }: Person): boolean =>
          arena.rows('select verified from account_emails where account_id = ?', userId)[0]?.['verified'] === 1;
        const sessions = ({ userId }: Person): number =>
          arena.rows('select id from tokens where account_id = ?', userId).length;
        const byRest = await links4();
        const token = byRest.link.split('/').at(-1) ?? '';
        await arena.ask({ path: new URL(byRest.link).pathname });
        assert.equal(isVerified(byRest.person), false);
        const before = sessions(byRest.person);
        assert.equal((await ask(arena, 'verifyEmail', { token })).text, '{"success":true}');
        assert.ok(isVerified(byRest.person));
        assert.equal((await ask(arena, 'verifyEmail', { token })).status, 400);
        assert.equal(sessions(byRest.person), before);
        const bySocket = await links4();
        const answer = await callAnon(arena, 'verifyEmail', bySocket.link.split('/').at(-1));
        assert.equal(at(answer, 'result'), undefined);
        assert.equal(at(answer, 'error', 'error'), 'verify-email');
        assert.ok(isVerified(bySocket.person));
        const byPage = await links4();
        const page = await arena.ask({ path: new URL(byPage.link).pathname, headers: form, body: '' });
        assert.equal(page.status, 200);
        assert.equal(page.headers['set-cookie'], undefined);
        assert.ok(isVerified(byPage.person));
      },
    },
    {
      id: 'I13b',
      about: 'a link keeps the second factor: the password is new, and no session is opened',
      async act(arena) {
        const person = await arena.person();
        await setUpApp(async (what) => await arena.ask(what), person);
        const token = (await resetLink(arena, person)).split('/').at(-1);
        const socket = await arena.socket();
        const answer = await socket.call('resetPassword', token, digest(fitting));
        assert.deepEqual(answer['result'], { id: person.userId });
        const { opened, error } = await arena.signIn('REST JSON', person.username, fitting);
        assert.equal(opened, undefined);
        assert.equal(error, 'totp-required');
        socket.close();
      },
    },
    {
      id: 'S04b',
      about: 'a link that is used eight times at once, at the page and by method, has one winner',
      async act(arena) {
        const person = await arena.person();
        const link = await resetLink(arena, person);
        const token = link.split('/').at(-1);
        const tries = await Promise.all(
          Array.from({ length: 8 }, async (_, n) =>
            n % 2 === 0
              ? (await useLink(arena, link, `${fitting} ${n}`)).status === 200
              : at(await callAnon(arena, 'resetPassword', token, digest(`${fitting} ${n}`)), 'error') === undefined,
          ),
        );
        assert.equal(tries.filter(Boolean).length, 1, tries.join(' '));
        assert.ok(await comesIn(arena, person, `${fitting} ${tries.indexOf(true)}`));
      },
    },
  ],
};

const secret = 'open sesame';
let registered = 0;

/** Somebody who wants to register, and has the secret. */
function wish(more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  registered += 1;
  const username = `newcomer.${registered}`;
  return { username, name: username, email: `${username}@example.com`, pass: fitting, secret, ...more };
}

/** J: people who register. */
export const registration: Group = {
  letter: 'J',
  about: 'registration',
  env: {
    ...unlimited,
    OVERWRITE_SETTING_Rate_Limiter_Limit_RegisterUser: '10000',
    OVERWRITE_SETTING_Accounts_RegistrationForm: 'Secret URL',
    OVERWRITE_SETTING_Accounts_RegistrationForm_SecretURL: secret,
    OVERWRITE_SETTING_Accounts_AllowedDomainsList: 'example.com',
    OVERWRITE_SETTING_Accounts_ManuallyApproveNewUsers: 'true',
  },
  cases: [
    {
      id: 'J02',
      about: 'whoever registers, even eight at once, is no administrator and waits',
      async act(arena) {
        const replies = await Promise.all(Array.from({ length: 8 }, async () => await ask(arena, 'register', wish())));
        for (const { status, json } of replies) {
          assert.equal(status, 200);
          assert.equal(at(json, 'user', 'active'), false);
        }
        const admins = arena.rows(`select account_id from account_roles where role_id = 'admin'`);
        assert.deepEqual(
          admins.map((row) => row['account_id']),
          [arena.admin.userId],
        );
      },
    },
    {
      id: 'J03b',
      about: 'nobody gives themselves a role, a state, a kind or a verified address',
      cve: ['CVE-2026-54693'],
      async act(arena) {
        const extras = [
          { roles: ['admin'] },
          { active: true },
          { type: 'bot' },
          { joinDefaultChannels: true },
          { verified: true },
          { emails: [{ address: 'x@example.com', verified: true }] },
          { _id: 'chosen' },
          { isAdmin: true },
          { services: {} },
          { closedBecause: null },
        ];
        for (const extra of extras) {
          const reply = await ask(arena, 'register', wish(extra));
          assert.equal(reply.status, 400, JSON.stringify(extra));
          const asked = wish(extra);
          const answer = await callAnon(arena, 'registerUser', { ...asked, secretURL: secret });
          const id = at(answer, 'result');
          assert.equal(typeof id, 'string', JSON.stringify(answer));
          const [row] = arena.rows(
            `select a.kind, a.open, e.verified, (select group_concat(role_id) from account_roles r where r.account_id = a.id)
               as roles from accounts a join account_emails e on e.account_id = a.id where a.id = ?`,
            String(id),
          );
          assert.deepEqual({ ...row }, { kind: 'user', open: 0, verified: 0, roles: 'user' }, JSON.stringify(extra));
        }
      },
    },
    {
      id: 'J04',
      cve: ['CVE-2026-29193'],
      about: 'the secret and the list of domains hold at every door, whatever stands in their place',
      async act(arena) {
        const before = arena.rows('select id from accounts').length;
        const odd = [undefined, '', 'x', secret.slice(1), `${secret} `, { $ne: '' }, [secret], true, null];
        for (const one of odd) {
          const reply = await ask(arena, 'register', wish({ secret: one }));
          assert.equal(reply.status, 400, JSON.stringify(one));
          const answer = await callAnon(arena, 'registerUser', wish({ secretURL: one }));
          assert.equal(at(answer, 'result'), undefined, JSON.stringify(one));
          assert.notEqual(at(answer, 'error', 'error'), 500);
        }
        assert.equal(at(await callAnon(arena, 'createUser', wish()), 'error', 'error'), 403);
        for (const email of [
          'a@evil.example',
          'a@example.com.evil.org',
          'a@example.com@evil.org',
          'a@sub.example.com',
        ]) {
          assert.equal((await ask(arena, 'register', wish({ email }))).status, 400, email);
          const answer = await callAnon(arena, 'registerUser', { ...wish({ email }), secretURL: secret });
          assert.equal(at(answer, 'result'), undefined, email);
        }
        assert.equal(arena.rows('select id from accounts').length, before);
      },
    },
    {
      id: 'C05b',
      about: 'whoever may not register is told the same of names and addresses that are in use as of free ones',
      async act(arena, { alice }) {
        const wishes = [{}, { username: alice.username }, { email: alice.email }, { username: 'a b' }];
        const replies: Reply[] = [];
        const frames: unknown[] = [];
        for (const one of wishes) {
          replies.push(await ask(arena, 'register', wish({ secret: 'no secret', ...one })));
          frames.push(at(await callAnon(arena, 'registerUser', { ...wish(one), secretURL: 'no secret' }), 'error'));
        }
        assert.deepEqual([...new Set(replies.map(({ status }) => status))], [400]);
        assert.equal(new Set(replies.map(({ text }) => text)).size, 1, replies.map(({ text }) => text).join('\n'));
        assert.equal(new Set(frames.map((frame) => JSON.stringify(frame))).size, 1);
      },
    },
    {
      id: 'J11b',
      about: 'names that mean something, look like another, or are no names are refused',
      async act(arena, { alice }) {
        for (const username of [
          'admin',
          'Admin',
          'ａｄｍｉｎ',
          'all',
          'here',
          'system',
          'x'.repeat(300),
          `${alice.username}\u202e`,
          alice.username.toUpperCase(),
          'a b',
          ' a',
          '',
          '/etc/passwd',
          'a\r\nb',
          'a\0b',
        ]) {
          const reply = await ask(arena, 'register', wish({ username }));
          assert.equal(reply.status, 400, JSON.stringify(username));
          const answer = await callAnon(arena, 'registerUser', { ...wish({ username }), secretURL: secret });
          assert.equal(at(answer, 'result'), undefined, JSON.stringify(username));
        }
        const odd = await ask(arena, 'register', wish({ username: '__proto__' }));
        assert.equal(odd.status, 200, 'a name like any other');
      },
    },
    {
      id: 'C05',
      about: 'a taken name and a taken address are refused in the words of the contract, and change nothing',
      async act(arena, { alice }) {
        const taken = await ask(arena, 'register', wish({ username: alice.username }));
        assert.equal(taken.text, '{"success":false,"error":"Username is already in use"}');
        const email = await ask(arena, 'register', wish({ email: alice.email.toUpperCase() }));
        assert.equal(email.text, '{"success":false,"error":"Email already exists"}');
        assert.ok(await arena.holds(alice));
      },
    },
    {
      id: 'C06c',
      about: 'whether a name is free is told to nobody who is not signed in, by no method',
      async act(arena, { alice, bystander }) {
        for (const method of ['checkUsernameAvailability', 'getUsernameSuggestion', 'setUsername']) {
          assert.equal(at(await callAnon(arena, method, alice.username), 'error', 'error'), 'error-invalid-user');
        }
        const path = `/api/v1/users.checkUsernameAvailability?username=${alice.username}`;
        const reply = await arena.ask({ path, headers: pass(bystander) });
        assert.equal(reply.text, '{"result":false,"success":true}');
        for (const odd of ['', '?username=', '?username[$ne]=x', '?username=a&username=b']) {
          const broken = await arena.ask({
            path: `/api/v1/users.checkUsernameAvailability${odd}`,
            headers: pass(bystander),
          });
          assert.equal(broken.status, 400, odd);
        }
      },
    },
    {
      id: 'I16',
      about: 'what strangers write is text in mails, and no mail program makes a link of it',
      async act(arena) {
        const [admin] = arena.rows('select address from account_emails where account_id = ?', arena.admin.userId);
        const reason =
          'See https://evil.example/x or www.evil.example\r\nBcc: eve@evil.example <a href="http://evil.example">x</a>';
        assert.equal((await ask(arena, 'register', wish({ reason, name: 'Visit www.evil.example now' }))).status, 200);
        await arena.untilMailed();
        const mail = arena.mailsTo(String(admin?.['address']), 'waits for approval').at(-1);
        assert.ok(mail !== undefined, 'administrators are told');
        assert.doesNotMatch(mail.headers, /evil/u);
        assert.doesNotMatch(mail.body, /evil\.example|https:\/\/evil|www\.evil|eve@evil/u);
        assert.doesNotMatch(mail.body.slice(mail.body.indexOf('<!doctype')), /<a [^>]*evil/u);
        assert.match(mail.body, /evil/u, 'it is there, as text');
      },
    },
    {
      id: 'S05',
      about: 'a rename and a registration of one name at once leave it one owner',
      async act(arena) {
        for (let round = 0; round < 10; round += 1) {
          const person = await arena.person();
          const username = `wanted.${round}`;
          const socket = await arena.socket(person);
          const [renamed, made] = await Promise.all([
            socket.call('setUsername', username),
            ask(arena, 'register', wish({ username })),
          ]);
          const wins = [renamed['result'] === username, made.status === 200];
          assert.equal(wins.filter(Boolean).length, 1, `${JSON.stringify(renamed)} ${made.text}`);
          assert.equal(arena.rows('select id from accounts where username_key = ?', username).length, 1);
          socket.close();
        }
      },
    },
  ],
};
