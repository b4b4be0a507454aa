import { type Application, type ApplicationOptions, plainOptions } from '../../core/application/application.ts';
import type { ApplicationStore } from '../../core/application/store.ts';
import type { SqlBackend, Write } from './backend.ts';
import { endOpenIdGrantsOfClient } from './openid-records.ts';
import type { Schema } from './schema.ts';
import type { Steps } from './steps.ts';

export function applicationStore({ read, write, hot, dialect }: SqlBackend, { record }: Steps): ApplicationStore {
  const byClient = hot<{ clientId: string }, Schema['applications']>('application_of_client', (db, given) =>
    db.selectFrom('applications').selectAll().where('client_id', '=', given.clientId),
  );
  const byId = hot<{ id: string }, Schema['applications']>('application_find', (db, given) =>
    db.selectFrom('applications').selectAll().where('id', '=', given.id),
  );
  const found = ([row]: readonly Schema['applications'][]) => (row === undefined ? undefined : applicationOf(row));

  return {
    list: async () =>
      (await read.selectFrom('applications').selectAll().orderBy('name').orderBy('id').execute()).map(applicationOf),
    byId: async (id) => found(await byId({ id })),
    byClientId: async (clientId) => found(await byClient({ clientId })),

    add: async (application, audit) => {
      await write(async (inside) => {
        await inside.db.insertInto('applications').values(rowOf(application)).execute();
        await record(inside, audit);
      });
    },

    update: async (id, change, now, audit) =>
      await write(async (inside) => {
        const { db } = inside;
        const before = await dialect
          .lock(db.selectFrom('applications').selectAll().where('id', '=', id))
          .executeTakeFirst();
        if (before === undefined) return undefined;
        const after = { ...applicationOf(before), ...change, updatedAt: now };
        await db.updateTable('applications').set(rowOf(after)).where('id', '=', id).execute();
        // Also where it becomes active again: a code that was redeemed at the very moment of the end has no second life.
        // What a secret has guarded is not to be had without it, or by another way.
        const { options } = applicationOf(before);
        const ends =
          after.active !== (before.active === 1) ||
          after.sealedSecret !== before.sealed_secret ||
          after.options.publicClient !== options.publicClient ||
          after.options.clientProof !== options.clientProof;
        if (ends) await endGrantsOfApplication(inside, after);
        await record(inside, audit);
        return after;
      }),

    remove: async (id, audit) =>
      await write(async (inside) => {
        const removed = await inside.db
          .deleteFrom('applications')
          .where('id', '=', id)
          .returning('client_id')
          .executeTakeFirst();
        if (removed === undefined) return false;
        await endOpenIdGrantsOfClient(inside, removed.client_id);
        await record(inside, audit);
        return true;
      }),
  };
}

async function endGrantsOfApplication(
  { db }: Write,
  { id, clientId }: Pick<Application, 'id' | 'clientId'>,
): Promise<void> {
  await db.deleteFrom('application_codes').where('application_id', '=', id).execute();
  await db.deleteFrom('application_tokens').where('application_id', '=', id).execute();
  await endOpenIdGrantsOfClient({ db }, clientId);
}

/** The application that a row tells of. */
export function applicationOf(row: Schema['applications']): Application {
  return {
    id: row.id,
    clientId: row.client_id,
    name: row.name,
    active: row.active === 1,
    sealedSecret: row.sealed_secret,
    redirects: JSON.parse(row.json_redirects) as string[],
    // An option without a value is not written.
    options: { ...plainOptions, ...(JSON.parse(row.json_options) as Partial<ApplicationOptions>) },
    creator: { id: row.creator_id, username: row.creator_username ?? undefined },
    createdAt: Number(row.created_at),
    updatedAt: Number(row.updated_at),
  };
}

function rowOf(application: Application): Schema['applications'] {
  return {
    id: application.id,
    client_id: application.clientId,
    name: application.name,
    active: application.active ? 1 : 0,
    sealed_secret: application.sealedSecret,
    json_redirects: JSON.stringify(application.redirects),
    json_options: JSON.stringify(application.options),
    creator_id: application.creator.id,
    creator_username: application.creator.username ?? null,
    created_at: application.createdAt,
    updated_at: application.updatedAt,
  };
}
