import assert from 'node:assert/strict';
import { unlimited } from '../arena.ts';
import { digest, doors } from '../doors.ts';
import type { Group } from '../group.ts';
import { mustTellNothing } from '../verdict.ts';
import { at, pass, textAt } from '../wire.ts';

const right = (password: string) => digest(password).digest;

/** A: values of another type, and database operators, where text belongs. */
export const types: Group = {
  letter: 'A',
  about: 'types and operators in the place of text',
  env: unlimited,
  cases: [
    {
      id: 'A01',
      about: 'an operator as user is refused as a wrong password is',
      must: 'same',
      bodies: ({ alice }) => [
        { user: { $ne: null }, password: 'x' },
        { user: { $ne: null }, password: alice.password },
        { user: { username: { $ne: null } }, password: alice.password },
        { user: { username: { $regex: '^person' } }, password: alice.password },
        { user: { $or: [{ username: alice.username }] }, password: alice.password },
        { user: { id: { $ne: '' } }, password: alice.password },
      ],
    },
    {
      id: 'A02',
      about: 'an operator as username or e-mail address is refused as a wrong password is',
      must: 'same',
      bodies: ({ alice }) => [
        { username: { $gt: '' }, password: 'x' },
        { username: { $gt: '' }, password: alice.password },
        { email: { $regex: '.*' }, password: alice.password },
        { username: [alice.username], password: alice.password },
        { user: [alice.username], password: alice.password },
        { user: { username: alice.username, email: alice.email }, password: alice.password },
        { user: { username: alice.username, $where: '1' }, password: alice.password },
        { user: { emails: { $exists: true } }, password: alice.password },
      ],
    },
    {
      id: 'A04',
      about: 'an operator as password is refused',
      must: 'refuse',
      bodies: ({ alice: { username } }) => [
        { user: username, password: { $ne: '' } },
        { user: username, password: { $exists: true } },
        { user: username, password: { $regex: '.*' } },
        { user: username, password: true },
        { user: username, password: 0 },
        { user: username, password: [] },
        { user: username, password: null },
        { user: username },
        { user: { username }, password: { $ne: '' } },
      ],
    },
    {
      id: 'A05',
      about: 'an operator as digest is refused',
      must: 'refuse',
      bodies: ({ alice }) =>
        [
          { $gt: '' },
          { $ne: null },
          [right(alice.password)],
          { digest: right(alice.password) },
          true,
          null,
          64,
          '',
        ].map((one) => ({ user: alice.username, password: { digest: one, algorithm: 'sha-256' } })),
    },
    {
      id: 'A06',
      about: 'another algorithm than sha-256, or none, is refused',
      must: 'refuse',
      bodies: ({ alice }) => [
        ...[
          'md5',
          'SHA-256',
          'sha256',
          'none',
          '',
          ' sha-256',
          'sha-256\u0000',
          'sha-512',
          'plain',
          null,
          0,
          ['sha-256'],
          { $ne: 1 },
        ].map((algorithm) => ({ user: alice.username, password: { digest: right(alice.password), algorithm } })),
        { user: alice.username, password: { digest: right(alice.password) } },
        { user: alice.username, password: { digest: alice.password, algorithm: 'plain' } },
        { user: alice.username, password: { hashed: right(alice.password) } },
        { user: alice.username, password: { hashed: true, digest: 'x', algorithm: 'sha-256' } },
        { user: alice.username, password: JSON.stringify(digest(alice.password)) },
      ],
    },
    {
      id: 'A08',
      about: 'a digest that can be nobody’s is refused',
      must: 'refuse',
      bodies: ({ alice }) => {
        const hex = right(alice.password);
        return [
          hex.toUpperCase(),
          hex.slice(0, 63),
          `${hex}0`,
          ` ${hex}`,
          `${hex}\n`,
          `${hex}\u0000`,
          'z'.repeat(64),
          'f'.repeat(1_000_000),
        ].map((one) => ({ user: alice.username, password: { digest: one, algorithm: 'sha-256' } }));
      },
    },
    {
      id: 'A09',
      about: 'what is no text as resume token is refused',
      must: 'refuse',
      bodies: ({ alice }) =>
        [
          { $exists: true },
          { $ne: null },
          { $regex: '.*' },
          [],
          [alice.authToken],
          { token: alice.authToken },
          '',
          null,
          0,
          1,
          true,
          false,
          alice.authToken.slice(0, -1),
          `${alice.authToken} `,
          `${alice.authToken}\u0000`,
          'x'.repeat(1_000_000),
        ].map((resume) => ({ resume })),
    },
    {
      id: 'A10',
      cve: ['HackerOne-1447619'],
      about: 'an operator as one-time login token is refused',
      must: 'refuse',
      bodies: () => [
        { loginToken: { $exists: false } },
        { loginToken: { $ne: null } },
        { loginToken: '' },
        { loginToken: null },
        { loginToken: [] },
      ],
    },
    {
      id: 'A12',
      cve: ['CVE-2026-45688'],
      about: 'an operator as CAS credential is refused',
      must: 'refuse',
      bodies: () => [
        { cas: { credentialToken: { $gt: '' } } },
        { cas: { credentialToken: '' } },
        { cas: { $ne: null } },
        { cas: true },
        { cas: [] },
        { cas: { credentialToken: 'x' } },
      ],
    },
    {
      id: 'A13',
      about: 'an operator as SAML credential is refused',
      must: 'refuse',
      bodies: () => [
        { saml: true, credentialToken: { $ne: '' } },
        { saml: true, credentialToken: null },
        { saml: { $ne: 1 }, credentialToken: [] },
        { saml: true, credentialToken: 'x' },
        { saml: true },
      ],
    },
    {
      id: 'A14',
      about: 'an operator as OAuth credential is refused',
      must: 'refuse',
      bodies: () => [
        { oauth: { credentialToken: { $ne: null }, credentialSecret: { $ne: null } } },
        { oauth: { credentialToken: 'x', credentialSecret: null } },
        { oauth: { credentialToken: 'x', credentialSecret: { $ne: 1 } } },
        { oauth: { credentialToken: ['x'], credentialSecret: 'y' } },
        { oauth: true },
        { oauth: [] },
        { oauth: { credentialToken: { $ne: null } }, totp: { code: '1' } },
      ],
    },
    {
      id: 'A15',
      about: 'access tokens of providers that are not configured, and of none, are refused',
      must: 'refuse',
      bodies: () => [
        { serviceName: 'google', accessToken: { $ne: '' }, idToken: 'x', expiresIn: 3600 },
        { serviceName: '__proto__', accessToken: 'x', expiresIn: 3600 },
        { serviceName: 'constructor', accessToken: 'x', expiresIn: 3600 },
        { serviceName: { $ne: 1 }, accessToken: 'x', expiresIn: 3600 },
        { serviceName: 'twitter', accessToken: 'x', accessTokenSecret: 'x', appSecret: 'x', expiresIn: 1 },
        { identityToken: { $ne: 1 } },
        { identityToken: 'eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.' },
        { iframe: true, token: { $exists: false } },
        { iframe: true, token: '' },
        { proxy: true, username: 'root.admin' },
      ],
    },
    {
      id: 'A16',
      about: 'a directory named by the client is not asked, and a wrong password with it is refused',
      must: 'refuse',
      bodies: ({ alice: { username } }) => [
        { ldap: true, username, ldapPass: 'x', ldapOptions: { host: '127.0.0.1', port: 1, BaseDN: 'dc=evil' } },
        { ldap: true, username, ldapPass: { $ne: '' }, ldapOptions: {} },
        { ldap: true, username: { $ne: '' }, ldapPass: 'x', ldapOptions: {} },
        { ldap: true, username, ldapPass: '', ldapOptions: {} },
        { ldap: true, username, ldapPass: '\u0000', ldapOptions: {} },
        { ldap: true, username: '*', ldapPass: 'x', ldapOptions: {} },
        { crowd: true, username, crowdPassword: { $ne: '' } },
        { crowd: true, username, crowdPassword: 'x' },
      ],
    },
    {
      id: 'A17',
      cve: ['CVE-2026-29198'],
      about: 'an operator as access_token in the address opens nothing, with headers or without',
      async act(arena, { alice }) {
        for (const query of [
          'access_token[$ne]=null',
          'access_token[$gt]=',
          'access_token.$ne=1',
          'access_token%5B%24ne%5D=null',
        ]) {
          for (const headers of [{}, pass(alice)]) {
            const reply = await arena.ask({ path: `/api/v1/me?${query}`, headers });
            assert.equal(reply.status, 401, `${query} ${reply.text}`);
          }
        }
      },
    },
    {
      id: 'A18',
      about: 'a repeated or listed access_token opens nothing',
      async act(arena, { alice }) {
        const token = alice.authToken;
        for (const query of [
          'access_token=a&access_token=b',
          'access_token[]=a',
          `access_token=${token}`,
          `access_token[]=${token}`,
          `access_token=${token}&access_token=${token}`,
        ]) {
          const reply = await arena.ask({ path: `/api/v1/me?${query}` });
          assert.equal(reply.status, 401, `${query} ${reply.text}`);
        }
      },
    },
    {
      id: 'A20',
      about: 'a body that is no object is refused',
      must: 'refuse',
      bodies: () => [
        '[]',
        '"x"',
        'null',
        '0',
        'true',
        '{}',
        '[null]',
        '[[]]',
        '{',
        '{"user":',
        'nonsense',
        '\ufeff{}',
        '['.repeat(5000),
        '{"a":'.repeat(5000),
      ],
      doors: ['REST JSON', 'DDP', 'method.call', 'method.callAnon'],
    },
    {
      id: 'A20b',
      about: 'an empty body is refused',
      must: 'same',
      bodies: () => ['', {}],
      doors: ['REST JSON', 'REST form'],
    },
    {
      id: 'A21',
      about: 'prototype members pollute nothing and give no rights',
      async act(arena, { alice, bystander }) {
        const { username, password } = alice;
        const user = JSON.stringify({ username });
        for (const text of [
          `{"__proto__":{"isAdmin":true,"resume":"x"},"user":"${username}","password":"${password}"}`,
          `{"constructor":{"prototype":{"isAdmin":true}},"user":"${username}","password":"${password}"}`,
          `{"user":{"__proto__":{"username":"${username}"}},"password":"${password}"}`,
          `{"__proto__":{"user":${user},"password":"${password}"}}`,
          `{"user":${user},"password":{"__proto__":{"digest":"${right(password)}","algorithm":"sha-256"}}}`,
          `{"totp":{"__proto__":{"code":"1","login":{}}}}`,
        ]) {
          for (const door of doors) {
            if (door === 'REST form') continue;
            for (const outcome of await arena.knock(door, text, { bystander })) mustTellNothing(outcome.text);
          }
        }
        await arena.knock('REST form', `__proto__[isAdmin]=true&constructor[prototype][isAdmin]=true&__proto__=x`);
        const me = await arena.ask({ path: '/api/v1/me', headers: pass(alice) });
        assert.equal(at(me.json, 'isAdmin'), undefined);
        assert.deepEqual(at(me.json, 'roles'), ['user']);
        const { opened } = await arena.signIn('REST JSON', 'nobody.at.all', 'wrong');
        assert.equal(opened, undefined, 'a later request is not affected');
      },
    },
    {
      id: 'A21b',
      about: 'a password behind a prototype is no password',
      must: 'refuse',
      bodies: ({ alice: { username, password } }) => [
        `{"__proto__":{"user":{"username":"${username}"},"password":"${password}"}}`,
        `{"user":{"username":"${username}"},"password":{"__proto__":{"digest":"${right(password)}","algorithm":"sha-256"}}}`,
        `{"user":{"__proto__":{"username":"${username}"}},"password":"${password}"}`,
      ],
      doors: ['REST JSON', 'DDP', 'method.call', 'method.callAnon'],
    },
    {
      id: 'A22',
      about: 'of a key that stands twice the last one counts, and the audit trail names that one',
      async act(arena, { alice, bystander }) {
        const forName = (name: string, door: string): string =>
          door === 'REST JSON' ? `"user":"${name}"` : `"user":{"username":"${name}"}`;
        for (const door of doors) {
          if (door === 'REST form') continue;
          const ending = `"password":"${alice.password}"}`;
          const [first] = await arena.knock(
            door,
            `{${forName('nobody', door)},${forName(alice.username, door)},${ending}`,
            { bystander },
          );
          assert.equal(first?.opened?.userId, alice.userId, door);
          const [last] = await arena.knock(
            door,
            `{${forName(alice.username, door)},${forName('twice', door)},${ending}`,
            { bystander },
          );
          assert.equal(last?.opened, undefined, door);
          const [row] = arena.rows(
            `select account_id, json_facts from audit where what = 'log-in' order by seq desc limit 1`,
          );
          assert.equal(row?.['account_id'], null, door);
          assert.match(String(row?.['json_facts']), /"username":"twice"/u, door);
        }
      },
    },
    {
      id: 'A24',
      about: 'operators in form fields are refused as a wrong password is',
      must: 'same',
      bodies: ({ alice: { username, password } }) => [
        'user[$ne]=&password[$ne]=',
        'user.$ne=&password.$ne=',
        `user=${username}&password[$ne]=`,
        `user[username]=${username}&password=${encodeURIComponent(password)}`,
        `user=${username}&user=${username}&password=${encodeURIComponent(password)}`,
        `user[]=${username}&password=${encodeURIComponent(password)}`,
        `user=${username}&password=x&password=${encodeURIComponent(password)}`,
        `user=${username}%00&password=x`,
        `user=${username}&password=%FF%FE`,
        '&&&=&=',
        'resume[$exists]=true',
      ],
      doors: ['REST form'],
    },
    {
      id: 'A25',
      about: 'a body is never read as another type than it says it is',
      async act(arena, { alice }) {
        const { username, password } = alice;
        const json = JSON.stringify({ user: username, password });
        const form = new URLSearchParams({ user: username, password }).toString();
        const wide = Buffer.from(json, 'utf16le');
        const tries: readonly (readonly [string | undefined, string | Buffer])[] = [
          ['application/json', form],
          ['application/x-www-form-urlencoded', json],
          ['text/plain', json],
          ['text/plain', form],
          ['text/plain;charset=UTF-8', json],
          ['multipart/form-data; boundary=x', form],
          ['application/xml', json],
          ['application/json; charset=utf-16', wide],
          ['application/json; charset=utf-16le', wide],
          ['application/jsonp', json],
          ['application/csp-report', json],
          ['', json],
          [undefined, json],
          [undefined, form],
          ['text/html, application/json', json],
          ['application/json/x-www-form-urlencoded', json],
        ];
        for (const [type, body] of tries) {
          const headers = type === undefined ? {} : { 'content-type': type };
          const reply = await arena.ask({ path: '/api/v1/login', headers, body });
          assert.ok([400, 401, 415].includes(reply.status), `${type}: ${reply.status} ${reply.text}`);
        }
        const kept = await arena.ask({
          path: '/api/v1/login',
          headers: { 'content-type': 'APPLICATION/JSON; charset=UTF-8' },
          body: json,
        });
        assert.equal(kept.status, 200, kept.text);
      },
    },
    {
      id: 'A26',
      about: 'two ways of signing in are never combined',
      must: 'refuse',
      bodies: ({ alice, bystander }) => [
        { user: alice.username, password: alice.password, resume: 'x'.repeat(43) },
        { user: alice.username, password: 'wrong', resume: 'x'.repeat(43) },
        {
          user: { username: alice.username },
          password: 'wrong',
          oauth: { credentialToken: 'x', credentialSecret: 'y' },
        },
        {
          user: alice.username,
          password: { digest: right(bystander.password), algorithm: 'sha-256' },
          cas: { credentialToken: 'x' },
        },
        {
          user: alice.username,
          password: 'wrong',
          ldap: true,
          ldapOptions: {},
          username: bystander.username,
          ldapPass: bystander.password,
        },
      ],
    },
    {
      id: 'A26b',
      about: 'a resume token beside a name and a password is the resume token, and signs in its own account only',
      async act(arena, { alice, bystander }) {
        for (const door of doors) {
          const body = { user: { username: alice.username }, password: 'wrong', resume: bystander.authToken };
          for (const outcome of await arena.knock(door, body, { bystander })) {
            assert.ok(outcome.opened === undefined || outcome.opened.userId === bystander.userId, outcome.text);
          }
        }
      },
    },
    {
      id: 'A28',
      cve: ['CVE-2022-32211', 'HackerOne-1130874', 'HackerOne-1140631'],
      about: 'queries, fields and orders of the client reach no database, take no time and show no secret',
      async act(arena, { alice }) {
        const hash = String(
          arena.rows('select password_hash from accounts where id = ?', alice.userId)[0]?.['password_hash'],
        );
        for (const query of [
          'query={"$where":"sleep(5000)"}',
          'query={"services.password.reset.token":{"$regex":"^A"}}',
          'fields={"services":1}',
          'sort={"services.resume":1}',
          'sort={"password_hash":1}',
          'sort={"username":{"$gt":""}}',
          'sort={"__proto__":1}',
          'sort=[1]',
          'sort=nonsense',
          'sort={"username":1,"username,(select 1)":-1}',
          'query[$where]=sleep(5000)',
          'count=1;drop table accounts',
          'count=-1',
          'offset=1e99',
          'offset=99999999999999999999',
          'count[$gt]=1',
          'email[$ne]=x',
        ]) {
          for (const who of [alice, arena.admin]) {
            const begun = performance.now();
            const path = `/api/v1/users.list?${query.replace(/[{}"[\] $;]/gu, encodeURIComponent)}`;
            const reply = await arena.ask({ path, headers: pass(who) });
            assert.ok([200, 400, 403].includes(reply.status), `${query}: ${reply.status} ${reply.text}`);
            assert.ok(performance.now() - begun < 2000, query);
            assert.doesNotMatch(reply.text, /"services"|password_hash|hashedToken|loginTokens/u);
            assert.ok(!reply.text.includes(hash));
            mustTellNothing(reply.text);
          }
        }
      },
    },
    {
      id: 'A29',
      about: 'operators in the query of a look-up are refused',
      async act(arena, { alice }) {
        for (const query of [
          'username[$ne]=x',
          'username[$regex]=.*',
          'importIds[$gt]=',
          'importId[$gt]=',
          'userId[$ne]=1',
          'userId=a&userId=b',
          'userId[]=a',
          'email[$ne]=x',
          '__proto__[userId]=x',
          '',
        ]) {
          for (const who of [alice, arena.admin]) {
            const reply = await arena.ask({ path: `/api/v1/users.info?${encodeURI(query)}`, headers: pass(who) });
            assert.equal(reply.status, 400, `${query}: ${reply.text}`);
            assert.equal(at(reply.json, 'user'), undefined);
          }
        }
      },
    },
    {
      id: 'A30',
      about: 'methods and routes that take a token by pattern answer nothing',
      async act(arena) {
        for (const path of ['/api/v1/validateInviteToken', '/api/v1/pw.getPolicyReset']) {
          const reply = await arena.ask({ path, json: { token: { $regex: '.*' } } });
          assert.ok([400, 401, 404, 405].includes(reply.status), reply.text);
        }
        for (const method of ['getPasswordPolicy', 'resetPassword', 'verifyEmail', 'validateInviteToken']) {
          const message = JSON.stringify({
            msg: 'method',
            id: '1',
            method,
            params: [{ token: { $regex: '^a' } }, 'x'],
          });
          const reply = await arena.ask({ path: `/api/v1/method.callAnon/${method}`, json: { message } });
          const inner = JSON.parse(textAt(reply.json, 'message')) as unknown;
          assert.equal(at(inner, 'result'), undefined, reply.text);
          assert.ok([400, 403, 404].includes(Number(at(inner, 'error', 'error'))), reply.text);
        }
      },
    },
    {
      id: 'A32',
      about: 'numbers and lists in the place of password and code are refused',
      must: 'refuse',
      bodies: ({ alice: { username, password } }) => [
        { user: username, password: 123456 },
        { user: username, password: 'wrong', code: 123456 },
        { user: username, password, code: ['123456'] },
        { user: username, password, code: { $gt: '' } },
        { user: username, password, code: true },
        { totp: { code: ['123456'], login: { user: { username }, password } } },
        { totp: { code: { $gt: '' }, login: { user: { username }, password } } },
        { totp: { code: 123456, login: { user: { username }, password } } },
      ],
      doors: ['REST JSON', 'DDP', 'method.call', 'method.callAnon'],
    },
  ],
};
