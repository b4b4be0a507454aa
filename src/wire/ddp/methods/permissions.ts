import { openMethod } from '../method.ts';
import { maybeMomentOf } from '../params.ts';
import { permissionShape } from '../setting-shapes.ts';

/** The table of permissions, as clients keep it; nothing for whoever is signed out. */
export const permissions = openMethod({
  name: 'permissions/get',
  params: ([after]) => maybeMomentOf(after),
  async run(app, { signed }, updatedSince) {
    const listed = signed === undefined ? [] : app.permissions.list({ updatedSince }).map(permissionShape);
    return await Promise.resolve(updatedSince === undefined ? listed : { update: listed, remove: [] });
  },
});

/** The roles; nothing for whoever is signed out. */
export const roles = openMethod({
  name: 'roles/list',
  params: () => undefined,
  async run(app, { signed }) {
    if (signed === undefined) return await Promise.resolve([]);
    return app.permissions.roles().map((role) => ({
      _id: role.id,
      name: role.name,
      scope: role.scope,
      description: role.description,
      protected: role.protected,
      mandatory2fa: role.secondFactor,
    }));
  },
});
