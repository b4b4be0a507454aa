import { type Application, creatorOf, sealedSecret, secretOf } from '../application/application.ts';
import { mustBePossible } from '../application/manage.ts';
import type { ApplicationStore } from '../application/store.ts';
import { recordOf } from '../audit/record.ts';
import { Fault } from '../fault.ts';
import type { Caller, Clock, Random, Sealer } from '../ports.ts';
import type { SiteHow, SiteOutcome } from './bring-in-site.ts';
import type { Finding } from './newcomer.ts';

export interface BringInApplicationNeeds {
  readonly clock: Clock;
  readonly random: Pick<Random, 'token'>;
  readonly sealer: Pick<Sealer, 'seal' | 'open'>;
  readonly applications: Pick<ApplicationStore, 'list' | 'add'>;
}

/** An application as a file tells of it. */
export interface NewApplication extends Omit<Application, 'sealedSecret' | 'createdAt' | 'updatedAt' | 'creator'> {
  readonly creator: { readonly id: string; readonly username: string | undefined } | undefined;
  /** Undefined where the file does not say. */
  readonly createdAt: number | undefined;
  /** In clear, or sealed with a key that may be another; undefined where there is none that can be read. */
  readonly secret: { readonly clear: string } | { readonly sealed: string } | undefined;
  /** What was left out while it was read. */
  readonly findings?: readonly Finding[];
}

/**
 * Adds an application that is not there, under its own client id. One whose secret cannot be read gets a secret that nobody
 * knows: it comes in all the same, and an administrator gives it another.
 */
export async function bringInApplication(
  needs: BringInApplicationNeeds,
  told: NewApplication,
  { source, actorId }: SiteHow,
  caller: Caller,
): Promise<SiteOutcome> {
  const { id, clientId } = told;
  const skipped = (reason: string): SiteOutcome => ({
    id,
    outcome: 'skipped',
    findings: [{ level: 'skipped', reason }],
  });
  if (!isId(id) || !isId(clientId)) return skipped('id-unfit');
  const all = await needs.applications.list();
  if (all.some((one) => one.id === id && one.clientId === clientId)) {
    return { id, outcome: 'already-there', findings: [] };
  }
  if (all.some((one) => one.id === id || one.clientId === clientId)) return skipped('id-taken');
  try {
    const { name, active, redirects, options } = mustBePossible({ ...told, redirects: told.redirects.join('\n') });
    const kept = keptSecret(needs, told);
    const isLost = kept === undefined && !options.publicClient;
    const lost: readonly Finding[] = isLost ? [{ level: 'left-out', reason: 'application-secret' }] : [];
    const findings = [...(told.findings ?? []), ...lost];
    const now = needs.clock.now();
    const application: Application = {
      id,
      clientId,
      name,
      active,
      redirects,
      options,
      sealedSecret: kept ?? sealedSecret(needs.sealer, id, needs.random.token()),
      creator: told.creator ?? creatorOf({ id: '', username: undefined }),
      createdAt: told.createdAt ?? now,
      updatedAt: now,
    };
    const who = { at: now, caller, actorId, accountId: undefined };
    await needs.applications.add(
      application,
      recordOf('application.bring-in', who, { application: clientId, name, active, source }),
    );
    return { id, outcome: 'brought-in', findings };
  } catch (cause) {
    if (cause instanceof Fault && cause.code !== 'unavailable') return skipped(cause.code);
    throw cause;
  }
}

/** The secret as it is kept here; undefined where it cannot be read. */
function keptSecret(
  { sealer }: Pick<BringInApplicationNeeds, 'sealer'>,
  { id, secret }: NewApplication,
): string | undefined {
  if (secret === undefined) return undefined;
  if ('clear' in secret) return sealedSecret(sealer, id, secret.clear);
  try {
    secretOf(sealer, { id, sealedSecret: secret.sealed });
    return secret.sealed;
  } catch {
    return undefined;
  }
}

function isId(text: string): boolean {
  return /^[A-Za-z0-9_-]{1,100}$/u.test(text);
}
