import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { noSecondFactors } from '../../../core/account/account.ts';
import type { Block } from '../../../core/session/block-store.ts';
import { account, call, keptMail, token } from '../fake-needs.suite.ts';

const parsed = (text: string): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;

describe('user create', () => {
  it('makes an account with a random password, printed alone on standard output', async () => {
    const { code, out, err, world } = await call(['user', 'create', 'eve']);
    assert.equal(code, 0);
    assert.match(out, /^[a-zA-Z2-9]{24}\n$/u);
    assert.match(err, /eve is made with id id-of-eve and the role user\. Its password is printed this once/u);
    assert.deepEqual(world.asked, [
      [
        'createAccount',
        { username: 'eve', name: 'eve', email: undefined, password: out.trim(), roles: ['user'], kind: 'user' },
        'cli',
      ],
    ]);
    assert.equal(world.closed, 1);
    assert.notEqual((await call(['user', 'create', 'eve'])).out, out);
  });

  it('takes name, address, roles, kind, and the password from standard input', async () => {
    const words = 'user create eve --name Eve --email eve@example.org --verified --role admin --role user --role admin';
    const { out, world } = await call([...words.split(' '), '--bot', '--password-stdin', '--json'], {
      stdin: ' pä ss\r\n',
    });
    assert.deepEqual(world.asked[0]?.[1], {
      username: 'eve',
      name: 'Eve',
      email: { address: 'eve@example.org', verified: true },
      password: ' pä ss',
      roles: ['admin', 'user'],
      kind: 'bot',
    });
    const document = parsed(out);
    assert.equal('password' in document, false, 'a password that was given is not shown');
  });

  it('gives a bot the role bot unless others are asked for', async () => {
    const { world } = await call(['user', 'create', 'eve', '--bot']);
    assert.deepEqual(
      world.asked.map(([, asked]) => (asked as { roles: unknown }).roles),
      [['bot']],
    );
  });

  it('gives the random password in the JSON document', async () => {
    const { out } = await call(['user', 'create', 'eve', '--json']);
    assert.match(String(parsed(out)['password']), /^[a-zA-Z2-9]{24}$/u);
  });

  for (const role of ['nobody', 'owner']) {
    it(`refuses the role ${role}, which accounts cannot have, and names those they can`, async () => {
      const { code, err, world } = await call(['user', 'create', 'eve', '--role', role]);
      assert.equal(code, 1);
      assert.equal(err, `countersign: The role does not exist (role: ${role}; roles: admin, user, bot).\n`);
      assert.deepEqual(world.asked, []);
    });
  }

  for (const [what, stdin, said] of [
    ['nothing', '', /No password came/u],
    ['an empty line', '\n', /No password came/u],
    ['two lines', 'a\nb\n', /more than one line/u],
    ['no UTF-8', Buffer.from([0x70, 0xe4, 0x73]), /no UTF-8 text/u],
    ['too much', 'x'.repeat(70_000), /more than a password can be/u],
  ] as const) {
    it(`refuses ${what} as password on standard input`, async () => {
      const { code, err, world } = await call(['user', 'create', 'eve', '--password-stdin'], { stdin });
      assert.equal(code, 1);
      assert.match(err, said);
      assert.deepEqual(world.asked, []);
    });
  }
});

describe('user list', () => {
  const accounts = ['ada', 'bob', 'eve'].map((id) => account(id, { open: id !== 'bob' }));

  it('shows one page as a table', async () => {
    const { out, err } = await call(['user', 'list', '--count', '1', '--offset', '1'], { world: { accounts } });
    assert.match(out, /^USERNAME .*\nbob .*bob@example\.org .*disabled .*never/u);
    assert.equal(err, '1 of 3 accounts, from number 2 on.\n');
  });

  it('shows all with --count 0, as one JSON document', async () => {
    const { out, err } = await call(['user', 'list', '--count', '0', '--json'], { world: { accounts } });
    const document = parsed(out);
    assert.deepEqual([document['total'], document['count'], document['offset'], err], [3, 3, 0, '']);
    assert.deepEqual((document['users'] as unknown[])[1], {
      id: 'bob',
      username: 'bob',
      name: null,
      kind: 'user',
      emails: [{ address: 'bob@example.org', verified: true }],
      roles: ['user'],
      enabled: false,
      hasPassword: true,
      createdAt: '2026-01-31T12:00:00.000Z',
      lastLogInAt: null,
    });
  });

  it('says so when there is none', async () => {
    const { out, err } = await call(['user', 'list'], { world: { accounts: [] } });
    assert.deepEqual([out, err], ['', '0 accounts.\n']);
  });
});

describe('user show', () => {
  it('finds by username, address and id, and never shows the hash of a token', async () => {
    const accounts = [account('17characters', { username: 'ada', emails: [{ address: 'a@b.org', verified: false }] })];
    const tokens = [token('17characters', 'tok1', { pool: 'personal', name: 'nightly', skipsSecondFactor: true })];
    for (const user of ['ada', 'a@b.org', '17characters', 'id:17characters', 'email:a@b.org']) {
      const { code, out } = await call(['user', 'show', user], { world: { accounts, tokens } });
      assert.equal(code, 0);
      assert.match(out, /a@b\.org \(not verified\)[^]*Live tokens +1[^]*tok1 +personal +nightly \(no second factor\)/u);
    }
    const { out } = await call(['user', 'show', 'ada', '--json'], { world: { accounts, tokens } });
    assert.equal(out.includes('hash of'), false);
    assert.equal((parsed(out)['tokens'] as unknown[]).length, 1);
  });

  it('tells what stands in the way of a sign-in: the state, the factors, and blocks of this account alone', async () => {
    const accounts = [
      account('ada', {
        open: false,
        closedBecause: 'waits-for-approval',
        secondFactors: { app: true, email: false, passkey: true, passkeyAlone: true },
      }),
    ];
    const times = { username: undefined, failures: 10, since: 0, until: 300_000 };
    const blocks: Block[] = [
      { subject: { kind: 'account', accountId: 'ada' }, ...times },
      { subject: { kind: 'device', accountId: 'eve', device: 'd' }, ...times },
      { subject: { kind: 'address', address: '203.0.113.9' }, ...times },
    ];
    const { out } = await call(['user', 'show', 'ada'], { world: { accounts, blocks } });
    assert.match(out, /State +waits for approval\n/u);
    assert.match(out, /Second factors +authenticator app, passkey, which signs in alone\n/u);
    assert.match(out, /Blocked +until 1970-01-01 00:05:00 UTC, after 10 failures\n/u);
    const none = { username: 'ada', since: undefined, until: undefined };
    const locked: Block = { subject: { kind: 'codes', accountId: 'ada' }, ...none, failures: 100 };
    const shown = await call(['user', 'show', 'ada'], { world: { accounts, blocks: [locked] } });
    assert.match(shown.out, /Blocked +after 100 wrong codes in a row, until it is cleared with countersign unblock\n/u);
    const json = parsed((await call(['user', 'show', 'ada', '--json'], { world: { accounts, blocks } })).out);
    assert.equal((json['blocks'] as unknown[]).length, 1);
  });

  it('refuses a name that is the id of another account, until told which is meant', async () => {
    const accounts = [account('victim', { username: 'ada' }), account('other', { username: 'victim' })];
    const unclear = await call(['user', 'disable', 'victim'], { world: { accounts } });
    assert.equal(unclear.code, 1);
    assert.match(unclear.err, /names several accounts: write username:victim or id:victim/u);
    const clear = await call(['user', 'disable', 'id:victim'], { world: { accounts } });
    assert.deepEqual(clear.world.asked, [['setOpen', 'victim', false, 'cli']]);
  });
});

describe('user disable and enable', () => {
  it('ends every token and says how many', async () => {
    const tokens = [token('ada', 'one'), token('ada', 'two', { pool: 'personal' }), token('eve', 'three')];
    const { out, world } = await call(['user', 'disable', 'ada'], { world: { tokens } });
    assert.equal(out, 'ada is disabled; 2 tokens ended, personal ones included.\n');
    assert.deepEqual(world.asked, [['setOpen', 'ada', false, 'cli']]);
    const json = parsed((await call(['user', 'disable', 'ada', '--json'], { world: { tokens } })).out);
    assert.deepEqual([(json['user'] as { enabled: boolean }).enabled, json['endedTokens']], [false, 2]);
  });

  it('never closes the last administrator, and says how to go on', async () => {
    const { code, err } = await call(['user', 'disable', 'ada'], {
      world: { accounts: [account('ada', { roles: ['admin'] })] },
    });
    assert.equal(code, 1);
    assert.match(err, /last open administrator cannot be removed or closed\. Make another first/u);
  });

  it('enables, and says when nothing changed', async () => {
    const closed = { accounts: [account('ada', { open: false })] };
    assert.equal((await call(['user', 'enable', 'ada'], { world: closed })).out, 'ada is enabled.\n');
    assert.equal((await call(['user', 'enable', 'ada'])).out, 'ada was enabled already.\n');
    assert.match((await call(['user', 'disable', 'ada'], { world: closed })).out, /was disabled already/u);
  });
});

describe('user set-password', () => {
  const tokens = [
    token('ada', 'one'),
    token('ada', 'two', { pool: 'script' }),
    token('ada', 'p', { pool: 'personal' }),
  ];

  it('sets what came on standard input, ends sessions, and tells of what stays', async () => {
    const { out, world } = await call(['user', 'set-password', 'ada', '--password-stdin'], {
      stdin: 'correct horse\n',
      world: { tokens, accounts: [account('ada', { open: false })] },
    });
    assert.deepEqual(world.asked, [['setPassword', 'ada', { plain: 'correct horse' }, 'cli']]);
    assert.match(out, /^ada has a new password; 2 sessions ended\. 1 personal token stayed alive.*is disabled/u);
  });

  it('makes one up, printed alone on standard output', async () => {
    const { out, err, world } = await call(['user', 'set-password', 'ada']);
    assert.match(out, /^[a-zA-Z2-9]{24}\n$/u);
    assert.deepEqual(world.asked[0]?.[2], { plain: out.trim() });
    assert.match(err, /printed this once/u);
  });
});

describe('token create', () => {
  it('prints an ordinary token alone on standard output', async () => {
    const { out, err } = await call(['token', 'create', 'ada']);
    assert.equal(out, 'the-text\n');
    assert.match(err, /id fresh that ends at 2026-02-01 12:00:00 UTC.*X-User-Id: ada/u);
    assert.deepEqual(parsed((await call(['token', 'create', 'ada', '--json'])).out), {
      userId: 'ada',
      username: 'ada',
      token: 'the-text',
      id: 'fresh',
      pool: 'script',
      endsAt: '2026-02-01T12:00:00.000Z',
    });
  });

  it('makes a personal one, with and without the second factor', async () => {
    const { out, world } = await call(['token', 'create', 'ada', '--personal', 'ci', '--bypass-two-factor']);
    assert.equal(out, 'the-personal-text\n');
    assert.deepEqual(world.asked, [['makePersonalToken', 'ada', { name: 'ci', skipsSecondFactor: true }]]);
    const other = await call(['token', 'create', 'ada', '--personal', 'ci', '--json']);
    assert.equal(parsed(other.out)['skipsSecondFactor'], false);
  });

  it('makes a narrow personal one, and no ordinary one', async () => {
    const narrow = '--expires 2027-01-31 --scope create-user --scope view-d-room --address 10.0.0.0/8'.split(' ');
    const { world, out, err } = await call(['token', 'create', 'ada', '--personal', 'ci', ...narrow, '--json']);
    const endsAt = Date.parse('2027-01-31T00:00:00Z');
    const asked = { scopes: ['create-user', 'view-d-room'], addresses: ['10.0.0.0/8'] };
    assert.deepEqual(world.asked, [
      ['makePersonalToken', 'ada', { name: 'ci', skipsSecondFactor: false, endsAt, ...asked }],
    ]);
    const { scopes, addresses, endsAt: end } = parsed(out);
    assert.deepEqual({ scopes, addresses, end }, { ...asked, end: '2027-01-31T00:00:00.000Z' });
    assert.equal(err, '');
    const plain = await call(['token', 'create', 'ada', '--personal', 'ci', '--read-only']);
    assert.deepEqual(plain.world.asked[0]?.[2], { name: 'ci', skipsSecondFactor: false, scopes: [] });
    for (const words of [narrow.slice(0, 2), narrow.slice(2, 4), narrow.slice(6), ['--read-only']]) {
      const { code, world: untouched } = await call(['token', 'create', 'ada', ...words]);
      assert.deepEqual([code, untouched.asked], [2, []], words.join(' '));
    }
    const both = await call(['token', 'create', 'ada', '--personal', 'ci', '--read-only', '--scope', 'x']);
    assert.equal(both.code, 2);
    for (const [words, told] of [
      [['ci', '--expires', 'soon'], /--expires must be a day/u],
      [['ci', '--expires', '2027-02-30'], /--expires must be a day/u],
      [[''], /--personal needs a name/u],
    ] as const) {
      const { code, err: said, world: untouched } = await call(['token', 'create', 'ada', '--personal', ...words]);
      assert.deepEqual([code, untouched.asked], [2, []], words.join(' '));
      assert.match(said, told);
    }
  });

  it('refuses a name that is taken', async () => {
    const { code, err } = await call(['token', 'create', 'ada', '--personal', 'taken']);
    assert.equal(code, 1);
    assert.match(err, /A personal token of this name exists\. Choose another name/u);
  });
});

describe('token list and revoke', () => {
  const tokens = [token('ada', 'one'), token('ada', 'two', { endsAt: undefined }), token('eve', 'three')];

  it('lists the tokens of one account', async () => {
    const { out, err } = await call(['token', 'list', 'ada'], { world: { tokens } });
    assert.match(out, /^TOKEN ID[^]*\none [^]*\ntwo .*never/u);
    assert.equal(err, 'ada has 2 live tokens.\n');
    assert.equal((await call(['token', 'list', 'ada'])).err, 'ada has 0 live tokens.\n');
  });

  it('tells what a personal token may, from where, and whether anybody ever used it', async () => {
    const made = Date.UTC(2026, 0, 31, 12);
    const personal = [
      token('ada', 'new', { pool: 'personal', name: 'new', createdAt: made, usedAt: made, scopes: [] }),
      token('eve', 'used', {
        pool: 'personal',
        name: 'used',
        createdAt: made,
        usedAt: made + 60_000,
        scopes: ['view-logs', 'create-user'],
        addresses: ['10.0.0.0/8'],
      }),
    ];
    const { out, err } = await call(['token', 'list'], { world: { tokens: [...personal, token('ada', 'session')] } });
    assert.match(
      out,
      /^TOKEN ID +USER +POOL[^]*\nnew +ada +personal +new +2026-01-31 12:00:00 +never .* read only +- /u,
    );
    assert.match(out, /\nused +eve .* 2026-01-31 12:01:00 .* view-logs, create-user +10\.0\.0\.0\/8 /u);
    assert.doesNotMatch(out, /session/u);
    assert.equal(err, 'There are 2 live personal tokens.\n');
    const few = await call(['token', 'list', '--count', '1', '--json'], { world: { tokens: personal } });
    const { total, tokens: listed } = parsed(few.out) as {
      total: number;
      tokens: { username: string; usedAt: null }[];
    };
    assert.deepEqual([total, listed.length, listed[0]?.username, listed[0]?.usedAt], [2, 1, 'ada', null]);
    const own = await call(['token', 'list', 'eve', '--count', '1'], {
      world: { accounts: [account('eve')], tokens: [...personal, token('eve', 's')] },
    });
    assert.equal(own.err, 'eve has 2 live tokens; listed are 1.\n');
  });

  it('ends one, or all, and never one of somebody else', async () => {
    const one = await call(['token', 'revoke', 'ada', 'two'], { world: { tokens } });
    assert.deepEqual([one.out, one.world.asked], ['1 token of ada ended.\n', [['endToken', 'two']]]);
    const all = await call(['token', 'revoke', 'ada', '--all', '--json'], { world: { tokens } });
    assert.deepEqual([parsed(all.out)['revoked'], all.world.asked], [2, [['endTokens', 'ada']]]);
    const foreign = await call(['token', 'revoke', 'ada', 'three'], { world: { tokens } });
    assert.deepEqual([foreign.code, foreign.world.asked], [1, []]);
    assert.match(foreign.err, /\(user: ada; token: three\)\. See which there are/u);
  });
});

describe('session list and end', () => {
  const tokens = [
    token('ada', 'one', { factor: 'totp' }),
    token('eve', 'two', { userAgent: 'Evil\u202e/1.0' }),
    token('ada', 'p', { pool: 'personal', name: 'ci' }),
  ];

  it('lists the sessions of everybody or of one, and no personal token', async () => {
    const { out, err } = await call(['session', 'list'], { world: { tokens } });
    assert.match(out, /^SESSION[^]*\none +ada .* rest +totp +203\.0\.113\.7 +curl 8\ntwo +eve /u);
    assert.doesNotMatch(out, /\np |\u202e|hash of/u);
    assert.equal(err, 'There are 2 live sessions.\n');
    const one = await call(['session', 'list', 'ada', '--json'], { world: { tokens } });
    const { total, sessions } = parsed(one.out) as { total: number; sessions: readonly { id: string }[] };
    assert.deepEqual([total, sessions.map(({ id }) => id)], [1, ['one']]);
    const few = await call(['session', 'list', '--count', '1'], { world: { tokens } });
    assert.equal(few.err, 'There are 2 live sessions; these are the newest 1.\n');
    const rest = await call(['session', 'list', '--offset', '1'], { world: { tokens } });
    assert.equal(rest.err, 'There are 2 live sessions; these are 1 from number 2 on.\n');
    assert.match(rest.out, /\ntwo +eve /u);
    const all = await call(['session', 'list', '--count', '0'], { world: { tokens } });
    assert.equal(all.err, 'There are 2 live sessions.\n');
    assert.equal((await call(['session', 'list', 'ada'])).err, 'ada has 0 live sessions.\n');
  });

  it('ends one, or all of an account', async () => {
    const one = await call(['session', 'end', 'two'], { world: { tokens } });
    assert.deepEqual([one.out, one.world.asked], ['1 session of eve ended.\n', [['endSession', 'two', 'cli']]]);
    const all = await call(['session', 'end', '--user', 'ada', '--json'], { world: { tokens } });
    assert.deepEqual([parsed(all.out)['ended'], all.world.asked], [1, [['endSessions', 'ada', 'cli']]]);
    const everybody = await call(['session', 'end', '--all'], { world: { tokens } });
    assert.match(everybody.out, /^2 sessions of 2 accounts ended/u);
    assert.deepEqual(everybody.world.asked, [
      ['endSessions', 'ada', 'cli'],
      ['endSessions', 'eve', 'cli'],
    ]);
    const personal = await call(['session', 'end', 'p'], { world: { tokens } });
    assert.equal(personal.code, 1);
    assert.match(personal.err, /countersign session list/u);
    for (const words of [[], ['one', '--user', 'ada'], ['--all', '--user', 'ada']]) {
      assert.equal((await call(['session', 'end', ...words], { world: { tokens } })).code, 2);
    }
  });
});

describe('the outbox on the command line', () => {
  const mails = [
    keptMail('m2', { state: 'failed', tries: 3, lastError: 'The mail server was away.' }),
    keptMail('m1'),
    keptMail('m0', { state: 'sent', tries: 1, sentAt: Date.UTC(2026, 0, 31, 13), recipient: 'bob@example.org' }),
  ];

  it('lists mails without their texts', async () => {
    const { out, err } = await call(['mail', 'list', '--count', '2'], { world: { mails } });
    assert.match(
      out,
      /^MAIL ID [^\n]+\nm2 +failed +2026-01-31 12:00:00 +3 +ada@example\.org +Authentication code +The mail/u,
    );
    assert.match(out, /\nm1 +kept/u);
    assert.doesNotMatch(out, /123-456|sealed|\nm0/u);
    assert.equal(err, '2 mails.\n');
    const document = parsed((await call(['mail', 'list', '--json'], { world: { mails } })).out);
    assert.equal((document['mails'] as unknown[]).length, 3);
    assert.deepEqual((document['mails'] as unknown[])[0], {
      id: 'm2',
      kind: 'authentication-code',
      recipient: 'ada@example.org',
      subject: 'Authentication code',
      state: 'failed',
      tries: 3,
      madeAt: '2026-01-31T12:00:00.000Z',
      sentAt: null,
      nextTryAt: null,
      lastError: 'The mail server was away.',
    });
  });

  it('says so when it is empty', async () => {
    const { out, err } = await call(['mail', 'list']);
    assert.deepEqual([out, err], ['', '0 mails.\n']);
  });

  it('shows a mail with its text, which a sent one has not any more', async () => {
    const { out } = await call(['mail', 'show', 'm1'], { world: { mails } });
    assert.match(out, /^Mail +m1\n[^]*\nState +kept\n[^]*\n\nYour code:\n\n {4}123-456\n$/u);
    const sent = await call(['mail', 'show', 'm0'], { world: { mails } });
    assert.match(sent.out, /\nSent +2026-01-31 13:00:00 UTC\n/u);
    assert.doesNotMatch(sent.out, /123-456/u);
    const document = parsed((await call(['mail', 'show', 'm1', '--json'], { world: { mails } })).out);
    assert.deepEqual([document['text'], document['html']], ['Your code:\n\n    123-456\n', '<p>Your code</p>']);
    const unknown = await call(['mail', 'show', 'nobody'], { world: { mails } });
    assert.deepEqual(
      [unknown.code, unknown.err],
      [1, 'countersign: The outbox has no mail nobody. See which there are: countersign mail list.\n'],
    );
  });

  it('shows when a waiting mail is tried next, and nothing that could steer a terminal', async () => {
    const waiting = keptMail('m3', { state: 'waiting', subject: 'a\u001B[2Jb', lastError: 'x\u0007' });
    const { out } = await call(['mail', 'show', 'm3'], { world: { mails: [waiting] } });
    assert.match(out, /\nNext try +2026-02-01 12:00:00 UTC\n/u);
    assert.doesNotMatch(out.replaceAll('\n', ''), /\p{Cc}/u);
  });

  it('lets a mail be tried again that has failed, and no other', async () => {
    const { code, out, world } = await call(['mail', 'retry', 'm2'], { world: { mails } });
    assert.deepEqual([code, out, world.asked], [0, 'The mail m2 waits to be sent.\n', [['retryMail', 'm2']]]);
    const sent = await call(['mail', 'retry', 'm0', '--json'], { world: { mails } });
    assert.equal(sent.code, 1);
    assert.match(sent.err, /"mail-not-stopped".*The mail m0 was sent\./u);
    assert.match((await call(['mail', 'retry', 'nobody'], { world: { mails } })).err, /The outbox has no mail nobody/u);
  });

  it('sends a test mail, and tells why it was not taken', async () => {
    const done = await call(['mail', 'test', 'ada@example.org', '--json'], { world: { mails } });
    assert.deepEqual([done.code, parsed(done.out)], [0, { address: 'ada@example.org', delivered: true }]);
    const { code, out, err } = await call(['mail', 'test', 'bob@example.org']);
    assert.deepEqual([code, out, err], [1, '', 'countersign: The mail server was away.\n']);
  });
});

describe('2fa disable', () => {
  it('takes every second factor away and says what ended', async () => {
    const ada = account('ada', { secondFactors: { ...noSecondFactors, app: true } });
    const tokens = [token('ada', 'one'), token('ada', 'two', { pool: 'personal', name: 'nightly' })];
    const { code, out, world } = await call(['2fa', 'disable', 'ada'], { world: { accounts: [ada], tokens } });
    assert.equal(code, 0);
    assert.equal(out, 'ada has no second factor any more; 2 tokens ended, personal ones included.\n');
    assert.deepEqual(world.asked, [['resetFactors', 'ada', 'cli']]);
  });

  it('says so where there was none, also as a document', async () => {
    const tokens = [token('ada', 'one')];
    const { out, world } = await call(['2fa', 'disable', 'ada'], { world: { tokens } });
    assert.equal(out, 'ada has no second factor: nothing is changed, and no token ended.\n');
    assert.deepEqual(world.asked, [], 'personal tokens stay');
    const document = parsed((await call(['2fa', 'disable', 'ada', '--json'])).out);
    assert.deepEqual([document['hadSecondFactor'], document['endedTokens']], [false, 0]);
  });

  it('refuses an account that is not there', async () => {
    const { code, err, world } = await call(['2fa', 'disable', 'bob']);
    assert.deepEqual([code, world.asked], [1, []]);
    assert.match(err, /No account matches \(user: bob\)/u);
  });
});

describe('login-link', () => {
  const fake = 'c0de'.repeat(16);

  it('prints the link and its code, good for ten minutes', async () => {
    const { code, out, err, world } = await call(['login-link', 'ada']);
    assert.equal(code, 0);
    assert.equal(out, `https://chat.example.org/home?loginCode=${fake}\n${fake}\n`);
    assert.match(err, /signs in as ada once, within 10 minutes, until 2026-01-31 12:10:00 UTC/u);
    assert.deepEqual(world.asked, [['makeLoginCode', 'ada', 10, 'cli']]);
  });

  it('takes other minutes, and gives a document', async () => {
    const { out, world } = await call(['login-link', 'ada', '--minutes', '60', '--json']);
    assert.deepEqual(parsed(out), {
      userId: 'ada',
      username: 'ada',
      url: `https://chat.example.org/home?loginCode=${fake}`,
      code: fake,
      endsAt: '2026-01-31T13:00:00.000Z',
    });
    assert.deepEqual(world.asked, [['makeLoginCode', 'ada', 60, 'cli']]);
  });

  for (const minutes of ['0', '61', '1.5', 'ten', '-1', '']) {
    it(`refuses ${minutes === '' ? 'no' : minutes} minutes`, async () => {
      const { code, world } = await call(['login-link', 'ada', `--minutes=${minutes}`]);
      assert.deepEqual([code, world.asked], [2, []]);
    });
  }

  it('says that the address is missing while no server has been started', async () => {
    const { out, err } = await call(['login-link', 'ada'], { world: { siteUrl: '' } });
    assert.equal(out, `/home?loginCode=${fake}\n${fake}\n`);
    assert.match(err, /Site_Url is empty/u);
  });

  it('refuses a disabled account', async () => {
    const accounts = [account('ada', { open: false })];
    const { code, err, world } = await call(['login-link', 'ada'], { world: { accounts } });
    assert.deepEqual([code, world.asked], [1, []]);
    assert.match(err, /deactivated/u);
  });
});

describe('block', () => {
  const digest = `${'Ab+/'.repeat(10)}Abc=`;
  const at = Date.UTC(2026, 0, 31, 12);
  const when = { failures: 10, since: at, until: at + 300_000, username: undefined };
  const blocks = [
    { ...when, subject: { kind: 'account', accountId: 'ada' }, username: 'ada' },
    { ...when, subject: { kind: 'device', accountId: 'ada', device: digest }, username: 'ada' },
    { ...when, subject: { kind: 'address', address: '203.0.113.9' } },
    { ...when, subject: { kind: 'name', digest } },
    {
      subject: { kind: 'codes', accountId: 'eve' },
      username: 'eve',
      failures: 100,
      since: undefined,
      until: undefined,
    },
  ] satisfies Block[];

  it('lists blocks with the words that clear them', async () => {
    const { code, out, err } = await call(['block', 'list'], { world: { blocks } });
    assert.equal(code, 0);
    assert.match(err, /5 blocks\./u);
    const lines = out.trim().split('\n');
    assert.match(lines[1] ?? '', /^account +ada +10 +2026-01-31 12:00:00 +2026-01-31 12:05:00 +id:ada$/u);
    assert.ok(lines[2]?.endsWith(`id:ada --device ${digest}`));
    assert.match(lines[3] ?? '', /^address +203\.0\.113\.9 .* 203\.0\.113\.9$/u);
    assert.match(lines[4] ?? '', /^name +a typed name without account /u);
    assert.ok(lines[4]?.endsWith(`name:${digest}`));
    assert.match(lines[5] ?? '', /^codes +eve +100 +- +cleared +id:eve$/u);
    const short = parsed((await call(['block', 'list', '--count', '1', '--json'], { world: { blocks } })).out);
    assert.deepEqual(short, {
      blocks: [
        {
          kind: 'account',
          accountId: 'ada',
          username: 'ada',
          failures: 10,
          since: '2026-01-31T12:00:00.000Z',
          until: '2026-01-31T12:05:00.000Z',
        },
      ],
      total: 5,
    });
  });

  it('clears what the list has named', async () => {
    for (const [words, subject] of [
      [['id:ada'], { kind: 'account', accountId: 'ada' }],
      [['ada', '--device', digest], { kind: 'device', accountId: 'ada', device: digest }],
      [['203.0.113.9'], { kind: 'address', address: '203.0.113.9' }],
      [['2001:db8:0:0::/64'], { kind: 'address', address: '2001:db8:0:0::/64' }],
      [[`name:${digest}`], { kind: 'name', digest }],
    ] as const) {
      const { code, out, world } = await call(['block', 'clear', ...words]);
      assert.equal(code, 0);
      assert.match(out, /is not blocked: 3 failed sign-ins forgotten\.\n$/u);
      assert.deepEqual(world.asked, [['clearBlock', subject, 'cli']]);
    }
  });

  it('says what was forgotten: wrong codes as well, or nothing at all', async () => {
    for (const [failures, wrongCodes, told] of [
      [1, 100, '1 failed sign-in and 100 wrong codes forgotten'],
      [0, 1, '1 wrong code forgotten'],
      [0, 0, 'there was nothing to forget'],
    ] as const) {
      for (const words of [
        ['block', 'clear', 'ada'],
        ['unblock', 'ada'],
      ]) {
        const { out } = await call(words, { world: { failures, wrongCodes } });
        assert.equal(out, `ada is not blocked: ${told}.\n`);
        const json = parsed((await call([...words, '--json'], { world: { failures, wrongCodes } })).out);
        assert.deepEqual([json['forgottenFailures'], json['forgottenWrongCodes']], [failures, wrongCodes]);
      }
    }
  });

  it('refuses what is nothing of the kind', async () => {
    for (const words of [['nobody'], ['name:short'], ['203.0.113.9', '--device', digest], []]) {
      const { code, world } = await call(['block', 'clear', ...words]);
      assert.ok(code > 0);
      assert.deepEqual(world.asked, []);
    }
  });
});

describe('unblock', () => {
  it('forgets the failures of an account', async () => {
    const { code, out, world } = await call(['unblock', 'ada']);
    assert.equal(code, 0);
    assert.equal(out, 'ada is not blocked: 3 failed sign-ins forgotten.\n');
    assert.deepEqual(world.asked, [['clearBlock', { kind: 'account', accountId: 'ada' }, 'cli']]);
  });

  for (const address of ['203.0.113.9', '2001:db8::7', '2001:db8::/64']) {
    it(`forgets the failures of ${address}`, async () => {
      const { out, world } = await call(['unblock', address]);
      assert.equal(out, `${address} is not blocked: 3 failed sign-ins forgotten.\n`);
      assert.deepEqual(world.asked, [['clearBlock', { kind: 'address', address }, 'cli']]);
      const document = parsed((await call(['unblock', address, '--json'])).out);
      assert.deepEqual(document, { address, forgottenFailures: 3, forgottenWrongCodes: 0 });
    });
  }

  it('takes an account that is named like an address, where that is said', async () => {
    const accounts = [account('1', { username: '203.0.113.9' })];
    const { world } = await call(['unblock', 'username:203.0.113.9'], { world: { accounts } });
    assert.deepEqual(world.asked, [['clearBlock', { kind: 'account', accountId: '1' }, 'cli']]);
  });

  it('refuses what is neither', async () => {
    const { code, world } = await call(['unblock', '203.0.113']);
    assert.deepEqual([code, world.asked], [1, []]);
  });
});

describe('export', () => {
  it('leaves no half file in the way of the next try, and never writes over one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-export-'));
    const file = join(folder, 'people.jsonl');
    const away = async (): Promise<never> => {
      throw new Error('The database is away.');
    };
    const failed = await call(['export', file], { openApp: away });
    assert.deepEqual([failed.code, failed.err, existsSync(file)], [1, 'countersign: The database is away.\n', false]);
    writeFileSync(file, 'kept');
    const refused = await call(['export', file]);
    assert.deepEqual([refused.code, refused.err], [1, `countersign: ${file} exists already: name another file.\n`]);
    assert.equal(readFileSync(file, 'utf8'), 'kept');
    rmSync(folder, { recursive: true });
  });
});
