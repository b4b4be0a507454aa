import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { openPlace, type Place } from './place.ts';

// The commands of Rocket.Chat's published examples, as a reader copies them into a shell.
const logIns = {
  'as form data, with username and password': `curl http://localhost:3000/api/v1/login \\
     -d "user=myusername&password=mypassword"`,
  'as form data, with email and password': `curl http://localhost:3000/api/v1/login \\
     -d "user=my@email.com&password=mypassword"`,
  'as JSON, with username and password': `curl -H "Content-type:application/json" \\
      http://localhost:3000/api/v1/login \\
      -d '{ "user": "myusername", "password": "mypassword" }'`,
  'as JSON, with email and password': `curl -H "Content-type:application/json" \\
      http://localhost:3000/api/v1/login \\
      -d '{ "user": "my@email.com", "password": "mypassword" }'`,
  'with user, password, and code': `curl -H "Content-type:application/json" \\
      http://localhost:3000/api/v1/login \\
      -d '{ "user": "myusername", "password": "mypassword", "code": "224610" }'`,
  'with email, password, and code': `curl -H "Content-type:application/json" \\
      http://localhost:3000/api/v1/login \\
      -d '{ "user": "my@email.com", "password": "mypassword", "code": "224610" }'`,
};

const createTokens = {
  'via userId': `curl -H "X-Auth-Token: 9HqLlyZOugoStsXCUfD_0YdwnNnunAJF8V47U3QHXSq" \\
     -H "X-User-Id: aobEdbYhXfu5hkeqG" \\
     -H "Content-type:application/json" \\
     http://localhost:3000/api/v1/users.createToken \\
     -d '{ "userId": "BsNr28znDkG8aeo7W" }'`,
  'via username': `curl -H "X-Auth-Token: 9HqLlyZOugoStsXCUfD_0YdwnNnunAJF8V47U3QHXSq" \\
     -H "X-User-Id: aobEdbYhXfu5hkeqG" \\
     -H "Content-type:application/json" \\
     http://localhost:3000/api/v1/users.createToken \\
     -d '{ "username": "test" }'`,
};

// And what they are answered.
const loggedIn = {
  status: 'success',
  data: {
    authToken: '9HqLlyZOugoStsXCUfD_0YdwnNnunAJF8V47U3QHXSq',
    userId: 'aobEdbYhXfu5hkeqG',
    me: {
      _id: 'aYjNnig8BEAWeQzMh',
      name: 'Rocket Cat',
      emails: [{ address: 'rocket.cat@rocket.chat', verified: false }],
      status: 'offline',
      statusConnection: 'offline',
      username: 'rocket.cat',
      utcOffset: -3,
      active: true,
      roles: ['admin'],
      settings: { preferences: {} },
      avatarUrl: 'http://localhost:3000/avatar/test',
    },
  },
};
const tokenCreated = {
  data: { userId: 'BsNr28znDkG8aeo7W', authToken: '2jdk99wuSjXPO201XlAks9sjDjAhSJmskAKW301mSuj9Sk' },
  success: true,
};

/** Every member of the example is there and of its kind. What is more does no harm. */
function assertShape(example: unknown, got: unknown, path: string): void {
  if (Array.isArray(example)) {
    assert.ok(Array.isArray(got) && got.length > 0, `${path} is ${JSON.stringify(got)}`);
    for (const [index, one] of got.entries()) assertShape(example[0], one, `${path}[${index}]`);
  } else if (typeof example === 'object' && example !== null) {
    assert.ok(typeof got === 'object' && got !== null, `${path} is ${JSON.stringify(got)}`);
    for (const [key, one] of Object.entries(example)) {
      assert.ok(key in got, `${path}.${key} is missing in ${JSON.stringify(got)}`);
      assertShape(one, (got as Readonly<Record<string, unknown>>)[key], `${path}.${key}`);
    }
  } else assert.equal(typeof got, typeof example, `${path} is ${JSON.stringify(got)}`);
}

const run = promisify(execFile);

/** The command in a shell, with the host, the ids and the tokens of this server. */
async function curl(command: string, changes: Readonly<Record<string, string>>): Promise<unknown> {
  let changed = command;
  for (const [from, to] of Object.entries(changes)) changed = changed.replaceAll(from, to);
  const { stdout } = await run('sh', ['-c', changed], { timeout: 10_000, env: { PATH: process.env['PATH'] } });
  return JSON.parse(stdout);
}

const missing = spawnSync('curl', ['--version']).error !== undefined && process.env['CI'] === undefined;

describe('curl', { skip: missing ? 'there is no curl on this machine' : false }, () => {
  let place: Place;
  let id: string;
  let host: Readonly<Record<string, string>>;

  const make = async (username: string, email: string): Promise<string> => {
    const given = { username, email, password: 'mypassword', name: 'Rocket Cat' };
    const { status, body } = await place.post('users.create', given, place.administrator);
    assert.equal(status, 200, JSON.stringify(body));
    return (body['user'] as { readonly _id: string })._id;
  };

  before(async () => {
    place = await openPlace({ CREATE_TOKENS_FOR_USERS: 'true' });
    host = { 'http://localhost:3000': place.server.url };
    id = await make('myusername', 'my@email.com');
  });

  after(async () => {
    await place.close();
  });

  for (const [name, command] of Object.entries(logIns)) {
    it(`logs in ${name}`, async () => {
      const answer = (await curl(command, host)) as typeof loggedIn;
      assertShape(loggedIn, answer, 'answer');
      assert.equal(answer.status, 'success');
      const { userId, authToken, me } = answer.data;
      assert.equal(userId, id);
      assert.match(authToken, /^[\w-]{43}$/);
      assert.deepEqual(
        { _id: me._id, username: me.username, name: me.name, emails: me.emails, active: me.active, roles: me.roles },
        {
          _id: id,
          username: 'myusername',
          name: 'Rocket Cat',
          emails: [{ address: 'my@email.com', verified: false }],
          active: true,
          roles: ['user'],
        },
      );
      assert.ok(me.avatarUrl.endsWith('/avatar/myusername'), me.avatarUrl);
      assert.ok(await place.knows({ userId, token: authToken }));
    });
  }

  it('is refused with a wrong password, in the words of the JSON API', async () => {
    const command = logIns['as form data, with username and password'];
    assert.deepEqual(await curl(command, { ...host, mypassword: 'wrong' }), {
      success: false,
      status: 'error',
      error: 'Unauthorized',
      message: 'Unauthorized',
    });
  });

  it('logs in with a token that it has', async () => {
    const { token } = await place.signIn('myusername', 'mypassword');
    const command = logIns['as form data, with username and password'];
    const answer = await curl(command, { ...host, 'user=myusername&password=mypassword': `resume=${token}` });
    assertShape(loggedIn, answer, 'answer');
    assert.equal((answer as typeof loggedIn).data.authToken, token);
  });

  for (const [name, command] of Object.entries(createTokens)) {
    it(`creates a token for another user ${name}`, async () => {
      const username = `test.${name.replace(' ', '.')}`;
      const other = await make(username, `${username}@example.com`);
      const { userId, token } = place.administrator;
      const answer = (await curl(command, {
        ...host,
        '9HqLlyZOugoStsXCUfD_0YdwnNnunAJF8V47U3QHXSq': token,
        aobEdbYhXfu5hkeqG: userId,
        BsNr28znDkG8aeo7W: other,
        '"test"': `"${username}"`,
      })) as typeof tokenCreated;
      assertShape(tokenCreated, answer, 'answer');
      assert.deepEqual(Object.keys(answer), ['data', 'success']);
      assert.deepEqual(Object.keys(answer.data), ['userId', 'authToken']);
      assert.equal(answer.data.userId, other);
      assert.ok(await place.knows({ userId: other, token: answer.data.authToken }));
    });
  }

  it('creates no token for somebody else without the permission', async () => {
    const { userId, token } = await place.signIn('myusername', 'mypassword');
    const answer = await curl(createTokens['via userId'], {
      ...host,
      '9HqLlyZOugoStsXCUfD_0YdwnNnunAJF8V47U3QHXSq': token,
      aobEdbYhXfu5hkeqG: userId,
      BsNr28znDkG8aeo7W: place.administrator.userId,
    });
    assert.deepEqual(answer, {
      success: false,
      error: 'Not authorized [error-not-authorized]',
      errorType: 'error-not-authorized',
      details: { method: 'createToken' },
    });
  });

  it('creates no token where the environment does not ask for it', async () => {
    const other = await openPlace();
    try {
      const { userId, token } = other.administrator;
      const answer = (await curl(createTokens['via userId'], {
        'http://localhost:3000': other.server.url,
        '9HqLlyZOugoStsXCUfD_0YdwnNnunAJF8V47U3QHXSq': token,
        aobEdbYhXfu5hkeqG: userId,
        BsNr28znDkG8aeo7W: userId,
      })) as Readonly<Record<string, unknown>>;
      assert.equal(answer['errorType'], 'error-not-authorized');
    } finally {
      await other.close();
    }
  });
});
