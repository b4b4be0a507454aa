import { setImmediate as turn } from 'node:timers/promises';
import type { App } from '../../../app.ts';
import type { SiteOutcome } from '../../../core/administration/bring-in-site.ts';
import type { Newcomer } from '../../../core/administration/newcomer.ts';
import type { Caller } from '../../../core/ports.ts';
import type { Dialect, Kind } from './dialect.ts';
import { documentsOf, nameOf, type Source } from './documents.ts';
import { type Bounds, BrokenFile } from './found.ts';
import type { Report, ReportLine } from './report.ts';
import { type Document, idOf } from './value.ts';

/** What brings in whom and what a file tells of. */
export type Mover = Pick<App['moving'], 'arrivals' | 'bringInRole' | 'bringInPermission' | 'bringInSetting'> &
  // Who may not do everything brings in no applications.
  Partial<Pick<App['moving'], 'bringInApplication'>>;

export interface ImportRun {
  readonly mover: Mover;
  readonly dialect: Dialect;
  readonly sources: readonly Source[];
  readonly dryRun: boolean;
  /** What the audit calls it. */
  readonly source: string;
  readonly caller: Caller;
  readonly report: Report;
  /** Hears how far it is, from 0 to 1, while accounts are read. */
  readonly hear: (share: number) => void;
  /** So many are written in one step, at most: few where sign-ins go on in the same process. */
  readonly batchSize?: number;
  /** How large a document may be, where that is less than usual. */
  readonly bounds?: Bounds;
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

type Site = { readonly [K in 'role' | 'permission' | 'setting' | 'application']: Document[] };

/**
 * Brings in what the files hold: first what holds for the whole server, since accounts name its roles, then the
 * accounts, some at a time. Files are read twice for it, and never held.
 * @returns sentences about files that could not be read to their end
 */
export async function runImport(run: ImportRun): Promise<readonly string[]> {
  const broken: string[] = [];
  const site: Site = { role: [], permission: [], setting: [], application: [] };
  let held = { documents: 0, bytes: 0 };
  await eachDocument(
    run,
    new Set<Kind>(['role', 'permission', 'setting', 'application', 'other']),
    broken,
    (kind, document, bytes) => {
      const skip = (reason: string): void => {
        const findings = [{ level: 'skipped', reason }] as const;
        run.report.add([{ kind, id: (idOf(document) ?? '').slice(0, 200), outcome: 'skipped', findings }]);
      };
      // What providers are called and where they are is set up anew.
      if (kind === 'other') skip('set-up-anew');
      else if (bytes > mostOfSite.bytesOfOne) skip('too-large');
      else if (held.documents >= mostOfSite.documents || held.bytes + bytes > mostOfSite.bytes) skip('too-many');
      else if (kind !== 'account') {
        held = { documents: held.documents + 1, bytes: held.bytes + bytes };
        site[kind].push(document);
      }
    },
  );
  const rolesToCome = await bringInSite(run, site);
  const arrivals = await run.mover.arrivals({ dryRun: run.dryRun, source: run.source, rolesToCome }, run.caller);
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
  await eachDocument(run, new Set<Kind>(['account']), broken, async (_kind, document, bytes) => {
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

async function bringInSite({ mover, dialect, dryRun, source, caller, report }: ImportRun, site: Site) {
  const how = { dryRun, source };
  const rolesToCome = new Set<string>();
  const unreadable = (document: Document): SiteOutcome => ({
    // An export of our own has its ids without the line before them.
    id: idOf(document) ?? idOf({ _id: document['id'] }) ?? '',
    outcome: 'skipped',
    findings: [{ level: 'skipped', reason: typeof document['sealed'] === 'string' ? 'other-key' : 'wrong-type' }],
  });
  const add = (kind: Kind, { id, outcome, findings }: SiteOutcome): void => {
    report.add([{ kind, id: id.slice(0, 200), outcome, findings }]);
  };
  for (const document of site.setting) {
    const setting = dialect.setting(document);
    if (setting === 'unchanged') continue;
    add('setting', setting === undefined ? unreadable(document) : await mover.bringInSetting(setting, how, caller));
  }
  for (const document of site.role) {
    const role = dialect.role(document);
    const outcome = role === undefined ? unreadable(document) : await mover.bringInRole(role, how, caller);
    add('role', outcome);
    if (outcome.outcome === 'brought-in' && role?.scope === 'Users') rolesToCome.add(role.id);
  }
  for (const document of site.permission) {
    const permission = dialect.permission(document);
    add(
      'permission',
      permission === undefined
        ? unreadable(document)
        : await mover.bringInPermission(permission, { ...how, rolesToCome }, caller),
    );
  }
  for (const document of site.application) {
    const application = dialect.application?.(document);
    const outcome = application && (await mover.bringInApplication?.(application, how, caller));
    add('application', outcome ?? unreadable(document));
  }
  return rolesToCome;
}

async function eachDocument(
  run: ImportRun,
  wanted: ReadonlySet<Kind>,
  broken: string[],
  act: (kind: Kind, document: Document, bytes: number) => Promise<void> | void,
): Promise<void> {
  const { dialect, sources, report, hear, signal, bounds } = run;
  const whole = Math.max(
    1,
    sources.reduce((sum, { bytes }) => sum + bytes, 0),
  );
  const accounts = wanted.has('account');
  let read = 0;
  let seen = 0;
  const onBytes = (bytes: number): void => {
    signal?.throwIfAborted();
    read += bytes;
    if (accounts) hear(read / whole);
  };
  for (const source of sources) {
    let last: Document | undefined;
    try {
      for await (const found of documentsOf(source, dialect, wanted, onBytes, bounds)) {
        seen += 1;
        if (seen % turnEvery === 0) await turn();
        signal?.throwIfAborted();
        if ('unreadable' in found) {
          if (accounts) report.add([unreadableLine(source, found.unreadable)]);
          continue;
        }
        const opening = last === undefined ? dialect.opening?.(found.document) : undefined;
        if (opening?.refused !== undefined) throw new BrokenFile(opening.refused);
        last = found.document;
        if (opening !== undefined) continue;
        const kind = dialect.kindOf(found.collection) ?? dialect.kindIn(found.document);
        if (kind === undefined || !wanted.has(kind)) continue;
        await act(kind, found.document, found.bytes);
      }
      const missing = last === undefined ? undefined : dialect.missing?.(last);
      if (missing !== undefined) throw new BrokenFile(missing);
    } catch (cause) {
      if (!(cause instanceof BrokenFile)) throw cause;
      broken.push(`${nameOf(source)}: ${cause.message}`);
    }
  }
}

function unreadableLine(source: Source, value: string): ReportLine {
  const findings = [{ level: 'skipped', reason: 'unreadable', value: `${nameOf(source)}: ${value}` }] as const;
  return { kind: 'account', id: '', outcome: 'skipped', findings };
}
