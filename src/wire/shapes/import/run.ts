import { setImmediate as turn } from 'node:timers/promises';
import type { App } from '../../../app.ts';
import { foldName } from '../../../core/account/names.ts';
import type { SiteOutcome } from '../../../core/administration/bring-in-site.ts';
import { Digests } from '../../../core/administration/digests.ts';
import type { Newcomer } from '../../../core/administration/newcomer.ts';
import type { Caller } from '../../../core/ports.ts';
import { namesSecretsPlace } from '../../../core/setting/tied-secrets.ts';
import type { Dialect, Kind } from './dialect.ts';
import { documentsOf, nameOf, type Source } from './documents.ts';
import { type Bounds, BrokenFile } from './found.ts';
import type { Report, ReportLine } from './report.ts';
import { type Document, idOf } from './value.ts';

/** What brings in whom and what a file tells of. */
export type Mover = Pick<
  App['moving'],
  'arrivals' | 'bringInRole' | 'bringInPermission' | 'bringInSetting' | 'bringInApplication'
>;

export interface ImportRun {
  /** Of a trial, where it is a dry run. */
  readonly mover: Mover;
  readonly dialect: Dialect;
  readonly sources: readonly Source[];
  readonly dryRun: boolean;
  /** What the audit calls it. */
  readonly source: string;
  readonly caller: Caller;
  readonly report: Report;
  /** Hears how far it is, from 0 to 1. */
  readonly hear: (share: number) => void;
  /** So many are written in one step, at most: few where sign-ins go on in the same process. */
  readonly batchSize?: number;
  /** How large a document may be, where that is less than usual. */
  readonly bounds?: Bounds;
  /** The database that is meant, of files that hold several. */
  readonly database?: string | undefined;
  /** Ends the run between two documents: its reason is thrown. */
  readonly signal?: AbortSignal;
}

/** So many are written in one step: few enough that a server beside it waits for a moment only. */
const usualBatch = 200;
/** So many bytes of documents wait for their step, at most: people who come with much wait for fewer others. */
const batchBytes = 4 * 1_048_576;
/** A server has hundreds of settings and permissions, and tens of roles, and they are held until all are known. */
const mostOfSite = { documents: 20_000, bytes: 32 * 1_048_576, bytesOfOne: 1_048_576 };

/** After so many documents others come first: a chunk of a file may hold ninety thousand. */
const turnEvery = 100;

/** The site is read first, and who has shown that an address is theirs; then the people. */
type Round = 'first' | 'second';

const wantedIn: Readonly<Record<Round, ReadonlySet<Kind>>> = {
  first: new Set(['setting', 'provider', 'role', 'assignment', 'permission', 'application', 'picture', 'account']),
  second: new Set(['account']),
};

type Site = { readonly [K in Exclude<Kind, 'account' | 'assignment' | 'picture'>]: Document[] };

/**
 * Brings in what the files hold: first what holds for the whole server, since accounts name its roles, then the
 * accounts, some at a time. Files are read twice for it, and never held.
 * @returns sentences about files that could not be read to their end
 */
export async function runImport(run: ImportRun): Promise<readonly string[]> {
  const broken: string[] = [];
  const site: Site = { setting: [], provider: [], role: [], permission: [], application: [] };
  let held = { documents: 0, bytes: 0 };
  const verified = new Digests();
  await eachDocument(run, 'first', broken, (kind, document, bytes) => {
    const skip = (reason: string): void => {
      const findings = [{ level: 'skipped', reason }] as const;
      run.report.add([{ kind, id: (idOf(document) ?? '').slice(0, 200), outcome: 'skipped', findings }]);
    };
    if (kind === 'account') {
      for (const email of run.dialect.account(document).newcomer?.emails ?? []) {
        if (email.verified) verified.add('address', foldName(email.address));
      }
      return;
    }
    if (kind === 'picture') {
      run.report.addPicture();
    } else if (kind === 'assignment') {
      if (run.dialect.assign?.(document).held === false) skip('too-many');
    } else if (bytes > mostOfSite.bytesOfOne) skip('too-large');
    else if (held.documents >= mostOfSite.documents || held.bytes + bytes > mostOfSite.bytes) skip('too-many');
    else {
      held = { documents: held.documents + 1, bytes: held.bytes + bytes };
      site[kind].push(document);
    }
  });
  await bringInSite(run, site);
  const arrivals = await run.mover.arrivals({ dryRun: run.dryRun, source: run.source, verified }, run.caller);
  let batch: { newcomer: Newcomer; findings: ReportLine['findings'] }[] = [];
  let waiting = 0;
  const { batchSize = usualBatch } = run;
  const flush = async (): Promise<void> => {
    const people = batch;
    batch = [];
    waiting = 0;
    if (people.length === 0) return;
    const outcomes = await arrivals.bringIn(people.map(({ newcomer }) => newcomer));
    run.report.add(
      outcomes.map(({ id, username, outcome, findings }, at) => {
        const all = outcome === 'already-there' ? [] : [...(people[at]?.findings ?? []), ...findings];
        return { kind: 'account', id, username, outcome, findings: all };
      }),
    );
    run.report.addTokens(outcomes.reduce((sum, { tokens }) => sum + tokens, 0));
  };
  await eachDocument(run, 'second', broken, async (_kind, document, bytes) => {
    const { newcomer, findings, ...rest } = run.dialect.account(document);
    if (newcomer === undefined) {
      const id = 'id' in rest ? (rest.id ?? '') : '';
      run.report.add([{ kind: 'account', id, outcome: 'skipped', findings }]);
      return;
    }
    batch.push({ newcomer, findings });
    waiting += bytes;
    if (batch.length >= batchSize || waiting >= batchBytes) await flush();
  });
  await flush();
  await arrivals.end();
  return [...new Set(broken)];
}

async function bringInSite({ mover, dialect, source, caller, report }: ImportRun, site: Site): Promise<void> {
  const how = { source };
  const unreadable = (document: Document): SiteOutcome => ({
    // An export of our own has its ids without the line before them.
    id: idOf(document) ?? idOf({ _id: document['id'] }) ?? '',
    outcome: 'skipped',
    findings: [{ level: 'skipped', reason: typeof document['sealed'] === 'string' ? 'other-key' : 'wrong-type' }],
  });
  const add = (kind: Kind, { id, outcome, findings }: SiteOutcome): void => {
    report.add([{ kind, id: id.slice(0, 200), outcome, findings }]);
  };
  // A change of the place that a secret is sent to makes the server forget the secret: so the place comes first.
  const namesPlace = ({ id, _id }: Document): boolean => {
    const named = typeof _id === 'string' ? _id : id;
    return typeof named === 'string' && namesSecretsPlace(named).held;
  };
  const [places, others] = [site.setting.filter(namesPlace), site.setting.filter((one) => !namesPlace(one))];
  for (const document of [...places, ...others]) {
    const setting = dialect.setting(document);
    if (setting === 'unchanged') continue;
    add('setting', setting === undefined ? unreadable(document) : await mover.bringInSetting(setting, how, caller));
  }
  for (const document of site.provider) {
    const settings = dialect.provider?.(document);
    const { service } = document;
    const name = typeof service === 'string' ? service : (idOf(document) ?? '');
    const outcome = (what: SiteOutcome['outcome'], reason?: string): void => {
      const findings = reason === undefined ? [] : [{ level: 'skipped', reason } as const];
      add('provider', { id: name, outcome: what, findings });
    };
    // Rocket.Chat makes these documents of its settings, which say more.
    if (site.setting.length > 0) outcome('already-there');
    else if (settings === undefined) outcome('skipped', 'set-up-anew');
    else for (const one of settings) add('setting', await mover.bringInSetting(one, how, caller));
  }
  for (const document of site.role) {
    const role = dialect.role(document);
    add('role', role === undefined ? unreadable(document) : await mover.bringInRole(role, how, caller));
  }
  for (const document of site.permission) {
    const permission = dialect.permission(document);
    add(
      'permission',
      permission === undefined ? unreadable(document) : await mover.bringInPermission(permission, how, caller),
    );
  }
  for (const document of site.application) {
    const application = dialect.application?.(document);
    add(
      'application',
      application === undefined ? unreadable(document) : await mover.bringInApplication(application, how, caller),
    );
  }
}

async function eachDocument(
  run: ImportRun,
  round: Round,
  broken: string[],
  act: (kind: Kind, document: Document, bytes: number) => Promise<void> | void,
): Promise<void> {
  const { dialect, sources, report, hear, signal, bounds, database } = run;
  const wanted = wantedIn[round];
  const whole = Math.max(
    1,
    sources.reduce((sum, { bytes }) => sum + bytes, 0),
  );
  // Writing takes by far the longer.
  const [before, share] = round === 'first' ? [0, 0.1] : [0.1, 0.9];
  let read = 0;
  let seen = 0;
  const onBytes = (bytes: number): void => {
    signal?.throwIfAborted();
    read += bytes;
    hear(before + (share * read) / whole);
  };
  for (const source of sources) {
    let last: Document | undefined;
    let ofUse = 0;
    try {
      for await (const found of documentsOf(source, dialect, wanted, { onBytes, bounds, database })) {
        seen += 1;
        if (seen % turnEvery === 0) await turn();
        signal?.throwIfAborted();
        if ('unreadable' in found) {
          ofUse += 1;
          const kind = dialect.kindOf(found.collection) ?? 'account';
          // Where the collection does not tell, both rounds come by.
          if ((round === 'second') === (kind === 'account')) {
            report.add([unreadableLine(kind, source, found.unreadable)]);
          }
          continue;
        }
        const opening = last === undefined ? dialect.opening?.(found.document) : undefined;
        if (opening?.refused !== undefined) throw new BrokenFile(opening.refused);
        last = found.document;
        if (opening !== undefined) continue;
        const kind = dialect.kindOf(found.collection) ?? dialect.kindIn(found.document);
        if (kind === undefined || !wanted.has(kind)) continue;
        ofUse += 1;
        await act(kind, found.document, found.bytes);
      }
      const missing = last === undefined ? undefined : dialect.missing?.(last);
      if (missing !== undefined) throw new BrokenFile(missing);
      if (ofUse === 0 && round === 'first' && dialect.nothing !== undefined) throw new BrokenFile(dialect.nothing);
    } catch (cause) {
      if (!(cause instanceof BrokenFile)) throw cause;
      broken.push(`${nameOf(source)}: ${cause.message}`);
    }
  }
}

function unreadableLine(kind: Kind, source: Source, value: string): ReportLine {
  const findings = [{ level: 'skipped', reason: 'unreadable', value: `${nameOf(source)}: ${value}` }] as const;
  return { kind, id: '', outcome: 'skipped', findings };
}
