import { freshId, noon, openSample, sampleAccount, sampleAudit } from '../samples.suite.ts';
import type { OpenedStore } from '../store.ts';
import { type Application, plainOptions } from './application.ts';
import type { Code, TokenPair } from './store.ts';

export function sampleApplication(given: Partial<Application> = {}): Application {
  const id = freshId();
  return {
    id,
    clientId: `client-${id}`,
    name: `Application ${id}`,
    active: true,
    sealedSecret: 'sealed',
    redirects: ['https://a.example/cb'],
    options: plainOptions,
    creator: { id: 'somebody', username: 'somebody' },
    createdAt: noon,
    updatedAt: noon,
    ...given,
  };
}

/** An application with an open account that is signed in. */
export async function sampleGround(store: OpenedStore) {
  const account = sampleAccount();
  await store.accounts.add(account, sampleAudit(account.id));
  const application = sampleApplication();
  await store.applications.add(application, sampleAudit(undefined));
  const session = await openSample(store, account.id);
  return { account, application, session };
}

export function sampleCode({ applicationId, accountId }: Pick<Code, 'applicationId' | 'accountId'>): Code {
  const id = freshId();
  return {
    hash: `code-${id}`,
    applicationId,
    accountId,
    family: `family-${id}`,
    facts: { redirect: 'https://a.example/cb', challenge: undefined, session: 'session', permissions: ['a', 'b'] },
    endsAt: noon + 300_000,
  };
}

export function samplePair(given: Partial<TokenPair> = {}): TokenPair {
  const id = freshId();
  return {
    accessHash: `access-${id}`,
    refreshHash: `refresh-${id}`,
    createdAt: noon,
    accessEndsAt: noon + 3_600_000,
    refreshEndsAt: noon + 1_209_600_000,
    ...given,
  };
}
