import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type CasServer, openCasServer, xmlOf } from './cas-server.ts';
import { appOwner } from './factor-owner.ts';
import { openSamlPlace, type SamlPlace } from './saml-place.ts';
import { onSharedStores, type SharedGround } from './two-nodes.ts';
import { caller, handClock } from './world.ts';

const page = '<html><head><script>window.close()</script></head></html>';
const service = (client: string): string => `http://localhost:3000/_cas/${client}`;
let cas: CasServer;
let made = 0;

function token(): string {
  made += 1;
  return `a-token-of-a-client-${made}`;
}

function setting(id: string, value: string): Readonly<Record<string, string>> {
  return { [`OVERWRITE_SETTING_${id}`]: value };
}

async function withCas(
  act: (place: SamlPlace) => Promise<void>,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const place = await openSamlPlace({ env: { ...cas.settings, ...env } });
  try {
    await act(place);
  } finally {
    cas.answer = undefined;
    await place.close();
  }
}

/** The browser's half, which always ends with the page that closes its window. */
async function bring(place: SamlPlace, client: string, ticket: string): Promise<void> {
  const { status, text } = await place.get(`/_cas/${client}?ticket=${encodeURIComponent(ticket)}`);
  assert.deepEqual([status, text], [200, page]);
}

/** What the client's half comes to: the account, or the error over the realtime door. */
async function logIn(place: SamlPlace, credentialToken: string): Promise<string> {
  const { result, error } = await place.world.client().ask('login', { cas: { credentialToken } });
  if (result === undefined) {
    const { error: code, reason } = error as { readonly error: string | number; readonly reason: string };
    return `${code} ${reason}`;
  }
  assert.equal((result as { readonly type: string }).type, 'cas');
  return (result as { readonly id: string }).id;
}

async function comes(
  place: SamlPlace,
  user: string,
  attributes: Readonly<Record<string, string>> = {},
): Promise<string> {
  const client = token();
  await bring(place, client, cas.ticket(service(client), { user, attributes }));
  return await logIn(place, client);
}

const none = '145546287 no matching login attempt found';
const nobody = '145546287 no matching user account found';

describe('a sign-in with CAS', () => {
  before(async () => {
    cas = await openCasServer();
  });
  after(async () => {
    await cas.close();
  });

  for (const [version, path] of [
    ['1.0', '/cas/validate'],
    ['2.0', '/cas/serviceValidate'],
    ['3.0', '/cas/p3/serviceValidate'],
  ] as const) {
    it(`of version ${version} ends in a session, and finds the same account again`, async () => {
      await withCas(
        async (place) => {
          const id = await comes(place, 'alice', { mail: 'alice@example.com', first: 'Alice', last: 'Doe' });
          assert.equal(cas.asked.at(-1), path);
          const account = await place.world.app.account.find({ by: 'id', value: id });
          assert.equal(account?.username, 'alice');
          assert.deepEqual(account?.roles, ['user']);
          if (version !== '1.0') {
            assert.equal(account?.name, 'Doe, Alice');
            assert.deepEqual(account?.emails, [{ address: 'alice@example.com', verified: true }]);
          }
          assert.equal(await comes(place, 'alice'), id);
        },
        {
          ...setting('CAS_version', version),
          ...setting('CAS_Sync_User_Data_FieldMap', '{"email":"%mail%","name":"%last%, %first%"}'),
        },
      );
    });
  }

  it('works once for a ticket, and once for a token, within a minute', async () => {
    await withCas(async (place) => {
      const [one, two, three] = [token(), token(), token()];
      const ticket = cas.ticket(service(one), { user: 'alice' });
      await bring(place, one, ticket);
      await bring(place, one, ticket);
      assert.match(await logIn(place, one), /^\w{17}$/u);
      assert.equal(await logIn(place, one), none);
      await bring(place, two, ticket);
      assert.equal(await logIn(place, two), none);
      await bring(place, three, cas.ticket(service(three), { user: 'alice' }));
      place.clock.move(60_000);
      assert.equal(await logIn(place, three), none);
    });
  });

  it('takes no ticket that was made for another address, and asks for none of another form', async () => {
    await withCas(async (place) => {
      const client = token();
      await bring(place, client, cas.ticket('https://evil.example/_cas/x', { user: 'alice' }));
      assert.equal(await logIn(place, client), none);
      const asked = cas.asked.length;
      for (const bad of [
        '',
        'PT-1-x',
        'ST-',
        'ST-1&service=https://evil.example',
        'ST-1 x',
        `ST-${'x'.repeat(300)}`,
        'ST-1\n',
      ]) {
        await bring(place, client, bad);
      }
      await bring(place, 'short-token', 'ST-1-abc');
      await bring(place, `${'x'.repeat(17)}%2f..%2f`, 'ST-1-abc');
      assert.equal((await place.get(`/_cas/${client}`)).text, page);
      assert.equal((await place.get(`/_cas/${client}?ticket=ST-1&ticket=ST-2`)).text, page);
      assert.equal(cas.asked.length, asked);
    });
  });

  it('comes to nothing where the server answers otherwise', async () => {
    await withCas(
      async (place) => {
        const good = xmlOf({ user: 'alice' });
        for (const answer of [
          { status: 500, text: good },
          { status: 302, text: good },
          { status: 200, text: '' },
          { status: 200, text: 'yes\nalice\n' },
          { status: 200, text: xmlOf(undefined) },
          { status: 200, text: xmlOf({ user: '' }) },
          { status: 200, text: good.replace('yale.edu', 'evil.example') },
          { status: 200, text: good.replace('<cas:user>', '<cas:user>root</cas:user><cas:user>') },
          { status: 200, text: `<!DOCTYPE x [<!ENTITY e "alice">]>${good}` },
          {
            status: 200,
            text: good.replace('</cas:serviceResponse>', '<cas:authenticationFailure/></cas:serviceResponse>'),
          },
          { status: 200, text: `${good}${' '.repeat(70_000)}` },
          { status: 200, text: `${'<a>'.repeat(3000)}${'</a>'.repeat(3000)}` },
        ]) {
          cas.answer = answer;
          const client = token();
          await bring(place, client, 'ST-1-abc');
          assert.equal(await logIn(place, client), none, answer.text.slice(0, 200));
        }
        // A comment does not cut a name short.
        cas.answer = { status: 200, text: xmlOf({ user: 'al<!-- -->ice' }) };
        const client = token();
        await bring(place, client, 'ST-1-abc');
        const account = await place.world.app.account.find({ by: 'id', value: await logIn(place, client) });
        assert.equal(account?.username, 'alice');
      },
      setting('CAS_version', '2.0'),
    );
  });

  it('joins an account of the same name only where the name is trusted', async () => {
    await withCas(async (place) => {
      await place.world.add('alice');
      assert.match(await comes(place, 'Alice'), /already exists/u);
    });
    await withCas(
      async (place) => {
        const alice = await place.world.add('alice');
        assert.equal(await comes(place, 'ALICE'), alice.id);
      },
      setting('CAS_trust_username', 'true'),
    );
  });

  it('makes nobody where the settings say so', async () => {
    await withCas(
      async (place) => {
        assert.equal(await comes(place, 'alice'), nobody);
        const bob = await place.world.add('bob');
        const kept = { provider: 'cas', subject: 'bob', facts: {} };
        const audit = {
          at: 0,
          what: 'identity.link',
          outcome: 'done',
          accountId: bob.id,
          actorId: undefined,
          door: 'cli',
          address: '',
          userAgent: '',
          facts: {},
        } as const;
        await place.world.store.identities.link(kept, bob.id, {}, 0, audit);
        assert.equal(await comes(place, 'bob'), bob.id);
      },
      setting('CAS_Creation_User_Enabled', 'false'),
    );
  });

  it('asks for a second factor only where the settings say so', async () => {
    for (const [value, isAsked] of [
      ['false', false],
      ['true', true],
    ] as const) {
      await withCas(
        async (place) => {
          const { account } = await appOwner(place.world, 'alice');
          const came = await comes(place, 'alice');
          if (isAsked) assert.match(came, /^totp-required /u);
          else assert.equal(came, account.id);
        },
        { ...setting('CAS_trust_username', 'true'), ...setting('Countersign_CAS_Second_Factor', value) },
      );
    }
  });

  it('is refused to whoever is deactivated, and to all once it is switched off', async () => {
    await withCas(async (place) => {
      const id = await comes(place, 'alice');
      await place.world.app.host.setOpen(id, false, caller({ door: 'cli' }));
      assert.match(await comes(place, 'alice'), /^error-user-is-not-activated /u);
      const client = token();
      await bring(place, client, cas.ticket(service(client), { user: 'bob' }));
      await place.world.app.host.changeSetting('CAS_enabled', false, caller({ door: 'cli' }));
      assert.equal(await logIn(place, client), none);
    });
  });

  it('goes over plain HTTP to this machine alone, unless the settings say otherwise', async () => {
    for (const [base, isOffered] of [
      ['http://cas.example/cas', false],
      ['https://cas.example/cas', true],
      ['ftp://cas.example/cas', false],
      ['', false],
    ] as const) {
      await withCas(
        async (place) => {
          const { text } = await place.get('/api/v1/service.configurations');
          assert.equal(text.includes('"cas"'), isOffered, base);
        },
        setting('CAS_base_url', base),
      );
    }
    await withCas(
      async (place) => {
        assert.ok((await place.get('/api/v1/service.configurations')).text.includes('"login_url"'));
      },
      { ...setting('CAS_base_url', 'http://cas.example/cas'), ...setting('Countersign_CAS_Plain_HTTP', 'true') },
    );
  });

  it('is told of its end so often in a minute, and no more', async () => {
    await withCas(
      async (place) => {
        const statuses = new Map<number, number>();
        for (let n = 0; n < 1003; n += 1) {
          const { status } = await place.form(`/_cas/${token()}`, { logoutRequest: '' });
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
        }
        assert.deepEqual(
          [...statuses],
          [
            [200, 1000],
            [429, 3],
          ],
        );
        place.clock.move(60_000);
        assert.equal((await place.form(`/_cas/${token()}`, { logoutRequest: '' })).status, 200);
      },
      setting('API_Enable_Rate_Limiter', 'true'),
    );
  });

  it('ends when the server tells so of its ticket, and of no other', async () => {
    await withCas(async (place) => {
      const client = token();
      const ticket = cas.ticket(service(client), { user: 'alice' });
      await bring(place, client, ticket);
      const socket = place.world.client();
      assert.ok((await socket.ask('login', { cas: { credentialToken: client } }))['result'] !== undefined);
      const { identities } = place.world.store;
      const { endSessions } = identities;
      let ends = 0;
      identities.endSessions = async (...given) => {
        ends += 1;
        return await endSessions(...given);
      };
      const message = (of: string): string =>
        `<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="x" Version="2.0"><samlp:SessionIndex>${of}</samlp:SessionIndex></samlp:LogoutRequest>`;
      for (const bad of [
        message('ST-of-another'),
        message(''),
        `<!DOCTYPE x>${message(ticket)}`,
        'nonsense',
        'x'.repeat(20_000),
      ]) {
        await place.form(`/_cas/${client}`, { logoutRequest: bad });
      }
      assert.equal(socket.end, undefined);
      // Nobody knows who sends them: what ends nothing writes nothing.
      assert.equal(ends, 0);
      assert.equal((await place.form(`/_cas/${client}`, { logoutRequest: message(ticket) })).status, 200);
      assert.equal(ends, 1);
      await socket.until(() => {
        place.world.timers.pass(1000);
        return socket.end !== undefined;
      });
    });
  });
});

function twoNodes(backend: string, make: () => Promise<SharedGround>) {
  describe(`CAS on two nodes over one ${backend} store`, () => {
    it('keeps what one node has heard for the other, once', async () => {
      const ground = await make();
      const clock = handClock();
      const server = await openCasServer();
      const open = async (): Promise<SamlPlace> =>
        await openSamlPlace({ open: ground.open, clock, env: server.settings });
      const [one, two] = [await open(), await open()];
      try {
        const client = token();
        await bring(one, client, server.ticket(service(client), { user: 'alice' }));
        const came = await Promise.all([logIn(one, client), logIn(two, client)]);
        assert.equal(came.filter((outcome) => outcome === none).length, 1);
      } finally {
        await one.close();
        await two.close();
        ground.end();
        await server.close();
      }
    });
  });
}

onSharedStores(twoNodes);
