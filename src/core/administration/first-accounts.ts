import { type Account, administratorRole } from '../account/account.ts';
import { type CreateNeeds, createAccount } from '../account/create.ts';
import type { AccountStore } from '../account/store.ts';
import type { AuditEntry } from '../audit-entry.ts';
import { Fault } from '../fault.ts';

export interface FirstAccountsNeeds extends CreateNeeds {
  readonly accounts: Pick<AccountStore, 'add' | 'administratorThere' | 'find'>;
}

export interface AskedAdministrator {
  readonly username: string;
  /** Undefined: a random one is made. */
  readonly password: string | undefined;
  readonly name: string;
  readonly email: string | undefined;
  readonly emailVerified: boolean;
}

/** The house bot that Rocket.Chat's clients expect to find; nobody can sign in as it. */
const bot = { username: 'rocket.cat', name: 'Rocket.Cat' };

/**
 * Makes the administrator while there is no open one, and the house bot (design §4). Of several nodes that start at
 * once, one makes them.
 * @param say hears of what was asked and could not be done, as a sentence for the operator
 * @returns the administrator who was made, with the password where it was made up; undefined where there was one
 */
export async function makeFirstAccounts(
  needs: FirstAccountsNeeds,
  asked: AskedAdministrator,
  say: (sentence: string) => void,
): Promise<{ readonly account: Account; readonly madeUpPassword: string | undefined } | undefined> {
  const made = await makeAdministrator(needs, asked, say);
  if ((await needs.accounts.find({ by: 'username', value: bot.username })) === undefined) {
    await unlessTaken(async () => {
      await createAccount(
        needs,
        { ...bot, email: undefined, password: undefined, roles: ['bot'], kind: 'bot', byServer: true },
        (accountId) => entry(needs, accountId, bot.username),
      );
    });
  }
  return made;
}

async function makeAdministrator(
  needs: FirstAccountsNeeds,
  asked: AskedAdministrator,
  say: (sentence: string) => void,
): Promise<{ account: Account; madeUpPassword: string | undefined } | undefined> {
  if ((await needs.accounts.administratorThere()).held) return undefined;
  const madeUpPassword = asked.password === undefined ? needs.random.token().slice(0, 24) : undefined;
  const base = {
    name: asked.name,
    password: asked.password ?? madeUpPassword,
    roles: [administratorRole],
    byServer: true,
  };
  const address = asked.email === undefined ? undefined : { address: asked.email, verified: asked.emailVerified };
  for (const username of [asked.username, 'admin', `admin-${needs.random.id().slice(0, 6)}`]) {
    for (const email of address === undefined ? [undefined] : [address, undefined]) {
      const outcome = await unlessTaken(
        async () =>
          await createAccount(needs, { ...base, username, email }, (accountId) => entry(needs, accountId, username)),
      );
      if ('done' in outcome) {
        if (username !== asked.username) say(`ADMIN_USERNAME cannot be used; the administrator is ${username}.`);
        if (address !== undefined && email === undefined) say('ADMIN_EMAIL cannot be used and is left out.');
        return { account: outcome.done, madeUpPassword };
      }
      if ((await needs.accounts.administratorThere()).held) return undefined;
    }
  }
  throw new Error('No administrator could be made.');
}

/** What was made, or that its name or address is taken or unfit. */
async function unlessTaken<T>(make: () => Promise<T>): Promise<{ done: T } | { refused: true }> {
  try {
    return { done: await make() };
  } catch (cause) {
    if (cause instanceof Fault && cause.code !== 'busy') return { refused: true };
    throw cause;
  }
}

function entry(needs: Pick<CreateNeeds, 'clock'>, accountId: string, username: string): AuditEntry {
  return {
    at: needs.clock.now(),
    what: 'account.add',
    outcome: 'done',
    accountId,
    actorId: undefined,
    door: 'server',
    address: '',
    userAgent: '',
    facts: { username },
  };
}
