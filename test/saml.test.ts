import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { inflateRawSync } from 'node:zlib';
import { sampleAudit } from '../src/core/samples.suite.ts';
import { readXml } from '../src/providers/xml.ts';
import { keyPair } from './certificate.ts';
import { appOwner } from './factor-owner.ts';
import { type Claims, encoded, honest, logoutXml, queryOf, signed } from './saml-forge.ts';
import { openSamlIdp, type SamlIdp, samlSetting } from './saml-idp.ts';
import { consumer, idp, openSamlPlace, root, type SamlPlace, stranger, withSaml } from './saml-place.ts';
import { onSharedStores, type SharedGround } from './two-nodes.ts';
import { caller, handClock } from './world.ts';

const logout = 'http://localhost:3000/_saml/logout/test-idp/';
const persistent = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent';

/** The message that a redirect carries. */
async function messageIn(address: string, kind: 'SAMLRequest' | 'SAMLResponse') {
  const url = new URL(address);
  const xml = inflateRawSync(Buffer.from(url.searchParams.get(kind) ?? '', 'base64')).toString();
  return { url, xml, root: await readXml(xml) };
}

describe('a whole sign-in with samlp', () => {
  let provider: SamlIdp;
  let place: SamlPlace;
  const own = keyPair();
  before(async () => {
    provider = await openSamlIdp();
    place = await openSamlPlace({
      clock: handClock(Date.now()),
      env: {
        ...provider.settings,
        [samlSetting('_private_key')]: own.key,
        [samlSetting('_public_cert')]: own.certificate,
        [samlSetting('_allowed_clock_drift')]: '60000',
      },
    });
  });
  after(async () => {
    await place.close();
    await provider.close();
  });

  const arrive = async (who: string): Promise<string> => {
    const token = `id-of-a-client-${who}-${performance.now()}`.replace('.', '-');
    const { location } = await place.get(`/_saml/authorize/test-idp/${token}`);
    const { action, ...fields } = await provider.signIn(location, who);
    assert.equal(action, consumer);
    assert.equal(fields.RelayState, 'test-idp');
    const { status, location: landed } = await place.form('/_saml/validate/test-idp', fields);
    assert.notEqual(landed, root, JSON.stringify(place.told));
    assert.equal(status, 302);
    assert.equal((await place.get(landed.slice(root.length - 1))).status, 200);
    const credential = new URL(landed).searchParams.get('saml_idp_credentialToken') ?? '';
    assert.notEqual(credential, token);
    return credential;
  };

  it('ends in a session over the realtime door, and finds the same account again', async () => {
    const client = place.world.client();
    const frame = await client.ask('login', { saml: true, credentialToken: await arrive('alice') });
    const result = frame['result'] as { id: string; token: string; tokenExpires: unknown; type: string };
    assert.deepEqual(Object.keys(result).toSorted(), ['id', 'token', 'tokenExpires', 'type']);
    assert.equal(result.type, 'saml');
    const account = await place.world.app.account.find({ by: 'id', value: result.id });
    assert.equal(account?.username, 'alice');
    assert.equal(account?.name, 'Alice Example');
    assert.deepEqual(account?.emails, [{ address: 'alice@example.com', verified: true }]);
    assert.deepEqual(account?.roles, ['user']);
    const again = await place.logIn(await arrive('alice'));
    assert.equal((again.json['data'] as { userId: string }).userId, result.id);
  });

  it('takes what was encrypted for us', async () => {
    provider.encryptFor = own.certificate;
    assert.equal((await place.logIn(await arrive('alice'))).status, 200);
    provider.encryptFor = undefined;
  });

  it('tells nothing of why an encrypted assertion could not be read (M09)', async () => {
    const unsigned = await openSamlPlace({
      clock: handClock(Date.now()),
      env: {
        ...provider.settings,
        [samlSetting('_private_key')]: own.key,
        [samlSetting('_allowed_clock_drift')]: '60000',
        [samlSetting('_signature_validation_type')]: 'Assertion',
      },
    });
    const sent = async (certificate: string, change: (xml: string) => string) => {
      provider.encryptFor = certificate;
      const { location } = await unsigned.get(
        `/_saml/authorize/test-idp/id-of-a-client-${Math.floor(performance.now() * 1e6)}`,
      );
      const xml = Buffer.from((await provider.signIn(location, 'alice')).SAMLResponse, 'base64').toString();
      // Without the outer signature nothing but the decryption decides.
      return await unsigned.post(change(xml.replace(/<Signature.*?<\/Signature>/su, '')));
    };
    const value = (xml: string, at: number): string =>
      [...xml.matchAll(/CipherValue>([^<]+)</gu)][at]?.[1] ?? assert.fail(xml);
    try {
      assert.notEqual((await sent(own.certificate, (xml) => xml)).token, undefined);
      const reasons = new Set<unknown>();
      for (const [certificate, change] of [
        [keyPair().certificate, (xml: string) => xml],
        [own.certificate, (xml: string) => xml.replace(value(xml, 0), encoded('x'.repeat(256)))],
        [own.certificate, (xml: string) => xml.replace(value(xml, 1), encoded('short'))],
        [
          own.certificate,
          (xml: string) => xml.replace(value(xml, 1), encoded('a longer one, which has no tag that fits')),
        ],
        [own.certificate, (xml: string) => xml.replace('xmlenc11#aes256-gcm', 'xmlenc11#aes128-gcm')],
        [own.certificate, (xml: string) => xml.replace('2009/xmlenc11#aes256-gcm', '2001/04/xmlenc#aes256-cbc')],
        [own.certificate, (xml: string) => xml.replace('rsa-oaep-mgf1p', 'rsa-1_5')],
      ] as const) {
        const { to, reason } = await sent(certificate, change);
        assert.equal(to, root);
        reasons.add(reason);
      }
      assert.deepEqual([...reasons], ['The encrypted assertion could not be read.']);
    } finally {
      provider.encryptFor = undefined;
      await unsigned.close();
    }
  });

  it('asks in a way that the provider can check, and tells what it must know', async () => {
    const { location } = await place.get('/_saml/authorize/test-idp/17charactersoftoken');
    const { url, root: request } = await messageIn(location, 'SAMLRequest');
    // An id of XML begins with no digit.
    assert.equal(request.attributes.get('ID'), 'id-17charactersoftoken');
    assert.equal(request.attributes.get('AssertionConsumerServiceURL'), consumer);
    assert.equal(url.searchParams.get('RelayState'), 'test-idp');
    assert.equal(url.searchParams.get('SigAlg'), 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256');
    assert.ok(url.searchParams.has('Signature'));
    const { status, text } = await place.get('/_saml/metadata/test-idp');
    assert.equal(status, 200);
    const metadata = await readXml(text);
    assert.equal(metadata.attributes.get('entityID'), 'urn:countersign:test');
    assert.ok(text.includes(`Location="${consumer.replaceAll('/', '/')}"`) && text.includes(`Location="${logout}"`));
    assert.ok(!text.includes('PRIVATE'));
  });

  it('is offered to clients without any key', async () => {
    const { text, json } = await place.get('/api/v1/service.configurations');
    const [saml] = (json['configurations'] as Readonly<Record<string, unknown>>[]).filter(
      ({ service }) => service === 'saml',
    );
    assert.deepEqual(saml?.['clientConfig'], { provider: 'test-idp' });
    assert.equal(saml?.['buttonLabelText'], 'SAML');
    assert.ok(!/BEGIN|cert|key/iu.test(text), text);
  });
});

it('is called by the address of its metadata unless somebody calls it otherwise', async () => {
  const example = 'https://your-rocket-chat/_saml/metadata/provider-name';
  for (const [issuer, entityId] of [
    [example, 'http://localhost:3000/_saml/metadata/test-idp'],
    ['urn:ours', 'urn:ours'],
  ] as const) {
    await withSaml(
      async (place) => {
        const metadata = await readXml((await place.get('/_saml/metadata/test-idp')).text);
        assert.equal(metadata.attributes.get('entityID'), entityId);
        assert.match(await place.comes({ audience: entityId }), /^\w{17}$/u);
      },
      { [samlSetting('_issuer')]: issuer },
    );
  }
});

describe('whom SAML names', () => {
  it('must show their second factor, and may try again with it (M16)', async () => {
    await withSaml(async (place) => {
      const owner = await appOwner(place.world, 'alice');
      const { token } = await place.post(honest(await place.claims(), idp));
      const client = place.world.client();
      const form = { saml: true, credentialToken: token };
      const asked = (await client.ask('login', form))['error'] as { error: string };
      assert.equal(asked.error, 'totp-required');
      const wrong = (await client.ask('login', { totp: { login: form, code: '000000' } }))['error'] as {
        error: string;
      };
      assert.equal(wrong.error, 'totp-invalid');
      const { result } = await client.ask('login', { totp: { login: form, code: owner.code() } });
      assert.equal((result as { id: string }).id, owner.account.id);
    });
  });

  it('is refused once the service is switched off', async () => {
    await withSaml(async (place) => {
      const { token } = await place.post(honest(await place.claims(), idp));
      await place.world.app.host.changeSetting('SAML_Custom_Default', false, caller({ door: 'cli' }));
      const { status, json } = await place.logIn(token);
      assert.deepEqual([status, json['message']], [401, 'No matching login attempt found']);
    });
  });

  it('is joined with an account of a verified address only', async () => {
    await withSaml(async (place) => {
      await place.world.add('bob', { email: { address: 'bob@example.com', verified: false } });
      const told = { nameId: 'bob@example.com', attributes: { email: 'bob@example.com', username: 'bob' } };
      const { token } = await place.post(honest(await place.claims(told), idp));
      const { status, json } = await place.logIn(token);
      assert.deepEqual([status, json['message']], [401, 'Email already exists.']);
    });
  });

  it('without an address gets the error that clients know', async () => {
    await withSaml(async (place) => {
      const told = { nameId: 'opaque', nameFormat: persistent, attributes: {} };
      const { token } = await place.post(honest(await place.claims(told), idp));
      const client = place.world.client();
      const { error } = await client.ask('login', { saml: true, credentialToken: token });
      const { error: code, reason } = error as { error: unknown; reason: string };
      assert.deepEqual([code, reason], [145546287, 'SAML Profile did not contain an email address']);
    });
  });

  it('stays the same person by a persistent name, whatever else changes', async () => {
    await withSaml(async (place) => {
      const told = (nameId: string, email: string): Partial<Claims> => ({
        nameId,
        nameFormat: persistent,
        attributes: { email, cn: 'Jane' },
      });
      const jane = await place.comes(told('opaque-1', 'jane@example.com'));
      assert.equal(await place.comes(told('opaque-1', 'jane.doe@example.com')), jane);
      // The address given to another does not open the account of the first.
      const { token } = await place.post(honest(await place.claims(told('opaque-2', 'jane@example.com')), idp));
      const { status, json } = await place.logIn(token);
      assert.deepEqual([status, json['message']], [401, 'Email already exists.']);
    });
  });

  it('is who the attribute says that the field map calls the identifier', async () => {
    await withSaml(
      async (place) => {
        const told = (uid: string, email: string): Partial<Claims> => ({
          attributes: { uid, mail: email, sn: 'Doe' },
          nameId: email,
        });
        const jane = await place.comes(told('4711', 'jane@example.com'));
        assert.equal(await place.comes(told('4711', 'doe@example.com')), jane);
        const account = await place.world.app.account.find({ by: 'id', value: jane });
        assert.equal(account?.name, 'D. jane');
        const { token } = await place.post(honest(await place.claims({ attributes: { mail: 'x@example.com' } }), idp));
        assert.equal(
          (await place.logIn(token)).json['message'],
          'SAML Profile did not contain what identifies its user',
        );
      },
      {
        [samlSetting('_user_data_fieldmap')]: JSON.stringify({
          email: { fieldNames: ['nothing', 'email'] },
          name: { fieldName: 'email', regex: '^([^@]+)@', template: 'D. __regex__' },
          __identifier__: 'uid',
        }),
      },
    );
  });

  it('is found by username where that is the immutable property, and by the link of an import', async () => {
    await withSaml(
      async (place) => {
        const alice = await place.world.add('alice');
        const told = {
          nameId: 'other@example.com',
          attributes: { username: 'ALICE', email: 'other@example.com', cn: 'New Name' },
        };
        assert.equal(await place.comes(told), alice.id);
        const account = await place.world.app.account.find({ by: 'id', value: alice.id });
        assert.equal(account?.name, 'New Name');
        assert.equal(account?.emails[0]?.address, 'other@example.com');
      },
      {
        [samlSetting('_immutable_property')]: 'Username',
        [samlSetting('_username_normalize')]: 'Lowercase',
        [samlSetting('_name_overwrite')]: 'true',
        [samlSetting('_mail_overwrite')]: 'true',
      },
    );
    await withSaml(async (place) => {
      const carol = await place.world.add('carol', { email: { address: 'carol@example.com', verified: false } });
      const kept = { provider: 'saml', subject: 'Carol@Example.com', facts: {} };
      const audit = {
        at: 0,
        what: 'identity.link',
        outcome: 'done',
        accountId: carol.id,
        actorId: undefined,
        door: 'cli',
        address: '',
        userAgent: '',
        facts: {},
      } as const;
      assert.equal(await place.world.store.identities.link(kept, carol.id, {}, 0, audit), 'linked');
      const told = { nameId: 'Carol@Example.com', attributes: { email: 'carol@example.com' } };
      assert.equal(await place.comes(told), carol.id);
    });
  });

  it('of an import that nobody has come with is in the way where names last, and there alone', async () => {
    await withSaml(async (place) => {
      for (const [name, nameFormat, joins] of [
        ['erin', 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient', true],
        ['frank', persistent, false],
      ] as const) {
        const email = `${name}@example.com`;
        const account = await place.world.add(name, { email: { address: email, verified: true } });
        const kept = { provider: 'saml', subject: `former-${name}`, facts: {}, unused: true } as const;
        await place.world.store.identities.link(kept, account.id, {}, 0, sampleAudit(account.id));
        const claims = await place.claims({ nameId: `now-${name}`, nameFormat, attributes: { email } });
        const { token } = await place.post(honest(claims, idp));
        const { status, json } = await place.logIn(token);
        if (joins) assert.equal(status, 200, name);
        else assert.deepEqual([status, json['message']], [401, 'Email already exists.'], name);
        assert.equal((await place.world.store.identities.ofAccount(account.id)).length, joins ? 2 : 1);
      }
    });
  });

  it('has the roles of the attribute, given and taken at each sign-in', async () => {
    await withSaml(
      async (place) => {
        const told = (roles: readonly string[]): Partial<Claims> => ({
          attributes: { email: 'alice@example.com', groups: roles },
        });
        const id = await place.comes(told(['user', 'bot', 'no-such-role']));
        const rolesOf = async () => (await place.world.app.account.find({ by: 'id', value: id }))?.roles.toSorted();
        assert.deepEqual(await rolesOf(), ['bot', 'user']);
        await place.comes(told(['user']));
        assert.deepEqual(await rolesOf(), ['user']);
      },
      { [samlSetting('_role_attribute_name')]: 'groups', [samlSetting('_role_attribute_sync')]: 'true' },
    );
  });

  it('gets the roles and the username that the settings give', async () => {
    await withSaml(
      async (place) => {
        const told = { attributes: { email: 'jane@example.com', cn: 'Jane Doe' }, nameId: 'jane@example.com' };
        const account = await place.world.app.account.find({ by: 'id', value: await place.comes(told) });
        assert.deepEqual([account?.username, account?.roles], ['jane.doe', ['bot', 'user']]);
      },
      { [samlSetting('_generate_username')]: 'true', [samlSetting('_default_user_role')]: 'bot, user' },
    );
  });
});

describe('signing out with SAML', () => {
  /** Alice, signed in on a socket by SAML, and another of hers that came with a password. */
  const twoSockets = async (place: SamlPlace, sessionIndex = 's-1') => {
    await place.world.add('alice');
    const { token } = await place.post(honest(await place.claims({ sessionIndex }), idp));
    const saml = place.world.client();
    const { result } = await saml.ask('login', { saml: true, credentialToken: token });
    assert.ok(result !== undefined);
    return { saml, own: await place.world.signedIn('alice') };
  };
  const isOut = async (place: SamlPlace, { saml, own }: Awaited<ReturnType<typeof twoSockets>>): Promise<void> => {
    await saml.until(() => {
      place.world.timers.pass(1000);
      return saml.end !== undefined;
    });
    assert.equal(own.end, undefined);
  };

  for (const binding of ['redirect', 'post'] as const) {
    for (const sessionIndex of ['s-1', undefined]) {
      it(`that the provider begins by ${binding}, of ${sessionIndex ?? 'all sessions'}, closes the sockets and is answered`, async () => {
        await withSaml(
          async (place) => {
            const sockets = await twoSockets(place);
            const request = (id: string): string =>
              logoutXml('LogoutRequest', {
                id,
                now: place.clock.now(),
                destination: logout,
                nameId: 'alice@example.com',
                ...(sessionIndex === undefined ? {} : { sessionIndex }),
              });
            const send = async (xml: string, pair: typeof idp | undefined) =>
              binding === 'redirect'
                ? await place.get(`/_saml/logout/test-idp/?${queryOf('SAMLRequest', xml, pair, 'state+of it')}`)
                : await place.form('/_saml/logout/test-idp', {
                    SAMLRequest: encoded(pair === undefined ? xml : signed(xml, 'LogoutRequest', pair)),
                    RelayState: 'state+of it',
                  });
            for (const pair of [undefined, stranger]) {
              assert.deepEqual((await send(request('_r0'), pair)).location, root);
              assert.equal(sockets.saml.end, undefined);
            }
            const { location } = await send(request('_r1'), idp);
            const { url, root: response } = await messageIn(location, 'SAMLResponse');
            assert.equal(url.origin + url.pathname, 'https://idp.example/slo');
            assert.equal(url.searchParams.get('RelayState'), 'state+of it');
            assert.equal(response.attributes.get('InResponseTo'), '_r1');
            assert.ok(url.searchParams.has('Signature'));
            assert.ok(
              response.children.some(({ children }) =>
                children[0]?.attributes.get('Value')?.endsWith('status:Success'),
              ),
            );
            await isOut(place, sockets);
            // The same once more is nobody's.
            assert.equal((await send(request('_r1'), idp)).location, root);
            const late = request('_r2');
            place.clock.move(301_000);
            assert.equal((await send(late, idp)).location, root);
          },
          { [samlSetting('_private_key')]: keyPair().key },
        );
      });
    }
  }

  it('of another session, or of somebody else, leaves this one alone', async () => {
    await withSaml(async (place) => {
      const sockets = await twoSockets(place);
      const now = place.clock.now();
      for (const [id, more] of Object.entries({
        _a: { nameId: 'alice@example.com', sessionIndex: 's-2' },
        _b: { nameId: 'bob@example.com', sessionIndex: 's-1' },
        _c: { nameId: 'bob@example.com' },
      })) {
        const xml = logoutXml('LogoutRequest', { id, now, destination: logout, ...more });
        const { location } = await place.get(`/_saml/logout/test-idp?${queryOf('SAMLRequest', xml, idp)}`);
        const { xml: answer } = await messageIn(location, 'SAMLResponse');
        assert.ok(answer.includes('UnknownPrincipal'));
      }
      assert.equal(sockets.saml.end, undefined);
    });
  });

  it('that the client begins goes by the provider, and its signed answer ends the session', async () => {
    await withSaml(async (place) => {
      const sockets = await twoSockets(place);
      const { result } = await sockets.saml.ask('samlLogout', 'test-idp');
      const { url, root: request } = await messageIn(String(result), 'SAMLRequest');
      assert.equal(url.origin + url.pathname, 'https://idp.example/slo');
      assert.equal(request.name, 'LogoutRequest');
      assert.equal(request.children.find(({ name }) => name === 'NameID')?.text, 'alice@example.com');
      assert.equal(request.children.find(({ name }) => name === 'SessionIndex')?.text, 's-1');
      const onward = await place.get(`/_saml/sloRedirect/test-idp/?redirect=${encodeURIComponent(String(result))}`);
      assert.deepEqual([onward.status, onward.location], [302, String(result)]);
      const answers = request.attributes.get('ID') ?? '';
      const xml = logoutXml('LogoutResponse', { id: '_x', now: place.clock.now(), destination: logout, answers });
      for (const pair of [undefined, stranger]) {
        await place.get(`/_saml/logout/test-idp/?${queryOf('SAMLResponse', xml, pair)}`);
        await place.form('/_saml/logout/test-idp/', {
          SAMLResponse: encoded(pair === undefined ? xml : signed(xml, 'LogoutResponse', pair)),
        });
      }
      assert.equal(sockets.saml.end, undefined);
      const back = await place.get(`/_saml/logout/test-idp/?${queryOf('SAMLResponse', xml, idp)}`);
      assert.deepEqual([back.status, back.location], [302, root]);
      await isOut(place, sockets);
    });
  });

  it('stays here where the settings say so, and for whom SAML does not know', async () => {
    await withSaml(
      async (place) => {
        const { saml } = await twoSockets(place);
        assert.equal((await saml.ask('samlLogout', 'test-idp'))['result'], undefined);
      },
      { [samlSetting('_idp_slo_redirect_url')]: 'https://example.com/simplesaml/saml2/idp/SingleLogoutService.php' },
    );
    await withSaml(
      async (place) => {
        const { saml } = await twoSockets(place);
        assert.equal((await saml.ask('samlLogout', 'test-idp'))['result'], undefined);
      },
      { [samlSetting('_logout_behaviour')]: 'Local' },
    );
    await withSaml(async (place) => {
      await place.world.add('bob');
      const bob = await place.world.signedIn('bob');
      assert.equal((await bob.ask('samlLogout', 'test-idp'))['result'], undefined);
      assert.equal((await bob.ask('samlLogout', 'other'))['result'], undefined);
    });
  });

  it('sends browsers on to the provider alone', async () => {
    await withSaml(async ({ get }) => {
      const told = async (query: string): Promise<string> => {
        const { status, text } = await get(`/_saml/sloRedirect/test-idp/${query}`);
        return `${status} ${text}`;
      };
      assert.equal(await told(''), '400 Missing redirect parameter');
      assert.equal(await told('?redirect='), '400 Missing redirect parameter');
      assert.equal(await told('?redirect=nonsense'), '400 Invalid URL format');
      assert.equal(await told('?redirect=https%3A%2F%2Fevil.example%2Fslo'), '403 Unauthorized redirect origin');
      assert.equal(
        await told('?redirect=https%3A%2F%2Fidp.example%40evil.example%2Fslo'),
        '403 Unauthorized redirect origin',
      );
      assert.equal(await told('?redirect=javascript%3Aalert(1)'), '403 Unauthorized redirect origin');
      assert.equal(await told('?redirect=https%3A%2F%2Fidp.example%2Fother'), '403 Unauthorized redirect path');
    });
    await withSaml(
      async ({ get }) => {
        const { status, text } = await get('/_saml/sloRedirect/test-idp/?redirect=x');
        assert.deepEqual([status, text], [500, 'SLO redirect not configured']);
      },
      { [samlSetting('_idp_slo_redirect_url')]: '' },
    );
  });
});

function twoNodes(backend: string, make: () => Promise<SharedGround>) {
  describe(`SAML on two nodes over one ${backend} store`, () => {
    it('takes a response on either node, and on one only', async () => {
      const ground = await make();
      const clock = handClock();
      const env = { [samlSetting('_allow_idp_initiated')]: 'true' };
      const [one, two] = [
        await openSamlPlace({ open: ground.open, clock, env }),
        await openSamlPlace({ open: ground.open, clock, env }),
      ];
      try {
        const asked = honest(await one.claims(), idp);
        const uninvited = honest(await one.claims({ requestId: undefined }), idp);
        for (const xml of [asked, uninvited]) {
          const came = await Promise.all([one, two, one, two].map(async (node) => await node.post(xml)));
          const [token, ...others] = came.flatMap(({ token: kept }) => kept ?? []);
          assert.equal(others.length, 0);
          assert.equal((await two.logIn(token)).status, 200);
          assert.equal((await one.logIn(token)).status, 401);
        }
      } finally {
        await one.close();
        await two.close();
        ground.end();
      }
    });
  });
}

onSharedStores(twoNodes);
