import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { account, call, token } from '../fake-needs.suite.ts';

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
