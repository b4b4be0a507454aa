import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sendFailureOf } from './send-failure.ts';

const server = { credentials: { user: 'mailer', password: 'hunter2' } };
const errorOf = (fields: Readonly<Record<string, unknown>>) =>
  sendFailureOf(Object.assign(new Error('the text of the library, with 123-456'), fields), server);

describe('why a mail was not taken', () => {
  it('is told in one line', () => {
    assert.deepEqual(errorOf({ code: 'ESOCKET', originalCode: 'ECONNREFUSED', command: 'CONN' }), {
      error: 'The mail server could not be reached (ECONNREFUSED).',
      forGood: false,
    });
    assert.equal(errorOf({}).error, 'The mail could not be sent.');
    assert.equal(sendFailureOf('no error', server).error, 'The mail could not be sent.');
  });

  it('tells what the server said of a sender or a recipient, on one line and cut', () => {
    const { error } = errorOf({
      code: 'EENVELOPE',
      command: 'RCPT TO',
      response: `550 5.7.1 Listed\r\nat a blocklist ${'x'.repeat(300)}`,
      responseCode: 550,
    });
    assert.match(error, /\(550 5\.7\.1 Listed at a blocklist x+…\)\.$/u);
    assert.ok(error.length < 280);
  });

  it('never tells what could be the text of the mail, or a credential', () => {
    const content = { code: 'EMESSAGE', command: 'DATA', response: '554 5.6.0 rejected: 123-456', responseCode: 554 };
    assert.equal(errorOf(content).error, 'The mail server refused the mail (554 5.6.0).');
    const login = { code: 'EAUTH', command: 'AUTH PLAIN', response: '535 no mailer/hunter2', responseCode: 535 };
    assert.equal(errorOf(login).error, 'The mail server refused the user name or the password (535).');
    const echo = { code: 'EENVELOPE', command: 'MAIL FROM', response: '553 mailer hunter2 may not', responseCode: 553 };
    assert.equal(errorOf(echo).error, 'The mail server refused the sender or the recipient (553 … … may not).');
  });

  it('is for good when the server refuses the recipient or the mail with 5xx, and only then', () => {
    for (const [command, responseCode, forGood] of [
      ['RCPT TO', 550, true],
      ['DATA', 554, true],
      ['RCPT TO', 451, false],
      ['DATA', 421, false],
      ['MAIL FROM', 553, false],
      ['AUTH PLAIN', 535, false],
      ['CONN', 554, false],
      ['DATA', undefined, false],
    ] as const) {
      assert.equal(errorOf({ code: 'X', command, responseCode }).forGood, forGood, `${command} ${responseCode ?? ''}`);
    }
  });
});
