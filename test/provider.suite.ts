import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Identity } from '../src/core/external-login/identity.ts';
import type { RedirectProvider, Returning } from '../src/core/external-login/provider.ts';
import { Fault } from '../src/core/fault.ts';
import { type Outbound, outboundOver } from '../src/lib/outbound.ts';
import type { Behaviour, Step, Stub } from './oauth-stub.ts';
import { openWorld, type World } from './world.ts';

/*
 * What every provider to which a browser is sent must do, whatever it speaks. A provider passes through it with a stub of
 * its own (`openOAuth2Stub` in oauth2-stub.ts makes one of a few lines):
 *
 *   providerSuite('github', {
 *     open: async (now) => await openGithubStub(),
 *     expected: { subject: '4711', name: 'Ada Lovelace', emails: [{ address: 'ada@example.org', asserted: true }] },
 *     steps: ['token', 'identity'],
 *   });
 *
 * `steps` names the routes of the stub (`step` of `StubRoute`) that the provider cannot do without. The stub's `settings`
 * are given to the server as `OVERWRITE_SETTING_<id>`.
 */
export interface ProviderCase {
  /** @param now the clock of the server; what the stub signs must go by it */
  readonly open: (now: () => number) => Promise<Stub>;
  /** What it must tell of `ada` (oauth-stub.ts). */
  readonly expected: Partial<Identity> & Pick<Identity, 'subject'>;
  /** Where it is asked for an identity, each of which is broken in turn. */
  readonly steps: readonly Step[];
  /** False where it cannot say that an address is the person's own. Default true. */
  readonly assertsAddresses?: boolean;
}

const redirectUri = 'http://localhost:3000/_oauth/test';

/** So long a provider may take here, in ms. */
const patienceMs = 400;

const bad: readonly Behaviour[] = [
  'with 500',
  'never',
  'too much',
  'half',
  'in HTML',
  'a redirect',
  'an error',
  'nothing',
  'compressed',
];

interface Place {
  readonly stub: Stub;
  readonly world: World;
  readonly provider: RedirectProvider;
  /** Goes to the provider as a browser does, and gives what comes back from it. */
  readonly away: (more?: { readonly nonce?: string; readonly verifier?: string }) => Promise<Returning>;
}

/** Runs the suite for one provider. */
export function providerSuite(service: string, given: ProviderCase): void {
  describe(`the provider ${service}`, () => {
    it('tells who somebody is', async () => {
      await withPlace(given, async ({ stub, provider, away }) => {
        const identity = await provider.identify(await away());
        assert.equal(identity.provider, service);
        for (const [name, value] of Object.entries(given.expected)) {
          assert.deepEqual(identity[name as keyof Identity], value, name);
        }
        assertNoSecret(stub, JSON.stringify(identity));
      });
    });

    it('keeps a nonce and a proof of the code where they are given', async () => {
      await withPlace(given, async ({ provider, away }) => {
        const nonce = 'n'.repeat(43);
        const returning = await away({ nonce, verifier: 'v'.repeat(43) });
        assert.equal((await provider.identify(returning)).subject, given.expected.subject);
      });
    });

    it('publishes what clients need, and nothing secret', async () => {
      await withPlace(given, async ({ stub, provider }) => {
        const text = JSON.stringify(provider.published);
        assertNoSecret(stub, text);
        assert.ok(!('_id' in provider.published) && !('service' in provider.published));
        const { published } = provider;
        const known = [published['clientId'], published['appId'], published['consumerKey']];
        assert.equal(known.filter((id) => typeof id === 'string' && id !== '').length, 1);
      });
    });

    it('asserts no address of which the provider does not say that it is the person’s own', async () => {
      await withPlace(given, async ({ stub, provider, away }) => {
        stub.signsIn({ id: '4712', name: 'Eve', username: 'eve', email: 'ada@example.org', verified: false });
        const { emails, subject } = await provider.identify(await away());
        assert.equal(subject, '4712');
        const isAsserted = emails.some(({ asserted }) => asserted);
        assert.ok(!isAsserted || given.assertsAddresses === false, JSON.stringify(emails));
      });
    });

    it('takes a code once', async () => {
      await withPlace(given, async ({ stub, provider, away }) => {
        const returning = await away();
        await provider.identify(returning);
        await isRefused(stub, provider.identify(returning));
      });
    });

    it('refuses codes that nobody gave, none at all, and the person who said no', async () => {
      await withPlace(given, async ({ stub, provider, away }) => {
        const returning = await away();
        const { state: _state, ...left } = returning.params;
        const made = Object.fromEntries(Object.keys(left).map((name) => [name, 'made-up']));
        await isRefused(stub, provider.identify({ ...returning, params: made }));
        await isRefused(stub, provider.identify({ ...returning, params: {} }));
        await isRefused(stub, provider.identify({ ...returning, params: { error: 'access_denied' } }));
        await isRefused(stub, provider.identify({ ...returning, params: { error: '<script>', code: 'x' } }));
      });
    });

    it('is refused by the provider with another secret', async () => {
      await withPlace(given, async ({ stub }) => {
        const settings = { ...stub.settings, [stub.secretSetting]: await anotherSecret(stub) };
        await withWorld(settings, async (world) => {
          const provider = world.app.external.providers.find(stub.service);
          assert.ok(provider !== undefined);
          await isRefused(
            stub,
            awayWith(stub, provider).then(async (back) => await provider.identify(back)),
          );
        });
      });
    });

    it('does not exist while it is switched off or lacks its id or its secret', async () => {
      await withPlace(given, async ({ stub }) => {
        const own = Object.keys(stub.settings).find((id) => stub.settings[id] === 'true');
        const missing = [own, stub.secretSetting].filter((id) => id !== undefined);
        for (const id of missing) {
          const settings = { ...stub.settings, [id]: id === own ? 'false' : '' };
          await withWorld(settings, (world) => {
            assert.equal(world.app.external.providers.find(stub.service), undefined, id);
          });
        }
      });
    });

    for (const step of given.steps) {
      it(`refuses bad answers of the provider: ${step}`, async () => {
        await withPlace(given, async ({ stub, provider, away }) => {
          for (const how of bad) {
            stub.behaves(step, 'well');
            const returning = await away();
            stub.behaves(step, how);
            await isRefused(stub, provider.identify(returning), `${step} ${how}`);
          }
          stub.behaves(step, 'well');
          assert.equal((await provider.identify(await away())).subject, given.expected.subject);
        });
      });
    }

    it('is out of reach where nobody listens', async () => {
      await withPlace(given, async ({ stub, provider, away }) => {
        const returning = await away();
        await stub.close();
        await isRefused(stub, provider.identify(returning));
      });
    });
  });
}

async function withPlace(given: ProviderCase, act: (place: Place) => Promise<void>): Promise<void> {
  let now = (): number => Date.now();
  const stub = await given.open(() => now());
  try {
    await withWorld(stub.settings, async (world) => {
      now = () => world.clock.now();
      const provider = world.app.external.providers.find(stub.service);
      assert.ok(provider !== undefined, `${stub.service} is not configured`);
      assert.ok(world.app.external.providers.list().some(({ service }) => service === stub.service));
      await act({ stub, world, provider, away: async (more) => await awayWith(stub, provider, more) });
    });
  } finally {
    await stub.close().catch(() => undefined);
  }
}

async function withWorld(
  settings: Readonly<Record<string, string>>,
  act: (world: World) => Promise<void> | void,
): Promise<void> {
  const env = Object.fromEntries(Object.entries(settings).map(([id, value]) => [`OVERWRITE_SETTING_${id}`, value]));
  const real = outboundOver();
  const outbound: Outbound = async (asked) => await real({ ...asked, timeoutMs: patienceMs });
  const world = await openWorld({ env, outbound });
  try {
    await act(world);
  } finally {
    await world.close();
  }
}

async function awayWith(
  stub: Stub,
  provider: RedirectProvider,
  { nonce, verifier }: { readonly nonce?: string; readonly verifier?: string } = {},
): Promise<Returning> {
  const state = 'state of a test';
  const { address, remembered } = await provider.leave({ redirectUri, state, nonce, verifier });
  const params = await stub.authorize(address);
  assert.equal(params['state'], state);
  return { redirectUri, nonce, verifier, params, remembered };
}

/** A secret of the same form, and another one. */
async function anotherSecret(stub: Stub): Promise<string> {
  const own = stub.settings[stub.secretSetting] ?? '';
  if (!own.includes('PRIVATE KEY')) return 'another-secret';
  const { exportPKCS8, generateKeyPair } = await import('jose');
  return await exportPKCS8((await generateKeyPair('ES256', { extractable: true })).privateKey);
}

async function isRefused(stub: Stub, doing: Promise<unknown>, what?: string): Promise<void> {
  await assert.rejects(doing, (cause: unknown) => {
    assert.ok(cause instanceof Fault, `${what}: ${String(cause)}`);
    assert.match(cause.code, /^provider-(?:refused|unreachable)$/u, what);
    const told = `${cause.message} ${JSON.stringify(cause.facts)}`;
    assertNoSecret(stub, told);
    assert.doesNotMatch(told, /<|sentence of the provider/u);
    return true;
  });
}

function assertNoSecret({ secrets, settings, secretSetting }: Stub, text: string): void {
  for (const secret of [...secrets, settings[secretSetting] ?? '']) {
    assert.ok(secret === '' || !text.includes(secret), 'a secret was told');
  }
}
