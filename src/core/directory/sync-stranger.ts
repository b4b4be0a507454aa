import { type Account, administratorRole } from '../account/account.ts';
import type { Identity, KeptIdentity } from '../external-login/identity.ts';
import { moreThanOrdinary, type Ordinary } from '../external-login/ordinary.ts';
import { settle } from '../external-login/settle.ts';
import type { SettleNeeds } from '../external-login/settle-needs.ts';
import { Fault } from '../fault.ts';
import { isQuiteAnother } from './another-person.ts';
import type { Entry } from './directory.ts';
import { directoryProvider } from './entry-identity.ts';
import { copyFields } from './sync-fields.ts';
import type { Run } from './sync-run.ts';
import type { Sight } from './sync-store.ts';

/** An entry that is left alone, and why: a word for the report. */
export class Skipped extends Error {
  readonly because: string;
  constructor(because: string) {
    super(because);
    this.because = because;
  }
}

/** See `isQuiteAnother`, for one run. */
export function isOther(
  { options }: Run,
  told: Identity,
  known: { readonly identity: KeptIdentity; readonly account: Account },
): { readonly held: boolean } {
  return isQuiteAnother(told, known, { acceptsNewEntries: options.acceptsNewEntries === true });
}

/**
 * Somebody whom nobody knew here when their page was read: makes an account, or joins one as far as the settings and
 * `mustBeOrdinary` let it.
 * @returns what to mark; undefined for nobody
 * @throws Skipped, Fault
 */
export async function takeStranger(run: Run, entry: Entry, identity: Identity): Promise<Sight | undefined> {
  const { needs, policy, tally, options } = run;
  const { settling } = needs;
  let outcome: 'created' | 'updated' | undefined;
  const counting: SettleNeeds = {
    ...settling,
    accounts: {
      find: needs.accounts.find,
      edit: async (...change) => (options.dryRun === true ? 'done' : await needs.accounts.edit(...change)),
    },
    identities: {
      find: async (provider, subject) => {
        const known = await needs.identities.find(provider, subject);
        // They came meanwhile: by themselves, or with another entry of this run.
        if (known !== undefined && isOther(run, identity, known).held) {
          throw new Skipped('another-person-with-the-same-id');
        }
        return known;
      },
      use: async () => {
        await Promise.resolve();
      },
      link: async (joining, accountId, onlyWhile, ...rest) => {
        if (run.joining.has(accountId)) throw new Skipped('account-of-another-entry');
        run.joining.add(accountId);
        try {
          const ordinary = ordinaryFor(run, identity);
          await mustBeOrdinary(run, ordinary, accountId);
          const still = { ...onlyWhile, ordinary };
          const done =
            options.dryRun === true
              ? 'linked'
              : await needs.identities.link({ ...joining, unused: true }, accountId, still, ...rest);
          if (done === 'linked') outcome = 'updated';
          return done;
        } finally {
          // From here on the store tells.
          if (options.dryRun !== true) run.joining.delete(accountId);
        }
      },
      addAccount: async (account, joining, audit) => {
        const done =
          options.dryRun === true
            ? 'added'
            : await needs.identities.addAccount(account, { ...joining, unused: true }, audit);
        if (done === 'added') outcome = 'created';
        return done;
      },
    },
    policy: () => ({ ...settling.policy(), mayCreate: policy.imports }),
    // Thousands may come at once: neither their domains are asked for, nor is a mail sent about each.
    creating: { ...settling.creating, asksDomains: () => false },
    tellApprovers: async () => {
      await Promise.resolve();
    },
  };
  try {
    const account = await settle(counting, identity, options.caller);
    const now = await copyFields(needs, policy.customFields, entry, account, options);
    if (policy.pictures !== undefined) run.pictures.push({ dn: entry.dn, account: now });
    run.marks?.alive.add(account.id);
    if (outcome === undefined) tally.unchanged += 1;
    else tally[outcome] += 1;
  } catch (cause) {
    // Whom nobody wants to be made is not worth a word each time.
    if (cause instanceof Fault && cause.code === 'external-registration-closed') return undefined;
    throw cause;
  }
  return { subject: identity.subject, shut: false, facts: undefined };
}

/**
 * An account that is joined for its username alone, while nobody shows a password or a factor, must be no more than a new
 * one would be: whoever may name an entry of the directory would come to whatever it may do.
 */
function ordinaryFor({ needs }: Run, { emails }: Identity): Ordinary {
  return {
    roles: needs.settling.policy().roles.filter((role) => role !== administratorRole),
    codesTo: emails.map(({ address }) => address),
  };
}

/**
 * Tells why an account is not joined; the store looks again in the step that joins.
 * @throws Skipped
 */
async function mustBeOrdinary({ needs }: Run, ordinary: Ordinary, accountId: string): Promise<void> {
  const account = await needs.accounts.find({ by: 'id', value: accountId });
  // The store says what has become of it.
  if (account === undefined) return;
  const because = moreThanOrdinary(account, ordinary);
  if (because !== undefined) throw new Skipped(because);
  const identities = await needs.identities.ofAccount(accountId);
  if (identities.some(({ provider }) => provider === directoryProvider)) throw new Skipped('account-of-another-entry');
}
