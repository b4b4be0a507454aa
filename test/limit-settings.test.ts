import assert from 'node:assert/strict';
import { ServerResponse } from 'node:http';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { sampleAudit } from '../src/core/samples.suite.ts';
import { GuessLimit } from '../src/wire/openid/guess-limit.ts';
import { type RestWorld, withRest } from '../src/wire/rest/rest-world.suite.ts';
import { appOwner, bring } from './factor-owner.ts';
import { caller } from './world.ts';

const outcomeOf = async (act: Promise<unknown>): Promise<string> =>
  await act.then(
    () => 'done',
    (cause: unknown) => String((cause as { readonly code?: unknown }).code ?? cause),
  );

async function withSetting(id: string, value: number, act: (world: RestWorld) => Promise<void>): Promise<void> {
  const env = {
    [`OVERWRITE_SETTING_${id}`]: String(value),
    OVERWRITE_SETTING_Block_Multiple_Failed_Logins_Enabled: 'false',
  };
  await withRest(act, { env });
}

/** The outcome of each of so many tries in turn. */
async function often(times: number, act: () => Promise<unknown>): Promise<readonly unknown[]> {
  const outcomes: unknown[] = [];
  for (let n = 0; n < times; n += 1) outcomes.push(await act());
  return outcomes;
}

const firstThen = (first: unknown, times: number, then: unknown): readonly unknown[] => [
  ...Array.from({ length: times }, () => first),
  then,
];

describe('limits that count attempts are settings', () => {
  it('wrong codes in a row', async () => {
    await withSetting('Countersign_Wrong_Codes_In_A_Row', 10, async (world) => {
      const alice = await appOwner(world, 'alice');
      const told = await often(11, async () => await alice.logIn(bring('000000')));
      assert.deepEqual(told, firstThen('factor-wrong', 10, 'factor-attempts-spent'));
      assert.equal(await alice.logIn(bring(alice.code())), 'factor-attempts-spent');
      const { blocks } = await world.app.host.blocks({ offset: 0, count: 9 });
      assert.deepEqual(
        blocks.map(({ subject, failures }) => [subject.kind, failures]),
        [['codes', 10]],
      );
    });
  });

  it('wrong codes of a sign-in that waits', async () => {
    await withSetting('Countersign_Wrong_Codes_Of_A_Sign_In', 2, async (world) => {
      const alice = await appOwner(world, 'alice');
      const challenge = await world.app.session.beginPending(alice.account, 'github');
      const verify = async () =>
        await outcomeOf(world.app.session.verifyPending(challenge, { code: '000000', method: 'totp' }, caller()));
      assert.deepEqual(await often(3, verify), ['factor-wrong', 'factor-attempts-spent', 'challenge-unknown']);
    });
  });

  it('mails with a code', async () => {
    await withSetting('Countersign_Email_Codes_Per_Hour', 2, async (world) => {
      const account = await world.add('alice');
      await world.store.factors.setEmail(account.id, true, undefined, sampleAudit(account.id));
      const asked = (await world.store.accounts.byId(account.id)) ?? assert.fail();
      await often(4, async () => await world.app.factor.sendEmailCode(asked, caller()));
      assert.equal(world.mails.filter(({ kind }) => kind === 'authentication-code').length, 2);
    });
  });

  it('test mails', async () => {
    await withSetting('Countersign_Test_Mails', 1, async (world) => {
      const headers = await world.asAdmin();
      const send = async () =>
        (await world.call({ url: '/api/v1/mails.test', headers, body: { to: 'a@example.org' } })).status;
      const [first, second] = await often(2, send);
      assert.notEqual(first, 429);
      assert.equal(second, 429);
    });
  });

  for (const [id, url] of [
    ['Countersign_Rate_Limit_Page_Sessions', '/session/resume'],
    ['Countersign_Rate_Limit_Application_Tokens', '/oauth/token'],
    ['Countersign_Rate_Limit_Provider_Logouts', '/_oauth/github/backchannel-logout'],
  ] as const) {
    it(`calls of ${url}`, async () => {
      await withSetting(id, 10, async (world) => {
        const headers = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' };
        const send = async () => (await world.call({ method: 'POST', url, headers, body: 'a=b' })).status === 429;
        assert.deepEqual(await often(11, send), firstThen(false, 10, true));
      });
    });
  }

  it('ids of applications that there are not', async () => {
    await withSetting('Countersign_Unknown_Clients', 5, async ({ app }) => {
      const shown = { clientId: 'nobody', secret: 'x', way: 'client_secret_basic' } as const;
      const show = async () => await outcomeOf(app.application.mustBeClient(shown, caller()));
      assert.deepEqual(await often(6, show), firstThen('application-client-refused', 5, 'rate-limited'));
    });
  });

  it('wrong secrets of applications, and requests that write, at the OpenID provider', async () => {
    let tried = 0;
    const isOver = async (world: RestWorld, path: string, status: number): Promise<boolean> => {
      tried = Math.min(tried + 1, 5);
      const response = new ServerResponse({ method: 'POST' } as ConstructorParameters<typeof ServerResponse>[0]);
      const over = await new GuessLimit(world.app).isOver(response, { path, query: '' }, '203.0.113.9');
      response.statusCode = status;
      response.emit('finish');
      const wrong = async (): Promise<number> =>
        (await world.app.counts.seen('openid client 203.0.113.9', world.clock.now())).calls;
      // The answer does not wait for the count of what was wrong.
      while (status === 401 && (await wrong()) < tried) await setImmediate();
      return over;
    };
    await withSetting('Countersign_OpenID_Wrong_Client_Secrets', 5, async (world) => {
      assert.deepEqual(await often(6, async () => await isOver(world, '/token', 401)), firstThen(false, 5, true));
    });
    await withSetting('Countersign_Rate_Limit_OpenID', 100, async (world) => {
      const told = await often(101, async () => await isOver(world, '/end-session', 200));
      assert.deepEqual(told, firstThen(false, 100, true));
    });
  });
});
