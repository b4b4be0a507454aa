import pg from 'pg';
import { Fault } from '../../core/fault.ts';
import { type Unique, uniques } from '../sql/schema.ts';
import { StoreFault } from '../store-fault.ts';
import { unavailable } from '../unavailable.ts';

/** The code of an error that the server sent; undefined for one met on the way to it. */
function serverCode(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined;
}

/** Codes that say "not now": overload, shutdown, time-out, a lock not had, a server that has become read-only. */
const notNow = /^(?:08|53|57P|57014|55P03|25006|25P03)/u;

/** True after errors that leave a connection in an unknown state. */
export function isBroken(error: unknown): boolean {
  const code = serverCode(error);
  return code === undefined || /^(?:08|57P|25P03|25006)/u.test(code);
}

/** Makes the refusal that wires know of an error that says the database does not answer; others stay as they are. */
export function asRefusal(error: unknown): unknown {
  if (error instanceof Fault || error instanceof TypeError) return error;
  const code = serverCode(error);
  return code === undefined || notNow.test(code) ? unavailable(error) : error;
}

/** True for a write that lost against another, and may be run again. */
export function isConflict(error: unknown): boolean {
  const code = serverCode(error);
  return code === '40001' || code === '40P01';
}

/** True where a server that speaks PostgreSQL's protocol lacks a feature. */
export function isUnsupported(error: unknown): boolean {
  const code = serverCode(error);
  return code === '0A000' || code === '42601' || code === '42883';
}

export function duplicateOf(error: unknown): Unique | undefined {
  if (!(error instanceof pg.DatabaseError) || error.code !== '23505') return undefined;
  const { constraint } = error;
  return constraint !== undefined && Object.hasOwn(uniques, constraint) ? (constraint as Unique) : undefined;
}

/** Makes one sentence for the operator of an error met while opening. The address is shown without its password. */
export function asOpeningFault(error: unknown, url: string): unknown {
  if (error instanceof StoreFault) return error;
  const where = withoutPassword(url);
  if (serverCode(error) === '42P07') {
    return new StoreFault(
      'foreign-database',
      `The database at ${where} holds another program's tables: name a database of its own in DATABASE_URL.`,
      error,
    );
  }
  const cause = error instanceof Fault ? error.cause : error;
  return new StoreFault(
    'unreachable',
    `PostgreSQL at ${where} does not let Countersign in: ${reasonOf(cause)}.`,
    cause,
  );
}

function reasonOf(cause: unknown): string {
  // Node joins the errors of several addresses of one name, and gives the sum no message.
  if (cause instanceof AggregateError) return cause.errors.map(reasonOf).join(', ');
  return cause instanceof Error ? cause.message.replace(/\.$/u, '') : String(cause);
}

function withoutPassword(url: string): string {
  const parsed = URL.parse(url);
  return parsed === null ? 'an address that is no URL' : `${parsed.host}${parsed.pathname}`;
}
