import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { auditTrail } from '../../src/core/audit/trail.ts';
import { openBody } from '../../src/core/outbox.ts';
import { keyFromFile } from '../../src/lib/key-file.ts';
import { sealerOf } from '../../src/lib/seal.ts';
import { systemClock } from '../../src/lib/system-clock.ts';
import { openSqlite } from '../../src/stores/sqlite/open.ts';
import { unlimited } from '../attacks/arena.ts';
import { ask, at, type Pass, pass, type Reply, sleep, textAt } from '../attacks/wire.ts';
import { bsonOf, person as dumped } from '../dump.ts';
import { inherited } from '../inherited.ts';
import { type RunningServer, startServer } from '../server.ts';
import { Dice } from './dice.ts';
import { run } from './run.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

const rounds = Number(process.env['KILL_ROUNDS'] ?? 50);
/** How many people write at the same time; each has accounts of their own, so that each knows what must be there. */
const writers = 5;
/** In one round of so many, a power cut also ends the command line while it brings people in. */
const importEvery = 16;
const newcomers = 2_000;

interface Token {
  readonly pass: Pass;
  /** Undefined while nobody can know: its end was asked for and not answered. */
  alive: boolean | undefined;
  readonly personal: boolean;
}

/** Where there are two of something, a change was asked for and not answered: one of them holds. */
interface Person {
  readonly username: string;
  passwords: readonly string[];
  names: readonly string[];
  bot: readonly boolean[];
  userId: string | undefined;
  open: boolean | undefined;
  readonly tokens: Token[];
  /** Whether a mail has arrived at the address: until then, a new password ends personal tokens as well. */
  verified: boolean;
  /** The tokens that end with the old password. */
  atStake: readonly Token[];
  /** What was asked for in one call and not answered. */
  together: { readonly name: string } | undefined;
}

/** What one writer has been told, and so what must be true whatever happens next. */
class Ledger {
  readonly people: Person[] = [];
  readonly #name: string;
  readonly #dice: Dice;
  acknowledged = 0;

  constructor(name: string, seed: number) {
    this.#name = name;
    this.#dice = new Dice(seed);
  }

  /** Writes until the server is gone. */
  async write(server: RunningServer, admin: Pass): Promise<void> {
    for (;;) {
      try {
        await this.#step(server, admin);
        this.acknowledged += 1;
      } catch (cause) {
        // An assertion has a code, too.
        if (cause instanceof Error && 'code' in cause && !(cause instanceof assert.AssertionError)) return;
        throw cause;
      }
    }
  }

  async #step(server: RunningServer, admin: Pass): Promise<void> {
    const person = this.#dice.pick(this.people.filter(isCertain));
    const choice = this.#dice.below(17);
    if (person === undefined || choice < 3) {
      await this.#create(server, choice === 0 ? undefined : admin);
      return;
    }
    if (choice < 5 || person.open === false) {
      await this.#setActive(server, admin, person, person.open === false);
      return;
    }
    if (choice < 6) await this.#rename(server, admin, person);
    else if (choice < 7) await this.#renew(server, admin, person);
    else if (choice < 9) await this.#turnBot(server, admin, person);
    else if (choice < 11) await this.#reset(server, person);
    else await this.#useTokens(server, person, choice);
  }

  async #useTokens(server: RunningServer, person: Person, choice: number): Promise<void> {
    const token = this.#dice.pick(person.tokens.filter(({ alive }) => alive === true));
    if (choice < 13 || token === undefined) await this.#signIn(server, person);
    else if (choice < 15) await this.#personal(server, person, token);
    else {
      token.alive = undefined;
      must(await ask(server, { path: '/api/v1/logout', method: 'POST', headers: pass(token.pass) }), 200);
      token.alive = false;
    }
  }

  /** By an administrator, or by whoever registers. */
  async #create(server: RunningServer, admin: Pass | undefined): Promise<void> {
    const username = `${this.#name}.${this.people.length}`;
    const password = `Tr0ub4dor, the horse of ${username}`;
    const person: Person = {
      username,
      passwords: [password],
      names: [username],
      bot: [false],
      userId: undefined,
      open: true,
      tokens: [],
      verified: false,
      atStake: [],
      together: undefined,
    };
    this.people.push(person);
    const asked = { username, name: username, email: emailOf(person) };
    const made = must(
      admin === undefined
        ? await ask(server, { path: '/api/v1/users.register', json: { ...asked, pass: password } })
        : await ask(server, { path: '/api/v1/users.create', headers: pass(admin), json: { ...asked, password } }),
      200,
    );
    person.userId = textAt(made.json, 'user', '_id');
  }

  async #setActive(server: RunningServer, admin: Pass, person: Person, activeStatus: boolean): Promise<void> {
    person.open = undefined;
    const before = person.tokens.map((token) => ({ token, alive: token.alive }));
    if (!activeStatus) for (const token of person.tokens) token.alive = token.alive === false ? false : undefined;
    const json = { userId: person.userId, activeStatus };
    must(await ask(server, { path: '/api/v1/users.setActiveStatus', headers: pass(admin), json }), 200);
    person.open = activeStatus;
    if (!activeStatus) for (const { token } of before) token.alive = false;
  }

  async #rename(server: RunningServer, admin: Pass, person: Person): Promise<void> {
    const name = `Name ${this.#dice.below(1e9)}`;
    person.names = [...person.names, name];
    const json = { userId: person.userId, data: { name } };
    must(await ask(server, { path: '/api/v1/users.update', headers: pass(admin), json }), 200);
    person.names = [name];
  }

  /** Another name and another password in one call: both, or neither. */
  async #renew(server: RunningServer, admin: Pass, person: Person): Promise<void> {
    const name = `Name ${this.#dice.below(1e9)}`;
    const password = this.#password(person);
    const atStake = person.tokens.filter(({ personal, alive }) => alive === true && !personal);
    person.together = { name };
    person.names = [...person.names, name];
    person.passwords = [...person.passwords, password];
    person.atStake = atStake;
    for (const token of atStake) token.alive = undefined;
    const json = { userId: person.userId, data: { name, password } };
    must(await ask(server, { path: '/api/v1/users.update', headers: pass(admin), json }), 200);
    person.together = undefined;
    person.names = [name];
    person.passwords = [password];
    for (const token of atStake) token.alive = false;
  }

  #password({ username }: Person): string {
    // No digit stands beside another one: the policy refuses four that are alike.
    return `Tr0ub4dor ${String(this.#dice.below(1e9)).split('').join('-')} of ${username}`;
  }

  async #turnBot(server: RunningServer, admin: Pass, person: Person): Promise<void> {
    const give = person.bot[0] === false;
    person.bot = [true, false];
    const path = `/api/v1/roles.${give ? 'addUserToRole' : 'removeUserFromRole'}`;
    const json = { username: person.username, roleId: 'bot' };
    must(await ask(server, { path, headers: pass(admin), json }), 200);
    person.bot = [give];
  }

  async #reset(server: RunningServer, person: Person): Promise<void> {
    const before = linksTo(server, emailOf(person));
    must(await ask(server, { path: '/api/v1/users.forgotPassword', json: { email: emailOf(person) } }), 200);
    const link = await newLink(server, emailOf(person), before);
    const password = this.#password(person);
    const atStake = person.tokens.filter(({ personal, alive }) => alive === true && !(personal && person.verified));
    person.passwords = [...person.passwords, password];
    person.atStake = atStake;
    for (const token of atStake) token.alive = undefined;
    const body = new URLSearchParams({ password, again: password }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    must(await ask(server, { path: link, headers, body }), 200);
    person.passwords = [password];
    person.verified = true;
    for (const token of atStake) token.alive = false;
  }

  async #signIn(server: RunningServer, { username, passwords, tokens }: Person): Promise<void> {
    const [password] = passwords;
    const reply = must(await ask(server, { path: '/api/v1/login', json: { user: username, password } }), 200);
    tokens.push({ pass: passOf(reply), alive: true, personal: false });
  }

  async #personal(server: RunningServer, { tokens }: Person, by: Token): Promise<void> {
    const bounds = { scopes: ['create-personal-access-tokens'], addresses: ['127.0.0.0/8'] };
    const json = {
      tokenName: `t${tokens.length}.${this.#dice.below(1e9)}`,
      ...(by.personal || this.#dice.below(2) === 0 ? bounds : {}),
    };
    // What carries few permissions makes no other token.
    const shown = tokens.find(({ alive, personal }) => alive === true && !personal) ?? by;
    if (shown.personal) return;
    const reply = must(
      await ask(server, { path: '/api/v1/users.generatePersonalAccessToken', headers: pass(shown.pass), json }),
      200,
    );
    const made = { userId: by.pass.userId, authToken: textAt(reply.json, 'token') };
    tokens.push({ pass: made, alive: true, personal: true });
  }

  /** Asks the server whether everything it has acknowledged is so. */
  async verify(server: RunningServer, admin: Pass, newest: number): Promise<void> {
    for (const person of this.people.slice(-newest)) {
      const { username, userId, open } = person;
      const info = await ask(server, { path: `/api/v1/users.info?username=${username}`, headers: pass(admin) });
      if (userId === undefined) {
        // Never acknowledged: there or not, but whole.
        if (info.status === 200) person.userId = textAt(info.json, 'user', '_id');
        else this.people.splice(this.people.indexOf(person), 1);
        continue;
      }
      assert.equal(info.status, 200, `the account ${username} is there`);
      assert.equal(at(info.json, 'user', '_id'), userId);
      person.names = what(person.names, textAt(info.json, 'user', 'name'));
      const roles = at(info.json, 'user', 'roles');
      person.bot = what(person.bot, Array.isArray(roles) && roles.includes('bot'));
      const isOpen = at(info.json, 'user', 'active');
      if (open === undefined) person.open = isOpen === true;
      else assert.equal(isOpen, open, `${username} is ${open ? 'open' : 'closed'}`);
      if (person.open === true) await this.#settlePassword(server, person);
      if (open === false) {
        const json = { user: username, password: person.passwords.at(-1) };
        const refused = await ask(server, { path: '/api/v1/login', json });
        assert.equal(
          at(refused.json, 'error'),
          'error-user-is-not-activated',
          `${username} is refused: ${refused.text}`,
        );
      }
      for (const token of person.tokens) {
        const me = await ask(server, { path: '/api/v1/me', headers: pass(token.pass) });
        assert.ok(me.status === 200 || me.status === 401, me.text);
        token.alive ??= me.status === 200;
        if (person.open === false) assert.equal(me.status, 401, `a token of the closed ${username} is dead`);
        else {
          assert.equal(me.status === 200, token.alive, `a token of ${username} is ${token.alive ? 'alive' : 'dead'}`);
        }
      }
    }
  }

  /** Of an old and a new password one holds; with the new one the sessions of the old one are gone. */
  async #settlePassword(server: RunningServer, person: Person): Promise<void> {
    if (person.passwords.length < 2) return;
    const [old, fresh] = person.passwords;
    const replies: Reply[] = [];
    for (const password of [old, fresh]) {
      replies.push(await ask(server, { path: '/api/v1/login', json: { user: person.username, password } }));
    }
    const [byOld, byFresh] = replies.map(({ status }) => status === 200);
    assert.notEqual(byOld, byFresh, `one password of ${person.username} holds`);
    for (const token of person.atStake) token.alive = byOld;
    if (person.together === undefined) person.verified ||= byFresh === true;
    else {
      const { name } = person.together;
      assert.equal(
        person.names[0] === name,
        byFresh,
        `${person.username} has the new name and the new password, or neither`,
      );
      person.together = undefined;
    }
    person.passwords = [(byOld === true ? old : fresh) ?? ''];
  }
}

/** Whether everything about somebody is known: nobody was killed while changing them, or it was looked at since. */
function isCertain({ open, userId, names, bot, passwords }: Person): boolean {
  const single = [names, bot, passwords].every(({ length }) => length === 1);
  return open !== undefined && userId !== undefined && single;
}

function emailOf({ username }: Person): string {
  return `${username}@example.com`;
}

function passOf({ json }: Reply): Pass {
  return { userId: textAt(json, 'data', 'userId'), authToken: textAt(json, 'data', 'authToken') };
}

/** What may be, with what is. */
function what<T>(possible: readonly T[], found: T): readonly T[] {
  assert.ok(possible.includes(found), `${String(found)} is one of ${possible.join(', ')}`);
  return [found];
}

/** The paths of the links in the outbox that set a password. */
function linksTo({ folder }: RunningServer, email: string): readonly string[] {
  const sealer = sealerOf(keyFromFile(join(folder, 'countersign.key')));
  const database = new DatabaseSync(join(folder, 'countersign.db'), { readOnly: true, timeout: 5_000 });
  const rows = database
    .prepare(`select id, sealed_body from outbox where recipient = ? and kind = 'password-reset'`)
    .all(email);
  database.close();
  return rows.map((row) => {
    const body = openBody(sealer, { id: String(row['id']), sealedBody: String(row['sealed_body']) });
    return /\/reset-password\/[\w-]{43}/u.exec(body?.text ?? '')?.[0] ?? '';
  });
}

/** The link that comes beside those that were there; throws once the server is gone. */
async function newLink(server: RunningServer, email: string, before: readonly string[]): Promise<string> {
  const asked = Date.now();
  for (;;) {
    await ask(server, { path: '/livez' });
    const link = linksTo(server, email).find((one) => !before.includes(one));
    if (link !== undefined) return link;
    assert.ok(Date.now() - asked < 10_000, `a link came to ${email}`);
    await sleep(5);
  }
}

function acknowledgedBy(ledgers: readonly Ledger[]): number {
  return ledgers.reduce((sum, { acknowledged }) => sum + acknowledged, 0);
}

function must(reply: Reply, status: number): Reply {
  assert.equal(reply.status, status, reply.text);
  return reply;
}

/** Nothing half-written: what belongs together is there together. */
function mustBeWhole(folder: string): void {
  const database = new DatabaseSync(join(folder, 'countersign.db'), { readOnly: true });
  const none = (sql: string): void => assert.deepEqual(database.prepare(sql).all(), [], sql);
  try {
    assert.deepEqual(
      database
        .prepare('pragma integrity_check')
        .all()
        .map((row) => Object.values(row)[0]),
      ['ok'],
    );
    none('pragma foreign_key_check');
    for (const table of ['tokens', 'account_emails', 'account_roles', 'devices']) {
      none(`select * from ${table} where account_id not in (select id from accounts)`);
    }
    none(`select id from accounts where id not in (select account_id from account_roles)`);
    none(
      `select id from accounts where id not in (
        select account_id from audit where what in ('account.add', 'account.register', 'account.bring-in'))`,
    );
    none(
      `select id from accounts where username <> 'rocket.cat' and (password_hash is null or id not in (select account_id from account_emails))`,
    );
    none(`select hash from tokens t join accounts a on a.id = t.account_id where a.open = 0`);
    none(
      `select id from tokens where pool = 'script' and id not in (select json_extract(json_facts, '$.token') from audit where what = 'log-in' and outcome = 'done')`,
    );
    none(
      `select id from tokens where pool = 'personal' and id not in (select json_extract(json_facts, '$.token') from audit where what = 'personal-token.make')
        and account_id not in (select account_id from audit where what = 'account.bring-in')`,
    );
    none(
      `select account_id from audit where what = 'account.bring-in'
        and (select count(*) from tokens t where t.account_id = audit.account_id) <> 2`,
    );
    none(`select account_id from audit where what in ('account.add', 'account.register', 'account.bring-in')
      group by account_id having count(*) > 1`);
  } finally {
    database.close();
  }
}

/** The trail from its start to its head, beside the server that writes it. */
async function mustVerify(folder: string): Promise<void> {
  const store = await openSqlite({ file: join(folder, 'countersign.db'), clock: systemClock });
  try {
    const sealer = sealerOf(keyFromFile(join(folder, 'countersign.key')));
    const verified = await auditTrail({ ...store, sealer, clock: systemClock, keepDays: () => 0 }).verify();
    assert.ok(verified.held, JSON.stringify(verified));
  } finally {
    await store.close();
  }
}

function broughtIn(folder: string): number {
  const database = new DatabaseSync(join(folder, 'countersign.db'), { readOnly: true });
  const found = database.prepare(`select count(*) as n from audit where what = 'account.bring-in'`).get();
  database.close();
  return Number(found?.['n']);
}

/** The command line, bringing people in beside the server. @returns once some have come, with what kills it */
async function importing({ folder }: RunningServer): Promise<() => Promise<void>> {
  const before = broughtIn(folder);
  const child = spawn(process.execPath, [main, 'import', 'rocketchat', 'users.bson', '--quiet'], {
    cwd: folder,
    env: environmentOf(folder),
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  while (child.exitCode === null && broughtIn(folder) === before) await sleep(2);
  return async () => {
    child.kill('SIGKILL');
    await ended;
  };
}

function environmentOf(folder: string): Record<string, string> {
  return { ...inherited, DATABASE_URL: `sqlite:${join(folder, 'countersign.db')}` };
}

it(`keeps every acknowledged write, and nothing by halves, over ${rounds} power cuts`, {
  // Fifty starts and fifty ends of a process, on whatever machine: this only finds what hangs.
  timeout: 900_000,
}, async (t) => {
  const seed = Number(process.env['KILL_SEED'] ?? randomInt(1e9));
  const dice = new Dice(seed);
  let server = await startServer({
    env: {
      ...unlimited,
      MAIL_URL: 'outbox:',
      OVERWRITE_SETTING_Countersign_Mailed_Links_Per_Hour: '1000',
      OVERWRITE_SETTING_Countersign_Token_Pool_Script: '100000',
      OVERWRITE_SETTING_Countersign_Token_Pool_Personal: '100000',
    },
  });
  const { username, password } = server.administrator;
  const ledgers = Array.from({ length: writers }, (_none, at_) => new Ledger(`writer.${at_}`, seed + at_));
  let round = 0;
  try {
    const first = must(await ask(server, { path: '/api/v1/login', json: { user: username, password } }), 200);
    const admin = passOf(first);
    const bcrypt = `$2b$10$${'a'.repeat(53)}`;
    const moving = Array.from({ length: newcomers }, (_none, n) =>
      dumped(n + 1, { password: '', bcrypt, now: Date.now() }),
    );
    writeFileSync(join(server.folder, 'users.bson'), bsonOf(moving.map(({ document }) => document)));
    for (; round < rounds; round += 1) {
      const running = server;
      const stopImport = round % importEvery === 3 ? await importing(running) : undefined;
      const before = acknowledgedBy(ledgers);
      const writing = Promise.all(ledgers.map(async (ledger) => await ledger.write(running, admin)));
      // After so many acknowledged writes, and then at any moment of those that are under way.
      const enough = before + dice.below(stopImport === undefined ? 25 : 4);
      while (acknowledgedBy(ledgers) < enough) await Promise.race([sleep(1), writing]);
      await sleep(dice.next() * 8);
      await Promise.all([server.kill(), stopImport?.()]);
      await writing;
      server = await server.restart();
      mustBeWhole(server.folder);
      if (round % 10 === 4) await mustVerify(server.folder);
      const restarted = server;
      // What was written lately each time, and everything at the end.
      await Promise.all(ledgers.map(async (ledger) => await ledger.verify(restarted, admin, 3)));
    }
    const last = server;
    await Promise.all(ledgers.map(async (ledger) => await ledger.verify(last, admin, Number.POSITIVE_INFINITY)));
    const there = broughtIn(last.folder);
    const words = ['import', 'rocketchat', 'users.bson', '--json', '--quiet'];
    const rest = await run(words, environmentOf(last.folder), { cwd: last.folder, patienceMs: 60_000 });
    assert.equal(rest.code, 0, rest.stderr);
    assert.deepEqual(at(JSON.parse(rest.stdout), 'account'), {
      'brought-in': newcomers - there,
      'already-there': there,
      'skipped': 0,
    });
    mustBeWhole(last.folder);
    await mustVerify(last.folder);
    const acknowledged = acknowledgedBy(ledgers);
    assert.ok(acknowledged > rounds * writers, `${acknowledged} writes were acknowledged`);
    t.diagnostic(`${acknowledged} acknowledged writes over ${rounds} power cuts, ${there} brought in meanwhile`);
  } catch (cause) {
    throw new Error(`KILL_SEED=${seed}, round ${round}`, { cause });
  } finally {
    await server.dispose();
  }
});
