import type { GetEndpoints } from '../../src/client/index.ts';
import { ClientError } from '../../src/client/index.ts';
import { client } from '../client.ts';
import { FieldMistake } from '../explain.ts';
import { audit as words } from '../words/audit.ts';

/** What is looked for, as it was typed; empty texts look for anything. */
export interface AuditFilter {
  /** A username, or `id:` and the id of an account that is gone. */
  readonly user: string;
  readonly by: string;
  readonly what: string;
  readonly outcome: string;
  /** A moment of this place, as a field gives it: `2026-01-31T08:00`. */
  readonly since: string;
  readonly until: string;
}

const members = ['user', 'by', 'what', 'outcome', 'since', 'until'] as const;

export const anything: AuditFilter = { user: '', by: '', what: '', outcome: '', since: '', until: '' };

/** Another page may lead here with a filter: `/admin/audit?user=ada`. */
export function filterInAddress(): AuditFilter {
  const query = new URLSearchParams(location.search);
  return { ...anything, ...Object.fromEntries(members.map((name) => [name, query.get(name) ?? ''])) };
}

/** So that a reload, and whoever is given the address, sees the same. */
export function keepInAddress(filter: AuditFilter): void {
  const query = new URLSearchParams(members.filter((name) => filter[name] !== '').map((name) => [name, filter[name]]));
  const text = query.toString();
  history.replaceState(history.state, '', `${location.pathname}${text === '' ? '' : `?${text}`}`);
}

type Query = GetEndpoints['audit.list']['query'];

/**
 * What the server is asked for.
 * @throws FieldMistake where a name is nobody's, or the moments are none
 */
export async function queryOf(filter: AuditFilter): Promise<Query> {
  const { what, outcome } = filter;
  const [since, until] = [momentOf('since', filter.since), momentOf('until', filter.until)];
  if (since !== undefined && until !== undefined && since >= until) {
    throw new FieldMistake('until', words.say('untilBefore'));
  }
  const [userId, actorId] = await Promise.all([idOf('user', filter.user), idOf('by', filter.by)]);
  return {
    ...(userId === undefined ? {} : { userId }),
    ...(actorId === undefined ? {} : { actorId }),
    ...(what === '' ? {} : { what }),
    ...(outcome === 'done' || outcome === 'refused' ? { outcome } : {}),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
  };
}

function momentOf(field: string, given: string): string | undefined {
  if (given === '') return undefined;
  const at = new Date(given);
  if (Number.isNaN(at.getTime())) throw new FieldMistake(field, words.say('noMoment'));
  return at.toISOString();
}

async function idOf(field: string, given: string): Promise<string | undefined> {
  const name = given.trim();
  if (name === '') return undefined;
  if (name.startsWith('id:')) return name.slice(3).trim();
  try {
    const { user } = await client.get('users.info', { username: name });
    return user._id;
  } catch (cause) {
    if (cause instanceof ClientError && cause.status === 400) throw new FieldMistake(field, words.say('nobody'));
    throw cause;
  }
}
