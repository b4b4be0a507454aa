import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { it } from 'node:test';
import { unlimited } from '../attacks/arena.ts';
import { ask, at, type Pass, pass, type Reply, sleep, textAt } from '../attacks/wire.ts';
import { type RunningServer, startServer } from '../server.ts';
import { Dice } from './dice.ts';

const rounds = Number(process.env['KILL_ROUNDS'] ?? 50);
/** How many people write at the same time; each has accounts of their own, so that each knows what must be there. */
const writers = 5;

interface Token {
  readonly pass: Pass;
  /** Undefined while nobody can know: its end was asked for and not answered. */
  alive: boolean | undefined;
}

interface Person {
  readonly username: string;
  readonly password: string;
  userId: string | undefined;
  open: boolean | undefined;
  readonly tokens: Token[];
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
        if (cause instanceof Error && 'code' in cause) return;
        throw cause;
      }
    }
  }

  async #step(server: RunningServer, admin: Pass): Promise<void> {
    const person = this.#dice.pick(
      this.people.filter(({ open, userId }) => open !== undefined && userId !== undefined),
    );
    const choice = this.#dice.below(10);
    if (person === undefined || choice < 2) {
      await this.#create(server, admin);
      return;
    }
    if (choice < 4 || person.open === false) {
      await this.#setActive(server, admin, person, person.open === false);
      return;
    }
    if (choice < 6) {
      await this.#signIn(server, person);
      return;
    }
    const token = this.#dice.pick(person.tokens.filter(({ alive }) => alive === true));
    if (token === undefined) {
      await this.#signIn(server, person);
      return;
    }
    if (choice < 8) {
      await this.#personal(server, person, token);
      return;
    }
    token.alive = undefined;
    must(await ask(server, { path: '/api/v1/logout', method: 'POST', headers: pass(token.pass) }), 200);
    token.alive = false;
  }

  async #create(server: RunningServer, admin: Pass): Promise<void> {
    const username = `${this.#name}.${this.people.length}`;
    const person: Person = { username, password: `password of ${username}`, userId: undefined, open: true, tokens: [] };
    this.people.push(person);
    const json = { username, name: username, email: `${username}@example.com`, password: person.password };
    const made = must(await ask(server, { path: '/api/v1/users.create', headers: pass(admin), json }), 200);
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

  async #signIn(server: RunningServer, { username, password, tokens }: Person): Promise<void> {
    const reply = must(await ask(server, { path: '/api/v1/login', json: { user: username, password } }), 200);
    tokens.push({
      pass: { userId: textAt(reply.json, 'data', 'userId'), authToken: textAt(reply.json, 'data', 'authToken') },
      alive: true,
    });
  }

  async #personal(server: RunningServer, { tokens }: Person, by: Token): Promise<void> {
    const json = { tokenName: `t${tokens.length}.${this.#dice.below(1e9)}` };
    const reply = must(
      await ask(server, { path: '/api/v1/users.generatePersonalAccessToken', headers: pass(by.pass), json }),
      200,
    );
    tokens.push({ pass: { userId: by.pass.userId, authToken: textAt(reply.json, 'token') }, alive: true });
  }

  /** Asks the server whether everything it has acknowledged is so. */
  async verify(server: RunningServer, admin: Pass, newest: number): Promise<void> {
    for (const person of this.people.slice(-newest)) {
      const { username, password, userId, open } = person;
      const info = await ask(server, { path: `/api/v1/users.info?username=${username}`, headers: pass(admin) });
      if (userId === undefined) {
        // Never acknowledged: there or not, but whole.
        if (info.status === 200) person.userId = textAt(info.json, 'user', '_id');
        else this.people.splice(this.people.indexOf(person), 1);
        continue;
      }
      assert.equal(info.status, 200, `the account ${username} is there`);
      assert.equal(at(info.json, 'user', '_id'), userId);
      const isOpen = at(info.json, 'user', 'active');
      if (open === undefined) person.open = isOpen === true;
      else assert.equal(isOpen, open, `${username} is ${open ? 'open' : 'closed'}`);
      if (open === false) {
        const refused = await ask(server, { path: '/api/v1/login', json: { user: username, password } });
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
}

function acknowledgedBy(ledgers: readonly Ledger[]): number {
  return ledgers.reduce((sum, one) => sum + one.acknowledged, 0);
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
    none(`select id from accounts where id not in (select account_id from audit where what = 'account.add')`);
    none(
      `select id from accounts where username <> 'rocket.cat' and (password_hash is null or id not in (select account_id from account_emails))`,
    );
    none(`select hash from tokens t join accounts a on a.id = t.account_id where a.open = 0`);
    none(
      `select id from tokens where pool = 'script' and id not in (select json_extract(json_facts, '$.token') from audit where what = 'log-in' and outcome = 'done')`,
    );
    none(
      `select id from tokens where pool = 'personal' and id not in (select json_extract(json_facts, '$.token') from audit where what = 'personal-token.make')`,
    );
  } finally {
    database.close();
  }
}

it(`keeps every acknowledged write, and nothing by halves, over ${rounds} power cuts`, {
  timeout: 300_000,
}, async (t) => {
  const seed = Number(process.env['KILL_SEED'] ?? randomInt(1e9));
  const dice = new Dice(seed);
  let server = await startServer({
    env: {
      ...unlimited,
      OVERWRITE_SETTING_Countersign_Token_Pool_Script: '100000',
      OVERWRITE_SETTING_Countersign_Token_Pool_Personal: '100000',
    },
  });
  const { username, password } = server.administrator;
  const ledgers = Array.from({ length: writers }, (_none, at_) => new Ledger(`writer.${at_}`, seed + at_));
  let round = 0;
  try {
    const first = must(await ask(server, { path: '/api/v1/login', json: { user: username, password } }), 200);
    const admin = { userId: textAt(first.json, 'data', 'userId'), authToken: textAt(first.json, 'data', 'authToken') };
    for (; round < rounds; round += 1) {
      const running = server;
      const before = acknowledgedBy(ledgers);
      const writing = Promise.all(ledgers.map(async (ledger) => await ledger.write(running, admin)));
      // After so many acknowledged writes, and then at any moment of those that are under way.
      const enough = before + dice.below(25);
      while (acknowledgedBy(ledgers) < enough) await Promise.race([sleep(1), writing]);
      await sleep(dice.next() * 8);
      await server.kill();
      await writing;
      server = await server.restart();
      mustBeWhole(server.folder);
      const restarted = server;
      // What was written lately each time, and everything at the end.
      await Promise.all(ledgers.map(async (ledger) => await ledger.verify(restarted, admin, 3)));
    }
    const last = server;
    await Promise.all(ledgers.map(async (ledger) => await ledger.verify(last, admin, Number.POSITIVE_INFINITY)));
    const acknowledged = acknowledgedBy(ledgers);
    assert.ok(acknowledged > rounds * writers, `${acknowledged} writes were acknowledged`);
    t.diagnostic(`${acknowledged} acknowledged writes over ${rounds} power cuts`);
  } catch (cause) {
    throw new Error(`KILL_SEED=${seed}, round ${round}`, { cause });
  } finally {
    await server.dispose();
  }
});
