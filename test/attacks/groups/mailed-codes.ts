import assert from 'node:assert/strict';
import { setUpApp } from '../app-owner.ts';
import { type Arena, type Person, unlimited } from '../arena.ts';
import { digest, doors } from '../doors.ts';
import type { Group } from '../group.ts';
import { at, pass, sleep } from '../wire.ts';
import { gatedCall } from './factors.ts';
import { asksEachTime, comesIn, hasOpened, post } from './second-factors.ts';

const subject = 'Subject: Authentication code';

/** Somebody new whose codes come by e-mail. */
async function mailOwner(arena: Arena): Promise<Person> {
  const person = await arena.person();
  const on = await post(arena, 'users.2fa.enableEmail', person, {});
  assert.equal(on.status, 200, on.text);
  return person;
}

/** How many codes were mailed to somebody. */
async function mailed(arena: Arena, { email }: Person): Promise<number> {
  await arena.untilMailed();
  return arena.mailsTo(email, subject).length;
}

/** The newest code, as the mail shows it. */
async function newestCode(arena: Arena, { email }: Person): Promise<string> {
  await arena.untilMailed();
  const mail = arena.mailsTo(email, subject).at(-1);
  return /\b\d{3}-\d{3}\b/u.exec(mail?.body ?? '')?.[0] ?? assert.fail(`no code was mailed to ${email}`);
}

/** Asks for a code by a right password, and gives it. */
async function askedCode(arena: Arena, owner: Person): Promise<string> {
  const { error, opened } = await arena.signIn('REST JSON', owner.username, owner.password);
  assert.equal(opened, undefined);
  assert.equal(error, 'totp-required');
  return await newestCode(arena, owner);
}

function another(code: string): string {
  return String((Number(code.replace('-', '')) + 1) % 1_000_000).padStart(6, '0');
}

/** E: codes by e-mail. */
export const mailedCodes: Group = {
  letter: 'E',
  about: 'second factors: codes by e-mail',
  env: { ...unlimited, ...asksEachTime },
  cases: [
    {
      id: 'E02c',
      about: 'the right password alone opens no door; what is asked for tells no address',
      async act(arena, { bystander }) {
        const owner = await mailOwner(arena);
        for (const door of doors) {
          const { opened, error, text } = await arena.signIn(door, owner.username, owner.password, { bystander });
          assert.equal(opened, undefined, door);
          assert.equal(error, 'totp-required', text);
          assert.equal(text.includes('@'), false, text);
        }
        assert.equal(await mailed(arena, owner), 1, 'a code that is still good is not sent again');
      },
    },
    {
      id: 'E07c',
      about: 'a right code as a number, an object, a list, cut or in other digits is none, and is not used up',
      async act(arena, { bystander }) {
        const owner = await mailOwner(arena);
        for (const door of doors) {
          const code = await askedCode(arena, owner);
          const digits = code.replace('-', '');
          const odd: readonly unknown[] = [Number(digits), [digits], { $eq: digits }, { $gt: '' }];
          for (const one of odd) {
            if (door === 'REST form' && typeof one === 'number') continue;
            if (door === 'REST form' && Array.isArray(one)) continue;
            assert.equal(
              await comesIn(arena, door, owner, one, { bystander }),
              false,
              `${door} ${JSON.stringify(one)}`,
            );
          }
          const texts = [
            digits.slice(1),
            digits.replaceAll(/./gu, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
            `0${digits}`,
          ];
          for (const one of texts) {
            assert.equal(await comesIn(arena, door, owner, one, { bystander }), false, `${door} ${one}`);
          }
          assert.ok(await comesIn(arena, door, owner, code, { bystander }), `${door} opens to what the mail shows`);
        }
      },
    },
    {
      id: 'E08c',
      about: 'a code opens one door once, its owner’s alone; of eight at once one wins',
      async act(arena, { bystander }) {
        const owner = await mailOwner(arena);
        const other = await mailOwner(arena);
        const code = await askedCode(arena, owner);
        if (code !== (await askedCode(arena, other))) {
          assert.equal(await comesIn(arena, 'REST JSON', other, code, { bystander }), false, 'E09: another’s code');
        }
        const won = await Promise.all(
          [...doors, ...doors.slice(0, 3)].map(async (door) => await comesIn(arena, door, owner, code, { bystander })),
        );
        assert.equal(won.filter(Boolean).length, 1, won.join(' '));
        const late = await askedAgain(arena, owner, code);
        assert.equal(late, false);
      },
    },
    {
      id: 'E12',
      about: 'five wrong ones make a code void, at whatever doors; the wrong ones of all codes are counted on',
      async act(arena, { bystander }) {
        const owner = await mailOwner(arena);
        for (let round = 1; round <= 3; round += 1) {
          const code = await askedCode(arena, owner);
          for (const door of doors) {
            assert.equal(await comesIn(arena, door, owner, another(code), { bystander }), false, door);
          }
          assert.equal(await comesIn(arena, 'REST JSON', owner, code, { bystander }), false, 'void is void');
          const [row] = arena.rows('select wrong_codes from second_factors where account_id = ?', owner.userId);
          assert.equal(row?.['wrong_codes'], round * (doors.length + 1));
        }
      },
    },
    {
      id: 'E13',
      about: 'a code that is over opens nothing',
      async act(arena) {
        const owner = await mailOwner(arena);
        const code = await askedCode(arena, owner);
        await arena.whileDown('update second_factors set email_code_ends_at = email_code_ends_at - 3600000');
        assert.equal(await comesIn(arena, 'REST JSON', owner, code, {}), false);
        assert.notEqual(await newestCode(arena, owner), undefined);
        assert.equal(await mailed(arena, owner), 2, 'a fresh one is in the mail');
        assert.ok(await comesIn(arena, 'DDP', owner, await newestCode(arena, owner), {}));
      },
    },
    {
      id: 'E15',
      about: 'a code that was asked for at one place serves once in all: at a gate or at a door',
      async act(arena, { bystander }) {
        const owner = await mailOwner(arena);
        const code = await askedCode(arena, owner);
        assert.equal((await gatedCall(arena, owner, { headers: { 'x-2fa-code': code } })).status, 200);
        assert.equal(await comesIn(arena, 'DDP', owner, code, { bystander }), false);
        assert.equal(at((await gatedCall(arena, owner, { headers: { 'x-2fa-code': code } })).json, 'success'), false);
      },
    },
    {
      id: 'E16',
      about: 'fifty requests for a code, in whatever spelling and at whatever door, mail ten at most and tell nothing',
      async act(arena, { bystander }) {
        const owner = await mailOwner(arena);
        const plain = await arena.person();
        // The one that tells of the new factor leaves first.
        await arena.untilMailed();
        const before = arena.mails().length;
        const answers = new Set<string>();
        const names = [owner.username, owner.email, owner.username.toUpperCase(), owner.email.toUpperCase()];
        const ask = async (emailOrUsername: unknown): Promise<string> => {
          const { status, text } = await arena.ask({
            path: '/api/v1/users.2fa.sendEmailCode',
            json: { emailOrUsername },
          });
          return `${status} ${text}`;
        };
        for (let round = 0; round < 11; round += 1) for (const name of names) answers.add(await ask(name));
        for (const door of doors) await arena.signIn(door, owner.username, owner.password, { bystander });
        await arena.signIn('DDP', owner.email, owner.password, { bystander });
        for (const name of ['nobody.at.all', 'nobody@example.com', plain.username, plain.email]) {
          answers.add(await ask(name));
        }
        assert.equal(answers.size, 1, [...answers].join(' | '));
        // Codes are sent after the answer.
        await sleep(300);
        assert.equal(await mailed(arena, owner), 10);
        assert.equal(arena.mails().length - before, 10, 'and nobody else was mailed');
      },
    },
    {
      id: 'E16b',
      about: 'a request for a code with lists, objects, several addresses or line breaks mails nobody',
      async act(arena) {
        const owner = await mailOwner(arena);
        await arena.untilMailed();
        const before = arena.mails().length;
        for (const emailOrUsername of [
          [owner.email],
          { $ne: '' },
          { $regex: '.*' },
          null,
          1,
          true,
          `${owner.email},evil@example.net`,
          `${owner.email}\r\nBcc: evil@example.net`,
          `${owner.email} evil@example.net`,
          `evil@example.net;${owner.email}`,
          `${owner.email}\0`,
          '%',
          'x'.repeat(100_000),
        ]) {
          const { status, text } = await arena.ask({
            path: '/api/v1/users.2fa.sendEmailCode',
            json: { emailOrUsername },
          });
          assert.ok([200, 400, 413].includes(status), text);
        }
        await sleep(300);
        assert.equal(await mailed(arena, owner), 0);
        assert.equal(arena.mails().length, before);
      },
    },
    {
      id: 'E17c',
      about: 'with an app and codes by e-mail each code is of its own method, and the password is of none',
      async act(arena, { bystander }) {
        const person = await mailOwner(arena);
        const code = await askedCode(arena, person);
        // Setting up asks for the factor that is there.
        const headers = { ...pass(person), 'x-2fa-code': code, 'x-2fa-method': 'email' };
        const begun = await arena.ask({ path: '/api/v1/users.enableTotp', headers, json: {} });
        assert.equal(begun.status, 200, begun.text);
        const both = await arena.person();
        const app = await setUpApp(async (what) => await arena.ask(what), both);
        assert.equal((await post(arena, 'users.2fa.enableEmail', both, {})).status, 200);
        await arena.ask({ path: '/api/v1/users.2fa.sendEmailCode', json: { emailOrUsername: both.email } });
        const arrived = await arrivedCode(arena, both);
        const login = { user: { username: both.username }, password: digest(both.password) };
        const tryCode = async (given: string, method: string): Promise<boolean> =>
          hasOpened(await arena.knock('DDP', { totp: { code: given, method, login } }, { bystander }));
        assert.equal(await tryCode(app.code(), 'email'), false);
        assert.equal(await tryCode(arrived, 'totp'), false);
        assert.equal(await tryCode(arrived.replace('-', ''), 'totp'), false);
        assert.equal(await tryCode(digest(both.password).digest, 'password'), false);
        assert.ok(await tryCode(arrived, 'email'));
        assert.equal(await tryCode(arrived, 'email'), false);
        assert.ok(await tryCode(app.code(), 'totp'));
      },
    },
    {
      id: 'E24c',
      about: 'codes by e-mail are turned off against a code alone, and on and off again leaves the old one dead',
      async act(arena) {
        const owner = await mailOwner(arena);
        const code = await askedCode(arena, owner);
        const off = async (given?: string, method = 'email') =>
          await arena.ask({
            path: '/api/v1/users.2fa.disableEmail',
            headers: {
              ...pass(owner),
              'x-2fa-method': method,
              ...(given === undefined ? {} : { 'x-2fa-code': given }),
            },
            json: {},
          });
        assert.equal(at((await off()).json, 'errorType'), 'totp-required');
        for (const method of ['email', 'password', 'totp']) {
          assert.equal(at((await off(digest(owner.password).digest, method)).json, 'errorType'), 'totp-invalid');
        }
        assert.equal(at((await off(another(code))).json, 'errorType'), 'totp-invalid');
        assert.equal((await off(code)).status, 200);
        assert.equal((await post(arena, 'users.2fa.enableEmail', owner, {})).status, 200);
        assert.equal(await comesIn(arena, 'REST JSON', owner, code, {}), false);
      },
    },
    {
      id: 'E35c',
      about: 'neither the log nor the database holds a code that was mailed',
      async act(arena) {
        const owner = await mailOwner(arena);
        const code = await askedCode(arena, owner);
        await arena.untilMailed();
        const row = JSON.stringify(arena.rows('select * from second_factors where account_id = ?', owner.userId));
        for (const secret of [code, code.replace('-', '')]) {
          assert.equal(arena.server.lines.join('\n').includes(`"${secret}"`), false);
          assert.equal(row.includes(`"${secret}"`), false);
        }
      },
    },
  ],
};

/** Waits for the code that is sent after its answer. */
async function arrivedCode(arena: Arena, owner: Person): Promise<string> {
  const until = Date.now() + 5000;
  while (arena.mailsTo(owner.email, subject).length === 0 && Date.now() < until) await arena.untilMailed();
  return await newestCode(arena, owner);
}

/** Whether a code that was used opens once a fresh one is out. */
async function askedAgain(arena: Arena, owner: Person, used: string): Promise<boolean> {
  const fresh = await askedCode(arena, owner);
  return fresh !== used && (await comesIn(arena, 'REST JSON', owner, used, {}));
}
