import type { App } from '../../app.ts';

/** Clients keep the whole list; a role that more have is no badge any more. */
const mostShown = 1_000;

/** Who has a role that clients show beside a name: one of the server with a description. Only those roles are told. */
export async function holdersOfPublicRoles(app: App) {
  const shown = app.permissions
    .roles()
    .filter(({ scope, description }) => scope === 'Users' && description !== '')
    .map(({ id }) => id);
  const sort = [{ field: 'username', ascending: true }] as const;
  const { accounts } = await app.account.list({ offset: 0, count: mostShown, sort, only: { roles: shown } });
  return accounts.map(({ id, username, roles }) => ({
    _id: id,
    username,
    roles: roles.filter((role) => shown.includes(role)),
  }));
}
