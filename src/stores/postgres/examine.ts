import pg from 'pg';
import type { Examination } from '../examination.ts';
import { migrations } from '../sql/migrations.ts';
import { connectionConfig } from './connection.ts';
import { asOpeningFault } from './errors.ts';

/**
 * Looks at a PostgreSQL database without changing it.
 * @throws StoreFault with one sentence when it cannot be reached
 */
export async function examinePostgres(url: string): Promise<Examination> {
  const client = new pg.Client(connectionConfig(url));
  const known = migrations.length;
  try {
    await client.connect();
    const first = async (text: string): Promise<unknown> => {
      const { rows } = await client.query<{ readonly found: unknown }>(text);
      return rows[0]?.found;
    };
    const name = `PostgreSQL ${String(await first(`select current_setting('server_version') as found`))}`;
    const exists = (await first(`select to_regclass('migrations') as found`)) !== null;
    const readOnly = (await first(`select current_setting('transaction_read_only') as found`)) === 'on';
    const unwritable = readOnly ? 'it takes reads only (a standby?)' : undefined;
    if (!exists) {
      return { name, exists, schema: { found: 0, known }, damage: undefined, unwritable, keyMark: undefined };
    }
    const found = Number((await first('select max(number) as found from migrations')) ?? 0);
    const mark = await first(`select value as found from meta where name = 'key-mark'`);
    const keyMark = typeof mark === 'string' ? mark : undefined;
    return { name, exists, schema: { found, known }, damage: undefined, unwritable, keyMark };
  } catch (cause) {
    throw asOpeningFault(cause, url);
  } finally {
    await client.end();
  }
}
