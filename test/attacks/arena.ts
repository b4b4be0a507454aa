import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import { type Arrived, openSink, type Sink } from '../mail-sink.ts';
import { type RunningServer, startServer } from '../server.ts';
import { type Door, digest, knock, type Outcome, signInAt, type Visitor } from './doors.ts';
import { type Ask, ask, Ddp, type Pass, pass, type Reply, sleep, textAt } from './wire.ts';

export interface Person extends Pass {
  readonly username: string;
  readonly email: string;
  readonly password: string;
}

/** Who knocks, and whose token the door `method.call` is shown. */
export type Guest = Omit<Visitor, 'bystander'> & { readonly bystander?: Pass & { readonly password?: string } };

/** Settings that take the limits out of the way of cases that are not about them. */
export const unlimited: Readonly<Record<string, string>> = {
  OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false',
  OVERWRITE_SETTING_Block_Multiple_Failed_Logins_By_User: 'false',
  OVERWRITE_SETTING_Block_Multiple_Failed_Logins_By_Ip: 'false',
  OVERWRITE_SETTING_DDP_Rate_Limit_User_Enabled: 'false',
  OVERWRITE_SETTING_DDP_Rate_Limit_Connection_Enabled: 'false',
  OVERWRITE_SETTING_DDP_Rate_Limit_User_By_Method_Enabled: 'false',
  OVERWRITE_SETTING_DDP_Rate_Limit_Connection_By_Method_Enabled: 'false',
  OVERWRITE_SETTING_Countersign_DDP_Rate_Limit_Set_Username: '1000',
  OVERWRITE_SETTING_Countersign_DDP_Rate_Limit_Set_Email: '1000',
};

/** The limits of failed sign-ins as they come, without the limit of calls in a minute. */
export const counted: Readonly<Record<string, string>> = {
  OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false',
};

type Row = Record<string, SQLOutputValue>;

/** A server with people in it, and a memory of everything it answered. */
export class Arena {
  server: RunningServer;
  readonly admin: Pass;
  /** Every status that was seen, and every error code of the realtime wire. */
  readonly seen = new Map<string, number>();
  /** Every answer that was seen, for the search for secrets. */
  readonly answers: string[] = [];
  #made = 0;
  #knocks = 0;
  readonly #shown = new Map<string, { readonly token: Pass; uses: number }>();
  readonly #sockets: Ddp[] = [];
  readonly #mail: Sink;

  private constructor(server: RunningServer, admin: Pass, mail: Sink) {
    this.server = server;
    this.admin = admin;
    this.#mail = mail;
  }

  static async open(env: Readonly<Record<string, string>> = unlimited): Promise<Arena> {
    const mail = await openSink({ disabledCommands: ['STARTTLS', 'AUTH'] });
    const server = await startServer({ env: { MAIL_URL: `smtp://127.0.0.1:${mail.port}?ignoreTLS=true`, ...env } });
    const { username, password } = server.administrator;
    try {
      const { opened } = await signInAt(server, 'REST JSON', username, password);
      assert.ok(opened, 'the administrator signs in');
      return new Arena(server, opened, mail);
    } catch (cause) {
      await server.dispose();
      await mail.close();
      throw cause;
    }
  }

  async ask(what: Ask): Promise<Reply> {
    const reply = await ask(this.server, what);
    this.#note(String(reply.status), `${what.method ?? ''} ${what.path} ${reply.text.slice(0, 300)}`);
    this.answers.push(reply.text);
    return reply;
  }

  async knock(door: Door, body: unknown, guest: Guest = {}): Promise<readonly Outcome[]> {
    const outcomes = await knock(this.server, door, body, await this.#admitted(door, guest));
    for (const outcome of outcomes) this.#noteOutcome(outcome);
    return outcomes;
  }

  async signIn(door: Door, username: string, password: string, guest: Guest = {}): Promise<Outcome> {
    const outcome = await signInAt(this.server, door, username, password, await this.#admitted(door, guest));
    this.#noteOutcome(outcome);
    return outcome;
  }

  async socket(of?: Pass, options: Parameters<typeof Ddp.open>[1] = {}): Promise<Ddp> {
    const ddp = await Ddp.open(this.server, options);
    this.#sockets.push(ddp);
    if (of !== undefined) {
      const frame = await ddp.call('login', { resume: of.authToken });
      assert.equal(frame['error'], undefined, JSON.stringify(frame));
    }
    return ddp;
  }

  /** Makes an account and signs it in once, from an address that no case uses. */
  async person(more: Readonly<Record<string, unknown>> = {}): Promise<Person> {
    this.#made += 1;
    const username = `person.${this.#made}`;
    const password = `the password of ${username}`;
    const email = `${username}@example.com`;
    const body = { username, name: username, email, password, verified: true, ...more };
    const made = await this.ask({ path: '/api/v1/users.create', headers: pass(this.admin), json: body });
    assert.equal(made.status, 200, made.text);
    const userId = textAt(made.json, 'user', '_id');
    if (more['active'] === false) return { userId, authToken: '', username, email, password };
    const { opened } = await this.signIn('REST JSON', username, password, { from: '127.9.9.9' });
    assert.ok(opened, 'a fresh account signs in');
    return { userId, authToken: opened.authToken, username, email, password };
  }

  /** A personal token of somebody. */
  async personal(of: Pass & { readonly password?: string }, tokenName: string, bypassTwoFactor = false): Promise<Pass> {
    const code = of.password === undefined ? {} : { 'x-2fa-code': digest(of.password).digest };
    const made = await this.ask({
      path: '/api/v1/users.generatePersonalAccessToken',
      headers: { ...pass(of), ...code },
      json: { tokenName, bypassTwoFactor },
    });
    assert.equal(made.status, 200, made.text);
    return { userId: of.userId, authToken: textAt(made.json, 'token') };
  }

  /** Whether a token holds, as every request asks it. */
  async holds(token: Pass): Promise<boolean> {
    const me = await this.ask({ path: '/api/v1/me', headers: pass(token) });
    assert.ok(me.status === 200 || me.status === 401, me.text);
    return me.status === 200;
  }

  /** What stands in the embedded database. */
  rows(sql: string, ...values: readonly string[]): readonly Row[] {
    const database = new DatabaseSync(join(this.server.folder, 'countersign.db'), { readOnly: true });
    try {
      return database.prepare(sql).all(...values);
    } finally {
      database.close();
    }
  }

  /** The mails that have arrived at an address, of one subject where it is named. */
  mailsTo(address: string, subject = ''): readonly Arrived[] {
    return this.#mail.arrived.filter(({ to, headers }) => to.includes(address) && headers.includes(subject));
  }

  /** Every mail that has arrived. */
  mails(): readonly Arrived[] {
    return this.#mail.arrived;
  }

  /** Waits until nothing more lies in the outbox. */
  async untilMailed(): Promise<void> {
    const until = Date.now() + 10_000;
    while (this.rows("select count(*) as waiting from outbox where state = 'waiting'")[0]?.['waiting'] !== 0) {
      assert.ok(Date.now() < until, 'mails still wait in the outbox');
      await sleep(20);
    }
  }

  /** Changes rows while the server is down: what only time could do otherwise. */
  async whileDown(sql: string): Promise<void> {
    await this.server.stop();
    const database = new DatabaseSync(join(this.server.folder, 'countersign.db'));
    try {
      database.exec(sql);
    } finally {
      database.close();
    }
    this.server = await this.server.restart();
  }

  /**
   * Everything that a refused attempt must leave as it was.
   * @param except who signs in now and then for reasons of the test's own
   */
  state(except: Pass): string {
    return JSON.stringify([
      this.rows('select id, username_key, open, password_hash from accounts order by id'),
      this.rows('select account_id, role_id from account_roles order by account_id, role_id'),
      this.rows('select hash, account_id from tokens where account_id <> ? order by hash', except.userId),
      this.rows('select id, json_value from settings order by id'),
    ]);
  }

  /** After all cases of a group: alive, no fault of ours seen, and people can still sign in. */
  async mustBeSound(): Promise<void> {
    const broken = [...this.seen.keys()].filter((key) => /^5\d\d/u.test(key));
    assert.deepEqual(broken, [], 'no answer was a fault of ours');
    const faults = this.server.lines.filter((line) => /"level":(?:50|60)/u.test(line));
    assert.deepEqual(faults, [], 'the log tells of no fault of ours');
    assert.doesNotThrow(() => process.kill(this.server.pid, 0), 'the process is alive');
    const person = await this.person();
    assert.ok(await this.holds(person));
    const socket = await this.socket(person);
    socket.close();
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.close();
    await this.server.dispose();
    await this.#mail.close();
  }

  /**
   * A token takes five log-ins through `method.call` in ten seconds, and an address as many through
   * `method.callAnon` (realtime.md §7): a fresh token, and another address, keep that limit out of the way.
   */
  async #admitted(door: Door, { bystander, ...visitor }: Guest): Promise<Visitor> {
    this.#knocks += 1;
    const from = `127.200.${this.#knocks >> 8}.${this.#knocks & 255}`;
    if (door === 'method.callAnon') return { from, ...visitor };
    if (door !== 'method.call' || bystander === undefined) return visitor;
    const kept = this.#shown.get(bystander.userId);
    if (kept !== undefined && kept.uses < 2) {
      kept.uses += 1;
      return { ...visitor, bystander: kept.token };
    }
    // A personal token costs no hash.
    const token = await this.personal(bystander, `guest ${this.#knocks}`);
    this.#shown.set(bystander.userId, { token, uses: 1 });
    return { ...visitor, bystander: token };
  }

  #noteOutcome(outcome: Outcome): void {
    this.#note(String(outcome.status === 0 ? (outcome.error ?? 'ok') : outcome.status), outcome.text.slice(0, 300));
    if (outcome.error === 500) this.#note('500', outcome.text);
    if (outcome.opened === undefined) this.answers.push(outcome.text);
  }

  #note(status: string, what: string): void {
    const key = /^5\d\d$/u.test(status) ? `${status}: ${what}` : status;
    this.seen.set(key, (this.seen.get(key) ?? 0) + 1);
  }
}
