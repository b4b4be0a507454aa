// "Test this" for providers: what is told of a set-up that is whole, half, wrong, or out of reach.
import assert from 'node:assert/strict';
import { createServer as createPlainServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import type { SetupStep } from '../src/core/external-login/setup.ts';
import { type Outbound, outboundOver } from '../src/lib/outbound.ts';
import { openCasServer } from './cas-server.ts';
import { keyPair } from './certificate.ts';
import type { Stub } from './oauth-stub.ts';
import { openOpenIdIdp } from './openid-idp.ts';
import {
  openAppleStub,
  openFacebookStub,
  openGithubStub,
  openGoogleStub,
  openLinkedinStub,
  openMeteorStub,
} from './provider-stubs.ts';
import { openSamlIdp } from './saml-idp.ts';
import { openShapedStub, type ShapedStub, shapedStubs } from './shaped-stubs.ts';
import { openTwitterStub } from './twitter-stub.ts';
import { handClock, openWorld, type World } from './world.ts';

type Environment = Readonly<Record<string, string>>;

/** What a test is told, by the name of the step. */
class Told {
  readonly steps: readonly SetupStep[];

  constructor(steps: readonly SetupStep[]) {
    this.steps = steps;
  }

  get names(): readonly string[] {
    return this.steps.map(({ step }) => step);
  }

  get failed(): readonly string[] {
    return this.steps.flatMap(({ step, held }) => (held ? [] : [step]));
  }

  of(name: string): string {
    return (
      this.steps.find(({ step }) => step === name)?.told ?? assert.fail(`no step ${name} among ${this.names.join()}`)
    );
  }
}

async function within(env: Environment, act: (world: World) => Promise<void>, outbound?: Outbound): Promise<void> {
  const given = Object.fromEntries(
    Object.entries(env).map(([id, value]) => [id.startsWith('OVERWRITE') ? id : `OVERWRITE_SETTING_${id}`, value]),
  );
  const real = outboundOver();
  const quick: Outbound = async (asked) => await real({ ...asked, timeoutMs: 1_000 });
  const world = await openWorld({ env: given, clock: handClock(Date.now()), outbound: outbound ?? quick });
  try {
    await world.add('root', { roles: ['admin'] });
    await act(world);
  } finally {
    await world.close();
  }
}

async function examined(env: Environment, service: string, outbound?: Outbound): Promise<Told> {
  let told: Told | undefined;
  await within(
    env,
    async (world) => {
      told = new Told(await world.app.setup.examine(await world.signIn('root'), service));
    },
    outbound,
  );
  return told ?? assert.fail('nothing was told');
}

const stubs: Readonly<Record<string, () => Promise<Stub>>> = {
  'apple': openAppleStub,
  'facebook': openFacebookStub,
  'github': openGithubStub,
  'google': openGoogleStub,
  'linkedin': openLinkedinStub,
  'meteor-developer': openMeteorStub,
  'twitter': openTwitterStub,
  ...Object.fromEntries(
    ['gitlab', 'nextcloud', 'wordpress', 'drupal', 'githubEnterprise', 'dolphin'].map((key) => [
      key,
      async () => await openShapedStub(shapedStubs[key] as ShapedStub),
    ]),
  ),
};

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}

describe('the set-up of a service that is built in', () => {
  for (const [name, open] of Object.entries(stubs)) {
    it(`holds for ${name}, and tells no secret`, async () => {
      const stub = await open();
      try {
        const told = await examined(stub.settings, stub.service);
        assert.deepEqual(told.failed, [], JSON.stringify(told.steps));
        assert.deepEqual(told.names.slice(0, 3), ['on', 'client', 'callback']);
        assert.ok(told.names.includes('authorize') && told.names.includes('token'), told.names.join());
        assert.match(told.of('secret'), /^The provider (?:takes|refused a code)/u);
        assert.ok(told.of('callback').includes(`http://localhost:3000/_oauth/${stub.service}`));
        assert.ok(told.of('callback').includes(`http://localhost:3000/oauth/${stub.service}/callback`));
        const text = JSON.stringify(told.steps);
        for (const secret of stub.secrets) assert.ok(!text.includes(secret));
      } finally {
        await stub.close();
      }
    });
  }

  it('says that a secret is wrong', async () => {
    const stub = await openGithubStub();
    try {
      const told = await examined({ ...stub.settings, [stub.secretSetting]: 'not-the-secret' }, 'github');
      assert.deepEqual(told.failed, ['secret']);
      assert.match(told.of('secret'), /does not take the id or the secret/u);
    } finally {
      await stub.close();
    }
  });

  it('says what is missing, reaches what is there, and shows no half of a secret', async () => {
    const stub = await openGithubStub();
    try {
      const told = await examined(
        { ...stub.settings, Accounts_OAuth_Github: 'false', Accounts_OAuth_Github_id: '' },
        'github',
      );
      assert.deepEqual(told.failed, ['on', 'client']);
      assert.equal(told.of('client'), 'Not set: Accounts_OAuth_Github_id.');
      assert.ok(told.names.includes('identity') && !told.names.includes('secret'));
    } finally {
      await stub.close();
    }
  });

  it('tries a service that is switched off as well, and switches nothing on', async () => {
    const stub = await openGithubStub();
    try {
      await within({ ...stub.settings, Accounts_OAuth_Github: 'false' }, async (world) => {
        const told = new Told(await world.app.setup.examine(await world.signIn('root'), 'github'));
        assert.deepEqual(told.failed, ['on']);
        assert.match(told.of('secret'), /takes the id and the secret/u);
        assert.equal(world.app.external.providers.find('github'), undefined);
      });
    } finally {
      await stub.close();
    }
  });

  it('says in words why nothing answers', async () => {
    const pair = keyPair();
    const strange = createTlsServer({ key: pair.key, cert: pair.certificate });
    const plain = createPlainServer((_request, response) => response.end('{}'));
    const ports = [await listening(strange), await listening(plain)];
    const closed = createPlainServer();
    const gone = await listening(closed);
    closed.close();
    try {
      const told = await examined(
        {
          Accounts_OAuth_Github: 'true',
          Accounts_OAuth_Github_id: 'x',
          Accounts_OAuth_Github_secret: 'y',
          Accounts_OAuth_Github_authorize_url: `https://127.0.0.1:${ports[0]}/a`,
          Accounts_OAuth_Github_token_url: `http://127.0.0.1:${gone}/t?key=hidden`,
          Accounts_OAuth_Github_identity_url: `https://127.0.0.1:${ports[1]}/user`,
        },
        'github',
      );
      assert.deepEqual(told.failed, ['authorize', 'token', 'identity']);
      assert.match(told.of('authorize'), /certificate.*\(TLS\)/u);
      assert.equal(told.of('token'), `http://127.0.0.1:${gone}/t: Its server takes no connections at this port.`);
      assert.match(told.of('identity'), /does not speak TLS/u);
    } finally {
      strange.close();
      plain.closeAllConnections();
      plain.close();
    }
  });

  it('says that a name is not known', async () => {
    const unknown = outboundOver({
      lookup: (name, _options, callback) => {
        callback(Object.assign(new Error(`ENOTFOUND ${name}`), { code: 'ENOTFOUND' }), '', 0);
      },
    });
    const told = await examined(
      { Accounts_OAuth_Drupal: 'true', API_Drupal_URL: 'https://cms.example' },
      'drupal',
      unknown,
    );
    assert.deepEqual(told.failed, ['client', 'authorize', 'token', 'identity']);
    assert.match(told.of('identity'), /^https:\/\/cms\.example\/oauth2\/UserInfo: .*\(DNS\)\.$/u);
  });
});

describe('the set-up of a service whose server is one’s own', () => {
  it('says that its address is missing, and asks nobody', async () => {
    const nobody: Outbound = async ({ url }) => await Promise.reject(new Error(`asked ${url}`));
    for (const service of ['drupal', 'nextcloud', 'wordpress', 'dolphin', 'github_enterprise']) {
      assert.deepEqual((await examined({}, service, nobody)).failed, ['on', 'client', 'addresses'], service);
    }
  });
});

describe('the set-up of a custom service', () => {
  const redirect = 'http://localhost:3000/_oauth/ours';
  const ours = (settings: Environment): Environment =>
    Object.fromEntries(
      Object.entries(settings).map(([key, value]) => [
        `Accounts_OAuth_Custom-Ours${key === '' ? '' : `-${key}`}`,
        value,
      ]),
    );

  it('holds with a discovered provider, and tells the wrong secret and the wrong issuer', async () => {
    const idp = await openOpenIdIdp([redirect]);
    const whole = { '': 'true', 'issuer': idp.issuer, 'id': idp.basic.id, 'secret': idp.basic.secret };
    const set = { ...whole, token_sent_via: 'header' };
    try {
      const told = await examined(ours(set), 'ours');
      assert.deepEqual(told.failed, [], JSON.stringify(told.steps));
      const names = ['on', 'client', 'callback', 'discovery', 'authorize', 'token', 'identity', 'keys', 'secret'];
      assert.deepEqual(told.names, names);
      assert.match(told.of('keys'), /: 1 public keys\.$/u);
      assert.match(told.of('secret'), /takes the id and the secret/u);

      const wrong = await examined(ours({ ...set, secret: 'another' }), 'ours');
      assert.deepEqual(wrong.failed, ['secret']);

      const misnamed = await examined(ours({ ...set, issuer: idp.issuer.replace('127.0.0.1', 'localhost') }), 'ours');
      assert.deepEqual(misnamed.failed, ['discovery']);
      assert.match(misnamed.of('discovery'), /calls itself by another name/u);
      assert.ok(!JSON.stringify([told, wrong, misnamed]).includes(idp.basic.secret));
    } finally {
      await idp.close();
    }
  });

  it('says that channels are mapped by nobody, and that an address is none', async () => {
    const told = await examined(ours({ '': 'true', 'url': 'not an address', 'map_channels': 'true' }), 'ours');
    assert.deepEqual(told.failed, ['client', 'channels', 'addresses']);
    assert.match(told.of('channels'), /there are no channels here/u);
  });
});

describe('the set-up of SAML, CAS, and what is not there', () => {
  it('looks at the certificate and the address of a SAML provider', async () => {
    const idp = await openSamlIdp();
    try {
      const told = await examined(idp.settings, 'saml');
      assert.deepEqual(told.failed, [], JSON.stringify(told.steps));
      assert.match(told.of('metadata'), /\/_saml\/metadata\//u);
      const old = keyPair({ from: Date.now() - 40 * 86_400_000, days: 30 });
      const over = await examined(
        {
          ...idp.settings,
          OVERWRITE_SETTING_SAML_Custom_Default_cert: old.certificate,
          OVERWRITE_SETTING_SAML_Custom_Default_entry_point: 'http://idp.example/sso',
        },
        'saml',
      );
      assert.deepEqual(over.failed, ['certificate', 'entry-point']);
      assert.match(over.of('certificate'), /^The certificate ended on /u);
      const none = await examined({}, 'saml');
      assert.deepEqual(none.failed, ['on', 'certificate', 'entry-point']);
    } finally {
      await idp.close();
    }
  });

  it('shows a CAS server a ticket that is none', async () => {
    const cas = await openCasServer();
    try {
      const told = await examined({ ...cas.settings, CAS_version: '3.0' }, 'cas');
      assert.deepEqual(told.failed, [], JSON.stringify(told.steps));
      assert.match(told.of('validate'), /refused a ticket/u);
      cas.answer = { status: 404, text: '' };
      assert.deepEqual((await examined(cas.settings, 'cas')).failed, ['validate']);
      cas.answer = { status: 200, text: 'yes\nroot\n' };
      const mad = await examined(cas.settings, 'cas');
      assert.match(mad.of('validate'), /made up: it must not be believed/u);
      assert.deepEqual((await examined({}, 'cas')).failed, ['on', 'addresses']);
      const plain = {
        CAS_enabled: 'true',
        CAS_base_url: 'http://cas.example/cas',
        CAS_login_url: 'https://cas.example/cas/login',
        Countersign_CAS_Plain_HTTP: 'true',
      };
      const no: Outbound = async () => await Promise.resolve({ status: 200, headers: {}, text: 'no\n\n' });
      assert.deepEqual((await examined(plain, 'cas', no)).failed, ['tls']);
    } finally {
      await cas.close();
    }
  });

  it('tells of a directory that is off, and of names that nothing has', async () => {
    assert.deepEqual((await examined({}, 'ldap')).failed, ['on']);
    assert.deepEqual((await examined({}, 'constructor')).failed, ['service']);
  });
});
