import type { Account } from '../account/account.ts';
import { recordOf } from '../audit/record.ts';
import { Fault } from '../fault.ts';
import type { Caller, Clock, Random, Sealer } from '../ports.ts';
import { type Application, type AskedApplication, creatorOf, sealedSecret } from './application.ts';
import { goTogether, mayBeRegistered, mayBeTold, redirectsIn } from './rules.ts';
import type { ApplicationStore } from './store.ts';

export interface ManageNeeds {
  readonly clock: Clock;
  readonly random: Pick<Random, 'id' | 'token'>;
  readonly sealer: Pick<Sealer, 'seal'>;
  readonly applications: ApplicationStore;
}

/** Who changes applications; undefined for whoever holds the host. */
export type Manager = Pick<Account, 'id' | 'username'> | undefined;

const longestName = 256;

/**
 * Makes an application, with a client id and a secret of its own.
 * @throws Fault `application-name-invalid`, `application-redirect-invalid`
 */
export async function addApplication(
  needs: ManageNeeds,
  asked: AskedApplication,
  by: Manager,
  caller: Caller,
): Promise<Application> {
  const { clock, random, sealer } = needs;
  const now = clock.now();
  const id = random.id();
  const application: Application = {
    id,
    clientId: random.id(),
    ...mustBePossible(asked),
    sealedSecret: sealedSecret(sealer, id, random.token()),
    creator: creatorOf(by ?? { id: '', username: undefined }),
    createdAt: now,
    updatedAt: now,
  };
  await needs.applications.add(application, entryOf(needs, 'application.add', application, by, caller));
  return application;
}

/**
 * Changes an application. One that becomes inactive loses its codes and tokens.
 * @throws Fault `application-unknown`, `application-name-invalid`, `application-redirect-invalid`
 */
export async function changeApplication(
  needs: ManageNeeds,
  id: string,
  asked: AskedApplication,
  by: Manager,
  caller: Caller,
): Promise<Application> {
  const before = await mustBeKnown(needs, id);
  const change = mustBePossible(asked);
  const audit = entryOf(needs, 'application.edit', { ...before, ...change }, by, caller);
  return mustBeThere(await needs.applications.update(id, change, needs.clock.now(), audit));
}

/** Gives an application another secret; the old one is dead, and its codes and tokens have ended. @throws Fault `application-unknown` */
export async function rotateSecret(needs: ManageNeeds, id: string, by: Manager, caller: Caller): Promise<Application> {
  const before = await mustBeKnown(needs, id);
  const change = { sealedSecret: sealedSecret(needs.sealer, id, needs.random.token()) };
  const audit = entryOf(needs, 'application.new-secret', before, by, caller);
  return mustBeThere(await needs.applications.update(id, change, needs.clock.now(), audit));
}

/** Removes an application with its consents, codes and tokens. @throws Fault `application-unknown` */
export async function removeApplication(needs: ManageNeeds, id: string, by: Manager, caller: Caller): Promise<void> {
  const before = await mustBeKnown(needs, id);
  const audit = entryOf(needs, 'application.remove', before, by, caller);
  if (!(await needs.applications.remove(id, audit))) throw new Fault('application-unknown');
}

/**
 * What an application may be of what is asked.
 * @throws Fault `application-name-invalid`, `application-redirect-invalid`
 */
export function mustBePossible(
  asked: AskedApplication,
): Pick<Application, 'name' | 'active' | 'redirects' | 'options'> {
  const name = asked.name.trim();
  if (name === '' || name.length > longestName) throw new Fault('application-name-invalid');
  const redirects = redirectsIn(asked.redirects);
  const { options } = asked;
  const areGood =
    redirects !== undefined &&
    options.postLogoutRedirects.every(mayBeRegistered) &&
    (options.backChannelLogout === undefined || mayBeTold(options.backChannelLogout)) &&
    goTogether(redirects, options.postLogoutRedirects);
  if (!areGood) throw new Fault('application-redirect-invalid');
  return { name, active: asked.active, redirects, options };
}

async function mustBeKnown({ applications }: ManageNeeds, id: string): Promise<Application> {
  return mustBeThere(await applications.byId(id));
}

function mustBeThere(application: Application | undefined): Application {
  if (application === undefined) throw new Fault('application-unknown');
  return application;
}

function entryOf(
  { clock }: ManageNeeds,
  what: string,
  application: Application,
  by: Manager,
  caller: Caller,
): ReturnType<typeof recordOf> {
  return recordOf(
    what,
    { at: clock.now(), caller, actorId: by?.id, accountId: undefined },
    {
      application: application.clientId,
      name: application.name,
      active: application.active,
      redirects: application.redirects.join(' ').slice(0, 1_024),
    },
  );
}
