import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type RunningServer, startServer } from '../server.ts';
import { play } from './play.ts';
import { type Release, releases, type Scenario, scenarios } from './recording.ts';
import { adapt, isAmbiguous, notPlayed, type Person, type Played, ruleNames } from './rules.ts';
import { openStage } from './stage.ts';

const least = 40;
/** These two last 50 s, so that they are played on a clock moved by hand. */
const aboutTime: ReadonlySet<string> = new Set(['heartbeat-answered', 'heartbeat-with-traffic']);

const limits = {
  OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false',
  // The scenarios fail often from one address; what counts failures is tested elsewhere.
  OVERWRITE_SETTING_Block_Multiple_Failed_Logins_Enabled: 'false',
};

/** Meteor 3's default, and one of ours to choose. */
const ambiguous = { OVERWRITE_SETTING_Accounts_Ambiguous_Login_Errors: 'something-went-wrong' };

interface Signed {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

async function post(path: string, { url, headers }: Signed, body: unknown): Promise<Readonly<Record<string, unknown>>> {
  const response = await fetch(`${url}/api/v1/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as Readonly<Record<string, unknown>>;
  assert.equal(response.status, 200, `${path}: ${JSON.stringify(answer)}`);
  return answer;
}

async function asAdministrator({ url, administrator }: RunningServer): Promise<Signed> {
  const { username, password } = administrator;
  const { data } = await post('login', { url, headers: {} }, { user: username, password });
  const { authToken, userId } = data as { authToken: string; userId: string };
  return { url, headers: { 'x-auth-token': authToken, 'x-user-id': userId } };
}

/** Some need what only a test can put in, and are played in this process, over a socket as well. */
function needsStage({ name, events }: Scenario): boolean {
  if (aboutTime.has(name) || name === 'login-user-without-password' || name === 'resetPassword') return true;
  return JSON.stringify(events).includes('meteor_accounts_loginServiceConfiguration');
}

async function onStage(scenario: Scenario, release: Release): Promise<Played> {
  const played = adapt(scenario, release, '');
  const stage = await openStage(played.people, isAmbiguous(scenario, release) ? ambiguous : {});
  try {
    const at = aboutTime.has(scenario.name) ? { at: stage.moveTo } : {};
    await play(played.events, { url: stage.url, mailToken: stage.mailToken, ...at });
  } finally {
    await stage.close();
  }
  return played;
}

async function make({ username, email, password, closed }: Person, by: Signed): Promise<void> {
  const { user } = await post('users.create', by, { username, email, password, name: username });
  const { _id: userId } = user as { _id: string };
  if (closed) await post('users.setActiveStatus', by, { userId, activeStatus: false });
}

describe('the conversations recorded from real Meteor servers', () => {
  let servers: readonly RunningServer[] = [];
  const administrators: Signed[] = [];
  const compared = new Set<string>();
  const used = new Set<string>();

  const onServer = async (scenario: Scenario, release: Release, suffix: string): Promise<Played> => {
    const by = administrators[isAmbiguous(scenario, release) ? 1 : 0];
    assert.ok(by !== undefined);
    const played = adapt(scenario, release, suffix);
    await Promise.all(played.people.map(async (person) => await make(person, by)));
    await play(played.events, { url: by.url.replace('http', 'ws') });
    return played;
  };

  before(async () => {
    servers = await Promise.all([startServer({ env: limits }), startServer({ env: { ...limits, ...ambiguous } })]);
    for (const server of servers) administrators.push(await asAdministrator(server));
  });

  after(async () => {
    await Promise.all(servers.map(async (server) => await server.dispose()));
  });

  describe('are had again', { concurrency: 8 }, () => {
    for (const [number, scenario] of scenarios.entries()) {
      const { group, name } = scenario;
      if (name in notPlayed) continue;
      for (const release of releases) {
        it(`${group}: ${name}, as ${release}`, async () => {
          const played = needsStage(scenario)
            ? await onStage(scenario, release)
            : await onServer(scenario, release, `.${number}.${release}`);
          compared.add(name);
          for (const rule of played.rules) used.add(rule);
        });
      }
    }
  });

  it('are left out only where it is said why', () => {
    const names = scenarios.map(({ name }) => name);
    for (const name of [...Object.keys(notPlayed), ...aboutTime]) assert.ok(names.includes(name), name);
    assert.ok(compared.size >= least, `only ${compared.size} scenarios were compared`);
  });

  it('are changed by no rule that changes nothing', () => {
    assert.deepEqual(
      ruleNames.filter((name) => !used.has(name)),
      [],
    );
  });
});
