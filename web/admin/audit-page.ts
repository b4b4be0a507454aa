import type { AuditEntry, GetEndpoints } from '../../src/client/index.ts';
import { client } from '../client.ts';
import { type AuditFilter, queryOf } from './audit-filter.ts';

/** Entries that one screen shows. */
const pageSize = 50;
/** The server looks at some thousand entries for one answer: a filter that hardly any fits asks it again so often. */
const mostAnswers = 10;

type Answer = GetEndpoints['audit.list']['answer'];

/** A page of what is looked for, newest first. It may be short and still go on. @throws FieldMistake, ClientError */
export async function fetchEntries(filter: AuditFilter, cursor: string | undefined): Promise<Answer> {
  const query = await queryOf(filter);
  const entries: AuditEntry[] = [];
  let names: Answer['names'] = {};
  let next = cursor;
  for (let answers = 0; answers < mostAnswers; answers += 1) {
    const asked = { ...query, count: pageSize - entries.length, ...(next === undefined ? {} : { cursor: next }) };
    const answer = await client.get('audit.list', asked);
    entries.push(...answer.entries);
    names = { ...names, ...answer.names };
    ({ next } = answer);
    if (next === undefined || entries.length >= pageSize) break;
  }
  return { entries, names, ...(next === undefined ? {} : { next }) };
}
