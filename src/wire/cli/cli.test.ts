import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { App } from '../../app.ts';
import { commands } from './commands/index.ts';
import { account, call } from './fake-needs.suite.ts';
import type { CliApp } from './needs.ts';
import { OpeningError } from './refusal.ts';

// The real app fits what the command line asks for, which only the compiler can tell.
export const theAppFits = (app: App): CliApp => app;

describe('the command line', () => {
  it('serves when no command is given, and with serve, and hands on the exit code', async () => {
    for (const words of [[], ['serve'], ['serve', '--json']]) {
      const { code, out, err } = await call(words, { serve: async () => 7 });
      assert.deepEqual([code, out, err], [7, '', '']);
    }
  });

  it('prints the version', async () => {
    assert.deepEqual((await call(['--version'])).out, '1.2.3\n');
  });

  for (const { words, summary, example } of commands) {
    it(`explains ${words} with an example and --json`, async () => {
      const { code, out, err } = await call([...words.split(' '), '--help']);
      assert.deepEqual([code, err], [0, '']);
      assert(out.startsWith(`Usage: countersign ${words} [options]`), out);
      for (const part of [summary, `$ ${example}`, '--json']) assert(out.includes(part), part);
    });
  }

  for (const word of ['user', 'token']) {
    it(`lists the commands of ${word} with an example`, async () => {
      const { code, out } = await call([word, '--help']);
      assert.equal(code, 0);
      assert.match(out, /Commands:[^]*create[^]*Example:/u);
    });
  }

  it('explains a command of two words by help as well, and every group in the list', async () => {
    const named = await call(['help', 'session', 'end']);
    assert.deepEqual([named.code, named.out], [0, (await call(['session', 'end', '--help'])).out]);
    const { out } = await call(['--help']);
    for (const group of ['saml', 'app', 'identity']) assert.match(out, new RegExp(`^ +${group} .*\\w{4}`, 'mu'));
  });

  it('explains itself with an example and the exit codes', async () => {
    for (const words of [['--help'], ['help']]) {
      const { code, out } = await call(words);
      assert.equal(code, 0);
      assert.match(out, /serve[^]*user[^]*token[^]*doctor[^]*Example:[^]*Exit codes/u);
    }
  });

  for (const [words, said] of [
    [['usr'], /unknown command 'usr'[^]*Did you mean user/u],
    [['user'], /Usage: countersign user/u],
    [['user', 'creat'], /unknown command 'creat'/u],
    [['user', 'create'], /missing required argument 'username'\n\(countersign user create --help tells more\)/u],
    [['user', 'show', 'ada', 'eve'], /too many arguments/u],
    [['user', 'list', '--cuont', '3'], /unknown option '--cuont'/u],
    [['user', 'list', '--count', 'three'], /--count must be a whole number/u],
    [['user', 'create', 'eve', '--verified'], /--verified needs --email/u],
    [['token', 'create', 'ada', '--bypass-two-factor'], /--bypass-two-factor needs --personal/u],
    [['token', 'revoke', 'ada'], /Name one token by its id, or give --all/u],
    [['token', 'revoke', 'ada', 'x', '--all'], /Name one token by its id, or give --all/u],
  ] as const) {
    it(`refuses ${words.join(' ')} with exit code 2, as text and as JSON`, async () => {
      const plain = await call(words);
      assert.deepEqual([plain.code, plain.out], [2, '']);
      assert.match(plain.err, said);
      assert.match(plain.err, /^(countersign: |Usage: )/u);
      const json = await call([...words, '--json']);
      assert.deepEqual([json.code, json.out], [2, '']);
      const { error } = JSON.parse(json.err) as { error: { code: string; message: string } };
      assert.equal(error.code, 'usage');
      assert.notEqual(error.message, '');
      assert.deepEqual(json.world.asked, []);
    });
  }

  it('tells a refusal in the sentence of the core, with its facts and what to do', async () => {
    const { code, out, err } = await call(['user', 'create', 'ada']);
    assert.deepEqual([code, out, err], [1, '', 'countersign: The username is in use (username: ada).\n']);
    const json = await call(['user', 'disable', 'eve', '--json']);
    assert.equal(json.code, 1);
    assert.deepEqual(JSON.parse(json.err), {
      error: {
        code: 'account-unknown',
        message: 'No account matches (user: eve). See who there is: countersign user list.',
        facts: { user: 'eve' },
      },
    });
  });

  it('tells why the app cannot be opened in the sentence it was given', async () => {
    const openApp = async () => {
      throw new Error('DATABASE_URL must begin with sqlite: or postgres://.');
    };
    const { code, err } = await call(['user', 'list'], { openApp });
    assert.deepEqual([code, err], [1, 'countersign: DATABASE_URL must begin with sqlite: or postgres://.\n']);
  });

  it('tells why the server cannot start in the sentence it was given', async () => {
    const serve = async () => {
      throw new OpeningError('127.0.0.1:3000 is in use by another program: set PORT to a free one.');
    };
    const { code, err } = await call(['serve'], { serve });
    assert.deepEqual(
      [code, err],
      [1, 'countersign: 127.0.0.1:3000 is in use by another program: set PORT to a free one.\n'],
    );
    const json = await call(['serve', '--json'], { serve });
    assert.equal((JSON.parse(json.err) as { error: { code: string } }).error.code, 'cannot-open');
    const mistake = await call(['serve'], {
      serve: async () => {
        throw new TypeError('x is not a function.');
      },
    });
    assert.match(mistake.err, /^countersign: This stopped unexpectedly: x is not a function \(LOG_LEVEL/u);
  });

  it('tells what was not expected in one sentence, and where only with LOG_LEVEL=debug', async () => {
    const broken = account('ada', { emails: undefined as never });
    const plain = await call(['user', 'show', 'username:ada'], { world: { accounts: [broken] } });
    assert.equal(plain.code, 1);
    assert.match(plain.err, /^countersign: This stopped unexpectedly: .+ \(LOG_LEVEL=debug shows where\)\.\n$/u);
    assert.equal(plain.world.closed, 1, 'the app is closed all the same');
    const debug = await call(['user', 'show', 'username:ada'], {
      world: { accounts: [broken] },
      env: { LOG_LEVEL: 'Debug' },
    });
    assert.match(debug.err, /\n\s+at .*user-show\.ts/u);
  });

  it('prints nothing that steers a terminal', async () => {
    const mallory = account('mallory', { name: '\u001B[2Jx\u009B\u202Eevil' });
    for (const words of [
      ['user', 'list'],
      ['user', 'show', 'mallory'],
    ]) {
      const { out } = await call(words, { world: { accounts: [mallory] } });
      assert.doesNotMatch(out, /(?!\n)[\p{Cc}\p{Cf}]/u);
      assert.match(out, /evil/u);
    }
  });
});
