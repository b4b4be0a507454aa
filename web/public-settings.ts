import { client } from './client.ts';

/** Settings that anybody may read, by their ids; one that the server does not have is not there. */
export type PublicSettings = Readonly<Record<string, unknown>>;

/** @throws ClientError */
export async function publicSettings(ids: readonly string[]): Promise<PublicSettings> {
  const { settings } = await client.get('settings.public', { _id: ids.join(','), count: ids.length });
  return Object.fromEntries(settings.map(({ _id, value }) => [_id, value]));
}
