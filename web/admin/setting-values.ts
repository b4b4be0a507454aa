import { client } from '../client.ts';

type Listed = {
  readonly settings: readonly { readonly _id: string; readonly value: unknown }[];
  readonly total: number;
};

/** What some settings are set to. The server gives a part of the list at a time. @throws ClientError */
export async function settingValues(ids: readonly string[]): Promise<ReadonlyMap<string, unknown>> {
  const wanted = new Set(ids);
  const found = new Map<string, unknown>();
  for (let offset = 0; ; ) {
    const { settings, total } = (await client.get('settings', { offset, count: 0 })) as unknown as Listed;
    for (const { _id, value } of settings) if (wanted.has(_id)) found.set(_id, value);
    offset += settings.length;
    if (settings.length === 0 || offset >= total || found.size === wanted.size) return found;
  }
}
