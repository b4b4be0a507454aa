import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { Arena, counted, type Guest } from './attacks/arena.ts';
import { type Door, signInAt } from './attacks/doors.ts';
import { pass } from './attacks/wire.ts';

const guide = readFileSync(new URL('../docs/guides/fail2ban.md', import.meta.url), 'utf8');

/** The expression of the guide, in the words of this language: `<HOST>` is any address. */
function failRegex(): RegExp {
  const written = /^failregex = (.+)$/mu.exec(guide)?.[1];
  assert.ok(written !== undefined, 'the guide has a filter');
  return new RegExp(written.replace('<HOST>', '(?<host>[0-9a-fA-F:.]+)'), 'u');
}

/** The addresses that fail2ban would read out of a log. */
function bannedIn(lines: readonly string[]): readonly string[] {
  const regex = failRegex();
  return lines.flatMap((line) => regex.exec(line)?.groups?.['host'] ?? []);
}

/** Text that tries to be a line, or a part of one. */
const forged =
  '{"level":40,"time":"2026-08-20T10:00:00.000Z","event":"log-in.refused","code":"wrong-credentials","door":"rest","address":"192.0.2.66","requestId":"x","msg":"failed sign-in"}';
const hostile = [
  `x\n${forged}`,
  `x\r\n${forged}\r\n`,
  `"}\n${forged}`,
  `x","address":"192.0.2.66","requestId":"x","msg":"failed sign-in"}`,
  `\u2028${forged}\u2029`,
  `x] ClientAddress[192.0.2.66] ForwardedFor[-`,
  '\u001b[2K\u001b[1A',
];

const doors: readonly Door[] = ['REST JSON', 'REST form', 'DDP', 'method.call', 'method.callAnon'];

async function within(
  act: (arena: Arena, fail: (door: Door, name: string, guest: Guest) => Promise<void>) => Promise<void>,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const arena = await Arena.open({ ...counted, Block_Multiple_Failed_Logins_By_Ip: 'false', ...env });
  try {
    const bystander = await arena.person();
    await act(arena, async (door, name, guest) => {
      const { opened } = await arena.signIn(door, name, 'a wrong one', { bystander, ...guest });
      assert.equal(opened, undefined);
    });
  } finally {
    await arena.close();
  }
}

/** The lines, once as many as that are there. */
async function linesAfter(arena: Arena, sentence: RegExp, count: number): Promise<readonly string[]> {
  const until = Date.now() + 10_000;
  for (;;) {
    const lines = arena.server.lines.filter((line) => sentence.test(line));
    if (lines.length >= count) return arena.server.lines;
    assert.ok(Date.now() < until, `${lines.length} of ${count} lines came`);
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
}

describe('the filter of the guide', () => {
  it('finds every failed sign-in at every door, during a block as well, and no other line', async () => {
    await within(async (arena, fail) => {
      const person = await arena.person();
      const expected: string[] = [];
      for (const [at, door] of doors.entries()) {
        for (const name of [person.username, 'nobody.at.all']) {
          const from = `127.66.${at}.1`;
          await fail(door, name, { from });
          expected.push(from);
        }
      }
      for (let n = 0; n < 12; n += 1) {
        await fail('REST JSON', person.username, { from: `127.67.0.${n + 1}` });
        expected.push(`127.67.0.${n + 1}`);
      }
      const admin = await signInAt(arena.server, 'REST JSON', arena.server.administrator.username, 'x', {
        from: '127.68.0.1',
      });
      assert.equal(admin.opened, undefined);
      expected.push('127.68.0.1');
      const before = bannedIn(await linesAfter(arena, /failed sign-in/u, expected.length));
      assert.deepEqual(before.toSorted(), expected.toSorted());
      // None of these is a guess.
      assert.ok(await arena.holds(person));
      await arena.ask({ path: '/api/v1/me', headers: { 'x-user-id': 'x', 'x-auth-token': 'y' } });
      await arena.ask({ path: '/api/v1/login', json: { resume: 'no such token' } });
      await arena.ask({ path: '/api/v1/logout', method: 'POST', headers: pass(person) });
      const after = bannedIn(await linesAfter(arena, /"event":"log-in.refused".*"msg":"refused"/u, 1));
      assert.deepEqual(after.toSorted(), expected.toSorted());
    });
  });

  it('is not deceived by names and user agents that look like a line', async () => {
    const env = {
      OVERWRITE_SETTING_Login_Logs_Enabled: 'true',
      OVERWRITE_SETTING_Login_Logs_Username: 'true',
      OVERWRITE_SETTING_Login_Logs_UserAgent: 'true',
      OVERWRITE_SETTING_Login_Logs_ClientIp: 'true',
    };
    await within(async (arena, fail) => {
      let expected = 0;
      for (const name of hostile) {
        for (const door of ['REST JSON', 'DDP', 'method.call'] as const) {
          const userAgent = /^[\x20-\x7e]+$/u.test(name) ? name : forged;
          await fail(door, name, { from: '127.66.0.9', headers: { 'user-agent': userAgent } });
          expected += 1;
        }
      }
      const lines = await linesAfter(arena, /"msg":"failed sign-in"\}$/u, expected);
      const banned = bannedIn(lines);
      assert.equal(banned.length, expected);
      assert.deepEqual([...new Set(banned)], ['127.66.0.9']);
      const own = lines.filter((line) => line.includes('Failed login detected'));
      assert.equal(own.length, expected);
      for (const line of own) {
        const { msg } = JSON.parse(line) as { readonly msg: string };
        const form =
          /^Failed login detected - Username\[[^[\]]*\] ClientAddress\[([^[\]]*)\] ForwardedFor\[-\] XRealIp\[-\] UserAgent\[[^[\]]*\]$/u;
        assert.equal(form.exec(msg)?.[1], '127.66.0.9', msg);
      }
      // Whatever strangers write, each line of the log is one document.
      for (const line of lines.filter((one) => one.includes('192.0.2.66'))) assert.doesNotThrow(() => JSON.parse(line));
    }, env);
  });

  it('refuses a line that only looks like one', () => {
    assert.deepEqual(bannedIn([forged]), ['192.0.2.66'], 'the real form');
    const inside = JSON.stringify({ level: 40, msg: forged });
    for (const line of [
      inside,
      ` ${forged}`,
      `${forged} `,
      `x ${forged}`,
      forged.replace('failed sign-in', 'refused'),
      forged.replace('"level":40', '"level":30'),
      forged.replace('192.0.2.66', '192.0.2.66","x":"'),
      forged.replace('"requestId":"x"', '"requestId":"x","y":"z"'),
    ]) {
      assert.deepEqual(bannedIn([line]), [], line);
    }
    const inJournal = `host countersign[123]: ${forged}`;
    assert.deepEqual(bannedIn([inJournal]), ['192.0.2.66']);
  });
});
